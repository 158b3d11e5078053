/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * TFTP server (RFC 1350): read requests in octet mode, one socket and one timer a transfer. Options
 * (RFC 2347) are ignored, which the standard allows.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <uv.h>

#include "sim/lab/priv.h"
#include "sim/loop/loop.h"

enum {
    OP_RRQ = 1,
    OP_WRQ = 2,
    OP_DATA = 3,
    OP_ACK = 4,
    OP_ERROR = 5,

    CODE_UNDEFINED = 0,
    CODE_NOT_FOUND = 1,
    CODE_ACCESS = 2,
    CODE_ILLEGAL = 4,
    CODE_UNKNOWN_ID = 5,

    BLOCK_SIZE = 512,
    RETRY_MS = 1000,      /* [DEF] */
    TRIES = 5,            /* [DEF] */
    MAX_TRANSFERS = 4096, /* further requests wait for the client's repetition */
};

struct tftpd {
    uv_udp_t udp;
    struct loop *lp;
    struct sockaddr_in addr; /* of the listener */
    tftpd_h *h;              /* NULL once closed */
    void *arg;
    struct list transfers;
    unsigned n_transfers;
    char in[2048]; /* used within one callback */
};

struct transfer {
    uv_udp_t udp;
    struct le le;
    struct tftpd *d;
    struct timer retry;
    struct sockaddr_in client;
    struct lab_file file;
    size_t block; /* number of the one that is out, from 1; on the wire modulo 65536 */
    unsigned n_tries;
};

