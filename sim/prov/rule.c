/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Profile rules (provisioning.md 3.2, 3.4). Alternatives, options and URLs are complete; conditions
 * and assignments are read and named, their evaluation is the provisioning issue's.
 */
#include "sim/prov/rule.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { RULE_MAX = 64 << 10 }; /* expanded bytes */

struct cursor {
    const char *text, *p;
    struct parse_err *pe;
};

static int bad(const struct cursor *c, int err, const char *what)
{
    return parse_err_set(c->pe, err, 1, (int)(c->p - c->text) + 1, "%s", what);
}

static void skip_blank(struct cursor *c)
{
    while (isspace((unsigned char)*c->p))
        c->p++;
}

/* A quoted text or a run without blanks and brackets. */
static int read_value(struct cursor *c, char **out)
{
    size_t len;

    skip_blank(c);
    if (*c->p == '"') {
        c->p++;
        len = strcspn(c->p, "\"");
        if (!c->p[len])
            return bad(c, EBADMSG, "a quoted option value does not end");
        *out = strndup(c->p, len);
        c->p += len + 1;
    } else {
        len = strcspn(c->p, " \t\r\n]");
        *out = strndup(c->p, len);
        c->p += len;
    }
    return *out ? 0 : ENOMEM;
}

static int read_letter(struct cursor *c, char *letter)
{
    skip_blank(c);
    if (*c->p < 'a' || *c->p > 'p' || isalnum((unsigned char)c->p[1]))
        return bad(c, EBADMSG, "an option wants one letter from a to p");
    *letter = *c->p++;
    return 0;
}

static int replace(char **at, char *value)
{
    free(*at);
    *at = value;
    return 0;
}

static int read_option(struct cursor *c, struct rule_request *req)
{
    const char *name = c->p + 2;
    const size_t len = strcspn(name, " \t\r\n]\"");
    char *value = NULL;

    c->p = name + len;
    if (len == 4 && memcmp(name, "post", 4) == 0)
        return read_letter(c, &req->post);
    if (len == 5 && memcmp(name, "alias", 5) == 0)
        return read_letter(c, &req->alias);
    char **target = len == 3 && memcmp(name, "key", 3) == 0   ? &req->key
                    : len == 3 && memcmp(name, "uid", 3) == 0 ? &req->uid
                    : len == 3 && memcmp(name, "pwd", 3) == 0 ? &req->pwd
                                                              : NULL;
    if (!target)
        return bad(c, EBADMSG, "unknown URL option");
    const int err = read_value(c, &value);
    return err ? err : replace(target, value);
}

static int read_options(struct cursor *c, struct rule_request *req)
{
    int err = 0;

    c->p++;
    for (skip_blank(c); !err && *c->p != ']'; skip_blank(c)) {
        if (strncmp(c->p, "--", 2) != 0)
            return bad(c, EBADMSG, "an option begins with --");
        err = read_option(c, req);
    }
    if (!err)
        c->p++;
    return err;
}

/* scheme://server/path, server/path, /path → an absolute URL (3.2: default scheme and server). */
static int make_url(const struct cursor *c, struct rule_request *req, const char *url,
                    const struct rule_env *env)
{
    const char *scheme = env->default_scheme && *env->default_scheme ? env->default_scheme : "tftp";
    const char *sep = strstr(url, "://");
    int n;

    if (sep) {
        const size_t len = (size_t)(sep - url);
        if (!((len == 4 && (!strncasecmp(url, "tftp", 4) || !strncasecmp(url, "http", 4))) ||
              (len == 5 && !strncasecmp(url, "https", 5))))
            return bad(c, EBADMSG, "the scheme is not tftp, http or https");
        if (sep[3] == '/' || !sep[3])
            return bad(c, EBADMSG, "the URL names no server");
        n = asprintf(&req->url, "%s", url);
    } else if (url[0] == '/') {
        if (!env->default_server || !*env->default_server)
            return bad(c, ENOENT, "the rule names no server and DHCP gave none");
        n = asprintf(&req->url, "%s://%s%s", scheme, env->default_server, url);
    } else {
        n = asprintf(&req->url, "tftp://%s", url); /* 3.2: no scheme but server is TFTP */
    }
    if (n < 0) {
        req->url = NULL;
        return ENOMEM;
    }
    if (!strchr(strstr(req->url, "://") + 3, '/'))
        return bad(c, EBADMSG, "the URL has no path");
    return 0;
}

