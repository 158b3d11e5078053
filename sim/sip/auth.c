/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/auth.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <re.h>

#include "sim/base/rng.h"

enum {
    MD5_HEX = 32,
    LINE_MAX_LEN = 2048, /* longest text hashed: user:realm:password, method:uri, HA1:nonce:… */
};

/* A growing text in a fixed buffer; full stays set once something did not fit. */
struct out {
    char *p, *end;
    bool full;
};

static void put(struct out *o, const char *s, size_t n)
{
    if (o->full || n > (size_t)(o->end - o->p)) {
        o->full = true;
        return;
    }
    memcpy(o->p, s, n);
    o->p += n;
}

static void puts_(struct out *o, const char *s)
{
    put(o, s, strlen(s));
}

static void put_hex(struct out *o, const uint8_t *d, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char c[2] = {"0123456789abcdef"[d[i] >> 4], "0123456789abcdef"[d[i] & 15]};

        put(o, c, 2);
    }
}

static void put_hex32(struct out *o, uint32_t v)
{
    const uint8_t d[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};

    put_hex(o, d, sizeof(d));
}

/* The inside of a quoted-string. Line ends cannot be escaped in one, so they are left out. */
static void put_quoted(struct out *o, const char *s)
{
    for (; *s; s++) {
        if (*s == '\r' || *s == '\n')
            continue;
        if (*s == '"' || *s == '\\')
            put(o, "\\", 1);
        put(o, s, 1);
    }
}

/* MD5 of a, b, c joined by colons (c may be NULL). */
static bool hash3(uint8_t *digest, const char *a, const char *b, const char *c)
{
    char buf[LINE_MAX_LEN];
    struct out o = {buf, buf + sizeof(buf), false};

    puts_(&o, a);
    put(&o, ":", 1);
    puts_(&o, b);
    if (c) {
        put(&o, ":", 1);
        puts_(&o, c);
    }
    if (o.full)
        return false;
    md5((const uint8_t *)buf, (size_t)(o.p - buf), digest);
    return true;
}

/* cnonce NULL: the RFC 2069 form MD5(HA1:nonce:HA2). */
static bool hash_response(uint8_t *digest, const uint8_t *ha1, const char *nonce, uint32_t nc,
                          const char *cnonce, const uint8_t *ha2)
{
    char buf[LINE_MAX_LEN];
    struct out o = {buf, buf + sizeof(buf), false};

    put_hex(&o, ha1, MD5_SIZE);
    put(&o, ":", 1);
    puts_(&o, nonce);
    put(&o, ":", 1);
    if (cnonce) {
        put_hex32(&o, nc);
        put(&o, ":", 1);
        puts_(&o, cnonce);
        put(&o, ":auth:", 6);
    }
    put_hex(&o, ha2, MD5_SIZE);
    if (o.full)
        return false;
    md5((const uint8_t *)buf, (size_t)(o.p - buf), digest);
    return true;
}

/* ---- reading: Digest name=value, name="value", ... */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_space(struct pl *in)
{
    while (in->l && is_space(*in->p))
        pl_advance(in, 1);
}

static bool is_token_char(char c)
{
    return c > 32 && c < 127 && !strchr("()<>@,;:\\\"/[]?={}", c);
}

static bool take_token(struct pl *in, struct pl *tok)
{
    tok->p = in->p;
    while (in->l && is_token_char(*in->p))
        pl_advance(in, 1);
    tok->l = (size_t)(in->p - tok->p);
    return tok->l > 0;
}

/* Leaves val as written between the quotes, escapes included. */
static bool take_quoted(struct pl *in, struct pl *val)
{
    pl_advance(in, 1);
    val->p = in->p;
    while (in->l && *in->p != '"') {
        if (*in->p == '\\' && in->l > 1)
            pl_advance(in, 1);
        pl_advance(in, 1);
    }
    val->l = (size_t)(in->p - val->p);
    if (!in->l)
        return false;
    pl_advance(in, 1);
    return true;
}

/* Next name=value; 0, ENOENT at the end, EBADMSG. */
static int take_param(struct pl *in, struct pl *name, struct pl *val)
{
    for (skip_space(in); in->l && *in->p == ','; skip_space(in))
        pl_advance(in, 1);
    if (!in->l)
        return ENOENT;
    if (!take_token(in, name))
        return EBADMSG;
    skip_space(in);
    if (!in->l || *in->p != '=')
        return EBADMSG;
    pl_advance(in, 1);
    skip_space(in);
    if (in->l && *in->p == '"') {
        if (!take_quoted(in, val))
            return EBADMSG;
    } else {
        /* some senders leave quotes out where RFC 2617 wants them: up to the next comma or blank */
        val->p = in->p;
        while (in->l && *in->p != ',' && !is_space(*in->p))
            pl_advance(in, 1);
        val->l = (size_t)(in->p - val->p);
    }
    skip_space(in);
    return in->l && *in->p != ',' ? EBADMSG : 0;
}

