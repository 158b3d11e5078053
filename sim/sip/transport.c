/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * UDP: a socket per line, or one wildcard socket per port for all lines, told apart by the
 * destination address of each datagram (IP_PKTINFO). Extensions of one phone that name the same
 * SIP_Port share a socket; receive.c tells them apart (sip-behaviour.md 3.1). ICMP errors come from
 * the error queue (IP_RECVERR), our own losses from SO_RXQ_OVFL.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <linux/errqueue.h>

#include "sim/loop/loop.h"
#include "sim/sip/binding.h"
#include "sim/sip/priv.h"

enum {
    SHARED_RCVBUF = 16 << 20, /* a burst of 30,000 answers of 500 bytes */
    OWN_RCVBUF = 64 << 10,
    READS_PER_TURN = 64,
    CONTROL_BYTES = 256,
};

struct datagram {
    struct sockaddr_in from;
    struct in_addr to;
    uint32_t lost; /* counter of the socket, 0 = not told */
    int error;     /* ICMP, from the error queue */
};

static size_t bucket_of(const struct ua_stack *s, struct in_addr addr, uint16_t port)
{
    /* neighbours differ in the last bytes of the address: host order puts them where a product with
     * an odd number spreads them over all higher bits, of which the top ones are folded down */
    const uint32_t h = (ntohl(addr.s_addr) ^ ((uint32_t)port << 20)) * 2654435761u;
    return (h ^ h >> 15) & (s->table_size - 1);
}

static int grow_table(struct ua_stack *s)
{
    const size_t size = s->table_size ? s->table_size * 2 : 64;
    struct ua_line **old = s->table, **table = calloc(size, sizeof(*table));
    const size_t old_size = s->table_size;

    if (!table)
        return ENOMEM;
    s->table = table;
    s->table_size = size;
    for (size_t i = 0; i < old_size; i++) {
        for (struct ua_line *l = old[i], *next; l; l = next) {
            const size_t at = bucket_of(s, l->cfg.addr, l->cfg.port);
            next = l->hash_next;
            l->hash_next = table[at];
            table[at] = l;
        }
    }
    free(old);
    return 0;
}

static struct ua_line *first_at(struct ua_line *l, struct in_addr addr, uint16_t port, bool udp)
{
    while (l && (l->cfg.addr.s_addr != addr.s_addr || l->cfg.port != port ||
                 (l->cfg.transport == UA_UDP) != udp))
        l = l->hash_next;
    return l;
}

static struct ua_line *find_udp(const struct ua_stack *s, struct in_addr addr, uint16_t port)
{
    return s->table ? first_at(s->table[bucket_of(s, addr, port)], addr, port, true) : NULL;
}

struct ua_line *transport_first(const struct ua_line *l)
{
    const struct ua_stack *s = l->stack;

    return s->table ? first_at(s->table[bucket_of(s, l->cfg.addr, l->cfg.port)], l->cfg.addr,
                               l->cfg.port, l->cfg.transport == UA_UDP)
                    : NULL;
}

struct ua_line *transport_sibling(const struct ua_line *l)
{
    return first_at(l->hash_next, l->cfg.addr, l->cfg.port, l->cfg.transport == UA_UDP);
}

/* The port may be another extension's of the same phone, not another phone's. */
static int table_add(struct ua_line *l)
{
    struct ua_stack *s = l->stack;
    const struct ua_line *there = transport_first(l);

    if (there && memcmp(there->cfg.mac, l->cfg.mac, sizeof(l->cfg.mac)) != 0)
        return EADDRINUSE;
    if (s->n_lines >= s->table_size && grow_table(s))
        return ENOMEM;
    const size_t at = bucket_of(s, l->cfg.addr, l->cfg.port);
    l->hash_next = s->table[at];
    s->table[at] = l;
    s->n_lines++;
    return 0;
}

static void table_remove(struct ua_line *l)
{
    struct ua_stack *s = l->stack;
    struct ua_line **at = s->table ? &s->table[bucket_of(s, l->cfg.addr, l->cfg.port)] : NULL;

    while (at && *at && *at != l)
        at = &(*at)->hash_next;
    if (at && *at) {
        *at = l->hash_next;
        s->n_lines--;
    }
}

static void read_control(struct msghdr *mh, struct datagram *d)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(mh); c; c = CMSG_NXTHDR(mh, c)) {
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;
            memcpy(&info, CMSG_DATA(c), sizeof(info));
            d->to = info.ipi_addr;
        } else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL) {
            memcpy(&d->lost, CMSG_DATA(c), sizeof(d->lost));
        } else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) {
            struct sock_extended_err ee;
            memcpy(&ee, CMSG_DATA(c), sizeof(ee));
            d->error = (int)ee.ee_errno;
        }
    }
}

