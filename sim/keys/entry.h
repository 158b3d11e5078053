/* SPDX-License-Identifier: BSD-3-Clause */
/* Text entry by keypad: multi-tap and direct digits, cursor, modes (devices.md 9). Pure: time comes
 * in with the key. */
#ifndef SIM_KEYS_ENTRY_H
#define SIM_KEYS_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    KEY_ENTRY_BYTES = 64,   /* a text is one shorter (xml-services.md 7.3 [DEF]) */
    KEY_ENTRY_TAP_MS = 1000 /* devices.md 9 D: */
};

enum key_mode { KEY_MODE_LOWER, KEY_MODE_UPPER, KEY_MODE_DIGITS, KEY_MODE_IP };

/* what may be entered */
enum key_set {
    KEY_SET_ANY,
    KEY_SET_DIAL, /* 0-9 * # */
    KEY_SET_DIGITS,
    KEY_SET_MATH, /* digits; star cycles the signs */
    KEY_SET_UPPER,
    KEY_SET_LOWER,
};

struct key_entry {
    char text[KEY_ENTRY_BYTES]; /* bytes typed are ASCII; a default may be UTF-8 */
    uint8_t cursor;             /* bytes before it */
    uint8_t set, mode;
    char tap_key; /* key whose character may still change; 0 = none */
    uint8_t tap_n;
    uint64_t tap_ms;
};

void key_entry_init(struct key_entry *e, enum key_set set, const char *text);

/** A digit key. false: nothing it could enter. */
bool key_entry_press(struct key_entry *e, char digit, uint64_t now_ms);

bool key_entry_delete(struct key_entry *e); /* left of the cursor */
bool key_entry_clear(struct key_entry *e);
bool key_entry_move(struct key_entry *e, int step); /* -1 or 1 */

/** Next mode: abc, ABC, 123; false where the set allows one only. */
bool key_entry_next_mode(struct key_entry *e);

/** The same on the phone's own screens, whose letters have both cases: alpha, num, and IP, in which
 *  star is the dot (devices.md 9). */
bool key_entry_turn_mode(struct key_entry *e);

/** "num", "IP" or "alpha": the mode that turning leads to; "" = none. */
const char *key_entry_turn_label(const struct key_entry *e);

/** "abc", "ABC", "123" or "IP". */
const char *key_entry_mode(const struct key_entry *e);

/** What the mode key reads: the mode it switches to; "" = none. */
const char *key_entry_mode_label(const struct key_entry *e);

/** The key that enters c in the set's first mode, and how often a person presses it. false: none.
 */
bool key_entry_char(enum key_set set, char c, char *digit, unsigned *presses);

#endif
