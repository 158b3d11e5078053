/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A fetch: resolve the host, one request, follow redirects. HTTP by libcurl with the addresses we
 * resolved (it never starts a resolver thread), TFTP by tftp.c.
 */
#include "sim/net/fetch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <re.h>

#include "sim/dns/dns.h"
#include "sim/loop/clock.h"
#include "sim/loop/timer.h"
#include "sim/net/http.h"
#include "sim/net/tftp.h"
#include "sim/net/webauth.h"

enum {
    TIMEOUT_MS = 30000,  /* [DEF] */
    MAX_BYTES = 8 << 20, /* [DEF] */
    REDIRECTS_MAX = 5,   /* provisioning.md 4 R: */
    ANSWERS_MAX = 2,     /* to challenges of one URL, provisioning.md 4 */
    HOST_BYTES = 256,
    ADDRS_MAX = 16,
    PROOFS_MAX = 3, /* a server that shows another certificate each time is no server */
};

struct fetcher {
    struct loop *lp;
    struct resolver *dns;
    struct http *http;
    unsigned n_active;
    fetch_exchange_h *observer;
    void *observer_arg;
};

struct fetch {
    struct fetcher *fetcher;
    char *url, *user_agent, *post_body, *post_type, *uid, *pwd, *ca_file, *tls_version, *proxy;
    char **headers;       /* ended by NULL; NULL = none */
    struct fetch_req req; /* its strings are the copies above */
    struct timer timer;   /* the whole transfer's limit */
    struct resolver_query *query;
    struct http_get *http;
    struct tftp *tftp;
    struct in_addr addrs[ADDRS_MAX]; /* of the host, tried in turn (provisioning.md 4, G3) */
    size_t n_addrs, at;
    struct in_addr server; /* the one being tried */
    char host[HOST_BYTES];
    uint16_t port;
    unsigned n_redirects, n_answers, n_proofs;
    char *answer;     /* header that answers the last challenge */
    char *proof_name; /* in a server's certificate; NULL = none was asked for */
    int proof;        /* is the server's address its; -1 = not known */
    uint64_t started_us;
    bool told;        /* req.started was called */
    uint64_t tftp_us; /* when the TFTP transfer under way began */
    fetch_h *h;
    void *arg;
};

static void fetcher_destructor(void *arg)
{
    struct fetcher *fr = arg;

    mem_deref(fr->http);
    mem_deref(fr->dns);
}

int fetcher_alloc(struct fetcher **fp, struct loop *lp, struct resolver *dns)
{
    struct fetcher *fr = mem_zalloc(sizeof(*fr), fetcher_destructor);
    if (!fr)
        return ENOMEM;
    fr->lp = lp;
    fr->dns = mem_ref(dns);
    const int err = http_alloc(&fr->http, lp);
    if (err)
        mem_deref(fr);
    else
        *fp = fr;
    return err;
}

void fetcher_observe(struct fetcher *fr, fetch_exchange_h *h, void *arg)
{
    fr->observer = h;
    fr->observer_arg = arg;
    http_observe(fr->http, h, arg);
}

unsigned fetcher_active(const struct fetcher *fr)
{
    return fr->n_active;
}

static uint32_t passed_us(const struct fetch *f, uint64_t since_us)
{
    const uint64_t took = clock_us(f->fetcher->lp) - since_us;
    return took > UINT32_MAX ? UINT32_MAX : (uint32_t)took;
}

static void tell(const struct fetch *f, const struct fetch_exchange *x)
{
    if (f->fetcher->observer)
        f->fetcher->observer(x, f->fetcher->observer_arg);
}

static const char *method(const struct fetch *f, bool tftp)
{
    if (tftp)
        return f->req.post_body ? "WRQ" : "RRQ";
    return !f->req.post_body ? "GET" : f->req.put ? "PUT" : "POST";
}

/* The TFTP transfer under way ended; http.c tells of HTTP. */
static void tell_tftp(struct fetch *f, uint16_t code, const char *error, bool cancelled, size_t len)
{
    if (f->tftp_us)
        tell(f, &(struct fetch_exchange){.url = f->url,
                                         .scheme = "tftp",
                                         .method = method(f, true),
                                         .owner = f->req.owner,
                                         .status = code,
                                         .error = error,
                                         .cancelled = cancelled,
                                         .sent = true,
                                         .bytes = len,
                                         .us = passed_us(f, f->tftp_us)});
    f->tftp_us = 0;
}

