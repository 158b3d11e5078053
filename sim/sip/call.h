/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One call of a line: INVITE either way, its session, hold, transfer, end. What a call means to the
 * user is the phone's matter; here is what goes over the wire. sip-behaviour.md 2.6, 4, 5, 6.2.
 */
#ifndef SIM_SIP_CALL_H
#define SIM_SIP_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/sip/media.h"
#include "sim/sip/session.h"

struct ua_call;
struct ua_line;
struct media_source;

enum ua_call_state {
    UA_CALL_CALLING,  /* INVITE sent or about to be */
    UA_CALL_PROGRESS, /* 18x has come */
    UA_CALL_RINGING,  /* of an incoming one: not answered yet */
    UA_CALL_UP,
    UA_CALL_OVER,
};

struct ua_call_config {            /* of the extension; copied */
    struct session_config session; /* addr, port, codecs, id and version are filled in here */
    struct session_codec codecs[CODEC_COUNT];
    unsigned n_codecs;
    struct media_config media;   /* its rng and addr are filled in here */
    struct media_source *source; /* shared; NULL = silence */
    bool media_on;               /* --media; off: the session is agreed on, no packet is sent */
    bool srtp;                   /* Secure_Call_Setting with SRTP_Method s-descriptor */
    bool dtmf_info;              /* DTMF_Tx_Method INFO */
    bool sticky_183;
    bool rel100;         /* SIP_100REL_Enable */
    bool sdp_in_update;  /* false: 79xx, display updates only (4.1) */
    bool notify_1xx;     /* Ntfy_Refer_On_1xx-To-Inv */
    bool target_contact; /* Refer-To_Target_Contact */
    bool stats_in_bye;   /* Stats_In_BYE */
    bool hide_private;   /* a caller who asks for privacy is not shown */
    bool ob_in_dialog;   /* Use_OB_Proxy_In_Dialog, with an outbound proxy */
    uint32_t invite_expires_s, reinvite_expires_s; /* 0 = no header */
    uint32_t session_timer_s; /* Sim_Session_Timer: Session-Expires asked for; 0 = none, U-18 */
    uint32_t ring_limit_s;    /* Sim_Ring_Limit, U-15 */
    uint16_t ring_limit_scode;
    char dtmf_type[64];  /* DTMF_Relay_MIME_Type */
    char flash_type[64]; /* Hook_Flash_MIME_Type */
    char caller_id[32];  /* Caller_ID_Header: which headers name the caller, in this order */
};

enum ua_call_ev {
    UA_CALL_EV_PROGRESS, /* 18x: scode; early: there is media */
    UA_CALL_EV_UP,
    UA_CALL_EV_SESSION, /* hold of either side began or ended; scode: ours was refused */
    UA_CALL_EV_PEER,    /* who the other one is has changed (4.5) */
    UA_CALL_EV_DIGIT,
    UA_CALL_EV_REFERRED, /* the peer transfers us: text = Refer-To, text2 = Referred-By or NULL;
                            to be answered by ua_call_referred_progress(), a final one at last */
    UA_CALL_EV_TRANSFER, /* our REFER: 202 or what it was refused with, then what NOTIFYs say */
    UA_CALL_EV_PACKAGE,  /* NOTIFY in the dialog: text = "talk", "hold", "conference" (11) */
    UA_CALL_EV_OVER,     /* the last: scode and text say why; 0 and "" = it just ended */
};

struct ua_call_news { /* borrowed */
    enum ua_call_ev ev;
    uint16_t scode;
    bool early;
    bool remote; /* OVER: the other side did it */
    char digit;
    const char *text, *text2;
};

typedef void(ua_call_h)(struct ua_call *call, const struct ua_call_news *news, void *arg);

struct ua_call_party {
    char name[64], number[64]; /* "" = not told */
    char uri[160];             /* of From or To */
};

struct ua_call_info { /* borrowed */
    enum ua_call_state state;
    bool outgoing;
    bool holding;    /* we hold the peer */
    bool wants_hold; /* or are about to */
    bool held;       /* the peer holds us */
    bool secure;
    bool early;
    uint16_t scode; /* last response to or of its INVITE */
    struct ua_call_party peer;
    enum codec_id codec; /* CODEC_NONE = no session yet */
    uint16_t rtp_port;
    struct sockaddr_in rtp;
    const char *call_id;
};

