/* SPDX-License-Identifier: BSD-3-Clause */
/* TLS of an HTTPS request as phones do it: what they believe, show and speak (provisioning.md 8).
 * For http.c and fetch.c. */
#ifndef SIM_NET_SECRECY_H
#define SIM_NET_SECRECY_H

#include <stdbool.h>
#include <curl/curl.h>

#include "sim/net/fetch.h"

struct secrecy { /* of one request; embedded, lives as long as its easy handle */
    struct fetch_tls tls;
    int (*lookup)(const char *name, void *arg); /* as in http.h */
    void *arg;
    bool unproven;   /* the handshake ended as lookup() did not know */
    char host[256];  /* of the URL */
    char error[200]; /* why the server was not believed; "" = it was */
};

/** Set the easy handle up for it. Errors: EINVAL a version that is none; ENOMEM. */
int secrecy_start(struct secrecy *s, CURL *easy, const struct fetch_tls *tls, const char *url);

/** Why it failed as users read it, from curl's text: "TLS alert: certificate required", why the
 *  server was not believed, or in the handshake "TLS handshake: connection closed". NULL = for
 *  another reason. */
const char *secrecy_failure(struct secrecy *s, const char *curl_error, bool shaking_hands);

#endif