/* It ended before there was anybody to send to. */
static void tell_unsent(const struct fetch *f, const char *error)
{
    const bool tftp = strncasecmp(f->url, "tftp", 4) == 0;

    tell(f, &(struct fetch_exchange){.url = f->url,
                                     .scheme = tftp                                   ? "tftp"
                                               : strncasecmp(f->url, "https", 5) == 0 ? "https"
                                                                                      : "http",
                                     .method = method(f, tftp),
                                     .owner = f->req.owner,
                                     .error = error,
                                     .us = passed_us(f, f->started_us)});
}

static void stop(struct fetch *f)
{
    timer_cancel(&f->timer);
    f->query = mem_deref(f->query);
    f->http = mem_deref(f->http);
    tell_tftp(f, 0, NULL, true, 0);
    f->tftp = mem_deref(f->tftp);
}

static void drop_headers(struct fetch *f)
{
    for (char **line = f->headers; line && *line; line++)
        free(*line);
    free(f->headers);
    f->headers = NULL;
}

static void fetch_destructor(void *arg)
{
    struct fetch *f = arg;

    stop(f);
    if (f->h)
        f->fetcher->n_active--;
    free(f->url);
    free(f->user_agent);
    free(f->post_body);
    free(f->post_type);
    free(f->uid);
    free(f->pwd);
    free(f->ca_file);
    free(f->tls_version);
    free(f->proxy);
    mem_deref(f->req.tls.cert);
    mem_deref(f->req.tls.memory);
    mem_deref(f->req.tls.trust);
    free(f->answer);
    free(f->proof_name);
    drop_headers(f);
    mem_deref(f->fetcher);
}

static void finish(struct fetch *f, int err, struct fetch_reply *r)
{
    fetch_h *h = f->h;

    r->url = f->url;
    if (!r->encoding)
        r->encoding = "";
    r->server = f->server;
    r->us = passed_us(f, f->started_us);
    if (!r->head)
        r->head = "";
    f->h = NULL;
    f->fetcher->n_active -= h != NULL;
    timer_cancel(&f->timer);
    if (h) {
        mem_ref(f);
        h(err, r, f->arg);
        mem_deref(f);
    }
}

static void fail(struct fetch *f, int err, const char *error)
{
    struct fetch_reply r = {.class = FETCH_FAILED, .error = error};
    finish(f, err, &r);
}

static void timeout_handler(void *arg)
{
    struct fetch *f = arg;
    const char *error = f->http   ? http_timeout_text(f->http)
                        : f->tftp ? "timeout"
                                  : "dns failed: no server answers";

    mem_ref(f);
    if (f->http)
        http_give_up(f->http, error);
    else if (f->tftp)
        tell_tftp(f, 0, error, false, 0);
    else
        tell_unsent(f, error);
    stop(f);
    fail(f, ETIMEDOUT, error);
    mem_deref(f);
}

static void start_request(struct fetch *f);
static void try_address(struct fetch *f);

/* Nobody answered at this address: is there another one? (provisioning.md 4, G3) */
static bool try_next(struct fetch *f)
{
    if (f->at + 1 >= f->n_addrs)
        return false;
    f->at++;
    f->http = mem_deref(f->http);
    f->tftp = mem_deref(f->tftp);
    try_address(f);
    return true;
}

static void follow(struct fetch *f, const char *location, const char *head)
{
    char *url;

    if (!location) {
        fail(f, EPROTO, "redirect without Location");
    } else if (++f->n_redirects > (f->req.max_redirects ? f->req.max_redirects : REDIRECTS_MAX)) {
        fail(f, ELOOP, "too many redirects");
    } else if (!(url = strdup(location))) {
        fail(f, ENOMEM, "out of memory");
    } else {
        if (f->req.redirected)
            f->req.redirected(f, f->url, head ? head : "", url, f->arg);
        f->http = mem_deref(f->http); /* location and head were its */
        free(f->url);
        f->url = url;
        free(f->answer); /* another place has its own challenges, and its own address */
        f->answer = NULL;
        free(f->proof_name);
        f->proof_name = NULL;
        f->n_answers = 0;
        start_request(f);
    }
}

