/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Session descriptions (SDP): the offer in the phone's own layout, a tolerant reader of what peers
 * write, and the outcome of offer and answer. sip-behaviour.md 5.2 and 5.5. Pure: no I/O, no
 * allocation.
 */
#ifndef SIM_SIP_SESSION_H
#define SIM_SIP_SESSION_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <re.h>

#include "sim/sip/codec.h"

struct rng;

enum {
    SESSION_MEDIA_MAX = 8,    /* m-lines; with more the description is refused (E2BIG) */
    SESSION_FORMATS_MAX = 24, /* of one m-line; further ones are not looked at */
    SESSION_CRYPTO_MAX = 4,
    SESSION_KEY_BYTES = 30,  /* AES_CM_128: 16 key, 14 salt */
    SESSION_TEXT_MAX = 2048, /* enough for any description we write */
};

enum session_style { SESSION_SPA, SESSION_79XX };

enum session_dir { /* bits: what the writer of the attribute does */
                   SESSION_INACTIVE = 0,
                   SESSION_SENDONLY = 1,
                   SESSION_RECVONLY = 2,
                   SESSION_SENDRECV = 3,
};

enum session_annexb { SESSION_ANNEXB_NONE, SESSION_ANNEXB_NO, SESSION_ANNEXB_YES };

enum session_suite { SESSION_SUITE_NONE, SESSION_SUITE_32, SESSION_SUITE_80 };

struct session_config { /* our side */
    enum session_style style;
    struct in_addr addr;
    uint16_t port;                      /* RTP, even */
    uint32_t id, version;               /* SPA: nine digits, equal on the first offer (9.2 [T]) */
    const struct session_codec *codecs; /* in the phone's order */
    size_t n_codecs;
    uint16_t ptime_ms;     /* RTP_Packet_Size; 0 = no line */
    uint8_t dtmf_payload;  /* AVT_Dynamic_Payload; 0 = no telephone-event */
    const char *dtmf_name; /* AVT_Codec_Name; NULL = telephone-event */
    enum session_dir dir;  /* what we want; SENDONLY = we hold the peer */
    bool hold_2543;        /* RFC_2543_Call_Hold: a hold offer carries c=IN IP4 0.0.0.0 */
    bool silence_supp;     /* Silence_Supp_Enable */
    bool list_all;         /* Codec_Negotiation = List All: an answer names every common codec */
    enum session_annexb annexb;
    const uint8_t *srtp_key; /* SESSION_KEY_BYTES; offers RTP/SAVP, accepts it; NULL = plain RTP */
};

struct session_format {
    enum codec_id id; /* CODEC_NONE = unknown to the phones */
    uint8_t payload;
    bool dtmf;      /* telephone-event/8000 */
    struct pl name; /* of rtpmap; empty when there is none */
    uint32_t rate;
};

struct session_crypto {
    uint32_t tag;
    enum session_suite suite;
    uint8_t key[SESSION_KEY_BYTES];
};

struct session_media {
    struct pl kind, proto, formats_text; /* point into the parsed text */
    uint16_t port;                       /* 0 = refused or off */
    bool audio, rtp, secure;             /* rtp: RTP/AVP, RTP/SAVP and the feedback profiles */
    bool has_addr;
    struct in_addr addr;     /* 0.0.0.0 = RFC 2543 hold */
    struct sockaddr_in rtcp; /* a=rtcp, else port + 1 */
    enum session_dir dir;
    uint16_t ptime_ms; /* 0 = none given */
    unsigned n_formats, n_crypto;
    struct session_format formats[SESSION_FORMATS_MAX];
    struct session_crypto crypto[SESSION_CRYPTO_MAX]; /* those we can use */
};

struct session_remote {
    uint64_t id, version; /* of o=; 0 when not numbers */
    unsigned n_media;
    struct session_media media[SESSION_MEDIA_MAX];
};

struct session_result { /* what offer and answer came to, for media.h */
    unsigned index;     /* the m-line in use */
    enum codec_id codec;
    uint8_t payload;      /* of the codec, both ways */
    uint8_t dtmf_payload; /* 0 = none */
    uint16_t ptime_ms;
    enum session_dir dir; /* ours */
    bool send;            /* packets are to be sent */
    bool receive;
    bool held; /* the peer has put us on hold, either style */
    struct sockaddr_in rtp, rtcp;
    enum session_suite suite; /* SESSION_SUITE_NONE = plain RTP */
    uint32_t crypto_tag;
    uint8_t tx_key[SESSION_KEY_BYTES], rx_key[SESSION_KEY_BYTES];
};

/** The phone's layout for this model (79xx has its own). */
enum session_style session_style(const struct device_model *m);

/** A key for srtp_key from the phone's own random numbers: same seed, same key. */
void session_make_key(uint8_t key[SESSION_KEY_BYTES], struct rng *rng);

/** Write an offer. Returns its length, 0 when it does not fit. */
size_t session_print_offer(char *buf, size_t size, const struct session_config *c);

/**
 * Read a description. Line ends may be CRLF, LF or CR; unknown lines and attributes are skipped,
 * spoilt ones too where the rest still makes sense.
 *
 * Owner   r points into text
 * Errors  EBADMSG no description at all; E2BIG too many m-lines
 */
int session_parse(struct session_remote *r, const char *text, size_t len);

/**
 * Judge an offer (5.2): the first audio line with a profile we take and a codec in common, the
 * codec being the first of the offer that is on our list.
 *
 * Errors  EPROTO nothing fits: answer 488
 */
int session_judge_offer(struct session_result *res, const struct session_config *c,
                        const struct session_remote *offer);

/** Write the answer to the judged offer; other m-lines get port 0. Length, 0 = does not fit. */
size_t session_print_answer(char *buf, size_t size, const struct session_config *c,
                            const struct session_remote *offer, const struct session_result *res);

/**
 * Judge the answer to an offer printed from c.
 *
 * Errors  EPROTO refused, or a codec or profile that we did not offer
 */
int session_judge_answer(struct session_result *res, const struct session_config *c,
                         const struct session_remote *answer);

#endif
