/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"
#include "sim/loop/loop.h"

static void exec(struct cmd_call *call)
{
    struct loop *lp = farm_loop(cmd_farm(call));

    cmd_ok(call, NULL);
    loop_stop(lp, 0);
}

const struct cmd cmd_quit = {
    .name = "quit",
    .help = "end the run",
    .params = (const struct cmd_param[]){{NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
