/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/prov/prov.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <re.h>

#include "devices/model.h"
#include "sim/base/rng.h"
#include "sim/loop/clock.h"
#include "sim/loop/timer.h"
#include "sim/net/fetch.h"
#include "sim/prov/profile.h"
#include "sim/prov/rule.h"

enum {
    N_RULES = 4,
    RANDOM_DELAY_UNIT_S = 20, /* provisioning.md 10, [X 3] */
};

struct pass { /* lives while a pass is under way */
    enum prov_cause cause;
    char *url;     /* one explicit rule instead of the configured ones */
    unsigned rule; /* 0 to 3 */
    unsigned n_files, n_changed;
    char fetching[256]; /* URL asked for */
};

struct prov {
    struct prov_config cfg;
    struct prov_handlers h;
    void *arg;
    struct timer timer; /* start of a pass: delayed, periodic or retry */
    struct pass *pass;
    struct fetch *fetch;
    enum prov_cause next_cause;
    unsigned retry_index, n_passes, n_ok, n_failed;
    uint64_t last_ms; /* last attempt, for $PRVTMR */
    uint16_t last_status;
    char *last_url, *last_error, *last_rule;
};

struct macro_env {
    const struct prov *p;
    char buf[64];
};

static void pass_end(struct pass **pass)
{
    if (*pass)
        free((*pass)->url);
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
}

