/* SPDX-License-Identifier: BSD-3-Clause */
/* What never changes of a phone is drawn once; keys, lamps and glass are drawn over a copy of it.
 */
#include "sim/lcd/face.h"

#include <errno.h>
#include <string.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/lcd/ink.h"
#include "sim/lcd/vector.h"

enum {
    WIDTH_MIN = 60,
    WIDTH_MAX = 3000,
};

struct face_base {
    struct face_art art; /* its image: the phone as drawn last */
    struct image *still; /* without what changes */
    struct image *rest;  /* with it, of a phone without power; NULL = not drawn yet */
};

uint32_t face_lamp_color(const char *color)
{
    return strcmp(color, "green") == 0   ? FACE_LAMP_GREEN
           : strcmp(color, "red") == 0   ? FACE_LAMP_RED
           : strcmp(color, "amber") == 0 ? FACE_LAMP_AMBER
                                         : FACE_LAMP_NONE;
}

static void destructor(void *arg)
{
    struct face_base *b = arg;

    mem_deref(b->still);
    mem_deref(b->rest);
    mem_deref(b->art.im);
    mem_deref(b->art.path);
    mem_deref(b->art.fonts);
}

static struct fb_rect whole(const struct image *im)
{
    return (struct fb_rect){0, 0, (int)im->width, (int)im->height};
}

static const struct face_look nothing = {.screen = NULL};

static int draw_still(struct face_base *b)
{
    struct face_art *a = &b->art;

    a->look = &nothing;
    a->clip = whole(a->im);
    face_paint_ground(a);
    for (const struct face_part *p = a->face->parts; p->w; p++) {
        if (!face_part_changes(p))
            face_paint_part(a, p);
    }
    b->still = a->im;
    a->im = NULL;
    return a->err ? a->err : image_alloc(&a->im, b->still->width, b->still->height, FACE_DESK);
}

int face_base_alloc(struct face_base **bp, const struct device_model *m, unsigned width_px,
                    struct fonts *f, bool dark)
{
    const unsigned across = 1000 + 2 * FACE_MARGIN;
    const struct device_face *face = device_face(m);

    if (!face)
        return ENOENT;
    if (width_px < WIDTH_MIN || width_px > WIDTH_MAX)
        return EINVAL;
    struct face_base *b = mem_zalloc(sizeof(*b), destructor);
    if (!b)
        return ENOMEM;
    b->art = (struct face_art){.fonts = mem_ref(f),
                               .model = m,
                               .face = face,
                               .unit = (double)width_px / across,
                               .dark = dark};
    int err = path_alloc(&b->art.path, f);
    if (!err)
        err =
            image_alloc(&b->art.im, width_px, (face->height + 2U * FACE_MARGIN) * width_px / across,
                        dark ? FACE_DESK_DARK : FACE_DESK);
    if (!err)
        err = draw_still(b);
    if (err)
        mem_deref(b);
    else
        *bp = b;
    return err;
}

struct fb_rect face_base_reach(const struct face_base *b, const struct face_part *p)
{
    return fb_rect_meet(face_part_reach(&b->art, p), whole(b->still));
}

bool face_base_glass(const struct face_base *b, double x, double y, int *px, int *py)
{
    const struct device_model *m = b->art.model;

    for (const struct face_part *p = b->art.face->parts; p->w; p++) {
        unsigned whole;
        if (p->kind != FACE_GLASS)
            continue;
        const struct fb_rect at = face_glass_place(m, ink_place(&b->art, p), &whole);
        if (x < at.x || y < at.y || x >= at.x + at.w || y >= at.y + at.h)
            return false;
        *px = (int)((x - at.x) * m->lcd.width_px / at.w);
        *py = (int)((y - at.y) * m->lcd.height_px / at.h);
        return true;
    }
    return false;
}

const struct image *face_base_image(const struct face_base *b)
{
    return b->art.im;
}

double face_base_unit(const struct face_base *b)
{
    return b->art.unit;
}

int face_base_draw(struct face_base *b, const struct face_look *look, struct fb_rect r)
{
    struct face_art *a = &b->art;
    const size_t row = 3 * (size_t)a->im->width;

    r = fb_rect_meet(r, whole(a->im));
    if (fb_rect_empty(r))
        return 0;
    for (int y = r.y; y < r.y + r.h; y++)
        memcpy(a->im->rgb + (size_t)y * row + 3 * (size_t)r.x,
               b->still->rgb + (size_t)y * row + 3 * (size_t)r.x, 3 * (size_t)r.w);
    a->look = look;
    a->clip = r;
    a->err = 0;
    for (const struct face_part *p = a->face->parts; p->w; p++) {
        if (face_part_changes(p) && !fb_rect_empty(fb_rect_meet(r, face_part_reach(a, p))))
            face_paint_part(a, p);
    }
    return a->err;
}

int face_base_rest(struct face_base *b)
{
    struct image *im = b->art.im;
    const size_t size = 3 * (size_t)im->width * im->height;

    if (b->rest) {
        memcpy(im->rgb, b->rest->rgb, size);
        return 0;
    }
    int err = image_alloc(&b->rest, im->width, im->height, 0);
    if (!err)
        err = face_base_draw(b, &nothing, whole(im));
    if (!err)
        memcpy(b->rest->rgb, im->rgb, size);
    return err;
}

int face_draw(struct image **ip, const struct device_model *m, unsigned width_px, struct fonts *f,
              const struct face_look *look)
{
    struct face_base *b = NULL;
    int err = face_base_alloc(&b, m, width_px, f, look->dark);

    if (!err)
        err = face_base_draw(b, look, whole(b->art.im));
    if (!err)
        *ip = mem_ref(b->art.im);
    mem_deref(b);
    return err;
}
