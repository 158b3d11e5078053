/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a stream's sound comes from, and a look at the sound that arrives. 8 kHz, 16 bit, mono. */
#ifndef SIM_SIP_MEDIA_SOURCE_H
#define SIM_SIP_MEDIA_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    METER_RING = 2048,   /* samples kept; a power of two above the longest packet */
    METER_WINDOW = 800,  /* samples looked at: the last 100 ms */
    METER_SILENCE = -99, /* dBm0 reported for nothing at all */
};

struct media_source; /* any number of streams share one: nothing of it changes, "live" excepted */

/**
 * Make a source from its text: "silence", "echo", "live" (what media_source_feed() brings), "tone
 * HZ [DBM0]" or "file PATH" (WAV, 8 kHz, 16 bit, mono; read at once, played over and over). A tone
 * is -10 dBm0 when no level is given.
 *
 * Errors  EINVAL not such a text; ENOENT, EACCES … no such file; EBADMSG not such a WAV;
 *         E2BIG longer than ten minutes; ENOMEM
 */
int media_source_alloc(struct media_source **sp, const char *text);

/** Does it send what the stream hears? The meter has that. */
bool media_source_is_echo(const struct media_source *s);
/** The text it was made from. Borrowed. */
const char *media_source_text(const struct media_source *s);

/** Sound for whoever reads a live source next; other sources do not listen. */
void media_source_feed(struct media_source *s, const int16_t *pcm, size_t n);

struct media_cursor { /* one stream's place in its source; zeroed = the beginning */
    size_t at;
    double y1, y2; /* the tone's last samples */
    bool running;
};

/** The next n samples (silence for an echo source, whose samples the meter has). */
void media_source_read(const struct media_source *s, struct media_cursor *c, int16_t *pcm,
                       size_t n);

struct media_meter { /* zeroed = nothing heard */
    uint32_t n;      /* samples ever heard */
    uint32_t echoed; /* of them, given to media_meter_echo() */
    int16_t ring[METER_RING];
};

/** Samples that came in, 8 kHz. */
void media_meter_add(struct media_meter *m, const int16_t *pcm, size_t n);

/** Samples heard and not yet echoed; silence where there are none. */
void media_meter_echo(struct media_meter *m, int16_t *pcm, size_t n);

/** Samples heard since *at (0 = none yet: from now on), which goes on. Returns how many. */
size_t media_meter_take(const struct media_meter *m, uint32_t *at, int16_t *pcm, size_t n);

/** Level of the window in dBm0 and its strongest frequency in Hz (0 = too quiet to tell). */
void media_meter_read(const struct media_meter *m, double *level_dbm0, double *frequency_hz);

#endif
