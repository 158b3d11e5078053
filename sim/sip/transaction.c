/* SPDX-License-Identifier: BSD-3-Clause */
/* Non-INVITE transactions with the phone's own timers (sip-behaviour.md 7; RFC 3261 17.1.2, 17.2.2). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/sip/priv.h"

enum {
    ANSWERS_MAX = 64, /* kept per line; the oldest goes first, so that a flood costs no memory */
};

static int transmit(struct ua_line *l)
{
    if (l->cfg.transport != UA_UDP)
        return l->out ? stream_send(l->out, l->tx.bytes, l->tx.len) : ENOTCONN;
    return transport_send_udp(l, &l->reg.server, l->tx.bytes, l->tx.len);
}

static void arm(struct ua_line *l);

static void timer_handler(void *arg)
{
    struct ua_line *l = arg;

    if (clock_ms(l->stack->lp) >= l->tx.deadline_ms) {
        client_tx_stop(l);
        registration_timeout(l);
        return;
    }
    l->tx.interval_ms *= 2;
    if (l->tx.interval_ms > l->cfg.t2_ms)
        l->tx.interval_ms = l->cfg.t2_ms;
    l->stack->counters.n_retransmitted++;
    const int err = transmit(l);
    if (err) {
        client_tx_stop(l);
        registration_unreachable(l, strerror(err));
        return;
    }
    arm(l);
}

/* Timer E or what is left of Timer F, whichever comes first; streams are not retransmitted on. */
static void arm(struct ua_line *l)
{
    const uint64_t now = clock_ms(l->stack->lp);
    uint64_t wait = l->tx.deadline_ms > now ? l->tx.deadline_ms - now : 0;

    if (l->cfg.transport == UA_UDP && l->tx.interval_ms < wait)
        wait = l->tx.interval_ms;
    timer_start(l->stack->lp, &l->tx.timer, wait, timer_handler, l);
}

int client_tx_start(struct ua_line *l, const char *data, size_t len, uint32_t branch)
{
    client_tx_stop(l);
    l->tx.bytes = malloc(len);
    if (!l->tx.bytes)
        return ENOMEM;
    memcpy(l->tx.bytes, data, len);
    l->tx.len = len;
    l->tx.branch = branch;
    l->tx.interval_ms = l->cfg.t1_ms ? l->cfg.t1_ms : 500;
    l->tx.deadline_ms = clock_ms(l->stack->lp) + l->cfg.timer_f_ms;

    const int err = transmit(l);
    if (err)
        client_tx_stop(l);
    else
        arm(l);
    return err;
}

/* Our branch: "z9hG4bK-" + hex (SPA), "z9hG4bK" + hex (79xx). */
static bool branch_is(const struct pl *branch, uint32_t want)
{
    struct pl hex = *branch;

    if (hex.l < 8 || memcmp(hex.p, "z9hG4bK", 7) != 0)
        return false;
    pl_advance(&hex, hex.p[7] == '-' ? 8 : 7);
    return hex.l >= 1 && hex.l <= 8 && pl_x32(&hex) == want;
}

struct ua_line *client_tx_owner(struct ua_line *first, const struct pl *branch)
{
    while (first && (!first->tx.bytes || !branch_is(branch, first->tx.branch)))
        first = transport_sibling(first);
    return first;
}

void client_tx_stop(struct ua_line *l)
{
    timer_cancel(&l->tx.timer);
    free(l->tx.bytes);
    l->tx.bytes = NULL;
    l->tx.len = 0;
}

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
    free(st);
}

static void forget_handler(void *arg)
{
    forget(arg);
}

void server_tx_add(struct ua_line *l, uint64_t key, uint64_t request, const char *data, size_t len)
{
    struct server_tx *st = malloc(sizeof(*st) + len);
    if (!st)
        return; /* a retransmission is then answered anew */

    if (l->n_answered >= ANSWERS_MAX) {
        struct server_tx *oldest = l->answered;
        while (oldest->next)
            oldest = oldest->next;
        forget(oldest);
    }
    memset(st, 0, sizeof(*st));
    st->line = l;
    st->key = key;
    st->request = request;
    st->len = len;
    memcpy(st->bytes, data, len);
    st->next = l->answered;
    l->answered = st;
    l->n_answered++;
    timer_start(l->stack->lp, &st->timer, l->cfg.timer_j_ms, forget_handler, st);
}

const struct server_tx *server_tx_find(const struct ua_line *l, uint64_t key)
{
    const struct server_tx *st = l->answered;

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
