/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * All phones side by side. Where there is room a tile holds the whole phone, else the part around
 * its glass. Phones of a model share what never changes of it; a tile is drawn where an event said
 * that something changed, and its lamps as they blink.
 */
#include "ui/sdl/wall.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/loop/clock.h"

enum {
    BUDGET_US = 9000,  /* of drawing at a time: the rest has to wait a turn */
    REFRESH_MS = 1000, /* clocks and timers that no event tells of */
};

static void destructor(void *arg)
{
    struct wall *wall = arg;

    for (unsigned i = 0; i < wall->n_bases; i++)
        mem_deref(wall->bases[i].face);
    mem_deref(wall->tiles);
    mem_deref(wall->im);
    canvas_close(&wall->canvas);
}

static unsigned base_of(struct wall *wall, const struct device_model *m)
{
    unsigned i = 0;

    while (i < wall->n_bases && wall->bases[i].model != m)
        i++;
    if (i == wall->n_bases && i < WALL_MODELS_MAX)
        wall->bases[wall->n_bases++].model = m;
    return i < WALL_MODELS_MAX ? i : 0;
}

int wall_alloc(struct wall **wp, struct window *w)
{
    struct wall *wall = mem_zalloc(sizeof(*wall), destructor);

    if (!wall)
        return ENOMEM;
    wall->w = w;
    wall->zoom = 1;
    wall->n = farm_count(w->f);
    wall->tiles = mem_zalloc(wall->n * sizeof(*wall->tiles), NULL);
    int err = wall->tiles ? canvas_open(&wall->canvas, w->fonts) : ENOMEM;
    for (size_t i = 0; !err && i < wall->n; i++) {
        struct wall_tile *t = &wall->tiles[i];
        t->ph = farm_at(w->f, i);
        t->view.ph = t->ph;
        t->base = base_of(wall, phone_model(t->ph));
    }
    if (err)
        mem_deref(wall);
    else
        *wp = wall;
    return err;
}

static void all_anew(struct wall *wall)
{
    wall->canvas.im = wall->im;
    canvas_fill(&wall->canvas, (struct fb_rect){0, 0, wall->area.w, wall->area.h},
                wall->w->theme->desk);
    for (size_t i = 0; i < wall->n; i++) {
        view_forget(&wall->tiles[i].view);
        wall->tiles[i].caption_shown = 0;
        wall->tiles[i].changed = true;
    }
    window_touch(wall->w, wall->w->area);
}

void wall_layout(struct wall *wall, struct fb_rect area)
{
    wall->area = area;
    wall->im = mem_deref(wall->im);
    if (image_alloc(&wall->im, (unsigned)(area.w > 0 ? area.w : 1),
                    (unsigned)(area.h > 0 ? area.h : 1), wall->w->theme->desk))
        return;
    wall_fit(wall);
    wall_clamp_scroll(wall);
    for (unsigned i = 0; i < wall->n_bases; i++)
        wall_base_make(wall, &wall->bases[i]);
    all_anew(wall);
}

/* So many tiles are due that each is looked at once a second. */
static void sweep(struct wall *wall)
{
    const uint64_t passed = wall->w->now_ms - wall->swept_ms;

    wall->swept_ms = wall->w->now_ms;
    wall->sweep +=
        (double)wall->n * (double)(passed < REFRESH_MS ? passed : REFRESH_MS) / REFRESH_MS;
    for (; wall->sweep >= 1; wall->sweep--) {
        wall->tiles[wall->next].changed = true;
        wall->next = (wall->next + 1) % wall->n;
    }
}

void wall_event(struct wall *wall, struct phone *ph)
{
    const unsigned n = phone_n(ph);

    /* numbers rise, mostly by one */
    for (size_t i = n - 1 < wall->n ? n - 1 : 0, k = 0; k < wall->n; k++, i = (i + 1) % wall->n) {
        if (wall->tiles[i].ph == ph) {
            wall->tiles[i].changed = true;
            return;
        }
    }
}

/* true when there was something to draw. */
static bool update_tile(struct wall *wall, size_t i)
{
    struct wall_tile *t = &wall->tiles[i];

    if (!t->changed && !t->view.blinks && t->view.drawn && t->caption_shown)
        return false;
    if (t->changed)
        view_refresh(&t->view);
    t->changed = false;
    wall_tile_draw(wall, i);
    return true;
}

