/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One request on one connection (provisioning.md 9.2 R:), in as few system calls as will do: storms
 * of ten thousand phones are made of these. libcurl serves for URLs of redirects only.
 */
#include "sim/net/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include <curl/curl.h>
#include <uv.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/loop/clock.h"
#include "sim/loop/loop.h"
#include "sim/loop/timer.h"
#include "sim/net/webreply.h"
#include "sim/net/secrecy.h"

enum { READ_BYTES = 64 << 10, READS_MAX = 16, HOST_BYTES = 256 };

struct http {
    struct loop *lp;
    struct secrecy_settings *settings;
    fetch_exchange_h *observer;
    void *observer_arg;
};

enum state { CONNECTING, SHAKING, SENDING, READING, OVER };

struct http_get {
    struct http *http;
    enum state state;
    uv_poll_t *poll;
    int fd; /* -1 = none */
    int events;
    struct timer timer; /* to connect; or to tell what failed at once */
    char *out;          /* the request */
    size_t out_len, out_at;
    struct webreply answer;
    bool tls;
    struct secrecy secrecy;
    struct fetch_memory *memory; /* used by secrecy */
    struct cert_client *cert;
    char *version, *location;
    int err; /* why it failed */
    const char *error;
    /* what is told of it */
    char *url;
    const char *method;
    const void *owner;
    bool connected, own_lack, told;
    uint64_t since_us;
    http_h *h;
    void *arg;
};

enum outcome { ENDED, REPEATED, CANCELLED };

static void tell(struct http_get *g, const char *error, enum outcome outcome)
{
    const uint64_t took = clock_us(g->http->lp) - g->since_us;
    const bool sent = g->state > SENDING || g->out_at > 0;

    if (g->told || !g->http->observer)
        return;
    g->told = true;
    const struct fetch_exchange x = {
        .url = g->url,
        .scheme = g->tls ? "https" : "http",
        .method = g->method,
        .owner = g->owner,
        .status = g->answer.status,
        .error = error,
        .cancelled = outcome == CANCELLED,
        .challenged = outcome == REPEATED,
        .sent = sent,
        .opened = g->connected,
        .unconnected = !g->connected && error,
        .no_socket = !g->connected && error && g->own_lack,
        .tls_done = sent && g->tls,
        .tls_resumed = sent && g->tls && secrecy_resumed(&g->secrecy),
        .tls_failed = !sent && g->connected && g->tls && outcome == ENDED,
        .bytes = outcome == REPEATED ? 0 : g->answer.total,
        .us = took > UINT32_MAX ? UINT32_MAX : (uint32_t)took,
    };
    g->http->observer(&x, g->http->observer_arg);
}

static void closed_handler(uv_handle_t *handle)
{
    free(handle);
}

static void close_connection(struct http_get *g)
{
    timer_cancel(&g->timer);
    if (g->poll) {
        uv_poll_stop(g->poll);
        uv_close((uv_handle_t *)g->poll, closed_handler);
        g->poll = NULL;
    }
    secrecy_stop(&g->secrecy);
    if (g->fd >= 0)
        close(g->fd);
    g->fd = -1;
}

static void get_destructor(void *arg)
{
    struct http_get *g = arg;

    if (g->h)
        tell(g, NULL, CANCELLED);
    close_connection(g);
    webreply_reset(&g->answer);
    free(g->out);
    free(g->url);
    free(g->location);
    free(g->version);
    mem_deref(g->memory);
    mem_deref(g->cert);
    mem_deref(g->http);
}

/* ---- the end of it */

/* Where a Location leads from here; malloc()ed, NULL = nowhere. */
static char *join_url(const char *base, const char *location)
{
    CURLU *u = curl_url();
    char *text = NULL, *copy = NULL;

    if (u && !curl_url_set(u, CURLUPART_URL, base, CURLU_PATH_AS_IS | CURLU_NON_SUPPORT_SCHEME) &&
        !curl_url_set(u, CURLUPART_URL, location,
                      CURLU_PATH_AS_IS | CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE) &&
        !curl_url_get(u, CURLUPART_URL, &text, 0))
        copy = strdup(text);
    curl_free(text);
    curl_url_cleanup(u);
    return copy;
}

/* All headers of that name, one a line; malloc()ed, NULL = none. */
static char *join_headers(const char *lines, const char *name)
{
    char value[2048], *all = NULL;

    while ((lines = fetch_header(lines, name, value, sizeof(value)))) {
        char *more = NULL;
        if (asprintf(&more, "%s%s\n", all ? all : "", value) < 0)
            break;
        free(all);
        all = more;
    }
    return all;
}

