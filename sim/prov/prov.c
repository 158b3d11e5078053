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

enum {
    N_RULES = 4,
    WATCH_S = 60, /* how often triggers that start a pass are evaluated [DEF] */
};

static void pass_end(struct pass **pass)
{
    if (*pass) {
        free((*pass)->url);
        free((*pass)->server);
        free((*pass)->boot);
        rule_request_reset(&(*pass)->req);
    }
    free(*pass);
    *pass = NULL;
}

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
    pass_end(&p->pass);
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

/* The pass after one that was good, or held back by a trigger. Phone seconds, 0 = none. */
static uint32_t schedule_period(struct prov *p)
{
    const uint64_t ms = may_resync(p) ? prov_period_ms(p) : 0;

    if (ms)
        schedule_ms(p, ms, PROV_PERIODIC);
    return (uint32_t)((ms + 999) / 1000);
}

/* Resync_At is daily (10): a retry that comes later, or never [X 2], leaves it where it is [DEF].
 */
static uint32_t schedule_retry(struct prov *p)
{
    const uint64_t retry_ms = may_resync(p) ? prov_retry_s(p) * 1000ULL : 0;
    const uint64_t at_ms = may_resync(p) ? prov_at_ms(p) : 0;
    const bool by_clock = at_ms && (!retry_ms || at_ms < retry_ms);
    const uint64_t ms = by_clock ? at_ms : retry_ms;

    if (ms)
        schedule_ms(p, ms, by_clock ? PROV_PERIODIC : PROV_RETRY);
    return (uint32_t)((ms + 999) / 1000);
}

static void finish(struct prov *p, bool ok)
{
    struct prov_result res = {.ok = ok,
                              .n_files = p->pass->n_files,
                              .n_changed = p->pass->n_changed,
                              .class = ok ? PROV_CLASS_A : (enum prov_class)p->last_class,
                              .error = ok ? NULL : p->last_error};

    p->n_ok += ok;
    p->n_failed += !ok;
    p->succeeded |= ok;
    prov_report_mark(p);
    p->retry_index = ok ? 0 : p->retry_index + 1;
    p->n_in_row = ok ? p->n_in_row + 1 : 0;
    pass_end(&p->pass);
    res.next_s = ok ? schedule_period(p) : schedule_retry(p);
    prov_debug(p, PROV_DEBUG_STEP, "resync ended: %u files, %u parameters changed, next in %u s",
               res.n_files, res.n_changed, res.next_s);
    if (ok) {
        prov_keep(&p->last_error, NULL);
        p->err_text = NULL;
        p->last_class = PROV_CLASS_A;
    }
    p->h.done(&res, p->arg);
}

/* may_lack: the file is not there, and that counts as success (Resync_Fails_On_FNF, G1). */
static void tell(struct prov *p, const struct fetch_reply *r, const struct outcome *o,
                 bool may_lack)
{
    const bool failed = o->error[0] && !may_lack;
    const struct prov_fetch_event ev = {.url = p->pass->fetching,
                                        .status = r ? r->status : 0,
                                        .class = o->class,
                                        .error = o->error[0] ? o->error : NULL,
                                        .us = r ? r->us : 0,
                                        .bytes = r ? r->len : 0};

    prov_keep(&p->last_url, p->pass->fetching);
    prov_keep(&p->last_error, o->error);
    p->last_status = ev.status;
    p->last_class = (uint8_t)o->class;
    p->err_text = o->err_text;
    if (r)
        p->last_server = r->server;
    prov_log(p, failed ? PROV_MSG_RESYNC_FAILURE : PROV_MSG_RESYNC_SUCCESS, p->last_url,
             p->last_server, o->err_text);
    if (o->error[0])
        prov_debug(p, PROV_DEBUG_ERROR, "%s: class %c: %s", ev.url, 'A' + o->class, o->error);
    else
        prov_debug(p, PROV_DEBUG_STEP, "%s: status %u, %zu bytes", ev.url, ev.status, ev.bytes);
    p->h.fetched(&ev, p->arg);
}

static void next_rule(struct prov *p);

/* Of the boot files of a 79x0, one that configures it is enough [DEF]. */
static bool may_be_missing(const struct prov *p)
{
    return p->pass->boot || !param_bool(p->cfg.params, P_Resync_Fails_On_FNF, 0);
}

static void fetched_handler(int fetch_err, const struct fetch_reply *r, void *arg)
{
    struct prov *p = arg;
    struct outcome o = {.class = PROV_CLASS_A};
    int err = fetch_err;

    p->fetch = mem_deref(p->fetch);
    if (!p->pass)
        return;
    if (fetch_err) {
        prov_fetch_failed(&o, p, fetch_err, r);
        prov_account_refused(p, r->status);
    } else
        err = p->pass->boot ? prov_boot_apply(p, r, &o) : prov_apply(p, r, &o);
    const bool may_lack = fetch_err && r->class == FETCH_NOT_FOUND && may_be_missing(p);
    mem_ref(p);
    tell(p, r, &o, may_lack && !p->pass->boot);
    if (!p->pass) {
        /* the handler stopped us */
    } else if (!err) {
        p->pass->n_files++;
        next_rule(p);
    } else if (may_lack) {
        next_rule(p);
    } else {
        finish(p, false); /* 3.1: the pass stops at once, and begins again from rule A */
    }
    mem_deref(p);
}

