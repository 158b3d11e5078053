/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What both sides of Digest share (RFC 2617, MD5 only): its hashes and its list of parameters. For
 * auth_client.c and auth_server.c. Pure.
 */
#ifndef SIM_SIP_DIGEST_H
#define SIM_SIP_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pl;
struct writer;

enum { DIGEST_BYTES = 16 };

/** Hash "a:b:c", or "a:b" where c is NULL: HA1 and HA2. False: longer than 2048 bytes. */
bool digest_hash(uint8_t digest[DIGEST_BYTES], const char *a, const char *b, const char *c);

/** The response, with qop=auth; cnonce NULL: without qop, as RFC 2069 has it. False: too long. */
bool digest_response(uint8_t digest[DIGEST_BYTES], const uint8_t *ha1, const char *nonce,
                     uint32_t nc, const char *cnonce, const uint8_t *ha2);

/** Bytes as lower-case hex digits. */
void digest_put_hex(struct writer *w, const uint8_t *bytes, size_t n);

/** Take "Digest" off the beginning of a header value, in any case. False: another scheme. */
bool digest_scheme(struct pl *in);

/** Take the next name=value; a quoted value comes without its quotes, escapes as written. Errors:
 *  ENOENT there is no further one; EBADMSG. */
int digest_param(struct pl *in, struct pl *name, struct pl *val);

/** Linear white space of RFC 3261. */
bool digest_is_space(char c);

#endif
