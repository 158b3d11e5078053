/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Call back: a number that was busy is called again and again, in silence; when the other phone
 * rings, this one does, too (devices.md 3.2, 11.4; provisioning.md 16.4). What an attempt does
 * while the phone is in use, and that it goes on after any refusal, is [DEF].
 */
#include <errno.h>
#include <stdint.h>
#include <re.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/loop/clock.h"
#include "sim/phone/calls.h"
#include "sim/phone/history.h"
#include "sim/phone/priv.h"
#include "sim/phone/shared.h"
#include "sim/sip/call.h"

struct phone_call_back {
    struct phone *ph;
    struct ua_call *ua; /* the attempt under way; NULL = none */
    struct timer retry; /* the next attempt */
    struct timer delay; /* since the other side's 18x: busy may still follow */
    struct timer expires;
    unsigned line;
    char number[64];
};

static void again(struct phone_call_back *b);

static uint64_t parameter_ms(const struct phone_call_back *b, enum param_id id)
{
    return clock_scaled(b->ph->env->lp, param_ms(b->ph->params, id, 0));
}

static void stop_attempt(struct phone_call_back *b)
{
    timer_cancel(&b->retry);
    timer_cancel(&b->delay);
    b->ua = ua_call_release(b->ua);
}

void phone_call_back_end(struct phone *ph)
{
    struct phone_call_back *b = ph->calls ? ph->calls->back : NULL;

    if (!b)
        return;
    stop_attempt(b);
    timer_cancel(&b->expires);
    ph->calls->back = NULL;
    phone_lamps_changed(ph, b->line);
    free(b);
}

unsigned phone_call_back_line(const struct phone *ph)
{
    return ph->calls && ph->calls->back ? ph->calls->back->line : 0;
}

static void expires_handler(void *arg)
{
    const struct phone_call_back *b = arg;

    phone_call_back_end(b->ph);
}

/* It is a call now, which rings here; the call back has done its work. */
static void ring(struct phone_call_back *b)
{
    struct phone *ph = b->ph;
    struct phone_call *pc = NULL;
    unsigned key;

    if (phone_calls_place(ph, b->line, &key))
        pc = phone_call_new(ph, b->line, key, true);
    if (!pc) {
        again(b);
        return;
    }
    snprintf(pc->number, sizeof(pc->number), "%s", b->number);
    pc->ua = b->ua;
    b->ua = NULL;
    ua_call_set_handler(pc->ua, phone_call_news, pc);
    pc->call_back = true;
    pc->state = PHONE_CALL_RINGING;
    pc->tag = "Cb";
    phone_call_back_end(ph);
    phone_call_take_peer(pc);
    phone_history_add(ph, HISTORY_PLACED, pc->number, pc->name, pc->tag);
    phone_call_tell(pc, PHONE_CALL_NEWS_PLACED, 0, NULL);
}

static void delay_handler(void *arg)
{
    ring(arg);
}

static void news_handler(struct ua_call *call, const struct ua_call_news *news, void *arg)
{
    struct phone_call_back *b = arg;

    (void)call;
    if (news->ev == UA_CALL_EV_OVER)
        again(b);
    else if (news->ev == UA_CALL_EV_UP)
        ring(b);
    else if (news->ev == UA_CALL_EV_PROGRESS && !timer_running(&b->delay))
        timer_start(b->ph->env->lp, &b->delay, parameter_ms(b, P_Call_Back_Delay), delay_handler,
                    b);
}

static void retry_handler(void *arg)
{
    struct phone_call_back *b = arg;
    struct phone *ph = b->ph;
    char uri[280];
    const struct phone_invite i = {.line = b->line, .uri = uri};
    const bool engaged = phone_calls_live(ph) || ph->calls->input.open;

    if (engaged || phone_call_uri(ph, b->line, b->number, uri, sizeof(uri)) ||
        phone_invite(ph, &b->ua, &i, news_handler, b))
        again(b);
}

static void again(struct phone_call_back *b)
{
    stop_attempt(b);
    timer_start(b->ph->env->lp, &b->retry, parameter_ms(b, P_Call_Back_Retry_Intvl), retry_handler,
                b);
}

int phone_call_back_begin(struct phone *ph, unsigned line)
{
    const struct history_entry *last = phone_history_get(ph, HISTORY_PLACED, 0);
    struct phone_calls *calls = phone_calls_get(ph);

    if (phone_shared_line(ph, line))
        return EPROTO;
    if (!last)
        return ENOENT;
    phone_call_back_end(ph);
    struct phone_call_back *b = calls ? calloc(1, sizeof(*b)) : NULL;
    if (!b)
        return ENOMEM;
    b->ph = ph;
    b->line = line;
    snprintf(b->number, sizeof(b->number), "%.63s", last->number);
    calls->back = b;
    timer_start(ph->env->lp, &b->expires, parameter_ms(b, P_Call_Back_Expires), expires_handler, b);
    timer_start(ph->env->lp, &b->retry, 0, retry_handler, b);
    phone_lamps_changed(ph, line);
    return 0;
}

int phone_call_back_answer(struct phone_call *pc)
{
    struct ua_call_info info;

    phone_calls_hold_others(pc->ph, pc);
    ua_call_info(pc->ua, &info);
    pc->call_back = false;
    phone_call_set(pc, info.state == UA_CALL_UP ? PHONE_CALL_CONNECTED : PHONE_CALL_PROGRESS);
    return 0;
}
