/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/net/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <curl/curl.h>
#include <uv.h>
#include <re.h>

#include "sim/loop/loop.h"
#include "sim/loop/timer.h"
#include "sim/net/meter.h"
#include "sim/net/secrecy.h"

enum { HEAD_MAX = 16 << 10, READY_MAX = 64, READ_BYTES = 8 << 10 };

struct http {
    struct loop *lp;
    CURLM *multi;
    int epoll;
    uv_poll_t *poll;
    struct timer timer;
    fetch_exchange_h *observer;
    void *observer_arg;
};

struct http_get {
    struct http *http;
    CURL *easy;
    struct curl_slist *headers, *connect_to;
    uint8_t *body;
    size_t len, size; /* bytes in body, and room in it */
    size_t total;     /* bytes that came */
    size_t most;      /* more than that are refused */
    size_t keep;      /* so many are kept in body */
    bool too_large, not_local;
    struct in_addr local; /* source address, 0 = any */
    bool page;
    char *head; /* header lines of the last answer; only of a page */
    char error[CURL_ERROR_SIZE];
    char *url;
    struct meter meter;
    struct secrecy secrecy;
    struct fetch_memory *memory; /* used by easy */
    http_h *h;
    void *arg;
};

static void finish(struct http_get *g, CURLcode code);

static void reap(struct http *h)
{
    CURLMsg *msg;
    int left;

    while ((msg = curl_multi_info_read(h->multi, &left))) {
        struct http_get *g = NULL;
        if (msg->msg != CURLMSG_DONE)
            continue;
        const CURLcode code = msg->data.result;
        curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, (char **)&g);
        curl_multi_remove_handle(h->multi, msg->easy_handle);
        if (g)
            finish(g, code);
    }
}

/* Sockets of curl wait in an epoll of their own, and that in the loop: a handle of libuv for each
 * would cost eight system calls more per request. */
static void poll_handler(uv_poll_t *poll, int status, int events)
{
    struct http *h = poll->data;
    struct epoll_event ready[READY_MAX];
    int running;

    (void)status;
    (void)events;
    const int n = epoll_wait(h->epoll, ready, READY_MAX, 0);
    mem_ref(h);
    for (int i = 0; i < n; i++) {
        const uint32_t what = ready[i].events;
        const bool failed = what & (EPOLLERR | EPOLLHUP); /* curl sees for itself */
        curl_multi_socket_action(h->multi, ready[i].data.fd,
                                 (what & EPOLLIN || failed ? CURL_CSELECT_IN : 0) |
                                     (what & EPOLLOUT || failed ? CURL_CSELECT_OUT : 0),
                                 &running);
    }
    reap(h);
    mem_deref(h);
}

static void closed_handler(uv_handle_t *handle)
{
    free(handle);
}

static int open_epoll(struct http *h)
{
    uv_poll_t *poll = calloc(1, sizeof(*poll));

    h->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (!poll || h->epoll < 0 || uv_poll_init(loop_uv(h->lp), poll, h->epoll)) {
        free(poll);
        return ENOMEM;
    }
    poll->data = h;
    h->poll = poll;
    return uv_poll_start(poll, UV_READABLE, poll_handler) ? ENOMEM : 0;
}

/* Whether a descriptor is in the epoll is for the kernel to say: one that was closed has left it,
 * and its number may be another socket's by now. -1 would end all transfers for good. */
static int socket_handler(CURL *easy, curl_socket_t fd, int what, void *arg, void *socket_arg)
{
    struct http *h = arg;
    struct epoll_event ev = {.events = (what & CURL_POLL_IN ? EPOLLIN : 0) |
                                       (what & CURL_POLL_OUT ? EPOLLOUT : 0),
                             .data.fd = fd};

    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        (void)epoll_ctl(h->epoll, EPOLL_CTL_DEL, fd, NULL);
        return 0;
    }
    if (!socket_arg)
        curl_multi_assign(h->multi, fd, h);
    const int first = socket_arg ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    if (!epoll_ctl(h->epoll, first, fd, &ev))
        return 0;
    return epoll_ctl(h->epoll, first == EPOLL_CTL_ADD ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &ev);
}

