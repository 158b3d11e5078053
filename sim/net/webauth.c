/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/net/webauth.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <openssl/evp.h>

enum { MD5_HEX = 33 };

struct text { /* within the challenges; escapes of quoted texts are still there */
    const char *p;
    int len;
};

struct challenge {
    bool digest, basic;
    struct text realm, nonce, opaque, qop, algorithm;
};

static bool is_token(char c)
{
    return isalnum((unsigned char)c) || (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is(struct text t, const char *word)
{
    return (size_t)t.len == strlen(word) && strncasecmp(t.p, word, (size_t)t.len) == 0;
}

/* "value" or value at *p */
static struct text read_value(const char **p)
{
    struct text t = {*p, 0};

    if (**p == '"') {
        const char *end = t.p = *p + 1;
        while (*end && *end != '"')
            end += *end == '\\' && end[1] ? 2 : 1;
        t.len = (int)(end - t.p);
        *p = end + (*end == '"');
    } else {
        while (is_token(**p))
            (*p)++;
        t.len = (int)(*p - t.p);
    }
    return t;
}

static void set_parameter(struct challenge *c, struct text name, struct text value)
{
    struct text *at = is(name, "realm")       ? &c->realm
                      : is(name, "nonce")     ? &c->nonce
                      : is(name, "opaque")    ? &c->opaque
                      : is(name, "qop")       ? &c->qop
                      : is(name, "algorithm") ? &c->algorithm
                                              : NULL;
    if (at)
        *at = value;
}

/* The next challenge at *p; false at the end. */
static bool next_challenge(struct challenge *c, const char **p)
{
    bool found = false;

    memset(c, 0, sizeof(*c));
    while (**p) {
        const char *from = *p;
        struct text word = {from, 0};
        while (is_token(**p))
            (*p)++;
        word.len = (int)(*p - from);
        if (!word.len) { /* blank, comma, line end, or what nobody expects */
            (*p)++;
            continue;
        }
        *p += strspn(*p, " \t");
        if (**p == '=') {
            ++*p;
            *p += strspn(*p, " \t");
            set_parameter(c, word, read_value(p));
        } else if (found) {
            *p = from;
            return true;
        } else {
            found = true;
            c->digest = is(word, "Digest");
            c->basic = is(word, "Basic");
        }
    }
    return found;
}

/* Does the list of a qop parameter offer "auth"? */
static bool offers_auth(struct text qop)
{
    for (int i = 0; i < qop.len; i++) {
        int n = 0;
        while (i + n < qop.len && is_token(qop.p[i + n]))
            n++;
        if (n == 4 && strncasecmp(qop.p + i, "auth", 4) == 0)
            return true;
        i += n;
    }
    return false;
}

static bool can_answer(const struct challenge *c)
{
    return c->digest && c->nonce.p && (!c->algorithm.p || is(c->algorithm, "MD5")) &&
           (!c->qop.len || offers_auth(c->qop));
}

static bool md5(char hex[MD5_HEX], const char *text)
{
    uint8_t hash[16];

    if (!EVP_Digest(text, strlen(text), hash, NULL, EVP_md5(), NULL))
        return false;
    for (unsigned i = 0; i < 16; i++)
        sprintf(hex + 2 * i, "%02x", hash[i]);
    return true;
}

/* md5 of the printed text; false when memory ran out */
static bool md5_print(char hex[MD5_HEX], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool md5_print(char hex[MD5_HEX], const char *format, ...)
{
    char *text = NULL;
    va_list ap;

    va_start(ap, format);
    const int n = vasprintf(&text, format, ap);
    va_end(ap);
    if (n < 0)
        return false;
    const bool done = md5(hex, text);
    free(text);
    return done;
}

/* A quoted text without its escapes; malloc()ed. */
static char *plain(struct text t)
{
    char *out = malloc((size_t)t.len + 1), *to = out;

    for (int i = 0; out && i < t.len; i++) {
        if (t.p[i] == '\\' && i + 1 < t.len)
            i++;
        *to++ = t.p[i];
    }
    if (out)
        *to = '\0';
    return out;
}

/* A text made fit for quotes; malloc()ed. */
static char *quoted(const char *text)
{
    char *out = malloc(2 * strlen(text) + 1), *to = out;

    for (; out && *text; text++) {
        if (*text == '"' || *text == '\\')
            *to++ = '\\';
        *to++ = *text;
    }
    if (out)
        *to = '\0';
    return out;
}

static bool respond(char hex[MD5_HEX], const struct challenge *c, const struct webauth_request *r,
                    const char *cnonce)
{
    char ha1[MD5_HEX], ha2[MD5_HEX];
    char *realm = plain(c->realm), *nonce = plain(c->nonce);
    bool done = realm && nonce && md5_print(ha1, "%s:%s:%s", r->uid, realm, r->pwd) &&
                md5_print(ha2, "%s:%s", r->method, r->uri);

    if (done && c->qop.len)
        done = md5_print(hex, "%s:%s:%08x:%s:auth:%s", ha1, nonce, r->nc, cnonce, ha2);
    else if (done)
        done = md5_print(hex, "%s:%s:%s", ha1, nonce, ha2);
    free(realm);
    free(nonce);
    return done;
}

static int answer_digest(char **value, const struct challenge *c, const struct webauth_request *r)
{
    char response[MD5_HEX], cnonce[16], with_qop[80] = "";
    char *uid = quoted(r->uid);
    int n = -1;

    snprintf(cnonce, sizeof(cnonce), "%08x", r->cnonce);
    if (c->qop.len)
        snprintf(with_qop, sizeof(with_qop), ", qop=auth, nc=%08x, cnonce=\"%s\"", r->nc, cnonce);
    if (uid && respond(response, c, r, cnonce))
        n = asprintf(value,
                     "Digest username=\"%s\", realm=\"%.*s\", nonce=\"%.*s\", uri=\"%s\", "
                     "response=\"%s\"%s%s%.*s%s%s",
                     uid, c->realm.len, c->realm.p ? c->realm.p : "", c->nonce.len, c->nonce.p,
                     r->uri, response, c->algorithm.p ? ", algorithm=MD5" : "",
                     c->opaque.p ? ", opaque=\"" : "", c->opaque.len,
                     c->opaque.p ? c->opaque.p : "", c->opaque.p ? "\"" : "", with_qop);
    free(uid);
    return n < 0 ? ENOMEM : 0;
}

static int answer_basic(char **value, const struct webauth_request *r)
{
    char *pair = NULL, *out;
    const int n = asprintf(&pair, "%s:%s", r->uid, r->pwd);

    if (n < 0)
        return ENOMEM;
    out = malloc(6 + 4 * ((size_t)n / 3 + 1) + 1);
    if (out) {
        memcpy(out, "Basic ", 6);
        EVP_EncodeBlock((uint8_t *)out + 6, (const uint8_t *)pair, n);
    }
    free(pair);
    *value = out;
    return out ? 0 : ENOMEM;
}

int webauth_answer(char **value, const char *challenges, const struct webauth_request *req)
{
    struct challenge c;
    bool basic = false;

    for (const char *p = challenges; next_challenge(&c, &p);) {
        if (can_answer(&c))
            return answer_digest(value, &c, req);
        basic = basic || c.basic;
    }
    return basic ? answer_basic(value, req) : ENOENT;
}
