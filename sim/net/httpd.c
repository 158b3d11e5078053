/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/net/httpd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <libwebsockets.h>
#include <re.h>

#include "sim/loop/loop.h"
#include "sim/net/cert.h"

enum {
    BODY_MAX = 1 << 20,
    HEADER_BYTES = 2048,
    VALUE_BYTES = 512,
    PATH_BYTES = 1024,
    CHUNK_BYTES = 16384,
    IDLE_S = 15,
    CLOSE_TURNS = 1000,
};

struct address { /* libwebsockets keeps pointers to the texts */
    struct address *next;
    char text[INET_ADDRSTRLEN], name[INET_ADDRSTRLEN + 8];
};

struct httpd {
    struct address *addresses;
    struct lws_context *context;
    struct loop *lp;
    httpd_h *h;
    void *arg;
    uint16_t port;
    struct cert_ca *clients; /* NULL = a certificate is not asked for */
};

struct httpd_later {
    struct httpd_session *session; /* NULL = answered, or the client has gone */
};

struct httpd_session { /* zeroed by libwebsockets for each connection */
    char path[PATH_BYTES], query[PATH_BYTES];
    uint8_t *in;
    size_t in_len;
    struct httpd_reply reply;
    size_t sent;
    const char *method;
    bool ready, head_sent;
    struct lws *wsi;
    struct httpd_later *later; /* who will answer; NULL = nobody */
};

struct method {
    enum lws_token_indexes token;
    const char *name;
    bool body; /* HTTP_BODY_COMPLETION comes later */
};

static const struct method methods[] = {
    {WSI_TOKEN_GET_URI, "GET", false},    {WSI_TOKEN_HEAD_URI, "HEAD", false},
    {WSI_TOKEN_POST_URI, "POST", true},   {WSI_TOKEN_PUT_URI, "PUT", true},
    {WSI_TOKEN_PATCH_URI, "PATCH", true}, {WSI_TOKEN_DELETE_URI, "DELETE", false},
};

static void session_reset(struct httpd_session *s)
{
    free(s->in);
    free(s->reply.body);
    if (s->later)
        s->later->session = NULL;
    memset(s, 0, sizeof(*s));
}

static const char *header(struct lws *wsi, enum lws_token_indexes token, char *buf, size_t size)
{
    if (lws_hdr_copy(wsi, buf, (int)size, token) < 0)
        buf[0] = '\0';
    return buf;
}

/* The library cuts at each & and drops it, in the path as in the query. */
static void join(struct lws *wsi, enum lws_token_indexes token, int from, char *out, size_t size)
{
    size_t at = strlen(out);
    char part[PATH_BYTES];

    for (int i = from; lws_hdr_copy_fragment(wsi, part, sizeof(part), token, i) >= 0; i++) {
        const size_t len = strlen(part);
        if (at + len + 2 > size)
            break;
        if (i)
            out[at++] = '&';
        memcpy(out + at, part, len + 1);
        at += len;
    }
}

/* One that is too long is there, too: it must not count as absent. */
static const char *long_header(struct lws *wsi, enum lws_token_indexes token, char *buf,
                               size_t size)
{
    if (lws_hdr_total_length(wsi, token) > 0 && !*header(wsi, token, buf, size))
        snprintf(buf, size, "too-long:");
    else if (lws_hdr_total_length(wsi, token) <= 0)
        buf[0] = '\0';
    return buf;
}

static const char *custom_header(struct lws *wsi, const char *name, char *buf, size_t size)
{
    if (lws_hdr_custom_copy(wsi, buf, (int)size, name, (int)strlen(name)) < 0)
        buf[0] = '\0';
    return buf;
}

static struct sockaddr_in local_of(struct lws *wsi)
{
    struct sockaddr_in sin = {.sin_port = 0};
    socklen_t len = sizeof(sin);

    (void)getsockname(lws_get_socket_fd(wsi), (struct sockaddr *)&sin, &len);
    return sin;
}

