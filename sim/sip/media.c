/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/media.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <re.h>

#include "sim/base/rng.h"
#include "sim/loop/clock.h"
#include "sim/loop/timer.h"
#include "sim/sip/binding.h"
#include "sim/sip/dtmf.h"
#include "sim/sip/media_codec.h"
#include "sim/sip/media_group.h"
#include "sim/sip/media_source.h"
#include "sim/sip/voice.h"

enum {
    RATE = 8000, /* RTP clock of every codec that is really sent, and of events */
    SAMPLES_PER_MS = 8,
    LATE_MS = 200,     /* a tick later than this starts the pace anew instead of catching up */
    QUIET_MS = 300,    /* without packets for so long, the level is that of silence */
    PACKET_MAX = 1500, /* longer datagrams are cut, and then are no RTP */
    COMFORT_NOISE = 13,
    TRAILER = 16, /* room for SRTP's tag and SRTCP's index */
    TX_SIZE = VOICE_HEADER_BYTES + MEDIA_PACKET_SAMPLES + TRAILER,
};

struct media {
    struct loop *lp;
    struct media_config cfg;
    struct media_handlers h;
    void *arg;
    char cname[64];
    struct udp_sock *rtp, *rtcp;
    struct media_group *group; /* in place of rtp; NULL = none */
    uint16_t port;
    struct timer tick;
    uint64_t next_ms; /* when the next packet is due, and m->ts is of */
    uint64_t report_ms;
    bool active, pacing, secure, heard;
    struct session_result s;
    struct sa to, to_rtcp;
    struct srtp *srtp_tx, *srtp_rx;
    struct media_codec codec;
    struct media_source *source;
    struct media_cursor cursor;
    struct media *bridge;      /* partner in a conference; NULL = none */
    struct media_meter *meter; /* made by the first packet that is decoded */
    struct dtmf_sender digits_tx;
    struct dtmf_receiver digits_rx;
    struct voice_reception rx;
    struct mbuf *tx;
    uint32_t ssrc, ts;
    uint16_t seq;
    bool marker;      /* the next voice packet begins a talkspurt */
    uint64_t rx_us;   /* last packet */
    uint32_t last_sr; /* middle of the peer's NTP time */
    uint64_t last_sr_us;
    struct media_stats st; /* counters; media_stats() adds the rest */
};

static void arm(struct media *m);

static void media_destructor(void *data)
{
    struct media *m = data;

    timer_cancel(&m->tick);
    mem_deref(m->rtp);
    mem_deref(m->rtcp);
    mem_deref(m->group);
    mem_deref(m->srtp_tx);
    mem_deref(m->srtp_rx);
    mem_deref(m->source);
    mem_deref(m->meter);
    mem_deref(m->tx);
    media_codec_close(&m->codec);
}

/* Sound leaves: the session allows it and the codec is one we have. */
static bool is_talking(const struct media *m)
{
    return m->active && m->s.send && m->codec.id != CODEC_NONE;
}

static bool is_pacing(const struct media *m)
{
    return is_talking(m) || (m->active && m->s.send && dtmf_sender_busy(&m->digits_tx));
}

/* Send m->tx, protected where that was agreed. */
static int transmit(struct media *m, struct udp_sock *us, const struct sa *to, bool control)
{
    int err = 0;

    m->tx->pos = 0;
    if (m->srtp_tx)
        err = control ? srtcp_encrypt(m->srtp_tx, m->tx) : srtp_encrypt(m->srtp_tx, m->tx);
    m->tx->pos = 0;
    if (!err)
        err = udp_send(us, to, m->tx);
    if (err)
        m->st.tx_errors++;
    return err;
}

static void send_packet(struct media *m, struct voice_packet *p)
{
    p->seq = m->seq++;
    p->ssrc = m->ssrc;
    voice_print(m->tx->buf, p);
    m->tx->end = VOICE_HEADER_BYTES + p->len;
    if (transmit(m, m->rtp, &m->to, false))
        return;
    m->st.tx_packets++;
    m->st.tx_bytes += (uint32_t)p->len;
}

