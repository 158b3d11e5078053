/* SPDX-License-Identifier: BSD-3-Clause */
/* Transfer on the wire: REFER either way and the NOTIFYs that tell how it goes (sip-behaviour.md
 * 5.5; RFC 3515, 3891, 3892). */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/sip/call_priv.h"
#include "sim/sip/request.h"

enum { LINES_MAX = 1024, NOTIFY_LIFE_S = 60 };

/* ---- as the one who asks */

static void refer_handler(struct ua_call *call, struct call_request *r, int err, const char *reason,
                          const struct sip_msg *msg)
{
    (void)reason;
    if (!err && msg->scode < 200)
        return;
    (void)r;
    call_tell(call, &(struct ua_call_news){.ev = UA_CALL_EV_TRANSFER,
                                           .scode = err ? 408 : msg->scode,
                                           .text = err ? "No Response" : ""});
}

int ua_call_refer(struct ua_call *call, const char *refer_to, const char *referred_by)
{
    char lines[LINES_MAX];

    if (call->state != UA_CALL_UP || !call->line)
        return EPROTO;
    if (call->refer)
        return EALREADY;
    if (!one_line(refer_to) || !one_line(referred_by))
        return EINVAL;
    const int n = snprintf(lines, sizeof(lines), "Refer-To: %s\r\nReferred-By: %s\r\n", refer_to,
                           referred_by);
    if (n < 0 || (size_t)n >= sizeof(lines))
        return E2BIG;
    const struct call_request like = {.method = "REFER", .h = refer_handler, .after = lines};
    call->refer = call_send(call, &like);
    return call->refer ? 0 : ENOTCONN;
}

/* Escape for the header part of a URI (RFC 3261 25.1, hvalue). */
static void put_escaped(struct writer *w, const char *text)
{
    for (; *text; text++) {
        char hex[4];
        if (isalnum((unsigned char)*text) || strchr("-_.!~*'()[]/?:+$", *text)) {
            put_bytes(w, text, 1);
        } else {
            snprintf(hex, sizeof(hex), "%%%02X", (unsigned char)*text);
            put(w, hex);
        }
    }
}

int ua_call_replaces_uri(const struct ua_call *to, char *buf, size_t size)
{
    struct writer w = {.buf = buf, .size = size - 1};
    const struct dialog *d = &to->dlg;

    if (!d->remote_tag || !d->call_id)
        return EPROTO;
    put(&w, "<");
    put(&w, to->cfg.target_contact || !to->peer.uri[0] ? d->target : to->peer.uri);
    put(&w, "?Replaces=");
    put_escaped(&w, d->call_id);
    put_escaped(&w, ";to-tag=");
    put_escaped(&w, d->remote_tag);
    put_escaped(&w, ";from-tag=");
    put_escaped(&w, d->local_tag);
    put(&w, ">");
    buf[w.len] = '\0';
    return w.full ? EOVERFLOW : 0;
}

/* "SIP/2.0 200 OK" */
static uint16_t sipfrag_code(const struct pl *body)
{
    static const char version[] = "SIP/2.0 ";
    const size_t n = sizeof(version) - 1;
    struct pl rest;
    uint32_t code = 0;

    if (body->l < n + 3 || strncasecmp(body->p, version, n) != 0)
        return 0;
    rest = (struct pl){body->p + n, 3};
    return raw_u32(&rest, &code) && code >= 100 && code <= 699 ? (uint16_t)code : 0;
}

void call_refer_notified(struct ua_call *call, struct server_tx *st, const struct raw_message *raw)
{
    const uint16_t scode = sipfrag_code(&raw->body);
    const bool ended = raw->subscription_state.l >= 10 &&
                       strncasecmp(raw->subscription_state.p, "terminated", 10) == 0;

    (void)uas_reply(st, raw, &(struct uas_reply){.scode = 200, .to_tag = call->dlg.local_tag});
    if (scode || ended)
        call_tell(call, &(struct ua_call_news){
                            .ev = UA_CALL_EV_TRANSFER, .scode = scode ? scode : 487, .text = ""});
}

/* ---- as the one who is asked */

static void send_notify(struct ua_call *call, uint16_t scode, const char *reason)
{
    char lines[LINES_MAX], body[160];
    const bool final = scode >= 200;
    struct call_request like = {.method = "NOTIFY",
                                .after = lines,
                                .body_type = "message/sipfrag;version=2.0",
                                .body = body};

    if (final)
        snprintf(lines, sizeof(lines),
                 "Event: %s\r\nSubscription-State: terminated;reason=noresource\r\n",
                 call->refer_event);
    else
        snprintf(lines, sizeof(lines), "Event: %s\r\nSubscription-State: active;expires=%d\r\n",
                 call->refer_event, NOTIFY_LIFE_S);
    like.body_len = (size_t)snprintf(body, sizeof(body), "SIP/2.0 %u %.100s\r\n", scode, reason);
    (void)call_send(call, &like);
}

