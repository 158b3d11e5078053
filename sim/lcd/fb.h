/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A framebuffer as deep as the phone's glass. Colours are 0xRRGGBB everywhere; the framebuffer
 * keeps what its depth can hold, so one painter serves every depth.
 */
#ifndef SIM_LCD_FB_H
#define SIM_LCD_FB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fb_rect {
    int x, y, w, h; /* w or h 0 or less: empty */
};

struct fb {
    uint16_t width_px, height_px;
    uint8_t depth_bits;  /* of the glass: 1, 2 or 4 greys (a byte each), 16 = RGB565 */
    uint8_t bpp;         /* of a pixel here: 1, 8 or 16 */
    uint32_t stride;     /* bytes a row */
    struct fb_rect clip; /* nothing is drawn outside */
    uint8_t *pixels;     /* 1 bpp: leftmost pixel in bit 7, 1 = ink */
};

/** All pixels light (white, LCD off). EINVAL for a size or depth no glass has. mem_deref() frees.
 */
int fb_alloc(struct fb **fbp, unsigned width_px, unsigned height_px, unsigned depth_bits);

/** Draw only inside r (and the glass) from now on; NULL = the whole glass. */
void fb_clip(struct fb *fb, const struct fb_rect *r);

uint32_t fb_get(const struct fb *fb, int x, int y); /* outside: white */
void fb_set(struct fb *fb, int x, int y, uint32_t color);

/** Colours are 0xRRGGBB; the glass shows the nearest it has. */
void fb_fill(struct fb *fb, struct fb_rect r, uint32_t color);
void fb_frame(struct fb *fb, struct fb_rect r, uint32_t color);       /* outline, 1 px */
void fb_round_frame(struct fb *fb, struct fb_rect r, uint32_t color); /* without its corners */
void fb_invert(struct fb *fb, struct fb_rect r);

/** Mix color over len pixels from (x, y) on; alpha 0 to 255. One bit takes it from 128 on. */
void fb_span(struct fb *fb, int x, int y, int len, uint32_t color, unsigned alpha);

/** Mix color over len pixels from (x, y) on, as much of it as cover (0 to 255 a pixel)
 *  says. */
void fb_cover(struct fb *fb, int x, int y, const uint8_t *cover, int len, uint32_t color);

/** Colour running from top to bottom. */
void fb_gradient(struct fb *fb, struct fb_rect r, uint32_t top, uint32_t bottom);

/** Text art: '#' is ink, anything else stays; rows end with '\n'. */
void fb_art(struct fb *fb, int x, int y, const char *art, uint32_t color);

struct fb_rect fb_rect_meet(struct fb_rect a, struct fb_rect b); /* the part of both */
bool fb_rect_empty(struct fb_rect r);

/** alpha (0 to 255) of above over below, both 0xRRGGBB; each channel rounded. Red and blue go
 *  together, a picture has millions of pixels. */
static inline uint32_t fb_blend(uint32_t below, uint32_t above, unsigned alpha)
{
    const uint32_t rest = 255 - alpha;
    uint32_t rb = (above & 0xff00ff) * alpha + (below & 0xff00ff) * rest + 0x800080;
    uint32_t g = (above >> 8 & 0xff) * alpha + (below >> 8 & 0xff) * rest + 0x80;

    rb = (rb + (rb >> 8 & 0xff00ff)) >> 8 & 0xff00ff;
    g = (g + (g >> 8)) >> 8;
    return rb | g << 8;
}

#endif
