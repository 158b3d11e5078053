/* SPDX-License-Identifier: BSD-3-Clause */
/* One phone of the wall: its caption, and what changed of its face. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ui/sdl/wall.h"

static void touch(struct wall *wall, struct fb_rect r)
{
    r.x += wall->area.x;
    r.y += wall->area.y;
    window_touch(wall->w, fb_rect_meet(r, wall->area));
}

static uint32_t status_color(const struct wall *wall, const struct wall_tile *t)
{
    const struct theme *th = wall->w->theme;

    if (!phone_powered(t->ph))
        return th->line;
    if (phone_is(t->ph, PHONE_RINGING))
        return th->bad;
    if (!phone_is(t->ph, PHONE_IDLE))
        return strcmp(t->view.screen.app, "boot") == 0 ? th->warn : th->accent;
    return phone_is(t->ph, PHONE_REGISTERED) ? th->good : th->warn;
}

static void draw_caption(struct wall *wall, size_t i)
{
    struct wall_tile *t = &wall->tiles[i];
    const struct fb_rect r = wall_tile_rect(wall, i);
    const uint32_t color = status_color(wall, t);
    const bool chosen = wall->choosing && wall->chosen == i;
    const uint32_t shown = color | (chosen ? 2U << 24 : 1U << 24);
    const struct fb_rect at = {r.x, r.y + r.h - WALL_CAPTION_H, r.w, WALL_CAPTION_H};
    const struct canvas_words words = {.px = 11,
                                       .color =
                                           chosen ? wall->w->theme->accent : wall->w->theme->ink,
                                       .bold = chosen,
                                       .align = TEXT_LEFT};
    char text[80];

    if (shown == t->caption_shown)
        return;
    t->caption_shown = shown;
    canvas_fill(&wall->canvas, at, wall->w->theme->desk);
    if (chosen)
        canvas_round(&wall->canvas, at, 5, wall->w->theme->accent, 40);
    snprintf(text, sizeof(text), "%u  %s", phone_n(t->ph), phone_user(t->ph));
    canvas_dot(&wall->canvas, at.x + 8, at.y + WALL_CAPTION_H / 2.0, 3.6, color);
    canvas_text(&wall->canvas, (struct fb_rect){at.x + 17, at.y, at.w - 19, at.h}, &words, text);
    touch(wall, at);
}

/* A phone nobody knows the look of. */
static void draw_unknown(struct wall *wall, size_t i)
{
    struct fb_rect r = wall_tile_rect(wall, i);
    const struct canvas_words words = {
        .px = 14, .color = wall->w->theme->soft, .align = TEXT_CENTER};

    if (wall->tiles[i].view.drawn)
        return;
    wall->tiles[i].view.drawn = true;
    r.h -= WALL_CAPTION_H;
    canvas_outline(&wall->canvas, r, 10, 1, wall->w->theme->line, wall->w->theme->card);
    canvas_text(&wall->canvas, r, &words, phone_model(wall->tiles[i].ph)->name);
    touch(wall, r);
}

/* Round corners for the part of a face that a tile shows. */
static void round_corners(struct wall *wall, struct fb_rect r)
{
    enum { R = 6 };

    for (int y = 0; y < R; y++) {
        const int cut = R - (int)lround(sqrt((double)(R * R - (R - y) * (R - y))));
        canvas_fill(&wall->canvas, (struct fb_rect){r.x, r.y + y, cut, 1}, wall->w->theme->desk);
        canvas_fill(&wall->canvas, (struct fb_rect){r.x + r.w - cut, r.y + y, cut, 1},
                    wall->w->theme->desk);
        canvas_fill(&wall->canvas, (struct fb_rect){r.x, r.y + r.h - 1 - y, cut, 1},
                    wall->w->theme->desk);
        canvas_fill(&wall->canvas, (struct fb_rect){r.x + r.w - cut, r.y + r.h - 1 - y, cut, 1},
                    wall->w->theme->desk);
    }
}

void wall_tile_draw(struct wall *wall, size_t i)
{
    struct wall_tile *t = &wall->tiles[i];
    const struct wall_base *b = &wall->bases[t->base];
    const struct fb_rect r = wall_tile_rect(wall, i);
    struct fb_rect rects[VIEW_CHANGES];

    draw_caption(wall, i);
    if (!b->face) {
        draw_unknown(wall, i);
        return;
    }
    const int x = r.x + (r.w - b->crop.w) / 2, y = r.y + (r.h - WALL_CAPTION_H - b->crop.h) / 2;
    const unsigned n = view_draw(&t->view, b->face, wall->w->now_ms, rects);
    for (unsigned k = 0; k < n; k++) {
        const struct fb_rect part = fb_rect_meet(rects[k], b->crop);
        if (fb_rect_empty(part))
            continue;
        canvas_blit(wall->im, x - b->crop.x, y - b->crop.y, face_base_image(b->face), part);
        touch(wall,
              (struct fb_rect){x - b->crop.x + part.x, y - b->crop.y + part.y, part.w, part.h});
    }
    if (n && !wall->whole)
        round_corners(wall, (struct fb_rect){x, y, b->crop.w, b->crop.h});
}
