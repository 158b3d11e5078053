/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Messages within calls: a line with a ringing call (R), one that is up (C) and an outgoing one (O)
 * gets what the input says, in virtual time. The network is a stand-in that looks at what is sent.
 *
 * The input is text. A line end becomes CRLF. "~" and two letters stand for what the input cannot
 * know: a call (R, C, O) and i Call-ID, l our tag, r the peer's tag, b branch, q CSeq of its
 * INVITE.
 * "~." ends a message, and takes a letter for the time that passes behind it; "~!" and two letters
 * make the user do something to a call.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <re.h>

#include "sim/loop/loop.h"
#include "sim/sip/call_priv.h"
#include "tests/fuzz/no_network.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CALLS = 8, MESSAGES = 24, TEXT = 16384 };

static struct {
    struct ua_call *calls[CALLS]; /* R, C, O, and what the input makes */
    unsigned n_calls;
    bool quick; /* what comes is answered at once */
} bench;

/* Whatever a peer wrote, what we send has a head of lines with a name each. */
int transport_send_udp(struct ua_line *l, const struct sockaddr_in *to, const char *data,
                       size_t len)
{
    const bool response = len > 8 && memcmp(data, "SIP/2.0 ", 8) == 0;
    const char *end = memmem(data, len, "\r\n\r\n", 4), *p = memmem(data, len, "\r\n", 2);

    (void)l;
    (void)to;
    if (!end || (!response && memmem(data, (size_t)(p - data), " SIP/2.0", 8) != p - 8))
        abort();
    while (p < end) {
        const char *next = memmem(p + 2, (size_t)(end + 2 - p - 2), "\r\n", 2);
        size_t n = 2;
        /* an answer repeats Via, From and To as they came, folding and all */
        while (p + n < next && (isalnum((unsigned char)p[n]) || p[n] == '-'))
            n++;
        if (!response && (n == 2 || p[n] != ':' || memchr(p + 2, '\n', (size_t)(next - p - 2))))
            abort();
        p = next;
    }
    return 0;
}

/* ---- what a phone does with its calls */

static const struct ua_call_config *call_config(void)
{
    static struct ua_call_config c = {
        .session = {.ptime_ms = 30, .dtmf_payload = 101, .hold_2543 = true},
        .codecs = {{CODEC_PCMU, 0, NULL}, {CODEC_PCMA, 8, NULL}},
        .n_codecs = 2,
        .dtmf_info = true,
        .sdp_in_update = true,
        .rel100 = true,
        .notify_1xx = true,
        .invite_expires_s = 240,
        .reinvite_expires_s = 30,
        .session_timer_s = 120,
        .ring_limit_s = 180,
        .ring_limit_scode = 480,
        .dtmf_type = "application/dtmf-relay",
        .caller_id = "PAID-RPID-FROM",
    };
    return &c;
}

static void news_handler(struct ua_call *call, const struct ua_call_news *news, void *arg)
{
    struct ua_call_info info;

    (void)arg;
    ua_call_info(call, &info);
    if (news->ev == UA_CALL_EV_REFERRED)
        ua_call_referred_progress(call, 180, NULL);
    else if (news->ev == UA_CALL_EV_PACKAGE)
        (void)ua_call_hold(call, news->text[0] == 'h');
}

static void called_handler(struct ua_call *call, const struct ua_call_offer *o, void *arg)
{
    (void)arg;
    if (bench.n_calls == CALLS) {
        ua_call_refuse(call, 302, "Contact: <sip:1@h>\r\n");
        return;
    }
    if (ua_call_take(call, call_config(), news_handler, NULL))
        return;
    bench.calls[bench.n_calls++] = call;
    if (bench.quick || o->auto_answer[0] || o->replaces)
        (void)ua_call_answer(call);
    else
        ua_call_ring(call);
}

static void referred_handler(struct ua_call *call, const char *refer_to, const char *referred_by,
                             void *arg)
{
    (void)refer_to;
    (void)referred_by;
    (void)arg;
    ua_call_referred_progress(call, 200, NULL);
}

static void judge_handler(const struct ua_notify *n, struct ua_answer *a, void *arg)
{
    (void)arg;
    a->auth = false;
    a->scode = pl_strcmp(n->event, "talk") == 0 || pl_strcmp(n->event, "hold") == 0 ? 481 : 489;
}

static void act(char who, char what)
{
    const size_t i = strcspn("RCOABDEF", (char[]){who, '\0'});
    struct ua_call *call = i < bench.n_calls ? bench.calls[i] : NULL;
    char uri[512];

    if (!call)
        return;
    switch (what) {
    case 'a':
        (void)ua_call_answer(call);
        break;
    case 'h':
        (void)ua_call_hold(call, true);
        break;
    case 'r':
        (void)ua_call_hold(call, false);
        break;
    case 'x':
        ua_call_hang_up(call);
        break;
    case 'd':
        (void)ua_call_digit(call, '5', 100);
        break;
    case 't':
        if (ua_call_replaces_uri(call, uri, sizeof(uri)) == 0)
            (void)ua_call_refer(bench.calls[1], uri, "<sip:1001@h>");
        break;
    case 'p':
        ua_call_referred_progress(call, 200, NULL);
        break;
    case 'q':
        bench.quick = !bench.quick;
        break;
    }
}

/* ---- the input */

static void receive(const char *text, size_t len)
{
    struct mbuf *mb = mbuf_alloc(len + 1);
    struct origin origin = {.from = {.sin_family = AF_INET, .sin_port = htons(5060)}};

    origin.from.sin_addr.s_addr = inet_addr("192.0.2.1");
    if (!mb || !rig.line)
        abort();
    mbuf_write_mem(mb, (const uint8_t *)text, len);
    mb->pos = 0;
    line_receive(rig.line, mb, &origin);
    mem_deref(mb);
}

