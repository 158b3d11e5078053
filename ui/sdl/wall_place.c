/* SPDX-License-Identifier: BSD-3-Clause */
/* Where tiles are, and what of a face each holds. */
#include <math.h>
#include <string.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "ui/sdl/wall.h"

enum {
    TILE_MIN = 80, /* px wide: below, the wall scrolls */
    TILE_MAX = 420,
    WHOLE_MIN = 190, /* from here on the whole phone is shown */
};

/* ---- what of a face is in its tile */

/* Left: of the frame around the glass; a lamp beyond it is the handset's. */
static bool is_head(const struct face_part *p, int left)
{
    if (p->kind == FACE_LIGHT && p->x < left)
        return false;
    return p->kind == FACE_BEZEL || p->kind == FACE_GLASS || p->kind == FACE_LABEL ||
           p->kind == FACE_LIGHT || (p->key && strncmp(p->key, "line", 4) == 0) ||
           (p->key && strncmp(p->key, "soft", 4) == 0);
}

static struct fb_rect grown(struct fb_rect r, int by)
{
    return (struct fb_rect){r.x - by, r.y - by, r.w + 2 * by, r.h + 2 * by};
}

static struct fb_rect rect_of(const struct face_part *p)
{
    return (struct fb_rect){p->x, p->y, p->w, p->h};
}

static struct fb_rect joined(struct fb_rect a, struct fb_rect b)
{
    const int x = a.x < b.x ? a.x : b.x, y = a.y < b.y ? a.y : b.y;
    const int right = a.x + a.w > b.x + b.w ? a.x + a.w : b.x + b.w;
    const int bottom = a.y + a.h > b.y + b.h ? a.y + a.h : b.y + b.h;

    return (struct fb_rect){x, y, right - x, bottom - y};
}

static bool holds(struct fb_rect r, struct fb_rect other)
{
    const struct fb_rect both = fb_rect_meet(r, other);
    return both.w == other.w && both.h == other.h;
}

/* The model's name is in it or not, never in part. */
static struct fb_rect with_name(const struct device_face *face, struct fb_rect r)
{
    const struct face_part *p = face->parts;

    while (p->w && p->kind != FACE_NAME)
        p++;
    if (p->w && !fb_rect_empty(fb_rect_meet(r, rect_of(p))))
        r = joined(r, grown(rect_of(p), 6));
    return r;
}

/* What surrounds a plate stays out, where all of r is on it. */
static struct fb_rect on_plate(const struct device_face *face, struct fb_rect r,
                               struct fb_rect around)
{
    for (const struct face_part *p = face->parts; p->w; p++) {
        const struct fb_rect plate = grown(rect_of(p), -4);
        if (p->kind == FACE_PLATE && holds(plate, r))
            return fb_rect_meet(around, plate);
    }
    return around;
}

/* Thousandths. A phone without glass shows its body. */
static struct fb_rect head(const struct device_face *face)
{
    enum { AROUND = 14 };
    int left = 1000, top = face->height, right = 0, bottom = 0, frame = -1;

    for (const struct face_part *p = face->parts; p->w; p++) {
        if (p->kind == FACE_BEZEL || p->kind == FACE_LABEL)
            frame = p->x;
    }
    for (const struct face_part *p = face->parts; p->w; p++) {
        if (frame >= 0 ? !is_head(p, frame) : p->kind != FACE_BODY)
            continue;
        left = p->x < left ? p->x : left;
        top = p->y < top ? p->y : top;
        right = p->x + p->w > right ? p->x + p->w : right;
        bottom = p->y + p->h > bottom ? p->y + p->h : bottom;
    }
    const struct fb_rect r = {left, top, right - left, bottom - top};
    return on_plate(face, r, with_name(face, grown(r, AROUND)));
}

static struct fb_rect shown_part(const struct wall *wall, const struct device_face *face)
{
    return wall->whole ? (struct fb_rect){-FACE_MARGIN, -FACE_MARGIN, 1000 + 2 * FACE_MARGIN,
                                          face->height + 2 * FACE_MARGIN}
                       : head(face);
}

