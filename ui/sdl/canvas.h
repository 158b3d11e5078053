/* SPDX-License-Identifier: BSD-3-Clause */
/* Flat shapes and words on a picture: what the window shows beside its phones. */
#ifndef UI_SDL_CANVAS_H
#define UI_SDL_CANVAS_H

#include <stdint.h>

#include "sim/lcd/image.h"
#include "sim/lcd/text.h"

struct path;

struct canvas {
    struct image *im; /* what is drawn on; borrowed */
    struct fonts *fonts;
    struct path *path;
};

int canvas_open(struct canvas *c, struct fonts *f);
void canvas_close(struct canvas *c);

void canvas_fill(struct canvas *c, struct fb_rect r, uint32_t color);
void canvas_round(struct canvas *c, struct fb_rect r, double radius, uint32_t color,
                  unsigned alpha);
void canvas_outline(struct canvas *c, struct fb_rect r, double radius, double width, uint32_t color,
                    uint32_t inside);
void canvas_line(struct canvas *c, double x0, double y0, double x1, double y1, double width,
                 uint32_t color);
void canvas_dot(struct canvas *c, double x, double y, double r, uint32_t color);
/** A filled triangle whose tip is at (x, y), looking right (1) or left (-1). */
void canvas_tip(struct canvas *c, double x, double y, double size, int way, uint32_t color);

struct canvas_words {
    int px;
    uint32_t color;
    bool bold, mono;
    enum text_align align;
};

/** One line in the box, centred upright, ended by "…" where it does not fit. Returns its width. */
int canvas_text(struct canvas *c, struct fb_rect box, const struct canvas_words *w,
                const char *text);
int canvas_text_width(struct canvas *c, const struct canvas_words *w, const char *text);

/** Copy part of src so that its (0, 0) comes to (x, y). */
void canvas_blit(struct image *dst, int x, int y, const struct image *src, struct fb_rect part);

#endif
