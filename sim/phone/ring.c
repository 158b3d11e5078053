/* SPDX-License-Identifier: BSD-3-Clause */
/* Ring scripts, and waveforms made by formula: no samples ship (devices.md 11.3). What the numbers
 * mean is documented, how they sound is ours [DEF]. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/phone/tone.h"

#define TWO_PI 6.283185307179586

enum { LOUDNESS = 7000 /* of INT16_MAX */ };

static double sine(double hz, double t)
{
    return sin(TWO_PI * fmod(hz * t, 1));
}

/* Two gongs that a clapper strikes in turn, 20 times a second. */
static double bell(double t)
{
    const double strike = fmod(t, 0.05), fade = exp(-strike * 28);
    const double pitch = fmod(t, 0.1) < 0.05 ? 1 : 1.07;

    return fade * (sine(1180 * pitch, t) + 0.6 * sine(1570 * pitch, t) + 0.35 * sine(2890, t)) /
           1.6;
}

static double typical(double t)
{
    return 0.5 * (sine(1100, t) + sine(1375, t)) * (0.6 + 0.4 * sine(16, t));
}

static double classic(double t)
{
    const double hz = fmod(t, 0.08) < 0.04 ? 770 : 1020;

    return 0.7 * sine(hz, t) + 0.3 * sine(3 * hz, t) * 0.5;
}

static double sweep(double t)
{
    const double in = fmod(t, 0.4), low = 500, high = 2600, k = (high - low) / 0.4;

    return sin(TWO_PI * (low * in + k * in * in / 2));
}

static double pulse(double t)
{
    return fmod(t, 0.1) < 0.05 ? sine(1000, t) : 0;
}

static double du_dut(double t)
{
    const double in = fmod(t, 0.6);

    return in < 0.14 ? sine(523, t) : in >= 0.18 && in < 0.26 ? sine(698, t) : 0;
}

/* Samples of a waveform from sample `at` of its burst on. */
static void read_samples(enum ring_wave wave, uint64_t at, unsigned rate, int16_t *pcm, size_t n)
{
    static double (*const waves[])(double) = {
        [RING_BELL] = bell,   [RING_TYPICAL] = typical, [RING_CLASSIC] = classic,
        [RING_SWEEP] = sweep, [RING_PULSE] = pulse,     [RING_DU_DUT] = du_dut,
    };

    for (size_t i = 0; i < n; i++)
        pcm[i] = (int16_t)(LOUDNESS * waves[wave]((double)(at + i) / rate));
}

static void read_name(struct ring_script *r, const char *s, size_t len)
{
    len = len < sizeof(r->name) ? len : sizeof(r->name) - 1;
    memcpy(r->name, s, len);
    r->name[len] = '\0';
}

/* A file: the same name, the same made-up sound. */
static enum ring_wave wave_of_file(const char *s, size_t len)
{
    unsigned sum = 0;

    for (size_t i = 0; i < len; i++)
        sum = sum * 31 + (unsigned char)s[i];
    return (enum ring_wave)(RING_TYPICAL + sum % (RING_DU_DUT - RING_TYPICAL + 1));
}

static void read_wave(struct ring_script *r, const char *s, size_t len)
{
    const unsigned long n = strtoul(s, NULL, 10);

    r->file = len && (*s < '0' || *s > '9');
    if (r->file)
        r->wave = wave_of_file(s, len);
    else if (n >= RING_BELL && n <= RING_DU_DUT)
        r->wave = (enum ring_wave)n;
}

int ring_parse(struct ring_script *r, const char *text)
{
    memset(r, 0, sizeof(*r));
    while (*text) {
        const size_t len = strcspn(text, ";");
        const char *value = text + 2;
        if (len >= 2 && text[1] == '=' && (*text | 0x20) == 'n')
            read_name(r, value, len - 2);
        else if (len > 2 && text[1] == '=' && (*text | 0x20) == 'w')
            read_wave(r, value, len - 2);
        else if (len == 3 && text[1] == '=' && (*text | 0x20) == 'c' && *value >= '0' &&
                 *value <= '9')
            r->cadence = (uint8_t)(*value - '0');
        text += len;
        text += *text == ';';
    }
    return r->wave ? 0 : EBADMSG;
}

bool ring_read(const struct ring_script *r, struct tone_player *p, int16_t *pcm, size_t n)
{
    memset(pcm, 0, n * sizeof(*pcm));
    for (size_t done = 0; done < n && !p->over;) {
        size_t run = n - done;
        const uint8_t on = tone_step(p, &run);
        if (p->over)
            break;
        /* a burst begins at the waveform's beginning */
        if (on)
            read_samples(r->wave, p->in_segment - run, p->rate, pcm + done, run);
        done += run;
    }
    return !p->over;
}