const char *prov_rule_in_place(const struct prov *p, const struct dhcp_hint *hint, const char *rule)
{
    const bool factory = strcmp(rule, param_default(p->cfg.model, P_Profile_Rule, 0)) == 0;

    return factory && hint->rule[0] ? hint->rule : rule;
}

static const char *rule_text(const struct prov *p, const struct dhcp_hint *hint)
{
    static const enum param_id rules[N_RULES] = {P_Profile_Rule, P_Profile_Rule_B, P_Profile_Rule_C,
                                                 P_Profile_Rule_D};
    const char *rule = param_get(p->cfg.params, rules[p->pass->rule], 0);

    return p->pass->rule == 0 ? prov_rule_in_place(p, hint, rule) : rule;
}

static void bad_rule(struct prov *p, int err, const struct parse_err *pe)
{
    struct outcome o = {.class = PROV_CLASS_C, .err_text = "http_get failed"};

    snprintf(o.error, sizeof(o.error), "bad rule: %s", pe->text[0] ? pe->text : strerror(err));
    tell(p, NULL, &o, false);
    if (p->pass)
        finish(p, false);
}

/* Fetch what the current rule asks for. False when it asks for nothing. */
static bool run_rule(struct prov *p, const char *rule, const struct dhcp_hint *hint)
{
    struct parse_err pe = {.text = ""};
    struct reading r;
    char *text = strdup(rule); /* an assignment may change the parameter that is read */

    prov_reading_init(&r, p);
    r.applying = true;
    rule_request_reset(&p->pass->req);
    int err = text ? prov_read(&p->pass->req, &r, text, RULE_PROFILE, hint, &pe) : ENOMEM;
    if (!err && !p->pass->req.url) {
        free(text);
        return false;
    }
    snprintf(p->pass->fetching, sizeof(p->pass->fetching), "%s",
             !err   ? p->pass->req.url
             : text ? text
                    : "");
    free(p->last_rule);
    p->last_rule = text;
    const char *refusal = err ? NULL : prov_refusal(p, false, p->pass->req.url);
    if (refusal)
        err = parse_err_set(&pe, EACCES, 0, 0, "%s", refusal);
    if (!err)
        err = prov_fetch(p, fetched_handler);
    if (err)
        bad_rule(p, err, &pe);
    return true;
}

static void run_boot(struct prov *p, const struct dhcp_hint *hint)
{
    struct parse_err pe = {.text = ""};
    int err = 0;

    if (!prov_boot_next(p, hint, fetched_handler, &err))
        finish(p, p->pass->boot->n_found > 0);
    else if (err)
        bad_rule(p, err, &pe);
}

static void run(struct prov *p);

static void probed_handler(int err, const struct fetch_reply *r, void *arg)
{
    struct prov *p = arg;

    (void)err;
    (void)r;
    p->fetch = mem_deref(p->fetch);
    mem_ref(p);
    if (p->pass)
        run(p);
    mem_deref(p);
}

static void ca_handler(int err, const struct fetch_reply *r, void *arg)
{
    struct prov *p = arg;

    p->fetch = mem_deref(p->fetch);
    mem_ref(p);
    prov_ca_tried(p, err, r);
    if (p->pass)
        run(p);
    mem_deref(p);
}

static void run(struct prov *p)
{
    struct dhcp_hint hint;

    prov_read_dhcp(p, &hint);
    if (prov_spcp_next(p, &hint, probed_handler) || prov_ca_next(p, &hint, ca_handler) || !p->pass)
        return;
    if (p->pass->url) {
        if (p->pass->server)
            prov_hint_server(&hint, p->pass->server);
        if (p->pass->rule > 0 || !run_rule(p, p->pass->url, &hint))
            finish(p, true);
        return;
    }
    if (p->pass->boot || prov_boots_from_files(p, &hint)) {
        run_boot(p, &hint);
        return;
    }
    for (; p->pass->rule < N_RULES; p->pass->rule++) {
        if (run_rule(p, rule_text(p, &hint), &hint))
            return;
    }
    finish(p, true);
}

static void next_rule(struct prov *p)
{
    p->pass->rule++;
    run(p);
}

static void begin(struct prov *p)
{
    if (!p->pass) {
        p->pass = calloc(1, sizeof(*p->pass));
        if (!p->pass)
            return;
        p->pass->cause = p->next_cause;
    }
    p->pass->begun = true;
    p->held = false;
    p->n_passes++;
    prov_keep(&p->note, NULL);
    prov_debug(p, PROV_DEBUG_STEP, "resync begins: $PRVST %d", (int)p->pass->cause);
    mem_ref(p);
    run(p);
    p->last_ms = clock_ms(p->cfg.lp);
    mem_deref(p);
}

/* A trigger holds it back: what is due next takes its place. */
static void skip(struct prov *p)
{
    struct prov_result res = {.ok = true, .skipped = true};
    const bool asked_for = p->pass != NULL;

    pass_end(&p->pass);
    prov_keep(&p->note, "no Resync_Trigger holds: the resync is put off");
    res.next_s = p->next_cause == PROV_RETRY ? schedule_retry(p) : schedule_period(p);
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
        begin(p);
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
        begin(p);
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
        pass_end(&p->pass);
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
        (void)schedule_period(p);
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
