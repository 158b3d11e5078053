/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdio.h>

#include "devices/model.h"
#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"

static int touch(struct cmd_call *call, struct phone *ph, char *why, size_t size)
{
    const json_int_t x = json_integer_value(cmd_arg(call, "x"));
    const json_int_t y = json_integer_value(cmd_arg(call, "y"));
    const int err =
        phone_touch(ph, x < INT16_MAX ? (int)x : INT16_MAX, y < INT16_MAX ? (int)y : INT16_MAX);

    if (err == ENOTSUP)
        snprintf(why, size, "the glass of a %s feels no finger (Sim_Touch_Screen)",
                 phone_model(ph)->name);
    else if (err == ENOENT)
        snprintf(why, size, "there is nothing to touch");
    return err;
}

static void exec(struct cmd_call *call)
{
    cmd_each(call, touch);
}

const struct cmd cmd_touch = {
    .name = "touch",
    .help = "touch the glass, where Sim_Touch_Screen says that it feels it",
    .params = (const struct cmd_param[]){CMD_PHONES,
                                         {"x", 'i', true, NULL, "pixels from the left"},
                                         {"y", 'i', true, NULL, "pixels from the top"},
                                         {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
