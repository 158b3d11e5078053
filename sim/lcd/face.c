/* SPDX-License-Identifier: BSD-3-Clause */
/* Shapes come from the face's table; light falls from above, so every shape is a little lighter at
 * its top, throws a shadow downwards, and has a bright upper rim. */
#include "sim/lcd/face.h"

#include <errno.h>
#include <string.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/lcd/paint.h"
#include "sim/lcd/vector.h"

enum {
    WIDTH_MIN = 200,
    WIDTH_MAX = 3000,
    MARGIN = 34,     /* of the desk around the phone, thousandths */
    GLASS_SCALE = 6, /* the glass is drawn so large, then shrunk into its place */
    GLASS_SCALE_WIDE = 3,
    LAMP_OFF = 0x6e7a78, /* devices.md 10 */
};

struct art {
    struct image *im;
    struct fonts *fonts;
    struct path *path;
    const struct device_model *model;
    const struct device_face *face;
    const struct face_look *look;
    double unit; /* pixels per thousandth */
    int err;
};

struct rect { /* pixels */
    double x, y, w, h;
};

struct tone { /* colour from top to bottom */
    uint32_t top, bottom;
    unsigned alpha;
};

struct fill {
    struct image *im;
    struct tone tone;
    double y, h;
};

static void fill_handler(int x, int y, int len, unsigned cover, void *arg)
{
    const struct fill *f = arg;
    const double at = f->h > 0 ? (y - f->y) / f->h : 0;
    const unsigned down = at <= 0 ? 0 : at >= 1 ? 255 : (unsigned)(at * 255);
    const uint32_t color = fb_blend(f->tone.top, f->tone.bottom, down);

    for (int i = 0; i < len; i++)
        image_mix(f->im, x + i, y, color, cover * f->tone.alpha / 255);
}

/* Fill what the path holds, and empty it. */
static void pour(struct art *a, struct rect r, struct tone tone)
{
    struct fill f = {.im = a->im, .tone = tone, .y = r.y, .h = r.h};
    const int err = path_fill(a->path, (int)a->im->width, (int)a->im->height, fill_handler, &f);

    a->err = a->err ? a->err : err;
    path_reset(a->path);
}

static struct tone tone(uint32_t top, uint32_t bottom)
{
    return (struct tone){top, bottom, 255};
}

static struct tone veil(uint32_t color, unsigned alpha)
{
    return (struct tone){color, color, alpha};
}

static struct rect place(const struct art *a, const struct face_part *p)
{
    return (struct rect){(p->x + MARGIN) * a->unit, (p->y + MARGIN) * a->unit, p->w * a->unit,
                         p->h * a->unit};
}

static struct rect grown(struct rect r, double by)
{
    return (struct rect){r.x - by, r.y - by, r.w + 2 * by, r.h + 2 * by};
}

static void box(struct art *a, struct rect r, double radius, struct tone t)
{
    path_round_rect(a->path, r.x, r.y, r.w, r.h, radius);
    pour(a, r, t);
}

/* A soft shadow: the shape a little larger and fainter, again and again. */
static void shadow(struct art *a, struct rect r, double radius, double reach, double drop,
                   unsigned alpha)
{
    enum { STEPS = 8 };

    for (int i = STEPS; i > 0; i--) {
        const double by = reach * i / STEPS;
        struct rect s = grown(r, by);
        s.y += drop;
        box(a, s, radius + by, veil(0x000000, alpha / STEPS));
    }
}

/* A raised body with its bright upper rim. */
static void solid(struct art *a, struct rect r, double radius, uint32_t top, uint32_t bottom)
{
    const double rim = 1.6 * a->unit;

    box(a, r, radius, tone(fb_blend(top, 0xffffff, 70), bottom));
    r.y += rim;
    r.h -= rim;
    box(a, r, radius, tone(top, bottom));
}

struct letters {
    struct image *im;
    int x, y;
    uint32_t color;
};

static void letter_handler(const struct text_glyph *g, int x, void *arg)
{
    const struct letters *l = arg;
    const uint8_t *cover = g->cover;

    for (int row = 0; row < g->height; row++) {
        for (int col = 0; col < g->width; col++, cover++)
            image_mix(l->im, l->x + x + g->left + col, l->y - g->top + row, l->color, *cover);
    }
}

