/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/support/callrig.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <re.h>

#include "sim/loop/clock.h"
#include "sim/loop/loop.h"

enum { TEXT = 8192, SETTLE_MS = 4 };

static void peer_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                         const struct sockaddr_in *from, void *arg)
{
    struct callrig *c = arg;

    (void)from;
    if (c->deaf)
        return;
    if (c->n_got == CALLRIG_LOG)
        abort();
    c->where[c->n_got] = p;
    c->at_ms[c->n_got] = clock_ms(c->rig.lp);
    c->got[c->n_got++] = strndup((const char *)data, len);
}

static void news_handler(struct ua_call *call, const struct ua_call_news *news, void *arg)
{
    struct callrig *c = arg;
    struct callrig_news *n = &c->news[c->n_news++];

    (void)call;
    if (c->n_news == CALLRIG_LOG)
        abort();
    *n = (struct callrig_news){.ev = news->ev,
                               .scode = news->scode,
                               .early = news->early,
                               .remote = news->remote,
                               .digit = news->digit};
    snprintf(n->text, sizeof(n->text), "%s", news->text ? news->text : "");
    snprintf(n->text2, sizeof(n->text2), "%s", news->text2 ? news->text2 : "");
}

static void called_handler(struct ua_call *call, const struct ua_call_offer *o, void *arg)
{
    struct callrig *c = arg;

    c->offer = *o;
    c->offer.auto_answer = *o->auto_answer ? "yes" : "";
    c->n_offers++;
    if (c->refuse)
        ua_call_refuse(call, c->refuse, NULL);
    if (c->leave || c->refuse || ua_call_take(call, &c->cfg, news_handler, c))
        return;
    ua_call_release(c->call);
    c->call = call;
    if (c->answer_at_once)
        (void)ua_call_answer(call);
}

static void referred_handler(struct ua_call *call, const char *refer_to, const char *referred_by,
                             void *arg)
{
    struct callrig *c = arg;

    (void)refer_to;
    (void)referred_by;
    c->n_referred++;
    mem_deref(c->last_referred);
    c->last_referred = mem_ref(call);
}

static void judge_handler(const struct ua_notify *n, struct ua_answer *a, void *arg)
{
    (void)arg; /* the packages are on, and known in dialogs only */
    a->scode = pl_strcmp(n->event, "talk") == 0 || pl_strcmp(n->event, "hold") == 0 ? 481 : 489;
    a->auth = false;
}

int callrig_open(struct callrig *c)
{
    static const struct session_codec codecs[] = {{CODEC_PCMU, 0, NULL}, {CODEC_PCMA, 8, NULL}};

    memset(c, 0, sizeof(*c));
    const int err = rig_open(&c->rig, peer_handler, c);
    if (err)
        return err;
    c->rig.cfg.reg_enable = false;
    c->rig.cfg.ans_without_reg = true;
    c->rig.cfg.packages = "talk, hold";
    c->rig.cfg.backup_rsc = "";
    c->cfg = (struct ua_call_config){
        .session = {.ptime_ms = 30, .dtmf_payload = 101, .hold_2543 = true},
        .n_codecs = 2,
        .sdp_in_update = true,
        .notify_1xx = true,
        .invite_expires_s = 240,
        .reinvite_expires_s = 30,
        .ring_limit_s = 180,
        .ring_limit_scode = 480,
        .dtmf_type = "application/dtmf-relay",
        .flash_type = "application/hook-flash",
        .caller_id = "PAID-RPID-FROM",
    };
    memcpy(c->cfg.codecs, codecs, sizeof(codecs));
    c->handlers = (struct ua_line_handlers){
        .called = called_handler, .referred = referred_handler, .judge_notify = judge_handler};
    snprintf(c->contact, sizeof(c->contact), "<sip:1002@%s>", c->rig.proxy);
    return 0;
}

int callrig_line(struct callrig *c)
{
    return ua_line_alloc(&c->rig.line, c->rig.stack, &c->rig.rng, &c->rig.cfg, &c->handlers, c);
}

void callrig_close(struct callrig *c)
{
    c->call = ua_call_release(c->call);
    c->last_referred = mem_deref(c->last_referred);
    if (c->second)
        udp_peer_close(c->second);
    rig_close(&c->rig);
    for (unsigned i = 0; i < c->n_got; i++)
        free(c->got[i]);
}

uint16_t callrig_second(struct callrig *c)
{
    if (!c->second)
        c->second = udp_peer_open(c->rig.lp, peer_handler, c);
    return udp_peer_port(c->second);
}

