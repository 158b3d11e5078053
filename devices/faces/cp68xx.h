/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 10.2 (u): what the faces of the 6800 share: glass on top, soft keys beneath, line keys
 * at both sides; the rest [DEF]. */
#ifndef DEVICES_FACES_CP68XX_H
#define DEVICES_FACES_CP68XX_H

#include "devices/faces/parts.h"

#define CP68_LEFT                                                                                  \
    BOX(FACE_CRADLE, 0, 30, 320, 985, .r = 40), BOX(FACE_BODY, 285, 30, 1000, 985, .r = 40),       \
        BOX(FACE_HANDSET, 34, 8, 268, 955, .key = "hook"),                                         \
        AT(FACE_LIGHT, 151, 52, 110, 16, .lamp = "message")

#define CP68_LINE_KEY(cx, cy, name) LINE_KEY(cx, cy, 46, 26, name)
#define CP68_SOFT_KEYS(cy)          SOFT_KEYS(472, 592, 710, 828, cy, 84, 28)

/* The rocker, and the keys at both sides of it. */
#define CP68_ROCKER(cy)                                                                            \
    ROCKER(650, cy, 62, 44), AT(FACE_ROUND, 650, cy, 52, 52, .key = "select", .icon = "check"),    \
        AT(FACE_PILL, 525, cy, 70, 40, .key = "back", .icon = "back"),                             \
        AT(FACE_PILL, 400, cy, 70, 40, .key = "messages", .icon = "envelope"),                     \
        AT(FACE_PILL, 900, cy, 70, 40, .key = "setup", .icon = "grid")

/* Everything below. */
#define CP68_KEYS                                                                                  \
    KEYPAD(FACE_PILL, 545, 650, 755, 615, 690, 765, 840, 84, 54),                                  \
        AT(FACE_PILL, 400, 615, 70, 42, .key = "hold", .icon = "hand"),                            \
        AUDIO_KEY(900, 615, 70, 42, "headset"), AUDIO_KEY(900, 690, 70, 42, "speaker"),            \
        AUDIO_KEY(900, 765, 70, 42, "mute"), VOLUME_FLAT(650, 922, 220, 46)

/* Where there are keys for them. */
#define CP68_CALL_KEYS                                                                             \
    AT(FACE_PILL, 400, 690, 70, 42, .key = "transfer", .icon = "transfer"),                        \
        AT(FACE_PILL, 400, 765, 70, 42, .key = "conference", .icon = "people")

#define CP68_COLORS                                                                                \
    {                                                                                              \
        .body = 0x33373c, .body_low = 0x1f2225, .cradle = 0x26292d, .cradle_low = 0x17191b,        \
        .handset = 0x3a3f44, .handset_low = 0x222528, .plate = 0x2a2d31, .plate_low = 0x2a2d31,    \
        .key = 0x4a5057, .key_low = 0x30353a, .ink = 0xf3f5f6, .name_ink = 0x9aa2a8,               \
        .bezel = 0x0b0c0d                                                                          \
    }

#endif
