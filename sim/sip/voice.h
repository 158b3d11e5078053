/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * RTP and RTCP on the wire, and what a receiver learns from them (RFC 3550 5, 6.4, A.1, A.3, A.8).
 * Pure: bytes in, numbers out.
 */
#ifndef SIM_SIP_VOICE_H
#define SIM_SIP_VOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    VOICE_HEADER_BYTES = 12,
    VOICE_REPORT_MAX = 160, /* SR with one block, SDES with CNAME, BYE */
};

struct voice_packet {
    uint32_t ts, ssrc;
    uint16_t seq;
    uint8_t payload;
    bool marker;
    const uint8_t *data; /* padding, CSRC list and extension are not in it */
    size_t len;
};

/** Errors: EBADMSG no RTP of version 2. p->data points into buf. */
int voice_parse(struct voice_packet *p, const uint8_t *buf, size_t len);

/** Write the header of p into VOICE_HEADER_BYTES. */
void voice_print(uint8_t *buf, const struct voice_packet *p);

struct voice_reception { /* of one source; zeroed = nothing received */
    bool started, candidate_set;
    uint32_t ssrc, candidate; /* a new source must show up twice in a row */
    uint16_t candidate_seq;
    uint16_t max_seq, base_seq, bad_seq;
    bool bad_set;
    uint32_t cycles;                           /* times 65536 */
    uint64_t seen;                             /* bit n: max_seq - n has come */
    uint32_t received;                         /* of this source since its base */
    uint32_t expected_before, received_before; /* at the last report */
    uint32_t transit;
    uint32_t jitter_16; /* RTP time times 16 */
    bool timed;
    /* totals over all sources */
    uint32_t n_begun; /* sources and new starts of one */
    uint32_t n_received, n_late, n_duplicate, n_foreign;
    int64_t lost_elsewhere; /* of sources and sequences that ended */
};

enum voice_verdict {
    VOICE_NEXT, /* newest so far: to be played */
    VOICE_LATE, /* came behind a newer one */
    VOICE_DUPLICATE,
    VOICE_FOREIGN, /* another source, or a jump in the numbers, for the first time */
};

/** Count a packet, and say what it is to the stream (RFC 3550 A.1). */
enum voice_verdict voice_received(struct voice_reception *r, const struct voice_packet *p);

/** Count the arrival of a packet into the jitter; not for events, whose time stands still. */
void voice_timed(struct voice_reception *r, uint32_t ts, uint64_t arrival_us, uint32_t rate);

/** Packets that should have come and did not; negative with duplicates across a restart. */
int64_t voice_lost(const struct voice_reception *r);

struct voice_report { /* the parts of SR and RR that are used */
    bool sender;      /* SR */
    bool has_block;
    uint32_t ssrc;
    uint64_t ntp;                 /* SR only, 32.32 s */
    uint32_t ts, packets, octets; /* SR only */
    uint32_t about;               /* whom the block is about */
    uint8_t fraction;             /* lost, of 256 */
    int32_t lost;
    uint32_t max_seq, jitter, last_sr, delay;
};

/** Fill the block about r's source, and begin the next interval. */
void voice_fill_block(struct voice_report *rep, struct voice_reception *r);

/** Write SR or RR with SDES CNAME, and BYE when bye is set. Length, 0 = does not fit. */
size_t voice_report_print(uint8_t *buf, size_t size, const struct voice_report *rep,
                          const char *cname, bool bye);

/**
 * Read the first SR or RR of a compound packet, and the block about `about`.
 *
 * Errors  EBADMSG not RTCP; ENOENT neither SR nor RR in it
 */
int voice_report_parse(struct voice_report *rep, const uint8_t *buf, size_t len, uint32_t about);

#endif
