/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/explain_rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/base/rng.h"
#include "sim/loop/loop.h"
#include "sim/prov/explain.h"
#include "sim/prov/values.h"
#include "ui/sub.h"

struct explanation {
    json_t *macros, *steps;
};

static const char *const kinds[] = {"comparison", "condition", "assignment",
                                    "option",     "taken",     "request"};

static void macro_handler(const char *name, const char *value, void *arg)
{
    const struct explanation *x = arg;
    const bool secret = name[0] == 'S' && name[1] >= 'A' && name[1] <= 'D' && !name[2];

    json_object_set_new(x->macros, name, json_string(secret ? "(secret)" : value));
}

static void set_text(json_t *obj, const char *name, const char *text)
{
    if (text)
        json_object_set_new(obj, name, json_string(text));
}

static void step_handler(const struct rule_step *step, void *arg)
{
    struct explanation *x = arg;
    json_t *obj = json_pack("{s:i, s:s, s:b}", "alternative", (int)step->alternative, "kind",
                            kinds[step->kind], "holds", step->holds);

    set_text(obj, "text", step->text);
    set_text(obj, "left", step->left);
    set_text(obj, "op", step->op);
    set_text(obj, "right", step->secret ? "(secret)" : step->right);
    set_text(obj, "type", step->type);
    set_text(obj, "why", step->why);
    json_array_append_new(x->steps, obj);
}

static const char *text_of(const json_t *step, const char *name)
{
    const char *text = json_string_value(json_object_get(step, name));
    return text ? text : "";
}

static void print_step(const json_t *step)
{
    const char *kind = text_of(step, "kind"), *why = text_of(step, "why");
    const char *holds = json_is_true(json_object_get(step, "holds")) ? "true" : "false";
    const char *note = *why ? ": " : "";

    if (strcmp(kind, "comparison") == 0)
        printf("  compare   %s %s %s as %s%s: %s%s%s\n", text_of(step, "left"), text_of(step, "op"),
               text_of(step, "right"), text_of(step, "type"),
               *text_of(step, "text") ? " (no left side: the firmware version)" : "", holds, note,
               why);
    else if (strcmp(kind, "condition") == 0)
        printf("  condition %s%s%s\n", holds, note, why);
    else if (strcmp(kind, "assignment") == 0)
        printf("  assign    %s = \"%s\"%s%s\n", text_of(step, "left"), text_of(step, "right"), note,
               why);
    else if (strcmp(kind, "option") == 0)
        printf("  option    --%s %s\n", text_of(step, "left"), text_of(step, "right"));
    else if (strcmp(kind, "taken") == 0)
        printf("  taken     %s\n", *text_of(step, "text") ? text_of(step, "text") : "(no URL)");
}

static void print_steps(const struct explanation *x)
{
    json_int_t shown = 0;

    for (size_t i = 0; i < json_array_size(x->steps); i++) {
        const json_t *step = json_array_get(x->steps, i);
        const json_int_t n = json_integer_value(json_object_get(step, "alternative"));
        if (n != shown)
            printf("alternative %d\n", (int)n);
        shown = n;
        print_step(step);
    }
}

/* Was it read to its end? Then it is what it names that cannot be asked. */
static bool was_taken(const struct explanation *x)
{
    const size_t n = json_array_size(x->steps);

    return n && strcmp(text_of(json_array_get(x->steps, n - 1), "kind"), "taken") == 0;
}

/* As far as it was read. */
static void print_read(const struct rule_question *q, const char *expanded,
                       const struct explanation *x, const struct prov_asked *asked)
{
    const char *name;
    json_t *value;

    printf("rule      %s\n", q->rule);
    if (asked->dhcp_rule[0])
        printf("DHCP      %s\n", asked->dhcp_rule);
    json_object_foreach(x->macros, name, value)
        printf("macro     $%s = %s\n", name, json_string_value(value));
    printf("expanded  %s\n", expanded);
    print_steps(x);
}

static void print_text(const struct rule_question *q, const char *expanded,
                       const struct rule_request *req, struct explanation *x,
                       const struct prov_asked *asked)
{
    print_read(q, expanded, x, asked);
    if (req->url)
        printf("request   %s %s\n", asked->method, req->url);
    else
        printf("request   none: %s\n", req->alternative            ? "the alternative names no URL"
                                       : json_array_size(x->steps) ? "no alternative applies"
                                                                   : "the rule is empty");
    if (req->url)
        printf("agent     %s\n", asked->agent);
    if (asked->uid)
        printf("login     %s\n", asked->uid);
    if (req->key)
        printf("key       given, %zu characters\n", strlen(req->key));
    if (asked->body)
        printf("body      %s\n", asked->body);
    if (asked->refused)
        printf("refused   it is not sent: %s\n", asked->refused);
}

static void print_json(const struct rule_question *q, const char *expanded,
                       const struct rule_request *req, struct explanation *x,
                       const struct prov_asked *asked)
{
    const char letter[] = {req->alias, '\0'};
    json_t *obj = json_pack(
        "{s:s, s:s?, s:O, s:s, s:O, s:i, s:s?, s:s?, s:s?, s:s?, s:b, s:s?, s:s?, s:b, s:s?}",
        "rule", q->rule, "dhcp_rule", asked->dhcp_rule[0] ? asked->dhcp_rule : NULL, "macros",
        x->macros, "expanded", expanded, "steps", x->steps, "alternative", (int)req->alternative,
        "method", asked->method, "url", req->url, "agent", req->url ? asked->agent : NULL, "login",
        asked->uid, "key", req->key != NULL, "body", asked->body, "alias",
        req->alias ? letter : NULL, "delta", req->delta, "refused", asked->refused);

    json_dumpf(obj, stdout, JSON_INDENT(2));
    printf("\n");
    json_decref(obj);
}

