/* SPDX-License-Identifier: BSD-3-Clause */
/* Digest as the one who asks: credentials are read and checked (sip-behaviour.md 3.2). */
#include "sim/sip/auth.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include <re.h>

#include "sim/sip/digest.h"
#include "sim/sip/writer.h"

enum { HEX_DIGITS = 2 * DIGEST_BYTES };

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
    if (!digest_scheme(&in))
        return EPROTO;
    while (!(err = digest_param(&in, &name, &val))) {
        err = response_param(ar, &seen, &name, &val);
        if (err)
            return err;
    }
    if (err != ENOENT)
        return err;
    pl_set_str(&response, ar->response);
    if ((seen & HAS_ALL) != HAS_ALL || !is_hex(&response, HEX_DIGITS))
        return EBADMSG;
    if (ar->has_qop && (seen & (HAS_NC | HAS_CNONCE)) != (HAS_NC | HAS_CNONCE))
        return EBADMSG;
    return 0;
}

bool auth_response_check(const struct auth_response *ar, const char *method, const char *password)
{
    uint8_t ha1[DIGEST_BYTES], ha2[DIGEST_BYTES], digest[DIGEST_BYTES];
    char hex[HEX_DIGITS + 1] = "";
    struct writer w = {.buf = hex, .size = HEX_DIGITS};

    if (!ar || !method || !password)
        return false;
    if (!digest_hash(ha1, ar->username, ar->realm, password) ||
        !digest_hash(ha2, method, ar->uri, NULL) ||
        !digest_response(digest, ha1, ar->nonce, ar->nc, ar->has_qop ? ar->cnonce : NULL, ha2))
        return false;
    digest_put_hex(&w, digest, DIGEST_BYTES);
    return !strcasecmp(hex, ar->response);
}
