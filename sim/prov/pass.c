/* SPDX-License-Identifier: BSD-3-Clause */
/* One pass: the rules A to D in turn, or the boot files of a 79x0, and what comes of it
 * (provisioning.md 3.1, 4). When passes begin is prov.c's. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <re.h>

#include "devices/model.h"
#include "sim/loop/clock.h"
#include "sim/prov/machine.h"

enum { N_RULES = 4 };

void prov_pass_close(struct prov *p)
{
    struct pass *pass = p->pass;

    if (!pass)
        return;
    free(pass->url);
    free(pass->server);
    free(pass->boot);
    rule_request_reset(&pass->req);
    free(pass);
    p->pass = NULL;
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
    prov_pass_close(p);
    res.next_s = ok ? prov_schedule_period(p) : prov_schedule_retry(p);
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
    } else {
        err = p->pass->boot ? prov_boot_apply(p, r, &o) : prov_apply(p, r, &o);
    }
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

void prov_pass_begin(struct prov *p)
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
