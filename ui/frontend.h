/* SPDX-License-Identifier: BSD-3-Clause */
/* Something that shows phones to people and lets them be touched: one row in frontends.c each. */
#ifndef UI_FRONTEND_H
#define UI_FRONTEND_H

#include <stdbool.h>
#include <stddef.h>

struct farm;
struct phone;
struct phone_event;

struct frontend_config { /* borrowed until it is closed */
    struct farm *f;
    bool mute;   /* no sound card */
    bool dark;   /* surroundings */
    double zoom; /* 0 = as large as fits; a face is 250 pixels wide at 1 */
    bool bare;   /* the phones only, nothing beside them */
};

struct frontend {
    const char *name;
    /** Begin to show the farm; ends the loop when the user wants no more. err gets a sentence.
     *  Errors  EIO there is no display; ENOMEM */
    int (*open)(void **fep, const struct frontend_config *cfg, char *err, size_t err_size);
    /** Something changed on a phone. */
    void (*event)(void *fe, struct phone *ph, const struct phone_event *ev);
    void (*close)(void *fe);
};

/** NULL: this program was built without it. */
const struct frontend *frontend_find(const char *name);

#endif
