/* SPDX-License-Identifier: BSD-3-Clause */
/* The servers of a line at work: found, failed over, fallen back to (sip-behaviour.md 2.5 to 2.7).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/sip/call_priv.h"
#include "sim/sip/priv.h"
#include "sim/sip/server_find.h"

/* Lists and marks live in the phone's own time (--time-scale). */
static uint64_t phone_ms(const struct ua_line *l)
{
    return clock_unscaled(l->stack->lp, clock_ms(l->stack->lp));
}

static struct server_fallback fallback_rule(const struct ua_line *l)
{
    return (struct server_fallback){
        .interval_s = l->cfg.fallback_s,
        .auto_register = l->cfg.auto_register || rsc_has_bt(l->cfg.backup_rsc),
    };
}

const struct server_entry *servers_current(const struct ua_line *l)
{
    return l->servers.list ? server_list_current(l->servers.list) : NULL;
}

const char *servers_print(const struct server_entry *e, char *buf, size_t size)
{
    struct writer w = {.buf = buf, .size = size - 1};

    if (e)
        put_addr(&w, e->addr.s_addr, e->port);
    buf[w.len] = '\0';
    return buf;
}

/* An answer that comes late does no harm to what is known: the marks move to the new list. */
static void found_handler(int err, struct server_list *list, uint32_t ttl_s, void *arg)
{
    struct ua_line *l = arg;
    struct line_servers *s = &l->servers;

    s->find = mem_deref(s->find);
    if (!err) {
        if (s->list)
            server_list_merge(list, s->list);
        mem_deref(s->list);
        s->list = mem_ref(list);
        s->fresh_until_ms = phone_ms(l) + ttl_s * 1000ULL;
    }
    /* names that cannot be found any more are used as they were [DEF] */
    registration_servers(l, s->list ? 0 : err);
    calls_ready(l, s->list ? 0 : err, err == ETIMEDOUT ? "DNS Timeout" : "Network Error");
}

bool servers_fresh(const struct ua_line *l)
{
    return l->servers.list && phone_ms(l) < l->servers.fresh_until_ms;
}

int servers_find(struct ua_line *l)
{
    const struct server_find_config c = {
        .proxy = l->records ? l->records : l->cfg.proxy,
        .outbound_proxy = l->cfg.outbound_proxy,
        .transport = l->cfg.transport,
        .transport_auto = l->cfg.transport_auto,
        .use_srv = l->cfg.use_srv,
        .auto_prefix = l->cfg.auto_prefix,
        .by_srv_port = l->cfg.by_srv_port,
        .weighted = l->cfg.srv_weighted ? l->rng : NULL,
    };

    l->servers.find = mem_deref(l->servers.find);
    return server_find(&l->servers.find, l->stack->lp, l->stack->dns, &c, found_handler, l, NULL);
}

static void tell(struct ua_line *l, bool fallback, const char *from, const char *why)
{
    char to[SERVER_TEXT];
    const struct ua_move move = {.fallback = fallback,
                                 .from = from,
                                 .to = servers_print(servers_current(l), to, sizeof(to)),
                                 .why = why};

    l->servers.since_ms = phone_ms(l);
    snprintf(l->servers.why, sizeof(l->servers.why), "%s", fallback ? "fallback" : why);
    if (l->h && l->h->moved)
        l->h->moved(&move, l->arg);
}

bool servers_fail(struct ua_line *l, const char *why)
{
    struct line_servers *s = &l->servers;
    char from[SERVER_TEXT];

    timer_cancel(&s->timer);
    s->falling_back = false;
    if (!s->list)
        return false;
    servers_print(servers_current(l), from, sizeof(from));
    if (!server_list_fail(s->list, NULL, phone_ms(l), l->cfg.fallback_s))
        return false;
    tell(l, false, from, why);
    return true;
}

static void fallback_handler(void *arg)
{
    struct ua_line *l = arg;
    const struct server_fallback f = fallback_rule(l);
    struct line_servers *s = &l->servers;

    s->fallback_due = ua_line_in_call(l); /* not in a call (2.7) */
    if (s->fallback_due)
        return;
    servers_print(servers_current(l), s->left, sizeof(s->left));
    if (!server_list_fall_back(s->list, &f, phone_ms(l), SERVER_TIMER, false))
        return;
    s->falling_back = true;
    registration_renew(l);
}

static void arm_fallback(struct ua_line *l)
{
    const struct server_fallback f = fallback_rule(l);
    struct line_servers *s = &l->servers;
    const uint64_t at = server_list_fallback_ms(s->list, &f), now = phone_ms(l);

    if (at == SERVER_NEVER)
        timer_cancel(&s->timer);
    else
        timer_start(l->stack->lp, &s->timer, clock_scaled(l->stack->lp, at > now ? at - now : 0),
                    fallback_handler, l);
}

void servers_idle(struct ua_line *l)
{
    if (l->servers.fallback_due && !ua_line_in_call(l))
        fallback_handler(l);
}

void servers_follow(struct ua_line *l)
{
    if (fallback_rule(l).auto_register || l->cfg.transport != UA_UDP)
        registration_move(l);
    else
        arm_fallback(l);
}

void servers_renew(struct ua_line *l)
{
    const struct server_fallback f = fallback_rule(l);
    struct line_servers *s = &l->servers;

    if (!s->list || s->falling_back)
        return;
    servers_print(servers_current(l), s->left, sizeof(s->left));
    if (server_list_fall_back(s->list, &f, phone_ms(l), SERVER_RENEWAL, ua_line_in_call(l)))
        s->falling_back = true;
}

void servers_succeed(struct ua_line *l)
{
    struct line_servers *s = &l->servers;

    if (!s->list)
        return;
    server_list_succeed(s->list);
    if (s->falling_back) {
        s->falling_back = false;
        tell(l, true, s->left, "fallback");
    }
    arm_fallback(l);
}

uint32_t servers_since_s(const struct ua_line *l)
{
    return l->servers.since_ms ? (uint32_t)((phone_ms(l) - l->servers.since_ms) / 1000) : 0;
}

void servers_close(struct ua_line *l)
{
    struct line_servers *s = &l->servers;

    timer_cancel(&s->timer);
    s->find = mem_deref(s->find);
    s->list = mem_deref(s->list);
}
