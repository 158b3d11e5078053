/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/server_find.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <re.h>

#include "sim/base/err.h"
#include "sim/dns/dns.h"
#include "sim/loop/timer.h"
#include "sim/sip/server_list.h"
#include "sim/sip/server_record.h"

enum {
    NAME_BYTES = 300, /* prefix and host */
    TTL_STATIC_S = 0x7fffffff,
};

struct hop { /* a name to ask for SRV records, from one NAPTR record or from the settings */
    char *name;
    enum ua_transport transport;
    uint16_t order, preference;
};

struct found { /* a target on its way into the list */
    struct server_find *find;
    struct resolver_query *query; /* for its A records */
    char *name;                   /* to ask for */
    char *host;                   /* for certificates */
    struct in_addr *addrs;
    size_t n_addrs;
    uint16_t port, priority, weight, group;
    enum ua_transport transport;
};

struct server_find {
    struct resolver *resolver;
    struct resolver_query *query; /* NAPTR or SRV */
    struct timer timer;
    struct server_record *rec;
    enum ua_transport transport;
    bool transport_auto, use_srv, auto_prefix;
    struct server_order order;
    server_find_h *h;
    void *arg;
    uint32_t ttl_s;   /* shortest so far */
    int err;          /* first failure of an A question */
    size_t n_waiting; /* A questions */
    size_t n_hops, hop;
    struct hop hops[RESOLVER_NAPTR_MAX];
    size_t n_found;
    struct found found[SERVER_TARGETS_MAX];
};

static void destructor(void *arg)
{
    struct server_find *f = arg;

    timer_cancel(&f->timer);
    mem_deref(f->query);
    for (size_t i = 0; i < f->n_hops; i++)
        mem_deref(f->hops[i].name);
    for (size_t i = 0; i < f->n_found; i++) {
        mem_deref(f->found[i].query);
        mem_deref(f->found[i].name);
        mem_deref(f->found[i].host);
        mem_deref(f->found[i].addrs);
    }
    mem_deref(f->rec);
    mem_deref(f->resolver);
}

static void limit_ttl(struct server_find *f, uint32_t ttl_s)
{
    if (ttl_s < f->ttl_s)
        f->ttl_s = ttl_s;
}

static void finish(struct server_find *f, int err, struct server_list *list)
{
    mem_ref(f);
    f->h(err, list, f->ttl_s, f->arg);
    mem_deref(f);
}

static void finish_list(struct server_find *f)
{
    struct server_target targets[SERVER_TARGETS_MAX];
    struct server_list *list = NULL;

    for (size_t i = 0; i < f->n_found; i++) {
        const struct found *t = &f->found[i];
        targets[i] = (struct server_target){
            .host = t->host,
            .addrs = t->addrs,
            .n_addrs = t->n_addrs,
            .port = t->port,
            .priority = t->priority,
            .weight = t->weight,
            .group = t->group,
            .transport = t->transport,
        };
    }
    const int err = server_list_alloc(&list, targets, f->n_found, &f->order);
    finish(f, err == ENOENT && f->err ? f->err : err, list);
    mem_deref(list);
}

static int set_addrs(struct found *t, const struct in_addr *addrs, size_t n)
{
    if (!n)
        return 0;
    t->addrs = mem_alloc(n * sizeof(*addrs), NULL);
    if (!t->addrs)
        return ENOMEM;
    memcpy(t->addrs, addrs, n * sizeof(*addrs));
    t->n_addrs = n;
    return 0;
}

/* One more target; past the limit (12, 2.5) it is left out. */
static int add(struct server_find *f, const struct found *what, const char *name, const char *host,
               const struct in_addr *addrs, size_t n_addrs)
{
    if (f->n_found == SERVER_TARGETS_MAX)
        return 0;
    struct found *t = &f->found[f->n_found++];
    *t = *what;
    t->find = f;
    return str_dup(&t->name, name) || str_dup(&t->host, host) || set_addrs(t, addrs, n_addrs)
               ? ENOMEM
               : 0;
}

