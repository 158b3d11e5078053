/* SPDX-License-Identifier: BSD-3-Clause */
/* The inside of a phone, for the files of this folder only. */
#ifndef SIM_PHONE_PRIV_H
#define SIM_PHONE_PRIV_H

#include "devices/model.h"
#include "sim/base/rng.h"
#include "sim/loop/timer.h"
#include "sim/phone/phone.h"
#include "sim/phone/watches.h"
#include "sim/prov/params.h"
#include "sim/sip/line.h"

struct browser;
struct phone_apps;
struct phone_background;
struct phone_ask;
struct phone_hold;
struct phone_calls;
struct phone_features;
struct phone_history;
struct phone_ivr;
struct phone_reset;
struct phone_shared;
struct phone_streams;
struct pl;
struct prov;

enum { PHONE_URL_MAX = 2048 }; /* of a page somebody pushes [DEF] */

enum phone_state {
    PHONE_OFF,
    PHONE_BOOTING,      /* loader, network */
    PHONE_PROVISIONING, /* first resync pass under way */
    PHONE_UP,
    PHONE_UPGRADING, /* a load is being written */
};

enum phone_leaving { /* a line unregisters before it opens anew (Remove_Last_Reg) */
                     LINE_STAYS,
                     LINE_LEAVES,
                     LINE_LEFT,
};

struct phone_line {
    struct phone *ph;
    struct ua_line *ua;               /* NULL = not in use */
    struct ua_line *alternate;        /* Dual_Registration; NULL = none */
    uint64_t fingerprint;             /* of the configuration it was opened with */
    struct ua_line_memory mem;        /* what a warm reboot keeps */
    const char *error;                /* why it could not be opened; NULL = fine */
    struct phone_features *features;  /* Feature_Key_Sync; NULL = none */
    struct phone_shared *shared;      /* with other phones; NULL = it is not */
    struct ua_subscription *messages; /* to message-summary; NULL = none */
    bool watching_alternate;          /* with the alternate server (2.8) */
    bool watching;                    /* what it subscribes to has begun */
    bool message_waiting;             /* as the last message-summary said */
    uint32_t n_new_messages;
    enum phone_leaving leaving;
    uint64_t lost_ms;         /* when it lost its registration, 0 = it has one or never had */
    uint32_t registered_at_s; /* UTC: the last time that it was registered; 0 = never */
};

struct phone {
    const struct phone_env *env;
    const struct device_model *model;
    phone_event_h *h;
    void *arg;
    struct param_set *params;
    struct prov *prov;
    struct phone_watches watches;        /* of the keys that monitor */
    struct phone_calls *calls;           /* NULL = none since power-on */
    struct browser *browser;             /* of XML services; NULL = none yet */
    struct phone_apps *apps;             /* menus that are open; NULL = none */
    struct phone_idle_page *idle_page;   /* waits for its time; NULL = none is wanted */
    bool page_above;                     /* the page came during a call, and lies above it */
    struct phone_background *background; /* picture behind the idle screen; NULL = none */
    struct phone_history *history;       /* NULL = nothing to remember */
    struct phone_reset *reset;           /* waits for its keys; NULL = it does not */
    struct phone_ivr *ivr;               /* the voice menu speaks; NULL = it does not */
    struct phone_streams *streams;       /* of RTP…: and Play: URIs; NULL = none yet */
    struct device_identity id;
    struct rng rng;
    struct timer boot_timer;
    const char *dhcp_value;
    struct cert_client *cert; /* NULL = none */
    char *last_error;
    uint64_t on_since_ms; /* when it got power, or began to reboot */
    struct in_addr addr;
    unsigned n;         /* its number in the farm, from 1 */
    uint16_t port_base; /* SIP port of its first line where phones share an address; 0 = SIP_Port */
    enum phone_state state;
    struct phone_restart *restart; /* one that waits; NULL = none */
    struct phone_reboots *reboots; /* NULL = none */
    uint64_t web_nonce;            /* of its challenges; 0 = none yet */
    uint64_t next_shot_ms;         /* its screen is not dumped again before */
    uint64_t active_ms;            /* when somebody last used it, or it had something to say */
    struct phone_hold *hold;       /* an answer to a push that waits; NULL = none */
    struct phone_ask *ask;         /* whether somebody may push; NULL = nobody wants to */
    uint64_t boot_print;           /* of the parameters that take a restart, as it started */
    uint64_t watch_print;          /* of what subscriptions depend on, as they were made */
    uint16_t n_stored;             /* values the user changed since the last phone_submit() */
    bool rule_changed;             /* one of them is a Profile_Rule */
    bool provision;                /* may resync at boot */
    bool provisioned;              /* last pass was fine */
    bool warm;                     /* this boot resyncs nothing */
    bool was_warm;                 /* no power was lost: lines take Call-ID and CSeq up again */
    uint8_t audio;                 /* enum phone_audio: the device that is on, if one is */
    uint8_t audio_lit;             /* lamps of it, as told last */
    bool muted;
    bool pressing;      /* a key has not done yet what it does */
    bool busy;          /* its screen was not the idle one when it last changed */
    bool resync_wanted; /* after an upgrade attempt, once it is up */
    char *resync_url; /* of a resync that waits for the end of a restart or of another resync; NULL
                         = none waits */
    char *resync_server; /* for a URL without one; NULL = DHCP's */
    uint8_t softkey_page;
    uint16_t softkey_state;            /* what it is a page of: apps.c */
    uint8_t pressed_key;               /* the line key being pressed, 0 = none */
    uint8_t shared_line, shared_index; /* whose Shared screen is open; index 0 = none */
    char firmware[32];
    char serial[16];
    char dial[32];      /* digits entered on hook */
    uint8_t dial_right; /* of them behind the cursor */
    unsigned n_events;
    struct phone_traffic sip;
    struct phone_line lines[]; /* model->n_lines */
};

