/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 10.2 (u), also 6841 and 6861 */
#include "devices/faces/faces.h"
#include "devices/faces/cp68xx.h"

static const struct face_part parts[] = {
    CP68_LEFT,
    BOX(FACE_NAME, 820, 58, 950, 74, .r = 0),
    BOX(FACE_BEZEL, 395, 84, 905, 320, .r = 18),
    BOX(FACE_GLASS, 415, 100, 885, 304, .r = 0),
    CP68_LINE_KEY(352, 162, "line1"),
    CP68_LINE_KEY(352, 234, "line2"),
    CP68_LINE_KEY(948, 162, "line3"),
    CP68_LINE_KEY(948, 234, "line4"),
    CP68_SOFT_KEYS(366),
    CP68_ROCKER(482),
    CP68_KEYS,
    CP68_CALL_KEYS,
    PARTS_END,
};

const struct device_face face_cp6851 = {
    .model = "6851",
    .height = 1000,
    .colors = CP68_COLORS,
    .parts = parts,
    .source = "devices.md 10.2 (u)",
};
