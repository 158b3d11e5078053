/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 10.2 (u), also 6841 and 6861: glass on top, soft keys beneath, line keys at both
 * sides; the rest [DEF] */
#include "devices/faces/faces.h"
#include "devices/faces/parts.h"

static const struct face_part parts[] = {
    BOX(FACE_CRADLE, 0, 30, 320, 985, .r = 40),
    BOX(FACE_BODY, 285, 30, 1000, 985, .r = 40),
    BOX(FACE_HANDSET, 34, 8, 268, 955, .key = "hook"),
    AT(FACE_LIGHT, 151, 52, 110, 16, .lamp = "message"),
    BOX(FACE_NAME, 820, 58, 950, 74, .r = 0),
    BOX(FACE_BEZEL, 395, 84, 905, 320, .r = 18),
    BOX(FACE_GLASS, 415, 100, 885, 304, .r = 0),
    LINE_KEY(352, 162, 46, 26, "line1"),
    LINE_KEY(352, 234, 46, 26, "line2"),
    LINE_KEY(948, 162, 46, 26, "line3"),
    LINE_KEY(948, 234, 46, 26, "line4"),
    SOFT_KEYS(472, 592, 710, 828, 366, 84, 28),
    ROCKER(650, 482, 62, 44),
    AT(FACE_ROUND, 650, 482, 52, 52, .key = "select", .icon = "check"),
    AT(FACE_PILL, 525, 482, 70, 40, .key = "back", .icon = "back"),
    KEYPAD(FACE_PILL, 545, 650, 755, 615, 690, 765, 840, 84, 54),
    AT(FACE_PILL, 400, 482, 70, 40, .key = "messages", .icon = "envelope"),
    AT(FACE_PILL, 400, 615, 70, 42, .key = "hold", .icon = "hand"),
    AT(FACE_PILL, 400, 690, 70, 42, .key = "transfer", .icon = "transfer"),
    AT(FACE_PILL, 400, 765, 70, 42, .key = "conference", .icon = "people"),
    AT(FACE_PILL, 900, 482, 70, 40, .key = "setup", .icon = "grid"),
    AUDIO_KEY(900, 615, 70, 42, "headset"),
    AUDIO_KEY(900, 690, 70, 42, "speaker"),
    AUDIO_KEY(900, 765, 70, 42, "mute"),
    VOLUME_FLAT(650, 922, 220, 46),
    PARTS_END,
};

const struct device_face face_cp6851 = {
    .model = "6851",
    .height = 1000,
    .colors = {.body = 0x33373c,
               .body_low = 0x1f2225,
               .cradle = 0x26292d,
               .cradle_low = 0x17191b,
               .handset = 0x3a3f44,
               .handset_low = 0x222528,
               .plate = 0x2a2d31,
               .plate_low = 0x2a2d31,
               .key = 0x4a5057,
               .key_low = 0x30353a,
               .ink = 0xf3f5f6,
               .name_ink = 0x9aa2a8,
               .bezel = 0x0b0c0d},
    .parts = parts,
    .source = "devices.md 10.2 (u)",
};
