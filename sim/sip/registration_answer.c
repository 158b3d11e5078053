/* SPDX-License-Identifier: BSD-3-Clause */
/* What a REGISTER came to: granted, challenged, too brief, sent elsewhere, refused
 * (sip-behaviour.md 2.1, 2.3, 2.10). */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sip/nat.h"
#include "sim/sip/priv.h"
#include "sim/sip/registration.h"
#include "sim/sip/registration_priv.h"
#include "sim/sip/response_table.h"

enum {
    ROUNDS_MAX = 16, /* answers that ask for another request, in one attempt [DEF] */
};

/* The number a header value begins with, at most 2^32-1; what follows is a comment or parameters
 * (Retry-After: 120;duration=3600). False when it begins with none. */
static bool leading_u32(const struct pl *value, uint32_t *number)
{
    uint64_t n = 0;
    size_t i = 0;

    for (; i < value->l && isdigit((unsigned char)value->p[i]); i++)
        n = n > UINT32_MAX ? n : n * 10 + (uint64_t)(value->p[i] - '0');
    if (i)
        *number = n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
    return i > 0;
}

static struct response_step step_of(const struct ua_line *l, uint16_t scode)
{
    const struct response_rules rules = {.try_backup_rsc = l->cfg.backup_rsc,
                                         .retry_reg_rsc = l->cfg.retry_rsc,
                                         .retry_blank_all = l->cfg.retry_blank_all};

    return response_next(RESPONSE_TO_REGISTER, scode, &rules);
}

/* Rules 6 to 8 of 2.3, phone seconds; 0 = no further attempt. */
static uint32_t wait_after(const struct ua_line *l, const struct sip_msg *msg)
{
    const struct sip_hdr *after = sip_msg_hdr(msg, SIP_HDR_RETRY_AFTER);
    uint32_t wait;

    if (msg->scode == 503 && after && leading_u32(&after->val, &wait) && wait)
        return wait;
    if (step_of(l, msg->scode).otherwise == RESPONSE_RETRY_SHORT)
        return retry_short_s(&l->cfg, l->reg.n_failures, l->rng);
    return retry_long_s(&l->cfg, l->rng);
}

/* Rules 5 to 8 of 2.3. */
static void fail_code(struct ua_line *l, const struct sip_msg *msg)
{
    char reason[64], why[72];

    if (registration_end_removal(l))
        return;
    pl_strcpy(&msg->reason, reason, sizeof(reason));
    if (msg->reason.l >= sizeof(reason))
        reason[0] = '\0';
    snprintf(why, sizeof(why), "%u %s", msg->scode, reason);
    if (rsc_match(l->cfg.backup_rsc, msg->scode) && registration_fail_over(l, why)) /* rule 5 */
        return;
    registration_conclude(l, UA_REG_FAILED, msg->scode, reason);
    const uint32_t wait = wait_after(l, msg);
    if (wait)
        registration_schedule(l, wait * 1000ULL);
    registration_report(l);
}

static bool own_contact(const struct sip_hdr *hdr, const struct sip_msg *msg, void *arg)
{
    struct ua_line *l = arg;
    struct sip_addr contact;
    struct pl expires;
    struct in_addr addr;
    const struct sockaddr_in at = nat_registered(l);
    char host[64];

    (void)msg;
    if (sip_addr_decode(&contact, &hdr->val) || pl_strcmp(&contact.uri.user, l->cfg.user) ||
        pl_strcpy(&contact.uri.host, host, sizeof(host)) || inet_pton(AF_INET, host, &addr) != 1 ||
        addr.s_addr != at.sin_addr.s_addr ||
        (contact.uri.port ? contact.uri.port : SIP_PORT) != ntohs(at.sin_port))
        return false;
    if (msg_param_decode(&contact.params, "expires", &expires) == 0)
        (void)leading_u32(&expires, &l->reg.granted_s);
    return true;
}

/* 2.1 step 4: own Contact's expires, else the Expires header, else what was asked for. */
static void accepted(struct ua_line *l, const struct sip_msg *msg)
{
    struct registration *r = &l->reg;

    if (registration_end_removal(l))
        return;
    uint32_t granted = r->expires_s;
    if (pl_isset(&msg->expires))
        (void)leading_u32(&msg->expires, &granted);
    r->granted_s = granted;
    sip_msg_hdr_apply(msg, true, SIP_HDR_CONTACT, own_contact, l);
    granted = granted_clamp(&l->cfg, r->granted_s);
    registration_conclude(l, UA_REG_OK, msg->scode, NULL);
    r->granted_s = granted;
    servers_succeed(l);
    registration_schedule(l, renewal_delay_ms(&l->cfg, granted));
    registration_report(l);
}

