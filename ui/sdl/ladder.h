/* SPDX-License-Identifier: BSD-3-Clause */
/* The last SIP messages of a phone as arrows between it and its peers; one of them whole. */
#ifndef UI_SDL_LADDER_H
#define UI_SDL_LADDER_H

#include "ui/sdl/priv.h"

struct ladder;

int ladder_alloc(struct ladder **lp);

/** Another phone: no message is chosen, the newest are in view. */
void ladder_forget(struct ladder *l);

/** Draw into r where something changed, or anew. False: nothing was drawn. */
bool ladder_draw(struct ladder *l, struct canvas *c, const struct theme *t, const struct farm *f,
                 unsigned phone, struct fb_rect r, bool anew);

void ladder_scroll(struct ladder *l, int y, int px);
void ladder_click(struct ladder *l, int x, int y);

#endif
