/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 10.1: what the faces of SPA300 and SPA500 share. */
#ifndef DEVICES_FACES_SPA_H
#define DEVICES_FACES_SPA_H

#include "devices/faces/parts.h"

#define SPA_LEFT                                                                                   \
    BOX(FACE_CRADLE, 0, 18, 360, 1000, .r = 22), BOX(FACE_BODY, 325, 41, 1000, 990, .r = 24),      \
        BOX(FACE_HANDSET, 37, 0, 282, 941, .key = "hook")

/* All of the SPA500 above the glass, and the bow of the plate around the rocker. */
#define SPA_TOP                                                                                    \
    SPA_LEFT, BOX(FACE_PLATE, 378, 52, 968, 511, .r = 22),                                         \
        AT(FACE_BULGE, 674, 536, 148, 148, .r = 0),                                                \
        AT(FACE_LIGHT, 673, 71, 121, 14, .lamp = "message"),                                       \
        BOX(FACE_NAME, 840, 80, 960, 94, .r = 0)

/* Glass of 128x64 with its soft keys, so far to the right. */
#define SPA_GLASS(shift)                                                                           \
    BOX(FACE_BEZEL, 486 + (shift), 96, 861 + (shift), 305, .r = 14),                               \
        BOX(FACE_GLASS, 512 + (shift), 116, 835 + (shift), 289, .r = 0),                           \
        HAIRLINES(543 + (shift), 629 + (shift), 716 + (shift), 801 + (shift), 305, 348),           \
        SOFT_KEYS(544 + (shift), 630 + (shift), 717 + (shift), 802 + (shift), 360, 71, 25)

/* Four line keys below each other. */
#define SPA_LINE_KEYS(cx, w, key1, key2, key3, key4)                                               \
    LINE_KEY(cx, 134, w, 23, key1), LINE_KEY(cx, 179, w, 23, key2),                                \
        LINE_KEY(cx, 225, w, 23, key3), LINE_KEY(cx, 270, w, 23, key4)

#define SPA_ROCKER ROCKER(674, 536, 52, 33)
#define SPA_KEYPAD KEYPAD(FACE_ROUND, 477, 567, 657, 658, 738, 819, 900, 66, 66)
#define SPA_RIGHT_KEYS                                                                             \
    AT(FACE_PILL, 799, 647, 58, 38, .key = "messages", .icon = "envelope"),                        \
        AT(FACE_PILL, 799, 712, 58, 38, .key = "setup", .icon = "page"),                           \
        AT(FACE_PILL, 887, 679, 52, 107, .key = "hold", .icon = "hand"),                           \
        AUDIO_KEY(799, 782, 55, 37, "mute"), AUDIO_KEY(799, 847, 55, 37, "headset"),               \
        AUDIO_KEY(799, 911, 55, 37, "speaker"), VOLUME_UPRIGHT(887, 844, 52, 174)

/* All of the SPA500 below the rocker. */
#define SPA_KEYS                                                                                   \
    SPA_KEYPAD, BOX(FACE_PANEL, 749, 600, 937, 955, .r = 30),                                      \
        BOX(FACE_LINE, 760, 744, 926, 746, .r = 0), SPA_RIGHT_KEYS

/* devices.md 10, approximate colours */
#define SPA_COLORS                                                                                 \
    {                                                                                              \
        .body = 0x48515b, .body_low = 0x323941, .cradle = 0x343b43, .cradle_low = 0x252a30,        \
        .handset = 0x4b545e, .handset_low = 0x343b43, .plate = 0xdedad3, .plate_low = 0xb4b0a8,    \
        .key = 0x363d45, .key_low = 0x1d2126, .ink = 0xe9edf0, .name_ink = 0x4a4f55,               \
        .bezel = 0x23282e                                                                          \
    }

#endif
