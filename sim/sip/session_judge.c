/* SPDX-License-Identifier: BSD-3-Clause */
/* What an offer and its answer come to (sip-behaviour.md 5.2, 5.5; RFC 3264 6 and 7). */
#include "sim/sip/session.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

static const struct session_codec *own_codec(const struct session_config *c, enum codec_id id)
{
    for (size_t i = 0; id && i < c->n_codecs; i++)
        if (c->codecs[i].id == id)
            return &c->codecs[i];
    return NULL;
}

/* The first format of the line that we have too. */
static const struct session_format *first_common(const struct session_config *c,
                                                 const struct session_media *m)
{
    for (unsigned i = 0; i < m->n_formats; i++)
        if (own_codec(c, m->formats[i].id))
            return &m->formats[i];
    return NULL;
}

static bool is_own_dtmf_name(const struct session_config *c, const struct session_format *f)
{
    const char *name = c->dtmf_name && c->dtmf_name[0] ? c->dtmf_name : "telephone-event";

    return f->dtmf || (f->payload >= 96 && f->rate == 8000 && !pl_strcasecmp(&f->name, name));
}

static uint8_t common_dtmf(const struct session_config *c, const struct session_media *m)
{
    for (unsigned i = 0; c->dtmf_payload && i < m->n_formats; i++)
        if (is_own_dtmf_name(c, &m->formats[i]))
            return m->formats[i].payload;
    return 0;
}

static enum session_dir reversed(enum session_dir dir)
{
    return (enum session_dir)(((dir & SESSION_SENDONLY) ? SESSION_RECVONLY : 0) |
                              ((dir & SESSION_RECVONLY) ? SESSION_SENDONLY : 0));
}

static struct sockaddr_in endpoint(struct in_addr addr, uint16_t port)
{
    return (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = addr, .sin_port = htons(port)};
}

/* Directions and addresses, the same for both sides. */
static void settle(struct session_result *res, const struct session_config *c,
                   const struct session_media *m)
{
    const bool nowhere = m->addr.s_addr == 0; /* RFC 2543 hold; 5.2 */
    enum session_dir theirs = m->dir;

    if (nowhere)
        theirs &= SESSION_SENDONLY; /* they cannot receive: we answer recvonly at most [DEF] */
    res->held = !(theirs & SESSION_RECVONLY);
    res->dir = reversed(theirs) & c->dir;
    /* a phone that holds has no music to play: it goes quiet, though it may send */
    res->send = (res->dir & SESSION_SENDONLY) && (c->dir & SESSION_RECVONLY);
    res->receive = res->dir & SESSION_RECVONLY;
    res->rtp = endpoint(m->addr, m->port);
    res->rtcp = m->rtcp;
    /* the peer's wish decides, else RTP_Packet_Size (RFC 3264 6.1) [DEF] */
    res->ptime_ms = m->ptime_ms ? m->ptime_ms : c->ptime_ms ? c->ptime_ms : 20;
}

static bool take_crypto(struct session_result *res, const struct session_config *c,
                        const struct session_media *m)
{
    if (!m->secure)
        return true;
    if (!c->srtp_key || !m->n_crypto)
        return false;
    res->suite = m->crypto[0].suite;
    res->crypto_tag = m->crypto[0].tag;
    memcpy(res->rx_key, m->crypto[0].key, SESSION_KEY_BYTES);
    memcpy(res->tx_key, c->srtp_key, SESSION_KEY_BYTES);
    return true;
}

static bool usable(const struct session_media *m)
{
    return m->audio && m->rtp && m->port && m->has_addr;
}

static bool judge_line(struct session_result *res, const struct session_config *c,
                       const struct session_media *m)
{
    const struct session_format *f;

    memset(res, 0, sizeof(*res));
    if (!usable(m) || !(f = first_common(c, m)) || !take_crypto(res, c, m))
        return false;
    res->codec = f->id;
    res->payload = f->payload;
    res->dtmf_payload = common_dtmf(c, m);
    settle(res, c, m);
    return true;
}

int session_judge_offer(struct session_result *res, const struct session_config *c,
                        const struct session_remote *offer)
{
    for (unsigned i = 0; i < offer->n_media; i++)
        if (judge_line(res, c, &offer->media[i])) {
            res->index = i;
            return 0;
        }
    return EPROTO;
}

int session_judge_answer(struct session_result *res, const struct session_config *c,
                         const struct session_remote *answer)
{
    /* we offer one line: only the first can answer it */
    if (!answer->n_media || answer->media[0].secure != (c->srtp_key != NULL))
        return EPROTO;
    if (!judge_line(res, c, &answer->media[0]))
        return EPROTO;
    /* tags 1 and 2 are what the offer names */
    if (res->suite && res->crypto_tag != (res->suite == SESSION_SUITE_32 ? 1u : 2u))
        return EPROTO;
    return 0;
}
