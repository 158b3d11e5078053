/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The session timer (RFC 4028; sip-behaviour.md 4.4). A SPA has none: it asks for nothing, ignores
 * Session-Expires, and its Supported list refuses Require: timer. It is an option of MPP [DEF] that
 * Sim_Session_Timer turns on, of a SPA as well (13, U-18).
 */
#include <stdio.h>
#include <string.h>

#include "sim/sip/call_priv.h"

enum {
    MIN_SE_S = 90,  /* RFC 4028 5 */
    MARGIN_S = 32,  /* BYE so long ahead of the end, at most a third of it (10) */
    RAISES_MAX = 3, /* 422 obeyed in a row [DEF] */
};

static bool is_on(const struct ua_call *call)
{
    return call->cfg.session_timer_s > 0;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* As configured, but never below a minimum that was heard of. */
static uint32_t wanted(const struct ua_call *call)
{
    return larger(call->cfg.session_timer_s, larger(call->min_se_s, MIN_SE_S));
}

static bool lists(const struct pl *value, const char *word)
{
    struct pl rest = *value, element;

    while (raw_element(&rest, &element)) {
        if (pl_strcasecmp(&element, word) == 0)
            return true;
    }
    return false;
}

static bool request_lists(const struct raw_message *raw, const char *name, char brief,
                          const char *word)
{
    struct pl value;

    for (unsigned i = 0; raw_header(raw, name, brief, i, &value); i++) {
        if (lists(&value, word))
            return true;
    }
    return false;
}

static bool knows_timer(const struct raw_message *raw)
{
    return request_lists(raw, "Supported", 'k', "timer") ||
           request_lists(raw, "Require", 0, "timer");
}

/* The number in Session-Expires or Min-SE; 0 = none, or none that can be read. */
static uint32_t seconds(const struct raw_message *raw, const char *name, char brief,
                        struct pl *value)
{
    uint32_t s = 0;

    *value = (struct pl){NULL, 0};
    return raw_header(raw, name, brief, 0, value) && raw_u32(value, &s) ? s : 0;
}

static bool refresher_is(const struct pl *value, const char *role)
{
    struct pl found;

    return value->p && raw_param(value, "refresher", &found) && pl_strcasecmp(&found, role) == 0;
}

/* ---- the interval */

static void expired_handler(void *arg)
{
    struct ua_call *call = arg;

    mem_ref(call);
    call_bye(call);
    call_over(call, false, 408, "Timeout");
    mem_deref(call);
}

/* 10: who has not been refreshed ends the call ahead of its time. */
static void await_end(struct ua_call *call, uint32_t passed_s)
{
    const uint32_t third = call->expires_s / 3;
    const uint32_t at = call->expires_s - (third < MARGIN_S ? third : MARGIN_S);

    timer_start(call->line->stack->lp, &call->se_timer, (at - passed_s) * 1000ULL, expired_handler,
                call);
}

static void refresh_handler(void *arg)
{
    struct ua_call *call = arg;

    mem_ref(call);
    await_end(call, call->expires_s / 2); /* unless it comes off */
    call->refresh_due = true;
    call_sync(call);
    mem_deref(call);
}

static void begin(struct ua_call *call, uint32_t expires_s, bool refresher)
{
    call->expires_s = expires_s;
    call->refresher = refresher;
    call->n_raises = 0;
    if (!expires_s)
        timer_cancel(&call->se_timer);
    else if (refresher)
        timer_start(call->line->stack->lp, &call->se_timer, expires_s * 500ULL, refresh_handler,
                    call);
    else
        await_end(call, 0);
}

/* ---- requests of the peer (9) */

bool call_timer_refused(const struct ua_line *l, struct server_tx *st,
                        const struct raw_message *raw, const char *to_tag)
{
    struct pl supported, value;
    char extra[32];

    pl_set_str(&supported, l->cfg.supported);
    const uint32_t s = seconds(raw, "Session-Expires", 'x', &value);
    if (!s || s >= MIN_SE_S || !lists(&supported, "timer") || !knows_timer(raw))
        return false;
    snprintf(extra, sizeof(extra), "Min-SE: %d\r\n", MIN_SE_S);
    (void)uas_reply(st, raw, &(struct uas_reply){.scode = 422, .to_tag = to_tag, .extra = extra});
    return true;
}

void call_timer_agree(struct ua_call *call, const struct raw_message *raw, char *lines, size_t size)
{
    const bool knows = knows_timer(raw);
    struct pl value;

    lines[0] = '\0';
    call->peer_updates = call->peer_updates || request_lists(raw, "Allow", 0, "UPDATE");
    if (!is_on(call))
        return;
    call->min_se_s = larger(call->min_se_s, seconds(raw, "Min-SE", 0, &value));
    const uint32_t asked = seconds(raw, "Session-Expires", 'x', &value);
    /* too short an interval of one who does not know 422 is lengthened */
    const uint32_t s = asked ? larger(asked, MIN_SE_S) : wanted(call);
    const bool by_us = !knows || refresher_is(&value, "uas"); /* table 2; else the peer [DEF] */
    snprintf(lines, size, "%sSession-Expires: %u;refresher=%s\r\n",
             by_us ? "" : "Require: timer\r\n", s, by_us ? "uas" : "uac");
    begin(call, s, by_us);
}

/* ---- requests of ours, and their answers (7) */

const char *call_timer_lines(struct ua_call *call)
{
    static const char *const roles[] = {";refresher=uas", ";refresher=uac"};
    char least[32] = "";

    if (!is_on(call))
        return NULL;
    if (call->min_se_s > MIN_SE_S)
        snprintf(least, sizeof(least), "Min-SE: %u\r\n", call->min_se_s);
    /* the roles stay as they are (7.4) */
    snprintf(call->timer_lines, sizeof(call->timer_lines), "Session-Expires: %u%s\r\n%s",
             wanted(call), call->expires_s ? roles[call->refresher] : "", least);
    return call->timer_lines;
}

static bool allow_handler(const struct sip_hdr *hdr, const struct sip_msg *msg, void *arg)
{
    (void)msg;
    (void)arg;
    return lists(&hdr->val, "UPDATE");
}

void call_timer_answered(struct ua_call *call, const struct sip_msg *msg)
{
    const struct sip_hdr *hdr = sip_msg_hdr(msg, SIP_HDR_SESSION_EXPIRES);
    uint32_t s = 0;

    if (sip_msg_hdr_apply(msg, true, SIP_HDR_ALLOW, allow_handler, NULL))
        call->peer_updates = true;
    call->refresh_due = false;
    if (!is_on(call)) /* what was not asked for is ignored */
        return;
    if (hdr && raw_u32(&hdr->val, &s) && s)
        begin(call, larger(s, MIN_SE_S), !refresher_is(&hdr->val, "uas"));
    else
        begin(call, 0, false);
}

bool call_timer_raised(struct ua_call *call, const struct sip_msg *msg)
{
    const struct sip_hdr *hdr = sip_msg_hdr(msg, SIP_HDR_MIN_SE);
    uint32_t min = 0;

    if (!is_on(call) || call->n_raises >= RAISES_MAX || !hdr || !raw_u32(&hdr->val, &min) ||
        min <= wanted(call))
        return false;
    call->n_raises++;
    call->min_se_s = min;
    return true;
}
