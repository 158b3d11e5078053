/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The voice of one call: an RTP stream on a port of RTP_Port_Min..Max, with its digits, its RTCP
 * and SRTP. sip-behaviour.md 1.1, 5.2, 5.3, 5.5. One timer a stream paces everything; while there
 * is nothing to send it is idle.
 */
#ifndef SIM_SIP_MEDIA_H
#define SIM_SIP_MEDIA_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/sip/codec.h"
#include "sim/sip/session.h"

struct loop;
struct rng;
struct media;
struct media_source;

enum { /* RTP_Port_Min and RTP_Port_Max of the manuals (sip-behaviour.md 5.2) */
       MEDIA_PORT_MIN = 16384,
       MEDIA_PORT_MAX = 16482,
};

struct media_config {
    struct in_addr addr;         /* the phone's */
    uint16_t port_min, port_max; /* RTP_Port_Min, RTP_Port_Max; 0 = MEDIA_PORT_… */
    struct in_addr group;        /* hear this one, at port_min, and send nothing; 0 = none */
    struct rng *rng;             /* borrowed, outlives the stream */
    const char *cname;           /* RTCP's name for us, copied; NULL = "user@address" */
    uint32_t rtcp_interval_ms;   /* RTCP_Tx_Interval; 0 = no RTCP, and no socket for it */
    bool mark_all_avt;           /* Mark_All_AVT_Packets */
    uint8_t dtmf_volume;         /* DTMF_Tx_Volume_for_AVT_Packet, -dBm0 */
    bool ignore_avt;             /* DTMF_Process_AVT = No: digits of the peer are not told */
    bool symmetric;              /* Symmetric_RTP: send to where packets come from */
    uint8_t tos;                 /* RTP_TOS_DiffServ_Value; 0 = leave it */
};

struct media_handlers { /* each may be NULL, and may drop the stream */
    /** The peer pressed a digit (RFC 2833), once per digit. */
    void (*digit)(char digit, void *arg);
    /** The first packet of the session has come. */
    void (*receiving)(void *arg);
    /** A STUN message has come to the RTP port. */
    void (*beside)(const char *data, size_t len, void *arg);
};

struct media_stats {
    bool active, sending, receiving, secure;
    enum codec_id codec;
    bool audible; /* false: the codec is signalled only, no packets leave */
    uint16_t local_port, ptime_ms;
    struct sockaddr_in remote;
    const char *source; /* text of the source; borrowed */
    uint32_t tx_packets, tx_bytes /* of payload */, tx_errors, tx_digits;
    uint32_t rx_packets, rx_bytes, rx_digits;
    int64_t rx_lost;
    uint32_t rx_late; /* out of order */
    uint32_t rx_duplicate;
    uint32_t rx_foreign;     /* another source, not (yet) believed */
    uint32_t rx_garbage;     /* no RTP, or a payload type that was not agreed */
    uint32_t rx_unauthentic; /* SRTP that does not verify, or is replayed */
    uint32_t rx_jitter_us;   /* RFC 3550 6.4.1 */
    uint32_t rx_age_ms;      /* since the last packet; UINT32_MAX = none yet */
    double rx_level_dbm0;    /* of the last 100 ms; METER_SILENCE when nothing arrives */
    double rx_frequency_hz;  /* strongest; 0 = none */
    uint32_t rtcp_tx, rtcp_rx;
    bool remote_known;       /* the peer has reported on our packets */
    uint8_t remote_fraction; /* lost, of 256 */
    int32_t remote_lost;
    uint32_t remote_jitter_us;
    uint32_t round_trip_us; /* 0 = unknown */
};

/**
 * Open a stream's ports: the first free even one from a random start, so that a phone's calls do
 * not share one after the other [DEF]. Nothing is sent before media_apply().
 *
 * Errors  EADDRINUSE no pair is free; EADDRNOTAVAIL not a local address; EINVAL, also: the group is
 *         none; ENODEV no interface for it; ENOMEM
 */
int media_alloc(struct media **mp, struct loop *lp, const struct media_config *cfg,
                const struct media_handlers *h, void *arg);

/** The RTP port for the offer. */
uint16_t media_port(const struct media *m);

/** What to send from now on; the source is shared. NULL = silence, as at the start. */
void media_set_source(struct media *m, struct media_source *s);

/**
 * Begin, or go on after a re-INVITE, as offer and answer decided: codec, directions, hold, keys.
 * Unchanged keys keep their packet counters.
 *
 * Errors  ENOMEM; EINVAL a session without an address
 */
int media_apply(struct media *m, const struct session_result *s);

/** Go quiet, keep the ports (e.g. between a failed early session and the answer). */
void media_stop(struct media *m);

/**
 * Press a digit for ms (0 = DTMF_TONE_MS); digits queue up.
 *
 * Errors  ENOTSUP telephone-event was not agreed (use INFO); ENOTCONN not sending now; EINVAL no
 *         digit; EOVERFLOW too many waiting
 */
int media_send_digit(struct media *m, char digit, unsigned ms);

/**
 * Conference: what each of the two hears goes to the other, beside its own source. One partner at a
 * time; NULL ends it, closing either does, too.
 */
void media_bridge(struct media *m, struct media *other);

/** A datagram from the RTP port beside the stream, in whatever state that is. Errors: errno's. */
int media_send_beside(struct media *m, const struct sockaddr_in *to, const char *data, size_t len);

/** How it goes. Finding the frequency takes about a millisecond: ask, do not poll. */
void media_stats(const struct media *m, struct media_stats *st);

/** Sound that arrived since *at (0 = from now on), which goes on; at most n samples, 8 kHz. Who
 *  comes later than every 200 ms misses some. Returns how many. */
size_t media_listen(const struct media *m, uint32_t *at, int16_t *pcm, size_t n);

/** Close the ports (RTCP says BYE) and drop the reference; no handler runs afterwards. */
void media_close(struct media *m);

#endif
