/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/lcd/image.h"

#include <errno.h>
#include <string.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/lcd/text.h"

static void destructor(void *arg)
{
    struct image *im = arg;
    mem_deref(im->rgb);
}

static void put(struct image *im, unsigned x, unsigned y, uint32_t color)
{
    uint8_t *p = im->rgb + 3 * ((size_t)y * im->width + x);

    p[0] = (uint8_t)(color >> 16);
    p[1] = (uint8_t)(color >> 8);
    p[2] = (uint8_t)color;
}

int image_alloc(struct image **ip, unsigned width, unsigned height, uint32_t color)
{
    if (!width || !height)
        return EINVAL;
    if (width > IMAGE_PIXELS_MAX / height)
        return E2BIG;
    struct image *im = mem_zalloc(sizeof(*im), destructor);
    if (!im)
        return ENOMEM;
    im->width = width;
    im->height = height;
    im->rgb = mem_alloc((size_t)width * height * 3, NULL);
    if (!im->rgb) {
        mem_deref(im);
        return ENOMEM;
    }
    for (unsigned y = 0; y < height; y++) {
        for (unsigned x = 0; x < width; x++)
            put(im, x, y, color);
    }
    *ip = im;
    return 0;
}

uint32_t image_get(const struct image *im, unsigned x, unsigned y)
{
    const uint8_t *p = im->rgb + 3 * ((size_t)y * im->width + x);
    return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

void image_mix(struct image *im, int x, int y, uint32_t color, unsigned alpha)
{
    if (x < 0 || y < 0 || (unsigned)x >= im->width || (unsigned)y >= im->height || !alpha)
        return;
    const uint32_t below = image_get(im, (unsigned)x, (unsigned)y);
    put(im, (unsigned)x, (unsigned)y, fb_blend(below, color, alpha));
}

struct letters {
    struct image *im;
    struct fb_rect clip;
    int x, y;
    uint32_t color;
};

static void letter_handler(const struct text_glyph *g, int x, void *arg)
{
    const struct letters *l = arg;
    const uint8_t *cover = g->cover;

    for (int row = 0; row < g->height; row++) {
        for (int col = 0; col < g->width; col++, cover++) {
            const struct fb_rect at = {l->x + x + g->left + col, l->y - g->top + row, 1, 1};
            if (!fb_rect_empty(fb_rect_meet(l->clip, at)))
                image_mix(l->im, at.x, at.y, l->color, *cover);
        }
    }
}

void image_text(struct image *im, struct fb_rect clip, struct fonts *f, const struct text_style *st,
                int x, int y, uint32_t color, const char *text)
{
    struct letters l = {im, clip, x, y, color};

    text_apply(f, st, text, SIZE_MAX, letter_handler, &l);
}

int image_from_fb(struct image **ip, const struct fb *fb)
{
    struct image *im = NULL;
    const int err = image_alloc(&im, fb->width_px, fb->height_px, 0);
    if (err)
        return err;

    for (unsigned y = 0; y < im->height; y++) {
        for (unsigned x = 0; x < im->width; x++)
            put(im, x, y, fb_get(fb, (int)x, (int)y));
    }
    *ip = im;
    return 0;
}

/* Mean of the source over [x0, x1) by [y0, y1), in 1/256 of a pixel. */
static uint32_t mean(const struct image *im, uint64_t x0, uint64_t x1, uint64_t y0, uint64_t y1)
{
    uint64_t sum[3] = {0}, weight = 0;

    for (uint64_t y = y0 >> 8; y << 8 < y1 && y < im->height; y++) {
        const uint64_t top = y << 8 > y0 ? y << 8 : y0;
        const uint64_t bottom = (y + 1) << 8 < y1 ? (y + 1) << 8 : y1;
        for (uint64_t x = x0 >> 8; x << 8 < x1 && x < im->width; x++) {
            const uint64_t left = x << 8 > x0 ? x << 8 : x0;
            const uint64_t right = (x + 1) << 8 < x1 ? (x + 1) << 8 : x1;
            const uint64_t w = (right - left) * (bottom - top);
            const uint8_t *p = im->rgb + 3 * (y * im->width + x);
            for (unsigned c = 0; c < 3; c++)
                sum[c] += p[c] * w;
            weight += w;
        }
    }
    if (!weight)
        return 0;
    return (uint32_t)(sum[0] / weight) << 16 | (uint32_t)(sum[1] / weight) << 8 |
           (uint32_t)(sum[2] / weight);
}

void image_place(struct image *im, int x, int y, int w, int h, const struct image *src)
{
    for (int row = 0; row < h; row++) {
        const uint64_t y0 = ((uint64_t)row * src->height << 8) / (uint64_t)h;
        const uint64_t y1 = ((uint64_t)(row + 1) * src->height << 8) / (uint64_t)h;
        for (int col = 0; col < w; col++) {
            const uint64_t x0 = ((uint64_t)col * src->width << 8) / (uint64_t)w;
            const uint64_t x1 = ((uint64_t)(col + 1) * src->width << 8) / (uint64_t)w;
            image_mix(im, x + col, y + row,
                      mean(src, x0, x1 > x0 ? x1 : x0 + 1, y0, y1 > y0 ? y1 : y0 + 1), 255);
        }
    }
}

typedef int(size_h)(const uint8_t *bytes, size_t len, unsigned *width, unsigned *height);
typedef int(decode_h)(struct image **ip, const uint8_t *bytes, size_t len);

int image_decode(struct image **ip, const uint8_t *bytes, size_t len, unsigned formats,
                 unsigned side_max)
{
    static const struct {
        const char *first;
        enum image_format format;
        size_h *size;
        decode_h *decode;
    } kinds[] = {
        {"\x89PNG", IMAGE_PNG, image_png_size, image_decode_png},
        {"BM", IMAGE_BMP, image_bmp_size, image_decode_bmp},
        {"\xff\xd8\xff", IMAGE_JPEG, image_jpeg_size, image_decode_jpeg},
    };
    unsigned width, height;

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const size_t n = strlen(kinds[i].first);
        if (!(formats & kinds[i].format) || len < n || memcmp(bytes, kinds[i].first, n) != 0)
            continue;
        if (kinds[i].size(bytes, len, &width, &height))
            return EBADMSG;
        if (width > side_max || height > side_max)
            return E2BIG;
        return ip ? kinds[i].decode(ip, bytes, len) : 0;
    }
    return EBADMSG;
}
