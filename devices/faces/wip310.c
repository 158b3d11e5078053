/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 10.2 [PHOTO]: bar handset, glass in the upper 45 %, soft keys, Call and End beside the
 * pad, keypad below; sizes and side keys [DEF] */
#include "devices/faces/faces.h"
#include "devices/faces/spa.h"

static const struct face_part parts[] = {
    AT(FACE_PILL, 294, 262, 13, 64, .key = "volup"),
    AT(FACE_PILL, 294, 340, 13, 64, .key = "voldown"),
    BOX(FACE_BODY, 300, 6, 700, 994, .r = 84),
    BOX(FACE_BEZEL, 330, 56, 670, 468, .r = 26),
    BOX(FACE_GLASS, 352, 74, 648, 444, .r = 0),
    BOX(FACE_NAME, 480, 960, 531, 974, .ink = 0x9aa2a8),
    AT(FACE_PILL, 374, 508, 92, 40, .key = "soft1"),
    AT(FACE_PILL, 626, 508, 92, 40, .key = "soft2"),
    ROCKER(500, 572, 76, 54),
    AT(FACE_ROUND, 500, 572, 56, 56, .key = "select", .icon = "check"),
    AT(FACE_PILL, 372, 610, 88, 48, .key = "call", .icon = "handset", .ink = 0x35d82c),
    AT(FACE_PILL, 628, 610, 88, 48, .key = "end", .icon = "handset-down", .ink = 0xff5045),
    KEYPAD(FACE_PILL, 386, 500, 614, 704, 774, 844, 914, 96, 54),
    PARTS_END,
};

const struct device_face face_wip310 = {
    .model = "WIP310",
    .height = 1000,
    .colors = SPA_COLORS,
    .parts = parts,
    .source = "devices.md 10.2 [PHOTO]",
};
