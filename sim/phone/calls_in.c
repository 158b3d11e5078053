/* SPDX-License-Identifier: BSD-3-Clause */
/* A call comes in: forward, refuse, answer or ring (sip-behaviour.md 5.4). */
#include <errno.h>
#include <stdint.h>
#include <re.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/phone/shared.h"
#include "sim/sip/call.h"

static bool serves(const struct phone *ph, enum param_id service)
{
    const char *text = param_get(ph->params, service, 0);
    return !*text || param_bool(ph->params, service, 0); /* a model without the switch serves */
}

static const char *forward_to(const struct phone *ph, enum param_id service, enum param_id dest)
{
    return serves(ph, P_Cfwd_Setting) && serves(ph, service) ? param_get(ph->params, dest, 0) : "";
}

/* 302 [T: SPA841]: Contact, and Diversion that says why. "sip:1003" is a number, too. */
static void redirect(struct phone *ph, unsigned line, struct ua_call *call, const char *target,
                     const char *reason)
{
    const uint16_t n = (uint16_t)line;
    char contact[300], name[200], lines[900];

    if (strncasecmp(target, "sip:", 4) == 0)
        target += 4;
    if (strpbrk(target, "\r\n<> ") ||
        phone_print_target(ph, line, target, contact, sizeof(contact))) {
        ua_call_refuse(call, 480, NULL);
        return;
    }
    phone_print_display(name, sizeof(name), param_get(ph->params, P_Display_Name, n), false);
    snprintf(lines, sizeof(lines), "Contact: %s\r\nDiversion: %s<sip:%.80s@%.160s>;reason=%s\r\n",
             contact, name, param_get(ph->params, P_User_ID, n), phone_proxy(ph, line), reason);
    ua_call_refuse(call, 302, lines);
}

static void no_answer_handler(void *arg)
{
    struct phone_call *pc = arg;
    struct phone *ph = pc->ph;
    const char *target = forward_to(ph, P_Cfwd_No_Ans_Serv, P_Cfwd_No_Ans_Dest);

    if (!*target || pc->state != PHONE_CALL_RINGING || !pc->ua)
        return;
    redirect(ph, pc->line, pc->ua, target, "no-answer");
    phone_call_end(pc, 302, "Call Is Being Forwarded", false);
}

/* As the setting says, unless the call that is up was made to be alone, or not (11.4: *70, *71). */
static bool waits(const struct phone *ph)
{
    const struct phone_call *pc = ph->calls ? ph->calls->list : NULL;

    while (pc && !(phone_call_live(pc) && (pc->wishes & (CALL_WAITS | CALL_ALONE))))
        pc = pc->next;
    return pc ? (pc->wishes & CALL_WAITS) != 0 : param_bool(ph->params, P_CW_Setting, 0);
}

/* True: it was refused or forwarded. */
static bool turned_away(struct phone *ph, unsigned line, struct ua_call *call,
                        const struct ua_call_offer *o, unsigned *key)
{
    const struct param_set *ps = ph->params;
    const char *all = forward_to(ph, P_Cfwd_All_Serv, P_Cfwd_All_Dest);
    const char *busy = forward_to(ph, P_Cfwd_Busy_Serv, P_Cfwd_Busy_Dest);

    if (*all) {
        redirect(ph, line, call, all, "unconditional");
        return true;
    }
    if (serves(ph, P_DND_Serv) && param_bool(ps, P_DND_Setting, 0)) {
        ua_call_refuse(call, (uint16_t)param_u32(ps, P_Sim_DND_Code, 0), NULL); /* U-14 */
        return true;
    }
    if (o->anonymous && serves(ph, P_Block_ANC_Serv) && param_bool(ps, P_Block_ANC_Setting, 0)) {
        ua_call_refuse(call, (uint16_t)param_u32(ps, P_Sim_Block_ANC_Code, 0), NULL);
        return true;
    }
    const bool engaged = phone_calls_live(ph) > 0 || (ph->calls && ph->calls->input.open);
    const bool placed = o->appearance && phone_shared_line(ph, line);
    if ((!placed && !phone_calls_place(ph, line, key)) || (engaged && !waits(ph))) {
        if (*busy)
            redirect(ph, line, call, busy, "user-busy");
        else
            ua_call_refuse(call, 486, NULL);
        return true;
    }
    return false;
}

