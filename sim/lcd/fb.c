/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/lcd/fb.h"

#include <errno.h>
#include <string.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

enum {
    SIDE_MAX = 1024,
    WHITE = 0xffffff,
};

static void destructor(void *arg)
{
    struct fb *fb = arg;
    mem_deref(fb->pixels);
}

static uint8_t bits_per_pixel(unsigned depth)
{
    return depth == 1 ? 1 : depth == 16 ? 16 : 8;
}

int fb_alloc(struct fb **fbp, unsigned width_px, unsigned height_px, unsigned depth_bits)
{
    const bool depth_ok = depth_bits == 1 || depth_bits == 2 || depth_bits == 4 ||
                          depth_bits == 8 || depth_bits == 16;

    if (!depth_ok || !width_px || !height_px || width_px > SIDE_MAX || height_px > SIDE_MAX)
        return EINVAL;
    struct fb *fb = mem_zalloc(sizeof(*fb), destructor);
    if (!fb)
        return ENOMEM;
    fb->width_px = (uint16_t)width_px;
    fb->height_px = (uint16_t)height_px;
    fb->depth_bits = (uint8_t)depth_bits;
    fb->bpp = bits_per_pixel(depth_bits);
    fb->stride = (width_px * fb->bpp + 7) / 8;
    fb->pixels = mem_zalloc((size_t)fb->stride * height_px, NULL);
    if (!fb->pixels) {
        mem_deref(fb);
        return ENOMEM;
    }
    fb_clip(fb, NULL);
    if (fb->bpp != 1)
        memset(fb->pixels, 0xff, (size_t)fb->stride * height_px);
    *fbp = fb;
    return 0;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

static int most(int a, int b)
{
    return a > b ? a : b;
}

bool fb_rect_empty(struct fb_rect r)
{
    return r.w <= 0 || r.h <= 0;
}

struct fb_rect fb_rect_meet(struct fb_rect a, struct fb_rect b)
{
    const int x = most(a.x, b.x), y = most(a.y, b.y);

    return (struct fb_rect){x, y, least(a.x + a.w, b.x + b.w) - x, least(a.y + a.h, b.y + b.h) - y};
}

static struct fb_rect whole(const struct fb *fb)
{
    return (struct fb_rect){0, 0, fb->width_px, fb->height_px};
}

void fb_clip(struct fb *fb, const struct fb_rect *r)
{
    fb->clip = r ? fb_rect_meet(*r, whole(fb)) : whole(fb);
}

static unsigned luma(uint32_t c)
{
    return ((c >> 16 & 255) * 77 + (c >> 8 & 255) * 151 + (c & 255) * 28) >> 8;
}

/* Grey of n bits, the nearest of its 2^n levels. */
static uint8_t quantize(unsigned grey, unsigned bits)
{
    const unsigned top = (1U << bits) - 1;

    return (uint8_t)(((grey * top + 127) / 255) * 255 / top);
}

static uint16_t to_565(uint32_t c)
{
    return (uint16_t)((c >> 8 & 0xf800) | (c >> 5 & 0x07e0) | (c >> 3 & 0x001f));
}

static uint32_t from_565(uint16_t v)
{
    const uint32_t r = v >> 11, g = v >> 5 & 63, b = v & 31;

    return (r << 3 | r >> 2) << 16 | (g << 2 | g >> 4) << 8 | (b << 3 | b >> 2);
}

static void put(struct fb *fb, int x, int y, uint32_t color)
{
    uint8_t *row = fb->pixels + (size_t)y * fb->stride;

    if (fb->bpp == 1) {
        const uint8_t bit = (uint8_t)(0x80 >> (x & 7));
        if (luma(color) < 128)
            row[x >> 3] |= bit;
        else
            row[x >> 3] &= (uint8_t)~bit;
    } else if (fb->bpp == 8) {
        row[x] = quantize(luma(color), fb->depth_bits);
    } else {
        const uint16_t v = to_565(color);
        memcpy(row + 2 * (size_t)x, &v, sizeof(v));
    }
}

static uint32_t take(const struct fb *fb, int x, int y)
{
    const uint8_t *row = fb->pixels + (size_t)y * fb->stride;
    uint16_t v;

    if (fb->bpp == 1)
        return row[x >> 3] & (0x80 >> (x & 7)) ? 0 : WHITE;
    if (fb->bpp == 8)
        return (uint32_t)row[x] * 0x010101;
    memcpy(&v, row + 2 * (size_t)x, sizeof(v));
    return from_565(v);
}

static bool inside(struct fb_rect r, int x, int y)
{
    return x >= r.x && y >= r.y && x < r.x + r.w && y < r.y + r.h;
}

uint32_t fb_get(const struct fb *fb, int x, int y)
{
    return inside(whole(fb), x, y) ? take(fb, x, y) : WHITE;
}

void fb_set(struct fb *fb, int x, int y, uint32_t color)
{
    if (!inside(fb->clip, x, y))
        return;
    put(fb, x, y, color);
}

/* One bit: whole bytes at once. */
static void fill_bits(uint8_t *row, int x, int end, bool ink)
{
    for (; x < end; x++) {
        if ((x & 7) == 0 && end - x >= 8) {
            const int n = (end - x) / 8;
            memset(row + x / 8, ink ? 0xff : 0, (size_t)n);
            x += n * 8 - 1;
        } else if (ink) {
            row[x >> 3] |= (uint8_t)(0x80 >> (x & 7));
        } else {
            row[x >> 3] &= (uint8_t) ~(0x80 >> (x & 7));
        }
    }
}

static void fill_row(struct fb *fb, int y, int x, int w, uint32_t color)
{
    uint8_t *row = fb->pixels + (size_t)y * fb->stride;
    const uint16_t v = to_565(color);

    if (fb->bpp == 1) {
        fill_bits(row, x, x + w, luma(color) < 128);
    } else if (fb->bpp == 8) {
        memset(row + x, quantize(luma(color), fb->depth_bits), (size_t)w);
    } else {
        for (int i = x; i < x + w; i++)
            memcpy(row + 2 * (size_t)i, &v, sizeof(v));
    }
}

void fb_fill(struct fb *fb, struct fb_rect r, uint32_t color)
{
    r = fb_rect_meet(r, fb->clip);
    if (fb_rect_empty(r))
        return;
    for (int y = r.y; y < r.y + r.h; y++)
        fill_row(fb, y, r.x, r.w, color);
}

void fb_frame(struct fb *fb, struct fb_rect r, uint32_t color)
{
    fb_fill(fb, (struct fb_rect){r.x, r.y, r.w, 1}, color);
    fb_fill(fb, (struct fb_rect){r.x, r.y + r.h - 1, r.w, 1}, color);
    fb_fill(fb, (struct fb_rect){r.x, r.y, 1, r.h}, color);
    fb_fill(fb, (struct fb_rect){r.x + r.w - 1, r.y, 1, r.h}, color);
}

void fb_round_frame(struct fb *fb, struct fb_rect r, uint32_t color)
{
    fb_fill(fb, (struct fb_rect){r.x + 1, r.y, r.w - 2, 1}, color);
    fb_fill(fb, (struct fb_rect){r.x + 1, r.y + r.h - 1, r.w - 2, 1}, color);
    fb_fill(fb, (struct fb_rect){r.x, r.y + 1, 1, r.h - 2}, color);
    fb_fill(fb, (struct fb_rect){r.x + r.w - 1, r.y + 1, 1, r.h - 2}, color);
}

void fb_invert(struct fb *fb, struct fb_rect r)
{
    r = fb_rect_meet(r, fb->clip);
    if (fb_rect_empty(r))
        return;
    for (int y = r.y; y < r.y + r.h; y++) {
        uint8_t *row = fb->pixels + (size_t)y * fb->stride;
        const int from = r.x * fb->bpp / 8, to = (r.x + r.w) * fb->bpp / 8;
        if (fb->bpp == 1) {
            for (int x = r.x; x < r.x + r.w; x++)
                row[x >> 3] ^= (uint8_t)(0x80 >> (x & 7));
        } else { /* greys and 565 alike: all their bits turned */
            for (int i = from; i < to; i++)
                row[i] ^= 0xff;
        }
    }
}

static void mix(struct fb *fb, int x, int y, uint32_t color, unsigned alpha)
{
    if (alpha == 255 || (fb->bpp == 1 && alpha >= 128))
        put(fb, x, y, color);
    else if (alpha && fb->bpp != 1)
        put(fb, x, y, fb_blend(take(fb, x, y), color, alpha));
}

/* Neighbours are often alike: what came out for one serves the next. */
static void mix_565(uint8_t *at, int len, uint32_t color, unsigned alpha)
{
    uint16_t last = 0, out = 0;

    for (int i = 0; i < len; i++, at += sizeof(last)) {
        uint16_t v;
        memcpy(&v, at, sizeof(v));
        if (i == 0 || v != last)
            out = to_565(fb_blend(from_565(v), color, alpha));
        last = v;
        memcpy(at, &out, sizeof(out));
    }
}

void fb_span(struct fb *fb, int x, int y, int len, uint32_t color, unsigned alpha)
{
    const struct fb_rect r = fb_rect_meet((struct fb_rect){x, y, len, 1}, fb->clip);

    if (fb_rect_empty(r))
        return;
    if (alpha == 255) {
        fill_row(fb, y, r.x, r.w, color);
    } else if (fb->bpp == 16) {
        mix_565(fb->pixels + (size_t)y * fb->stride + 2 * (size_t)r.x, r.w, color, alpha);
    } else {
        for (int i = r.x; i < r.x + r.w; i++)
            mix(fb, i, y, color, alpha);
    }
}

void fb_cover(struct fb *fb, int x, int y, const uint8_t *cover, int len, uint32_t color)
{
    const struct fb_rect r = fb_rect_meet((struct fb_rect){x, y, len, 1}, fb->clip);

    if (fb_rect_empty(r))
        return;
    uint8_t *row = fb->pixels + (size_t)y * fb->stride;
    const bool ink = fb->bpp == 1 && luma(color) < 128;
    for (int i = r.x; i < r.x + r.w; i++) {
        if (ink && cover[i - x] >= 128)
            row[i >> 3] |= (uint8_t)(0x80 >> (i & 7));
        else if (!ink && cover[i - x])
            mix(fb, i, y, color, cover[i - x]);
    }
}

void fb_gradient(struct fb *fb, struct fb_rect r, uint32_t top, uint32_t bottom)
{
    for (int y = 0; y < r.h; y++) {
        const unsigned alpha = r.h > 1 ? (unsigned)(y * 255 / (r.h - 1)) : 0;
        fb_fill(fb, (struct fb_rect){r.x, r.y + y, r.w, 1}, fb_blend(top, bottom, alpha));
    }
}

void fb_art(struct fb *fb, int x, int y, const char *art, uint32_t color)
{
    int col = x;

    for (; *art; art++) {
        if (*art == '\n') {
            col = x;
            y++;
            continue;
        }
        if (*art == '#')
            fb_set(fb, col, y, color);
        col++;
    }
}
