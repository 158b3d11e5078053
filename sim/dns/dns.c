/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/dns/priv.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <re.h>

#include "sim/base/fnv.h"
#include "sim/loop/clock.h"
#include "sim/loop/timer.h"

enum {
    CHAINS = 256,
    SERVERS_MAX = 4,
    TTL_NONE_S = 5, /* how long "no such name" is believed [DEF] */
    TTL_MAX_S = 86400,
    SILENCE_MS = 10000, /* no server answered in this time: give up [DEF] */
    TTL_FOREVER_S = 0x7fffffff,
};

struct name_entry {
    struct name_entry *next;
    struct resolver *resolver;
    struct resolver_query *waiting;
    struct dns_query *query; /* on its way */
    struct timer timer;      /* ends it when all servers are silent */
    uint64_t expires_ms;
    int err;
    struct answer *answer; /* NULL with err */
    uint16_t type;
    bool by_tcp; /* query is: the answer did not fit a datagram */
    char name[];
};

struct resolver {
    struct loop *lp;
    struct dnsc *client;
    struct sa servers[SERVERS_MAX];
    uint32_t n_servers;
    struct name_entry *chains[CHAINS];
};

struct resolver_query {
    struct resolver_query *next, **pprev; /* among those waiting for entry */
    struct name_entry *entry;             /* waited for, or NULL */
    struct timer timer;                   /* delivers what is known already */
    struct resolver *resolver;
    union {
        resolver_h *a;
        resolver_srv_h *srv;
        resolver_naptr_h *naptr;
    } h; /* by type */
    void *arg;
    struct answer *answer; /* what will be delivered; NULL with err */
    int err;
    uint32_t ttl_s;
    uint16_t type;
};

static unsigned chain_of(const char *name)
{
    uint32_t h = FNV_START;

    for (; *name; name++) /* names are equal in any case */
        h = fnv_number(h, (uint8_t)*name | 0x20);
    return h % CHAINS;
}

static struct name_entry *find_entry(const struct resolver *r, const char *name, uint16_t type)
{
    struct name_entry *e = r->chains[chain_of(name)];

    while (e && (e->type != type || strcasecmp(e->name, name) != 0))
        e = e->next;
    return e;
}

static struct name_entry *add_entry(struct resolver *r, const char *name, uint16_t type)
{
    const size_t len = strlen(name) + 1;
    struct name_entry *e = calloc(1, sizeof(*e) + len);
    if (!e)
        return NULL;

    memcpy(e->name, name, len);
    e->type = type;
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
            mem_deref(e->answer);
            free(e);
        }
    }
    mem_deref(r->client);
}

static void add_known(struct resolver *r, const char *name, struct in_addr addr)
{
    struct name_entry *e = find_entry(r, name, DNS_TYPE_A);

    if (!e)
        e = add_entry(r, name, DNS_TYPE_A);
    if (!e || (!e->answer && answer_alloc(&e->answer, DNS_TYPE_A)))
        return;
    answer_add_addr(e->answer, addr);
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
    if (!find_entry(r, "localhost", DNS_TYPE_A))
        add_known(r, "localhost", (struct in_addr){.s_addr = htonl(INADDR_LOOPBACK)});
}

/* ADDR[:PORT] */
static int read_server(struct sa *sa, const char *text, uint32_t *n)
{
    char addr[INET_ADDRSTRLEN];
    const size_t len = strcspn(text, ":");
    const char *port = text[len] ? text + len + 1 : "53";
    const unsigned long number = strspn(port, "0123456789") == strlen(port) && strlen(port) <= 5
                                     ? strtoul(port, NULL, 10)
                                     : 0;

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
    struct resolver *r = mem_zalloc(sizeof(*r), resolver_destructor);

    if (!r)
        return ENOMEM;
    r->lp = lp;
    r->n_servers = SERVERS_MAX;
    int err = find_servers(server, r->servers, &r->n_servers);
    if (!err)
        err = dnsc_alloc(&r->client, NULL, r->servers, r->n_servers);
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
    mem_deref(q->answer);
}

static void deliver_handler(void *arg)
{
    struct resolver_query *q = arg;
    const struct answer *a = q->answer;
    const size_t n = a ? a->n : 0;

    mem_ref(q);
    switch (q->type) {
    case DNS_TYPE_SRV:
        q->h.srv(q->err, a ? a->srv : NULL, n, q->ttl_s, q->arg);
        break;
    case DNS_TYPE_NAPTR:
        q->h.naptr(q->err, a ? a->naptr : NULL, n, q->ttl_s, q->arg);
        break;
    default:
        q->h.a(q->err, a ? a->addrs : NULL, n, q->ttl_s, q->arg);
        break;
    }
    mem_deref(q);
}

