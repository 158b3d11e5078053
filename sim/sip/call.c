/* SPDX-License-Identifier: BSD-3-Clause */
/* The life of a call: its requests, what its owner hears, its end. */
#include "sim/sip/call.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sip/call_priv.h"
#include "sim/sip/request.h"

enum { FORKS_MAX = 8 };

static void unlink_call(struct ua_call *call)
{
    struct ua_call **at = call->line ? &call->line->calls : NULL;

    while (at && *at && *at != call)
        at = &(*at)->next;
    if (!at || !*at)
        return;
    *at = call->next;
    call->next = NULL;
    call->line = NULL;
    mem_deref(call);
}

void call_request_free(struct call_request *r)
{
    struct ua_call *call = r->call;
    struct call_request **at = &call->requests;

    while (*at && *at != r)
        at = &(*at)->next;
    if (*at)
        *at = r->next;
    if (call->invite == r)
        call->invite = NULL;
    if (call->refer == r)
        call->refer = NULL;
    if (call->update == r)
        call->update = NULL;
    client_tx_stop(r->tx);
    free(r->after);
    free(r->body);
    free(r->credentials);
    free(r);
}

static void stop(struct ua_call *call)
{
    timer_cancel(&call->timer);
    timer_cancel(&call->rel_timer);
    timer_cancel(&call->se_timer);
    while (call->requests)
        call_request_free(call->requests);
    if (call->asked)
        call->asked->unacked = NULL;
    call->asked = NULL;
    call_media_close(call);
}

static void destructor(void *arg)
{
    struct ua_call *call = arg;

    stop(call);
    dialog_reset(&call->dlg);
    free(call->asked_bytes);
    free(call->texts);
    free(call->sdp);
    free(call->order_uri);
    free(call->order_identity);
    free(call->order_extra);
    free(call->redirect_text);
    free(call->ack);
    free(call->refer_event);
    mem_deref(call->cfg.source);
}

int call_alloc(struct ua_call **callp, struct ua_line *l, bool outgoing)
{
    struct ua_call *call = mem_zalloc(sizeof(*call), destructor);

    if (!call)
        return ENOMEM;
    call->line = l;
    call->outgoing = outgoing;
    call->state = outgoing ? UA_CALL_CALLING : UA_CALL_RINGING;
    call->next = l->calls;
    l->calls = mem_ref(call); /* the line's own */
    *callp = call;
    return 0;
}

void call_tell(struct ua_call *call, const struct ua_call_news *news)
{
    if (!call->h)
        return;
    mem_ref(call);
    call->h(call, news, call->arg);
    mem_deref(call);
}

void call_settle(struct ua_call *call)
{
    if (call->line && call->state == UA_CALL_OVER && !call->requests && !call->asked &&
        !call->refer_event)
        unlink_call(call);
}

void call_over(struct ua_call *call, bool remote, uint16_t scode, const char *text)
{
    const struct ua_call_news news = {
        .ev = UA_CALL_EV_OVER, .remote = remote, .scode = scode, .text = text};
    ua_call_h *const h = call->h;
    struct ua_line *l = call->line;

    if (call->state == UA_CALL_OVER)
        return;
    call->state = UA_CALL_OVER;
    timer_cancel(&call->timer);
    timer_cancel(&call->rel_timer);
    timer_cancel(&call->se_timer);
    call->h = NULL;
    mem_ref(call);
    mem_ref(l);
    if (h)
        h(call, &news, call->arg);
    call_media_close(call); /* its counters have been read */
    call_settle(call);
    if (l && !l->closed)
        servers_idle(l);
    mem_deref(l);
    mem_deref(call);
}

/* ---- requests */

static bool print_auth(struct call_request *r, const char *uri)
{
    char credentials[CREDENTIALS_MAX];

    if (!line_credentials(r->call->line, r->method, uri, credentials))
        return false;
    free(r->credentials);
    r->credentials = strdup(credentials);
    return r->credentials != NULL;
}

/* In a dialog by its route; before one, and with an outbound proxy, to the line's server. */
static struct sockaddr_in hop_of(const struct ua_call *call)
{
    const struct server_entry *e = servers_current(call->line);
    struct sockaddr_in hop = call->line->reg.server;
    struct sockaddr_in own;

