/* SPDX-License-Identifier: BSD-3-Clause */
/* Certificates that one phone believes beside those of the farm: its custom CA (provisioning.md 8).
 */
#ifndef SIM_NET_TRUST_H
#define SIM_NET_TRUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct trust;

/** From a file of certificates, PEM (one or several) or DER (one) [DEF]. Errors: EBADMSG there is
 *  none that can be read in it; ENOMEM. Owner: mem_deref(). */
int trust_alloc(struct trust **tp, const uint8_t *data, size_t len);

/** CN of the first one, "" = it has none. */
const char *trust_name(const struct trust *t);

/** Does the chain of this X509_STORE_CTX, whose own store did not do, end at one of them? */
bool trust_verify(const struct trust *t, void *x509_store_ctx);

#endif
