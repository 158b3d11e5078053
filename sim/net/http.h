/* SPDX-License-Identifier: BSD-3-Clause */
/* One HTTP request by libcurl's multi interface on the loop; for fetch.c, which follows redirects.
 */
#ifndef SIM_NET_HTTP_H
#define SIM_NET_HTTP_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/net/fetch.h"

struct http;
struct http_get;

struct http_req {
    const char *url;
    struct in_addr addr; /* of the URL's host, or of the proxy: curl asks no resolver */
    uint16_t proxy_port; /* 0 = no proxy */
    uint32_t connect_ms;
    const char *answer; /* to a challenge: "Authorization: …", NULL = none */
    /* FETCH_CHECK_STRICT: does this name have the server's address? 1 yes, 0 no, -1 not known yet:
     * the transfer ends as unproven. arg is that of the handler. */
    int (*lookup)(const char *name, void *arg);
    const struct fetch_req *common;
};

struct http_result {   /* borrowed */
    int err;           /* 0: there is a status; ECONNREFUSED, ETIMEDOUT: no connection */
    const char *error; /* err not 0: why */
    bool unanswered;   /* err not 0: no connection, or it was closed before an answer */
    bool unproven;     /* err not 0: lookup() answered -1; try again when it knows */
    uint16_t status;
    const uint8_t *body;
    size_t len, total;      /* total: with what was not kept */
    const char *location;   /* absolute */
    const char *challenges; /* of a 401 or 407, one a line; "" = none */
    const char *encoding;   /* Content-Encoding, "" = none */
    const char *head;       /* header lines */
};

/** How a transfer ended. Returns true when the caller answers a challenge by another transfer. */
typedef bool(http_h)(const struct http_result *r, void *arg);

int http_alloc(struct http **hp, struct loop *lp);

/** Who hears of every request on the wire; NULL = nobody. For transfers that start from now on. */
void http_observe(struct http *h, fetch_exchange_h *handler, void *arg);

int http_start(struct http_get **gp, struct http *h, const struct http_req *req, http_h *handler,
               void *arg);

/** The cause for a transfer that took too long, by how far it came: "timeout: no answer". */
const char *http_timeout_text(const struct http_get *g);

/** Report to the observer that the transfer ends for this reason; its handler is not called. To be
 *  followed by mem_deref(). */
void http_give_up(struct http_get *g, const char *error);

#endif