static void timeout_handler(void *arg)
{
    struct http *h = arg;
    int running;

    mem_ref(h);
    curl_multi_socket_action(h->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    reap(h);
    mem_deref(h);
}

static int timer_change_handler(CURLM *multi, long ms, void *arg)
{
    struct http *h = arg;

    (void)multi;
    if (ms < 0)
        timer_cancel(&h->timer);
    else
        timer_start(h->lp, &h->timer, (uint64_t)ms, timeout_handler, h);
    return 0;
}

static void http_destructor(void *arg)
{
    struct http *h = arg;

    curl_multi_cleanup(h->multi);
    timer_cancel(&h->timer);
    if (h->poll)
        uv_close((uv_handle_t *)h->poll, closed_handler);
    if (h->epoll >= 0)
        close(h->epoll);
}

int http_alloc(struct http **hp, struct loop *lp)
{
    struct http *h = mem_zalloc(sizeof(*h), http_destructor);
    if (!h)
        return ENOMEM;
    h->lp = lp;
    h->epoll = -1;
    h->multi = curl_multi_init();
    if (!h->multi || open_epoll(h)) {
        mem_deref(h);
        return ENOMEM;
    }
    curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, socket_handler);
    curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
    curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, timer_change_handler);
    curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
    *hp = h;
    return 0;
}

static void get_destructor(void *arg)
{
    struct http_get *g = arg;

    meter_end(&g->meter, NULL, true, g->total);
    if (g->easy) {
        curl_multi_remove_handle(g->http->multi, g->easy);
        curl_easy_cleanup(g->easy);
    }
    curl_slist_free_all(g->headers);
    curl_slist_free_all(g->connect_to);
    free(g->body);
    free(g->head);
    free(g->url);
    mem_deref(g->memory);
    mem_deref(g->http);
}

/* Header lines of the last answer, as "Name: value"; what is over HEAD_MAX is left out. */
static void keep_head(struct http_get *g)
{
    struct curl_header *h = NULL;
    size_t len = 0;

    while (g->page && (h = curl_easy_nextheader(g->easy, CURLH_HEADER, -1, h))) {
        const size_t more = strlen(h->name) + strlen(h->value) + 4;
        char *head = len + more < HEAD_MAX ? realloc(g->head, len + more + 1) : NULL;
        if (!head)
            return;
        g->head = head;
        len += (size_t)snprintf(head + len, more + 1, "%s: %s\r\n", h->name, h->value);
    }
}

static size_t write_handler(char *data, size_t one, size_t len, void *arg)
{
    struct http_get *g = arg;

    len *= one;
    g->total += len;
    if (g->total > g->most) {
        g->too_large = true;
        return 0;
    }
    const size_t kept = len < g->keep - g->len ? len : g->keep - g->len;
    if (g->len + kept + 1 > g->size) {
        const size_t size = (g->len + kept + 1) * 2;
        uint8_t *body = realloc(g->body, size);
        if (!body)
            return 0;
        g->body = body;
        g->size = size;
    }
    memcpy(g->body + g->len, data, kept);
    g->len += kept;
    g->body[g->len] = '\0';
    return len;
}

static bool is_connected(const struct http_get *g)
{
    long n = 0;

    return curl_easy_getinfo(g->easy, CURLINFO_NUM_CONNECTS, &n) == CURLE_OK && n > 0;
}

/* There is a connection, and TLS does not protect it yet. */
static bool is_shaking_hands(const struct http_get *g)
{
    curl_off_t secure_us = 0;

    curl_easy_getinfo(g->easy, CURLINFO_APPCONNECT_TIME_T, &secure_us);
    return strncasecmp(g->url, "https", 5) == 0 && is_connected(g) && !secure_us;
}

