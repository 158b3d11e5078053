/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"

#define RATE_MIN 0.001

static void exec(struct cmd_call *call)
{
    size_t n;
    const unsigned *phones = cmd_phones(call, &n);
    const double rate = json_number_value(cmd_arg(call, "rate"));

    if (rate > 0 && rate < RATE_MIN) {
        cmd_fail(call, CMD_E_PARAMS, "a rate is phones a second, at least %g", RATE_MIN);
        return;
    }
    farm_power_cycle(cmd_farm(call), phones, n, rate);
    cmd_ok(call, NULL);
}

const struct cmd cmd_power_cycle = {
    .name = "power-cycle",
    .help = "power off, then on again",
    .params = (const struct cmd_param[]){CMD_PHONES,
                                         {"rate", 'n', false, "--rate", "phones a second"},
                                         {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
