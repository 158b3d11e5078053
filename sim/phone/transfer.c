/* SPDX-License-Identifier: BSD-3-Clause */
/* Transfer, in each of its three parts (sip-behaviour.md 5.5): the one who transfers, the one who
 * is transferred, and (calls_in.c) the one who gets the call. */
#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <re.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/sip/call.h"

enum { URI_MAX = 512, LINES_MAX = 1024 };

static void print_referred_by(const struct phone_call *pc, char *buf, size_t size)
{
    const struct param_set *ps = pc->ph->params;
    const uint16_t line = (uint16_t)pc->line;

    snprintf(buf, size, "<sip:%.100s@%.160s>", param_get(ps, P_User_ID, line),
             phone_proxy(pc->ph, pc->line));
}

static int refer(struct phone_call *pc, const char *to)
{
    char by[300];

    print_referred_by(pc, by, sizeof(by));
    const int err = ua_call_refer(pc->ua, to, by);
    if (!err)
        pc->transferring = true;
    return err;
}

static int refer_to_target(struct phone_call *consultation)
{
    struct phone_call *pc = consultation->about;
    char to[URI_MAX];

    if (!pc || !pc->ua || pc->transferring)
        return EPROTO;
    const int err = ua_call_replaces_uri(consultation->ua, to, sizeof(to));
    return err ? err : refer(pc, to);
}

void phone_transfer_held(struct phone_call *pc)
{
    char *to = pc->refer_to;

    if (pc->target_held && pc->ua) {
        pc->target_held = false;
        (void)refer_to_target(pc);
    }
    if (!to || !pc->ua)
        return;
    pc->refer_to = NULL;
    if (refer(pc, to))
        phone_transfer_news(pc, 500);
    free(to);
}

/* Hold, then REFER (5.5). */
static int refer_held(struct phone_call *pc, const char *to)
{
    if (!pc->ua || pc->transferring)
        return pc->ua ? EALREADY : ENOENT;
    if (pc->state == PHONE_CALL_HOLDING)
        return refer(pc, to);
    pc->refer_to = strdup(to);
    if (!pc->refer_to)
        return ENOMEM;
    pc->transferring = true;
    const int err = ua_call_hold(pc->ua, true);
    if (err) {
        pc->transferring = false;
        free(pc->refer_to);
        pc->refer_to = NULL;
    }
    return err;
}

int phone_transfer_to(struct phone_call *pc, const char *number)
{
    char to[URI_MAX];

    const int err = phone_print_target(pc->ph, pc->line, number, to, sizeof(to));
    return err ? err : refer_held(pc, to);
}

int phone_transfer_blind(struct phone_call *pc, const char *number)
{
    struct dialplan *plan = NULL;
    char out[128];

    if (!pc->ua || pc->transferring)
        return pc->ua ? EALREADY : ENOENT;
    int err = phone_dialplan(pc->ph, pc->line, &plan);
    if (!err)
        err = dialplan_apply(plan, number, out, sizeof(out));
    mem_deref(plan);
    return err ? err : phone_transfer_to(pc, out);
}

/* Blind Attn-Xfer: the consultation is dropped and its number called by the other one. */
static int refer_instead(struct phone_call *consultation, struct phone_call *pc)
{
    struct ua_call_info info;
    char to[URI_MAX];

    ua_call_info(consultation->ua, &info);
    snprintf(to, sizeof(to), "<%s>", info.peer.uri);
    phone_call_end(consultation, 0, NULL, false);
    return refer_held(pc, to);
}

int phone_transfer_complete(struct phone_call *consultation)
{
    struct phone_call *pc = consultation->about;

    if (!pc || !pc->ua || !consultation->ua || pc->transferring || consultation->target_held)
        return EPROTO;
    if (param_bool(pc->ph->params, P_Blind_Attn_Xfer_Enable, (uint16_t)pc->line))
        return refer_instead(consultation, pc);
    if (consultation->state == PHONE_CALL_CONNECTED &&
        param_bool(pc->ph->params, P_Hold_Target_Before_REFER, 0) &&
        ua_call_hold(consultation->ua, true) == 0) {
        consultation->target_held = true; /* the REFER follows its answer */
        return 0;
    }
    return refer_to_target(consultation);
}

static void bye_handler(void *arg)
{
    phone_call_end(arg, 0, "Transferred", false);
}

static void bye_after(struct phone_call *pc, enum param_id delay)
{
    struct phone *ph = pc->ph;

    timer_start(ph->env->lp, &pc->timer,
                clock_scaled(ph->env->lp, param_ms(ph->params, delay, (uint16_t)pc->line)),
                bye_handler, pc);
}

