/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 10.2 [PHOTO]; the bezel's size follows from the glass [DEF] */
#include "devices/faces/faces.h"
#include "devices/faces/spa.h"

static const struct face_part parts[] = {
    SPA_LEFT,
    BOX(FACE_PLATE, 378, 52, 968, 520, .r = 22),
    AT(FACE_BULGE, 674, 545, 148, 148, .r = 0),
    AT(FACE_LIGHT, 673, 68, 121, 14, .lamp = "message"),
    BOX(FACE_NAME, 840, 70, 960, 84, .r = 0),
    BOX(FACE_BEZEL, 496, 88, 861, 352, .r = 14),
    BOX(FACE_GLASS, 520, 102, 835, 338, .r = 0),
    HAIRLINES(543, 629, 716, 801, 352, 380),
    LINE_KEY(911, 128, 52, 23, "line1"),
    LINE_KEY(911, 172, 52, 23, "line2"),
    LINE_KEY(911, 216, 52, 23, "line3"),
    LINE_KEY(911, 260, 52, 23, "line4"),
    LINE_KEY(911, 304, 52, 23, "line5"),
    SOFT_KEYS(544, 630, 717, 802, 392, 71, 25),
    ROCKER(674, 545, 54, 38),
    AT(FACE_ROUND, 674, 545, 42, 42, .key = "select", .icon = "check"),
    SPA_KEYS,
    PARTS_END,
};

const struct device_face face_spa525g2 = {
    .model = "SPA525G2",
    .height = 1003,
    .colors = SPA_COLORS,
    .parts = parts,
    .source = "devices.md 10.2 [PHOTO]",
};
