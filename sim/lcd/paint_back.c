/* SPDX-License-Identifier: BSD-3-Clause */
/* What lies behind the idle screen, and shows while a phone starts: a picture file, or a logo in
 * words (devices.md 2.1, 6.2, 7). */
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/lcd/image.h"
#include "sim/lcd/picture.h"
#include "sim/lcd/priv.h"

/* One dot of the file for one of the glass, in the middle; what is larger is cut. */
static void put_as_it_is(const struct painter *p, struct fb_rect pane, const struct image *im)
{
    const int left = pane.x + (pane.w - (int)im->width) / 2;
    const int top = pane.y + (pane.h - (int)im->height) / 2;
    const struct fb_rect at = {left, top, (int)im->width, (int)im->height};
    const struct fb_rect seen = fb_rect_meet(at, pane);

    for (int y = seen.y; y < seen.y + seen.h; y++) {
        for (int x = seen.x; x < seen.x + seen.w; x++)
            fb_set(p->fb, x, y, image_get(im, (unsigned)(x - left), (unsigned)(y - top)));
    }
}

/* As large as the pane needs, its middle kept. */
static void put_over_all(const struct painter *p, struct fb_rect pane, const struct image *im)
{
    const bool wide = (int64_t)im->width * pane.h > (int64_t)im->height * pane.w;
    const int w = wide ? (int)((int64_t)im->width * pane.h / im->height) : pane.w;
    const int h = wide ? pane.h : (int)((int64_t)im->height * pane.w / im->width);
    struct image *fit = NULL;

    if (w > 16 * pane.w || h > 16 * pane.h ||
        image_alloc(&fit, (unsigned)pane.w, (unsigned)pane.h, 0))
        return;
    image_place(fit, (pane.w - w) / 2, (pane.h - h) / 2, w, h, im);
    put_as_it_is(p, pane, fit);
    mem_deref(fit);
}

/* The largest font of the glass that both lines fit in. */
static struct text_style logo_style(const struct painter *p, int room, uint32_t ink)
{
    static const enum font_id fonts[] = {FONT_6X12, FONT_5X7, FONT_4X6};
    struct text_style st = {.color = ink, .align = TEXT_CENTER};

    if (p->model->lcd.depth_bits > 2)
        return (struct text_style){.font = FONT_SANS_BOLD,
                                   .px = (uint16_t)(p->fb->height_px / 13),
                                   .color = ink,
                                   .align = TEXT_CENTER};
    for (size_t i = 0; i < sizeof(fonts) / sizeof(fonts[0]); i++) {
        st.font = fonts[i];
        if (text_width(p->fonts, &st, p->s->logo[0], SIZE_MAX) <= room + 1 &&
            text_width(p->fonts, &st, p->s->logo[1], SIZE_MAX) <= room + 1)
            break;
    }
    return st;
}

static void put_words(const struct painter *p, struct fb_rect pane, uint32_t ink)
{
    const struct text_style st = logo_style(p, pane.w, ink);
    const int row_h = text_height(p->fonts, &st) + 2, n = p->s->logo[1][0] ? 2 : 1;

    for (int i = 0; i < n; i++) {
        const struct fb_rect box = {pane.x, pane.y + (pane.h - n * row_h) / 2 + i * row_h, pane.w,
                                    row_h};
        if (p->model->lcd.depth_bits > 2)
            paint_text(p, box, st, p->s->logo[i]);
        else
            text_draw(p->fonts, p->fb, box, &st, p->s->logo[i]);
    }
}

bool paint_background(const struct painter *p, struct fb_rect pane, uint32_t ink)
{
    const struct image *im = p->s->background ? picture_image(p->s->background) : NULL;

    if (im && p->model->lcd.depth_bits == 16)
        put_over_all(p, pane, im);
    else if (im)
        put_as_it_is(p, pane, im);
    if (p->s->logo[0][0] || p->s->logo[1][0])
        put_words(p, pane, ink);
    return im != NULL;
}
