/* SPDX-License-Identifier: BSD-3-Clause */
/* What internal URIs make a phone play: RTP streams beside its calls, a ring tone
 * (xml-services.md 5). */
#ifndef SIM_PHONE_STREAMS_H
#define SIM_PHONE_STREAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct phone;
struct xuri;

/**
 * RTPRx:, RTPTx:, RTPMRx:, RTPMTx: begin or end a stream of G.711 u-law. Without --media it is only
 * noted.
 *
 * Errors  EALREADY there is one in that direction; EBUSY to send while there is a call; else as
 *         media_alloc()
 */
int phone_stream(struct phone *ph, const struct xuri *u);

struct phone_stream { /* without --media all 0 */
    uint16_t local_port;
    uint32_t packets;    /* sent, or received */
    double frequency_hz; /* of what is received; 0 = too quiet to tell */
};

/** How a stream goes; false: there is none. */
bool phone_stream_get(const struct phone *ph, bool receive, struct phone_stream *out);

/** What is received, as media_listen(), in its volume. */
size_t phone_stream_listen(const struct phone *ph, uint32_t *at, int16_t *pcm, size_t n);

/** A call starts or resumes: streams end. */
void phone_streams_yield(struct phone *ph);

/** Play:NAME and Play:Stop. ENOENT no such tone. */
int phone_play(struct phone *ph, const struct xuri *u);

/** A tone as "Ring3" or by what it is called, for a while. ENOENT no such tone. */
int phone_play_ring(struct phone *ph, const char *name);

/** A page of sound (audio/basic): u-law of 8 kHz, of which at most 5 s play. EBADMSG it is empty.
 */
int phone_play_sound(struct phone *ph, const uint8_t *data, size_t len);

/** The script of the tone that plays, "" where it is a sound, NULL = nothing plays; name and when
 * it began. */
const char *phone_playing(const struct phone *ph, const char **name, uint64_t *since);

void phone_streams_close(struct phone *ph);

#endif
