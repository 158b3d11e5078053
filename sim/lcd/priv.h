/* SPDX-License-Identifier: BSD-3-Clause */
/* What the painters of the different glasses share. */
#ifndef SIM_LCD_PRIV_H
#define SIM_LCD_PRIV_H

#include "sim/lcd/face.h"
#include "sim/lcd/paint.h"

struct painter {
    struct fb *fb;
    struct fonts *fonts;
    const struct device_model *model;
    const struct screen *s;
};

/* Which rows fit below the title: the first that shows, how many, and whether the title does. */
struct rows_view {
    unsigned first, n;
    bool title, more_up, more_down;
};

void paint_mono(const struct painter *p);    /* paint_mono.c: 128x64 */
void paint_tele(const struct painter *p);    /* paint_mono.c: 7940, 7960 */
void paint_wide(const struct painter *p);    /* paint_wide.c: 525G, 6800 */
void paint_handset(const struct painter *p); /* paint_handset.c: WIP310 */
unsigned paint_handset_rows(void);
unsigned paint_wide_rows(const struct device_model *m);
struct fb_rect paint_wide_body(const struct device_model *m, const struct screen *s);

/** Picture and logo behind the idle screen, the words in this colour. False: there is no picture.
 *  paint_back.c */
bool paint_background(const struct painter *p, struct fb_rect pane, uint32_t ink);

void paint_saver(const struct painter *p);          /* paint_saver.c */
void paint_wide_wallpaper(const struct painter *p); /* the idle screen's, alone */

/** with_title: rows that fit below it; alone: without it. A list scrolled past its first page has
 *  no title where title_leaves (xml-services.md 6 [DEF]). */
struct rows_view paint_rows_view(const struct screen *s, unsigned with_title, unsigned alone,
                                 bool title_leaves);

bool paint_is_idle(const struct screen *s);
bool paint_is_message(const struct screen *s); /* of a phone that starts */
bool paint_is_call(const struct screen *s);    /* or on its way to one */

const char *paint_date(const struct screen *s);
const char *paint_station(const struct screen *s);

/** A line of DejaVu; what does not fit becomes a little smaller before it is cut. */
void paint_text(const struct painter *p, struct fb_rect box, struct text_style st,
                const char *text);

/** Icon of that name, size pixels wide and high. */
void paint_icon(const struct painter *p, const char *name, int x, int y, int size, uint32_t color);

/** Names of the icons that are set, most important first, ended by NULL; returns how many. */
unsigned paint_icon_names(uint16_t icons, const char *names[12]);

/** The cursor's place in the row: pixels from its start. */
int paint_cursor_px(const struct painter *p, const struct text_style *st, const char *text);

/** The row's bar: a frame as wide as r, filled as far as it goes. */
void paint_bar(const struct painter *p, struct fb_rect r, uint32_t frame, uint32_t fill);

/** Where the picture stands in a pane: at its place, or centred; it may reach outside. */
struct fb_rect paint_picture_rect(const struct screen_picture *pic, struct fb_rect pane);

/** The picture as far as it is in the pane, levels in these colours (clear: level 0 stays as it
 * is).
 */
void paint_levels(const struct painter *p, const struct screen_picture *pic, struct fb_rect pane,
                  const uint32_t levels[4], bool clear);

/** White to black. */
extern const uint32_t paint_greys[4];
/* A face on its way (face.c), and what its parts look like (face_parts.c, face_glass.c). */
struct path;

struct face_art {
    struct image *im;
    struct fb_rect clip; /* nothing is drawn outside */
    struct fonts *fonts;
    struct path *path;
    const struct device_model *model;
    const struct device_face *face;
    const struct face_look *look;
    double unit; /* pixels per thousandth */
    bool dark;
    int err;
};

void face_paint_ground(struct face_art *a); /* the shadow below it */
void face_paint_part(struct face_art *a, const struct face_part *p);
bool face_part_changes(const struct face_part *p);
struct fb_rect face_part_reach(const struct face_art *a, const struct face_part *p);

#endif
