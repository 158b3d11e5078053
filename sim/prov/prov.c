/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/prov/prov.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <re.h>

#include "devices/model.h"
#include "sim/base/rng.h"
#include "sim/loop/clock.h"
#include "sim/loop/timer.h"
#include "sim/net/fetch.h"
#include "sim/prov/profile.h"
#include "sim/prov/rule.h"
#include "sim/prov/values.h"

enum {
    N_RULES = 4,
    RANDOM_DELAY_UNIT_S = 20, /* provisioning.md 10, [X 3] */
};

struct pass { /* lives while a pass is under way */
    enum prov_cause cause;
    char *url;     /* one explicit rule instead of the configured ones */
    unsigned rule; /* 0 to 3 */
    unsigned n_files, n_changed;
    struct rule_request req; /* under way */
    char fetching[256];      /* URL asked for */
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
    uint8_t last_class;
    struct in_addr last_server;
    const char *err_text; /* $ERR, NULL = fine */
    char *last_url, *last_error, *last_rule, *note;
};

struct reading { /* a rule being read; macro handlers see its first member */
    struct macro_values values;
    struct prov *p;
    bool applying; /* assignments take effect */
};

static void pass_end(struct pass **pass)
{
    if (*pass) {
        free((*pass)->url);
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

static void reading_init(struct reading *r, struct prov *p)
{
    const struct prov_config *c = &p->cfg;
    const uint64_t since_ms = p->last_ms ? clock_ms(c->lp) - p->last_ms : 0;

    *r = (struct reading){.values = {.model = c->model,
                                     .id = c->id,
                                     .params = c->params,
                                     .local = c->local,
                                     .prvst = p->pass ? (int)p->pass->cause : 0,
                                     .prvtmr_s = (uint32_t)(clock_unscaled(c->lp, since_ms) / 1000),
                                     .err = p->err_text,
                                     .url = p->last_url,
                                     .server = p->last_server},
                          .p = p};
    for (unsigned i = 0; i < 2 && p->h.unregistered_s; i++)
        r->values.regtmr_s[i] = p->h.unregistered_s(i + 1, p->arg);
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

static void schedule(struct prov *p, uint32_t phone_s, enum prov_cause cause)
{
    p->next_cause = cause;
    timer_start(p->cfg.lp, &p->timer, clock_scaled(p->cfg.lp, phone_s * 1000ULL), timer_handler, p);
}

/* [X 2]: 0 means no further attempt; the other reading is one at once, a second later [DEF]. */
static uint32_t retry_delay(const struct prov *p)
{
    const char *list = param_get(p->cfg.params, P_Resync_Error_Retry_Delay, 0);
    const uint32_t s = list_delay(list, p->retry_index - 1, p->cfg.rng);

    return !s && param_bool(p->cfg.params, P_Sim_Resync_Retry_Zero_Is_Now, 0) ? 1 : s;
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
        res.next_s = ok ? list_delay(param_get(p->cfg.params, P_Resync_Periodic, 0), 0, p->cfg.rng)
                        : retry_delay(p);
    if (res.next_s)
        schedule(p, res.next_s, ok ? PROV_PERIODIC : PROV_RETRY);
    pass_end(&p->pass);
    if (ok) {
        keep(&p->last_error, NULL);
        p->err_text = NULL;
    }
    p->h.done(&res, p->arg);
}

struct outcome { /* of one file */
    enum prov_class class;
    const char *err_text; /* $ERR (12 R:), NULL = fine */
    char error[224];      /* in full, "" = fine */
};

static void tell(struct prov *p, const struct fetch_reply *r, const struct outcome *o)
{
    const struct prov_fetch_event ev = {.url = p->pass->fetching,
                                        .status = r ? r->status : 0,
                                        .class = o->class,
                                        .error = o->error[0] ? o->error : NULL,
                                        .us = r ? r->us : 0,
                                        .bytes = r ? r->len : 0};

    keep(&p->last_url, p->pass->fetching);
    keep(&p->last_error, o->error);
    p->last_status = ev.status;
    p->last_class = (uint8_t)o->class;
    p->err_text = o->err_text;
    if (r)
        p->last_server = r->server;
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

static void corrupt(struct outcome *o, int err, const struct parse_err *pe)
{
    o->class = PROV_CLASS_B;
    o->err_text = "corrupt file";
    if (pe->line)
        snprintf(o->error, sizeof(o->error), "corrupt file: line %d: %s", pe->line, pe->text);
    else
        snprintf(o->error, sizeof(o->error), "corrupt file: %s",
                 pe->text[0] ? pe->text : strerror(err));
}

static int apply(struct prov *p, const struct fetch_reply *r, struct outcome *o)
{
    const struct param_set *ps = p->cfg.params;
    const struct rule_request *req = &p->pass->req;
    const enum param_id alias = (enum param_id)(P_GPP_A + (req->alias ? req->alias - 'a' : 0));
    struct profile_facts facts;
    const struct profile_options po = {
        .key = req->key && *req->key ? req->key : NULL,
        .digest = profile_digest_named(param_get(ps, P_Sim_Profile_Digest, 0)),
        .key_strict = param_bool(ps, P_Sim_Profile_Key_Strict, 0),
        .empty_clears = param_bool(ps, P_Sim_Profile_Empty_Clears, 0),
        .mend = param_bool(ps, P_Sim_Profile_Mend, 0),
        .preserve = p->cfg.model->family == FAMILY_MPP68XX,
        .alias = req->alias ? param_get(ps, alias, 0) : NULL,
        .facts = &facts,
    };
    struct parse_err pe = {.text = ""};
    const int err = profile_parse(r->body, r->len, &po, item_handler, p, &pe);

    if (err)
        corrupt(o, err, &pe);
    else if (facts.plain_with_key && !p->note) /* 7.1 R: */
        keep(&p->note, "the rule has a key, and the profile is not encrypted");
    return err;
}

/* The texts of $ERR (12 R:) */
static const char *failure_text(const struct prov *p, int err, const struct fetch_reply *r)
{
    if (r->class == FETCH_NOT_FOUND)
        return "file not found";
    if (strncmp(r->error, "dns", 3) == 0)
        return "dns failed";
    if (err == ETIMEDOUT)
        return "timeout";
    return strncasecmp(p->pass->fetching, "tftp", 4) == 0    ? "tftp_get failed"
           : strncasecmp(p->pass->fetching, "https", 5) == 0 ? "https_get failed"
                                                             : "http_get failed";
}

static void failed(struct outcome *o, const struct prov *p, int err, const struct fetch_reply *r)
{
    o->class = r->class == FETCH_NOT_FOUND ? PROV_CLASS_B : PROV_CLASS_C;
    o->err_text = failure_text(p, err, r);
    snprintf(o->error, sizeof(o->error), "%s", r->error);
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
        failed(&o, p, fetch_err, r);
    else
        err = apply(p, r, &o);
    mem_ref(p);
    tell(p, r, &o);
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

/* The GPP named by its letter, with its macros expanded (3.4). */
static int post_body(char **body, struct prov *p, char letter)
{
    const enum param_id id = (enum param_id)(P_GPP_A + (letter - 'a'));
    struct reading r;

    reading_init(&r, p);
    return macro_expand(body, param_get(p->cfg.params, id, 0), macro_value, &r);
}

static int start_fetch(struct prov *p)
{
    char agent[160];
    const struct prov_config *c = &p->cfg;
    const struct rule_request *req = &p->pass->req;
    char *post = NULL;

    device_http_ua_print(agent, sizeof(agent), c->model, c->id);
    int err = req->post ? post_body(&post, p, req->post) : 0;
    if (err)
        return err;
    const struct fetch_req fr = {.url = req->url,
                                 .user_agent = agent,
                                 .post_body = post,
                                 .uid = req->uid,
                                 .pwd = req->pwd,
                                 .cnonce = req->uid ? rng_u32(c->rng) : 0,
                                 .ca_file = c->ca_file,
                                 .local = c->local};
    err = fetch_start(&p->fetch, c->fetcher, &fr, fetched_handler, p);
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

static int assign_handler(const char *name, const char *value, void *arg)
{
    const struct reading *r = arg;
    bool changed = false;

    if (!r->applying)
        return 0;
    const int err = param_set_name(r->p->cfg.params, name, value, PARAM_FROM_PROFILE, &changed);
    if (changed)
        r->p->pass->n_changed++;
    return err;
}

/* What was passed over is told, not punished (3.3 R:). */
static void step_handler(const struct rule_step *step, void *arg)
{
    const struct reading *r = arg;
    char note[128];

    if (!step->why || r->p->note)
        return;
    if (step->kind == RULE_STEP_CONDITION)
        snprintf(note, sizeof(note), "a condition is false: %s", step->why);
    else
        snprintf(note, sizeof(note), "%.40s %s %.40s: %s", step->left, step->op ? step->op : "=",
                 step->right, step->why);
    keep(&r->p->note, note);
}

static int read_rule(struct rule_request *req, struct reading *r, const char *rule,
                     enum rule_kind kind, const struct dhcp_hint *hint, struct parse_err *pe)
{
    const struct rule_env re = {.macro = macro_value,
                                .option_macro = macro_option_value,
                                .assign = assign_handler,
                                .step = step_handler,
                                .arg = r,
                                .default_server = hint->server,
                                .default_scheme = hint->scheme,
                                .kind = kind};

    return rule_eval(req, rule, &re, pe);
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

    reading_init(&r, p);
    r.applying = true;
    rule_request_reset(&p->pass->req);
    int err = text ? read_rule(&p->pass->req, &r, text, RULE_PROFILE, hint, &pe) : ENOMEM;
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
        err = start_fetch(p);
    if (err)
        bad_rule(p, err, &pe);
    return true;
}

static void read_dhcp(const struct prov *p, struct dhcp_hint *hint)
{
    const char *factory = param_default(p->cfg.model, P_Profile_Rule, 0);

    memset(hint, 0, sizeof(*hint));
    if (p->cfg.dhcp_value && dhcp_hint_parse(hint, p->cfg.dhcp_value, factory))
        memset(hint, 0, sizeof(*hint));
}

int prov_rule_read(struct prov *p, enum prov_rule which, struct rule_request *req,
                   struct parse_err *pe)
{
    const bool upgrade = which == PROV_UPGRADE_RULE;
    struct dhcp_hint hint;
    struct reading r;

    reading_init(&r, p);
    read_dhcp(p, &hint);
    const char *rule = param_get(p->cfg.params, upgrade ? P_Upgrade_Rule : P_Report_Rule, 0);
    return read_rule(req, &r, rule, upgrade ? RULE_UPGRADE : RULE_REPORT, &hint, pe);
}

static void run(struct prov *p)
{
    struct dhcp_hint hint;

    read_dhcp(p, &hint);
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
    keep(&p->note, NULL);
    mem_ref(p);
    run(p);
    p->last_ms = clock_ms(p->cfg.lp);
    mem_deref(p);
}

int prov_start(struct prov *p, enum prov_cause cause, const char *url)
{
    uint32_t wait_s = 0;

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
        wait_s = rng_upto(p->cfg.rng,
                          param_u32(p->cfg.params, P_Resync_Random_Delay, 0) * RANDOM_DELAY_UNIT_S);
    schedule(p, wait_s, cause);
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