static void print_refusal(const struct rule_question *q, const char *expanded,
                          struct explanation *x, const struct parse_err *pe)
{
    json_t *obj =
        json_pack("{s:s, s:O, s:s, s:O, s:s, s:i}", "rule", q->rule, "macros", x->macros,
                  "expanded", expanded, "steps", x->steps, "error", pe->text, "col", pe->col);

    json_dumpf(obj, stdout, JSON_INDENT(2));
    printf("\n");
    json_decref(obj);
}

static int explain_trigger(const struct rule_question *q, struct prov *p,
                           const struct prov_observer *o, struct explanation *x)
{
    struct parse_err pe = {.text = ""};
    bool holds;
    const struct prov_query query = {.text = q->rule, .cause = q->cause, .observer = o};
    const int err = prov_explain_trigger(p, &query, &holds, &pe);

    if (q->json) {
        json_t *obj = json_pack("{s:s, s:O, s:O, s:b, s:s?}", "rule", q->rule, "macros", x->macros,
                                "steps", x->steps, "holds", holds, "error", err ? pe.text : NULL);
        json_dumpf(obj, stdout, JSON_INDENT(2));
        printf("\n");
        json_decref(obj);
    } else {
        for (size_t i = 0; i < json_array_size(x->steps); i++)
            print_step(json_array_get(x->steps, i));
        printf("trigger   %s\n", holds ? "true" : "false");
    }
    return err ? sub_error(EXIT_FAILS, "rule:%d:%d: %s", pe.line, pe.col, pe.text) : EXIT_HOLDS;
}

static enum rule_kind kind_of(const char *as)
{
    return strcmp(as, "upgrade") == 0  ? RULE_UPGRADE
           : strcmp(as, "report") == 0 ? RULE_REPORT
                                       : RULE_PROFILE;
}

static int explain(const struct rule_question *q, struct prov *p, const struct prov_observer *o,
                   struct explanation *x)
{
    struct rule_request req;
    struct prov_asked asked;
    struct parse_err pe = {.text = ""};
    struct macro_values values;
    char *expanded = NULL, *dhcp = NULL;

    prov_values(p, &values);
    values.prvst = (int)q->cause;
    if (macro_expand(&expanded, q->rule, macro_value, &values))
        return sub_error(EXIT_FAILS, "the rule is too long");
    const struct prov_query query = {
        .text = q->rule, .kind = kind_of(q->as), .cause = q->cause, .observer = o};
    const int err = prov_explain(p, &query, &req, &asked, &pe);
    const bool refused = !err && asked.refused;
    if (asked.dhcp_rule[0] && macro_expand(&dhcp, asked.dhcp_rule, macro_value, &values) == 0) {
        free(expanded);
        expanded = dhcp;
    }
    if (err) {
        if (q->json)
            print_refusal(q, expanded, x, &pe);
        else if (was_taken(x))
            print_read(q, expanded, x, &asked);
        sub_error(EXIT_FAILS, "rule:%d:%d: %s", pe.line, pe.col, pe.text);
    } else {
        if (q->json)
            print_json(q, expanded, &req, x, &asked);
        else
            print_text(q, expanded, &req, x, &asked);
        free(asked.body);
        rule_request_reset(&req);
    }
    free(expanded);
    return err || refused ? EXIT_FAILS : EXIT_HOLDS;
}

static void fetched_handler(const struct prov_fetch_event *ev, void *arg)
{
    (void)ev;
    (void)arg;
}

static void done_handler(const struct prov_result *res, void *arg)
{
    (void)res;
    (void)arg;
}

/* A phone's provisioning that never asks for anything: its clock stands still. */
static int open_prov(struct prov **pp, struct loop **lpp, struct rng *rng,
                     const struct rule_question *q)
{
    static const struct prov_handlers handlers = {.fetched = fetched_handler, .done = done_handler};
    int err = loop_alloc(lpp, &(struct loop_config){.clock = CLOCK_VIRTUAL});

    if (err)
        return err;
    rng_init(rng, 1, 1);
    const struct prov_config cfg = {.lp = *lpp,
                                    .rng = rng,
                                    .params = q->params,
                                    .model = q->model,
                                    .id = q->id,
                                    .local = q->local,
                                    .dhcp_value = q->dhcp};
    return prov_alloc(pp, &cfg, &handlers, NULL);
}

int explain_rule(const struct rule_question *q)
{
    struct explanation x = {.macros = json_object(), .steps = json_array()};
    const struct prov_observer o = {.macro = macro_handler, .step = step_handler, .arg = &x};
    struct loop *lp = NULL;
    struct prov *p = NULL;
    struct rng rng;
    int code;

    if (open_prov(&p, &lp, &rng, q))
        code = sub_error(EXIT_REFUSED, "out of memory");
    else if (strcmp(q->as, "trigger") == 0)
        code = explain_trigger(q, p, &o, &x);
    else
        code = explain(q, p, &o, &x);
    mem_deref(p);
    mem_deref(lp);
    json_decref(x.macros);
    json_decref(x.steps);
    return code;
}
