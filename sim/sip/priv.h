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
#include "sim/sip/server_list.h"
#include "sim/sip/stack.h"

struct loop;
struct resolver;
struct resolver_query;
struct ua_line;
struct ua_call;
struct stream;

enum {
    SERVER_TEXT = 24, /* "255.255.255.255:65535" */
    CREDENTIALS_MAX = 1024,
    UA_MESSAGE_MAX = 8192, /* sip-behaviour.md 13 U-21 [DEF]; longer ones are refused */
};

struct udp_own { /* the socket of an extension, or of all extensions that name the same SIP_Port */
    uv_poll_t poll;
    struct ua_line *line; /* one of them */
    int fd;
    uint32_t n_lost; /* datagrams the kernel dropped */
    unsigned n_lines;
};

struct udp_shared { /* one wildcard socket of --sockets shared */
    struct udp_shared *next;
    struct ua_stack *stack;
    uv_poll_t poll;
    int fd;
    int lock_fd; /* an abstract unix socket: no other farm may use the port */
    uint16_t port;
    uint32_t n_lost; /* datagrams the kernel dropped */
    unsigned n_lines;
};

struct ua_stack {
    struct loop *lp;
    struct resolver *dns;
    struct ua_stack_config cfg;
    char *ca_file;
    struct ua_stack_counters counters;
    struct mbuf *rx;         /* the datagram being read */
    char tx[UA_MESSAGE_MAX]; /* the message being written */
    struct udp_shared *shared;
    struct ua_line **table; /* lines by address and port */
    size_t table_size, n_lines;
    uint32_t last_stream;   /* numbers connections */
    struct ssl_ctx_st *tls; /* made by the first TLS line */
};

enum nat_kind { /* the manual's words are in nat.c */
                NAT_UNTESTED,
                NAT_UNKNOWN,
                NAT_NOT_REACHABLE,
                NAT_NOT_RESPONDING,
                NAT_OPEN,
                NAT_FIREWALL, /* symmetric */
                NAT_FULL_CONE,
                NAT_RESTRICTED,
                NAT_SYMMETRIC,
};

struct client_tx;

/**
 * What a client transaction came to. err 0: msg is a response, provisional ones included;
 * ETIMEDOUT: Timer B or F; else what the network said, in words in reason. A final response or an
 * error is the last call, tx is gone when it returns.
 */
typedef void(client_tx_h)(struct client_tx *tx, int err, const char *reason,
                          const struct sip_msg *msg, void *arg);

/* A client transaction (RFC 3261 17.1), in its line's list. */
struct client_tx {
    struct client_tx *next;
    struct ua_line *line;
    struct timer timer;
    client_tx_h *h;
    void *arg;
    struct sockaddr_in to;
    uint64_t deadline_ms; /* Timer B or F */
    uint32_t interval_ms; /* Timer A or E */
    uint32_t branch, cseq;
    bool invite;
    bool completed; /* a refused INVITE: bytes are its ACK, nobody is told any more */
    bool limited;   /* client_tx_limit(): a provisional answer changes nothing any more */
    size_t len;
    char bytes[]; /* the request */
};

struct client_request { /* borrowed */
    const struct sockaddr_in *to;
    const char *data;
    size_t len;
    uint32_t branch, cseq; /* as written in it */
};

/* A server transaction, in its line's list until Timer J, or I, or H ends it. */
struct server_tx {
    struct server_tx *next;
    struct ua_line *line;
    struct timer timer;
    uint64_t key;            /* hash of branch, sent-by, method: the transaction (17.2.3) */
    uint64_t request;        /* hash of Call-ID, CSeq, From: finds merged requests (8.2.2.2) */
    struct sockaddr_in to;   /* where answers go over UDP */
    struct sockaddr_in from; /* where it came from */
    uint32_t stream;         /* the connection it came by; 0 = UDP */
    uint32_t interval_ms;    /* Timer G */
    uint64_t deadline_ms;    /* Timer H */
    bool invite;
    bool pending;               /* no final answer yet */
    void (*unacked)(void *arg); /* told that no ACK came to a 2xx; NULL = nobody is */
    void *arg;
    size_t len;
    char *bytes; /* the last response */
};