/** Send an event to the farm. */
void phone_emit(struct phone *ph, const struct phone_event *ev);
void phone_emit_text(struct phone *ph, enum phone_ev ev, const char *text, const char *text2);
/** The screen may be another one: event, backlight and audio device follow. */
void phone_screen_changed(struct phone *ph);
/** What phone_last_error() says from now on; copied, NULL = all is well. */
void phone_set_error(struct phone *ph, const char *text);

/** Phone milliseconds since it got power, or began to reboot. */
uint64_t phone_up_ms(const struct phone *ph);

/* audio.c: handset, speaker, headset (devices.md 4) */

enum phone_audio { PHONE_AUDIO_HANDSET, PHONE_AUDIO_SPEAKER, PHONE_AUDIO_HEADSET };
enum phone_audio_key {
    AUDIO_KEY_GOES_ON, /* to whatever has the keys */
    AUDIO_KEY_DONE,
    AUDIO_KEY_CHANGED, /* done, and to be seen */
};
bool phone_audio_on(const struct phone *ph);
const char *phone_audio_name(const struct phone *ph); /* "none", "handset", "speaker", "headset" */
/** Any key is pressed. */
enum phone_audio_key phone_audio_press(struct phone *ph, const char *key);
/** Nothing may be going on any more: then the handset is on its cradle. */
void phone_audio_rest(struct phone *ph);
bool phone_audio_lamp(const struct phone *ph, const char *lamp, const char **color);
uint16_t phone_audio_icons(const struct phone *ph); /* enum screen_icon */
/** Events of the lamps that changed. */
void phone_audio_changed(struct phone *ph);

/* display.c: the glass, whatever is on it */

/** Contrast and backlight, as they are at this moment. */
void phone_display(const struct phone *ph, struct screen *s);
/** Somebody used it: there is light. */
void phone_display_wake(struct phone *ph);
/** Its screen has changed: whatever is not idle is worth the light. */
void phone_display_changed(struct phone *ph, bool idle);
/** Phone milliseconds since somebody used it. */
uint64_t phone_quiet_ms(const struct phone *ph);
/** Its screen saver has come; a key ends it. */
bool phone_saver_on(const struct phone *ph);
void phone_saver_screen(const struct phone *ph, struct screen *s);
unsigned phone_contrast_max(const struct phone *ph); /* LCD_Contrast is 0 to that [D] */

/* background.c: picture and text logo */

/** Parameters may ask for another one; again: fetch the same one, too. */
void phone_background_refresh(struct phone *ph, bool again);
void phone_background_stop(struct phone *ph); /* power is gone */
void phone_background_forget(struct phone *ph);
void phone_background_show(const struct phone *ph, struct screen *s, bool starting);

/* reset.c: "#" held at power-on */

/** What the user may change goes back to factory; then it starts. */
void phone_user_reset(struct phone *ph);

/** True: it waits for the keys, and does not boot meanwhile. */
bool phone_reset_begin(struct phone *ph, const char *held);
void phone_reset_forget(struct phone *ph);
int phone_reset_key(struct phone *ph, char digit); /* 1 when the screen changed */
void phone_reset_screen(const struct phone *ph, struct screen *s);
bool phone_reset_lamp(const struct phone *ph, const char *lamp, const char **color,
                      const char **pattern);

