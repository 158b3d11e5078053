/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 10.2: four more line keys at the left; the glass shifted (u); keys 5 to 8 at the left
 * [DEF] */
#include "devices/faces/faces.h"
#include "devices/faces/spa.h"

static const struct face_part parts[] = {
    SPA_TOP,
    SPA_GLASS(10),
    SPA_LINE_KEYS(918, 52, "line1", "line2", "line3", "line4"),
    SPA_LINE_KEYS(440, 52, "line5", "line6", "line7", "line8"),
    SPA_ROCKER,
    SPA_KEYS,
    PARTS_END,
};

const struct device_face face_spa508g = {
    .model = "SPA508G",
    .height = 1003,
    .colors = SPA_COLORS,
    .parts = parts,
    .source = "devices.md 10.2",
};
