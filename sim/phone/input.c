/* SPDX-License-Identifier: BSD-3-Clause */
/* Off hook: a number is entered key by key, and the dial plan says when it is whole (devices.md 4,
 * 12). */
#include <errno.h>
#include <stdint.h>
#include <re.h>
#include <stdio.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/phone/calls.h"
#include "sim/phone/ivr.h"
#include "sim/phone/priv.h"
#include "sim/phone/shared.h"

#define ANY_NUMBER "(*x.|x.)"

enum { DIAL_TONE_MS = 10000 }; /* devices.md 11: how long a dial tone plays */

void phone_input_close(struct phone *ph)
{
    struct phone_input *in = ph->calls ? &ph->calls->input : NULL;

    if (!in || !in->open)
        return;
    timer_cancel(&in->timer);
    in->plan = mem_deref(in->plan);
    in->alpha = mem_deref(in->alpha);
    in->right = 0;
    ph->calls->wishes = 0;
    in->open = false;
    in->about = NULL;
    phone_shared_on_hook(ph, in->line);
}

static void act(struct phone *ph, enum dialplan_result result);

static void timer_handler(void *arg)
{
    struct phone *ph = arg;
    struct phone_input *in = &ph->calls->input;
    const uint64_t idle = clock_ms(ph->env->lp) - in->key_ms;

    act(ph, dialplan_idle(&in->in, (uint32_t)idle));
    phone_screen_changed(ph);
}

struct wish { /* what a number was entered for */
    enum input_mode mode;
    unsigned line, key;
    struct phone_call *about;
    uint16_t wishes;
};

static struct wish close_input(struct phone *ph)
{
    const struct phone_input *in = &ph->calls->input;
    const struct wish w = {in->mode, in->line, in->key, in->about, ph->calls->wishes};

    phone_input_close(ph);
    return w;
}

static void call_it(struct phone *ph, const struct wish *w, const char *number)
{
    const struct phone_call_order order = {.line = w->line, .key = w->key, .number = number};
    struct phone_call *pc = NULL;

    ph->calls->wishes = w->wishes;
    if (w->mode == INPUT_PAGE) {
        (void)phone_page(ph, &order);
        return;
    }
    if (phone_call_place(ph, &order, &pc) || w->mode == INPUT_NUMBER || !w->about)
        return;
    pc->consultation = true;
    pc->wants_conference = w->mode == INPUT_CONFERENCE;
    pc->about = w->about;
}

static bool takes_code(enum input_mode mode)
{
    return mode >= INPUT_PARK && mode < INPUT_CFWD_ALL;
}

/* Code and number go out as they are, past the dial plan [DEF]; without a number the code alone:
 * what a server asks for then is its own affair. A call is parked by sending it there. */
static void send_code(struct phone *ph, const struct wish *w, const char *number)
{
    static const enum param_id codes[] = {[INPUT_PARK] = P_Call_Park_Code,
                                          [INPUT_PICKUP] = P_Call_Pickup_Code,
                                          [INPUT_GROUP_PICKUP] = P_Group_Call_Pickup_Code,
                                          [INPUT_UNPARK] = P_Call_UnPark_Code};
    char text[160];

    snprintf(text, sizeof(text), "%.31s%.127s", param_get(ph->params, codes[w->mode], 0), number);
    if (w->mode != INPUT_PARK)
        call_it(ph, w, text);
    else if (w->about)
        (void)phone_transfer_to(w->about, text);
}

static bool starcode(struct phone *ph, const struct wish *w, const char *number)
{
    ph->calls->wishes = w->wishes;
    return phone_starcode(ph, w->line, number);
}

static void dial_it(struct phone *ph, struct phone_input *in)
{
    char number[128];

    if (dialplan_number(&in->in, number, sizeof(number)))
        return;
    const struct wish w = close_input(ph);
    if (w.mode >= INPUT_CFWD_ALL) {
        phone_starcode_target(ph, w.mode, number);
        return;
    }
    if (takes_code(w.mode)) {
        send_code(ph, &w, number);
        return;
    }
    snprintf(ph->calls->last_number, sizeof(ph->calls->last_number), "%.63s", number);
    if (w.mode == INPUT_BLIND_TRANSFER && w.about)
        (void)phone_transfer_blind(w.about, number);
    else if (w.mode == INPUT_NUMBER ? !starcode(ph, &w, number)
                                    : !phone_starcode_transfer(ph, number))
        call_it(ph, &w, number);
}

bool phone_input_take(struct phone *ph, const char *number)
{
    if (!ph->calls || !ph->calls->input.open || ph->calls->input.mode == INPUT_NUMBER)
        return false;
    phone_input_send(ph, number);
    return true;
}

void phone_input_send(struct phone *ph, const char *number)
{
    const struct wish w = close_input(ph);

    if (w.mode >= INPUT_CFWD_ALL)
        phone_starcode_target(ph, w.mode, number);
    else if (takes_code(w.mode))
        send_code(ph, &w, number);
    else if (w.mode == INPUT_BLIND_TRANSFER && w.about)
        (void)phone_transfer_to(w.about, number);
    else
        call_it(ph, &w, number);
}

