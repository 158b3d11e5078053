/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests within a call, theirs and ours: re-INVITE, UPDATE, INFO, BYE (sip-behaviour.md 4, 5.5).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim/sip/call_priv.h"
#include "sim/sip/dtmf.h"
#include "sim/sip/response_table.h"

enum {
    RETRY_AFTER_MAX = 10,  /* s, RFC 3261 14.2 */
    GLARE_STEP_MS = 10,    /* RFC 3261 14.1 */
    GLARE_OWNER_MS = 2100, /* the owner of the Call-ID waits 2.1 to 4 s, */
    GLARE_OWNER_STEPS = 191,
    GLARE_OTHER_STEPS = 201, /* the other one 0 to 2 s */
    AGAIN_MAX = 5,           /* times in a row that a re-INVITE is put off [DEF] */
};

static void reply(struct ua_call *call, struct server_tx *st, const struct raw_message *raw,
                  uint16_t scode)
{
    (void)uas_reply(st, raw, &(struct uas_reply){.scode = scode, .to_tag = call->dlg.local_tag});
}

static void reply_later(struct ua_call *call, struct server_tx *st, const struct raw_message *raw)
{
    char extra[32];

    snprintf(extra, sizeof(extra), "Retry-After: %u\r\n",
             rng_u32(call->line->rng) % (RETRY_AFTER_MAX + 1));
    (void)uas_reply(
        st, raw, &(struct uas_reply){.scode = 500, .to_tag = call->dlg.local_tag, .extra = extra});
}

static bool reply_session(struct ua_call *call, struct server_tx *st, const struct raw_message *raw,
                          bool with_sdp)
{
    char timer[80];

    call_timer_agree(call, raw, timer, sizeof(timer));
    return uas_reply(st, raw,
                     &(struct uas_reply){.scode = 200,
                                         .to_tag = call->dlg.local_tag,
                                         .dialog = true,
                                         .extra = timer,
                                         .body_type = "application/sdp",
                                         .body = with_sdp ? call->sdp : NULL,
                                         .body_len = with_sdp ? strlen(call->sdp) : 0});
}

static void refresh(struct ua_call *call, const struct raw_message *raw)
{
    struct pl contact;

    if (raw_header(raw, "Contact", 'm', 0, &contact))
        dialog_refresh(&call->dlg, &contact);
}

static void tell_changes(struct ua_call *call, const struct raw_message *raw, bool session)
{
    mem_ref(call);
    if (session)
        call_tell(call, &(struct ua_call_news){.ev = UA_CALL_EV_SESSION});
    if (party_from_update(&call->peer, raw, call->cfg.caller_id))
        call_tell(call, &(struct ua_call_news){.ev = UA_CALL_EV_PEER});
    mem_deref(call);
}

/* ---- BYE */

static void bye(struct ua_call *call, struct server_tx *st, const struct raw_message *raw)
{
    char stat[RTP_STAT_MAX];

    (void)uas_reply(st, raw,
                    &(struct uas_reply){.scode = 200,
                                        .to_tag = call->dlg.local_tag,
                                        .extra = call_rtp_stat(call, stat, sizeof(stat))});
    if (call->state == UA_CALL_RINGING)
        call_reply(call, &(struct uas_reply){.scode = 487});
    call_over(call, true, 0, "");
}

/* ---- re-INVITE */

static void reinvited(struct ua_call *call, struct server_tx *st, const struct raw_message *raw)
{
    if (call->state != UA_CALL_UP) { /* the first one has no final answer yet */
        reply_later(call, st, raw);
        return;
    }
    if (call_timer_refused(call->line, st, raw, call->dlg.local_tag))
        return;
    if (call->invite || call->offer == OFFER_SENT) { /* glare: INVITE or offer of ours is open */
        reply(call, st, raw, 491);
        return;
    }
    if (raw->body.l && (!is_sdp(&raw->content_type) || call_answer(call, &raw->body))) {
        reply(call, st, raw, is_sdp(&raw->content_type) ? 488 : 415);
        return;
    }
    refresh(call, raw);
    if (!raw->body.l) { /* 200 with a full offer, the answer comes with the ACK (5.5) */
        if (!call_offer(call, call->holding ? SESSION_SENDONLY : SESSION_SENDRECV)) {
            reply(call, st, raw, 500);
            return;
        }
        call->offer = OFFER_SENT;
    }
    if (!reply_session(call, st, raw, true))
        return;
    call_await_ack(call, st);
    call->asked_cseq = call->dlg.remote_cseq;
    tell_changes(call, raw, raw->body.l > 0);
}

