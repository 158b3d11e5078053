/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/sdl/priv.h"

#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

static const struct {
    const char *keys, *what;
} rows[] = {
    {"0 – 9  *  #", "the keypad"},
    {"F1 – F4", "soft keys"},
    {"Alt + 1 – 9", "line keys"},
    {"arrows", "the rocker"},
    {"Enter", "select, dial or answer"},
    {"Esc", "back or cancel"},
    {"Backspace", "delete a character"},
    {"Space", "lift the handset, put it down"},
    {"h  t  c", "hold, transfer, conference"},
    {"s  e  m", "speaker, headset, mute"},
    {"v  d  x", "messages, directory, services"},
    {"u", "setup"},
    {"+  –", "volume"},
    {"Ctrl  +  –  0", "larger, smaller, as it was"},
    {"Page up, Page down", "the phone before, the next"},
    {"Tab", "all phones"},
    {"F7", "XML of the page on the screen, and back"},
    {"F8", "panel with state and SIP messages"},
    {"F9", "dark or light"},
    {"F11", "full screen"},
    {"F12", "picture of the window, as a file"},
    {"F10  ?", "this list"},
};

enum {
    N_ROWS = sizeof(rows) / sizeof(rows[0]),
    ROW_H = 25,
    WIDTH = 520,
    KEYS_W = 168,
    EDGE = 26,
    TITLE_H = 62,
    HEIGHT = TITLE_H + N_ROWS * ROW_H + EDGE,
};

static void draw(struct window *w, struct canvas *c)
{
    const struct theme *t = w->theme;
    const struct canvas_words title = {.px = 18, .color = t->ink, .bold = true};
    const struct canvas_words keys = {.px = 13, .color = t->accent, .bold = true};
    const struct canvas_words what = {.px = 13, .color = t->ink};

    canvas_outline(c, (struct fb_rect){0, 0, WIDTH, HEIGHT}, 14, 1, t->line, t->card);
    canvas_text(c, (struct fb_rect){EDGE, 14, WIDTH - 2 * EDGE, 40}, &title,
                "Your keyboard and the phone");
    for (int i = 0; i < N_ROWS; i++) {
        const int y = TITLE_H + i * ROW_H;
        canvas_text(c, (struct fb_rect){EDGE, y, KEYS_W, ROW_H}, &keys, rows[i].keys);
        canvas_text(c, (struct fb_rect){EDGE + KEYS_W, y, WIDTH - KEYS_W - 2 * EDGE, ROW_H}, &what,
                    rows[i].what);
    }
}

void help_layout(struct window *w)
{
    const struct fb_rect old = w->help_at;
    struct canvas c = w->canvas;

    if (!w->help)
        return;
    w->help = mem_deref(w->help);
    w->help_at = (struct fb_rect){((int)w->frame->width - WIDTH) / 2,
                                  ((int)w->frame->height - HEIGHT) / 2, WIDTH, HEIGHT};
    if (w->help_at.y < 4)
        w->help_at.y = 4;
    window_touch(w, old);
    if (image_alloc(&w->help, WIDTH, HEIGHT, w->theme->desk))
        return;
    c.im = w->help;
    draw(w, &c);
    window_touch(w, w->help_at);
}

void help_toggle(struct window *w)
{
    if (w->help) {
        w->help = mem_deref(w->help);
        window_layout(w);
        return;
    }
    if (image_alloc(&w->help, 1, 1, 0) == 0)
        help_layout(w);
}