struct ua_call_order {    /* an outgoing call; borrowed */
    const char *uri;      /* Request-URI and To */
    const char *from;     /* value of From without tag; NULL = the account */
    const char *identity; /* lines: Remote-Party-ID, Privacy; NULL = none */
    const char *extra;    /* lines: Replaces, Referred-By, Diversion …; NULL = none */
};

/**
 * Send an INVITE to the line's server. The handler hears of everything that follows.
 *
 * Errors  EINVAL a text with a line end, or no server; E2BIG the account is too long; ENOMEM;
 *         EADDRINUSE no RTP port left
 */
int ua_call_dial(struct ua_call **callp, struct ua_line *l, const struct ua_call_config *c,
                 const struct ua_call_order *o, ua_call_h *h, void *arg);

struct ua_call_offer {        /* of an incoming call, what the phone decides by; borrowed */
    const char *auto_answer;  /* "" = no; else the header that asks for it (5.4) */
    struct ua_call *replaces; /* NULL = none (RFC 3891) */
    bool anonymous;           /* no caller ID is given */
    unsigned appearance;      /* of a shared line, as Call-Info says; 0 = not told */
    char alert_info[128], diversion[128];
};

/** Take an incoming call, in the `called` handler of the line. Without it the call gets 480. The
 *  caller holds a reference. 0, or ENOTSUP: no common codec, it has been refused with 488. */
int ua_call_take(struct ua_call *call, const struct ua_call_config *c, ua_call_h *h, void *arg);

/** 180. */
void ua_call_ring(struct ua_call *call);

/** 200. EPROTO it is not ringing. */
int ua_call_answer(struct ua_call *call);

/** A final answer that is no success; early: header lines such as Contact and Diversion, or NULL.
 *  The handler is not called. */
void ua_call_refuse(struct ua_call *call, uint16_t scode, const char *early);

/** End it, whatever state it is in: CANCEL, 486 or BYE. The handler is not called. */
void ua_call_hang_up(struct ua_call *call);

/** Hold or resume by re-INVITE; queued behind one under way. EPROTO it is not up. */
int ua_call_hold(struct ua_call *call, bool hold);

/** Ask the peer to call refer_to, a URI for Refer-To (5.5). EPROTO not up. EALREADY. */
int ua_call_refer(struct ua_call *call, const char *refer_to, const char *referred_by);

/** NOTIFY of a package, without a body, in the dialog. EPROTO it is not up; ENOTCONN. */
int ua_call_notify(struct ua_call *call, const char *event);

/** Refer-To for an attended transfer to the peer of `to`: its URI with an escaped Replaces. */
int ua_call_replaces_uri(const struct ua_call *to, char *buf, size_t size);

/** How the call that a REFER asked for goes: NOTIFY with a sipfrag (5.5). Final ones end it. */
void ua_call_referred_progress(struct ua_call *call, uint16_t scode, const char *reason);

/** Send a digit by RFC 2833 or INFO. ENOTSUP neither; EPROTO not up. */
int ua_call_digit(struct ua_call *call, char digit, unsigned ms);

/** A hook flash by INFO (sip-behaviour.md 1.1 [UC]). EPROTO not up; ENOTCONN. */
int ua_call_flash(struct ua_call *call);

/** How it stands; info is valid until something happens to the call. */
void ua_call_info(const struct ua_call *call, struct ua_call_info *info);
/** False: there is no stream. */
bool ua_call_media(const struct ua_call *call, struct media_stats *st);
/** Three-way: each hears the other, too; without streams nothing happens. b NULL ends it. */
void ua_call_bridge(struct ua_call *a, struct ua_call *b);
/** As media_listen(); 0 without a stream. */
size_t ua_call_listen(const struct ua_call *call, uint32_t *at, int16_t *pcm, size_t n);
/** What it sends from now on; NULL = silence. A reference is taken. */
void ua_call_set_source(struct ua_call *call, struct media_source *source);

/** From now on another one hears of it. */
void ua_call_set_handler(struct ua_call *call, ua_call_h *h, void *arg);

/** The owner lets go: no handler runs any more, a call that is up ends. Drops the reference. */
struct ua_call *ua_call_release(struct ua_call *call);

/** Is any call of the line not over? */
bool ua_line_in_call(const struct ua_line *l);

#endif
