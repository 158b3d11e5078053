/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Names to addresses and services over libre's DNS client, one cache for all phones; no thread per
 * look-up. Equal questions in flight are asked once. A, SRV and NAPTR records.
 */
#ifndef SIM_DNS_DNS_H
#define SIM_DNS_DNS_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct resolver;
struct resolver_query;

enum {
    RESOLVER_SRV_MAX = 12, /* records taken of one answer (sip-behaviour.md 2.5, MPP-N) */
    RESOLVER_NAPTR_MAX = 6,
};

/** server: "ADDR[:PORT]", or NULL for the name servers in /etc/resolv.conf; /etc/hosts is read
 * once, now. Errors: EINVAL bad server text; ENOMEM. Owner: mem_deref(); queries that wait then are
 * never answered, and have to be dropped by their owners. */
int resolver_alloc(struct resolver **rp, struct loop *lp, const char *server);

/**
 * err 0: n >= 1 IPv4 addresses in the order of the answer, ttl_s seconds left.
 * err ENOENT: no such name or no A record; ETIMEDOUT: no server answered; else errno.
 */
typedef void(resolver_h)(int err, const struct in_addr *addrs, size_t n, uint32_t ttl_s, void *arg);

/**
 * Ask for the A records of name (a dotted IPv4 address is answered with itself). The handler runs
 * later, never before this returns, exactly once unless *qp is mem_deref()ed first.
 */
int resolver_query_a(struct resolver_query **qp, struct resolver *r, const char *name,
                     resolver_h *h, void *arg);

/** From the cache alone: 1 name has this address, 0 it has not, -1 that is not known now. */
int resolver_has_a(const struct resolver *r, const char *name, struct in_addr addr);

struct resolver_srv {
    const char *target; /* a name, or a dotted address where someone wrote one */
    uint16_t priority, weight, port;
    const struct in_addr *addrs; /* addresses of the target that came with the answer */
    size_t n_addrs;              /* 0: none came, ask for its A records */
};

struct resolver_naptr {
    uint16_t order, preference;
    const char *flags, *service, *regexp, *replacement; /* "" = empty, or the root */
};

/** As resolver_h; the first RESOLVER_SRV_MAX or _NAPTR_MAX records, in the order of the answer. SRV
 *  records whose target is the root (RFC 2782: no such service) or no host name are left out. */
typedef void(resolver_srv_h)(int err, const struct resolver_srv *srv, size_t n, uint32_t ttl_s,
                             void *arg);
typedef void(resolver_naptr_h)(int err, const struct resolver_naptr *naptr, size_t n,
                               uint32_t ttl_s, void *arg);

/** The same promises as resolver_query_a(). A dotted address has none of these: ENOENT. */
int resolver_query_srv(struct resolver_query **qp, struct resolver *r, const char *name,
                       resolver_srv_h *h, void *arg);
int resolver_query_naptr(struct resolver_query **qp, struct resolver *r, const char *name,
                         resolver_naptr_h *h, void *arg);

#endif
