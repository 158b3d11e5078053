/* SPDX-License-Identifier: BSD-3-Clause */
/* Shorthands for tables of faces. Places are centres, as devices.md 10 gives them. */
#ifndef DEVICES_FACES_PARTS_H
#define DEVICES_FACES_PARTS_H

#include <stddef.h>

#include "devices/face.h"

#define BOX(k, left, top, right, bottom, ...)                                                      \
    {                                                                                              \
        .kind = k, .x = (left), .y = (top), .w = (right) - (left), .h = (bottom) - (top),          \
        __VA_ARGS__                                                                                \
    }
#define AT(k, cx, cy, width, height, ...)                                                          \
    {                                                                                              \
        .kind = k, .x = (cx) - (width) / 2, .y = (cy) - (height) / 2, .w = (width), .h = (height), \
        __VA_ARGS__                                                                                \
    }

#define DIGIT(k, cx, cy, w, h, name, letters)                                                      \
    AT(k, cx, cy, w, h, .key = name, .icon = name, .small = letters)

/* Columns at x1, x2, x3, rows at y1 to y4. */
#define KEYPAD(k, x1, x2, x3, y1, y2, y3, y4, w, h)                                                \
    DIGIT(k, x1, y1, w, h, "1", ""), DIGIT(k, x2, y1, w, h, "2", "ABC"),                           \
        DIGIT(k, x3, y1, w, h, "3", "DEF"), DIGIT(k, x1, y2, w, h, "4", "GHI"),                    \
        DIGIT(k, x2, y2, w, h, "5", "JKL"), DIGIT(k, x3, y2, w, h, "6", "MNO"),                    \
        DIGIT(k, x1, y3, w, h, "7", "PQRS"), DIGIT(k, x2, y3, w, h, "8", "TUV"),                   \
        DIGIT(k, x3, y3, w, h, "9", "WXYZ"), DIGIT(k, x1, y4, w, h, "*", NULL),                    \
        DIGIT(k, x2, y4, w, h, "0", ""), DIGIT(k, x3, y4, w, h, "#", NULL)

#define LINE_KEY(cx, cy, w, h, name) AT(FACE_PILL, cx, cy, w, h, .key = name, .lamp = name)

#define SOFT_KEYS(x1, x2, x3, x4, cy, w, h)                                                        \
    AT(FACE_PILL, x1, cy, w, h, .key = "soft1"), AT(FACE_PILL, x2, cy, w, h, .key = "soft2"),      \
        AT(FACE_PILL, x3, cy, w, h, .key = "soft3"), AT(FACE_PILL, x4, cy, w, h, .key = "soft4")

#define HAIRLINES(x1, x2, x3, x4, top, bottom)                                                     \
    BOX(FACE_LINE, x1, top, (x1) + 2, bottom, .r = 0),                                             \
        BOX(FACE_LINE, x2, top, (x2) + 2, bottom, .r = 0),                                         \
        BOX(FACE_LINE, x3, top, (x3) + 2, bottom, .r = 0),                                         \
        BOX(FACE_LINE, x4, top, (x4) + 2, bottom, .r = 0)

/* Disc of radius r with an arrow at each side. */
#define ROCKER(cx, cy, radius, at)                                                                 \
    AT(FACE_ROCKER, cx, cy, 2 * (radius), 2 * (radius), .r = 0),                                   \
        AT(FACE_ARROW, cx, (cy) - (at), 30, 30, .key = "up", .icon = "up"),                        \
        AT(FACE_ARROW, cx, (cy) + (at), 30, 30, .key = "down", .icon = "down"),                    \
        AT(FACE_ARROW, (cx) - (at), cy, 30, 30, .key = "left", .icon = "left"),                    \
        AT(FACE_ARROW, (cx) + (at), cy, 30, 30, .key = "right", .icon = "right")

#define VOLUME_UPRIGHT(cx, cy, w, h)                                                               \
    AT(FACE_PILL, cx, cy, w, h, .r = 0),                                                           \
        AT(FACE_HALF, cx, (cy) - (h) / 4, w, (h) / 2, .key = "volup", .icon = "plus"),             \
        AT(FACE_HALF, cx, (cy) + (h) / 4, w, (h) / 2, .key = "voldown", .icon = "minus")
#define VOLUME_FLAT(cx, cy, w, h)                                                                  \
    AT(FACE_PILL, cx, cy, w, h, .r = 0),                                                           \
        AT(FACE_HALF, (cx) - (w) / 4, cy, (w) / 2, h, .key = "voldown", .icon = "minus"),          \
        AT(FACE_HALF, (cx) + (w) / 4, cy, (w) / 2, h, .key = "volup", .icon = "plus")

#define AUDIO_KEY(cx, cy, w, h, name)                                                              \
    AT(FACE_PILL, cx, cy, w, h, .key = name, .icon = name, .lamp = name)

#define PARTS_END                                                                                  \
    {                                                                                              \
        .w = 0                                                                                     \
    }

#endif
