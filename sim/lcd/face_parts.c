/* SPDX-License-Identifier: BSD-3-Clause */
/* Shapes come from the face's table (ink.h draws them). */
#include <string.h>
#include <re_types.h>
#include <re_fmt.h>

#include "sim/lcd/ink.h"
#include "sim/lcd/vector.h"

enum { LAMP_OFF = 0x6e7a78 /* devices.md 10 */ };

static bool is_digit(const struct face_part *p)
{
    return p->icon && strlen(p->icon) == 1;
}

static void legend(struct face_art *a, const struct face_part *p, struct ink_rect r, uint32_t ink)
{
    const double cx = r.x + r.w / 2, cy = r.y + r.h / 2, side = r.w < r.h ? r.w : r.h;

    if (!p->icon)
        return;
    if (!is_digit(p)) {
        ink_icon(a, r,
                 side * (p->kind == FACE_HALF    ? 0.5
                         : p->kind == FACE_ARROW ? 0.72
                                                 : 0.62),
                 ink, p->icon);
        return;
    }
    const double lift = p->small && p->small[0] ? side * 0.12 : 0;
    ink_text(a, cx, cy - lift, side * 0.44, FONT_SANS, ink, TEXT_CENTER, p->icon);
    if (p->small && p->small[0])
        ink_text(a, cx, cy + side * 0.25, side * 0.19, FONT_SANS, ink, TEXT_CENTER, p->small);
}

static uint32_t lamp_of(const struct face_art *a, const struct face_part *p)
{
    return p->lamp && a->look->lamp ? a->look->lamp(p->lamp, a->look->arg) : FACE_LAMP_NONE;
}

static void glow(struct face_art *a, struct ink_rect r, double radius, uint32_t color)
{
    enum { STEPS = 9 };

    for (int i = STEPS; i > 0; i--) {
        const double by = 15 * a->unit * i / STEPS;
        ink_box(a, ink_grown(r, by), radius + by, ink_shine(color, color, 14));
    }
}

/* A translucent cap or bar that a lamp lights from within. */
static void light(struct face_art *a, struct ink_rect r, double radius, uint32_t color,
                  uint32_t off)
{
    const double in = 2.2 * a->unit;
    struct ink_rect core = {r.x + in, r.y + in, r.w - 2 * in, r.h - 2 * in};

    if (color) {
        glow(a, r, radius, color);
        ink_box(a, r, radius,
                ink_shine(fb_blend(color, 0x000000, 40), fb_blend(color, 0x000000, 90), 255));
        ink_box(a, core, radius, ink_shine(fb_blend(color, 0xffffff, 120), color, 255));
        core.h /= 2.4;
        ink_box(a, core, radius, ink_shine(0xffffff, 0xffffff, 60));
        return;
    }
    ink_box(a, r, radius, ink_tone(fb_blend(off, 0x000000, 90), fb_blend(off, 0x000000, 130)));
    ink_box(a, core, radius, ink_tone(fb_blend(off, 0xffffff, 50), fb_blend(off, 0x000000, 30)));
}

static bool is_pressed(const struct face_art *a, const struct face_part *p)
{
    return p->key && a->look->pressed && strcmp(p->key, a->look->pressed) == 0;
}

/* A cap that is nothing but a lamp. */
static bool is_lens(const struct face_part *p)
{
    return p->lamp && !p->icon;
}

static void key(struct face_art *a, const struct face_part *p)
{
    const struct face_colors *c = &a->face->colors;
    const bool down = is_pressed(a, p);
    struct ink_rect r = ink_place(a, p);
    const double radius = p->kind == FACE_PILL && p->icon && is_digit(p) ? r.h * 0.42 : r.h + r.w;
    const uint32_t lamp = lamp_of(a, p);

    if (down) {
        r = ink_grown(r, -1.5 * a->unit);
        r.y += 1.5 * a->unit;
    } else {
        ink_shadow(a, r, radius, 4 * a->unit, 3 * a->unit, 150);
    }
    if (lamp || is_lens(p)) {
        light(a, r, radius, lamp, LAMP_OFF);
    } else {
        ink_box(a, ink_grown(r, 1.4 * a->unit), radius, ink_veil(0x000000, 120));
        if (down)
            ink_box(a, r, radius, ink_tone(c->key_low, c->key));
        else
            ink_solid(a, r, radius, c->key, c->key_low);
    }
    legend(a, p, r, lamp ? 0x101010 : p->ink ? p->ink : c->ink);
}

static void rocker(struct face_art *a, struct ink_rect r)
{
    const struct face_colors *c = &a->face->colors;

    ink_shadow(a, r, r.w, 7 * a->unit, 4 * a->unit, 150);
    ink_box(a, ink_grown(r, 3 * a->unit), r.w, ink_tone(0x8d8a84, 0xe6e3de)); /* a ring of metal */
    ink_solid(a, r, r.w, c->key, c->key_low);
    ink_box(a, ink_grown(r, -r.w * 0.3), r.w, ink_tone(c->key_low, c->key));
}

