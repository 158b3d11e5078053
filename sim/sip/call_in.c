/* SPDX-License-Identifier: BSD-3-Clause */
/* INVITE as it reaches the phone (sip-behaviour.md 5.4), and how the phone answers it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/loop/clock.h"
#include "sim/sip/call_info.h"
#include "sim/sip/call_priv.h"

enum {
    RSEQ_MASK = 0x7fffffff, /* RFC 3262 3 */
    ASKED_MAX = 16384,
};

/* ---- the INVITE that awaits its answer */

static int keep_asked(struct ua_call *call, struct server_tx *st, const struct raw_message *raw)
{
    const size_t len = (size_t)(raw->body.p + raw->body.l - raw->start.p);

    if (len > ASKED_MAX)
        return E2BIG;
    call->asked_bytes = malloc(len);
    if (!call->asked_bytes)
        return ENOMEM;
    memcpy(call->asked_bytes, raw->start.p, len);
    call->asked_len = len;
    call->asked = st;
    call->asked_cseq = call->dlg.remote_cseq;
    return 0;
}

static void unacked_handler(void *arg)
{
    struct ua_call *call = arg;

    /* no ACK within Timer H: end the dialog (RFC 3261 13.3.1.4) */
    mem_ref(call);
    call->asked = NULL;
    if (call->line && (call->state == UA_CALL_UP || call->bye_wanted)) {
        call_bye(call);
        call_over(call, false, 408, "No Response");
    }
    call_settle(call);
    mem_deref(call);
}

void call_await_ack(struct ua_call *call, struct server_tx *st)
{
    if (call->asked)
        call->asked->unacked = NULL;
    call->asked = st;
    st->unacked = unacked_handler;
    st->arg = call;
}

void call_reply(struct ua_call *call, const struct uas_reply *r)
{
    struct server_tx *st = call->asked;
    struct uas_reply reply = *r;
    struct raw_message raw;

    if (!st || !call->asked_bytes || !raw_parse(&raw, call->asked_bytes, call->asked_len))
        return;
    reply.to_tag = call->dlg.local_tag;
    if (!uas_reply(st, &raw, &reply))
        call->asked = st = NULL; /* it cannot be answered at all */
    call->scode = r->scode;
    if (st && r->scode < 200)
        return;
    timer_cancel(&call->timer);
    timer_cancel(&call->rel_timer);
    free(call->asked_bytes);
    call->asked_bytes = NULL;
    if (st && r->scode < 300)
        call_await_ack(call, st);
    else
        call->asked = NULL;
}

/* ---- what the sender wants */

static void copy_header(char *to, size_t size, const struct raw_message *raw, const char *name)
{
    struct pl value;

    to[0] = '\0';
    if (raw_header(raw, name, 0, 0, &value) && value.l < size)
        (void)pl_strcpy(&value, to, size);
}

static bool has_word(const struct pl *value, const char *word)
{
    const size_t len = strlen(word);

    for (size_t i = 0; i + len <= value->l; i++) {
        if (strncasecmp(value->p + i, word, len) == 0)
            return true;
    }
    return false;
}

/* 5.4 [UC]: only answer-after=0 answers without ringing [DEF]. */
static const char *auto_answer(const struct raw_message *raw)
{
    struct pl value, after;

    for (unsigned i = 0; raw_header(raw, "Call-Info", 0, i, &value); i++) {
        if (raw_param(&value, "answer-after", &after) && pl_strcmp(&after, "0") == 0)
            return "Call-Info";
    }
    if (raw_header(raw, "Alert-Info", 0, 0, &value) &&
        (has_word(&value, "alert-autoanswer") || has_word(&value, "Ring Answer") ||
         has_word(&value, "RingAnswer") || has_word(&value, "Ring-Answer")))
        return "Alert-Info";
    return "";
}

/* The appearance of a shared line that the server gives this call (10 [UC]). */
static unsigned appearance(const struct raw_message *raw)
{
    struct sca_list list = {.n = 0};
    struct pl value;

    for (unsigned i = 0; raw_header(raw, "Call-Info", 0, i, &value); i++)
        sca_parse(&list, value.p, value.l);
    return list.n ? list.appearances[0].index : 0;
}

