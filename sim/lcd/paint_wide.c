/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Glass with room: SPA525G (320x240, rectangles of devices.md 7), and the 6800, grey or colour
 * (devices.md 1.1, 8.1; their layout is ours [DEF]). paint_wide_look.c says where things are and in
 * which colours.
 */
#include <stdio.h>
#include <string.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/lcd/paint_wide_look.h"
#include "sim/lcd/priv.h"
#include "sim/lcd/vector.h"

struct wide {
    const struct painter *p;
    const struct wide_layout *l;
    const struct wide_colors *c;
    int width, height;
};

static void put_text(const struct wide *w, struct fb_rect box, enum font_id font, unsigned px,
                     uint32_t color, enum text_align align, const char *text)
{
    const struct text_style st = {
        .font = font, .px = (uint16_t)px, .color = color, .align = align, .ellipsis = true};
    paint_text(w->p, box, st, text);
}

struct ink {
    struct fb *fb;
    uint32_t color;
    unsigned alpha;
};

static void wave_handler(int x, int y, int len, unsigned cover, void *arg)
{
    const struct ink *ink = arg;

    fb_span(ink->fb, x, y, len, ink->color, cover * ink->alpha / 255);
}

/* The picture behind the idle screen: two bands of light across a sky. */
static void wallpaper(const struct wide *w)
{
    struct ink ink = {.fb = w->p->fb, .color = 0xffffff, .alpha = 22};
    const double sx = w->width / 320.0, sy = w->height / 240.0;
    const struct fb_rect glass = {0, 0, w->width, w->height};
    struct path *path = NULL;

    if (w->p->s->background && paint_background(w->p, glass, w->c->wall_ink))
        return;
    fb_gradient(w->p->fb, (struct fb_rect){0, 0, w->width, w->height}, w->c->wall, w->c->wall_end);
    if (!w->c->in_color || path_alloc(&path, w->p->fonts))
        return;
    for (int i = 0; i < 3; i++) {
        const double y = (86 + 46 * i) * sy;
        path_reset(path);
        path_move(path, 0, y + 60 * sy);
        path_curve(path, 90 * sx, y - 10 * sy, 190 * sx, y + 100 * sy, 320 * sx, y);
        path_line(path, 320 * sx, 240 * sy);
        path_line(path, 0, 240 * sy);
        path_fill(path, w->width, w->height, wave_handler, &ink);
    }
    mem_deref(path);
}

/* Date and time at the left, icons in the middle, the station's name at the right. */
static void header(const struct wide *w)
{
    const struct painter *p = w->p;
    const char *left = paint_date(p->s), *right = paint_station(p->s);
    const int h = w->l->header_h, size = h - 8;
    const char *names[12];
    const unsigned n = paint_icon_names(p->s->icons, names);
    int x = w->width / 2 - (int)n * (size + 6) / 2 + 3;

    fb_gradient(p->fb, (struct fb_rect){0, 0, w->width, h}, w->c->header, w->c->header_end);
    const int third = n ? w->width / 2 - (int)n * (size + 6) / 2 - 8 : w->width / 2 - 8;
    put_text(w, (struct fb_rect){6, 0, third, h}, FONT_SANS, w->l->header_px, w->c->header_ink,
             TEXT_LEFT, left);
    put_text(w, (struct fb_rect){w->width - third - 6, 0, third, h}, FONT_SANS, w->l->header_px,
             w->c->header_ink, TEXT_RIGHT, right);
    for (unsigned i = 0; i < n; i++, x += size + 6)
        paint_icon(p, names[i], x, 4, size, w->c->header_ink);
}

/* Softly rounded box. */
static void round_box(const struct wide *w, struct fb_rect r, double radius, uint32_t color,
                      unsigned alpha)
{
    struct ink ink = {.fb = w->p->fb, .color = color, .alpha = alpha};
    struct path *path = NULL;

    if (path_alloc(&path, w->p->fonts))
        return;
    path_round_rect(path, r.x, r.y, r.w, r.h, radius);
    path_fill(path, w->width, w->height, wave_handler, &ink);
    mem_deref(path);
}