static void send_event(struct media *m, const struct dtmf_packet *d)
{
    struct voice_packet p = {.ts = d->ts,
                             .payload = m->s.dtmf_payload,
                             .marker = d->first || m->cfg.mark_all_avt,
                             .len = DTMF_EVENT_BYTES};

    memcpy(m->tx->buf + VOICE_HEADER_BYTES, d->payload, DTMF_EVENT_BYTES);
    m->st.tx_digits += d->first;
    send_packet(m, &p);
    m->marker = true;
}

/* Add what the partner of a conference has heard since. */
static void mix(struct media_meter *heard, int16_t *pcm, size_t samples)
{
    int16_t other[MEDIA_PACKET_SAMPLES];

    media_meter_echo(heard, other, samples);
    for (size_t i = 0; i < samples; i++) {
        const int sum = pcm[i] + other[i];
        pcm[i] = (int16_t)(sum > INT16_MAX ? INT16_MAX : sum < INT16_MIN ? INT16_MIN : sum);
    }
}

static void send_voice(struct media *m, size_t samples)
{
    struct voice_packet p = {
        .ts = m->ts, .payload = m->s.payload, .marker = m->marker, .len = samples};
    int16_t pcm[MEDIA_PACKET_SAMPLES] = {0};

    if (m->source && media_source_is_echo(m->source)) {
        if (m->meter)
            media_meter_echo(m->meter, pcm, samples);
    } else if (m->source) {
        media_source_read(m->source, &m->cursor, pcm, samples);
    }
    if (m->bridge && m->bridge->meter)
        mix(m->bridge->meter, pcm, samples);
    media_codec_encode(&m->codec, m->tx->buf + VOICE_HEADER_BYTES, pcm, samples);
    send_packet(m, &p);
    m->marker = false;
}

static void send_next(struct media *m)
{
    const size_t samples = (size_t)m->s.ptime_ms * SAMPLES_PER_MS;
    struct dtmf_packet d;

    if (dtmf_sender_step(&m->digits_tx, m->ts, m->s.ptime_ms, m->cfg.dtmf_volume, &d))
        send_event(m, &d);
    else if (is_talking(m))
        send_voice(m, samples);
    m->ts += (uint32_t)samples;
}

/* Seconds in 32.32; RTCP wants differences only, so the loop's own clock serves (RFC 3550 4). */
static uint64_t ntp_of(uint64_t us)
{
    return (us / 1000000) << 32 | ((us % 1000000) << 32) / 1000000;
}

static void send_report(struct media *m, bool bye)
{
    const uint64_t now_us = clock_us(m->lp);
    struct voice_report rep = {.ssrc = m->ssrc, .sender = m->st.tx_packets};

    if (!m->s.rtcp.sin_addr.s_addr || !m->s.rtcp.sin_port)
        return; /* hold of RFC 2543 */
    rep.ntp = ntp_of(now_us);
    rep.ts = m->ts;
    rep.packets = m->st.tx_packets;
    rep.octets = m->st.tx_bytes;
    if (m->rx.started) {
        voice_fill_block(&rep, &m->rx);
        rep.last_sr = m->last_sr;
        if (m->last_sr)
            rep.delay = (uint32_t)(ntp_of(now_us - m->last_sr_us) >> 16);
    }
    m->tx->end = voice_report_print(m->tx->buf, TX_SIZE, &rep, m->cname, bye);
    if (m->tx->end && !transmit(m, m->rtcp, &m->to_rtcp, true))
        m->st.rtcp_tx++;
}