struct server_request {
    uint64_t key, request;
    struct sockaddr_in to, from;
    uint32_t stream;
    bool invite;
};

enum reg_step {                  /* what an attempt to register waits for */
                STEP_IDLE,       /* none is under way */
                STEP_MAPPING,    /* the STUN server */
                STEP_RESOLVING,  /* DNS */
                STEP_CONNECTING, /* TCP or TLS */
                STEP_WAITING,    /* the answer to REGISTER */
};

struct registration {
    enum ua_reg_state state;
    enum reg_step step;
    struct timer timer;   /* renewal or retry */
    struct client_tx *tx; /* REGISTER under way, NULL = none */
    struct resolver_query *query;
    struct sockaddr_in server;
    struct auth_client auth;
    char *reason;        /* why the last attempt failed; NULL = it did not, or nothing was said */
    char *redirect;      /* host[:port] of a 3xx that is followed; NULL = none */
    uint64_t started_us; /* when this attempt began */
    uint64_t since_us;   /* when the last one ended */
    uint32_t expires_s;  /* asked for */
    uint32_t granted_s;  /* what the registrar made of it; 0 = not registered */
    uint32_t took_us;    /* the last attempt */
    uint32_t cseq;       /* of the last REGISTER */
    uint16_t scode;      /* last final status; 0 = none came */
    uint8_t n_auth;      /* challenges answered in this attempt, stale ones aside */
    uint8_t n_redirects; /* followed in this attempt */
    uint8_t n_rounds;    /* answers in this attempt */
    bool challenged;     /* in this attempt */
    bool removing;       /* expires=0 is on its way */
    unsigned n_failures; /* in a row, for the capped short interval */
    char server_text[SERVER_TEXT];
    char from_tag[TAG_SIZE];
    char call_id[CALL_ID_SIZE];
};

struct server_find;
struct keepalive;
struct nat;
struct nat_probe;

struct line_servers {         /* of one line, servers.c */
    struct server_list *list; /* NULL = not found yet */
    struct server_find *find; /* question under way */
    struct timer timer;       /* fallback outside renewals */
    uint64_t fresh_until_ms;  /* phone time; the list is asked for again after that */
    uint64_t since_ms;        /* phone time of the last move, 0 = none */
    bool fallback_due;        /* waits for the end of the call */
    bool falling_back;        /* the REGISTER under way goes to a better server */
    char left[SERVER_TEXT];   /* the one it leaves */
    char why[48];
};

struct ua_line {
    struct ua_stack *stack;
    struct rng *rng;
    struct ua_line_config cfg;
    char *texts;   /* what cfg's strings point into */
    char *records; /* Proxy with its records; cfg.proxy is host[:port] alone; NULL = the same */
    const struct ua_line_handlers *h;
    void *arg;
    struct ua_line *hash_next;
    struct sockaddr_in local;
    struct udp_own *own; /* NULL in shared mode and over TCP */
    struct udp_shared *shared;
    int fd;
    bool closed;
    struct tcp_sock *listener;
    struct stream *streams; /* connections, own one first */
    struct stream *out;     /* to the server */
    struct client_tx *txs;  /* requests of ours under way */
    struct ua_subscription *subscriptions;
    struct ua_call *calls;
    struct server_tx *answered;
    unsigned n_answered;
    struct registration reg;
    struct line_servers servers;
    struct challenger *challenger; /* made by the first challenge */
    struct keepalive *keepalive;   /* NULL = off */
    struct nat *nat;               /* NULL = the line shows what it is */
};

/** Is this the line's User_ID or Shared_User_ID? (3.1, U-8) */
bool line_has_user(const struct ua_line_config *c, const struct pl *user);

/* transport.c */

/** Open the line's socket, or for TCP and TLS its listener; nothing where another extension of the
 *  phone has it open already. Errors: EADDRINUSE, also: another phone has the port; ENOMEM;
 *  what the kernel says. */
