/* SPDX-License-Identifier: BSD-3-Clause */
/* What a rule would have a phone do, without doing it. */
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

static void fill(struct prov *p, enum rule_kind kind, enum prov_cause cause, struct reading *r,
                 const struct rule_request *req, struct prov_asked *asked)
{
    const char *pwd = req->pwd;

    asked->method = method(p, kind, req);
    asked->uid = req->uid;
    if (kind == RULE_PROFILE) {
        prov_account_give(p, &asked->uid, &pwd);
        (void)prov_post_body(&asked->body, r, req);
    }
    prov_agent(p, asked->agent);
    asked->refused = held_back(p, kind, cause);
    if (!asked->refused && kind != RULE_REPORT)
        asked->refused = prov_refusal(p, kind == RULE_UPGRADE, req->url);
    if (!asked->refused && kind == RULE_UPGRADE && prov_upgrade_runs(p, req->url))
        asked->refused = "that version runs already";
}

static void begin(struct reading *r, struct prov *p, enum prov_cause cause,
                  const struct prov_observer *o)
{
    prov_reading_init(r, p);
    r->values.prvst = (int)cause;
    r->observer = o;
    r->applying = true;
}

int prov_explain(struct prov *p, int kind, enum prov_cause cause, const char *rule,
                 const struct prov_observer *o, struct rule_request *req, struct prov_asked *asked,
                 struct parse_err *pe)
{
    struct dhcp_hint hint;
    struct reading r;

    memset(asked, 0, sizeof(*asked));
    begin(&r, p, cause, o);
    prov_read_dhcp(p, &hint);
    if (kind == RULE_PROFILE && prov_rule_in_place(p, &hint, rule) != rule) {
        snprintf(asked->dhcp_rule, sizeof(asked->dhcp_rule), "%s", hint.rule);
        rule = asked->dhcp_rule;
    }
    const int err = prov_read(req, &r, rule, (enum rule_kind)kind, &hint, pe);
    if (!err && req->url)
        fill(p, (enum rule_kind)kind, cause, &r, req, asked);
    return err;
}

int prov_explain_trigger(struct prov *p, enum prov_cause cause, const char *trigger,
                         const struct prov_observer *o, bool *holds, struct parse_err *pe)
{
    struct reading r;

    begin(&r, p, cause, o);
    return prov_test(holds, &r, trigger, pe);
}
