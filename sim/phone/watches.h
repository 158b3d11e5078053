/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a phone subscribes to: its messages, the phones its keys monitor, alone or by lists. For the
 * files of this folder. sip-behaviour.md 10; devices.md 3.2, 4.
 */
#ifndef SIM_PHONE_WATCHES_H
#define SIM_PHONE_WATCHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/phone/keyfunc.h"
#include "sim/sip/dialog_info.h"

struct phone;
struct phone_line;
struct ua_subscription;

struct phone_blf { /* a subscription to dialog: of one phone, or of a list of them */
    struct phone_blf *next;
    struct phone *ph;
    struct ua_subscription *sub;
    char *uri;
    uint8_t line;
    bool list;
    bool known; /* a full list has come */
    uint32_t version;
};

enum watch_state { /* of a monitored phone, as far as is known */
                   WATCH_SUBSCRIBING,
                   WATCH_FAILED,
                   WATCH_IDLE,
                   WATCH_RINGING,
                   WATCH_BUSY,
                   WATCH_HELD,
};

struct phone_watch { /* a key that monitors */
    struct phone_watch *next;
    struct phone_blf *via;
    struct blf_watch watch;
    uint8_t unit, key; /* unit 0: a line key */
    bool park;         /* fnc=prk: it monitors a parking lot */
    bool listed;       /* the list tells of it */
    bool assigned;     /* the list chose the key (Use_Line_Keys_For_BLF_List) */
    uint8_t shown;     /* enum watch_state that its lamp shows */
    char *who;         /* URI of the monitored phone */
    char *name;        /* as the list has it; NULL = none */
};

struct phone_watches {
    struct phone_blf *blfs;
    struct phone_watch *keys;
    uint64_t print; /* of the parameters all this was made from */
    unsigned n_delayed;
};

/** What the keys of this extension monitor. line from 1. */
void phone_blf_start(struct phone *ph, unsigned line);
/** say: with a word on the wire. */
void phone_blf_stop(struct phone *ph, unsigned line, bool say);

/** What a key monitors (unit 0: a line key); NULL = nothing. */
struct phone_watch *phone_watch_of(const struct phone *ph, unsigned unit, unsigned key);
/** How the monitored phone is, as far as its subscription tells. */
enum watch_state phone_watch_state(const struct phone_watch *w);
const char *watch_state_name(enum watch_state state);

/* keys with a function: Extended_Function_k_ of disabled line keys, Unit_u_Key_k of consoles */

enum { PHONE_UNITS = 2, PHONE_UNIT_KEYS = 32 };

/** Keys of console units this model may have, as it is configured; 0 = none. */
unsigned phone_unit_keys(const struct phone *ph, unsigned unit);
/** unit 0: line keys. False: no function. */
bool phone_key_function(const struct phone *ph, unsigned unit, unsigned key, struct keyfunc *k);
/** What stands beside the key; malloc()ed. */
char *phone_key_label(const struct phone *ph, unsigned unit, unsigned key, const struct keyfunc *k);
/** "line3", "unit1_key12" and back. */
void phone_key_name(char *buf, size_t size, unsigned unit, unsigned key);
bool phone_key_find(const struct phone *ph, const char *name, unsigned *unit, unsigned *key);
/** Pressed. False: it has no function. */
bool phone_key_pressed(struct phone *ph, unsigned unit, unsigned key);
/** What a function does when its key is pressed; w: what it monitors, NULL = nothing. */
void phone_function_run(struct phone *ph, const struct keyfunc *k, const struct phone_watch *w);
/** Number to dial for a key: user, or user@host of another domain; malloc()ed, NULL = none. */
char *phone_key_number(const struct phone *ph, const struct keyfunc *k);

/** "*97", "vm@host" or "host" as a URI; a number belongs to the proxy [DEF]. malloc()ed. */
char *phone_as_uri(const struct phone *ph, const char *text, unsigned line);

#endif
