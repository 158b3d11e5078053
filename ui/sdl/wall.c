/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * All phones side by side. Where there is room a tile holds the whole phone, else the part around
 * its glass. Phones of a model share what never changes of it; a tile is drawn where an event said
 * that something changed, and its lamps as they blink.
 */
#include "ui/sdl/priv.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/loop/clock.h"

enum {
    MODELS_MAX = 24,
    GAP = 8,
    CAPTION_H = 18,
    TILE_MIN = 80, /* px wide: below, the wall scrolls */
    TILE_MAX = 420,
    WHOLE_MIN = 190,   /* from here on the whole phone is shown */
    BUDGET_US = 9000,  /* of drawing at a time: the rest has to wait a turn */
    REFRESH_MS = 1000, /* clocks and timers that no event tells of */
};

struct tile {
    struct view view;
    struct phone *ph;
    unsigned base; /* index into bases */
    bool changed;  /* an event came */
    bool whole;    /* all of it was in view */
    uint32_t caption_shown;
};

struct base {
    const struct device_model *model;
    struct face_base *face;
    struct fb_rect crop; /* what of the face's picture is in the tile */
};

struct wall {
    struct window *w;
    struct image *im; /* the area's pixels */
    struct canvas canvas;
    struct fb_rect area;
    struct tile *tiles;
    size_t from;    /* where drawing goes on, when time was up */
    size_t n, next; /* to look at for what no event tells */
    struct base bases[MODELS_MAX];
    unsigned n_bases;
    double zoom;
    int columns, tile_w, tile_h, scroll, total_h;
    bool whole;
    size_t chosen;
    bool choosing; /* the chosen tile is marked */
    uint64_t swept_ms;
    double sweep; /* tiles still to look at, fractions included */
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
    if (i == wall->n_bases && i < MODELS_MAX)
        wall->bases[wall->n_bases++].model = m;
    return i < MODELS_MAX ? i : 0;
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
        struct tile *t = &wall->tiles[i];
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
    return (struct fb_rect){left - AROUND, top - AROUND, right - left + 2 * AROUND,
                            bottom - top + 2 * AROUND};
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

static void make_base(struct wall *wall, struct base *b)
{
    const struct device_face *face = device_face(b->model);
    const int room_w = wall->tile_w, room_h = wall->tile_h - CAPTION_H;

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

static void try_columns(struct wall *wall, int columns)
{
    wall->columns = columns;
    wall->tile_w = (wall->area.w - GAP) / columns - GAP;
    wall->whole = wall->tile_w >= WHOLE_MIN;
    wall->tile_h = (int)(wall->tile_w * aspect(wall)) + CAPTION_H;
    const int rows = (int)((wall->n + (size_t)columns - 1) / (size_t)columns);
    wall->total_h = rows * (wall->tile_h + GAP) + GAP;
}

/* As large as lets all be seen, times the zoom. */
static void fit(struct wall *wall)
{
    int columns = 1;
    const int most = wall->area.w / (TILE_MIN + GAP) > 0 ? wall->area.w / (TILE_MIN + GAP) : 1;
    const int least = wall->area.w / (TILE_MAX + GAP) > 0 ? wall->area.w / (TILE_MAX + GAP) : 1;

    for (columns = least; columns < most; columns++) {
        try_columns(wall, columns);
        if (wall->total_h <= wall->area.h)
            break;
    }
    columns = (int)lround(columns / wall->zoom);
    columns = columns < 1 ? 1 : columns > 3 * most ? 3 * most : columns;
    if ((size_t)columns > wall->n && columns > least)
        columns = (int)wall->n > least ? (int)wall->n : least;
    try_columns(wall, columns);
}

static void clamp_scroll(struct wall *wall)
{
    const int most = wall->total_h > wall->area.h ? wall->total_h - wall->area.h : 0;

    wall->scroll = wall->scroll > most ? most : wall->scroll < 0 ? 0 : wall->scroll;
}

static struct fb_rect tile_rect(const struct wall *wall, size_t i)
{
    const int row = (int)(i / (size_t)wall->columns), column = (int)(i % (size_t)wall->columns);
    const int used = wall->columns * (wall->tile_w + GAP) - GAP;

    return (struct fb_rect){(wall->area.w - used) / 2 + column * (wall->tile_w + GAP),
                            GAP + row * (wall->tile_h + GAP) - wall->scroll, wall->tile_w,
                            wall->tile_h};
}

static bool is_visible(const struct wall *wall, size_t i)
{
    const struct fb_rect r = tile_rect(wall, i);
    return r.y + r.h > 0 && r.y < wall->area.h;
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
    fit(wall);
    clamp_scroll(wall);
    for (unsigned i = 0; i < wall->n_bases; i++)
        make_base(wall, &wall->bases[i]);
    all_anew(wall);
}

/* ---- drawing */

static void touch(struct wall *wall, struct fb_rect r)
{
    r.x += wall->area.x;
    r.y += wall->area.y;
    window_touch(wall->w, fb_rect_meet(r, wall->area));
}

static uint32_t status_color(const struct wall *wall, const struct tile *t)
{
    const struct theme *th = wall->w->theme;

    if (!phone_powered(t->ph))
        return th->line;
    if (phone_is(t->ph, PHONE_RINGING))
        return th->bad;
    if (!phone_is(t->ph, PHONE_IDLE))
        return strcmp(t->view.screen.app, "boot") == 0 ? th->warn : th->accent;
    return phone_is(t->ph, PHONE_REGISTERED) ? th->good : th->warn;
}

static void draw_caption(struct wall *wall, size_t i)
{
    struct tile *t = &wall->tiles[i];
    const struct fb_rect r = tile_rect(wall, i);
    const uint32_t color = status_color(wall, t);
    const bool chosen = wall->choosing && wall->chosen == i;
    const uint32_t shown = color | (chosen ? 2U << 24 : 1U << 24);
    const struct fb_rect at = {r.x, r.y + r.h - CAPTION_H, r.w, CAPTION_H};
    const struct canvas_words words = {.px = 11,
                                       .color =
                                           chosen ? wall->w->theme->accent : wall->w->theme->ink,
                                       .bold = chosen,
                                       .align = TEXT_LEFT};
    char text[80];

    if (shown == t->caption_shown)
        return;
    t->caption_shown = shown;
    canvas_fill(&wall->canvas, at, wall->w->theme->desk);
    if (chosen)
        canvas_round(&wall->canvas, at, 5, wall->w->theme->accent, 40);
    snprintf(text, sizeof(text), "%u  %s", phone_n(t->ph), phone_user(t->ph));
    canvas_dot(&wall->canvas, at.x + 8, at.y + CAPTION_H / 2.0, 3.6, color);
    canvas_text(&wall->canvas, (struct fb_rect){at.x + 17, at.y, at.w - 19, at.h}, &words, text);
    touch(wall, at);
}

/* A phone nobody knows the look of. */
static void draw_unknown(struct wall *wall, size_t i)
{
    struct fb_rect r = tile_rect(wall, i);
    const struct canvas_words words = {
        .px = 14, .color = wall->w->theme->soft, .align = TEXT_CENTER};

    if (wall->tiles[i].view.drawn)
        return;
    wall->tiles[i].view.drawn = true;
    r.h -= CAPTION_H;
    canvas_outline(&wall->canvas, r, 10, 1, wall->w->theme->line, wall->w->theme->card);
    canvas_text(&wall->canvas, r, &words, phone_model(wall->tiles[i].ph)->name);
    touch(wall, r);
}

/* Round corners for the part of a face that a tile shows. */
static void round_corners(struct wall *wall, struct fb_rect r)
{
    enum { R = 6 };

    for (int y = 0; y < R; y++) {
        const int cut = R - (int)lround(sqrt((double)(R * R - (R - y) * (R - y))));
        canvas_fill(&wall->canvas, (struct fb_rect){r.x, r.y + y, cut, 1}, wall->w->theme->desk);
        canvas_fill(&wall->canvas, (struct fb_rect){r.x + r.w - cut, r.y + y, cut, 1},
                    wall->w->theme->desk);
        canvas_fill(&wall->canvas, (struct fb_rect){r.x, r.y + r.h - 1 - y, cut, 1},
                    wall->w->theme->desk);
        canvas_fill(&wall->canvas, (struct fb_rect){r.x + r.w - cut, r.y + r.h - 1 - y, cut, 1},
                    wall->w->theme->desk);
    }
}

static void draw_tile(struct wall *wall, size_t i)
{
    struct tile *t = &wall->tiles[i];
    const struct base *b = &wall->bases[t->base];
    const struct fb_rect r = tile_rect(wall, i);
    struct fb_rect rects[VIEW_CHANGES];

    draw_caption(wall, i);
    if (!b->face) {
        draw_unknown(wall, i);
        return;
    }
    const int x = r.x + (r.w - b->crop.w) / 2, y = r.y + (r.h - CAPTION_H - b->crop.h) / 2;
    const unsigned n = view_draw(&t->view, b->face, wall->w->now_ms, rects);
    for (unsigned k = 0; k < n; k++) {
        const struct fb_rect part = fb_rect_meet(rects[k], b->crop);
        if (fb_rect_empty(part))
            continue;
        canvas_blit(wall->im, x - b->crop.x, y - b->crop.y, face_base_image(b->face), part);
        touch(wall,
              (struct fb_rect){x - b->crop.x + part.x, y - b->crop.y + part.y, part.w, part.h});
    }
    if (n && !wall->whole)
        round_corners(wall, (struct fb_rect){x, y, b->crop.w, b->crop.h});
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
    struct tile *t = &wall->tiles[i];

    if (!t->changed && !t->view.blinks && t->view.drawn && t->caption_shown)
        return false;
    if (t->changed)
        view_refresh(&t->view, wall->w->now_ms);
    t->changed = false;
    draw_tile(wall, i);
    return true;
}

void wall_update(struct wall *wall)
{
    const uint64_t until_us = clock_us(wall->w->lp) + BUDGET_US;

    if (!wall->im || !wall->n)
        return;
    sweep(wall);
    const int row_h = wall->tile_h + GAP;
    const size_t first = (size_t)(wall->scroll / row_h) * (size_t)wall->columns;
    size_t end = first + (size_t)(wall->area.h / row_h + 2) * (size_t)wall->columns;
    end = end < wall->n ? end : wall->n;
    for (size_t k = first; k < end; k++) {
        const size_t i = wall->from >= first && wall->from < end ? wall->from : first;
        wall->from = i + 1 < end ? i + 1 : first;
        if (is_visible(wall, i) && update_tile(wall, i) && clock_us(wall->w->lp) > until_us)
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
    const struct fb_rect r = tile_rect(wall, i);
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
    clamp_scroll(wall);
    if (wall->scroll == before || !wall->im)
        return;
    for (size_t i = 0; i < wall->n; i++) {
        if (wall->tiles[i].whole && is_visible(wall, i))
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
    const struct fb_rect r = tile_rect(wall, i);

    wall->tiles[wall->chosen].changed = true;
    wall->chosen = i;
    wall->choosing = true;
    wall->tiles[i].changed = true;
    if (r.y < 0)
        wall_scroll(wall, r.y - GAP);
    else if (r.y + r.h > wall->area.h)
        wall_scroll(wall, r.y + r.h + GAP - wall->area.h);
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
        const struct fb_rect r = tile_rect(wall, i);
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
