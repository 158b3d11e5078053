/* SPDX-License-Identifier: BSD-3-Clause */
/* The inside of the lab. */
#ifndef SIM_LAB_PRIV_H
#define SIM_LAB_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <re.h>

#include "sim/lab/registrar.h"
#include "sim/loop/timer.h"

struct loop;

/* ---- nonces.c: keyed nonces; memory only for those in use */

struct nonces;

enum nonce_state {
    NONCE_GOOD,
    NONCE_STALE, /* expired, unknown, or nc not greater than the last one */
};

enum {
    NONCE_LEN = 32,
};

int nonces_alloc(struct nonces **np, struct loop *lp, uint32_t life_s);
void nonce_print(struct nonces *n, char text[NONCE_LEN + 1]);

/** Count a use that the digest has proven right. print tells a retransmission (same nc, same print)
 *  from a replay. nc of a response without qop is UINT32_MAX: good once. */
enum nonce_state nonce_use(struct nonces *n, const char *text, uint32_t nc, uint32_t print);

/* ---- bindings.c: contacts by user */

struct bindings;

struct binding {
    struct binding *next; /* of the slot */
    struct bindings *table;
    struct timer expiry;
    uint64_t expires_ms; /* on the loop's clock */
    uint32_t hash, cseq;
    uint32_t conn;                   /* it registered by, 0 = UDP */
    struct pl user, contact, callid; /* in text */
    char text[];
};

struct binding_key {
    struct pl user, contact;
};

struct binding_request { /* what a REGISTER says of it */
    struct pl callid;
    uint32_t cseq, expires_s, conn;
};

int bindings_alloc(struct bindings **tp, struct loop *lp);
struct binding *binding_find(struct bindings *t, const struct binding_key *key);

/** Add or renew. */
int binding_put(struct bindings *t, const struct binding_key *key,
                const struct binding_request *req);
void binding_remove(struct binding *b);

/** First binding of user, next one of the same user; either may be NULL. */
struct binding *binding_first(struct bindings *t, const struct pl *user);
struct binding *binding_next(const struct binding *b);
uint32_t binding_left_s(const struct binding *b);
size_t bindings_count(const struct bindings *t);

/* ---- proxy.c: calls between phones */

struct raw_message;
struct writer;

struct listen_tcp;

struct proxy_self { /* its own address, as in its Vias; its connections */
    struct in_addr addr;
    uint16_t port;
    const struct listen_tcp *tcp;
};

bool proxy_carries(const struct pl *method);

/** Write the request as it goes on. NULL = done, peer is where to; else status and reason phrase to
 *  answer with. */
const char *proxy_request(struct bindings *t, const struct proxy_self *self,
                          const struct raw_message *raw, struct registrar_peer *peer,
                          struct writer *w);

/** Write the response as it goes back. False: it is for nobody here. */
bool proxy_response(const struct proxy_self *self, const struct raw_message *raw,
                    struct registrar_peer *peer, struct writer *w);

/* ---- listen_udp.c, listen_tcp.c */

struct listen_udp;

int listen_udp_open(struct listen_udp **up, struct loop *lp, struct sockaddr_in *addr,
                    struct registrar *r);
void listen_udp_close(struct listen_udp *u);
void listen_udp_send(struct listen_udp *u, const struct registrar_peer *to, const char *text,
                     size_t len);
int listen_tcp_open(struct listen_tcp **tp, struct loop *lp, const struct sockaddr_in *addr,
                    struct registrar *r);
void listen_tcp_close(struct listen_tcp *t);

/** Who is at the other end of a connection; false = it is gone. t may be NULL. */
bool listen_tcp_peer(const struct listen_tcp *t, uint32_t conn, struct registrar_peer *peer);

/** A connection that does not take it is closed. */
void listen_tcp_send(struct listen_tcp *t, uint32_t conn, const char *text, size_t len);

/** Send on by what to names. */
void registrar_send(struct registrar *r, const struct registrar_peer *to, const char *text,
                    size_t len);

/** Borrowed; NULL = no TLS here. */
struct ssl_ctx_st *registrar_tls(struct registrar *r);

/* ---- content */

struct lab_file {
    uint8_t *body; /* malloc()ed */
    size_t len;
    const char *content_type;
};

struct lab_site { /* what generated pages speak of; strings borrowed from the lab */
    const char *http_host, *sip_host;        /* "127.0.0.1:40002" */
    const char *password;                    /* template */
    const char *profiles_dir, *services_dir; /* NULL = generated */
    uint32_t expires_s;
};

/** Path and query of a request → file. Errors: ENOENT; EACCES path leads outside; E2BIG; ENOMEM. */
int profile_get(const struct lab_site *s, const char *path, const char *query, struct lab_file *f);
int service_get(const struct lab_site *s, const char *path, const char *query, struct lab_file *f);

/** A regular file below dir. The path is percent-decoded; "..", hidden names and links that lead
 *  outside are refused. */
int file_read(const char *dir, const char *path, struct lab_file *f);

/** Value of name in a query string, decoded; false when absent or too long. */
bool query_get(const char *query, const char *name, char *buf, size_t size);

/** Print with the five XML entities. */
void lab_put_xml(FILE *fp, const char *text);

/** Replace {user}; false when it does not fit. */
bool lab_password(char *buf, size_t size, const char *template, const char *user);

/* ---- tftpd.c */

struct tftpd;
typedef int(tftpd_h)(const char *path, struct lab_file *f, void *arg);

/** Read-only octet server. Close with tftpd_close(), which drops the reference. */
int tftpd_open(struct tftpd **tp, struct loop *lp, const char *addr, uint16_t port, tftpd_h *h,
               void *arg);
uint16_t tftpd_port(const struct tftpd *t);
void tftpd_close(struct tftpd *t);

#endif
