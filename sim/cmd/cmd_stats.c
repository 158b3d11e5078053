/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"

static void exec(struct cmd_call *call)
{
    cmd_ok(call, farm_report(cmd_farm(call)));
}

const struct cmd cmd_stats = {
    .name = "stats",
    .help = "the report so far",
    .params = (const struct cmd_param[]){{NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