static ssize_t read_datagram(struct ua_stack *s, int fd, int flags, struct datagram *d)
{
    union { /* aligned for struct cmsghdr */
        struct cmsghdr align;
        char bytes[CONTROL_BYTES];
    } control;
    struct iovec iov = {.iov_base = s->rx->buf, .iov_len = s->rx->size - 1};
    struct msghdr mh = {.msg_name = &d->from,
                        .msg_namelen = sizeof(d->from),
                        .msg_iov = &iov,
                        .msg_iovlen = 1,
                        .msg_control = control.bytes,
                        .msg_controllen = sizeof(control.bytes)};

    memset(d, 0, sizeof(*d));
    const ssize_t n = recvmsg(fd, &mh, flags);
    if (n >= 0)
        read_control(&mh, d);
    return n;
}

static void receive(struct ua_line *l, size_t len, const struct datagram *d)
{
    struct ua_stack *s = l->stack;
    const struct origin origin = {.from = d->from};

    s->counters.n_received++;
    s->rx->pos = 0;
    s->rx->end = len;
    line_receive(l, s->rx, &origin);
}

/* The kernel tells ICMP errors with the datagram that caused them. */
static const char *error_text(int error)
{
    return error == ECONNREFUSED ? "connection refused" : strerror(error);
}

/* The datagram that met an error is our own request: its Via says whose. */
static bool read_via(struct ua_stack *s, ssize_t n, struct raw_message *raw, struct sip_via *via)
{
    return raw_parse(raw, (char *)s->rx->buf, (size_t)n) && !raw->response &&
           sip_via_decode(via, &raw->vias[0]) == 0;
}

static void take_error(struct ua_stack *s, struct in_addr addr, uint16_t port, ssize_t n, int error)
{
    struct ua_line *first = find_udp(s, addr, port);
    struct raw_message raw;
    struct sip_via via;

    if (!error || !first)
        return;
    if (binding_is((char *)s->rx->buf, (size_t)n)) {
        nat_probe_unreachable(first, (char *)s->rx->buf, (size_t)n);
    } else if (read_via(s, n, &raw, &via)) {
        struct client_tx *tx = client_tx_find(first, &via.branch, &raw.method);
        if (tx && !tx->line->cfg.icmp_waits)
            client_tx_unreachable(tx, error_text(error)); /* U-22: without waiting for Timer F */
    }
}

static void drain_errors(struct ua_line *l)
{
    struct ua_stack *s = l->stack;
    struct datagram d;
    ssize_t n;

    while (!l->closed && (n = read_datagram(s, l->fd, MSG_ERRQUEUE | MSG_DONTWAIT, &d)) >= 0)
        take_error(s, l->cfg.addr, l->cfg.port, n, d.error);
}

/* The kernel's counter of a socket only rises; a datagram that came before the first loss has none.
 */
static void count_lost(struct ua_stack *s, uint32_t *known, const struct datagram *d)
{
    if (d->lost <= *known)
        return;
    s->counters.n_dropped += d->lost - *known;
    *known = d->lost;
}

static void own_handler(uv_poll_t *poll, int status, int events)
{
    struct udp_own *own = poll->data;
    struct ua_line *l = own->line;
    struct datagram d;

    if (status < 0) { /* libuv stops a descriptor with POLLERR: an ICMP error waits */
        mem_ref(l);
        drain_errors(l);
        if (l->own == own)
            uv_poll_start(&own->poll, UV_READABLE, own_handler);
        mem_deref(l);
        return;
    }
    if (!(events & UV_READABLE))
        return;
    /* one read a turn: the loop is level-triggered, so a second one would mostly be wasted */
    const ssize_t n = read_datagram(l->stack, own->fd, MSG_DONTWAIT, &d);
    if (n < 0)
        return;
    count_lost(l->stack, &own->n_lost, &d);
    receive(l, (size_t)n, &d);
}

static void shared_handler(uv_poll_t *poll, int status, int events)
{
    struct udp_shared *us = poll->data;
    struct ua_stack *s = us->stack;
    struct datagram d;
    ssize_t n;

    (void)events;
    if (status < 0) {
        while ((n = read_datagram(s, us->fd, MSG_ERRQUEUE | MSG_DONTWAIT, &d)) >= 0)
            take_error(s, d.to, us->port, n, d.error); /* the ICMP packet came to our address */
        uv_poll_start(&us->poll, UV_READABLE, shared_handler);
    }
    for (unsigned i = 0; i < READS_PER_TURN; i++) {
        n = read_datagram(s, us->fd, MSG_DONTWAIT, &d);
        if (n < 0)
            break;
        count_lost(s, &us->n_lost, &d);
        struct ua_line *l = find_udp(s, d.to, us->port);
        if (l)
            receive(l, (size_t)n, &d);
        else
            s->counters.n_strays++;
    }
}

