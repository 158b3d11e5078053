/* SPDX-License-Identifier: BSD-3-Clause */
/* When the next resync is: delays, the time of day, triggers (provisioning.md 10). */
#include <stdlib.h>
#include <string.h>

#include "sim/base/rng.h"
#include "sim/loop/clock.h"
#include "sim/prov/local_time.h"
#include "sim/prov/machine.h"

enum { DAY_S = 86400 };

static uint32_t seconds(const char *p, char **end)
{
    const unsigned long s = strtoul(p, end, 10);
    return s > INT32_MAX ? INT32_MAX : (uint32_t)s;
}

uint32_t prov_list_delay(const char *list, unsigned index, struct rng *rng)
{
    uint32_t base = 0, spread = 0;

    for (const char *p = list; *p;) {
        char *end;
        base = seconds(p, &end);
        spread = *end == '+' ? seconds(end + 1, &end) : 0;
        if (!index-- || !strchr(end, ','))
            break;
        p = strchr(end, ',') + 1;
    }
    return base ? base + rng_upto(rng, spread) : 0;
}

/* Resync_At: seconds since midnight, or -1 when it is not set or no time of day. */
static int32_t at_s(const struct param_set *ps)
{
    const char *text = param_get(ps, P_Resync_At__HHmm_, 0);

    if (!*text)
        text = param_get(ps, P_Resync_At_HHmm_, 0);
    if (strlen(text) != 4 || strspn(text, "0123456789") != 4)
        return -1;
    const int32_t hours = (text[0] - '0') * 10 + text[1] - '0';
    const int32_t minutes = (text[2] - '0') * 10 + text[3] - '0';
    if (minutes > 59 || hours > 24 || (hours == 24 && minutes))
        return -1;
    return (hours * 60 + minutes) * 60 % DAY_S;
}

/* The window behind Resync_At, in whole minutes. It has a least length, and may be off [X 19]. */
static uint32_t at_window_ms(const struct param_set *ps)
{
    const uint32_t least_s = param_u32(ps, P_Sim_Resync_At_Least, 0);
    uint32_t s = param_u32(ps, P_Resync_At_Random_Delay, 0);

    if (!s && param_bool(ps, P_Sim_Resync_At_Zero_Is_Off, 0))
        return 0;
    if (s < least_s)
        s = least_s;
    return s > UINT16_MAX ? UINT16_MAX * 1000U : (s + 30) / 60 * 60 * 1000;
}

/* Phone milliseconds to the next time the clock shows that, plus a random part of the window. */
static uint64_t until_at_ms(const struct prov *p, int32_t at)
{
    const struct param_set *ps = p->cfg.params;
    const uint64_t now_ms = clock_wall_ms(p->cfg.lp);
    const int64_t utc_s = (int64_t)(now_ms / 1000), local_s = local_time_s(ps, utc_s);
    int64_t left_s = at - local_s % DAY_S;

    if (left_s <= 0)
        left_s += DAY_S;
    /* the clock may be put forward or back until then */
    left_s -= local_time_s(ps, utc_s + left_s) - (utc_s + left_s) - (local_s - utc_s);
    if (left_s <= 0)
        left_s = 1;
    return (uint64_t)left_s * 1000 - now_ms % 1000 + rng_upto(p->cfg.rng, at_window_ms(ps));
}

/* A 79x0 reads its files when it starts, and when it is told to [DEF]. */
static bool has_period(const struct prov *p)
{
    struct dhcp_hint hint;

    prov_read_dhcp(p, &hint);
    return !prov_boots_from_files(p, &hint);
}

uint64_t prov_at_ms(const struct prov *p)
{
    const int32_t at = at_s(p->cfg.params);

    return at >= 0 && has_period(p) ? until_at_ms(p, at) : 0;
}

uint64_t prov_period_ms(const struct prov *p)
{
    const uint64_t at_ms = prov_at_ms(p);

    if (at_ms || !has_period(p))
        return at_ms;
    return 1000ULL * prov_list_delay(param_get(p->cfg.params, P_Resync_Periodic, 0),
                                     p->n_in_row ? p->n_in_row - 1 : 0, p->cfg.rng);
}

bool prov_has_period(const struct prov *p)
{
    return p->succeeded || at_s(p->cfg.params) >= 0;
}

uint32_t prov_retry_s(const struct prov *p)
{
    const char *list = param_get(p->cfg.params, P_Resync_Error_Retry_Delay, 0);
    const uint32_t s = prov_list_delay(list, p->retry_index ? p->retry_index - 1 : 0, p->cfg.rng);

    /* [X 2]: 0 means no further attempt; the other reading is one at once, a second later [DEF] */
    return !s && param_bool(p->cfg.params, P_Sim_Resync_Retry_Zero_Is_Now, 0) ? 1 : s;
}

uint32_t prov_boot_delay_ms(const struct prov *p)
{
    const struct param_set *ps = p->cfg.params;
    const uint64_t most_s = (uint64_t)param_u32(ps, P_Resync_Random_Delay, 0) *
                            param_u32(ps, P_Sim_Resync_Random_Delay_Unit, 0);

    if (!p->cfg.random_delay)
        return 0;
    return rng_upto(p->cfg.rng, most_s > UINT32_MAX / 1000 ? UINT32_MAX : (uint32_t)most_s * 1000);
}

/* ---- triggers */

static bool holds(struct prov *p, enum param_id id)
{
    struct parse_err pe = {.text = ""};
    struct reading r;
    bool yes = false;

    prov_reading_init(&r, p);
    r.values.prvst = (int)p->next_cause;
    (void)prov_test(&yes, &r, param_get(p->cfg.params, id, 0), &pe);
    return yes;
}

enum prov_trigger prov_trigger(struct prov *p)
{
    const struct param_set *ps = p->cfg.params;

    if (!*param_get(ps, P_Resync_Trigger_1, 0) && !*param_get(ps, P_Resync_Trigger_2, 0))
        return PROV_TRIGGER_NONE;
    return holds(p, P_Resync_Trigger_1) || holds(p, P_Resync_Trigger_2) ? PROV_TRIGGER_TRUE
                                                                        : PROV_TRIGGER_FALSE;
}