static void keep(char **at, const char *text)
{
    free(*at);
    *at = text && *text ? strdup(text) : NULL;
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

static const char *mac_text(struct macro_env *e, bool upper, bool colons)
{
    const uint8_t *m = e->p->cfg.id->mac;
    char *at = e->buf;

    for (unsigned i = 0; i < 6; i++)
        at += sprintf(at, upper ? "%s%02X" : "%s%02x", colons && i ? ":" : "", m[i]);
    return e->buf;
}

static const char *number(struct macro_env *e, long long n)
{
    snprintf(e->buf, sizeof(e->buf), "%lld", n);
    return e->buf;
}

/* Value of the parameter with this element name, NULL when the model has none. */
static const char *value_of(const struct prov *p, const char *head, const char *middle,
                            const char *tail)
{
    char name[80];
    enum param_id id;
    uint16_t index;

    snprintf(name, sizeof(name), "%s%s%s", head, middle, tail);
    return param_find(p->cfg.model, name, &id, &index) ? param_get(p->cfg.params, id, index) : NULL;
}

/* provisioning.md 2.2 */
static const char *macro_handler(const char *name, void *arg)
{
    struct macro_env *e = arg;
    const struct prov *p = e->p;
    const struct prov_config *c = &p->cfg;

    if (name[0] >= 'A' && name[0] <= 'P' && !name[1])
        return value_of(p, "GPP_", name, "");
    if (strcmp(name, "MA") == 0)
        return mac_text(e, false, false);
    if (strcmp(name, "MAU") == 0)
        return mac_text(e, true, false);
    if (strcmp(name, "MAC") == 0)
        return mac_text(e, false, true);
    if (strcmp(name, "PN") == 0)
        return c->model->product;
    if (strcmp(name, "PSN") == 0)
        return c->model->psn;
    if (strcmp(name, "SN") == 0)
        return c->id->serial;
    if (strcmp(name, "SWVER") == 0)
        return c->id->firmware;
    if (strcmp(name, "HWVER") == 0)
        return c->model->hwver;
    if (strcmp(name, "IP") == 0)
        return inet_ntop(AF_INET, &c->local, e->buf, sizeof(e->buf));
    if (strcmp(name, "EXTIP") == 0 || strcmp(name, "UPGERR") == 0)
        return "";
    if (strcmp(name, "CCERT") == 0)
        return "Installed";
    if (strcmp(name, "ISCUST") == 0 || strcmp(name, "UPGTMR") == 0)
        return "0";
    if (strcmp(name, "UPGCOND") == 0 || strcmp(name, "UPGST") == 0)
        return "1";
    if (strcmp(name, "PRVST") == 0)
        return number(e, p->pass ? p->pass->cause : 0);
    if (strcmp(name, "PRVTMR") == 0)
        return number(
            e, p->last_ms ? (long long)(clock_unscaled(c->lp, clock_ms(c->lp) - p->last_ms) / 1000)
                          : 0);
    if (strcmp(name, "ERR") == 0)
        return p->last_error ? p->last_error : "";
    return strncmp(name, "UID", 3) == 0 ? value_of(p, "User_ID_", name + 3, "_") : NULL;
}

/* Secrets are for URL options only (2.1) */
static const char *option_macro_handler(const char *name, void *arg)
{
    const struct macro_env *e = arg;

    if (name[0] == 'S' && name[1] >= 'A' && name[1] <= 'D' && !name[2])
        return value_of(e->p, "GPP_", name, "");
    return macro_handler(name, arg);
}

/* The delay list syntax of section 10: "1800+300,3600": the index-th, the last repeats. */
static uint32_t list_delay(const char *list, unsigned index, struct rng *rng)
{
    uint32_t base = 0, spread = 0;

    for (const char *p = list; *p;) {
        char *end;
        base = (uint32_t)strtoul(p, &end, 10);
        spread = *end == '+' ? (uint32_t)strtoul(end + 1, &end, 10) : 0;
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

static void finish(struct prov *p, bool ok)
{
    const char *list =
        param_get(p->cfg.params, ok ? P_Resync_Periodic : P_Resync_Error_Retry_Delay, 0);
    struct prov_result res = {.ok = ok,
                              .n_files = p->pass->n_files,
                              .n_changed = p->pass->n_changed,
                              .error = ok ? NULL : p->last_error};

    p->n_ok += ok;
    p->n_failed += !ok;
    p->retry_index = ok ? 0 : p->retry_index + 1;
    if (may_resync(p))
        res.next_s = list_delay(list, ok ? 0 : p->retry_index - 1, p->cfg.rng);
    if (res.next_s)
        schedule(p, res.next_s, ok ? PROV_PERIODIC : PROV_RETRY);
    pass_end(&p->pass);
    if (ok)
        keep(&p->last_error, NULL);
    p->h.done(&res, p->arg);
}

static void tell(struct prov *p, const struct fetch_reply *r, const char *error)
{
    const struct prov_fetch_event ev = {.url = p->pass->fetching,
                                        .status = r ? r->status : 0,
                                        .error = error,
                                        .us = r ? r->us : 0,
                                        .bytes = r ? r->len : 0};

    keep(&p->last_url, p->pass->fetching);
    keep(&p->last_error, error);
    p->last_status = ev.status;
    p->h.fetched(&ev, p->arg);
}

static void item_handler(const struct profile_item *item, void *arg)
{
    struct prov *p = arg;
    bool changed = false;

    if (item->keep)
        return;
    /* names of other models and values that do not fit are passed over (5.1) */
    if (param_set_name(p->cfg.params, item->name, item->value, PARAM_FROM_PROFILE, &changed) == 0 &&
        changed)
        p->pass->n_changed++;
}

static void next_rule(struct prov *p);

static int apply(struct prov *p, const struct fetch_reply *r, char *error, size_t size)
{
    struct parse_err pe = {.text = ""};
    const int err = profile_parse(r->body, r->len, item_handler, p, &pe);

    if (err && pe.line)
        snprintf(error, size, "corrupt file: line %d: %s", pe.line, pe.text);
    else if (err)
        snprintf(error, size, "corrupt file: %s", pe.text[0] ? pe.text : strerror(err));
    return err;
}

static void fetched_handler(int fetch_err, const struct fetch_reply *r, void *arg)
{
    struct prov *p = arg;
    char error[224];

    p->fetch = mem_deref(p->fetch);
    if (!p->pass)
        return;
    const int err = fetch_err ? fetch_err : apply(p, r, error, sizeof(error));
    mem_ref(p);
    tell(p, r, fetch_err ? r->error : err ? error : NULL);
    if (!p->pass) {
        /* the handler stopped us */
    } else if (!err) {
        p->pass->n_files++;
        next_rule(p);
    } else if (fetch_err && r->class == FETCH_NOT_FOUND &&
               !param_bool(p->cfg.params, P_Resync_Fails_On_FNF, 0)) {
        next_rule(p);
    } else {
        finish(p, false); /* 3.1: the pass stops at once, and begins again from rule A */
    }
    mem_deref(p);
}

static int start_fetch(struct prov *p, const struct rule_request *req)
{
    char agent[160];
    const struct prov_config *c = &p->cfg;
    struct macro_env env = {.p = p};
    char *post = NULL;

    device_http_ua_print(agent, sizeof(agent), c->model, c->id);
    if (req->post) {
        const char name[] = {(char)toupper((unsigned char)req->post), '\0'};
        const char *body = value_of(p, "GPP_", name, "");
        const int err = macro_expand(&post, body ? body : "", macro_handler, &env);
        if (err)
            return err;
    }
    const struct fetch_req fr = {.url = req->url,
                                 .user_agent = agent,
                                 .post_body = post,
                                 .uid = req->uid,
                                 .pwd = req->pwd,
                                 .ca_file = c->ca_file,
                                 .local = c->local,
                                 .owner = p->arg};
    const int err = fetch_start(&p->fetch, c->fetcher, &fr, fetched_handler, p);
    free(post);
    return err;
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

/* Fetch what the current rule asks for. False when it asks for nothing. */
static bool run_rule(struct prov *p, const char *rule, const struct dhcp_hint *hint)
{
    struct macro_env env = {.p = p};
    const struct rule_env re = {.macro = macro_handler,
                                .option_macro = option_macro_handler,
                                .arg = &env,
                                .default_server = hint->server,
                                .default_scheme = hint->scheme};
    struct rule_request req;
    struct parse_err pe = {.text = ""};

    int err = rule_eval(&req, rule, &re, &pe);
    if (!err && !req.url)
        return false;
    keep(&p->last_rule, rule);
    const char *asked = err ? rule : req.url;
    if (asked)
        snprintf(p->pass->fetching, sizeof(p->pass->fetching), "%s", asked);
    if (!err)
        err = start_fetch(p, &req);
    if (err) {
        char text[224];
        snprintf(text, sizeof(text), "bad rule: %s", pe.text[0] ? pe.text : strerror(err));
        tell(p, NULL, text);
        if (p->pass)
            finish(p, false);
    }
    rule_request_reset(&req);
    return true;
}

static void run(struct prov *p)
{
    struct dhcp_hint hint = {.server = ""};
    const char *factory = param_default(p->cfg.model, P_Profile_Rule, 0);

    if (p->cfg.dhcp_value && dhcp_hint_parse(&hint, p->cfg.dhcp_value, factory))
        memset(&hint, 0, sizeof(hint));
    if (p->pass->url) {
        if (p->pass->rule > 0 || !run_rule(p, p->pass->url, &hint))
            finish(p, true);
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
                               .n_passes = p->n_passes,
                               .n_ok = p->n_ok,
                               .n_failed = p->n_failed};
    snprintf(st->rule, sizeof(st->rule), "%s", p->last_rule ? p->last_rule : "");
    snprintf(st->last_url, sizeof(st->last_url), "%s", p->last_url ? p->last_url : "");
    snprintf(st->last_error, sizeof(st->last_error), "%s", p->last_error ? p->last_error : "");
    if (timer_running(&p->timer) && !p->pass)
        st->next_s = (uint32_t)((clock_unscaled(p->cfg.lp, timer_left_ms(&p->timer)) + 999) / 1000);
}
