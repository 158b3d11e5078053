/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The registrar's TCP and TLS side: messages framed by Content-Length (RFC 3261 18.3). Connections
 * have numbers that are not given twice, by which calls find the phones that hold them.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "sim/lab/priv.h"
#include "sim/loop/loop.h"
#include "sim/sip/secure.h"

enum {
    BACKLOG = 4096,
    READ_SIZE = 65536,
    MESSAGE_MAX = 65536, /* a peer that sends more in one message is cut off */
    REPLY_SIZE = 16384,
    TLS_HANDSHAKE = 22, /* first byte of a session (RFC 8446 5.1) */
    CONN_SLOTS = 4096,
    UNSENT_MAX = 1 << 20, /* a peer that does not read its replies, too */
};

struct listen_tcp {
    uv_tcp_t tcp;
    struct registrar *r; /* NULL once closed */
    struct hash *conns;
    uint32_t last_conn;
    char in[READ_SIZE], out[REPLY_SIZE]; /* used within one callback */
};

struct conn {
    uv_tcp_t tcp;
    struct le le; /* of its listener, by number */
    struct listen_tcp *t;
    struct registrar_peer peer;
    struct mbuf *mb;       /* what came and is not answered yet */
    struct secure *secure; /* NULL = in the clear */
    bool begun;
    bool ready; /* a message came: it can take some, too */
};

struct reply {
    uv_write_t write;
    char text[];
};

static void conn_destructor(void *arg)
{
    struct conn *c = arg;

    mem_deref(c->mb);
    mem_deref(c->secure);
    mem_deref(c->t);
}

static void conn_closed_handler(uv_handle_t *handle)
{
    mem_deref(handle->data);
}

static void conn_close(struct conn *c)
{
    if (uv_is_closing((uv_handle_t *)&c->tcp))
        return;
    hash_unlink(&c->le);
    uv_close((uv_handle_t *)&c->tcp, conn_closed_handler);
}

static void written_handler(uv_write_t *write, int status)
{
    (void)status; /* a broken connection shows in the reader */
    free(write->data);
}

static int conn_write(struct conn *c, const void *bytes, size_t len)
{
    struct reply *rep;
    uv_buf_t buf;
    int status;

    if (uv_stream_get_write_queue_size((uv_stream_t *)&c->tcp) > UNSENT_MAX)
        return ENOBUFS;
    rep = malloc(sizeof(*rep) + len);
    if (!rep)
        return ENOMEM;
    memcpy(rep->text, bytes, len);
    rep->write.data = rep;
    buf = uv_buf_init(rep->text, (unsigned)len);
    status = uv_write(&rep->write, (uv_stream_t *)&c->tcp, &buf, 1, written_handler);
    if (status < 0)
        free(rep);
    return err_from_uv(status);
}

static int conn_send(struct conn *c, const char *text, size_t len)
{
    if (!c->secure)
        return conn_write(c, text, len);

    struct mbuf *out = mbuf_alloc(len + 128);
    int err = out ? secure_send(c->secure, (const uint8_t *)text, len, out) : ENOMEM;
    if (!err)
        err = conn_write(c, out->buf, out->end);
    mem_deref(out);
    return err;
}

/* Line ends between messages are keep-alives. */
static void skip_line_ends(struct mbuf *mb)
{
    while (mbuf_get_left(mb) && (mb->buf[mb->pos] == '\r' || mb->buf[mb->pos] == '\n'))
        mb->pos++;
}

static size_t header_size(const struct mbuf *mb)
{
    const uint8_t *p = mbuf_buf(mb);
    const uint8_t *end = memmem(p, mbuf_get_left(mb), "\r\n\r\n", 4);

    return end ? (size_t)(end - p) + 4 : 0;
}

/* Size of the first message; 0 = not all there yet, SIZE_MAX = not SIP. */
static size_t message_size(struct mbuf *mb)
{
    const size_t head = header_size(mb), pos = mb->pos;
    struct sip_msg *msg = NULL;
    size_t size = SIZE_MAX;

    if (!head)
        return mbuf_get_left(mb) > MESSAGE_MAX ? SIZE_MAX : 0;
    if (!sip_msg_decode(&msg, mb)) {
        const uint32_t body = pl_u32(&msg->clen);

        if (head <= MESSAGE_MAX && body <= MESSAGE_MAX)
            size = head + body;
        mem_deref(msg);
    }
    mb->pos = pos;
    if (size == SIZE_MAX)
        return size;
    return mbuf_get_left(mb) < size ? 0 : size;
}

/* Errors: EBADMSG, or those of sending; the connection is of no use then. */
static int conn_answer(struct conn *c)
{
    struct mbuf *mb = c->mb;

    for (;;) {
        size_t size, len;
        int err;

        skip_line_ends(mb);
        if (!mbuf_get_left(mb))
            break;
        size = message_size(mb);
        if (size == SIZE_MAX)
            return EBADMSG;
        if (!size)
            break;
        const size_t next = mb->pos + size, end = mb->end;
        struct registrar_peer to = c->peer;
        mb->end = next;
        c->ready = true;
        len = registrar_answer(c->t->r, mb, &to, c->t->out, sizeof(c->t->out));
        mb->pos = next;
        mb->end = end;
        err = len && to.conn == c->peer.conn ? conn_send(c, c->t->out, len) : 0;
        if (err)
            return err;
        if (len && to.conn != c->peer.conn) /* whatever becomes of it, this one goes on */
            registrar_send(c->t->r, &to, c->t->out, len);
    }
    /* what is left of the next message moves to the front */
    memmove(mb->buf, mb->buf + mb->pos, mbuf_get_left(mb));
    mb->end -= mb->pos;
    mb->pos = 0;
    return 0;
}

