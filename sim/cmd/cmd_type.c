/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdio.h>

#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"

static int type(struct cmd_call *call, struct phone *ph, char *why, size_t size)
{
    const char *text = json_string_value(cmd_arg(call, "text"));
    const int err = phone_type(ph, text);

    if (err == EINVAL)
        snprintf(why, size, "its screen takes no \"%s\" now", text);
    return err;
}

static void exec(struct cmd_call *call)
{
    cmd_each(call, type);
}

const struct cmd cmd_type = {
    .name = "type",
    .help = "enter text as a person would",
    .params = (const struct cmd_param[]){CMD_PHONES,
                                         {"text", 's', true, NULL, "what to enter"},
                                         {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
