/* SPDX-License-Identifier: BSD-3-Clause */
/* The inside of a call, for the files call*.c, uas.c and their tests. */
#ifndef SIM_SIP_CALL_PRIV_H
#define SIM_SIP_CALL_PRIV_H

#include "sim/loop/timer.h"
#include "sim/sip/call.h"
#include "sim/sip/dialog.h"
#include "sim/sip/priv.h"

struct call_request; /* one of ours within the call, or its INVITE */

/** What became of a request. err 0: msg is a response, provisional ones included; else as
 *  client_tx_h, and msg is NULL. With a final response or an error r is freed when the handler
 *  returns, unless the handler has sent it again. */
typedef void(call_request_h)(struct ua_call *call, struct call_request *r, int err,
                             const char *reason, const struct sip_msg *msg);

struct call_request { /* in its call's list until it is answered */
    struct call_request *next;
    struct ua_call *call;
    struct client_tx *tx;  /* NULL = nothing is under way: paused, or the call waits */
    call_request_h *h;     /* NULL = nobody is told */
    const char *method;    /* static */
    char *after;           /* header lines behind Event; NULL = none */
    const char *body_type; /* static */
    char *body;            /* NULL = none */
    char *credentials;     /* as sent last; an ACK to a 2xx repeats them (RFC 3261 13.2.2.4) */
    size_t body_len;
    uint32_t expires; /* s, the Expires header; 0 = none */
    uint32_t cseq;    /* of the last sending */
    uint8_t n_auth;   /* challenges answered */
    uint8_t n_glare;  /* times put off by 491 */
    bool paused;      /* a timer will send it again */
};

enum { RTP_STAT_MAX = 256 };

enum call_offer {
    OFFER_NONE, /* no exchange is open */
    OFFER_SENT, /* ours awaits its answer */
    OFFER_OWED, /* the peer's awaits our answer */
};

struct ua_call {
    struct ua_call *next;
    struct ua_line *line; /* NULL = closed */
    ua_call_h *h;         /* NULL = nobody is told */
    void *arg;
    enum ua_call_state state;
    struct ua_call_config cfg;
    struct dialog dlg;
    struct ua_call_party peer;
    struct call_request *requests; /* ours under way */
    struct call_request *invite;   /* among them: the INVITE, or re-INVITE */
    struct server_tx *asked;       /* the peer's INVITE or re-INVITE, until its ACK */
    char *asked_bytes;             /* a copy of the INVITE while it has no final answer */
    size_t asked_len;
    uint32_t asked_cseq;    /* of it: what its ACK must have */
    struct timer timer;     /* one at a time: INVITE Expires, ring limit, glare */
    struct timer rel_timer; /* a reliable 18x of ours goes out again */
    struct timer se_timer;  /* session timer: refresh or end */
    struct media *media;
    struct call_nat *nat; /* NULL = nothing to do for its RTP port */
    char *texts;          /* what cfg points into */
    char *sdp;            /* ours, as sent last */
    uint8_t srtp_key[SESSION_KEY_BYTES];
    struct session_result session;
    enum call_offer offer;
    char *order_uri, *order_identity, *order_extra; /* struct ua_call_order, copied */
    char *redirect_text; /* Contacts of a 3xx, joined by commas; NULL = none */
    struct pl redirects; /* those of them still to try */
    char *ack;           /* of the 2xx, to be sent again when that comes again; NULL = none */
    size_t ack_len;
    struct sockaddr_in ack_to;
    struct call_request *refer, *update; /* ours under way */
    char *refer_event;                   /* Event of the NOTIFYs we owe a referrer; NULL = none */
    uint64_t up_ms;                      /* when it was answered; 0 = it was not */
    uint16_t port;                       /* of our RTP, even */
    uint16_t scode;                      /* last response to or of its INVITE */
    uint8_t n_redirects;      /* followed; from the first one on, the server list has no say */
    uint8_t n_again;          /* re-INVITEs put off in a row */
    uint32_t rseq;            /* RSeq of our reliable 180, until its PRACK; 0 = none is open */
    uint32_t rel_interval_ms; /* to its next retransmission */
    uint32_t peer_rseq;       /* RSeq of the last reliable 1xx that we have sent a PRACK for */
    uint32_t notify_seq;      /* REFERs of this dialog, which number their events */
    uint32_t expires_s;       /* session interval; 0 = the session has no end */
    uint32_t min_se_s;        /* largest Min-SE we have heard of */
    uint8_t n_raises;         /* 422 in a row */
    char timer_lines[80];     /* what call_timer_lines() returns */
    bool outgoing;            /* we sent its first INVITE */
    bool has_session;         /* offer and answer have been exchanged: session is valid */
    bool early;               /* the last 18x brought a session */
    bool holding, held;       /* by us, by the peer */
    bool want_hold;           /* what holding is to become */
    bool provisional;         /* a 1xx has come: CANCEL may go */
    bool answer_due;          /* the user has answered; the 200 waits for the STUN server */
    bool cancelling;          /* CANCEL has been sent, or goes out behind the first 1xx */
    bool bye_wanted;          /* BYE goes out behind the ACK */
    bool waiting;             /* the INVITE waits for a server, a connection or the STUN server */
    bool refresher;           /* of the session timer: we are */
    bool refresh_due;         /* a refresh is to be sent */
    bool peer_updates;        /* the peer's Allow lists UPDATE */
};

