/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"

static int reboot(struct cmd_call *call, struct phone *ph, char *why, size_t size)
{
    (void)call;
    (void)why;
    (void)size;
    if (!phone_powered(ph))
        return EHOSTDOWN;
    phone_reboot(ph, false, "User Triggered");
    return 0;
}

static void exec(struct cmd_call *call)
{
    cmd_each(call, reboot);
}

const struct cmd cmd_reboot = {
    .name = "reboot",
    .help = "restart, with a resync",
    .params = (const struct cmd_param[]){CMD_PHONES, {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
