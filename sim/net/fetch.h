/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fetch one URL: HTTP(S) by libcurl (http.h), TFTP by our own client (tftp.h).
 * Names go through the farm's resolver. One fetcher per farm, one fetch per request.
 */
#ifndef SIM_NET_FETCH_H
#define SIM_NET_FETCH_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct resolver;
struct fetcher;
struct fetch;

struct cert_client;
struct fetch_memory;
struct trust;

enum fetch_check {                     /* of a server's certificate, beside its chain */
                   FETCH_CHECK_NAMES,  /* its names, as a browser does */
                   FETCH_CHECK_CN,     /* its CN is the server's name, wildcards are none
                                          (provisioning.md 8) */
                   FETCH_CHECK_STRICT, /* so is it, and its address is among that name's: for a URL
                                          with an address that alone tells (G2, G3) */
                   FETCH_CHECK_OFF,    /* nothing, its chain neither */
};

struct fetch_tls { /* all zero: names are checked, no certificate of our own, any version */
    enum fetch_check check;
    struct cert_client *cert;    /* shown when the server asks for one; NULL = none */
    struct trust *trust;         /* believed beside ca_file; NULL = nothing */
    struct fetch_memory *memory; /* sessions that are resumed; NULL = each handshake is whole */
    const char *version;         /* highest: "1.0" … "1.3"; NULL or "" = any */
    bool phone_suites;           /* only the cipher suites of the firmware's list */
    bool no_sni;
};

/** The first address of the server is known, and it is asked now; arg as of the fetch_h. */
typedef void(fetch_started_h)(struct in_addr server, void *arg);

struct fetch;

/** A redirect is followed; arg as of the fetch_h. from, with the answer's header lines head, and to
 *  are borrowed. It may give the next request other lines (fetch_headers()). */
typedef void(fetch_redirected_h)(struct fetch *f, const char *from, const char *head,
                                 const char *to, void *arg);

struct fetch_req {
    const char *url; /* http://, https:// or tftp://, with host */
    const char *user_agent;
    const char *post_body;          /* POST when not NULL; TFTP: a write request */
    size_t post_len;                /* of it; 0 = that of its text */
    bool put;                       /* PUT it */
    const char *post_type;          /* its Content-Type; NULL = that of a form */
    fetch_started_h *started;       /* may be NULL */
    fetch_redirected_h *redirected; /* may be NULL */
    const char *uid, *pwd;          /* Basic or Digest on a challenge; NULL = none */
    uint32_t cnonce;                /* of Digest answers, from the phone's own generator */
    const char *ca_file;            /* NULL = system's */
    struct fetch_tls tls;
    bool bare_path;             /* TFTP asks without the leading slash (79x0) */
    struct in_addr local;       /* source address, 0 = any */
    uint32_t timeout_ms;        /* whole transfer; 0 = 30 s [DEF] */
    size_t max_bytes;           /* 0 = 8 MiB [DEF] */
    size_t keep_bytes;          /* of the answer; the others are only counted. 0 = all are kept */
    const void *owner;          /* for fetcher_observe(): whose request this is; NULL = nobody's */
    const char *const *headers; /* lines of its own, "Name: value", ended by NULL; NULL = none */
    unsigned max_redirects;     /* 0 = 5 */
    uint32_t tftp_retry_ms;     /* 0 = 5 s */
    unsigned tftp_tries;        /* 0 = 5 */
    bool page;                  /* 303 and 307 are followed, too (xml-services.md 8.5) */
};

enum fetch_class { FETCH_OK, FETCH_NOT_FOUND, FETCH_FAILED }; /* provisioning.md 4: A, B, C */

struct fetch_reply { /* borrowed until the handler returns */
    enum fetch_class class;
    uint16_t status;     /* HTTP status or 0; TFTP: its error code (1 = file not found) */
    const uint8_t *body; /* zero-terminated behind len */
    size_t len;
    size_t total;         /* bytes that came; more than len where some were not kept */
    const char *error;    /* NULL on success; cause: "HTTP 404", "timeout: no answer", "truncated",
                             "connection refused", "dns failed", "TFTP 1 File not found" … */
    const char *url;      /* last one, after redirects */
    const char *encoding; /* Content-Encoding, "" = none; the body is as it came */
    struct in_addr server;
    uint32_t us;      /* from start to end */
    const char *head; /* header lines of the last answer, "" = none */
};

/** Lines in place of those of the request. ENOMEM: it has none. */
int fetch_headers(struct fetch *f, const char *const *lines);

/** Host of an absolute URL, without a log in: *len bytes, borrowed; ":port" stands behind them where
 *  there is one. NULL: the URL is not absolute. */
const char *fetch_url_host(const char *url, size_t *len);

/** Value of a header line in head, trimmed and cut to size; the line behind it, NULL = none left.
 *  Call it again with what it returned for lines of the same name. */
const char *fetch_header(const char *head, const char *name, char *value, size_t size);

typedef void(fetch_h)(int err, const struct fetch_reply *r,
                      void *arg); /* err 0 iff class FETCH_OK */

int fetcher_alloc(struct fetcher **fp, struct loop *lp, struct resolver *dns);

struct fetch_exchange { /* one request on the wire and what came of it; borrowed. A fetch is one or
                           several: addresses tried in turn, redirects, challenges */
    const char *url, *scheme, *method; /* "http", "https", "tftp"; "GET", "POST", "PUT", "RRQ",
                                          "WRQ" */
    const void *owner;                 /* of the fetch_req */
    uint16_t status;                   /* HTTP, or TFTP's error code; 0 = none */
    const char *error;                 /* no whole answer: why. NULL with a status that is none */
    bool cancelled;                    /* by us: power went, or a newer request took its place */
    bool challenged; /* 401 or 407, and said again with credentials: that is one of its own */
    bool sent;       /* it left */
    bool opened, reused, unconnected; /* its connection: new, an old one, refused us (not TFTP) */
    bool no_socket;                   /* for want of descriptors or ports of our own */
    bool tls_done, tls_failed;        /* a handshake for it */
    bool tls_resumed;                 /* done by resuming an earlier session */
    size_t bytes;                     /* of the body */
    uint32_t us;                      /* from its start, connection included, to its end */
};
typedef void(fetch_exchange_h)(const struct fetch_exchange *x, void *arg);

/** Hear of every request of every fetch that starts from now on; also while a fetch is dropped. */
void fetcher_observe(struct fetcher *fr, fetch_exchange_h *h, void *arg);

/** What one phone keeps from one fetch to the next: its TLS sessions. ENOMEM. */
int fetch_memory_alloc(struct fetch_memory **mp);

/** Fetches under way. */
unsigned fetcher_active(const struct fetcher *fr);

/**
 * Start. Everything in req is copied. The handler runs once, later; mem_deref(*fp) before that
 * cancels it. Redirects 301 and 302 are followed, at most 5; no other 3xx. A 401 or 407 is answered
 * with uid and pwd, at most twice (provisioning.md 4).
 * Errors: EINVAL no such scheme or no host; ENOMEM.
 */
int fetch_start(struct fetch **fp, struct fetcher *fr, const struct fetch_req *req, fetch_h *h,
                void *arg);

#endif
