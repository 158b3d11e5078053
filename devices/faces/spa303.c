/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 10.2 [PHOTO] */
#include "devices/faces/faces.h"
#include "devices/faces/spa.h"

static const struct face_part parts[] = {
    SPA_LEFT,
    BOX(FACE_PLATE, 378, 58, 968, 560, .r = 0),
    AT(FACE_LIGHT, 673, 48, 121, 12, .lamp = "message"),
    BOX(FACE_NAME, 840, 80, 960, 94, .r = 0),
    SPA_GLASS(0),
    LINE_KEY(911, 134, 52, 23, "line1"),
    LINE_KEY(911, 179, 52, 23, "line2"),
    LINE_KEY(911, 225, 52, 23, "line3"),
    ROCKER(674, 470, 55, 35),
    SPA_KEYPAD,
    SPA_RIGHT_KEYS,
    PARTS_END,
};

const struct device_face face_spa303 = {
    .model = "SPA303",
    .height = 1003,
    .colors = SPA_COLORS,
    .parts = parts,
    .source = "devices.md 10.2 [PHOTO]",
};
