/* SPDX-License-Identifier: BSD-3-Clause */
/* The inside of the SIP stack: lines, sockets, transactions. For this folder and its tests only. */
#ifndef SIM_SIP_PRIV_H
#define SIM_SIP_PRIV_H

#include <stdint.h>
#include <uv.h>
#include <re.h>

#include "sim/base/rng.h"
#include "sim/loop/timer.h"
#include "sim/sip/auth.h"
#include "sim/sip/line.h"
#include "sim/sip/message.h"
#include "sim/sip/stack.h"

struct loop;
struct resolver;
struct resolver_query;
struct ua_line;
struct stream;

enum {
    UA_MESSAGE_MAX = 8192, /* sip-behaviour.md 13 U-21 [DEF]; longer ones are refused */
};

struct udp_shared { /* one wildcard socket of --sockets shared */
    struct udp_shared *next;
    struct ua_stack *stack;
    uv_poll_t poll;
    int fd, lock_fd;
    uint16_t port;
    unsigned n_lines;
};

struct ua_stack {
    struct loop *lp;
    struct resolver *dns;
    struct ua_stack_config cfg;
    char *ca_file;
    struct ua_stack_counters counters;
    struct mbuf *rx;               /* the datagram being read */
    char tx[UA_MESSAGE_MAX];       /* the message being written */
    struct udp_shared *shared;
    struct ua_line **table;        /* lines by address and port */
    size_t table_size, n_lines;
    struct ssl_ctx_st *tls;        /* made by the first TLS line */
};

/* A non-INVITE client transaction (RFC 3261 17.1.2). A line has one at a time. */
struct client_tx {
    struct timer timer;
    char *bytes; /* NULL = none under way */
    size_t len;
    uint64_t deadline_ms; /* Timer F */
    uint32_t interval_ms; /* Timer E */
    uint32_t branch;
};

/* A server transaction that has been answered: the answer, kept for Timer J. */
struct server_tx {
    struct server_tx *next;
    struct ua_line *line;
    struct timer timer;
    uint64_t key;      /* branch, sent-by, method */
    uint64_t request;  /* Call-ID, CSeq, From tag: finds merged requests */
    size_t len;
    char bytes[];      /* complete response */
};

enum reg_step { STEP_IDLE, STEP_RESOLVING, STEP_CONNECTING, STEP_WAITING };

struct registration {
    enum ua_reg_state state;
    enum reg_step step;
    struct timer timer;          /* renewal or retry */
    struct resolver_query *query;
    struct sockaddr_in server;
    struct auth_client auth;
    char *reason, *redirect;
    uint64_t started_us;
    uint32_t expires_s;          /* asked for */
    uint32_t granted_s;
    uint32_t took_us;
    uint32_t cseq;
    uint16_t scode;
    uint8_t n_auth, n_redirects;
    bool challenged;
    bool stale;                  /* a stale nonce was replaced in this attempt */
    bool removing;               /* expires=0 is on its way */
    unsigned n_failures;         /* in a row, for the capped short interval */
    char server_text[24];
    char from_tag[TAG_SIZE];
    char call_id[CALL_ID_SIZE];
};

struct ua_line {
    struct ua_stack *stack;
    struct rng *rng;
    struct ua_line_config cfg;
    char *texts;                 /* what cfg's strings point into */
    const struct ua_line_handlers *h;
    void *arg;
    struct ua_line *hash_next;
    struct sockaddr_in local;
    uv_poll_t *poll;             /* own UDP socket; NULL in shared mode */
    struct udp_shared *shared;
    int fd;
    uint32_t lost; /* datagrams its own socket dropped */
    bool closed;
    struct tcp_sock *listener;
    struct stream *streams;      /* connections, own one first */
    struct stream *out;          /* to the server */
    struct client_tx tx;
    struct server_tx *answered;
    unsigned n_answered;
    struct registration reg;
};

/* transport.c */
int transport_open(struct ua_line *l);
void transport_close(struct ua_line *l);
int transport_send_udp(struct ua_line *l, const struct sockaddr_in *to, const char *data, size_t len);
struct ua_line *transport_find(const struct ua_stack *s, struct in_addr addr, uint16_t port);
void transport_stack_close(struct ua_stack *s);

/* stream.c: TCP and TLS */
int stream_listen(struct ua_line *l);
int stream_connect(struct ua_line *l, const struct sockaddr_in *to, const char *host);
int stream_send(struct stream *st, const char *data, size_t len);
void stream_close_all(struct ua_line *l);
/** Local port of the connection to the server, or the line's own port. */
uint16_t stream_local_port(const struct ua_line *l);
/** Events of the outgoing connection, for registration.c. */
void registration_connected(struct ua_line *l);
void registration_disconnected(struct ua_line *l, const char *reason);

/** Where a request came from and its answer goes. */
struct origin {
    struct sockaddr_in from;
    struct stream *stream; /* NULL = UDP */
};

/* receive.c: one message for one line */
void line_receive(struct ua_line *l, struct mbuf *mb, const struct origin *origin);

/* transaction.c */
int client_tx_start(struct ua_line *l, const char *data, size_t len, uint32_t branch);
void client_tx_stop(struct ua_line *l);
void server_tx_add(struct ua_line *l, uint64_t key, uint64_t request, const char *data, size_t len);
const struct server_tx *server_tx_find(const struct ua_line *l, uint64_t key);
bool server_tx_merged(const struct ua_line *l, uint64_t key, uint64_t request);
void server_tx_flush(struct ua_line *l);

/* uas.c */
struct verdict {
    uint16_t scode;
    const char *reason;
    const char *extra; /* header lines, NULL = none */
};

enum { UA_EXTRA_MAX = 512 };

/** The answer a request gets, wherever it came from: in this order it meets its fate. Pure. extra
 *  is for header lines of the verdict. */
struct verdict uas_judge(const struct ua_line_config *c, const struct raw_message *raw, bool stream,
                         char *extra, size_t size);
void uas_request(struct ua_line *l, const struct raw_message *raw, const struct origin *origin);

/* registration.c */
void registration_init(struct ua_line *l);
void registration_start(struct ua_line *l);
void registration_stop(struct ua_line *l);
void registration_remove(struct ua_line *l);
void registration_response(struct ua_line *l, const struct sip_msg *msg);
void registration_timeout(struct ua_line *l);
void registration_unreachable(struct ua_line *l, const char *reason);

#endif