static void tick_handler(void *arg)
{
    struct media *m = arg;
    const uint64_t now = clock_ms(m->lp);

    if (m->pacing && now >= m->next_ms) {
        send_next(m);
        m->next_ms += m->s.ptime_ms;
        if (now > m->next_ms + LATE_MS) {
            m->ts += (uint32_t)(now - m->next_ms) * SAMPLES_PER_MS;
            m->next_ms = now;
        }
    }
    if (m->rtcp && now >= m->report_ms) {
        send_report(m, false);
        m->report_ms = now + m->cfg.rtcp_interval_ms;
    }
    arm(m);
}

/* RTP time went on while nothing was sent; a short pause does not shorten a packet time. */
static void start_pace(struct media *m, uint64_t now)
{
    if (now > m->next_ms) {
        m->ts += (uint32_t)(now - m->next_ms) * SAMPLES_PER_MS;
        m->next_ms = now;
    }
    m->marker = m->pacing = true;
}

/* Start, keep or stop the pace, and set the timer for whatever comes first. */
static void arm(struct media *m)
{
    const uint64_t now = clock_ms(m->lp);
    uint64_t at = UINT64_MAX;

    if (is_pacing(m)) {
        if (!m->pacing)
            start_pace(m, now);
        at = m->next_ms;
    } else {
        m->pacing = false;
    }
    if (m->active && m->rtcp && m->report_ms < at)
        at = m->report_ms;
    if (at == UINT64_MAX)
        timer_cancel(&m->tick);
    else
        timer_start(m->lp, &m->tick, at > now ? at - now : 0, tick_handler, m);
}

static void take_voice(struct media *m, const struct voice_packet *p)
{
    int16_t pcm[MEDIA_PACKET_SAMPLES];

    if (!m->s.receive || m->codec.id == CODEC_NONE)
        return;
    if (!m->meter && !(m->meter = mem_zalloc(sizeof(*m->meter), NULL)))
        return;
    media_meter_add(m->meter, pcm, media_codec_decode(&m->codec, pcm, p->data, p->len));
}

static void take_event(struct media *m, const struct voice_packet *p)
{
    char digit;

    if (dtmf_receive(&m->digits_rx, p->ts, p->data, p->len, &digit)) {
        m->st.rx_garbage++;
        return;
    }
    if (!digit || m->cfg.ignore_avt)
        return;
    m->st.rx_digits++;
    if (m->h.digit)
        m->h.digit(digit, m->arg);
}

static void count(struct media *m, const struct voice_packet *p, const struct sa *src)
{
    m->rx_us = clock_us(m->lp);
    m->st.rx_bytes += (uint32_t)p->len;
    if (m->cfg.symmetric)
        m->to = *src;
    if (m->heard)
        return;
    m->heard = true;
    if (m->h.receiving)
        m->h.receiving(m->arg);
}

static void take_packet(struct media *m, const struct voice_packet *p, const struct sa *src)
{
    const bool event = m->s.dtmf_payload && p->payload == m->s.dtmf_payload;
    const uint32_t n_begun = m->rx.n_begun;
    enum voice_verdict verdict;

    if (!event && p->payload != m->s.payload && p->payload != COMFORT_NOISE) {
        m->st.rx_garbage++;
        return;
    }
    verdict = voice_received(&m->rx, p);
    if (verdict != VOICE_NEXT && verdict != VOICE_LATE)
        return;
    if (m->rx.n_begun != n_begun) /* another source has another RTP time */
        memset(&m->digits_rx, 0, sizeof(m->digits_rx));
    if (!event)
        voice_timed(&m->rx, p->ts, clock_us(m->lp), RATE);
    count(m, p, src);
    if (!m->active)
        return; /* stopped by the handler */
    if (event)
        take_event(m, p);
    else if (p->payload == m->s.payload && verdict == VOICE_NEXT)
        take_voice(m, p);
}

static bool unprotect(struct media *m, struct mbuf *mb, bool control)
{
    if (!m->secure)
        return true;
    if (!(control ? srtcp_decrypt(m->srtp_rx, mb) : srtp_decrypt(m->srtp_rx, mb)))
        return true;
    m->st.rx_unauthentic++;
    return false;
}

