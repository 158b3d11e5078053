/* SPDX-License-Identifier: BSD-3-Clause */
/* Rules read for one phone: its macros, its parameters, its DHCP server. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "devices/model.h"
#include "sim/loop/clock.h"
#include "sim/prov/explain.h"
#include "sim/prov/machine.h"

static uint32_t phone_s(const struct prov *p, uint64_t since_ms)
{
    const struct loop *lp = p->cfg.lp;

    return (uint32_t)(clock_unscaled(lp, clock_ms(lp) - since_ms) / 1000);
}

void prov_reading_init(struct reading *r, struct prov *p)
{
    const struct prov_config *c = &p->cfg;
    const bool attempted = p->upgrade && p->upgrade->last_ms;

    *r = (struct reading){
        .values = {.model = c->model,
                   .id = c->id,
                   .params = c->params,
                   .local = c->local,
                   .prvst = p->pass ? (int)p->pass->cause : 0,
                   .prvtmr_s = phone_s(p, p->last_ms),
                   /* before the first attempt since power-on [DEF]: "$UPGTMR gt
                    * 300" in a trigger would hold all resyncs back for good */
                   .upgtmr_s = phone_s(p, attempted ? p->upgrade->last_ms : p->power_ms),
                   .err = p->err_text,
                   .url = p->last_url,
                   .server = p->last_server},
        .p = p};
    if (p->upgrade) {
        const struct upgrade *u = p->upgrade;
        r->values.upgrade_retry = u->n_failed > 0;
        r->values.upgerr = u->err_text;
        r->values.upgcond = u->condition;
    }
    for (unsigned i = 0; i < 2 && p->h.unregistered_s; i++)
        r->values.regtmr_s[i] = p->h.unregistered_s(i + 1, p->arg);
    if (p->h.external)
        r->values.external = p->h.external(p->arg);
}

void prov_values(struct prov *p, struct macro_values *v)
{
    struct reading r;

    prov_reading_init(&r, p);
    *v = r.values;
}

static int assign_handler(const char *name, const char *value, void *arg)
{
    const struct reading *r = arg;
    bool changed = false;

    if (!r->applying)
        return 0;
    const int err = param_set_name(r->p->cfg.params, name, value, PARAM_FROM_PROFILE, &changed);
    if (changed && r->p->pass)
        r->p->pass->n_changed++;
    return err;
}

/* What made an alternative apply, for $UPGCOND in its old form [X 17]. */
static void note_fired(struct reading *r, const struct rule_step *step)
{
    const size_t len = step->alternative == r->fired_from ? strlen(r->fired) : 0;

    if (step->kind == RULE_STEP_COMPARISON)
        snprintf(r->fired + len, sizeof(r->fired) - len, "%s%s%s%s", len ? " and " : "", step->left,
                 step->op, step->right);
    else if (step->kind == RULE_STEP_TAKEN && !len)
        r->fired[0] = '\0';
    r->fired_from = step->alternative;
}

/* How a rule is read, for those who debug it. */
static void trace(const struct reading *r, const struct rule_step *step)
{
    const char *right = step->secret ? "(secret)" : step->right,
               *holds = step->holds ? "yes" : "no";

    switch (step->kind) {
    case RULE_STEP_COMPARISON:
        prov_debug(r->p, PROV_DEBUG_RULE, "rule: %s %s %s: %s", step->left, step->op, right, holds);
        break;
    case RULE_STEP_CONDITION:
        prov_debug(r->p, PROV_DEBUG_RULE, "rule: condition of alternative %u: %s",
                   step->alternative, holds);
        break;
    case RULE_STEP_ASSIGNMENT:
        prov_debug(r->p, PROV_DEBUG_RULE, "rule: %s = \"%s\"", step->left, right);
        break;
    case RULE_STEP_REQUEST:
        prov_debug(r->p, PROV_DEBUG_RULE, "rule: %s", step->text);
        break;
    case RULE_STEP_OPTION:
    case RULE_STEP_TAKEN:
        break;
    }
}

/* What was passed over is told, not punished (3.3 R:). */
static void step_handler(const struct rule_step *step, void *arg)
{
    struct reading *r = arg;
    char note[128];

    note_fired(r, step);
    trace(r, step);
    if (r->observer)
        r->observer->step(step, r->observer->arg);
    if (!step->why || r->p->note)
        return;
    if (step->kind == RULE_STEP_CONDITION)
        snprintf(note, sizeof(note), "a condition is false: %s", step->why);
    else
        snprintf(note, sizeof(note), "%.40s %s %.40s: %s", step->left, step->op ? step->op : "=",
                 step->right, step->why);
    prov_keep(&r->p->note, note);
}

static const char *seen(const struct reading *r, const char *name, const char *value)
{
    if (r->observer && value)
        r->observer->macro(name, value, r->observer->arg);
    return value;
}

