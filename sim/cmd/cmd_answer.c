/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"

static int answer(struct cmd_call *call, struct phone *ph, char *why, size_t size)
{
    return cmd_call_result(phone_answer(ph, cmd_call_id(call)), why, size);
}

static void exec(struct cmd_call *call)
{
    cmd_each(call, answer);
}

const struct cmd cmd_answer = {
    .name = "answer",
    .help = "take a ringing call",
    .params = (const struct cmd_param[]){CMD_PHONES, CMD_CALL, {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
