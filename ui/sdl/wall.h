/* SPDX-License-Identifier: BSD-3-Clause */
/* The inside of the wall: wall.c (life, events, moving), wall_place.c (where tiles are and what
 * they hold), wall_tile.c (drawing one). */
#ifndef UI_SDL_WALL_H
#define UI_SDL_WALL_H

#include "ui/sdl/priv.h"

enum {
    WALL_MODELS_MAX = 24,
    WALL_GAP = 8,
    WALL_CAPTION_H = 18,
};

struct wall_tile {
    struct view view;
    struct phone *ph;
    unsigned base; /* index into bases */
    bool changed;  /* an event came */
    bool whole;    /* all of it was in view */
    uint32_t caption_shown;
};

struct wall_base {
    const struct device_model *model;
    struct face_base *face;
    struct fb_rect crop; /* what of the face's picture is in the tile */
};

struct wall {
    struct window *w;
    struct image *im; /* the area's pixels */
    struct canvas canvas;
    struct fb_rect area;
    struct wall_tile *tiles;
    size_t from;    /* where drawing goes on, when time was up */
    size_t n, next; /* to look at for what no event tells */
    struct wall_base bases[WALL_MODELS_MAX];
    unsigned n_bases;
    double zoom;
    int columns, tile_w, tile_h, scroll, total_h;
    bool whole;
    size_t chosen;
    bool choosing; /* the chosen tile is marked */
    uint64_t swept_ms;
    double sweep; /* tiles still to look at, fractions included */
};

/* wall_place.c */
void wall_base_make(struct wall *wall, struct wall_base *b); /* for the size tiles have */
void wall_fit(struct wall *wall);                            /* columns and sizes for its area */
void wall_clamp_scroll(struct wall *wall);
struct fb_rect wall_tile_rect(const struct wall *wall, size_t i);
bool wall_tile_visible(const struct wall *wall, size_t i);

/* wall_tile.c */
void wall_tile_draw(struct wall *wall, size_t i); /* what changed of it */

#endif