    if (e)
        hop = (struct sockaddr_in){
            .sin_family = AF_INET, .sin_addr = e->addr, .sin_port = htons(e->port)};
    if (!call->dlg.remote_tag && !call->n_redirects)
        return hop;
    if (call->cfg.ob_in_dialog && !call->dlg.routes)
        return hop;
    return dialog_hop(&call->dlg, &own) ? own : hop; /* names: the server finds them [DEF] */
}

static void fill(struct call_request *r, struct request_params *p)
{
    struct ua_call *call = r->call;
    struct ua_line *l = call->line;
    const bool initial = r == call->invite && !call->dlg.remote_tag;

    *p = (struct request_params){.method = r->method,
                                 .cseq = r->cseq,
                                 .branch = rng_u32(l->rng),
                                 .local_port = stream_local_port(l),
                                 .identity = initial ? call->order_identity : NULL,
                                 .contact = true,
                                 .has_expires = r->expires > 0,
                                 .expires = r->expires,
                                 .after = r->after,
                                 .body_type = r->body_type,
                                 .body = r->body,
                                 .body_len = r->body_len};
    dialog_fill(&call->dlg, p);
    if (strcmp(r->method, "INVITE") == 0 || strcmp(r->method, "UPDATE") == 0) {
        p->allow = true;
        p->supported = l->cfg.supported;
        p->before = call_timer_lines(call);
    } else if (strcmp(r->method, "BYE") == 0 || strcmp(r->method, "PRACK") == 0) {
        p->contact = false;
    }
    if (print_auth(r, p->uri)) {
        p->auth = r->credentials;
        p->auth_proxy = l->reg.auth.proxy;
    }
}

static void request_handler(struct client_tx *tx, int err, const char *reason,
                            const struct sip_msg *msg, void *arg)
{
    struct call_request *r = arg;
    struct ua_call *call = r->call;
    const bool final = err || msg->scode >= 200;

    (void)tx;
    mem_ref(call);
    if (final)
        r->tx = NULL;
    if (final && !err && (msg->scode == 401 || msg->scode == 407) && call_challenged(r, msg)) {
        mem_deref(call);
        return;
    }
    if (r->h)
        r->h(call, r, err, reason, msg);
    /* a handler may have sent it again, elsewhere */
    for (struct call_request *at = call->requests; final && at; at = at->next) {
        if (at != r)
            continue;
        if (!r->tx && !r->paused && !(call->waiting && r == call->invite))
            call_request_free(r);
        break;
    }
    if (final)
        call_sync(call); /* what was asked for meanwhile */
    call_settle(call);
    mem_deref(call);
}

int call_send_again(struct call_request *r)
{
    struct ua_call *call = r->call;
    struct ua_line *l = call->line;
    struct request_params p;
    const struct sockaddr_in hop = hop_of(call);

    if (r == call->invite)
        call->provisional = false; /* of the one before */
    r->cseq = ++call->dlg.local_cseq;
    fill(r, &p);
    const size_t len = print_request(l->stack->tx, sizeof(l->stack->tx), &l->cfg, &p);
    const struct client_request cr = {
        .to = &hop, .data = l->stack->tx, .len = len, .branch = p.branch, .cseq = r->cseq};
    return len ? client_tx_start(&r->tx, l, &cr, request_handler, r) : E2BIG;
}

static char *copy_text(const char *text, size_t len)
{
    char *copy = text ? malloc(len + 1) : NULL;

    if (copy) {
        memcpy(copy, text, len);
        copy[len] = '\0';
    }
    return copy;
}

struct call_request *call_send(struct ua_call *call, const struct call_request *like)
{
    struct call_request *r = calloc(1, sizeof(*r));

    if (!r || !call->line) {
        free(r);
        return NULL;
    }
    *r = *like;
    r->call = call;
    r->after = like->after ? copy_text(like->after, strlen(like->after)) : NULL;
    r->body = copy_text(like->body, like->body_len);
    r->next = call->requests;
    call->requests = r;
    if (strcmp(r->method, "INVITE") == 0)
        call->invite = r;
    if ((like->after && !r->after) || (like->body && !r->body) || call_send_again(r)) {
        call_request_free(r);
        return NULL;
    }
    return r;
}

