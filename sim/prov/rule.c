/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Rules (provisioning.md 3.1, 3.2, 3.4): macros are expanded first, then alternatives are told
 * apart and read from the left until one applies.
 */
#include "sim/prov/rule.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/strbuf.h"
#include "sim/prov/priv.h"

enum { RULE_MAX = 64 << 10 };

struct span {
    const char *from, *to; /* NULL = not there */
};

struct alternative { /* its parts, in the expanded rule */
    struct span condition, assignment, options, url;
};

int rule_bad(const struct rule_cursor *c, int err, const char *what)
{
    return parse_err_set(c->pe, err, 1, (int)(c->p - c->text) + 1, "%s", what);
}

void rule_tell(const struct rule_env *env, const struct rule_step *step)
{
    if (env->step)
        env->step(step, env->arg);
}

void rule_skip_blank(struct rule_cursor *c)
{
    while (c->p < c->end && isspace((unsigned char)*c->p))
        c->p++;
}

/* The bracket that closes the one at p, quoted texts passed over; NULL when there is none. */
static const char *closing(const char *p, const char *end, char open, char close)
{
    bool quoted = false;
    unsigned depth = 0;

    for (; p < end; p++) {
        if (*p == '"')
            quoted = !quoted;
        else if (!quoted && *p == open)
            depth++;
        else if (!quoted && *p == close && --depth == 0)
            return p;
    }
    return NULL;
}

/* "( … )?" or "( … )!" */
static int read_group(struct rule_cursor *c, struct alternative *a)
{
    const char *end = closing(c->p, c->end, '(', ')');
    const struct span inside = {c->p + 1, end};

    if (!end)
        return rule_bad(c, EBADMSG, "a parenthesis does not end");
    c->p = end + 1;
    rule_skip_blank(c);
    if (c->p < c->end && *c->p == '?' && !a->condition.from && !a->assignment.from)
        a->condition = inside;
    else if (c->p < c->end && *c->p == '!' && !a->assignment.from)
        a->assignment = inside;
    else
        return rule_bad(c, EBADMSG, "? belongs behind a condition, ! behind an assignment");
    c->p++;
    return 0;
}

static int read_url(struct rule_cursor *c, struct alternative *a)
{
    a->url.from = c->p;
    while (c->p < c->end && *c->p != '|' && !isspace((unsigned char)*c->p))
        c->p++;
    a->url.to = c->p;
    rule_skip_blank(c);
    if (c->p < c->end && *c->p != '|')
        return rule_bad(c, EBADMSG, "something stands behind the URL");
    return 0;
}

/* The parts of the alternative at the cursor, which is left behind it. */
static int read_alternative(struct rule_cursor *c, struct alternative *a)
{
    int err = 0;

    memset(a, 0, sizeof(*a));
    for (rule_skip_blank(c); !err && c->p < c->end && *c->p == '('; rule_skip_blank(c))
        err = read_group(c, a);
    if (!err && c->p < c->end && *c->p == '[') {
        const char *end = closing(c->p, c->end, '[', ']');
        a->options = (struct span){c->p + 1, end ? end : c->end};
        if (!end) {
            c->p = c->end;
            return rule_bad(c, EBADMSG, "the options do not end");
        }
        c->p = end + 1;
        rule_skip_blank(c);
    }
    return err ? err : read_url(c, a);
}

static struct rule_cursor within(const struct rule_cursor *c, struct span s)
{
    return (struct rule_cursor){.text = c->text, .p = s.from, .end = s.to, .pe = c->pe};
}

/* ---- macros first */

/* Options begin here; any other bracket belongs to a URL, and must not show what is secret. */
static bool begins_options(const char *p)
{
    if (*p++ != '[')
        return false;
    while (isspace((unsigned char)*p))
        p++;
    return strncmp(p, "--", 2) == 0;
}

/* What stands before the next options; those inside a quoted text are none. */
static size_t outside_length(const char *p)
{
    bool quoted = false;
    size_t i = 0;

    for (; p[i] && (quoted || !begins_options(p + i)); i++) {
        if (p[i] == '"')
            quoted = !quoted;
    }
    return i;
}

