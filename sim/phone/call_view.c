/* SPDX-License-Identifier: BSD-3-Clause */
#include <arpa/inet.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/sip/call.h"

static void view_media(const struct media_stats *m, struct phone_call_view *v)
{
    v->has_media = true;
    v->sending = m->sending;
    v->receiving = m->receiving;
    v->remote_reports = m->remote_known;
    v->local_port = m->local_port;
    v->remote_port = ntohs(m->remote.sin_port);
    inet_ntop(AF_INET, &m->remote.sin_addr, v->remote, sizeof(v->remote));
    v->tx_packets = m->tx_packets;
    v->rx_packets = m->rx_packets;
    v->tx_bytes = m->tx_bytes;
    v->rx_bytes = m->rx_bytes;
    v->rx_bad = m->rx_garbage + m->rx_unauthentic;
    v->rx_lost = m->rx_lost;
    v->rtcp_tx = m->rtcp_tx;
    v->rtcp_rx = m->rtcp_rx;
    v->jitter_ms = m->rx_jitter_us / 1000.0;
    v->round_trip_ms = m->round_trip_us / 1000.0;
    v->level_dbm0 = m->rx_level_dbm0;
    v->frequency_hz = m->rx_frequency_hz;
}

void phone_call_view(const struct phone_call *pc, struct phone_call_view *v)
{
    const bool ended = pc->state == PHONE_CALL_ENDED;
    const uint64_t end = ended ? pc->ended_ms : clock_ms(pc->ph->env->lp);
    struct media_stats media;
    struct ua_call_info info;

    memset(v, 0, sizeof(*v));
    v->seconds = (uint32_t)((end - pc->since_ms) / 1000);
    if (!pc->ua)
        return;
    ua_call_info(pc->ua, &info);
    v->held = info.held;
    v->secure = info.secure;
    if (info.codec != CODEC_NONE)
        v->codec = codec_info(info.codec)->name;
    if (ua_call_media(pc->ua, &media))
        view_media(&media, v);
}

void phone_call_count(struct phone_traffic *rtp, const struct phone_call_view *v)
{
    rtp->n_sent += v->tx_packets;
    rtp->n_received += v->rx_packets;
    rtp->bytes_sent += v->tx_bytes;
    rtp->bytes_received += v->rx_bytes;
}
