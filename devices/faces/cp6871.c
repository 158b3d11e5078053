/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 10.2 (u) */
#include "devices/faces/faces.h"
#include "devices/faces/cp68xx.h"

static const struct face_part parts[] = {
    CP68_LEFT,
    BOX(FACE_NAME, 820, 46, 950, 62, .r = 0),
    BOX(FACE_BEZEL, 395, 70, 905, 352, .r = 18),
    BOX(FACE_GLASS, 421, 84, 879, 338, .r = 0),
    CP68_LINE_KEY(352, 134, "line1"),
    CP68_LINE_KEY(352, 204, "line2"),
    CP68_LINE_KEY(352, 274, "line3"),
    CP68_LINE_KEY(948, 134, "line4"),
    CP68_LINE_KEY(948, 204, "line5"),
    CP68_LINE_KEY(948, 274, "line6"),
    CP68_SOFT_KEYS(384),
    CP68_ROCKER(492),
    CP68_KEYS,
    CP68_CALL_KEYS,
    PARTS_END,
};

const struct device_face face_cp6871 = {
    .model = "6871",
    .height = 1000,
    .colors = CP68_COLORS,
    .parts = parts,
    .source = "devices.md 10.2 (u)",
};
