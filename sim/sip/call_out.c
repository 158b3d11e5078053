/* SPDX-License-Identifier: BSD-3-Clause */
/* INVITE as the phone sends it, and what it makes of the answers (sip-behaviour.md 2.6, 5.1, 5.3,
 * 6.2). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/sip/call_priv.h"
#include "sim/sip/request.h"
#include "sim/sip/response_table.h"

enum {
    BRIEF = 160,
    FROM_MAX = 1024,
    GLARE_MAX = 3, /* times an INVITE that met 491 is sent again [DEF] */
};

static void invite_handler(struct ua_call *call, struct call_request *r, int err,
                           const char *reason, const struct sip_msg *msg);

static void fail(struct ua_call *call, uint16_t scode, const char *text)
{
    call->scode = scode;
    call_over(call, true, scode, text);
}

static void send_invite(struct ua_call *call)
{
    struct call_request like = {.method = "INVITE",
                                .h = invite_handler,
                                .after = call->order_extra,
                                .expires = call->cfg.invite_expires_s,
                                .body_type = "application/sdp"};

    call->waiting = false;
    like.body_len = call_offer(call, SESSION_SENDRECV);
    like.body = call->sdp;
    call->offer = OFFER_SENT;
    if (!like.body_len || !call_send(call, &like))
        fail(call, 0, "Network Error");
}

/* The servers must be known and, over TCP and TLS, a connection be there. */
void call_invite_start(struct ua_call *call)
{
    struct ua_line *l = call->line;
    const struct server_entry *e = servers_current(l);
    int err = 0;

    call->waiting = true;
    if (call_nat_asking(call))
        return;
    if (!e) {
        err = l->servers.find ? 0 : servers_find(l);
    } else if (l->cfg.transport == UA_UDP) {
        send_invite(call);
    } else if (l->out && l->reg.step != STEP_CONNECTING) {
        send_invite(call);
    } else if (l->reg.step != STEP_CONNECTING) {
        const struct sockaddr_in to = {
            .sin_family = AF_INET, .sin_addr = e->addr, .sin_port = htons(e->port)};
        err = l->out ? 0 : stream_connect(l, &to, e->host);
    }
    if (err)
        fail(call, 0, "Network Error");
}

void calls_ready(struct ua_line *l, int err, const char *reason)
{
    struct ua_call *call = l->calls;

    while (call) {
        struct ua_call *next = mem_ref(call->next);
        mem_ref(call);
        if (call->waiting && call->line) {
            call->waiting = false;
            if (err)
                fail(call, 0, err == ENOENT ? "No Such Host" : reason);
            else
                call_invite_start(call);
        }
        mem_deref(call);
        mem_deref(next);
        call = next && next->line ? next : NULL;
    }
}

static void expires_handler(void *arg)
{
    struct ua_call *call = arg;

    /* nobody answered within INVITE Expires [DEF] */
    mem_ref(call);
    call_cancel(call);
    fail(call, 408, "Request Timeout");
    mem_deref(call);
}

static int set_order(struct ua_call *call, const struct ua_call_order *o)
{
    const struct ua_line_config *c = &call->line->cfg;
    char from[FROM_MAX];
    struct writer w = {.buf = from, .size = sizeof(from) - 1};

    if (o->from)
        put(&w, o->from);
    else
        put_account(&w, c);
    if (w.full)
        return E2BIG;
    from[w.len] = '\0';
    call->order_uri = strdup(o->uri);
    call->order_identity = o->identity ? strdup(o->identity) : NULL;
    call->order_extra = o->extra ? strdup(o->extra) : NULL;
    if (!call->order_uri || (o->identity && !call->order_identity) ||
        (o->extra && !call->order_extra))
        return ENOMEM;
    return dialog_begin(&call->dlg, c, call->line->rng, from, o->uri);
}

static void set_peer(struct ua_call *call, const char *uri)
{
    struct pl pl;
    struct uri u;

    snprintf(call->peer.uri, sizeof(call->peer.uri), "%s", uri);
    pl_set_str(&pl, uri);
    if (uri_decode(&u, &pl) == 0)
        (void)pl_strcpy(&u.user, call->peer.number, sizeof(call->peer.number));
}

