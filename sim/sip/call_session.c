/* SPDX-License-Identifier: BSD-3-Clause */
/* Offer and answer of a call, and its stream (sip-behaviour.md 5.2, 5.5, 9.2). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/sip/call_priv.h"
#include "sim/sip/media_source.h"

enum {
    SESSION_ID_MIN = 100000000, /* nine digits (9.2 [T]) */
    SESSION_ID_SPAN = 900000000,
};

struct pl call_body(const struct sip_msg *msg)
{
    const size_t left = mbuf_get_left(msg->mb);
    const size_t len = pl_isset(&msg->clen) ? pl_u32(&msg->clen) : left;

    return (struct pl){(char *)mbuf_buf(msg->mb), len < left ? len : left};
}

bool is_sdp(const struct pl *content_type)
{
    return raw_type_is(content_type, "application/sdp");
}

/* The configuration's texts are the parameters': a call outlives a change of those. */
int call_configure(struct ua_call *call, const struct ua_call_config *c)
{
    struct session_config *s = &call->cfg.session;
    const char *names[CODEC_COUNT + 1] = {c->session.dtmf_name};
    size_t size = 1, at = 0;

    call->cfg = *c;
    call->cfg.source = mem_ref(c->source);
    s->codecs = call->cfg.codecs;
    s->n_codecs = c->n_codecs;
    for (unsigned i = 0; i < c->n_codecs; i++)
        names[i + 1] = c->codecs[i].name;
    for (unsigned i = 0; i <= c->n_codecs; i++)
        size += names[i] ? strlen(names[i]) + 1 : 0;
    call->texts = malloc(size);
    if (!call->texts)
        return ENOMEM;
    for (unsigned i = 0; i <= c->n_codecs; i++) {
        if (!names[i])
            continue;
        names[i] = strcpy(call->texts + at, names[i]);
        at += strlen(names[i]) + 1;
    }
    s->dtmf_name = names[0];
    for (unsigned i = 0; i < c->n_codecs; i++)
        call->cfg.codecs[i].name = names[i + 1];
    return 0;
}

static void digit_handler(char digit, void *arg)
{
    struct ua_call *call = arg;

    call_tell(call, &(struct ua_call_news){.ev = UA_CALL_EV_DIGIT, .digit = digit});
}

static void beside_handler(const char *data, size_t len, void *arg)
{
    call_nat_receive(arg, data, len);
}

/* Without media a port is named that nobody opens. */
static uint16_t port_without_media(const struct ua_call *call)
{
    const struct media_config *m = &call->cfg.media;
    const unsigned min = m->port_min ? m->port_min : MEDIA_PORT_MIN;
    const unsigned max = m->port_max ? m->port_max : MEDIA_PORT_MAX;
    const unsigned n = max > min + 1 ? (max - min) / 2 : 1;

    return (uint16_t)(((min + 1) & ~1U) + 2 * (rng_u32(call->line->rng) % n));
}

int call_media_open(struct ua_call *call)
{
    static const struct media_handlers handlers = {.digit = digit_handler,
                                                   .beside = beside_handler};
    struct ua_line *l = call->line;
    struct session_config *s = &call->cfg.session;

    s->id = SESSION_ID_MIN + rng_u32(l->rng) % SESSION_ID_SPAN;
    s->version = s->id;
    s->srtp_key = NULL;
    if (call->cfg.srtp) {
        session_make_key(call->srtp_key, l->rng);
        s->srtp_key = call->srtp_key;
    }
    if (!call->cfg.media_on) {
        call->port = port_without_media(call);
    } else {
        call->cfg.media.addr = l->cfg.addr;
        call->cfg.media.rng = l->rng;
        call->cfg.media.cname = NULL;
        const int err = media_alloc(&call->media, l->stack->lp, &call->cfg.media, &handlers, call);
        if (err)
            return err;
        media_set_source(call->media, call->cfg.source);
        call->port = media_port(call->media);
    }
    call_nat_open(call);
    return 0;
}

void call_media_close(struct ua_call *call)
{
    call_nat_close(call);
    if (call->media)
        media_close(call->media); /* drops the reference */
    call->media = NULL;
}

static int keep_sdp(struct ua_call *call, const char *text, size_t len)
{
    char *copy = len ? malloc(len + 1) : NULL;

    if (!copy)
        return ENOMEM;
    memcpy(copy, text, len);
    copy[len] = '\0';
    free(call->sdp);
    call->sdp = copy;
    return 0;
}

