/* SPDX-License-Identifier: BSD-3-Clause */
/* Answers to a REGISTER, and the requests that follow. The network is a stand-in: nothing is sent.
 */
#include <arpa/inet.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <re.h>

#include "sim/base/rng.h"
#include "sim/dns/dns.h"
#include "sim/loop/loop.h"
#include "sim/sip/priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct bench { /* made once */
    struct loop *lp;
    struct resolver *dns; /* nobody answers */
    struct ua_stack *stack;
    struct rng rng;
} * bench;

static struct ua_line_config config = {
    .port = 5060,
    .user = "1001",
    .password = "pw-1001",
    .display_name = "Desk",
    .proxy = "192.0.2.1",
    .user_agent = "Cisco/SPA504G-7.6.2c",
    .allow = "ACK, BYE",
    .supported = "replaces",
    .reg_enable = true,
    .retry_rsc = "5??",
    .expires_s = 3600,
    .reg_min_s = 1,
    .reg_max_s = 7200,
    .t1_ms = 500,
    .t2_ms = 4000,
    .timer_f_ms = 16000,
    .timer_j_ms = 16000,
    .retry_s = 30,
    .retry_long_s = 1200,
    .renewal_factor = 0.78,
    .renewal_minus_f = true,
    .max_auth = 2,
    .max_forward = 70,
    .max_redirect = 5,
    .add_rport = true,
    .nat = {.mapping = true, .handle_received = true, .substitute_via = true},
};

int transport_open(struct ua_line *l)
{
    (void)l;
    return 0;
}

void transport_close(struct ua_line *l)
{
    (void)l;
}

struct ua_line *transport_first(const struct ua_line *l)
{
    (void)l;
    return NULL;
}

struct ua_line *transport_sibling(const struct ua_line *l)
{
    (void)l;
    return NULL;
}

void transport_stack_close(struct ua_stack *s)
{
    (void)s;
}

int transport_send_quiet(struct ua_line *l, const struct sockaddr_in *to, const char *data,
                         size_t len)
{
    (void)l;
    (void)to;
    (void)data;
    (void)len;
    return 0;
}

/* No name but ours stands at the head of a line, whatever the server wrote. */
int transport_send_udp(struct ua_line *l, const struct sockaddr_in *to, const char *data,
                       size_t len)
{
    static const char *const names[] = {"Via",
                                        "From",
                                        "To",
                                        "Call-ID",
                                        "CSeq",
                                        "Contact",
                                        "Max-Forwards",
                                        "User-Agent",
                                        "Allow",
                                        "Supported",
                                        "Content-Length",
                                        "Authorization",
                                        "Proxy-Authorization"};
    struct pl rest = {data, len}, line, name;

    (void)l;
    (void)to;
    if (re_regex(rest.p, rest.l, "REGISTER [^\r\n ]+ SIP/2.0\r\n", &line) || memchr(data, 0, len))
        abort();
    for (pl_advance(&rest, (line.p + line.l + 10) - data); rest.l > 2;) {
        const char *end = memmem(rest.p, rest.l, "\r\n", 2);
        const char *colon = memchr(rest.p, ':', rest.l);
        size_t i = 0;
        if (!end || !colon || memchr(rest.p, '\n', (size_t)(end - rest.p)))
            abort();
        name = (struct pl){rest.p, (size_t)(colon - rest.p)};
        while (i < 13 && pl_strcmp(&name, names[i]) != 0)
            i++;
        if (i == 13)
            abort();
        pl_advance(&rest, end + 2 - rest.p);
    }
    return 0;
}

static void open_bench(void)
{
    const struct loop_config lc = {.clock = CLOCK_VIRTUAL};
    const struct ua_stack_config sc = {.shared_sockets = false};

    bench = calloc(1, sizeof(*bench));
    if (!bench || loop_alloc(&bench->lp, &lc) ||
        resolver_alloc(&bench->dns, bench->lp, "127.0.0.1:9") ||
        ua_stack_alloc(&bench->stack, bench->lp, bench->dns, &sc))
        abort();
    rng_init(&bench->rng, 1, 1);
    inet_pton(AF_INET, "192.0.2.10", &config.addr);
}

static void turn(void)
{
    for (unsigned i = 0; i < 3; i++) {
        loop_advance(bench->lp, 1);
        loop_poll(bench->lp);
    }
}

/* A line whose REGISTER, or its removal, waits for an answer; msg is that. */
static void answered_with(const struct sip_msg *msg, bool removing)
{
    struct ua_line *l = NULL;

    if (ua_line_alloc(&l, bench->stack, &bench->rng, &config, NULL, NULL))
        abort();
    ua_line_start(l);
    turn();
    if (removing) {
        l->reg.state = UA_REG_OK;
        ua_line_unregister(l);
        turn();
    }
    if (!l->reg.tx)
        abort();
    l->reg.tx->cseq = msg->cseq.num;
    nat_learn(l, msg);
    client_tx_response(l->reg.tx, msg);
    nat_settle(l);
    loop_advance(bench->lp, 40000); /* what follows, and a short wait */
    ua_line_close(l);
    mem_deref(l);
    turn();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mbuf *mb = mbuf_alloc(size + 1);
    struct sip_msg *msg = NULL;

    if (!bench)
        open_bench();
    if (!mb)
        return 0;
    mbuf_write_mem(mb, data, size);
    mb->pos = 0;
    if (sip_msg_decode(&msg, mb) == 0 && !msg->req)
        answered_with(msg, size % 4 == 3);
    mem_deref(msg);
    mem_deref(mb);
    return 0;
}
