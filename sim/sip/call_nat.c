/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A call's RTP port and the NAT in front of it (sip-behaviour.md 8): the STUN server that told the
 * line's mapping is asked from that port, too, before the first description goes out; while nothing
 * is sent, keep-alives leave from it.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/sip/binding.h"
#include "sim/sip/call_priv.h"
#include "sim/sip/keepalive.h"
#include "sim/sip/media.h"
#include "sim/sip/nat.h"

enum {
    FIRST_WAIT_MS = 100, /* RFC 3489 9.3, but a caller waits for it: */
    SENDS_MAX = 3,       /* 0.7 s in all [DEF] */
};

struct call_nat {
    struct ua_call *call;
    struct timer ask, keep;
    struct sockaddr_in server;
    uint32_t wait_ms;
    unsigned n_sent;
    bool asking;
    uint8_t tid[BINDING_TID];
};

static void destructor(void *data)
{
    struct call_nat *n = data;

    timer_cancel(&n->ask);
    timer_cancel(&n->keep);
}

static void show(struct ua_call *call, const struct sockaddr_in *sin)
{
    call->cfg.session.addr = sin->sin_addr;
    call->cfg.session.port = ntohs(sin->sin_port);
}

static void answered(struct call_nat *n, const struct sockaddr_in *mapped)
{
    struct ua_call *call = n->call;

    n->asking = false;
    timer_cancel(&n->ask);
    if (mapped)
        show(call, mapped);
    mem_ref(call);
    if (call->waiting && call->outgoing)
        call_invite_start(call);
    else if (call->answer_due)
        (void)ua_call_answer(call);
    mem_deref(call);
}

static void ask_handler(void *arg)
{
    struct call_nat *n = arg;
    char buf[BINDING_MAX];
    const size_t len = n->n_sent < SENDS_MAX ? binding_print(buf, n->tid, false) : 0;

    if (!len || media_send_beside(n->call->media, &n->server, buf, len)) {
        answered(n, NULL); /* what is configured stands */
        return;
    }
    n->n_sent++;
    timer_start(n->call->line->stack->lp, &n->ask, n->wait_ms, ask_handler, n);
    n->wait_ms *= 2;
}

static void keep_handler(void *arg)
{
    struct call_nat *n = arg;
    struct ua_call *call = n->call;
    struct media_stats st;

    media_stats(call->media, &st);
    /* an empty packet, as nothing else is safe to an RTP port; sound keeps it open itself [DEF] */
    if (st.active && !st.sending && st.remote.sin_port && st.remote.sin_addr.s_addr)
        (void)media_send_beside(call->media, &st.remote, "", 0);
    timer_start(call->line->stack->lp, &n->keep, keepalive_interval_s(call->line) * 1000ULL,
                keep_handler, n);
}

void call_nat_open(struct ua_call *call)
{
    struct ua_line *l = call->line;
    const struct sockaddr_in shown = ua_line_media(l, call->port);
    const struct sockaddr_in *server = nat_stun_server(l);
    const uint32_t keep_s = keepalive_interval_s(l);

    show(call, &shown);
    if (!call->media || (!server && !keep_s))
        return;
    struct call_nat *n = mem_zalloc(sizeof(*n), destructor);
    if (!n)
        return; /* what is configured stands */
    call->nat = n;
    n->call = call;
    if (keep_s)
        timer_start(l->stack->lp, &n->keep, keep_s * 1000ULL, keep_handler, n);
    if (!server)
        return;
    n->server = *server;
    n->asking = true;
    n->wait_ms = FIRST_WAIT_MS;
    for (size_t i = 0; i < BINDING_TID; i++)
        n->tid[i] = (uint8_t)rng_u32(l->rng);
    timer_start(l->stack->lp, &n->ask, 0, ask_handler, n);
}

void call_nat_close(struct ua_call *call)
{
    call->nat = mem_deref(call->nat);
}

bool call_nat_asking(const struct ua_call *call)
{
    return call->nat && call->nat->asking;
}

void call_nat_receive(struct ua_call *call, const char *data, size_t len)
{
    struct call_nat *n = call->nat;
    struct binding b;

    if (!n || !n->asking || memcmp(binding_tid(data), n->tid, BINDING_TID) != 0 ||
        binding_parse(&b, data, len))
        return;
    answered(n, !b.refused && b.mapped.sin_port ? &b.mapped : NULL);
}