/* Replaces: call-id;to-tag=…;from-tag=… (RFC 3891 6.1). False: there is one and it fits none. */
static bool find_replaced(struct ua_line *l, const struct raw_message *raw, struct ua_call **found)
{
    struct pl value, to = {"", 0}, from = {"", 0}, early, call_id;

    *found = NULL;
    if (!raw_header(raw, "Replaces", 0, 0, &value))
        return true;
    (void)raw_param(&value, "to-tag", &to);
    (void)raw_param(&value, "from-tag", &from);
    const bool early_only = raw_param(&value, "early-only", &early);
    call_id = value;
    const char *end = memchr(value.p, ';', value.l);
    if (end)
        call_id.l = (size_t)(end - value.p);
    struct ua_call *call = l->calls;
    while (call && (call->state == UA_CALL_OVER || !call->dlg.remote_tag ||
                    pl_strcmp(&call_id, call->dlg.call_id) || pl_strcmp(&to, call->dlg.local_tag) ||
                    pl_strcmp(&from, call->dlg.remote_tag)))
        call = call->next;
    if (call && early_only && call->state == UA_CALL_UP)
        call = NULL; /* RFC 3891 3: 486 there; a phone that reads none of it says 481 [DEF] */
    *found = call;
    return call != NULL;
}

/* The caller is not to be shown: Privacy (RFC 3323, 3325), or how a phone that blocks its caller ID
 * says so (5.1). */
static bool asks_privacy(const struct raw_message *raw)
{
    static const char *const words[] = {"id", "user", "header", "full"};
    struct pl value, privacy;

    for (size_t i = 0; raw_header(raw, "Privacy", 0, 0, &value) && i < 4; i++) {
        if (has_word(&value, words[i]))
            return true;
    }
    return raw_header(raw, "Remote-Party-ID", 0, 0, &value) &&
           raw_param(&value, "privacy", &privacy) && pl_strcasecmp(&privacy, "full") == 0;
}

static bool is_anonymous(const struct raw_message *raw, const struct ua_call_party *p)
{
    return strcasecmp(p->number, "anonymous") == 0 || asks_privacy(raw) ||
           (!p->number[0] && !p->name[0]);
}

static void refuse(struct server_tx *st, const struct raw_message *raw, uint16_t scode)
{
    (void)uas_reply(st, raw, &(struct uas_reply){.scode = scode});
}

/* Is the line in a state to take calls, and the sender entitled? */
static bool admitted(struct ua_line *l, struct server_tx *st, const struct raw_message *raw)
{
    char extra[UA_EXTRA_MAX];
    struct verdict v;

    if (l->cfg.auth_invite && !line_authenticated(l, raw, "INVITE", &v, extra, sizeof(extra))) {
        (void)uas_reply(st, raw, &(struct uas_reply){.scode = v.scode, .extra = v.extra});
        return false;
    }
    if (!l->cfg.ans_without_reg && l->reg.state != UA_REG_OK) {
        refuse(st, raw, l->cfg.unregistered_scode); /* U-7 */
        return false;
    }
    if (call_timer_refused(l, st, raw, NULL))
        return false;
    if (raw->body.l && !is_sdp(&raw->content_type)) {
        (void)uas_reply(st, raw,
                        &(struct uas_reply){.scode = 415, .extra = "Accept: application/sdp\r\n"});
        return false;
    }
    return true;
}

static void offer_call(struct ua_line *l, struct ua_call *call, struct ua_call *replaced,
                       const struct raw_message *raw)
{
    struct ua_call_offer o = {.auto_answer = auto_answer(raw), .replaces = replaced};

    copy_header(o.alert_info, sizeof(o.alert_info), raw, "Alert-Info");
    copy_header(o.diversion, sizeof(o.diversion), raw, "Diversion");
    party_from_raw(&call->peer, raw, "");
    o.appearance = appearance(raw);
    o.anonymous = is_anonymous(raw, &call->peer);
    if (l->h && l->h->called)
        l->h->called(call, &o, l->arg);
    if (call->asked && !call->h && call->state == UA_CALL_RINGING)
        ua_call_refuse(call, 480, NULL);
}