/* Reorder tone until the user hangs up: the line stays seized. */
static void act(struct phone *ph, enum dialplan_result result)
{
    struct phone_input *in = &ph->calls->input;

    timer_cancel(&in->timer);
    if (result == DIALPLAN_MATCH)
        dial_it(ph, in);
    else if (result != DIALPLAN_REJECT && in->in.timeout_ms != DIALPLAN_NEVER)
        timer_start(ph->env->lp, &in->timer, in->in.timeout_ms, timer_handler, ph);
}

int phone_input_open(struct phone *ph, enum input_mode mode, unsigned line)
{
    struct phone_calls *calls = phone_calls_get(ph);
    const struct param_set *ps = ph->params;
    struct dialplan_timers t = {.long_ms = param_ms(ps, P_Interdigit_Long_Timer, 0),
                                .short_ms = param_ms(ps, P_Interdigit_Short_Timer, 0),
                                .off_hook_ms = DIAL_TONE_MS};
    unsigned key;

    if (!calls)
        return ENOMEM;
    for (unsigned l = 1; !line && l <= ph->model->n_lines; l++) {
        if (ph->lines[l - 1].ua && phone_calls_place(ph, l, &key))
            line = l;
    }
    if (!line)
        return EBUSY;
    phone_input_close(ph);
    const int err = mode >= INPUT_PARK
                        ? dialplan_alloc(&calls->input.plan, ANY_NUMBER,
                                         &(struct dialplan_options){.n_star_codes = 0}, NULL)
                        : phone_dialplan(ph, line, &calls->input.plan);
    if (err)
        return err;
    if (mode >= INPUT_PARK) /* no plan tells its end: the user does [DEF] */
        t.long_ms = t.short_ms = t.off_hook_ms = DIALPLAN_NEVER;
    if (mode == INPUT_NUMBER)
        phone_calls_hold_others(ph, NULL);
    if (mode != INPUT_BLIND_TRANSFER && mode != INPUT_PARK && mode < INPUT_CFWD_ALL)
        phone_shared_off_hook(ph, line);
    calls->input.open = true;
    calls->input.n_stars = 0;
    calls->input.mode = mode;
    calls->input.line = line;
    calls->input.key = phone_calls_place(ph, line, &key) ? key : 0;
    calls->input.key_ms = clock_ms(ph->env->lp);
    act(ph, dialplan_start(&calls->input.in, calls->input.plan, &t));
    return 0;
}

/* One digit that the user says is all: of a speed dial, as if its number were entered (devices.md 4
 * [DEF]). */
static bool send_speed_dial(struct phone *ph)
{
    struct phone_input *in = &ph->calls->input;
    char number[64];

    if (in->mode >= INPUT_PARK || in->alpha)
        return false;
    snprintf(number, sizeof(number), "%.63s", phone_speed_dial(ph, in->in.digits));
    if (!*number)
        return false;
    in->right = 0;
    if (number[strspn(number, "0123456789*#")])
        phone_input_send(ph, number);
    else
        phone_input_feed(ph, number);
    if (in->open && in->in.digits[0])
        act(ph, dialplan_finish(&in->in));
    return true;
}

int phone_input_key(struct phone *ph, char digit)
{
    struct phone_input *in = &ph->calls->input;
    const uint64_t now = clock_ms(ph->env->lp), idle = now - in->key_ms;

    if (!in->open)
        return 0;
    if (digit == '#' && takes_code(in->mode) && !in->in.digits[0])
        return phone_input_finish(ph);
    if (digit == '#' && send_speed_dial(ph))
        return 1;
    in->key_ms = now;
    if (phone_ivr_stars(ph, digit) || phone_input_insert(ph, digit))
        return 1;
    act(ph, dialplan_key(&in->in, digit, (uint32_t)idle));
    return 1;
}

int phone_input_finish(struct phone *ph)
{
    struct phone_input *in = &ph->calls->input;

    if (!in->open)
        return 0;
    if (send_speed_dial(ph))
        return 1;
    if (takes_code(in->mode) && !in->in.digits[0]) {
        const struct wish w = close_input(ph);
        send_code(ph, &w, "");
    } else if (!phone_input_finish_letters(ph)) {
        act(ph, dialplan_finish(&in->in));
    }
    return 1;
}

void phone_input_feed(struct phone *ph, const char *number)
{
    struct phone_input *in = &ph->calls->input;
    const struct dialplan_timers t = in->in.timers;
    char digits[sizeof(in->in.digits)];

    snprintf(digits, sizeof(digits), "%s", number);
    enum dialplan_result result = dialplan_start(&in->in, in->plan, &t);
    for (const char *p = digits; *p && result != DIALPLAN_MATCH; p++)
        result = dialplan_key(&in->in, *p, 0);
    in->key_ms = clock_ms(ph->env->lp);
    act(ph, result);
}
