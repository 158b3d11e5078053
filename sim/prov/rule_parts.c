/* SPDX-License-Identifier: BSD-3-Clause */
/* What stands before the URL of an alternative: assignments (provisioning.md 3.2), options (3.4).
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/prov/priv.h"

enum { NAME_BYTES = 96 };

/* ---- assignments */

/* GPP_A to GPP_P may be written a to p (3.2). */
static int read_name(struct rule_cursor *c, char name[NAME_BYTES])
{
    const char *from = c->p;

    while (c->p < c->end && !isspace((unsigned char)*c->p) && *c->p != '=' && *c->p != '"')
        c->p++;
    const size_t len = (size_t)(c->p - from);
    if (!len || len + 4 >= NAME_BYTES)
        return rule_bad(c, EBADMSG, "an assignment wants a parameter's name");
    if (len == 1 && *from >= 'a' && *from <= 'p') {
        memcpy(name, "GPP_", 4);
        name[4] = (char)toupper((unsigned char)*from);
        name[5] = '\0';
    } else {
        memcpy(name, from, len);
        name[len] = '\0';
    }
    return 0;
}

static int read_text(struct rule_cursor *c, char **text, const char *missing)
{
    const char *end;

    if (c->p == c->end || *c->p != '"')
        return rule_bad(c, EBADMSG, missing);
    end = memchr(c->p + 1, '"', (size_t)(c->end - c->p) - 1);
    if (!end)
        return rule_bad(c, EBADMSG, "a quoted text does not end");
    *text = strndup(c->p + 1, (size_t)(end - c->p) - 1);
    c->p = end + 1;
    return *text ? 0 : ENOMEM;
}

static int assign(const char *name, const char *value, unsigned alternative,
                  const struct rule_env *env)
{
    struct rule_step step = {.kind = RULE_STEP_ASSIGNMENT,
                             .alternative = alternative,
                             .left = name,
                             .right = value,
                             .holds = true};
    const int err = env->assign ? env->assign(name, value, env->arg) : 0;

    step.why = err == ENOENT   ? "the model has no such parameter"
               : err == EINVAL ? "the value does not fit"
                               : NULL;
    step.holds = !step.why;
    rule_tell(env, &step);
    return err == ENOMEM ? ENOMEM : 0; /* what does not fit is passed over, as in a profile (5.1) */
}

int rule_assignments(struct rule_cursor c, unsigned alternative, const struct rule_env *env)
{
    char name[NAME_BYTES], *value = NULL;
    int err = 0;

    for (rule_skip_blank(&c); !err && c.p < c.end; rule_skip_blank(&c)) {
        err = read_name(&c, name);
        rule_skip_blank(&c);
        if (!err && (c.p == c.end || *c.p != '='))
            err = rule_bad(&c, EBADMSG, "an assignment wants =");
        if (err)
            return err;
        c.p++;
        rule_skip_blank(&c);
        err = read_text(&c, &value, "an assignment wants a text in quotes");
        if (err)
            return err;
        rule_skip_blank(&c);
        if (c.p < c.end && *c.p != ';')
            err = rule_bad(&c, EBADMSG, "assignments end with a semicolon");
        else if (c.p < c.end)
            c.p++;
        if (!err)
            err = assign(name, value, alternative, env);
        free(value);
    }
    return err;
}

/* ---- options */

/* A quoted text or a run without blanks. */
static int read_value(struct rule_cursor *c, char **out)
{
    const char *from;

    rule_skip_blank(c);
    if (c->p < c->end && *c->p == '"')
        return read_text(c, out, "");
    from = c->p;
    while (c->p < c->end && !isspace((unsigned char)*c->p))
        c->p++;
    *out = strndup(from, (size_t)(c->p - from));
    return *out ? 0 : ENOMEM;
}

static bool letter_follows(const struct rule_cursor *c)
{
    return c->p < c->end && *c->p >= 'a' && *c->p <= 'p' &&
           (c->p + 1 == c->end || !isalnum((unsigned char)c->p[1]));
}

static int read_letter(struct rule_cursor *c, char *letter)
{
    rule_skip_blank(c);
    if (!letter_follows(c))
        return rule_bad(c, EBADMSG, "an option wants one letter from a to p");
    *letter = *c->p++;
    return 0;
}

static int read_post(struct rule_cursor *c, struct rule_request *req, enum rule_kind kind)
{
    rule_skip_blank(c);
    if (kind == RULE_REPORT && !letter_follows(c)) {
        req->post_method = true;
        return 0;
    }
    return read_letter(c, &req->post);
}

enum option {
    OPTION_KEY,
    OPTION_UID,
    OPTION_PWD,
    OPTION_POST,
    OPTION_ALIAS,
    OPTION_DELTA,
    OPTION_PUT,
    OPTION_NONE
};

static const char *const option_names[] = {"key", "uid", "pwd", "post", "alias", "delta", "put"};

static enum option find_option(const char *name, size_t len, enum rule_kind kind)
{
    unsigned n = 0;

    while (n < OPTION_NONE &&
           (strlen(option_names[n]) != len || memcmp(name, option_names[n], len) != 0))
        n++;
    return (n == OPTION_DELTA || n == OPTION_PUT) && kind != RULE_REPORT ? OPTION_NONE
                                                                         : (enum option)n;
}

static int read_texts(struct rule_cursor *c, struct rule_request *req, enum option o)
{
    char **const targets[] = {&req->key, &req->uid, &req->pwd};
    char *value = NULL;
    const int err = read_value(c, &value);

    if (!err) { /* the last of two equal options counts */
        free(*targets[o]);
        *targets[o] = value;
    }
    return err;
}

static int read_option(struct rule_cursor *c, struct rule_request *req, unsigned alternative,
                       const struct rule_env *env)
{
    const char *name = c->p + 2;
    char letter[2] = "";
    int err = 0;

    for (c->p = name; c->p < c->end && !isspace((unsigned char)*c->p) && *c->p != '"';)
        c->p++;
    const enum option o = find_option(name, (size_t)(c->p - name), env->kind);
    if (o == OPTION_NONE)
        return rule_bad(c, EBADMSG, "unknown URL option");
    if (o <= OPTION_PWD)
        err = read_texts(c, req, o);
    else if (o == OPTION_POST)
        err = read_post(c, req, env->kind);
    else if (o == OPTION_ALIAS)
        err = read_letter(c, &req->alias);
    req->delta = req->delta || o == OPTION_DELTA;
    req->put = req->put || o == OPTION_PUT;
    letter[0] = o == OPTION_POST ? req->post : o == OPTION_ALIAS ? req->alias : '\0';
    if (!err)
        rule_tell(env, &(struct rule_step){.kind = RULE_STEP_OPTION,
                                           .alternative = alternative,
                                           .left = option_names[o],
                                           .right = o == OPTION_KEY   ? req->key
                                                    : o == OPTION_UID ? req->uid
                                                    : o == OPTION_PWD ? req->pwd
                                                                      : letter,
                                           .secret = o == OPTION_KEY || o == OPTION_PWD,
                                           .holds = true});
    return err;
}

int rule_options(struct rule_request *req, struct rule_cursor c, const struct rule_env *env)
{
    int err = 0;

    if (env->kind == RULE_UPGRADE)
        return rule_bad(&c, EBADMSG, "an upgrade rule takes no options");
    for (rule_skip_blank(&c); !err && c.p < c.end; rule_skip_blank(&c)) {
        if (c.end - c.p < 2 || memcmp(c.p, "--", 2) != 0)
            return rule_bad(&c, EBADMSG, "an option begins with --");
        err = read_option(&c, req, req->alternative, env);
    }
    return err;
}
