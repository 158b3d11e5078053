/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A line with calls and the other end of them, which says word by word what a test tells it to:
 * every message of the phone is kept and read in order. Virtual clock, no media.
 */
#ifndef TESTS_SUPPORT_CALLRIG_H
#define TESTS_SUPPORT_CALLRIG_H

#include "sim/sip/call.h"
#include "tests/support/rig.h"

enum { CALLRIG_LOG = 96 };

#define CALLRIG_TAG "peer"
#define SDP_TYPE    "Content-Type: application/sdp\r\n"

struct callrig_news { /* of the call layer, texts copied */
    enum ua_call_ev ev;
    uint16_t scode;
    bool early, remote;
    char digit, text[200], text2[200];
};

struct callrig {
    struct rig rig;
    struct ua_call_config cfg; /* to be changed before callrig_line() */
    struct ua_line_handlers handlers;
    struct ua_call *call; /* the last one dialled or taken */
    struct ua_call *last_referred;
    struct ua_call_offer offer; /* of the last incoming one; its texts are gone */
    unsigned n_offers, n_referred;
    bool leave;          /* incoming calls are not taken */
    bool answer_at_once; /* and answered before the handler returns */
    uint16_t refuse;     /* or refused with this; 0 = no */
    bool deaf;           /* the peer loses everything */

    char *got[CALLRIG_LOG]; /* what the phone sent */
    uint64_t at_ms[CALLRIG_LOG];
    struct udp_peer *where[CALLRIG_LOG];
    unsigned n_got, n_read;

    struct callrig_news news[CALLRIG_LOG];
    unsigned n_news, n_heard;

    struct udp_peer *second; /* another server or Contact; NULL until callrig_second() */

    /* the dialog as the peer sees it */
    char call_id[128], local[256], remote[256], uri[256], contact[128], routes[400];
    unsigned cseq, branch;
};

/** Everything but the line; cfg of both is ready to be changed. Returns 0 or errno. */
int callrig_open(struct callrig *c);
int callrig_line(struct callrig *c);
void callrig_close(struct callrig *c);

/** A second UDP peer whose messages are kept, too. Returns its port. */
uint16_t callrig_second(struct callrig *c);

/** Dial sip:1002 at the proxy; o may be NULL. 0 or errno. */
int callrig_dial(struct callrig *c, const struct ua_call_order *o);

/** The next message of the phone that was not read yet, when it begins so; else NULL. A little
 *  virtual time passes. */
const char *callrig_next(struct callrig *c, const char *start);

/** The same, but it may take so long to come. */
const char *callrig_await(struct callrig *c, const char *start, uint64_t ms);

/** Nothing comes within so much time. */
bool callrig_quiet(struct callrig *c, uint64_t ms);

/** When the message that was read last came, ms on the clock. */
uint64_t callrig_when(const struct callrig *c);

/** Answer a request: extra are header lines, body is SDP unless extra has a Content-Type. NULL =
 *  none. tag NULL = no To tag is added. */
void callrig_reply(struct callrig *c, const char *request, const char *status, const char *tag,
                   const char *extra, const char *body);

/** Take the dialog that this INVITE of the phone made, and that the peer answers by its tag. */
void callrig_join(struct callrig *c, const char *invite);

/** A new INVITE to the phone, the dialog's first request. */
void callrig_invite(struct callrig *c, const char *extra, const char *body);

/** From the answer of the phone: its tag and Contact. */
void callrig_learn(struct callrig *c, const char *response);

/** A request of the dialog. ACK and CANCEL take the CSeq of the last INVITE. */
void callrig_request(struct callrig *c, const char *method, const char *extra, const char *body);
void callrig_request_cseq(struct callrig *c, const char *method, unsigned cseq, const char *extra,
                          const char *body);

/** ACK with the branch of the last request, as of a refusal. */
void callrig_ack_in_transaction(struct callrig *c);

/** Whatever bytes, from the peer. */
void callrig_send(struct callrig *c, const char *text);

/** The next piece of news, when it is this one; else NULL. */
const struct callrig_news *callrig_heard(struct callrig *c, enum ua_call_ev ev);

/** One header line of a message as "Name: value"; "" = none. Good until the next few calls. */
const char *callrig_header(const char *message, const char *name);

/** A whole call: INVITE, 180, 200, ACK, all read. False when a step was missing. */
bool callrig_call_out(struct callrig *c);
bool callrig_call_in(struct callrig *c);

/** SDP of the peer: PCMU at 127.0.0.1:4000, with these lines more; static. */
const char *callrig_sdp(const char *extra);

#endif
