/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The calls of a phone: which there are, which one the user means, what each is doing. For the
 * files of this folder. sip-behaviour.md 5; devices.md 4, 6.3.
 */
#ifndef SIM_PHONE_CALLS_H
#define SIM_PHONE_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/loop/timer.h"
#include "sim/phone/dialplan.h"
#include "sim/phone/event.h"

struct fetch;
struct key_entry;
struct media_source;
struct ua_call;
struct ua_call_config;
struct ua_call_news;
struct ua_call_offer;
struct phone;
struct phone_line;
struct phone_post_dial;
struct screen;

enum phone_call_state {
    PHONE_CALL_CALLING,
    PHONE_CALL_PROGRESS,
    PHONE_CALL_RINGING,
    PHONE_CALL_CONNECTED,
    PHONE_CALL_HOLDING, /* we hold it */
    PHONE_CALL_ENDED,   /* its reason is still on the screen */
};

/* 5.4: each line key holds two calls (AG p. 33), or as Call_Appearance_Per_Line says */
enum { CALLS_PER_KEY = 2, CALLS_PER_KEY_MAX = 10 };

struct phone_call {
    struct phone_call *next;
    struct phone *ph;
    struct ua_call *ua; /* NULL = over */
    struct timer timer; /* no answer: forward; over: leaves the screen; transfer: BYE */
    enum phone_call_state state;
    unsigned id, line, key; /* line and key from 1; key 0 = the phone has none */
    bool outgoing, was_connected;
    bool gone;                /* over, with nothing to be read: off the screen already */
    uint8_t appearance;       /* of a shared line, from 1; 0 = none, or not told */
    bool may_move;            /* an INVITE that may be sent to the alternate, too (2.8) */
    uint8_t attempt;          /* 1 = it was */
    bool transferring;        /* our REFER is under way, or waits for the hold */
    char *refer_to;           /* of the REFER that waits; NULL = none */
    bool given_away;          /* transferred: whoever ends it, nobody is told */
    bool target_held;         /* the target of a transfer: its hold is under way, then the REFER */
    bool conference;          /* one of the two that talk to each other and to us */
    bool call_back;           /* outgoing, but it rings here until somebody picks it up */
    bool wants_conference;    /* the consultation is for that, not for a transfer */
    bool consultation;        /* made to transfer `about` to it */
    bool complete;            /* transfer as soon as it is answered */
    struct phone_call *about; /* the call it was made for; NULL = none (or gone) */
    struct ua_call *referrer; /* who asked for this call, to be told how it goes */
    uint16_t scode;           /* why it ended */
    uint64_t since_ms;        /* when it was answered, else when it began */
    uint64_t placed_us;
    uint64_t ended_ms;
    char number[64], name[64], reason[64];
    struct phone_post_dial *post_dial; /* digits for when it is answered; NULL = none */
    struct fetch *lookup;              /* of the caller's name; NULL = none under way */
    uint16_t wishes;                   /* enum call_wish */
    const char *tag;                   /* of the call history: "Fwd", "Xfr"; "" = none (6.3) */
    char diverted_by[64];              /* Display_Diversion_Info; "" = nobody */
    const char *cti_state;             /* last told to a controller; NULL = nothing yet */
    const char *tone;                  /* "busy", "reorder", "sit1" … while over; NULL = none */
};

enum call_wish { /* of one call, by star codes (devices.md 11.4) */
                 CALL_HIDES = 1 << 0,
                 CALL_SHOWS = 1 << 1, /* who calls */
                 CALL_SECURE = 1 << 2,
                 CALL_CLEAR = 1 << 3,
                 CALL_WAITS = 1 << 4,
                 CALL_ALONE = 1 << 5,     /* no call waiting meanwhile */
                 CALL_ONE_CODEC = 1 << 6, /* none but the one that is wished */
                 CALL_CODEC = 1 << 8,     /* times enum codec_id: comes first; 0 = as ever */
};

enum input_mode {
    INPUT_NUMBER,
    INPUT_BLIND_TRANSFER,
    INPUT_ATTENDED_TRANSFER,
    INPUT_CONFERENCE,
    INPUT_PAGE, /* whoever is called answers by himself */
    INPUT_PARK, /* a code of the server's goes before the number */
    INPUT_PICKUP,
    INPUT_GROUP_PICKUP,
    INPUT_UNPARK,
    INPUT_CFWD_ALL, /* nothing is called */
    INPUT_CFWD_BUSY,
    INPUT_CFWD_NO_ANSWER,
};

struct phone_input { /* off hook, entering a number */
    bool open;
    uint8_t n_stars; /* of the four that open the voice menu; more = something else was pressed */
    enum input_mode mode;
    unsigned line;
    unsigned key; /* line key the call will be on; 0 = the phone has none */
    struct dialplan *plan;
    struct dialplan_input in;
    struct timer timer;
    uint64_t key_ms;          /* of the last key */
    struct phone_call *about; /* the call to be transferred */
    uint8_t right;            /* characters behind the cursor */
    struct key_entry *alpha;  /* letters are entered, or an address; NULL = digits are */
};

