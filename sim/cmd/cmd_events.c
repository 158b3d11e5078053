/* SPDX-License-Identifier: BSD-3-Clause */
/* The stream of events itself is the control socket's (ui/control): this row gives it its name. */
#include "sim/cmd/commands.h"

static void exec(struct cmd_call *call)
{
    cmd_fail(call, CMD_E_FAILED, "events come over the control socket only");
}

const struct cmd cmd_events = {
    .name = "events",
    .help = "what happens on phones, as JSON lines",
    .params = (const struct cmd_param[]){
        {"phones", 'P', false, NULL, "which phones; all without it"},
        {"follow", 'b', false, "--follow", "go on until interrupted"},
        {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
