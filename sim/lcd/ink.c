/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/lcd/ink.h"

#include "sim/lcd/paint.h"
#include "sim/lcd/vector.h"

enum { NIGHT = 0x06080b /* the darkest that is left of a colour in the dark */ };

struct fill {
    struct image *im;
    struct fb_rect clip;
    struct ink_tone tone;
    double y, h;
};

static void fill_handler(int x, int y, int len, unsigned cover, void *arg)
{
    const struct fill *f = arg;
    const double at = f->h > 0 ? (y - f->y) / f->h : 0;
    const unsigned down = at <= 0 ? 0 : at >= 1 ? 255 : (unsigned)(at * 255);
    const uint32_t color = fb_blend(f->tone.top, f->tone.bottom, down);
    const struct fb_rect run = fb_rect_meet(f->clip, (struct fb_rect){x, y, len, 1});

    for (int i = 0; run.h > 0 && i < run.w; i++)
        image_mix(f->im, run.x + i, y, color, cover * f->tone.alpha / 255);
}

uint32_t ink_dimmed(const struct face_art *a, uint32_t color, unsigned alpha)
{
    return a->dark ? fb_blend(NIGHT, color, alpha) : color;
}

void ink_pour(struct face_art *a, struct ink_rect r, struct ink_tone tone)
{
    struct fill f = {.im = a->im, .clip = a->clip, .tone = tone, .y = r.y, .h = r.h};

    if (!tone.shines) {
        f.tone.top = ink_dimmed(a, tone.top, INK_NIGHT_ALPHA);
        f.tone.bottom = ink_dimmed(a, tone.bottom, INK_NIGHT_ALPHA);
    }
    const int err = path_fill(a->path, (int)a->im->width, (int)a->im->height, fill_handler, &f);

    a->err = a->err ? a->err : err;
    path_reset(a->path);
}

struct ink_tone ink_tone(uint32_t top, uint32_t bottom)
{
    return (struct ink_tone){top, bottom, 255, false};
}

struct ink_tone ink_veil(uint32_t color, unsigned alpha)
{
    return (struct ink_tone){color, color, alpha, false};
}

struct ink_tone ink_shine(uint32_t top, uint32_t bottom, unsigned alpha)
{
    return (struct ink_tone){top, bottom, alpha, true};
}

struct ink_rect ink_place(const struct face_art *a, const struct face_part *p)
{
    return (struct ink_rect){(p->x + FACE_MARGIN) * a->unit, (p->y + FACE_MARGIN) * a->unit,
                             p->w * a->unit, p->h * a->unit};
}

struct ink_rect ink_grown(struct ink_rect r, double by)
{
    return (struct ink_rect){r.x - by, r.y - by, r.w + 2 * by, r.h + 2 * by};
}

void ink_box(struct face_art *a, struct ink_rect r, double radius, struct ink_tone t)
{
    path_round_rect(a->path, r.x, r.y, r.w, r.h, radius);
    ink_pour(a, r, t);
}

void ink_shadow(struct face_art *a, struct ink_rect r, double radius, double reach, double drop,
                unsigned alpha)
{
    enum { STEPS = 8 };

    for (int i = STEPS; i > 0; i--) {
        const double by = reach * i / STEPS;
        struct ink_rect s = ink_grown(r, by);
        s.y += drop;
        ink_box(a, s, radius + by, ink_veil(0x000000, alpha / STEPS));
    }
}

void ink_solid(struct face_art *a, struct ink_rect r, double radius, uint32_t top, uint32_t bottom)
{
    const double rim = 1.6 * a->unit;

    ink_box(a, r, radius, ink_tone(fb_blend(top, 0xffffff, 70), bottom));
    r.y += rim;
    r.h -= rim;
    ink_box(a, r, radius, ink_tone(top, bottom));
}

void ink_text(struct face_art *a, double cx, double cy, double px, enum font_id font,
              uint32_t color, enum text_align align, const char *text)
{
    const struct text_style st = {.font = font, .px = (uint16_t)(px < 5 ? 5 : px + 0.5)};
    const int width = text_width(a->fonts, &st, text, SIZE_MAX);
    const double left = align == TEXT_RIGHT ? cx - width : cx - width / 2.0;

    image_text(a->im, a->clip, a->fonts, &st, (int)(left + 0.5), (int)(cy + st.px * 0.365 + 0.5),
               ink_dimmed(a, color, INK_NIGHT_INK_ALPHA), text);
}

void ink_icon(struct face_art *a, struct ink_rect r, double size, uint32_t color, const char *name)
{
    const bool known =
        path_icon(a->path, name, r.x + (r.w - size) / 2, r.y + (r.h - size) / 2, size);

    if (known)
        ink_pour(a, r,
                 ink_shine(ink_dimmed(a, color, INK_NIGHT_INK_ALPHA),
                           ink_dimmed(a, color, INK_NIGHT_INK_ALPHA), 240));
    else
        ink_text(a, r.x + r.w / 2, r.y + r.h / 2, size * 0.8, FONT_SANS, color, TEXT_CENTER, name);
}
