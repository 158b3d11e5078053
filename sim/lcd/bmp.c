/* SPDX-License-Identifier: BSD-3-Clause */
/* Windows bitmaps as phones are given them: not compressed, 1 to 32 bits a pixel. Every offset is
 * checked against the file; pixels that it lacks make it a broken one. */
#include "sim/lcd/image.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

enum {
    FILE_HEADER = 14,
    CORE_HEADER = 12, /* of OS/2: 16-bit sizes, three bytes a colour */
    INFO_HEADER = 40, /* and its longer successors */
    HEADER_MAX = 256,
    SIDE_MAX = 1 << 15,
    RGB = 0, /* compression */
    BITFIELDS = 3,
};

struct bmp {
    const uint8_t *bytes;
    size_t len, pixels, row_bytes, palette;
    unsigned width, height, bits, n_colors, color_bytes;
    uint32_t masks[3]; /* red, green, blue of 16 and 32 bits */
    bool top_down;
};

static uint32_t u16(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8;
}

static uint32_t u32(const uint8_t *p)
{
    return u16(p) | u16(p + 2) << 16;
}

static bool read_sizes(struct bmp *b, const uint8_t *header, uint32_t header_bytes)
{
    int64_t width, height;

    if (header_bytes == CORE_HEADER) {
        width = u16(header + 4);
        height = u16(header + 6);
        b->bits = u16(header + 10);
    } else {
        width = (int32_t)u32(header + 4);
        height = (int32_t)u32(header + 8);
        b->bits = u16(header + 14);
        b->n_colors = u32(header + 32);
    }
    b->top_down = height < 0;
    height = height < 0 ? -height : height;
    b->width = (unsigned)width;
    b->height = (unsigned)height;
    return width > 0 && width <= SIDE_MAX && height > 0 && height <= SIDE_MAX;
}

/* Where the colours of a pixel are; false: a packing that is not read. */
static bool read_packing(struct bmp *b, const uint8_t *header, uint32_t header_bytes)
{
    const uint32_t packing = header_bytes == CORE_HEADER ? RGB : u32(header + 16);

    if (b->bits == 16)
        memcpy(b->masks, (const uint32_t[]){0x7c00, 0x3e0, 0x1f}, sizeof(b->masks));
    else
        memcpy(b->masks, (const uint32_t[]){0xff0000, 0xff00, 0xff}, sizeof(b->masks));
    if (packing == RGB)
        return b->bits == 1 || b->bits == 4 || b->bits == 8 || b->bits == 16 || b->bits == 24 ||
               b->bits == 32;
    if (packing != BITFIELDS || (b->bits != 16 && b->bits != 32) ||
        b->len < FILE_HEADER + INFO_HEADER + 12)
        return false;
    for (unsigned i = 0; i < 3; i++) /* in the header, or right behind one of 40 bytes */
        b->masks[i] = u32(header + INFO_HEADER + 4 * i);
    return true;
}

static int parse(struct bmp *b, const uint8_t *bytes, size_t len)
{
    const uint8_t *header = bytes + FILE_HEADER;

    *b = (struct bmp){.bytes = bytes, .len = len};
    if (len < FILE_HEADER + CORE_HEADER || bytes[0] != 'B' || bytes[1] != 'M')
        return EBADMSG;
    const uint32_t header_bytes = u32(header);
    if ((header_bytes != CORE_HEADER && header_bytes < INFO_HEADER) || header_bytes > HEADER_MAX ||
        header_bytes > len - FILE_HEADER)
        return EBADMSG;
    if (!read_sizes(b, header, header_bytes) || !read_packing(b, header, header_bytes))
        return EBADMSG;
    b->color_bytes = header_bytes == CORE_HEADER ? 3 : 4;
    b->palette = FILE_HEADER + header_bytes;
    if (b->bits <= 8 && (!b->n_colors || b->n_colors > 1u << b->bits))
        b->n_colors = 1u << b->bits;
    if (b->bits > 8)
        b->n_colors = 0;
    b->row_bytes = ((size_t)b->width * b->bits + 31) / 32 * 4;
    b->pixels = u32(bytes + 10);
    if (b->palette + (size_t)b->n_colors * b->color_bytes > len || b->pixels > len ||
        (len - b->pixels) / b->row_bytes < b->height)
        return EBADMSG;
    return 0;
}

/* The bits of a mask, spread to eight. */
static unsigned channel(uint32_t pixel, uint32_t mask)
{
    if (!mask)
        return 0;
    const unsigned shift = (unsigned)__builtin_ctz(mask);
    const uint64_t most = mask >> shift;
    return (unsigned)((uint64_t)((pixel & mask) >> shift) * 255 / most);
}

static const uint8_t *color_of(const struct bmp *b, const uint8_t *row, unsigned x)
{
    static const uint8_t black[3] = {0};
    const unsigned per_byte = 8 / b->bits, shift = b->bits * (per_byte - 1 - x % per_byte);
    const unsigned i = row[x / per_byte] >> shift & ((1u << b->bits) - 1);

    return i < b->n_colors ? b->bytes + b->palette + (size_t)i * b->color_bytes : black;
}

static void put_pixel(const struct bmp *b, const uint8_t *row, unsigned x, uint8_t *rgb)
{
    if (b->bits <= 8 || b->bits == 24) { /* blue first */
        const uint8_t *bgr = b->bits == 24 ? row + 3 * (size_t)x : color_of(b, row, x);
        rgb[0] = bgr[2];
        rgb[1] = bgr[1];
        rgb[2] = bgr[0];
        return;
    }
    const uint32_t pixel = b->bits == 16 ? u16(row + 2 * (size_t)x) : u32(row + 4 * (size_t)x);
    for (unsigned i = 0; i < 3; i++)
        rgb[i] = (uint8_t)channel(pixel, b->masks[i]);
}

int image_bmp_size(const uint8_t *bytes, size_t len, unsigned *width, unsigned *height)
{
    struct bmp b;
    const int err = parse(&b, bytes, len);

    *width = b.width;
    *height = b.height;
    return err;
}

int image_decode_bmp(struct image **ip, const uint8_t *bytes, size_t len)
{
    struct image *im = NULL;
    struct bmp b;
    int err = parse(&b, bytes, len);

    if (!err)
        err = image_alloc(&im, b.width, b.height, 0);
    if (err)
        return err;
    for (unsigned y = 0; y < b.height; y++) {
        const unsigned from = b.top_down ? y : b.height - 1 - y;
        for (unsigned x = 0; x < b.width; x++)
            put_pixel(&b, bytes + b.pixels + from * b.row_bytes, x,
                      im->rgb + 3 * ((size_t)y * b.width + x));
    }
    *ip = im;
    return 0;
}