static uint32_t state_color(const struct wide *w, const char *icon)
{
    if (!w->c->in_color)
        return w->c->box_ink;
    return strcmp(icon, "line") == 0         ? 0x63e04f
           : strcmp(icon, "line-unreg") == 0 ? 0xffb43c
           : icon[0]                         ? 0xff5a4d
                                             : 0x9fb0bf;
}

static void label_box(const struct wide *w, unsigned i, struct fb_rect box, bool text)
{
    const char *icon = w->p->s->label_icons[i];
    const int size = box.h / 2, indent = icon[0] ? size + 8 : 6;
    const struct fb_rect words = {box.x + indent, box.y, box.w - indent - 2, box.h};

    round_box(w, box, 5, w->c->box, w->c->box_alpha);
    paint_icon(w->p, strcmp(icon, "active") == 0 ? "handset" : icon,
               box.x + (text ? 4 : (box.w - size) / 2), box.y + (box.h - size) / 2, size,
               state_color(w, icon));
    if (text)
        put_text(w, words, FONT_SANS, w->l->label_px, w->c->box_ink, TEXT_LEFT, w->p->s->labels[i]);
}

/* Beside the keys: on a 525G down the right edge, on a 6800 half of them at each side. */
static void labels(const struct wide *w, bool narrow)
{
    const struct wide_layout *l = w->l;
    const unsigned n = w->p->s->n_labels, left = l->both_sides ? (n + 1) / 2 : 0;

    for (unsigned i = 0; i < n; i++) {
        const unsigned at = i < left ? i : i - left;
        struct fb_rect box = {i < left ? 0 : l->label_x, l->label_y + (int)at * l->label_step,
                              l->label_w, l->label_h};
        if (narrow) {
            box.x = l->list_w + 3;
            box.w = w->width - box.x - 1;
        }
        label_box(w, i, box, !narrow);
    }
}

static void softkeys(const struct wide *w)
{
    const struct wide_layout *l = w->l;
    const unsigned n = w->p->model->n_softkeys;
    const int cell = w->width / (int)(n ? n : 1);

    if (!w->p->s->n_softkeys)
        return;
    fb_gradient(w->p->fb, (struct fb_rect){0, l->bar_y, w->width, l->bar_h}, w->c->bar,
                w->c->bar_end);
    fb_fill(w->p->fb, (struct fb_rect){0, l->bar_y, w->width, 1}, w->c->bar_edge);
    for (unsigned i = 0; i < n && i < w->p->s->n_softkeys; i++) {
        const struct fb_rect box = {(int)i * cell, l->bar_y, cell, l->bar_h};
        if (i)
            fb_fill(w->p->fb, (struct fb_rect){box.x, box.y + 1, 1, box.h - 1}, w->c->bar_edge);
        const int mark = w->p->s->more_softkeys && i + 1 == n ? 8 : 0;
        put_text(w, (struct fb_rect){box.x + 3, box.y + 1, box.w - 6 - mark, box.h - 1}, FONT_SANS,
                 l->px, w->c->bar_ink, TEXT_CENTER, w->p->s->softkeys[i]);
    }
    if (w->p->s->more_softkeys)
        paint_icon(w->p, "right", w->width - 11, l->bar_y + l->bar_h / 2 - 5, 10, w->c->bar_ink);
}

/* A 6800 has a pane of 133x65 in the middle of the body for what came as levels (xml-services.md
 * 6); files, and other models, have the body. */
static struct fb_rect picture_pane(const struct wide *w, struct fb_rect body)
{
    if (w->p->model->family != FAMILY_MPP68XX || w->p->s->picture.file)
        return body;
    return (struct fb_rect){body.x + (body.w - 133) / 2, body.y + (body.h - 65) / 2, 133, 65};
}

/* Where a 6800 or a SPA525G shows a Status is not known: at the top of the wallpaper, below its
 * picture (xml-services.md 3.10 [DEF]). */