/* Path and query as the request line has them. */
static const char *request_uri(const char *url, char **made)
{
    const char *p = strstr(url, "://") + 3;

    p += strcspn(p, "/?#");
    const size_t len = strcspn(p, "#");
    if (asprintf(made, *p == '/' ? "%.*s" : "/%.*s", (int)len, p) < 0)
        *made = NULL;
    return *made;
}

/* Repeat at once with an answer to the challenge. False: there is none to give. */
static bool answer_challenge(struct fetch *f, const struct http_result *hr)
{
    char *uri = NULL, *value = NULL, *header = NULL;

    if (!f->uid || f->n_answers == ANSWERS_MAX || !request_uri(f->url, &uri))
        return false;
    const struct webauth_request wr = {.method = method(f, false),
                                       .uri = uri,
                                       .uid = f->uid,
                                       .pwd = f->pwd ? f->pwd : "",
                                       .cnonce = f->req.cnonce,
                                       .nc = 1};
    const int err = webauth_answer(&value, hr->challenges, &wr);
    free(uri);
    if (err || asprintf(&header, "%s: %s",
                        hr->status == 401 ? "Authorization" : "Proxy-Authorization", value) < 0)
        header = NULL;
    free(value);
    if (!header)
        return false;
    free(f->answer);
    f->answer = header;
    f->n_answers++;
    f->http = mem_deref(f->http);
    try_address(f);
    return true;
}

static void proof_handler(int err, const struct in_addr *addrs, size_t n, uint32_t ttl_s, void *arg)
{
    struct fetch *f = arg;

    (void)ttl_s;
    f->proof = 0;
    for (size_t i = 0; !err && i < n; i++)
        f->proof |= addrs[i].s_addr == f->server.s_addr;
    f->query = mem_deref(f->query);
    mem_ref(f);
    try_address(f);
    mem_deref(f);
}

/* Ask for the address of the name in the certificate; then the handshake is made again. */
static void prove(struct fetch *f)
{
    f->http = mem_deref(f->http);
    const int err = resolver_query_a(&f->query, f->fetcher->dns, f->proof_name, proof_handler, f);
    if (err)
        fail(f, err, strerror(err));
}

static int lookup_handler(const char *name, void *arg)
{
    struct fetch *f = arg;

    if (f->proof_name && f->proof >= 0 && strcasecmp(f->proof_name, name) == 0)
        return f->proof;
    const int known = resolver_has_a(f->fetcher->dns, name, f->server);
    if (known >= 0)
        return known;
    if (f->n_proofs++ == PROOFS_MAX)
        return 0;
    free(f->proof_name);
    f->proof_name = strdup(name);
    f->proof = -1;
    return f->proof_name ? -1 : 0;
}

static bool http_handler(const struct http_result *hr, void *arg)
{
    bool repeated = false;
    struct fetch *f = arg;
    struct fetch_reply r = {.status = hr->status,
                            .body = hr->body,
                            .len = hr->len,
                            .total = hr->total,
                            .encoding = hr->encoding,
                            .head = hr->head};
    char text[64];

    mem_ref(f);
    if (hr->unproven && f->proof_name) {
        prove(f);
    } else if (hr->err) {
        if (!hr->unanswered || !try_next(f))
            fail(f, hr->err, hr->error);
    } else if (hr->status == 301 || hr->status == 302 ||
               (f->req.page && (hr->status == 303 || hr->status == 307))) {
        follow(f, hr->location, hr->head);
    } else if ((hr->status == 401 || hr->status == 407) && answer_challenge(f, hr)) {
        repeated = true;
    } else if (hr->status == 200 ||
               (f->req.post_body && (hr->status == 201 || hr->status == 204))) { /* [DEF] */
        r.class = FETCH_OK;
        finish(f, 0, &r);
    } else {
        snprintf(text, sizeof(text), "HTTP %u", hr->status);
        r.class = hr->status == 404 ? FETCH_NOT_FOUND : FETCH_FAILED;
        r.error = text;
        finish(f, hr->status == 404 ? ENOENT : EPROTO, &r);
    }
    mem_deref(f);
    return repeated;
}