/* ---- UPDATE (4.2) */

static void updated(struct ua_call *call, struct server_tx *st, const struct raw_message *raw)
{
    const bool offer = raw->body.l > 0;

    if (offer && !is_sdp(&raw->content_type)) {
        reply(call, st, raw, 415);
        return;
    }
    if (call_timer_refused(call->line, st, raw, call->dlg.local_tag))
        return;
    if (offer && !call->cfg.sdp_in_update) { /* 79xx [DEF] */
        reply(call, st, raw, 488);
        return;
    }
    if (offer && call->offer == OFFER_SENT) { /* ours is open */
        reply(call, st, raw, 491);
        return;
    }
    if (offer && (call->offer == OFFER_OWED || call->state != UA_CALL_UP) && !call->has_session) {
        reply_later(call, st, raw);
        return;
    }
    if (offer && call_answer(call, &raw->body)) {
        reply(call, st, raw, 488);
        return;
    }
    refresh(call, raw);
    if (reply_session(call, st, raw, offer))
        tell_changes(call, raw, offer);
}

/* ---- INFO */

static void informed(struct ua_call *call, struct server_tx *st, const struct raw_message *raw)
{
    char digit = 0;
    unsigned ms;

    if (raw->body.l && (raw_type_is(&raw->content_type, "application/dtmf-relay") ||
                        raw_type_is(&raw->content_type, call->cfg.dtmf_type))) {
        const int err = dtmf_info_parse(raw->body.p, raw->body.l, &digit, &ms);
        reply(call, st, raw, err ? 400 : 200);
        if (!err)
            call_tell(call, &(struct ua_call_news){.ev = UA_CALL_EV_DIGIT, .digit = digit});
    } else if (!raw->body.l || raw_type_is(&raw->content_type, "application/hook-flash")) {
        reply(call, st, raw, 200);
    } else {
        reply(call, st, raw, 415);
    }
}

/* ---- NOTIFY: transfer progress, remote control (11) */

static void notified(struct ua_call *call, struct server_tx *st, const struct raw_message *raw)
{
    char event[24] = "", extra[UA_EXTRA_MAX];
    const struct ua_line *l = call->line;
    const struct pl token = raw_token(&raw->event);
    struct ua_answer a = {.scode = 489};

    if (!token.l) {
        reply(call, st, raw, 400);
        return;
    }
    if (pl_strcasecmp(&token, "refer") == 0) {
        call_refer_notified(call, st, raw);
        return;
    }
    const struct ua_notify n = {.event = &token,
                                .event_value = &raw->event,
                                .content_type = &raw->content_type,
                                .body = &raw->body};
    if (l->h && l->h->judge_notify)
        l->h->judge_notify(&n, &a, l->arg);
    if (a.scode != 481 || token.l >= sizeof(event)) { /* no package, or it is off */
        notify_bad_event(l, extra, sizeof(extra));
        (void)uas_reply(
            st, raw,
            &(struct uas_reply){.scode = 489, .to_tag = call->dlg.local_tag, .extra = extra});
        return;
    }
    (void)pl_strcpy(&token, event, sizeof(event));
    reply(call, st, raw, 200); /* before acting */
    call_tell(call, &(struct ua_call_news){.ev = UA_CALL_EV_PACKAGE, .text = event});
}

