/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 10.2 (u), 1.2 (line keys without lamps): what the faces of the 79x0 share: glass left,
 * line keys in a column at its right, soft keys below, keypad left, feature keys right; the rest
 * [DEF]. */
#ifndef DEVICES_FACES_CP79XX_H
#define DEVICES_FACES_CP79XX_H

#include "devices/faces/parts.h"

#define CP79_TOP                                                                                   \
    BOX(FACE_CRADLE, 0, 24, 330, 880, .r = 46), BOX(FACE_BODY, 280, 24, 1000, 880, .r = 46),       \
        BOX(FACE_PLATE, 316, 48, 974, 352, .r = 0),                                                \
        BOX(FACE_HANDSET, 38, 0, 266, 850, .key = "hook"),                                         \
        AT(FACE_LIGHT, 152, 46, 84, 16, .lamp = "message"),                                        \
        BOX(FACE_NAME, 830, 62, 960, 76, .r = 0), BOX(FACE_BEZEL, 336, 66, 722, 284, .r = 10),     \
        BOX(FACE_GLASS, 354, 84, 704, 266, .r = 0)

#define CP79_LINE_KEY(cy, name) AT(FACE_PILL, 756, cy, 40, 20, .key = name)

/* Everything else. */
#define CP79_KEYS                                                                                  \
    SOFT_KEYS(398, 485, 573, 660, 318, 66, 26), AT(FACE_ROCKER, 875, 190, 110, 110, .r = 0),       \
        AT(FACE_ARROW, 875, 162, 34, 34, .key = "up", .icon = "up"),                               \
        AT(FACE_ARROW, 875, 218, 34, 34, .key = "down", .icon = "down"),                           \
        KEYPAD(FACE_PILL, 430, 530, 630, 440, 524, 608, 692, 80, 56),                              \
        AT(FACE_PILL, 790, 424, 100, 40, .key = "messages", .icon = "envelope"),                   \
        AT(FACE_PILL, 908, 424, 100, 40, .key = "services", .icon = "globe"),                      \
        AT(FACE_PILL, 790, 488, 100, 40, .key = "directory", .icon = "book"),                      \
        AT(FACE_PILL, 908, 488, 100, 40, .key = "setup", .icon = "page"),                          \
        AT(FACE_PILL, 849, 537, 60, 34, .key = "info", .icon = "?"),                               \
        AUDIO_KEY(850, 586, 100, 42, "headset"), AUDIO_KEY(850, 652, 100, 42, "mute"),             \
        AUDIO_KEY(850, 718, 100, 42, "speaker"), VOLUME_FLAT(530, 794, 240, 46)

#define CP79_COLORS                                                                                \
    {                                                                                              \
        .body = 0x565c62, .body_low = 0x3c4146, .cradle = 0x454a50, .cradle_low = 0x2f3337,        \
        .handset = 0x5a6067, .handset_low = 0x3d4247, .plate = 0xb9bdbd, .plate_low = 0x979b9b,    \
        .key = 0xdadcda, .key_low = 0xaeb1af, .ink = 0x25282b, .name_ink = 0x3a3e42,               \
        .bezel = 0x2b2f33                                                                          \
    }

#endif
