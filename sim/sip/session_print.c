/* SPDX-License-Identifier: BSD-3-Clause */
/* Session descriptions as the phones write them (sip-behaviour.md 5.2). */
#include "sim/sip/session.h"

#include "devices/model.h"
#include "sim/base/rng.h"
#include "sim/sip/message.h"

/* One m-line of ours: what stands in it. */
struct shape {
    const struct session_codec *codecs;
    size_t n;
    uint8_t dtmf;
    enum session_dir dir;
    struct in_addr addr;
    bool secure;
};

enum session_style session_style(const struct device_model *m)
{
    return m->family == FAMILY_CP79XX ? SESSION_79XX : SESSION_SPA;
}

void session_make_key(uint8_t key[SESSION_KEY_BYTES], struct rng *rng)
{
    for (unsigned i = 0; i < SESSION_KEY_BYTES; i++)
        key[i] = (uint8_t)rng_u32(rng);
}

static const char *dir_name(enum session_dir dir)
{
    static const char *const names[] = {"inactive", "sendonly", "recvonly", "sendrecv"};

    return names[dir & SESSION_SENDRECV];
}

static void put_connection(struct writer *w, struct in_addr addr)
{
    put(w, "c=IN IP4 ");
    put_addr(w, addr.s_addr, 0);
    put(w, "\r\n");
}

static void put_head(struct writer *w, const struct session_config *c, struct in_addr addr)
{
    /* 79xx: public captures of the line have this o= and s=, and c= below the m-line [UC] */
    put(w, c->style == SESSION_79XX ? "v=0\r\no=Cisco-SIPUA " : "v=0\r\no=- ");
    put_u32(w, c->id);
    put(w, " ");
    put_u32(w, c->version);
    put(w, " IN IP4 ");
    put_addr(w, c->addr.s_addr, 0);
    put(w, c->style == SESSION_79XX ? "\r\ns=SIP Call\r\n" : "\r\ns=-\r\n");
    if (c->style == SESSION_SPA)
        put_connection(w, addr);
    put(w, "t=0 0\r\n");
}

static void put_annexb(struct writer *w, const struct session_config *c, uint8_t payload)
{
    enum session_annexb annexb = c->annexb;

    if (c->style == SESSION_79XX && annexb == SESSION_ANNEXB_NONE)
        annexb = SESSION_ANNEXB_NO; /* [UC] */
    if (annexb == SESSION_ANNEXB_NONE)
        return;
    put(w, "a=fmtp:");
    put_u32(w, payload);
    put(w, annexb == SESSION_ANNEXB_YES ? " annexb=yes\r\n" : " annexb=no\r\n");
}

static void put_codec(struct writer *w, const struct session_config *c,
                      const struct session_codec *codec)
{
    const struct codec_info *info = codec_info(codec->id);
    const char *name = codec->name ? codec->name : info->name;

    if (c->style == SESSION_79XX && codec->id == CODEC_G729A && !codec->name)
        name = "G729"; /* [UC] */
    put(w, "a=rtpmap:");
    put_u32(w, codec->payload);
    put(w, " ");
    put(w, name);
    put(w, "/");
    put_u32(w, info->rate);
    if (info->channels) {
        put(w, "/");
        put_u32(w, info->channels);
    }
    put(w, "\r\n");
    if (codec->id == CODEC_G729A)
        put_annexb(w, c, codec->payload);
}

static void put_dtmf(struct writer *w, const struct session_config *c, uint8_t payload)
{
    put(w, "a=rtpmap:");
    put_u32(w, payload);
    put(w, " ");
    put(w, c->dtmf_name && c->dtmf_name[0] ? c->dtmf_name : "telephone-event");
    put(w, "/8000\r\na=fmtp:");
    put_u32(w, payload);
    put(w, " 0-15\r\n");
}

static void put_crypto(struct writer *w, uint32_t tag, enum session_suite suite, const uint8_t *key)
{
    char text[48];
    size_t len = sizeof(text);

    if (base64_encode(key, SESSION_KEY_BYTES, text, &len)) {
        w->full = true;
        return;
    }
    put(w, "a=crypto:");
    put_u32(w, tag);
    put(w, suite == SESSION_SUITE_32 ? " AES_CM_128_HMAC_SHA1_32 inline:"
                                     : " AES_CM_128_HMAC_SHA1_80 inline:");
    put_bytes(w, text, len);
    put(w, "\r\n");
}

