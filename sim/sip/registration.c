/* SPDX-License-Identifier: BSD-3-Clause */
/* Registering one line: when, where and how a REGISTER goes out (sip-behaviour.md 2.1 to 2.3, 2.6).
 * What comes back is for registration_answer.c. */
#include "sim/sip/registration.h"

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
#include "sim/sip/registration_priv.h"

enum {
    CSEQ_RANDOM_BITS = 0xffff, /* first CSeq: a random 16-bit number (9.2 [DEF]) */
    EXPIRES_UNREGISTER = 0,
    SETTLED_S = 5, /* a connection that was held for less is not worth hurrying for [DEF] */
};

static void attempt(struct ua_line *l);
static void connect_server(struct ua_line *l);
static void set_reason(struct registration *r, const char *reason)
{
    char *copy = reason ? strdup(reason) : NULL;

    free(r->reason);
    r->reason = copy;
}

void registration_report(struct ua_line *l)
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

void registration_schedule(struct ua_line *l, uint64_t phone_ms)
{
    timer_start(l->stack->lp, &l->reg.timer, clock_scaled(l->stack->lp, phone_ms), attempt_handler,
                l);
}

void registration_conclude(struct ua_line *l, enum ua_reg_state state, uint16_t scode,
                           const char *reason)
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

bool registration_end_removal(struct ua_line *l)
{
    if (!l->reg.removing)
        return false;
    l->reg.removing = false;
    registration_conclude(l, UA_REG_OFF, 0, NULL);
    registration_report(l);
    return true;
}

/* Same Call-ID and From tag, CSeq + 1 [DEF]. */
bool registration_fail_over(struct ua_line *l, const char *why)
{
    if (l->reg.redirect || l->reg.removing || !servers_fail(l, why))
        return false;
    stream_leave(l);
    l->reg.n_auth = 0;
    l->reg.n_rounds = 0;
    connect_server(l);
    return true;
}

void registration_fail(struct ua_line *l, const char *reason)
{
    if (registration_end_removal(l) || registration_fail_over(l, reason))
        return;
    registration_conclude(l, UA_REG_FAILED, 0, reason);
    registration_schedule(l, retry_short_s(&l->cfg, l->reg.n_failures, l->rng) * 1000ULL);
    registration_report(l);
}

/* host[:port] → host and port; the port is 0 where none is given. */
static void split_host(const char *text, char *host, size_t size, uint16_t *port)
{
    const char *colon = strrchr(text, ':');
    const size_t len = colon ? (size_t)(colon - text) : strlen(text);

    *port = colon ? (uint16_t)strtoul(colon + 1, NULL, 10) : 0;
    snprintf(host, size, "%.*s", (int)len, text);
}

void registration_send(struct ua_line *l)
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
        registration_fail(l, err == E2BIG ? "account too long for a SIP message" : strerror(err));
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
        registration_send(l);
        return;
    }
    l->reg.step = STEP_CONNECTING;
    const int err = stream_connect(l, &l->reg.server, host);
    if (err)
        registration_fail(l, err == EADDRINUSE ? "no TCP port left between SIP_TCP_Port_Min and Max"
                                               : strerror(err));
}

static void connect_server(struct ua_line *l)
{
    const struct server_entry *e = servers_current(l);
    const struct sockaddr_in before = l->reg.server;

    set_server(l, e->addr, e->port);
    const int err = use_transport(l, e->transport);
    if (err) {
        registration_fail(l, strerror(err));
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
        registration_fail(l, err == ENOENT      ? "no such host"
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
        registration_fail(l, err == EBADMSG ? "Proxy cannot be read"
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
        registration_fail(l, err == ENOENT ? "no such host" : "dns timeout");
        return;
    }
    split_host(l->reg.redirect, host, sizeof(host), &port);
    set_server(l, addrs[0], port ? port : default_port(l));
    connect_to(l, host);
}

void registration_follow(struct ua_line *l)
{
    char host[256];
    uint16_t port;

    split_host(l->reg.redirect, host, sizeof(host), &port);
    l->reg.step = STEP_RESOLVING;
    const int err = resolver_query_a(&l->reg.query, l->stack->dns, host, resolved_handler, l);
    if (err)
        registration_fail(l, strerror(err));
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
        registration_conclude(l, UA_REG_OFF, 0, NULL);
        registration_report(l);
        return;
    }
    free(r->redirect); /* a renewal may have been on its way elsewhere */
    r->redirect = NULL;
    r->step = STEP_IDLE;
    r->removing = true;
    attempt(l);
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
        registration_send(l);
    calls_ready(l, 0, NULL);
}

void registration_disconnected(struct ua_line *l, const char *reason)
{
    if (l->reg.step != STEP_IDLE) {
        l->reg.tx = client_tx_stop(l->reg.tx);
        registration_fail(l, reason);
    } else if (l->reg.state == UA_REG_OK && !l->cfg.reconnect_waits) {
        /* U-20: connect and register again at once; but a server that hangs up after every answer
         * gets the short interval, else both would do nothing else [DEF] */
        const uint64_t held_us = clock_us(l->stack->lp) - l->reg.since_us;
        const uint32_t wait =
            held_us < (uint64_t)SETTLED_S * 1000000 ? retry_short_s(&l->cfg, 1, l->rng) : 0;
        l->reg.state = UA_REG_TRYING;
        registration_schedule(l, wait * 1000ULL);
    }
    calls_ready(l, ENOTCONN, "Not Reachable");
}
