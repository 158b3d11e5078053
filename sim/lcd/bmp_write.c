/* SPDX-License-Identifier: BSD-3-Clause */
/* BMP as browsers and picture tools take it: 24 bits, uncompressed, from the bottom up. */
#include "sim/lcd/image.h"

#include <errno.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

enum { HEAD_BYTES = 54, INFO_BYTES = 40 };

static void put32(uint8_t *at, size_t v)
{
    for (unsigned i = 0; i < 4; i++)
        at[i] = (uint8_t)(v >> 8 * i);
}

static void put_head(uint8_t *head, const struct image *im, size_t len)
{
    memset(head, 0, HEAD_BYTES);
    memcpy(head, "BM", 2);
    put32(head + 2, len);
    put32(head + 10, HEAD_BYTES);
    put32(head + 14, INFO_BYTES);
    put32(head + 18, im->width);
    put32(head + 22, im->height);
    head[26] = 1; /* plane */
    head[28] = 24;
    put32(head + 34, len - HEAD_BYTES);
}

int image_encode_bmp(const struct image *im, uint8_t **bytes, size_t *len)
{
    const size_t stride = ((size_t)im->width * 3 + 3) & ~(size_t)3;
    uint8_t *buf = mem_zalloc(HEAD_BYTES + stride * im->height, NULL);

    if (!buf)
        return ENOMEM;
    *len = HEAD_BYTES + stride * im->height;
    put_head(buf, im, *len);
    for (unsigned y = 0; y < im->height; y++) {
        const uint8_t *from = im->rgb + (size_t)(im->height - 1 - y) * im->width * 3;
        uint8_t *to = buf + HEAD_BYTES + y * stride;
        for (unsigned x = 0; x < im->width; x++, from += 3, to += 3) {
            to[0] = from[2];
            to[1] = from[1];
            to[2] = from[0];
        }
    }
    *bytes = buf;
    return 0;
}
