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

/* What is checked of a server's certificate (provisioning.md 8). The chain must always lead to a CA
 * that is believed, but for FETCH_CHECK_OFF. */
enum fetch_check {
    FETCH_CHECK_NAMES,  /* its names against the URL's host, as a browser does */
    FETCH_CHECK_CN,     /* its CN is the URL's host; wildcards match nothing */
    FETCH_CHECK_STRICT, /* the same; a URL with an address in place of a name is right when the CN
                           is a name that resolves to this address (G2, G3) */
    FETCH_CHECK_OFF,    /* nothing at all */
};

/* TLS of one request. All zero: names are checked, we show no certificate, any version. */
struct fetch_tls {
    enum fetch_check check;
    struct cert_client *cert;    /* our certificate, if the server asks for one; NULL = none */
    struct trust *trust;         /* CAs that are believed beside ca_file; NULL = none */
    struct fetch_memory *memory; /* sessions to resume; NULL = every handshake is a full one */
    const char *version;         /* highest: "1.0" … "1.3"; NULL or "" = any */
    bool phone_suites;           /* offer only the cipher suites in the firmware's list */
    bool no_sni;                 /* do not name the server in the ClientHello */
};

/** Called once, when the host has been resolved and its first address is about to be asked. arg is
 *  that of the fetch_h. */
typedef void(fetch_started_h)(struct in_addr server, void *arg);

/** Called before a redirect is followed: from and to are URLs, head the header lines of the answer;
 *  all are borrowed. It may call fetch_headers() for the next request. arg is that of the fetch_h.
 */
typedef void(fetch_redirected_h)(struct fetch *f, const char *from, const char *head,
                                 const char *to, void *arg);

/* What to ask for, and how. All zero but url is a plain GET. */
struct fetch_req {
    const char *url; /* absolute; http://, https:// or tftp:// */
    const char *user_agent;
    const char *post_body;          /* not NULL = POST, or by TFTP a write request */
    size_t post_len;                /* bytes of post_body; 0 = strlen() of it */
    bool put;                       /* PUT in place of POST */
    const char *post_type;          /* Content-Type; NULL = that of a form */
    fetch_started_h *started;       /* may be NULL */
    fetch_redirected_h *redirected; /* may be NULL */
    const char *uid, *pwd;          /* log-in by Basic or Digest when challenged; NULL = none */
    uint32_t cnonce;                /* of Digest; comes from the phone's own generator */
    const char *ca_file;            /* PEM file of CAs; NULL = the system's */
    struct fetch_tls tls;
    bool bare_path;             /* TFTP: file name without the leading slash (79x0) */
    struct in_addr local;       /* source address, 0 = any */
    const char *proxy;          /* "host[:port]" that http:// URLs are asked of; NULL = none */
    uint32_t timeout_ms;        /* of the whole fetch, redirects included; 0 = 30 s [DEF] */
    size_t max_bytes;           /* larger answers fail; 0 = 8 MiB [DEF] */
    size_t keep_bytes;          /* how much of the answer is kept, the rest only counted; 0 = all */
    const void *owner;          /* whose request this is, for fetcher_observe(); NULL = nobody's */
    const char *const *headers; /* further "Name: value" lines, ended by NULL; NULL = none */
    unsigned max_redirects;     /* 0 = 5 */
    uint32_t tftp_retry_ms;     /* 0 = 5 s */
    unsigned tftp_tries;        /* 0 = 5 */
    bool page;                  /* a page of an XML service: 303 and 307 are followed, too
                                   (xml-services.md 8.5), and the reply has its header lines */
};

/* How a fetch ended: the classes A, B and C of provisioning.md 4. */
enum fetch_class { FETCH_OK, FETCH_NOT_FOUND, FETCH_FAILED };