static struct phone_call *owner_of(const struct phone *ph, const struct ua_call *ua)
{
    struct phone_call *pc = ph->calls ? ph->calls->list : NULL;

    while (pc && pc->ua != ua)
        pc = pc->next;
    return pc;
}

/* A transfer gives us another peer: answered at once, the call of before ends (RFC 3891 3). */
static void replace(struct phone_call *pc, struct phone_call *old)
{
    if (old && old->state == PHONE_CALL_RINGING)
        ua_call_ring(pc->ua); /* it was not answered yet: neither is this */
    else
        (void)ua_call_answer(pc->ua);
    if (old)
        phone_call_end(old, 0, NULL, false);
}

/* Sim_Answer_After: somebody is at home, for load. */
static void answer_handler(void *arg)
{
    struct phone_call *pc = arg;

    (void)phone_answer(pc->ph, pc->id);
}

static void ring(struct phone_call *pc)
{
    struct phone *ph = pc->ph;

    if (*param_get(ph->params, P_Sim_Answer_After, 0))
        timer_start(ph->env->lp, &pc->timer, param_ms(ph->params, P_Sim_Answer_After, 0),
                    answer_handler, pc);
    else if (*forward_to(ph, P_Cfwd_No_Ans_Serv, P_Cfwd_No_Ans_Dest))
        timer_start(ph->env->lp, &pc->timer,
                    clock_scaled(ph->env->lp, param_ms(ph->params, P_Cfwd_No_Ans_Delay, 0)),
                    no_answer_handler, pc);
    ua_call_ring(pc->ua);
    phone_call_changed(pc);
}

static void note_diversion(struct phone_call *pc, const char *diversion)
{
    char name[64], number[64];

    if (!*diversion || !param_bool(pc->ph->params, P_Display_Diversion_Info, 0))
        return;
    phone_shared_party(diversion, name, sizeof(name), number, sizeof(number));
    snprintf(pc->diverted_by, sizeof(pc->diverted_by), "%s", name[0] ? name : number);
}

void phone_called(struct ua_call *call, const struct ua_call_offer *o, void *arg)
{
    struct phone_line *pl = arg;
    struct phone *ph = pl->ph;
    const unsigned line = phone_line_number(pl);
    struct phone_call *old = o->replaces ? owner_of(ph, o->replaces) : NULL;
    struct ua_call_config *c = NULL;
    struct ua_call_info info;
    unsigned key = old ? old->key : 0;

    if (ph->state != PHONE_UP || (!o->replaces && turned_away(ph, line, call, o, &key)))
        return; /* an untaken call gets 480 */
    struct phone_call *pc = phone_call_new(ph, line, key, false);
    c = calloc(1, sizeof(*c));
    if (!pc || !c || phone_call_config(ph, line, c) || ua_call_take(call, c, phone_call_news, pc)) {
        if (pc)
            phone_call_forget(pc);
        if (c)
            mem_deref(c->source);
        free(c);
        return;
    }
    pc->ua = call;
    phone_shared_called(pc, o->appearance);
    ua_call_info(call, &info);
    snprintf(pc->number, sizeof(pc->number), "%s", info.peer.number);
    snprintf(pc->name, sizeof(pc->name), "%s", info.peer.name);
    if (pc->number[0])
        snprintf(ph->calls->last_caller, sizeof(ph->calls->last_caller), "%s", pc->number);
    note_diversion(pc, o->diversion);
    pc->tag = o->replaces ? "Xfr" : o->diversion[0] ? "Fwd" : "";
    mem_deref(c->source);
    free(c);
    if (o->replaces) {
        replace(pc, old);
    } else if (o->auto_answer[0] && param_bool(ph->params, P_Auto_Answer_Page, 0)) {
        phone_calls_hold_others(ph, pc); /* [DEF] */
        (void)ua_call_answer(call);
    } else {
        ring(pc);
        phone_lookup_start(pc);
    }
}
