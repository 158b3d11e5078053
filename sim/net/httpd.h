/* SPDX-License-Identifier: BSD-3-Clause */
/* HTTP server on the loop (libwebsockets), for the lab and for the phones' own web pages. */
#ifndef SIM_NET_HTTPD_H
#define SIM_NET_HTTPD_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct httpd;

struct httpd_req {                     /* borrowed during the handler */
    const char *method, *path, *query; /* path without query; query without '?', "" if none */
    const char *user_agent, *authorization, *host; /* "" if absent */
    const char *origin, *referer, *fetch_site;     /* the same */
    const uint8_t *body;
    size_t body_len;
    const char *peer;     /* "127.1.0.7" */
    struct in_addr local; /* the address it came to */
    uint16_t local_port;
    struct httpd_session *session; /* for httpd_postpone() */
};

struct httpd_reply {
    uint16_t status;          /* preset 200; 0 = the connection is closed without an answer */
    const char *content_type; /* preset text/xml */
    uint8_t *body;            /* malloc()ed by the handler; the server frees it */
    size_t len;
    char headers[512]; /* further "Name: value\r\n" lines */
    bool close;        /* the connection ends with this answer */
};

typedef void(httpd_h)(const struct httpd_req *req, struct httpd_reply *reply, void *arg);

/** Listen on addr:port (0 = any free). Errors: EADDRINUSE, EADDRNOTAVAIL, EACCES, ENOMEM. */
int httpd_open(struct httpd **hp, struct loop *lp, const char *addr, uint16_t port, httpd_h *h,
               void *arg);

struct cert_ca;
struct httpd_tls {           /* borrowed while it opens */
    const char *pem;         /* certificate and key of the server */
    struct cert_ca *clients; /* clients must show a certificate of this CA; NULL = none */
};
/** The same by HTTPS. Also EINVAL: TLS does not take the certificate. */
int httpd_open_tls(struct httpd **hp, struct loop *lp, const char *addr, uint16_t port,
                   const struct httpd_tls *tls, httpd_h *h, void *arg);

struct httpd_later;
/** In the handler: the answer comes later. Dropping it unanswered closes the connection. ENOMEM. */
int httpd_postpone(struct httpd_later **lp, const struct httpd_req *req);

/** Once. Nothing is sent to a client that has gone meanwhile. The body is the server's, as ever. */
void httpd_answer(struct httpd_later *l, const struct httpd_reply *reply);

/** Listen on one more address. Errors as httpd_open(). */
int httpd_add(struct httpd *h, const char *addr, uint16_t port);
uint16_t httpd_port(const struct httpd *h);

#endif
