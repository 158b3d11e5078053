/* SPDX-License-Identifier: BSD-3-Clause */
/* Sound to packets and back: G.711 µ and A, G.722 (its lower band: 8 kHz sound), by spandsp. */
#ifndef SIM_SIP_MEDIA_CODEC_H
#define SIM_SIP_MEDIA_CODEC_H

#include <stddef.h>
#include <stdint.h>

#include "sim/sip/codec.h"

enum { MEDIA_PACKET_SAMPLES = 1280 }; /* 160 ms, the longest packet time (5.2) */

struct media_codec { /* zeroed = none; these three make 64 kbit/s: one byte a sample at 8 kHz */
    enum codec_id id;
    void *encoder, *decoder; /* G.722 only */
};

/**
 * Begin with a codec; nothing happens when it is the one in use.
 *
 * Errors  ENOSYS signalled only; ENOMEM
 */
int media_codec_set(struct media_codec *c, enum codec_id id);
void media_codec_close(struct media_codec *c);

/** n samples to n bytes. */
void media_codec_encode(struct media_codec *c, uint8_t *out, const int16_t *pcm, size_t n);

/** At most MEDIA_PACKET_SAMPLES bytes to as many samples. Returns how many. */
size_t media_codec_decode(struct media_codec *c, int16_t *pcm, const uint8_t *data, size_t len);

#endif
