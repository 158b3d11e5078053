/* SPDX-License-Identifier: BSD-3-Clause */
/* Transactions with the phone's own timers (sip-behaviour.md 7; RFC 3261 17). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/sip/priv.h"

enum {
    ANSWERS_MAX = 64, /* kept per line; the oldest goes first, so that a flood costs no memory */
};

static int transmit(struct client_tx *tx)
{
    struct ua_line *l = tx->line;

    if (l->cfg.transport != UA_UDP)
        return l->out ? stream_send(l->out, tx->bytes, tx->len) : ENOTCONN;
    return transport_send_udp(l, &tx->to, tx->bytes, tx->len);
}

static void unlink_tx(struct client_tx *tx)
{
    struct client_tx **at = &tx->line->txs;

    while (*at && *at != tx)
        at = &(*at)->next;
    if (*at)
        *at = tx->next;
}

struct client_tx *client_tx_stop(struct client_tx *tx)
{
    if (tx) {
        unlink_tx(tx);
        timer_cancel(&tx->timer);
        free(tx);
    }
    return NULL;
}

/* The last word of a transaction: its line may go away in the handler. */
static void end(struct client_tx *tx, int err, const char *reason, const struct sip_msg *msg)
{
    struct ua_line *l = mem_ref(tx->line);

    unlink_tx(tx);
    timer_cancel(&tx->timer);
    tx->h(tx, err, reason, msg, tx->arg);
    free(tx);
    mem_deref(l);
}

static void arm(struct client_tx *tx);

static void timer_handler(void *arg)
{
    struct client_tx *tx = arg;
    struct ua_line *l = tx->line;

    if (clock_ms(l->stack->lp) >= tx->deadline_ms) {
        end(tx, ETIMEDOUT, "timeout", NULL);
        return;
    }
    tx->interval_ms *= 2;
    if (!tx->invite && tx->interval_ms > l->cfg.t2_ms) /* Timer A has no cap (17.1.1.2) */
        tx->interval_ms = l->cfg.t2_ms;
    l->stack->counters.n_retransmitted++;
    const int err = transmit(tx);
    if (err)
        end(tx, err, strerror(err), NULL);
    else
        arm(tx);
}

/* Timer A or E, or what is left of B or F, whichever comes first; streams do not retransmit. */
static void arm(struct client_tx *tx)
{
    struct ua_line *l = tx->line;
    const uint64_t now = clock_ms(l->stack->lp);
    uint64_t wait = tx->deadline_ms > now ? tx->deadline_ms - now : 0;

    if (l->cfg.transport == UA_UDP && tx->interval_ms < wait)
        wait = tx->interval_ms;
    timer_start(l->stack->lp, &tx->timer, wait, timer_handler, tx);
}

int client_tx_start(struct client_tx **txp, struct ua_line *l, const struct client_request *r,
                    client_tx_h *h, void *arg)
{
    struct client_tx *tx = malloc(sizeof(*tx) + r->len);
    if (!tx)
        return ENOMEM;

    memset(tx, 0, sizeof(*tx));
    tx->line = l;
    tx->to = *r->to;
    tx->h = h;
    tx->arg = arg;
    tx->branch = r->branch;
    tx->cseq = r->cseq;
    tx->invite = r->len > 7 && memcmp(r->data, "INVITE ", 7) == 0;
    tx->interval_ms = l->cfg.t1_ms ? l->cfg.t1_ms : 500;
    tx->deadline_ms = clock_ms(l->stack->lp) + (tx->invite ? l->cfg.timer_b_ms : l->cfg.timer_f_ms);
    tx->len = r->len;
    memcpy(tx->bytes, r->data, r->len);

    const int err = transmit(tx);
    if (err) {
        free(tx);
        return err;
    }
    tx->next = l->txs;
    l->txs = tx;
    arm(tx);
    *txp = tx;
    return 0;
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

struct client_tx *client_tx_find(struct ua_line *first, const struct pl *branch)
{
    for (struct ua_line *l = first; l; l = transport_sibling(l)) {
        for (struct client_tx *tx = l->txs; tx; tx = tx->next) {
            if (branch_is(branch, tx->branch))
                return tx;
        }
    }
    return NULL;
}

void client_tx_response(struct client_tx *tx, const struct sip_msg *msg)
{
    if (!msg->cseq.met.l || msg->cseq.met.l >= tx->len ||
        memcmp(msg->cseq.met.p, tx->bytes, msg->cseq.met.l) != 0 ||
        tx->bytes[msg->cseq.met.l] != ' ' || msg->cseq.num != tx->cseq)
        return; /* of another request */
    if (msg->scode >= 200) {
        end(tx, 0, NULL, msg);
        return;
    }
    if (tx->invite)
        timer_cancel(&tx->timer); /* 17.1.1.2: Proceeding */
    else
        tx->interval_ms = tx->line->cfg.t2_ms; /* 17.1.2.2 */
    tx->h(tx, 0, NULL, msg, tx->arg);
}

void client_tx_unreachable(struct client_tx *tx, const char *reason)
{
    end(tx, ECONNREFUSED, reason, NULL);
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
