/* SPDX-License-Identifier: BSD-3-Clause */
/* AES-256-CBC as `openssl enc` writes it (provisioning.md 7.1). */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "sim/prov/container.h"

enum {
    MAGIC_BYTES = 8,
    SALT_BYTES = 8,
    HEAD_BYTES = 16,
    BLOCK_BYTES = 16,
    KEY_BYTES = 32,
    LOOK_BYTES = 512, /* of what was decrypted */
};

enum profile_digest profile_digest_named(const char *name)
{
    return strcasecmp(name, "md5") == 0      ? PROFILE_DIGEST_MD5
           : strcasecmp(name, "sha256") == 0 ? PROFILE_DIGEST_SHA256
                                             : PROFILE_DIGEST_AUTO;
}

bool container_is_encrypted(const uint8_t *data, size_t len)
{
    return len >= MAGIC_BYTES && memcmp(data, "Salted__", MAGIC_BYTES) == 0;
}

/* Decrypted content that a phone could go on with: gzip, or XML behind BOM and blanks. */
static bool plausible(const uint8_t *data, size_t len)
{
    size_t at = 0;

    if (container_is_gzip(data, len))
        return true;
    if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
        at = 3;
    while (at < len && isspace(data[at]))
        at++;
    if (at == len || data[at] != '<')
        return false;
    for (; at < len && at < LOOK_BYTES; at++) { /* as other digests leave it, too, now and then */
        if (data[at] < 0x20 && !isspace(data[at]))
            return false;
    }
    return true;
}

/* 0, EBADMSG the padding is wrong, ENOMEM */
static int open_with(uint8_t *out, size_t *out_len, const uint8_t *data, size_t len,
                     const struct container_key *key, const EVP_MD *md)
{
    uint8_t secret[KEY_BYTES], iv[BLOCK_BYTES];
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int n = 0, rest = 0, err = 0;

    if (!ctx ||
        !EVP_BytesToKey(EVP_aes_256_cbc(), md, data + MAGIC_BYTES, (const uint8_t *)key->text,
                        (int)key->len, 1, secret, iv) ||
        !EVP_DecryptInit_ex(ctx, EVP_aes_256_cbc(), NULL, secret, iv) ||
        !EVP_DecryptUpdate(ctx, out, &n, data + HEAD_BYTES, (int)(len - HEAD_BYTES)))
        err = ENOMEM;
    else if (!EVP_DecryptFinal_ex(ctx, out + n, &rest))
        err = EBADMSG;
    *out_len = (size_t)(n + rest);
    OPENSSL_cleanse(secret, sizeof(secret));
    EVP_CIPHER_CTX_free(ctx);
    ERR_clear_error();
    return err;
}

static int wrong_key(struct parse_err *pe, enum profile_digest digest)
{
    return parse_err_set(pe, EBADMSG, 0, 0, "encrypted profile: wrong key, or cut off (%s)",
                         digest == PROFILE_DIGEST_MD5 ? "tried MD5"
                         : digest == PROFILE_DIGEST_SHA256
                             ? "tried SHA-256"
                             : "tried MD5 and SHA-256, and no PBKDF2");
}

int container_decrypt(uint8_t **out, size_t *out_len, const uint8_t *data, size_t len,
                      struct container_key *key, struct parse_err *pe)
{
    const enum profile_digest asked = key->digest;
    int err = EBADMSG;

    if (len > PROFILE_MAX)
        return container_too_large(pe);
    if (len < HEAD_BYTES + BLOCK_BYTES || (len - HEAD_BYTES) % BLOCK_BYTES)
        return parse_err_set(pe, EBADMSG, 0, 0,
                             "encrypted profile: cut off (no whole number of blocks)");
    uint8_t *plain = malloc(len);
    if (!plain)
        return ENOMEM;
    for (enum profile_digest d = PROFILE_DIGEST_MD5; d <= PROFILE_DIGEST_SHA256 && err; d++) {
        if (asked != PROFILE_DIGEST_AUTO && asked != d)
            continue;
        err = open_with(plain, out_len, data, len, key,
                        d == PROFILE_DIGEST_MD5 ? EVP_md5() : EVP_sha256());
        if (!err && !plausible(plain, *out_len))
            err = EBADMSG;
        key->digest = d;
    }
    if (!err)
        *out = plain;
    else
        free(plain);
    return err == EBADMSG ? wrong_key(pe, asked) : err;
}

int container_encrypt(uint8_t **out, size_t *out_len, const uint8_t *data, size_t len,
                      const struct container_key *key, const uint8_t salt[8])
{
    const EVP_MD *md = key->digest == PROFILE_DIGEST_SHA256 ? EVP_sha256() : EVP_md5();
    uint8_t secret[KEY_BYTES], iv[BLOCK_BYTES];
    uint8_t *box = malloc(HEAD_BYTES + len + BLOCK_BYTES);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int n = 0, rest = 0, err = 0;

    if (!box || !ctx || len > PROFILE_MAX ||
        !EVP_BytesToKey(EVP_aes_256_cbc(), md, salt, (const uint8_t *)key->text, (int)key->len, 1,
                        secret, iv) ||
        !EVP_EncryptInit_ex(ctx, EVP_aes_256_cbc(), NULL, secret, iv) ||
        !EVP_EncryptUpdate(ctx, box + HEAD_BYTES, &n, data, (int)len) ||
        !EVP_EncryptFinal_ex(ctx, box + HEAD_BYTES + n, &rest))
        err = ENOMEM;
    OPENSSL_cleanse(secret, sizeof(secret));
    EVP_CIPHER_CTX_free(ctx);
    ERR_clear_error();
    if (err) {
        free(box);
        return err;
    }
    memcpy(box, "Salted__", MAGIC_BYTES);
    memcpy(box + MAGIC_BYTES, salt, SALT_BYTES);
    *out = box;
    *out_len = HEAD_BYTES + (size_t)(n + rest);
    return 0;
}