int transport_open(struct ua_line *l);
/** Close it, and all connections; an extension that shared the port goes on with it. */
void transport_close(struct ua_line *l);
/** Send a SIP message over UDP. A datagram that gets lost on its way out counts as sent. Errors:
 *  ECONNREFUSED, ENETUNREACH … of the kernel. */
int transport_send_udp(struct ua_line *l, const struct sockaddr_in *to, const char *data,
                       size_t len);
/** The same for what is no SIP: neither counted as a message nor traced. */
int transport_send_quiet(struct ua_line *l, const struct sockaddr_in *to, const char *data,
                         size_t len);
/** The first line open at this one's address and port (it may be another, or NULL), and the next.
 */
struct ua_line *transport_first(const struct ua_line *l);
struct ua_line *transport_sibling(const struct ua_line *l);
/** Close the shared sockets; no line is open any more. */
void transport_stack_close(struct ua_stack *s);

/* servers.c: where the line's requests go */

/** Ask for the list; ends in registration_servers(). Errors as server_find(). */
int servers_find(struct ua_line *l);
/** Is there a list that need not be asked for again? */
bool servers_fresh(const struct ua_line *l);
/** The best one that is UP; NULL = no list yet. */
const struct server_entry *servers_current(const struct ua_line *l);
/** Mark the current one DOWN. True: there is another, the line moved to it. False: wait. */
bool servers_fail(struct ua_line *l, const char *why);
/** A renewal is due: it may go back to a better server (2.7). */
void servers_renew(struct ua_line *l);
/** The current one has accepted a REGISTER. */
void servers_succeed(struct ua_line *l);
/** A call has moved to the current server: the registration follows or stays (2.6). */
void servers_follow(struct ua_line *l);
/** No call is up any more: a fallback may have waited for that (2.7). */
void servers_idle(struct ua_line *l);
uint32_t servers_since_s(const struct ua_line *l);
const char *servers_print(const struct server_entry *e, char *buf, size_t size);
void servers_close(struct ua_line *l);

/* registration.c; see below for its life */

/** The list is there (err 0), or why not. */
void registration_servers(struct ua_line *l, int err);
/** A call has moved the line to another server: register there now (2.6). */
void registration_move(struct ua_line *l);
/** A registered line registers again now, out of turn. */
void registration_renew(struct ua_line *l);

/* nat.c: what the line shows, see nat.h */

/** Errors: ENOMEM. Before anything is sent. */
int nat_open(struct ua_line *l);
void nat_close(struct ua_line *l);
/** A REGISTER is due: ask the STUN server first? True: registration_mapped() comes later. */
bool nat_ask(struct ua_line *l);
/** A REGISTER with the Contact of now is on its way; what it said, afterwards. */
void nat_registering(struct ua_line *l);
struct sockaddr_in nat_registered(const struct ua_line *l);
/** A response to a request of the line; when it was dealt with, nat_settle() follows. */
void nat_learn(struct ua_line *l, const struct sip_msg *msg);
/** Register again now when the registrar knows another Contact. */
void nat_settle(struct ua_line *l);
/** The STUN server has been asked; mapped NULL: no answer. */
void nat_probed(struct ua_line *l, const struct sockaddr_in *mapped, enum nat_kind type);
struct nat_probe *nat_probe_of(const struct ua_line *l);
/** The STUN server that told the mapping in use; NULL = none did. */
const struct sockaddr_in *nat_stun_server(const struct ua_line *l);

/* nat_probe.c: asking it, on the line's own socket */

/** test: find the type, too. Ends in nat_probed(). Errors: ENOMEM; EINVAL no such server text. */
int nat_probe_start(struct nat_probe **pp, struct ua_line *l, bool test);
/** The server that is asked. */
struct sockaddr_in nat_probe_server(const struct nat_probe *p);
/** NULL is fine. Returns NULL. */
struct nat_probe *nat_probe_stop(struct nat_probe *p);
/** A STUN message came for a line at first's address and port; the network refused one of ours. */
void nat_probe_receive(struct ua_line *first, const char *data, size_t len);
void nat_probe_unreachable(struct ua_line *first, const char *data, size_t len);

