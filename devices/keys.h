/* SPDX-License-Identifier: BSD-3-Clause */
/* Key groups that models share (devices.md 1.2); a model's key table lists the groups it has. */
#ifndef DEVICES_KEYS_H
#define DEVICES_KEYS_H

#define KEYS_DIGITS                                                                                \
    {"1", '1', false}, {"2", '2', false}, {"3", '3', false}, {"4", '4', false}, {"5", '5', false}, \
        {"6", '6', false}, {"7", '7', false}, {"8", '8', false}, {"9", '9', false},                \
        {"*", '*', false}, {"0", '0', false},                                                      \
    {                                                                                              \
        "#", '#', false                                                                            \
    }
#define KEY(name)                                                                                  \
    {                                                                                              \
        name, 0, false                                                                             \
    }
#define KEY_LAMP(name)                                                                             \
    {                                                                                              \
        name, 0, true                                                                              \
    }
#define KEYS_VOLUME KEY("volup"), KEY("voldown")
#define KEYS_HOOK   KEY("hook")
#define KEYS_SOFT2  KEY("soft1"), KEY("soft2")
#define KEYS_SOFT4  KEYS_SOFT2, KEY("soft3"), KEY("soft4")
#define KEYS_NAV4   KEY("up"), KEY("down"), KEY("left"), KEY("right")
#define KEYS_NAV5   KEYS_NAV4, KEY("select")
#define KEYS_AUDIO  KEY_LAMP("speaker"), KEY_LAMP("headset"), KEY_LAMP("mute")
#define KEYS_DESK                                                                                  \
    KEYS_DIGITS, KEY("messages"), KEY("setup"), KEY("hold"), KEYS_AUDIO, KEYS_VOLUME, KEYS_HOOK
#define KEYS_LINE1 KEY_LAMP("line1")
#define KEYS_LINE2 KEYS_LINE1, KEY_LAMP("line2")
#define KEYS_LINE3 KEYS_LINE2, KEY_LAMP("line3")
#define KEYS_LINE4 KEYS_LINE3, KEY_LAMP("line4")
#define KEYS_LINE5 KEYS_LINE4, KEY_LAMP("line5")
#define KEYS_LINE6 KEYS_LINE5, KEY_LAMP("line6")
#define KEYS_LINE8 KEYS_LINE6, KEY_LAMP("line7"), KEY_LAMP("line8")
#define KEYS_LINE12                                                                                \
    KEYS_LINE8, KEY_LAMP("line9"), KEY_LAMP("line10"), KEY_LAMP("line11"), KEY_LAMP("line12")
#define KEYS_END                                                                                   \
    {                                                                                              \
        NULL, 0, false                                                                             \
    }

#define LAMPS_LINE1  "line1"
#define LAMPS_LINE2  LAMPS_LINE1, "line2"
#define LAMPS_LINE3  LAMPS_LINE2, "line3"
#define LAMPS_LINE4  LAMPS_LINE3, "line4"
#define LAMPS_LINE5  LAMPS_LINE4, "line5"
#define LAMPS_LINE6  LAMPS_LINE5, "line6"
#define LAMPS_LINE8  LAMPS_LINE6, "line7", "line8"
#define LAMPS_LINE12 LAMPS_LINE8, "line9", "line10", "line11", "line12"
#define LAMPS_DESK   "message", "mute", "headset", "speaker"

#endif
