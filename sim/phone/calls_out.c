/* SPDX-License-Identifier: BSD-3-Clause */
/* A call goes out: which line, which URI, which server (sip-behaviour.md 1.2, 2.8, 5.1). */
#include <errno.h>
#include <stdint.h>
#include <re.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/utf8.h"
#include "sim/phone/calls.h"
#include "sim/phone/history.h"
#include "sim/phone/priv.h"
#include "sim/phone/shared.h"
#include "sim/sip/call.h"

/* No dial tone without a registration, unless Make Call Without Reg (1.2). */
static bool may_call(const struct phone *ph, unsigned line)
{
    struct ua_reg_status st;

    if (!line || line > ph->model->n_lines || !ph->lines[line - 1].ua)
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

int phone_call_uri(const struct phone *ph, unsigned line, const char *number, char *buf,
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
    else
        n = snprintf(buf, size, "sip:%s@%.*s%s", number, (int)strcspn(proxy, ";"), proxy,
                     phone ? ";user=phone" : "");
    return n < 0 || (size_t)n >= size ? E2BIG : 0;
}

int phone_print_target(const struct phone *ph, unsigned line, const char *target, char *buf,
                       size_t size)
{
    const char *proxy = phone_proxy(ph, line);
    int n;

    if (strncasecmp(target, "sip:", 4) == 0)
        n = snprintf(buf, size, "<%s>", target);
    else if (strchr(target, '@'))
        n = snprintf(buf, size, "<sip:%s>", target);
    else
        n = snprintf(buf, size, "<sip:%s@%.*s>", target, (int)strcspn(proxy, ";"), proxy);
    return n < 0 || (size_t)n >= size ? E2BIG : 0;
}

int phone_invite(struct phone *ph, struct ua_call **callp, const struct phone_invite *i,
                 void (*h)(struct ua_call *call, const struct ua_call_news *news, void *arg),
                 void *arg)
{
    struct ua_line *ua = phone_route(ph, i->line, i->attempt);
    struct ua_call_config *c = calloc(1, sizeof(*c));
    char *from = NULL, *identity = NULL;

    int err = c ? phone_call_config(ph, i->line, c) : ENOMEM;
    if (!err)
        err = ua ? phone_call_identity(ph, i->line, i->wishes, &from, &identity) : ENOTCONN;
    if (c && i->wishes)
        phone_call_config_wishes(ph, i->line, i->wishes, c);
    if (!err) {
        const struct ua_call_order order = {
            .uri = i->uri, .from = from, .identity = identity, .extra = i->extra};
        err = ua_call_dial(callp, ua, c, &order, h, arg);
    }
    if (c)
        mem_deref(c->source);
    free(c);
    free(from);
    free(identity);
    return err;
}

static int send_invite(struct phone_call *pc, const char *uri, const char *extra)
{
    const struct phone_invite i = {
        .line = pc->line, .attempt = pc->attempt, .wishes = pc->wishes, .uri = uri, .extra = extra};

    return phone_invite(pc->ph, &pc->ua, &i, phone_call_news, pc);
}

int phone_call_invite(struct phone_call *pc, const char *uri, const char *extra)
{
    const int err = send_invite(pc, uri, extra);

    if (!err)
        phone_call_take_peer(pc);
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
        err = phone_call_uri(ph, line, o->number, uri, sizeof(uri));
    if (!err && !(pc = phone_call_new(ph, line, key, true)))
        err = ENOMEM;
    if (!err) {
        pc->wishes = ph->calls->wishes;
        utf8_clean(pc->number, sizeof(pc->number), o->number);
        err = phone_shared_line(ph, line) ? phone_shared_invite(pc, uri, o->extra)
                                          : send_invite(pc, uri, o->extra);
    }
    if (ph->calls)
        ph->calls->wishes = 0;
    if (err && pc)
        phone_call_drop(pc);
    if (err)
        return err;
    pc->may_move = !o->extra && !pc->appearance;
    phone_call_take_peer(pc);
    pc->about = o->about;
    pc->tag = o->tag ? o->tag : "";
    if (!o->about)
        phone_calls_hold_others(ph, pc);
    if (pcp)
        *pcp = pc;
    phone_history_add(ph, HISTORY_PLACED, pc->number, pc->name, pc->tag);
    phone_call_tell(pc, PHONE_CALL_NEWS_PLACED, 0, NULL);
    return 0;
}

int phone_page(struct phone *ph, const struct phone_call_order *o)
{
    struct phone_call_order page = *o;
    const char *proxy = phone_proxy(ph, o->line ? o->line : 1);
    char info[200];

    snprintf(info, sizeof(info), "Call-Info: <sip:%.*s>;answer-after=0\r\n",
             (int)(strcspn(proxy, ";") < 160 ? strcspn(proxy, ";") : 160), proxy);
    page.extra = info;
    return phone_call_place(ph, &page, NULL);
}

/* Dual registration: a new INVITE nobody answers goes to the alternate. */
bool phone_call_elsewhere(struct phone_call *pc, const struct ua_call_news *news)
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
    const char *codes[STARCODES_MAX];
    const struct dialplan_options o = {
        .star_codes = codes,
        .n_star_codes = (unsigned)phone_starcodes(ph, codes),
        .ip_dialing = param_bool(ph->params, P_Enable_IP_Dialing, (uint16_t)line)};
    const int err =
        dialplan_alloc(planp, param_get(ph->params, P_Dial_Plan, (uint16_t)line), &o, NULL);

    /* a plan that cannot be read rejects every number [DEF] */
    return err == EBADMSG || err == E2BIG ? dialplan_alloc(planp, "()", &o, NULL) : err;
}
