/* SPDX-License-Identifier: BSD-3-Clause */
/* TLS of an HTTPS request as phones do it: what they believe, show and speak (provisioning.md 8).
 * Settings of many phones are one SSL_CTX: making one costs as much as a handshake. For http.c. */
#ifndef SIM_NET_SECRECY_H
#define SIM_NET_SECRECY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "sim/net/fetch.h"

struct secrecy_settings; /* of all requests: contexts that are shared */
struct ssl_st;

struct secrecy {          /* of one connection; embedded, zeroed */
    struct fetch_tls tls; /* borrowed */
    struct ssl_st *ssl;
    int fd;
    int events;      /* after EAGAIN: what to wait for, UV_READABLE or UV_WRITABLE */
    bool broken;     /* nothing more can be said */
    char host[256];  /* of the URL */
    char key[272];   /* host and port, by which sessions are remembered */
    char error[200]; /* why it failed, as users read it */
};

int secrecy_settings_alloc(struct secrecy_settings **ssp);

/** Prepare a connection whose socket is fd. Errors: EINVAL a version that is none; EPROTO the CA's
 *  file cannot be used (error says so); ENOMEM. */
int secrecy_start(struct secrecy *s, struct secrecy_settings *ss, const struct fetch_tls *tls,
                  const char *ca_file, const char *host, uint16_t port, int fd);

/** Go on with the handshake. 0 it is done; EAGAIN wait for events; EPROTO error says why. */
int secrecy_shake(struct secrecy *s);

/** As send() and recv(); -1 with errno EAGAIN: wait for events; EPROTO: error says why. */
ssize_t secrecy_send(struct secrecy *s, const void *data, size_t len);
ssize_t secrecy_recv(struct secrecy *s, void *data, size_t len);

/** A session of an earlier connection was resumed. */
bool secrecy_resumed(const struct secrecy *s);

/** Say good-bye if that is possible, and free all; fd is the caller's to close. */
void secrecy_stop(struct secrecy *s);

#endif
