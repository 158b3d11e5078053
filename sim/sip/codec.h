/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Codecs as phones name and number them: which model offers which, in which order (sip-behaviour.md
 * 5.2, devices.md 1.4). Pure.
 */
#ifndef SIM_SIP_CODEC_H
#define SIM_SIP_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct device_model;

enum codec_id {
    CODEC_NONE, /* "Unspecified", or a format the phones do not know */
    CODEC_PCMU,
    CODEC_PCMA,
    CODEC_G722,
    CODEC_G729A,
    CODEC_G729AB,
    CODEC_G726_16,
    CODEC_G726_24,
    CODEC_G726_32,
    CODEC_G726_40,
    CODEC_ILBC,
    CODEC_OPUS,
    CODEC_COUNT
};

enum {
    CODEC_PREFERRED_MAX = 3, /* Preferred_Codec, Second_ and Third_Preferred_Codec */
    CODEC_BIT_ALL = (1 << CODEC_COUNT) - 1,
};

struct codec_info {
    const char *param; /* as Preferred_Codec spells it */
    const char *name;  /* as a=rtpmap spells it */
    uint32_t rate;     /* RTP clock, Hz */
    uint8_t payload;   /* default type */
    uint8_t channels;  /* 0 = not written */
    bool audible;      /* coded and decoded for real; the others are signalled only */
};

struct session_codec { /* one codec of a phone's list */
    enum codec_id id;
    uint8_t payload;
    const char *name; /* rtpmap name, borrowed; NULL = the usual one */
};

struct codec_choice { /* what the extension's parameters say; all zero but `enabled` = factory */
    uint32_t enabled; /* 1 << codec_id; *_Enable_n_ */
    enum codec_id preferred[CODEC_PREFERRED_MAX]; /* CODEC_NONE = Unspecified */
    bool preferred_only;                          /* Use_Pref_Codec_Only */
    uint8_t payloads[CODEC_COUNT];                /* *_Dynamic_Payload; 0 = default */
    const char *names[CODEC_COUNT];               /* *_Codec_Name; NULL or "" = default */
};

/** What is known of a codec; of CODEC_NONE an empty row. Never NULL. */
const struct codec_info *codec_info(enum codec_id id);

/** By the spelling of the parameters ("G711u", "G726-32"), any case; CODEC_NONE when unknown. */
enum codec_id codec_find_param(const char *text);

/** By static payload type 0..95, whatever name the peer gives it (5.2, SUG). */
enum codec_id codec_find_static(uint8_t payload);

/** By rtpmap name and clock, any case; both G729 spellings are known. */
enum codec_id codec_find_name(const char *name, size_t len, uint32_t rate);

/** The codecs a model can offer, as bits 1 << codec_id (devices.md 1.4). */
uint32_t codec_model_bits(const struct device_model *m);

/**
 * The list a phone offers: preferred ones first, the rest in ascending payload type (5.2 [T] for
 * PCMU preferred, [UC] otherwise). A preferred codec counts even where its Enable is No [DEF].
 *
 * Shape   out has room for CODEC_COUNT entries
 * Result  number of codecs; with an empty choice at least PCMU, as a phone without any cannot call
 */
size_t codec_list(struct session_codec *out, const struct device_model *m,
                  const struct codec_choice *c);

#endif
