/* SPDX-License-Identifier: BSD-3-Clause */
/* A whole phone as a picture: body, keys with legends, lamps, glass, in good light. */
#ifndef SIM_LCD_FACE_H
#define SIM_LCD_FACE_H

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

enum { FACE_DESK = 0xe6eaed }; /* what the phone stands on */

struct face_look {
    const struct screen *screen;                   /* NULL: the phone is off */
    const char *pressed;                           /* a key that is down, or NULL */
    uint32_t (*lamp)(const char *name, void *arg); /* its light now; NULL: all are off */
    void *arg;
};

/** "off", "red", "green", "amber" as FACE_LAMP_… */
uint32_t face_lamp_color(const char *color);

/** Draw the phone width_px wide. ENOENT: the model's geometry is not established. */
int face_draw(struct image **ip, const struct device_model *m, unsigned width_px, struct fonts *f,
              const struct face_look *look);

#endif
