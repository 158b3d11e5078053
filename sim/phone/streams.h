/* SPDX-License-Identifier: BSD-3-Clause */
/* What internal URIs make a phone play: RTP streams beside its calls, a ring tone
 * (xml-services.md 5). */
#ifndef SIM_PHONE_STREAMS_H
#define SIM_PHONE_STREAMS_H

#include <stdbool.h>
#include <stdint.h>

struct phone;
struct xuri;

/**
 * RTPRx:, RTPTx:, RTPMTx: begin or end a stream of G.711 u-law. Without --media it is only noted.
 *
 * Errors  EALREADY there is one in that direction; EBUSY to send while there is a call; ENOSYS
 *         RTPMRx:; else as media_alloc()
 */
int phone_stream(struct phone *ph, const struct xuri *u);

struct phone_stream { /* without --media all 0 */
    uint16_t local_port;
    uint32_t packets;    /* sent, or received */
    double frequency_hz; /* of what is received; 0 = too quiet to tell */
};

/** How a stream goes; false: there is none. */
bool phone_stream_get(const struct phone *ph, bool receive, struct phone_stream *out);

/** A call starts or resumes: streams end. */
void phone_streams_yield(struct phone *ph);

/** Play:NAME and Play:Stop; a name is "Ring3" or what the tone is called. ENOENT no such tone. */
int phone_play(struct phone *ph, const struct xuri *u);

/** The tone that plays, NULL = none; name and when it began. */
const char *phone_playing(const struct phone *ph, const char **name, uint64_t *since);

void phone_streams_close(struct phone *ph);

#endif
