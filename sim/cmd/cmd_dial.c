/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdio.h>

#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"

static int dial(struct cmd_call *call, struct phone *ph, char *why, size_t size)
{
    const char *number = json_string_value(cmd_arg(call, "number"));
    const int err = phone_dial(ph, number);

    if (err == ENOENT)
        snprintf(why, size, "its dial plan rejects \"%.64s\"", number);
    return err == ENOENT ? err : cmd_call_result(err, why, size);
}

static void exec(struct cmd_call *call)
{
    cmd_each(call, dial);
}

const struct cmd cmd_dial = {
    .name = "dial",
    .help = "off hook, a number through the dial plan, call",
    .params = (const struct cmd_param[]){CMD_PHONES,
                                         {"number", 's', true, NULL, "digits, or user@host"},
                                         {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
