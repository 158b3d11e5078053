/* SPDX-License-Identifier: BSD-3-Clause */
/* Registering one line (sip-behaviour.md 2.1 to 2.3, 2.10). */
#include "sim/sip/registration.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/dns/dns.h"
#include "sim/loop/clock.h"
#include "sim/loop/loop.h"
#include "sim/sip/call_priv.h"
#include "sim/sip/nat.h"
#include "sim/sip/priv.h"
#include "sim/sip/response_table.h"

enum {
    CSEQ_RANDOM_BITS = 0xffff, /* first CSeq: a random 16-bit number (9.2 [DEF]) */
    EXPIRES_UNREGISTER = 0,
    SETTLED_S = 5,   /* a connection that was held for less is not worth hurrying for [DEF] */
    ROUNDS_MAX = 16, /* answers that ask for another request, in one attempt [DEF] */
};

static void attempt(struct ua_line *l);
static void connect_server(struct ua_line *l);
static void fail_short(struct ua_line *l, const char *reason);

static void set_reason(struct registration *r, const char *reason)
{
    char *copy = reason ? strdup(reason) : NULL;

    free(r->reason);
    r->reason = copy;
}

static void report(struct ua_line *l)
{
    struct ua_reg_status st;

    ua_line_status(l, &st);
    if (l->h && l->h->registered)
        l->h->registered(&st, l->arg);
}

static void attempt_handler(void *arg)
{
    attempt(arg);
}

static void schedule(struct ua_line *l, uint64_t phone_ms)
{
    timer_start(l->stack->lp, &l->reg.timer, clock_scaled(l->stack->lp, phone_ms), attempt_handler,
                l);
}

/* The attempt is over: account for it and tell the phone. */
static void conclude(struct ua_line *l, enum ua_reg_state state, uint16_t scode, const char *reason)
{
    struct registration *r = &l->reg;
    const uint64_t took = clock_us(l->stack->lp) - r->started_us;

    r->step = STEP_IDLE;
    r->state = state;
    r->scode = scode;
    r->since_us = clock_us(l->stack->lp);
    r->took_us = took > UINT32_MAX ? UINT32_MAX : (uint32_t)took;
    r->n_failures = state == UA_REG_FAILED ? r->n_failures + 1 : 0;
    if (state != UA_REG_OK)
        r->granted_s = 0;
    set_reason(r, reason);
    free(r->redirect);
    r->redirect = NULL;
}

static bool end_removal(struct ua_line *l)
{
    if (!l->reg.removing)
        return false;
    l->reg.removing = false;
    conclude(l, UA_REG_OFF, 0, NULL);
    report(l);
    return true;
}

/* To the next server, when there is one (2.6): same Call-ID and From tag, CSeq + 1 [DEF]. */
static bool fail_over(struct ua_line *l, const char *why)
{
    if (l->reg.redirect || l->reg.removing || !servers_fail(l, why))
        return false;
    stream_leave(l);
    l->reg.n_auth = 0;
    l->reg.n_rounds = 0;
    connect_server(l);
    return true;
}

/* No answer, or none that counts. */
static void fail_short(struct ua_line *l, const char *reason)
{
    if (end_removal(l) || fail_over(l, reason))
        return;
    conclude(l, UA_REG_FAILED, 0, reason);
    schedule(l, retry_short_s(&l->cfg, l->reg.n_failures, l->rng) * 1000ULL);
    report(l);
}

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

    if (end_removal(l))
        return;
    pl_strcpy(&msg->reason, reason, sizeof(reason));
    if (msg->reason.l >= sizeof(reason))
        reason[0] = '\0';
    snprintf(why, sizeof(why), "%u %s", msg->scode, reason);
    if (rsc_match(l->cfg.backup_rsc, msg->scode) && fail_over(l, why)) /* rule 5 */
        return;
    conclude(l, UA_REG_FAILED, msg->scode, reason);
    const uint32_t wait = wait_after(l, msg);
    if (wait)
        schedule(l, wait * 1000ULL);
    report(l);
}

/* host[:port] → host and port; the port is 0 where none is given. */
static void split_host(const char *text, char *host, size_t size, uint16_t *port)
{
    const char *colon = strrchr(text, ':');
    const size_t len = colon ? (size_t)(colon - text) : strlen(text);

    *port = colon ? (uint16_t)strtoul(colon + 1, NULL, 10) : 0;
    snprintf(host, size, "%.*s", (int)len, text);
}

