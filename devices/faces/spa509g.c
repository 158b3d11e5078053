/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 10.2 (u): a column of four at the left, two at the right; keys 9 to 12 at the left
 * [DEF]; the left one nearer the edge and the caps smaller, to have room [DEF] */
#include "devices/faces/faces.h"
#include "devices/faces/spa.h"

static const struct face_part parts[] = {
    SPA_TOP,
    SPA_GLASS(0),
    SPA_LINE_KEYS(896, 36, "line1", "line2", "line3", "line4"),
    SPA_LINE_KEYS(942, 36, "line5", "line6", "line7", "line8"),
    SPA_LINE_KEYS(440, 44, "line9", "line10", "line11", "line12"),
    SPA_ROCKER,
    SPA_KEYS,
    PARTS_END,
};

const struct device_face face_spa509g = {
    .model = "SPA509G",
    .height = 1003,
    .colors = SPA_COLORS,
    .parts = parts,
    .source = "devices.md 10.2",
};