static void set_option(int fd, int level, int name, int value)
{
    /* options the kernel lacks only cost us what they tell */
    (void)setsockopt(fd, level, name, &value, sizeof(value));
}

static int open_socket(struct in_addr addr, uint16_t port, bool shared)
{
    const struct sockaddr_in sin = {
        .sin_family = AF_INET, .sin_addr = addr, .sin_port = htons(port)};
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -errno;
    set_option(fd, IPPROTO_IP, IP_RECVERR, 1);
    set_option(fd, SOL_SOCKET, SO_RXQ_OVFL, 1);
    if (shared) {
        set_option(fd, IPPROTO_IP, IP_PKTINFO, 1);
        set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
        set_option(fd, SOL_SOCKET, SO_RCVBUF, SHARED_RCVBUF);
        set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, SHARED_RCVBUF);
    }
    if (bind(fd, (const struct sockaddr *)&sin, sizeof(sin))) {
        const int err = errno;
        close(fd);
        return -err;
    }
    return fd;
}

static void own_closed_handler(uv_handle_t *handle)
{
    free(handle->data);
}

static int new_own(struct ua_line *l)
{
    const int fd = open_socket(l->cfg.addr, l->cfg.port, false);
    struct udp_own *own = fd < 0 ? NULL : calloc(1, sizeof(*own));

    if (fd < 0)
        return -fd;
    const int status = own ? uv_poll_init(loop_uv(l->stack->lp), &own->poll, fd) : UV_ENOMEM;
    if (status) {
        free(own);
        close(fd);
        return err_from_uv(status);
    }
    own->poll.data = own;
    own->fd = fd;
    own->line = l;
    l->own = own;
    return err_from_uv(uv_poll_start(&own->poll, UV_READABLE, own_handler));
}

static int open_own(struct ua_line *l)
{
    const struct ua_line *sibling = transport_sibling(l);
    int err = 0;

    l->own = sibling ? sibling->own : NULL;
    if (!l->own)
        err = new_own(l);
    if (l->own) {
        l->own->n_lines++;
        l->fd = l->own->fd;
    }
    return err;
}

/* After the line left the table. */
static void close_own(struct ua_line *l)
{
    struct udp_own *own = l->own;

    l->own = NULL;
    if (--own->n_lines) {
        own->line = transport_first(l);
        return;
    }
    uv_poll_stop(&own->poll);
    uv_close((uv_handle_t *)&own->poll, own_closed_handler);
    close(own->fd);
}

/* Two farms on one wildcard port would steal each other's datagrams: one lock per port. */
static int lock_port(uint16_t port)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -errno;
    const int n = snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1, "spafarm-sip-%u", port);
    if (bind(fd, (struct sockaddr *)&name,
             (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n))) {
        const int err = errno;
        close(fd);
        return -err;
    }
    return fd;
}

static void shared_closed_handler(uv_handle_t *handle)
{
    free(handle->data);
}

static int open_shared(struct ua_stack *s, uint16_t port, struct udp_shared **usp)
{
    struct udp_shared *us = calloc(1, sizeof(*us));
    socklen_t len = sizeof(s->counters.rcvbuf_got);
    if (!us)
        return ENOMEM;

    us->stack = s;
    us->port = port;
    us->lock_fd = lock_port(port);
    us->fd = us->lock_fd < 0 ? us->lock_fd
                             : open_socket((struct in_addr){.s_addr = INADDR_ANY}, port, true);
    if (us->fd < 0) {
        const int err = -us->fd;
        if (us->lock_fd >= 0)
            close(us->lock_fd);
        free(us);
        return err;
    }
    int got = 0;
    if (!getsockopt(us->fd, SOL_SOCKET, SO_RCVBUF, &got, &len))
        s->counters.rcvbuf_got = (uint32_t)got;
    s->counters.rcvbuf_wanted = SHARED_RCVBUF;
    const int status = uv_poll_init(loop_uv(s->lp), &us->poll, us->fd);
    if (status) {
        close(us->fd);
        close(us->lock_fd);
        free(us);
        return err_from_uv(status);
    }
    us->poll.data = us;
    (void)uv_poll_start(&us->poll, UV_READABLE,
                        shared_handler); /* fails on a closing handle only */
    us->next = s->shared;
    s->shared = us;
    *usp = us;
    return 0;
}

