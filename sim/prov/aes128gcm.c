/* SPDX-License-Identifier: BSD-3-Clause */
/* Encrypted content encoding of RFC 8188, for MPP phones (provisioning.md 7.2). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "sim/prov/container.h"

enum { SALT_BYTES = 16, KEY_BYTES = 16, NONCE_BYTES = 12, TAG_BYTES = 16, HASH_BYTES = 32 };

struct keys {
    uint8_t key[KEY_BYTES], nonce[NONCE_BYTES];
};

static int broken(struct parse_err *pe, const char *what)
{
    return parse_err_set(pe, EBADMSG, 0, 0, "encrypted profile (RFC 8188): %s", what);
}

static bool hmac(uint8_t out[HASH_BYTES], const uint8_t *key, size_t key_len, const void *data,
                 size_t len)
{
    unsigned n;
    return HMAC(EVP_sha256(), key, (int)key_len, data, len, out, &n) != NULL;
}

/* HKDF-SHA-256; the zero at the end of each info string is part of it, as is the counter 1. */
static bool derive(struct keys *k, const uint8_t salt[SALT_BYTES], const struct container_key *key)
{
    static const char key_info[] = "Content-Encoding: aes128gcm\0\1";
    static const char nonce_info[] = "Content-Encoding: nonce\0\1";
    uint8_t prk[HASH_BYTES], out[HASH_BYTES];

    if (!hmac(prk, salt, SALT_BYTES, key->text, key->len) ||
        !hmac(out, prk, HASH_BYTES, key_info, sizeof(key_info) - 1))
        return false;
    memcpy(k->key, out, KEY_BYTES);
    if (!hmac(out, prk, HASH_BYTES, nonce_info, sizeof(nonce_info) - 1))
        return false;
    memcpy(k->nonce, out, NONCE_BYTES);
    return true;
}

/* One record; 0, EBADMSG its tag is wrong, ENOMEM */
static int open_record(uint8_t *out, const struct keys *k, uint32_t number, const uint8_t *data,
                       size_t len)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    uint8_t nonce[NONCE_BYTES], tag[TAG_BYTES];
    int n, rest, err = 0;

    memcpy(nonce, k->nonce, NONCE_BYTES);
    for (unsigned i = 0; i < 4; i++)
        nonce[NONCE_BYTES - 1 - i] ^= (uint8_t)(number >> 8 * i);
    memcpy(tag, data + len - TAG_BYTES, TAG_BYTES);
    if (!ctx || !EVP_DecryptInit_ex(ctx, EVP_aes_128_gcm(), NULL, k->key, nonce) ||
        !EVP_DecryptUpdate(ctx, out, &n, data, (int)(len - TAG_BYTES)) ||
        !EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, TAG_BYTES, tag))
        err = ENOMEM;
    else if (!EVP_DecryptFinal_ex(ctx, out + n, &rest))
        err = EBADMSG;
    EVP_CIPHER_CTX_free(ctx);
    ERR_clear_error();
    return err;
}

/* Content ends at a delimiter, 2 in the last record, 1 in the others, and zeros behind it. */
static bool cut_padding(const uint8_t *record, size_t *len, bool last)
{
    while (*len && !record[*len - 1])
        --*len;
    return *len && record[--*len] == (last ? 2 : 1);
}

static int open_records(uint8_t *out, size_t *out_len, const struct keys *k, const uint8_t *data,
                        size_t len, size_t record_bytes)
{
    for (uint32_t number = 0; len; number++) {
        const size_t n = len < record_bytes ? len : record_bytes;
        size_t content = n - TAG_BYTES;
        if (n <= TAG_BYTES)
            return EBADMSG;
        const int err = open_record(out + *out_len, k, number, data, n);
        if (err)
            return err;
        data += n;
        len -= n;
        if (!cut_padding(out + *out_len, &content, !len))
            return EBADMSG;
        *out_len += content;
    }
    return 0;
}

int container_aes128gcm(uint8_t **out, size_t *out_len, const uint8_t *data, size_t len,
                        const struct container_key *key, struct parse_err *pe)
{
    const size_t head = SALT_BYTES + 5;
    struct keys k;

    if (len > PROFILE_MAX)
        return container_too_large(pe);
    if (len < head || len - head < data[head - 1] + (size_t)TAG_BYTES + 1)
        return broken(pe, "cut off");
    const uint8_t *at = data + SALT_BYTES, *records = data + head + data[head - 1];
    const size_t record_bytes =
        (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
    if (record_bytes < TAG_BYTES + 2)
        return broken(pe, "records too small");
    uint8_t *plain = malloc(len);
    if (!plain || !derive(&k, data, key)) {
        free(plain);
        return ENOMEM;
    }
    *out_len = 0;
    const int err =
        open_records(plain, out_len, &k, records, len - (size_t)(records - data), record_bytes);
    if (err)
        free(plain);
    else
        *out = plain;
    return err == EBADMSG ? broken(pe, "wrong key, changed or cut off") : err;
}

/* ---- the reverse */

/* The record that the delimiter 2 ends, and its tag. */
static bool seal_record(uint8_t *out, const struct keys *k, const uint8_t *data, size_t len)
{
    static const uint8_t last = 2;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int n = 0, more = 0, rest = 0;

    const bool ok = ctx && EVP_EncryptInit_ex(ctx, EVP_aes_128_gcm(), NULL, k->key, k->nonce) &&
                    EVP_EncryptUpdate(ctx, out, &n, data, (int)len) &&
                    EVP_EncryptUpdate(ctx, out + n, &more, &last, 1) &&
                    EVP_EncryptFinal_ex(ctx, out + n + more, &rest) &&
                    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, out + len + 1);
    EVP_CIPHER_CTX_free(ctx);
    ERR_clear_error();
    return ok;
}

int container_aes128gcm_seal(uint8_t **out, size_t *out_len, const uint8_t *data, size_t len,
                             const struct container_key *key, const uint8_t salt[16])
{
    const size_t head = SALT_BYTES + 5, record_bytes = len + 1 + TAG_BYTES;
    struct keys k;

    if (len > PROFILE_MAX)
        return ENOMEM;
    uint8_t *box = malloc(head + record_bytes);
    if (!box || !derive(&k, salt, key) || !seal_record(box + head, &k, data, len)) {
        free(box);
        return ENOMEM;
    }
    memcpy(box, salt, SALT_BYTES);
    const size_t told = len ? record_bytes : record_bytes + 1; /* less than 18 are too few */
    for (unsigned i = 0; i < 4; i++)
        box[SALT_BYTES + i] = (uint8_t)(told >> 8 * (3 - i));
    box[head - 1] = 0;
    *out = box;
    *out_len = head + record_bytes;
    return 0;
}
