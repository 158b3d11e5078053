/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/sip/call_priv.h"
#include "sim/sip/priv.h"
#include "sim/sip/server_record.h"

/* Where the strings of a configuration are: all are copied into one block. */
static const size_t text_offsets[] = {
    offsetof(struct ua_line_config, user),
    offsetof(struct ua_line_config, password),
    offsetof(struct ua_line_config, auth_id),
    offsetof(struct ua_line_config, display_name),
    offsetof(struct ua_line_config, proxy),
    offsetof(struct ua_line_config, outbound_proxy),
    offsetof(struct ua_line_config, user_agent),
    offsetof(struct ua_line_config, reg_user_agent),
    offsetof(struct ua_line_config, server),
    offsetof(struct ua_line_config, allow),
    offsetof(struct ua_line_config, supported),
    offsetof(struct ua_line_config, station_name),
    offsetof(struct ua_line_config, retry_rsc),
    offsetof(struct ua_line_config, shared_user),
    offsetof(struct ua_line_config, backup_rsc),
    offsetof(struct ua_line_config, packages),
    offsetof(struct ua_line_config, notify_realm),
    offsetof(struct ua_line_config, nat.stun_server),
    offsetof(struct ua_line_config, proxy_require),
    offsetof(struct ua_line_config, accept_language),
};

enum { N_TEXTS = sizeof(text_offsets) / sizeof(text_offsets[0]) };

static const char **text_at(struct ua_line_config *c, size_t i)
{
    return (const char **)(void *)((char *)c + text_offsets[i]);
}

static int copy_texts(struct ua_line *l)
{
    size_t size = 0, pos = 0;

    for (size_t i = 0; i < N_TEXTS; i++) {
        const char **text = text_at(&l->cfg, i);
        if (!*text)
            *text = "";
        size += strlen(*text) + 1;
    }
    l->texts = malloc(size);
    if (!l->texts)
        return ENOMEM;
    for (size_t i = 0; i < N_TEXTS; i++) {
        const char **text = text_at(&l->cfg, i);
        const size_t len = strlen(*text) + 1;
        memcpy(l->texts + pos, *text, len);
        *text = l->texts + pos;
        pos += len;
    }
    return 0;
}

/* The records of Proxy are for finding servers; its name is what stands in messages. */
static int cut_proxy(struct ua_line *l)
{
    const size_t len = server_record_name(l->cfg.proxy);

    if (!l->cfg.proxy[len])
        return 0;
    l->records = strdup(l->cfg.proxy);
    l->texts[(size_t)(l->cfg.proxy - l->texts) + len] = '\0';
    return l->records ? 0 : ENOMEM;
}

static void destructor(void *arg)
{
    struct ua_line *l = arg;

    ua_line_close(l);
    nat_close(l);
    mem_deref(l->challenger);
    free(l->texts);
    free(l->records);
}

/* A value with a line break in it would forge header lines. */
static bool clean(const struct ua_line_config *c)
{
    struct ua_line_config copy = *c;

    for (size_t i = 0; i < N_TEXTS; i++) {
        const char *text = *text_at(&copy, i);
        if (text && strpbrk(text, "\r\n"))
            return false;
    }
    return true;
}

int ua_line_alloc(struct ua_line **lp, struct ua_stack *s, struct rng *rng,
                  const struct ua_line_config *cfg, const struct ua_line_handlers *h, void *arg)
{
    if (!lp || !s || !rng || !cfg || !clean(cfg) || !cfg->port)
        return EINVAL;

    struct ua_line *l = mem_zalloc(sizeof(*l), destructor);
    if (!l)
        return ENOMEM;
    l->stack = s;
    l->rng = rng;
    l->cfg = *cfg;
    l->h = h;
    l->arg = arg;
    l->fd = -1;
    l->closed = true;
    int err = copy_texts(l);
    if (!err)
        err = cut_proxy(l);
    if (!err)
        err = nat_open(l);
    if (!err)
        err = transport_open(l);
    if (err) {
        if (err == EMFILE || err == ENFILE || err == EADDRINUSE || err == EADDRNOTAVAIL)
            s->counters.n_no_socket++;
        mem_deref(l);
        return err;
    }
    l->closed = false;
    registration_init(l);
    *lp = l;
    return 0;
}

bool line_has_user(const struct ua_line_config *c, const struct pl *user)
{
    return pl_strcmp(user, c->user) == 0 ||
           (c->shared_user && c->shared_user[0] && pl_strcmp(user, c->shared_user) == 0);
}

const char *ua_line_proxy(const struct ua_line *l)
{
    return l->cfg.proxy;
}

void ua_line_start(struct ua_line *l)
{
    registration_start(l);
}

void ua_line_unregister(struct ua_line *l)
{
    if (!l->closed)
        registration_remove(l);
}

void ua_line_close(struct ua_line *l)
{
    if (l->closed)
        return;
    l->closed = true;
    keepalive_close(l);
    nat_close(l);
    registration_stop(l);
    servers_close(l);
    subscriptions_end(l);
    calls_end(l);
    while (l->txs)
        client_tx_stop(l->txs);
    server_tx_flush(l);
    transport_close(l);
}

void ua_line_status(const struct ua_line *l, struct ua_reg_status *st)
{
    const struct registration *r = &l->reg;

    *st = (struct ua_reg_status){
        .state = r->state,
        .scode = r->scode,
        .reason = r->reason               ? r->reason
                  : r->state == UA_REG_OK ? "OK"
                                          : "",
        .server = r->server_text,
        .granted_s = r->state == UA_REG_OK ? r->granted_s : 0,
        .next_s =
            timer_running(&r->timer)
                ? (uint32_t)((clock_unscaled(l->stack->lp, timer_left_ms(&r->timer)) + 999) / 1000)
                : 0,
        .challenged = r->challenged,
        .since_s = servers_since_s(l),
        .why = l->servers.why,
        .us = r->took_us,
    };
}

void ua_line_remember(const struct ua_line *l, struct ua_line_memory *m)
{
    memcpy(m->call_id, l->reg.call_id, sizeof(m->call_id));
    m->cseq = l->reg.cseq;
}

void ua_line_recall(struct ua_line *l, const struct ua_line_memory *m)
{
    memcpy(l->reg.call_id, m->call_id, sizeof(l->reg.call_id));
    l->reg.cseq = m->cseq;
}