void call_invited(struct ua_line *l, struct server_tx *st, const struct raw_message *raw)
{
    struct ua_call *call = NULL, *replaced;

    if (!admitted(l, st, raw))
        return;
    if (!find_replaced(l, raw, &replaced)) {
        refuse(st, raw, 481);
        return;
    }
    if (call_alloc(&call, l, false)) {
        refuse(st, raw, 500);
        return;
    }
    const int err = dialog_accept(&call->dlg, &l->cfg, l->rng, raw);
    if (err || keep_asked(call, st, raw)) {
        refuse(st, raw, err == EBADMSG ? 400 : 500);
        call->state = UA_CALL_OVER;
        call_settle(call);
        mem_deref(call);
        return;
    }
    call->offer = raw->body.l ? OFFER_OWED : OFFER_NONE;
    call_reply(call, &(struct uas_reply){.scode = 100}); /* at once (5.3) */
    if (!call->asked) {
        call->state = UA_CALL_OVER;
        call_settle(call);
        mem_deref(call);
        return;
    }
    offer_call(l, call, replaced, raw);
    mem_deref(call);
}

int ua_call_take(struct ua_call *call, const struct ua_call_config *c, ua_call_h *h, void *arg)
{
    struct raw_message raw;

    if (!call->asked_bytes || !raw_parse(&raw, call->asked_bytes, call->asked_len))
        return EPROTO;
    party_from_raw(&call->peer, &raw, c->caller_id);
    if (c->hide_private && asks_privacy(&raw)) {
        snprintf(call->peer.number, sizeof(call->peer.number), "anonymous");
        call->peer.name[0] = '\0';
    }
    if (call_configure(call, c) || call_media_open(call)) {
        ua_call_refuse(call, 500, NULL);
        return ENOTSUP;
    }
    if (raw.body.l && call_can_answer(call, &raw.body)) {
        ua_call_refuse(call, 488, NULL);
        return ENOTSUP;
    }
    call->h = h;
    call->arg = arg;
    mem_ref(call); /* the caller's */
    return 0;
}

/* ---- 180, and its reliable form (5.3, RFC 3262) */

static bool wants_100rel(const struct raw_message *raw)
{
    static const char *const names[] = {"Supported", "Require"};
    struct pl value;

    for (size_t i = 0; i < 2; i++) {
        for (unsigned n = 0; raw_header(raw, names[i], i ? 0 : 'k', n, &value); n++) {
            if (re_regex(value.p, value.l, "100rel", NULL) == 0)
                return true;
        }
    }
    return false;
}

static uint32_t t1_ms(const struct ua_call *call)
{
    return call->line->cfg.t1_ms ? call->line->cfg.t1_ms : 500;
}

static void unpracked_handler(void *arg)
{
    struct ua_call *call = arg;
    if (!call->asked)
        return;
    if (call->rel_interval_ms >= 32 * t1_ms(call)) { /* 64*T1 have passed (RFC 3262 3) */
        call_reply(call, &(struct uas_reply){.scode = 504});
        call_over(call, true, 504, "Server Time-out");
        return;
    }
    server_tx_resend(call->asked);
    call->rel_interval_ms *= 2;
    timer_start(call->line->stack->lp, &call->rel_timer, call->rel_interval_ms, unpracked_handler,
                call);
}

static void ring_reliably(struct ua_call *call)
{
    struct ua_line *l = call->line;
    char extra[64];

    call->rseq = (rng_u32(l->rng) & (RSEQ_MASK >> 1)) + 1;
    snprintf(extra, sizeof(extra), "Require: 100rel\r\nRSeq: %u\r\n", call->rseq);
    call_reply(call, &(struct uas_reply){.scode = 180, .dialog = true, .extra = extra});
    call->rel_interval_ms = t1_ms(call);
    timer_start(l->stack->lp, &call->rel_timer, call->rel_interval_ms, unpracked_handler, call);
}

/* Its headers alone are over our limit: there is no answer that the caller could get. */
static void unanswerable(struct ua_call *call)
{
    call_over(call, true, 513, "Message Too Large");
}

/* U-15: as long as the INVITE says, else a limit of ours */
static void ring_limit_handler(void *arg)
{
    struct ua_call *call = arg;
    const uint16_t scode = call->cfg.ring_limit_scode;

    mem_ref(call);
    call_reply(call, &(struct uas_reply){.scode = scode});
    call_over(call, true, scode, "No Answer");
    mem_deref(call);
}

