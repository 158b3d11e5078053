/* SPDX-License-Identifier: BSD-3-Clause */
/* The fonts inside the program (devices.md 15). CMakeLists.txt lists their files in this order. */
#ifndef SIM_LCD_FONTS_H
#define SIM_LCD_FONTS_H

enum font_id { /* bitmap fonts: their cell; DejaVu: any size */
               FONT_4X6,
               FONT_5X7,
               FONT_6X12,
               FONT_SANS,
               FONT_SANS_BOLD,
               FONT_COUNT,
};

struct font_file {
    const unsigned char *data, *end;
};

extern const struct font_file font_files[FONT_COUNT];

#endif