static void start_handler(void *arg)
{
    struct ua_call *call = arg;

    if (call->waiting)
        call_invite_start(call);
}

int ua_call_dial(struct ua_call **callp, struct ua_line *l, const struct ua_call_config *c,
                 const struct ua_call_order *o, ua_call_h *h, void *arg)
{
    struct ua_call *call = NULL;

    if (!callp || !l || l->closed || !o->uri || strpbrk(o->uri, " <>\r\n\t") ||
        (!l->cfg.proxy[0] && !l->cfg.outbound_proxy[0]))
        return EINVAL;
    int err = call_alloc(&call, l, true);
    if (err)
        return err;
    err = call_configure(call, c);
    if (!err)
        err = set_order(call, o);
    if (!err)
        err = call_media_open(call);
    if (err) {
        call->state = UA_CALL_OVER;
        call_settle(call);
        mem_deref(call);
        return err;
    }
    set_peer(call, o->uri);
    call->h = h;
    call->arg = arg;
    /* the handler must not run before this returns */
    timer_start(l->stack->lp, &call->timer, 0, start_handler, call);
    call->waiting = true;
    *callp = call;
    return 0;
}

/* ---- answers */

static void prack(struct ua_call *call, const struct sip_msg *msg)
{
    const struct sip_hdr *rseq = sip_msg_hdr(msg, SIP_HDR_RSEQ);
    char rack[80];
    uint32_t n;

    if (!rseq || !raw_u32(&rseq->val, &n) || n == call->peer_rseq || !pl_isset(&msg->to.tag))
        return;
    call->peer_rseq = n;
    snprintf(rack, sizeof(rack), "RAck: %u %u INVITE\r\n", n, msg->cseq.num);
    (void)call_send(call, &(struct call_request){.method = "PRACK", .after = rack});
}

static bool has_sdp(const struct sip_msg *msg, struct pl *body)
{
    const struct sip_hdr *type = sip_msg_hdr(msg, SIP_HDR_CONTENT_TYPE);

    *body = call_body(msg);
    return body->l && type && is_sdp(&type->val);
}

/* 5.3: 100 and its like show nothing; 18x rings back; with SDP there is early media. */
static void provisional(struct ua_call *call, const struct sip_msg *msg)
{
    const bool reliable = sip_msg_hdr_has_value(msg, SIP_HDR_REQUIRE, "100rel");
    struct ua_line *l = call->line;
    struct pl sdp;

    if (!call->provisional) {
        call->provisional = true;
        if (call->cancelling) {
            call_cancel(call);
            return;
        }
        if (call->cfg.invite_expires_s)
            timer_start(l->stack->lp, &call->timer, call->cfg.invite_expires_s * 1000ULL,
                        expires_handler, call);
    }
    if (call->cancelling || msg->scode == 100)
        return;
    if (call->dlg.remote_tag && pl_strcmp(&msg->to.tag, call->dlg.remote_tag))
        call->peer_rseq = 0; /* another fork counts its own */
    if (pl_isset(&msg->to.tag))
        (void)dialog_take_response(&call->dlg, msg);
    if (reliable)
        prack(call, msg);
    const bool early = has_sdp(msg, &sdp) && call_take_answer(call, &sdp) == 0;
    if (early && reliable)
        call->offer = OFFER_NONE; /* the exchange is complete (RFC 3262 5) */
    if (msg->scode != 180 && msg->scode != 183)
        return;
    if (call->cfg.sticky_183 && msg->scode == 180 && call->state == UA_CALL_PROGRESS &&
        call->scode == 183)
        return; /* Sticky 183: a 180 behind it is ignored */
    call->early = early;
    call->state = UA_CALL_PROGRESS;
    call->scode = msg->scode;
    (void)party_from_response(&call->peer, msg, call->cfg.caller_id);
    call_tell(call, &(struct ua_call_news){
                        .ev = UA_CALL_EV_PROGRESS, .scode = msg->scode, .early = early});
}

