/* SPDX-License-Identifier: BSD-3-Clause */
/* One virtual phone: wires parameters, provisioning, SIP lines, screen and keys together. */
#ifndef SIM_PHONE_PHONE_H
#define SIM_PHONE_PHONE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/phone/event.h"

struct loop;
struct resolver;
struct fetcher;
struct ua_stack;
struct strpool;
struct picture_store;
struct screen;
struct phone;
struct param_set;
struct device_model;

struct ua_trace;
typedef void(phone_trace_h)(struct phone *ph, const struct ua_trace *t, void *arg);

struct phone_env { /* what all phones of a farm share; borrowed */
    struct loop *lp;
    struct fetcher *fetcher;
    struct ua_stack *stack;
    struct strpool *pool;
    struct syslogger *log; /* NULL = none */
    const char *ca_file;
    struct cert_ca *client_ca;   /* signs the phones' certificates; NULL = they have none */
    struct cert_key *client_key; /* of all of them; NULL = one each */
    phone_trace_h *trace;        /* every SIP message; NULL = nobody looks */
    void *trace_arg;
    bool boot_real;
    bool media_on;                  /* --media */
    struct picture_store *pictures; /* what their backgrounds share */
    const bool *keep_pages;         /* for phone_page_source(); NULL = no */
    uint64_t seed;
};

struct phone_config { /* strings are copied unless said */
    unsigned n;       /* number, from 1 */
    const struct device_model *model;
    const char *firmware; /* NULL = newest */
    uint8_t mac[6];
    struct in_addr addr;
    uint16_t port_base;      /* 0 = 5060 + line as a real phone; else port_base + line */
    const char *dhcp_value;  /* NULL = none; borrowed */
    bool provision;          /* false: --no-provision */
    const char *const *sets; /* "NAME=VALUE" texts, ended by NULL; locked (win over the profile) */
};

typedef void(phone_event_h)(struct phone *ph, const struct phone_event *ev, void *arg);

/** A phone without power. Errors: EINVAL bad model, firmware or set (err_text says which); ENOMEM.
 */
int phone_alloc(struct phone **php, const struct phone_env *env, const struct phone_config *cfg,
                phone_event_h *h, void *arg, char *err_text, size_t err_size);

/** Power on: boot, provision, register. Off: silent at once. Same state again: nothing happens. */
void phone_power(struct phone *ph, bool on);

/** Power on while a key is held down: "#" of some models begins a factory reset (devices.md 2.2).
 *  ENOENT no such key on this model; EALREADY it is on. */
int phone_power_holding(struct phone *ph, const char *key);

/** Cold or warm restart, now; resync only after a cold one (provisioning.md 1.1). why: a literal.
 */
void phone_reboot(struct phone *ph, bool warm, const char *why);

/** The same as soon as no line is in use (provisioning.md 14). */
void phone_reboot_when_idle(struct phone *ph, bool warm, const char *why);
/** Forget parameters, directory and call logs, and reboot (devices.md 8). */
void phone_factory_reset(struct phone *ph);

/** Resync from this URL as soon as the phone is up; power loss forgets it. Errors: ENOMEM. */
int phone_resync_when_up(struct phone *ph, const char *url);

/** Resync now; url NULL = the configured rules. EHOSTDOWN when off; EALREADY; EACCES disabled. */
int phone_resync(struct phone *ph, const char *url);
/** The same; server: of a url that names none, in place of DHCP's. NULL = DHCP's. */
int phone_resync_from(struct phone *ph, const char *url, const char *server);
/** As phone_resync_from(), but behind a resync under way; of several that wait the last counts. */
int phone_resync_next(struct phone *ph, const char *url, const char *server);

/** Send the configuration where Report_Rule says; without one nothing happens. */
void phone_report(struct phone *ph);

/** Load and run this firmware when no line is in use. server: of a URL that names none, NULL = it
 *  must. EHOSTDOWN; EALREADY; EACCES Upgrade_Enable is No. */
int phone_upgrade(struct phone *ph, const char *url, const char *server);

/** As if changed on the web page and submitted. ENOENT unknown name, EINVAL bad value. */
int phone_set(struct phone *ph, const char *name, const char *value);

/** The same in two steps, for several at once: submit brings into force what was stored, and may
 *  restart the phone (provisioning.md 11). */