static void status(const struct wide *w)
{
    const struct screen *s = w->p->s;
    const struct wide_layout *l = w->l;
    const struct fb_rect body = {0, l->body_y, w->width, l->bar_y - l->body_y};
    const int x = l->both_sides ? l->label_w + 4 : 6, right = l->label_x - 6;
    const unsigned n = s->overlay < s->n_rows ? s->overlay : s->n_rows;
    const int h = (int)n * l->row_h + 4;
    struct fb_rect box = {x, l->body_y + 6, right - x, h};

    if (s->picture.width) {
        const struct fb_rect at = paint_picture_rect(&s->picture, picture_pane(w, body));
        box.y = at.y + at.h + 2;
    }
    round_box(w, box, 6, w->c->box, w->c->in_color ? 150 : 255);
    for (unsigned i = 0; i < n; i++)
        put_text(w, (struct fb_rect){x + 8, box.y + 2 + (int)i * l->row_h, box.w - 16, l->row_h},
                 FONT_SANS_BOLD, l->px, w->c->box_ink, TEXT_LEFT, s->rows[i]);
}

/* Rows 0 and 1 are date and station, in the header; the others are banners. */
static void idle(const struct wide *w)
{
    const struct screen *s = w->p->s;
    const struct wide_layout *l = w->l;
    const int deep = (int)(l->both_sides ? (s->n_labels + 1) / 2 : s->n_labels);
    const int below = deep ? l->label_y + (deep - 1) * l->label_step + l->label_h : 0;

    wallpaper(w);
    if (!s->background) /* words of a logo, beside the labels */
        (void)paint_background(
            w->p,
            (struct fb_rect){0, l->body_y, l->both_sides ? w->width : l->label_x, w->height / 2},
            w->c->wall_ink);
    header(w);
    labels(w, false);
    for (unsigned i = 2; i < s->n_rows; i++) {
        const int y = l->bar_y - (int)(s->n_rows - i) * l->row_h - 2;
        const int right = y < below ? l->label_x - 4 : w->width - 8;
        const int x = y < below && l->both_sides ? l->label_w + 4 : 8;
        put_text(w, (struct fb_rect){x, y, right - x, l->row_h}, FONT_SANS_BOLD, l->px,
                 w->c->wall_ink, l->both_sides ? TEXT_CENTER : TEXT_LEFT, s->rows[i]);
    }
    if (s->overlay)
        status(w);
}

static void cursor(const struct wide *w, const struct text_style *st, struct fb_rect box,
                   const char *text, uint32_t color)
{
    const int x = box.x + paint_cursor_px(w->p, st, text) - st->scroll_px;
    fb_fill(w->p->fb, (struct fb_rect){x, box.y + 3, 2, box.h - 6}, color);
}

static void input_row(const struct wide *w, unsigned i, struct fb_rect box)
{
    struct text_style st = {.font = FONT_SANS, .px = w->l->px, .color = w->c->ink};
    const char *text = w->p->s->rows[i];
    const struct fb_rect field = {box.x + 6, box.y + 1, box.w - 12, box.h - 2};
    const struct fb_rect inner = {field.x + 4, field.y, field.w - 8, field.h};
    const int at = paint_cursor_px(w->p, &st, text) + 4;

    fb_fill(w->p->fb, field, w->c->in_color && w->c->paper > 0x808080 ? 0xffffff : w->c->paper);
    fb_frame(w->p->fb, field, w->c->in_color ? w->c->mark_end : w->c->ink);
    st.scroll_px = at > inner.w ? at - inner.w : 0;
    text_draw(w->p->fonts, w->p->fb, inner, &st, text);
    cursor(w, &st, inner, text, w->c->ink);
}