void ua_call_ring(struct ua_call *call)
{
    struct raw_message raw;
    struct pl expires;
    uint32_t limit = call->cfg.ring_limit_s, asked = 0;

    if (call->state != UA_CALL_RINGING || !call->asked_bytes ||
        !raw_parse(&raw, call->asked_bytes, call->asked_len))
        return;
    if (raw_header(&raw, "Expires", 0, 0, &expires) && raw_u32(&expires, &asked) && asked)
        limit = asked;
    if (limit)
        timer_start(call->line->stack->lp, &call->timer, limit * 1000ULL, ring_limit_handler, call);
    if (call->cfg.rel100 && wants_100rel(&raw))
        ring_reliably(call);
    else
        call_reply(call, &(struct uas_reply){.scode = 180, .dialog = true});
    if (!call->asked)
        unanswerable(call);
}

void call_pracked(struct ua_call *call, struct server_tx *st, const struct raw_message *raw)
{
    struct pl rack;
    uint32_t n = 0;

    if (!call->rseq || !raw_header(raw, "RAck", 0, 0, &rack) || !raw_u32(&rack, &n) ||
        n != call->rseq) {
        refuse(st, raw, 481);
        return;
    }
    call->rseq = 0; /* once; it may cross our final answer */
    timer_cancel(&call->rel_timer);
    (void)uas_reply(st, raw, &(struct uas_reply){.scode = 200, .to_tag = call->dlg.local_tag});
}

/* ---- the final answer */

int ua_call_answer(struct ua_call *call)
{
    struct raw_message raw;
    char timer[80];

    if (call->state != UA_CALL_RINGING || !call->asked_bytes ||
        !raw_parse(&raw, call->asked_bytes, call->asked_len))
        return EPROTO;
    call->answer_due = call_nat_asking(call);
    if (call->answer_due)
        return 0; /* as soon as it is known what to show */
    if (raw.body.l && call_answer(call, &raw.body))
        return EPROTO;
    if (!raw.body.l) { /* it asks for our offer: the answer comes with the ACK */
        if (!call_offer(call, SESSION_SENDRECV))
            return ENOMEM;
        call->offer = OFFER_SENT;
    } else {
        call->offer = OFFER_NONE;
    }
    call->state = UA_CALL_UP;
    call->up_ms = clock_ms(call->line->stack->lp);
    call_timer_agree(call, &raw, timer, sizeof(timer));
    call_reply(call, &(struct uas_reply){.scode = 200,
                                         .dialog = true,
                                         .extra = timer,
                                         .body_type = "application/sdp",
                                         .body = call->sdp,
                                         .body_len = strlen(call->sdp)});
    if (!call->asked) {
        unanswerable(call);
        return EPROTO;
    }
    call_tell(call, &(struct ua_call_news){.ev = UA_CALL_EV_UP, .scode = 200});
    return 0;
}

void ua_call_refuse(struct ua_call *call, uint16_t scode, const char *early)
{
    if (call->state != UA_CALL_RINGING)
        return;
    call->h = NULL;
    call_reply(call, &(struct uas_reply){.scode = scode, .early = early});
    call_over(call, false, scode, "");
}

static struct ua_call *call_of(struct ua_line *l, const struct server_tx *st)
{
    struct ua_call *call = l->calls;

    while (call && call->asked != st)
        call = call->next;
    return call;
}

void call_cancelled(struct ua_line *l, const struct server_tx *invite)
{
    struct ua_call *call = call_of(l, invite);

    if (!call || call->state != UA_CALL_RINGING)
        return;
    mem_ref(call);
    call_reply(call, &(struct uas_reply){.scode = 487});
    call_over(call, true, 487, "Request Terminated");
    mem_deref(call);
}

/* The ACK of our 200, perhaps with the answer to our offer. */
void call_acknowledged(struct ua_call *call, const struct raw_message *raw)
{
    struct server_tx *st = call->asked;
    uint32_t cseq = 0;

    if (!st || st->pending || !raw_u32(&raw->cseq, &cseq) || cseq != call->asked_cseq)
        return;
    mem_ref(call);
    call->asked = NULL;
    server_tx_acked(st);
    if (call->bye_wanted) {
        call_bye(call);
    } else if (call->offer == OFFER_SENT && !call->invite) {
        call->offer = OFFER_NONE;
        if (!raw->body.l || call_take_answer(call, &raw->body)) {
            call_bye(call);
            call_over(call, false, 488, "Not Acceptable Here");
        } else {
            call_tell(call, &(struct ua_call_news){.ev = UA_CALL_EV_SESSION});
        }
    }
    if (call->state == UA_CALL_UP)
        call_sync(call);
    call_settle(call);
    mem_deref(call);
}