static void alloc_handler(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct conn *c = handle->data;

    (void)suggested;
    *buf = uv_buf_init(c->t->in, sizeof(c->t->in));
}

/* Errors: EPROTO no TLS here, or none that can be. */
static int conn_take(struct conn *c, const uint8_t *bytes, size_t len)
{
    struct mbuf *out = NULL;
    bool established;
    int err = 0;

    if (!c->begun && *bytes == TLS_HANDSHAKE) {
        struct ssl_ctx_st *ctx = registrar_tls(c->t->r);
        err = ctx ? secure_accept(&c->secure, ctx) : EPROTO;
        c->peer.tls = true;
    }
    c->begun = true;
    if (err || !c->secure)
        return err ? err : mbuf_write_mem(c->mb, bytes, len);
    out = mbuf_alloc(4096);
    err = out ? secure_feed(c->secure, bytes, len, c->mb, out, &established) : ENOMEM;
    if (out && out->end) { /* an alert, too */
        const int sent = conn_write(c, out->buf, out->end);
        err = err ? err : sent;
    }
    mem_deref(out);
    return err;
}

static void read_handler(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct conn *c = stream->data;
    int err = 0;

    if (n == 0)
        return;
    if (n < 0) {
        conn_close(c);
        return;
    }
    c->mb->pos = c->mb->end;
    err = conn_take(c, (const uint8_t *)buf->base, (size_t)n);
    c->mb->pos = 0;
    if (!err)
        err = conn_answer(c);
    if (err)
        conn_close(c);
}

static int conn_start(struct conn *c)
{
    struct sockaddr_storage ss = {0};
    int len = sizeof(ss), status;

    status = uv_accept((uv_stream_t *)&c->t->tcp, (uv_stream_t *)&c->tcp);
    if (!status)
        status = uv_tcp_getpeername(&c->tcp, (struct sockaddr *)&ss, &len);
    if (status)
        return err_from_uv(status);
    const struct sockaddr_in *sin = (const struct sockaddr_in *)(const void *)&ss;
    c->peer.addr = sin->sin_addr;
    c->peer.port = ntohs(sin->sin_port);
    uv_tcp_nodelay(&c->tcp, 1);
    return err_from_uv(uv_read_start((uv_stream_t *)&c->tcp, alloc_handler, read_handler));
}

static void connection_handler(uv_stream_t *server, int status)
{
    struct listen_tcp *t = server->data;
    struct conn *c;

    if (status < 0)
        return;
    c = mem_zalloc(sizeof(*c), conn_destructor);
    if (!c)
        return;
    c->mb = mbuf_alloc(1024);
    if (!c->mb || uv_tcp_init(server->loop, &c->tcp)) {
        mem_deref(c);
        return;
    }
    c->t = mem_ref(t);
    c->tcp.data = c;
    if (!++t->last_conn)
        t->last_conn = 1;
    c->peer.conn = t->last_conn;
    hash_append(t->conns, c->peer.conn, &c->le, c);
    if (conn_start(c))
        conn_close(c);
}

static void destructor(void *arg)
{
    struct listen_tcp *t = arg;

    mem_deref(t->conns);
}

int listen_tcp_open(struct listen_tcp **tp, struct loop *lp, const struct sockaddr_in *addr,
                    struct registrar *r)
{
    struct listen_tcp *t = mem_zalloc(sizeof(*t), destructor);
    int status;

    if (!t)
        return ENOMEM;
    if (hash_alloc(&t->conns, CONN_SLOTS)) {
        mem_deref(t);
        return ENOMEM;
    }
    status = uv_tcp_init(loop_uv(lp), &t->tcp);
    if (status) {
        mem_deref(t);
        return err_from_uv(status);
    }
    t->tcp.data = t;
    t->r = r;
    status = uv_tcp_bind(&t->tcp, (const struct sockaddr *)addr, 0);
    if (!status)
        status = uv_listen((uv_stream_t *)&t->tcp, BACKLOG, connection_handler);
    if (status)
        listen_tcp_close(t);
    else
        *tp = t;
    return err_from_uv(status);
}

static void closed_handler(uv_handle_t *handle)
{
    mem_deref(handle->data);
}

static bool close_each_handler(struct le *le, void *arg)
{
    (void)arg;
    conn_close(le->data);
    return false;
}

void listen_tcp_close(struct listen_tcp *t)
{
    if (!t)
        return;
    t->r = NULL;
    (void)hash_apply(t->conns, close_each_handler, NULL);
    uv_close((uv_handle_t *)&t->tcp, closed_handler);
}

static bool number_handler(struct le *le, void *arg)
{
    const struct conn *c = le->data;
    const uint32_t *number = arg;

    return c->peer.conn == *number;
}

static struct conn *find_conn(const struct listen_tcp *t, uint32_t number)
{
    struct conn *c = list_ledata(hash_lookup(t->conns, number, number_handler, &number));

    return c && c->ready ? c : NULL;
}

bool listen_tcp_peer(const struct listen_tcp *t, uint32_t conn, struct registrar_peer *peer)
{
    const struct conn *c = t ? find_conn(t, conn) : NULL;

    if (c)
        *peer = c->peer;
    return c != NULL;
}

void listen_tcp_send(struct listen_tcp *t, uint32_t conn, const char *text, size_t len)
{
    struct conn *c = find_conn(t, conn);

    if (c && conn_send(c, text, len))
        conn_close(c);
}
