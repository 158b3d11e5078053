/* SPDX-License-Identifier: BSD-3-Clause */
/* URLs of rules: default scheme, server and port (provisioning.md 3.2), and DHCP's (1.2). */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/prov/priv.h"

/* Length of "scheme" before "://", 0 = it has none. A "://" further on belongs to a query. */
static size_t scheme_length(const char *url)
{
    const size_t n = strcspn(url, ":/?");

    return strncmp(url + n, "://", 3) == 0 ? n : 0;
}

static bool known_scheme(const char *url, size_t len)
{
    return (len == 4 && (!strncasecmp(url, "tftp", 4) || !strncasecmp(url, "http", 4))) ||
           (len == 5 && !strncasecmp(url, "https", 5));
}

static int no_server(const struct rule_cursor *c, const struct rule_env *env)
{
    return rule_bad(c, ENOENT,
                    env->kind == RULE_UPGRADE ? "an upgrade rule names its server"
                                              : "the rule names no server and DHCP gave none");
}

/* The server that DHCP named. Its port belongs to its own scheme [DEF]. */
static int default_server(char **url, const struct rule_cursor *c, const char *scheme, size_t len,
                          const char *path, const struct rule_env *env)
{
    const char *server = env->default_server;
    const char *own = env->default_scheme && *env->default_scheme ? env->default_scheme : "tftp";

    if (env->kind == RULE_UPGRADE || !server || !*server)
        return no_server(c, env);
    const bool same = !len || (len == strlen(own) && strncasecmp(scheme, own, len) == 0);
    if (!len) {
        scheme = own;
        len = strlen(own);
    }
    const size_t host = same ? strlen(server) : strcspn(server, ":");
    return asprintf(url, "%.*s://%.*s%s", (int)len, scheme, (int)host, server, path) < 0 ? ENOMEM
                                                                                         : 0;
}

int rule_url(char **url, const struct rule_cursor *c, const char *text, const struct rule_env *env)
{
    const size_t len = scheme_length(text);
    const char *rest = len || strncmp(text, "://", 3) == 0 ? text + len + 3 : text;
    char *out = NULL;
    int err = 0;

    if (rest != text && !known_scheme(text, len))
        return rule_bad(c, EBADMSG, "the scheme is not tftp, http or https");
    if (rest[strcspn(rest, "/?#")] != '/') /* absolute and present (3.2) */
        return rule_bad(c, EBADMSG, *rest ? "the URL has no path" : "the URL names no server");
    if (*rest == '/')
        err = default_server(&out, c, text, len, rest, env);
    else if (asprintf(&out, len ? "%s%s" : "%s%s", len ? "" : "tftp://", text) < 0)
        err = ENOMEM; /* 3.2: no scheme but a server is TFTP */
    if (!err)
        *url = out;
    return err;
}

int rule_url_split(struct rule_url_parts *parts, const char *url)
{
    const size_t scheme = scheme_length(url);

    memset(parts, 0, sizeof(*parts));
    if (!known_scheme(url, scheme))
        return EINVAL;
    for (size_t i = 0; i < scheme; i++)
        parts->scheme[i] = (char)tolower((unsigned char)url[i]);
    const char *server = url + scheme + 3;
    const char *path = server + strcspn(server, "/");
    const char *login = memrchr(server, '@', (size_t)(path - server));
    if (login) /* "user:password@" is no part of the server */
        server = login + 1;
    const size_t len = (size_t)(path - server);
    const char *colon = memrchr(server, ':', len);
    const size_t host = colon ? (size_t)(colon - server) : len;
    if (!host || host >= sizeof(parts->server) || (colon && len - host > sizeof(parts->port)))
        return EINVAL;
    memcpy(parts->server, server, host);
    if (colon && len - host > 1)
        memcpy(parts->port, colon + 1, len - host - 1);
    else
        strcpy(parts->port, *parts->scheme == 't' ? "69" : scheme == 5 ? "443" : "80");
    parts->path = *path ? path : "/";
    return 0;
}

bool dhcp_option_valid(const char *text)
{
    static const unsigned known[] = {66, 150, 159, 160, 60, 43, 125};
    char *end;
    const unsigned long n = strtoul(text, &end, 10);

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (n == known[i])
            return *text >= '0' && *text <= '9' && *end == '=' && end[1];
    }
    return false;
}

/* The value behind "N=" in one of the lines, NULL = it is not offered. */
static const char *offered(const char *offers, unsigned long option)
{
    for (const char *p = offers; p; p = strchr(p, '\n')) {
        char *end;
        p += *p == '\n';
        if (strtoul(p, &end, 10) == option && end > p && *end == '=')
            return end + 1;
    }
    return NULL;
}

const char *dhcp_choose(char *buf, size_t size, const char *offers, const char *order,
                        unsigned *option)
{
    const size_t digits = strspn(offers, "0123456789");
    const char *value = digits && offers[digits] == '=' ? NULL : offers;
    unsigned long number = 66;

    for (const char *p = order; !value && *p;) {
        char *end;
        number = strtoul(p, &end, 10);
        if (end > p)
            value = offered(offers, number);
        p = end + strcspn(end, ",");
        p += *p == ',';
    }
    if (!value)
        return NULL;
    if (option)
        *option = (unsigned)number;
    snprintf(buf, size, "%.*s", (int)strcspn(value, "\n"), value);
    return buf;
}

int dhcp_hint_parse(struct dhcp_hint *hint, const char *value, const char *profile_rule)
{
    const char *sep = strstr(value, "://");

    memset(hint, 0, sizeof(*hint));
    if (!sep) { /* bare host or address: TFTP to it */
        const size_t len = strcspn(value, "/, ");
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
