/* SPDX-License-Identifier: BSD-3-Clause */
/* The bar above the phones: who is on view, and buttons. */
#include "ui/sdl/priv.h"

#include <stdio.h>
#include <string.h>

#include "sim/base/fnv.h"

enum {
    BUTTON_H = 28,
    GAP = 6,
    EDGE = 10,
    TEXT_PX = 13,
    BUTTONS = 5,
};

struct button {
    const char *name;
    char text[24];
    struct fb_rect at;
};

static int text_width_of(const struct window *w, const char *text)
{
    const struct canvas_words words = {.px = TEXT_PX};
    struct canvas c = w->canvas;

    return canvas_text_width(&c, &words, text);
}

static void place_left(const struct window *w, struct button *b)
{
    b->at =
        (struct fb_rect){EDGE, (BAR_H - BUTTON_H) / 2, text_width_of(w, b->text) + 24, BUTTON_H};
}

/* The first from the left, where there is a wall to go back to; the others from the right. */
static unsigned buttons(const struct window *w, struct button b[BUTTONS])
{
    const char *const right[][2] = {
        {"help", "Keys  F10"},
        {"dark", w->dark ? "Light  F9" : "Dark  F9"},
        {"panel", w->has_panel ? "Hide panel  F8" : "Panel  F8"},
        {"shoot", "Picture  F12"},
    };
    int x = (int)w->frame->width - EDGE;
    unsigned n = 0;

    if (w->shown && farm_count(w->f) > 1) {
        b[n] = (struct button){.name = "wall", .text = "‹ All phones"};
        place_left(w, &b[n++]);
    }
    for (unsigned i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
        if (!w->shown && strcmp(right[i][0], "panel") == 0)
            continue;
        b[n].name = right[i][0];
        snprintf(b[n].text, sizeof(b[n].text), "%s", right[i][1]);
        const int width = text_width_of(w, b[n].text) + 24;
        x -= width;
        if (x < 300) /* too narrow a window */
            break;
        b[n++].at = (struct fb_rect){x, (BAR_H - BUTTON_H) / 2, width, BUTTON_H};
        x -= GAP;
    }
    return n;
}

const char *bar_hit(const struct window *w, int x, int y)
{
    struct button b[BUTTONS];
    const unsigned n = w->cfg.bare || y >= BAR_H ? 0 : buttons(w, b);

    for (unsigned i = 0; i < n; i++) {
        const struct fb_rect r = b[i].at;
        if (x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h)
            return b[i].name;
    }
    return NULL;
}

static void title(const struct window *w, char *buf, size_t size)
{
    const struct phone *ph = window_phone(w);
    const struct farm_totals *t = farm_totals(w->f);

    if (ph)
        snprintf(buf, size, "%s   %s", phone_model(ph)->name, phone_user(ph));
    else
        snprintf(buf, size, "%u phones   %u registered   %u in use   %u failed", t->phones,
                 t->registered, t->powered - t->idle, t->failed);
}

static uint32_t hash(uint32_t h, const char *text)
{
    return fnv_text(h, text ? text : "") * 31 + 1;
}

static void draw_button(struct window *w, const struct button *b)
{
    const struct theme *t = w->theme;
    const bool under = w->button && strcmp(w->button, b->name) == 0;
    const struct canvas_words words = {
        .px = TEXT_PX, .color = under ? t->accent : t->ink, .align = TEXT_CENTER};

    canvas_outline(&w->canvas, b->at, 7, 1, under ? t->accent : t->line, t->card);
    canvas_text(&w->canvas, b->at, &words, b->text);
}

void bar_draw(struct window *w, bool anew)
{
    const struct fb_rect at = {0, 0, (int)w->frame->width, BAR_H};
    struct button b[BUTTONS];
    char text[160];

    if (w->cfg.bare)
        return;
    const unsigned n = buttons(w, b);
    title(w, text, sizeof(text));
    uint32_t h = hash(hash(FNV_START, text), w->button);
    for (unsigned i = 0; i < n; i++)
        h = hash(h, b[i].text);
    if (h == w->bar_shown && !anew)
        return;
    w->bar_shown = h;
    canvas_fill(&w->canvas, at, w->theme->bar);
    canvas_fill(&w->canvas, (struct fb_rect){0, BAR_H - 1, at.w, 1}, w->theme->line);
    int left = EDGE + 4, right = at.w;
    for (unsigned i = 0; i < n; i++) {
        draw_button(w, &b[i]);
        if (strcmp(b[i].name, "wall") == 0)
            left = b[i].at.x + b[i].at.w + 14;
        else
            right = b[i].at.x;
    }
    const struct canvas_words words = {.px = 14, .color = w->theme->ink, .bold = true};
    canvas_text(&w->canvas, (struct fb_rect){left, 0, right - left - GAP, BAR_H - 1}, &words, text);
    window_touch(w, at);
}
