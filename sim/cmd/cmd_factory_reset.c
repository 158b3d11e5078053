/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"

static int reset(struct cmd_call *call, struct phone *ph, char *why, size_t size)
{
    (void)call;
    (void)why;
    (void)size;
    if (!phone_powered(ph))
        return EHOSTDOWN;
    phone_factory_reset(ph);
    return 0;
}

static void exec(struct cmd_call *call)
{
    cmd_each(call, reset);
}

const struct cmd cmd_factory_reset = {
    .name = "factory-reset",
    .help = "all parameters to their defaults (the command line's stay), then restart",
    .params = (const struct cmd_param[]){CMD_PHONES, {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
