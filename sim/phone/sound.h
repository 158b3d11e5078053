/* SPDX-License-Identifier: BSD-3-Clause */
/* What a phone can be heard to do, and the ways in and out for somebody's own ears and voice. */
#ifndef SIM_PHONE_SOUND_H
#define SIM_PHONE_SOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct phone;

enum phone_sound_kind { PHONE_SILENT, PHONE_TONE, PHONE_RING, PHONE_RECORDING };

struct phone_sound {
    enum phone_sound_kind kind;
    const char *name;    /* "Dial_Tone", "Ring1"; NULL = silent */
    const char *script;  /* of the tone, or of the ring; borrowed */
    const char *cadence; /* of a ring; NULL = the phone's first */
    uint64_t since;      /* another number: it begins anew */
};

/** The tone or ring that sounds now (devices.md 11). */
void phone_sound(const struct phone *ph, struct phone_sound *s);

/** Samples of a PHONE_RECORDING from sample `at` on, at most n, 8 kHz; 0 = it is over. */
size_t phone_sound_read(const struct phone *ph, size_t at, int16_t *pcm, size_t n);

struct phone_ear { /* zeroed = has heard nothing yet */
    unsigned call;
    uint32_t at;
};

/** What the other end of the call that is up, or of a stream that a page began, said since the last
 *  time; at most n samples, 8 kHz. Returns how many. */
size_t phone_listen(const struct phone *ph, struct phone_ear *ear, int16_t *pcm, size_t n);

/** Is there somebody to speak to: a call that is up, or a stream that a page began (RTPTx:)? */
bool phone_speaks(const struct phone *ph);

/** Say something to them; heard where Sim_Media_Source is "live". */
void phone_speak(struct phone *ph, const int16_t *pcm, size_t n);

#endif
