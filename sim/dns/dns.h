/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Names to addresses over libre's DNS client, one cache for all phones; no thread per look-up.
 * Equal questions in flight are asked once. A records; SRV and NAPTR have their seam here.
 */
#ifndef SIM_DNS_DNS_H
#define SIM_DNS_DNS_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct resolver;
struct resolver_query;

/** server "ADDR[:PORT]" or NULL for the system's (/etc/resolv.conf, /etc/hosts is honoured).
 *  Errors: EINVAL bad server text; ENOMEM. Owner: mem_deref() ends it. */
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

#endif
