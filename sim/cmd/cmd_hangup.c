/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"

static int hangup(struct cmd_call *call, struct phone *ph, char *why, size_t size)
{
    return cmd_call_result(phone_hang_up(ph, cmd_call_id(call)), why, size);
}

static void exec(struct cmd_call *call)
{
    cmd_each(call, hangup);
}

const struct cmd cmd_hangup = {
    .name = "hangup",
    .help = "end or reject a call",
    .params = (const struct cmd_param[]){CMD_PHONES, CMD_CALL, {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
