/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 10.2: four more line keys at the left; the glass shifted (u); keys 5 to 8 at the left
 * [DEF] */
#include "devices/faces/faces.h"
#include "devices/faces/parts.h"

static const struct face_part parts[] = {
    SPA_LEFT,
    BOX(FACE_PLATE, 378, 52, 968, 511, .r = 22),
    AT(FACE_BULGE, 674, 536, 148, 148, .r = 0),
    AT(FACE_LIGHT, 673, 71, 121, 14, .lamp = "message"),
    BOX(FACE_NAME, 840, 80, 960, 94, .r = 0),
    BOX(FACE_BEZEL, 496, 96, 871, 305, .r = 14),
    BOX(FACE_GLASS, 522, 116, 845, 289, .r = 0),
    HAIRLINES(553, 639, 726, 811, 305, 348),
    LINE_KEY(918, 134, 52, 23, "line1"),
    LINE_KEY(918, 179, 52, 23, "line2"),
    LINE_KEY(918, 225, 52, 23, "line3"),
    LINE_KEY(918, 270, 52, 23, "line4"),
    LINE_KEY(440, 134, 52, 23, "line5"),
    LINE_KEY(440, 179, 52, 23, "line6"),
    LINE_KEY(440, 225, 52, 23, "line7"),
    LINE_KEY(440, 270, 52, 23, "line8"),
    SOFT_KEYS(554, 640, 727, 812, 360, 71, 25),
    ROCKER(674, 536, 52, 33),
    SPA_KEYPAD,
    SPA_PANEL,
    SPA_RIGHT_KEYS,
    PARTS_END,
};

const struct device_face face_spa508g = {
    .model = "SPA508G",
    .height = 1003,
    .colors = SPA_COLORS,
    .parts = parts,
    .source = "devices.md 10.2",
};