static int read_alternative(struct cursor *c, struct rule_request *req, const struct rule_env *env)
{
    int err = 0;

    skip_blank(c);
    if (*c->p == '(')
        return bad(c, ENOSYS, "conditions and assignments are not supported yet");
    if (*c->p == '[')
        err = read_options(c, req);
    skip_blank(c);
    if (err || !*c->p || *c->p == '|')
        return err;
    const size_t len = strcspn(c->p, " \t\r\n|");
    char *url = strndup(c->p, len);
    if (!url)
        return ENOMEM;
    err = make_url(c, req, url, env);
    c->p += len;
    skip_blank(c);
    if (!err && *c->p && *c->p != '|')
        err = bad(c, EBADMSG, "something stands behind the URL");
    free(url);
    return err;
}

/* "[…]" with its quoted texts, from its bracket on; all that is left when it does not end. */
static size_t options_length(const char *p)
{
    bool quoted = false;

    for (size_t i = 0; p[i]; i++) {
        if (p[i] == '"')
            quoted = !quoted;
        else if (p[i] == ']' && !quoted)
            return i + 1;
    }
    return strlen(p);
}

struct expanded {
    char *text;
    size_t len, size;
};

static int append(struct expanded *e, const char *more)
{
    const size_t n = strlen(more);

    if (e->len + n > RULE_MAX)
        return E2BIG;
    if (e->len + n + 1 > e->size) {
        const size_t size = (e->len + n + 1) * 2;
        char *text = realloc(e->text, size);
        if (!text)
            return ENOMEM;
        e->text = text;
        e->size = size;
    }
    memcpy(e->text + e->len, more, n + 1);
    e->len += n;
    return 0;
}

/* Macros first, alternatives after (3.2), but options know more macros than the rest. */
static int expand_rule(char **out, const char *rule, const struct rule_env *env)
{
    macro_h *option = env->option_macro ? env->option_macro : env->macro;
    struct expanded e = {.text = NULL};
    int err = append(&e, "");

    while (*rule && !err) {
        const bool inside = *rule == '[';
        const size_t n = inside ? options_length(rule) : strcspn(rule, "[");
        char *piece = strndup(rule, n), *expanded = NULL;
        macro_h *h = inside ? option : env->macro;
        err = piece ? macro_expand(&expanded, piece, h, env->arg) : ENOMEM;
        if (!err)
            err = append(&e, expanded);
        free(expanded);
        free(piece);
        rule += n;
    }
    if (err)
        free(e.text);
    else
        *out = e.text;
    return err;
}

int rule_eval(struct rule_request *req, const char *rule, const struct rule_env *env,
              struct parse_err *pe)
{
    char *text = NULL;

    memset(req, 0, sizeof(*req));
    int err = expand_rule(&text, rule, env);
    if (err)
        return err == E2BIG ? parse_err_set(pe, err, 0, 0, "the rule is too long") : err;
    struct cursor c = {.text = text, .p = text, .pe = pe};
    /* the first alternative without a condition is taken (3.1): there is none before it yet */
    err = read_alternative(&c, req, env);
    if (err)
        rule_request_reset(req);
    free(text);
    return err;
}

void rule_request_reset(struct rule_request *req)
{
    free(req->url);
    free(req->uid);
    free(req->pwd);
    free(req->key);
    memset(req, 0, sizeof(*req));
}

int dhcp_hint_parse(struct dhcp_hint *hint, const char *value, const char *profile_rule)
{
    const char *sep = strstr(value, "://");

    memset(hint, 0, sizeof(*hint));
    if (!sep) { /* bare host or address: TFTP to it */
        const size_t len = strcspn(value, "/ ");
        if (!len || len >= sizeof(hint->server))
            return EINVAL;
        memcpy(hint->server, value, len);
        return 0;
    }
    const size_t scheme = (size_t)(sep - value), host = strcspn(sep + 3, "/");
    if (scheme >= sizeof(hint->scheme) || !host || host >= sizeof(hint->server))
        return EINVAL;
    memcpy(hint->scheme, value, scheme);
    memcpy(hint->server, sep + 3, host);

    const char *path = sep + 3 + host, *last = strrchr(path, '/');
    int n;
    if (last && strpbrk(last, ".$")) { /* a file: the value is the rule */
        n = snprintf(hint->rule, sizeof(hint->rule), "%s", value);
    } else { /* a prefix: the factory rule's path follows it */
        size_t len = strlen(value);
        while (len && value[len - 1] == '/')
            len--;
        n = snprintf(hint->rule, sizeof(hint->rule), "%.*s%s", (int)len, value, profile_rule);
    }
    return n < (int)sizeof(hint->rule) ? 0 : EINVAL;
}
