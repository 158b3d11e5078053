/* SPDX-License-Identifier: BSD-3-Clause */
/* The inside of a phone, for the files of this folder only. */
#ifndef SIM_PHONE_PRIV_H
#define SIM_PHONE_PRIV_H

#include "devices/model.h"
#include "sim/base/rng.h"
#include "sim/loop/timer.h"
#include "sim/phone/phone.h"
#include "sim/prov/params.h"
#include "sim/sip/line.h"

struct prov;

enum phone_state {
    PHONE_OFF,
    PHONE_BOOTING,      /* loader, network */
    PHONE_PROVISIONING, /* first resync pass under way */
    PHONE_UP,
};

struct phone_line {
    struct phone *ph;
    struct ua_line *ua;        /* NULL = not in use */
    uint64_t fingerprint;      /* of the configuration it was opened with */
    struct ua_line_memory mem; /* what a warm reboot keeps */
    const char *error;         /* why it could not be opened; NULL = fine */
};

struct phone {
    const struct phone_env *env;
    const struct device_model *model;
    phone_event_h *h;
    void *arg;
    struct param_set *params;
    struct prov *prov;
    struct device_identity id;
    struct rng rng;
    struct timer boot_timer;
    const char *dhcp_value;
    char *last_error;
    uint64_t on_since_ms;
    struct in_addr addr;
    unsigned n;
    uint16_t port_base;
    enum phone_state state;
    bool provision;   /* may resync at boot */
    bool provisioned; /* last pass was fine */
    bool warm;        /* this boot resyncs nothing */
    bool was_warm;    /* line memory holds */
    uint8_t softkey_page;
    char firmware[32];
    char serial[16];
    char dial[32]; /* digits entered on hook */
    unsigned n_events;
    struct phone_line lines[]; /* model->n_lines */
};

/** Send an event to the farm. */
void phone_emit(struct phone *ph, const struct phone_event *ev);
void phone_emit_text(struct phone *ph, enum phone_ev ev, const char *text, const char *text2);

/** As a user changes it, by keys or on the web page: the next profile or factory reset may change
 * it again. What the command line had set stays out of their reach with the new value, too. */
int phone_change(struct phone *ph, enum param_id id, uint16_t index, const char *value,
                 bool *changed);
void phone_set_error(struct phone *ph, const char *text);

/* lines.c: parameters → SIP lines */

/** Open, reopen or close lines so that they match the parameters; unchanged ones are left alone. */
void phone_lines_refresh(struct phone *ph);
void phone_lines_close(struct phone *ph);

/* macros.c */

/** Expand $VERSION, $A … in a text such as SIP_User_Agent_Name (malloc()ed; NULL = no memory). */
char *phone_expand(const struct phone *ph, const char *text, unsigned line);

/* lamps.c */
void phone_lamps_changed(struct phone *ph, unsigned line);
unsigned phone_key_line(const struct phone *ph, unsigned line_key); /* 0 = disabled */

/* apps/idle.c, apps/boot.c */
void app_idle_screen(const struct phone *ph, struct screen *s);
void app_boot_screen(const struct phone *ph, struct screen *s);
int app_idle_key(struct phone *ph, const char *key, char digit);

#endif