static void finish(struct http_get *g)
{
    const struct webreply *a = &g->answer;
    char encoding[64] = "", location[4096] = "", *challenges = NULL;
    struct http_result r = {.err = g->err,
                            .error = g->error,
                            .status = g->err ? 0 : a->status,
                            .body = a->body ? a->body : (const uint8_t *)"",
                            .len = a->len,
                            .total = a->total,
                            .head = webreply_lines(a)};

    if (!g->err && (a->status == 401 || a->status == 407))
        challenges =
            join_headers(r.head, a->status == 401 ? "WWW-Authenticate" : "Proxy-Authenticate");
    if (!g->err && a->status / 100 == 3 &&
        fetch_header(r.head, "Location", location, sizeof(location)))
        r.location = g->location = join_url(g->url, location);
    (void)fetch_header(r.head, "Content-Encoding", encoding, sizeof(encoding));
    r.challenges = challenges ? challenges : "";
    r.encoding = encoding;
    mem_ref(g);
    if (!challenges)
        tell(g, g->error, ENDED);
    close_connection(g);
    g->state = OVER;
    http_h *h = g->h;
    g->h = NULL;
    if (h(&r, g->arg))
        tell(g, NULL, REPEATED);
    else
        tell(g, g->error, ENDED);
    mem_deref(g);
    free(challenges);
}

static void fail(struct http_get *g, int err, const char *error)
{
    g->err = err;
    g->error = error;
    finish(g);
}

/* ---- on the wire */

static void poll_handler(uv_poll_t *poll, int status, int events);

static void await(struct http_get *g, int events)
{
    if (g->events == events)
        return;
    g->events = events;
    if (uv_poll_start(g->poll, events, poll_handler))
        fail(g, EIO, "the socket cannot be watched");
}

static ssize_t send_some(struct http_get *g)
{
    const char *data = g->out + g->out_at;
    const size_t len = g->out_len - g->out_at;

    return g->tls ? secrecy_send(&g->secrecy, data, len) : send(g->fd, data, len, MSG_NOSIGNAL);
}

/* Nothing can be sent or read now: wait, or it is the end. */
static void blocked(struct http_get *g, int events)
{
    if (errno == EAGAIN || errno == EINTR)
        await(g, g->tls ? g->secrecy.events : events);
    else
        fail(g, EPROTO, g->tls ? g->secrecy.error : "connection reset");
}

static void read_on(struct http_get *g)
{
    uint8_t buf[READ_BYTES];

    for (unsigned i = 0; i < READS_MAX; i++) {
        const ssize_t n =
            g->tls ? secrecy_recv(&g->secrecy, buf, sizeof(buf)) : recv(g->fd, buf, sizeof(buf), 0);
        if (n < 0) {
            blocked(g, UV_READABLE);
            return;
        }
        const enum webreply_state state =
            n ? webreply_read(&g->answer, buf, (size_t)n) : webreply_end(&g->answer);
        if (state != WEBREPLY_MORE) {
            g->err = g->answer.err;
            g->error = g->answer.error;
            finish(g);
            return;
        }
        if (!g->tls && (size_t)n < sizeof(buf))
            break; /* no more is there now */
    }
    await(g, UV_READABLE);
}

static void send_on(struct http_get *g)
{
    while (g->out_at < g->out_len) {
        const ssize_t n = send_some(g);
        if (n < 0) {
            blocked(g, UV_WRITABLE);
            return;
        }
        g->out_at += (size_t)n;
    }
    g->state = READING;
    await(g, UV_READABLE);
}

static void shake_on(struct http_get *g)
{
    const int err = secrecy_shake(&g->secrecy);

    if (err == EAGAIN) {
        await(g, g->secrecy.events);
    } else if (err) {
        fail(g, EPROTO, g->secrecy.error);
    } else {
        g->state = SENDING;
        send_on(g);
    }
}

static void connected(struct http_get *g)
{
    timer_cancel(&g->timer);
    g->connected = true;
    g->state = g->tls ? SHAKING : SENDING;
    if (g->tls)
        shake_on(g);
    else
        send_on(g);
}

static bool is_own_lack(int sys)
{
    return sys == EMFILE || sys == ENFILE || sys == EADDRNOTAVAIL || sys == EADDRINUSE ||
           sys == ENOBUFS || sys == ENOMEM;
}

static void not_connected(struct http_get *g, int sys)
{
    g->own_lack = is_own_lack(sys);
    g->err = sys == ETIMEDOUT ? ETIMEDOUT : ECONNREFUSED;
    g->error = sys == ECONNREFUSED ? "connection refused"
               : sys == ETIMEDOUT  ? "timeout"
                                   : strerror(sys);
}