void call_request(struct ua_call *call, struct server_tx *st, const struct raw_message *raw)
{
    static const struct {
        const char *method;
        void (*h)(struct ua_call *call, struct server_tx *st, const struct raw_message *raw);
    } methods[] = {
        {"BYE", bye},
        {"INVITE", reinvited},
        {"UPDATE", updated},
        {"INFO", informed},
        {"NOTIFY", notified},
        {"REFER", call_refer_asked},
        {"PRACK", call_pracked},
    };
    size_t i = 0;

    while (i < sizeof(methods) / sizeof(methods[0]) && pl_strcmp(&raw->method, methods[i].method))
        i++;
    mem_ref(call);
    if (i == sizeof(methods) / sizeof(methods[0]) ||
        (call->state == UA_CALL_OVER && pl_strcmp(&raw->method, "NOTIFY")))
        reply(call, st, raw, call->state == UA_CALL_OVER && i == 0 ? 200 : 481);
    else if (!dialog_order(&call->dlg, raw))
        reply_later(call, st, raw);
    else
        methods[i].h(call, st, raw);
    call_settle(call);
    mem_deref(call);
}

/* ---- hold and resume */

static void again_handler(void *arg)
{
    call_sync(arg);
}

uint32_t call_glare_ms(const struct ua_call *call)
{
    struct rng *rng = call->line->rng;

    return call->outgoing ? GLARE_OWNER_MS + GLARE_STEP_MS * (rng_u32(rng) % GLARE_OWNER_STEPS)
                          : GLARE_STEP_MS * (rng_u32(rng) % GLARE_OTHER_STEPS);
}

/* Again after so much time; false: it has been put off too often. */
static bool put_off(struct ua_call *call, uint64_t ms)
{
    if (call->n_again >= AGAIN_MAX)
        return false;
    call->n_again++;
    timer_start(call->line->stack->lp, &call->timer, ms, again_handler, call);
    return true;
}

/* 4.3: on 500 and 503 wait as long as the peer says. */
static bool retry_after(struct ua_call *call, const struct sip_msg *msg)
{
    const struct sip_hdr *hdr = sip_msg_hdr(msg, SIP_HDR_RETRY_AFTER);
    uint32_t s;

    return hdr && raw_u32(&hdr->val, &s) && put_off(call, s * 1000ULL);
}

static void reinvite_accepted(struct ua_call *call, struct call_request *r,
                              const struct sip_msg *msg)
{
    const struct sip_hdr *contact = sip_msg_hdr(msg, SIP_HDR_CONTACT);
    const struct pl sdp = call_body(msg);

    if (contact)
        dialog_refresh(&call->dlg, &contact->val);
    call_ack(call, r);
    call_timer_answered(call, msg);
    call->n_again = 0;
    call->holding = call->cfg.session.dir == SESSION_SENDONLY;
    if (call_take_answer(call, &sdp)) {
        call_bye(call);
        call_over(call, false, 488, "Not Acceptable Here");
        return;
    }
    call_tell(call, &(struct ua_call_news){.ev = UA_CALL_EV_SESSION});
}

/* It could not be: the session stays as it was. */
static void reinvite_refused(struct ua_call *call, uint16_t scode)
{
    call->want_hold = call->holding;
    call->refresh_due = false;
    call->n_again = 0;
    call_tell(call, &(struct ua_call_news){.ev = UA_CALL_EV_SESSION, .scode = scode});
}

/* 5.5, 6.2: 481 and 408 end the call, others keep the session; true: it is tried again. */
static bool tried_again(struct ua_call *call, const struct sip_msg *msg)
{
    const struct response_rules rules = {.session_timer = call->cfg.session_timer_s > 0};
    const uint16_t scode = msg ? msg->scode : 0;
    const struct response_step step = response_next(RESPONSE_IN_DIALOG, scode, &rules);

    switch (step.action) {
    case RESPONSE_END_DIALOG:
        call_bye(call);
        call_over(call, true, msg ? scode : 408, step.text);
        return true;
    case RESPONSE_BACK_OFF:
        return put_off(call, call_glare_ms(call));
    case RESPONSE_RETRY_AFTER:
        return retry_after(call, msg);
    case RESPONSE_RAISE_MIN_SE:
        return call_timer_raised(call, msg); /* it is still due */
    default:
        return false;
    }
}

