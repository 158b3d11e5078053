/* SPDX-License-Identifier: BSD-3-Clause */
/* Digest as the one who is asked: a challenge is kept, credentials are printed (sip-behaviour.md
 * 2.10). */
#include "sim/sip/auth.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <re.h>

#include "sim/base/rng.h"
#include "sim/sip/digest.h"
#include "sim/sip/writer.h"

struct challenge {
    struct pl realm, nonce, opaque, algorithm, qop, stale;
};

static bool challenge_read(struct challenge *c, const struct pl *value)
{
    struct pl in = *value, name, val;
    int err;

    memset(c, 0, sizeof(*c));
    if (!digest_scheme(&in))
        return false;
    while (!(err = digest_param(&in, &name, &val))) {
        if (!pl_strcasecmp(&name, "realm"))
            c->realm = val;
        else if (!pl_strcasecmp(&name, "nonce"))
            c->nonce = val;
        else if (!pl_strcasecmp(&name, "opaque"))
            c->opaque = val;
        else if (!pl_strcasecmp(&name, "algorithm"))
            c->algorithm = val;
        else if (!pl_strcasecmp(&name, "qop"))
            c->qop = val;
        else if (!pl_strcasecmp(&name, "stale"))
            c->stale = val;
    }
    return err == ENOENT && c->realm.p && c->nonce.l > 0;
}

/* Does the comma-separated list hold this word? */
static bool list_has(const struct pl *list, const char *word)
{
    struct pl in = *list, item;

    while (in.l) {
        while (in.l && (digest_is_space(*in.p) || *in.p == ','))
            pl_advance(&in, 1);
        item.p = in.p;
        while (in.l && *in.p != ',' && !digest_is_space(*in.p))
            pl_advance(&in, 1);
        item.l = (size_t)(in.p - item.p);
        if (!pl_strcasecmp(&item, word))
            return true;
    }
    return false;
}

/* Line ends in a quoted text, folded or bare, would travel into our own header. */
static bool has_control(const struct pl *p)
{
    for (size_t i = 0; i < p->l; i++) {
        if ((unsigned char)p->p[i] < ' ' && p->p[i] != '\t')
            return true;
    }
    return false;
}

static bool challenge_usable(const struct challenge *c)
{
    if (c->algorithm.l && pl_strcasecmp(&c->algorithm, "md5"))
        return false;
    if (c->qop.l && !list_has(&c->qop, "auth"))
        return false;
    return !has_control(&c->realm) && !has_control(&c->nonce) && !has_control(&c->opaque);
}

static bool same_text(const char *s, const struct pl *p)
{
    return s && strlen(s) == p->l && !memcmp(s, p->p, p->l);
}

/* Keep *sp when it already says so; an absent text (no p) becomes NULL. */
static bool take_text(char **sp, const struct pl *p)
{
    char *s = NULL;

    if (p->p && same_text(*sp, p))
        return true;
    if (p->p) {
        s = malloc(p->l + 1);
        if (!s)
            return false;
        memcpy(s, p->p, p->l);
        s[p->l] = 0;
    }
    free(*sp);
    *sp = s;
    return true;
}

enum auth_outcome auth_client_challenge(struct auth_client *a, const struct pl *value, bool proxy)
{
    struct challenge c;
    bool stale, same_realm;

    if (!a || !value || !value->p || !challenge_read(&c, value) || !challenge_usable(&c))
        return AUTH_UNUSABLE;
    stale = c.stale.l && !pl_strcasecmp(&c.stale, "true");
    same_realm = same_text(a->realm, &c.realm);
    if (!take_text(&a->realm, &c.realm) || !take_text(&a->nonce, &c.nonce) ||
        !take_text(&a->opaque, &c.opaque)) {
        auth_client_reset(a);
        return AUTH_UNUSABLE;
    }
    /* a refusal that is not stale may mean another password by now: hash anew */
    if (!stale || !same_realm)
        a->has_ha1 = false;
    a->nc = 0;
    a->proxy = proxy;
    a->qop = c.qop.l > 0;
    a->lower_algorithm = c.algorithm.l && *c.algorithm.p == 'm';
    return stale ? AUTH_STALE : AUTH_NEW;
}

