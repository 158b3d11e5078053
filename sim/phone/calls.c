/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/phone/calls.h"

#include <errno.h>
#include <stdint.h>
#include <re.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/utf8.h"
#include "sim/loop/clock.h"
#include "sim/phone/history.h"
#include "sim/phone/priv.h"
#include "sim/phone/streams.h"
#include "sim/phone/shared.h"
#include "sim/sip/call.h"
#include "sim/sip/response_table.h"

enum { REORDER_NEVER_S = 255 };

struct phone_calls *phone_calls_get(struct phone *ph)
{
    if (!ph->calls)
        ph->calls = calloc(1, sizeof(*ph->calls));
    return ph->calls;
}

/* Tell the one who asked for the call how it ended. */
static void report(struct phone_call *pc, uint16_t scode)
{
    if (pc->referrer)
        ua_call_referred_progress(pc->referrer, scode, NULL);
    pc->referrer = mem_deref(pc->referrer);
}

void phone_call_drop(struct phone_call *pc)
{
    struct phone_call **at = &pc->ph->calls->list;

    while (*at && *at != pc)
        at = &(*at)->next;
    if (*at)
        *at = pc->next;
    for (struct phone_call *other = pc->ph->calls->list; other; other = other->next) {
        if (other->about == pc)
            other->about = NULL;
    }
    if (pc->ph->calls->input.about == pc)
        pc->ph->calls->input.about = NULL;
    phone_shared_call_over(pc);
    timer_cancel(&pc->timer);
    mem_deref(pc->lookup);
    mem_deref(pc->post_dial);
    report(pc, 487);
    ua_call_release(pc->ua);
    free(pc->refer_to);
    free(pc);
}

void phone_calls_close(struct phone *ph)
{
    struct phone_calls *calls = ph->calls;

    if (!calls)
        return;
    phone_input_close(ph);
    phone_call_back_end(ph);
    while (calls->list)
        phone_call_drop(calls->list);
    free(calls->last);
    mem_deref(calls->source);
    free(calls->source_text);
    free(calls);
    ph->calls = NULL;
}

bool phone_call_live(const struct phone_call *pc)
{
    return pc->state != PHONE_CALL_ENDED;
}

unsigned phone_calls_live(const struct phone *ph)
{
    unsigned n = 0;

    for (const struct phone_call *pc = ph->calls ? ph->calls->list : NULL; pc; pc = pc->next)
        n += phone_call_live(pc);
    return n;
}

bool phone_calls_held(const struct phone *ph)
{
    for (const struct phone_call *pc = ph->calls ? ph->calls->list : NULL; pc; pc = pc->next) {
        struct ua_call_info info = {.held = false};
        if (pc->ua)
            ua_call_info(pc->ua, &info);
        if (info.held || info.holding)
            return true;
    }
    return false;
}

struct phone_call *phone_calls_in(const struct phone *ph, enum phone_call_state state)
{
    struct phone_call *pc = ph->calls ? ph->calls->list : NULL;

    while (pc && (pc->state != state || pc->gone))
        pc = pc->next;
    return pc;
}

/* Its hold is under way: what follows it is what the user sees. */
static bool is_leaving(const struct phone_call *pc)
{
    struct ua_call_info info = {.holding = false};

    if (pc->state == PHONE_CALL_CONNECTED && pc->ua)
        ua_call_info(pc->ua, &info);
    return info.wants_hold && !info.holding;
}

static struct phone_call *next_in(const struct phone *ph, enum phone_call_state state)
{
    struct phone_call *pc = ph->calls ? ph->calls->list : NULL;

    while (pc && (pc->state != state || pc->gone || is_leaving(pc)))
        pc = pc->next;
    return pc;
}

struct phone_call *phone_calls_focus(const struct phone *ph)
{
    static const enum phone_call_state order[] = {PHONE_CALL_RINGING,  PHONE_CALL_CONNECTED,
                                                  PHONE_CALL_PROGRESS, PHONE_CALL_CALLING,
                                                  PHONE_CALL_ENDED,    PHONE_CALL_HOLDING};
    struct phone_call *pc = ph->calls ? ph->calls->list : NULL;

    while (pc && !(ph->calls->walked && pc->id == ph->calls->walked))
        pc = pc->next;
    if (pc)
        return pc;
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]) && !pc; i++)
        pc = order[i] == PHONE_CALL_ENDED && phone_calls_in(ph, PHONE_CALL_CONNECTED)
                 ? phone_calls_in(ph, PHONE_CALL_CONNECTED)
                 : next_in(ph, order[i]);
    for (struct phone_call *of = pc; of; of = of->next) {
        if (of->id == ph->calls->shown && of->state == pc->state)
            return of;
    }
    return pc;
}