static bool challenge_handler(const struct sip_hdr *hdr, const struct sip_msg *msg, void *arg)
{
    return auth_client_challenge(arg, &hdr->val, msg->scode == 407) != AUTH_UNUSABLE;
}

bool call_challenged(struct call_request *r, const struct sip_msg *msg)
{
    struct ua_call *call = r->call;
    struct ua_line *l = call->line;
    const enum sip_hdrid id =
        msg->scode == 407 ? SIP_HDR_PROXY_AUTHENTICATE : SIP_HDR_WWW_AUTHENTICATE;

    if (!l || r->n_auth >= l->cfg.max_auth || (r == call->invite && call->cancelling) ||
        !sip_msg_hdr_apply(msg, true, id, challenge_handler, &l->reg.auth))
        return false;
    r->n_auth++;
    if (r == call->invite && call->state < UA_CALL_UP)
        call_leave_early_dialog(call);
    return call_send_again(r) == 0;
}

static void send_once(struct ua_line *l, const struct sockaddr_in *to, const char *data, size_t len)
{
    if (l->cfg.transport == UA_UDP)
        (void)transport_send_udp(l, to, data, len);
    else if (l->out)
        (void)stream_send(l->out, data, len);
}

/* RFC 3261 13.2.2.4: the CSeq and credentials of the INVITE, a branch of its own. */
void call_ack(struct ua_call *call, const struct call_request *r)
{
    struct ua_line *l = call->line;
    struct request_params p = {
        .method = "ACK",
        .cseq = r->cseq,
        .branch = rng_u32(l->rng),
        .local_port = stream_local_port(l),
        .auth = r->credentials,
        .auth_proxy = l->reg.auth.proxy,
        /* 9.3 [T]: that of a 79xx tells who it is, and has no Contact */
        .identity = l->cfg.wire == UA_WIRE_79XX && call->outgoing ? call->order_identity : NULL,
        .contact = l->cfg.wire != UA_WIRE_79XX};

    dialog_fill(&call->dlg, &p);
    const size_t len = print_request(l->stack->tx, sizeof(l->stack->tx), &l->cfg, &p);
    free(call->ack);
    call->ack = copy_text(len ? l->stack->tx : NULL, len);
    call->ack_len = call->ack ? len : 0;
    call->ack_to = hop_of(call);
    send_once(l, &call->ack_to, l->stack->tx, len);
}

/* ---- end */

void call_bye(struct ua_call *call)
{
    char stat[RTP_STAT_MAX];
    const struct call_request like = {.method = "BYE", .after = stat};

    call->bye_wanted = false;
    if (call->line)
        (void)call_rtp_stat(call, stat, sizeof(stat));
    else
        stat[0] = '\0';
    (void)call_send(call, &like); /* whatever the answer is, it is over */
}

void ua_call_hang_up(struct ua_call *call)
{
    if (!call->line || call->state == UA_CALL_OVER)
        return;
    const enum ua_call_state was = call->state;

    call->h = NULL;
    mem_ref(call);
    if (was == UA_CALL_RINGING) {
        ua_call_refuse(call, 486, NULL);
    } else if (was == UA_CALL_UP) {
        if (call->asked) /* no BYE ahead of the ACK (RFC 3261 15) */
            call->bye_wanted = true;
        else
            call_bye(call);
        call_over(call, false, 0, "");
    } else {
        call_cancel(call);
        call_over(call, false, 0, "");
    }
    mem_deref(call);
}

void ua_call_set_handler(struct ua_call *call, ua_call_h *h, void *arg)
{
    call->h = h;
    call->arg = arg;
}

struct ua_call *ua_call_release(struct ua_call *call)
{
    if (call) {
        ua_call_hang_up(call);
        call->h = NULL;
        call_settle(call); /* a referrer may still be told how its call goes */
        mem_deref(call);
    }
    return NULL;
}

bool ua_line_in_call(const struct ua_line *l)
{
    for (const struct ua_call *call = l->calls; call; call = call->next) {
        if (call->state != UA_CALL_OVER)
            return true;
    }
    return false;
}