static bool changed(const struct ua_call *call, const char *text, size_t len)
{
    return call->sdp && (strlen(call->sdp) != len || memcmp(call->sdp, text, len) != 0);
}

size_t call_offer(struct ua_call *call, enum session_dir dir)
{
    struct session_config *s = &call->cfg.session;
    char text[SESSION_TEXT_MAX];

    s->dir = dir;
    size_t len = session_print_offer(text, sizeof(text), s);
    if (changed(call, text, len)) {
        s->version++;
        len = session_print_offer(text, sizeof(text), s);
    }
    return keep_sdp(call, text, len) ? 0 : len;
}

static void take_result(struct ua_call *call, const struct session_result *res)
{
    call->session = *res;
    call->has_session = true;
    call->held = res->held;
    if (call->media)
        (void)media_apply(call->media, res);
}

int call_can_answer(const struct ua_call *call, const struct pl *offer)
{
    struct session_remote remote;
    struct session_result res;
    const int err = session_parse(&remote, offer->p, offer->l);

    return err ? err : session_judge_offer(&res, &call->cfg.session, &remote);
}

/* An offer whose o= has not changed gets the answer it had: the text decides (4.4). */
int call_answer(struct ua_call *call, const struct pl *offer)
{
    struct session_config *s = &call->cfg.session;
    struct session_remote remote;
    struct session_result res;
    char text[SESSION_TEXT_MAX];

    int err = session_parse(&remote, offer->p, offer->l);
    s->dir = call->holding ? SESSION_SENDONLY : SESSION_SENDRECV;
    if (!err)
        err = session_judge_offer(&res, s, &remote);
    if (err)
        return err;
    size_t len = session_print_answer(text, sizeof(text), s, &remote, &res);
    if (changed(call, text, len)) {
        s->version++;
        len = session_print_answer(text, sizeof(text), s, &remote, &res);
    }
    err = keep_sdp(call, text, len);
    if (!err)
        take_result(call, &res);
    return err;
}

int call_take_answer(struct ua_call *call, const struct pl *answer)
{
    struct session_remote remote;
    struct session_result res;
    int err = session_parse(&remote, answer->p, answer->l);

    if (!err)
        err = session_judge_answer(&res, &call->cfg.session, &remote);
    if (!err)
        take_result(call, &res);
    return err;
}

void ua_call_set_source(struct ua_call *call, struct media_source *source)
{
    mem_ref(source);
    mem_deref(call->cfg.source);
    call->cfg.source = source;
    if (call->media)
        media_set_source(call->media, source);
}

void ua_call_bridge(struct ua_call *a, struct ua_call *b)
{
    if (a->media && (!b || b->media))
        media_bridge(a->media, b ? b->media : NULL);
}

size_t ua_call_listen(const struct ua_call *call, uint32_t *at, int16_t *pcm, size_t n)
{
    return call->media ? media_listen(call->media, at, pcm, n) : 0;
}

/* Packets and octets sent and received, packets lost, jitter and latency in ms, duration in s,
 * encoder and decoder: the form that SPA phones are known for [UC]. */
const char *call_rtp_stat(const struct ua_call *call, char *buf, size_t size)
{
    struct media_stats st = {.tx_packets = 0};

    buf[0] = '\0';
    if (!call->cfg.stats_in_bye || !call->up_ms)
        return buf;
    (void)ua_call_media(call, &st);
    const char *codec = call->has_session ? codec_info(call->session.codec)->param : NULL;
    const uint64_t up_ms = clock_ms(call->line->stack->lp) - call->up_ms;
    snprintf(buf, size,
             "P-RTP-Stat: PS=%u,OS=%u,PR=%u,OR=%u,PL=%lld,JI=%u,LA=%u,DU=%llu,EN=%s,DE=%s\r\n",
             st.tx_packets, st.tx_bytes, st.rx_packets, st.rx_bytes,
             (long long)(st.rx_lost > 0 ? st.rx_lost : 0), st.rx_jitter_us / 1000,
             st.round_trip_us / 2000, (unsigned long long)(up_ms / 1000), codec ? codec : "",
             codec ? codec : "");
    return buf;
}

bool ua_call_media(const struct ua_call *call, struct media_stats *st)
{
    if (call->media)
        media_stats(call->media, st);
    return call->media != NULL;
}