static void rtp_handler(const struct sa *src, struct mbuf *mb, void *arg)
{
    struct media *m = arg;
    struct voice_packet p;
    const size_t start = mb->pos;

    if (m->h.beside && binding_is((const char *)mb->buf + start, mb->end - start)) {
        m->h.beside((const char *)mb->buf + start, mb->end - start, m->arg);
        return;
    }
    if (!m->active)
        return;
    if (mb->end - start >= VOICE_HEADER_BYTES && !unprotect(m, mb, false))
        return;
    mb->pos = start;
    if (voice_parse(&p, mb->buf + mb->pos, mb->end - mb->pos)) {
        m->st.rx_garbage++;
        return;
    }
    mem_ref(m);
    take_packet(m, &p, src);
    mem_deref(m);
}

static void rtcp_handler_of_media(const struct sa *src, struct mbuf *mb, void *arg)
{
    struct media *m = arg;
    const size_t start = mb->pos;
    const uint64_t now_us = clock_us(m->lp);
    struct voice_report rep;
    uint32_t now;

    (void)src;
    if (!m->active || mb->end - mb->pos < 8 || !unprotect(m, mb, true))
        return;
    mb->pos = start;
    if (voice_report_parse(&rep, mb->buf + mb->pos, mb->end - mb->pos, m->ssrc))
        return;
    m->st.rtcp_rx++;
    if (rep.sender) {
        m->last_sr = (uint32_t)(rep.ntp >> 16);
        m->last_sr_us = now_us;
    }
    if (!rep.has_block)
        return;
    m->st.remote_known = true;
    m->st.remote_fraction = rep.fraction;
    m->st.remote_lost = rep.lost;
    m->st.remote_jitter_us = (uint32_t)((uint64_t)rep.jitter * 1000000 / RATE);
    now = (uint32_t)(ntp_of(now_us) >> 16);
    if (rep.last_sr && (int32_t)(now - rep.last_sr - rep.delay) >= 0)
        m->st.round_trip_us = (uint32_t)((uint64_t)(now - rep.last_sr - rep.delay) * 1000000 >> 16);
}

static int open_socket(struct udp_sock **usp, const struct media *m, uint16_t port, udp_recv_h *h)
{
    const int tos = m->cfg.tos;
    struct sa sa;
    int err;

    sa_set_in(&sa, ntohl(m->cfg.addr.s_addr), port);
    err = udp_listen(usp, &sa, h, (void *)m);
    if (err)
        return err;
    udp_rxsz_set(*usp, PACKET_MAX);
    if (tos)
        (void)udp_setsockopt(*usp, IPPROTO_IP, IP_TOS, &tos, sizeof(tos));
    return 0;
}

static int open_pair(struct media *m, uint16_t port)
{
    int err = open_socket(&m->rtp, m, port, rtp_handler);

    if (!err && m->cfg.rtcp_interval_ms)
        err = open_socket(&m->rtcp, m, (uint16_t)(port + 1), rtcp_handler_of_media);
    if (err)
        m->rtp = mem_deref(m->rtp);
    else
        m->port = port;
    return err;
}

static int join_group(struct media *m)
{
    const struct sockaddr_in group = {
        .sin_family = AF_INET, .sin_addr = m->cfg.group, .sin_port = htons(m->cfg.port_min)};

    m->port = m->cfg.port_min;
    return media_group_join(&m->group, m->cfg.addr, &group, rtp_handler, m);
}