static bool take_scheme(struct pl *in)
{
    struct pl scheme;

    skip_space(in);
    return take_token(in, &scheme) && !pl_strcasecmp(&scheme, "digest") && in->l &&
           is_space(*in->p);
}

/* Does the comma-separated list hold this word? */
static bool list_has(const struct pl *list, const char *word)
{
    struct pl in = *list, item;

    while (in.l) {
        while (in.l && (is_space(*in.p) || *in.p == ','))
            pl_advance(&in, 1);
        item.p = in.p;
        while (in.l && *in.p != ',' && !is_space(*in.p))
            pl_advance(&in, 1);
        item.l = (size_t)(in.p - item.p);
        if (!pl_strcasecmp(&item, word))
            return true;
    }
    return false;
}

/* ---- client */

struct challenge {
    struct pl realm, nonce, opaque, algorithm, qop, stale;
};

static bool challenge_read(struct challenge *c, const struct pl *value)
{
    struct pl in = *value, name, val;
    int err;

    memset(c, 0, sizeof(*c));
    if (!take_scheme(&in))
        return false;
    while (!(err = take_param(&in, &name, &val))) {
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
    uint8_t ha2[MD5_SIZE];

    if (!a->has_ha1) {
        if (!hash3(a->ha1, r->user, a->realm, r->password))
            return false;
        a->has_ha1 = true;
    }
    return hash3(ha2, r->method, r->uri, NULL) &&
           hash_response(digest, a->ha1, a->nonce, a->nc + 1, cnonce, ha2);
}

static void print_spa(struct out *o, const struct auth_client *a, const struct auth_request *r,
                      const uint8_t *digest)
{
    puts_(o, "Digest username=\"");
    put_quoted(o, r->user);
    puts_(o, "\",realm=\"");
    puts_(o, a->realm); /* as the challenge wrote it, escapes included */
    puts_(o, "\",nonce=\"");
    puts_(o, a->nonce);
    puts_(o, "\",uri=\"");
    put_quoted(o, r->uri);
    puts_(o, a->lower_algorithm ? "\",algorithm=md5" : "\",algorithm=MD5");
    puts_(o, ",response=\"");
    put_hex(o, digest, MD5_SIZE);
    put(o, "\"", 1);
}

/* [T] 7960G 8.0: username,realm,uri,response,nonce,algorithm */
static void print_79xx(struct out *o, const struct auth_client *a, const struct auth_request *r,
                       const uint8_t *digest)
{
    puts_(o, "Digest username=\"");
    put_quoted(o, r->user);
    puts_(o, "\",realm=\"");
    puts_(o, a->realm);
    puts_(o, "\",uri=\"");
    put_quoted(o, r->uri);
    puts_(o, "\",response=\"");
    put_hex(o, digest, MD5_SIZE);
    puts_(o, "\",nonce=\"");
    puts_(o, a->nonce);
    puts_(o, a->lower_algorithm ? "\",algorithm=md5" : "\",algorithm=MD5");
}

size_t auth_client_print(struct auth_client *a, char *buf, size_t size,
                         const struct auth_request *r, struct rng *rng)
{
    struct out o = {buf, buf + size, false};
    char cnonce[9] = "";
    struct out co = {cnonce, cnonce + 8, false};
    uint8_t digest[MD5_SIZE];

    if (!auth_client_ready(a) || !buf || !size || !r || !r->method || !r->uri || !r->user ||
        !r->password || !rng)
        return 0;
    if (a->qop)
        put_hex32(&co, rng_u32(rng));
    if (!client_hash(a, digest, r, a->qop ? cnonce : NULL))
        return 0;
    if (r->order_79xx)
        print_79xx(&o, a, r, digest);
    else
        print_spa(&o, a, r, digest);
    if (a->opaque) {
        puts_(&o, ",opaque=\""); /* position [DEF], sip-behaviour.md 2.10 */
        puts_(&o, a->opaque);
        put(&o, "\"", 1);
    }
    if (a->qop) {
        puts_(&o, ",qop=auth,nc=");
        put_hex32(&o, a->nc + 1);
        puts_(&o, ",cnonce=\"");
        put(&o, cnonce, 8);
        put(&o, "\"", 1);
    }
    if (o.full || o.p == o.end)
        return 0;
    *o.p = 0;
    a->nc++;
    return (size_t)(o.p - buf);
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

/* ---- server */

/* Copy val into dst, escapes resolved when unescape is set. */
static bool copy_text(char *dst, size_t size, const struct pl *val, bool unescape)
{
    size_t n = 0;

    for (size_t i = 0; i < val->l; i++) {
        if (unescape && val->p[i] == '\\' && i + 1 < val->l)
            i++;
        if (n + 1 >= size || !val->p[i])
            return false;
        dst[n++] = val->p[i];
    }
    dst[n] = 0;
    return true;
}

static bool is_hex(const struct pl *p, size_t len)
{
    if (p->l != len)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (!strchr("0123456789abcdefABCDEF", p->p[i]) || !p->p[i])
            return false;
    }
    return true;
}

enum { /* which of the parameters were there */
       HAS_USER = 1,
       HAS_REALM = 2,
       HAS_NONCE = 4,
       HAS_URI = 8,
       HAS_RESPONSE = 16,
       HAS_NC = 32,
       HAS_CNONCE = 64,
       HAS_ALL = HAS_USER | HAS_REALM | HAS_NONCE | HAS_URI | HAS_RESPONSE,
};

/* username and uri lose their escapes, as the client hashes them without; realm, nonce, cnonce and
 * opaque are compared and hashed as they travel. */
static const struct {
    const char *name;
    size_t offset, size;
    unsigned flag;
    bool unescape;
} texts[] = {
#define TEXT(n, f, u)                                                                              \
    {                                                                                              \
#n, offsetof(struct auth_response, n), sizeof(((struct auth_response *)0)->n), f, u        \
    }
    TEXT(username, HAS_USER, true),
    TEXT(realm, HAS_REALM, false),
    TEXT(nonce, HAS_NONCE, false),
    TEXT(uri, HAS_URI, true),
    TEXT(response, HAS_RESPONSE, false),
    TEXT(cnonce, HAS_CNONCE, false),
    TEXT(opaque, 0, false),
#undef TEXT
};

static int response_param(struct auth_response *ar, unsigned *seen, const struct pl *name,
                          const struct pl *val)
{
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (pl_strcasecmp(name, texts[i].name))
            continue;
        if (*seen & texts[i].flag)
            return EBADMSG; /* twice */
        *seen |= texts[i].flag;
        return copy_text((char *)ar + texts[i].offset, texts[i].size, val, texts[i].unescape)
                   ? 0
                   : EBADMSG;
    }
    if (!pl_strcasecmp(name, "nc")) {
        if (!is_hex(val, 8))
            return EBADMSG;
        ar->nc = pl_x32(val);
        *seen |= HAS_NC;
    } else if (!pl_strcasecmp(name, "algorithm")) {
        return pl_strcasecmp(val, "md5") ? EPROTO : 0;
    } else if (!pl_strcasecmp(name, "qop") && val->l) {
        ar->has_qop = true;
        return pl_strcasecmp(val, "auth") ? EPROTO : 0;
    }
    return 0;
}

