/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"

/* One phone is answered as an object, several as an array of them. */
static void exec(struct cmd_call *call)
{
    size_t n;
    const unsigned *phones = cmd_phones(call, &n);

    if (n == 1) {
        cmd_ok(call, phone_snapshot(farm_phone(cmd_farm(call), phones[0])));
        return;
    }
    json_t *rows = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(rows, phone_snapshot(farm_phone(cmd_farm(call), phones[i])));
    cmd_ok(call, rows);
}

const struct cmd cmd_state = {
    .name = "state",
    .help = "everything about a phone",
    .params = (const struct cmd_param[]){CMD_PHONES, {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
