/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"

static int reset(struct cmd_call *call, struct phone *ph, char *why, size_t size)
{
    const char *url = json_string_value(cmd_arg(call, "url"));

    (void)why;
    (void)size;
    if (!phone_powered(ph))
        return EHOSTDOWN;
    phone_factory_reset(ph);
    return url ? phone_resync_when_up(ph, url) : 0;
}

static void exec(struct cmd_call *call)
{
    cmd_each(call, reset);
}

const struct cmd cmd_factory_reset = {
    .name = "factory-reset",
    .help = "all parameters to their defaults (the command line's stay), then restart",
    .params = (const struct cmd_param[]){CMD_PHONES,
                                         {"url", 's', false, NULL, "a resync from there follows"},
                                         {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
