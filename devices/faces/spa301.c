/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 10.2 (u): small plate, no glass, no line keys, keypad in the middle, feature keys in a
 * row above it; places [DEF] */
#include "devices/faces/faces.h"
#include "devices/faces/spa.h"

static const struct face_part parts[] = {
    SPA_LEFT,
    BOX(FACE_PLATE, 378, 58, 968, 330, .r = 0),
    AT(FACE_LIGHT, 673, 84, 121, 14, .lamp = "message"),
    BOX(FACE_NAME, 840, 80, 960, 94, .r = 0),
    AT(FACE_PILL, 466, 412, 84, 40, .key = "flash", .icon = "Flash"),
    AT(FACE_PILL, 604, 412, 84, 40, .key = "redial", .icon = "redial"),
    AT(FACE_PILL, 742, 412, 84, 40, .key = "hold", .icon = "hand"),
    AT(FACE_PILL, 880, 412, 84, 40, .key = "mute", .lamp = "mute", .icon = "mute"),
    KEYPAD(FACE_ROUND, 573, 673, 773, 530, 625, 720, 815, 76, 76),
    VOLUME_FLAT(673, 912, 240, 46),
    PARTS_END,
};

const struct device_face face_spa301 = {
    .model = "SPA301",
    .height = 1003,
    .colors = SPA_COLORS,
    .parts = parts,
    .source = "devices.md 10.2 (u)",
};
