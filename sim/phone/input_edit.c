/* SPDX-License-Identifier: BSD-3-Clause */
/* What is entered off hook is edited: a cursor in it, letters and addresses (devices.md 5.3, 9). */
#include <stdint.h>
#include <re_types.h>
#include <re_mem.h>
#include <stdio.h>
#include <string.h>

#include "sim/keys/entry.h"
#include "sim/loop/clock.h"
#include "sim/phone/calls.h"
#include "sim/phone/priv.h"

static struct phone_input *input_of(const struct phone *ph)
{
    return &ph->calls->input;
}

bool phone_input_empty(const struct phone *ph)
{
    const struct phone_input *in = input_of(ph);
    return in->alpha ? !in->alpha->text[0] : !in->in.digits[0];
}

void phone_input_print(const struct phone *ph, char *buf, size_t size)
{
    const struct phone_input *in = input_of(ph);
    const char *text = in->alpha ? in->alpha->text : in->in.digits;
    const int at = in->alpha ? in->alpha->cursor : (int)strlen(text) - in->right;

    snprintf(buf, size, "%.*s_%s", at, text, text + at);
}

/* ---- digits: the dial plan reads them anew after each change in their midst */

static void splice(struct phone *ph, char digit)
{
    const struct phone_input *in = input_of(ph);
    const char *d = in->in.digits;
    const int at = (int)strlen(d) - in->right;
    char text[sizeof(in->in.digits) + 1];

    if (digit)
        snprintf(text, sizeof(text), "%.*s%c%s", at, d, digit, d + at);
    else
        snprintf(text, sizeof(text), "%.*s%s", at - 1, d, d + at);
    phone_input_feed(ph, text);
}

int phone_input_erase(struct phone *ph, bool all)
{
    struct phone_input *in = input_of(ph);

    if (!in->open)
        return 0;
    if (in->alpha)
        return all ? key_entry_clear(in->alpha) : key_entry_delete(in->alpha);
    if (!in->in.digits[0] || (!all && in->right >= strlen(in->in.digits)))
        return 0;
    if (all)
        in->right = 0;
    if (all)
        phone_input_feed(ph, "");
    else
        splice(ph, 0);
    return 1;
}

bool phone_input_insert(struct phone *ph, char digit)
{
    const struct phone_input *in = input_of(ph);

    if (in->alpha)
        (void)key_entry_press(in->alpha, digit, clock_ms(ph->env->lp));
    else if (in->right)
        splice(ph, digit);
    else
        return false;
    return true;
}

int phone_input_move(struct phone *ph, int step)
{
    struct phone_input *in = input_of(ph);
    const size_t n = strlen(in->in.digits);

    if (in->alpha)
        return key_entry_move(in->alpha, step);
    if (step < 0 ? in->right >= n : !in->right)
        return 0;
    in->right = (uint8_t)(in->right - step);
    return 1;
}

/* ---- letters: num, alpha, IP in turn [DEF: the order]; they go out as they are, past the dial
 * plan, as what has been read from a directory does [DEF] */

/* A number, or an address that is entered with stars for its dots; as keys, in out. */
static bool is_number(const char *text, char out[KEY_ENTRY_BYTES])
{
    const size_t n = strlen(text);

    for (size_t i = 0; i <= n; i++)
        out[i] = text[i];
    for (char *dot = out; (dot = strchr(dot, '.'));)
        *dot = '*';
    return strspn(out, "0123456789*#") == n;
}

static int begin_letters(struct phone_input *in)
{
    struct key_entry *e = mem_zalloc(sizeof(*e), NULL);

    if (!e)
        return 0;
    key_entry_init(e, KEY_SET_ANY, in->in.digits);
    for (; in->right; in->right--)
        (void)key_entry_move(e, -1);
    in->alpha = e;
    timer_cancel(&in->timer);
    return 1;
}

/* Back to digits: the plan has them. */
static void end_letters(struct phone *ph, const char *number)
{
    struct phone_input *in = input_of(ph);

    in->right = (uint8_t)(strlen(in->alpha->text) - in->alpha->cursor);
    in->alpha = mem_deref(in->alpha);
    phone_input_feed(ph, number);
}

int phone_input_turn(struct phone *ph)
{
    struct phone_input *in = input_of(ph);
    struct key_entry *e = in->alpha;
    char number[KEY_ENTRY_BYTES];

    if (!e)
        return begin_letters(in);
    (void)key_entry_move(e, 0);
    e->mode = e->mode == KEY_MODE_LOWER ? KEY_MODE_IP
              : e->mode == KEY_MODE_IP  ? KEY_MODE_DIGITS
                                        : KEY_MODE_LOWER;
    if (e->mode == KEY_MODE_DIGITS && is_number(e->text, number))
        end_letters(ph, number);
    return 1;
}

const char *phone_input_mode(const struct phone *ph)
{
    const struct key_entry *e = input_of(ph)->alpha;
    return e ? key_entry_mode(e) : "123";
}

const char *phone_input_turn_word(const struct phone *ph)
{
    const struct key_entry *e = ph->calls ? input_of(ph)->alpha : NULL;

    return !e || e->mode == KEY_MODE_DIGITS ? "alpha" : e->mode == KEY_MODE_LOWER ? "IP" : "num";
}

bool phone_input_finish_letters(struct phone *ph)
{
    struct phone_input *in = input_of(ph);
    char text[KEY_ENTRY_BYTES], number[KEY_ENTRY_BYTES];

    if (!in->alpha)
        return false;
    snprintf(text, sizeof(text), "%s", in->alpha->text);
    if (is_number(text, number)) {
        end_letters(ph, number);
        return !in->open; /* else the caller says that it is whole */
    }
    phone_input_send(ph, text);
    return true;
}
