/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/media_source.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <re_types.h>
#include <re_mem.h>

enum {
    RATE = 8000,
    FILE_MAX = 10 * 60 * RATE * 2, /* bytes of samples */
    DEFAULT_DBM0 = -10,
};

#define FULL_SCALE_DBM0 3.14 /* a full-scale sine in G.711 µ (ITU-T G.711) */
#define TWO_PI          6.283185307179586

enum kind { SILENCE, ECHO, LIVE, TONE, WAVE };

struct media_source {
    enum kind kind;
    double step, coefficient, amplitude; /* tone */
    int16_t *pcm;
    size_t n;
    struct media_meter *live; /* what was fed last */
    char *text;
};

static void source_destructor(void *data)
{
    struct media_source *s = data;

    mem_deref(s->pcm);
    mem_deref(s->live);
    mem_deref(s->text);
}

static uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static uint16_t le16(const uint8_t *p)
{
    return (uint16_t)(p[1] << 8 | p[0]);
}

static int read_samples(struct media_source *s, FILE *f, uint32_t bytes)
{
    uint8_t *raw;

    if (bytes > FILE_MAX)
        return E2BIG;
    if (bytes < 2)
        return EBADMSG;
    raw = mem_alloc(bytes, NULL);
    if (!raw)
        return ENOMEM;
    s->n = fread(raw, 1, bytes, f) / 2;
    s->pcm = (int16_t *)(void *)raw;
    for (size_t i = 0; i < s->n; i++)
        s->pcm[i] = (int16_t)le16(raw + 2 * i);
    return s->n ? 0 : EBADMSG;
}

/* RIFF chunks up to "data"; "fmt " must say PCM, mono, 8 kHz, 16 bit. */
static int read_wave(struct media_source *s, FILE *f)
{
    uint8_t b[16], head[8];
    bool known = false;

    if (fread(b, 1, 12, f) != 12 || memcmp(b, "RIFF", 4) || memcmp(b + 8, "WAVE", 4))
        return EBADMSG;
    while (fread(head, 1, sizeof(head), f) == sizeof(head)) {
        uint32_t bytes = le32(head + 4);

        if (!memcmp(head, "data", 4))
            return known ? read_samples(s, f, bytes) : EBADMSG;
        if (!memcmp(head, "fmt ", 4)) {
            if (bytes < 16 || fread(b, 1, 16, f) != 16 || le16(b) != 1 || le16(b + 2) != 1 ||
                le32(b + 4) != RATE || le16(b + 14) != 16)
                return EBADMSG;
            known = true;
            bytes -= 16;
        }
        if (bytes > INT32_MAX || fseek(f, (long)(bytes + (bytes & 1)), SEEK_CUR))
            return EBADMSG;
    }
    return EBADMSG;
}

static int open_wave(struct media_source *s, const char *path)
{
    FILE *f = fopen(path, "rb");
    int err;

    if (!f)
        return errno;
    s->kind = WAVE;
    err = read_wave(s, f);
    fclose(f);
    return err;
}

static int set_tone(struct media_source *s, const char *text)
{
    char *end, *after;
    const double hz = strtod(text, &end);
    double dbm0 = strtod(end, &after);

    if (end == text || !(hz >= 20 && hz <= RATE / 2 - 100))
        return EINVAL;
    if (after == end)
        dbm0 = DEFAULT_DBM0;
    while (*after == ' ')
        after++;
    if (*after || !(dbm0 >= -60 && dbm0 <= 3))
        return EINVAL;
    s->kind = TONE;
    s->step = TWO_PI * hz / RATE;
    s->coefficient = 2 * cos(s->step);
    s->amplitude = INT16_MAX * pow(10, (dbm0 - FULL_SCALE_DBM0) / 20);
    return 0;
}

static int set(struct media_source *s, const char *text)
{
    if (!strcmp(text, "silence"))
        return 0;
    if (!strcmp(text, "echo")) {
        s->kind = ECHO;
        return 0;
    }
    if (!strcmp(text, "live")) {
        s->kind = LIVE;
        s->live = mem_zalloc(sizeof(*s->live), NULL);
        return s->live ? 0 : ENOMEM;
    }
    if (!strncmp(text, "tone ", 5))
        return set_tone(s, text + 5);
    if (!strncmp(text, "file ", 5) && text[5])
        return open_wave(s, text + 5);
    return EINVAL;
}

int media_source_alloc(struct media_source **sp, const char *text)
{
    struct media_source *s = mem_zalloc(sizeof(*s), source_destructor);
    const size_t len = strlen(text);
    int err = ENOMEM;

    if (!s || !(s->text = mem_alloc(len + 1, NULL)))
        goto out;
    memcpy(s->text, text, len + 1);
    err = set(s, text);
out:
    if (err)
        mem_deref(s);
    else
        *sp = s;
    return err;
}

