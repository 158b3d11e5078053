/* SPDX-License-Identifier: BSD-3-Clause */
/* What a profile is wrapped in: encryption, gzip (provisioning.md 6, 7). Pure, private to sim/prov.
 */
#ifndef SIM_PROV_CONTAINER_H
#define SIM_PROV_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/prov/profile.h"

enum { PROFILE_MAX = 16 << 20 }; /* unpacked bytes [DEF] */

/** E2BIG, told. */
int container_too_large(struct parse_err *pe);

bool container_is_gzip(const uint8_t *data, size_t len);

/** *out is malloc()ed. Errors: EBADMSG broken or cut off; E2BIG; ENOMEM. */
int container_gunzip(uint8_t **out, size_t *out_len, const uint8_t *data, size_t len,
                     struct parse_err *pe);

/** Begins as `openssl enc` begins its files. */
bool container_is_encrypted(const uint8_t *data, size_t len);

struct container_key { /* of an encrypted profile */
    const char *text;  /* pass phrase, or input keying material of RFC 8188; borrowed */
    size_t len;
    enum profile_digest digest; /* of `openssl enc`; AUTO: whichever fits */
};

/**
 * Undo `openssl enc -aes-256-cbc -k key` (7.1): "Salted__", eight bytes of salt, ciphertext. AUTO
 * takes the first of MD5 and SHA-256 that leaves valid padding and what begins like gzip or XML,
 * and key->digest is then the one that fitted. *out is malloc()ed. Errors: EBADMSG wrong key, or
 * cut off; E2BIG; ENOMEM.
 */
int container_decrypt(uint8_t **out, size_t *out_len, const uint8_t *data, size_t len,
                      struct container_key *key, struct parse_err *pe);

/** The reverse, for reports; AUTO is MD5. *out is malloc()ed. Errors: ENOMEM. */
int container_encrypt(uint8_t **out, size_t *out_len, const uint8_t *data, size_t len,
                      const struct container_key *key, const uint8_t salt[8]);

/**
 * Undo Content-Encoding: aes128gcm (RFC 8188, provisioning.md 7.2). *out is malloc()ed.
 * Errors: EBADMSG wrong key, changed or cut off; E2BIG; ENOMEM.
 */
int container_aes128gcm(uint8_t **out, size_t *out_len, const uint8_t *data, size_t len,
                        const struct container_key *key, struct parse_err *pe);

/** The reverse, for reports: one record, no key id. *out is malloc()ed. Errors: ENOMEM. */
int container_aes128gcm_seal(uint8_t **out, size_t *out_len, const uint8_t *data, size_t len,
                             const struct container_key *key, const uint8_t salt[16]);

/** 0 when these bytes may be XML; EPROTO names another format, EBADMSG nothing in it. */
int container_check(const uint8_t *data, size_t len, bool with_key, struct parse_err *pe);

#endif
