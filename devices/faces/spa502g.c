/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 10.2: no line keys */
#include "devices/faces/faces.h"
#include "devices/faces/parts.h"

static const struct face_part parts[] = {
    SPA_LEFT,
    BOX(FACE_PLATE, 378, 52, 968, 511, .r = 22),
    AT(FACE_BULGE, 674, 536, 148, 148, .r = 0),
    AT(FACE_LIGHT, 673, 71, 121, 14, .lamp = "message"),
    BOX(FACE_NAME, 840, 80, 960, 94, .r = 0),
    BOX(FACE_BEZEL, 486, 96, 861, 305, .r = 14),
    BOX(FACE_GLASS, 512, 116, 835, 289, .r = 0),
    HAIRLINES(543, 629, 716, 801, 305, 348),
    SOFT_KEYS(544, 630, 717, 802, 360, 71, 25),
    ROCKER(674, 536, 52, 33),
    SPA_KEYPAD,
    SPA_PANEL,
    SPA_RIGHT_KEYS,
    PARTS_END,
};

const struct device_face face_spa502g = {
    .model = "SPA502G",
    .height = 1003,
    .colors = SPA_COLORS,
    .parts = parts,
    .source = "devices.md 10.2",
};