struct phone_calls {         /* made by the first call */
    struct phone_call *list; /* oldest first */
    unsigned last_id;
    struct phone_input input;
    struct media_source *source; /* Sim_Media_Source, as read last */
    char *source_text;
    uint16_t wishes;      /* enum call_wish, of the call to come */
    char last_number[64]; /* redial */
    char last_caller[64]; /* call return: *69 */
    char last_missed[64]; /* its soft key (devices.md 5.3) */
    unsigned n_missed;
    unsigned walked; /* id of the call that the rocker went to; 0 = none, or it has changed since */
    unsigned shown;  /* id of the call that toggle chose among its like; 0 = the first */
    struct phone_call_back *back; /* tries to reach somebody; NULL = nobody */
    struct phone_call_last *last; /* the call that was up last; NULL = none was */
    struct phone_traffic rtp;     /* of those that are over; bytes of payload */
};

struct phone_calls *phone_calls_get(struct phone *ph); /* NULL = no memory */
void phone_calls_close(struct phone *ph);              /* power off: every call ends at once */

/** The tone that sounds for it, in the words of devices.md 14. info_lines.c */
const char *phone_call_tone(const struct phone *ph, const struct phone_call *pc);
/** The call of this id; 0 = the one the user means: see phone_calls_focus(). NULL = none. */
struct phone_call *phone_call_find(const struct phone *ph, unsigned id);
/** What the screen shows: ringing, then connected, under way, over, held. NULL = none. */
struct phone_call *phone_calls_focus(const struct phone *ph);
/** The oldest call in this state that is on the screen; NULL = none. */
struct phone_call *phone_calls_in(const struct phone *ph, enum phone_call_state state);
/** Is it not over? And how many are not? */
bool phone_call_live(const struct phone_call *pc);
unsigned phone_calls_live(const struct phone *ph);
/** Another one that "toggle" may go to: ringing beside a ringing one, else up. NULL = none. */
struct phone_call *phone_calls_other(const struct phone_call *pc);
/** Held here while this one is up: to be joined with it. NULL = none. */
struct phone_call *phone_calls_waiting(const struct phone_call *pc);
int phone_calls_toggle(struct phone_call *pc); /* 1 when another one is shown */
/** The rocker shows another one, of the next line or the next of all (Line_Navigation, devices.md
 *  4): -1 or 1. Returns 1 when there is one. */
int phone_calls_walk(struct phone_call *pc, int step);
bool phone_calls_held(const struct phone *ph); /* by either side */

/** A place for one more call of the line: its key, or 0 and false when all are taken. */
bool phone_calls_place(const struct phone *ph, unsigned line, unsigned *key);
/** Is the key the line's, with room for one more call? Not of shared lines. */
bool phone_calls_fit(const struct phone *ph, unsigned line, unsigned key);

/** "calling", "progressing", "ringing", "connected", "held" by the peer, "holding", "ended". */
const char *phone_call_state_name(const struct phone_call *pc);

struct phone_call_view { /* what is told of a call beyond struct phone_call */
    bool held, secure, has_media;
    const char *codec; /* NULL = no session yet */
    bool sending, receiving, remote_reports;
    uint16_t local_port, remote_port;
    char remote[16];
    uint32_t seconds, tx_packets, rx_packets, rtcp_tx, rtcp_rx;
    uint32_t tx_bytes, rx_bytes /* of payload */, rx_bad /* packets that were none of its */;
    int64_t rx_lost;
    double jitter_ms, round_trip_ms, level_dbm0, frequency_hz;
};
/** How its session and stream are at this moment; all 0 without them. */
void phone_call_view(const struct phone_call *pc, struct phone_call_view *v);
void phone_call_count(struct phone_traffic *rtp, const struct phone_call_view *v); /* add it */

struct phone_call_last { /* what Call Statistics tell when no call is up */
    struct phone_call_view v;
    bool outgoing;
    char number[64];
};
void phone_call_changed(struct phone_call *pc); /* event, screen, lamps */
/** The same, and why: us since it was placed, media as it ended (NULL = none). */
void phone_call_tell(struct phone_call *pc, enum phone_call_news news, uint64_t us,
                     const struct phone_media *media);
void phone_call_take_peer(struct phone_call *pc); /* name and number of the other side */
void phone_call_drop(struct phone_call *pc);      /* out of the list; nothing is told */
void phone_call_release(struct phone_call *pc);   /* over, and now off the screen, too */
void phone_call_set(struct phone_call *pc, enum phone_call_state state);
/** It is over, and its reason stays on the screen for a while. scode, reason: why (0 and NULL = it
 *  just ended). failed: not by this phone's user. */
