/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * SIP over TCP and TLS, on libre's streams: one connection per line to its server, from a port in
 * SIP_TCP_Port_Min..Max (sip-behaviour.md 9.5); connections others make to the line's SIP port.
 * A server must prove itself: chain to a trusted CA, and a certificate for the host asked for.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sip/priv.h"
#include "sim/sip/secure.h"

enum {
    RX_MAX = 65536,   /* a message that has not ended by then ends the connection */
    STREAMS_MAX = 16, /* connections others may hold to one line */
};

struct stream {
    struct stream *next;
    struct ua_line *line;
    struct tcp_conn *tcp;
    struct secure *secure; /* NULL = plain TCP */
    struct mbuf *rx;
    struct timer opening; /* runs until the connection is of use */
    uint32_t id;
    bool outgoing;
    bool connected; /* TCP is; TLS may not be yet */
    bool gone;      /* removed from its line */
};

static void destructor(void *arg)
{
    struct stream *st = arg;

    timer_cancel(&st->opening);
    mem_deref(st->secure);
    mem_deref(st->tcp);
    mem_deref(st->rx);
}

static void remove_stream(struct stream *st)
{
    struct ua_line *l = st->line;
    struct stream **at = &l->streams;

    while (*at && *at != st)
        at = &(*at)->next;
    if (*at)
        *at = st->next;
    if (l->out == st)
        l->out = NULL;
    st->gone = true;
    timer_cancel(&st->opening);
    st->tcp = mem_deref(st->tcp);
    mem_deref(st);
}

enum framing {
    FRAMING_WHOLE,   /* a message of *n bytes begins here */
    FRAMING_PARTIAL, /* it has not ended yet */
    FRAMING_LOST,    /* nobody can tell where it ends: Content-Length is ambiguous or absurd */
    FRAMING_NO_SIP,  /* it goes on for longer than any message of ours */
};

/* Where does the message that begins at data end? (RFC 3261 18.3) */
static enum framing frame(const char *data, size_t len, size_t *n)
{
    const char *end = memmem(data, len, "\r\n\r\n", 4);
    struct raw_message raw;

    if (!end)
        return len >= UA_MESSAGE_MAX ? FRAMING_NO_SIP : FRAMING_PARTIAL;
    const size_t head = (size_t)(end + 4 - data);
    (void)raw_parse(&raw, data, head); /* whatever it is, its length is its Content-Length */
    if (raw.clen_differs || raw.clen.l > 6)
        return FRAMING_LOST;
    *n = head + (raw.clen.l ? pl_u32(&raw.clen) : 0);
    if (*n <= len)
        return FRAMING_WHOLE;
    return *n > RX_MAX ? FRAMING_NO_SIP : FRAMING_PARTIAL;
}

static void deliver(struct stream *st, size_t len)
{
    const struct origin origin = {.stream = st};
    struct mbuf *mb = mbuf_alloc(len + 1);

    if (!mb)
        return;
    mbuf_write_mem(mb, mbuf_buf(st->rx), len);
    mb->pos = 0;
    mbuf_advance(st->rx, (ssize_t)len);
    st->line->stack->counters.n_received++;
    line_receive(st->line, mb, &origin);
    mem_deref(mb);
}

/* Blank lines between messages are keep-alives (RFC 5626 3.5.1). */
static void skip_blank(struct mbuf *mb)
{
    while (mbuf_get_left(mb) && (*mbuf_buf(mb) == '\r' || *mbuf_buf(mb) == '\n'))
        mbuf_advance(mb, 1);
}

/* False when the stream makes no sense any more. */
static bool take_messages(struct stream *st)
{
    struct ua_line *l = st->line;

    while (!l->closed && !st->gone) {
        skip_blank(st->rx);
        const size_t left = mbuf_get_left(st->rx);
        size_t len = 0;
        switch (frame((char *)mbuf_buf(st->rx), left, &len)) {
        case FRAMING_WHOLE:
            deliver(st, len);
            break;
        case FRAMING_PARTIAL:
            return true;
        case FRAMING_LOST: /* answered 400, then closed */
            deliver(st, left);
            return false;
        case FRAMING_NO_SIP:
            return false;
        }
    }
    return true;
}

static int send_bytes(struct stream *st, struct mbuf *mb)
{
    mb->pos = 0;
    return mb->end ? tcp_send(st->tcp, mb) : 0;
}

