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
#include "sim/phone/sound.h"
#include "sim/phone/streams.h"
#include "sim/sip/media.h"
#include "sim/sip/media_codec.h"
#include "sim/sip/media_source.h"
#include "sim/xml/xuri.h"

enum {
    PORT_MIN = 20480, /* xml-services.md 5: even ones up to 32768 */
    PORT_MAX = 32769,
    PTIME_MS = 20,
    PLAY_MS = 2010, /* the longest raw file: 16080 samples */
    RATE = 8000,
    SOUND_MAX = 5 * RATE, /* 8.3: at most 5 s */
    TONES = 12,
};

struct stream {
    bool on;
    uint8_t volume;      /* percent, of what is received */
    struct media *media; /* NULL: only noted */
};

struct phone_streams { /* made by the first URI */
    struct phone *ph;
    struct stream tx, rx;
    struct timer play_timer;
    const char *name; /* of the tone's parameter, or "sound"; NULL = nothing plays */
    uint8_t *sound;   /* u-law; NULL = a tone plays, or nothing */
    size_t sound_len;
    uint64_t since_ms;
};

static void stop(struct stream *s)
{
    if (s->media)
        media_close(s->media);
    *s = (struct stream){.on = false};
}

/* Who waits for the end of it is told (5: a response only after playback). */
static void end_play(struct phone_streams *p)
{
    timer_cancel(&p->play_timer);
    p->name = NULL;
    p->sound = mem_deref(p->sound);
    p->sound_len = 0;
    phone_hold_release(p->ph);
}

static void destructor(void *arg)
{
    struct phone_streams *p = arg;

    timer_cancel(&p->play_timer);
    mem_deref(p->sound);
    stop(&p->tx);
    stop(&p->rx);
}

static struct phone_streams *get(struct phone *ph)
{
    if (!ph->streams)
        ph->streams = mem_zalloc(sizeof(*ph->streams), destructor);
    if (ph->streams)
        ph->streams->ph = ph;
    return ph->streams;
}

/* ---- RTP */

static int begin(struct phone *ph, struct stream *s, const struct xuri *u)
{
    const uint16_t own = u->receive ? u->port : 0; /* 0: the phone chooses */
    struct media_config cfg = {
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
    s->volume = u->volume;
    if (!ph->env->media_on)
        return 0;
    (void)inet_pton(AF_INET, u->addr, &session.rtp.sin_addr);
    if (u->receive && u->multicast)
        cfg.group = session.rtp.sin_addr;
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

/* Louder or softer than it came: 100 % leaves it. */
static void set_volume(int16_t *pcm, size_t n, unsigned percent)
{
    for (size_t k = 0; k < n; k++)
        pcm[k] = (int16_t)(pcm[k] * (int)percent / 100);
}

size_t phone_stream_listen(const struct phone *ph, uint32_t *at, int16_t *pcm, size_t n)
{
    const struct stream *s = ph->streams ? &ph->streams->rx : NULL;

    if (!s || !s->media)
        return 0;
    n = media_listen(s->media, at, pcm, n);
    set_volume(pcm, n, s->volume);
    return n;
}

/* ---- tones and sounds */

static void play_handler(void *arg)
{
    end_play(arg);
}

static void begin_play(struct phone_streams *p, const char *name, uint64_t ms)
{
    struct loop *lp = p->ph->env->lp;

    p->name = name;
    p->since_ms = clock_ms(lp);
    timer_start(lp, &p->play_timer, clock_scaled(lp, ms), play_handler, p);
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

int phone_play_ring(struct phone *ph, const char *name)
{
    struct phone_streams *p = get(ph);

    if (!p)
        return ENOMEM;
    end_play(p);
    const char *tone = find_tone(ph, name);
    if (!tone)
        return ENOENT;
    begin_play(p, tone, PLAY_MS);
    return 0;
}

int phone_play(struct phone *ph, const struct xuri *u)
{
    if (!u->stop)
        return phone_play_ring(ph, u->text);
    if (ph->streams)
        end_play(ph->streams);
    return 0;
}

/* A sound file may begin with the header of .au files: offset of the samples, in 32 bits, second in
 * it [DEF]. */
static size_t header_bytes(const uint8_t *data, size_t len)
{
    if (len < 8 || memcmp(data, ".snd", 4) != 0)
        return 0;
    const size_t at =
        (size_t)data[4] << 24 | (size_t)data[5] << 16 | (size_t)data[6] << 8 | data[7];
    return at < len ? at : len;
}

int phone_play_sound(struct phone *ph, const uint8_t *data, size_t len)
{
    struct phone_streams *p = get(ph);
    const size_t skip = header_bytes(data, len);

    if (!p)
        return ENOMEM;
    end_play(p);
    len = len - skip < SOUND_MAX ? len - skip : SOUND_MAX;
    if (!len)
        return EBADMSG;
    p->sound = mem_alloc(len, NULL);
    if (!p->sound)
        return ENOMEM;
    memcpy(p->sound, data + skip, len);
    p->sound_len = len;
    begin_play(p, "sound", len * 1000 / RATE);
    return 0;
}

size_t phone_sound_read(const struct phone *ph, size_t at, int16_t *pcm, size_t n)
{
    const struct phone_streams *p = ph->streams;
    struct media_codec ulaw = {.id = CODEC_PCMU};

    if (!p || !p->sound || at >= p->sound_len)
        return 0;
    n = n < p->sound_len - at ? n : p->sound_len - at;
    n = n < MEDIA_PACKET_SAMPLES ? n : MEDIA_PACKET_SAMPLES;
    return media_codec_decode(&ulaw, pcm, p->sound + at, n);
}

const char *phone_playing(const struct phone *ph, const char **name, uint64_t *since)
{
    const struct phone_streams *p = ph->streams;

    if (!p || !p->name)
        return NULL;
    *name = p->name;
    *since = p->since_ms;
    return p->sound ? "" : phone_get(ph, p->name); /* the parameter may have changed */
}

void phone_streams_close(struct phone *ph)
{
    ph->streams = mem_deref(ph->streams);
}
