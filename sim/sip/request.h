/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests other than REGISTER as bytes, in the header order of sip-behaviour.md 9.3. Pure. */
#ifndef SIM_SIP_REQUEST_H
#define SIM_SIP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pl;
struct ua_line_config;

struct request_params { /* texts may be NULL = left out; "lines" end with CRLF each */
    const char *method, *uri;
    const char *from, *to; /* values, tags included */
    const char *call_id;
    uint32_t cseq, branch;
    uint16_t local_port;
    const char *identity; /* lines behind To: Remote-Party-ID */
    const char *routes;   /* lines */
    const char *auth;     /* credentials */
    bool auth_proxy;
    bool contact;
    const char *before; /* lines before Expires: Accept */
    bool has_expires;
    uint32_t expires;
    const char *event;
    const char *after;     /* lines behind Event: Refer-To, Replaces … */
    bool station_name;     /* P-Station-Name, not sent by a 79xx */
    bool allow;            /* Allow behind Content-Length */
    const char *supported; /* behind it */
    const char *body_type, *body;
    size_t body_len;
};

/** Write a request, with short header names where Use_Compact_Header says so (section 4). Returns
 * its length, 0 when it does not fit. */
size_t print_request(char *buf, size_t size, const struct ua_line_config *c,
                     const struct request_params *p);

/**
 * Write the ACK of a refused INVITE (RFC 3261 17.1.1.3) or its CANCEL (9.1): Request-URI, top Via,
 * From, Call-ID, CSeq number and Route are those of the request. to: the To of the answer, NULL =
 * of the request. Returns its length, 0 when it does not fit.
 */
size_t print_companion(char *buf, size_t size, const struct ua_line_config *c, const char *request,
                       size_t len, const char *method, const struct pl *to);

/** CR and LF, which would forge lines: none in text? */
bool one_line(const char *text);

#endif