/* Network bytes through TLS, when there is one, to the end of st->rx. */
static int take_bytes(struct stream *st, struct mbuf *mb, bool *established)
{
    *established = false;
    st->rx->pos = st->rx->end;
    if (!st->secure)
        return mbuf_write_mem(st->rx, mbuf_buf(mb), mbuf_get_left(mb));

    struct mbuf *out = mbuf_alloc(1024);
    if (!out)
        return ENOMEM;
    int err = secure_feed(st->secure, mbuf_buf(mb), mbuf_get_left(mb), st->rx, out, established);
    const int sent = send_bytes(st, out);
    mem_deref(out);
    return err ? err : sent;
}

static void keep_rest(struct mbuf *mb)
{
    const size_t left = mbuf_get_left(mb);

    memmove(mb->buf, mbuf_buf(mb), left);
    mb->pos = 0;
    mb->end = left;
}

static void give_up(struct stream *st, const char *reason)
{
    struct ua_line *l = st->line;
    const bool own = l->out == st;
    char text[128];

    snprintf(text, sizeof(text), "%s", reason); /* it may be the stream's own */
    remove_stream(st);
    if (own)
        registration_disconnected(l, text);
}

static void opened(struct stream *st)
{
    timer_cancel(&st->opening);
    registration_connected(st->line);
}

/* A server may accept the connection and say nothing. */
static void opening_handler(void *arg)
{
    struct stream *st = arg;
    struct ua_line *l = st->line;

    mem_ref(st);
    mem_ref(l);
    give_up(st, st->connected ? "TLS handshake timeout" : "connect timeout");
    mem_deref(l);
    mem_deref(st);
}

static void recv_handler(struct mbuf *mb, void *arg)
{
    struct stream *st = arg;
    struct ua_line *l = st->line;
    bool established;

    mem_ref(st);
    mem_ref(l);
    const int err = take_bytes(st, mb, &established);
    st->rx->pos = 0;
    if (err)
        give_up(st, st->secure && secure_reason(st->secure)[0] ? secure_reason(st->secure)
                                                               : strerror(err));
    else if (established)
        opened(st);
    if (!err && !take_messages(st) && !st->gone)
        give_up(st, "not SIP on the connection");
    if (!st->gone)
        keep_rest(st->rx);
    mem_deref(l);
    mem_deref(st);
}

static const char *close_reason(int err)
{
    switch (err) {
    case ECONNREFUSED:
        return "connection refused";
    case 0:
    case ECONNRESET:
        return "connection closed by the server";
    case ETIMEDOUT:
        return "timeout";
    default:
        return strerror(err);
    }
}

static void close_handler(int err, void *arg)
{
    struct stream *st = arg;
    struct ua_line *l = st->line;
    char reason[128];
    const bool own = l->out == st;

    snprintf(reason, sizeof(reason), "%s", close_reason(err));
    mem_ref(l);
    remove_stream(st);
    if (own && !l->closed)
        registration_disconnected(l, reason);
    mem_deref(l);
}

static void estab_handler(void *arg)
{
    struct stream *st = arg;
    struct mbuf *empty = st->secure ? mbuf_alloc(1) : NULL;

    st->connected = true;
    if (empty) /* the client speaks first */
        recv_handler(empty, st);
    else if (st->outgoing)
        opened(st);
    mem_deref(empty);
}

static struct stream *new_stream(struct ua_line *l, bool outgoing)
{
    struct stream *st = mem_zalloc(sizeof(*st), destructor);
    if (!st)
        return NULL;
    st->line = l;
    st->outgoing = outgoing;
    st->rx = mbuf_alloc(1024);
    if (!st->rx)
        return mem_deref(st);
    st->id = ++l->stack->last_stream;
    st->next = l->streams;
    l->streams = st;
    return st;
}

static int make_context(struct ua_stack *s)
{
    int err = secure_context(&s->tls, s->ca_file);

    if (!err && s->cfg.trust)
        err = s->cfg.trust(s->tls, s->cfg.trust_arg);
    if (err) {
        secure_context_free(s->tls);
        s->tls = NULL;
    }
    return err;
}

static int start_tls(struct stream *st, const char *host)
{
    struct ua_line *l = st->line;
    int err = 0;

    if (!l->stack->tls)
        err = make_context(l->stack);
    return err ? err : secure_alloc(&st->secure, l->stack->tls, host, l->cfg.tls_verify_host);
}

