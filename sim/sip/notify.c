/* SPDX-License-Identifier: BSD-3-Clause */
/* NOTIFY out of dialogs: who may send it, and what is told to the phone
 * (sip-behaviour.md 3.1, 3.2). */
#include <stdio.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/sip/challenge.h"
#include "sim/sip/priv.h"

/* realm: host part of the line's Proxy [DEF, U-11] */
static const char *realm_of(const struct ua_line *l, char *buf, size_t size)
{
    const char *realm = l->cfg.notify_realm;
    struct writer w = {.buf = buf, .size = size - 1};

    if (strcmp(realm, "ip") == 0)
        put_addr(&w, l->cfg.addr.s_addr, 0);
    else if (realm[0])
        return realm;
    else
        put_bytes(&w, l->cfg.proxy, strcspn(l->cfg.proxy, ":;"));
    buf[w.len] = '\0';
    return buf;
}

static struct verdict challenge(struct ua_line *l, const struct challenge_config *c, bool stale,
                                char *extra, size_t size)
{
    const uint64_t now = clock_ms(l->stack->lp);
    static const char name[] = "WWW-Authenticate: ";

    if (!l->challenger && challenger_alloc(&l->challenger))
        return (struct verdict){500, reason_phrase(500), NULL};
    memcpy(extra, name, sizeof(name));
    size_t len = sizeof(name) - 1;
    const int n = challenge_print(l->challenger, extra + len, size - len, c, stale, now, l->rng);
    len += (size_t)n;
    if (len + 3 > size)
        return (struct verdict){500, reason_phrase(500), NULL};
    memcpy(extra + len, "\r\n", 3);
    return (struct verdict){401, reason_phrase(401), extra};
}

/* True when the sender has proved to know the password; else *v says what it gets. */
bool line_authenticated(struct ua_line *l, const struct raw_message *raw, const char *method,
                        struct verdict *v, char *extra, size_t size)
{
    char realm[128];
    const struct challenge_config c = {
        .realm = realm_of(l, realm, sizeof(realm)),
        .user = l->cfg.auth_id[0] ? l->cfg.auth_id : l->cfg.user,
        .password = l->cfg.password,
        .no_qop = l->cfg.notify_no_qop,
        .nonce_digits = l->cfg.notify_digits,
    };

    if (!l->cfg.password[0]) /* a line without password asks for none [DEF] */
        return true;
    switch (challenge_check(l->challenger, &c, method, raw->auths, raw->n_auths,
                            clock_ms(l->stack->lp))) {
    case CHALLENGE_PASSED:
        return true;
    case CHALLENGE_MALFORMED:
        *v = (struct verdict){400, reason_phrase(400), NULL};
        break;
    case CHALLENGE_WRONG:
        if (l->cfg.notify_wrong_scode == 403)
            *v = (struct verdict){403, reason_phrase(403), NULL};
        else
            *v = challenge(l, &c, false, extra, size);
        break;
    case CHALLENGE_STALE:
        *v = challenge(l, &c, true, extra, size);
        break;
    case CHALLENGE_MISSING:
        *v = challenge(l, &c, false, extra, size);
        break;
    }
    return false;
}

static struct ua_notify describe(const struct raw_message *raw, const struct pl *token)
{
    return (struct ua_notify){.event = token,
                              .event_value = &raw->event,
                              .content_type = &raw->content_type,
                              .body = &raw->body};
}

/* A 489 needs the header (RFC 6665 8.2.1), also where no package is on [DEF]. */
void notify_bad_event(const struct ua_line *l, char *extra, size_t size)
{
    snprintf(extra, size, "Allow-Events: %s%smessage-summary\r\n", l->cfg.packages,
             l->cfg.packages[0] ? ", " : "");
}

struct verdict notify_judge(struct ua_line *l, const struct raw_message *raw, char *extra,
                            size_t size)
{
    const struct pl token = raw_token(&raw->event);
    const struct ua_notify n = describe(raw, &token);
    struct ua_answer a = {.scode = 489};
    struct verdict v;

    if (!token.l)
        return (struct verdict){400, reason_phrase(400), NULL}; /* RFC 6665 8.2.1 */
    if (l->h && l->h->judge_notify)
        l->h->judge_notify(&n, &a, l->arg);
    if (a.auth && !line_authenticated(l, raw, "NOTIFY", &v, extra, size))
        return v;
    v = (struct verdict){a.scode, reason_phrase(a.scode), NULL};
    if (a.scode == 489) {
        notify_bad_event(l, extra, size);
        v.extra = extra;
    }
    return v;
}

void notify_tell(struct ua_line *l, const struct raw_message *raw, const struct origin *origin,
                 uint16_t scode)
{
    const struct pl token = raw_token(&raw->event);
    struct ua_notify n = describe(raw, &token);

    n.from = origin->from.sin_addr;
    if (l->h && l->h->notified)
        l->h->notified(&n, scode, l->arg);
}
