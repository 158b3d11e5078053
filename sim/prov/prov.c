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
    RANDOM_DELAY_UNIT_S = 20, /* provisioning.md 10, [X 3] */
};

static void pass_end(struct pass **pass)
{
    if (*pass) {
        free((*pass)->url);
        free((*pass)->boot);
        rule_request_reset(&(*pass)->req);
    }
    free(*pass);
    *pass = NULL;
}

static void destructor(void *arg)
{
    struct prov *p = arg;

    prov_stop(p);
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
    p->h = *h;
    p->arg = arg;
    *pp = p;
    return 0;
}

static uint32_t seconds(const char *p, char **end)
{
    const unsigned long s = strtoul(p, end, 10);
    return s > INT32_MAX ? INT32_MAX : (uint32_t)s;
}

/* The delay list syntax of section 10: "1800+300,3600": the index-th, the last repeats. */
static uint32_t list_delay(const char *list, unsigned index, struct rng *rng)
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

/* Gates the timers too (10). */
static bool may_resync(const struct prov *p)
{
    return param_bool(p->cfg.params, P_Provision_Enable, 0);
}

static void begin(struct prov *p);

static void timer_handler(void *arg)
{
    begin(arg);
}

static void schedule_ms(struct prov *p, uint64_t phone_ms, enum prov_cause cause)
{
    p->next_cause = cause;
    timer_start(p->cfg.lp, &p->timer, clock_scaled(p->cfg.lp, phone_ms), timer_handler, p);
}

static void schedule(struct prov *p, uint32_t phone_s, enum prov_cause cause)
{
    schedule_ms(p, phone_s * 1000ULL, cause);
}

/* [X 2]: 0 means no further attempt; the other reading is one at once, a second later [DEF]. */
static uint32_t retry_delay(const struct prov *p)
{
    const char *list = param_get(p->cfg.params, P_Resync_Error_Retry_Delay, 0);
    const uint32_t s = list_delay(list, p->retry_index - 1, p->cfg.rng);

    return !s && param_bool(p->cfg.params, P_Sim_Resync_Retry_Zero_Is_Now, 0) ? 1 : s;
}

/* A 79x0 reads its files when it starts, and when it is told to [DEF]. */
static uint32_t periodic_delay(const struct prov *p)
{
    return p->pass->boot
               ? 0
               : list_delay(param_get(p->cfg.params, P_Resync_Periodic, 0), 0, p->cfg.rng);
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
    p->retry_index = ok ? 0 : p->retry_index + 1;
    if (may_resync(p))
        res.next_s = ok ? periodic_delay(p) : retry_delay(p);
    if (res.next_s)
        schedule(p, res.next_s, ok ? PROV_PERIODIC : PROV_RETRY);
    pass_end(&p->pass);
    if (ok) {
        prov_keep(&p->last_error, NULL);
        p->err_text = NULL;
        p->last_class = PROV_CLASS_A;
    }
    p->h.done(&res, p->arg);
}

static void tell(struct prov *p, const struct fetch_reply *r, const struct outcome *o)
{
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
    if (fetch_err)
        prov_fetch_failed(&o, p, fetch_err, r);
    else
        err = p->pass->boot ? prov_boot_apply(p, r, &o) : prov_apply(p, r, &o);
    mem_ref(p);
    tell(p, r, &o);
    if (!p->pass) {
        /* the handler stopped us */
    } else if (!err) {
        p->pass->n_files++;
        next_rule(p);
    } else if (fetch_err && r->class == FETCH_NOT_FOUND && may_be_missing(p)) {
        next_rule(p);
    } else {
        finish(p, false); /* 3.1: the pass stops at once, and begins again from rule A */
    }
    mem_deref(p);
}

static const char *rule_text(const struct prov *p, const struct dhcp_hint *hint)
{
    static const enum param_id rules[N_RULES] = {P_Profile_Rule, P_Profile_Rule_B, P_Profile_Rule_C,
                                                 P_Profile_Rule_D};
    const char *rule = param_get(p->cfg.params, rules[p->pass->rule], 0);

    /* DHCP may give a whole rule in place of the factory's (1.2) */
    if (p->pass->rule == 0 && hint->rule[0] &&
        strcmp(rule, param_default(p->cfg.model, P_Profile_Rule, 0)) == 0)
        return hint->rule;
    return rule;
}

static void bad_rule(struct prov *p, int err, const struct parse_err *pe)
{
    struct outcome o = {.class = PROV_CLASS_C, .err_text = "http_get failed"};

    snprintf(o.error, sizeof(o.error), "bad rule: %s", pe->text[0] ? pe->text : strerror(err));
    tell(p, NULL, &o);
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

static void run(struct prov *p)
{
    struct dhcp_hint hint;

    prov_read_dhcp(p, &hint);
    if (p->pass->url) {
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
        p->pass = may_resync(p) ? calloc(1, sizeof(*p->pass)) : NULL;
        if (!p->pass)
            return;
        p->pass->cause = p->next_cause;
    }
    p->n_passes++;
    prov_keep(&p->note, NULL);
    mem_ref(p);
    run(p);
    p->last_ms = clock_ms(p->cfg.lp);
    mem_deref(p);
}

int prov_start(struct prov *p, enum prov_cause cause, const char *url)
{
    uint32_t wait_ms = 0;

    if (p->pass)
        return EALREADY;
    if (!may_resync(p))
        return EACCES;
    p->pass = calloc(1, sizeof(*p->pass));
    if (!p->pass)
        return ENOMEM;
    p->pass->cause = cause;
    p->pass->url = url ? strdup(url) : NULL;
    if (url && !p->pass->url) {
        pass_end(&p->pass);
        return ENOMEM;
    }
    if (cause == PROV_BOOT && p->cfg.random_delay)
        wait_ms = rng_upto(p->cfg.rng, param_u32(p->cfg.params, P_Resync_Random_Delay, 0) *
                                           RANDOM_DELAY_UNIT_S * 1000);
    schedule_ms(p, wait_ms, cause);
    return 0;
}

void prov_stop(struct prov *p)
{
    timer_cancel(&p->timer);
    p->fetch = mem_deref(p->fetch);
    pass_end(&p->pass);
}

void prov_status_get(const struct prov *p, struct prov_status *st)
{
    *st = (struct prov_status){.last_status = p->last_status,
                               .last_class = (enum prov_class)p->last_class,
                               .n_passes = p->n_passes,
                               .n_ok = p->n_ok,
                               .n_failed = p->n_failed};
    snprintf(st->rule, sizeof(st->rule), "%s", p->last_rule ? p->last_rule : "");
    snprintf(st->last_url, sizeof(st->last_url), "%s", p->last_url ? p->last_url : "");
    snprintf(st->last_error, sizeof(st->last_error), "%s", p->last_error ? p->last_error : "");
    snprintf(st->note, sizeof(st->note), "%s", p->note ? p->note : "");
    if (timer_running(&p->timer) && !p->pass)
        st->next_s = (uint32_t)((clock_unscaled(p->cfg.lp, timer_left_ms(&p->timer)) + 999) / 1000);
}
