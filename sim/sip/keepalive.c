/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/keepalive.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/dns/dns.h"
#include "sim/loop/clock.h"
#include "sim/sip/priv.h"
#include "sim/sip/request.h"

enum {
    CSEQ_RANDOM_BITS = 0xffff, /* 9.2 [DEF] */
    HOST_MAX = 256,
    URI_MAX = HOST_MAX + 8,
    FROM_MAX = 2 * HOST_MAX + 192, /* a display name, escaped, its address and tag */
};

struct keepalive {
    struct ua_line *line;
    struct timer timer;
    struct client_tx *tx; /* request under way; NULL = none */
    struct resolver_query *query;
    const char *method;  /* NULL = message goes as it stands */
    const char *message; /* behind dest in texts */
    uint32_t interval_s, cseq;
    uint16_t port; /* of the name that is asked for */
    char texts[];  /* dest, message */
};

static const char *method_of(const char *message)
{
    static const char *const methods[] = {"NOTIFY", "REGISTER", "PING", "OPTIONS"};

    for (size_t i = 0; message[0] == '$' && i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (strcasecmp(message + 1, methods[i]) == 0)
            return methods[i];
    }
    return NULL;
}

/* "sip:proxy", whom the requests ask. False: it does not fit. */
static bool print_proxy_uri(char uri[URI_MAX], const struct ua_line_config *c)
{
    struct writer w = {.buf = uri, .size = URI_MAX - 1};

    put(&w, "sip:");
    put(&w, c->proxy);
    uri[w.len] = '\0';
    return !w.full;
}

/* SPA NOTIFY of 9.3 [T: SPA942]; PING and OPTIONS are taken to be alike [DEF]. */
static size_t print_question(const struct keepalive *k, const char *call_id, const char *tag,
                             uint32_t branch)
{
    struct ua_line *l = k->line;
    const struct ua_line_config *c = &l->cfg;
    char from[FROM_MAX], to[URI_MAX + 2], uri[URI_MAX];
    struct writer w = {.buf = from, .size = sizeof(from) - 1};

    if (!print_proxy_uri(uri, c))
        return 0;
    snprintf(to, sizeof(to), "<%s>", uri);
    put_account(&w, c);
    put(&w, ";tag=");
    put(&w, tag);
    from[w.len] = '\0';
    const struct request_params p = {
        .method = k->method,
        .uri = uri,
        .from = from,
        .to = to,
        .call_id = call_id,
        .cseq = k->cseq,
        .branch = branch,
        .local_port = stream_local_port(l),
        .event = strcmp(k->method, "NOTIFY") == 0 ? "keep-alive" : NULL,
        .station_name = true,
    };
    return w.full ? 0 : print_request(l->stack->tx, sizeof(l->stack->tx), c, &p);
}

/* $REGISTER: it has no Contact, so that it only asks (section 8). */
static size_t print_query(const struct keepalive *k, const char *call_id, const char *tag,
                          uint32_t branch)
{
    const struct ua_line *l = k->line;
    char uri[URI_MAX];
    const struct register_params p = {
        .cseq = k->cseq,
        .branch = branch,
        .local_port = stream_local_port(l),
        .call_id = call_id,
        .from_tag = tag,
        .request_host = l->cfg.proxy,
        .request_uri = uri,
        .no_contact = true,
    };

    return print_proxy_uri(uri, &l->cfg)
               ? print_register(l->stack->tx, sizeof(l->stack->tx), &l->cfg, &p)
               : 0;
}

static void answer_handler(struct client_tx *tx, int err, const char *reason,
                           const struct sip_msg *msg, void *arg)
{
    struct keepalive *k = arg;

    (void)tx;
    (void)reason;
    if (err || msg->scode >= 200)
        k->tx = NULL;
}

