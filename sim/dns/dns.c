/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/dns/dns.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <re.h>

#include "sim/loop/clock.h"
#include "sim/loop/timer.h"

enum {
    CHAINS = 256,
    ADDRS_MAX = 16,
    SERVERS_MAX = 4,
    TTL_NONE_S = 5,         /* how long "no such name" is believed [DEF] */
    TTL_MAX_S = 86400,
    SILENCE_MS = 10000,     /* no server answered in this time: give up [DEF] */
    TTL_FOREVER_S = 0x7fffffff,
    NAME_BYTES = 254,
    LABEL_MAX = 63,
};

struct name_entry {
    struct name_entry *next;
    struct resolver *resolver;
    struct resolver_query *waiting;
    struct dns_query *query;  /* on its way */
    struct timer timer;       /* ends it when all servers are silent */
    uint64_t expires_ms;
    int err;
    size_t n;
    struct in_addr addrs[ADDRS_MAX];
    char name[];
};

struct resolver {
    struct loop *lp;
    struct dnsc *client;
    struct name_entry *chains[CHAINS];
};

struct resolver_query {
    struct resolver_query *next, **pprev; /* among those waiting for entry */
    struct name_entry *entry; /* waited for, or NULL */
    struct timer timer;       /* delivers what is known already */
    struct resolver *resolver;
    resolver_h *h;
    void *arg;
    int err;
    size_t n;
    uint32_t ttl_s;
    struct in_addr addrs[ADDRS_MAX];
};

static unsigned chain_of(const char *name)
{
    uint32_t h = 2166136261u;

    for (; *name; name++)
        h = (h ^ ((uint8_t)*name | 0x20u)) * 16777619u;
    return h % CHAINS;
}

static struct name_entry *find_entry(const struct resolver *r, const char *name)
{
    struct name_entry *e = r->chains[chain_of(name)];

    while (e && strcasecmp(e->name, name) != 0)
        e = e->next;
    return e;
}

static struct name_entry *add_entry(struct resolver *r, const char *name)
{
    const size_t len = strlen(name) + 1;
    struct name_entry *e = calloc(1, sizeof(*e) + len);
    if (!e)
        return NULL;

    memcpy(e->name, name, len);
    e->resolver = r;
    e->next = r->chains[chain_of(name)];
    r->chains[chain_of(name)] = e;
    return e;
}

static void resolver_destructor(void *arg)
{
    struct resolver *r = arg;

    for (unsigned i = 0; i < CHAINS; i++) {
        while (r->chains[i]) {
            struct name_entry *e = r->chains[i];
            r->chains[i] = e->next;
            for (struct resolver_query *q = e->waiting; q; q = q->next)
                q->entry = NULL;
            timer_cancel(&e->timer);
            mem_deref(e->query);
            free(e);
        }
    }
    mem_deref(r->client);
}

static void add_known(struct resolver *r, const char *name, struct in_addr addr)
{
    struct name_entry *e = find_entry(r, name);

    if (!e)
        e = add_entry(r, name);
    if (!e || e->n == ADDRS_MAX)
        return;
    e->addrs[e->n++] = addr;
    e->expires_ms = UINT64_MAX;
}

static void read_hosts(struct resolver *r)
{
    FILE *f = fopen("/etc/hosts", "re");
    char line[1024], *save;

    while (f && fgets(line, sizeof(line), f)) {
        struct in_addr addr;
        line[strcspn(line, "#\n")] = '\0';
        const char *word = strtok_r(line, " \t", &save);
        if (!word || inet_pton(AF_INET, word, &addr) != 1)
            continue;
        while ((word = strtok_r(NULL, " \t", &save)))
            add_known(r, word, addr);
    }
    if (f)
        fclose(f);
    if (!find_entry(r, "localhost"))
        add_known(r, "localhost", (struct in_addr){.s_addr = htonl(INADDR_LOOPBACK)});
}

/* ADDR[:PORT] */
static int read_server(struct sa *sa, const char *text, uint32_t *n)
{
    char addr[INET_ADDRSTRLEN];
    const size_t len = strcspn(text, ":");
    const char *port = text[len] ? text + len + 1 : "53";
    const unsigned long number = strspn(port, "0123456789") == strlen(port) && strlen(port) <= 5
                                     ? strtoul(port, NULL, 10) : 0;

    if (len >= sizeof(addr) || !number || number > 65535)
        return EINVAL;
    memcpy(addr, text, len);
    addr[len] = '\0';
    *n = 1;
    return sa_set_str(sa, addr, (uint16_t)number) || sa_af(sa) != AF_INET ? EINVAL : 0;
}

static int find_servers(const char *server, struct sa *servers, uint32_t *n)
{
    if (!server) {
        if (dns_srv_get(NULL, 0, servers, n) || !*n) { /* no resolver configured: ask this host */
            sa_set_str(&servers[0], "127.0.0.1", 53);
            *n = 1;
        }
        return 0;
    }
    return read_server(&servers[0], server, n);
}

int resolver_alloc(struct resolver **rp, struct loop *lp, const char *server)
{
    struct sa servers[SERVERS_MAX];
    uint32_t n = SERVERS_MAX;

    int err = find_servers(server, servers, &n);
    if (err)
        return err;
    struct resolver *r = mem_zalloc(sizeof(*r), resolver_destructor);
    if (!r)
        return ENOMEM;
    r->lp = lp;
    err = dnsc_alloc(&r->client, NULL, servers, n);
    if (err) {
        mem_deref(r);
        return err;
    }
    read_hosts(r);
    *rp = r;
    return 0;
}