/* Text whose capitals are centred on (cx, cy); px = height of the font. */
static void text_at(struct art *a, double cx, double cy, double px, enum font_id font,
                    uint32_t color, enum text_align align, const char *text)
{
    const struct text_style st = {.font = font, .px = (uint16_t)(px < 5 ? 5 : px + 0.5)};
    const int width = text_width(a->fonts, &st, text, SIZE_MAX);
    const double left = align == TEXT_RIGHT ? cx - width : cx - width / 2.0;
    struct letters l = {a->im, (int)(left + 0.5), (int)(cy + st.px * 0.365 + 0.5), color};

    text_apply(a->fonts, &st, text, SIZE_MAX, letter_handler, &l);
}

/* An icon, or a text where none is called so. */
static void icon(struct art *a, struct rect r, double size, uint32_t color, const char *name)
{
    const bool known =
        path_icon(a->path, name, r.x + (r.w - size) / 2, r.y + (r.h - size) / 2, size);

    if (known)
        pour(a, r, veil(color, 240));
    else
        text_at(a, r.x + r.w / 2, r.y + r.h / 2, size * 0.8, FONT_SANS, color, TEXT_CENTER, name);
}

static bool is_digit(const struct face_part *p)
{
    return p->icon && strlen(p->icon) == 1;
}

static void legend(struct art *a, const struct face_part *p, struct rect r, uint32_t ink)
{
    const double cx = r.x + r.w / 2, cy = r.y + r.h / 2, side = r.w < r.h ? r.w : r.h;

    if (!p->icon)
        return;
    if (!is_digit(p)) {
        icon(a, r,
             side * (p->kind == FACE_HALF    ? 0.5
                     : p->kind == FACE_ARROW ? 0.72
                                             : 0.62),
             ink, p->icon);
        return;
    }
    const double lift = p->small && p->small[0] ? side * 0.12 : 0;
    text_at(a, cx, cy - lift, side * 0.44, FONT_SANS, ink, TEXT_CENTER, p->icon);
    if (p->small && p->small[0])
        text_at(a, cx, cy + side * 0.25, side * 0.19, FONT_SANS, ink, TEXT_CENTER, p->small);
}

static uint32_t lamp_of(const struct art *a, const struct face_part *p)
{
    return p->lamp && a->look->lamp ? a->look->lamp(p->lamp, a->look->arg) : FACE_LAMP_NONE;
}

static void glow(struct art *a, struct rect r, double radius, uint32_t color)
{
    enum { STEPS = 9 };

    for (int i = STEPS; i > 0; i--) {
        const double by = 15 * a->unit * i / STEPS;
        box(a, grown(r, by), radius + by, veil(color, 14));
    }
}

/* A translucent cap or bar that a lamp lights from within. */
static void light(struct art *a, struct rect r, double radius, uint32_t color, uint32_t off)
{
    const double in = 2.2 * a->unit;
    struct rect core = {r.x + in, r.y + in, r.w - 2 * in, r.h - 2 * in};

    if (color) {
        glow(a, r, radius, color);
        box(a, r, radius, tone(fb_blend(color, 0x000000, 40), fb_blend(color, 0x000000, 90)));
        box(a, core, radius, tone(fb_blend(color, 0xffffff, 120), color));
        core.h /= 2.4;
        box(a, core, radius, veil(0xffffff, 60));
        return;
    }
    box(a, r, radius, tone(fb_blend(off, 0x000000, 90), fb_blend(off, 0x000000, 130)));
    box(a, core, radius, tone(fb_blend(off, 0xffffff, 50), fb_blend(off, 0x000000, 30)));
}

static bool is_pressed(const struct art *a, const struct face_part *p)
{
    return p->key && a->look->pressed && strcmp(p->key, a->look->pressed) == 0;
}

/* A cap that is nothing but a lamp. */
static bool is_lens(const struct face_part *p)
{
    return p->lamp && !p->icon;
}

static void key(struct art *a, const struct face_part *p)
{
    const struct face_colors *c = &a->face->colors;
    const bool down = is_pressed(a, p);
    struct rect r = place(a, p);
    const double radius = p->kind == FACE_PILL && p->icon && is_digit(p) ? r.h * 0.42 : r.h + r.w;
    const uint32_t lamp = lamp_of(a, p);

    if (down) {
        r = grown(r, -1.5 * a->unit);
        r.y += 1.5 * a->unit;
    } else {
        shadow(a, r, radius, 4 * a->unit, 3 * a->unit, 150);
    }
    if (lamp || is_lens(p)) {
        light(a, r, radius, lamp, LAMP_OFF);
    } else {
        box(a, grown(r, 1.4 * a->unit), radius, veil(0x000000, 120));
        if (down)
            box(a, r, radius, tone(c->key_low, c->key));
        else
            solid(a, r, radius, c->key, c->key_low);
    }
    legend(a, p, r, lamp ? 0x101010 : p->ink ? p->ink : c->ink);
}

