/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The ranked servers of one line, their UP and DOWN marks, failover and fallback: sip-behaviour.md
 * 2.5 to 2.7. Pure: no sockets, no names; the caller passes the time, in the phone's milliseconds.
 */
#ifndef SIM_SIP_SERVER_LIST_H
#define SIM_SIP_SERVER_LIST_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/sip/line.h"

struct rng;
struct server_list;

enum {
    SERVER_TARGETS_MAX = 12, /* SRV records of one list (2.5, MPP-N) */
    SERVER_ENTRIES_MAX = 64, /* addresses of one list; further ones are left out [DEF] */
};

#define SERVER_NEVER UINT64_MAX

struct server_entry {
    struct in_addr addr;
    uint16_t port;             /* host order, never 0 */
    uint16_t priority, weight; /* of its SRV record; 0 for A records */
    uint16_t group;            /* of which NAPTR record, best first; 0 without NAPTR */
    enum ua_transport transport;
    bool down;
    bool tried;             /* in the search under way */
    uint64_t down_since_ms; /* t_down */
    char *host;             /* the name a TLS certificate must hold; belongs to the list */
};

struct server_target { /* one SRV record, or one name with its A records; all borrowed */
    const char *host;
    const struct in_addr *addrs;
    size_t n_addrs;
    uint16_t port; /* 0 = the transport's own: 5060, TLS 5061 */
    uint16_t priority, weight, group;
    enum ua_transport transport;
};

struct server_order {
    struct rng *weighted; /* NULL = highest weight first; else RFC 2782's weighted random, U-3 */
    bool by_srv_port;     /* Proxy_Redundancy_Method "Based on SRV Port": keep what has the port of
                             the first [DEF, U-4] */
};

/**
 * Rank targets by group, priority and weight; each gives all its addresses before the next one
 * (2.5 rules 6 and 7). An address, port and transport that comes twice is taken once [DEF].
 *
 * Errors  ENOENT no target has an address; E2BIG more than SERVER_TARGETS_MAX targets; ENOMEM
 * Owner   mem_deref() ends it
 */
int server_list_alloc(struct server_list **lp, const struct server_target *targets, size_t n,
                      const struct server_order *order);

size_t server_list_count(const struct server_list *l);
const struct server_entry *server_list_at(const struct server_list *l, size_t i); /* by rank */

/** The best entry that is UP. There always is one. */
const struct server_entry *server_list_current(const struct server_list *l);

/**
 * l was found again: it takes the marks that equal entries (address, port, transport) have in old.
 * Entries of equal rank keep their former order, so that an answer whose records rotate does not
 * move a registered line [DEF].
 */
void server_list_merge(struct server_list *l, const struct server_list *old);

/**
 * `failed` (found by address, port and transport, so it may be a copy; NULL: the current one) gave
 * no answer, broke the connection or sent a code of Try_Backup_RSC. Marks it DOWN and gives the one
 * to try next: the best one that is UP, or whose interval is over, and that this search has not
 * tried (2.6, MPP-N: interval 0 tries the 1st again before the 3rd, else it stays out). NULL: all
 * are DOWN; the marks are cleared and the caller waits the short retry time [DEF]. What is DOWN
 * already, or no longer in the list, changes nothing: several requests may fail at one server.
 */
const struct server_entry *server_list_fail(struct server_list *l,
                                            const struct server_entry *failed, uint64_t now_ms,
                                            uint32_t interval_s);

/** The current server answered: the search is over. */
void server_list_succeed(struct server_list *l);

struct server_fallback {
    uint32_t interval_s; /* Proxy_Fallback_Intvl */
    bool auto_register;  /* Auto_Register_When_Failover, or BT in Try_Backup_RSC */
};

/**
 * When to look for fallback outside renewals: t_down + interval of a DOWN entry with a better
 * priority than the current one. SERVER_NEVER: there is none (A records all have equal priority),
 * the interval is 0, or only a renewal may fall back (UDP with auto_register).
 */
uint64_t server_list_fallback_ms(const struct server_list *l, const struct server_fallback *f);

enum server_occasion { SERVER_TIMER, SERVER_RENEWAL };

/**
 * At the timer or at a renewal: set UP again what fallback (2.7) allows at this moment. True: it
 * happened, and a REGISTER goes to server_list_current() at once; should that fail,
 * server_list_fail() marks it DOWN with the new time and gives the backup again [DEF]. False: no
 * fallback now, a renewal stays where it is. In a call it is always false; ask again when it ended.
 */
bool server_list_fall_back(struct server_list *l, const struct server_fallback *f, uint64_t now_ms,
                           enum server_occasion occasion, bool in_call);

#endif