static void connect_on(struct http_get *g)
{
    int sys = 0;
    socklen_t len = sizeof(sys);

    if (getsockopt(g->fd, SOL_SOCKET, SO_ERROR, &sys, &len))
        sys = errno;
    if (sys) {
        not_connected(g, sys);
        finish(g);
    } else {
        connected(g);
    }
}

static void poll_handler(uv_poll_t *poll, int status, int events)
{
    struct http_get *g = poll->data;

    (void)events;
    mem_ref(g);
    if (status < 0) /* libuv stops watching at an error, which comes out by itself */
        g->events = 0;
    if (g->state == CONNECTING)
        connect_on(g);
    else if (g->state == SHAKING)
        shake_on(g);
    else if (g->state == SENDING)
        send_on(g);
    else if (g->state == READING)
        read_on(g);
    mem_deref(g);
}

/* ---- the beginning */

/* What has failed before this was started is told from the loop; or the time to connect is over. */
static void timer_handler(void *arg)
{
    struct http_get *g = arg;

    if (!g->err)
        not_connected(g, ETIMEDOUT);
    finish(g);
}

static int watch_socket(struct http_get *g)
{
    g->poll = calloc(1, sizeof(*g->poll));
    const int status = g->poll ? uv_poll_init(loop_uv(g->http->lp), g->poll, g->fd) : UV_ENOMEM;

    if (status) {
        free(g->poll);
        g->poll = NULL;
        return err_from_uv(status);
    }
    g->poll->data = g;
    return 0;
}