void ua_call_referred_progress(struct ua_call *call, uint16_t scode, const char *reason)
{
    if (!call->refer_event || !call->line)
        return;
    if (scode > 100 && scode < 200 && !call->cfg.notify_1xx)
        return;
    send_notify(call, scode, reason && *reason ? reason : reason_phrase(scode));
    if (scode >= 200) {
        free(call->refer_event);
        call->refer_event = NULL;
        call_settle(call);
    }
}

static bool get_text(const struct raw_message *raw, const char *name, char brief, char *buf,
                     size_t size)
{
    struct pl value;

    buf[0] = '\0';
    if (!raw_header(raw, name, brief, 0, &value) || value.l >= size)
        return false;
    (void)pl_strcpy(&value, buf, size);
    for (char *p = buf; *p; p++) {
        if (*p == '\r' || *p == '\n')
            *p = ' ';
    }
    return value.l > 0;
}

/* The second and later REFERs of a dialog are told apart by id (RFC 3515 2.4.6). */
static int remember_event(struct ua_call *call)
{
    free(call->refer_event);
    call->refer_event = NULL;
    const int n = call->notify_seq++
                      ? asprintf(&call->refer_event, "refer;id=%u", call->dlg.remote_cseq)
                      : asprintf(&call->refer_event, "refer");
    if (n < 0)
        call->refer_event = NULL;
    return call->refer_event ? 0 : ENOMEM;
}

/* True: 202 has been sent, and the first NOTIFY. */
static bool accept_refer(struct ua_call *call, struct server_tx *st, const struct raw_message *raw,
                         char *to, size_t size)
{
    struct pl value, uri, second;
    uint16_t scode = 202;

    if (!get_text(raw, "Refer-To", 'r', to, size) ||
        raw_header(raw, "Refer-To", 'r', 1, &second)) /* exactly one (RFC 3515 2.4.2) */
        scode = 400;
    pl_set_str(&value, to);
    if (scode == 202 && address_uri(&value, &uri))
        scode = 400;
    else if (scode == 202 && strncasecmp(uri.p, "sip:", 4) && strncasecmp(uri.p, "sips:", 5))
        scode = 416;
    if (scode == 202 && remember_event(call))
        scode = 500;
    (void)uas_reply(
        st, raw,
        &(struct uas_reply){.scode = scode, .to_tag = call->dlg.local_tag, .dialog = scode == 202});
    if (scode != 202)
        return false;
    send_notify(call, 100, "Trying");
    return true;
}

void call_refer_asked(struct ua_call *call, struct server_tx *st, const struct raw_message *raw)
{
    char to[LINES_MAX], by[LINES_MAX];

    if (!accept_refer(call, st, raw, to, sizeof(to)))
        return;
    const bool has_by = get_text(raw, "Referred-By", 'b', by, sizeof(by));
    if (!call->h) {
        ua_call_referred_progress(call, 603, NULL);
        return;
    }
    call_tell(call, &(struct ua_call_news){
                        .ev = UA_CALL_EV_REFERRED, .text = to, .text2 = has_by ? by : NULL});
}

/* Click to dial: outside a dialog REFER makes one, for its NOTIFYs alone (5.5 [DEF]). */
void call_referred(struct ua_line *l, struct server_tx *st, const struct raw_message *raw)
{
    struct ua_call *call = NULL;
    char to[LINES_MAX], by[LINES_MAX];

    int err = call_alloc(&call, l, false);
    if (!err)
        err = dialog_accept(&call->dlg, &l->cfg, l->rng, raw);
    if (err) {
        (void)uas_reply(st, raw, &(struct uas_reply){.scode = err == EBADMSG ? 400 : 500});
    } else if (accept_refer(call, st, raw, to, sizeof(to))) {
        const bool has_by = get_text(raw, "Referred-By", 'b', by, sizeof(by));
        call->state = UA_CALL_OVER; /* there is no session */
        if (l->h && l->h->referred)
            l->h->referred(call, to, has_by ? by : NULL, l->arg);
        else
            ua_call_referred_progress(call, 603, NULL);
    }
    if (call) {
        call->state = UA_CALL_OVER;
        call_settle(call);
    }
    mem_deref(call);
}
