/* SPDX-License-Identifier: BSD-3-Clause */
/* What a phone encrypts for its reports, both ways of it: it is read back as it was. The first line
 * is the key, the rest the text. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/prov/container.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A profile begins like XML or gzip; other texts may come back from the other digest, or not. */
static void by_openssl(const uint8_t *data, size_t size, const char *key,
                       enum profile_digest digest)
{
    static const uint8_t salt[8] = "12345678";
    struct container_key ck = {.text = key, .len = strlen(key), .digest = digest};
    uint8_t *box = NULL, *plain = NULL;
    size_t box_len = 0, len = 0;

    if (container_encrypt(&box, &box_len, data, size, &ck, salt))
        abort();
    if (!container_is_encrypted(box, box_len) || box_len != 16 + size / 16 * 16 + 16)
        abort();
    if (container_decrypt(&plain, &len, box, box_len, &ck, NULL) == 0) {
        if (len != size || memcmp(plain, data, size) != 0)
            abort();
    } else if (container_is_gzip(data, size)) {
        abort();
    }
    free(plain);
    free(box);
}

static void by_rfc8188(const uint8_t *data, size_t size, const char *ikm)
{
    static const uint8_t salt[16] = "0123456789abcdef";
    const struct container_key ck = {.text = ikm, .len = strlen(ikm)};
    uint8_t *box = NULL, *plain = NULL;
    size_t box_len = 0, len = 0;

    if (container_aes128gcm_seal(&box, &box_len, data, size, &ck, salt))
        abort();
    if (container_aes128gcm(&plain, &len, box, box_len, &ck, NULL) || len != size ||
        memcmp(plain, data, size) != 0)
        abort();
    free(plain);
    plain = NULL;
    box[box_len / 2] ^= 1; /* who changes it is noticed */
    if (container_aes128gcm(&plain, &len, box, box_len, &ck, NULL) == 0 &&
        (len != size || memcmp(plain, data, size) != 0))
        abort();
    free(plain);
    free(box);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = memchr(data, '\n', size);
    const size_t key_len = end ? (size_t)(end - data) : 0, skip = end ? key_len + 1 : 0;

    if (size > 1 << 20)
        return 0;
    char *key = strndup((const char *)data, key_len);
    if (!key)
        return 0;
    by_openssl(data + skip, size - skip, key, PROFILE_DIGEST_MD5);
    by_openssl(data + skip, size - skip, key, PROFILE_DIGEST_SHA256);
    if (*key) /* without keying material nothing is sealed */
        by_rfc8188(data + skip, size - skip, key);
    free(key);
    return 0;
}