void phone_transfer_came_off(struct phone_call *pc)
{
    struct phone_call *before = pc->about;

    if (!before)
        return;
    if (param_ms(before->ph->params, P_Referee_Bye_Delay, (uint16_t)before->line))
        bye_after(before, P_Referee_Bye_Delay);
    else
        phone_call_end(before, 0, NULL, false);
}

static struct phone_call *consultation_of(const struct phone_call *pc)
{
    struct phone_call *other = pc->ph->calls->list;

    while (other && !(other->consultation && other->about == pc))
        other = other->next;
    return other;
}

/* As the one who transfers: how the REFER goes. */
void phone_transfer_news(struct phone_call *pc, uint16_t scode)
{
    struct phone_call *to = consultation_of(pc);

    if (!pc->transferring || scode < 200 || scode == 202)
        return;
    pc->transferring = false;
    pc->scode = scode;
    if (scode >= 300) {
        snprintf(pc->reason, sizeof(pc->reason), "Transfer Failed");
        phone_call_changed(pc);
        return;
    }
    pc->given_away = true;
    bye_after(pc, P_Referor_Bye_Delay);
    if (to)
        to->given_away = true;
    if (to && to->ua)
        bye_after(to, P_Refer_Target_Bye_Delay);
}

/* ---- as the one who is transferred */

static int unescape(const char *from, char *to, size_t size)
{
    size_t n = 0;

    for (; *from; from++) {
        unsigned char ch = (unsigned char)*from;
        if (ch == '%' && isxdigit((unsigned char)from[1]) && isxdigit((unsigned char)from[2])) {
            const char hex[3] = {from[1], from[2], '\0'};
            ch = (unsigned char)strtoul(hex, NULL, 16);
            from += 2;
        }
        if (ch < ' ' || n + 1 >= size)
            return EBADMSG;
        to[n++] = (char)ch;
    }
    to[n] = '\0';
    return 0;
}

/* Of the headers a Refer-To carries only Replaces is taken (RFC 3261 19.1.5: not blindly). */
static int take_replaces(const char *headers, char *lines, size_t size)
{
    char field[URI_MAX], value[URI_MAX];

    while (*headers) {
        const size_t len = strcspn(headers, "&");
        if (len >= sizeof(field))
            return EBADMSG;
        memcpy(field, headers, len);
        field[len] = '\0';
        headers += len + (headers[len] == '&');
        if (strncasecmp(field, "Replaces=", 9) != 0)
            continue;
        if (unescape(field + 9, value, sizeof(value)))
            return EBADMSG;
        snprintf(lines, size, "Replaces: %s\r\n", value);
    }
    return 0;
}

struct target {
    char uri[URI_MAX], lines[LINES_MAX];
};

static int read_target(struct target *t, const char *refer_to, const char *referred_by)
{
    const char *open = strchr(refer_to, '<'), *from = open ? open + 1 : refer_to;
    size_t len = open ? strcspn(from, ">") : strcspn(from, "; \t");
    char text[URI_MAX];

    if (len >= sizeof(text))
        return EBADMSG;
    memcpy(text, from, len);
    text[len] = '\0';
    char *headers = strchr(text, '?');
    if (headers)
        *headers++ = '\0';
    t->lines[0] = '\0';
    snprintf(t->uri, sizeof(t->uri), "%s", text);
    const int err = headers ? take_replaces(headers, t->lines, sizeof(t->lines)) : 0;
    len = strlen(t->lines);
    if (!err && referred_by)
        snprintf(t->lines + len, sizeof(t->lines) - len, "Referred-By: %s\r\n", referred_by);
    return err;
}

static void dial_target(struct phone *ph, unsigned line, struct phone_call *about,
                        struct ua_call *referrer, const char *refer_to, const char *referred_by)
{
    struct target t;
    struct phone_call *pc = NULL;
    int err = read_target(&t, refer_to, referred_by);

    if (!err) {
        const struct phone_call_order o = {.line = line,
                                           .number = t.uri,
                                           .extra = t.lines[0] ? t.lines : NULL,
                                           .about = about,
                                           .tag = "Xfr"};
        err = phone_call_place(ph, &o, &pc);
    }
    if (err) {
        ua_call_referred_progress(referrer, err == EBUSY ? 486 : 503, NULL);
        return;
    }
    pc->referrer = mem_ref(referrer);
}

void phone_transfer_asked(struct phone_call *pc, const char *refer_to, const char *referred_by)
{
    dial_target(pc->ph, pc->line, pc, pc->ua, refer_to, referred_by);
}

void phone_referred(struct ua_call *call, const char *refer_to, const char *referred_by, void *arg)
{
    struct phone_line *pl = arg;
    struct phone *ph = pl->ph;

    if (ph->state != PHONE_UP)
        ua_call_referred_progress(call, 503, NULL);
    else
        dial_target(ph, (unsigned)(pl - ph->lines) + 1, NULL, call, refer_to, referred_by);
}