/* phone.c */
void phone_boot(struct phone *ph);       /* it starts, from now on */
void phone_up_in_time(struct phone *ph); /* it is up, but not before a real phone would be */
/** All that it does ends; its state is the caller's to say. */
void phone_shut_down(struct phone *ph);
void phone_power_on(struct phone *ph, const char *held); /* the key that is held; "" = none */

/* provision.c */
int phone_prov_prepare(struct phone *ph); /* ph->prov is there; ENOMEM */
void phone_resync_if_wanted(struct phone *ph);
void phone_resync_forget(struct phone *ph); /* one that waits */
/** Open the screen for the account that a server wants, where one does (6800). */
void phone_ask_account(struct phone *ph);

/* lines.c: parameters → SIP lines */

/** Open, reopen or close lines so that they match the parameters; unchanged ones are left alone. */
void phone_lines_refresh(struct phone *ph);

/** Phone seconds since line n lost its registration, or since power-on without one ever; 0 while it
 *  has one, and for lines there are not ($REGTMR1, provisioning.md 2.2). */
uint32_t phone_unregistered_s(const struct phone *ph, unsigned n);
/** Close all lines, or one, without a word on the wire; what a warm reboot keeps is remembered. */
void phone_lines_close(struct phone *ph);
void phone_line_close(struct phone_line *pl);
unsigned phone_line_number(const struct phone_line *pl); /* from 1 */
/** An attempt to register has ended: the phone's error text follows. */
void phone_note_registration(struct phone *ph, const struct ua_reg_status *st);
/** Handlers of both registrations; arg is a struct phone_line. */
void phone_line_moved(const struct ua_move *m, void *arg);
void phone_line_traced(const struct ua_trace *t, void *arg);

/** URL of a file on the TFTP server that DHCP offers. ENOENT it offers none, or the URL is too
 * long; ENOMEM. */
int phone_tftp_url(struct phone *ph, const char *file, char *url, size_t size);

/** Upgrade_Rule may ask for another load. */
void phone_upgrade_check(struct phone *ph);

/* effects.c: what a changed parameter touches (provisioning.md 11) */

/** The phone starts: what is in force from now on needs no restart. */
void phone_effects_begin(struct phone *ph);

/** Parameters may have changed, n of them as a profile counts: lines, subscriptions and schedule
 *  follow. True: it takes a restart, which has begun; the caller does nothing further. */
bool phone_take_changes(struct phone *ph, unsigned n);

/* restart.c */

/** A call has ended: what waits for idle lines may go on. */
void phone_went_idle(struct phone *ph);

/** A change needs it: with Remove_Last_Reg the lines unregister first (sip-behaviour.md 2.9). */
void phone_restart_for_change(struct phone *ph, bool resync);

/** The line is about to close for a change: false, unless Remove_Last_Reg has it unregister first;
 *  phone_lines_refresh() follows then. */
bool phone_line_leave(struct phone_line *pl);
void phone_line_left(struct phone_line *pl); /* it has no registration any more */
/** Sim_Unregister_On_Reboot (sip-behaviour.md 13 U-6): true = lines unregister first, the reboot
 *  comes when they have. */
bool phone_restart_leaves(struct phone *ph, bool warm, const char *why);
void phone_restart_forget(struct phone *ph);

enum { REBOOTS_KEPT = 5 }; /* devices.md 2.1: the last reasons */
struct phone_reboots {     /* made by the first */
    unsigned n;            /* so far: the i-th is in place i % REBOOTS_KEPT */
    struct {
        const char *why;
        int64_t local_s; /* on the phone's clock */
    } last[REBOOTS_KEPT];
};
/** why: a literal. */
void phone_note_reboot(struct phone *ph, const char *why);

/* alternate.c: dual registration */

/** Register pl with its alternate server, too, when its parameters say so; primary is the line's
 *  own configuration. It takes effect when the line starts, as after a reboot (2.8). */
void phone_alternate_open(struct phone_line *pl, const struct ua_line_config *primary);
void phone_alternate_close(struct phone_line *pl);

/**
 * Whose server, connection and credentials a new request outside a dialog takes (2.8): attempt 0
 * the primary, or the alternate where only that is registered; attempt 1, after a timeout, the
 * alternate. NULL = no (further) one. Requests that arrive, from either server, are the primary's.
 */
struct ua_line *phone_route(const struct phone *ph, unsigned line, unsigned attempt);

