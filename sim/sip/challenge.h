/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The phone as the one who asks for a password: nonces it issued, and what a sender's credentials
 * are worth (sip-behaviour.md 3.2; every rule of the table there is [DEF] unless it says
 * otherwise). Pure but for the clock that the caller reads.
 */
#ifndef SIM_SIP_CHALLENGE_H
#define SIM_SIP_CHALLENGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pl;
struct rng;
struct challenger;

struct challenge_config { /* borrowed */
    const char *realm, *user, *password;
    bool no_qop;           /* U-11: the RFC 2069 form that the SPA9000 trace shows */
    unsigned nonce_digits; /* U-11: 16 hex digits [DEF]; 1 to 16 */
};

enum challenge_result {
    CHALLENGE_PASSED,
    CHALLENGE_MISSING, /* no Digest credentials for this realm: 401 */
    CHALLENGE_STALE,   /* they are right, but the nonce is old, unknown or spent: 401, stale=true */
    CHALLENGE_WRONG,   /* 401 again, or 403 where U-16 says so */
    CHALLENGE_MALFORMED, /* unreadable, or another algorithm than MD5: 400 */
};

/** Without nonces; mem_deref() drops it. Errors: ENOMEM. */
int challenger_alloc(struct challenger **cp);

/**
 * What the Authorization values of one request prove. now_ms: any steady clock; a nonce lives 60 s.
 * ch NULL = no nonce was ever issued.
 */
enum challenge_result challenge_check(struct challenger *ch, const struct challenge_config *c,
                                      const char *method, const struct pl *values, size_t n_values,
                                      uint64_t now_ms);

/** Issue a nonce and write the value of WWW-Authenticate. Length as snprintf. */
int challenge_print(struct challenger *ch, char *buf, size_t size, const struct challenge_config *c,
                    bool stale, uint64_t now_ms, struct rng *rng);

#endif
