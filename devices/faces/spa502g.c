/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 10.2: no line keys */
#include "devices/faces/faces.h"
#include "devices/faces/spa.h"

static const struct face_part parts[] = {
    SPA_TOP, SPA_GLASS(0), SPA_ROCKER, SPA_KEYS, PARTS_END,
};

const struct device_face face_spa502g = {
    .model = "SPA502G",
    .height = 1003,
    .colors = SPA_COLORS,
    .parts = parts,
    .source = "devices.md 10.2",
};