static void put_known(struct writer *w, char who, char what)
{
    const size_t i = strcspn("RCO", (char[]){who, '\0'});
    const struct ua_call *call = i < 3 ? bench.calls[i] : NULL;
    const struct client_tx *tx = call && call->invite ? call->invite->tx : NULL;

    if (!call)
        return;
    if (what == 'i' && call->dlg.call_id)
        put(w, call->dlg.call_id);
    else if (what == 'l')
        put(w, call->dlg.local_tag);
    else if (what == 'r')
        put(w, call->dlg.remote_tag ? call->dlg.remote_tag : "peer");
    else if (what == 'b' && tx) {
        put(w, "z9hG4bK-");
        put_hex(w, tx->branch);
    } else if (what == 'q')
        put_u32(w, call->outgoing ? tx ? tx->cseq : 101 : call->asked_cseq);
}

/* a 1 ms, b 10 ms … to the power; no letter: nothing passes */
static void pass(char letter)
{
    static const unsigned ms[] = {1, 10, 500, 2000, 5000, 16000, 31000, 180000, 600000};

    if (letter >= 'a' && letter < 'a' + (int)(sizeof(ms) / sizeof(ms[0])))
        loop_advance(rig.lp, ms[letter - 'a']);
}

static void play(const char *p, const char *end)
{
    static char text[TEXT];
    struct writer w = {.buf = text, .size = sizeof(text)};
    unsigned n = 0;

    for (; p < end && n < MESSAGES && rig.line; p++) {
        if (*p == '\n') {
            put(&w, "\r\n");
        } else if (*p != '~' || p + 2 >= end) {
            put_bytes(&w, p, 1);
        } else if (p[1] == '.') {
            receive(text, w.len);
            w = (struct writer){.buf = text, .size = sizeof(text)};
            pass(p[2]);
            p += 2;
            n++;
            if (p + 1 < end && p[1] == '\n')
                p++;
        } else if (p[1] == '!' && p + 3 < end) {
            act(p[2], p[3]);
            p += 3;
            n++;
        } else {
            put_known(&w, p[1], p[2]);
            p += 2;
        }
    }
    if (w.len && rig.line)
        receive(text, w.len);
}

static const char up[] =
    "INVITE sip:1001@192.0.2.10 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKr\n"
    "From: <sip:7@h>;tag=r\nTo: <sip:1001@h>\nCall-ID: ringing\nCSeq: 1 INVITE\n"
    "Contact: <sip:7@192.0.2.1>\nSupported: 100rel, timer\nContent-Type: application/sdp\n\n"
    "v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\nm=audio 4000 RTP/AVP 0\n~.a"
    "INVITE sip:1001@192.0.2.10 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKc\n"
    "From: <sip:8@h>;tag=c\nTo: <sip:1001@h>\nCall-ID: connected\nCSeq: 1 INVITE\n"
    "Contact: <sip:8@192.0.2.1>\nContent-Type: application/sdp\n\n"
    "v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\nm=audio 4000 RTP/AVP 0\n~.a"
    "~!Ca"
    "ACK sip:1001@192.0.2.10 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa\n"
    "From: <sip:8@h>;tag=c\nTo: <sip:1001@h>;tag=~Cl\nCall-ID: connected\nCSeq: 1 ACK\n\n~.a";

static void open_bench(void)
{
    open_rig();
    rig.cfg.reg_enable = false;
    rig.cfg.ans_without_reg = rig.cfg.any_user = true;
    rig.cfg.supported = "100rel, replaces, timer";
    rig.cfg.backup_rsc = "503";
    rig.cfg.packages = "talk, hold";
}

static void open_calls(void)
{
    static const struct ua_line_handlers handlers = {
        .called = called_handler, .referred = referred_handler, .judge_notify = judge_handler};
    static const struct ua_call_order order = {.uri = "sip:1002@192.0.2.1"};
    struct ua_line *l = NULL;

    rng_init(&rig.rng, 1, 1);
    bench.n_calls = 0;
    bench.quick = false;
    if (ua_line_alloc(&l, rig.stack, &rig.rng, &rig.cfg, &handlers, NULL))
        abort();
    play(up, up + sizeof(up) - 1);
    if (bench.n_calls != 2 || bench.calls[1]->state != UA_CALL_UP || bench.calls[1]->asked ||
        bench.calls[0]->state != UA_CALL_RINGING ||
        ua_call_dial(&bench.calls[2], l, call_config(), &order, news_handler, NULL))
        abort();
    bench.n_calls = 3;
    loop_advance(rig.lp, 2);
    loop_advance(rig.lp, 2);
    if (!bench.calls[2]->invite)
        abort();
}

static void close_calls(size_t size)
{
    struct ua_line *l = rig.line;

    loop_advance(rig.lp, 70000);
    if (size % 3 == 0)
        ua_line_close(l);
    for (unsigned i = 0; i < bench.n_calls; i++) {
        ua_call_referred_progress(bench.calls[i], 487, NULL); /* who was promised news gets it */
        bench.calls[i] = ua_call_release(bench.calls[i]);
    }
    loop_advance(rig.lp, 50000); /* everything that was under way has ended */
    if (l->calls)
        abort();
    ua_line_close(l);
    mem_deref(l);
    loop_advance(rig.lp, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!rig.lp)
        open_bench();
    open_calls();
    play((const char *)data, (const char *)data + size);
    close_calls(size);
    return 0;
}