static int answer(struct lws *wsi, struct httpd *d, struct httpd_session *s)
{
    const struct sockaddr_in local = local_of(wsi);
    char agent[VALUE_BYTES], auth[VALUE_BYTES * 2], host[VALUE_BYTES], peer[64];
    char origin[VALUE_BYTES], referer[PATH_BYTES], site[32];
    const struct httpd_req req = {
        .method = s->method,
        .path = s->path,
        .query = s->query,
        .user_agent = header(wsi, WSI_TOKEN_HTTP_USER_AGENT, agent, sizeof(agent)),
        .authorization = header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION, auth, sizeof(auth)),
        .host = header(wsi, WSI_TOKEN_HOST, host, sizeof(host)),
        .origin = long_header(wsi, WSI_TOKEN_ORIGIN, origin, sizeof(origin)),
        .referer = long_header(wsi, WSI_TOKEN_HTTP_REFERER, referer, sizeof(referer)),
        .fetch_site = custom_header(wsi, "sec-fetch-site:", site, sizeof(site)),
        .body = s->in ? s->in : (const uint8_t *)"",
        .body_len = s->in_len,
        .peer = lws_get_peer_simple(wsi, peer, sizeof(peer)) ? peer : "",
        .local = local.sin_addr,
        .local_port = ntohs(local.sin_port),
        .session = s,
    };

    s->wsi = wsi;
    s->reply.status = 200;
    s->reply.content_type = "text/xml";
    d->h(&req, &s->reply, d->arg);
    if (s->later)
        return 0;
    if (!s->reply.status)
        return -1;
    s->ready = true;
    lws_callback_on_writable(wsi);
    return 0;
}

static void later_destructor(void *arg)
{
    struct httpd_later *l = arg;

    if (!l->session)
        return;
    l->session->later = NULL;
    l->session->reply.status = 0;
    l->session->ready = true;
    lws_callback_on_writable(l->session->wsi);
}

int httpd_postpone(struct httpd_later **lp, const struct httpd_req *req)
{
    struct httpd_later *l = mem_zalloc(sizeof(*l), later_destructor);

    if (!l)
        return ENOMEM;
    l->session = req->session;
    req->session->later = l;
    *lp = l;
    return 0;
}

void httpd_answer(struct httpd_later *l, const struct httpd_reply *reply)
{
    struct httpd_session *s = l->session;

    if (!s) {
        free(reply->body);
        return;
    }
    l->session = NULL;
    s->later = NULL;
    s->reply = *reply;
    s->ready = true;
    lws_callback_on_writable(s->wsi);
}

static int write_header(struct lws *wsi, struct httpd_session *s)
{
    uint8_t buf[LWS_PRE + HEADER_BYTES], *start = buf + LWS_PRE, *p = start,
                                         *end = buf + sizeof(buf) - 1;

    if (lws_add_http_header_status(wsi, s->reply.status, &p, end) ||
        lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE,
                                     (const uint8_t *)s->reply.content_type,
                                     (int)strlen(s->reply.content_type), &p, end) ||
        lws_add_http_header_content_length(wsi, s->reply.len, &p, end))
        return -1;
    const size_t extra = strlen(s->reply.headers);
    if (extra && (size_t)(end - p) > extra) {
        memcpy(p, s->reply.headers, extra);
        p += extra;
    }
    return lws_finalize_write_http_header(wsi, start, &p, end) ? -1 : 0;
}

static int write_body(struct lws *wsi, struct httpd_session *s)
{
    uint8_t buf[LWS_PRE + CHUNK_BYTES];
    size_t n = s->reply.len - s->sent;

    if (n > sizeof(buf) - LWS_PRE)
        n = sizeof(buf) - LWS_PRE;
    memcpy(buf + LWS_PRE, s->reply.body + s->sent, n);
    s->sent += n;
    const bool last = s->sent == s->reply.len;
    if (lws_write(wsi, buf + LWS_PRE, n, last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) < (int)n)
        return -1;
    if (!last)
        lws_callback_on_writable(wsi);
    return last ? 1 : 0;
}

static int writable(struct lws *wsi, struct httpd_session *s)
{
    int done = 1;

    if (!s->ready)
        return 0;
    if (!s->reply.status)
        return -1;
    if (!s->head_sent && write_header(wsi, s))
        return -1;
    s->head_sent = true;
    if (s->reply.len && strcmp(s->method, "HEAD") != 0)
        done = write_body(wsi, s);
    if (done <= 0)
        return done;
    const bool close_now = s->reply.close;
    session_reset(s);
    return lws_http_transaction_completed(wsi) || close_now ? -1 : 0;
}

