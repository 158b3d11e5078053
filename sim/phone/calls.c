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

static void drop(struct phone_call *pc)
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
    while (calls->list)
        drop(calls->list);
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

struct phone_call *phone_calls_focus(const struct phone *ph)
{
    static const enum phone_call_state order[] = {PHONE_CALL_RINGING,  PHONE_CALL_CONNECTED,
                                                  PHONE_CALL_PROGRESS, PHONE_CALL_CALLING,
                                                  PHONE_CALL_ENDED,    PHONE_CALL_HOLDING};
    struct phone_call *pc = NULL;

    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]) && !pc; i++)
        pc = phone_calls_in(ph, order[i]);
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

static void tell(struct phone_call *pc, enum phone_call_news news, uint64_t us,
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
    tell(pc, PHONE_CALL_NEWS_NONE, 0, NULL);
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
            phone_history_add(pc->ph, HISTORY_ANSWERED, pc->number, pc->name);
        pc->since_ms = clock_ms(pc->ph->env->lp);
        timer_cancel(&pc->timer);
        phone_post_dial_begin(pc);
    }
    pc->state = state;
    tell(pc, news, now_us - pc->placed_us, NULL);
}

static void release_handler(void *arg)
{
    struct phone_call *pc = arg;
    struct phone *ph = pc->ph;

    drop(pc);
    phone_screen_changed(ph);
}

