/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/xml/charset.h"

#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/base/xmldoc.h"

enum { CHARSET_BYTES = 40, PROLOG_MAX = 200 };

/* encoding="…" of the prolog. */
static bool prolog_encoding(const char *data, size_t len, char *name)
{
    const size_t prolog = len < PROLOG_MAX ? len : PROLOG_MAX;
    const char *end = memmem(data, prolog, "?>", 2);

    if (prolog < 5 || memcmp(data, "<?xml", 5) != 0 || !end)
        return false;
    const char *p = memmem(data, (size_t)(end - data), "encoding", 8);
    if (!p)
        return false;
    for (p += 8; p < end && (isspace((unsigned char)*p) || *p == '='); p++)
        ;
    if (p >= end || (*p != '"' && *p != '\''))
        return false;
    const char *close = memchr(p + 1, *p, (size_t)(end - p - 1));
    const size_t n = close ? (size_t)(close - p - 1) : 0;
    if (!n || n >= CHARSET_BYTES)
        return false;
    memcpy(name, p + 1, n);
    name[n] = '\0';
    return true;
}

/* Every byte of Latin-1 is the number of its character. */
static int from_latin1(char **out, size_t *out_len, const uint8_t *data, size_t len)
{
    char *text = malloc(2 * len + 1);
    size_t n = 0;

    if (!text)
        return ENOMEM;
    for (size_t i = 0; i < len; i++) {
        if (data[i] < 0x80) {
            text[n++] = (char)data[i];
        } else {
            text[n++] = (char)(0xc0 | data[i] >> 6);
            text[n++] = (char)(0x80 | (data[i] & 0x3f));
        }
    }
    text[n] = '\0';
    *out = text;
    *out_len = n;
    return 0;
}

/* Any other charset, as far as the C library knows it; 0 also when it does not. */
static int by_name(char **out, size_t *out_len, const uint8_t *data, size_t len, const char *name)
{
    const iconv_t cd = iconv_open("UTF-8", name);
    char *in = (char *)(uintptr_t)data, *text, *at;
    size_t left = len, room = 4 * len + 1;

    if (cd == (iconv_t)-1)
        return 0;
    text = at = malloc(room);
    if (text && iconv(cd, &in, &left, &at, &room) != (size_t)-1 && room) {
        *at = '\0';
        *out = text;
        *out_len = (size_t)(at - text);
    } else {
        free(text);
    }
    iconv_close(cd);
    return text ? 0 : ENOMEM;
}

static bool plain_name(const char *name)
{
    return *name && name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                      "0123456789-_")] == '\0';
}

static const char *byte_order(const uint8_t *data, size_t len)
{
    if (len >= 2 && data[0] == 0xff && data[1] == 0xfe)
        return "UTF-16";
    return len >= 2 && data[0] == 0xfe && data[1] == 0xff ? "UTF-16" : NULL;
}

/* It was UTF-8 all along when nothing had to be converted. */
static bool is_unchanged(const uint8_t *data, size_t len, const char *text, size_t text_len)
{
    return len == text_len && memcmp(data, text, len) == 0;
}

int page_decode(struct page_bytes *out, const uint8_t *data, size_t len, const char *charset,
                bool latin1)
{
    char name[CHARSET_BYTES];
    const char *wide = byte_order(data, len);
    int err = 0;

    *out = (struct page_bytes){.text = NULL};
    if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
        data += 3;
        len -= 3;
        latin1 = false;
    }
    for (; len && isspace(*data); data++, len--)
        out->lines_skipped += *data == '\n';
    if (wide)
        charset = wide;
    else if (prolog_encoding((const char *)data, len, name))
        charset = name;
    if (charset && (!strcasecmp(charset, "utf-8") || !strcasecmp(charset, "utf8")))
        latin1 = false;
    else if (charset && !strcasecmp(charset, "iso-8859-1"))
        latin1 = true;
    else if (charset && plain_name(charset))
        err = by_name(&out->text, &out->len, data, len, charset);
    if (err || out->text)
        return err;
    err = latin1 ? from_latin1(&out->text, &out->len, data, len)
                 : xml_to_utf8(&out->text, &out->len, data, len);
    if (!err) {
        out->guessed = !latin1 && !is_unchanged(data, len, out->text, out->len);
        out->latin1 = latin1 || out->guessed;
    }
    return err;
}

const char *page_charset(const char *content_type, char *buf, size_t size)
{
    const char *p = content_type ? strcasestr(content_type, "charset=") : NULL;

    if (!p)
        return NULL;
    p += 8;
    p += *p == '"';
    const size_t n = strcspn(p, "\"; \t\r\n");
    if (!n || n >= size)
        return NULL;
    memcpy(buf, p, n);
    buf[n] = '\0';
    return buf;
}