static void send_request(struct ua_line *l)
{
    struct registration *r = &l->reg;
    struct ua_stack *s = l->stack;
    char uri[288], credentials[CREDENTIALS_MAX];
    struct register_params p = {
        .cseq = ++r->cseq,
        .branch = rng_u32(l->rng),
        .expires_s = r->removing ? EXPIRES_UNREGISTER : r->expires_s,
        .local_port = stream_local_port(l),
        .call_id = r->call_id,
        .from_tag = r->from_tag,
        .request_host = l->cfg.proxy,
        .request_uri = uri,
        .auth_proxy = r->auth.proxy,
        .warning = ua_line_nat_type(l),
    };

    const int uri_len =
        snprintf(uri, sizeof(uri), "sip:%s", r->redirect ? r->redirect : l->cfg.proxy);
    p.auth = line_credentials(l, "REGISTER", uri, credentials) ? credentials : NULL;
    const size_t len =
        (size_t)uri_len < sizeof(uri) ? print_register(s->tx, sizeof(s->tx), &l->cfg, &p) : 0;
    r->step = STEP_WAITING;
    nat_registering(l);
    const struct client_request request = {
        .to = &r->server, .data = s->tx, .len = len, .branch = p.branch, .cseq = p.cseq};
    const int err = len ? client_tx_start(&r->tx, l, &request, registration_answer, l) : E2BIG;
    if (err)
        fail_short(l, err == E2BIG ? "account too long for a SIP message" : strerror(err));
}

static void set_server(struct ua_line *l, struct in_addr addr, uint16_t port)
{
    struct writer w = {.buf = l->reg.server_text, .size = sizeof(l->reg.server_text) - 1};
    const struct sockaddr_in *old = &l->reg.server;

    if (old->sin_addr.s_addr != addr.s_addr || old->sin_port != htons(port))
        auth_client_reset(&l->reg.auth); /* a nonce is its server's (2.10 [DEF]) */
    l->reg.server =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = addr, .sin_port = htons(port)};
    put_addr(&w, addr.s_addr, port);
    w.buf[w.len] = '\0';
}

static uint16_t default_port(const struct ua_line *l)
{
    return l->cfg.transport == UA_TLS ? SIP_PORT_TLS : SIP_PORT;
}

/* SIP_Transport AUTO: the next server may want another transport. */
static int use_transport(struct ua_line *l, enum ua_transport t)
{
    if (l->cfg.transport == t)
        return 0;
    transport_close(l);
    l->cfg.transport = t;
    return transport_open(l);
}

static void connect_to(struct ua_line *l, const char *host)
{
    if (l->cfg.transport == UA_UDP || l->out) {
        send_request(l);
        return;
    }
    l->reg.step = STEP_CONNECTING;
    const int err = stream_connect(l, &l->reg.server, host);
    if (err)
        fail_short(l, err == EADDRINUSE ? "no TCP port left between SIP_TCP_Port_Min and Max"
                                        : strerror(err));
}

static void connect_server(struct ua_line *l)
{
    const struct server_entry *e = servers_current(l);
    const struct sockaddr_in before = l->reg.server;

    set_server(l, e->addr, e->port);
    const int err = use_transport(l, e->transport);
    if (err) {
        fail_short(l, strerror(err));
        return;
    }
    if (before.sin_addr.s_addr != l->reg.server.sin_addr.s_addr ||
        before.sin_port != l->reg.server.sin_port)
        stream_leave(l);
    connect_to(l, e->host);
}

void registration_servers(struct ua_line *l, int err)
{
    if (l->reg.step != STEP_RESOLVING)
        return;
    if (err)
        fail_short(l, err == ENOENT      ? "no such host"
                      : err == ETIMEDOUT ? "dns timeout"
                                         : strerror(err));
    else
        connect_server(l);
}

static void find_server(struct ua_line *l)
{
    if (servers_fresh(l)) {
        connect_server(l);
        return;
    }
    l->reg.step = STEP_RESOLVING;
    const int err = servers_find(l);
    if (err)
        fail_short(l, err == EBADMSG ? "Proxy cannot be read"
                      : err == E2BIG ? "Proxy is too long"
                                     : strerror(err));
}

/* ---- redirects: the list of servers stays out of them */

static void resolved_handler(int err, const struct in_addr *addrs, size_t n, uint32_t ttl_s,
                             void *arg)
{
    struct ua_line *l = arg;
    char host[256];
    uint16_t port;

    (void)n;
    (void)ttl_s;
    l->reg.query = mem_deref(l->reg.query);
    if (err) {
        fail_short(l, err == ENOENT ? "no such host" : "dns timeout");
        return;
    }
    split_host(l->reg.redirect, host, sizeof(host), &port);
    set_server(l, addrs[0], port ? port : default_port(l));
    connect_to(l, host);
}

static void follow_redirect(struct ua_line *l)
{
    char host[256];
    uint16_t port;

    split_host(l->reg.redirect, host, sizeof(host), &port);
    l->reg.step = STEP_RESOLVING;
    const int err = resolver_query_a(&l->reg.query, l->stack->dns, host, resolved_handler, l);
    if (err)
        fail_short(l, strerror(err));
}

