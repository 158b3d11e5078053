/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"

static int reboot(struct cmd_call *call, struct phone *ph, char *why, size_t size)
{
    const char *url = json_string_value(cmd_arg(call, "url"));

    (void)why;
    (void)size;
    if (!phone_powered(ph))
        return EHOSTDOWN;
    phone_reboot(ph, false, "User Triggered");
    return url ? phone_resync_when_up(ph, url) : 0;
}

static void exec(struct cmd_call *call)
{
    cmd_each(call, reboot);
}

const struct cmd cmd_reboot = {
    .name = "reboot",
    .help = "restart, with a resync",
    .params = (const struct cmd_param[]){CMD_PHONES,
                                         {"url", 's', false, NULL, "a resync from there follows"},
                                         {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