/* Macros first, alternatives after (3.2), but options know more macros than the rest. */
static int expand_rule(char **out, const char *rule, const struct rule_env *env)
{
    macro_h *option = env->option_macro ? env->option_macro : env->macro;
    struct strbuf all = {.text = NULL};
    int err = strbuf_add(&all, "", 0, RULE_MAX);

    while (*rule && !err) {
        const bool inside = begins_options(rule);
        const char *end = inside ? closing(rule, rule + strlen(rule), '[', ']') : NULL;
        const size_t n = !inside ? outside_length(rule)
                         : end   ? (size_t)(end - rule) + 1
                                 : strlen(rule);
        char *piece = strndup(rule, n), *expanded = NULL;
        macro_h *h = inside ? option : env->macro;
        err = piece ? macro_expand(&expanded, piece, h, env->arg) : ENOMEM;
        if (!err)
            err = strbuf_add(&all, expanded, strlen(expanded), RULE_MAX);
        free(expanded);
        free(piece);
        rule += n;
    }
    if (err)
        strbuf_reset(&all);
    else
        *out = all.text;
    return err;
}

/* ---- the whole */

/* Does this alternative apply? A condition that cannot be read is false (3.3). */
static int applies(bool *holds, const struct rule_cursor *c, const struct alternative *a,
                   unsigned n, const struct rule_env *env)
{
    struct parse_err why = {.text = ""};
    struct rule_step step = {.kind = RULE_STEP_CONDITION, .alternative = n};

    *holds = true;
    if (!a->condition.from)
        return 0;
    struct rule_cursor inside = within(c, a->condition);
    inside.pe = &why;
    const int err = rule_condition(holds, &inside, n, env);
    if (err == ENOMEM)
        return err;
    step.holds = *holds;
    step.why = err ? why.text : NULL;
    rule_tell(env, &step);
    return 0;
}

static int take_url(struct rule_cursor c, struct span span, struct rule_request *req,
                    const struct rule_env *env)
{
    char *text = strndup(span.from, (size_t)(span.to - span.from));
    int err = text ? 0 : ENOMEM;

    c.p = span.from;
    if (text) {
        rule_tell(env, &(struct rule_step){.kind = RULE_STEP_TAKEN,
                                           .alternative = req->alternative,
                                           .text = text,
                                           .holds = true});
        if (*text)
            err = rule_url(&req->url, &c, text, env);
    }
    if (!err && req->url)
        rule_tell(env, &(struct rule_step){.kind = RULE_STEP_REQUEST,
                                           .alternative = req->alternative,
                                           .text = req->url,
                                           .holds = true});
    free(text);
    return err;
}

static int take(const struct rule_cursor *c, const struct alternative *a, struct rule_request *req,
                const struct rule_env *env)
{
    int err = 0;

    if (a->assignment.from)
        err = rule_assignments(within(c, a->assignment), req->alternative, env);
    if (!err && a->options.from)
        err = rule_options(req, within(c, a->options), env);
    return err ? err : take_url(*c, a->url, req, env);
}

static int eval(struct rule_cursor *c, struct rule_request *req, const struct rule_env *env)
{
    unsigned n = 0;
    bool holds = false;
    int err = 0;

    rule_skip_blank(c);
    if (c->p == c->end) /* an empty rule is none */
        return 0;
    for (;; c->p++) {
        struct alternative a;
        n++;
        err = read_alternative(c, &a);
        if (!err)
            err = applies(&holds, c, &a, n, env);
        if (err || holds) {
            req->alternative = err ? 0 : n;
            return err ? err : take(c, &a, req, env);
        }
        if (c->p == c->end)
            return 0;
    }
}

static int expand(char **text, const char *rule, const struct rule_env *env, struct parse_err *pe)
{
    const int err = expand_rule(text, rule, env);

    return err == E2BIG ? parse_err_set(pe, err, 0, 0, "the rule is too long") : err;
}

int rule_eval(struct rule_request *req, const char *rule, const struct rule_env *env,
              struct parse_err *pe)
{
    char *text = NULL;

    memset(req, 0, sizeof(*req));
    int err = expand(&text, rule, env, pe);
    if (err)
        return err;
    struct rule_cursor c = {.text = text, .p = text, .end = text + strlen(text), .pe = pe};
    err = eval(&c, req, env);
    if (err)
        rule_request_reset(req);
    free(text);
    return err;
}

int rule_test(bool *holds, const char *trigger, const struct rule_env *env, struct parse_err *pe)
{
    char *text = NULL;

    *holds = false;
    const int err = expand(&text, trigger, env, pe);
    if (err)
        return err;
    struct rule_cursor c = {.text = text, .p = text, .end = text + strlen(text), .pe = pe};
    rule_skip_blank(&c);
    const int bad = c.p < c.end ? rule_condition(holds, &c, 0, env) : 0;
    free(text);
    return bad;
}

void rule_request_reset(struct rule_request *req)
{
    free(req->url);
    free(req->uid);
    free(req->pwd);
    free(req->key);
    memset(req, 0, sizeof(*req));
}