static void rocker(struct art *a, struct rect r)
{
    const struct face_colors *c = &a->face->colors;

    shadow(a, r, r.w, 7 * a->unit, 4 * a->unit, 150);
    box(a, grown(r, 3 * a->unit), r.w, tone(0x8d8a84, 0xe6e3de)); /* a ring of metal */
    solid(a, r, r.w, c->key, c->key_low);
    box(a, grown(r, -r.w * 0.3), r.w, tone(c->key_low, c->key));
}

/* Rounded ends, a waist in the middle third; the ear pieces cast their own light. */
static void handset(struct art *a, const struct face_part *p)
{
    const struct face_colors *c = &a->face->colors;
    const bool down = is_pressed(a, p);
    const struct rect r = place(a, p);
    const double waist = r.w * 0.085, right = r.x + r.w, bottom = r.y + r.h, k = r.w * 0.24;

    for (int pass = 0; pass < 2; pass++) {
        const double dx = pass ? 0 : 7 * a->unit, dy = pass ? 0 : 9 * a->unit;
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
        pour(a, r,
             pass ? tone(down ? c->handset_low : c->handset, c->handset_low) : veil(0x000000, 90));
    }
    /* light along the back */
    const struct rect back = {r.x + r.w * 0.22, r.y + r.h * 0.03, r.w * 0.56, r.h * 0.94};
    for (int i = 0; i < 12; i++)
        box(a, grown(back, -i * r.w * 0.021), back.w, veil(0xffffff, 3));
}

/* A face whose lower edge bows by r. */
static void plate(struct art *a, const struct face_part *p)
{
    const struct face_colors *c = &a->face->colors;
    const struct rect r = place(a, p);
    const double bow = p->r * a->unit, corner = 16 * a->unit;
    const struct rect bulge = place(a, &p[1]);

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
        pour(a, r, pass ? tone(c->plate, c->plate_low) : veil(0x000000, 110));
    }
}

static void panel(struct art *a, struct rect r, double radius)
{
    const double w = 1.6 * a->unit;

    box(a, r, radius, veil(0xffffff, 46));
    box(a, grown(r, -w), radius - w,
        veil(fb_blend(a->face->colors.body, a->face->colors.body_low, 190), 255));
}

/* The model's screen in its place; dark glass where the phone is off. */
static void glass(struct art *a, struct rect r)
{
    const struct device_model *m = a->model;
    const struct glass look = paint_glass(m, a->look->screen);
    const unsigned scale = m->lcd.width_px > 200 ? GLASS_SCALE_WIDE : GLASS_SCALE;
    const double inset = m->lcd.depth_bits == 16 ? 0 : r.w * 0.015; /* devices.md 10.1: 3 % */
    struct fb *fb = NULL;
    struct image *lit = NULL;
    struct screen off;

    screen_clear(&off, "off");
    int err = paint_fb_alloc(&fb, m);
    if (!err) {
        paint_screen(fb, m, a->look->screen ? a->look->screen : &off, a->fonts);
        err = image_glass(&lit, fb, &look, scale);
    }
    if (!err) {
        box(a, r, 3 * a->unit, veil(image_get(lit, 0, lit->height / 2), 255));
        image_place(a->im, (int)(r.x + inset + 0.5), (int)(r.y + inset + 0.5),
                    (int)(r.w - 2 * inset), (int)(r.h - 2 * inset), lit);
        /* the rim's shadow on the glass */
        for (int i = 1; i <= 4; i++)
            box(a, (struct rect){r.x, r.y, r.w, i * 1.6 * a->unit}, 0, veil(0x000000, 16));
    }
    a->err = a->err ? a->err : err;
    mem_deref(lit);
    mem_deref(fb);
}

