/* SPDX-License-Identifier: BSD-3-Clause */
/* Encrypted profiles: as they come, and as this key would have made them; alias maps. */
#include <stdlib.h>
#include <string.h>
#include <openssl/evp.h>

#include "sim/prov/alias.h"
#include "sim/prov/container.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char key[] = "k";

static void item_handler(const struct profile_item *item, void *arg)
{
    ++*(unsigned *)arg;
    if (!*item->name)
        abort();
}

static void read_it(const uint8_t *data, size_t size, const char *alias)
{
    const struct profile_options o = {.key = key, .alias = alias};
    struct parse_err pe = {.text = ""};
    unsigned n = 0;

    if (profile_parse(data, size, &o, item_handler, &n, &pe) && (n || !pe.text[0]))
        abort();
}

/* What is encrypted comes back, or is told to be no profile. (Either digest may be right: now and
 * then the other one makes something of a few bytes.) */
static void there_and_back(const uint8_t *data, size_t size, enum profile_digest digest)
{
    const EVP_MD *md = digest == PROFILE_DIGEST_MD5 ? EVP_md5() : EVP_sha256();
    static const uint8_t head[] = "Salted__12345678";
    uint8_t secret[32], iv[16], *file = malloc(size + 64), *plain = NULL;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    struct container_key ck = {.text = key, .len = 1, .digest = digest};
    size_t len = 0;
    int n = 0, rest = 0;

    memcpy(file, head, 16);
    EVP_BytesToKey(EVP_aes_256_cbc(), md, head + 8, (const uint8_t *)key, 1, 1, secret, iv);
    EVP_EncryptInit_ex(ctx, EVP_aes_256_cbc(), NULL, secret, iv);
    EVP_EncryptUpdate(ctx, file + 16, &n, data, (int)size);
    EVP_EncryptFinal_ex(ctx, file + 16 + n, &rest);
    EVP_CIPHER_CTX_free(ctx);
    if (!container_decrypt(&plain, &len, file, 16 + (size_t)(n + rest), &ck, NULL) &&
        (len != size || memcmp(plain, data, size) != 0))
        abort();
    read_it(file, 16 + (size_t)(n + rest), NULL);
    free(plain);
    free(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 20)
        return 0;
    const struct container_key ck = {.text = key, .len = 1};
    uint8_t *plain = NULL;
    size_t len = 0;

    read_it(data, size, NULL);
    if (!container_aes128gcm(&plain, &len, data, size, &ck, NULL) && len >= size)
        abort();
    free(plain);
    there_and_back(data, size, size & 1 ? PROFILE_DIGEST_MD5 : PROFILE_DIGEST_SHA256);
    const uint8_t *zero = memchr(data, 0, size);
    if (zero) /* an alias map, then a file */
        read_it(zero + 1, size - (size_t)(zero + 1 - data), (const char *)data);
    return 0;
}
