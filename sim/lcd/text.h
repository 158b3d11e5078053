/* SPDX-License-Identifier: BSD-3-Clause */
/* Runs of glyphs: bitmap fonts for glass of one or two bits, DejaVu for the others (devices.md 15).
 */
#ifndef SIM_LCD_TEXT_H
#define SIM_LCD_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/lcd/fb.h"
#include "sim/lcd/fonts.h"

struct fonts; /* the fonts and the glyphs drawn so far: one for all that is looked at */

enum text_align { TEXT_LEFT, TEXT_CENTER, TEXT_RIGHT };

struct text_style {
    enum font_id font;
    uint16_t px; /* of DejaVu; a bitmap font has its own */
    uint32_t color;
    enum text_align align;
    bool ellipsis; /* what does not fit ends in "…"; else it is cut at the box */
    int scroll_px; /* moved to the left, for a row that runs sideways */
};

int fonts_alloc(struct fonts **fp); /* mem_deref() frees */

/** Width in pixels of the first len bytes (SIZE_MAX = all). What is no UTF-8 counts as '?'. */
int text_width(struct fonts *f, const struct text_style *st, const char *text, size_t len);
int text_height(struct fonts *f, const struct text_style *st);

/** One line in the box, centred upright and cut at its edges. */
void text_draw(struct fonts *f, struct fb *fb, struct fb_rect box, const struct text_style *st,
               const char *text);

struct text_glyph {
    uint32_t code;
    uint32_t key;                          /* font and size, for the cache */
    int left, top, width, height, advance; /* px; top = rows above the base line */
    uint8_t *cover;                        /* width * height, 0 to 255 */
};

/** Each glyph in order, x = its pen position from the start. Returns the width of all. */
typedef void(text_glyph_h)(const struct text_glyph *g, int x, void *arg);
int text_apply(struct fonts *f, const struct text_style *st, const char *text, size_t len,
               text_glyph_h *h, void *arg);

/** Rows above the base line. */
int text_ascent(struct fonts *f, const struct text_style *st);

/** FreeType's library, for who fills outlines. */
void *fonts_library(struct fonts *f);

#endif