const char *http_timeout_text(const struct http_get *g)
{
    return !is_connected(g)      ? "timeout: no connection"
           : is_shaking_hands(g) ? "timeout: TLS handshake"
           : !g->meter.status    ? "timeout: no answer"
                                 : "timeout: unfinished answer";
}

/* Causes as users read them (fetch.h). */
static const char *error_text(struct http_get *g, CURLcode code)
{
    const bool timed_out = code == CURLE_OPERATION_TIMEDOUT;
    const char *secrecy = secrecy_failure(&g->secrecy, g->error, !timed_out && is_shaking_hands(g));
    long sys = 0;

    if (secrecy)
        return secrecy;
    if (g->not_local)
        return "source address not local";
    curl_easy_getinfo(g->easy, CURLINFO_OS_ERRNO, &sys);
    if (g->meter.own_errno)
        sys = g->meter.own_errno;
    switch (code) {
    case CURLE_COULDNT_CONNECT:
        return sys == ECONNREFUSED ? "connection refused"
               : sys == ETIMEDOUT  ? "timeout: no connection"
               : sys               ? strerror((int)sys)
                                   : "cannot connect";
    case CURLE_OPERATION_TIMEDOUT:
        return http_timeout_text(g);
    case CURLE_PARTIAL_FILE:
        return "truncated";
    case CURLE_GOT_NOTHING:
        return "connection closed without an answer";
    case CURLE_FILESIZE_EXCEEDED:
        return "too large";
    case CURLE_WRITE_ERROR:
        return g->too_large ? "too large" : "out of memory";
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
        return "connection reset";
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return "not an HTTP answer";
    default:
        return g->error[0] ? g->error : curl_easy_strerror(code);
    }
}

static int error_number(const struct http_get *g, CURLcode code)
{
    if (g->not_local)
        return EADDRNOTAVAIL;
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return ETIMEDOUT;
    case CURLE_FILESIZE_EXCEEDED:
    case CURLE_WRITE_ERROR:
        return E2BIG;
    case CURLE_OUT_OF_MEMORY:
        return ENOMEM;
    case CURLE_COULDNT_CONNECT:
        return ECONNREFUSED;
    default:
        return EPROTO;
    }
}

/* No server was there, or what was there said nothing. */
static bool is_unanswered(const struct http_get *g, CURLcode code)
{
    const bool broken = code == CURLE_COULDNT_CONNECT || code == CURLE_OPERATION_TIMEDOUT ||
                        code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR ||
                        code == CURLE_SEND_ERROR;

    return broken && !g->meter.head_done && !g->not_local;
}

/* All headers of that name in the last answer, one a line; malloc()ed, NULL = none. */
static char *join_headers(CURL *easy, const char *name)
{
    struct curl_header *h;
    char *all = NULL;

    for (size_t i = 0; curl_easy_header(easy, name, i, CURLH_HEADER, -1, &h) == CURLHE_OK; i++) {
        char *more = NULL;
        if (asprintf(&more, "%s%s\n", all ? all : "", h->value) < 0)
            break;
        free(all);
        all = more;
    }
    return all;
}