static void note_missed(struct phone_call *pc)
{
    struct phone_calls *calls = pc->ph->calls;

    calls->n_missed++;
    if (param_bool(pc->ph->params, P_Log_Missed_Calls_for_EXT, (uint16_t)pc->line))
        phone_history_add(pc->ph, HISTORY_MISSED, pc->number, pc->name);
    snprintf(calls->last_caller, sizeof(calls->last_caller), "%s", pc->number);
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

void phone_call_end(struct phone_call *pc, uint16_t scode, const char *reason, bool failed)
{
    struct phone *ph = pc->ph;
    const bool missed = pc->state == PHONE_CALL_RINGING && !pc->outgoing && pc->ua;
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
    pc->tone = failed && (pc->outgoing || pc->was_connected) ? tone_of(ph, pc->was_connected, scode)
                                                             : NULL;
    pc->ua = ua_call_release(pc->ua);
    phone_shared_call_over(pc);
    pc->state = PHONE_CALL_ENDED;
    /* how long its reason stays on the screen (6.3 says that it does) [DEF]; without one the next
     * key is the idle screen's, whenever the timer gets its turn */
    pc->gone = !pc->tone && !(failed && pc->was_connected);
    timer_start(
        ph->env->lp, &pc->timer,
        pc->gone ? 0 : clock_scaled(ph->env->lp, param_ms(ph->params, P_Sim_Release_Seconds, 0)),
        release_handler, pc);
    tell(pc, failed && !pc->was_connected ? PHONE_CALL_NEWS_FAILED : PHONE_CALL_NEWS_NONE, 0,
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

static bool call_elsewhere(struct phone_call *pc, const struct ua_call_news *news);

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

static void take_peer(struct phone_call *pc)
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
    take_peer(pc);
    if (pc->referrer) { /* the transfer has come off: Referee Bye Delay is 0 by default */
        report(pc, 200);
        if (pc->about)
            phone_call_end(pc->about, 0, NULL, false);
    }
    phone_call_set(pc, PHONE_CALL_CONNECTED);
    if (pc->consultation && pc->complete)
        (void)phone_transfer_complete(pc);
}

static void progressed(struct phone_call *pc, const struct ua_call_news *news)
{
    take_peer(pc);
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
}

void phone_call_news(struct ua_call *call, const struct ua_call_news *news, void *arg)
{
    struct phone_call *pc = arg;
    char text[2] = {news->digit, '\0'};

    (void)call;
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
        take_peer(pc);
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
        if (!call_elsewhere(pc, news))
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
    pc->ph = ph;
    pc->id = ++calls->last_id;
    pc->line = line;
    pc->key = key;
    pc->outgoing = outgoing;
    pc->state = outgoing ? PHONE_CALL_CALLING : PHONE_CALL_RINGING;
    pc->since_ms = clock_ms(ph->env->lp);
    pc->placed_us = clock_us(ph->env->lp);
    return pc;
}

void phone_call_forget(struct phone_call *pc)
{
    struct phone *ph = pc->ph;

    drop(pc);
    phone_went_idle(ph);
}

/* ---- outgoing calls */

/* No dial tone without a registration, unless Make Call Without Reg (1.2). */
static bool may_call(const struct phone *ph, unsigned line)
{
    struct ua_reg_status st;

    if (!ph->lines[line - 1].ua)
        return false;
    phone_line_status(ph, line, &st);
    return st.state == UA_REG_OK || param_bool(ph->params, P_Make_Call_Without_Reg, (uint16_t)line);
}

/* The first line that can: key by key (devices.md 4). */
static int choose_line(const struct phone *ph, unsigned *line, unsigned *key)
{
    int err = ENOTCONN;

    if (*line)
        return !may_call(ph, *line) ? ENOTCONN : phone_calls_place(ph, *line, key) ? 0 : EBUSY;
    for (unsigned l = 1; l <= ph->model->n_lines; l++) {
        if (!may_call(ph, l))
            continue;
        err = EBUSY;
        if (phone_calls_place(ph, l, key)) {
            *line = l;
            return 0;
        }
    }
    return err;
}

static int make_uri(const struct phone *ph, unsigned line, const char *number, char *buf,
                    size_t size)
{
    const char *proxy = phone_proxy(ph, line);
    const bool phone = param_bool(ph->params, P_User_Equal_Phone, (uint16_t)line);
    struct dialplan_target t;
    int n;

    if (strncasecmp(number, "sip:", 4) == 0 || strncasecmp(number, "sips:", 5) == 0)
        n = snprintf(buf, size, "%s", number);
    else if (strchr(number, '@') && dialplan_target_parse(&t, number) == 0 && t.host[0])
        n = t.port ? snprintf(buf, size, "sip:%s@%s:%u", t.user, t.host, t.port)
                   : snprintf(buf, size, "sip:%s@%s", t.user, t.host);
    else /* '#' is no user character (RFC 3261 25.1) */
        n = snprintf(buf, size, "sip:%s%s@%.*s%s", number, "", (int)strcspn(proxy, ";"), proxy,
                     phone ? ";user=phone" : "");
    return n < 0 || (size_t)n >= size ? E2BIG : 0;
}

/* INVITE to the server of this attempt (2.8). */
static int send_invite(struct phone_call *pc, const char *uri, const char *extra)
{
    struct phone *ph = pc->ph;
    struct ua_line *ua = phone_route(ph, pc->line, pc->attempt);
    struct ua_call_config *c = calloc(1, sizeof(*c));
    char *from = NULL, *identity = NULL;

    int err = c ? phone_call_config(ph, pc->line, c) : ENOMEM;
    if (!err)
        err = ua ? phone_call_identity(ph, pc->line, &from, &identity) : ENOTCONN;
    if (!err) {
        const struct ua_call_order order = {
            .uri = uri, .from = from, .identity = identity, .extra = extra};
        err = ua_call_dial(&pc->ua, ua, c, &order, phone_call_news, pc);
    }
    if (c)
        mem_deref(c->source);
    free(c);
    free(from);
    free(identity);
    return err;
}

int phone_call_invite(struct phone_call *pc, const char *uri, const char *extra)
{
    const int err = send_invite(pc, uri, extra);

    if (!err)
        take_peer(pc);
    return err;
}

int phone_call_place(struct phone *ph, const struct phone_call_order *o, struct phone_call **pcp)
{
    char uri[280];
    unsigned line = o->line, key = 0;
    struct phone_call *pc = NULL;

    int err = choose_line(ph, &line, &key);
    if (!err && o->key && phone_calls_fit(ph, line, o->key))
        key = o->key;
    if (!err)
        err = make_uri(ph, line, o->number, uri, sizeof(uri));
    if (!err && !(pc = phone_call_new(ph, line, key, true)))
        err = ENOMEM;
    if (!err) {
        utf8_clean(pc->number, sizeof(pc->number), o->number);
        err = phone_shared_line(ph, line) ? phone_shared_invite(pc, uri, o->extra)
                                          : send_invite(pc, uri, o->extra);
    }
    if (err && pc)
        drop(pc);
    if (err)
        return err;
    pc->may_move = !o->extra && !pc->appearance;
    take_peer(pc);
    pc->about = o->about;
    if (!o->about)
        phone_calls_hold_others(ph, pc);
    if (pcp)
        *pcp = pc;
    phone_history_add(ph, HISTORY_PLACED, pc->number, pc->name);
    tell(pc, PHONE_CALL_NEWS_PLACED, 0, NULL);
    return 0;
}

/* Dual registration: a new INVITE nobody answers goes to the alternate (2.8). */
static bool call_elsewhere(struct phone_call *pc, const struct ua_call_news *news)
{
    struct ua_call_info info;
    char uri[sizeof(info.peer.uri)];

    if (pc->state != PHONE_CALL_CALLING || !pc->may_move || pc->attempt || !pc->ua ||
        (news->scode != 408 && news->scode != 503) ||
        !phone_route(pc->ph, pc->line, pc->attempt + 1U))
        return false;
    ua_call_info(pc->ua, &info);
    snprintf(uri, sizeof(uri), "%s", info.peer.uri);
    pc->ua = ua_call_release(pc->ua);
    pc->attempt++;
    phone_watches_move(pc->ph, pc->line);
    return send_invite(pc, uri, NULL) == 0;
}

int phone_call_number(struct phone *ph, unsigned line, const char *number, struct phone_call **pcp)
{
    struct dialplan *plan = NULL;
    char out[128];
    unsigned key;
    struct phone_calls *calls = phone_calls_get(ph);

    if (!calls)
        return ENOMEM;
    int err = choose_line(ph, &line, &key);
    if (!err)
        err = phone_dialplan(ph, line, &plan);
    if (!err)
        err = dialplan_apply(plan, number, out, sizeof(out));
    mem_deref(plan);
    if (err)
        return err;
    if (!pcp && phone_starcode(ph, line, out))
        return 0;
    const struct phone_call_order o = {.line = line, .number = out};
    err = phone_call_place(ph, &o, pcp);
    if (!err)
        snprintf(calls->last_number, sizeof(calls->last_number), "%.63s", out);
    return err;
}

int phone_dialplan(const struct phone *ph, unsigned line, struct dialplan **planp)
{
    const struct dialplan_options o = {
        .ip_dialing = param_bool(ph->params, P_Enable_IP_Dialing, (uint16_t)line)};
    const int err =
        dialplan_alloc(planp, param_get(ph->params, P_Dial_Plan, (uint16_t)line), &o, NULL);

    /* a plan that cannot be read rejects every number [DEF] */
    return err == EBADMSG || err == E2BIG ? dialplan_alloc(planp, "()", &o, NULL) : err;
}

/* ---- commands of the user */

static int up_or(const struct phone *ph)
{
    return ph->state == PHONE_UP ? 0 : EHOSTDOWN;
}

int phone_dial(struct phone *ph, const char *number)
{
    int err = up_or(ph);

    if (!err)
        err = phone_call_number(ph, 0, number, NULL);
    if (!err) {
        if (phone_calls_live(ph))
            phone_input_close(ph);
        ph->dial[0] = '\0';
    }
    return err;
}

int phone_answer(struct phone *ph, unsigned id)
{
    struct phone_call *pc = id ? phone_call_find(ph, id) : phone_calls_in(ph, PHONE_CALL_RINGING);

    if (up_or(ph))
        return EHOSTDOWN;
    if (!pc)
        return ENOENT;
    if (pc->state != PHONE_CALL_RINGING)
        return EPROTO;
    phone_calls_hold_others(ph, pc);
    return ua_call_answer(pc->ua);
}

/* Which of them is meant where none is named: the one talking, then what is under way. */
static struct phone_call *to_end(const struct phone *ph)
{
    static const enum phone_call_state order[] = {PHONE_CALL_CONNECTED, PHONE_CALL_PROGRESS,
                                                  PHONE_CALL_CALLING,   PHONE_CALL_RINGING,
                                                  PHONE_CALL_HOLDING,   PHONE_CALL_ENDED};
    struct phone_call *pc = NULL;

    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]) && !pc; i++)
        pc = phone_calls_in(ph, order[i]);
    return pc;
}