static void take_answer(struct resolver_query *q, const struct name_entry *e)
{
    const uint64_t now = clock_ms(q->resolver->lp);

    q->err = e->err;
    q->answer = mem_ref(e->answer);
    q->ttl_s = e->expires_ms == UINT64_MAX ? TTL_FOREVER_S
               : e->expires_ms > now       ? (uint32_t)((e->expires_ms - now) / 1000)
                                           : 0;
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

/* A server that was silent is asked again by the next question. Where only the rest of an answer
 * failed to come by TCP, its beginning serves for a while. */
static void fail(struct name_entry *e, int err)
{
    if (e->by_tcp && e->answer) {
        e->expires_ms = clock_ms(e->resolver->lp) + TTL_NONE_S * 1000ULL;
        settle(e, 0);
        return;
    }
    e->answer = mem_deref(e->answer);
    e->expires_ms = clock_ms(e->resolver->lp);
    settle(e, err);
}

static void silence_handler(void *arg)
{
    fail(arg, ETIMEDOUT);
}

static void dns_handler(int err, const struct dnshdr *hdr, struct list *ansl, struct list *authl,
                        struct list *addl, void *arg);

/* The records did not fit a datagram (RFC 7766): libre leaves it to us to ask again. */
static bool ask_by_tcp(struct name_entry *e)
{
    struct resolver *r = e->resolver;

    e->by_tcp = true;
    if (dnsc_query_srv(&e->query, r->client, e->name, e->type, DNS_CLASS_IN, IPPROTO_TCP,
                       r->servers, &r->n_servers, true, dns_handler, e))
        return false;
    timer_start(r->lp, &e->timer, SILENCE_MS, silence_handler, e);
    return true;
}

static void dns_handler(int err, const struct dnshdr *hdr, struct list *ansl, struct list *authl,
                        struct list *addl, void *arg)
{
    struct name_entry *e = arg;
    uint32_t ttl_s = TTL_NONE_S;

    (void)authl;
    if (err) {
        fail(e, ETIMEDOUT);
        return;
    }
    e->answer = mem_deref(e->answer);
    err =
        hdr->rcode == DNS_RCODE_OK ? answer_read(&e->answer, e->type, ansl, addl, &ttl_s) : ENOENT;
    if (hdr->tc && !e->by_tcp && ask_by_tcp(e))
        return;
    if (ttl_s < TTL_NONE_S)
        ttl_s = TTL_NONE_S;
    if (ttl_s > TTL_MAX_S)
        ttl_s = TTL_MAX_S;
    e->expires_ms = clock_ms(e->resolver->lp) + ttl_s * 1000ULL;
    settle(e, err);
}

static void wait_for(struct resolver_query *q, struct name_entry *e)
{
    if (!e->query) {
        e->by_tcp = false;
        const int err = dnsc_query(&e->query, e->resolver->client, e->name, e->type, DNS_CLASS_IN,
                                   true, dns_handler, e);
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

/* A dotted address is its own A record and has no others. */
static int answer_address(struct resolver_query *q, struct in_addr addr)
{
    if (q->type != DNS_TYPE_A) {
        q->err = ENOENT;
        return 0;
    }
    q->ttl_s = TTL_FOREVER_S;
    if (answer_alloc(&q->answer, DNS_TYPE_A))
        return ENOMEM;
    answer_add_addr(q->answer, addr);
    return 0;
}

static int look_up(struct resolver_query *q, const char *name)
{
    struct resolver *r = q->resolver;
    struct in_addr addr;

    if (inet_pton(AF_INET, name, &addr) == 1)
        return answer_address(q, addr);
    if (!name_ok(name)) {
        q->err = ENOENT;
        return 0;
    }
    struct name_entry *e = find_entry(r, name, q->type);
    if (!e)
        e = add_entry(r, name, q->type);
    if (!e)
        return ENOMEM;
    if (!e->query && e->expires_ms > clock_ms(r->lp))
        take_answer(q, e);
    else
        wait_for(q, e);
    return 0;
}

/* q comes with its handler; it is consumed. */
static int ask(struct resolver_query **qp, struct resolver_query *q, struct resolver *r,
               uint16_t type, const char *name, void *arg)
{
    q->resolver = r;
    q->type = type;
    q->arg = arg;
    const int err = look_up(q, name);
    if (err) {
        mem_deref(q);
        return err;
    }
    if (!q->entry)
        timer_start(r->lp, &q->timer, 0, deliver_handler, q);
    *qp = q;
    return 0;
}

int resolver_has_a(const struct resolver *r, const char *name, struct in_addr addr)
{
    const struct name_entry *e = find_entry(r, name, DNS_TYPE_A);
    struct in_addr own;

    if (inet_pton(AF_INET, name, &own) == 1)
        return own.s_addr == addr.s_addr;
    if (!e || e->query || e->expires_ms <= clock_ms(r->lp))
        return -1;
    for (size_t i = 0; !e->err && i < e->answer->n_addrs; i++) {
        if (e->answer->addrs[i].s_addr == addr.s_addr)
            return 1;
    }
    return 0;
}

int resolver_query_a(struct resolver_query **qp, struct resolver *r, const char *name,
                     resolver_h *h, void *arg)
{
    struct resolver_query *q = mem_zalloc(sizeof(*q), query_destructor);

    if (!q)
        return ENOMEM;
    q->h.a = h;
    return ask(qp, q, r, DNS_TYPE_A, name, arg);
}

int resolver_query_srv(struct resolver_query **qp, struct resolver *r, const char *name,
                       resolver_srv_h *h, void *arg)
{
    struct resolver_query *q = mem_zalloc(sizeof(*q), query_destructor);

    if (!q)
        return ENOMEM;
    q->h.srv = h;
    return ask(qp, q, r, DNS_TYPE_SRV, name, arg);
}

int resolver_query_naptr(struct resolver_query **qp, struct resolver *r, const char *name,
                         resolver_naptr_h *h, void *arg)
{
    struct resolver_query *q = mem_zalloc(sizeof(*q), query_destructor);

    if (!q)
        return ENOMEM;
    q->h.naptr = h;
    return ask(qp, q, r, DNS_TYPE_NAPTR, name, arg);
}
