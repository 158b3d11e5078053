/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/xml/cip.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

size_t cip_hex(uint8_t *out, size_t size, const char *text, int *bad)
{
    size_t n = 0;
    int high = -1;

    *bad = 0;
    for (; *text; text++) {
        const int v = hex_value(*text);
        if (isspace((unsigned char)*text))
            continue;
        if (v < 0) {
            *bad = 1;
            break;
        }
        if (high < 0) {
            high = v;
        } else {
            if (n < size)
                out[n] = (uint8_t)(high << 4 | v);
            n++;
            high = -1;
        }
    }
    if (high >= 0)
        *bad = 1;
    return n;
}

size_t cip_bytes(unsigned width, unsigned height)
{
    return ((size_t)width * height + 3) / 4;
}

void cip_put(uint8_t *out, size_t i, unsigned level)
{
    out[i / 4] |= (uint8_t)(level << 2 * (i % 4));
}

/* Depth 1 has no documented packing: eight pixels a byte, the leftmost lowest (3.9 [DEF]). */
static unsigned level_1(const uint8_t *data, size_t len, size_t i)
{
    return i / 8 < len && data[i / 8] >> i % 8 & 1 ? 3 : 0;
}

static unsigned level_2(const uint8_t *data, size_t len, size_t i)
{
    return i / 4 < len ? data[i / 4] >> 2 * (i % 4) & 3u : 0;
}

void cip_unpack(uint8_t *out, unsigned width, unsigned height, unsigned depth, const uint8_t *data,
                size_t len)
{
    const size_t joined = cip_bytes(width, height), row = (width + 3) / 4;
    const bool padded = depth == 2 && len == row * height && len != joined;
    const bool one = depth == 1 && len < joined; /* as many bytes as depth 2 needs: it is depth 2 */

    memset(out, 0, joined);
    for (unsigned y = 0; y < height; y++) {
        for (unsigned x = 0; x < width; x++) {
            const size_t i = (size_t)y * width + x;
            cip_put(out, i,
                    one      ? level_1(data, len, i)
                    : padded ? level_2(data, len, y * row * 4 + x)
                             : level_2(data, len, i));
        }
    }
}
