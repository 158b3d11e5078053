/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Asking a STUN server how a line's SIP port looks from outside, and what kind of NAT stands
 * between (sip-behaviour.md 8; the test of RFC 3489 10.1). It goes out of the line's own socket,
 * with RFC 3489's retransmissions.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/dns/dns.h"
#include "sim/sip/binding.h"
#include "sim/sip/priv.h"

enum {
    FIRST_WAIT_MS = 100, /* RFC 3489 9.3: doubled up to 1.6 s, nine requests, 9.5 s in all */
    LONGEST_WAIT_MS = 1600,
    SENDS_MAX = 9,
    HOST_MAX = 256,
};

enum step {
    STEP_SELF,   /* test I: how do I look? */
    STEP_CHANGE, /* test II: answered from elsewhere? */
    STEP_OTHER,  /* test I again, to elsewhere: do I look the same? */
};

struct nat_probe {
    struct ua_line *line;
    struct timer timer;
    struct resolver_query *query;
    struct sockaddr_in server, mapped, other;
    uint32_t wait_ms;
    unsigned n_sent;
    enum step step;
    bool test;
    uint8_t tid[BINDING_TID];
};

static void finish(struct nat_probe *p, enum nat_kind type)
{
    struct ua_line *l = mem_ref(p->line);
    const struct sockaddr_in mapped = p->mapped;

    nat_probed(l, mapped.sin_port ? &mapped : NULL, p->test ? type : NAT_UNTESTED);
    mem_deref(l);
}

static bool same(const struct sockaddr_in *a, const struct sockaddr_in *b)
{
    return a->sin_addr.s_addr == b->sin_addr.s_addr && a->sin_port == b->sin_port;
}

static bool seen_as_it_is(const struct nat_probe *p)
{
    const struct sockaddr_in own = {.sin_addr = p->line->cfg.addr,
                                    .sin_port = htons(p->line->cfg.port)};
    return same(&p->mapped, &own);
}

static void timer_handler(void *arg);

static int transmit(struct nat_probe *p)
{
    struct ua_line *l = p->line;
    char buf[BINDING_MAX];
    const size_t len = binding_print(buf, p->tid, p->step == STEP_CHANGE);
    const struct sockaddr_in *to = p->step == STEP_OTHER ? &p->other : &p->server;
    const int err = len ? transport_send_quiet(l, to, buf, len) : ENOMEM;

    p->n_sent++;
    timer_start(l->stack->lp, &p->timer, p->wait_ms, timer_handler, p);
    p->wait_ms = p->wait_ms * 2 > LONGEST_WAIT_MS ? LONGEST_WAIT_MS : p->wait_ms * 2;
    return err;
}

static void ask(struct nat_probe *p, enum step step)
{
    p->step = step;
    p->n_sent = 0;
    p->wait_ms = FIRST_WAIT_MS;
    for (size_t i = 0; i < BINDING_TID; i++)
        p->tid[i] = (uint8_t)rng_u32(p->line->rng);
    if (transmit(p))
        finish(p, step == STEP_SELF ? NAT_NOT_REACHABLE : NAT_UNKNOWN);
}

static void unanswered(struct nat_probe *p, enum nat_kind why)
{
    if (p->step == STEP_SELF)
        finish(p, why);
    else if (p->step == STEP_OTHER)
        finish(p, NAT_UNKNOWN);
    else if (seen_as_it_is(p))
        finish(p, NAT_FIREWALL);
    else
        ask(p, STEP_OTHER);
}

static void timer_handler(void *arg)
{
    struct nat_probe *p = arg;

    if (p->n_sent >= SENDS_MAX)
        unanswered(p, NAT_NOT_RESPONDING);
    else if (transmit(p))
        unanswered(p, NAT_NOT_REACHABLE);
}

/* RFC 3489's test III would tell restricted cones apart that have one name here (8): it is left out
 * [DEF]. */
static void answered(struct nat_probe *p, const struct binding *b)
{
    if (b->refused || !b->mapped.sin_port) {
        finish(p, NAT_UNKNOWN);
    } else if (p->step == STEP_CHANGE) {
        finish(p, seen_as_it_is(p) ? NAT_OPEN : NAT_FULL_CONE);
    } else if (p->step == STEP_OTHER) {
        finish(p, same(&b->mapped, &p->mapped) ? NAT_RESTRICTED : NAT_SYMMETRIC);
    } else {
        p->mapped = b->mapped;
        p->other = b->other;
        if (p->test && p->other.sin_port)
            ask(p, STEP_CHANGE);
        else
            finish(p, NAT_UNKNOWN); /* a server with one address cannot tell [DEF] */
    }
}

static void resolved_handler(int err, const struct in_addr *addrs, size_t n, uint32_t ttl_s,
                             void *arg)
{
    struct nat_probe *p = arg;

    (void)n;
    (void)ttl_s;
    p->query = mem_deref(p->query);
    if (err) {
        finish(p, NAT_NOT_REACHABLE);
        return;
    }
    p->server.sin_addr = addrs[0];
    ask(p, STEP_SELF);
}

int nat_probe_start(struct nat_probe **pp, struct ua_line *l, bool test)
{
    const char *name = l->cfg.nat.stun_server;
    const size_t len = strcspn(name, ":");
    const unsigned long port = name[len] ? strtoul(name + len + 1, NULL, 10) : STUN_PORT;
    char host[HOST_MAX];

    if (!len || len >= sizeof(host) || !port || port > UINT16_MAX)
        return EINVAL;
    struct nat_probe *p = calloc(1, sizeof(*p));
    if (!p)
        return ENOMEM;
    memcpy(host, name, len);
    host[len] = '\0';
    p->line = l;
    p->test = test;
    p->server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    const int err = resolver_query_a(&p->query, l->stack->dns, host, resolved_handler, p);
    if (err) {
        free(p);
        return err;
    }
    *pp = p;
    return 0;
}

struct sockaddr_in nat_probe_server(const struct nat_probe *p)
{
    return p->server;
}

struct nat_probe *nat_probe_stop(struct nat_probe *p)
{
    if (p) {
        timer_cancel(&p->timer);
        mem_deref(p->query);
        free(p);
    }
    return NULL;
}

/* Lines that share a socket ask by themselves. */
static struct nat_probe *find(struct ua_line *first, const uint8_t *tid)
{
    for (struct ua_line *l = first; l; l = transport_sibling(l)) {
        struct nat_probe *p = nat_probe_of(l);
        if (p && p->n_sent && memcmp(p->tid, tid, BINDING_TID) == 0)
            return p;
    }
    return NULL;
}

void nat_probe_receive(struct ua_line *first, const char *data, size_t len)
{
    struct nat_probe *p = find(first, binding_tid(data));
    struct binding b;

    if (p && binding_parse(&b, data, len) == 0)
        answered(p, &b);
}

void nat_probe_unreachable(struct ua_line *first, const char *data, size_t len)
{
    struct nat_probe *p = len >= STUN_HEADER_SIZE ? find(first, binding_tid(data)) : NULL;

    if (p)
        unanswered(p, NAT_NOT_REACHABLE);
}
