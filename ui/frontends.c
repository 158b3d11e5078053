/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/frontend.h"

#include <string.h>

#ifdef WITH_SDL
extern const struct frontend frontend_sdl;
#endif

static const struct frontend *const frontends[] = {
#ifdef WITH_SDL
    &frontend_sdl,
#endif
    NULL,
};

const struct frontend *frontend_find(const char *name)
{
    for (const struct frontend *const *f = frontends; *f; f++) {
        if (strcmp((*f)->name, name) == 0)
            return *f;
    }
    return NULL;
}