/* A wildcard socket takes any destination: the address must still be ours to answer from. */
static int check_local(struct in_addr addr)
{
    const int fd = open_socket(addr, 0, false);

    if (fd < 0)
        return -fd;
    close(fd);
    return 0;
}

static int use_shared(struct ua_line *l)
{
    struct udp_shared *us = l->stack->shared;
    int err = check_local(l->cfg.addr);

    while (us && us->port != l->cfg.port)
        us = us->next;
    if (!err && !us)
        err = open_shared(l->stack, l->cfg.port, &us);
    if (err)
        return err;
    us->n_lines++;
    l->shared = us;
    l->fd = us->fd;
    return 0;
}

int transport_open(struct ua_line *l)
{
    int err = table_add(l);
    if (err)
        return err;

    if (l->cfg.transport != UA_UDP)
        err = transport_sibling(l) ? 0 : stream_listen(l);
    else if (l->stack->cfg.shared_sockets)
        err = use_shared(l);
    else
        err = open_own(l);
    if (err)
        transport_close(l);
    return err;
}

void transport_close(struct ua_line *l)
{
    const bool listened = l->listener != NULL;

    table_remove(l);
    if (l->own)
        close_own(l);
    if (l->shared) {
        l->shared->n_lines--;
        l->shared = NULL;
    }
    l->fd = -1;
    stream_close_all(l);
    struct ua_line *heir = listened ? transport_first(l) : NULL;
    if (heir)
        (void)stream_listen(heir); /* it still has its own connection when this fails */
}

void transport_stack_close(struct ua_stack *s)
{
    while (s->shared) {
        struct udp_shared *us = s->shared;
        s->shared = us->next;
        uv_poll_stop(&us->poll);
        uv_close((uv_handle_t *)&us->poll, shared_closed_handler);
        close(us->fd);
        close(us->lock_fd);
    }
}

static ssize_t send_from(int fd, struct in_addr source, const struct sockaddr_in *to,
                         const char *data, size_t len)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
    } control;
    struct sockaddr_in name = *to;
    struct iovec iov = {.iov_base = (char *)(uintptr_t)data, .iov_len = len};
    struct msghdr mh = {.msg_name = &name,
                        .msg_namelen = sizeof(name),
                        .msg_iov = &iov,
                        .msg_iovlen = 1,
                        .msg_control = control.bytes,
                        .msg_controllen = sizeof(control.bytes)};
    const struct in_pktinfo info = {.ipi_spec_dst = source};

    memset(&control, 0, sizeof(control));
    struct cmsghdr *c = CMSG_FIRSTHDR(&mh);
    c->cmsg_level = IPPROTO_IP;
    c->cmsg_type = IP_PKTINFO;
    c->cmsg_len = CMSG_LEN(sizeof(info));
    memcpy(CMSG_DATA(c), &info, sizeof(info));
    return sendmsg(fd, &mh, MSG_DONTWAIT);
}

/* 0 = it is on its way, EAGAIN = lost on the way out, else what the network says. */
static int send_datagram(struct ua_line *l, const struct sockaddr_in *to, const char *data,
                         size_t len)
{
    for (unsigned tries = 0; tries < 2; tries++) {
        const ssize_t n = l->shared ? send_from(l->fd, l->cfg.addr, to, data, len)
                                    : sendto(l->fd, data, len, MSG_DONTWAIT,
                                             (const struct sockaddr *)to, sizeof(*to));
        if (n >= 0)
            return 0;
        /* an ICMP error of an earlier datagram is told by the next call: this one was not sent */
        if (errno != ECONNREFUSED && errno != EHOSTUNREACH && errno != ENETUNREACH)
            break;
    }
    return errno == ENOBUFS ? EAGAIN : errno;
}

/* A full socket buffer is a lost datagram: the retransmission makes up for it. */
int transport_send_quiet(struct ua_line *l, const struct sockaddr_in *to, const char *data,
                         size_t len)
{
    const int err = send_datagram(l, to, data, len);
    return err == EAGAIN ? 0 : err;
}

int transport_send_udp(struct ua_line *l, const struct sockaddr_in *to, const char *data,
                       size_t len)
{
    const int err = send_datagram(l, to, data, len);

    if (!err) {
        l->stack->counters.n_sent++;
        line_trace(l, true, NULL, to, data, len);
    }
    return err == EAGAIN ? 0 : err;
}