void phone_call_end(struct phone_call *pc, uint16_t scode, const char *reason, bool failed);
/** Hold whatever is connected but this one. */
void phone_calls_hold_others(struct phone *ph, const struct phone_call *but);

/** A call in the list, without a word on the wire yet; NULL = no memory. */
struct phone_call *phone_call_new(struct phone *ph, unsigned line, unsigned key, bool outgoing);
void phone_call_forget(struct phone_call *pc); /* as if it had never been */
/** Handler of its ua_call; arg is the struct phone_call. */
void phone_call_news(struct ua_call *call, const struct ua_call_news *news, void *arg);

/* calls_out.c */

struct phone_call_order {
    unsigned line;            /* 0 = the first that can */
    const char *number;       /* as it goes out; or a URI that begins with "sip:" */
    const char *extra;        /* header lines, NULL = none */
    unsigned key;             /* the line key it shall be on, where there is room; 0 = any */
    struct phone_call *about; /* the call that is to be replaced by it: not held. NULL = none */
    const char *tag;          /* of the call history; NULL = none */
};

/** Place a call. ENOTCONN not registered; EBUSY no appearance free; else as ua_call_dial(). */
int phone_call_place(struct phone *ph, const struct phone_call_order *o, struct phone_call **pcp);
/** The same with a header that asks for an automatic answer (5.4; devices.md 11.4). */
int phone_page(struct phone *ph, const struct phone_call_order *o);
/** A number as the user enters it, through the dial plan of the line. ENOENT rejected. */
int phone_call_number(struct phone *ph, unsigned line, const char *number, struct phone_call **pcp);
/** Where a call is to be sent to, in angle brackets for Refer-To and Contact: a URI that begins
 * with "sip:" as it stands, user@host, or a number, which is the line's proxy's. E2BIG. */
int phone_print_target(const struct phone *ph, unsigned line, const char *target, char *buf,
                       size_t size);
/** An INVITE: to the server of this attempt (2.8), as the line and the wishes of the call say. */
struct phone_invite {
    unsigned line;
    uint8_t attempt;
    uint16_t wishes;
    const char *uri, *extra; /* extra NULL = no further lines */
};
int phone_invite(struct phone *ph, struct ua_call **callp, const struct phone_invite *i,
                 void (*h)(struct ua_call *call, const struct ua_call_news *news, void *arg),
                 void *arg);
/** The Request-URI of a number. E2BIG. */
int phone_call_uri(const struct phone *ph, unsigned line, const char *number, char *buf,
                   size_t size);
/** INVITE of a call that has not sent one yet. */
int phone_call_invite(struct phone_call *pc, const char *uri, const char *extra);
/** It failed with that answer: is it on its way to the alternate server now (2.8)? */
bool phone_call_elsewhere(struct phone_call *pc, const struct ua_call_news *news);
/** The dial plan of a line, compiled. ENOMEM. Owner: mem_deref(). */
int phone_dialplan(const struct phone *ph, unsigned line, struct dialplan **planp);

/* calls_commands.c; the others are in phone.h */
int phone_call_resume(struct phone_call *pc); /* EPROTO not held here */

/* call_config.c */
int phone_call_config(struct phone *ph, unsigned line, struct ua_call_config *c);
/** Is sound to be encrypted where the call has these wishes? */
bool phone_call_secures(const struct phone *ph, uint16_t wishes);
/** What one call differs in from the others of the line. */
void phone_call_config_wishes(const struct phone *ph, unsigned line, uint16_t wishes,
                              struct ua_call_config *c);
/** The source of sound, read once per phone; *sp by mem_deref(), NULL = silence. ENOMEM. */
int phone_media_source(struct phone *ph, struct media_source **sp);
/** A display name and a blank, quoted and escaped (9.4); nothing for an empty one unless always. */
void phone_print_display(char *buf, size_t size, const char *name, bool always);

/** From and further lines of an INVITE, as the caller ID settings say; malloc()ed. */
int phone_call_identity(const struct phone *ph, unsigned line, uint16_t wishes, char **from,
                        char **lines);

/* call_back.c: a number is called until somebody is there (devices.md 11.4) */

/** Call the number placed last, now and again. ENOENT there is none; EPROTO the line is shared. */
int phone_call_back_begin(struct phone *ph, unsigned line);
void phone_call_back_end(struct phone *ph); /* whether there is one or not */
/** The line of the one under way; 0 = none. */
unsigned phone_call_back_line(const struct phone *ph);
/** The user picks up the call that rings for it. */
int phone_call_back_answer(struct phone_call *pc);

/* calls_in.c */
void phone_called(struct ua_call *call, const struct ua_call_offer *o, void *arg);

