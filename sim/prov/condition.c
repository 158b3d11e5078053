/* SPDX-License-Identifier: BSD-3-Clause */
/* Conditions of rules and resync triggers (provisioning.md 3.2, 3.3). */
#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/prov/priv.h"
#include "sim/prov/version.h"

enum op { OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE };

enum operand_type { TYPE_INTEGER, TYPE_VERSION, TYPE_STRING, TYPE_NONE };

struct operand {
    char *text; /* malloc()ed */
    bool quoted;
};

static const char *const op_names[] = {"=", "!=", "<", "<=", ">", ">="};
static const char *const type_names[] = {"integer", "version", "string", "nothing known"};

static size_t left(const struct rule_cursor *c)
{
    return (size_t)(c->end - c->p);
}

/* A word operator stands alone: what follows is no part of a word. */
static bool read_word_op(struct rule_cursor *c, enum op *op)
{
    static const char words[][3] = {"eq", "ne", "lt", "le", "gt", "ge"};

    if (left(c) < 2 || (left(c) > 2 && !isspace((unsigned char)c->p[2]) && c->p[2] != '"'))
        return false;
    for (unsigned i = 0; i < 6; i++) {
        if (memcmp(c->p, words[i], 2) == 0) {
            *op = (enum op)i;
            c->p += 2;
            return true;
        }
    }
    return false;
}

static bool read_op(struct rule_cursor *c, enum op *op)
{
    const bool equals = left(c) > 1 && c->p[1] == '=';

    if (!left(c))
        return false;
    if (!strchr("=!<>", *c->p))
        return read_word_op(c, op);
    switch (*c->p) {
    case '=':
        *op = OP_EQ;
        c->p++;
        return true;
    case '!': /* alone it means not equal, too */
        *op = OP_NE;
        break;
    case '<':
        *op = equals ? OP_LE : OP_LT;
        break;
    default:
        *op = equals ? OP_GE : OP_GT;
        break;
    }
    c->p += equals ? 2 : 1;
    return true;
}

static int read_operand(struct rule_cursor *c, struct operand *o)
{
    const char *from = c->p;

    if (!left(c))
        return rule_bad(c, EBADMSG, "an operand is missing");
    if (*from == '"') {
        const char *end = memchr(from + 1, '"', left(c) - 1);
        if (!end)
            return rule_bad(c, EBADMSG, "a quoted operand does not end");
        o->quoted = true;
        o->text = strndup(from + 1, (size_t)(end - from) - 1);
        c->p = end + 1;
    } else {
        while (left(c) && !isspace((unsigned char)*c->p) && !strchr("=!<>\"", *c->p))
            c->p++;
        if (c->p == from)
            return rule_bad(c, EBADMSG, "an operand is missing");
        o->text = strndup(from, (size_t)(c->p - from));
    }
    return o->text ? 0 : ENOMEM;
}

static bool is_integer(const char *s)
{
    s += *s == '-'; /* $PRVST may be -1 */
    return *s && s[strspn(s, "0123456789")] == '\0' && strlen(s) <= 18;
}

static enum operand_type type_of(const struct operand *o)
{
    if (o->quoted)
        return TYPE_STRING;
    if (is_integer(o->text))
        return TYPE_INTEGER;
    return version_form(o->text) != VERSION_NONE ? TYPE_VERSION : TYPE_NONE;
}

static bool outcome(enum op op, int order)
{
    switch (op) {
    case OP_EQ:
        return order == 0;
    case OP_NE:
        return order != 0;
    case OP_LT:
        return order < 0;
    case OP_LE:
        return order <= 0;
    case OP_GT:
        return order > 0;
    case OP_GE:
        break;
    }
    return order >= 0;
}

/* NULL and *holds, or why the two cannot be compared (3.3: false then). */
static const char *compare(bool *holds, const struct operand *l, enum op op,
                           const struct operand *r, enum operand_type type)
{
    int order = 0;

    *holds = false;
    if (type == TYPE_NONE || type_of(r) == TYPE_NONE)
        return "neither a number, a version nor a text in quotes";
    if (type != type_of(r))
        return "the two are of different types";
    if (type == TYPE_STRING) {
        if (op != OP_EQ && op != OP_NE)
            return "texts are equal or not, nothing else";
        order = strcmp(l->text, r->text) != 0;
    } else if (type == TYPE_INTEGER) {
        const long long x = strtoll(l->text, NULL, 10), y = strtoll(r->text, NULL, 10);
        order = (x > y) - (x < y);
    } else if (version_cmp(&order, l->text, r->text)) {
        return "versions of different forms";
    }
    *holds = outcome(op, order);
    return NULL;
}

/* A comparison without a left side is about the firmware version (3.2, legacy). */
static int running_version(struct operand *o, const struct rule_env *env)
{
    const char *version = env->macro("SWVER", env->arg);

    o->text = strdup(version ? version : "");
    return o->text ? 0 : ENOMEM;
}

static int comparison(bool *holds, struct rule_cursor *c, unsigned alternative,
                      const struct rule_env *env)
{
    struct operand l = {.text = NULL}, r = {.text = NULL};
    struct rule_step step = {.kind = RULE_STEP_COMPARISON, .alternative = alternative};
    enum op op = OP_EQ;
    int err;

    rule_skip_blank(c);
    const bool bare = read_op(c, &op);
    err = bare ? running_version(&l, env) : read_operand(c, &l);
    rule_skip_blank(c);
    if (!err && !bare && !read_op(c, &op))
        err = rule_bad(c, EBADMSG, "a comparison is missing its operator");
    rule_skip_blank(c);
    if (!err)
        err = read_operand(c, &r);
    if (!err) {
        const enum operand_type type = type_of(&l);
        step.why = compare(holds, &l, op, &r, type);
        step.text = bare ? "$SWVER" : NULL;
        step.left = l.text;
        step.op = op_names[op];
        step.right = r.text;
        step.type = type_names[type];
        step.holds = *holds;
        rule_tell(env, &step);
    }
    free(l.text);
    free(r.text);
    return err;
}

static bool read_and(struct rule_cursor *c)
{
    if (left(c) < 3 || memcmp(c->p, "and", 3) != 0)
        return false;
    c->p += 3;
    return true;
}

int rule_condition(bool *holds, struct rule_cursor *c, unsigned alternative,
                   const struct rule_env *env)
{
    bool all = true, one = false;
    int err = 0;

    do {
        err = comparison(&one, c, alternative, env);
        all = all && one;
        rule_skip_blank(c);
    } while (!err && read_and(c));
    if (!err && left(c))
        err = rule_bad(c, EBADMSG, "comparisons are joined by \"and\"");
    *holds = !err && all;
    return err;
}
