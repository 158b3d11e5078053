/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/phone/tone.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum {
    SECONDS_MAX = 1000000,
    HZ_MAX = 4000,
    DBM_MAX = 20, /* and not below -100: no phone is louder or fainter [DEF] */
    DBM_MIN = -100,
    DECIMALS = 3,
};

#define FULL_SCALE_DBM0 3.14 /* as sim/sip/media_source.c */
#define TWO_PI          6.283185307179586

static void skip_blanks(const char **s)
{
    while (**s == ' ' || **s == '\t')
        ++*s;
}

static bool take(const char **s, char c)
{
    skip_blanks(s);
    if (**s != c)
        return false;
    ++*s;
    return true;
}

/* Thousandths of a decimal number such as "-19.5", "2", ".25". */
static bool read_milli(const char **s, long *milli)
{
    bool digits = false;
    long n = 0;

    skip_blanks(s);
    const bool minus = **s == '-';
    if (minus || **s == '+')
        ++*s;
    for (; **s >= '0' && **s <= '9' && n < SECONDS_MAX; ++*s, digits = true)
        n = n * 10 + (**s - '0');
    n *= 1000;
    if (**s == '.') {
        long unit = 100;
        for (++*s; **s >= '0' && **s <= '9'; ++*s, unit /= 10, digits = true)
            n += (**s - '0') * unit;
    }
    *milli = minus ? -n : n;
    return digits && n <= SECONDS_MAX * 1000L;
}

static bool read_time(const char **s, uint32_t *ms)
{
    long n;

    if (take(s, '*')) {
        *ms = TONE_ENDLESS;
        return true;
    }
    if (!read_milli(s, &n) || n < 0)
        return false;
    *ms = (uint32_t)n;
    return true;
}

/* "0" or "1+2": which frequencies sound. */
static bool read_sum(const char **s, unsigned n_freqs, uint8_t *freqs)
{
    *freqs = 0;
    do {
        long n;
        skip_blanks(s);
        if (**s < '0' || **s > '9' || !read_milli(s, &n) || n % 1000 || n / 1000 > (long)n_freqs)
            return false;
        if (n)
            *freqs |= (uint8_t)(1U << (n / 1000 - 1));
    } while (take(s, '+'));
    return true;
}

static int read_segment(const char **s, const struct tone_script *t, struct tone_segment *g)
{
    if (!read_time(s, &g->on_ms) || !take(s, '/') || !read_time(s, &g->off_ms))
        return EBADMSG;
    g->freqs = 1;
    if (t->n_freqs && (!take(s, '/') || !read_sum(s, t->n_freqs, &g->freqs)))
        return EBADMSG;
    return 0;
}

static int read_section(const char **s, struct tone_script *t)
{
    struct tone_section *sec = &t->sections[t->n_sections];

    if (t->n_sections == TONE_SECTIONS)
        return E2BIG;
    if (!read_time(s, &sec->total_ms) || !take(s, '('))
        return EBADMSG;
    do {
        if (sec->n == TONE_SEGMENTS)
            return E2BIG;
        const int err = read_segment(s, t, &sec->segments[sec->n]);
        if (err)
            return err;
        sec->n++;
    } while (take(s, ','));
    if (!take(s, ')'))
        return EBADMSG;
    t->n_sections++;
    return 0;
}

static int read_sections(const char *s, struct tone_script *t)
{
    do {
        skip_blanks(&s);
        if (!*s && t->n_sections) /* a ';' at the end */
            return 0;
        const int err = read_section(&s, t);
        if (err)
            return err;
    } while (take(&s, ';'));
    skip_blanks(&s);
    return *s ? EBADMSG : 0;
}

static int read_freqs(const char **s, struct tone_script *t)
{
    do {
        long hz, dbm;
        if (t->n_freqs == TONE_FREQS)
            return E2BIG;
        if (!read_milli(s, &hz) || !take(s, '@') || !read_milli(s, &dbm) || hz <= 0 ||
            hz > HZ_MAX * 1000L || dbm > DBM_MAX * 1000L || dbm < DBM_MIN * 1000L)
            return EBADMSG;
        t->hz[t->n_freqs] = (uint16_t)(hz / 1000);
        t->dbm[t->n_freqs++] = (float)dbm / 1000;
    } while (take(s, ','));
    return take(s, ';') ? 0 : EBADMSG;
}

