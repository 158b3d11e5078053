/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/server_list.h"

#include <errno.h>
#include <string.h>
#include <re.h>

#include "sim/base/rng.h"

struct server_list {
    bool weighted; /* equal priorities have no order of their own */
    size_t n;
    struct server_entry entries[];
};

static void destructor(void *arg)
{
    struct server_list *l = arg;

    for (size_t i = 0; i < l->n; i++)
        mem_deref(l->entries[i].host);
}

static bool same_tier(const struct server_target *a, const struct server_target *b)
{
    return a->group == b->group && a->priority == b->priority;
}

static bool ranks_before(const struct server_target *a, const struct server_target *b)
{
    if (a->group != b->group)
        return a->group < b->group;
    if (a->priority != b->priority)
        return a->priority < b->priority;
    return a->weight > b->weight;
}

/* Stable: equal ones stay in the order of the answer. */
static void rank(const struct server_target **order, const struct server_target *targets, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = i;
        for (; at > 0 && ranks_before(&targets[i], order[at - 1]); at--)
            order[at] = order[at - 1];
        order[at] = &targets[i];
    }
}

static void move_to_front(const struct server_target **t, size_t from)
{
    const struct server_target *moved = t[from];

    memmove(t + 1, t, from * sizeof(*t));
    t[0] = moved;
}

/* RFC 2782: those of weight 0 come first in the running sum. */
static size_t draw(const struct server_target **t, size_t n, struct rng *rng)
{
    uint32_t sum = 0, running = 0;

    for (size_t i = 0; i < n; i++)
        sum += t[i]->weight;
    const uint32_t pick = rng_upto(rng, sum);
    for (size_t i = 0; i < n; i++) {
        running += t[i]->weight;
        if (pick ? running >= pick : !t[i]->weight)
            return i;
    }
    return 0;
}

static void shuffle(const struct server_target **order, size_t n, struct rng *rng)
{
    for (size_t i = 0; i < n;) {
        size_t end = i + 1;
        while (end < n && same_tier(order[i], order[end]))
            end++;
        for (; i < end; i++)
            move_to_front(order + i, draw(order + i, end - i, rng));
    }
}

static uint16_t port_of(const struct server_target *t)
{
    return t->port ? t->port : t->transport == UA_TLS ? SIP_PORT_TLS : SIP_PORT;
}

static bool same_server(const struct server_entry *a, const struct server_entry *b)
{
    return a->addr.s_addr == b->addr.s_addr && a->port == b->port && a->transport == b->transport;
}

static size_t find_same(const struct server_list *l, const struct server_entry *as)
{
    for (size_t i = 0; i < l->n; i++)
        if (same_server(&l->entries[i], as))
            return i;
    return SIZE_MAX;
}

static int add_target(struct server_list *l, size_t max, const struct server_target *t)
{
    struct server_entry e = {.port = port_of(t),
                             .priority = t->priority,
                             .weight = t->weight,
                             .group = t->group,
                             .transport = t->transport};
    char *host = NULL;

    if (str_dup(&host, t->host ? t->host : ""))
        return ENOMEM;
    for (size_t i = 0; i < t->n_addrs && l->n < max; i++) {
        e.addr = t->addrs[i];
        if (find_same(l, &e) != SIZE_MAX)
            continue;
        e.host = mem_ref(host);
        l->entries[l->n++] = e;
    }
    mem_deref(host);
    return 0;
}

int server_list_alloc(struct server_list **lp, const struct server_target *targets, size_t n,
                      const struct server_order *order)
{
    const struct server_target *ranked[SERVER_TARGETS_MAX];
    size_t max = 0;

    if (n > SERVER_TARGETS_MAX)
        return E2BIG;
    for (size_t i = 0; i < n; i++)
        max += targets[i].n_addrs;
    if (!max)
        return ENOENT;
    if (max > SERVER_ENTRIES_MAX)
        max = SERVER_ENTRIES_MAX;
    struct server_list *l = mem_zalloc(sizeof(*l) + max * sizeof(l->entries[0]), destructor);
    if (!l)
        return ENOMEM;

    l->weighted = order->weighted != NULL;
    rank(ranked, targets, n);
    if (order->weighted)
        shuffle(ranked, n, order->weighted);
    for (size_t i = 0; i < n; i++) {
        if (order->by_srv_port && l->n && port_of(ranked[i]) != l->entries[0].port)
            continue;
        if (add_target(l, max, ranked[i])) {
            mem_deref(l);
            return ENOMEM;
        }
    }
    *lp = l;
    return 0;
}

size_t server_list_count(const struct server_list *l)
{
    return l->n;
}

const struct server_entry *server_list_at(const struct server_list *l, size_t i)
{
    return i < l->n ? &l->entries[i] : NULL;
}

static size_t current_index(const struct server_list *l)
{
    size_t i = 0;

    while (i + 1 < l->n && l->entries[i].down)
        i++;
    return i;
}