static void reinvite_handler(struct ua_call *call, struct call_request *r, int err,
                             const char *reason, const struct sip_msg *msg)
{
    (void)reason;
    if (!err && msg->scode < 200) { /* it may take that long, but not for ever [DEF] */
        if (r->tx && r->expires && !r->tx->limited)
            client_tx_limit(r->tx, r->expires * 1000);
        return;
    }
    call->offer = OFFER_NONE;
    if (!err && msg->scode < 300 && call->state == UA_CALL_UP)
        reinvite_accepted(call, r, msg);
    else if (!err && msg->scode < 300)
        call_ack(call, r);
    else if (call->state == UA_CALL_UP && !tried_again(call, err ? NULL : msg))
        reinvite_refused(call, msg ? msg->scode : 0);
}

/* A refresh (4.3). */
static void update_handler(struct ua_call *call, struct call_request *r, int err,
                           const char *reason, const struct sip_msg *msg)
{
    (void)r;
    (void)reason;
    if ((!err && msg->scode < 200) || call->state != UA_CALL_UP)
        return;
    if (!err && msg->scode < 300) {
        const struct sip_hdr *contact = sip_msg_hdr(msg, SIP_HDR_CONTACT);
        if (contact)
            dialog_refresh(&call->dlg, &contact->val);
        call->n_again = 0;
        call_timer_answered(call, msg);
    } else if (!err && (msg->scode == 405 || msg->scode == 501)) {
        call->peer_updates = false; /* by INVITE then */
    } else if (!tried_again(call, err ? NULL : msg)) {
        call->refresh_due = false;
        call->n_again = 0;
    }
}

void call_sync(struct ua_call *call)
{
    struct call_request like = {.method = "INVITE",
                                .h = reinvite_handler,
                                .expires = call->cfg.reinvite_expires_s,
                                .body_type = "application/sdp"};

    if (!call->line || call->state != UA_CALL_UP || call->invite || call->update || call->asked ||
        timer_running(&call->timer) || (call->want_hold == call->holding && !call->refresh_due))
        return;
    if (call->want_hold == call->holding && call->peer_updates) {
        call->update =
            call_send(call, &(struct call_request){.method = "UPDATE", .h = update_handler});
        return;
    }
    like.body_len = call_offer(call, call->want_hold ? SESSION_SENDONLY : SESSION_SENDRECV);
    like.body = call->sdp;
    call->offer = OFFER_SENT;
    if (!like.body_len || !call_send(call, &like)) {
        call->offer = OFFER_NONE;
        call->want_hold = call->holding;
        call->refresh_due = false;
    }
}

int ua_call_hold(struct ua_call *call, bool hold)
{
    if (call->state != UA_CALL_UP)
        return EPROTO;
    call->want_hold = hold;
    call->n_again = 0;
    call_sync(call);
    return 0;
}

int ua_call_flash(struct ua_call *call)
{
    char body[] = "signal=hf\r\n"; /* [DEF] */

    if (call->state != UA_CALL_UP)
        return EPROTO;
    const struct call_request like = {.method = "INFO",
                                      .body_type = call->cfg.flash_type,
                                      .body = body,
                                      .body_len = sizeof(body) - 1};
    return call_send(call, &like) ? 0 : ENOTCONN;
}

int ua_call_notify(struct ua_call *call, const char *event)
{
    char lines[64];

    if (call->state != UA_CALL_UP)
        return EPROTO;
    snprintf(lines, sizeof(lines), "Event: %.40s\r\n", event);
    const struct call_request like = {.method = "NOTIFY", .after = lines};
    return call_send(call, &like) ? 0 : ENOTCONN;
}

int ua_call_digit(struct ua_call *call, char digit, unsigned ms)
{
    char body[64];

    if (call->state != UA_CALL_UP)
        return EPROTO;
    if (call->media && !call->cfg.dtmf_info) {
        const int err = media_send_digit(call->media, digit, ms);
        if (err != ENOTSUP)
            return err;
    }
    if (!call->cfg.dtmf_info)
        return ENOTSUP;
    const size_t len = dtmf_info_print(body, sizeof(body), digit, ms ? ms : DTMF_TONE_MS);
    if (!len)
        return EINVAL;
    const struct call_request like = {
        .method = "INFO", .body_type = call->cfg.dtmf_type, .body = body, .body_len = len};
    return call_send(call, &like) ? 0 : ENOTCONN;
}
