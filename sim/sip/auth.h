/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Digest, MD5 only. auth_client.c answers challenges (sip-behaviour.md 2.10: order of parameters,
 * one cached nonce with nc, stale, RFC 2069 form); auth_server.c checks the answers of others (3.2;
 * challenge.h makes the challenges).
 */
#ifndef SIM_SIP_AUTH_H
#define SIM_SIP_AUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pl;
struct rng;

struct auth_client {              /* zeroed = no credentials cached; auth_client_reset() frees */
    char *realm, *nonce, *opaque; /* of the last challenge, as it wrote them; malloc()ed */
    uint32_t nc;                  /* times the nonce has been used */
    uint8_t ha1[16];              /* hash of user:realm:password, with has_ha1 */
    bool has_ha1;
    bool proxy;           /* challenge came as 407 */
    bool qop;             /* it offers qop=auth; false: the RFC 2069 form is sent */
    bool lower_algorithm; /* it spelt algorithm=md5 */
};

enum auth_outcome {
    AUTH_NEW,      /* first challenge or a new nonce */
    AUTH_STALE,    /* stale=true: same password, does not count as a failure */
    AUTH_UNUSABLE, /* no realm or nonce, unknown scheme, algorithm or qop */
};

/** Take the value of one WWW-Authenticate (proxy: Proxy-Authenticate) header field. UNUSABLE leaves
 *  what was cached, or without memory nothing. */
enum auth_outcome auth_client_challenge(struct auth_client *a, const struct pl *value, bool proxy);

/** Is there a nonce to send credentials ahead of a challenge? */
bool auth_client_ready(const struct auth_client *a);

struct auth_request { /* borrowed */
    const char *method, *uri, *user, *password;
    bool order_79xx; /* username,realm,uri,response,nonce,algorithm */
};

/** Print "Digest …" (the header's value) and count nc up. Length, or 0: no challenge is cached, or
 *  it does not fit. */
size_t auth_client_print(struct auth_client *a, char *buf, size_t size,
                         const struct auth_request *r, struct rng *rng);

/** Forget challenge and hash. */
void auth_client_reset(struct auth_client *a);

struct auth_response { /* a parsed Authorization value; "" = the parameter was not there */
    char username[128], realm[128], nonce[80], uri[256], response[33], cnonce[80], opaque[80];
    uint32_t nc; /* with has_qop */
    bool has_qop;
};

/** Parse an Authorization value. EBADMSG malformed; EPROTO other scheme, algorithm or qop. */
int auth_response_parse(struct auth_response *ar, const struct pl *value);

/** Does it prove knowledge of password for method? (qop form and RFC 2069 form) */
bool auth_response_check(const struct auth_response *ar, const char *method, const char *password);

#endif
