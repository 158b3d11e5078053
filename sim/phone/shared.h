/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lines shared with other phones (Share_Ext): a server of the BroadSoft kind tells what each of
 * their appearances does, and grants one before a call goes out. For the files of this folder.
 * sip-behaviour.md 10; devices.md 3.2, 3.4, 4, 6.3.
 */
#ifndef SIM_PHONE_SHARED_H
#define SIM_PHONE_SHARED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/loop/timer.h"
#include "sim/sip/call_info.h"

struct phone;
struct phone_call;
struct raw_message;
struct screen;
struct ua_subscription;

enum seize { SEIZE_NONE, SEIZE_ASKED, SEIZE_GRANTED };

struct phone_shared { /* of a line */
    struct phone *ph;
    unsigned line;
    struct ua_subscription *info;  /* call-info */
    struct ua_subscription *claim; /* line-seize; NULL = none */
    struct timer timer;
    enum seize seize;
    uint8_t index; /* asked for or granted, not yet used */
    uint64_t granted_ms;
    struct phone_call *call;                 /* waits for the grant */
    char *uri, *extra;                       /* of its INVITE; extra NULL = none */
    uint8_t n;                               /* appearances */
    uint8_t states[SCA_APPEARANCES_MAX + 1]; /* enum sca_state, by index */
    char *uris[SCA_APPEARANCES_MAX + 1];     /* who is talked to; NULL = not told */
};

/** The line, where it is shared; else NULL. line from 1. */
struct phone_shared *phone_shared_line(const struct phone *ph, unsigned line);

/** Its address: Shared_User_ID, else User_ID; malloc()ed. */
char *phone_shared_aor(const struct phone *ph, unsigned line);

/** The line is registered: subscribe to what its appearances do, where it is a shared one. */
void phone_shared_start(struct phone *ph, unsigned line);
/** say: with a word on the wire. */
void phone_shared_stop(struct phone *ph, unsigned line, bool say);

/** Does this phone itself use the appearance? */
bool phone_shared_own(const struct phone_shared *sh, unsigned index);
/** The key an appearance is shown on (devices.md 3.4); 0 = this phone has no such keys. */
unsigned phone_shared_key(const struct phone_shared *sh, unsigned index);
/** The key for the next call, or false: all appearances are taken. */
bool phone_shared_place(const struct phone_shared *sh, unsigned *key);
/** What another phone does on this key; 0 = nothing. */
unsigned phone_shared_remote(const struct phone_shared *sh, unsigned key);

/** Lamps and screen follow. */
void phone_shared_changed(struct phone_shared *sh);
/** A free appearance: one of the key (0 = any) if it has one, else the first. 0 = none. */
unsigned phone_shared_choose(const struct phone_shared *sh, unsigned key);
/** All Call-Info headers of a NOTIFY. */
void phone_shared_read(const struct raw_message *msg, struct sca_list *list);

/* shared_seize.c */
/** Returns the call that waited for a grant, NULL = none. */
struct phone_call *phone_shared_seize_stop(struct phone_shared *sh, bool say);

/** Off hook: ask for an appearance, that of the key pressed if there was one (0 = any). */
void phone_shared_off_hook(struct phone *ph, unsigned line);
/** Nobody needs the appearance any more, unless a call does in a moment. */
void phone_shared_on_hook(struct phone *ph, unsigned line);
/** Send the INVITE of a new call, or keep it until an appearance is granted. */
int phone_shared_invite(struct phone_call *pc, const char *uri, const char *extra);
/** A call that came in says which appearance it has (0 = it does not). */
void phone_shared_called(struct phone_call *pc, unsigned index);
/** The call ended: the appearance it waited for is given back. */
void phone_shared_call_over(struct phone_call *pc);
/** Go on with the call of another phone: one it holds, or (barge) one it is in. */
int phone_shared_take(struct phone_shared *sh, unsigned index);

/** A line key whose appearance another phone uses. False: not such a key. */
bool phone_shared_pressed(struct phone *ph, unsigned key);

/* apps/shared.c */
/** "\"Name\" <sip:user@host>" of an appearance: who that is. */
void phone_shared_party(const char *uri, char *name, size_t name_size, char *number,
                        size_t number_size);
bool app_shared_shown(const struct phone *ph);
void app_shared_screen(const struct phone *ph, struct screen *s);
int app_shared_key(struct phone *ph, const char *key, char digit);

#endif