bool auth_client_ready(const struct auth_client *a)
{
    return a && a->realm && a->nonce;
}

static bool client_hash(struct auth_client *a, uint8_t *digest, const struct auth_request *r,
                        const char *cnonce)
{
    uint8_t ha2[DIGEST_BYTES];

    if (!a->has_ha1) {
        if (!digest_hash(a->ha1, r->user, a->realm, r->password))
            return false;
        a->has_ha1 = true;
    }
    return digest_hash(ha2, r->method, r->uri, NULL) &&
           digest_response(digest, a->ha1, a->nonce, a->nc + 1, cnonce, ha2);
}

/* The inside of a quoted-string. Line ends cannot be escaped in one, so they are left out. */
static void put_quoted(struct writer *w, const char *s)
{
    for (; *s; s++) {
        if (*s == '\r' || *s == '\n')
            continue;
        if (*s == '"' || *s == '\\')
            put(w, "\\");
        put_bytes(w, s, 1);
    }
}

static void print_spa(struct writer *w, const struct auth_client *a, const struct auth_request *r,
                      const uint8_t *digest)
{
    put(w, "Digest username=\"");
    put_quoted(w, r->user);
    put(w, "\",realm=\"");
    put(w, a->realm); /* as the challenge wrote it, escapes included */
    put(w, "\",nonce=\"");
    put(w, a->nonce);
    put(w, "\",uri=\"");
    put_quoted(w, r->uri);
    put(w, a->lower_algorithm ? "\",algorithm=md5" : "\",algorithm=MD5");
    put(w, ",response=\"");
    digest_put_hex(w, digest, DIGEST_BYTES);
    put(w, "\"");
}

/* [T] 7960G 8.0: username,realm,uri,response,nonce,algorithm */
static void print_79xx(struct writer *w, const struct auth_client *a, const struct auth_request *r,
                       const uint8_t *digest)
{
    put(w, "Digest username=\"");
    put_quoted(w, r->user);
    put(w, "\",realm=\"");
    put(w, a->realm);
    put(w, "\",uri=\"");
    put_quoted(w, r->uri);
    put(w, "\",response=\"");
    digest_put_hex(w, digest, DIGEST_BYTES);
    put(w, "\",nonce=\"");
    put(w, a->nonce);
    put(w, a->lower_algorithm ? "\",algorithm=md5" : "\",algorithm=MD5");
}

size_t auth_client_print(struct auth_client *a, char *buf, size_t size,
                         const struct auth_request *r, struct rng *rng)
{
    struct writer w = {.buf = buf, .size = size ? size - 1 : 0};
    char cnonce[9] = "";
    uint8_t digest[DIGEST_BYTES];

    if (!auth_client_ready(a) || !buf || !size || !r || !r->method || !r->uri || !r->user ||
        !r->password || !rng)
        return 0;
    if (a->qop)
        snprintf(cnonce, sizeof(cnonce), "%08x", rng_u32(rng));
    if (!client_hash(a, digest, r, a->qop ? cnonce : NULL))
        return 0;
    if (r->order_79xx)
        print_79xx(&w, a, r, digest);
    else
        print_spa(&w, a, r, digest);
    if (a->opaque) {
        put(&w, ",opaque=\""); /* position [DEF], sip-behaviour.md 2.10 */
        put(&w, a->opaque);
        put(&w, "\"");
    }
    if (a->qop) {
        put(&w, ",qop=auth,nc=");
        put_hex_fixed(&w, a->nc + 1, 8);
        put(&w, ",cnonce=\"");
        put(&w, cnonce);
        put(&w, "\"");
    }
    if (w.full)
        return 0;
    buf[w.len] = '\0';
    a->nc++;
    return w.len;
}

void auth_client_reset(struct auth_client *a)
{
    if (!a)
        return;
    free(a->realm);
    free(a->nonce);
    free(a->opaque);
    memset(a, 0, sizeof(*a));
}