static void tftp_handler(int err, uint16_t code, const char *text, const uint8_t *data, size_t len,
                         void *arg)
{
    struct fetch *f = arg;
    struct fetch_reply r = {.class = FETCH_OK,
                            .status = code,
                            .body = data,
                            .len = len,
                            .total = f->tftp ? tftp_total(f->tftp) : len};
    char error[160];

    if (err) {
        r.class = err == ENOENT ? FETCH_NOT_FOUND : FETCH_FAILED;
        if (err == ENOENT)
            snprintf(error, sizeof(error), "TFTP 1 File not found");
        else if (err == EPROTO)
            snprintf(error, sizeof(error), "TFTP %u %s", code, text);
        else
            snprintf(error, sizeof(error), "%s", text);
        r.error = error;
    }
    tell_tftp(f, code, r.error, false, f->req.post_body ? f->req.post_len : r.total);
    if ((err == ECONNREFUSED || err == ETIMEDOUT) && try_next(f))
        return;
    finish(f, err, &r);
}

static void start_tftp(struct fetch *f)
{
    const struct sockaddr_in server = {
        .sin_family = AF_INET, .sin_addr = f->server, .sin_port = htons(f->port ? f->port : 69)};
    const char *path = strchr(strstr(f->url, "://") + 3, '/');
    if (!path)
        path = "/";
    const struct tftp_request tr = {.server = server,
                                    .local = f->req.local,
                                    .path = path + (f->req.bare_path ? 1 : 0),
                                    .max_bytes = f->req.max_bytes,
                                    .keep_bytes = f->req.keep_bytes,
                                    .body = (const uint8_t *)f->post_body,
                                    .body_len = f->req.post_len,
                                    .retry_ms = f->req.tftp_retry_ms,
                                    .tries = f->req.tftp_tries};
    const int err = tftp_start(&f->tftp, f->fetcher->lp, &tr, tftp_handler, f);
    f->tftp_us = err ? 0 : clock_us(f->fetcher->lp);
    if (err)
        fail(f, err, err == EINVAL ? "path too long for TFTP" : strerror(err));
}

static bool has_proxy(const struct fetch *f)
{
    return f->proxy && *f->proxy && strncasecmp(f->url, "http://", 7) == 0;
}

static void start_http(struct fetch *f)
{
    const size_t left = f->n_addrs - f->at;
    const struct http_req hr = {
        .url = f->url,
        .addr = f->server,
        .proxy_port = !has_proxy(f) ? 0
                      : f->port     ? f->port
                                    : 80,
        .connect_ms = (uint32_t)(timer_left_ms(&f->timer) / left),
        .answer = f->answer,
        .lookup = lookup_handler,
        .common = &f->req,
    };
    const int err = http_start(&f->http, f->fetcher->http, &hr, http_handler, f);
    if (err)
        fail(f, err, strerror(err));
}

static void try_address(struct fetch *f)
{
    f->server = f->addrs[f->at];
    if (f->req.started && !f->told)
        f->req.started(f->server, f->arg);
    f->told = true;
    if (strncasecmp(f->url, "tftp://", 7) == 0)
        start_tftp(f);
    else
        start_http(f);
}

static void resolved_handler(int err, const struct in_addr *addrs, size_t n, uint32_t ttl_s,
                             void *arg)
{
    struct fetch *f = arg;

    (void)ttl_s;
    mem_ref(f);
    if (err) {
        f->query = mem_deref(f->query);
        const char *error = err == ETIMEDOUT ? "dns failed: no server answers"
                            : err == ENOENT  ? "dns failed: no such host"
                                             : "dns failed: cannot send";
        tell_unsent(f, error);
        fail(f, err, error);
    } else {
        f->at = 0;
        f->n_addrs = n < ADDRS_MAX ? n : ADDRS_MAX;
        memcpy(f->addrs, addrs, f->n_addrs * sizeof(*addrs));
        f->query = mem_deref(f->query);
        try_address(f);
    }
    mem_deref(f);
}

static int read_port(const char *digits, size_t len, uint16_t *port)
{
    unsigned long n = 0;

    for (size_t i = 0; i < len; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return EINVAL;
        n = n * 10 + (unsigned)(digits[i] - '0');
        if (n > 65535)
            return EINVAL;
    }
    *port = (uint16_t)n;
    return 0;
}

