/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What servers of the BroadSoft kind say about a line (sip-behaviour.md 10): appearances of a
 * shared line in Call-Info headers, and do-not-disturb and forwarding in as-feature-event bodies.
 * Pure.
 */
#ifndef SIM_SIP_CALL_INFO_H
#define SIM_SIP_CALL_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/err.h"

/* ---- shared line appearances ---- */

enum sca_state { /* devices.md 6.3 has the words */
                 SCA_IDLE,
                 SCA_SEIZED,
                 SCA_PROGRESSING,
                 SCA_ALERTING,
                 SCA_ACTIVE,
                 SCA_HELD,
                 SCA_HELD_PRIVATE,
                 SCA_BRIDGE_ACTIVE,
                 SCA_BRIDGE_HELD,
                 SCA_UNKNOWN, /* a word we do not know, or none */
};

enum { SCA_APPEARANCES_MAX = 32, SCA_INDEX_OTHERS = 0 };

struct sca_appearance {
    uint8_t index; /* from 1; SCA_INDEX_OTHERS = "*", all that are not named */
    enum sca_state state;
    char uri[128]; /* appearance-uri, "" = none or too long */
};

struct sca_list { /* zeroed before the first header of a message */
    unsigned n, n_dropped;
    struct sca_appearance appearances[SCA_APPEARANCES_MAX];
};

/** Add the appearances of one Call-Info value, which may hold several (comma). What names no index
 *  from 1 to 255 or "*" is no appearance and left out. Of two for one index the later counts. */
void sca_parse(struct sca_list *list, const char *value, size_t len);

/** State of an appearance; "*" speaks for those not named, UNKNOWN when it is missing too. */
enum sca_state sca_state_of(const struct sca_list *list, unsigned index);

const char *sca_state_name(enum sca_state state);

/**
 * Print a Call-Info value such as "<sip:lab>;appearance-index=1;appearance-state=active"; the state
 * is left out when UNKNOWN, as in a line-seize SUBSCRIBE and the INVITE behind it [UC]. Index
 * SCA_INDEX_OTHERS prints "*". EOVERFLOW does not fit.
 */
int sca_print(char *buf, size_t size, const char *host, unsigned index, enum sca_state state);

/* ---- as-feature-event ---- */

enum feature_kind {
    FEATURE_DND,
    FEATURE_FORWARD_ALL,
    FEATURE_FORWARD_BUSY,
    FEATURE_FORWARD_NO_ANSWER,
    FEATURE_KINDS,
};

struct feature_state {
    bool told[FEATURE_KINDS]; /* what the body speaks of */
    bool on[FEATURE_KINDS];
    char target[FEATURE_KINDS][128]; /* forwardTo or forwardDN, "" = none; too long is cut */
    uint32_t rings;                  /* ringCount of no answer, 0 = not told */
    char device[128];
};

enum { FEATURE_BODY_MAX = 16384 };

/**
 * Read an application/x-as-feature-event+xml document, NOTIFY (DoNotDisturbEvent, ForwardingEvent)
 * or SUBSCRIBE (SetDoNotDisturb, SetForwarding) [UC]. Fields not spoken of keep their value, so
 * that the parts of a multipart body add up. Errors: EBADMSG not XML; EPROTO another document or a
 * field is missing; E2BIG; ENOMEM
 */
int feature_parse(struct feature_state *f, const char *body, size_t len, struct parse_err *pe);

/** The same for a multipart/mixed body; parts of other kinds are passed over. ENOENT no part. */
int feature_parse_multipart(struct feature_state *f, const char *body, size_t len,
                            const char *boundary, struct parse_err *pe);

/** What a phone sends when its user changes a feature [UC]. Forwarding: target "" leaves it out.
 *  EOVERFLOW does not fit. */
int feature_print_set(char *buf, size_t size, enum feature_kind kind, const char *device, bool on,
                      const char *target);

#endif
