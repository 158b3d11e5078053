/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/registration.h"

#include "sim/base/rng.h"
#include "sim/sip/line.h"

/* This much of a time, at most the longest expiry there is: a factor from the user may be any
 * number. */
static uint64_t share_ms(uint64_t ms, double factor)
{
    const double share = (double)ms * factor;

    if (!(share > 0))
        return 0;
    return share < UINT32_MAX * 1000.0 ? (uint64_t)share : UINT32_MAX * 1000ULL;
}

uint64_t renewal_delay_ms(const struct ua_line_config *c, uint32_t granted_s)
{
    const uint64_t granted_ms = (uint64_t)granted_s * 1000;

    if (c->renewal_delta_s) /* 79xx */
        return granted_s > c->renewal_delta_s ? granted_ms - c->renewal_delta_s * 1000ULL
                                              : granted_ms / 2;
    if (!c->renewal_minus_f)
        return share_ms(granted_ms, c->renewal_factor);
    if (granted_ms <= 2ULL * c->timer_f_ms)
        return granted_ms / 2; /* [DEF] */
    return share_ms(granted_ms - c->timer_f_ms, c->renewal_factor);
}

uint32_t retry_short_s(const struct ua_line_config *c, unsigned n, struct rng *rng)
{
    uint64_t base = c->retry_s ? c->retry_s : 1; /* never 0 */

    if (c->retry_cap_s) {
        for (unsigned i = 1; i < n && base < c->retry_cap_s; i++)
            base *= 2;
        if (base > c->retry_cap_s)
            base = c->retry_cap_s;
    }
    return (uint32_t)base + rng_upto(rng, c->retry_random_s);
}

uint32_t retry_long_s(const struct ua_line_config *c, struct rng *rng)
{
    return c->retry_long_s ? c->retry_long_s + rng_upto(rng, c->retry_long_random_s) : 0;
}

uint32_t granted_clamp(const struct ua_line_config *c, uint32_t granted_s)
{
    return granted_s < c->reg_min_s ? c->reg_min_s : granted_s;
}
