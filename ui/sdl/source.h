/* SPDX-License-Identifier: BSD-3-Clause */
/* The XML of the page on a phone's screen: wrapped, its tags in colour. */
#ifndef UI_SDL_SOURCE_H
#define UI_SDL_SOURCE_H

#include "ui/sdl/priv.h"

struct source;

int source_alloc(struct source **sp);

/** Draw into r where something changed, or anew. False: nothing was drawn. */
bool source_draw(struct source *s, struct canvas *c, const struct theme *t, const struct phone *ph,
                 struct fb_rect r, bool anew);

void source_scroll(struct source *s, int px);

#endif