/* keepalive.c */
void keepalive_close(struct ua_line *l);

/* stream.c: TCP and TLS */

/** Listen at the line's address and port. Errors: what libre says. */
int stream_listen(struct ua_line *l);
/** Connect to the line's server, whose certificate must be for host. Ends in
 *  registration_connected() or registration_disconnected(). Errors: EADDRINUSE no port is left
 *  between SIP_TCP_Port_Min and Max; ENOMEM; ENOENT no CA file; what the kernel says. */
int stream_connect(struct ua_line *l, const struct sockaddr_in *to, const char *host);
/** Errors: ENOTCONN it is not there yet, or gone; ENOMEM; what libre says. */
int stream_send(struct stream *st, const char *data, size_t len);
/** A connection by the number it has for as long as it lives; 0 is none. */
uint32_t stream_id(const struct stream *st);
/** Send by a connection of the line. Errors: ENOTCONN it is gone; as stream_send(). */
int stream_send_id(struct ua_line *l, uint32_t id, const char *data, size_t len);
/** All connections of the line; of a line that closes its listener, too. */
void stream_close_all(struct ua_line *l);
/** End the connection to the server without a word to the registration. */
void stream_leave(struct ua_line *l);
/** Both ends of a connection. */
void stream_ends(const struct stream *st, struct sockaddr_in *local, struct sockaddr_in *remote);
/** Local port of the connection to the server, or the line's own port. */
uint16_t stream_local_port(const struct ua_line *l);

/* credentials.c */

/** Authorization of a request of the line's: the last challenge, whichever request it came for (one
 *  cache for all, 10 [T]). False: none yet, or it does not fit. */
bool line_credentials(struct ua_line *l, const char *method, const char *uri,
                      char buf[CREDENTIALS_MAX]);

/** Where a message came from and its answer goes. */
struct origin {
    struct sockaddr_in from;
    struct stream *stream; /* NULL = UDP */
};

/* receive.c: one message for one line */

/** Tell the owner of a message as it travels; st NULL: by UDP, and remote is the other end. */
void line_trace(const struct ua_line *l, bool sent, const struct stream *st,
                const struct sockaddr_in *remote, const char *data, size_t len);
/** One whole message, or a STUN message, came to l's address and port; whose it is among the lines
 *  there, is found out here. */
void line_receive(struct ua_line *l, struct mbuf *mb, const struct origin *origin);

/* transaction.c */

/** Send a request and see to its retransmissions. Errors: ENOMEM; what the first sending met. */
int client_tx_start(struct client_tx **txp, struct ua_line *l, const struct client_request *r,
                    client_tx_h *h, void *arg);
/** Give up without a word; the handler will not run. NULL is fine. Returns NULL. */
struct client_tx *client_tx_stop(struct client_tx *tx);
/** Among all lines at first's address and port, the one of this branch and method; NULL = none. */
struct client_tx *client_tx_find(struct ua_line *first, const struct pl *branch,
                                 const struct pl *method);
/** No final answer within ms from now ends it (ETIMEDOUT): for an INVITE that was cancelled. */
void client_tx_limit(struct client_tx *tx, uint32_t ms);
/** A response to it. */
void client_tx_response(struct client_tx *tx, const struct sip_msg *msg);
/** The network refused its last datagram. */
void client_tx_unreachable(struct client_tx *tx, const char *reason);

/* server_tx.c */

/** A request that is about to be answered; NULL = no memory. */
struct server_tx *server_tx_add(struct ua_line *l, const struct server_request *r);
/** Send a response, and keep it. After a final one st lives until Timer J; of INVITE, until the
 *  ACK and Timer I, or Timer H, when unacked() is called. */
