/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes of a file → text of a profile: gzip (provisioning.md 6), formats by their first bytes. */
#include "sim/prov/container.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

int container_too_large(struct parse_err *pe)
{
    return parse_err_set(pe, E2BIG, 0, 0, "larger than %d bytes", PROFILE_MAX);
}

/* Room for more unpacked bytes, up to one more than a profile may have. */
static int grow(uint8_t **buf, size_t *size)
{
    const size_t wanted = *size > PROFILE_MAX / 2 ? PROFILE_MAX + 1 : *size * 2;
    uint8_t *bigger = realloc(*buf, wanted);

    if (!bigger)
        return ENOMEM;
    *buf = bigger;
    *size = wanted;
    return 0;
}

static int gunzip_error(int status, struct parse_err *pe)
{
    return status == Z_STREAM_END  ? 0
           : status == Z_MEM_ERROR ? ENOMEM
                                   : parse_err_set(pe, EBADMSG, 0, 0, "gzip data broken");
}

/* Section 6: a gzip container, told by its first two bytes. */
int container_gunzip(uint8_t **out, size_t *out_len, const uint8_t *data, size_t len,
                     struct parse_err *pe)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)data, .avail_in = (uInt)len};
    uint8_t *buf = NULL;
    size_t size = len + 2048; /* doubled before the first byte is written */
    int err = 0, status = inflateInit2(&z, 16 + MAX_WBITS);

    if (status != Z_OK)
        return ENOMEM;
    while (status == Z_OK && !err) {
        if (!buf || z.total_out == size)
            err = z.total_out > PROFILE_MAX ? container_too_large(pe) : grow(&buf, &size);
        if (!err) {
            z.next_out = buf + z.total_out;
            z.avail_out = (uInt)(size - z.total_out);
            status = inflate(&z, Z_NO_FLUSH);
        }
    }
    if (!err)
        err = z.total_out > PROFILE_MAX ? container_too_large(pe) : gunzip_error(status, pe);
    *out_len = z.total_out;
    inflateEnd(&z);
    if (err)
        free(buf);
    else
        *out = buf;
    return err;
}

static bool begins(const uint8_t *data, size_t len, const char *magic, size_t n)
{
    return len >= n && memcmp(data, magic, n) == 0;
}

static const struct { /* what servers send in place of profiles, by mistake or by habit */
    const char *magic;
    uint8_t len;
    const char *name;
} formats[] = {
    {"Salted__", 8, "encrypted profile (AES-256-CBC), and there is no key"},
    {"U2FsdGVkX1", 10, "base64 text of openssl enc (without -a it writes what phones read)"},
    {"\xff\xfe", 2, "UTF-16 text"},
    {"\xfe\xff", 2, "UTF-16 text"},
    {"x\x01", 2, "zlib stream (phones want a gzip header)"}, /* 6, G3 */
    {"x\x9c", 2, "zlib stream (phones want a gzip header)"},
    {"x\xda", 2, "zlib stream (phones want a gzip header)"},
    {"PK\x03\x04", 4, "zip archive"},
    {"BZh", 3, "bzip2 file"},
    {"\xfd"
     "7zXZ",
     5, "xz file"},
    {"\x28\xb5\x2f\xfd", 4, "zstd file"},
    {"7z\xbc\xaf\x27\x1c", 6, "7z archive"},
    {"\x7f"
     "ELF",
     4, "program"},
    {"%PDF", 4, "PDF document"},
    {"-----BEGIN ", 11, "PEM file"},
};

static bool has_zero(const uint8_t *data, size_t len)
{
    return memchr(data, 0, len) != NULL;
}

/* Scrambled bytes: many of them are neither text nor blanks. */
static bool is_binary(const uint8_t *data, size_t len)
{
    size_t n = 0;

    if (has_zero(data, len))
        return true;
    len = len > 512 ? 512 : len;
    for (size_t i = 0; i < len; i++)
        n += (data[i] < 0x20 && !isspace(data[i])) || data[i] == 0x7f;
    return n * 20 > len;
}

/* 'Name "value" ;' with # comments: the source that spc compiles (7.3). */
static bool is_plain_text(const uint8_t *data, size_t len)
{
    size_t i = 0;

    while (i < len && (isspace(data[i]) || data[i] == '#')) {
        if (data[i] == '#')
            while (i < len && data[i] != '\n')
                i++;
        else
            i++;
    }
    const size_t from = i;
    while (i < len && (isalnum(data[i]) || strchr("_-.[]/", data[i])))
        i++;
    if (i == from)
        return false;
    while (i < len && strchr(" \t?!", data[i]))
        i++;
    return i < len && (data[i] == '"' || data[i] == ';');
}

int container_check(const uint8_t *data, size_t len, bool with_key, struct parse_err *pe)
{
    size_t at = 0;

    if (with_key && begins(data, len, "Salted__", 8))
        return parse_err_set(pe, EPROTO, 0, 0,
                             "encrypted profile inside gzip: phones decrypt before they unpack");
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (begins(data, len, formats[i].magic, formats[i].len))
            return parse_err_set(pe, EPROTO, 0, 0, "%s: not a profile that a phone reads",
                                 formats[i].name);
    }
    while (at < len && isspace(data[at]))
        at++;
    if (at == len)
        return parse_err_set(pe, EBADMSG, 1, 1, "empty file");
    if (data[at] == '<' || begins(data, len, "\xef\xbb\xbf", 3))
        return 0;
    if (is_binary(data, len)) /* the format is not documented; a key tells how it was compiled */
        return parse_err_set(pe, EPROTO, 0, 0, "binary SPC profile, %s: not supported",
                             with_key ? "compiled with an explicit key"
                                      : "compiled without a key (generic or for one MAC)");
    if (is_plain_text(data + at, len - at))
        return parse_err_set(pe, EPROTO, 0, 0,
                             "plain-text SPC source, which is to be compiled: not supported");
    return 0;
}

bool container_is_gzip(const uint8_t *data, size_t len)
{
    return begins(data, len, "\x1f\x8b", 2);
}