static void addrs_handler(int err, const struct in_addr *addrs, size_t n, uint32_t ttl_s, void *arg)
{
    struct found *t = arg;
    struct server_find *f = t->find;

    t->query = mem_deref(t->query);
    if (!err) {
        limit_ttl(f, ttl_s);
        err = set_addrs(t, addrs, n);
    }
    if (err && f->err != ETIMEDOUT) /* which says more than "no such host" */
        f->err = err;
    if (!--f->n_waiting)
        finish_list(f);
}

/* Ask for the addresses of all targets that came without. */
static void find_addrs(struct server_find *f)
{
    for (size_t i = 0; i < f->n_found; i++) {
        struct found *t = &f->found[i];
        if (t->n_addrs)
            continue;
        const int err = resolver_query_a(&t->query, f->resolver, t->name, addrs_handler, t);
        if (err)
            f->err = err;
        else
            f->n_waiting++;
    }
    if (!f->n_waiting)
        finish_list(f);
}

/* The configured name without a prefix the administrator wrote (rules 3 and 4) [DEF]. */
static const char *plain_name(const char *name)
{
    while (*name == '_' && strchr(name, '.'))
        name = strchr(name, '.') + 1;
    return name;
}

static void find_plain(struct server_find *f)
{
    const char *name = plain_name(f->rec->host);
    const struct found what = {.port = f->rec->port, .transport = f->transport};
    const int err = add(f, &what, name, name, NULL, 0);

    if (err)
        finish(f, err, NULL);
    else
        find_addrs(f);
}

static void next_hop(struct server_find *f);

static void srv_handler(int err, const struct resolver_srv *srv, size_t n, uint32_t ttl_s,
                        void *arg)
{
    struct server_find *f = arg;
    const struct hop *hop = &f->hops[f->hop];

    f->query = mem_deref(f->query);
    if (!err)
        limit_ttl(f, ttl_s);
    for (size_t i = 0; !err && i < n; i++) {
        const struct found what = {
            .port = srv[i].port,
            .priority = srv[i].priority,
            .weight = srv[i].weight,
            .group = (uint16_t)f->hop,
            .transport = hop->transport,
        };
        if (add(f, &what, srv[i].target, plain_name(f->rec->host), srv[i].addrs, srv[i].n_addrs)) {
            finish(f, ENOMEM, NULL);
            return;
        }
    }
    f->hop++;
    next_hop(f);
}

/* Rule 2 and 3: the SRV records of every hop, one after the other; rule 4 when there are none. */
static void next_hop(struct server_find *f)
{
    if (f->hop < f->n_hops) {
        const int err =
            resolver_query_srv(&f->query, f->resolver, f->hops[f->hop].name, srv_handler, f);
        if (err)
            finish(f, err, NULL);
    } else if (f->n_found) {
        find_addrs(f);
    } else {
        find_plain(f);
    }
}

static const char *prefix_of(enum ua_transport transport)
{
    return transport == UA_TLS ? "_sips._tcp." : transport == UA_TCP ? "_sip._tcp." : "_sip._udp.";
}

static int add_hop(struct server_find *f, const struct hop *hop, const char *name)
{
    size_t at = f->n_hops;
    char *copy = NULL;

    if (str_dup(&copy, name))
        return ENOMEM;
    for (; at > 0 &&
           (hop->order < f->hops[at - 1].order ||
            (hop->order == f->hops[at - 1].order && hop->preference < f->hops[at - 1].preference));
         at--)
        f->hops[at] = f->hops[at - 1];
    f->hops[at] = *hop;
    f->hops[at].name = copy;
    f->n_hops++;
    return 0;
}