/* Two columns of four cells, numbered as the keys beside them. */
static void label(struct art *a, struct rect r, double radius)
{
    enum { ROWS = 4 };
    const double cell = r.h / ROWS;

    box(a, grown(r, 1.5 * a->unit), radius, veil(0x000000, 60));
    box(a, r, radius, tone(0xfdfdfa, 0xf0efe9));
    for (int i = 1; i < ROWS; i++)
        box(a, (struct rect){r.x, r.y + i * cell, r.w, a->unit}, 0, veil(0x8a8f94, 160));
    box(a, (struct rect){r.x + r.w / 2, r.y, a->unit, r.h}, 0, veil(0x8a8f94, 160));
    for (int i = 0; i < 2 * ROWS; i++) {
        const char number[2] = {(char)('1' + i), '\0'};
        const double x = i < ROWS ? r.x + 14 * a->unit : r.x + r.w - 14 * a->unit;
        text_at(a, x, r.y + (i % ROWS + 0.5) * cell, 20 * a->unit, FONT_SANS, 0x3c4650, TEXT_CENTER,
                number);
    }
}

static void paint_part(struct art *a, const struct face_part *p)
{
    const struct face_colors *c = &a->face->colors;
    const struct rect r = place(a, p);
    const double radius = p->r * a->unit;

    switch (p->kind) {
    case FACE_CRADLE:
        solid(a, r, radius, c->cradle, c->cradle_low);
        break;
    case FACE_HANDSET:
        handset(a, p);
        break;
    case FACE_BODY:
        shadow(a, r, radius, 5 * a->unit, 0, 70);
        solid(a, r, radius, c->body, c->body_low);
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
        box(a, grown(r, 1.5 * a->unit), radius, tone(0x77746e, 0xf4f1ec));
        box(a, r, radius, tone(c->bezel, fb_blend(c->bezel, 0xffffff, 16)));
        break;
    case FACE_GLASS:
        glass(a, r);
        break;
    case FACE_LABEL:
        label(a, r, radius);
        break;
    case FACE_ICON:
        icon(a, r, r.h, c->name_ink, p->icon);
        break;
    case FACE_LIGHT:
        light(a, r, r.h, lamp_of(a, p), fb_blend(c->body, LAMP_OFF, 90));
        break;
    case FACE_NAME:
        text_at(a, r.x + r.w, r.y + r.h / 2, r.h * 1.05, FONT_SANS, p->ink ? p->ink : c->name_ink,
                TEXT_RIGHT, a->model->name);
        break;
    case FACE_LINE:
        box(a, r, 0, veil(0x55534e, 110));
        break;
    case FACE_ROCKER:
        rocker(a, r);
        break;
    case FACE_ARROW:
    case FACE_HALF:
        if (is_pressed(a, p))
            box(a, r, r.w, veil(0x000000, 70));
        legend(a, p, r, c->ink);
        break;
    case FACE_PILL:
    case FACE_ROUND:
        key(a, p);
        break;
    }
}

uint32_t face_lamp_color(const char *color)
{
    return strcmp(color, "green") == 0   ? FACE_LAMP_GREEN
           : strcmp(color, "red") == 0   ? FACE_LAMP_RED
           : strcmp(color, "amber") == 0 ? FACE_LAMP_AMBER
                                         : FACE_LAMP_NONE;
}

/* Under the cradle and the body. */
static void ground_shadow(struct art *a)
{
    double left = 1e9, top = 1e9, right = 0, bottom = 0;

    for (const struct face_part *p = a->face->parts; p->w; p++) {
        const struct rect r = place(a, p);
        if (p->kind != FACE_CRADLE && p->kind != FACE_BODY)
            continue;
        left = r.x < left ? r.x : left;
        top = r.y < top ? r.y : top;
        right = r.x + r.w > right ? r.x + r.w : right;
        bottom = r.y + r.h > bottom ? r.y + r.h : bottom;
    }
    shadow(a, (struct rect){left, top, right - left, bottom - top}, 30 * a->unit, 20 * a->unit,
           12 * a->unit, 62);
}

int face_draw(struct image **ip, const struct device_model *m, unsigned width_px, struct fonts *f,
              const struct face_look *look)
{
    struct art a = {.fonts = f, .model = m, .face = device_face(m), .look = look};
    const unsigned across = 1000 + 2 * MARGIN;

    if (!a.face)
        return ENOENT;
    if (width_px < WIDTH_MIN || width_px > WIDTH_MAX)
        return EINVAL;
    a.unit = (double)width_px / across;
    a.err = path_alloc(&a.path, f);
    if (!a.err)
        a.err = image_alloc(&a.im, width_px, (a.face->height + 2U * MARGIN) * width_px / across,
                            FACE_DESK);
    if (!a.err) {
        ground_shadow(&a);
        for (const struct face_part *p = a.face->parts; p->w; p++)
            paint_part(&a, p);
    }
    mem_deref(a.path);
    if (a.err)
        mem_deref(a.im);
    else
        *ip = a.im;
    return a.err;
}
