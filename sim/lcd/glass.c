/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The glass in good light. Reflective LCDs: cells with gaps between them, ink that throws a faint
 * shadow on the backlight behind, light that falls off towards the edges. Colour: cells of light.
 */
#include "sim/lcd/image.h"

#include <errno.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

enum {
    SCALE_MIN = 1,
    SCALE_MAX = 16,
    GAP_ALPHA = 150,   /* how much of the ink's colour shows in the gap between cells */
    SHADOW_ALPHA = 34, /* of ink, on the layer below */
    GHOST_ALPHA = 7,   /* cells that are off are faintly seen */
    EDGE_ALPHA = 46,   /* how much darker the corners are */
    COLOR_GAP_ALPHA = 26,
    ON_ALPHA = 240,    /* of the ink's colour in a cell that is on */
    UNLIT_ALPHA = 205, /* how much darker colour glass is without its light */
};

/* What contrast changes: how dark cells that are on get, and how much of those that are off is
 * seen [DEF]. */
struct voltage {
    unsigned on, ghost, gap, shadow; /* alphas */
    int gain;                        /* of colours, percent around grey */
};

static struct voltage voltage(int contrast)
{
    const unsigned c = (unsigned)(contrast < 0 ? -contrast : contrast);

    if (contrast < 0)
        return (struct voltage){.on = ON_ALPHA - ON_ALPHA * c * 82 / 10000,
                                .ghost = GHOST_ALPHA - GHOST_ALPHA * c / 100,
                                .gap = GAP_ALPHA - GAP_ALPHA * c * 86 / 10000,
                                .shadow = SHADOW_ALPHA - SHADOW_ALPHA * c * 82 / 10000,
                                .gain = 100 - (int)c * 65 / 100};
    return (struct voltage){.on = ON_ALPHA + 15 * c / 100,
                            .ghost = GHOST_ALPHA + 110 * c / 100,
                            .gap = GAP_ALPHA + 60 * c / 100,
                            .shadow = SHADOW_ALPHA + 40 * c / 100,
                            .gain = 100 + (int)c / 2};
}

/* Light at (x, y), 0 = the corners' darkest to 255: brightest above the middle. */
static unsigned light_at(const struct image *im, unsigned x, unsigned y)
{
    const int dx = (int)(x * 512 / im->width) - 256, dy = (int)(y * 512 / im->height) - 230;
    const int far = (dx * dx + dy * dy) / 512;

    return far > 255 ? 0 : (unsigned)(255 - far);
}

/* How dark the pixel of the glass is, 0 = off to 255 = on. */
static unsigned darkness(const struct fb *fb, int x, int y)
{
    return 255 - (fb_get(fb, x, y) & 255);
}

struct cell {
    int x, y;        /* of the glass */
    unsigned sx, sy; /* inside the cell, 0 to scale - 1 */
    unsigned scale;
};

static unsigned cell_alpha(unsigned dark, const struct voltage *v)
{
    const unsigned on = dark * v->on / 255;
    return dark > GHOST_ALPHA && on > v->ghost ? on : v->ghost;
}

static uint32_t lcd_color(const struct fb *fb, const struct glass *look, const struct voltage *v,
                          struct cell c, unsigned light)
{
    const uint32_t edge = fb_blend(look->light, look->ink, EDGE_ALPHA);
    uint32_t color = fb_blend(edge, look->light, light);
    const bool gap = c.scale > 2 && (c.sx + 1 == c.scale || c.sy + 1 == c.scale);
    const int up_left = (int)c.scale / 3;
    /* the shadow of what lies a third of a cell up and to the left */
    const int shx = (int)c.sx < up_left ? c.x - 1 : c.x, shy = (int)c.sy < up_left ? c.y - 1 : c.y;
    const unsigned dark = darkness(fb, c.x, c.y), shadow = darkness(fb, shx, shy);

    color = fb_blend(color, look->ink, shadow * v->shadow / 255);
    if (gap) {
        /* between two cells that are on the gap nearly closes */
        const bool right = c.sx + 1 == c.scale, below = c.sy + 1 == c.scale;
        const unsigned next = darkness(fb, c.x + right, c.y + below);
        const unsigned both = dark < next ? dark : next;
        return fb_blend(color, look->ink, both * v->gap / 255);
    }
    return fb_blend(color, look->ink, cell_alpha(dark, v));
}

static uint32_t amplified(uint32_t color, int gain)
{
    uint32_t out = 0;

    for (int shift = 0; shift < 24; shift += 8) {
        const int v = 128 + ((int)(color >> shift & 255) - 128) * gain / 100;
        out |= (uint32_t)(v < 0 ? 0 : v > 255 ? 255 : v) << shift;
    }
    return out;
}

static uint32_t own_color(const struct fb *fb, const struct voltage *v, struct cell c,
                          unsigned light)
{
    uint32_t color = fb_get(fb, c.x, c.y);

    if (v->gain != 100)
        color = amplified(color, v->gain);

    color = fb_blend(color, 0x000000, (255 - light) * 22 / 255);
    if (c.scale > 2 && (c.sx + 1 == c.scale || c.sy + 1 == c.scale))
        color = fb_blend(color, 0x000000, COLOR_GAP_ALPHA);
    return color;
}

int image_glass(struct image **ip, const struct fb *fb, const struct glass *look, unsigned scale)
{
    const struct voltage v = voltage(look->contrast);
    struct image *im = NULL;

    if (scale < SCALE_MIN || scale > SCALE_MAX)
        return EINVAL;
    const int err = image_alloc(&im, fb->width_px * scale, fb->height_px * scale, look->light);
    if (err)
        return err;
    for (unsigned y = 0; y < im->height; y++) {
        for (unsigned x = 0; x < im->width; x++) {
            const struct cell c = {(int)(x / scale), (int)(y / scale), x % scale, y % scale, scale};
            const unsigned light = light_at(im, x, y);
            const uint32_t color =
                look->own_colors ? own_color(fb, &v, c, light) : lcd_color(fb, look, &v, c, light);
            image_mix(im, (int)x, (int)y,
                      look->unlit && look->own_colors ? fb_blend(color, 0x000000, UNLIT_ALPHA)
                                                      : color,
                      255);
        }
    }
    *ip = im;
    return 0;
}
