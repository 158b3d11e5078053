/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/net/tftp.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>
#include <re.h>

#include "sim/loop/loop.h"
#include "sim/loop/timer.h"

enum {
    OP_RRQ = 1,
    OP_WRQ = 2,
    OP_DATA = 3,
    OP_ACK = 4,
    OP_ERROR = 5,
    ERROR_NOT_FOUND = 1,
    ERROR_FULL = 3,
    ERROR_UNKNOWN_ID = 5,
    PATH_MAX_BYTES = 480,
    PACKET_BYTES = 4 + TFTP_BLOCK_BYTES,
};

struct tftp {
    struct loop *lp;
    uv_poll_t *poll;
    int fd;
    struct timer timer;
    struct sockaddr_in server; /* its port changes to the transfer's with the first block */
    bool have_id;
    uint16_t block; /* last one taken, wraps */
    unsigned tries, tries_max;
    uint32_t retry_ms;
    uint8_t *data;
    size_t len, size, max_bytes, keep_bytes;
    size_t total; /* read */
    bool writing; /* data is what is written, at the next byte */
    size_t at;
    uint8_t packet[PACKET_BYTES];
    size_t packet_len;
    tftp_h *h;
    void *arg;
};

static void closed_handler(uv_handle_t *handle)
{
    free(handle);
}

static void close_socket(struct tftp *t)
{
    timer_cancel(&t->timer);
    if (!t->poll)
        return;
    uv_poll_stop(t->poll);
    uv_close((uv_handle_t *)t->poll, closed_handler);
    t->poll = NULL;
    close(t->fd);
}

static void destructor(void *arg)
{
    struct tftp *t = arg;

    close_socket(t);
    free(t->data);
}

static void finish(struct tftp *t, int err, uint16_t code, const char *text)
{
    tftp_h *h = t->h;

    if (!h)
        return;
    t->h = NULL;
    close_socket(t);
    mem_ref(t);
    const bool data = !err && !t->writing;
    h(err, code, text, data ? t->data : NULL, data ? t->len : 0, t->arg);
    mem_deref(t);
}

static void poll_handler(uv_poll_t *poll, int status, int events);

static void send_packet(struct tftp *t)
{
    /* a lost packet is repeated by the timer; an ICMP error comes back by recv */
    (void)sendto(t->fd, t->packet, t->packet_len, MSG_DONTWAIT, (struct sockaddr *)&t->server,
                 sizeof(t->server));
}

static void timeout_handler(void *arg)
{
    struct tftp *t = arg;

    if (++t->tries >= t->tries_max) {
        finish(t, ETIMEDOUT, 0, "timeout");
        return;
    }
    send_packet(t);
    timer_start(t->lp, &t->timer, t->retry_ms, timeout_handler, t);
}

/* A packet of this kind and block number, `len` bytes of data behind them; it is repeated until the
 * server answers. */
static void send_numbered(struct tftp *t, uint8_t op, uint16_t block, size_t len)
{
    t->packet[0] = 0;
    t->packet[1] = op;
    t->packet[2] = (uint8_t)(block >> 8);
    t->packet[3] = (uint8_t)block;
    t->packet_len = 4 + len;
    t->tries = 0;
    send_packet(t);
    timer_start(t->lp, &t->timer, t->retry_ms, timeout_handler, t);
}

static void send_error(struct tftp *t, const struct sockaddr_in *to, uint8_t code, const char *text)
{
    uint8_t packet[64] = {0, OP_ERROR, 0, code};
    const size_t len = strlen(text) + 1;

    memcpy(packet + 4, text, len);
    (void)sendto(t->fd, packet, 4 + len, MSG_DONTWAIT, (const struct sockaddr *)to, sizeof(*to));
}

static int keep(struct tftp *t, const uint8_t *data, size_t len)
{
    t->total += len;
    if (t->total > t->max_bytes)
        return E2BIG;
    if (len > t->keep_bytes - t->len)
        len = t->keep_bytes - t->len;
    if (t->len + len + 1 > t->size) {
        const size_t size = (t->len + len + 1) * 2;
        uint8_t *bigger = realloc(t->data, size);
        if (!bigger)
            return ENOMEM;
        t->data = bigger;
        t->size = size;
    }
    memcpy(t->data + t->len, data, len);
    t->len += len;
    t->data[t->len] = '\0';
    return 0;
}

/* The block at t->at; a last one of less than 512 bytes, which may be none, ends the file. */
static void send_block(struct tftp *t)
{
    const size_t left = t->len - t->at, n = left < TFTP_BLOCK_BYTES ? left : TFTP_BLOCK_BYTES;

    if (n)
        memcpy(t->packet + 4, t->data + t->at, n);
    send_numbered(t, OP_DATA, t->block, n);
}

static void take_ack(struct tftp *t, uint16_t block)
{
    if (block != t->block)
        return;
    if (t->packet[1] == OP_DATA) {
        t->at += t->packet_len - 4;
        if (t->packet_len < PACKET_BYTES) {
            finish(t, 0, 0, NULL);
            return;
        }
    }
    t->block++;
    send_block(t);
}

static void take_block(struct tftp *t, const struct tftp_packet *p)
{
    if (p->number != (uint16_t)(t->block + 1)) {
        if (p->number == t->block && t->packet[1] == OP_ACK) /* our ACK was lost */
            send_packet(t);
        return;
    }
    const int err = keep(t, p->data, p->len);
    if (err) {
        send_error(t, &t->server, ERROR_FULL, "Allocation exceeded");
        finish(t, err, 0, err == E2BIG ? "too large" : strerror(err));
        return;
    }
    t->block = p->number;
    send_numbered(t, OP_ACK, p->number, 0);
    if (p->len < TFTP_BLOCK_BYTES)
        finish(t, 0, 0, NULL);
}

