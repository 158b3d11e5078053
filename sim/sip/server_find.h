/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From a line's settings to its list of servers, asking the name server what must be asked:
 * sip-behaviour.md 2.5.
 */
#ifndef SIM_SIP_SERVER_FIND_H
#define SIM_SIP_SERVER_FIND_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/sip/line.h"

struct loop;
struct parse_err;
struct resolver;
struct rng;
struct server_find;
struct server_list;

struct server_find_config { /* strings are copied */
    const char *proxy;
    const char *outbound_proxy; /* "" or NULL = none; else the list is built from it (rule 1) */
    enum ua_transport transport;
    bool transport_auto;  /* SIP_Transport AUTO: NAPTR decides; where none is asked for, UDP
                             [DEF]. `transport` is ignored */
    bool use_srv;         /* Use_DNS_SRV */
    bool auto_prefix;     /* DNS_SRV_Auto_Prefix */
    bool by_srv_port;     /* Proxy_Redundancy_Method "Based on SRV Port" */
    struct rng *weighted; /* NULL = ranked; else weighted random, U-3. Borrowed until the end */
};

/**
 * err 0: list with at least one server, the caller's by mem_ref(); old again after ttl_s seconds.
 * err ENOENT: no such host; ETIMEDOUT: no name server answered; else errno.
 */
typedef void(server_find_h)(int err, struct server_list *list, uint32_t ttl_s, void *arg);

/**
 * Begin. The rules, as 2.5 numbers them:
 *
 *   a dotted address, an explicit port [DEF], or a static list   no SRV or NAPTR question
 *   AUTO (2)     NAPTR, then SRV of every replacement, in their order; without use, as UDP [DEF]
 *   SRV (3)      _sip._udp., _sip._tcp. or _sips._tcp. before the name with auto_prefix
 *   else (4, 5)  A of the plain name, default port [DEF]
 *
 * A static list counts whether or not Use_DNS_SRV is set [DEF]; its names are asked for A records.
 * The certificate name of an entry is the name in the settings, in a static list that of the target
 * [DEF]: what DNS says is no proof of a name.
 *
 * Errors  EBADMSG, E2BIG the setting cannot be read (pe, may be NULL, says where); ENOMEM
 * Owner   mem_deref() ends it, and the handler does not run any more
 * Later   h, once, never before this returns; it may drop *fp
 */
int server_find(struct server_find **fp, struct loop *lp, struct resolver *r,
                const struct server_find_config *c, server_find_h *h, void *arg,
                struct parse_err *pe);

#endif
