/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/digest.h"

#include <errno.h>
#include <string.h>

#include <re.h>

#include "sim/sip/writer.h"

enum {
    LINE_MAX_LEN = 2048, /* longest text hashed: user:realm:password, method:uri, HA1:nonce:… */
};

void digest_put_hex(struct writer *w, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put_hex_fixed(w, bytes[i], 2);
}

bool digest_hash(uint8_t digest[DIGEST_BYTES], const char *a, const char *b, const char *c)
{
    char buf[LINE_MAX_LEN];
    struct writer w = {.buf = buf, .size = sizeof(buf)};

    put(&w, a);
    put(&w, ":");
    put(&w, b);
    if (c) {
        put(&w, ":");
        put(&w, c);
    }
    if (w.full)
        return false;
    md5((const uint8_t *)buf, w.len, digest);
    return true;
}

bool digest_response(uint8_t digest[DIGEST_BYTES], const uint8_t *ha1, const char *nonce,
                     uint32_t nc, const char *cnonce, const uint8_t *ha2)
{
    char buf[LINE_MAX_LEN];
    struct writer w = {.buf = buf, .size = sizeof(buf)};

    digest_put_hex(&w, ha1, DIGEST_BYTES);
    put(&w, ":");
    put(&w, nonce);
    put(&w, ":");
    if (cnonce) {
        put_hex_fixed(&w, nc, 8);
        put(&w, ":");
        put(&w, cnonce);
        put(&w, ":auth:");
    }
    digest_put_hex(&w, ha2, DIGEST_BYTES);
    if (w.full)
        return false;
    md5((const uint8_t *)buf, w.len, digest);
    return true;
}

bool digest_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_space(struct pl *in)
{
    while (in->l && digest_is_space(*in->p))
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

int digest_param(struct pl *in, struct pl *name, struct pl *val)
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
        while (in->l && *in->p != ',' && !digest_is_space(*in->p))
            pl_advance(in, 1);
        val->l = (size_t)(in->p - val->p);
    }
    skip_space(in);
    return in->l && *in->p != ',' ? EBADMSG : 0;
}

bool digest_scheme(struct pl *in)
{
    struct pl scheme;

    skip_space(in);
    return take_token(in, &scheme) && !pl_strcasecmp(&scheme, "digest") && in->l &&
           digest_is_space(*in->p);
}
