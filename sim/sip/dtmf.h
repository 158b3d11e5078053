/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Digits as RFC 2833 events and as INFO bodies (sip-behaviour.md 1.1, 5.5). Pure: what to send and
 * what was received, no sockets and no clock.
 */
#ifndef SIM_SIP_DTMF_H
#define SIM_SIP_DTMF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DTMF_QUEUE_MAX = 32,
    DTMF_EVENT_BYTES = 4,
    DTMF_TONE_MS = 100, /* length of a digit when the caller names none [DEF] */
    DTMF_GAP_MS = 100,  /* between two digits [DEF] */
    DTMF_TONE_MAX_MS = 8000,
    DTMF_ENDS = 3, /* the last packet of an event goes out this often (RFC 2833 3.6) */
};

/** Event code of "0-9*#A-D" (any case) or '!' for a hook flash; -1 = no digit. */
int dtmf_event(char digit);

/** Digit of an event code; 0 = none of ours. */
char dtmf_digit(unsigned event);

struct dtmf_sender { /* zeroed = idle */
    struct {
        uint8_t event;
        uint16_t ms;
    } queue[DTMF_QUEUE_MAX];
    unsigned n;
    uint32_t ts;       /* RTP time when the event began */
    uint16_t duration; /* in RTP time so far */
    uint16_t left_ms;  /* of the tone */
    uint16_t gap_ms;   /* left before the next one may begin */
    uint8_t ends;      /* end packets still to send */
    bool sounding;
};

struct dtmf_packet {
    uint8_t payload[DTMF_EVENT_BYTES];
    uint32_t ts;
    bool first; /* carries the marker */
};

/** Put a digit in the queue. Errors: EINVAL no digit; EOVERFLOW the queue is full. */
int dtmf_send(struct dtmf_sender *s, char digit, unsigned ms);

/** Is there something to send, or a gap to keep? */
bool dtmf_sender_busy(const struct dtmf_sender *s);

/**
 * One packet time has come: true = send p instead of voice.
 *
 * Shape   ts RTP time now, 8000 Hz; step_ms packet time; volume 0..63 in -dBm0
 */
bool dtmf_sender_step(struct dtmf_sender *s, uint32_t ts, unsigned step_ms, unsigned volume,
                      struct dtmf_packet *p);

struct dtmf_receiver { /* zeroed = nothing received yet */
    uint32_t ts;
    bool any;
};

/**
 * Judge an event packet. Each event gives its digit once, with whichever of its packets comes
 * first; a straggler of an older event gives none.
 *
 * Errors  EBADMSG too short
 */
int dtmf_receive(struct dtmf_receiver *r, uint32_t ts, const uint8_t *data, size_t len,
                 char *digit /* 0 = nothing new */);

/** Body of an INFO with application/dtmf-relay. Length, 0 = no digit or does not fit. */
size_t dtmf_info_print(char *buf, size_t size, char digit, unsigned ms);

/**
 * Read such a body: "Signal=5", "Duration=160" in any case and order; 10 and 11 mean * and #.
 *
 * Result  ms is DTMF_TONE_MS where the body names none
 * Errors  EBADMSG no signal in it
 */
int dtmf_info_parse(const char *body, size_t len, char *digit, unsigned *ms);

#endif
