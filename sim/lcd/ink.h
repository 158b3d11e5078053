/* SPDX-License-Identifier: BSD-3-Clause */
/* What the parts of a face are drawn with: light falls from above, so every shape is a little
 * lighter at its top, throws a shadow downwards, and has a bright upper rim. */
#ifndef SIM_LCD_INK_H
#define SIM_LCD_INK_H

#include "sim/lcd/face.h"
#include "sim/lcd/priv.h"

enum {
    INK_NIGHT_ALPHA = 148,     /* so much dark surroundings leave of a body's colour, */
    INK_NIGHT_INK_ALPHA = 205, /* and of a legend's, which people must read */
};

struct ink_rect { /* pixels */
    double x, y, w, h;
};

struct ink_tone { /* colour from top to bottom */
    uint32_t top, bottom;
    unsigned alpha;
    bool shines; /* by itself: surroundings do not matter */
};

/** What dark surroundings leave of a colour. */
uint32_t ink_dimmed(const struct face_art *a, uint32_t color, unsigned alpha);
/** Of a body, which dark surroundings dim. */
struct ink_tone ink_tone(uint32_t top, uint32_t bottom);
/** One colour, let through. */
struct ink_tone ink_veil(uint32_t color, unsigned alpha);
/** Of something that shines by itself, let through. */
struct ink_tone ink_shine(uint32_t top, uint32_t bottom, unsigned alpha);
/** Where a part is. */
struct ink_rect ink_place(const struct face_art *a, const struct face_part *p);
/** Larger by so much on every side. */
struct ink_rect ink_grown(struct ink_rect r, double by);
/** Fill what the path holds, and empty it. */
void ink_pour(struct face_art *a, struct ink_rect r, struct ink_tone tone);
/** A box with round corners. */
void ink_box(struct face_art *a, struct ink_rect r, double radius, struct ink_tone t);
/** A soft shadow: the shape a little larger and fainter, again and again. */
void ink_shadow(struct face_art *a, struct ink_rect r, double radius, double reach, double drop,
                unsigned alpha);
/** A raised body with its bright upper rim. */
void ink_solid(struct face_art *a, struct ink_rect r, double radius, uint32_t top, uint32_t bottom);
/** Text whose capitals are centred on (cx, cy); px = height of the font. */
void ink_text(struct face_art *a, double cx, double cy, double px, enum font_id font,
              uint32_t color, enum text_align align, const char *text);
/** An icon, or a text where none is called so. */
void ink_icon(struct face_art *a, struct ink_rect r, double size, uint32_t color, const char *name);

/** face_glass.c: the model's screen in its place; dark glass where the phone is off. */
void face_paint_glass(struct face_art *a, struct ink_rect r);
/** Where its pixels are, of the part that lies at r. *whole: pixels for each of them, 0 = no whole
 *  number. */
struct fb_rect face_glass_place(const struct device_model *m, struct ink_rect r, unsigned *whole);

#endif
