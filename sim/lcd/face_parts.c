/* SPDX-License-Identifier: BSD-3-Clause */
/* Shapes come from the face's table; light falls from above, so every shape is a little lighter at
 * its top, throws a shadow downwards, and has a bright upper rim. */
#include "sim/lcd/face.h"

#include <string.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/lcd/paint.h"
#include "sim/lcd/priv.h"
#include "sim/lcd/vector.h"

enum {
    LAMP_OFF = 0x6e7a78,   /* devices.md 10 */
    NIGHT = 0x06080b,      /* what dark surroundings leave of a colour: */
    NIGHT_ALPHA = 108,     /* so much of a body's, */
    NIGHT_INK_ALPHA = 150, /* and of a legend's, which people must read */
};

struct rect { /* pixels */
    double x, y, w, h;
};

struct tone { /* colour from top to bottom */
    uint32_t top, bottom;
    unsigned alpha;
    bool shines; /* by itself: surroundings do not matter */
};

struct fill {
    struct image *im;
    struct fb_rect clip;
    struct tone tone;
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

static uint32_t dimmed(const struct face_art *a, uint32_t color, unsigned alpha)
{
    return a->dark ? fb_blend(NIGHT, color, alpha) : color;
}

/* Fill what the path holds, and empty it. */
static void pour(struct face_art *a, struct rect r, struct tone tone)
{
    struct fill f = {.im = a->im, .clip = a->clip, .tone = tone, .y = r.y, .h = r.h};

    if (!tone.shines) {
        f.tone.top = dimmed(a, tone.top, NIGHT_ALPHA);
        f.tone.bottom = dimmed(a, tone.bottom, NIGHT_ALPHA);
    }
    const int err = path_fill(a->path, (int)a->im->width, (int)a->im->height, fill_handler, &f);

    a->err = a->err ? a->err : err;
    path_reset(a->path);
}

static struct tone tone(uint32_t top, uint32_t bottom)
{
    return (struct tone){top, bottom, 255, false};
}

static struct tone veil(uint32_t color, unsigned alpha)
{
    return (struct tone){color, color, alpha, false};
}

static struct tone shine(uint32_t top, uint32_t bottom, unsigned alpha)
{
    return (struct tone){top, bottom, alpha, true};
}

static struct rect place(const struct face_art *a, const struct face_part *p)
{
    return (struct rect){(p->x + FACE_MARGIN) * a->unit, (p->y + FACE_MARGIN) * a->unit,
                         p->w * a->unit, p->h * a->unit};
}

static struct rect grown(struct rect r, double by)
{
    return (struct rect){r.x - by, r.y - by, r.w + 2 * by, r.h + 2 * by};
}

static void box(struct face_art *a, struct rect r, double radius, struct tone t)
{
    path_round_rect(a->path, r.x, r.y, r.w, r.h, radius);
    pour(a, r, t);
}

/* A soft shadow: the shape a little larger and fainter, again and again. */
static void shadow(struct face_art *a, struct rect r, double radius, double reach, double drop,
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
static void solid(struct face_art *a, struct rect r, double radius, uint32_t top, uint32_t bottom)
{
    const double rim = 1.6 * a->unit;

    box(a, r, radius, tone(fb_blend(top, 0xffffff, 70), bottom));
    r.y += rim;
    r.h -= rim;
    box(a, r, radius, tone(top, bottom));
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

/* Text whose capitals are centred on (cx, cy); px = height of the font. */
static void text_at(struct face_art *a, double cx, double cy, double px, enum font_id font,
                    uint32_t color, enum text_align align, const char *text)
{
    const struct text_style st = {.font = font, .px = (uint16_t)(px < 5 ? 5 : px + 0.5)};
    const int width = text_width(a->fonts, &st, text, SIZE_MAX);
    const double left = align == TEXT_RIGHT ? cx - width : cx - width / 2.0;
    struct letters l = {a->im, a->clip, (int)(left + 0.5), (int)(cy + st.px * 0.365 + 0.5),
                        dimmed(a, color, NIGHT_INK_ALPHA)};

    text_apply(a->fonts, &st, text, SIZE_MAX, letter_handler, &l);
}

/* An icon, or a text where none is called so. */
static void icon(struct face_art *a, struct rect r, double size, uint32_t color, const char *name)
{
    const bool known =
        path_icon(a->path, name, r.x + (r.w - size) / 2, r.y + (r.h - size) / 2, size);

    if (known)
        pour(a, r,
             shine(dimmed(a, color, NIGHT_INK_ALPHA), dimmed(a, color, NIGHT_INK_ALPHA), 240));
    else
        text_at(a, r.x + r.w / 2, r.y + r.h / 2, size * 0.8, FONT_SANS, color, TEXT_CENTER, name);
}

static bool is_digit(const struct face_part *p)
{
    return p->icon && strlen(p->icon) == 1;
}

static void legend(struct face_art *a, const struct face_part *p, struct rect r, uint32_t ink)
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

static uint32_t lamp_of(const struct face_art *a, const struct face_part *p)
{
    return p->lamp && a->look->lamp ? a->look->lamp(p->lamp, a->look->arg) : FACE_LAMP_NONE;
}

static void glow(struct face_art *a, struct rect r, double radius, uint32_t color)
{
    enum { STEPS = 9 };

    for (int i = STEPS; i > 0; i--) {
        const double by = 15 * a->unit * i / STEPS;
        box(a, grown(r, by), radius + by, shine(color, color, 14));
    }
}

/* A translucent cap or bar that a lamp lights from within. */
static void light(struct face_art *a, struct rect r, double radius, uint32_t color, uint32_t off)
{
    const double in = 2.2 * a->unit;
    struct rect core = {r.x + in, r.y + in, r.w - 2 * in, r.h - 2 * in};

    if (color) {
        glow(a, r, radius, color);
        box(a, r, radius, shine(fb_blend(color, 0x000000, 40), fb_blend(color, 0x000000, 90), 255));
        box(a, core, radius, shine(fb_blend(color, 0xffffff, 120), color, 255));
        core.h /= 2.4;
        box(a, core, radius, shine(0xffffff, 0xffffff, 60));
        return;
    }
    box(a, r, radius, tone(fb_blend(off, 0x000000, 90), fb_blend(off, 0x000000, 130)));
    box(a, core, radius, tone(fb_blend(off, 0xffffff, 50), fb_blend(off, 0x000000, 30)));
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

static void rocker(struct face_art *a, struct rect r)
{
    const struct face_colors *c = &a->face->colors;

    shadow(a, r, r.w, 7 * a->unit, 4 * a->unit, 150);
    box(a, grown(r, 3 * a->unit), r.w, tone(0x8d8a84, 0xe6e3de)); /* a ring of metal */
    solid(a, r, r.w, c->key, c->key_low);
    box(a, grown(r, -r.w * 0.3), r.w, tone(c->key_low, c->key));
}

/* Rounded ends, a waist in the middle third; the ear pieces cast their own light. */
static void handset(struct face_art *a, const struct face_part *p)
{
    const struct face_colors *c = &a->face->colors;
    const bool down = is_pressed(a, p);
    const double lift = a->look->lifted ? 14 * a->unit : 0, far = 1 + lift / a->unit / 8;
    struct rect r = place(a, p);

    if (lift) {
        box(a, grown(r, -20 * a->unit), 60 * a->unit, veil(0x000000, 90));
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
        pour(a, r,
             pass ? tone(down ? c->handset_low : c->handset, c->handset_low) : veil(0x000000, 90));
    }
    /* light along the back */
    const struct rect back = {r.x + r.w * 0.22, r.y + r.h * 0.03, r.w * 0.56, r.h * 0.94};
    for (int i = 0; i < 12; i++)
        box(a, grown(back, -i * r.w * 0.021), back.w, veil(0xffffff, 3));
}

/* A face whose lower edge bows by r. */
static void plate(struct face_art *a, const struct face_part *p)
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

static void panel(struct face_art *a, struct rect r, double radius)
{
    const double w = 1.6 * a->unit;

    box(a, r, radius, veil(0xffffff, 46));
    box(a, grown(r, -w), radius - w,
        veil(fb_blend(a->face->colors.body, a->face->colors.body_low, 190), 255));
}

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
static void halo(struct face_art *a, struct rect r, uint32_t color)
{
    for (int i = 6; i > 0; i--)
        box(a, grown(r, 3 * i * a->unit), 8 * a->unit, shine(color, color, 5));
}

/* The model's screen in its place; dark glass where the phone is off. */
static void glass(struct face_art *a, struct rect r)
{
    const struct device_model *m = a->model;
    const bool lit_up = a->look->screen && !a->look->unlit && m->lcd.backlight;
    struct glass look = paint_glass(m, a->look->screen && !a->look->unlit);
    const double inset = m->lcd.depth_bits == 16 ? 0 : r.w * 0.015; /* devices.md 10.1: 3 % */
    const int left = (int)(r.x + inset + 0.5), top = (int)(r.y + inset + 0.5);
    struct fb_rect at = {left, top, (int)(r.x + r.w - inset + 0.5) - left,
                         (int)(r.y + r.h - inset + 0.5) - top};
    const unsigned whole = whole_scale(m, at);
    struct fb *fb = NULL;
    struct image *lit = NULL;
    struct screen off;

    if (!lit_up && !look.own_colors) {
        look.light = dimmed(a, look.light, NIGHT_INK_ALPHA);
        look.ink = dimmed(a, look.ink, NIGHT_ALPHA);
    }
    screen_clear(&off, "off");
    int err = paint_fb_alloc(&fb, m);
    if (!err) {
        paint_screen(fb, m, a->look->screen ? a->look->screen : &off, a->fonts);
        err = image_glass(&lit, fb, &look, whole ? whole : glass_scale(m, r.w));
        if (whole)
            at = middle(at, whole * m->lcd.width_px, whole * m->lcd.height_px);
    }
    if (!err) {
        const uint32_t edge = image_get(lit, 0, lit->height / 2);
        if (a->dark && lit_up)
            halo(a, r, look.own_colors ? 0x8fa4bb : look.light);
        box(a, r, 3 * a->unit, shine(edge, edge, 255));
        glass_place(a, at, lit);
        /* the rim's shadow on the glass */
        for (int i = 1; i <= 4; i++)
            box(a, (struct rect){r.x, r.y, r.w, i * 1.6 * a->unit}, 0, veil(0x000000, 16));
    }
    a->err = a->err ? a->err : err;
    mem_deref(lit);
    mem_deref(fb);
}

/* Two columns of four cells, numbered as the keys beside them. */
static void label(struct face_art *a, struct rect r, double radius)
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

void face_paint_part(struct face_art *a, const struct face_part *p)
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
    const struct rect r = grown(place(a, p), reach_of(a, p) * a->unit);

    return (struct fb_rect){(int)r.x, (int)r.y, (int)r.w + 2, (int)r.h + 2};
}

/* Under the cradle and the body. */
void face_paint_ground(struct face_art *a)
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
