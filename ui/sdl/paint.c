/* SPDX-License-Identifier: BSD-3-Clause */
/* What lies where in the window, and over what. */
#include "ui/sdl/priv.h"

/* A part that has not been drawn yet, or had no memory, is not there. */
static void blit(struct window *w, const struct image *im, int x, int y, struct fb_rect r)
{
    if (!im)
        return;
    canvas_blit(w->frame, x, y, im, (struct fb_rect){r.x - x, r.y - y, r.w, r.h});
}

static void paint_phones(struct window *w, struct fb_rect r)
{
    r = fb_rect_meet(r, w->area);
    if (fb_rect_empty(r))
        return;
    canvas_fill(&w->canvas, r, w->theme->desk);
    if (!w->shown)
        blit(w, wall_image(w->wall), w->area.x, w->area.y, r);
    else if (w->base)
        blit(w, face_base_image(w->base), w->face_at.x, w->face_at.y, fb_rect_meet(r, w->face_at));
}

static void paint_toast(struct window *w, struct fb_rect r)
{
    const struct canvas_words words = {.px = 14, .color = 0xffffff, .align = TEXT_CENTER};

    if (!w->toast_ms)
        return;
    const int width = canvas_text_width(&w->canvas, &words, w->toast) + 44;
    const struct fb_rect box = {w->area.x + (w->area.w - width) / 2, w->area.y + w->area.h - 64,
                                width, 38};
    if (fb_rect_empty(fb_rect_meet(box, r)))
        return;
    canvas_round(&w->canvas, box, 19, 0x10151a, 255);
    canvas_text(&w->canvas, box, &words, w->toast);
}

void paint_window(struct window *w, struct fb_rect r)
{
    const struct fb_rect panel = panel_rect(w);

    paint_phones(w, r);
    if (panel.w)
        blit(w, panel_image(w->panel), panel.x, panel.y, fb_rect_meet(r, panel));
    paint_toast(w, r);
    if (w->help && !fb_rect_empty(fb_rect_meet(r, w->help_at)))
        blit(w, w->help, w->help_at.x, w->help_at.y, fb_rect_meet(r, w->help_at));
}