static int open_ports(struct media *m)
{
    const uint32_t min = m->cfg.port_min ? m->cfg.port_min : MEDIA_PORT_MIN;
    const uint32_t max = m->cfg.port_max ? m->cfg.port_max : MEDIA_PORT_MAX;
    const uint32_t first = (min + 1) & ~1u;
    uint32_t n, start;
    int err = EADDRINUSE;

    if (first + 1 > max)
        return EINVAL;
    n = (max - 1 - first) / 2 + 1;
    start = rng_upto(m->cfg.rng, n - 1);
    for (uint32_t i = 0; i < n && err == EADDRINUSE; i++)
        err = open_pair(m, (uint16_t)(first + 2 * ((start + i) % n)));
    return err;
}

int media_alloc(struct media **mp, struct loop *lp, const struct media_config *cfg,
                const struct media_handlers *h, void *arg)
{
    struct media *m = mem_zalloc(sizeof(*m), media_destructor);
    char addr[INET_ADDRSTRLEN];
    int err = ENOMEM;

    if (!m || !(m->tx = mbuf_alloc(TX_SIZE)))
        goto out;
    m->lp = lp;
    m->cfg = *cfg;
    if (h)
        m->h = *h;
    m->arg = arg;
    snprintf(m->cname, sizeof(m->cname), "%s%s", cfg->cname ? cfg->cname : "user@",
             cfg->cname ? "" : inet_ntop(AF_INET, &cfg->addr, addr, sizeof(addr)));
    m->cfg.cname = NULL;
    m->ssrc = rng_u32(cfg->rng);
    m->ts = rng_u32(cfg->rng);
    m->seq = (uint16_t)(rng_u32(cfg->rng) & 0x7fff); /* SRTP: no wrap soon (RFC 3711 3.3.1) */
    m->next_ms = clock_ms(lp);
    err = cfg->group.s_addr ? join_group(m) : open_ports(m);
out:
    if (err)
        mem_deref(m);
    else
        *mp = m;
    return err;
}

uint16_t media_port(const struct media *m)
{
    return m->port;
}

void media_set_source(struct media *m, struct media_source *s)
{
    mem_ref(s);
    mem_deref(m->source);
    m->source = s;
    memset(&m->cursor, 0, sizeof(m->cursor));
    if (m->meter) /* an echo begins with what comes now */
        m->meter->echoed = m->meter->n;
}

static int set_key(struct srtp **sp, enum session_suite suite, const uint8_t *key)
{
    struct srtp *s = NULL;
    const int err = srtp_alloc(
        &s, suite == SESSION_SUITE_32 ? SRTP_AES_CM_128_HMAC_SHA1_32 : SRTP_AES_CM_128_HMAC_SHA1_80,
        key, SESSION_KEY_BYTES, 0);

    if (err)
        return err;
    mem_deref(*sp);
    *sp = s;
    return 0;
}

static int set_keys(struct media *m, const struct session_result *s)
{
    const bool same = m->s.suite == s->suite;
    int err = 0;

    if (s->suite == SESSION_SUITE_NONE) {
        m->srtp_tx = mem_deref(m->srtp_tx);
        m->srtp_rx = mem_deref(m->srtp_rx);
        return 0;
    }
    if (!m->srtp_tx || !same || memcmp(m->s.tx_key, s->tx_key, SESSION_KEY_BYTES))
        err = set_key(&m->srtp_tx, s->suite, s->tx_key);
    if (!err && (!m->srtp_rx || !same || memcmp(m->s.rx_key, s->rx_key, SESSION_KEY_BYTES)))
        err = set_key(&m->srtp_rx, s->suite, s->rx_key);
    return err;
}

