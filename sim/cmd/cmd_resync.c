/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"

static int resync(struct cmd_call *call, struct phone *ph, char *why, size_t size)
{
    (void)why;
    (void)size;
    return phone_resync(ph, json_string_value(cmd_arg(call, "url")));
}

static void exec(struct cmd_call *call)
{
    cmd_each(call, resync);
}

const struct cmd cmd_resync = {
    .name = "resync",
    .help = "fetch the profile now",
    .params =
        (const struct cmd_param[]){CMD_PHONES,
                                   {"url", 's', false, NULL, "instead of the configured rules"},
                                   {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