int phone_hang_up(struct phone *ph, unsigned id)
{
    struct phone_call *pc = id ? phone_call_find(ph, id) : to_end(ph);

    if (up_or(ph))
        return EHOSTDOWN;
    if (!pc)
        return ENOENT;
    if (pc->state == PHONE_CALL_ENDED)
        release_handler(pc);
    else
        phone_call_end(pc, 0, NULL, false);
    return 0;
}

int phone_hold(struct phone *ph, unsigned id)
{
    struct phone_call *pc = id ? phone_call_find(ph, id) : phone_calls_in(ph, PHONE_CALL_CONNECTED);

    if (up_or(ph))
        return EHOSTDOWN;
    if (!pc)
        return ENOENT;
    return pc->ua && pc->state == PHONE_CALL_CONNECTED ? ua_call_hold(pc->ua, true) : EPROTO;
}

int phone_call_resume(struct phone_call *pc)
{
    if (!pc->ua || pc->state != PHONE_CALL_HOLDING)
        return EPROTO;
    phone_calls_hold_others(pc->ph, pc);
    return ua_call_hold(pc->ua, false);
}

int phone_resume(struct phone *ph, unsigned id)
{
    struct phone_call *pc = id ? phone_call_find(ph, id) : phone_calls_in(ph, PHONE_CALL_HOLDING);

    if (up_or(ph))
        return EHOSTDOWN;
    return pc ? phone_call_resume(pc) : ENOENT;
}

int phone_transfer(struct phone *ph, const char *number, bool attended)
{
    struct phone_call *pc = phone_calls_in(ph, PHONE_CALL_CONNECTED), *to = NULL;

    if (up_or(ph))
        return EHOSTDOWN;
    if (!pc)
        pc = phone_calls_in(ph, PHONE_CALL_HOLDING);
    if (!pc)
        return ENOENT;
    if (!attended)
        return phone_transfer_blind(pc, number);
    const int err = phone_call_number(ph, pc->line, number, &to);
    if (!err) {
        to->consultation = true;
        to->complete = true;
        to->about = pc;
    }
    return err;
}
