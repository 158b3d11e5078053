/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"
#include "sim/lcd/screen.h"

static void exec(struct cmd_call *call)
{
    size_t n;
    const unsigned *phones = cmd_phones(call, &n);
    char text[4096];
    struct screen s;

    if (n != 1) {
        cmd_fail(call, CMD_E_PARAMS, "screen shows one phone, not %zu", n);
        return;
    }
    struct phone *ph = farm_phone(cmd_farm(call), phones[0]);
    if (json_is_true(cmd_arg(call, "text"))) {
        phone_screen(ph, &s);
        screen_text(&s, text, sizeof(text));
        cmd_ok(call, phone_json_text(text));
        return;
    }
    json_t *state = phone_snapshot(ph);
    json_t *screen = json_incref(json_object_get(state, "screen"));
    json_object_set(screen, "lamps", json_object_get(state, "lamps"));
    json_decref(state);
    cmd_ok(call, screen);
}

const struct cmd cmd_screen = {
    .name = "screen",
    .help = "what the display shows",
    .params = (const struct cmd_param[]){CMD_PHONES,
                                         {"text", 'b', false, "--text", "as plain text"},
                                         {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
