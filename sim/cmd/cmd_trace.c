/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"

enum { LAST = 20 }; /* messages, without --last */

static void exec(struct cmd_call *call)
{
    size_t n;
    const unsigned *phones = cmd_phones(call, &n);
    json_t *last = cmd_arg(call, "last");

    if (n != 1) {
        cmd_fail(call, CMD_E_PARAMS, "trace is of one phone, not %zu", n);
        return;
    }
    char *text =
        farm_ladder(cmd_farm(call), phones[0], last ? (unsigned)json_integer_value(last) : LAST,
                    json_is_true(cmd_arg(call, "whole")));
    json_t *answer = phone_json_text(text ? text : "");
    free(text);
    cmd_ok(call, answer);
}

const struct cmd cmd_trace = {
    .name = "trace",
    .help = "its last SIP messages as a ladder",
    .params = (const struct cmd_param[]){CMD_PHONES,
                                         {"last", 'i', false, "--last", "so many (20)"},
                                         {"whole", 'b', false, "--whole", "with all their lines"},
                                         {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