struct phone_call *phone_call_find(const struct phone *ph, unsigned id)
{
    struct phone_call *pc = ph->calls ? ph->calls->list : NULL;

    if (!id)
        return phone_calls_focus(ph);
    while (pc && pc->id != id)
        pc = pc->next;
    return pc;
}

/* ---- what the user and the scripts see */

const char *phone_call_state_name(const struct phone_call *pc)
{
    struct ua_call_info info;

    switch (pc->state) {
    case PHONE_CALL_CALLING:
        return "calling";
    case PHONE_CALL_PROGRESS:
        return "progressing";
    case PHONE_CALL_RINGING:
        return "ringing";
    case PHONE_CALL_CONNECTED:
        if (pc->ua) {
            ua_call_info(pc->ua, &info);
            if (info.held)
                return "held";
        }
        return "connected";
    case PHONE_CALL_HOLDING:
        return "holding";
    case PHONE_CALL_ENDED:
        break;
    }
    return "ended";
}

void phone_call_tell(struct phone_call *pc, enum phone_call_news news, uint64_t us,
                     const struct phone_media *media)
{
    struct phone *ph = pc->ph;
    const unsigned line = pc->line;

    phone_cti_call(pc);
    phone_emit(ph, &(struct phone_event){.ev = PHONE_EV_CALL,
                                         .us = us,
                                         .media = media,
                                         .line = line,
                                         .count = pc->id,
                                         .on = pc->outgoing,
                                         .call = news,
                                         .text = phone_call_state_name(pc),
                                         .text2 = pc->number,
                                         .scode = pc->scode,
                                         .why = pc->reason});
    phone_lamps_changed(ph, line);
    phone_message_lamp_changed(ph);
    phone_screen_changed(ph);
}

void phone_call_changed(struct phone_call *pc)
{
    phone_call_tell(pc, PHONE_CALL_NEWS_NONE, 0, NULL);
}

void phone_call_set(struct phone_call *pc, enum phone_call_state state)
{
    enum phone_call_news news = PHONE_CALL_NEWS_NONE;
    const uint64_t now_us = clock_us(pc->ph->env->lp);

    if (state == PHONE_CALL_CONNECTED)
        phone_streams_yield(pc->ph);
    if (state == PHONE_CALL_CONNECTED && !pc->was_connected) {
        pc->was_connected = true;
        news = PHONE_CALL_NEWS_ANSWERED;
        if (!pc->outgoing)
            phone_history_add(pc->ph, HISTORY_ANSWERED, pc->number, pc->name, pc->tag);
        pc->since_ms = clock_ms(pc->ph->env->lp);
        timer_cancel(&pc->timer);
        phone_post_dial_begin(pc);
    }
    pc->state = state;
    pc->ph->calls->walked = 0;
    phone_call_tell(pc, news, now_us - pc->placed_us, NULL);
}

void phone_call_release(struct phone_call *pc)
{
    struct phone *ph = pc->ph;

    phone_call_drop(pc);
    phone_screen_changed(ph);
}

static void release_handler(void *arg)
{
    phone_call_release(arg);
}

/* How long its reason stays on the screen (6.3 says that it does) [DEF]. */
static void release_later(struct phone_call *pc)
{
    const struct phone *ph = pc->ph;
    const uint64_t ms = param_ms(ph->params, P_Sim_Release_Seconds, 0);

    timer_start(ph->env->lp, &pc->timer, clock_scaled(ph->env->lp, ms), release_handler, pc);
}

static void reorder_handler(void *arg)
{
    struct phone_call *pc = arg;

    pc->tone = "reorder";
    phone_call_changed(pc);
    release_later(pc);
}

/* The other side hung up: silence, then the reorder tone (provisioning.md 16.4; never: [X 20]). */
static bool reorders(struct phone_call *pc)
{
    const struct phone *ph = pc->ph;
    const uint32_t delay_s = param_u32(ph->params, P_Reorder_Delay, 0);

    if (delay_s >= REORDER_NEVER_S)
        return false;
    timer_start(ph->env->lp, &pc->timer, clock_scaled(ph->env->lp, delay_s * 1000ULL),
                reorder_handler, pc);
    return true;
}