int callrig_dial(struct callrig *c, const struct ua_call_order *o)
{
    char uri[80];
    struct ua_call_order order = {.uri = NULL};

    if (o)
        order = *o;
    snprintf(uri, sizeof(uri), "sip:1002@%.48s", c->rig.proxy);
    if (!order.uri)
        order.uri = uri;
    c->call = ua_call_release(c->call);
    return ua_call_dial(&c->call, c->rig.line, &c->cfg, &order, news_handler, c);
}

const char *callrig_next(struct callrig *c, const char *start)
{
    for (unsigned i = 0; i < SETTLE_MS && c->n_read == c->n_got; i++)
        rig_run(&c->rig, 1, 1);
    if (c->n_read == c->n_got || strncmp(c->got[c->n_read], start, strlen(start)) != 0) {
        fprintf(stderr, "no %s, but %.200s\n", start,
                c->n_read < c->n_got ? c->got[c->n_read] : "silence");
        return NULL;
    }
    return c->got[c->n_read++];
}

const char *callrig_await(struct callrig *c, const char *start, uint64_t ms)
{
    for (; ms && c->n_read == c->n_got; ms--)
        rig_run(&c->rig, 1, 1);
    return callrig_next(c, start);
}

bool callrig_quiet(struct callrig *c, uint64_t ms)
{
    rig_run(&c->rig, ms, ms > 2000 ? 50 : 1);
    if (c->n_read != c->n_got)
        fprintf(stderr, "no silence: %.200s\n", c->got[c->n_read]);
    return c->n_read == c->n_got;
}

uint64_t callrig_when(const struct callrig *c)
{
    return c->n_read ? c->at_ms[c->n_read - 1] : 0;
}

const char *callrig_header(const char *message, const char *name)
{
    static char ring[4][1024];
    static unsigned at;

    at = (at + 1) % 4;
    return rig_header(message, name, ring[at], sizeof(ring[at]));
}

static const char *value_of(const char *message, const char *name)
{
    const char *line = callrig_header(message, name);
    const char *colon = strchr(line, ':');

    return colon ? colon + 1 + strspn(colon + 1, " ") : "";
}

const char *callrig_sdp(const char *extra)
{
    static char text[600];

    snprintf(text, sizeof(text),
             "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
             "m=audio 4000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n%s",
             extra);
    return text;
}

static void send_from(struct callrig *c, struct udp_peer *p, const char *text)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(c->rig.cfg.port)};

    to.sin_addr = c->rig.cfg.addr;
    udp_peer_send(p, &to, text, strlen(text));
    rig_run(&c->rig, SETTLE_MS, 1);
}

void callrig_send(struct callrig *c, const char *text)
{
    send_from(c, c->rig.peer, text);
}

static int print_body(char *buf, size_t size, const char *extra, const char *body)
{
    const bool sdp = body && !(extra && strstr(extra, "Content-Type"));

    return snprintf(buf, size, "%s%sContent-Length: %zu\r\n\r\n%s", extra ? extra : "",
                    sdp ? SDP_TYPE : "", body ? strlen(body) : 0, body ? body : "");
}

static struct udp_peer *who_got(const struct callrig *c, const char *message)
{
    for (unsigned i = 0; i < c->n_got; i++) {
        if (c->got[i] == message)
            return c->where[i];
    }
    return c->rig.peer;
}

void callrig_reply(struct callrig *c, const char *request, const char *status, const char *tag,
                   const char *extra, const char *body)
{
    char text[TEXT], lines[2048];
    const bool tagged = strstr(value_of(request, "To"), ";tag=") != NULL;
    int n = snprintf(text, sizeof(text), "SIP/2.0 %s\r\n%s\r\n%s\r\n", status,
                     callrig_header(request, "Via"), callrig_header(request, "From"));

    n += snprintf(text + n, sizeof(text) - (size_t)n, "%s%s%s\r\n", callrig_header(request, "To"),
                  tag && !tagged ? ";tag=" : "", tag && !tagged ? tag : "");
    n += snprintf(text + n, sizeof(text) - (size_t)n, "%s\r\n%s\r\n",
                  callrig_header(request, "Call-ID"), callrig_header(request, "CSeq"));
    snprintf(lines, sizeof(lines), "%s", extra ? extra : "");
    if (tag && !strstr(lines, "Contact:"))
        n += snprintf(text + n, sizeof(text) - (size_t)n, "Contact: %s\r\n", c->contact);
    print_body(text + n, sizeof(text) - (size_t)n, lines, body);
    send_from(c, who_got(c, request), text);
}

/* "<sip:…>" of a Contact line */
static void take_uri(struct callrig *c, const char *message)
{
    const char *contact = callrig_header(message, "Contact"), *open = strchr(contact, '<');

    if (open)
        snprintf(c->uri, sizeof(c->uri), "%.*s", (int)strcspn(open + 1, ">"), open + 1);
}