static void query_destructor(void *arg)
{
    struct resolver_query *q = arg;

    timer_cancel(&q->timer);
    if (q->entry) {
        *q->pprev = q->next;
        if (q->next)
            q->next->pprev = q->pprev;
    }
}

static void deliver_handler(void *arg)
{
    struct resolver_query *q = arg;

    mem_ref(q);
    q->h(q->err, q->addrs, q->n, q->ttl_s, q->arg);
    mem_deref(q);
}

static void take_answer(struct resolver_query *q, const struct name_entry *e)
{
    const uint64_t now = clock_ms(q->resolver->lp);

    q->err = e->err;
    q->n = e->n;
    memcpy(q->addrs, e->addrs, sizeof(q->addrs));
    q->ttl_s = e->expires_ms == UINT64_MAX ? TTL_FOREVER_S
               : e->expires_ms > now       ? (uint32_t)((e->expires_ms - now) / 1000)
                                           : 0;
}

static bool answer_handler(struct dnsrr *rr, void *arg)
{
    struct name_entry *e = arg;

    if (rr->type == DNS_TYPE_A && e->n < ADDRS_MAX) {
        const uint64_t ttl = rr->ttl < TTL_NONE_S  ? TTL_NONE_S
                             : rr->ttl < TTL_MAX_S ? (uint64_t)rr->ttl
                                                   : TTL_MAX_S;
        const uint64_t expires = clock_ms(e->resolver->lp) + ttl * 1000;
        e->addrs[e->n++] = (struct in_addr){.s_addr = htonl(rr->rdata.a.addr)};
        if (e->n == 1 || expires < e->expires_ms)
            e->expires_ms = expires;
    }
    return false;
}

/* Everyone who waits learns the outcome, each on a turn of its own. */
static void settle(struct name_entry *e, int err)
{
    struct resolver *r = e->resolver;

    timer_cancel(&e->timer);
    e->query = mem_deref(e->query);
    e->err = err;
    while (e->waiting) {
        struct resolver_query *q = e->waiting;
        e->waiting = q->next;
        if (q->next)
            q->next->pprev = &e->waiting;
        q->entry = NULL;
        take_answer(q, e);
        timer_start(r->lp, &q->timer, 0, deliver_handler, q);
    }
}

/* A server that was silent is asked again by the next question. */
static void fail(struct name_entry *e, int err)
{
    e->n = 0;
    e->expires_ms = clock_ms(e->resolver->lp);
    settle(e, err);
}

static void silence_handler(void *arg)
{
    fail(arg, ETIMEDOUT);
}

static void dns_handler(int err, const struct dnshdr *hdr, struct list *ansl, struct list *authl,
                        struct list *addl, void *arg)
{
    struct name_entry *e = arg;

    (void)authl;
    (void)addl;
    if (err) {
        fail(e, ETIMEDOUT);
        return;
    }
    e->n = 0;
    e->expires_ms = clock_ms(e->resolver->lp) + TTL_NONE_S * 1000ULL;
    if (hdr->rcode == DNS_RCODE_OK)
        dns_rrlist_apply(ansl, NULL, DNS_TYPE_A, DNS_CLASS_IN, false, answer_handler, e);
    settle(e, e->n ? 0 : ENOENT);
}

static void wait_for(struct resolver_query *q, struct name_entry *e)
{
    if (!e->query) {
        const int err = dnsc_query(&e->query, e->resolver->client, e->name, DNS_TYPE_A,
                                   DNS_CLASS_IN, true, dns_handler, e);
        if (err) { /* nothing could be sent: no route, no memory */
            q->err = err;
            return;
        }
        timer_start(e->resolver->lp, &e->timer, SILENCE_MS, silence_handler, e);
    }
    q->entry = e;
    q->next = e->waiting;
    q->pprev = &e->waiting;
    if (q->next)
        q->next->pprev = &q->next;
    e->waiting = q;
}

/* What a name server may be asked: letters, digits, hyphens, underscores, dots. */
static bool name_ok(const char *name)
{
    const size_t len = strlen(name);

    for (const char *p = name; *p;) {
        const size_t label = strcspn(p, ".");
        if (!label || label > LABEL_MAX)
            return false;
        p += label + (p[label] == '.');
    }
    return len > 0 && len < NAME_BYTES &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == len;
}

int resolver_query_a(struct resolver_query **qp, struct resolver *r, const char *name,
                     resolver_h *h, void *arg)
{
    struct resolver_query *q = mem_zalloc(sizeof(*q), query_destructor);
    struct in_addr addr;

    if (!q)
        return ENOMEM;
    q->resolver = r;
    q->h = h;
    q->arg = arg;
    if (inet_pton(AF_INET, name, &addr) == 1) {
        q->n = 1;
        q->addrs[0] = addr;
        q->ttl_s = TTL_FOREVER_S;
    } else if (!name_ok(name)) {
        q->err = ENOENT;
    } else {
        struct name_entry *e = find_entry(r, name);
        if (!e)
            e = add_entry(r, name);
        if (!e) {
            mem_deref(q);
            return ENOMEM;
        }
        if (!e->query && e->expires_ms > clock_ms(r->lp))
            take_answer(q, e);
        else
            wait_for(q, e);
    }
    if (!q->entry)
        timer_start(r->lp, &q->timer, 0, deliver_handler, q);
    *qp = q;
    return 0;
}
