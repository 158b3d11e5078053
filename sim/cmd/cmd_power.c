/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "devices/model.h"
#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"

static int power(struct cmd_call *call, struct phone *ph, char *why, size_t size)
{
    const char *held = json_string_value(cmd_arg(call, "hold"));
    int err = 0;

    if (held)
        err = phone_power_holding(ph, held);
    else
        phone_power(ph, strcmp(json_string_value(cmd_arg(call, "on")), "on") == 0);
    if (err == ENOENT)
        snprintf(why, size, "a %s has no key \"%.40s\" (see spafarm models %s)",
                 phone_model(ph)->name, held, phone_model(ph)->name);
    else if (err)
        snprintf(why, size, "it is on already");
    return err == ENOENT ? EBADMSG : err;
}

static void exec(struct cmd_call *call)
{
    const char *word = json_string_value(cmd_arg(call, "on"));

    if (cmd_arg(call, "hold") && strcmp(word, "on") != 0)
        cmd_fail(call, CMD_E_PARAMS, "a key is held while power comes on, not %s", word);
    else
        cmd_each(call, power);
}

const struct cmd cmd_power = {
    .name = "power",
    .help = "plug in or pull the plug",
    .params = (const struct cmd_param[]){CMD_PHONES,
                                         {"on", 'o', true, NULL, "on or off"},
                                         {"hold", 's', false, "--hold", "a key that is held down"},
                                         {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
