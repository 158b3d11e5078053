/* SPDX-License-Identifier: BSD-3-Clause */
/* What a phone's display says, as data: title, rows, soft keys, icons. Pixels come from it later.
 */
#ifndef SIM_LCD_SCREEN_H
#define SIM_LCD_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SCREEN_ROWS = 16,
    SCREEN_COLS = 64,
    SCREEN_SOFTKEYS = 4,
    SCREEN_LABELS = 12,
};

struct screen {
    char app[16]; /* "idle", "off", "boot" … */
    char title[SCREEN_COLS];
    unsigned n_rows;
    char rows[SCREEN_ROWS][SCREEN_COLS]; /* body, UTF-8 */
    unsigned n_labels;
    char labels[SCREEN_LABELS][24];      /* line-key labels, right of the rows */
    char label_icons[SCREEN_LABELS][16]; /* "line", "line-unregistered" … */
    unsigned n_softkeys;
    char softkeys[SCREEN_SOFTKEYS][16]; /* "" = empty cell */
};

void screen_clear(struct screen *s, const char *app);

/** As a person would read it, one row a line; rows and labels side by side. Returns length. */
size_t screen_text(const struct screen *s, char *buf, size_t size);

/** Does any title, row, label or soft key contain text? */
bool screen_contains(const struct screen *s, const char *text);

#endif