/* Rounded ends, a waist in the middle third; the ear pieces cast their own light. */
static void handset(struct face_art *a, const struct face_part *p)
{
    const struct face_colors *c = &a->face->colors;
    const bool down = is_pressed(a, p);
    const double lift = a->look->lifted ? 14 * a->unit : 0, far = 1 + lift / a->unit / 8;
    struct ink_rect r = ink_place(a, p);

    if (lift) {
        ink_box(a, ink_grown(r, -20 * a->unit), 60 * a->unit, ink_veil(0x000000, 90));
        r.x -= lift;
        r.y -= lift;
    }
    const double waist = r.w * 0.085, right = r.x + r.w, bottom = r.y + r.h, k = r.w * 0.24;

    for (int pass = 0; pass < 2; pass++) {
        const double dx = pass ? 0 : 7 * far * a->unit, dy = pass ? 0 : 9 * far * a->unit;
        path_move(a->path, r.x + k + dx, r.y + dy);
        path_line(a->path, right - k + dx, r.y + dy);
        path_curve(a->path, right + dx, r.y + dy, right + dx, r.y + k + dy, right + dx,
                   r.y + r.h * 0.17 + dy);
        path_curve(a->path, right + dx, r.y + r.h * 0.30 + dy, right - waist + dx,
                   r.y + r.h * 0.30 + dy, right - waist + dx, r.y + r.h * 0.42 + dy);
        path_line(a->path, right - waist + dx, r.y + r.h * 0.58 + dy);
        path_curve(a->path, right - waist + dx, r.y + r.h * 0.70 + dy, right + dx,
                   r.y + r.h * 0.70 + dy, right + dx, r.y + r.h * 0.83 + dy);
        path_curve(a->path, right + dx, bottom - k + dy, right + dx, bottom + dy, right - k + dx,
                   bottom + dy);
        path_line(a->path, r.x + k + dx, bottom + dy);
        path_curve(a->path, r.x + dx, bottom + dy, r.x + dx, bottom - k + dy, r.x + dx,
                   r.y + r.h * 0.83 + dy);
        path_curve(a->path, r.x + dx, r.y + r.h * 0.70 + dy, r.x + waist + dx,
                   r.y + r.h * 0.70 + dy, r.x + waist + dx, r.y + r.h * 0.58 + dy);
        path_line(a->path, r.x + waist + dx, r.y + r.h * 0.42 + dy);
        path_curve(a->path, r.x + waist + dx, r.y + r.h * 0.30 + dy, r.x + dx,
                   r.y + r.h * 0.30 + dy, r.x + dx, r.y + r.h * 0.17 + dy);
        path_curve(a->path, r.x + dx, r.y + k + dy, r.x + dx, r.y + dy, r.x + k + dx, r.y + dy);
        ink_pour(a, r,
                 pass ? ink_tone(down ? c->handset_low : c->handset, c->handset_low)
                      : ink_veil(0x000000, 90));
    }
    /* light along the back */
    const struct ink_rect back = {r.x + r.w * 0.22, r.y + r.h * 0.03, r.w * 0.56, r.h * 0.94};
    for (int i = 0; i < 12; i++)
        ink_box(a, ink_grown(back, -i * r.w * 0.021), back.w, ink_veil(0xffffff, 3));
}

/* A face whose lower edge bows by r. */
static void plate(struct face_art *a, const struct face_part *p)
{
    const struct face_colors *c = &a->face->colors;
    const struct ink_rect r = ink_place(a, p);
    const double bow = p->r * a->unit, corner = 16 * a->unit;
    const struct ink_rect bulge = ink_place(a, &p[1]);

    for (int pass = 0; pass < 2; pass++) {
        const double dy = pass ? 0 : 2.5 * a->unit;
        path_move(a->path, r.x, r.y + r.h + dy);
        path_line(a->path, r.x, r.y + corner + dy);
        path_curve(a->path, r.x, r.y + dy, r.x, r.y + dy, r.x + corner, r.y + dy);
        path_line(a->path, r.x + r.w - corner, r.y + dy);
        path_curve(a->path, r.x + r.w, r.y + dy, r.x + r.w, r.y + dy, r.x + r.w, r.y + corner + dy);
        path_line(a->path, r.x + r.w, r.y + r.h + dy);
        path_curve(a->path, r.x + r.w * 0.66, r.y + r.h + bow + dy, r.x + r.w * 0.34,
                   r.y + r.h + bow + dy, r.x, r.y + r.h + dy);
        if (p[1].kind == FACE_BULGE)
            path_ellipse(a->path, bulge.x + bulge.w / 2, bulge.y + bulge.h / 2 + dy, bulge.w / 2,
                         bulge.h / 2);
        ink_pour(a, r, pass ? ink_tone(c->plate, c->plate_low) : ink_veil(0x000000, 110));
    }
}

static void panel(struct face_art *a, struct ink_rect r, double radius)
{
    const double w = 1.6 * a->unit;

    ink_box(a, r, radius, ink_veil(0xffffff, 46));
    ink_box(a, ink_grown(r, -w), radius - w,
            ink_veil(fb_blend(a->face->colors.body, a->face->colors.body_low, 190), 255));
}