static void note_missed(struct phone_call *pc)
{
    struct phone_calls *calls = pc->ph->calls;

    calls->n_missed++;
    if (param_bool(pc->ph->params, P_Log_Missed_Calls_for_EXT, (uint16_t)pc->line))
        phone_history_add(pc->ph, HISTORY_MISSED, pc->number, pc->name, pc->tag);
    snprintf(calls->last_missed, sizeof(calls->last_missed), "%s", pc->number);
}

/* A call that failed; one that was up has a tone where the answer said that it is gone. */
static const char *tone_of(const struct phone *ph, bool was_connected, uint16_t scode)
{
    static const char *const names[] = {NULL, "busy", "reorder", "sit1", "sit2", "sit3", "sit4"};
    const struct param_set *ps = ph->params;
    const struct response_rules rules = {
        .sit_rsc = {param_get(ps, P_SIT1_RSC, 0), param_get(ps, P_SIT2_RSC, 0),
                    param_get(ps, P_SIT3_RSC, 0), param_get(ps, P_SIT4_RSC, 0)}};

    if (scode < 300)
        return was_connected ? NULL : "reorder";
    return names[response_next(was_connected ? RESPONSE_IN_DIALOG : RESPONSE_TO_INVITE, scode,
                               &rules)
                     .tone];
}

static void remember(const struct phone_call *pc, const struct phone_call_view *v)
{
    struct phone_calls *calls = pc->ph->calls;

    if (!calls->last && !(calls->last = calloc(1, sizeof(*calls->last))))
        return;
    calls->last->v = *v;
    calls->last->outgoing = pc->outgoing;
    snprintf(calls->last->number, sizeof(calls->last->number), "%s", pc->number);
}

/* Whose end is the transfer's success: the user has had his say (5.5). */
static bool given_away(const struct phone_call *pc)
{
    return pc->given_away || pc->transferring ||
           (pc->consultation && pc->about && pc->about->transferring);
}

void phone_call_end(struct phone_call *pc, uint16_t scode, const char *reason, bool failed)
{
    struct phone *ph = pc->ph;
    const bool missed = pc->state == PHONE_CALL_RINGING && !pc->outgoing && pc->ua;
    const bool quiet = given_away(pc);
    struct phone_call_view v;

    if (pc->state == PHONE_CALL_ENDED)
        return;
    phone_call_view(pc, &v);
    phone_call_count(&ph->calls->rtp, &v);
    const struct phone_media media = {.tx_packets = v.tx_packets,
                                      .rx_packets = v.rx_packets,
                                      .rx_lost = v.rx_lost,
                                      .jitter_us = (uint32_t)(v.jitter_ms * 1000)};
    pc->ended_ms = clock_ms(ph->env->lp);
    pc->scode = scode;
    snprintf(pc->reason, sizeof(pc->reason), "%s", reason && *reason ? reason : "Call Ended");
    report(pc, scode >= 300 ? scode : 487);
    if (pc->was_connected)
        remember(pc, &v);
    struct phone_call *partner = phone_conference_partner(pc);
    pc->conference = false;
    if (partner)
        partner->conference = false;
    if (missed && failed)
        note_missed(pc);
    pc->tone = failed && !quiet && (pc->outgoing || pc->was_connected)
                   ? tone_of(ph, pc->was_connected, scode)
                   : NULL;
    pc->ua = ua_call_release(pc->ua);
    phone_shared_call_over(pc);
    pc->state = PHONE_CALL_ENDED;
    const bool left = failed && pc->was_connected && !quiet; /* by the other side */
    /* without a reason to be read the next key is the idle screen's, whenever the timer gets its
     * turn */
    pc->gone = !pc->tone && !left;
    if (pc->gone)
        timer_start(ph->env->lp, &pc->timer, 0, release_handler, pc);
    else if (pc->tone || !reorders(pc))
        release_later(pc);
    phone_call_tell(pc,
                    failed && !pc->was_connected ? PHONE_CALL_NEWS_FAILED : PHONE_CALL_NEWS_NONE, 0,
                    v.has_media && pc->was_connected ? &media : NULL);
    phone_went_idle(ph);
}

void phone_calls_hold_others(struct phone *ph, const struct phone_call *but)
{
    for (struct phone_call *pc = ph->calls ? ph->calls->list : NULL; pc; pc = pc->next) {
        if (pc != but && pc->state == PHONE_CALL_CONNECTED && pc->ua &&
            !(but && but->conference && pc->conference))
            (void)ua_call_hold(pc->ua, true);
    }
}

/* ---- news of a call */