/* A row of a list; a second line, behind '\n', stands smaller below the first. */
static void list_row(const struct wide *w, unsigned i, struct fb_rect box)
{
    const bool marked = w->p->s->selected == i + 1;
    const uint32_t ink = marked ? w->c->mark_ink : w->c->ink;
    const char *text = w->p->s->rows[i], *second = strchr(text, '\n');
    char first[SCREEN_COLS];
    struct fb_rect line = {box.x + 8, box.y, box.w - 16, box.h};

    if (w->p->s->input == i + 1) {
        input_row(w, i, box);
        return;
    }
    if (marked)
        fb_gradient(w->p->fb, box, w->c->mark, w->c->mark_end);
    else if (w->p->s->selected)
        fb_fill(w->p->fb, (struct fb_rect){box.x, box.y + box.h - 1, box.w, 1}, w->c->rule);
    snprintf(first, sizeof(first), "%.*s", (int)strcspn(text, "\n"), text);
    const struct screen_picture *icon = &w->p->s->row_pictures[i];
    if (icon->width) {
        const uint32_t paper = marked ? w->c->mark : w->c->paper;
        const uint32_t levels[4] = {paper, fb_blend(paper, ink, 85), fb_blend(paper, ink, 170),
                                    ink};
        struct screen_picture centred = *icon;
        centred.x = 0;
        centred.y = -1;
        if (icon->shape)
            paint_icon(w->p, icon->shape, line.x, line.y + (line.h - icon->height) / 2, icon->width,
                       ink);
        else
            paint_levels(w->p, &centred, line, levels, true);
        line.x += icon->width + 6;
        line.w -= icon->width + 6;
    }
    if (second) {
        line.h = box.h * 11 / 20;
        put_text(w,
                 (struct fb_rect){line.x + 14, box.y + line.h - 1, line.w - 14, box.h - line.h - 1},
                 FONT_SANS, w->l->small_px, ink, TEXT_LEFT, second + 1);
    }
    put_text(w, line, FONT_SANS, w->l->px, ink, TEXT_LEFT, first);
}

static void scroll_bar(const struct wide *w, struct fb_rect area, const struct rows_view *v)
{
    const struct screen *s = w->p->s;
    const int total = s->total > s->n_rows ? s->total : (int)s->n_rows;
    const int first = s->first + (int)v->first;
    const struct fb_rect track = {area.x + area.w - 6, area.y, 6, area.h};
    int length;

    if (!v->more_up && !v->more_down)
        return;
    length = area.h * (int)v->n / total;
    length = length < 8 ? 8 : length;
    const int room = area.h - length, rest = total - (int)v->n;
    fb_fill(w->p->fb, track, w->c->rule);
    fb_fill(w->p->fb,
            (struct fb_rect){track.x + 1, area.y + (rest > 0 ? room * first / rest : 0), 4, length},
            w->c->title_end);
}

/* The number at the right of its bar. */
static void bar_row(const struct wide *w, unsigned i, struct fb_rect box)
{
    const struct fb_rect bar = {box.x + 12, box.y + box.h / 4, box.w - 64, box.h / 2};
    const struct fb_rect number = {box.x + box.w - 48, box.y, 36, box.h};

    paint_bar(w->p, bar, w->c->ink, w->c->mark);
    put_text(w, number, FONT_SANS, w->l->px, w->c->ink, TEXT_RIGHT, w->p->s->rows[i]);
}

static bool two_lines(const struct screen *s)
{
    for (unsigned i = 0; i < s->n_rows; i++) {
        if (strchr(s->rows[i], '\n'))
            return true;
    }
    return false;
}

static void title(const struct wide *w, int width)
{
    const struct fb_rect bar = {0, w->l->body_y, width, w->l->title_h};
    const struct fb_rect inner = {8, bar.y, width - 16, bar.h};

    fb_gradient(w->p->fb, bar, w->c->title, w->c->title_end);
    put_text(w, inner, FONT_SANS_BOLD, w->l->px, w->c->title_ink, TEXT_LEFT, w->p->s->title);
    if (w->p->s->mode[0])
        put_text(w, inner, FONT_SANS, w->l->small_px, w->c->title_ink, TEXT_RIGHT, w->p->s->mode);
}