/* Two columns of four cells, numbered as the keys beside them. */
static void label(struct face_art *a, struct ink_rect r, double radius)
{
    enum { ROWS = 4 };
    const double cell = r.h / ROWS;

    ink_box(a, ink_grown(r, 1.5 * a->unit), radius, ink_veil(0x000000, 60));
    ink_box(a, r, radius, ink_tone(0xfdfdfa, 0xf0efe9));
    for (int i = 1; i < ROWS; i++)
        ink_box(a, (struct ink_rect){r.x, r.y + i * cell, r.w, a->unit}, 0,
                ink_veil(0x8a8f94, 160));
    ink_box(a, (struct ink_rect){r.x + r.w / 2, r.y, a->unit, r.h}, 0, ink_veil(0x8a8f94, 160));
    for (int i = 0; i < 2 * ROWS; i++) {
        const char number[2] = {(char)('1' + i), '\0'};
        const double x = i < ROWS ? r.x + 14 * a->unit : r.x + r.w - 14 * a->unit;
        ink_text(a, x, r.y + (i % ROWS + 0.5) * cell, 20 * a->unit, FONT_SANS, 0x3c4650,
                 TEXT_CENTER, number);
    }
}

void face_paint_part(struct face_art *a, const struct face_part *p)
{
    const struct face_colors *c = &a->face->colors;
    const struct ink_rect r = ink_place(a, p);
    const double radius = p->r * a->unit;

    switch (p->kind) {
    case FACE_CRADLE:
        ink_solid(a, r, radius, c->cradle, c->cradle_low);
        break;
    case FACE_HANDSET:
        handset(a, p);
        break;
    case FACE_BODY:
        ink_shadow(a, r, radius, 5 * a->unit, 0, 70);
        ink_solid(a, r, radius, c->body, c->body_low);
        break;
    case FACE_PLATE:
        plate(a, p);
        break;
    case FACE_BULGE: /* drawn with its plate */
        break;
    case FACE_PANEL:
        panel(a, r, radius);
        break;
    case FACE_BEZEL:
        ink_box(a, ink_grown(r, 1.5 * a->unit), radius, ink_tone(0x77746e, 0xf4f1ec));
        ink_box(a, r, radius, ink_tone(c->bezel, fb_blend(c->bezel, 0xffffff, 16)));
        break;
    case FACE_GLASS:
        face_paint_glass(a, r);
        break;
    case FACE_LABEL:
        label(a, r, radius);
        break;
    case FACE_ICON:
        ink_icon(a, r, r.h, c->name_ink, p->icon);
        break;
    case FACE_LIGHT:
        light(a, r, r.h, lamp_of(a, p), fb_blend(c->body, LAMP_OFF, 90));
        break;
    case FACE_NAME:
        ink_text(a, r.x + r.w, r.y + r.h / 2, r.h * 1.05, FONT_SANS, p->ink ? p->ink : c->name_ink,
                 TEXT_RIGHT, a->model->name);
        break;
    case FACE_LINE:
        ink_box(a, r, 0, ink_veil(0x55534e, 110));
        break;
    case FACE_ROCKER:
        rocker(a, r);
        break;
    case FACE_ARROW:
    case FACE_HALF:
        if (is_pressed(a, p))
            ink_box(a, r, r.w, ink_veil(0x000000, 70));
        legend(a, p, r, c->ink);
        break;
    case FACE_PILL:
    case FACE_ROUND:
        key(a, p);
        break;
    }
}

bool face_part_changes(const struct face_part *p)
{
    switch (p->kind) {
    case FACE_HANDSET:
    case FACE_GLASS:
    case FACE_LIGHT:
    case FACE_ARROW:
    case FACE_HALF:
    case FACE_PILL:
    case FACE_ROUND:
        return true;
    default:
        return false;
    }
}

/* How far glow and shadow go, thousandths. */
static int reach_of(const struct face_art *a, const struct face_part *p)
{
    if (p->lamp)
        return 17;
    if (p->kind == FACE_GLASS)
        return a->dark ? 19 : 2;
    return p->kind == FACE_HANDSET ? 34 : 10;
}

struct fb_rect face_part_reach(const struct face_art *a, const struct face_part *p)
{
    const struct ink_rect r = ink_grown(ink_place(a, p), reach_of(a, p) * a->unit);

    return (struct fb_rect){(int)r.x, (int)r.y, (int)r.w + 2, (int)r.h + 2};
}

/* Under the cradle and the body. */
void face_paint_ground(struct face_art *a)
{
    double left = 1e9, top = 1e9, right = 0, bottom = 0;

    for (const struct face_part *p = a->face->parts; p->w; p++) {
        const struct ink_rect r = ink_place(a, p);
        if (p->kind != FACE_CRADLE && p->kind != FACE_BODY)
            continue;
        left = r.x < left ? r.x : left;
        top = r.y < top ? r.y : top;
        right = r.x + r.w > right ? r.x + r.w : right;
        bottom = r.y + r.h > bottom ? r.y + r.h : bottom;
    }
    ink_shadow(a, (struct ink_rect){left, top, right - left, bottom - top}, 30 * a->unit,
               20 * a->unit, 12 * a->unit, 62);
}