static void session_changed(struct phone_call *pc, const struct ua_call_news *news)
{
    struct ua_call_info info;

    ua_call_info(pc->ua, &info);
    if (news->scode >= 300)
        snprintf(pc->reason, sizeof(pc->reason), "%s", response_text(news->scode));
    phone_call_set(pc, info.holding ? PHONE_CALL_HOLDING : PHONE_CALL_CONNECTED);
    phone_transfer_held(pc);
}

void phone_call_take_peer(struct phone_call *pc)
{
    struct ua_call_info info;

    if (!pc->ua) /* its INVITE is still to come */
        return;
    ua_call_info(pc->ua, &info);
    snprintf(pc->name, sizeof(pc->name), "%s", info.peer.name);
    if (info.peer.number[0])
        snprintf(pc->number, sizeof(pc->number), "%s", info.peer.number);
}

static void connected(struct phone_call *pc)
{
    phone_call_take_peer(pc);
    if (pc->referrer) {
        report(pc, 200);
        phone_transfer_came_off(pc);
    }
    phone_call_set(pc, PHONE_CALL_CONNECTED);
    if (pc->consultation && pc->complete)
        (void)phone_transfer_complete(pc);
}

static void progressed(struct phone_call *pc, const struct ua_call_news *news)
{
    phone_call_take_peer(pc);
    if (pc->referrer)
        ua_call_referred_progress(pc->referrer, news->scode, NULL);
    pc->scode = news->scode;
    phone_call_set(pc, PHONE_CALL_PROGRESS);
}

/* BroadSoft remote control (11) */
static void controlled(struct phone_call *pc, const char *package)
{
    if (strcmp(package, "hold") == 0)
        (void)ua_call_hold(pc->ua, true);
    else if (strcmp(package, "talk") == 0 && pc->state == PHONE_CALL_RINGING)
        (void)phone_answer(pc->ph, pc->id);
    else if (strcmp(package, "talk") == 0)
        (void)phone_call_resume(pc);
    else if (strcmp(package, "conference") == 0)
        (void)phone_conference_begin(pc);
}

void phone_call_news(struct ua_call *call, const struct ua_call_news *news, void *arg)
{
    struct phone_call *pc = arg;
    char text[2] = {news->digit, '\0'};

    (void)call;
    if (pc->call_back && (news->ev == UA_CALL_EV_PROGRESS || news->ev == UA_CALL_EV_UP ||
                          news->ev == UA_CALL_EV_SESSION))
        return; /* until it is picked up */
    switch (news->ev) {
    case UA_CALL_EV_PROGRESS:
        progressed(pc, news);
        break;
    case UA_CALL_EV_UP:
        connected(pc);
        break;
    case UA_CALL_EV_SESSION:
        session_changed(pc, news);
        break;
    case UA_CALL_EV_PEER:
        phone_call_take_peer(pc);
        phone_call_changed(pc);
        break;
    case UA_CALL_EV_DIGIT:
        phone_emit(pc->ph,
                   &(struct phone_event){
                       .ev = PHONE_EV_DTMF, .line = pc->line, .count = pc->id, .text = text});
        break;
    case UA_CALL_EV_REFERRED:
        phone_transfer_asked(pc, news->text, news->text2);
        break;
    case UA_CALL_EV_TRANSFER:
        phone_transfer_news(pc, news->scode);
        break;
    case UA_CALL_EV_PACKAGE:
        controlled(pc, news->text);
        break;
    case UA_CALL_EV_OVER:
        if (!phone_call_elsewhere(pc, news))
            phone_call_end(pc, news->scode, news->text, true);
        break;
    }
}

struct phone_call *phone_call_new(struct phone *ph, unsigned line, unsigned key, bool outgoing)
{
    struct phone_calls *calls = phone_calls_get(ph);
    struct phone_call *pc = calls ? calloc(1, sizeof(*pc)) : NULL;

    if (!pc)
        return NULL;
    app_below(ph);
    struct phone_call **at = &calls->list;
    while (*at)
        at = &(*at)->next;
    *at = pc;
    calls->walked = 0;
    pc->ph = ph;
    pc->id = ++calls->last_id;
    pc->line = line;
    pc->key = key;
    pc->outgoing = outgoing;
    pc->tag = "";
    pc->state = outgoing ? PHONE_CALL_CALLING : PHONE_CALL_RINGING;
    pc->since_ms = clock_ms(ph->env->lp);
    pc->placed_us = clock_us(ph->env->lp);
    return pc;
}

void phone_call_forget(struct phone_call *pc)
{
    struct phone *ph = pc->ph;

    phone_call_drop(pc);
    phone_went_idle(ph);
}
