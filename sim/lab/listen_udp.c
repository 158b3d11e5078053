/* SPDX-License-Identifier: BSD-3-Clause */
/* The registrar's UDP socket: whole batches in and out with one system call each. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <uv.h>

#include "sim/lab/priv.h"
#include "sim/loop/loop.h"

enum {
    BATCH = 32,
    BATCHES_A_TURN = 8, /* then the rest of the loop has its turn */
    DATAGRAM_SIZE = 65536,
    REPLY_SIZE = 16384,
    SOCKET_BUFFER = 8 << 20,
};

struct listen_udp {
    uv_poll_t poll;
    struct registrar *r; /* NULL once closed */
    int fd;
    struct mbuf *in[BATCH];
    char *out; /* BATCH replies */
    struct sockaddr_in addrs[BATCH];
    struct iovec iov_in[BATCH], iov_out[BATCH];
    struct mmsghdr msgs_in[BATCH], msgs_out[BATCH];
};

static void destructor(void *arg)
{
    struct listen_udp *u = arg;

    for (size_t i = 0; i < BATCH; i++)
        mem_deref(u->in[i]);
    mem_deref(u->out);
    if (u->fd >= 0)
        close(u->fd);
}

static int alloc_buffers(struct listen_udp *u)
{
    u->out = mem_alloc((size_t)BATCH * REPLY_SIZE, NULL);
    if (!u->out)
        return ENOMEM;
    for (size_t i = 0; i < BATCH; i++) {
        u->in[i] = mbuf_alloc(DATAGRAM_SIZE);
        if (!u->in[i])
            return ENOMEM;
        u->iov_in[i].iov_len = DATAGRAM_SIZE;
        u->msgs_in[i].msg_hdr.msg_iov = &u->iov_in[i];
        u->msgs_in[i].msg_hdr.msg_iovlen = 1;
        u->msgs_in[i].msg_hdr.msg_name = &u->addrs[i];
        u->iov_out[i].iov_base = u->out + i * REPLY_SIZE;
        u->msgs_out[i].msg_hdr.msg_iov = &u->iov_out[i];
        u->msgs_out[i].msg_hdr.msg_iovlen = 1;
        u->msgs_out[i].msg_hdr.msg_namelen = sizeof(struct sockaddr_in);
    }
    return 0;
}

/* What the kernel has no room for is lost, as datagrams are; the phones repeat themselves. */
static void send_replies(struct listen_udp *u, unsigned n)
{
    unsigned done = 0;

    while (done < n) {
        const int sent = sendmmsg(u->fd, u->msgs_out + done, n - done, MSG_DONTWAIT);

        if (sent > 0)
            done += (unsigned)sent;
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            return;
        else if (errno != EINTR)
            done++; /* this one cannot be sent: no route, refused, bad address */
    }
}

static unsigned answer_one(struct listen_udp *u, unsigned i, unsigned n_out)
{
    struct sockaddr_in *from = &u->addrs[i];
    struct registrar_peer peer = {.addr = from->sin_addr, .port = ntohs(from->sin_port)};
    size_t len;

    if (u->msgs_in[i].msg_hdr.msg_flags & MSG_TRUNC || from->sin_family != AF_INET)
        return n_out;
    u->in[i]->pos = 0;
    u->in[i]->end = u->msgs_in[i].msg_len;
    len = registrar_answer(u->r, u->in[i], &peer, u->iov_out[n_out].iov_base, REPLY_SIZE);
    if (!len)
        return n_out;
    if (peer.conn) { /* to a phone that registered over a connection */
        registrar_send(u->r, &peer, u->iov_out[n_out].iov_base, len);
        return n_out;
    }
    from->sin_addr = peer.addr; /* a call is carried on */
    from->sin_port = htons(peer.port);
    u->iov_out[n_out].iov_len = len;
    u->msgs_out[n_out].msg_hdr.msg_name = from;
    return n_out + 1;
}

static void readable_handler(uv_poll_t *poll, int status, int events)
{
    struct listen_udp *u = poll->data;

    (void)events;
    if (status < 0)
        return;
    for (int turn = 0; turn < BATCHES_A_TURN; turn++) {
        unsigned n_out = 0;
        int n;

        for (size_t i = 0; i < BATCH; i++) {
            u->iov_in[i].iov_base = u->in[i]->buf;
            u->msgs_in[i].msg_hdr.msg_namelen = sizeof(struct sockaddr_in);
        }
        n = recvmmsg(u->fd, u->msgs_in, BATCH, MSG_DONTWAIT, NULL);
        if (n <= 0)
            return;
        for (int i = 0; i < n; i++)
            n_out = answer_one(u, (unsigned)i, n_out);
        send_replies(u, n_out);
        if (n < BATCH)
            return;
    }
}

void listen_udp_send(struct listen_udp *u, const struct registrar_peer *to, const char *text,
                     size_t len)
{
    const struct sockaddr_in sin = {
        .sin_family = AF_INET, .sin_addr = to->addr, .sin_port = htons(to->port)};

    (void)sendto(u->fd, text, len, MSG_DONTWAIT, (const struct sockaddr *)&sin, sizeof(sin));
}

/* More than net.core.rmem_max takes privilege; without it the kernel's limit has to do. */
static void widen(int fd, int force, int plain)
{
    const int size = SOCKET_BUFFER;

    if (setsockopt(fd, SOL_SOCKET, force, &size, sizeof(size)))
        (void)setsockopt(fd, SOL_SOCKET, plain, &size, sizeof(size));
}

static int open_socket(struct listen_udp *u, struct sockaddr_in *addr)
{
    socklen_t len = sizeof(*addr);

    u->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (u->fd < 0)
        return errno;
    widen(u->fd, SO_RCVBUFFORCE, SO_RCVBUF);
    widen(u->fd, SO_SNDBUFFORCE, SO_SNDBUF);
    if (bind(u->fd, (const struct sockaddr *)addr, sizeof(*addr)) ||
        getsockname(u->fd, (struct sockaddr *)addr, &len))
        return errno;
    return 0;
}

int listen_udp_open(struct listen_udp **up, struct loop *lp, struct sockaddr_in *addr,
                    struct registrar *r)
{
    struct listen_udp *u = mem_zalloc(sizeof(*u), destructor);
    int err;

    if (!u)
        return ENOMEM;
    u->fd = -1;
    err = alloc_buffers(u);
    if (!err)
        err = open_socket(u, addr);
    if (!err)
        err = err_from_uv(uv_poll_init(loop_uv(lp), &u->poll, u->fd));
    if (err) {
        mem_deref(u);
        return err;
    }
    u->poll.data = u;
    u->r = r;
    err = err_from_uv(uv_poll_start(&u->poll, UV_READABLE, readable_handler));
    if (err)
        listen_udp_close(u);
    else
        *up = u;
    return err;
}

static void closed_handler(uv_handle_t *handle)
{
    mem_deref(handle->data);
}

void listen_udp_close(struct listen_udp *u)
{
    if (!u)
        return;
    u->r = NULL;
    uv_close((uv_handle_t *)&u->poll, closed_handler);
    close(u->fd); /* at once, so that the port is free */
    u->fd = -1;
}