/* Errors are those of the machine: no descriptors, an address that is not ours. */
static int open_socket(struct http_get *g, struct in_addr local)
{
    const struct sockaddr_in sin = {.sin_family = AF_INET, .sin_addr = local};
    const int on = 1;

    g->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (g->fd < 0) {
        const int sys = errno;
        not_connected(g, sys);
        return sys;
    }
    if (local.s_addr) {
        (void)setsockopt(g->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
        if (bind(g->fd, (const struct sockaddr *)&sin, sizeof(sin))) {
            const int sys = errno;
            not_connected(g, sys);
            if (sys == EADDRNOTAVAIL) {
                g->err = EADDRNOTAVAIL;
                g->error = "source address not local";
            }
            return sys;
        }
    }
    return watch_socket(g);
}

static void open_connection(struct http_get *g, const struct http_req *req, uint16_t port)
{
    const struct sockaddr_in peer = {
        .sin_family = AF_INET, .sin_addr = req->addr, .sin_port = htons(port)};
    int sys = open_socket(g, req->common->local);

    if (!sys && connect(g->fd, (const struct sockaddr *)&peer, sizeof(peer)) &&
        errno != EINPROGRESS)
        sys = errno;
    if (sys && !g->err)
        not_connected(g, sys);
    if (!g->err)
        await(g, UV_WRITABLE);
    if (g->err)
        timer_start(g->http->lp, &g->timer, 0, timer_handler, g);
    else if (req->connect_ms)
        timer_start(g->http->lp, &g->timer, req->connect_ms, timer_handler, g);
}

struct parts { /* of a URL, borrowed */
    const char *authority, *path;
    size_t authority_len, path_len;
    char host[HOST_BYTES];
    uint16_t port;
};

/* fetch.c has seen to it that host and port are sound. */
static int split_url(struct parts *p, const char *url, bool tls)
{
    p->authority = strstr(url, "://") + 3;
    p->authority_len = strcspn(p->authority, "/?#");
    p->path = p->authority + p->authority_len;
    p->path_len = strcspn(p->path, "#");
    for (const char *c = url; *c; c++) {
        if ((unsigned char)*c <= ' ' || *c == 0x7f)
            return EPROTO;
    }
    const char *at = memrchr(p->authority, '@', p->authority_len);
    if (at) {
        p->authority_len -= (size_t)(at + 1 - p->authority);
        p->authority = at + 1;
    }
    const char *colon = memchr(p->authority, ':', p->authority_len);
    const size_t host = colon ? (size_t)(colon - p->authority) : p->authority_len;
    if (host >= sizeof(p->host))
        return EPROTO;
    memcpy(p->host, p->authority, host);
    p->host[host] = '\0';
    p->port = tls ? 443 : 80;
    if (colon && colon + 1 < p->authority + p->authority_len)
        p->port = (uint16_t)atoi(colon + 1);
    if (p->port == (tls ? 443 : 80)) /* a usual port is not named */
        p->authority_len = host;
    return 0;
}

static bool has_header(const struct fetch_req *c, const char *name)
{
    const size_t len = strlen(name);

    for (const char *const *line = c->headers; line && *line; line++) {
        if (strncasecmp(*line, name, len) == 0)
            return true;
    }
    return false;
}

/* Host, User-Agent, Accept, Connection: close (9.2 R:), then what this request has of its own. */
static void print_head(FILE *f, struct http_get *g, const struct http_req *req,
                       const struct parts *p)
{
    const struct fetch_req *c = req->common;

    fprintf(f, "%s %s%.*s HTTP/1.1\r\nHost: %.*s\r\n", g->method, *p->path == '/' ? "" : "/",
            (int)p->path_len, p->path, (int)p->authority_len, p->authority);
    if (c->user_agent && *c->user_agent)
        fprintf(f, "User-Agent: %s\r\n", c->user_agent);
    if (!has_header(c, "Accept:"))
        fputs("Accept: */*\r\n", f);
    fputs("Connection: close\r\n", f);
    if (req->answer)
        fprintf(f, "%s\r\n", req->answer);
    if (c->post_type)
        fprintf(f, "Content-Type: %s\r\n", c->post_type);
    for (const char *const *line = c->headers; line && *line; line++)
        fprintf(f, "%s\r\n", *line);
    if (c->post_body) {
        fprintf(f, "Content-Length: %zu\r\n", c->post_len);
        if (!c->post_type)
            fputs("Content-Type: application/x-www-form-urlencoded\r\n", f);
    }
    fputs("\r\n", f);
    if (c->post_body)
        fwrite(c->post_body, 1, c->post_len, f);
}

static int print_request(struct http_get *g, const struct http_req *req, const struct parts *p)
{
    FILE *f = open_memstream(&g->out, &g->out_len);
    if (!f)
        return ENOMEM;
    print_head(f, g, req, p);
    return fclose(f) ? ENOMEM : 0;
}

/* The settings of this connection outlive the request they came with. */
static int start_secrecy(struct http_get *g, const struct fetch_req *c, const struct parts *p)
{
    struct fetch_tls tls = c->tls;

    g->memory = mem_ref(tls.memory);
    g->cert = mem_ref(tls.cert);
    g->version = tls.version ? strdup(tls.version) : NULL;
    if (tls.version && !g->version)
        return ENOMEM;
    tls.version = g->version;
    return secrecy_start(&g->secrecy, g->http->settings, &tls, c->ca_file, p->host, p->port, g->fd);
}

int http_start(struct http_get **gp, struct http *h, const struct http_req *req, http_h *handler,
               void *arg)
{
    const struct fetch_req *c = req->common;
    struct parts p;
    struct http_get *g = mem_zalloc(sizeof(*g), get_destructor);
    if (!g)
        return ENOMEM;
    g->http = mem_ref(h);
    g->fd = -1;
    g->tls = strncasecmp(req->url, "https", 5) == 0;
    g->answer.most = c->max_bytes;
    g->answer.keep = c->keep_bytes ? c->keep_bytes : c->max_bytes;
    g->method = !c->post_body ? "GET" : c->put ? "PUT" : "POST";
    g->owner = c->owner;
    g->arg = arg;
    g->since_us = clock_us(h->lp);
    g->url = strdup(req->url);
    int err = g->url ? split_url(&p, g->url, g->tls) : ENOMEM;
    if (!err)
        err = print_request(g, req, &p);
    if (!err)
        open_connection(g, req, p.port);
    if (!err && g->tls && !g->err)
        err = start_secrecy(g, c, &p);
    if (err == EPROTO) { /* told as any other failure */
        g->err = EPROTO;
        g->error = g->secrecy.error[0] ? g->secrecy.error : "malformed URL";
        timer_start(h->lp, &g->timer, 0, timer_handler, g);
        err = 0;
    }
    g->h = err ? NULL : handler;
    if (err)
        mem_deref(g);
    else
        *gp = g;
    return err;
}

void http_give_up(struct http_get *g, const char *error)
{
    tell(g, error, ENDED);
}

void http_observe(struct http *h, fetch_exchange_h *handler, void *arg)
{
    h->observer = handler;
    h->observer_arg = arg;
}

static void http_destructor(void *arg)
{
    struct http *h = arg;

    mem_deref(h->settings);
}

int http_alloc(struct http **hp, struct loop *lp)
{
    struct http *h = mem_zalloc(sizeof(*h), http_destructor);
    if (!h)
        return ENOMEM;
    h->lp = lp;
    const int err = secrecy_settings_alloc(&h->settings);
    if (err)
        mem_deref(h);
    else
        *hp = h;
    return err;
}