/* An answer of our own, then the end of the connection. */
static int refuse(struct lws *wsi, unsigned status)
{
    (void)lws_return_http_status(wsi, status, NULL);
    return -1;
}

static const struct method *find_method(struct lws *wsi)
{
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (lws_hdr_total_length(wsi, methods[i].token) > 0)
            return &methods[i];
    }
    return NULL;
}

static bool body_too_large(struct lws *wsi)
{
    char text[32];

    return strtoull(header(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, text, sizeof(text)), NULL, 10) >
           BODY_MAX;
}

static int begin(struct lws *wsi, struct httpd *d, struct httpd_session *s, const char *uri,
                 size_t len)
{
    const struct method *m = find_method(wsi);

    session_reset(s);
    if (!m)
        return refuse(wsi, HTTP_STATUS_METHOD_NOT_ALLOWED);
    if (len >= sizeof(s->path))
        return refuse(wsi, HTTP_STATUS_REQ_URI_TOO_LONG);
    if (m->body && body_too_large(wsi))
        return refuse(wsi, HTTP_STATUS_REQ_ENTITY_TOO_LARGE);
    memcpy(s->path, uri, len);
    s->path[len] = '\0';
    s->method = m->name;
    join(wsi, m->token, 1, s->path, sizeof(s->path));
    s->query[0] = '\0';
    join(wsi, WSI_TOKEN_HTTP_URI_ARGS, 0, s->query, sizeof(s->query));
    if (strcmp(s->query, "/") == 0) /* which the library makes of a "?" with nothing behind */
        s->query[0] = '\0';
    return m->body ? 0 : answer(wsi, d, s);
}

static int take_body(struct httpd_session *s, const uint8_t *data, size_t len)
{
    if (!len)
        return 0;
    if (s->in_len + len > BODY_MAX)
        return -1;
    uint8_t *in = realloc(s->in, s->in_len + len + 1);
    if (!in)
        return -1;
    s->in = in;
    memcpy(s->in + s->in_len, data, len);
    s->in_len += len;
    s->in[s->in_len] = '\0';
    return 0;
}

static int event_handler(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                         size_t len)
{
    struct httpd_session *s = user;
    struct lws_context *context = wsi ? lws_get_context(wsi) : NULL;
    struct httpd *d = context ? lws_context_user(context) : NULL;

    switch (reason) {
    case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS: /* user is an SSL_CTX */
        return d && d->clients ? cert_ca_trust(d->clients, user) : 0;
    case LWS_CALLBACK_HTTP:
        return begin(wsi, d, s, in, len);
    case LWS_CALLBACK_HTTP_BODY:
        return take_body(s, in, len);
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        return answer(wsi, d, s);
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return writable(wsi, s);
    case LWS_CALLBACK_CLOSED_HTTP:
        if (s)
            session_reset(s);
        return 0;
    default:
        return lws_callback_http_dummy(wsi, reason, user, in, len);
    }
}

static const struct lws_protocols protocols[] = {
    {.name = "http",
     .callback = event_handler,
     .per_session_data_size = sizeof(struct httpd_session)},
    {.name = NULL},
};

/* libwebsockets retries a taken port for ever: whether it can be had is tried here first. */
static int check_port(const char *addr, uint16_t port)
{
    struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = htons(port)};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    int err = 0;

    if (fd < 0)
        return errno;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (inet_pton(AF_INET, addr, &sin.sin_addr) != 1)
        err = EINVAL;
    else if (bind(fd, (struct sockaddr *)&sin, sizeof(sin)) || listen(fd, 1))
        err = errno;
    close(fd);
    return err;
}