static void answered(struct ua_call *call, struct call_request *r, const struct sip_msg *msg)
{
    struct pl sdp;

    timer_cancel(&call->timer);
    if (dialog_take_response(&call->dlg, msg)) {
        fail(call, 0, "No Memory");
        return;
    }
    call_ack(call, r);
    if (call->cancelling || call->state == UA_CALL_OVER) { /* it crossed our CANCEL (5.5) */
        call_bye(call);
        return;
    }
    call->scode = msg->scode;
    const bool fits = has_sdp(msg, &sdp) ? call_take_answer(call, &sdp) == 0
                                         : call->has_session; /* complete since a 18x */
    call->offer = OFFER_NONE;
    if (!fits) {
        call_bye(call);
        fail(call, 488, "Not Acceptable Here");
        return;
    }
    call->early = false;
    call->state = UA_CALL_UP;
    call->up_ms = clock_ms(call->line->stack->lp);
    call_timer_answered(call, msg);
    (void)party_from_response(&call->peer, msg, call->cfg.caller_id);
    call_tell(call, &(struct ua_call_news){.ev = UA_CALL_EV_UP, .scode = msg->scode});
}

/* A To of before, with the tag of an early dialog: the next INVITE is outside it. */
void call_leave_early_dialog(struct ua_call *call)
{
    char *tag = call->dlg.remote ? strstr(call->dlg.remote, ">;") : NULL, *target;

    if (tag)
        tag[1] = '\0';
    free(call->dlg.remote_tag);
    call->dlg.remote_tag = NULL;
    free(call->dlg.routes);
    call->dlg.routes = NULL;
    call->has_session = call->early = false;
    call->peer_rseq = 0;
    call->scode = 0;
    if (!call->n_redirects && (target = strdup(call->order_uri))) { /* a 18x had a Contact */
        free(call->dlg.target);
        call->dlg.target = target;
    }
}

/* To the next server, without a word to the user (2.6). */
static bool fail_over(struct ua_call *call, struct call_request *r, const char *why)
{
    struct ua_line *l = call->line;

    if (call->n_redirects || call->provisional || !servers_fail(l, why))
        return false;
    call_leave_early_dialog(call);
    servers_follow(l);
    if (l->cfg.transport == UA_UDP) {
        r->n_auth = 0;
        return call_send_again(r) == 0;
    }
    call_request_free(r);
    call_invite_start(call);
    return true;
}

static bool collect_handler(const struct sip_hdr *hdr, const struct sip_msg *msg, void *arg)
{
    struct ua_call *call = arg;
    char *text = NULL;

    (void)msg;
    if (asprintf(&text, "%s%s%.*s", call->redirect_text ? call->redirect_text : "",
                 call->redirect_text ? ", " : "", (int)hdr->val.l, hdr->val.p) < 0)
        return true;
    free(call->redirect_text);
    call->redirect_text = text;
    return false;
}

/* The next Contact in order; the list of servers stays where it is (5.5). */
static bool follow(struct ua_call *call, struct call_request *r)
{
    struct pl element, uri;

    while (call->n_redirects < call->line->cfg.max_redirect &&
           raw_element(&call->redirects, &element)) {
        char *target = address_uri(&element, &uri) == 0 ? strndup(uri.p, uri.l) : NULL;
        if (!target || (strncasecmp(target, "sip:", 4) && strncasecmp(target, "sips:", 5))) {
            free(target);
            continue;
        }
        call_leave_early_dialog(call); /* To stays as it was */
        free(call->dlg.target);
        call->dlg.target = target;
        call->n_redirects++;
        call->provisional = false;
        r->n_auth = 0;
        if (call_send_again(r) == 0)
            return true;
    }
    return false;
}

static bool redirected(struct ua_call *call, struct call_request *r, const struct sip_msg *msg)
{
    free(call->redirect_text);
    call->redirect_text = NULL;
    call->redirects = (struct pl){NULL, 0};
    sip_msg_hdr_apply(msg, true, SIP_HDR_CONTACT, collect_handler, call);
    if (!call->redirect_text)
        return false;
    pl_set_str(&call->redirects, call->redirect_text);
    return follow(call, r);
}