static const char *value_handler(const char *name, void *arg)
{
    return seen(arg, name, macro_value(name, arg));
}

static const char *option_value_handler(const char *name, void *arg)
{
    return seen(arg, name, macro_option_value(name, arg));
}

static struct rule_env environment(struct reading *r)
{
    return (struct rule_env){.macro = value_handler,
                             .option_macro = option_value_handler,
                             .assign = assign_handler,
                             .step = step_handler,
                             .arg = r};
}

int prov_test(bool *holds, struct reading *r, const char *trigger, struct parse_err *pe)
{
    const struct rule_env re = environment(r);

    return rule_test(holds, trigger, &re, pe);
}

int prov_read(struct rule_request *req, struct reading *r, const char *rule, enum rule_kind kind,
              const struct dhcp_hint *hint, struct parse_err *pe)
{
    struct rule_env re = environment(r);

    re.default_server = hint->server;
    re.default_scheme = hint->scheme;
    re.kind = kind;
    return rule_eval(req, rule, &re, pe);
}

/* A bare host is asked by TFTP, or as Transport_Protocol says (1.2). */
static void take_transport(const struct prov *p, struct dhcp_hint *hint)
{
    static const char *const schemes[] = {"tftp", "http", "https"};
    const char *transport = param_get(p->cfg.params, P_Transport_Protocol, 0);

    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]) && !hint->scheme[0]; i++) {
        if (strcasecmp(transport, schemes[i]) == 0)
            snprintf(hint->scheme, sizeof(hint->scheme), "%s", schemes[i]);
    }
}

/* With a static address, or PPPoE, nobody is asked (1.1 step 2). */
static bool has_dhcp(const struct prov *p)
{
    const char *type = param_get(p->cfg.params, P_Connection_Type, 0);

    return p->cfg.dhcp_value && strncasecmp(type, "Static", 6) != 0 &&
           strcasecmp(type, "PPPoE") != 0;
}

void prov_read_dhcp(const struct prov *p, struct dhcp_hint *hint)
{
    const char *factory = param_default(p->cfg.model, P_Profile_Rule, 0);
    const char *order = param_get(p->cfg.params, P_DHCP_Option_To_Use, 0);
    char buf[512];
    unsigned option = 0;
    const char *value =
        has_dhcp(p) ? dhcp_choose(buf, sizeof(buf), p->cfg.dhcp_value, order, &option) : NULL;

    memset(hint, 0, sizeof(*hint));
    if (value && option == 66 && strstr(value, "://") &&
        param_bool(p->cfg.params, P_Sim_DHCP_Host_Only, 0))
        return; /* a URL is no host name [X 13] */
    if (value && dhcp_hint_parse(hint, value, factory))
        memset(hint, 0, sizeof(*hint));
    if (hint->server[0])
        take_transport(p, hint);
}

bool prov_tftp_url(const struct prov *p, const char *file, char *url, size_t size)
{
    struct dhcp_hint hint;

    prov_read_dhcp(p, &hint);
    const bool tftp = !hint.scheme[0] || strcasecmp(hint.scheme, "tftp") == 0;
    const size_t host = tftp ? strlen(hint.server) : strcspn(hint.server, ":");
    const int n =
        snprintf(url, size, "tftp://%.*s/%s", (int)host, hint.server, file + strspn(file, "/"));

    return host && n > 0 && (size_t)n < size;
}

void prov_hint_server(struct dhcp_hint *hint, const char *server)
{
    memset(hint, 0, sizeof(*hint));
    snprintf(hint->server, sizeof(hint->server), "%s", server);
}

int prov_rule_read(struct prov *p, enum prov_rule which, struct rule_request *req,
                   struct parse_err *pe)
{
    const bool upgrade = which == PROV_UPGRADE_RULE;
    struct dhcp_hint hint;
    struct reading r;

    prov_reading_init(&r, p);
    prov_read_dhcp(p, &hint);
    const char *rule = param_get(p->cfg.params, upgrade ? P_Upgrade_Rule : P_Report_Rule, 0);
    const int err = prov_read(req, &r, rule, upgrade ? RULE_UPGRADE : RULE_REPORT, &hint, pe);
    if (!err && upgrade && p->upgrade)
        prov_keep(&p->upgrade->condition, r.fired);
    return err;
}

/* An upgrade that was asked for: a URL without a server is meant for `server` (14). */
int prov_rule_read_text(struct prov *p, const char *rule, const char *server,
                        struct rule_request *req, struct parse_err *pe)
{
    struct dhcp_hint hint = {.server = ""};
    struct reading r;

    prov_reading_init(&r, p);
    if (server)
        prov_hint_server(&hint, server);
    return prov_read(req, &r, rule, server ? RULE_PROFILE : RULE_UPGRADE, &hint, pe);
}