int tone_parse(struct tone_script *t, const char *text)
{
    memset(t, 0, sizeof(*t));
    const int err = read_freqs(&text, t);
    return err ? err : read_sections(text, t);
}

int tone_parse_cadence(struct tone_script *t, const char *text)
{
    memset(t, 0, sizeof(*t));
    return strlen(text) > TONE_TEXT_MAX ? E2BIG : read_sections(text, t);
}

void tone_start(struct tone_player *p, const struct tone_script *t, unsigned rate)
{
    memset(p, 0, sizeof(*p));
    p->script = *t;
    p->rate = rate;
    p->over = !t->n_sections;
}

static uint64_t samples(const struct tone_player *p, uint32_t ms)
{
    return ms == TONE_ENDLESS ? UINT64_MAX : (uint64_t)ms * p->rate / 1000;
}

static uint64_t segment_length(const struct tone_player *p, const struct tone_segment *g)
{
    return g->on_ms == TONE_ENDLESS || g->off_ms == TONE_ENDLESS
               ? UINT64_MAX
               : samples(p, g->on_ms) + samples(p, g->off_ms);
}

static bool is_silent_section(const struct tone_player *p, const struct tone_section *sec)
{
    for (unsigned i = 0; i < sec->n; i++) {
        if (segment_length(p, &sec->segments[i]))
            return false;
    }
    return true;
}

static void next_section(struct tone_player *p)
{
    p->in_section = p->in_segment = 0;
    p->segment = 0;
    p->over = ++p->section == p->script.n_sections;
}

uint8_t tone_step(struct tone_player *p, size_t *n)
{
    while (!p->over) {
        const struct tone_section *sec = &p->script.sections[p->section];
        const struct tone_segment *g = &sec->segments[p->segment];
        const uint64_t total = samples(p, sec->total_ms), length = segment_length(p, g);
        const uint64_t on = samples(p, g->on_ms);
        const bool silent = is_silent_section(p, sec);

        if (p->in_section >= total) {
            next_section(p);
            continue;
        }
        if (!silent && p->in_segment >= length) {
            p->in_segment = 0;
            p->segment = (p->segment + 1) % sec->n;
            continue;
        }
        const bool sounds = !silent && p->in_segment < on;
        uint64_t left = silent ? UINT64_MAX : (sounds ? on : length) - p->in_segment;
        left = left < total - p->in_section ? left : total - p->in_section;
        *n = left < *n ? (size_t)left : *n;
        p->in_segment += *n;
        p->in_section += *n;
        p->at += *n;
        return sounds ? g->freqs : 0;
    }
    return 0;
}

/* Each frequency goes on with its phase, so that pieces fit together. */
static void mix(const struct tone_player *p, uint8_t freqs, uint64_t at, int16_t *pcm, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (unsigned f = 0; f < p->script.n_freqs; f++) {
            if (freqs & 1U << f)
                sum += INT16_MAX * pow(10, (p->script.dbm[f] - FULL_SCALE_DBM0) / 20) *
                       sin(TWO_PI * fmod((double)(at + i) * p->script.hz[f] / p->rate, 1));
        }
        pcm[i] = (int16_t)(sum > INT16_MAX ? INT16_MAX : sum < -INT16_MAX ? -INT16_MAX : sum);
    }
}

bool tone_read(struct tone_player *p, int16_t *pcm, size_t n)
{
    memset(pcm, 0, n * sizeof(*pcm));
    for (size_t done = 0; done < n && !p->over;) {
        size_t run = n - done;
        const uint64_t at = p->at;
        const uint8_t freqs = tone_step(p, &run);
        if (p->over)
            break;
        if (freqs)
            mix(p, freqs, at, pcm + done, run);
        done += run;
    }
    return !p->over;
}
