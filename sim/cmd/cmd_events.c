/* SPDX-License-Identifier: BSD-3-Clause */
/* What happened of late. To go on following is up to who asks (ui/control). */
#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"

static void exec(struct cmd_call *call)
{
    size_t n;
    const unsigned *phones = cmd_phones(call, &n);

    cmd_ok(call, farm_recent_json(cmd_farm(call), phones, n));
}

const struct cmd cmd_events = {
    .name = "events",
    .help = "what happens on phones, as JSON lines",
    .params =
        (const struct cmd_param[]){{"phones", 'P', false, NULL, "which phones; all without it"},
                                   {"follow", 'b', false, "--follow", "go on until interrupted"},
                                   {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
