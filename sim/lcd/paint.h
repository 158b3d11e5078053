/* SPDX-License-Identifier: BSD-3-Clause */
/* A screen's words as the pixels of a model's glass. Pure: the same screen, the same pixels. */
#ifndef SIM_LCD_PAINT_H
#define SIM_LCD_PAINT_H

#include "devices/model.h"
#include "sim/lcd/fb.h"
#include "sim/lcd/image.h"
#include "sim/lcd/screen.h"
#include "sim/lcd/text.h"

/** A framebuffer as the model has it. ENOENT: it has no screen. */
int paint_fb_alloc(struct fb **fbp, const struct device_model *m);

/** Paint s all over fb, laid out as devices.md 6 to 8 say. */
void paint_screen(struct fb *fb, const struct device_model *m, const struct screen *s,
                  struct fonts *f);

/** Where pictures of the page that s shows lie on the glass: what their coordinates, and those of
 *  areas to touch, count from (xml-services.md 3.5). false: another kind of screen, or of glass. */
bool paint_pane(const struct device_model *m, const struct screen *s, struct fb_rect *pane);

/** Rows that a list or a text has on the glass; a title and a prompt take one of them each. */
unsigned paint_rows(const struct device_model *m);

/** The screen as a picture: scale 1 = its pixels as they are, 2 to 16 = the lit glass. */
int paint_picture(struct image **ip, const struct device_model *m, const struct screen *s,
                  struct fonts *f, unsigned scale);

/** How the model's glass looks with this on it; NULL: the phone is off. */
struct glass paint_glass(const struct device_model *m, const struct screen *s);

#endif
