/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdio.h>

#include "sim/cmd/commands.h"
#include "devices/model.h"
#include "sim/farm/farm.h"

static int press(struct cmd_call *call, struct phone *ph, char *why, size_t size)
{
    json_t *keys = cmd_arg(call, "keys"), *hold = cmd_arg(call, "hold_ms");
    int err = 0;

    for (size_t i = 0; i < json_array_size(keys) && !err; i++) {
        const char *key = json_string_value(json_array_get(keys, i));
        err = phone_press(ph, key, (uint32_t)json_integer_value(hold));
        if (err == ENOENT)
            snprintf(why, size, "a %s has no key \"%.40s\" (see spafarm models %s)",
                     phone_model(ph)->name, key, phone_model(ph)->name);
    }
    return err == ENOENT ? EBADMSG : err;
}

static void exec(struct cmd_call *call)
{
    cmd_each(call, press);
}

const struct cmd cmd_press = {
    .name = "press",
    .help = "press and release keys",
    .params = (const struct cmd_param[]){CMD_PHONES,
                                         {"keys", 'l', true, NULL, "keys by name: 1, soft1, hold"},
                                         {"hold_ms", 'i', false, "--hold", "how long each is held"},
                                         {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