/* call.c */
/** A call in the line's list, which holds a reference of its own. Errors: ENOMEM. */
int call_alloc(struct ua_call **callp, struct ua_line *l, bool outgoing);
/** Tell the owner, if there still is one. The handler may drop the call. */
void call_tell(struct ua_call *call, const struct ua_call_news *news);
/** It is over: told once, media closed; the object stays for what is under way. */
void call_over(struct ua_call *call, bool remote, uint16_t scode, const char *text);
/** Nothing is under way any more: the line drops it. */
void call_settle(struct ua_call *call);
/** Make and send a request of the dialog; after and body of `like` are copied. NULL = it could not
 *  be sent. */
struct call_request *call_send(struct ua_call *call, const struct call_request *like);
/** Send it again, with credentials or elsewhere. Errors as client_tx_start(); E2BIG. */
int call_send_again(struct call_request *r);
/** Forget a request, whatever state it is in; its handler does not run. */
void call_request_free(struct call_request *r);
/** Answer to a challenge: true = it was sent again. */
bool call_challenged(struct call_request *r, const struct sip_msg *msg);
/** BYE; the call counts as over whatever is answered. */
void call_bye(struct ua_call *call);
/** The ACK of a 2xx to r, kept for when that 2xx comes again. */
void call_ack(struct ua_call *call, const struct call_request *r);
/** Whose dialog does the request belong to? NULL = no call's. */
struct ua_call *call_find(struct ua_line *l, const struct raw_message *raw);
void calls_end(struct ua_line *l); /* the line closes */
/** A 2xx to INVITE that no transaction waits for. */
void calls_late_2xx(struct ua_line *first, const struct sip_msg *msg);

/* call_out.c */

/** Send the first INVITE, or wait for what it needs: server, connection, STUN. */
void call_invite_start(struct ua_call *call);
/** The line has found its servers or connected (0), or could not. */
void calls_ready(struct ua_line *l, int err, const char *reason);
/** Take the INVITE back: CANCEL now, or behind the first 1xx. */
void call_cancel(struct ua_call *call);
/** Its next INVITE is outside the early dialog that answers to this one began. */
void call_leave_early_dialog(struct ua_call *call);

/* call_in.c */

/** An INVITE outside dialogs: a new call, or the refusal. */
void call_invited(struct ua_line *l, struct server_tx *st, const struct raw_message *raw);
/** The ACK of a 2xx of ours, perhaps with the answer to our offer. */
void call_acknowledged(struct ua_call *call, const struct raw_message *raw);
/** The CANCEL of an INVITE that is still pending has been answered. */
void call_cancelled(struct ua_line *l, const struct server_tx *invite);
/** A 2xx to the peer's INVITE is out: without an ACK within Timer H the call ends. */
void call_await_ack(struct ua_call *call, struct server_tx *st);
/** Answer the INVITE that is kept in asked_bytes, provisionally or for good. */
void call_reply(struct ua_call *call, const struct uas_reply *r);
/** A PRACK (RFC 3262): of our reliable 180, or 481. */
void call_pracked(struct ua_call *call, struct server_tx *st, const struct raw_message *raw);