/** Of the one that phone_route() names first: registered with either is registered [DEF]. */
void phone_line_status(const struct phone *ph, unsigned line, struct ua_reg_status *st);
/** Proxy of a line as it stands in URIs. */
const char *phone_proxy(const struct phone *ph, unsigned line);

/* nat.c */

/** What the parameters say; texts are theirs. line from 1. */
struct ua_nat phone_nat(const struct phone *ph, unsigned line);

/** A profile that somebody sends to the phone (provisioning.md 14): taken whole or not at all, with
 *  the effects of a resync. Errors: EBADMSG, EPROTO corrupt; E2BIG; ENOMEM. */
int phone_push_profile(struct phone *ph, const void *data, size_t len, struct parse_err *pe);

/** The address others see: EXT_IP, else what a line has learnt; 0 = its own. */
struct in_addr phone_external(const struct phone *ph);

/** NAT_Keep_Alive_… as they are now; nothing changes where they are the same. line from 1. */
void phone_keep_alive(struct phone *ph, struct ua_line *ua, unsigned line);

/* services.c: pages of XML services */

/** GET a page that somebody pushed and show it; E2BIG, EINVAL. Ends as PHONE_EV_FETCH. */
int phone_open_url(struct phone *ph, const char *url, size_t len);

/** An XML object that came by itself: shown, or run. */
void phone_push_object(struct phone *ph, const char *xml, size_t len);
/** The same, telling what came of it; errors and status (3 of them) as browser_push(). */
int phone_push(struct phone *ph, const char *xml, size_t len, unsigned *status);

/** The configured service, as its key or menu entry opens it. Errors: ENOENT none configured (the
 *  screen says so); EINVAL, E2BIG. */
enum phone_service {
    PHONE_SERVICE_APPLICATION,
    PHONE_SERVICE_DIRECTORY,
    PHONE_SERVICE_MESSAGES, /* these of a 79xx (9.5) */
    PHONE_SERVICE_INFORMATION,
    PHONE_SERVICE_IDLE,
};
int phone_open_service(struct phone *ph, enum phone_service service);
/** The Messages key opens a page here. */
bool phone_has_messages_page(const struct phone *ph);

/* idle_page.c: the page of a phone that nobody uses */

/** The time begins anew: it is up, or parameters changed. */
void phone_idle_page_plan(struct phone *ph);
/** Somebody pressed a key or opened a page: what is shown is theirs. */
void phone_idle_page_touched(struct phone *ph);
/** The screen has changed: a call ends it. */
void phone_idle_page_ended(struct phone *ph);
void phone_idle_page_forget(struct phone *ph);

/** XML_User_Name and XML_Password, for a server that asks; uid NULL = none. */
int phone_set_account(struct phone *ph, const char *uid, const char *pwd); /* prov_account_set() */
struct trust *phone_trust(const struct phone *ph); /* of its custom CA; NULL = none */
void phone_service_login(struct phone *ph, const char **uid, const char **pwd, uint32_t *cnonce);

bool phone_page_shown(const struct phone *ph);
bool phone_page_above(const struct phone *ph); /* it is shown, above a call if there is one */
bool phone_page_leaves_digits(const struct phone *ph); /* to the call below */
const char *phone_page_title(const struct phone *ph);
void phone_page_screen(const struct phone *ph, struct screen *s);
void phone_page_overlay(const struct phone *ph, struct screen *s);  /* a Status, if there is one */
bool phone_page_key(struct phone *ph, const char *key, char digit); /* false: not a page's key */
int phone_page_type(struct phone *ph, const char *text);            /* ENOENT: no form is shown */
void phone_page_idle(struct phone *ph); /* pages that waited for it come */
void phone_services_close(struct phone *ph);

/* service_url.c */

/** Expand the macros of a service URL; false: too long. */
bool phone_service_url(const struct phone *ph, const char *text, char *out, size_t size);

/* macros.c */

/** Expand $VERSION, $A … in a text such as SIP_User_Agent_Name (malloc()ed; NULL = no memory). */
char *phone_expand(const struct phone *ph, const char *text, unsigned line);

/* cti.c: x-spa-cti */

/** What a NOTIFY of a controller is worth. */
uint16_t phone_cti_judge(const struct phone *ph, const struct pl *type, const struct pl *body);
/** Do what its command says, once it has been answered with 200. */
void phone_cti_obey(struct phone *ph, unsigned line, const struct pl *type, const struct pl *body);

/* web/ask.c: whoever waits for an answer is disconnected */
void phone_ask_forget(struct phone *ph);

