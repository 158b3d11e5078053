/* SPDX-License-Identifier: BSD-3-Clause */
/* Answers to a REGISTER, and the requests that follow. The network is a stand-in: nothing is sent.
 */
#include <arpa/inet.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <re.h>

#include "sim/loop/loop.h"
#include "tests/fuzz/no_network.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
    open_rig();
    rig.cfg.retry_rsc = "5??";
    rig.cfg.add_rport = true;
    rig.cfg.nat.mapping = rig.cfg.nat.handle_received = rig.cfg.nat.substitute_via = true;
}

static void turn(void)
{
    for (unsigned i = 0; i < 3; i++) {
        loop_advance(rig.lp, 1);
        loop_poll(rig.lp);
    }
}

/* A line whose REGISTER, or its removal, waits for an answer; msg is that. */
static void answered_with(const struct sip_msg *msg, bool removing)
{
    struct ua_line *l = NULL;

    if (ua_line_alloc(&l, rig.stack, &rig.rng, &rig.cfg, NULL, NULL))
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
    loop_advance(rig.lp, 40000); /* what follows, and a short wait */
    ua_line_close(l);
    mem_deref(l);
    turn();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mbuf *mb = mbuf_alloc(size + 1);
    struct sip_msg *msg = NULL;

    if (!rig.lp)
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