void callrig_join(struct callrig *c, const char *invite)
{
    snprintf(c->call_id, sizeof(c->call_id), "%s", value_of(invite, "Call-ID"));
    snprintf(c->remote, sizeof(c->remote), "%s", value_of(invite, "From"));
    snprintf(c->local, sizeof(c->local), "%.240s;tag=" CALLRIG_TAG, value_of(invite, "To"));
    take_uri(c, invite);
    c->cseq = 0;
}

void callrig_learn(struct callrig *c, const char *response)
{
    snprintf(c->remote, sizeof(c->remote), "%s", value_of(response, "To"));
    take_uri(c, response);
}

static void send_request(struct callrig *c, const char *method, unsigned cseq, const char *extra,
                         const char *body)
{
    char text[TEXT], lines[2048];
    const bool own = extra && strstr(extra, "Contact:");

    snprintf(lines, sizeof(lines), "%s", extra ? extra : "");
    const int n = snprintf(
        text, sizeof(text),
        "%s %s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bKr%u\r\nFrom: %s\r\nTo: %s\r\n"
        "Call-ID: %s\r\nCSeq: %u %s\r\nMax-Forwards: 70\r\n%s%s%s%s",
        method, c->uri, c->rig.proxy, c->branch, c->local, c->remote, c->call_id, cseq, method,
        c->routes, own ? "" : "Contact: ", own ? "" : c->contact, own ? "" : "\r\n");
    print_body(text + n, sizeof(text) - (size_t)n, lines, body);
    callrig_send(c, text);
}

void callrig_request_cseq(struct callrig *c, const char *method, unsigned cseq, const char *extra,
                          const char *body)
{
    if (strcmp(method, "CANCEL") != 0)
        c->branch++;
    send_request(c, method, cseq, extra, body);
}

void callrig_ack_in_transaction(struct callrig *c)
{
    send_request(c, "ACK", c->cseq, NULL, NULL);
}

void callrig_request(struct callrig *c, const char *method, const char *extra, const char *body)
{
    const bool same = strcmp(method, "ACK") == 0 || strcmp(method, "CANCEL") == 0;

    callrig_request_cseq(c, method, same ? c->cseq : ++c->cseq, extra, body);
}

void callrig_invite(struct callrig *c, const char *extra, const char *body)
{
    snprintf(c->uri, sizeof(c->uri), "sip:%s@127.0.0.1:%u", c->rig.cfg.user, c->rig.cfg.port);
    snprintf(c->local, sizeof(c->local), "\"Ann\" <sip:1002@%s>;tag=" CALLRIG_TAG, c->rig.proxy);
    snprintf(c->remote, sizeof(c->remote), "<sip:%s@%s>", c->rig.cfg.user, c->rig.proxy);
    snprintf(c->call_id, sizeof(c->call_id), "in-%u@127.0.0.1", ++c->branch);
    c->cseq = 0;
    callrig_request(c, "INVITE", extra, body);
}

const struct callrig_news *callrig_heard(struct callrig *c, enum ua_call_ev ev)
{
    if (c->n_heard == c->n_news || c->news[c->n_heard].ev != ev) {
        fprintf(stderr, "no news %d, but %d\n", ev,
                c->n_heard < c->n_news ? (int)c->news[c->n_heard].ev : -1);
        return NULL;
    }
    return &c->news[c->n_heard++];
}

bool callrig_call_out(struct callrig *c)
{
    const char *invite = callrig_dial(c, NULL) ? NULL : callrig_next(c, "INVITE ");

    if (!invite)
        return false;
    callrig_join(c, invite);
    callrig_reply(c, invite, "180 Ringing", CALLRIG_TAG, NULL, NULL);
    callrig_reply(c, invite, "200 OK", CALLRIG_TAG, NULL, callrig_sdp(""));
    return callrig_next(c, "ACK ") && callrig_heard(c, UA_CALL_EV_PROGRESS) &&
           callrig_heard(c, UA_CALL_EV_UP);
}

bool callrig_call_in(struct callrig *c)
{
    callrig_invite(c, NULL, callrig_sdp(""));
    if (!callrig_next(c, "SIP/2.0 100") || ua_call_answer(c->call))
        return false;
    const char *ok = callrig_next(c, "SIP/2.0 200");
    if (!ok || !callrig_heard(c, UA_CALL_EV_UP))
        return false;
    callrig_learn(c, ok);
    callrig_request(c, "ACK", NULL, NULL);
    return callrig_quiet(c, 1);
}
