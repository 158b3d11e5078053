/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/prov/explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "devices/model.h"
#include "sim/prov/machine.h"

_Static_assert(sizeof(((struct prov_asked *)0)->agent) == PROV_AGENT_BYTES, "room for it");

static const char *method(const struct prov *p, enum rule_kind kind, const struct rule_request *req)
{
    const bool tftp = strncasecmp(req->url, "tftp:", 5) == 0;

    if (kind == RULE_REPORT)
        return tftp || prov_report_puts(p, req) ? "PUT" : "POST";
    return !req->post ? "GET" : tftp ? "PUT" : "POST";
}

static bool enabled(const struct prov *p, enum param_id id)
{
    return param_bool(p->cfg.params, id, 0);
}

/* What holds the whole of it back, whatever the rule says (10, 3.6). */
static const char *held_back(struct prov *p, enum rule_kind kind, enum prov_cause cause)
{
    if (kind == RULE_REPORT)
        return NULL;
    if (kind == RULE_UPGRADE)
        return enabled(p, P_Upgrade_Enable) ? NULL : "Upgrade_Enable is No";
    if (!enabled(p, P_Provision_Enable))
        return "Provision_Enable is No";
    if (cause == PROV_BOOT && !enabled(p, P_Resync_On_Reset))
        return "Resync_On_Reset is No";
    p->next_cause = cause;
    return prov_gated(p) ? "no Resync_Trigger holds" : NULL;
}

static void fill(struct prov *p, const struct prov_query *q, struct reading *r,
                 const struct rule_request *req, struct prov_asked *asked)
{
    const bool upgrade = q->kind == RULE_UPGRADE;
    const char *pwd = req->pwd;

    asked->method = method(p, q->kind, req);
    asked->uid = req->uid;
    if (q->kind == RULE_PROFILE) {
        prov_account_give(p, &asked->uid, &pwd);
        (void)prov_post_body(&asked->body, r, req); /* what cannot be expanded is not shown */
    }
    prov_agent(p, asked->agent);
    asked->refused = held_back(p, q->kind, q->cause);
    if (!asked->refused && q->kind != RULE_REPORT)
        asked->refused = prov_refusal(p, upgrade, req->url);
    if (!asked->refused && upgrade && prov_upgrade_runs(p, req->url))
        asked->refused = "that version runs already";
}

static void begin(struct reading *r, struct prov *p, const struct prov_query *q)
{
    prov_reading_init(r, p);
    r->values.prvst = (int)q->cause;
    r->observer = q->observer;
    r->applying = true;
}

int prov_explain(struct prov *p, const struct prov_query *q, struct rule_request *req,
                 struct prov_asked *asked, struct parse_err *pe)
{
    const char *rule = q->text;
    struct dhcp_hint hint;
    struct reading r;

    memset(asked, 0, sizeof(*asked));
    begin(&r, p, q);
    prov_read_dhcp(p, &hint);
    if (q->kind == RULE_PROFILE && prov_rule_in_place(p, &hint, rule) != rule) {
        snprintf(asked->dhcp_rule, sizeof(asked->dhcp_rule), "%s", hint.rule);
        rule = asked->dhcp_rule;
    }
    const int err = prov_read(req, &r, rule, q->kind, &hint, pe);
    if (!err && req->url)
        fill(p, q, &r, req, asked);
    return err;
}

int prov_explain_trigger(struct prov *p, const struct prov_query *q, bool *holds,
                         struct parse_err *pe)
{
    struct reading r;

    begin(&r, p, q);
    return prov_test(holds, &r, q->text, pe);
}
