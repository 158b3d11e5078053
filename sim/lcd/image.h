/* SPDX-License-Identifier: BSD-3-Clause */
/* A picture for people: 24-bit colour, to PNG, and from the files that phones are given. What the
 * phone itself holds is a struct fb. */
#ifndef SIM_LCD_IMAGE_H
#define SIM_LCD_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "sim/lcd/fb.h"

struct fonts;
struct text_style;

enum { IMAGE_PIXELS_MAX = 1 << 24 };

struct image {
    unsigned width, height;
    uint8_t *rgb; /* 3 bytes a pixel, row after row */
};

/** A picture of one colour (0xRRGGBB); *ip by mem_deref(). EINVAL no side at all; E2BIG more than
 *  IMAGE_PIXELS_MAX; ENOMEM. */
int image_alloc(struct image **ip, unsigned width, unsigned height, uint32_t color);

uint32_t image_get(const struct image *im, unsigned x, unsigned y); /* must be inside */
/** Mix color over what is there, alpha 0 to 255; nothing happens outside. */
void image_mix(struct image *im, int x, int y, uint32_t color, unsigned alpha);

/** One line of text inside of clip: x = its left end, y = its base line, both in pixels. */
void image_text(struct image *im, struct fb_rect clip, struct fonts *f, const struct text_style *st,
                int x, int y, uint32_t color, const char *text);

/** The pixels as they are, ink black on white. Errors of image_alloc(). */
int image_from_fb(struct image **ip, const struct fb *fb);

/** src, shrunk or grown to w by h at (x, y) of im: each pixel the mean of what it covers. */
void image_place(struct image *im, int x, int y, int w, int h, const struct image *src);

/** How the glass of a phone looks. */
struct glass {
    uint32_t light, ink; /* a pixel that is off, and one that is on; of glass without own colours */
    bool own_colors;     /* 16-bit glass: pixels bring their colours */
    bool unlit;          /* no light behind those */
    int contrast;        /* -100 to 100, 0 = as it leaves the factory */
};

/** The glass in good light, scale (1 to 16) pixels each way for one of the phone's. Errors of
 *  image_alloc(). */
int image_glass(struct image **ip, const struct fb *fb, const struct glass *look, unsigned scale);

/** PNG file as bytes; *bytes is freed by mem_deref(). ENOMEM. */
int image_encode_png(const struct image *im, uint8_t **bytes, size_t *len);

/** The same as a BMP file of 24 bits. */
int image_encode_bmp(const struct image *im, uint8_t **bytes, size_t *len);

/** What the head says; width and height are 0 where that is nothing. EBADMSG: no PNG. */
int image_png_size(const uint8_t *bytes, size_t len, unsigned *width, unsigned *height);

/** EBADMSG: no PNG, or broken; E2BIG: over IMAGE_PIXELS_MAX; ENOMEM. */
int image_decode_png(struct image **ip, const uint8_t *bytes, size_t len);

/** The same of Windows bitmaps (not compressed) and of JPEG files. */
int image_bmp_size(const uint8_t *bytes, size_t len, unsigned *width, unsigned *height);
int image_decode_bmp(struct image **ip, const uint8_t *bytes, size_t len);
int image_jpeg_size(const uint8_t *bytes, size_t len, unsigned *width, unsigned *height);
int image_decode_jpeg(struct image **ip, const uint8_t *bytes, size_t len);

enum image_format { /* bits: what a reader takes */
                    IMAGE_PNG = 1 << 0,
                    IMAGE_BMP = 1 << 1,
                    IMAGE_JPEG = 1 << 2,
};

/** A file of any of these formats, by its first bytes, no side longer than side_max; ip NULL: only
 *  its head is looked at. EBADMSG, E2BIG, ENOMEM. */
int image_decode(struct image **ip, const uint8_t *bytes, size_t len, unsigned formats,
                 unsigned side_max);

#endif