static void send_request(struct keepalive *k, const struct sockaddr_in *to)
{
    struct ua_line *l = k->line;
    const uint32_t branch = rng_u32(l->rng);
    char call_id[CALL_ID_SIZE], tag[TAG_SIZE];

    print_call_id(call_id, sizeof(call_id), &l->cfg, l->rng);
    print_tag(tag, sizeof(tag), &l->cfg, l->rng, 'o');
    k->cseq++;
    const size_t len = strcmp(k->method, "REGISTER") == 0 ? print_query(k, call_id, tag, branch)
                                                          : print_question(k, call_id, tag, branch);
    const struct client_request r = {
        .to = to, .data = l->stack->tx, .len = len, .branch = branch, .cseq = k->cseq};
    k->tx = client_tx_stop(k->tx); /* unanswered: the next one takes its place [DEF] */
    if (len)
        (void)client_tx_start(&k->tx, l, &r, answer_handler, k);
}

static void send_to(struct keepalive *k, const struct sockaddr_in *to)
{
    if (k->method)
        send_request(k, to);
    else
        (void)transport_send_udp(k->line, to, k->message, strlen(k->message));
}

static void resolved_handler(int err, const struct in_addr *addrs, size_t n, uint32_t ttl_s,
                             void *arg)
{
    struct keepalive *k = arg;

    (void)n;
    (void)ttl_s;
    k->query = mem_deref(k->query);
    if (!err)
        send_to(k, &(struct sockaddr_in){
                       .sin_family = AF_INET, .sin_addr = addrs[0], .sin_port = htons(k->port)});
}

/* host[:port]; what may follow in Proxy (2.5) is for the list of servers. */
static void send_to_name(struct keepalive *k, const char *name)
{
    const size_t len = strcspn(name, ":");
    const unsigned long port = name[len] ? strtoul(name + len + 1, NULL, 10) : 0;
    char host[HOST_MAX];

    if (k->query || !len || len >= sizeof(host))
        return;
    memcpy(host, name, len);
    host[len] = '\0';
    k->port = port > 0 && port <= UINT16_MAX ? (uint16_t)port : SIP_PORT;
    (void)resolver_query_a(&k->query, k->line->stack->dns, host, resolved_handler, k);
}

static void timer_handler(void *arg);

static void arm(struct keepalive *k)
{
    struct loop *lp = k->line->stack->lp;

    timer_start(lp, &k->timer, clock_scaled(lp, k->interval_s * 1000ULL), timer_handler, k);
}

static void timer_handler(void *arg)
{
    struct keepalive *k = arg;
    const struct ua_line *l = k->line;
    const bool to_proxy = strcasecmp(k->texts, "$PROXY") == 0;

    arm(k);
    if (l->cfg.transport != UA_UDP && (!to_proxy || !k->method || !l->out))
        return;
    if (!to_proxy)
        send_to_name(k, k->texts);
    else if (l->reg.server.sin_port)
        send_to(k, &l->reg.server);
    else if (!l->cfg.reg_enable)
        send_to_name(k, l->cfg.outbound_proxy[0] ? l->cfg.outbound_proxy : l->cfg.proxy);
}

void keepalive_close(struct ua_line *l)
{
    struct keepalive *k = l->keepalive;

    if (!k)
        return;
    timer_cancel(&k->timer);
    client_tx_stop(k->tx);
    mem_deref(k->query);
    free(k);
    l->keepalive = NULL;
}

int ua_line_keep_alive(struct ua_line *l, const struct ua_keepalive_config *c)
{
    struct keepalive *k = l->keepalive;

    if (k && c && k->interval_s == c->interval_s && strcmp(k->texts, c->dest) == 0 &&
        strcmp(k->message, c->message) == 0)
        return 0;
    keepalive_close(l);
    if (!c || !c->interval_s || l->closed)
        return 0;

    const size_t dest = strlen(c->dest) + 1, message = strlen(c->message) + 1;
    k = calloc(1, sizeof(*k) + dest + message);
    if (!k)
        return ENOMEM;
    memcpy(k->texts, c->dest, dest);
    k->message = memcpy(k->texts + dest, c->message, message);
    k->line = l;
    k->method = method_of(c->message);
    k->interval_s = c->interval_s;
    k->cseq = rng_u32(l->rng) & CSEQ_RANDOM_BITS;
    l->keepalive = k;
    arm(k);
    return 0;
}

uint32_t keepalive_interval_s(const struct ua_line *l)
{
    return l->keepalive ? l->keepalive->interval_s : 0;
}
