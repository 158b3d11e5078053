/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 10.1 [PHOTO504] */
#include "devices/faces/faces.h"
#include "devices/faces/spa.h"

/* clang-format off */
static const struct face_part parts[] = {
    SPA_TOP,
    SPA_GLASS(0),
    SPA_LINE_KEYS(911, 52, "line1", "line2", "line3", "line4"),
    SPA_ROCKER,
    SPA_KEYS,
    PARTS_END,
};
/* clang-format on */

const struct device_face face_spa504g = {
    .model = "SPA504G",
    .height = 1003,
    .colors = SPA_COLORS,
    .parts = parts,
    .source = "devices.md 10.1 [PHOTO504]",
};
