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
    SCREEN_LOGO_ROWS = 2,
};

struct image;
struct picture;

struct screen_picture { /* levels 0 (white) to 3 (black) in the body; width 0 = none */
    int16_t x, y;       /* upper left corner in the body; -1 = centred */
    uint16_t width, height;
    const uint8_t *data; /* two bits a pixel, the leftmost lowest, rows joined; borrowed from the
                            page that made the screen */
    const struct image *file; /* a picture file in place of data; borrowed; NULL = none */
    const char *shape;        /* an icon by its name in place of both; NULL = none */
};

enum screen_icon { /* of the phone, in its header or beside its rows (devices.md 6.2, 7, 8.2) */
                   SCREEN_ICON_MESSAGE = 1 << 0,
                   SCREEN_ICON_DND = 1 << 1,
                   SCREEN_ICON_FORWARD = 1 << 2,
                   SCREEN_ICON_MISSED = 1 << 3,
                   SCREEN_ICON_SECURE = 1 << 4,
                   SCREEN_ICON_NETWORK = 1 << 5,
                   SCREEN_ICON_WIFI = 1 << 6,
                   SCREEN_ICON_BATTERY = 1 << 7,
                   SCREEN_ICON_SPEAKER = 1 << 8,
                   SCREEN_ICON_HEADSET = 1 << 9,
                   SCREEN_ICON_MUTE = 1 << 10,
};

enum screen_saver {                     /* what is drawn where app is "saver" (devices.md 6.2, 7) */
                    SCREEN_SAVER_WORDS, /* rows, and saver_icon */
                    SCREEN_SAVER_BLACK,
                    SCREEN_SAVER_GRAY,
                    SCREEN_SAVER_CLOCK, /* rows: time, date */
                    SCREEN_SAVER_PICTURE,
};

enum screen_font { /* of soft keys: Softkey_Labels_Font (devices.md 5.3) */
                   SCREEN_FONT_AUTO,
                   SCREEN_FONT_NORMAL,
                   SCREEN_FONT_NARROW,
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
    uint8_t softkey_font;               /* enum screen_font */
    bool more_softkeys;                 /* left and right turn to other soft keys */
    uint8_t selected;                   /* highlighted row, from 1; 0 = none */
    uint16_t first, total;    /* rows[0] is item first (from 0) of total; 0 = rows are all */
    uint8_t overlay;          /* so many rows, the first, are a Status above the others */
    uint8_t input;            /* row that takes text, from 1; 0 = none */
    uint8_t cursor;           /* characters left of the cursor in that row */
    char mode[24];            /* right of the title: "123", "abc" while text is entered; a line */
    char prompt[SCREEN_COLS]; /* below the rows */
    uint8_t bar, bar_at, bar_of; /* row, from 1, that is a bar: so many of so many; 0 = none */
    int8_t contrast;           /* of the glass: -100 faint, 0 as it leaves the factory, 100 dark */
    bool unlit;                /* the backlight is out */
    uint8_t saver, saver_step; /* enum screen_saver, and how often it has moved */
    char saver_icon[16];
    uint16_t icons;             /* enum screen_icon */
    char date[24], station[24]; /* for the header above pages, where the model has one */
    struct screen_picture picture;
    struct screen_picture row_pictures[SCREEN_ROWS]; /* before the text of a row */
    struct picture *background; /* behind the idle screen; borrowed from the phone; NULL = none */
    uint32_t background_id;     /* changes with it */
    char logo[SCREEN_LOGO_ROWS][32]; /* the same in words (devices.md 2.1: under 32 characters) */
};

void screen_clear(struct screen *s, const char *app);

/** As a person would read it, one row a line; rows and labels side by side. Returns length. */
size_t screen_text(const struct screen *s, char *buf, size_t size);

/** Level 0 to 3 of a picture's pixel. */
unsigned screen_pixel(const struct screen_picture *p, unsigned x, unsigned y);

/** Does any title, row, prompt, label or soft key contain text? */
bool screen_contains(const struct screen *s, const char *text);

#endif
