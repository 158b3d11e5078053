/* SPDX-License-Identifier: BSD-3-Clause */
/* What a phone looks like from the front: const data (devices.md 10). Thousandths of the width. */
#ifndef DEVICES_FACE_H
#define DEVICES_FACE_H

#include <stdint.h>

#include "devices/model.h"

enum face_kind {
    FACE_CRADLE,  /* what the handset rests in */
    FACE_HANDSET, /* pressed as "hook" */
    FACE_BODY,
    FACE_PLATE,  /* the lighter panel around the glass; r = how far its lower edge bows */
    FACE_BULGE,  /* round part of the plate around the rocker */
    FACE_PANEL,  /* a line around a group of keys */
    FACE_BEZEL,  /* frame of the glass */
    FACE_GLASS,  /* the LCD's area */
    FACE_LABEL,  /* paper with a cell for each line key beside it */
    FACE_ICON,   /* printed, no key */
    FACE_LIGHT,  /* a lamp that is no key */
    FACE_NAME,   /* the model's name, right-aligned */
    FACE_LINE,   /* hairline */
    FACE_ROCKER, /* disc below the arrows */
    FACE_PILL,   /* keys: as round as they can be, */
    FACE_ROUND,  /* circles, */
    FACE_ARROW,  /* parts of the rocker without an edge of their own, */
    FACE_HALF,   /* parts of a pill below them */
};

struct face_part {
    enum face_kind kind;
    int16_t x, y, w, h; /* upper left corner and size */
    const char *key;    /* as `press` takes it, or NULL */
    const char *icon;   /* name of an icon, or a text when no icon is called so */
    const char *small;  /* letters below a digit */
    const char *lamp;   /* as `state` names it, or NULL */
    uint32_t ink;       /* of the icon, 0 = as the face's keys */
    int16_t r;          /* radius of corners, or the bow of a plate */
};

struct face_colors { /* 0xRRGGBB, top and bottom where light falls from above */
    uint32_t body, body_low, cradle, cradle_low, handset, handset_low, plate, plate_low;
    uint32_t key, key_low, ink, name_ink, bezel;
};

struct device_face {
    const char *model;
    uint16_t height; /* thousandths of the width */
    struct face_colors colors;
    const struct face_part *parts; /* in the order of painting, ended by w = 0 */
    const char *source;
};

/** The face of the model, NULL when its geometry is not established. */
const struct device_face *device_face(const struct device_model *m);

#endif