void wall_update(struct wall *wall)
{
    const uint64_t until_us = clock_us(wall->w->lp) + BUDGET_US;

    if (!wall->im || !wall->n)
        return;
    sweep(wall);
    const int row_h = wall->tile_h + WALL_GAP;
    const size_t first = (size_t)(wall->scroll / row_h) * (size_t)wall->columns;
    size_t end = first + (size_t)(wall->area.h / row_h + 2) * (size_t)wall->columns;
    end = end < wall->n ? end : wall->n;
    for (size_t k = first; k < end; k++) {
        const size_t i = wall->from >= first && wall->from < end ? wall->from : first;
        wall->from = i + 1 < end ? i + 1 : first;
        if (wall_tile_visible(wall, i) && update_tile(wall, i) && clock_us(wall->w->lp) > until_us)
            return;
    }
}

const struct image *wall_image(const struct wall *wall)
{
    return wall->im;
}

/* ---- moving about */

static bool is_whole(const struct wall *wall, size_t i)
{
    const struct fb_rect r = wall_tile_rect(wall, i);
    return r.y >= 0 && r.y + r.h <= wall->area.h;
}

/* What stays in view moves; what comes into view is drawn. */
static void move_image(struct wall *wall, int by)
{
    const size_t row = 3 * (size_t)wall->im->width;
    const int height = (int)wall->im->height, kept = height - (by < 0 ? -by : by);

    if (kept <= 0) {
        all_anew(wall);
        return;
    }
    memmove(wall->im->rgb + (size_t)(by < 0 ? -by : 0) * row,
            wall->im->rgb + (size_t)(by < 0 ? 0 : by) * row, (size_t)kept * row);
    canvas_fill(&wall->canvas,
                (struct fb_rect){0, by < 0 ? 0 : kept, (int)wall->im->width, height - kept},
                wall->w->theme->desk);
    window_touch(wall->w, wall->area);
}

void wall_scroll(struct wall *wall, int px)
{
    const int before = wall->scroll;

    for (size_t i = 0; i < wall->n; i++) /* the others were cut off, if drawn at all */
        wall->tiles[i].whole = is_whole(wall, i);
    wall->scroll += px;
    wall_clamp_scroll(wall);
    if (wall->scroll == before || !wall->im)
        return;
    for (size_t i = 0; i < wall->n; i++) {
        if (wall->tiles[i].whole && wall_tile_visible(wall, i))
            continue;
        view_forget(&wall->tiles[i].view);
        wall->tiles[i].caption_shown = 0;
    }
    move_image(wall, wall->scroll - before);
}

void wall_zoom(struct wall *wall, double by)
{
    wall->zoom = by > 0 ? wall->zoom * by : 1;
    wall->zoom = wall->zoom < 0.5 ? 0.5 : wall->zoom > 8 ? 8 : wall->zoom;
    window_layout(wall->w);
}

static void choose(struct wall *wall, size_t i)
{
    const struct fb_rect r = wall_tile_rect(wall, i);

    wall->tiles[wall->chosen].changed = true;
    wall->chosen = i;
    wall->choosing = true;
    wall->tiles[i].changed = true;
    if (r.y < 0)
        wall_scroll(wall, r.y - WALL_GAP);
    else if (r.y + r.h > wall->area.h)
        wall_scroll(wall, r.y + r.h + WALL_GAP - wall->area.h);
}

void wall_move(struct wall *wall, int dx, int dy)
{
    const int64_t to = (int64_t)wall->chosen + dx + (int64_t)dy * wall->columns;

    if (to >= 0 && to < (int64_t)wall->n)
        choose(wall, wall->choosing ? (size_t)to : wall->chosen);
}

static size_t find(const struct wall *wall, int x, int y)
{
    for (size_t i = 0; i < wall->n; i++) {
        const struct fb_rect r = wall_tile_rect(wall, i);
        if (x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h)
            return i;
    }
    return wall->n;
}

void wall_point(struct wall *wall, int x, int y)
{
    const size_t i = y >= 0 && wall->columns ? find(wall, x, y) : wall->n;

    if (i < wall->n && (!wall->choosing || i != wall->chosen))
        choose(wall, i);
}

unsigned wall_hit(const struct wall *wall, int x, int y)
{
    const size_t i = find(wall, x, y);
    return i < wall->n ? phone_n(wall->tiles[i].ph) : 0;
}

unsigned wall_chosen(const struct wall *wall)
{
    return wall->n ? phone_n(wall->tiles[wall->chosen].ph) : 0;
}