const struct server_entry *server_list_current(const struct server_list *l)
{
    return &l->entries[current_index(l)];
}

static void clear_marks(struct server_list *l)
{
    for (size_t i = 0; i < l->n; i++) {
        l->entries[i].down = false;
        l->entries[i].tried = false;
    }
}

static bool all_down(const struct server_list *l)
{
    return l->entries[current_index(l)].down;
}

/* Neither priority nor, unless that was drawn by lot, weight tells these two apart. */
static bool interchangeable(const struct server_list *l, const struct server_entry *a,
                            const struct server_entry *b)
{
    return a->group == b->group && a->priority == b->priority &&
           (l->weighted || a->weight == b->weight);
}

void server_list_merge(struct server_list *l, const struct server_list *old)
{
    size_t place[SERVER_ENTRIES_MAX];

    for (size_t i = 0; i < l->n; i++) {
        struct server_entry e = l->entries[i];
        const size_t mine = find_same(old, &e);
        size_t at = i;

        if (mine != SIZE_MAX) {
            e.down = old->entries[mine].down;
            e.tried = old->entries[mine].tried;
            e.down_since_ms = old->entries[mine].down_since_ms;
        }
        for (; at > 0 && mine < place[at - 1] && interchangeable(l, &e, &l->entries[at - 1]);
             at--) {
            l->entries[at] = l->entries[at - 1];
            place[at] = place[at - 1];
        }
        l->entries[at] = e;
        place[at] = mine;
    }
    if (all_down(l))
        clear_marks(l);
}

static bool interval_over(const struct server_entry *e, uint64_t now_ms, uint32_t interval_s)
{
    return now_ms >= e->down_since_ms && now_ms - e->down_since_ms >= interval_s * 1000ULL;
}

const struct server_entry *server_list_fail(struct server_list *l,
                                            const struct server_entry *failed, uint64_t now_ms,
                                            uint32_t interval_s)
{
    const size_t i = failed ? find_same(l, failed) : current_index(l);

    if (i == SIZE_MAX || l->entries[i].down)
        return server_list_current(l);
    struct server_entry *e = &l->entries[i];
    e->down = true;
    e->tried = true;
    e->down_since_ms = now_ms;
    for (e = l->entries; e < l->entries + l->n; e++)
        if (!e->tried && e->down && interval_over(e, now_ms, interval_s))
            e->down = false;
    if (all_down(l)) {
        clear_marks(l);
        return NULL;
    }
    return server_list_current(l);
}

void server_list_succeed(struct server_list *l)
{
    for (size_t i = 0; i < l->n; i++)
        l->entries[i].tried = false;
}

/* Above the current one by priority, not only by order of the answer (2.5 rule 5). */
static bool outranks(const struct server_entry *e, const struct server_entry *current)
{
    return e->group < current->group ||
           (e->group == current->group && e->priority < current->priority);
}

uint64_t server_list_fallback_ms(const struct server_list *l, const struct server_fallback *f)
{
    const struct server_entry *current = server_list_current(l);
    uint64_t next_ms = SERVER_NEVER;

    if (!f->interval_s || (f->auto_register && current->transport == UA_UDP))
        return SERVER_NEVER;
    for (const struct server_entry *e = l->entries; e < current; e++) {
        const uint64_t at_ms = e->down_since_ms + f->interval_s * 1000ULL;
        if (outranks(e, current) && at_ms < next_ms)
            next_ms = at_ms;
    }
    return next_ms;
}

/*
 * UDP without Auto_Register_When_Failover: the renewal or the interval, whichever is first; with
 * it: the first renewal after the interval. TCP and TLS: the interval alone, 0 stays (2.7). That a
 * renewal before the interval leaves a connection where it is, is our reading of MPP-N [DEF].
 */
static bool may_return(const struct server_entry *e, const struct server_entry *current,
                       const struct server_fallback *f, uint64_t now_ms,
                       enum server_occasion occasion)
{
    const bool over = interval_over(e, now_ms, f->interval_s);

    if (current->transport != UA_UDP)
        return f->interval_s && over;
    if (f->auto_register)
        return occasion == SERVER_RENEWAL && over;
    return occasion == SERVER_RENEWAL || (f->interval_s && over);
}

bool server_list_fall_back(struct server_list *l, const struct server_fallback *f, uint64_t now_ms,
                           enum server_occasion occasion, bool in_call)
{
    const size_t n = current_index(l);
    const struct server_entry *current = &l->entries[n];
    bool any = false;

    if (in_call)
        return false;
    for (size_t i = 0; i < n; i++) {
        struct server_entry *e = &l->entries[i];
        if (outranks(e, current) && may_return(e, current, f, now_ms, occasion)) {
            e->down = false;
            e->tried = false;
            any = true;
        }
    }
    return any;
}
