/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 10.2 (u) */
#include "devices/faces/faces.h"
#include "devices/faces/cp79xx.h"

static const struct face_part parts[] = {
    CP79_TOP,
    CP79_LINE_KEY(96, "line1"),
    CP79_LINE_KEY(127, "line2"),
    CP79_LINE_KEY(158, "line3"),
    CP79_LINE_KEY(189, "line4"),
    CP79_LINE_KEY(220, "line5"),
    CP79_LINE_KEY(251, "line6"),
    CP79_KEYS,
    PARTS_END,
};

const struct device_face face_cp7960 = {
    .model = "7960",
    .height = 896,
    .colors = CP79_COLORS,
    .parts = parts,
    .source = "devices.md 10.2 (u)",
};
