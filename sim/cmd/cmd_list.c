/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"

static void exec(struct cmd_call *call)
{
    size_t n;
    const unsigned *phones = cmd_phones(call, &n);
    json_t *rows = json_array();

    for (size_t i = 0; i < n; i++)
        json_array_append_new(rows, phone_brief(farm_phone(cmd_farm(call), phones[i])));
    cmd_ok(call, rows);
}

const struct cmd cmd_list = {
    .name = "list",
    .help = "short states",
    .params =
        (const struct cmd_param[]){{"phones", 'P', false, NULL, "which phones; all without it"},
                                   {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