/* Who is asked: host and port of the URL, or of the proxy. */
static int read_host(struct fetch *f)
{
    const char *p = strstr(f->url, "://");
    size_t len;

    if (!p)
        return EINVAL;

    const size_t scheme = (size_t)(p - f->url);
    if (!(scheme == 4 && (!strncasecmp(f->url, "http", 4) || !strncasecmp(f->url, "tftp", 4))) &&
        !(scheme == 5 && !strncasecmp(f->url, "https", 5)))
        return EINVAL;
    p = fetch_url_host(f->url, &len);
    if (len && has_proxy(f)) {
        p = f->proxy;
        len = strcspn(p, ":/");
    }
    if (!len || len >= sizeof(f->host))
        return EINVAL;
    memcpy(f->host, p, len);
    f->host[len] = '\0';
    p += len + (p[len] == ':');
    return read_port(p, strcspn(p, "/?#"), &f->port);
}

static void start_request(struct fetch *f)
{
    int err = read_host(f);

    if (!err)
        err = resolver_query_a(&f->query, f->fetcher->dns, f->host, resolved_handler, f);
    if (err)
        fail(f, err, "redirect to no usable URL");
}

static int copy(char **at, const char *text)
{
    *at = text ? strdup(text) : NULL;
    return text && !*at ? ENOMEM : 0;
}

static int copy_headers(struct fetch *f, const char *const *lines)
{
    size_t n = 0;

    while (lines && lines[n])
        n++;
    if (!n)
        return 0;
    f->headers = calloc(n + 1, sizeof(*f->headers));
    for (size_t i = 0; f->headers && i < n; i++) {
        if (copy(&f->headers[i], lines[i]))
            return ENOMEM;
    }
    return f->headers ? 0 : ENOMEM;
}

int fetch_headers(struct fetch *f, const char *const *lines)
{
    drop_headers(f);
    const int err = copy_headers(f, lines);
    if (err)
        drop_headers(f);
    f->req.headers = (const char *const *)f->headers;
    return err;
}

/* Zero-terminated all the same. */
static int copy_body(struct fetch *f, const struct fetch_req *req, size_t len)
{
    f->post_body = req->post_body ? malloc(len + 1) : NULL;
    if (f->post_body) {
        memcpy(f->post_body, req->post_body, len);
        f->post_body[len] = '\0';
    }
    return req->post_body && !f->post_body ? ENOMEM : 0;
}

static int copy_request(struct fetch *f, const struct fetch_req *req)
{
    const size_t body_len =
        req->post_body && !req->post_len ? strlen(req->post_body) : req->post_len;

    if (copy(&f->url, req->url) || copy(&f->user_agent, req->user_agent) ||
        copy_body(f, req, body_len) || copy(&f->post_type, req->post_type) ||
        copy(&f->uid, req->uid) || copy(&f->pwd, req->pwd) || copy(&f->ca_file, req->ca_file) ||
        copy(&f->tls_version, req->tls.version) || copy(&f->proxy, req->proxy) ||
        copy_headers(f, req->headers))
        return ENOMEM;
    f->req = *req;
    f->req.tls.version = f->tls_version;
    f->req.proxy = f->proxy;
    mem_ref(f->req.tls.cert);
    mem_ref(f->req.tls.memory);
    mem_ref(f->req.tls.trust);
    f->req.url = f->url;
    f->req.user_agent = f->user_agent;
    f->req.post_body = f->post_body;
    f->req.post_len = body_len;
    f->req.post_type = f->post_type;
    f->req.uid = f->uid;
    f->req.pwd = f->pwd;
    f->req.ca_file = f->ca_file;
    f->req.headers = (const char *const *)f->headers;
    if (!f->req.max_bytes)
        f->req.max_bytes = MAX_BYTES;
    return 0;
}

int fetch_start(struct fetch **fp, struct fetcher *fr, const struct fetch_req *req, fetch_h *h,
                void *arg)
{
    struct fetch *f = mem_zalloc(sizeof(*f), fetch_destructor);
    if (!f)
        return ENOMEM;

    f->fetcher = mem_ref(fr);
    f->h = h;
    fr->n_active++;
    f->arg = arg;
    f->started_us = clock_us(fr->lp);
    int err = copy_request(f, req);
    if (!err)
        err = read_host(f);
    if (!err)
        err = resolver_query_a(&f->query, fr->dns, f->host, resolved_handler, f);
    if (err) {
        mem_deref(f);
        return err;
    }
    timer_start(fr->lp, &f->timer, req->timeout_ms ? req->timeout_ms : TIMEOUT_MS, timeout_handler,
                f);
    *fp = f;
    return 0;
}
