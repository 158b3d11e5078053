/* SPDX-License-Identifier: BSD-3-Clause */
/* WIP310, 128x160: header, title bar, two soft keys at the bottom corners (devices.md 8.2). */
#include <string.h>

#include "sim/lcd/priv.h"

enum {
    WIDTH = 128,
    HEIGHT = 160,
    HEADER_H = 16,
    TITLE_H = 17,
    ROW_H = 17,
    BAR_H = 18,
    PX = 12,
    SKY = 0x0b3358,
    GROUND = 0x6fb2d6,
    DARK = 0x16222e,
    INK = 0x101a24,
    PAPER = 0xf2f6f9,
    MARK = 0x2a70b8,
    WHITE = 0xffffff,
};

static void put_text(const struct painter *p, struct fb_rect box, enum font_id font, uint32_t color,
                     enum text_align align, const char *text)
{
    const struct text_style st = {
        .font = font, .px = PX, .color = color, .align = align, .ellipsis = true};
    paint_text(p, box, st, text);
}

/* Time at the left, Wi-Fi and battery at the right; the date stays away, there is no room. */
static void header(const struct painter *p)
{
    const char *date = paint_date(p->s), *clock = strchr(date, ' ');

    fb_fill(p->fb, (struct fb_rect){0, 0, WIDTH, HEADER_H}, DARK);
    put_text(p, (struct fb_rect){4, 0, 70, HEADER_H}, FONT_SANS, WHITE, TEXT_LEFT,
             clock ? clock + 1 : date);
    paint_icon(p, "wifi", WIDTH - 36, 2, 13, WHITE);
    paint_icon(p, "battery", WIDTH - 18, 1, 15, WHITE);
}

static void bar(const struct painter *p)
{
    const struct fb_rect r = {4, HEIGHT - BAR_H, WIDTH / 2 - 6, BAR_H};

    fb_fill(p->fb, (struct fb_rect){0, HEIGHT - BAR_H, WIDTH, BAR_H}, DARK);
    if (p->s->n_softkeys > 0)
        put_text(p, r, FONT_SANS, WHITE, TEXT_LEFT, p->s->softkeys[0]);
    if (p->s->n_softkeys > 1)
        put_text(p, (struct fb_rect){WIDTH / 2 + 2, r.y, r.w, r.h}, FONT_SANS, WHITE, TEXT_RIGHT,
                 p->s->softkeys[1]);
}

static void idle(const struct painter *p)
{
    const struct screen *s = p->s;
    int y = 40;

    fb_gradient(p->fb, (struct fb_rect){0, 0, WIDTH, HEIGHT}, SKY, GROUND);
    header(p);
    for (unsigned i = 1; i < s->n_rows; i++, y += ROW_H)
        put_text(p, (struct fb_rect){4, y, WIDTH - 8, ROW_H}, i == 1 ? FONT_SANS_BOLD : FONT_SANS,
                 WHITE, TEXT_CENTER, s->rows[i]);
    if (s->n_labels) {
        const struct fb_rect box = {26, HEIGHT - BAR_H - 22, WIDTH - 30, 18};
        paint_icon(p, s->label_icons[0], 8, box.y + 2, 14, WHITE);
        put_text(p, box, FONT_SANS, WHITE, TEXT_LEFT, s->labels[0]);
    }
}

static void row(const struct painter *p, unsigned i, int y, int width)
{
    const struct fb_rect box = {0, y, width, ROW_H}, inner = {5, y, width - 8, ROW_H};
    const bool marked = p->s->selected == i + 1;
    struct text_style st = {.font = FONT_SANS, .px = PX, .color = INK};

    if (marked)
        fb_fill(p->fb, box, MARK);
    if (p->s->input != i + 1) {
        put_text(p, inner, FONT_SANS, marked ? WHITE : INK, TEXT_LEFT, p->s->rows[i]);
        return;
    }
    const int at = paint_cursor_px(p, &st, p->s->rows[i]) + 3;
    st.scroll_px = at > inner.w ? at - inner.w : 0;
    fb_frame(p->fb, (struct fb_rect){2, y, width - 4, ROW_H}, MARK);
    text_draw(p->fonts, p->fb, inner, &st, p->s->rows[i]);
    fb_fill(p->fb, (struct fb_rect){inner.x + at - 3 - st.scroll_px, y + 3, 1, ROW_H - 6}, INK);
}

static void list(const struct painter *p)
{
    const struct screen *s = p->s;
    const int prompt_h = s->prompt[0] ? ROW_H : 0;
    const int room = HEIGHT - HEADER_H - BAR_H - prompt_h;
    const struct rows_view v =
        paint_rows_view(s, (unsigned)((room - TITLE_H) / ROW_H), (unsigned)(room / ROW_H), false);
    const int top = HEADER_H + (v.title ? TITLE_H : 0);
    const bool marks = v.more_up || v.more_down;

    fb_fill(p->fb, (struct fb_rect){0, 0, WIDTH, HEIGHT}, PAPER);
    header(p);
    if (v.title) {
        fb_gradient(p->fb, (struct fb_rect){0, HEADER_H, WIDTH, TITLE_H}, 0x4d7ba6, 0x2f5a84);
        put_text(p, (struct fb_rect){5, HEADER_H, WIDTH - 10, TITLE_H}, FONT_SANS_BOLD, WHITE,
                 s->mode[0] ? TEXT_LEFT : TEXT_CENTER, s->title);
        put_text(p, (struct fb_rect){5, HEADER_H, WIDTH - 10, TITLE_H}, FONT_SANS, WHITE,
                 TEXT_RIGHT, s->mode);
    }
    for (unsigned i = 0; i < v.n; i++)
        row(p, v.first + i, top + (int)i * ROW_H, WIDTH - (marks ? 9 : 0));
    if (v.more_up)
        paint_icon(p, "up", WIDTH - 9, top, 9, INK);
    if (v.more_down)
        paint_icon(p, "down", WIDTH - 9, HEIGHT - BAR_H - prompt_h - 10, 9, INK);
    if (s->picture.width)
        paint_levels(p, &s->picture,
                     (struct fb_rect){0, top, WIDTH, HEIGHT - BAR_H - prompt_h - top}, paint_greys,
                     false);
    if (prompt_h)
        put_text(p, (struct fb_rect){5, HEIGHT - BAR_H - ROW_H, WIDTH - 10, ROW_H}, FONT_SANS,
                 0x44525f, TEXT_LEFT, s->prompt);
}

unsigned paint_handset_rows(void)
{
    return (HEIGHT - HEADER_H - BAR_H) / ROW_H;
}

static void message(const struct painter *p)
{
    const int top = (HEIGHT - (int)p->s->n_rows * ROW_H) / 2;

    fb_gradient(p->fb, (struct fb_rect){0, 0, WIDTH, HEIGHT}, SKY, GROUND);
    for (unsigned i = 0; i < p->s->n_rows; i++)
        put_text(p, (struct fb_rect){2, top + (int)i * ROW_H, WIDTH - 4, ROW_H}, FONT_SANS, WHITE,
                 TEXT_CENTER, p->s->rows[i]);
}

void paint_handset(const struct painter *p)
{
    if (paint_is_message(p->s)) {
        message(p);
        return;
    }
    if (paint_is_idle(p->s))
        idle(p);
    else
        list(p);
    bar(p);
}