static void finish(struct http_get *g, CURLcode code)
{
    struct http_result r = {
        .body = g->body ? g->body : (const uint8_t *)"", .len = g->len, .total = g->total};
    char *location = NULL, *challenges = NULL, *encoding = NULL;
    long status = 0;

    if (code == CURLE_OK && !g->meter.head_done) /* curl takes what came for all there is */
        code = CURLE_PARTIAL_FILE;
    if (code != CURLE_OK) {
        r.err = error_number(g, code);
        r.error = error_text(g, code);
        r.unanswered = is_unanswered(g, code);
        r.unproven = g->secrecy.unproven;
    } else {
        curl_easy_getinfo(g->easy, CURLINFO_RESPONSE_CODE, &status);
        curl_easy_getinfo(g->easy, CURLINFO_REDIRECT_URL, &location);
        if (status == 401 || status == 407)
            challenges =
                join_headers(g->easy, status == 401 ? "WWW-Authenticate" : "Proxy-Authenticate");
        encoding = join_headers(g->easy, "Content-Encoding");
        r.status = (uint16_t)status;
        r.location = location;
    }
    if (encoding)
        encoding[strcspn(encoding, "\n")] = '\0';
    r.challenges = challenges ? challenges : "";
    r.encoding = encoding ? encoding : "";
    keep_head(g);
    r.head = g->head ? g->head : "";
    mem_ref(g);
    if (r.unproven)
        meter_end(&g->meter, NULL, true, 0);
    else if (!challenges)
        meter_end(&g->meter, r.error, false, g->total);
    if (g->h(&r, g->arg))
        meter_repeat(&g->meter);
    else
        meter_end(&g->meter, r.error, false, g->total);
    mem_deref(g);
    free(challenges);
    free(encoding);
}

/* As curl would, but in fewer system calls, and with our own address already there. */
static curl_socket_t open_handler(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct http_get *g = arg;
    const struct sockaddr_in local = {.sin_family = AF_INET, .sin_addr = g->local};
    const int one = 1;

    (void)purpose;
    const int fd = socket(to->family, to->socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, to->protocol);
    if (fd < 0) {
        g->meter.own_errno = errno;
        return CURL_SOCKET_BAD;
    }
    if (g->local.s_addr) {
        (void)setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
        if (bind(fd, (const struct sockaddr *)&local, sizeof(local))) {
            g->meter.own_errno = errno;
            g->not_local = true;
            close(fd);
            return CURL_SOCKET_BAD;
        }
    }
    return fd;
}

static bool is_host(const char *url, const char *host)
{
    const char *at = strstr(url, "://");
    const size_t len = strlen(host);

    return at && strncmp(at + 3, host, len) == 0 && (!at[3 + len] || strchr(":/?#", at[3 + len]));
}

/* The address we resolved, so that curl asks nobody. */
static int set_address(struct http_get *g, const struct http_req *req)
{
    char entry[INET_ADDRSTRLEN + 8] = "::";

    if (req->connect_ms)
        curl_easy_setopt(g->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)req->connect_ms);
    if (!inet_ntop(AF_INET, &req->addr, entry + 2, sizeof(entry) - 3))
        return EINVAL;
    if (req->proxy_port) {
        curl_easy_setopt(g->easy, CURLOPT_PROXY, entry + 2);
        curl_easy_setopt(g->easy, CURLOPT_PROXYPORT, (long)req->proxy_port);
        return 0;
    }
    if (is_host(req->url, entry + 2))
        return 0;
    strcat(entry, ":");
    g->connect_to = curl_slist_append(NULL, entry);
    if (!g->connect_to)
        return ENOMEM;
    curl_easy_setopt(g->easy, CURLOPT_CONNECT_TO, g->connect_to);
    return 0;
}

static bool add_header(struct http_get *g, const char *header)
{
    struct curl_slist *longer = curl_slist_append(g->headers, header);

    if (longer)
        g->headers = longer;
    return longer != NULL;
}

