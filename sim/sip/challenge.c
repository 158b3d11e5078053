/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/challenge.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <re.h>

#include "sim/base/rng.h"
#include "sim/sip/auth.h"

enum {
    NONCES = 8,
    NONCE_LIFE_MS = 60000,
    NONCE_DIGITS = 16,
};

struct nonce {
    char text[NONCE_DIGITS + 1]; /* "" = free */
    uint64_t issued_ms;
    uint32_t nc; /* highest seen; without qop 1 = spent */
};

struct challenger {
    struct nonce ring[NONCES];
    unsigned next;
};

int challenger_alloc(struct challenger **cp)
{
    struct challenger *ch = mem_zalloc(sizeof(*ch), NULL);

    if (!ch)
        return ENOMEM;
    *cp = ch;
    return 0;
}

static struct nonce *find(struct challenger *ch, const char *text, uint64_t now_ms)
{
    for (unsigned i = 0; ch && i < NONCES; i++) {
        struct nonce *n = &ch->ring[i];
        if (n->text[0] && strcmp(n->text, text) == 0)
            return now_ms - n->issued_ms <= NONCE_LIFE_MS ? n : NULL;
    }
    return NULL;
}

/* With qop the count must rise; without, a nonce is good once. */
static bool use(struct nonce *n, const struct auth_response *ar)
{
    const uint32_t nc = ar->has_qop ? ar->nc : 1;

    if (nc <= n->nc)
        return false;
    n->nc = ar->has_qop ? nc : UINT32_MAX;
    return true;
}

static bool is_digest(const struct pl *value)
{
    return value->l > 7 && strncasecmp(value->p, "Digest", 6) == 0 &&
           (value->p[6] == ' ' || value->p[6] == '\t');
}

static enum challenge_result check_one(struct challenger *ch, const struct challenge_config *c,
                                       const char *method, const struct pl *value, uint64_t now_ms)
{
    struct auth_response ar;

    if (!is_digest(value))
        return CHALLENGE_MISSING;
    if (auth_response_parse(&ar, value))
        return CHALLENGE_MALFORMED;
    if (strcmp(ar.realm, c->realm) != 0 || strcmp(ar.username, c->user) != 0 ||
        !auth_response_check(&ar, method, c->password))
        return CHALLENGE_WRONG;
    struct nonce *n = find(ch, ar.nonce, now_ms);
    return n && use(n, &ar) ? CHALLENGE_PASSED : CHALLENGE_STALE;
}

/* A sender may carry credentials for several realms: the best of them counts. */
enum challenge_result challenge_check(struct challenger *ch, const struct challenge_config *c,
                                      const char *method, const struct pl *values, size_t n_values,
                                      uint64_t now_ms)
{
    static const enum challenge_result worth[] = {
        CHALLENGE_PASSED, CHALLENGE_STALE, CHALLENGE_WRONG, CHALLENGE_MALFORMED, CHALLENGE_MISSING};
    bool found[sizeof(worth) / sizeof(worth[0])] = {false};

    for (size_t i = 0; i < n_values; i++)
        found[check_one(ch, c, method, &values[i], now_ms)] = true;
    for (size_t i = 0; i < sizeof(worth) / sizeof(worth[0]); i++) {
        if (found[worth[i]])
            return worth[i];
    }
    return CHALLENGE_MISSING;
}

static const char *new_nonce(struct challenger *ch, unsigned digits, uint64_t now_ms,
                             struct rng *rng)
{
    struct nonce *n = &ch->ring[ch->next++ % NONCES];

    if (!digits || digits > NONCE_DIGITS)
        digits = NONCE_DIGITS;
    memset(n, 0, sizeof(*n));
    snprintf(n->text, sizeof(n->text), "%016llx", (unsigned long long)rng_u64(rng));
    n->text[digits] = '\0';
    n->issued_ms = now_ms;
    return n->text;
}

int challenge_print(struct challenger *ch, char *buf, size_t size, const struct challenge_config *c,
                    bool stale, uint64_t now_ms, struct rng *rng)
{
    const char *nonce = new_nonce(ch, c->nonce_digits, now_ms, rng);

    if (c->no_qop) /* as the SPA9000 writes it [T] */
        return snprintf(buf, size, "Digest realm=\"%s\", nonce=\"%s\", algorithm=md5%s", c->realm,
                        nonce, stale ? ", stale=true" : "");
    return snprintf(buf, size, "Digest realm=\"%s\",nonce=\"%s\",algorithm=MD5,qop=\"auth\"%s",
                    c->realm, nonce, stale ? ",stale=true" : "");
}
