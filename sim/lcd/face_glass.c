/* SPDX-License-Identifier: BSD-3-Clause */
/* The glass of a face: the model's screen, lit, in its place. */
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/lcd/ink.h"
#include "sim/lcd/paint.h"

/* How large the glass is drawn before it is shrunk into its place: so that its cells can be seen,
 * where they can. */
static unsigned glass_scale(const struct device_model *m, double width_px)
{
    const double each = width_px / m->lcd.width_px;

    if (m->lcd.width_px > 200)
        return each > 1 ? 3 : each > 0.6 ? 2 : 1;
    return each <= 1 ? 1 : each <= 1.6 ? 4 : 6;
}

/* A whole number of picture pixels for each of the glass, where that nearly fills its place. */
static unsigned whole_scale(const struct device_model *m, struct fb_rect at)
{
    const unsigned k = (unsigned)at.w / m->lcd.width_px;
    const unsigned w = k * m->lcd.width_px, h = k * m->lcd.height_px;

    return k >= 2 && h <= (unsigned)at.h && w * 33 >= (unsigned)at.w * 32 ? k : 0;
}

static struct fb_rect middle(struct fb_rect at, unsigned w, unsigned h)
{
    return (struct fb_rect){at.x + (at.w - (int)w) / 2, at.y + (at.h - (int)h) / 2, (int)w, (int)h};
}

static void glass_place(struct face_art *a, struct fb_rect at, const struct image *lit)
{
    const struct fb_rect r = fb_rect_meet(a->clip, at);
    struct image *fit = NULL;
    const int err = image_alloc(&fit, (unsigned)at.w, (unsigned)at.h, 0);

    if (!err)
        image_place(fit, 0, 0, at.w, at.h, lit);
    for (int y = r.y; !err && y < r.y + r.h; y++) {
        for (int x = r.x; x < r.x + r.w; x++)
            image_mix(a->im, x, y, image_get(fit, (unsigned)(x - at.x), (unsigned)(y - at.y)), 255);
    }
    a->err = a->err ? a->err : err;
    mem_deref(fit);
}

/* A backlight in the dark. */
static void halo(struct face_art *a, struct ink_rect r, uint32_t color)
{
    for (int i = 6; i > 0; i--)
        ink_box(a, ink_grown(r, 3 * i * a->unit), 8 * a->unit, ink_shine(color, color, 5));
}

struct fb_rect face_glass_place(const struct device_model *m, struct ink_rect r, unsigned *whole)
{
    const double inset = m->lcd.depth_bits == 16 ? 0 : r.w * 0.015; /* devices.md 10.1: 3 % */
    const int left = (int)(r.x + inset + 0.5), top = (int)(r.y + inset + 0.5);
    const struct fb_rect at = {left, top, (int)(r.x + r.w - inset + 0.5) - left,
                               (int)(r.y + r.h - inset + 0.5) - top};

    *whole = whole_scale(m, at);
    return *whole ? middle(at, *whole * m->lcd.width_px, *whole * m->lcd.height_px) : at;
}

void face_paint_glass(struct face_art *a, struct ink_rect r)
{
    const struct device_model *m = a->model;
    const bool lit_up = a->look->screen && !a->look->screen->unlit && m->lcd.backlight;
    struct glass look = paint_glass(m, a->look->screen);
    unsigned whole;
    const struct fb_rect at = face_glass_place(m, r, &whole);
    struct fb *fb = NULL;
    struct image *lit = NULL;
    struct screen off;

    if (!lit_up && !look.own_colors) {
        look.light = ink_dimmed(a, look.light, INK_NIGHT_INK_ALPHA);
        look.ink = ink_dimmed(a, look.ink, INK_NIGHT_ALPHA);
    }
    screen_clear(&off, "off");
    int err = paint_fb_alloc(&fb, m);
    if (!err) {
        paint_screen(fb, m, a->look->screen ? a->look->screen : &off, a->fonts);
        err = image_glass(&lit, fb, &look, whole ? whole : glass_scale(m, r.w));
    }
    if (!err) {
        const uint32_t edge = image_get(lit, 0, lit->height / 2);
        if (a->dark && lit_up)
            halo(a, r, look.own_colors ? 0x8fa4bb : look.light);
        ink_box(a, r, 3 * a->unit, ink_shine(edge, edge, 255));
        glass_place(a, at, lit);
        /* the rim's shadow on the glass */
        for (int i = 1; i <= 4; i++)
            ink_box(a, (struct ink_rect){r.x, r.y, r.w, i * 1.6 * a->unit}, 0,
                    ink_veil(0x000000, 16));
    }
    a->err = a->err ? a->err : err;
    mem_deref(lit);
    mem_deref(fb);
}
