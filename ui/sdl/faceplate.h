/* SPDX-License-Identifier: BSD-3-Clause */
/* What of a phone is on view: which parts of its face differ from what was drawn last. */
#ifndef UI_SDL_FACEPLATE_H
#define UI_SDL_FACEPLATE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/lcd/face.h"

struct phone;

enum { VIEW_LAMPS = 20, VIEW_CHANGES = 2 * VIEW_LAMPS };

struct view_lamp {
    const struct face_part *part;
    uint32_t color, shown; /* 0xRRGGBB, 0 = off */
    char pattern[40];
};

struct view { /* one phone; zeroed but for ph = nothing drawn yet */
    struct phone *ph;
    bool drawn, powered, blinks;
    bool screen_changed;
    const char *pressed, *pressed_shown; /* a key that is down, or NULL */
    bool lifted, lifted_shown;
    unsigned n_lamps;
    struct view_lamp lamps[VIEW_LAMPS];
    struct screen screen;
};

/** Read the phone anew: after an event, and once a second for clocks and timers. */
void view_refresh(struct view *v);

/** Draw the parts that changed into b's picture; rects tells which. Returns how many. */
unsigned view_draw(struct view *v, struct face_base *b, uint64_t now_ms,
                   struct fb_rect rects[VIEW_CHANGES]);

/** Everything is to be drawn anew. */
void view_forget(struct view *v);

/** The part of the face that is pressed at (x, y) of its picture, NULL = none. */
const struct face_part *view_hit(const struct device_model *m, const struct face_base *b, double x,
                                 double y);

#endif
