/* SPDX-License-Identifier: BSD-3-Clause */
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <re.h>

#include "sim/loop/clock.h"
#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/phone/streams.h"
#include "sim/sip/media.h"
#include "sim/sip/media_source.h"
#include "sim/xml/xuri.h"

enum {
    PORT_MIN = 20480, /* xml-services.md 5: even ones up to 32768 */
    PORT_MAX = 32769,
    PTIME_MS = 20,
    PLAY_MS = 2010, /* the longest raw file: 16080 samples */
    TONES = 12,
};

struct stream {
    bool on;
    struct media *media; /* NULL: only noted */
};

struct phone_streams { /* made by the first URI */
    struct stream tx, rx;
    struct timer play_timer;
    const char *name; /* of the tone's parameter; NULL = none plays */
    uint64_t since_ms;
};

static void stop(struct stream *s)
{
    if (s->media)
        media_close(s->media);
    *s = (struct stream){.on = false};
}

static void destructor(void *arg)
{
    struct phone_streams *p = arg;

    timer_cancel(&p->play_timer);
    stop(&p->tx);
    stop(&p->rx);
}

static struct phone_streams *get(struct phone *ph)
{
    if (!ph->streams)
        ph->streams = mem_zalloc(sizeof(*ph->streams), destructor);
    return ph->streams;
}

/* ---- RTP */

static int begin(struct phone *ph, struct stream *s, const struct xuri *u)
{
    const uint16_t own = u->receive ? u->port : 0; /* 0: the phone chooses */
    const struct media_config cfg = {
        .addr = ph->addr,
        .port_min = own ? own : PORT_MIN,
        .port_max = own ? (uint16_t)(own + 1) : PORT_MAX,
        .rng = &ph->rng,
        .tos = (uint8_t)strtoul(param_get(ph->params, P_RTP_TOS_DiffServ_Value, 1), NULL, 0),
    };
    struct session_result session = {.codec = CODEC_PCMU,
                                     .ptime_ms = PTIME_MS,
                                     .send = !u->receive,
                                     .receive = u->receive,
                                     .rtp = {.sin_family = AF_INET, .sin_port = htons(u->port)}};
    struct media_source *source = NULL;

    s->on = true;
    if (!ph->env->media_on)
        return 0;
    (void)inet_pton(AF_INET, u->addr, &session.rtp.sin_addr);
    int err = media_alloc(&s->media, ph->env->lp, &cfg, NULL, NULL);
    if (!err && !u->receive)
        err = phone_media_source(ph, &source);
    if (!err) {
        media_set_source(s->media, source);
        err = media_apply(s->media, &session);
    }
    mem_deref(source);
    if (err)
        stop(s);
    return err;
}

int phone_stream(struct phone *ph, const struct xuri *u)
{
    struct phone_streams *p = get(ph);

    if (!p)
        return ENOMEM;
    struct stream *s = u->receive ? &p->rx : &p->tx;
    if (u->stop) {
        stop(s);
        return 0;
    }
    if (u->receive && u->multicast)
        return ENOSYS;
    if (s->on)
        return EALREADY;
    return !u->receive && phone_calls_live(ph) ? EBUSY : begin(ph, s, u);
}

bool phone_stream_get(const struct phone *ph, bool receive, struct phone_stream *out)
{
    const struct stream *s = !ph->streams ? NULL : receive ? &ph->streams->rx : &ph->streams->tx;
    struct media_stats st;

    *out = (struct phone_stream){.local_port = 0};
    if (!s || !s->on)
        return false;
    if (s->media) {
        media_stats(s->media, &st);
        out->local_port = st.local_port;
        out->packets = receive ? st.rx_packets : st.tx_packets;
        out->frequency_hz = st.rx_frequency_hz;
    }
    return true;
}

void phone_streams_yield(struct phone *ph)
{
    if (!ph->streams)
        return;
    stop(&ph->streams->tx);
    stop(&ph->streams->rx);
}

/* ---- tones */

static void play_handler(void *arg)
{
    struct phone_streams *p = arg;
    p->name = NULL;
}

/* "n=Classic-1;w=3;c=1" has the name of the tone. */
static bool is_called(const char *script, const char *name, size_t len)
{
    return strncmp(script, "n=", 2) == 0 && strcspn(script + 2, ";") == len &&
           strncasecmp(script + 2, name, len) == 0;
}

/* The tone's parameter; NULL = none. */
static const char *find_tone(const struct phone *ph, const char *name)
{
    static const char *const names[TONES] = {"Ring1", "Ring2",  "Ring3",  "Ring4",
                                             "Ring5", "Ring6",  "Ring7",  "Ring8",
                                             "Ring9", "Ring10", "Ring11", "Ring12"};
    const char *dot = strrchr(name, '.'); /* "Classic-1.raw" */
    const size_t len = dot && strcasecmp(dot, ".raw") == 0 ? (size_t)(dot - name) : strlen(name);

    for (unsigned i = 0; i < TONES; i++) {
        const char *script = phone_get(ph, names[i]);
        if (script && *script &&
            ((strlen(names[i]) == len && strncasecmp(names[i], name, len) == 0) ||
             is_called(script, name, len)))
            return names[i];
    }
    return NULL;
}

int phone_play(struct phone *ph, const struct xuri *u)
{
    struct phone_streams *p = get(ph);

    if (!p)
        return ENOMEM;
    timer_cancel(&p->play_timer);
    p->name = NULL;
    if (u->stop)
        return 0;
    p->name = find_tone(ph, u->text);
    if (!p->name)
        return ENOENT;
    p->since_ms = clock_ms(ph->env->lp);
    timer_start(ph->env->lp, &p->play_timer, clock_scaled(ph->env->lp, PLAY_MS), play_handler, p);
    return 0;
}

const char *phone_playing(const struct phone *ph, const char **name, uint64_t *since)
{
    const struct phone_streams *p = ph->streams;

    if (!p || !p->name)
        return NULL;
    *name = p->name;
    *since = p->since_ms;
    return phone_get(ph, p->name); /* the parameter may have changed */
}

void phone_streams_close(struct phone *ph)
{
    ph->streams = mem_deref(ph->streams);
}
