/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/sdl/canvas.h"

#include <stdio.h>
#include <string.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/lcd/vector.h"

int canvas_open(struct canvas *c, struct fonts *f)
{
    *c = (struct canvas){.fonts = mem_ref(f)};
    return path_alloc(&c->path, f);
}

void canvas_close(struct canvas *c)
{
    c->path = mem_deref(c->path);
    c->fonts = mem_deref(c->fonts);
}

static struct fb_rect whole(const struct image *im)
{
    return (struct fb_rect){0, 0, (int)im->width, (int)im->height};
}

void canvas_fill(struct canvas *c, struct fb_rect r, uint32_t color)
{
    r = fb_rect_meet(r, whole(c->im));
    for (int y = r.y; y < r.y + r.h; y++) {
        uint8_t *p = c->im->rgb + 3 * ((size_t)y * c->im->width + (size_t)r.x);
        for (int x = 0; x < r.w; x++, p += 3) {
            p[0] = (uint8_t)(color >> 16);
            p[1] = (uint8_t)(color >> 8);
            p[2] = (uint8_t)color;
        }
    }
}

struct ink {
    struct image *im;
    uint32_t color;
    unsigned alpha;
};

static void span_handler(int x, int y, int len, unsigned cover, void *arg)
{
    const struct ink *ink = arg;

    for (int i = 0; i < len; i++)
        image_mix(ink->im, x + i, y, ink->color, cover * ink->alpha / 255);
}

static void pour(struct canvas *c, uint32_t color, unsigned alpha)
{
    struct ink ink = {c->im, color, alpha};

    path_fill(c->path, (int)c->im->width, (int)c->im->height, span_handler, &ink);
    path_reset(c->path);
}

void canvas_round(struct canvas *c, struct fb_rect r, double radius, uint32_t color, unsigned alpha)
{
    path_round_rect(c->path, r.x, r.y, r.w, r.h, radius);
    pour(c, color, alpha);
}

void canvas_outline(struct canvas *c, struct fb_rect r, double radius, double width, uint32_t color,
                    uint32_t inside)
{
    path_round_rect(c->path, r.x, r.y, r.w, r.h, radius);
    pour(c, color, 255);
    path_round_rect(c->path, r.x + width, r.y + width, r.w - 2 * width, r.h - 2 * width,
                    radius - width);
    pour(c, inside, 255);
}

void canvas_line(struct canvas *c, double x0, double y0, double x1, double y1, double width,
                 uint32_t color)
{
    path_stroke(c->path, x0, y0, x1, y1, width);
    pour(c, color, 255);
}

void canvas_dot(struct canvas *c, double x, double y, double r, uint32_t color)
{
    path_ellipse(c->path, x, y, r, r);
    pour(c, color, 255);
}

void canvas_tip(struct canvas *c, double x, double y, double size, int way, uint32_t color)
{
    path_move(c->path, x, y);
    path_line(c->path, x - way * size, y - size * 0.55);
    path_line(c->path, x - way * size, y + size * 0.55);
    pour(c, color, 255);
}

static struct text_style style(const struct canvas_words *w)
{
    return (struct text_style){.font = w->mono   ? FONT_6X12
                                       : w->bold ? FONT_SANS_BOLD
                                                 : FONT_SANS,
                               .px = (uint16_t)w->px};
}

int canvas_text_width(struct canvas *c, const struct canvas_words *w, const char *text)
{
    const struct text_style st = style(w);
    return text_width(c->fonts, &st, text, SIZE_MAX);
}

/* How much of text fits with "…" behind it. */
static size_t fitting(struct canvas *c, const struct text_style *st, const char *text, int width)
{
    const int dots = text_width(c->fonts, st, "…", SIZE_MAX);
    size_t len = strlen(text);

    while (len && text_width(c->fonts, st, text, len) + dots > width) {
        do {
            len--;
        } while (len && ((unsigned char)text[len] & 0xc0) == 0x80);
    }
    return len;
}

int canvas_text(struct canvas *c, struct fb_rect box, const struct canvas_words *w,
                const char *text)
{
    const struct text_style st = style(w);
    char cut[400];
    int width = text_width(c->fonts, &st, text, SIZE_MAX);

    if (width > box.w) {
        snprintf(cut, sizeof(cut), "%.*s…", (int)fitting(c, &st, text, box.w), text);
        text = cut;
        width = text_width(c->fonts, &st, text, SIZE_MAX);
    }
    const int left = w->align == TEXT_RIGHT    ? box.x + box.w - width
                     : w->align == TEXT_CENTER ? box.x + (box.w - width) / 2
                                               : box.x;
    const int height = text_height(c->fonts, &st), ascent = text_ascent(c->fonts, &st);
    struct fb_rect clip = whole(c->im);

    clip.w = clip.w < box.x + box.w ? clip.w : box.x + box.w;
    image_text(c->im, clip, c->fonts, &st, left, box.y + (box.h - height) / 2 + ascent, w->color,
               text);
    return width;
}

void canvas_blit(struct image *dst, int x, int y, const struct image *src, struct fb_rect part)
{
    part = fb_rect_meet(part, whole(src));
    part = fb_rect_meet(part, (struct fb_rect){-x, -y, (int)dst->width, (int)dst->height});
    for (int row = part.y; part.w > 0 && row < part.y + part.h; row++)
        memcpy(dst->rgb + 3 * ((size_t)(y + row) * dst->width + (size_t)(x + part.x)),
               src->rgb + 3 * ((size_t)row * src->width + (size_t)part.x), 3 * (size_t)part.w);
}