struct fetch_reply { /* borrowed until the handler returns */
    enum fetch_class class;
    uint16_t status;      /* HTTP status, or TFTP error code (1 = file not found); 0 = none */
    const uint8_t *body;  /* a zero byte stands behind len */
    size_t len;           /* bytes kept */
    size_t total;         /* bytes that came: more than len where keep_bytes is less */
    const char *error;    /* NULL on success, else the cause: "HTTP 404", "timeout: no answer",
                             "connection refused", "dns failed", "TFTP 1 File not found" … */
    const char *url;      /* the last one, after redirects */
    const char *encoding; /* Content-Encoding, "" = none; the body is as it came */
    struct in_addr server;
    uint32_t us;      /* from start to end */
    const char *head; /* header lines of the last answer; "" unless fetch_req.page is set */
};

/** In a fetch_redirected_h: the header lines of the next request, in place of fetch_req.headers;
 *  copied. ENOMEM: it will have none. */
int fetch_headers(struct fetch *f, const char *const *lines);

/** Host of an absolute URL, log-in and port left out: *len bytes, borrowed; ":port" stands behind
 *  them where the URL has one. NULL: the URL is not absolute. */
const char *fetch_url_host(const char *url, size_t *len);

/** Copy the value of the first header line of this name, trimmed and cut to size. Returns the line
 *  behind it, to call again for further lines of the name; NULL = there is no such line. */
const char *fetch_header(const char *head, const char *name, char *value, size_t size);

/** How a fetch ended; err is 0 if and only if r->class is FETCH_OK. */
typedef void(fetch_h)(int err, const struct fetch_reply *r, void *arg);

/** Owner: mem_deref(); fetches under way hold a reference. Errors: ENOMEM. */
int fetcher_alloc(struct fetcher **fp, struct loop *lp, struct resolver *dns);

/* One request on the wire and what came of it; borrowed. A fetch makes one or several: addresses
 * are tried in turn, redirects followed, challenges answered. */
struct fetch_exchange {
    const char *url, *scheme, *method; /* scheme "http", "https", "tftp"; method "GET", "POST",
                                          "PUT", "RRQ", "WRQ" */
    const void *owner;                 /* of the fetch_req */
    uint16_t status;                   /* HTTP status, or TFTP error code; 0 = none */
    const char *error;                 /* why there is no whole answer; NULL = there is one */
    bool cancelled;                    /* by us: power went, or a newer request took its place */
    bool challenged;                   /* 401 or 407, and the next exchange answers it */
    bool sent;                         /* the request left this machine */
    bool opened, reused, unconnected;  /* the connection is new, is an old one, was refused; all
                                          false for TFTP */
    bool no_socket;                    /* we had no descriptor or port left for it */
    bool tls_done, tls_failed;         /* a handshake was made for it */
    bool tls_resumed;                  /* and resumed an earlier session */
    size_t bytes;                      /* of the body */
    uint32_t us;                       /* from its start, connection included, to its end */
};
typedef void(fetch_exchange_h)(const struct fetch_exchange *x, void *arg);

/** Hear of every request of every fetch that starts from now on; also while a fetch is dropped. */
void fetcher_observe(struct fetcher *fr, fetch_exchange_h *h, void *arg);

/** What one phone keeps from one fetch to the next: its TLS sessions. Owner: mem_deref(). ENOMEM.
 */
int fetch_memory_alloc(struct fetch_memory **mp);

/** Fetches under way. */
unsigned fetcher_active(const struct fetcher *fr);

/**
 * Start a fetch. Strings in req are copied, objects referenced. The handler runs once, later;
 * mem_deref(*fp) before that cancels it. Redirects 301 and 302 are followed, no other 3xx (but see
 * fetch_req.page). A 401 or 407 is answered twice at most (provisioning.md 4).
 *
 * Errors  EINVAL the URL has another scheme, no host or a bad port; ENOMEM
 */
int fetch_start(struct fetch **fp, struct fetcher *fr, const struct fetch_req *req, fetch_h *h,
                void *arg);

#endif