int phone_store(struct phone *ph, const char *name, const char *value); /* as phone_set() */
void phone_submit(struct phone *ph);

/** Value in force or NULL when the model has no such parameter. Borrowed. */
const char *phone_get(const struct phone *ph, const char *name);

/** Unregister every line (SIP), for --unregister at the end of a run. */
void phone_unregister(struct phone *ph);

/** Press a key of devices/keys.h and let it go after hold_ms (0 = at once). ENOENT no such key on
 *  this model; EHOSTDOWN when off. */
int phone_press(struct phone *ph, const char *key, uint32_t hold_ms);
/** Touch the glass at pixel (x, y). ENOTSUP it feels nothing; ENOENT nothing to touch is there;
 *  EHOSTDOWN not up. */
int phone_touch(struct phone *ph, int x, int y);
/** Enter a text: into the field of a page or menu, else digit by digit. EINVAL a character that no
 *  key makes; EHOSTDOWN when off; else as phone_press(). */
int phone_type(struct phone *ph, const char *text);

/* Calls (sip-behaviour.md 5). id 0 = the call the user would mean. All: EHOSTDOWN when off; ENOENT
 * no such call; EPROTO not in the state for it. */

/** Off hook, the number through the dial plan, call. ENOENT the plan rejects it; ENOTCONN no line
 *  is registered; EBUSY no appearance is free. */
int phone_dial(struct phone *ph, const char *number);
/** What the keys of these names do to a call. */
int phone_answer(struct phone *ph, unsigned id);
int phone_hang_up(struct phone *ph, unsigned id);
int phone_hold(struct phone *ph, unsigned id);
int phone_resume(struct phone *ph, unsigned id);
/** The call that is up; attended: calls number first, transfers when that is answered. */
int phone_transfer(struct phone *ph, const char *number, bool attended);

/** Open an XML service, or run an internal URI (Key:, Init: …). EHOSTDOWN not up; EINVAL, ENOTSUP,
 *  E2BIG; what the URI's action returned. */
int phone_open(struct phone *ph, const char *uri);

/** XML of the page on the screen, or of the one that came to an error, as UTF-8; *url "" = it came
 * by itself. NULL = there is none, or it came before somebody had pages kept (farm_keep_pages()).
 */
const char *phone_page_source(const struct phone *ph, const char **url);

/* web/web.c: its own web server (provisioning.md 14, 15.3) */

struct httpd_req;
struct httpd_reply;
/** Answer a request; status 0 where nobody would (no power, Enable_Web_Server is No). */
void phone_web(struct phone *ph, const struct httpd_req *req, struct httpd_reply *reply);

/** Web_Server_Port, 0 = its web server is off. */
uint16_t phone_web_port(const struct phone *ph);

enum phone_cond {
    PHONE_REGISTERED,
    PHONE_UNREGISTERED,
    PHONE_PROVISIONED,
    PHONE_IDLE, /* up, and in no call */
    PHONE_RINGING,
    PHONE_CONNECTED,
    PHONE_HELD, /* by either side */
};
/** Does this hold now? */
bool phone_is(const struct phone *ph, enum phone_cond cond);

/** Did its last attempt (fetch or registration) end in an error? Text of it, or NULL. */
const char *phone_last_error(const struct phone *ph);

/** What it is: number in the farm (from 1), model, address. */
unsigned phone_n(const struct phone *ph);
const struct device_model *phone_model(const struct phone *ph);
const uint8_t *phone_mac(const struct phone *ph);
struct in_addr phone_addr(const struct phone *ph);
const char *phone_user(const struct phone *ph); /* line 1, "" = none */
bool phone_powered(const struct phone *ph);

/** Paint the screen model (rows, soft keys) as it is now. */
void phone_screen(const struct phone *ph, struct screen *s);

/** Lamp by name: colour "off|red|green|amber" and pattern "steady|slow|fast|double". false: no
 * such. */
bool phone_lamp(const struct phone *ph, const char *lamp, const char **color, const char **pattern);

/** Full state and short state as JSON (interface.md section 5); snapshot.c. Caller decrefs. */
struct json_t;
struct json_t *phone_snapshot(const struct phone *ph);
struct json_t *phone_brief(const struct phone *ph);

/** A text of a profile or a peer as JSON: bytes that are no UTF-8 become '?'. NULL = "". */
struct json_t *phone_json_text(const char *text);

#endif
