/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/dns/priv.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <re.h>

enum { SRV_ADDRS_MAX = 48 }; /* additional addresses kept of one SRV answer [DEF] */

struct reader {
    struct answer *a;
    uint32_t ttl_s;
};

static void destructor(void *arg)
{
    struct answer *a = arg;

    for (size_t i = 0; a->srv && i < a->n; i++)
        mem_deref((char *)a->srv[i].target);
    for (size_t i = 0; a->naptr && i < a->n; i++) {
        mem_deref((char *)a->naptr[i].flags);
        mem_deref((char *)a->naptr[i].service);
        mem_deref((char *)a->naptr[i].regexp);
        mem_deref((char *)a->naptr[i].replacement);
    }
    mem_deref(a->addrs);
    mem_deref(a->srv);
    mem_deref(a->naptr);
}

static size_t addrs_max(const struct answer *a)
{
    return a->type == DNS_TYPE_A ? ADDRS_MAX : a->type == DNS_TYPE_SRV ? SRV_ADDRS_MAX : 0;
}

int answer_alloc(struct answer **ap, uint16_t type)
{
    struct answer *a = mem_zalloc(sizeof(*a), destructor);

    if (!a)
        return ENOMEM;
    a->type = type;
    if (type == DNS_TYPE_SRV)
        a->srv = mem_zalloc(RESOLVER_SRV_MAX * sizeof(*a->srv), NULL);
    if (type == DNS_TYPE_NAPTR)
        a->naptr = mem_zalloc(RESOLVER_NAPTR_MAX * sizeof(*a->naptr), NULL);
    else
        a->addrs = mem_zalloc(addrs_max(a) * sizeof(*a->addrs), NULL);
    if ((type == DNS_TYPE_SRV && !a->srv) || (type == DNS_TYPE_NAPTR ? !a->naptr : !a->addrs)) {
        mem_deref(a);
        return ENOMEM;
    }
    *ap = a;
    return 0;
}

bool answer_add_addr(struct answer *a, struct in_addr addr)
{
    if (a->n_addrs == addrs_max(a))
        return false;
    a->addrs[a->n_addrs++] = addr;
    if (a->type == DNS_TYPE_A)
        a->n = a->n_addrs;
    return true;
}

static void live(struct reader *r, const struct dnsrr *rr)
{
    if (rr->ttl < (int64_t)r->ttl_s)
        r->ttl_s = rr->ttl > 0 ? (uint32_t)rr->ttl : 0;
}

static bool addr_handler(struct dnsrr *rr, void *arg)
{
    struct reader *r = arg;

    if (!answer_add_addr(r->a, (struct in_addr){.s_addr = htonl(rr->rdata.a.addr)}))
        return true;
    live(r, rr);
    return false;
}

static bool srv_handler(struct dnsrr *rr, void *arg)
{
    struct reader *r = arg;
    struct answer *a = r->a;

    if (!name_ok(rr->rdata.srv.target))
        return false;
    a->srv[a->n++] = (struct resolver_srv){
        .target = mem_ref(rr->rdata.srv.target),
        .priority = rr->rdata.srv.pri,
        .weight = rr->rdata.srv.weight,
        .port = rr->rdata.srv.port,
    };
    live(r, rr);
    return a->n == RESOLVER_SRV_MAX;
}

static bool naptr_handler(struct dnsrr *rr, void *arg)
{
    struct reader *r = arg;
    struct answer *a = r->a;

    a->naptr[a->n++] = (struct resolver_naptr){
        .order = rr->rdata.naptr.order,
        .preference = rr->rdata.naptr.pref,
        .flags = mem_ref(rr->rdata.naptr.flags),
        .service = mem_ref(rr->rdata.naptr.services),
        .regexp = mem_ref(rr->rdata.naptr.regexp),
        .replacement = mem_ref(rr->rdata.naptr.replace),
    };
    live(r, rr);
    return a->n == RESOLVER_NAPTR_MAX;
}

static dns_rrlist_h *handler_of(uint16_t type)
{
    return type == DNS_TYPE_SRV     ? srv_handler
           : type == DNS_TYPE_NAPTR ? naptr_handler
                                    : addr_handler;
}

/* Addresses that came along belong to this answer alone: a server may tell what it likes about the
 * names it answers with, not about others. */
static void add_additional(struct reader *r, struct list *additional)
{
    struct answer *a = r->a;

    for (size_t i = 0; i < a->n; i++) {
        struct resolver_srv *srv = &a->srv[i];
        const size_t first = a->n_addrs;
        dns_rrlist_apply(additional, srv->target, DNS_TYPE_A, DNS_CLASS_IN, false, addr_handler, r);
        srv->addrs = a->addrs + first;
        srv->n_addrs = a->n_addrs - first;
    }
}

int answer_read(struct answer **ap, uint16_t type, struct list *answers, struct list *additional,
                uint32_t *ttl_s)
{
    struct reader r = {.ttl_s = UINT32_MAX};

    const int err = answer_alloc(&r.a, type);
    if (err)
        return err;
    dns_rrlist_apply(answers, NULL, type, DNS_CLASS_IN, false, handler_of(type), &r);
    if (type == DNS_TYPE_SRV)
        add_additional(&r, additional);
    if (!r.a->n) {
        mem_deref(r.a);
        return ENOENT;
    }
    *ttl_s = r.ttl_s;
    *ap = r.a;
    return 0;
}

bool name_ok(const char *name)
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