int media_apply(struct media *m, const struct session_result *s)
{
    int err;

    if (s->rtp.sin_family != AF_INET || s->ptime_ms < 10 || s->ptime_ms > 160)
        return EINVAL;
    err = set_keys(m, s);
    if (err)
        return err;
    err = media_codec_set(&m->codec, s->codec);
    if (err && err != ENOSYS) /* ENOSYS: signalled only; no packets leave [DEF] */
        return err;
    m->secure = s->suite != SESSION_SUITE_NONE;
    m->s = *s;
    if (s->rtp.sin_addr.s_addr == 0 || s->rtp.sin_port == 0)
        m->s.send = false; /* nowhere to send to: hold of RFC 2543 */
    sa_set_in(&m->to, ntohl(s->rtp.sin_addr.s_addr), ntohs(s->rtp.sin_port));
    sa_set_in(&m->to_rtcp, ntohl(s->rtcp.sin_addr.s_addr), ntohs(s->rtcp.sin_port));
    if (!m->active)
        m->report_ms = clock_ms(m->lp) + m->cfg.rtcp_interval_ms;
    if (m->group)
        m->s.send = false;
    m->active = true;
    arm(m);
    return 0;
}

void media_stop(struct media *m)
{
    m->active = false;
    memset(&m->digits_tx, 0, sizeof(m->digits_tx));
    arm(m);
}

int media_send_digit(struct media *m, char digit, unsigned ms)
{
    int err;

    if (m->active && !m->s.dtmf_payload)
        return ENOTSUP;
    if (!m->active || !m->s.send)
        return ENOTCONN;
    err = dtmf_send(&m->digits_tx, digit, ms);
    if (!err)
        arm(m);
    return err;
}

int media_send_beside(struct media *m, const struct sockaddr_in *to, const char *data, size_t len)
{
    struct mbuf mb = {.buf = (uint8_t *)data, .size = len, .end = len};
    struct sa sa;

    sa_set_in(&sa, ntohl(to->sin_addr.s_addr), ntohs(to->sin_port));
    return udp_send(m->rtp, &sa, &mb);
}

void media_stats(const struct media *m, struct media_stats *st)
{
    const uint64_t age_us = clock_us(m->lp) - m->rx_us;

    *st = m->st;
    st->active = m->active;
    st->sending = is_talking(m);
    st->receiving = m->active && m->s.receive;
    st->secure = m->secure;
    st->codec = m->active ? m->s.codec : CODEC_NONE;
    st->audible = codec_info(st->codec)->audible;
    st->local_port = m->port;
    st->ptime_ms = m->s.ptime_ms;
    st->remote = m->s.rtp;
    st->source = m->source ? media_source_text(m->source) : "silence";
    st->rx_packets = m->rx.n_received;
    st->rx_lost = voice_lost(&m->rx);
    st->rx_late = m->rx.n_late;
    st->rx_duplicate = m->rx.n_duplicate;
    st->rx_foreign = m->rx.n_foreign;
    st->rx_jitter_us = (uint32_t)((uint64_t)(m->rx.jitter_16 >> 4) * 1000000 / RATE);
    st->rx_age_ms = !m->rx.started ? UINT32_MAX : (uint32_t)(age_us / 1000);
    st->rx_level_dbm0 = METER_SILENCE;
    st->rx_frequency_hz = 0;
    if (m->meter && st->rx_age_ms < QUIET_MS)
        media_meter_read(m->meter, &st->rx_level_dbm0, &st->rx_frequency_hz);
}

void media_bridge(struct media *m, struct media *other)
{
    if (m->bridge)
        m->bridge->bridge = NULL;
    m->bridge = other;
    if (!other)
        return;
    if (other->bridge)
        other->bridge->bridge = NULL;
    other->bridge = m;
}

size_t media_listen(const struct media *m, uint32_t *at, int16_t *pcm, size_t n)
{
    return m->meter ? media_meter_take(m->meter, at, pcm, n) : 0;
}

void media_close(struct media *m)
{
    media_bridge(m, NULL);
    if (m->active && m->rtcp && m->st.rtcp_tx)
        send_report(m, true);
    memset(&m->h, 0, sizeof(m->h));
    media_stop(m);
    m->rtp = mem_deref(m->rtp);
    m->rtcp = mem_deref(m->rtcp);
    m->group = mem_deref(m->group);
    mem_deref(m);
}