void server_tx_send(struct server_tx *st, const char *data, size_t len, uint16_t scode);
/** The request has come again: the last response goes where it came from this time. */
void server_tx_again(struct server_tx *st, const struct server_request *r);
/** The last response once more; nothing when there was none. */
void server_tx_resend(struct server_tx *st);
/** Its ACK has come. */
void server_tx_acked(struct server_tx *st);
/** As if it had never come: it is not answered. */
void server_tx_drop(struct server_tx *st);
/** NULL = none of this key. */
struct server_tx *server_tx_find(const struct ua_line *l, uint64_t key);
/** Has the same request come before on another way (RFC 3261 8.2.2.2)? */
bool server_tx_merged(const struct ua_line *l, uint64_t key, uint64_t request);
/** All of the line, without a word. */
void server_tx_flush(struct ua_line *l);

/* uas.c, notify.c: what a request is worth */
struct verdict {
    uint16_t scode;
    const char *reason;
    const char *extra; /* header lines, NULL = none */
};

enum { UA_EXTRA_MAX = 512 };

/** The answer a request gets, wherever it came from: in this order it meets its fate. Pure. extra
 *  is for header lines of the verdict. scode 0: a NOTIFY, INVITE or REFER outside dialogs; 481:
 *  perhaps there is a dialog. */
struct verdict uas_judge(const struct ua_line_config *c, const struct raw_message *raw, bool stream,
                         char *extra, size_t size);
/** Credentials of the request for this line's account; false: v is the challenge or refusal. */
bool line_authenticated(struct ua_line *l, const struct raw_message *raw, const char *method,
                        struct verdict *v, char *extra, size_t size);
/** Allow-Events of a 489. */
void notify_bad_event(const struct ua_line *l, char *extra, size_t size);
/** What a NOTIFY out of dialogs is worth; the phone and perhaps its password decide. */
struct verdict notify_judge(struct ua_line *l, const struct raw_message *raw, char *extra,
                            size_t size);
/** After the answer went out. The line may be closed by it. */
void notify_tell(struct ua_line *l, const struct raw_message *raw, const struct origin *origin,
                 uint16_t scode);

/* subscription.c */
struct ua_subscription;
/** The line closes: what is left of them stays with its owner and does nothing more. */
void subscriptions_end(struct ua_line *l);
/** Whose dialog is this NOTIFY of? NULL = no subscription's. */
struct ua_subscription *subscription_find(struct ua_line *l, const struct raw_message *raw);
/** What a NOTIFY of it is worth; 200 takes its CSeq. */
uint16_t subscription_judge(struct ua_subscription *s, const struct raw_message *raw);
/** Its NOTIFY has been answered with 200: the owner hears of it, and may drop s. */
void subscription_notified(struct ua_subscription *s, const struct raw_message *raw);

/* uas.c: requests are answered */

/** A request has come for the line: judged, answered, acted upon. It may close the line. */
void uas_request(struct ua_line *l, const struct raw_message *raw, const struct origin *origin);

struct uas_reply { /* texts NULL = left out */
    uint16_t scode;
    const char *reason; /* NULL = the usual */
    const char *to_tag; /* of the dialog; NULL = a new one */
    bool dialog;        /* Record-Route and Contact belong to it */
    const char *early;  /* lines where Contact is */
    const char *extra;  /* lines behind Server */
    const char *body_type, *body;
    size_t body_len;
};

/** Answer a request. False: it cannot be answered, st is gone. */
bool uas_reply(struct server_tx *st, const struct raw_message *raw, const struct uas_reply *r);

/* registration.c */

/** Call-ID, From tag and first CSeq of the line's REGISTERs. */
void registration_init(struct ua_line *l);
/** Begin to register, where the line is to. */
void registration_start(struct ua_line *l);
/** Give up whatever is under way, without a word on the wire. */
void registration_stop(struct ua_line *l);
/** Take the binding back (Expires 0); the end of it is told as UA_REG_OFF. */
void registration_remove(struct ua_line *l);
/** The STUN server has been asked: the REGISTER that waited for it goes out. */
void registration_mapped(struct ua_line *l);
/** The connection to the server is there; it is gone, or could not be made. */
void registration_connected(struct ua_line *l);
void registration_disconnected(struct ua_line *l, const char *reason);
client_tx_h registration_answer; /* to its REGISTER */

#endif