static void find_srv(struct server_find *f)
{
    const struct hop hop = {.transport = f->transport};
    char name[NAME_BYTES];

    if (!f->use_srv) {
        find_plain(f);
        return;
    }
    /* a prefix that was written by hand is not put in front twice [DEF] */
    snprintf(name, sizeof(name), "%s%s",
             f->auto_prefix && f->rec->host[0] != '_' ? prefix_of(f->transport) : "", f->rec->host);
    if (add_hop(f, &hop, name))
        finish(f, ENOMEM, NULL);
    else
        next_hop(f);
}

/* RFC 3263 4.1: flag "s", a service we speak, no rewriting. */
static bool usable(const struct resolver_naptr *n, enum ua_transport *transport)
{
    static const struct {
        const char *service;
        enum ua_transport transport;
    } services[] = {{"SIP+D2U", UA_UDP}, {"SIP+D2T", UA_TCP}, {"SIPS+D2T", UA_TLS}};

    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
        if (strcasecmp(n->service, services[i].service) == 0) {
            *transport = services[i].transport;
            return strcasecmp(n->flags, "s") == 0 && !n->regexp[0] && n->replacement[0];
        }
    }
    return false;
}

static void naptr_handler(int err, const struct resolver_naptr *naptr, size_t n, uint32_t ttl_s,
                          void *arg)
{
    struct server_find *f = arg;

    f->query = mem_deref(f->query);
    if (!err)
        limit_ttl(f, ttl_s);
    for (size_t i = 0; !err && i < n; i++) {
        struct hop hop = {.order = naptr[i].order, .preference = naptr[i].preference};
        if (usable(&naptr[i], &hop.transport) && add_hop(f, &hop, naptr[i].replacement)) {
            finish(f, ENOMEM, NULL);
            return;
        }
    }
    if (f->n_hops)
        next_hop(f);
    else
        find_srv(f);
}

static bool is_address(const char *host)
{
    struct in_addr addr;

    return inet_pton(AF_INET, host, &addr) == 1;
}

static void find_static(struct server_find *f)
{
    const struct server_record *rec = f->rec;

    for (size_t i = 0; i < rec->n; i++) {
        const struct server_record_target *t = &rec->targets[i];
        const struct found what = {.port = t->port,
                                   .priority = t->priority,
                                   .weight = t->weight,
                                   .transport = f->transport};
        if (add(f, &what, t->host, is_address(t->host) ? rec->host : t->host, t->addrs,
                t->n_addrs)) {
            finish(f, ENOMEM, NULL);
            return;
        }
    }
    find_addrs(f);
}

static void start_handler(void *arg)
{
    struct server_find *f = arg;

    mem_ref(f);
    if (f->rec->kind != SERVER_RECORD_NAME) {
        find_static(f);
    } else if (f->rec->port || is_address(f->rec->host)) {
        find_plain(f);
    } else if (f->transport_auto) {
        const int err =
            resolver_query_naptr(&f->query, f->resolver, f->rec->host, naptr_handler, f);
        if (err)
            finish(f, err, NULL);
    } else {
        find_srv(f);
    }
    mem_deref(f);
}

int server_find(struct server_find **fp, struct loop *lp, struct resolver *r,
                const struct server_find_config *c, server_find_h *h, void *arg,
                struct parse_err *pe)
{
    const char *text = c->outbound_proxy && c->outbound_proxy[0] ? c->outbound_proxy : c->proxy;
    struct server_find *f = mem_zalloc(sizeof(*f), destructor);

    if (!f)
        return ENOMEM;
    const int err = server_record_parse(&f->rec, text, strlen(text), pe);
    if (err) {
        mem_deref(f);
        return err;
    }
    f->resolver = mem_ref(r);
    f->transport = c->transport_auto ? UA_UDP : c->transport;
    f->transport_auto = c->transport_auto;
    f->use_srv = c->use_srv;
    f->auto_prefix = c->auto_prefix;
    f->order = (struct server_order){.weighted = c->weighted, .by_srv_port = c->by_srv_port};
    f->h = h;
    f->arg = arg;
    f->ttl_s = TTL_STATIC_S;
    timer_start(lp, &f->timer, 0, start_handler, f);
    *fp = f;
    return 0;
}
