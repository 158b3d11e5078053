/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * TLS for one connection: OpenSSL between two memory buffers, so that a stream moves bytes and this
 * checks who the server is. Chain and host name or address of servers are always verified.
 */
#ifndef SIM_SIP_SECURE_H
#define SIM_SIP_SECURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mbuf;
struct secure;
struct ssl_ctx_st;

/** Trust ca_file, or the system's CAs when NULL. Errors: ENOENT unreadable or no certificate;
 * ENOMEM. */
int secure_context(struct ssl_ctx_st **ctxp, const char *ca_file);
void secure_context_free(struct ssl_ctx_st *ctx);

/** For the server's side: certificate and key as PEM. Errors: EBADMSG; ENOMEM. */
int secure_context_server(struct ssl_ctx_st **ctxp, const char *pem);

/** A session towards host (name or IPv4 address), whose certificate must be for it where check_host
 *  is set. mem_deref() ends it. Errors: ENOMEM; EINVAL no such host. */
int secure_alloc(struct secure **sp, struct ssl_ctx_st *ctx, const char *host, bool check_host);

/** A session that a client begins, whoever that is. Errors: ENOMEM. */
int secure_accept(struct secure **sp, struct ssl_ctx_st *ctx);

/**
 * Take bytes of the network (may be 0 to begin), give what came out of them.
 * in: decrypted bytes are appended. out: bytes to send are appended. *established turns true once.
 * Errors  EPROTO the handshake failed or the server was refused: secure_reason() says why
 */
int secure_feed(struct secure *s, const uint8_t *data, size_t len, struct mbuf *in,
                struct mbuf *out, bool *established);

/** Encrypt; what is to be sent is appended to out. Errors: ENOTCONN no handshake yet; EPROTO;
 *  ENOMEM. */
int secure_send(struct secure *s, const uint8_t *data, size_t len, struct mbuf *out);

/** Why it failed, in words; "" while it has not. */
const char *secure_reason(const struct secure *s);

#endif
