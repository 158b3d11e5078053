/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/sdl/faceplate.h"

#include <math.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "sim/phone/blink.h"
#include "sim/phone/phone.h"

static void find_lamps(struct view *v)
{
    const struct device_face *face = device_face(phone_model(v->ph));

    v->n_lamps = 0;
    for (const struct face_part *p = face ? face->parts : NULL; p && p->w; p++) {
        if (p->lamp && v->n_lamps < VIEW_LAMPS)
            v->lamps[v->n_lamps++] = (struct view_lamp){.part = p, .pattern = "steady"};
    }
}

void view_refresh(struct view *v)
{
    struct screen s;

    if (!v->drawn && !v->n_lamps)
        find_lamps(v);
    memset(&s, 0, sizeof(s)); /* compared byte by byte */
    phone_screen(v->ph, &s);
    v->powered = phone_powered(v->ph);
    if (memcmp(&s, &v->screen, sizeof(s)) != 0) {
        v->screen = s;
        v->screen_changed = true;
    }
    v->blinks = false;
    for (unsigned i = 0; i < v->n_lamps; i++) {
        struct view_lamp *l = &v->lamps[i];
        const char *color = "off", *pattern = "steady";
        phone_lamp(v->ph, l->part->lamp, &color, &pattern);
        snprintf(l->pattern, sizeof(l->pattern), "%s", pattern);
        l->color = v->powered ? face_lamp_color(color) : FACE_LAMP_NONE;
        v->blinks |= l->color && strcmp(l->pattern, "steady") != 0;
    }
    if (!v->powered || strcmp(s.app, "idle") == 0)
        v->lifted = false;
}

static uint32_t lamp_handler(const char *name, void *arg)
{
    const struct view *v = arg;

    for (unsigned i = 0; i < v->n_lamps; i++) {
        if (strcmp(v->lamps[i].part->lamp, name) == 0)
            return v->lamps[i].shown;
    }
    return FACE_LAMP_NONE;
}

static const struct face_part *find_key(const struct device_face *face, const char *key)
{
    for (const struct face_part *p = face->parts; key && p->w; p++) {
        if (p->key && strcmp(p->key, key) == 0)
            return p;
    }
    return NULL;
}

static const struct face_part *find_kind(const struct device_face *face, enum face_kind kind)
{
    for (const struct face_part *p = face->parts; p->w; p++) {
        if (p->kind == kind)
            return p;
    }
    return NULL;
}

struct changes {
    const struct face_base *b;
    struct fb_rect *rects;
    unsigned n;
};

static void change(struct changes *c, const struct face_part *p)
{
    if (p && c->n < VIEW_CHANGES)
        c->rects[c->n++] = face_base_reach(c->b, p);
}

static void find_changes(struct view *v, const struct device_face *face, uint64_t now_ms,
                         struct changes *c)
{
    for (unsigned i = 0; i < v->n_lamps; i++) {
        struct view_lamp *l = &v->lamps[i];
        const uint32_t color = blink_is_lit(l->pattern, now_ms) ? l->color : FACE_LAMP_NONE;
        if (color != l->shown)
            change(c, l->part);
        l->shown = color;
    }
    if (v->pressed != v->pressed_shown) {
        change(c, find_key(face, v->pressed));
        change(c, find_key(face, v->pressed_shown));
    }
    if (v->lifted != v->lifted_shown)
        change(c, find_kind(face, FACE_HANDSET));
    if (v->screen_changed)
        change(c, find_kind(face, FACE_GLASS));
    v->pressed_shown = v->pressed;
    v->lifted_shown = v->lifted;
    v->screen_changed = false;
}

/* From a phone without power to what it looks like now is a matter of its parts. */
static void begin(struct view *v, struct face_base *b)
{
    (void)face_base_rest(b);
    for (unsigned i = 0; i < v->n_lamps; i++)
        v->lamps[i].shown = FACE_LAMP_NONE;
    v->pressed_shown = NULL;
    v->lifted_shown = false;
    v->screen_changed = v->powered;
    v->drawn = true;
}

unsigned view_draw(struct view *v, struct face_base *b, uint64_t now_ms,
                   struct fb_rect rects[VIEW_CHANGES])
{
    const struct device_face *face = device_face(phone_model(v->ph));
    const struct image *im = face_base_image(b);
    const struct face_look look = {.screen = v->powered ? &v->screen : NULL,
                                   .pressed = v->pressed,
                                   .lamp = lamp_handler,
                                   .arg = v,
                                   .lifted = v->lifted};
    struct changes c = {.b = b, .rects = rects};
    const bool fresh = !v->drawn;

    if (fresh)
        begin(v, b);
    find_changes(v, face, now_ms, &c);
    for (unsigned i = 0; i < c.n; i++)
        (void)face_base_draw(b, &look, rects[i]);
    if (!fresh)
        return c.n;
    rects[0] = (struct fb_rect){0, 0, (int)im->width, (int)im->height};
    return 1;
}

void view_forget(struct view *v)
{
    v->drawn = false;
}

/* Thousandths around a key that count as the key. */
static double slack(const struct face_part *p)
{
    return p->kind == FACE_ARROW ? 16 : p->kind == FACE_HANDSET ? 0 : 6;
}

const struct face_part *view_hit(const struct device_model *m, const struct face_base *b, double x,
                                 double y)
{
    const struct device_face *face = device_face(m);
    const double fx = x / face_base_unit(b) - FACE_MARGIN, fy = y / face_base_unit(b) - FACE_MARGIN;
    const struct face_part *best = NULL;
    double best_away = 1e9;

    for (const struct face_part *p = face->parts; p->w; p++) {
        const double cx = p->x + p->w / 2.0, cy = p->y + p->h / 2.0, around = slack(p);
        const bool inside =
            fabs(fx - cx) <= p->w / 2.0 + around && fabs(fy - cy) <= p->h / 2.0 + around;
        const double away = hypot((fx - cx) / p->w, (fy - cy) / p->h);
        if (p->key && inside && away < best_away) {
            best = p;
            best_away = away;
        }
    }
    return best;
}
