/* SPDX-License-Identifier: BSD-3-Clause */
/* Screen savers: a few words or a sign that wander over one-bit glass, a colour, a clock or a
 * picture on an SPA525G (devices.md 6.2, 7; how they look is ours [DEF]). */
#include <string.h>

#include "sim/lcd/priv.h"

enum {
    INK = 0x000000,
    BLACK = 0x000000,
    GRAY = 0x808080,
    PALE = 0xd8e2ec,
    SIGN = 20,
    ROW_H = 12,
};

static int width_of(const struct painter *p, const struct text_style *st)
{
    int most = p->s->saver_icon[0] ? SIGN : 0;

    for (unsigned i = 0; i < p->s->n_rows; i++) {
        const int w = text_width(p->fonts, st, p->s->rows[i], SIZE_MAX);
        most = w > most ? w : most;
    }
    return most;
}

/* In one of five places after the other, so that no dot burns in. */
static void words(const struct painter *p)
{
    static const struct {
        uint8_t x, y; /* of two steps each way */
    } places[] = {{1, 1}, {0, 0}, {2, 2}, {2, 0}, {0, 2}};
    const struct text_style st = {.font = FONT_6X12, .color = INK, .align = TEXT_CENTER};
    const unsigned at = p->s->saver_step % (sizeof(places) / sizeof(places[0]));
    const int sign_h = p->s->saver_icon[0] ? SIGN + 2 : 0;
    const int w = width_of(p, &st), h = sign_h + (int)p->s->n_rows * ROW_H;
    const int x = 2 + (p->fb->width_px - w - 4) * places[at].x / 2;
    const int y = 2 + (p->fb->height_px - h - 4) * places[at].y / 2;

    if (sign_h)
        paint_icon(p, p->s->saver_icon, x + (w - SIGN) / 2, y, SIGN, INK);
    for (unsigned i = 0; i < p->s->n_rows; i++)
        text_draw(p->fonts, p->fb, (struct fb_rect){x, y + sign_h + (int)i * ROW_H, w + 1, ROW_H},
                  &st, p->s->rows[i]);
}

static void clock_face(const struct painter *p)
{
    const int w = p->fb->width_px, h = p->fb->height_px, px = h / 5;
    const struct text_style big = {
        .font = FONT_SANS_BOLD, .px = (uint16_t)px, .color = PALE, .align = TEXT_CENTER};
    const struct text_style small = {
        .font = FONT_SANS, .px = (uint16_t)(px * 2 / 5), .color = PALE, .align = TEXT_CENTER};

    paint_text(p, (struct fb_rect){0, h / 2 - px, w, px * 5 / 4}, big, p->s->rows[0]);
    paint_text(p, (struct fb_rect){0, h / 2 + px / 3, w, px}, small, p->s->rows[1]);
}

void paint_saver(const struct painter *p)
{
    const bool gray = p->s->saver == SCREEN_SAVER_GRAY;

    if (p->s->saver == SCREEN_SAVER_WORDS) {
        words(p);
        return;
    }
    if (p->model->lcd.depth_bits == 1) {
        (void)paint_background(p, p->fb->clip, INK);
        return;
    }
    fb_fill(p->fb, p->fb->clip, gray ? GRAY : BLACK);
    if (p->s->saver == SCREEN_SAVER_CLOCK)
        clock_face(p);
    else if (p->s->saver == SCREEN_SAVER_PICTURE)
        paint_wide_wallpaper(p);
}
