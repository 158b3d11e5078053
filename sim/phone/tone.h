/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tone, cadence and ring scripts (devices.md 11.1, 11.3) and the sound they mean. Pure: text in,
 * samples out.
 */
#ifndef SIM_PHONE_TONE_H
#define SIM_PHONE_TONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TONE_FREQS = 6,
    TONE_SECTIONS = 2,
    TONE_SEGMENTS = 6,
    TONE_TEXT_MAX = 127, /* characters of a cadence */
};
#define TONE_ENDLESS UINT32_MAX /* "*" */

struct tone_segment {
    uint32_t on_ms, off_ms; /* on_ms may be TONE_ENDLESS */
    uint8_t freqs;          /* bit i: frequency i sounds; 0 = silence */
};

struct tone_section {
    uint32_t total_ms; /* TONE_ENDLESS */
    unsigned n;
    struct tone_segment segments[TONE_SEGMENTS];
};

struct tone_script {
    unsigned n_freqs, n_sections;
    uint16_t hz[TONE_FREQS];
    float dbm[TONE_FREQS];
    struct tone_section sections[TONE_SECTIONS];
};

/** "440@-10;30(.3/9.7/1)". EBADMSG; E2BIG more sections, segments or frequencies than a
 *  phone takes. */
int tone_parse(struct tone_script *t, const char *text);

/** "60(2/4)": a cadence has no frequencies of its own; where it is on, bit 0 is set. */
int tone_parse_cadence(struct tone_script *t, const char *text);

struct tone_player { /* one script being played */
    struct tone_script script;
    unsigned rate, section, segment;
    uint64_t in_section, in_segment; /* samples */
    uint64_t at;                     /* samples since the start */
    bool over;
};

/** Begin to play a script at so many samples a second; the script is copied. */
void tone_start(struct tone_player *p, const struct tone_script *t, unsigned rate);

/** Frequencies that sound now, for n samples at the most; *n is how many. 0 = silence. */
uint8_t tone_step(struct tone_player *p, size_t *n);

/** The next n samples; false when the script is over (silence then). */
bool tone_read(struct tone_player *p, int16_t *pcm, size_t n);

enum ring_wave { /* the `w` of a ring script */
                 RING_BELL = 1,
                 RING_TYPICAL,
                 RING_CLASSIC,
                 RING_SWEEP,
                 RING_PULSE,
                 RING_DU_DUT,
};

struct ring_script {
    char name[32];
    enum ring_wave wave;
    bool file;       /* w is a file or URL; its sound is made up from its name [DEF] */
    uint8_t cadence; /* 1 to 9; 0 = none is named */
};

/** "n=Classic-1;w=3;c=1". EBADMSG no waveform. */
int ring_parse(struct ring_script *r, const char *text);

/** The next n samples of a ring: p plays its cadence. false when it is over. */
bool ring_read(const struct ring_script *r, struct tone_player *p, int16_t *pcm, size_t n);

#endif
