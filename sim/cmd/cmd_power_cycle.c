/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdbool.h>

#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"

#define RATE_MIN  0.001
#define LONGEST_S 86400.0

static void exec(struct cmd_call *call)
{
    size_t n;
    const unsigned *phones = cmd_phones(call, &n);
    const json_t *spread = cmd_arg(call, "spread");
    const struct farm_pace pace = {
        .rate = json_number_value(cmd_arg(call, "rate")),
        .ramp_s = json_number_value(cmd_arg(call, "ramp")),
        .spread = spread != NULL,
        .spread_s = json_number_value(spread),
        .off_s = json_number_value(cmd_arg(call, "off")),
    };

    if (pace.rate > 0 && pace.rate < RATE_MIN) {
        cmd_fail(call, CMD_E_PARAMS, "a rate is phones a second, at least %g", RATE_MIN);
        return;
    }
    if (pace.ramp_s > LONGEST_S || pace.spread_s > LONGEST_S || pace.off_s > LONGEST_S) {
        cmd_fail(call, CMD_E_PARAMS, "ramp, spread and off are at most a day");
        return;
    }
    if (pace.ramp_s > 0 && pace.rate <= 0) {
        cmd_fail(call, CMD_E_PARAMS, "a ramp leads to a rate, which is missing");
        return;
    }
    farm_power_cycle_paced(cmd_farm(call), phones, n, &pace);
    cmd_ok(call, NULL);
}

const struct cmd cmd_power_cycle = {
    .name = "power-cycle",
    .help = "power off, then on again",
    .params =
        (const struct cmd_param[]){
            CMD_PHONES,
            {"rate", 'n', false, "--rate",
             "phones powered on per second (as fast as the servers answer)"},
            {"ramp", 'd', false, "--ramp", "the rate grows from nothing for so long"},
            {"spread", 'd', false, "--spread", "each a random time later, up to this; 0 = at once"},
            {"off", 'd', false, "--off", "dark for so long first (0)"},
            {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