void calls_end(struct ua_line *l)
{
    while (l->calls) {
        struct ua_call *call = l->calls;
        ua_call_h *const h = call->h;
        static const struct ua_call_news gone = {.ev = UA_CALL_EV_OVER, .text = "Line Closed"};

        mem_ref(call);
        stop(call);
        call->h = NULL;
        const bool was_over = call->state == UA_CALL_OVER;
        call->state = UA_CALL_OVER;
        unlink_call(call);
        if (h && !was_over)
            h(call, &gone, call->arg);
        mem_deref(call);
    }
}

struct ua_call *call_find(struct ua_line *l, const struct raw_message *raw)
{
    /* requests of an alternate registration's calls reach its sibling (2.8) */
    for (l = transport_first(l); l; l = transport_sibling(l)) {
        for (struct ua_call *call = l->calls; call; call = call->next) {
            if (dialog_has(&call->dlg, raw))
                return call;
        }
    }
    return NULL;
}

static unsigned count_over(const struct ua_line *l)
{
    unsigned n = 0;

    for (const struct ua_call *call = l->calls; call; call = call->next)
        n += call->state == UA_CALL_OVER;
    return n;
}

static char *header_text(const struct sip_msg *msg, enum sip_hdrid id)
{
    const struct sip_hdr *h = sip_msg_hdr(msg, id);

    return h ? strndup(h->val.p, h->val.l) : NULL;
}

/* An INVITE has been answered by one more than is needed, maybe after its call (5.5, RFC 3261
 * 13.2.2.4): the answer says all there is to know. It is a call of its own for as long as it takes
 * to end it; FORKS_MAX at a time, as anybody could claim so [DEF]. */
static void end_fork(struct ua_line *l, bool ob_in_dialog, const struct sip_msg *msg)
{
    const struct call_request invite = {.cseq = msg->cseq.num};
    struct ua_call *fork = NULL;

    if (msg->from.tag.l >= TAG_SIZE || count_over(l) >= FORKS_MAX || call_alloc(&fork, l, true))
        return;
    fork->state = UA_CALL_OVER;
    fork->cfg.ob_in_dialog = ob_in_dialog;
    fork->dlg = (struct dialog){.call_id = strndup(msg->callid.p, msg->callid.l),
                                .local = header_text(msg, SIP_HDR_FROM),
                                .target = strndup(msg->to.auri.p, msg->to.auri.l),
                                .local_cseq = msg->cseq.num};
    (void)pl_strcpy(&msg->from.tag, fork->dlg.local_tag, sizeof(fork->dlg.local_tag));
    if (fork->dlg.call_id && fork->dlg.local && fork->dlg.target &&
        dialog_take_response(&fork->dlg, msg) == 0 && fork->dlg.remote) {
        call_ack(fork, &invite);
        call_bye(fork);
    }
    call_settle(fork);
    mem_deref(fork);
}

void calls_late_2xx(struct ua_line *first, const struct sip_msg *msg)
{
    const struct ua_call *other = NULL;

    for (struct ua_line *l = first; l; l = transport_sibling(l)) {
        for (struct ua_call *call = l->calls; call; call = call->next) {
            const struct dialog *d = &call->dlg;
            if (!d->call_id || !call->ack || pl_strcmp(&msg->callid, d->call_id) ||
                pl_strcmp(&msg->from.tag, d->local_tag))
                continue;
            if (d->remote_tag && pl_strcmp(&msg->to.tag, d->remote_tag) == 0) {
                send_once(l, &call->ack_to, call->ack, call->ack_len);
                return;
            }
            other = call;
        }
    }
    if (pl_isset(&msg->callid) && pl_isset(&msg->to.auri) && pl_isset(&msg->to.tag) &&
        pl_isset(&msg->from.tag))
        end_fork(other ? other->line : first, other && other->cfg.ob_in_dialog, msg);
}

void ua_call_info(const struct ua_call *call, struct ua_call_info *info)
{
    *info = (struct ua_call_info){
        .state = call->state,
        .outgoing = call->outgoing,
        .holding = call->holding,
        .wants_hold = call->want_hold,
        .held = call->held,
        .early = call->early,
        .secure = call->has_session && call->session.suite != SESSION_SUITE_NONE,
        .scode = call->scode,
        .peer = call->peer,
        .codec = call->has_session ? call->session.codec : CODEC_NONE,
        .rtp_port = call->port,
        .rtp = call->session.rtp,
        .call_id = call->dlg.call_id ? call->dlg.call_id : "",
    };
}
