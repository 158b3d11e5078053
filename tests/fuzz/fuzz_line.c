/* SPDX-License-Identifier: BSD-3-Clause */
/* SIP messages that reach a line, NOTIFY and credentials included. Its answers go nowhere. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loop/loop.h"
#include "sim/sip/priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge_handler(const struct ua_notify *n, struct ua_answer *a, void *arg)
{
    (void)arg;
    a->scode = n->body->l ? 200 : 400;
    a->auth = pl_strcasecmp(n->event, "resync") == 0;
}

static struct ua_line *open_line(void)
{
    static const struct loop_config virtual_time = {.clock = CLOCK_VIRTUAL};
    static const struct ua_stack_config plain = {.shared_sockets = false};
    static const struct ua_line_handlers handlers = {.judge_notify = judge_handler};
    static struct rng rng;
    struct ua_line_config c = {.user = "1001",
                               .password = "pw",
                               .proxy = "127.0.0.1:9",
                               .packages = "talk, hold",
                               .allow = "INVITE",
                               .t1_ms = 500,
                               .t2_ms = 4000,
                               .timer_f_ms = 16000,
                               .timer_j_ms = 16000,
                               .max_auth = 2,
                               .max_forward = 70};
    struct loop *lp;
    struct ua_stack *stack;
    struct ua_line *l;

    rng_init(&rng, 1, 1);
    c.addr.s_addr = htonl(INADDR_LOOPBACK);
    if (loop_alloc(&lp, &virtual_time) || ua_stack_alloc(&stack, lp, NULL, &plain))
        abort();
    for (c.port = 40000; ua_line_alloc(&l, stack, &rng, &c, &handlers, NULL); c.port++) {
        if (c.port == 50000)
            abort();
    }
    return l;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ua_line *l;
    struct origin origin = {.from = {.sin_family = AF_INET, .sin_port = htons(9)}};
    struct mbuf *mb = mbuf_alloc(size + 1);

    if (!l)
        l = open_line();
    if (!mb)
        return 0;
    origin.from.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    mbuf_write_mem(mb, data, size);
    mb->pos = 0;
    line_receive(l, mb, &origin);
    server_tx_flush(l);
    mem_deref(mb);
    return 0;
}
