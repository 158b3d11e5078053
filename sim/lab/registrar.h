/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The lab's registrar: SIP requests in, replies out, over UDP, TCP and TLS on one port. REGISTER
 * with digest (every nonce's use is counted), OPTIONS; calls are carried to the contacts that
 * registered, over the connection that they registered by; everything else is refused.
 */
#ifndef SIM_LAB_REGISTRAR_H
#define SIM_LAB_REGISTRAR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct mbuf;
struct registrar;
struct ssl_ctx_st;

struct registrar_config { /* strings copied */
    const char *realm;
    const char *password;   /* template: {user} becomes the digest's user name */
    uint32_t expires_s;     /* most that is granted, 0 = 3600 */
    uint32_t min_expires_s; /* less is refused with 423, 0 = anything goes */
    uint32_t nonce_life_s;  /* from issue, 0 = 300 [DEF] */
    /* what TLS sessions are accepted with, made when the first one begins; NULL = none are */
    struct ssl_ctx_st *(*tls)(void *arg);
    void *arg;
};

int registrar_alloc(struct registrar **rp, struct loop *lp, const struct registrar_config *cfg);

struct registrar_peer {
    struct in_addr addr;
    uint16_t port; /* host byte order */
    bool tls;
    uint32_t conn; /* which connection it is of, 0 = UDP */
};

/**
 * Answer one message (from mb's position to its end).
 *
 * Shape   from: its source; changed to where the reply goes (RFC 3261 18.2.2, RFC 3581), which is
 *         another phone for what is carried on
 * Returns length of the reply in buf; 0 = no answer (not a request, garbage without Via, ACK)
 */
size_t registrar_answer(struct registrar *r, struct mbuf *mb, struct registrar_peer *from,
                        char *buf, size_t size);

/** Open UDP and TCP on one port, 0 = any that is free for both. A client that begins with a TLS
 *  handshake gets TLS there: no SIP message begins so. */
int registrar_listen(struct registrar *r, const char *addr, uint16_t port);
uint16_t registrar_port(const struct registrar *r);

struct registrar_stats {
    uint64_t n_requests;   /* SIP requests of any method */
    uint64_t n_registers;  /* REGISTERs answered 200 */
    uint64_t n_challenged; /* 401 without stale */
    uint64_t n_stale;      /* 401 with stale=true */
    uint64_t n_refused;    /* REGISTERs refused for good: wrong password, bad request, 423 … */
    uint64_t n_garbage;    /* not SIP */
    uint64_t n_bindings;   /* now */
};
void registrar_stats_get(const struct registrar *r, struct registrar_stats *st);

#endif