static void take_packet(struct tftp *t, const uint8_t *buf, size_t len,
                        const struct sockaddr_in *from)
{
    struct tftp_packet p;

    if (from->sin_addr.s_addr != t->server.sin_addr.s_addr || tftp_decode(buf, len, &p))
        return;
    if (t->have_id && from->sin_port != t->server.sin_port) {
        send_error(t, from, ERROR_UNKNOWN_ID, "Unknown transfer ID");
        return;
    }
    if (p.is_error) {
        finish(t, p.number == ERROR_NOT_FOUND ? ENOENT : EPROTO, p.number, p.text);
        return;
    }
    if (p.is_ack != t->writing)
        return;
    t->have_id = true;
    t->server.sin_port = from->sin_port;
    if (p.is_ack)
        take_ack(t, p.number);
    else
        take_block(t, &p);
}

int tftp_decode(const uint8_t *buf, size_t len, struct tftp_packet *packet)
{
    memset(packet, 0, sizeof(*packet));
    if (len < 4 || buf[0] != 0 || (buf[1] != OP_DATA && buf[1] != OP_ACK && buf[1] != OP_ERROR))
        return EBADMSG;
    packet->is_error = buf[1] == OP_ERROR;
    packet->is_ack = buf[1] == OP_ACK;
    packet->number = (uint16_t)(buf[2] << 8 | buf[3]);
    buf += 4;
    len -= 4;
    if (packet->is_error) {
        for (size_t i = 0; i < len && i + 1 < sizeof(packet->text) && buf[i]; i++)
            packet->text[i] = buf[i] >= ' ' && buf[i] < 127 ? (char)buf[i] : '?';
        return 0;
    }
    if (packet->is_ack)
        return 0;
    packet->data = buf;
    packet->len = len;
    return len > TFTP_BLOCK_BYTES ? EBADMSG : 0;
}

/* libuv stops watching a socket that has an error: take the error off and go on. */
static void resume(struct tftp *t)
{
    struct msghdr msg = {0};

    while (recvmsg(t->fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0)
        ;
    if (uv_poll_start(t->poll, UV_READABLE, poll_handler))
        finish(t, EIO, 0, "socket failed");
}

static void poll_handler(uv_poll_t *poll, int status, int events)
{
    struct tftp *t = poll->data;
    uint8_t buf[4 + TFTP_BLOCK_BYTES + 1];
    struct sockaddr_in from;
    socklen_t from_len = sizeof(from);

    (void)events;
    mem_ref(t);
    const ssize_t n =
        recvfrom(t->fd, buf, sizeof(buf), MSG_DONTWAIT, (struct sockaddr *)&from, &from_len);
    if (n >= 0)
        take_packet(t, buf, (size_t)n, &from);
    else if (errno == ECONNREFUSED)
        finish(t, ECONNREFUSED, 0, "connection refused");
    if (status < 0 && t->h)
        resume(t);
    mem_deref(t);
}

static int open_socket(struct tftp *t, struct in_addr local)
{
    const struct sockaddr_in sin = {.sin_family = AF_INET, .sin_addr = local};
    const int on = 1;

    t->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (t->fd < 0)
        return errno;
    (void)setsockopt(t->fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on)); /* ICMP tells sooner */
    if (bind(t->fd, (const struct sockaddr *)&sin, sizeof(sin))) {
        const int err = errno;
        close(t->fd);
        return err;
    }
    t->poll = calloc(1, sizeof(*t->poll));
    const int status = t->poll ? uv_poll_init(loop_uv(t->lp), t->poll, t->fd) : UV_ENOMEM;
    if (status) {
        free(t->poll);
        t->poll = NULL;
        close(t->fd);
        return err_from_uv(status);
    }
    t->poll->data = t;
    return err_from_uv(uv_poll_start(t->poll, UV_READABLE, poll_handler));
}

static void print_request(struct tftp *t, const char *path)
{
    const size_t len = strlen(path) + 1;

    t->packet[0] = 0;
    t->packet[1] = t->writing ? OP_WRQ : OP_RRQ;
    memcpy(t->packet + 2, path, len);
    memcpy(t->packet + 2 + len, "octet", 6);
    t->packet_len = 2 + len + 6;
}

static int take_body(struct tftp *t, const struct tftp_request *req)
{
    t->writing = req->body != NULL;
    if (!t->writing)
        return 0;
    t->data = malloc(req->body_len + 1);
    if (!t->data)
        return ENOMEM;
    memcpy(t->data, req->body, req->body_len);
    t->len = req->body_len;
    return 0;
}

int tftp_start(struct tftp **tp, struct loop *lp, const struct tftp_request *req, tftp_h *h,
               void *arg)
{
    if (strlen(req->path) > PATH_MAX_BYTES)
        return EINVAL;

    struct tftp *t = mem_zalloc(sizeof(*t), destructor);
    if (!t)
        return ENOMEM;
    t->lp = lp;
    t->server = req->server;
    t->max_bytes = req->max_bytes;
    t->keep_bytes = req->keep_bytes ? req->keep_bytes : req->max_bytes;
    t->retry_ms = req->retry_ms ? req->retry_ms : TFTP_RETRY_MS;
    t->tries_max = req->tries ? req->tries : TFTP_TRIES;
    t->h = h;
    t->arg = arg;
    int err = take_body(t, req);
    if (!err)
        err = open_socket(t, req->local);
    if (err) {
        mem_deref(t);
        return err;
    }
    print_request(t, req->path);
    send_packet(t);
    timer_start(lp, &t->timer, t->retry_ms, timeout_handler, t);
    *tp = t;
    return 0;
}

size_t tftp_total(const struct tftp *t)
{
    return t->total;
}