static void body_picture(const struct wide *w, struct fb_rect body)
{
    const struct screen_picture *pic = &w->p->s->picture;
    const struct fb_rect pane = picture_pane(w, body);
    uint32_t levels[4];

    memcpy(levels, paint_greys, sizeof(levels));
    if (w->c->paper > 0x808080) /* white is what the paper is */
        levels[0] = w->c->paper;
    fb_clip(w->p->fb, &body);
    paint_levels(w->p, pic, pane, levels, false);
    fb_clip(w->p->fb, NULL);
}

static bool is_beside(const struct wide_layout *l, const struct screen *s)
{
    return l->list_w && s->n_labels > 0;
}

/* Between title and prompt. */
static struct fb_rect list_body(const struct wide_layout *l, const struct screen *s, int width,
                                int height, struct rows_view *v)
{
    const int row_h = two_lines(s) ? l->row2_h : l->row_h;
    const int prompt_h = s->prompt[0] ? l->row_h : 0;
    const int bottom = (s->n_softkeys ? l->bar_y : height) - prompt_h;
    const int with_title = (bottom - l->body_y - l->title_h) / row_h;

    *v = paint_rows_view(s, (unsigned)with_title, (unsigned)((bottom - l->body_y) / row_h), false);
    const int top = l->body_y + (v->title ? l->title_h : 0);
    return (struct fb_rect){0, top, is_beside(l, s) ? l->list_w : width, bottom - top};
}

static void list(const struct wide *w)
{
    const struct screen *s = w->p->s;
    const struct wide_layout *l = w->l;
    struct rows_view v;
    const struct fb_rect body = list_body(l, s, w->width, w->height, &v);
    const bool beside = is_beside(l, s), bar = v.more_up || v.more_down;
    const int width = body.w, top = body.y, bottom = body.y + body.h;
    const int row_h = two_lines(s) ? l->row2_h : l->row_h;
    const int prompt_h = s->prompt[0] ? l->row_h : 0;

    header(w);
    fb_fill(w->p->fb, (struct fb_rect){0, l->body_y, width, w->height - l->body_y}, w->c->paper);
    if (beside)
        fb_gradient(w->p->fb, (struct fb_rect){width, l->header_h, w->width - width, w->height},
                    w->c->wall, w->c->wall_end);
    fb_fill(w->p->fb, (struct fb_rect){0, l->header_h, w->width, l->body_y - l->header_h},
            w->c->header_end);
    if (v.title)
        title(w, width);
    for (unsigned i = 0; i < v.n; i++) {
        const struct fb_rect box = {0, top + (int)i * row_h, width - (bar ? 6 : 0), row_h};
        if (s->bar == v.first + i + 1)
            bar_row(w, v.first + i, box);
        else
            list_row(w, v.first + i, box);
    }
    scroll_bar(w, (struct fb_rect){0, top, width, bottom - top}, &v);
    if (prompt_h) {
        fb_fill(w->p->fb, (struct fb_rect){0, bottom, width, prompt_h}, w->c->rule);
        put_text(w, (struct fb_rect){8, bottom, width - 16, prompt_h}, FONT_SANS, l->small_px,
                 w->c->ink, TEXT_LEFT, s->prompt);
    }
    if (s->picture.width && !s->n_rows)
        body_picture(w, body);
    if (beside)
        labels(w, true);
}

static const char *call_icon(const struct screen *s)
{
    return strcmp(s->app, "ringing") == 0         ? "ringing"
           : strncmp(s->title, "Holding", 7) == 0 ? "held"
           : strcmp(s->title, "Conference") == 0  ? "people"
                                                  : "handset";
}

/* A call: state, name, number, timer in rows of 24 at x 8 (devices.md 7); the state in a band of
 * its own, and its sign, are ours [DEF]. */