int auth_response_parse(struct auth_response *ar, const struct pl *value)
{
    struct pl in, name, val, response;
    unsigned seen = 0;
    int err;

    if (!ar || !value || !value->p)
        return EINVAL;
    memset(ar, 0, sizeof(*ar));
    in = *value;
    if (!take_scheme(&in))
        return EPROTO;
    while (!(err = take_param(&in, &name, &val))) {
        err = response_param(ar, &seen, &name, &val);
        if (err)
            return err;
    }
    if (err != ENOENT)
        return err;
    pl_set_str(&response, ar->response);
    if ((seen & HAS_ALL) != HAS_ALL || !is_hex(&response, MD5_HEX))
        return EBADMSG;
    if (ar->has_qop && (seen & (HAS_NC | HAS_CNONCE)) != (HAS_NC | HAS_CNONCE))
        return EBADMSG;
    return 0;
}

bool auth_response_check(const struct auth_response *ar, const char *method, const char *password)
{
    uint8_t ha1[MD5_SIZE], ha2[MD5_SIZE], digest[MD5_SIZE];
    char hex[MD5_HEX + 1] = "";
    struct out o = {hex, hex + MD5_HEX, false};

    if (!ar || !method || !password)
        return false;
    if (!hash3(ha1, ar->username, ar->realm, password) || !hash3(ha2, method, ar->uri, NULL) ||
        !hash_response(digest, ha1, ar->nonce, ar->nc, ar->has_qop ? ar->cnonce : NULL, ha2))
        return false;
    put_hex(&o, digest, MD5_SIZE);
    return !strcasecmp(hex, ar->response);
}
