/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What all SIP lines of a farm share: the sockets (own or shared), TLS contexts, scratch buffers,
 * counters. Over libre's codec and TCP/TLS streams; UDP sockets and transactions are ours.
 */
#ifndef SIM_SIP_STACK_H
#define SIM_SIP_STACK_H

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct resolver;
struct ua_stack;

/** Add CAs to believe to this SSL_CTX. */
typedef int(ua_trust_h)(void *ssl_ctx, void *arg);

struct ua_stack_config {
    bool shared_sockets; /* one UDP socket per port, told apart by IP_PKTINFO destination */
    const char *ca_file; /* NULL = system's; copied */
    ua_trust_h *trust;   /* besides; NULL = nothing. Called once, when the first line needs it */
    void *trust_arg;
};

struct ua_stack_counters {
    uint64_t n_sent, n_received, n_retransmitted;
    uint64_t n_dropped;     /* SO_RXQ_OVFL: datagrams our own sockets lost → verdict invalid */
    uint64_t n_undecodable; /* ignored */
    uint64_t n_strays;      /* no line for that address */
    uint64_t n_no_socket;   /* EMFILE, EADDRNOTAVAIL, EADDRINUSE … on open */
    uint32_t rcvbuf_wanted, rcvbuf_got; /* shared sockets; smaller when the kernel caps it */
};

/** Errors: ENOMEM. Owner: mem_deref() after all lines are gone. */
int ua_stack_alloc(struct ua_stack **sp, struct loop *lp, struct resolver *dns,
                   const struct ua_stack_config *cfg);

const struct ua_stack_counters *ua_stack_counters(const struct ua_stack *s);

#endif