/* Height of a tile's picture for its width, over the models there are. */
static double aspect(const struct wall *wall)
{
    double most = 0.4;

    for (unsigned i = 0; i < wall->n_bases; i++) {
        const struct device_face *face = device_face(wall->bases[i].model);
        if (!face)
            continue;
        const struct fb_rect part = shown_part(wall, face);
        const double a = (double)part.h / part.w;
        most = a > most ? a : most;
    }
    return wall->whole ? (most > 1.2 ? 1.2 : most) : most > 0.8 ? 0.8 : most;
}

void wall_base_make(struct wall *wall, struct wall_base *b)
{
    const struct device_face *face = device_face(b->model);
    const int room_w = wall->tile_w, room_h = wall->tile_h - WALL_CAPTION_H;

    b->face = mem_deref(b->face);
    if (!face)
        return;
    const struct fb_rect part = shown_part(wall, face);
    double unit = (double)room_w / part.w;
    if (unit * part.h > room_h)
        unit = (double)room_h / part.h;
    const unsigned width = (unsigned)(unit * (1000 + 2 * FACE_MARGIN));
    if (face_base_alloc(&b->face, b->model, width, wall->w->fonts, wall->w->dark))
        return;
    unit = face_base_unit(b->face);
    b->crop =
        (struct fb_rect){(int)((part.x + FACE_MARGIN) * unit), (int)((part.y + FACE_MARGIN) * unit),
                         (int)(part.w * unit), (int)(part.h * unit)};
}

/* ---- where tiles are */

static void try_columns(struct wall *wall, int columns, bool whole)
{
    wall->columns = columns;
    wall->tile_w = (wall->area.w - WALL_GAP) / columns - WALL_GAP;
    wall->whole = whole && wall->tile_w >= WHOLE_MIN;
    wall->tile_h = (int)(wall->tile_w * aspect(wall)) + WALL_CAPTION_H;
    const int rows = (int)((wall->n + (size_t)columns - 1) / (size_t)columns);
    wall->total_h = rows * (wall->tile_h + WALL_GAP) + WALL_GAP;
}

/* Columns of the given width at least that fit into the area; 1 = none. */
static int columns_of(const struct wall *wall, int width)
{
    const int n = wall->area.w / (width + WALL_GAP);
    return n > 0 ? n : 1;
}

/* The fewest columns where all phones are in view. False: there are none. */
static bool fit_all(struct wall *wall, int most, bool whole)
{
    for (int columns = columns_of(wall, TILE_MAX); columns <= most; columns++) {
        try_columns(wall, columns, whole);
        if (wall->whole == whole && wall->total_h <= wall->area.h)
            return true;
    }
    return false;
}

/* As large as lets all be seen, the whole phones if they may, times the zoom. */
void wall_fit(struct wall *wall)
{
    const int most = columns_of(wall, TILE_MIN), least = columns_of(wall, TILE_MAX);
    const bool whole = fit_all(wall, most, true);

    if (!whole)
        (void)fit_all(wall, most, false);
    int columns = (int)lround(wall->columns / wall->zoom);
    columns = columns < 1 ? 1 : columns > 3 * most ? 3 * most : columns;
    if ((size_t)columns > wall->n && columns > least)
        columns = (int)wall->n > least ? (int)wall->n : least;
    try_columns(wall, columns, whole || wall->zoom > 1);
}

void wall_clamp_scroll(struct wall *wall)
{
    const int most = wall->total_h > wall->area.h ? wall->total_h - wall->area.h : 0;

    wall->scroll = wall->scroll > most ? most : wall->scroll < 0 ? 0 : wall->scroll;
}

struct fb_rect wall_tile_rect(const struct wall *wall, size_t i)
{
    const int row = (int)(i / (size_t)wall->columns), column = (int)(i % (size_t)wall->columns);
    const int used = wall->columns * (wall->tile_w + WALL_GAP) - WALL_GAP;

    return (struct fb_rect){(wall->area.w - used) / 2 + column * (wall->tile_w + WALL_GAP),
                            WALL_GAP + row * (wall->tile_h + WALL_GAP) - wall->scroll, wall->tile_w,
                            wall->tile_h};
}

bool wall_tile_visible(const struct wall *wall, size_t i)
{
    const struct fb_rect r = wall_tile_rect(wall, i);
    return r.y + r.h > 0 && r.y < wall->area.h;
}
