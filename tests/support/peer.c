/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/support/peer.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uv.h>

#include "sim/loop/loop.h"

enum { PAD_CHUNK = 1 << 16, WAIT_S = 5 };

struct tcp_peer {
    uv_tcp_t tcp;
    tcp_peer_h *h;
    void *arg;
    unsigned n;
    struct link *links;
};

struct link {
    uv_tcp_t tcp;
    struct tcp_peer *peer;
    struct link *next;
    char in[8192];
    size_t len;
    struct tcp_answer answer;
    uv_write_t write;
    size_t pad_left;
};

static const char padding[PAD_CHUNK] = {'x'};

static struct sockaddr_in any_port(void)
{
    return (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void free_handler(uv_handle_t *handle)
{
    free(handle->data);
}

static void close_link(struct link *l)
{
    struct link **at = l->peer ? &l->peer->links : NULL;

    while (at && *at && *at != l)
        at = &(*at)->next;
    if (at && *at)
        *at = l->next;
    if (!uv_is_closing((uv_handle_t *)&l->tcp))
        uv_close((uv_handle_t *)&l->tcp, free_handler);
}

static void wrote_handler(uv_write_t *write, int status)
{
    struct link *l = write->data;
    size_t n = l->pad_left < PAD_CHUNK ? l->pad_left : PAD_CHUNK;

    if (status || uv_is_closing((uv_handle_t *)&l->tcp)) {
        close_link(l);
    } else if (n) {
        uv_buf_t buf = {.base = (char *)(uintptr_t)padding, .len = n};
        l->pad_left -= n;
        uv_write(write, (uv_stream_t *)&l->tcp, &buf, 1, wrote_handler);
    } else if (!l->answer.stay) {
        close_link(l);
    }
}

static void answer(struct link *l)
{
    l->peer->h(l->in, ++l->peer->n, &l->answer, l->peer->arg);
    l->len = 0;
    if (l->answer.silent)
        return;
    uv_buf_t buf = {.base = l->answer.head, .len = strlen(l->answer.head)};
    l->pad_left = l->answer.pad_bytes;
    l->write.data = l;
    uv_write(&l->write, (uv_stream_t *)&l->tcp, &buf, 1, wrote_handler);
}

static void alloc_handler(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
    struct link *l = handle->data;

    (void)size;
    buf->base = l->in + l->len;
    buf->len = sizeof(l->in) - 1 - l->len;
}

static void read_handler(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct link *l = stream->data;

    (void)buf;
    if (n < 0) {
        close_link(l);
        return;
    }
    l->len += (size_t)n;
    l->in[l->len] = '\0';
    if (strstr(l->in, "\r\n\r\n"))
        answer(l);
}

static void accept_handler(uv_stream_t *server, int status)
{
    struct tcp_peer *p = server->data;
    struct link *l = calloc(1, sizeof(*l));

    if (!l || status)
        abort();
    uv_tcp_init(server->loop, &l->tcp);
    l->tcp.data = l;
    l->peer = p;
    l->next = p->links;
    p->links = l;
    uv_accept(server, (uv_stream_t *)&l->tcp);
    uv_read_start((uv_stream_t *)&l->tcp, alloc_handler, read_handler);
}

struct tcp_peer *tcp_peer_open(struct loop *lp, tcp_peer_h *h, void *arg)
{
    const struct sockaddr_in sin = any_port();
    struct tcp_peer *p = calloc(1, sizeof(*p));

    if (!p)
        abort();
    p->h = h;
    p->arg = arg;
    uv_tcp_init(loop_uv(lp), &p->tcp);
    p->tcp.data = p;
    if (uv_tcp_bind(&p->tcp, (const struct sockaddr *)&sin, 0) ||
        uv_listen((uv_stream_t *)&p->tcp, 128, accept_handler))
        abort();
    return p;
}

uint16_t tcp_peer_port(const struct tcp_peer *p)
{
    struct sockaddr_in sin;
    int len = sizeof(sin);

    uv_tcp_getsockname(&p->tcp, (struct sockaddr *)&sin, &len);
    return ntohs(sin.sin_port);
}

unsigned tcp_peer_requests(const struct tcp_peer *p)
{
    return p->n;
}

void tcp_peer_close(struct tcp_peer *p)
{
    while (p->links) {
        struct link *l = p->links;
        close_link(l);
        l->peer = NULL;
    }
    uv_close((uv_handle_t *)&p->tcp, free_handler);
}

struct udp_peer {
    uv_udp_t udp;
    udp_peer_h *h;
    void *arg;
    char in[4096];
};

static void udp_alloc_handler(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
    struct udp_peer *p = handle->data;

    (void)size;
    buf->base = p->in;
    buf->len = sizeof(p->in);
}

static void udp_read_handler(uv_udp_t *udp, ssize_t n, const uv_buf_t *buf,
                             const struct sockaddr *from, unsigned flags)
{
    struct udp_peer *p = udp->data;
    struct sockaddr_in sin;

    (void)flags;
    if (n < 0 || !from)
        return;
    memcpy(&sin, from, sizeof(sin));
    p->h(p, (const uint8_t *)buf->base, (size_t)n, &sin, p->arg);
}

struct udp_peer *udp_peer_open(struct loop *lp, udp_peer_h *h, void *arg)
{
    const struct sockaddr_in sin = any_port();
    struct udp_peer *p = calloc(1, sizeof(*p));

    if (!p)
        abort();
    p->h = h;
    p->arg = arg;
    uv_udp_init(loop_uv(lp), &p->udp);
    p->udp.data = p;
    if (uv_udp_bind(&p->udp, (const struct sockaddr *)&sin, 0) ||
        uv_udp_recv_start(&p->udp, udp_alloc_handler, udp_read_handler))
        abort();
    return p;
}

uint16_t udp_peer_port(const struct udp_peer *p)
{
    struct sockaddr_in sin;
    int len = sizeof(sin);

    uv_udp_getsockname(&p->udp, (struct sockaddr *)&sin, &len);
    return ntohs(sin.sin_port);
}

void udp_peer_send(struct udp_peer *p, const struct sockaddr_in *to, const void *data, size_t len)
{
    const uv_buf_t buf = {.base = (char *)(uintptr_t)data, .len = len};

    uv_udp_try_send(&p->udp, &buf, 1, (const struct sockaddr *)to);
}

void udp_peer_close(struct udp_peer *p)
{
    uv_close((uv_handle_t *)&p->udp, free_handler);
}

static void turn(struct loop *lp)
{
    struct pollfd pfd = {.fd = uv_backend_fd(loop_uv(lp)), .events = POLLIN};

    (void)poll(&pfd, 1, 1);
    loop_poll(lp);
    loop_advance(lp, 1);
}

bool peer_wait(struct loop *lp, const bool *done)
{
    const time_t end = time(NULL) + WAIT_S;

    while (!*done && time(NULL) <= end)
        turn(lp);
    return *done;
}

void peer_settle(struct loop *lp)
{
    for (unsigned i = 0; i < 5; i++)
        turn(lp);
}
