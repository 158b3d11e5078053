/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/prov/prov.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <re.h>

#include "devices/model.h"
#include "sim/base/rng.h"
#include "sim/loop/clock.h"
#include "sim/prov/machine.h"

enum { WATCH_S = 60 }; /* how often triggers that start a pass are evaluated [DEF] */

static void stop(struct prov *p)
{
    timer_cancel(&p->timer);
    if (p->watch)
        timer_cancel(p->watch);
    free(p->watch);
    p->watch = NULL;
    p->held = false;
    p->n_in_row = 0;
    p->account_wanted = p->account_asked = false;
    prov_upgrade_stop(p);
    p->report = mem_deref(p->report);
    p->fetch = mem_deref(p->fetch);
    prov_pass_close(p);
}

static void destructor(void *arg)
{
    struct prov *p = arg;

    stop(p);
    prov_upgrade_close(p);
    prov_ca_close(p);
    prov_account_close(p);
    free(p->baseline);
    mem_deref(p->memory);
    mem_deref(p->cfg.cert);
    free(p->last_url);
    free(p->last_error);
    free(p->last_rule);
    free(p->note);
}

int prov_alloc(struct prov **pp, const struct prov_config *cfg, const struct prov_handlers *h,
               void *arg)
{
    struct prov *p = mem_zalloc(sizeof(*p), destructor);
    if (!p)
        return ENOMEM;
    p->cfg = *cfg;
    mem_ref(cfg->cert);
    p->h = *h;
    p->arg = arg;
    p->last_ms = p->power_ms = clock_ms(cfg->lp);
    *pp = p;
    return 0;
}

/* Gates the timers too (10). */
static bool may_resync(const struct prov *p)
{
    return param_bool(p->cfg.params, P_Provision_Enable, 0);
}

static void due_handler(void *arg);

static void schedule_ms(struct prov *p, uint64_t phone_ms, enum prov_cause cause)
{
    p->next_cause = cause;
    timer_start(p->cfg.lp, &p->timer, clock_scaled(p->cfg.lp, phone_ms), due_handler, p);
}

uint32_t prov_schedule_period(struct prov *p)
{
    const uint64_t ms = may_resync(p) ? prov_period_ms(p) : 0;

    if (ms)
        schedule_ms(p, ms, PROV_PERIODIC);
    return (uint32_t)((ms + 999) / 1000);
}

/* Resync_At is daily (10): a retry that comes later, or never [X 2], leaves it where it is [DEF].
 */
uint32_t prov_schedule_retry(struct prov *p)
{
    const uint64_t retry_ms = may_resync(p) ? prov_retry_s(p) * 1000ULL : 0;
    const uint64_t at_ms = may_resync(p) ? prov_at_ms(p) : 0;
    const bool by_clock = at_ms && (!retry_ms || at_ms < retry_ms);
    const uint64_t ms = by_clock ? at_ms : retry_ms;

    if (ms)
        schedule_ms(p, ms, by_clock ? PROV_PERIODIC : PROV_RETRY);
    return (uint32_t)((ms + 999) / 1000);
}

/* A trigger holds it back: what is due next takes its place. */
static void skip(struct prov *p)
{
    struct prov_result res = {.ok = true, .skipped = true};
    const bool asked_for = p->pass != NULL;

    prov_pass_close(p);
    prov_keep(&p->note, "no Resync_Trigger holds: the resync is put off");
    res.next_s = p->next_cause == PROV_RETRY ? prov_schedule_retry(p) : prov_schedule_period(p);
    if (asked_for)
        p->h.done(&res, p->arg);
}

static bool is_busy(const struct prov *p)
{
    return p->h.busy && p->h.busy(p->arg);
}

static bool counts_from_idle(const struct prov *p)
{
    return param_bool(p->cfg.params, P_Sim_Resync_Forced_From_Idle, 0);
}

static void held_long_enough_handler(void *arg)
{
    struct prov *p = arg;

    if (counts_from_idle(p) && is_busy(p))
        return; /* the countdown begins again when they are idle again */
    if (p->pass || may_resync(p))
        prov_pass_begin(p);
}

static void schedule_held(struct prov *p)
{
    const uint64_t ms = 1000ULL * param_u32(p->cfg.params, P_Forced_Resync_Delay, 0);

    timer_start(p->cfg.lp, &p->timer, clock_scaled(p->cfg.lp, ms), held_long_enough_handler, p);
}

/* Forced_Resync_Delay (10, [X 5]): the longest that a pass waits, or how long the lines must have
 * been idle. */
static void hold(struct prov *p)
{
    p->held = true;
    if (counts_from_idle(p))
        timer_cancel(&p->timer);
    else
        schedule_held(p);
}

