/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"

static int power(struct cmd_call *call, struct phone *ph, char *why, size_t size)
{
    (void)why;
    (void)size;
    phone_power(ph, strcmp(json_string_value(cmd_arg(call, "on")), "on") == 0);
    return 0;
}

static void exec(struct cmd_call *call)
{
    const char *word = json_string_value(cmd_arg(call, "on"));

    if (strcmp(word, "on") != 0 && strcmp(word, "off") != 0)
        cmd_fail(call, CMD_E_PARAMS, "power is on or off, not \"%s\"", word);
    else
        cmd_each(call, power);
}

const struct cmd cmd_power = {
    .name = "power",
    .help = "plug in or pull the plug",
    .params = (const struct cmd_param[]){CMD_PHONES,
                                         {"on", 's', true, NULL, "on or off"},
                                         {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
