/* SPDX-License-Identifier: BSD-3-Clause */
/* Client transactions with the phone's own timers (sip-behaviour.md 7; RFC 3261 17.1). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/sip/priv.h"
#include "sim/sip/request.h"

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

static struct client_tx *new_tx(struct ua_line *l, const char *data, size_t len)
{
    struct client_tx *tx = malloc(sizeof(*tx) + len);

    if (!tx)
        return NULL;
    memset(tx, 0, sizeof(*tx));
    tx->line = l;
    tx->len = len;
    memcpy(tx->bytes, data, len);
    return tx;
}

int client_tx_start(struct client_tx **txp, struct ua_line *l, const struct client_request *r,
                    client_tx_h *h, void *arg)
{
    struct client_tx *tx = new_tx(l, r->data, r->len);
    if (!tx)
        return ENOMEM;

    tx->to = *r->to;
    tx->h = h;
    tx->arg = arg;
    tx->branch = r->branch;
    tx->cseq = r->cseq;
    tx->invite = r->len > 7 && memcmp(r->data, "INVITE ", 7) == 0;
    tx->interval_ms = l->cfg.t1_ms ? l->cfg.t1_ms : 500;
    tx->deadline_ms = clock_ms(l->stack->lp) + (tx->invite ? l->cfg.timer_b_ms : l->cfg.timer_f_ms);
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

/* CANCEL has the branch of its INVITE; a completed INVITE's bytes are its ACK. */
static bool is_method(const struct client_tx *tx, const struct pl *met)
{
    if (tx->completed)
        return pl_strcmp(met, "INVITE") == 0;
    return met->l && met->l < tx->len && memcmp(met->p, tx->bytes, met->l) == 0 &&
           tx->bytes[met->l] == ' ';
}

struct client_tx *client_tx_find(struct ua_line *first, const struct pl *branch,
                                 const struct pl *method)
{
    for (struct ua_line *l = first; l; l = transport_sibling(l)) {
        for (struct client_tx *tx = l->txs; tx; tx = tx->next) {
            if (branch_is(branch, tx->branch) && is_method(tx, method))
                return tx;
        }
    }
    return NULL;
}

static void forget_handler(void *arg)
{
    client_tx_stop(arg);
}

/* 17.1.1.3: the ACK goes where the INVITE went; Timer D keeps it for answers that come again. */
static void acknowledge(struct client_tx *tx, const struct sip_msg *msg)
{
    struct ua_line *l = tx->line;
    const size_t len = print_companion(l->stack->tx, sizeof(l->stack->tx), &l->cfg, tx->bytes,
                                       tx->len, "ACK", &msg->to.val);
    struct client_tx *done = len ? new_tx(l, l->stack->tx, len) : NULL;

    if (!done)
        return;
    done->to = tx->to;
    done->branch = tx->branch;
    done->cseq = tx->cseq;
    done->completed = true;
    (void)transmit(done); /* what is lost is asked for again */
    done->next = l->txs;
    l->txs = done;
    timer_start(l->stack->lp, &done->timer, l->cfg.transport == UA_UDP ? l->cfg.timer_d_ms : 0,
                forget_handler, done);
}

void client_tx_response(struct client_tx *tx, const struct sip_msg *msg)
{
    if (msg->cseq.num != tx->cseq)
        return; /* of another request */
    if (tx->completed) {
        if (msg->scode >= 300)
            (void)transmit(tx);
        return;
    }
    if (msg->scode >= 200) {
        if (tx->invite && msg->scode >= 300)
            acknowledge(tx, msg);
        end(tx, 0, NULL, msg);
        return;
    }
    if (tx->invite && !tx->limited)
        timer_cancel(&tx->timer); /* 17.1.1.2: Proceeding */
    else if (!tx->invite)
        tx->interval_ms = tx->line->cfg.t2_ms; /* 17.1.2.2 */
    tx->h(tx, 0, NULL, msg, tx->arg);
}

void client_tx_limit(struct client_tx *tx, uint32_t ms)
{
    tx->deadline_ms = clock_ms(tx->line->stack->lp) + ms;
    tx->limited = true;
    tx->interval_ms = UINT32_MAX / 4; /* nothing is sent again */
    arm(tx);
}

void client_tx_unreachable(struct client_tx *tx, const char *reason)
{
    if (tx->completed)
        return;
    end(tx, ECONNREFUSED, reason, NULL);
}