static void put_audio(struct writer *w, const struct session_config *c, const struct shape *s)
{
    put(w, "m=audio ");
    put_u32(w, c->port);
    put(w, s->secure ? " RTP/SAVP" : " RTP/AVP");
    for (size_t i = 0; i < s->n; i++) {
        put(w, " ");
        put_u32(w, s->codecs[i].payload);
    }
    if (s->dtmf) {
        put(w, " ");
        put_u32(w, s->dtmf);
    }
    put(w, "\r\n");
    if (c->style == SESSION_79XX)
        put_connection(w, s->addr);
    for (size_t i = 0; i < s->n; i++)
        put_codec(w, c, &s->codecs[i]);
    if (s->dtmf)
        put_dtmf(w, c, s->dtmf);
    if (c->silence_supp)
        put(w, "a=silenceSupp:on - - - -\r\n"); /* [UC] */
    if (c->ptime_ms && c->style == SESSION_SPA) {
        put(w, "a=ptime:");
        put_u32(w, c->ptime_ms);
        put(w, "\r\n");
    }
    put(w, "a=");
    put(w, dir_name(s->dir));
    put(w, "\r\n");
}

static size_t finished(const struct writer *w)
{
    return w->full ? 0 : w->len;
}

size_t session_print_offer(char *buf, size_t size, const struct session_config *c)
{
    struct writer w = {.buf = buf, .size = size};
    struct shape s = {c->codecs, c->n_codecs, c->dtmf_payload, c->dir, c->addr, c->srtp_key};

    if (c->hold_2543 && !(c->dir & SESSION_RECVONLY))
        s.addr.s_addr = 0; /* 5.5; a=sendonly stands as well */
    put_head(&w, c, s.addr);
    put_audio(&w, c, &s);
    if (c->srtp_key) { /* two suites, one key [T] */
        put_crypto(&w, 1, SESSION_SUITE_32, c->srtp_key);
        put_crypto(&w, 2, SESSION_SUITE_80, c->srtp_key);
    }
    return finished(&w);
}

/* Our codecs that the offer has too, in its order and with its numbers. */
static size_t common_codecs(struct session_codec *out, const struct session_config *c,
                            const struct session_media *m, const struct session_result *res)
{
    uint32_t done = 0;
    size_t n = 0;

    for (unsigned i = 0; i < m->n_formats; i++) {
        const struct session_format *f = &m->formats[i];

        if (!f->id || (done & (1u << f->id)) || (!c->list_all && f->id != res->codec))
            continue;
        for (size_t k = 0; k < c->n_codecs; k++)
            if (c->codecs[k].id == f->id) {
                out[n] = c->codecs[k];
                out[n++].payload = f->payload;
                done |= 1u << f->id;
                break;
            }
    }
    return n;
}

static void put_refused(struct writer *w, const struct session_media *m)
{
    put(w, "m=");
    put_pl(w, &m->kind);
    put(w, " 0 ");
    put_pl(w, &m->proto);
    put(w, " ");
    put_pl(w, &m->formats_text);
    put(w, "\r\n");
}

size_t session_print_answer(char *buf, size_t size, const struct session_config *c,
                            const struct session_remote *offer, const struct session_result *res)
{
    struct writer w = {.buf = buf, .size = size};
    struct session_codec codecs[CODEC_COUNT];
    struct shape s = {codecs, 0, res->dtmf_payload, res->dir, c->addr, res->suite};

    s.n = common_codecs(codecs, c, &offer->media[res->index], res);
    put_head(&w, c, c->addr);
    for (unsigned i = 0; i < offer->n_media; i++) {
        if (i != res->index) {
            put_refused(&w, &offer->media[i]);
            continue;
        }
        put_audio(&w, c, &s);
        if (res->suite)
            put_crypto(&w, res->crypto_tag, res->suite, res->tx_key);
    }
    return finished(&w);
}