/* call_dialog.c */

/** A request of the call's dialog, whatever its method. */
void call_request(struct ua_call *call, struct server_tx *st, const struct raw_message *raw);
/** Bring what is agreed on to what is wanted, when nothing is under way. */
void call_sync(struct ua_call *call);
/** How long to wait after 491 (4.3). */
uint32_t call_glare_ms(const struct ua_call *call);

/* call_timer.c */

/** True: its Session-Expires is too short, it has been refused with 422. */
bool call_timer_refused(const struct ua_line *l, struct server_tx *st,
                        const struct raw_message *raw, const char *to_tag);
/** A request of the peer is accepted: what the answer says of the timer, "" = nothing. */
void call_timer_agree(struct ua_call *call, const struct raw_message *raw, char *lines,
                      size_t size);
/** Header lines for an INVITE or UPDATE of ours; NULL = none. */
const char *call_timer_lines(struct ua_call *call);
/** A 2xx to those. */
void call_timer_answered(struct ua_call *call, const struct sip_msg *msg);
/** A 422: true = ask again for longer. */
bool call_timer_raised(struct ua_call *call, const struct sip_msg *msg);

/* call_nat.c */

/** The media is open: the address and port to show, as far as known; a STUN server is asked. */
void call_nat_open(struct ua_call *call);
/** Neither asking nor keep-alives any more. */
void call_nat_close(struct ua_call *call);
/** Wait with the first description; call_invite_start() comes again. */
bool call_nat_asking(const struct ua_call *call);
/** A STUN message came to the RTP port. */
void call_nat_receive(struct ua_call *call, const char *data, size_t len);

/* call_session.c */

/** Copy the configuration, texts included. Errors: ENOMEM. */
int call_configure(struct ua_call *call, const struct ua_call_config *c);
/** Choose the RTP port and open it where media are on. Errors as media_alloc(). */
int call_media_open(struct ua_call *call);
/** No packet leaves any more, and nobody asks the STUN server. */
void call_media_close(struct ua_call *call);
/** Our description for an offer, in call->sdp. Length, 0 = none. */
size_t call_offer(struct ua_call *call, enum session_dir dir);
/** Judge an offer and write the answer to call->sdp. EBADMSG, EPROTO: 488. */
int call_answer(struct ua_call *call, const struct pl *offer);
/** The same without changing anything. */
int call_can_answer(const struct ua_call *call, const struct pl *offer);
/** Take the answer to our offer. */
int call_take_answer(struct ua_call *call, const struct pl *answer);
/** P-RTP-Stat, of a call that was up and is to tell (5.5); else "". Returns buf. */
const char *call_rtp_stat(const struct ua_call *call, char *buf, size_t size);
/** Does a Content-Type say application/sdp? */
bool is_sdp(const struct pl *content_type);
struct pl call_body(const struct sip_msg *msg); /* of a response, as Content-Length says */

/* call_party.c; order: Caller_ID_Header, which headers name a party, the first that is there wins
 */

/** By the INVITE; From where the others are not there. */
void party_from_raw(struct ua_call_party *p, const struct raw_message *raw, const char *order);
/** By a request of the dialog; From does not count. True: it is another one now. */
bool party_from_update(struct ua_call_party *p, const struct raw_message *raw, const char *order);
/** By a response; From, which is ours, does not count. False: it names nobody. */
bool party_from_response(struct ua_call_party *p, const struct sip_msg *msg, const char *order);

/* call_refer.c */

/** A REFER outside dialogs (click to dial): the owner of the line hears of it. */
void call_referred(struct ua_line *l, struct server_tx *st, const struct raw_message *raw);
/** A REFER in the call: its owner hears of it. */
void call_refer_asked(struct ua_call *call, struct server_tx *st, const struct raw_message *raw);
/** A NOTIFY about a REFER of ours. */
void call_refer_notified(struct ua_call *call, struct server_tx *st, const struct raw_message *raw);

#endif