static int connect_from(struct stream *st, const struct sockaddr_in *to, uint16_t port)
{
    const struct ua_line *l = st->line;
    struct sa peer, local;

    sa_set_in(&peer, ntohl(to->sin_addr.s_addr), ntohs(to->sin_port));
    sa_set_in(&local, ntohl(l->cfg.addr.s_addr), port);
    return tcp_connect_bind(&st->tcp, &peer, estab_handler, recv_handler, close_handler, &local,
                            st);
}

int stream_connect(struct ua_line *l, const struct sockaddr_in *to, const char *host)
{
    struct stream *st = new_stream(l, true);
    int err = EADDRINUSE;

    if (!st)
        return ENOMEM;
    for (unsigned port = l->cfg.tcp_min; port <= l->cfg.tcp_max && err == EADDRINUSE; port++) {
        if (port == l->cfg.port) /* that one listens */
            continue;
        err = connect_from(st, to, (uint16_t)port);
        if (!port)
            break;
    }
    if (!err && l->cfg.transport == UA_TLS)
        err = start_tls(st, host);
    if (err) {
        remove_stream(st);
        return err;
    }
    l->out = st;
    /* as long as for an answer, which is what this wait is a part of (RFC 3261 18.1.1) [DEF] */
    timer_start(l->stack->lp, &st->opening, l->cfg.timer_f_ms, opening_handler, st);
    return 0;
}

static void accept_handler(const struct sa *peer, void *arg)
{
    struct ua_line *l = arg;
    unsigned n = 0;

    (void)peer;
    for (const struct stream *st = l->streams; st; st = st->next)
        n++;
    struct stream *st = n < STREAMS_MAX && l->cfg.transport == UA_TCP ? new_stream(l, false) : NULL;
    if (!st) {
        tcp_reject(l->listener);
        return;
    }
    if (tcp_accept(&st->tcp, l->listener, estab_handler, recv_handler, close_handler, st))
        remove_stream(st);
}

int stream_listen(struct ua_line *l)
{
    struct sa local;

    sa_set_in(&local, ntohl(l->cfg.addr.s_addr), l->cfg.port);
    return tcp_listen(&l->listener, &local, accept_handler, l);
}

int stream_send(struct stream *st, const char *data, size_t len)
{
    struct mbuf *mb = mbuf_alloc(len + 64);
    if (!mb)
        return ENOMEM;

    int err = st->secure ? secure_send(st->secure, (const uint8_t *)data, len, mb)
                         : mbuf_write_mem(mb, (const uint8_t *)data, len);
    if (!err)
        err = st->gone ? ENOTCONN : send_bytes(st, mb);
    mem_deref(mb);
    if (!err) {
        st->line->stack->counters.n_sent++;
        line_trace(st->line, true, st, NULL, data, len);
    }
    return err;
}

uint32_t stream_id(const struct stream *st)
{
    return st ? st->id : 0;
}

int stream_send_id(struct ua_line *l, uint32_t id, const char *data, size_t len)
{
    struct stream *st = l->streams;

    while (st && st->id != id)
        st = st->next;
    return st ? stream_send(st, data, len) : ENOTCONN;
}

void stream_close_all(struct ua_line *l)
{
    if (l->closed)
        l->listener = mem_deref(l->listener);
    while (l->streams)
        remove_stream(l->streams);
}

static void end_of(const struct sa *sa, struct sockaddr_in *sin)
{
    *sin = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(sa_port(sa))};
    sin->sin_addr.s_addr = htonl(sa_in(sa));
}

void stream_ends(const struct stream *st, struct sockaddr_in *local, struct sockaddr_in *remote)
{
    struct sa sa;

    memset(local, 0, sizeof(*local));
    memset(remote, 0, sizeof(*remote));
    if (st->tcp && tcp_conn_local_get(st->tcp, &sa) == 0)
        end_of(&sa, local);
    if (st->tcp && tcp_conn_peer_get(st->tcp, &sa) == 0)
        end_of(&sa, remote);
}

void stream_leave(struct ua_line *l)
{
    if (l->out)
        remove_stream(l->out);
}

uint16_t stream_local_port(const struct ua_line *l)
{
    struct sa local;

    if (l->out && tcp_conn_local_get(l->out->tcp, &local) == 0)
        return sa_port(&local);
    return l->cfg.port;
}