static void put_u16(uint8_t *p, unsigned v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static unsigned get_u16(const uint8_t *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

static void send_error(uv_udp_t *udp, const struct sockaddr_in *to, unsigned code, const char *text)
{
    uint8_t packet[128];
    const size_t len = strlen(text) + 1;
    uv_buf_t buf = uv_buf_init((char *)packet, (unsigned)(4 + len));

    put_u16(packet, OP_ERROR);
    put_u16(packet + 2, code);
    memcpy(packet + 4, text, len);
    (void)uv_udp_try_send(udp, &buf, 1, (const struct sockaddr *)to);
}

/* ---- one transfer */

static void transfer_destructor(void *arg)
{
    struct transfer *t = arg;

    free(t->file.body);
    mem_deref(t->d);
}

static void transfer_closed_handler(uv_handle_t *handle)
{
    mem_deref(handle->data);
}

static void transfer_close(struct transfer *t)
{
    if (uv_is_closing((uv_handle_t *)&t->udp))
        return;
    timer_cancel(&t->retry);
    list_unlink(&t->le);
    t->d->n_transfers--;
    uv_close((uv_handle_t *)&t->udp, transfer_closed_handler);
}

static size_t block_len(const struct transfer *t)
{
    const size_t start = (t->block - 1) * BLOCK_SIZE;
    const size_t left = t->file.len - start;

    return left < BLOCK_SIZE ? left : BLOCK_SIZE;
}

static void retry_handler(void *arg);

/* A send that fails is a datagram lost: the timer repeats it. */
static void send_block(struct transfer *t)
{
    uint8_t packet[4 + BLOCK_SIZE];
    const size_t len = block_len(t);
    uv_buf_t buf = uv_buf_init((char *)packet, (unsigned)(4 + len));

    put_u16(packet, OP_DATA);
    put_u16(packet + 2, (unsigned)(t->block & 0xffff));
    memcpy(packet + 4, t->file.body + (t->block - 1) * BLOCK_SIZE, len);
    (void)uv_udp_try_send(&t->udp, &buf, 1, (const struct sockaddr *)&t->client);
    timer_start(t->d->lp, &t->retry, RETRY_MS, retry_handler, t);
}

static void retry_handler(void *arg)
{
    struct transfer *t = arg;

    if (++t->n_tries >= TRIES)
        transfer_close(t);
    else
        send_block(t);
}

static void ack_handler(struct transfer *t, unsigned block)
{
    /* an old ACK is not answered: that would double every further block (RFC 1123 4.2.3.1) */
    if (block != (t->block & 0xffff))
        return;
    if (block_len(t) < BLOCK_SIZE) {
        transfer_close(t);
        return;
    }
    t->block++;
    t->n_tries = 0;
    send_block(t);
}

static bool same_addr(const struct sockaddr_in *a, const struct sockaddr_in *b)
{
    return a->sin_addr.s_addr == b->sin_addr.s_addr && a->sin_port == b->sin_port;
}

static void transfer_alloc_handler(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct transfer *t = handle->data;

    (void)suggested;
    *buf = uv_buf_init(t->d->in, sizeof(t->d->in));
}

static void transfer_recv_handler(uv_udp_t *udp, ssize_t n, const uv_buf_t *buf,
                                  const struct sockaddr *addr, unsigned flags)
{
    struct transfer *t = udp->data;
    const uint8_t *p = (const uint8_t *)buf->base;
    const struct sockaddr_in *from = (const struct sockaddr_in *)(const void *)addr;

    (void)flags;
    if (n < 4 || !from || from->sin_family != AF_INET)
        return;
    if (!same_addr(from, &t->client))
        send_error(udp, from, CODE_UNKNOWN_ID, "Unknown transfer ID");
    else if (get_u16(p) == OP_ACK)
        ack_handler(t, get_u16(p + 2));
    else if (get_u16(p) == OP_ERROR)
        transfer_close(t);
}

/* Takes over the file. */
static int transfer_start(struct tftpd *d, const struct sockaddr_in *client, struct lab_file *f)
{
    struct transfer *t = mem_zalloc(sizeof(*t), transfer_destructor);
    struct sockaddr_in local = d->addr;
    int status;

    if (!t)
        return ENOMEM;
    status = uv_udp_init(loop_uv(d->lp), &t->udp);
    if (status) {
        mem_deref(t);
        return err_from_uv(status);
    }
    t->udp.data = t;
    t->d = mem_ref(d);
    t->client = *client;
    t->block = 1;
    t->file = *f;
    *f = (struct lab_file){0};
    list_append(&d->transfers, &t->le, t);
    d->n_transfers++;
    local.sin_port = 0;
    status = uv_udp_bind(&t->udp, (const struct sockaddr *)&local, 0);
    if (!status)
        status = uv_udp_recv_start(&t->udp, transfer_alloc_handler, transfer_recv_handler);
    if (status)
        transfer_close(t);
    else
        send_block(t);
    return err_from_uv(status);
}

/* ---- requests */

/* A client that repeats its request is being served, unless the last block is out already: then its
 * ACK got lost or overtaken, and this is its next file. */
static bool is_served(struct tftpd *d, const struct sockaddr_in *client)
{
    for (struct le *le = d->transfers.head; le; le = le->next) {
        struct transfer *t = le->data;

        if (!same_addr(&t->client, client))
            continue;
        if (block_len(t) == BLOCK_SIZE)
            return true;
        transfer_close(t);
        return false;
    }
    return false;
}

/* name NUL mode NUL; false when it is not that. */
static bool read_request(const uint8_t *p, size_t len, const char **name, const char **mode)
{
    const uint8_t *end = p + len, *nul = memchr(p, 0, len);

    if (!nul || !memchr(nul + 1, 0, (size_t)(end - nul - 1)))
        return false;
    *name = (const char *)p;
    *mode = (const char *)nul + 1;
    return true;
}

static void answer_read(struct tftpd *d, const struct sockaddr_in *client, const char *name)
{
    struct lab_file f = {0};
    char path[1024];
    int err;

    if ((size_t)snprintf(path, sizeof(path), "%s%s", *name == '/' ? "" : "/", name) >= sizeof(path))
        err = ENOENT;
    else
        err = d->h(path, &f, d->arg);
    if (!err)
        err = transfer_start(d, client, &f);
    free(f.body);
    if (err == ENOENT)
        send_error(&d->udp, client, CODE_NOT_FOUND, "File not found");
    else if (err == EACCES)
        send_error(&d->udp, client, CODE_ACCESS, "Access violation");
    else if (err)
        send_error(&d->udp, client, CODE_UNDEFINED, "Server error");
}

static void request_handler(struct tftpd *d, const struct sockaddr_in *client, const uint8_t *p,
                            size_t len)
{
    const char *name, *mode;
    const unsigned op = get_u16(p);

    if (op == OP_WRQ)
        send_error(&d->udp, client, CODE_ACCESS, "This server is read-only");
    else if (op != OP_RRQ)
        return; /* stray; an error for an error would not end */
    else if (!read_request(p + 2, len - 2, &name, &mode))
        send_error(&d->udp, client, CODE_ILLEGAL, "Malformed request");
    else if (strcasecmp(mode, "octet"))
        send_error(&d->udp, client, CODE_ILLEGAL, "Only octet mode is served");
    else if (d->n_transfers < MAX_TRANSFERS && !is_served(d, client))
        answer_read(d, client, name);
}

static void alloc_handler(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct tftpd *d = handle->data;

    (void)suggested;
    *buf = uv_buf_init(d->in, sizeof(d->in));
}

static void recv_handler(uv_udp_t *udp, ssize_t n, const uv_buf_t *buf, const struct sockaddr *addr,
                         unsigned flags)
{
    struct tftpd *d = udp->data;
    const struct sockaddr_in *from = (const struct sockaddr_in *)(const void *)addr;

    if (n < 4 || !from || from->sin_family != AF_INET || flags & UV_UDP_PARTIAL)
        return;
    request_handler(d, from, (const uint8_t *)buf->base, (size_t)n);
}

/* ---- life */

static void closed_handler(uv_handle_t *handle)
{
    mem_deref(handle->data);
}

void tftpd_close(struct tftpd *t)
{
    if (!t)
        return;
    t->h = NULL;
    while (t->transfers.head)
        transfer_close(list_ledata(t->transfers.head));
    uv_close((uv_handle_t *)&t->udp, closed_handler);
}

static int bind_listener(struct tftpd *d, const char *addr, uint16_t port)
{
    int len = sizeof(d->addr), status;
    int size = 1 << 20; /* requests of thousands of phones that boot together */

    status = uv_ip4_addr(addr, port, &d->addr);
    if (!status)
        status = uv_udp_bind(&d->udp, (const struct sockaddr *)&d->addr, 0);
    if (!status)
        status = uv_udp_getsockname(&d->udp, (struct sockaddr *)&d->addr, &len);
    if (!status)
        status = uv_udp_recv_start(&d->udp, alloc_handler, recv_handler);
    if (!status)
        (void)uv_recv_buffer_size((uv_handle_t *)&d->udp, &size);
    return err_from_uv(status);
}

int tftpd_open(struct tftpd **tp, struct loop *lp, const char *addr, uint16_t port, tftpd_h *h,
               void *arg)
{
    struct tftpd *d = mem_zalloc(sizeof(*d), NULL);
    int err;

    if (!d)
        return ENOMEM;
    err = err_from_uv(uv_udp_init(loop_uv(lp), &d->udp));
    if (err) {
        mem_deref(d);
        return err;
    }
    d->udp.data = d;
    d->lp = lp;
    d->h = h;
    d->arg = arg;
    err = bind_listener(d, addr, port);
    if (err)
        tftpd_close(d);
    else
        *tp = d;
    return err;
}

uint16_t tftpd_port(const struct tftpd *t)
{
    return ntohs(t->addr.sin_port);
}
