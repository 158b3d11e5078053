/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * STUN Binding requests and responses as bytes (RFC 3489, 5389), over libre's codec: as much as a
 * phone's mapping discovery and NAT type test take. Pure.
 */
#ifndef SIM_SIP_BINDING_H
#define SIM_SIP_BINDING_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BINDING_TID = 12,
    BINDING_MAX = 64, /* bytes of a request */
};

struct binding { /* a response */
    uint8_t tid[BINDING_TID];
    bool refused;              /* error response */
    struct sockaddr_in mapped; /* what the server saw; port 0 = not told */
    struct sockaddr_in other;  /* OTHER-ADDRESS, or CHANGED-ADDRESS of RFC 3489; port 0 = none */
};

/** A request; change: to be answered from the server's other address and port. Length, 0 = no
 *  memory. */
size_t binding_print(char buf[BINDING_MAX], const uint8_t tid[BINDING_TID], bool change);

/** Is it STUN, not SIP? By the magic cookie, which servers of RFC 3489 echo as part of the id. */
bool binding_is(const char *data, size_t len);

/** Transaction id of what binding_is(). */
const uint8_t *binding_tid(const char *data);

/** Errors: EBADMSG; EPROTO no response to a Binding request; ENOMEM. */
int binding_parse(struct binding *b, const char *data, size_t len);

#endif
