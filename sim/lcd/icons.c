/* SPDX-License-Identifier: BSD-3-Clause */
/* Icons as shapes in a square of 24, for keys and for glass that has the pixels to show them. */
#include <stddef.h>
#include <string.h>

#include "sim/lcd/vector.h"

#define HANDSET                                                                                    \
    "M6 3 C4 3 3 5 3 7 C3 14 10 21 17 21 C19 21 21 20 21 18 L21 16 L16.5 14 L14.5 16 C12 15 9 12 " \
    "8 9.5 L10 7.5 L8 3 Z"
#define MICROPHONE "M9 5 C9 2 15 2 15 5 L15 12 C15 15 9 15 9 12 Z"
#define DESK_PHONE                                                                                 \
    "M2 9 C2 3 22 3 22 9 L22 11 L16 11 L16 8.5 L8 8.5 L8 11 L2 11 Z M8 10 L16 10 L20 20 L4 20 Z"

enum { PARTS_MAX = 3 };

struct part {
    double width; /* 0 = filled */
    const char *shape;
};

static const struct icon {
    const char *name;
    struct part parts[PARTS_MAX];
} icons[] = {
    {"envelope", {{1.6, "M2 5 L22 5 L22 19 L2 19 Z"}, {1.6, "M2.5 5.5 L12 13 L21.5 5.5"}}},
    {"page",
     {{1.6, "M5 2 L14 2 L20 8 L20 22 L5 22 Z"},
      {1.4, "M14 2 L14 8 L20 8"},
      {1.4, "M8 12 L17 12 M8 15 L17 15 M8 18 L17 18"}}},
    {"hand",
     {{2.6, "M8 12 L8 5.5 M11.2 11 L11.2 3.5 M14.4 11 L14.4 4.5 M17.4 12 L17.4 7"},
      {0, "M6.7 10 L18.7 10 L18.7 16 C18.7 20 16 22 13 22 C9.5 22 8 20 6.7 17 Z"},
      {2.4, "M4 13 L7.5 17.5"}}},
    {"mute",
     {{0, MICROPHONE},
      {1.6, "M6 11 C6 19 18 19 18 11 M12 17 L12 21 M8 21 L16 21"},
      {1.8, "M4 3 L20 21"}}},
    {"microphone", {{0, MICROPHONE}, {1.6, "M6 11 C6 19 18 19 18 11 M12 17 L12 21 M8 21 L16 21"}}},
    {"headset",
     {{1.8, "M4 14 C4 1 20 1 20 14"},
      {0, "M2.5 13 L7 13 L7 20 L2.5 20 Z M17 13 L21.5 13 L21.5 20 L17 20 Z"},
      {1.5, "M20 20 C19.5 22.5 17 22.5 13 22.5"}}},
    {"speaker",
     {{0, "M3 9 L8 9 L13.5 4 L13.5 20 L8 15 L3 15 Z"},
      {1.7, "M16 9 C17.6 10.5 17.6 13.5 16 15 M18.5 6.5 C22 9.5 22 14.5 18.5 17.5"}}},
    {"plus", {{2.6, "M12 5 L12 19 M5 12 L19 12"}}},
    {"minus", {{2.6, "M5 12 L19 12"}}},
    {"up", {{0, "M12 6 L20 17 L4 17 Z"}}},
    {"down", {{0, "M12 18 L20 7 L4 7 Z"}}},
    {"left", {{0, "M6 12 L17 4 L17 20 Z"}}},
    {"right", {{0, "M18 12 L7 4 L7 20 Z"}}},
    {"check", {{2.8, "M4 12.5 L10 18.5 L20 6"}}},
    {"back", {{2.2, "M9 5 L4 10 L9 15 M4 10 L15 10 C22 10 22 19 15 19 L11 19"}}},
    {"handset", {{0, HANDSET}}},
    {"handset-down",
     {{0, "M1 14 C1 7 23 7 23 14 L23 16 C23 17.5 17 17.5 17 16 L17 13.5 C14 12.5 10 12.5 7 13.5 "
          "L7 16 C7 17.5 1 17.5 1 16 Z"}}},
    {"redial",
     {{2.2, "M19 8 C16 2 7 2.5 4.5 9 M5 16 C8 22 17 21.5 19.5 15"},
      {2.2, "M20 3 L19 8.5 L13.5 8 M4 21 L5 15.5 L10.5 16"}}},
    {"cancel",
     {{2, "M12 2.5 C24.7 2.5 24.7 21.5 12 21.5 C-0.7 21.5 -0.7 2.5 12 2.5"},
      {2, "M8 8 L16 16 M16 8 L8 16"}}},
    {"line", {{0, DESK_PHONE}}},
    {"line-unreg", {{0, DESK_PHONE}, {2.4, "M2 2 L22 22"}}},
    {"ringing",
     {{0, "M12 2 C17 2 18 7 18 11 C18 15 20 17 21 18 L3 18 C4 17 6 15 6 11 C6 7 7 2 12 "
          "2 Z M9.5 19.5 L14.5 19.5 C14.5 23 9.5 23 9.5 19.5 Z"}}},
    {"held", {{0, "M6 4 L10.5 4 L10.5 20 L6 20 Z M13.5 4 L18 4 L18 20 L13.5 20 Z"}}},
    {"dnd",
     {{2.2, "M12 2.5 C24.7 2.5 24.7 21.5 12 21.5 C-0.7 21.5 -0.7 2.5 12 2.5"},
      {3, "M7 12 L17 12"}}},
    {"forward", {{2.4, "M4 19 L4 13 C4 9 6 8 9 8 L19 8 M14.5 3.5 L19.5 8 L14.5 12.5"}}},
    {"missed", {{2.2, "M3 5 L12 13 L21 5 M21 12 L21 5 L14 5"}}},
    {"lock", {{0, "M5 11 L19 11 L19 21 L5 21 Z"}, {2.2, "M8 11 L8 7 C8 2 16 2 16 7 L16 11"}}},
    {"network", {{1.8, "M4 4 L20 4 L20 15 L4 15 Z M12 15 L12 19 M8 20.5 L16 20.5"}}},
    {"wifi",
     {{2, "M2 9 C8 3 16 3 22 9 M5.5 13 C9.5 9.5 14.5 9.5 18.5 13"},
      {0, "M9.5 17 C11 15.6 13 15.6 14.5 17 L12 20 Z"}}},
    {"battery",
     {{1.6, "M2 8 L20 8 L20 17 L2 17 Z"},
      {0, "M4 10 L16 10 L16 15 L4 15 Z"},
      {2, "M22.4 11 L22.4 14"}}},
    {"people",
     {{0, "M8 3 C12 3 12 10 8 10 C4 10 4 3 8 3 Z M2 20 C2 13 14 13 14 20 Z"},
      {0, "M17 5 C20.5 5 20.5 11.5 17 11.5 C13.5 11.5 13.5 5 17 5 Z M15 20 C15 15 12.5 "
          "13.6 17 13.4 C22 13.4 23 17 23 20 Z"}}},
    {"transfer",
     {{2, "M3 8 L20 8 M15.5 3.5 L20.5 8 L15.5 12.5 M21 16 L4 16 M8.5 11.5 L3.5 16 L8.5 "
          "20.5"}}},
    {"book",
     {{1.7, "M12 6 C9 3 5 3 2 4 L2 19 C5 18 9 18 12 21 C15 18 19 18 22 19 L22 4 C19 3 15 3 "
            "12 6 L12 21"}}},
    {"globe",
     {{1.6, "M12 2.5 C24.7 2.5 24.7 21.5 12 21.5 C-0.7 21.5 -0.7 2.5 12 2.5"},
      {1.3, "M12 2.5 C5 8 5 16 12 21.5 C19 16 19 8 12 2.5 M3 12 L21 12"}}},
    {"info", {{2.4, "M12 11 L12 18"}, {3, "M12 5.5 L12 5.6"}}},
    {"grid",
     {{0, "M4 4 L10 4 L10 10 L4 10 Z M14 4 L20 4 L20 10 L14 10 Z"},
      {0, "M4 14 L10 14 L10 20 L4 20 Z M14 14 L20 14 L20 20 L14 20 Z"}}},
};

bool path_icon(struct path *p, const char *name, double x, double y, double size)
{
    for (size_t i = 0; i < sizeof(icons) / sizeof(icons[0]); i++) {
        if (strcmp(icons[i].name, name) != 0)
            continue;
        for (unsigned k = 0; k < PARTS_MAX && icons[i].parts[k].shape; k++)
            path_add(p, icons[i].parts[k].shape, x, y, size / 24, icons[i].parts[k].width);
        return true;
    }
    return false;
}
