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
};

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

static uint32_t lcd_color(const struct fb *fb, const struct glass *look, struct cell c,
                          unsigned light)
{
    const uint32_t edge = fb_blend(look->light, look->ink, EDGE_ALPHA);
    uint32_t color = fb_blend(edge, look->light, light);
    const bool gap = c.scale > 2 && (c.sx + 1 == c.scale || c.sy + 1 == c.scale);
    const int up_left = (int)c.scale / 3;
    /* the shadow of what lies a third of a cell up and to the left */
    const int shx = (int)c.sx < up_left ? c.x - 1 : c.x, shy = (int)c.sy < up_left ? c.y - 1 : c.y;
    const unsigned dark = darkness(fb, c.x, c.y), shadow = darkness(fb, shx, shy);

    color = fb_blend(color, look->ink, shadow * SHADOW_ALPHA / 255);
    if (gap) {
        /* between two cells that are on the gap nearly closes */
        const bool right = c.sx + 1 == c.scale, below = c.sy + 1 == c.scale;
        const unsigned next = darkness(fb, c.x + right, c.y + below);
        const unsigned both = dark < next ? dark : next;
        return fb_blend(color, look->ink, both * GAP_ALPHA / 255);
    }
    return fb_blend(color, look->ink, dark > GHOST_ALPHA ? dark * 240 / 255 : GHOST_ALPHA);
}

static uint32_t own_color(const struct fb *fb, struct cell c, unsigned light)
{
    uint32_t color = fb_get(fb, c.x, c.y);

    color = fb_blend(color, 0x000000, (255 - light) * 22 / 255);
    if (c.scale > 2 && (c.sx + 1 == c.scale || c.sy + 1 == c.scale))
        color = fb_blend(color, 0x000000, COLOR_GAP_ALPHA);
    return color;
}

int image_glass(struct image **ip, const struct fb *fb, const struct glass *look, unsigned scale)
{
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
            image_mix(im, (int)x, (int)y,
                      look->own_colors ? own_color(fb, c, light) : lcd_color(fb, look, c, light),
                      255);
        }
    }
    *ip = im;
    return 0;
}
