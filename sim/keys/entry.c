/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/keys/entry.h"

#include <ctype.h>
#include <string.h>

#include "sim/base/utf8.h"

/* devices.md 9 [DICT], the letters in lower case first. */
static const char *const lower_cycles[] = {" 0~?>'<\"", "1/:\\,!;$^|", "abc2ABC", "def3DEF",
                                           "ghi4GHI",   "jkl5JKL",     "mno6MNO", "pqrs7PQRS",
                                           "tuv8TUV",   "wxyz9WXYZ"};
static const char *const upper_cycles[] = {" 0~?>'<\"", "1/:\\,!;$^|", "ABC2abc", "DEF3def",
                                           "GHI4ghi",   "JKL5jkl",     "MNO6mno", "PQRS7pqrs",
                                           "TUV8tuv",   "WXYZ9wxyz"};
static const char *const lower_only[] = {"",    "",    "abc",  "def", "ghi",
                                         "jkl", "mno", "pqrs", "tuv", "wxyz"};
static const char *const upper_only[] = {"",    "",    "ABC",  "DEF", "GHI",
                                         "JKL", "MNO", "PQRS", "TUV", "WXYZ"};
static const char star_cycle[] = ".@*&%[]_";
static const char pound_cycle[] = "#+-=(){}";
static const char math_cycle[] = ".+-*/()="; /* xml-services.md 3.6 [DEF] */

/* Characters a key goes through; "" = it enters nothing. */
static const char *cycle_of(const struct key_entry *e, char digit, char one[2])
{
    const bool letters = e->set == KEY_SET_UPPER || e->set == KEY_SET_LOWER;

    one[0] = digit;
    one[1] = '\0';
    if (e->set == KEY_SET_ANY && e->mode == KEY_MODE_IP)
        return digit == '*' ? "." : digit == '#' ? "" : one; /* (u) */
    if (e->set == KEY_SET_DIAL || (e->set == KEY_SET_ANY && e->mode == KEY_MODE_DIGITS))
        return one;
    if (digit == '*')
        return e->set == KEY_SET_MATH ? math_cycle : e->set == KEY_SET_ANY ? star_cycle : "";
    if (digit == '#')
        return e->set == KEY_SET_ANY ? pound_cycle : "";
    if (!isdigit((unsigned char)digit))
        return "";
    if (!letters && e->set != KEY_SET_ANY)
        return one;
    if (letters)
        return (e->set == KEY_SET_UPPER ? upper_only : lower_only)[digit - '0'];
    return (e->mode == KEY_MODE_UPPER ? upper_cycles : lower_cycles)[digit - '0'];
}

static void utf8_copy(char *to, size_t size, const char *text)
{
    size_t at = 0, n;

    while (*text && (n = utf8_len(text)) > 0 && at + n < size) {
        memcpy(to + at, text, n);
        at += n;
        text += n;
    }
    to[at] = '\0';
}

void key_entry_init(struct key_entry *e, enum key_set set, const char *text)
{
    memset(e, 0, sizeof(*e));
    e->set = (uint8_t)set;
    e->mode = set == KEY_SET_ANY || set == KEY_SET_LOWER ? KEY_MODE_LOWER
              : set == KEY_SET_UPPER                     ? KEY_MODE_UPPER
                                                         : KEY_MODE_DIGITS;
    utf8_copy(e->text, sizeof(e->text), text);
    e->cursor = (uint8_t)strlen(e->text);
}

static bool insert(struct key_entry *e, char c)
{
    const size_t len = strlen(e->text);

    if (len + 1 >= sizeof(e->text))
        return false;
    memmove(e->text + e->cursor + 1, e->text + e->cursor, len - e->cursor + 1);
    e->text[e->cursor++] = c;
    return true;
}

bool key_entry_press(struct key_entry *e, char digit, uint64_t now_ms)
{
    char one[2];
    const char *cycle = cycle_of(e, digit, one);
    const size_t n = strlen(cycle);

    if (!n)
        return false;
    if (n > 1 && e->tap_key == digit && now_ms - e->tap_ms <= KEY_ENTRY_TAP_MS && e->cursor) {
        e->tap_n = (uint8_t)((e->tap_n + 1) % n);
        e->tap_ms = now_ms;
        e->text[e->cursor - 1] = cycle[e->tap_n];
        return true;
    }
    e->tap_key = 0;
    if (!insert(e, cycle[0]))
        return false;
    e->tap_key = n > 1 ? digit : '\0';
    e->tap_n = 0;
    e->tap_ms = now_ms;
    return true;
}

/* Bytes of the character that ends at the cursor. */
static size_t before(const struct key_entry *e)
{
    size_t n = 1;

    while (n < e->cursor && ((unsigned char)e->text[e->cursor - n] & 0xc0) == 0x80)
        n++;
    return e->cursor ? n : 0;
}

bool key_entry_delete(struct key_entry *e)
{
    const size_t n = before(e);

    e->tap_key = 0;
    if (!n)
        return false;
    memmove(e->text + e->cursor - n, e->text + e->cursor, strlen(e->text + e->cursor) + 1);
    e->cursor = (uint8_t)(e->cursor - n);
    return true;
}

bool key_entry_clear(struct key_entry *e)
{
    const bool had = e->text[0];

    e->tap_key = 0;
    e->text[0] = '\0';
    e->cursor = 0;
    return had;
}

bool key_entry_move(struct key_entry *e, int step)
{
    const bool committed = e->tap_key;

    e->tap_key = 0;
    if (step < 0 && e->cursor)
        e->cursor = (uint8_t)(e->cursor - before(e));
    else if (step > 0 && e->text[e->cursor])
        e->cursor = (uint8_t)(e->cursor + utf8_len(e->text + e->cursor));
    else
        return committed;
    return true;
}

bool key_entry_next_mode(struct key_entry *e)
{
    e->tap_key = 0;
    if (e->set != KEY_SET_ANY)
        return false;
    e->mode = (uint8_t)((e->mode + 1) % 3);
    return true;
}

bool key_entry_turn_mode(struct key_entry *e)
{
    e->tap_key = 0;
    if (e->set != KEY_SET_ANY)
        return false;
    e->mode = (uint8_t)(e->mode == KEY_MODE_DIGITS ? KEY_MODE_IP
                        : e->mode == KEY_MODE_IP   ? KEY_MODE_LOWER
                                                   : KEY_MODE_DIGITS);
    return true;
}

const char *key_entry_turn_label(const struct key_entry *e)
{
    static const char *const labels[] = {"num", "num", "IP", "alpha"};

    return e->set == KEY_SET_ANY ? labels[e->mode] : "";
}

const char *key_entry_mode(const struct key_entry *e)
{
    static const char *const names[] = {"abc", "ABC", "123", "IP"};

    return names[e->mode];
}

const char *key_entry_mode_label(const struct key_entry *e)
{
    static const char *const labels[] = {"ABC", "123", "abc", "abc"};

    return e->set == KEY_SET_ANY ? labels[e->mode] : "";
}

bool key_entry_char(enum key_set set, char c, char *digit, unsigned *presses)
{
    static const char keys[] = "0123456789*#";
    struct key_entry e;
    char one[2];

    key_entry_init(&e, set, "");
    if (!c)
        return false;
    for (const char *k = keys; *k; k++) {
        const char *cycle = cycle_of(&e, *k, one);
        const char *at = strchr(cycle, c);
        if (at) {
            *digit = *k;
            *presses = (unsigned)(at - cycle) + 1;
            return true;
        }
    }
    return false;
}
