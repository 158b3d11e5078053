/* SPDX-License-Identifier: BSD-3-Clause */
/* How the glasses with room look, as data: one layout per size, one set of colours per kind. For
 * paint_wide.c. */
#ifndef SIM_LCD_PAINT_WIDE_LOOK_H
#define SIM_LCD_PAINT_WIDE_LOOK_H

#include <stdbool.h>
#include <stdint.h>

struct device_model;

struct wide_layout { /* pixels */
    int header_h;    /* date, icons, station at the top */
    int body_y;      /* where title and rows begin */
    int title_h, row_h;
    int row2_h;       /* of every row of a list in which one has two lines */
    int bar_y, bar_h; /* soft keys */
    int label_x, label_y, label_step, label_w, label_h; /* boxes at the right edge */
    bool both_sides; /* half of the line keys stand at the left */
    int list_w;      /* width of lists beside labels; 0 = whole width, labels hidden */
    uint16_t px, small_px, header_px, label_px; /* heights of the fonts */
};

struct wide_colors { /* 0xRRGGBB; …_end: at the other end of a gradient */
    uint32_t header, header_end, header_ink;
    uint32_t wall, wall_end, wall_ink; /* behind the idle screen and calls */
    uint32_t title, title_end, title_ink;
    uint32_t paper, ink, rule;         /* lists and texts */
    uint32_t mark, mark_end, mark_ink; /* the selected row */
    uint32_t bar, bar_end, bar_ink, bar_edge;
    uint32_t box, box_ink; /* line labels */
    unsigned box_alpha;    /* 0 to 255: how much of what is behind them they cover */
    bool in_color;         /* false: grey glass, without wallpaper and coloured signs */
};

const struct wide_layout *wide_layout(const struct device_model *m);
const struct wide_colors *wide_colors(const struct device_model *m);

#endif