/** What a push began to play is over: its answer leaves, where one waits. */
void phone_hold_release(struct phone *ph);
void phone_hold_forget(struct phone *ph);

/* info.c: what the phone tells of itself */
struct phone_info_sink {
    void (*put)(const char *group, const char *name, const char *value, void *arg);
    void *arg;
};
/** The Info page, group by group, in the order of a dump (provisioning.md 15.1, 15.3). */
void phone_info(const struct phone *ph, const struct phone_info_sink *sink);
void phone_info_lines(const struct phone *ph, const struct phone_info_sink *sink); /* its part */
void phone_print_moment(char *buf, size_t size, int64_t local_s); /* "4/26/2017 00:05:03" */

/* notify.c: the body of a message-summary */
void phone_take_messages(struct phone_line *pl, const struct pl *body);

/* watches.c: subscriptions */

/** The line is registered: subscribe to what is not subscribed to yet. line from 1. */
void phone_watches_start(struct phone *ph, unsigned line);
void phone_watches_stop(struct phone *ph, unsigned line); /* before the line closes */
/** Whose server a line's subscriptions are at: an INVITE that fell back took them along (2.8). */
struct ua_line *phone_watch_line(const struct phone *ph, unsigned line);
/** A new INVITE of the line went to the alternate server. */
void phone_watches_move(struct phone *ph, unsigned line);
/** Parameters may have changed: subscribe anew when they say something else. */
void phone_watches_refresh(struct phone *ph);

/* snapshot_keys.c: parts of phone_snapshot(); the caller decrefs, NULL = no memory */
struct json_t;
struct json_t *phone_subscriptions_json(const struct phone *ph);
struct json_t *phone_shared_json(const struct phone_shared *sh);
struct json_t *phone_keys_json(const struct phone *ph);
struct json_t *phone_streams_json(const struct phone *ph);

/* lamps.c */

/** Does any line have messages waiting? */
bool phone_message_waiting(const struct phone *ph);
/** Tell how lamps are now: the message bar; the keys of a line; one by name. */
void phone_message_lamp_changed(struct phone *ph);
void phone_lamps_changed(struct phone *ph, unsigned line);
void phone_lamp_changed(struct phone *ph, const char *lamp);
unsigned phone_key_line(const struct phone *ph, unsigned line_key); /* 0 = disabled */

/* apps/apps.c */

/** A call begins: it is shown before what lay above the others. */
void app_below(struct phone *ph);

/* apps/idle.c, apps/boot.c */
void app_header(const struct phone *ph, struct screen *s); /* date, station, icons */
void app_labels(const struct phone *ph, struct screen *s); /* of the line keys */
void app_idle_screen(const struct phone *ph, struct screen *s);
void app_boot_screen(const struct phone *ph, struct screen *s);
/** When its screen changes next, in phone milliseconds since power-on; UINT64_MAX = no more. */
uint64_t app_boot_next_ms(uint64_t since_ms);
int app_idle_key(struct phone *ph, const char *key, char digit);

/** The screen changed: the soft keys of another state begin with their first page. */
void app_softkeys_settle(struct phone *ph);

/* apps/keys.c: soft keys of any screen */

/** A *_Key_List as it is in force. */
const char *app_key_list(const struct phone *ph, enum param_id list);
/** What a key does that means the same on every screen; 1 when that changed. */
int app_run_softkey(struct phone *ph, const char *keyword);
/** "more" turns to other soft keys, instead of the rocker. */
bool app_turns_by_key(const struct phone *ph);
/** The keyword behind soft key i (from 0) of this list on its current page; NULL = none. */
const char *app_softkey(const struct phone *ph, const char *list, unsigned i);
/** The soft keys of this list on its current page. */
void app_softkeys(const struct phone *ph, const char *list, struct screen *s);
/** The next page (1) or the one before (-1). 1 when there is another. */
int app_turn_page(struct phone *ph, const char *list, int step);
/** What "dnd" does on every screen. 1 when it changed. */
int app_toggle_dnd(struct phone *ph);
/** Calls back who called last. 1 when it does. */
int app_call_return(struct phone *ph);
/** numbers.c: what stands for this digit, 2 to 9; "" = nothing, or it is no such digit. */
const char *phone_speed_dial(const struct phone *ph, const char *digits);
/** Calls the number dialled last. 1 when it does. */
int app_redial(struct phone *ph);
/** An audio device or line key was chosen: digits entered on hook go out, else dial tone. */
int app_off_hook(struct phone *ph, unsigned line);

#endif