static void again_handler(void *arg)
{
    struct ua_call *call = arg;
    struct call_request *r = call->invite;

    if (!r || !r->paused)
        return;
    mem_ref(call);
    r->paused = false;
    call_leave_early_dialog(call);
    if (call_send_again(r)) {
        call_request_free(r);
        fail(call, 491, response_text(491));
    }
    mem_deref(call);
}

/* 491 outside a dialog: the same call again after the time of 4.3, a few times (6.2). */
static bool back_off(struct ua_call *call, struct call_request *r)
{
    if (r->n_glare >= GLARE_MAX)
        return false;
    r->n_glare++;
    r->paused = true;
    timer_start(call->line->stack->lp, &call->timer, call_glare_ms(call), again_handler, call);
    return true;
}

static void refused(struct ua_call *call, struct call_request *r, const struct sip_msg *msg)
{
    const struct response_rules rules = {.try_backup_rsc = call->line->cfg.backup_rsc,
                                         .session_timer = call->cfg.session_timer_s > 0};
    const struct response_step step = response_next(RESPONSE_TO_INVITE, msg->scode, &rules);
    char why[BRIEF];

    timer_cancel(&call->timer);
    snprintf(why, sizeof(why), "%u %.*s", msg->scode, (int)(msg->reason.l < 64 ? msg->reason.l : 0),
             msg->reason.p);
    if (!call->cancelling) {
        if (step.action == RESPONSE_REDIRECT && redirected(call, r, msg))
            return;
        if (call->redirects.l && step.action != RESPONSE_AUTHENTICATE && follow(call, r))
            return;
        if (step.action == RESPONSE_NEXT_SERVER) {
            call->provisional = false;
            if (fail_over(call, r, why))
                return;
        }
        if (step.action == RESPONSE_BACK_OFF && back_off(call, r))
            return;
        if (step.action == RESPONSE_RAISE_MIN_SE && call_timer_raised(call, msg)) {
            call_leave_early_dialog(call);
            if (call_send_again(r) == 0)
                return;
        }
    }
    fail(call, call->cancelling ? 0 : msg->scode, response_text(msg->scode));
}

static void unanswered(struct ua_call *call, struct call_request *r, int err, const char *reason)
{
    timer_cancel(&call->timer);
    if (call->cancelling || call->state == UA_CALL_OVER)
        fail(call, 0, "");
    else if (call->redirects.l && follow(call, r))
        return;
    else if (!fail_over(call, r, reason))
        fail(call, err == ETIMEDOUT ? 408 : 503,
             err == ETIMEDOUT ? "No Response" : "Not Reachable");
}

static void invite_handler(struct ua_call *call, struct call_request *r, int err,
                           const char *reason, const struct sip_msg *msg)
{
    if (err)
        unanswered(call, r, err, reason);
    else if (msg->scode < 200)
        provisional(call, msg);
    else if (msg->scode < 300)
        answered(call, r, msg);
    else
        refused(call, r, msg);
}

/* ---- CANCEL: only behind a 1xx (5.5) */

static void cancel_handler(struct client_tx *tx, int err, const char *reason,
                           const struct sip_msg *msg, void *arg)
{
    (void)tx;
    (void)err;
    (void)reason;
    (void)msg;
    (void)arg; /* what counts is the answer to the INVITE */
}

void call_cancel(struct ua_call *call)
{
    struct ua_line *l = call->line;
    struct call_request *r = call->invite;

    call->cancelling = true;
    call->waiting = false;
    if (r && r->paused)
        call_request_free(r);
    r = call->invite;
    if (!r || !r->tx || !call->provisional)
        return;
    struct client_tx *tx = NULL;
    const size_t len = print_companion(l->stack->tx, sizeof(l->stack->tx), &l->cfg, r->tx->bytes,
                                       r->tx->len, "CANCEL", NULL);
    const struct client_request cr = {.to = &r->tx->to,
                                      .data = l->stack->tx,
                                      .len = len,
                                      .branch = r->tx->branch,
                                      .cseq = r->tx->cseq};
    if (len)
        (void)client_tx_start(&tx, l, &cr, cancel_handler, NULL);
    client_tx_limit(r->tx, l->cfg.timer_b_ms); /* 9.1: a server that does not know CANCEL */
}