static void attempt(struct ua_line *l)
{
    struct registration *r = &l->reg;

    if (l->closed || r->step != STEP_IDLE)
        return;
    r->started_us = clock_us(l->stack->lp);
    r->n_auth = 0;
    r->n_redirects = 0;
    r->n_rounds = 0;
    r->challenged = false;
    r->expires_s = l->cfg.expires_s;
    if (r->state == UA_REG_OK && !r->removing)
        servers_renew(l);
    else if (r->state != UA_REG_OK)
        r->state = UA_REG_TRYING;
    mem_ref(l);
    if (!r->removing && nat_ask(l))
        r->step = STEP_MAPPING;
    else
        find_server(l);
    mem_deref(l);
}

void registration_mapped(struct ua_line *l)
{
    if (l->reg.step != STEP_MAPPING)
        return;
    mem_ref(l);
    find_server(l);
    mem_deref(l);
}

void registration_init(struct ua_line *l)
{
    struct registration *r = &l->reg;

    print_call_id(r->call_id, sizeof(r->call_id), &l->cfg, l->rng);
    print_tag(r->from_tag, sizeof(r->from_tag), &l->cfg, l->rng, 'o');
    r->cseq = l->cfg.wire == UA_WIRE_79XX ? 100 : rng_u32(l->rng) & CSEQ_RANDOM_BITS;
}

void registration_start(struct ua_line *l)
{
    if (!l->cfg.reg_enable || !l->cfg.proxy[0] || l->reg.step != STEP_IDLE)
        return;
    l->reg.state = UA_REG_TRYING;
    timer_start(l->stack->lp, &l->reg.timer, 0, attempt_handler, l);
}

void registration_stop(struct ua_line *l)
{
    timer_cancel(&l->reg.timer);
    l->reg.tx = client_tx_stop(l->reg.tx);
    l->reg.query = mem_deref(l->reg.query);
    l->reg.step = STEP_IDLE;
    auth_client_reset(&l->reg.auth);
    free(l->reg.reason);
    free(l->reg.redirect);
    l->reg.reason = NULL;
    l->reg.redirect = NULL;
}

void registration_remove(struct ua_line *l)
{
    struct registration *r = &l->reg;

    timer_cancel(&r->timer);
    r->tx = client_tx_stop(r->tx);
    r->query = mem_deref(r->query);
    l->servers.find = mem_deref(l->servers.find);
    if (r->state != UA_REG_OK) {
        conclude(l, UA_REG_OFF, 0, NULL);
        report(l);
        return;
    }
    free(r->redirect); /* a renewal may have been on its way elsewhere */
    r->redirect = NULL;
    r->step = STEP_IDLE;
    r->removing = true;
    attempt(l);
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

    if (end_removal(l))
        return;
    uint32_t granted = r->expires_s;
    if (pl_isset(&msg->expires))
        (void)leading_u32(&msg->expires, &granted);
    r->granted_s = granted;
    sip_msg_hdr_apply(msg, true, SIP_HDR_CONTACT, own_contact, l);
    granted = granted_clamp(&l->cfg, r->granted_s);
    conclude(l, UA_REG_OK, msg->scode, NULL);
    r->granted_s = granted;
    servers_succeed(l);
    schedule(l, renewal_delay_ms(&l->cfg, granted));
    report(l);
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
    send_request(l);
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
    send_request(l);
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
        fail_short(l, strerror(ENOMEM));
        return;
    }
    stream_leave(l);
    follow_redirect(l);
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
        fail_short(l, reason);
    else
        take_response(l, msg);
}

void registration_renew(struct ua_line *l)
{
    if (l->reg.step == STEP_IDLE && l->reg.state == UA_REG_OK)
        attempt(l);
}

/* A call has found the server of before dead, and this line registers where it calls (2.6). */
void registration_move(struct ua_line *l)
{
    if (l->reg.step != STEP_IDLE || !l->cfg.reg_enable)
        return;
    stream_leave(l);
    attempt(l);
}

void registration_connected(struct ua_line *l)
{
    if (l->reg.step == STEP_CONNECTING)
        send_request(l);
    calls_ready(l, 0, NULL);
}

void registration_disconnected(struct ua_line *l, const char *reason)
{
    if (l->reg.step != STEP_IDLE) {
        l->reg.tx = client_tx_stop(l->reg.tx);
        fail_short(l, reason);
    } else if (l->reg.state == UA_REG_OK && !l->cfg.reconnect_waits) {
        /* U-20: connect and register again at once; but a server that hangs up after every answer
         * gets the short interval, else both would do nothing else [DEF] */
        const uint64_t held_us = clock_us(l->stack->lp) - l->reg.since_us;
        const uint32_t wait =
            held_us < (uint64_t)SETTLED_S * 1000000 ? retry_short_s(&l->cfg, 1, l->rng) : 0;
        l->reg.state = UA_REG_TRYING;
        schedule(l, wait * 1000ULL);
    }
    calls_ready(l, ENOTCONN, "Not Reachable");
}
