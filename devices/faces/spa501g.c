/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 10.2 [PHOTO]: a paper label in the place of the glass, keys 1 to 4 left of it; the
 * columns of keys stand a little further out than written there, clear of the label [DEF] */
#include "devices/faces/faces.h"
#include "devices/faces/spa.h"

static const struct face_part parts[] = {
    SPA_TOP,
    BOX(FACE_LABEL, 490, 110, 860, 300, .r = 4),
    LINE_KEY(436, 140, 52, 23, "line1"),
    LINE_KEY(436, 180, 52, 23, "line2"),
    LINE_KEY(436, 220, 52, 23, "line3"),
    LINE_KEY(436, 260, 52, 23, "line4"),
    LINE_KEY(912, 140, 52, 23, "line5"),
    LINE_KEY(912, 180, 52, 23, "line6"),
    LINE_KEY(912, 220, 52, 23, "line7"),
    LINE_KEY(912, 260, 52, 23, "line8"),
    AT(FACE_PILL, 544, 360, 71, 25, .key = "redial"),
    AT(FACE_PILL, 630, 360, 71, 25, .key = "cancel"),
    AT(FACE_PILL, 717, 360, 71, 25, .key = "conference"),
    AT(FACE_PILL, 802, 360, 71, 25, .key = "transfer"),
    AT(FACE_ICON, 544, 396, 26, 26, .icon = "redial"),
    AT(FACE_ICON, 630, 396, 26, 26, .icon = "cancel"),
    AT(FACE_ICON, 717, 396, 26, 26, .icon = "people"),
    AT(FACE_ICON, 802, 396, 26, 26, .icon = "transfer"),
    SPA_KEYS,
    PARTS_END,
};

const struct device_face face_spa501g = {
    .model = "SPA501G",
    .height = 1003,
    .colors = SPA_COLORS,
    .parts = parts,
    .source = "devices.md 10.2 [PHOTO]",
};
