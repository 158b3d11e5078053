/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/base/utf8.h"

#include <stdint.h>
#include <string.h>

size_t utf8_length(const char *text, size_t left)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *p = (const unsigned char *)text;
    const size_t len = *p < 0x80   ? 1
                       : *p < 0xc0 ? 0
                       : *p < 0xe0 ? 2
                       : *p < 0xf0 ? 3
                       : *p < 0xf8 ? 4
                                   : 0;

    if (len > left)
        return 0;
    if (len < 2)
        return len;
    uint32_t c = *p & (0x7fU >> len);
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (p[i] & 0x3f);
    }
    return c < smallest[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) ? 0 : len;
}

size_t utf8_len(const char *text)
{
    return utf8_length(text, 4); /* the zero byte at its end continues no character */
}

unsigned utf8_count(const char *text, size_t len)
{
    unsigned n = 0;

    for (const char *p = text; p < text + len && *p; n++) {
        const size_t k = utf8_len(p);
        p += k ? k : 1;
    }
    return n;
}

char *utf8_clean(char *buf, size_t size, const char *text)
{
    size_t at = 0;

    while (*text && at + 1 < size) {
        const size_t len = utf8_len(text);
        if (!len) {
            buf[at++] = '?';
            text++;
            continue;
        }
        if (at + len >= size)
            break;
        memcpy(buf + at, text, len);
        at += len;
        text += len;
    }
    if (size)
        buf[at] = '\0';
    return buf;
}

char *utf8_tame(char *text)
{
    for (char *p = text; *p; p++) {
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            *p = '?';
    }
    return text;
}
