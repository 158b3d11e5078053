/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdio.h>

#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"

static int transfer(struct cmd_call *call, struct phone *ph, char *why, size_t size)
{
    const char *number = json_string_value(cmd_arg(call, "number"));
    const bool attended = json_is_true(cmd_arg(call, "attended"));
    const int err = phone_transfer(ph, number, attended);

    if (err == ENOENT && !phone_is(ph, PHONE_IDLE))
        snprintf(why, size, "its dial plan rejects \"%.64s\"", number);
    return why[0] ? err : cmd_call_result(err, why, size);
}

static void exec(struct cmd_call *call)
{
    cmd_each(call, transfer);
}

const struct cmd cmd_transfer = {
    .name = "transfer",
    .help = "transfer the call that is up",
    .params = (const struct cmd_param[]){CMD_PHONES,
                                         {"number", 's', true, NULL, "the new party"},
                                         {"attended", 'b', false, "--attended",
                                          "call it first, transfer when it answers"},
                                         {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