/* post_dial.c */
int phone_post_dial(struct phone_call *pc, const char *text); /* digits, and commas that wait */
void phone_post_dial_begin(struct phone_call *pc);            /* it is answered */

/* lookup.c */
void phone_lookup_start(struct phone_call *pc); /* a 6800 asks its directory who calls */

/* cti.c */
void phone_cti_call(struct phone_call *pc); /* its state may be another one */

/* conference.c: three parties, mixed here (5.5; devices.md 5.2) */

/** Bring the call and the one it was made for together. EPROTO one of them is not up. */
int phone_conference_join(struct phone_call *consultation);
/** The call and the one beside it, whichever of them is held. EPROTO there are no two. */
int phone_conference_begin(struct phone_call *pc);
struct phone_call *phone_conference_partner(const struct phone_call *pc); /* NULL = none */
/** "join": the two others go on without us. */
int phone_conference_leave(struct phone_call *pc);

/* starcodes.c */

/** A code the phone itself knows (devices.md 11.4): true = done, nothing is called. */
bool phone_starcode(struct phone *ph, unsigned line, const char *number);
/** The one for a blind transfer alone, which counts where a third party is called, too. */
bool phone_starcode_transfer(struct phone *ph, const char *number);
enum { STARCODES_MAX = 80 };
/** Those that are set, which every dial plan takes (12). Returns how many; borrowed. */
size_t phone_starcodes(const struct phone *ph, const char *codes[STARCODES_MAX]);
/** The number a forward code asked for has been entered. */
void phone_starcode_target(struct phone *ph, enum input_mode mode, const char *number);

/* transfer.c */
int phone_transfer_blind(struct phone_call *pc, const char *number);
/** The same with an address the dial plan leaves alone: number or user@host. */
int phone_transfer_to(struct phone_call *pc, const char *number);
/** Give the call that the consultation was made for to its peer. EPROTO one of them is not up, or a
 *  transfer is under way. */
int phone_transfer_complete(struct phone_call *consultation);
/** The session is what it was to be, or could not: a REFER may wait for its hold. */
void phone_transfer_held(struct phone_call *pc);
/** How the call goes that our REFER asked for, as NOTIFY says. */
void phone_transfer_news(struct phone_call *pc, uint16_t scode);
/** As the one who is transferred: the new call is up. */
void phone_transfer_came_off(struct phone_call *pc);
/** A REFER of the peer: call whom it names; outside of calls: click to dial, arg is the line. */
void phone_transfer_asked(struct phone_call *pc, const char *refer_to, const char *referred_by);
void phone_referred(struct ua_call *call, const char *refer_to, const char *referred_by, void *arg);

/* input.c */

/** Off hook: a number for `mode` is entered from now on. line 0 = the first with room. EBUSY none
 *  has; ENOMEM. */
int phone_input_open(struct phone *ph, enum input_mode mode, unsigned line);
/** On hook again, whatever was entered. */
void phone_input_close(struct phone *ph);
/** A digit; 1 when the screen changed. */
int phone_input_key(struct phone *ph, char digit);
/** The user says that the number is whole; 1 when the screen changed. */
int phone_input_finish(struct phone *ph);
/** The number that has been entered is another one now. */
void phone_input_feed(struct phone *ph, const char *number);
/** It goes out as it stands, past the dial plan. */
void phone_input_send(struct phone *ph, const char *number);

/* input_edit.c: the cursor in it, letters */
int phone_input_erase(struct phone *ph, bool all);
bool phone_input_insert(struct phone *ph, char digit); /* false: it is the next one of a number */
bool phone_input_finish_letters(struct phone *ph);     /* false: there are only digits */
int phone_input_move(struct phone *ph, int step);      /* the cursor: -1 or 1 */
/** num, alpha, IP in turn (devices.md 5.3). */
int phone_input_turn(struct phone *ph);
const char *phone_input_mode(const struct phone *ph);      /* "123", "abc", "IP" */
const char *phone_input_turn_word(const struct phone *ph); /* "alpha", "IP", "num": the next one */
/** What is entered, a mark at the cursor. */
void phone_input_print(const struct phone *ph, char *buf, size_t size);
bool phone_input_empty(const struct phone *ph);
/** The number that is being entered for a transfer, a forward … comes from elsewhere, as it stands:
 *  a key, the directory. False: none is. */
bool phone_input_take(struct phone *ph, const char *number);

/* apps/incall.c, apps/dialing.c */
void app_incall_screen(const struct phone *ph, struct screen *s);
int app_incall_key(struct phone *ph, const char *key, char digit);
/** A line key: its call is answered or resumed, else another one begins there. */
int app_press_line(struct phone *ph, unsigned key);
void app_dialing_screen(const struct phone *ph, struct screen *s);
int app_dialing_key(struct phone *ph, const char *key, char digit);

#endif
