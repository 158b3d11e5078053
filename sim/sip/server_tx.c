/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Server transactions (RFC 3261 17.2) with the phone's own timers (sip-behaviour.md 7): what was
 * answered is kept for those who ask again, a final answer to INVITE is sent until its ACK comes.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/sip/priv.h"

enum {
    ANSWERS_MAX = 64, /* kept per line; the oldest goes first, so that a flood costs no memory */
};

static void forget(struct server_tx *st)
{
    struct ua_line *l = st->line;
    struct server_tx **at = &l->answered;

    while (*at && *at != st)
        at = &(*at)->next;
    if (*at)
        *at = st->next;
    l->n_answered--;
    timer_cancel(&st->timer);
    free(st->bytes);
    free(st);
}

static void forget_handler(void *arg)
{
    forget(arg);
}

/* The oldest that nobody waits for. */
static void make_room(struct ua_line *l)
{
    struct server_tx *oldest = NULL;

    for (struct server_tx *st = l->answered; st; st = st->next) {
        if (!st->pending && !st->unacked)
            oldest = st;
    }
    if (oldest)
        forget(oldest);
}

struct server_tx *server_tx_add(struct ua_line *l, const struct server_request *r)
{
    struct server_tx *st = calloc(1, sizeof(*st));
    if (!st)
        return NULL;

    if (l->n_answered >= ANSWERS_MAX)
        make_room(l);
    st->line = l;
    st->key = r->key;
    st->request = r->request;
    st->to = r->to;
    st->from = r->from;
    st->stream = r->stream;
    st->invite = r->invite;
    st->pending = true;
    st->next = l->answered;
    l->answered = st;
    l->n_answered++;
    return st;
}

void server_tx_resend(struct server_tx *st)
{
    if (!st->len)
        return;
    if (st->stream)
        stream_send_id(st->line, st->stream, st->bytes, st->len);
    else
        transport_send_udp(st->line, &st->to, st->bytes, st->len);
}

void server_tx_again(struct server_tx *st, const struct server_request *r)
{
    st->to = r->to; /* perhaps by another connection */
    st->from = r->from;
    st->stream = r->stream;
    server_tx_resend(st);
}

static void unacked_handler(void *arg)
{
    struct server_tx *st = arg;
    struct ua_line *l = st->line;
    const uint64_t now = clock_ms(l->stack->lp);

    if (now >= st->deadline_ms) {
        void (*const h)(void *) = st->unacked;
        void *const h_arg = st->arg;
        forget(st);
        if (h)
            h(h_arg);
        return;
    }
    l->stack->counters.n_retransmitted++;
    server_tx_resend(st);
    st->interval_ms = st->interval_ms * 2 > l->cfg.t2_ms ? l->cfg.t2_ms : st->interval_ms * 2;
    const uint64_t left = st->deadline_ms - now;
    timer_start(l->stack->lp, &st->timer, left < st->interval_ms ? left : st->interval_ms,
                unacked_handler, st);
}

/* Timer G, for 2xx also over streams (RFC 3261 13.3.1.4); Timer H ends both. */
static void await_ack(struct server_tx *st, uint16_t scode)
{
    struct ua_line *l = st->line;

    st->interval_ms = l->cfg.t1_ms ? l->cfg.t1_ms : 500;
    st->deadline_ms = clock_ms(l->stack->lp) + l->cfg.timer_h_ms;
    if (st->stream && scode >= 300)
        st->interval_ms = l->cfg.timer_h_ms;
    timer_start(l->stack->lp, &st->timer, st->interval_ms, unacked_handler, st);
}

void server_tx_send(struct server_tx *st, const char *data, size_t len, uint16_t scode)
{
    char *bytes = malloc(len);

    if (!bytes)
        return; /* a retransmission is then answered anew */
    memcpy(bytes, data, len);
    free(st->bytes);
    st->bytes = bytes;
    st->len = len;
    server_tx_resend(st);
    if (scode < 200)
        return;
    st->pending = false;
    if (st->invite)
        await_ack(st, scode);
    else
        timer_start(st->line->stack->lp, &st->timer, st->line->cfg.timer_j_ms, forget_handler, st);
}

/* Timer I */
void server_tx_acked(struct server_tx *st)
{
    st->unacked = NULL;
    if (st->stream)
        forget(st);
    else
        timer_start(st->line->stack->lp, &st->timer, st->line->cfg.t4_ms, forget_handler, st);
}

void server_tx_drop(struct server_tx *st)
{
    forget(st);
}

struct server_tx *server_tx_find(const struct ua_line *l, uint64_t key)
{
    struct server_tx *st = l->answered;

    while (st && st->key != key)
        st = st->next;
    return st;
}

bool server_tx_merged(const struct ua_line *l, uint64_t key, uint64_t request)
{
    for (const struct server_tx *st = l->answered; st; st = st->next) {
        if (st->request == request && st->key != key)
            return true;
    }
    return false;
}

void server_tx_flush(struct ua_line *l)
{
    while (l->answered)
        forget(l->answered);
}