static void destructor(void *arg)
{
    struct httpd *d = arg;

    if (d->context)
        lws_context_destroy(d->context);
    /* its handles close on the loop; pcontext tells when the last one is gone */
    for (unsigned i = 0; i < CLOSE_TURNS && d->context; i++)
        loop_poll(d->lp);
    if (d->context) /* the second call frees what had to outlive the handles */
        lws_context_destroy(d->context);
    while (d->addresses) {
        struct address *a = d->addresses;
        d->addresses = a->next;
        free(a);
    }
    mem_deref(d->clients);
}

static const struct address *keep_address(struct httpd *d, const char *addr, uint16_t port)
{
    struct address *a = calloc(1, sizeof(*a));

    if (!a)
        return NULL;
    snprintf(a->text, sizeof(a->text), "%s", addr);
    snprintf(a->name, sizeof(a->name), "%s:%u", a->text, (unsigned)port);
    a->next = d->addresses;
    d->addresses = a;
    return a;
}

/* False: there is no key in it. */
static bool use_tls(struct lws_context_creation_info *info, const struct httpd_tls *tls)
{
    /* libwebsockets takes the first block it meets, so it gets a text that begins with the key */
    const char *key = strstr(tls->pem, "-----BEGIN PRIVATE KEY");

    if (!key)
        return false;
    info->options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    if (tls->clients)
        info->options |= LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT;
    info->server_ssl_cert_mem = tls->pem;
    info->server_ssl_cert_mem_len = (unsigned)strlen(tls->pem) + 1;
    info->server_ssl_private_key_mem = key;
    info->server_ssl_private_key_mem_len = (unsigned)strlen(key) + 1;
    return true;
}

static int open_context(struct httpd *d, const char *addr, uint16_t port,
                        const struct httpd_tls *tls)
{
    void *loops[1] = {loop_uv(d->lp)};
    const struct address *a = keep_address(d, addr, port);
    if (!a)
        return ENOMEM;
    struct lws_context_creation_info info = {
        .port = port,
        .iface = a->text,
        .protocols = protocols,
        .options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_DISABLE_IPV6,
        .foreign_loops = loops,
        .user = d,
        .pcontext = &d->context,
        .gid = (gid_t)-1,
        .uid = (uid_t)-1,
        .keepalive_timeout = IDLE_S,
        .timeout_secs = IDLE_S,
    };

    lws_set_log_level(0, NULL);
    if (tls && !use_tls(&info, tls))
        return EINVAL;
    d->context = lws_create_context(&info);
    struct lws_vhost *vhost = d->context ? lws_get_vhost_by_name(d->context, "default") : NULL;
    const int got = vhost ? lws_get_vhost_listen_port(vhost) : 0;
    if (got <= 0)
        return tls ? EINVAL : EADDRINUSE;
    d->port = (uint16_t)got;
    return 0;
}

int httpd_open_tls(struct httpd **hp, struct loop *lp, const char *addr, uint16_t port,
                   const struct httpd_tls *tls, httpd_h *h, void *arg)
{
    int err = check_port(addr, port);
    if (err)
        return err;
    struct httpd *d = mem_zalloc(sizeof(*d), destructor);
    if (!d)
        return ENOMEM;
    d->lp = lp;
    d->h = h;
    d->arg = arg;
    d->clients = tls ? mem_ref(tls->clients) : NULL;
    err = open_context(d, addr, port, tls);
    if (err)
        mem_deref(d);
    else
        *hp = d;
    return err;
}

int httpd_open(struct httpd **hp, struct loop *lp, const char *addr, uint16_t port, httpd_h *h,
               void *arg)
{
    return httpd_open_tls(hp, lp, addr, port, NULL, h, arg);
}

int httpd_add(struct httpd *d, const char *addr, uint16_t port)
{
    int err = check_port(addr, port);
    if (err)
        return err;
    const struct address *a = keep_address(d, addr, port);
    if (!a)
        return ENOMEM;
    const struct lws_context_creation_info info = {
        .port = port,
        .iface = a->text,
        .vhost_name = a->name,
        .protocols = protocols,
        .options = LWS_SERVER_OPTION_DISABLE_IPV6,
        .keepalive_timeout = IDLE_S,
        .timeout_secs = IDLE_S,
    };
    return lws_create_vhost(d->context, &info) ? 0 : EADDRINUSE;
}

uint16_t httpd_port(const struct httpd *d)
{
    return d->port;
}