struct pick { /* a challenge of an answer */
    struct auth_client *auth;
    enum auth_outcome outcome;
};

/* Every challenge of the answer is tried until one can be used. */
static bool challenge_handler(const struct sip_hdr *hdr, const struct sip_msg *msg, void *arg)
{
    struct pick *pick = arg;

    pick->outcome = auth_client_challenge(pick->auth, &hdr->val, msg->scode == 407);
    return pick->outcome != AUTH_UNUSABLE;
}

/* Max Auth challenges are answered. Stale ones do not count: the nonce was old, not the password
 * wrong (2.10); ROUNDS_MAX ends those. */
static void challenged(struct ua_line *l, const struct sip_msg *msg)
{
    struct registration *r = &l->reg;
    struct pick pick = {&r->auth, AUTH_UNUSABLE};
    const enum sip_hdrid id =
        msg->scode == 407 ? SIP_HDR_PROXY_AUTHENTICATE : SIP_HDR_WWW_AUTHENTICATE;

    r->challenged = true;
    sip_msg_hdr_apply(msg, true, id, challenge_handler, &pick);
    if (pick.outcome == AUTH_UNUSABLE ||
        (pick.outcome != AUTH_STALE && r->n_auth >= l->cfg.max_auth)) {
        auth_client_reset(&r->auth); /* what was refused is not sent again */
        fail_code(l, msg);
        return;
    }
    r->n_auth += pick.outcome != AUTH_STALE;
    registration_send(l);
}

/* 2.1 step 5: the server's minimum, but not beyond Reg Max Expires; nothing gained = failure. */
static void too_brief(struct ua_line *l, const struct sip_msg *msg)
{
    const struct sip_hdr *min = sip_msg_hdr(msg, SIP_HDR_MIN_EXPIRES);
    uint32_t wanted = 0;

    if (min)
        (void)leading_u32(&min->val, &wanted);
    if (l->cfg.reg_max_s && wanted > l->cfg.reg_max_s)
        wanted = l->cfg.reg_max_s;
    if (wanted <= l->reg.expires_s) {
        fail_code(l, msg);
        return;
    }
    l->reg.expires_s = wanted;
    registration_send(l);
}

/* A SIP URI with a plain host: the decoder lets line ends through, which would forge headers. */
static bool can_follow(const struct uri *uri)
{
    for (size_t i = 0; i < uri->host.l; i++) {
        const char ch = uri->host.p[i];
        if (!isalnum((unsigned char)ch) && ch != '.' && ch != '-' && ch != '_')
            return false;
    }
    return uri->host.l && uri->host.l <= 255 &&
           (pl_strcasecmp(&uri->scheme, "sip") == 0 || pl_strcasecmp(&uri->scheme, "sips") == 0);
}

static void redirected(struct ua_line *l, const struct sip_msg *msg)
{
    struct registration *r = &l->reg;
    const struct sip_hdr *hdr = sip_msg_hdr(msg, SIP_HDR_CONTACT);
    struct sip_addr contact;
    char target[280];

    if (r->n_redirects >= l->cfg.max_redirect || !hdr || sip_addr_decode(&contact, &hdr->val) ||
        !can_follow(&contact.uri)) {
        fail_code(l, msg);
        return;
    }
    r->n_redirects++;
    if (contact.uri.port)
        snprintf(target, sizeof(target), "%.*s:%u", (int)contact.uri.host.l, contact.uri.host.p,
                 contact.uri.port);
    else
        snprintf(target, sizeof(target), "%.*s", (int)contact.uri.host.l, contact.uri.host.p);
    free(r->redirect);
    r->redirect = strdup(target);
    if (!r->redirect) {
        registration_fail(l, strerror(ENOMEM));
        return;
    }
    stream_leave(l);
    registration_follow(l);
}

static void take_response(struct ua_line *l, const struct sip_msg *msg)
{
    const struct response_step step = step_of(l, msg->scode);

    if (msg->scode < 300)
        accepted(l, msg);
    else if (++l->reg.n_rounds > ROUNDS_MAX) /* stale for ever, or a minimum that only grows */
        fail_code(l, msg);
    else if (step.action == RESPONSE_AUTHENTICATE)
        challenged(l, msg);
    else if (step.action == RESPONSE_RAISE_EXPIRES)
        too_brief(l, msg);
    else if (step.action == RESPONSE_REDIRECT)
        redirected(l, msg);
    else
        fail_code(l, msg);
}

void registration_answer(struct client_tx *tx, int err, const char *reason,
                         const struct sip_msg *msg, void *arg)
{
    struct ua_line *l = arg;

    (void)tx;
    if (!err && msg->scode < 200)
        return;
    l->reg.tx = NULL;
    if (err)
        registration_fail(l, reason);
    else
        take_response(l, msg);
}
