/* SPDX-License-Identifier: BSD-3-Clause */
/* Answers to HTTP challenges, Basic and Digest (provisioning.md 4). Pure. */
#ifndef SIM_NET_WEBAUTH_H
#define SIM_NET_WEBAUTH_H

#include <stdint.h>

struct webauth_request {
    const char *method, *uri; /* as in the request line */
    const char *uid, *pwd;
    uint32_t cnonce, nc; /* of Digest with qop; nc counts from 1 */
};

/**
 * *value is what Authorization or Proxy-Authorization says to these challenges, one header value a
 * line; malloc()ed. Digest goes before Basic; MD5 only, with qop "auth" where it is offered [DEF].
 * Errors: ENOENT no challenge that phones answer; ENOMEM.
 */
int webauth_answer(char **value, const char *challenges, const struct webauth_request *req);

#endif