static void call_box(const struct wide *w)
{
    const struct screen *s = w->p->s;
    const struct wide_layout *l = w->l;
    const int x = l->both_sides && s->n_labels ? l->label_w + 4 : 6;
    const int right = s->n_labels ? l->label_x - 6 : w->width - 6;
    const int top = l->body_y + 6, h = l->row_h, n = (int)s->n_rows;
    const struct fb_rect box = {x, top, right - x, (n + 1) * h + 10};
    const bool grey_glass = !w->c->in_color;
    const uint32_t ink = w->c->box_ink;
    const uint32_t band_ink = grey_glass ? w->c->mark_ink : w->c->title_ink;

    wallpaper(w);
    header(w);
    labels(w, false);
    round_box(w, box, 6, w->c->box, grey_glass ? 255 : 150);
    round_box(w, (struct fb_rect){box.x, box.y, box.w, h + 2}, 6,
              grey_glass ? 0x444444 : w->c->mark_end, 255);
    fb_fill(w->p->fb, (struct fb_rect){box.x, box.y + h - 4, box.w, 6},
            grey_glass ? 0x444444 : w->c->mark_end);
    paint_icon(w->p, call_icon(s), box.x + 6, box.y + 5, h - 8, band_ink);
    put_text(w, (struct fb_rect){box.x + h + 4, box.y + 1, box.w - h - 8, h}, FONT_SANS_BOLD, l->px,
             band_ink, TEXT_LEFT, s->title);
    for (int i = 0; i < n; i++)
        put_text(w, (struct fb_rect){box.x + 8, box.y + 6 + (i + 1) * h, box.w - 16, h},
                 i ? FONT_SANS : FONT_SANS_BOLD, l->px, ink, TEXT_LEFT, s->rows[i]);
    if (s->prompt[0])
        put_text(w, (struct fb_rect){box.x + 8, box.y + box.h + 2, box.w - 16, h}, FONT_SANS,
                 l->small_px, w->c->wall_ink, TEXT_LEFT, s->prompt);
}

/* While the phone starts: words in the middle (devices.md 2.1). */
static void message(const struct wide *w)
{
    const struct screen *s = w->p->s;
    const int top = (w->height - (int)s->n_rows * w->l->row_h) / 2;

    fb_gradient(w->p->fb, (struct fb_rect){0, 0, w->width, w->height}, w->c->wall, w->c->wall_end);
    (void)paint_background(w->p, (struct fb_rect){0, 0, w->width, w->height}, w->c->wall_ink);
    for (unsigned i = 0; i < s->n_rows; i++)
        put_text(w, (struct fb_rect){4, top + (int)i * w->l->row_h, w->width - 8, w->l->row_h},
                 FONT_SANS, w->l->px, w->c->wall_ink, TEXT_CENTER, s->rows[i]);
}

struct fb_rect paint_wide_body(const struct device_model *m, const struct screen *s)
{
    struct rows_view v;

    return list_body(wide_layout(m), s, m->lcd.width_px, m->lcd.height_px, &v);
}

unsigned paint_wide_rows(const struct device_model *m)
{
    const struct wide_layout *l = wide_layout(m);

    return (unsigned)((l->bar_y - l->body_y) / l->row_h);
}

static struct wide wide(const struct painter *p)
{
    return (struct wide){.p = p,
                         .l = wide_layout(p->model),
                         .c = wide_colors(p->model),
                         .width = p->fb->width_px,
                         .height = p->fb->height_px};
}

void paint_wide_wallpaper(const struct painter *p)
{
    const struct wide w = wide(p);
    wallpaper(&w);
}

void paint_wide(const struct painter *p)
{
    const struct wide w = wide(p);

    if (paint_is_message(p->s))
        message(&w);
    else if (paint_is_idle(p->s))
        idle(&w);
    else if (paint_is_call(p->s))
        call_box(&w);
    else
        list(&w);
    softkeys(&w);
    if (p->s->picture.width && p->s->n_rows) /* of a Status, above the phone's own screen */
        body_picture(&w, (struct fb_rect){0, w.l->body_y, w.width, w.l->bar_y - w.l->body_y});
}