/* provisioning.md 9.2 R: Host, User-Agent, Accept, Connection: close; one connection per file. */
static int set_request(struct http_get *g, const struct http_req *req)
{
    const struct fetch_req *c = req->common;
    char type[96];

    snprintf(type, sizeof(type), "Content-Type: %s", c->post_type ? c->post_type : "");
    const char *const *line = c->headers;
    bool ok = true;
    if (line && *line && strncmp(*line, "Accept:", 7) == 0) /* in the place of curl's own */
        ok = add_header(g, *line++);
    ok = ok && add_header(g, "Connection: close") && (!req->answer || add_header(g, req->answer)) &&
         (!c->post_type || add_header(g, type));
    for (; ok && line && *line; line++)
        ok = add_header(g, *line);
    ok = ok && (!req->proxy_port || add_header(g, "Proxy-Connection:")); /* curl's own: none */
    if (!ok)
        return ENOMEM;
    curl_easy_setopt(g->easy, CURLOPT_URL, req->url);
    curl_easy_setopt(g->easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(g->easy, CURLOPT_HTTPHEADER, g->headers);
    if (c->user_agent && *c->user_agent)
        curl_easy_setopt(g->easy, CURLOPT_USERAGENT, c->user_agent);
    curl_easy_setopt(g->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(g->easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(g->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    if (!req->proxy_port)
        curl_easy_setopt(g->easy, CURLOPT_PROXY, ""); /* nor what the environment says */
    curl_easy_setopt(g->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(g->easy, CURLOPT_TCP_NODELAY, 0L);
    curl_easy_setopt(g->easy, CURLOPT_BUFFERSIZE, (long)READ_BYTES);
    /* curl would keep addresses as resolved names and walk them all at each request */
    curl_easy_setopt(g->easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
    curl_easy_setopt(g->easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)c->max_bytes);
    if (c->post_body) {
        curl_easy_setopt(g->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)c->post_len);
        curl_easy_setopt(g->easy, CURLOPT_COPYPOSTFIELDS, c->post_body);
        if (c->put)
            curl_easy_setopt(g->easy, CURLOPT_CUSTOMREQUEST, "PUT");
    }
    if (c->ca_file) { /* and none of the system's; without those, curl reads the file only once */
        curl_easy_setopt(g->easy, CURLOPT_CAINFO, c->ca_file);
        curl_easy_setopt(g->easy, CURLOPT_CAPATH, NULL);
    }
    g->local = c->local;
    curl_easy_setopt(g->easy, CURLOPT_OPENSOCKETFUNCTION, open_handler);
    curl_easy_setopt(g->easy, CURLOPT_OPENSOCKETDATA, g);
    return set_address(g, req);
}

int http_start(struct http_get **gp, struct http *h, const struct http_req *req, http_h *handler,
               void *arg)
{
    struct http_get *g = mem_zalloc(sizeof(*g), get_destructor);
    if (!g)
        return ENOMEM;
    g->http = mem_ref(h);
    g->h = handler;
    g->arg = arg;
    g->most = req->common->max_bytes;
    g->keep = req->common->keep_bytes ? req->common->keep_bytes : g->most;
    g->page = req->common->page;
    g->easy = curl_easy_init();
    g->url = strdup(req->url);
    int err = g->easy && g->url ? 0 : ENOMEM;
    if (!err) {
        curl_easy_setopt(g->easy, CURLOPT_PRIVATE, g);
        curl_easy_setopt(g->easy, CURLOPT_WRITEFUNCTION, write_handler);
        curl_easy_setopt(g->easy, CURLOPT_WRITEDATA, g);
        curl_easy_setopt(g->easy, CURLOPT_ERRORBUFFER, g->error);
        err = set_request(g, req);
    }
    if (!err && strncasecmp(req->url, "https", 5) == 0) {
        g->memory = mem_ref(req->common->tls.memory);
        g->secrecy.lookup = req->lookup;
        g->secrecy.arg = arg;
        err = secrecy_start(&g->secrecy, g->easy, &req->common->tls, req->url);
    }
    if (!err && curl_multi_add_handle(h->multi, g->easy))
        err = ENOMEM;
    if (!err)
        meter_start(&g->meter, h->lp, g->easy, req->common, g->url, h->observer, h->observer_arg);
    if (err)
        mem_deref(g);
    else
        *gp = g;
    return err;
}

void http_observe(struct http *h, fetch_exchange_h *handler, void *arg)
{
    h->observer = handler;
    h->observer_arg = arg;
}

void http_give_up(struct http_get *g, const char *error)
{
    meter_end(&g->meter, error, false, g->total);
}