bool media_source_is_echo(const struct media_source *s)
{
    return s->kind == ECHO;
}

const char *media_source_text(const struct media_source *s)
{
    return s->text;
}

/* A sine by recurrence: one multiplication a sample. */
static void read_tone(const struct media_source *s, struct media_cursor *c, int16_t *pcm, size_t n)
{
    if (!c->running) {
        c->running = true;
        c->y1 = -s->amplitude * sin(s->step);
        c->y2 = -s->amplitude * sin(2 * s->step);
    }
    for (size_t i = 0; i < n; i++) {
        const double y = s->coefficient * c->y1 - c->y2;

        c->y2 = c->y1;
        c->y1 = y;
        pcm[i] = (int16_t)(y > INT16_MAX ? INT16_MAX : y < INT16_MIN ? INT16_MIN : lrint(y));
    }
}

void media_source_read(const struct media_source *s, struct media_cursor *c, int16_t *pcm, size_t n)
{
    if (s->kind == TONE) {
        read_tone(s, c, pcm, n);
        return;
    }
    if (s->kind == LIVE) {
        media_meter_echo(s->live, pcm, n);
        return;
    }
    if (s->kind != WAVE) {
        memset(pcm, 0, n * sizeof(*pcm));
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (c->at >= s->n)
            c->at = 0;
        pcm[i] = s->pcm[c->at++];
    }
}

void media_meter_add(struct media_meter *m, const int16_t *pcm, size_t n)
{
    for (size_t i = 0; i < n; i++)
        m->ring[m->n++ % METER_RING] = pcm[i];
}

void media_meter_echo(struct media_meter *m, int16_t *pcm, size_t n)
{
    if (m->n - m->echoed > METER_RING) /* fell behind: what is left is the newest */
        m->echoed = m->n - METER_RING;
    for (size_t i = 0; i < n; i++)
        pcm[i] = m->echoed != m->n ? m->ring[m->echoed++ % METER_RING] : 0;
}

size_t media_meter_take(const struct media_meter *m, uint32_t *at, int16_t *pcm, size_t n)
{
    size_t taken = 0;

    if (!*at)
        *at = m->n;
    if (m->n - *at > METER_RING)
        *at = m->n - METER_RING;
    while (taken < n && *at != m->n)
        pcm[taken++] = m->ring[(*at)++ % METER_RING];
    return taken;
}

void media_source_feed(struct media_source *s, const int16_t *pcm, size_t n)
{
    if (s->kind != LIVE)
        return;
    media_meter_add(s->live, pcm, n);
    if (s->live->n - s->live->echoed > METER_RING / 2) /* who speaks is not kept waiting */
        s->live->echoed = s->live->n - METER_RING / 2;
}

/* Power of one frequency in the window (Goertzel, with a Hann window against leakage). */
static double goertzel(const double *x, size_t n, double hz)
{
    const double k = 2 * cos(TWO_PI * hz / RATE);
    double s1 = 0, s2 = 0;

    for (size_t i = 0; i < n; i++) {
        const double s0 = x[i] + k * s1 - s2;

        s2 = s1;
        s1 = s0;
    }
    return s1 * s1 + s2 * s2 - k * s1 * s2;
}

static double strongest(const double *x, size_t n, double from, double to, double step)
{
    double best = -1, best_hz = 0;

    for (double hz = from; hz <= to; hz += step) {
        const double power = goertzel(x, n, hz);

        if (power > best) {
            best = power;
            best_hz = hz;
        }
    }
    return best_hz;
}

void media_meter_read(const struct media_meter *m, double *level_dbm0, double *frequency_hz)
{
    const size_t n = m->n < METER_WINDOW ? m->n : METER_WINDOW;
    double x[METER_WINDOW], sum = 0;

    *level_dbm0 = METER_SILENCE;
    *frequency_hz = 0;
    for (size_t i = 0; i < n; i++) {
        x[i] = m->ring[(m->n - n + i) % METER_RING];
        sum += x[i] * x[i];
        x[i] *= 0.5 - 0.5 * cos(TWO_PI * (double)i / (double)n);
    }
    if (!n || sum < (double)n)
        return;
    *level_dbm0 =
        10 * log10(sum / (double)n / (INT16_MAX * (double)INT16_MAX / 2)) + FULL_SCALE_DBM0;
    if (*level_dbm0 < -60)
        return;
    /* coarse steps no wider than the window's main lobe, then finer around the best */
    const double coarse = strongest(x, n, 50, RATE / 2 - 50, 10);
    *frequency_hz = strongest(x, n, coarse - 10, coarse + 10, 1);
}