void prov_idle(struct prov *p)
{
    prov_upgrade_check(p);
    if (!p->held)
        return;
    if (counts_from_idle(p))
        schedule_held(p);
    else
        timer_start(p->cfg.lp, &p->timer, 0, held_long_enough_handler, p);
}

bool prov_gated(struct prov *p)
{
    return p->next_cause != PROV_EXPLICIT &&
           !param_bool(p->cfg.params, P_Sim_Resync_Trigger_Starts, 0) &&
           prov_trigger(p) == PROV_TRIGGER_FALSE;
}

static void due_handler(void *arg)
{
    struct prov *p = arg;

    if (!p->pass && !may_resync(p))
        return;
    if (prov_gated(p))
        skip(p);
    else if (is_busy(p))
        hold(p);
    else
        prov_pass_begin(p);
}

/* ---- triggers that start a pass, the other reading of [X 11] */

static void watch_handler(void *arg)
{
    struct prov *p = arg;

    timer_start(p->cfg.lp, p->watch, clock_scaled(p->cfg.lp, WATCH_S * 1000), watch_handler, p);
    p->next_cause = p->pass ? p->next_cause : PROV_PERIODIC;
    if (!p->pass && !p->held && may_resync(p) && prov_trigger(p) == PROV_TRIGGER_TRUE)
        schedule_ms(p, 0, PROV_PERIODIC);
}

static void watch_triggers(struct prov *p)
{
    if (p->watch || !param_bool(p->cfg.params, P_Sim_Resync_Trigger_Starts, 0))
        return;
    p->watch = calloc(1, sizeof(*p->watch));
    if (p->watch)
        timer_start(p->cfg.lp, p->watch, clock_scaled(p->cfg.lp, WATCH_S * 1000), watch_handler, p);
}

/* ---- from outside */

/* Asked for once more while it still waits: by a second NOTIFY, or a web page's reload. */
static bool same_request(const struct prov *p, enum prov_cause cause, const char *url)
{
    return !p->pass->begun && p->pass->cause == PROV_EXPLICIT && cause == PROV_EXPLICIT &&
           !p->pass->url && !url;
}

static int start(struct prov *p, enum prov_cause cause, const char *url, const char *server)
{
    watch_triggers(p);
    if (p->pass)
        return same_request(p, cause, url) ? 0 : EALREADY;
    if (!may_resync(p))
        return EACCES;
    p->pass = calloc(1, sizeof(*p->pass));
    if (!p->pass)
        return ENOMEM;
    p->pass->cause = cause;
    p->pass->url = url ? strdup(url) : NULL;
    p->pass->server = server ? strdup(server) : NULL;
    if ((url && !p->pass->url) || (server && !p->pass->server)) {
        prov_pass_close(p);
        return ENOMEM;
    }
    if (cause == PROV_BOOT)
        p->last_ms = p->power_ms = clock_ms(p->cfg.lp);
    if (p->held) /* it goes with the one that waits */
        return 0;
    schedule_ms(p, cause == PROV_BOOT ? prov_boot_delay_ms(p) : 0, cause);
    return 0;
}

int prov_start(struct prov *p, enum prov_cause cause, const char *url)
{
    return start(p, cause, url, NULL);
}

int prov_start_from(struct prov *p, const char *url, const char *server)
{
    return start(p, PROV_EXPLICIT, url, server);
}

void prov_plan(struct prov *p)
{
    watch_triggers(p);
    if (p->pass || p->held || (timer_running(&p->timer) && p->next_cause != PROV_PERIODIC))
        return;
    timer_cancel(&p->timer);
    if (prov_has_period(p))
        (void)prov_schedule_period(p);
}

void prov_stop(struct prov *p)
{
    stop(p);
    prov_report_mark(p);
}

void prov_forget(struct prov *p)
{
    prov_upgrade_close(p);
    prov_ca_close(p);
    prov_account_close(p);
    p->succeeded = false;
    p->retry_index = 0;
}

void prov_status_get(const struct prov *p, struct prov_status *st)
{
    *st = (struct prov_status){.last_status = p->last_status,
                               .last_class = (enum prov_class)p->last_class,
                               .held = p->held,
                               .running = p->pass && p->pass->begun,
                               .n_passes = p->n_passes,
                               .n_ok = p->n_ok,
                               .n_failed = p->n_failed};
    snprintf(st->rule, sizeof(st->rule), "%s", p->last_rule ? p->last_rule : "");
    snprintf(st->last_url, sizeof(st->last_url), "%s", p->last_url ? p->last_url : "");
    snprintf(st->last_error, sizeof(st->last_error), "%s", p->last_error ? p->last_error : "");
    snprintf(st->note, sizeof(st->note), "%s", p->note ? p->note : "");
    if (timer_running(&p->timer) && (!p->pass || p->held))
        st->next_s = (uint32_t)((clock_unscaled(p->cfg.lp, timer_left_ms(&p->timer)) + 999) / 1000);
}
