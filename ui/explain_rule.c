/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/explain_rule.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <jansson.h>

#include "sim/prov/rule.h"
#include "ui/sub.h"

struct explanation {
    struct macro_values values; /* first: macro_value() sees it */
    struct param_set *params;
    json_t *macros, *steps;
};

static const char *const kinds[] = {"comparison", "condition", "assignment",
                                    "option",     "taken",     "request"};

static const char *noted(struct explanation *x, const char *name, const char *value)
{
    const bool secret = name[0] == 'S' && name[1] >= 'A' && name[1] <= 'D' && !name[2];

    if (value)
        json_object_set_new(x->macros, name, json_string(secret ? "(secret)" : value));
    return value;
}

static const char *macro_handler(const char *name, void *arg)
{
    return noted(arg, name, macro_value(name, arg));
}

static const char *option_handler(const char *name, void *arg)
{
    return noted(arg, name, macro_option_value(name, arg));
}

static int assign_handler(const char *name, const char *value, void *arg)
{
    const struct explanation *x = arg;

    return param_set_name(x->params, name, value, PARAM_FROM_PROFILE, NULL);
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

static const char *method(const struct rule_question *q, const struct rule_request *req)
{
    const bool report = strcmp(q->as, "report") == 0;

    if (!req->url)
        return NULL;
    if (strncasecmp(req->url, "tftp:", 5) == 0)
        return report ? "PUT" : "GET";
    if (report)
        return req->put || (!req->post_method && !req->post &&
                            strcmp(param_get(q->params, P_HTTP_Report_Method, 0), "PUT") == 0)
                   ? "PUT"
                   : "POST";
    return req->post ? "POST" : "GET";
}

static const char *body_of(const struct rule_question *q, const struct rule_request *req,
                           struct explanation *x, char **text)
{
    if (!req->post || !req->url)
        return NULL;
    const enum param_id id = (enum param_id)(P_GPP_A + (req->post - 'a'));
    return macro_expand(text, param_get(q->params, id, 0), macro_handler, x) ? NULL : *text;
}

static void print_text(const struct rule_question *q, const char *expanded,
                       const struct rule_request *req, struct explanation *x, const char *body)
{
    const char *name;
    json_t *value;

    printf("rule      %s\n", q->rule);
    json_object_foreach(x->macros, name, value)
        printf("macro     $%s = %s\n", name, json_string_value(value));
    printf("expanded  %s\n", expanded);
    print_steps(x);
    if (req->url)
        printf("request   %s %s\n", method(q, req), req->url);
    else
        printf("request   none: %s\n", req->alternative            ? "the alternative names no URL"
                                       : json_array_size(x->steps) ? "no alternative applies"
                                                                   : "the rule is empty");
    if (req->uid)
        printf("login     %s\n", req->uid);
    if (req->key)
        printf("key       given, %zu characters\n", strlen(req->key));
    if (body)
        printf("body      %s\n", body);
}

static void print_json(const struct rule_question *q, const char *expanded,
                       const struct rule_request *req, struct explanation *x, const char *body)
{
    const char letter[] = {req->alias, '\0'};
    json_t *obj = json_pack(
        "{s:s, s:O, s:s, s:O, s:i, s:s?, s:s?, s:s?, s:b, s:s?, s:s?, s:b}", "rule", q->rule,
        "macros", x->macros, "expanded", expanded, "steps", x->steps, "alternative",
        (int)req->alternative, "method", method(q, req), "url", req->url, "login", req->uid, "key",
        req->key != NULL, "body", body, "alias", req->alias ? letter : NULL, "delta", req->delta);

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

static int explain_trigger(const struct rule_question *q, const struct rule_env *env,
                           struct explanation *x)
{
    struct parse_err pe = {.text = ""};
    bool holds;
    const int err = rule_test(&holds, q->rule, env, &pe);

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

static int explain(const struct rule_question *q, const struct rule_env *env, struct explanation *x)
{
    struct rule_request req;
    struct parse_err pe = {.text = ""};
    char *expanded = NULL, *text = NULL;

    if (macro_expand(&expanded, q->rule, macro_value, x))
        return sub_error(EXIT_FAILS, "the rule is too long");
    const int err = rule_eval(&req, q->rule, env, &pe);
    if (err) {
        if (q->json)
            print_refusal(q, expanded, x, &pe);
        sub_error(EXIT_FAILS, "rule:%d:%d: %s", pe.line, pe.col, pe.text);
    } else {
        const char *body = body_of(q, &req, x, &text);
        if (q->json)
            print_json(q, expanded, &req, x, body);
        else
            print_text(q, expanded, &req, x, body);
        rule_request_reset(&req);
    }
    free(text);
    free(expanded);
    return err ? EXIT_FAILS : EXIT_HOLDS;
}

int explain_rule(const struct rule_question *q)
{
    struct explanation x = {
        .values = q->values, .params = q->params, .macros = json_object(), .steps = json_array()};
    struct dhcp_hint hint = {.server = ""};
    const struct rule_env env = {
        .macro = macro_handler,
        .option_macro = option_handler,
        .assign = assign_handler,
        .step = step_handler,
        .arg = &x,
        .default_server = hint.server,
        .default_scheme = hint.scheme,
        .kind = strcmp(q->as, "upgrade") == 0  ? RULE_UPGRADE
                : strcmp(q->as, "report") == 0 ? RULE_REPORT
                                               : RULE_PROFILE,
    };
    int code;

    if (q->server && dhcp_hint_parse(&hint, q->server, ""))
        code = sub_error(EXIT_USAGE, "--server: \"%s\" names no host", q->server);
    else if (strcmp(q->as, "trigger") == 0)
        code = explain_trigger(q, &env, &x);
    else
        code = explain(q, &env, &x);
    json_decref(x.macros);
    json_decref(x.steps);
    return code;
}
