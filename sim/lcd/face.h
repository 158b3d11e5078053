/* SPDX-License-Identifier: BSD-3-Clause */
/* A whole phone as a picture: body, keys with legends, lamps, glass, in good light. */
#ifndef SIM_LCD_FACE_H
#define SIM_LCD_FACE_H

#include <stdbool.h>

#include "devices/face.h"
#include "sim/lcd/image.h"
#include "sim/lcd/screen.h"
#include "sim/lcd/text.h"

enum {
    FACE_LAMP_NONE = 0, /* 0xRRGGBB else; devices.md 10: lamp green, red, amber */
    FACE_LAMP_GREEN = 0x35d82c,
    FACE_LAMP_RED = 0xf02a20,
    FACE_LAMP_AMBER = 0xffa21a,
};

enum { /* what the phone stands on */
       FACE_DESK = 0xe6eaed,
       FACE_DESK_DARK = 0x14171b,
};
enum { FACE_MARGIN = 34 }; /* of the desk around the phone, thousandths of its width */

struct face_look {
    const struct screen *screen;                   /* NULL: the phone is off */
    const char *pressed;                           /* a key that is down, or NULL */
    uint32_t (*lamp)(const char *name, void *arg); /* its light now; NULL: all are off */
    void *arg;
    bool lifted; /* the handset is off its cradle */
    bool dark;   /* surroundings: only lamps and lit glass shine */
};

/** "off", "red", "green", "amber" as FACE_LAMP_… */
uint32_t face_lamp_color(const char *color);

/** Draw the phone width_px wide. ENOENT: the model's geometry is not established. */
int face_draw(struct image **ip, const struct device_model *m, unsigned width_px, struct fonts *f,
              const struct face_look *look);

/* The same phone, or others of its model, drawn again and again: what changed only. */
struct face_base;

/** Errors as face_draw(). dark is decided here. */
int face_base_alloc(struct face_base **bp, const struct device_model *m, unsigned width_px,
                    struct fonts *f, bool dark);

/** Draw the part r of the picture anew, as face_draw() would have it. */
int face_base_draw(struct face_base *b, const struct face_look *look, struct fb_rect r);

/** Draw a phone without power, all of it; cheap from the second time on. */
int face_base_rest(struct face_base *b);

/** The picture: right where it was drawn. Borrowed. */
const struct image *face_base_image(const struct face_base *b);

/** Where a part can be seen, its light and shadow included. */
struct fb_rect face_base_reach(const struct face_base *b, const struct face_part *p);

/** The pixel of the phone's glass at (x, y) of the picture. false: there is no glass. */
bool face_base_glass(const struct face_base *b, double x, double y, int *px, int *py);

/** Pixels per thousandth. */
double face_base_unit(const struct face_base *b);

#endif
