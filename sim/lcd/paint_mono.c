/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Glass of one or two bits. 128x64: four rows of 12 and a soft-key bar (devices.md 6.1 D:); the
 * 7940 and 7960: 133x65, five rows of 11 (6.1, 8.3).
 */
#include <stdio.h>
#include <string.h>

#include "sim/lcd/priv.h"

enum {
    INK = 0x000000,
    PAPER = 0xffffff,
    ICON = 7,      /* of the icons below, in a cell of */
    ICON_CELL = 8, /* devices.md 6.1 */
    N_FONTS = 3,
    AUDIO_ICONS = SCREEN_ICON_MUTE | SCREEN_ICON_SPEAKER | SCREEN_ICON_HEADSET,
};

struct grid {
    int width, row_h, rows;
    int label_x, label_h; /* line labels: their column and the height of one */
    int bar_y, bar_h;     /* soft keys */
    enum font_id font, label_font;
    bool boxes; /* soft keys in boxes */
};

static const struct grid spa = {.width = 128,
                                .row_h = 12,
                                .rows = 4,
                                .label_x = 76,
                                .label_h = 12,
                                .bar_y = 50,
                                .bar_h = 13,
                                .font = FONT_6X12,
                                .label_font = FONT_6X12,
                                .boxes = true};
static const struct grid tele = {.width = 133,
                                 .row_h = 11,
                                 .rows = 5,
                                 .label_x = 88,
                                 .label_h = 9,
                                 .bar_y = 56,
                                 .bar_h = 9,
                                 .font = FONT_6X12,
                                 .label_font = FONT_5X7,
                                 .boxes = false};

static const struct {
    const char *name, *art;
} arts[] = {
    {"line", ".#####.\n#######\n##.#.##\n..###..\n.#####.\n.##.##.\n.#####.\n"},
    {"line-unreg", "#.....#\n##...##\n.##.##.\n..###..\n.##.##.\n##...##\n#.....#\n"},
    {"active", ".##....\n###....\n##.....\n##.....\n.##..#.\n.######\n..####.\n"},
    {"ringing", "...#...\n..###..\n.#####.\n.#####.\n.#####.\n#######\n...#...\n"},
    {"held", ".##.##.\n.##.##.\n.##.##.\n.##.##.\n.##.##.\n.##.##.\n.##.##.\n"},
    {"shared", "####...\n####...\n####...\n####...\n..#####\n..#...#\n..#####\n"},
    {"envelope", "#######\n##...##\n#.#.#.#\n#..#..#\n#.....#\n#######\n"},
    {"missed", "#.....#\n.#...#.\n..#.#..\n...#...\n.......\n.#####.\n##...##\n"},
    {"dnd", "..###..\n.#...#.\n#.....#\n#.###.#\n#.....#\n.#...#.\n..###..\n"},
    {"forward", "....#..\n....##.\n.######\n#...##.\n#...#..\n#......\n#......\n"},
    {"lock", "..###..\n.#...#.\n.#...#.\n#######\n###.###\n###.###\n#######\n"},
    {"mute", "#.###..\n.#.##..\n..#.#.#\n#.##..#\n.#..#..\n..###.#\n...#...\n"},
    {"speaker", "...#...\n..##.#.\n####..#\n####..#\n####..#\n..##.#.\n...#...\n"},
    {"headset", "..###..\n.#...#.\n#.....#\n##...##\n##...##\n##...##\n....##.\n"},
};

static void art(const struct painter *p, const char *name, int x, int y)
{
    for (size_t i = 0; i < sizeof(arts) / sizeof(arts[0]); i++) {
        if (strcmp(arts[i].name, name) == 0)
            fb_art(p->fb, x, y, arts[i].art, INK);
    }
}

/* The widest of the fonts in which the text fits; the narrowest cuts it. */
static void narrow_text(const struct painter *p, struct fb_rect box, enum font_id widest,
                        enum text_align align, const char *text)
{
    static const enum font_id fonts[N_FONTS] = {FONT_6X12, FONT_5X7, FONT_4X6};
    struct text_style st = {.color = INK, .align = align};

    for (unsigned i = 0; i < N_FONTS; i++) {
        if (fonts[i] > widest)
            continue;
        st.font = fonts[i];
        /* the last column of a glyph's cell is blank */
        if (text_width(p->fonts, &st, text, SIZE_MAX) - 1 <= box.w)
            break;
    }
    text_draw(p->fonts, p->fb, box, &st, text);
}

/* Room for a soft key's label; the last one shares its cell with the triangle. */
static struct fb_rect softkey_words(const struct painter *p, const struct grid *g, unsigned i)
{
    const int cell = g->width / (int)p->model->n_softkeys;
    const bool marked = p->s->more_softkeys && i + 1U == p->model->n_softkeys;

    return (struct fb_rect){(int)i * cell, g->bar_y, cell - 1 - (marked ? 5 : 0), g->bar_h};
}

/* One for the whole bar, the widest in which every label fits; in boxes a dot is left on each
 * side. Softkey_Labels_Font may insist on one (devices.md 5.3). */
static enum font_id softkey_font(const struct painter *p, const struct grid *g)
{
    const struct text_style st = {.font = FONT_5X7};

    if (p->s->softkey_font)
        return p->s->softkey_font == SCREEN_FONT_NORMAL ? FONT_5X7 : FONT_4X6;
    for (unsigned i = 0; i < p->s->n_softkeys && i < p->model->n_softkeys; i++) {
        const int room = softkey_words(p, g, i).w - (g->boxes ? 2 : 0);
        /* the last column of a glyph's cell is blank */
        if (text_width(p->fonts, &st, p->s->softkeys[i], SIZE_MAX) - 1 > room)
            return FONT_4X6;
    }
    return FONT_5X7;
}

static void softkey(const struct painter *p, const struct grid *g, unsigned i, enum font_id font)
{
    const int cell = g->width / (int)p->model->n_softkeys;
    const struct fb_rect box = {(int)i * cell, g->bar_y, cell - 1, g->bar_h};
    const struct text_style st = {.font = font, .color = INK, .align = TEXT_CENTER};
    struct fb_rect words = softkey_words(p, g, i);

    if (!p->s->softkeys[i][0])
        return;
    words.w++; /* for the blank column: what is seen stands in the middle */
    text_draw(p->fonts, p->fb, words, &st, p->s->softkeys[i]);
    if (!g->boxes)
        return;
    /* a box inverse as a whole, for letters have no room beside a frame */
    fb_invert(p->fb, box);
    fb_set(p->fb, box.x, box.y, PAPER);
    fb_set(p->fb, box.x + box.w - 1, box.y, PAPER);
    fb_set(p->fb, box.x, box.y + box.h - 1, PAPER);
    fb_set(p->fb, box.x + box.w - 1, box.y + box.h - 1, PAPER);
}

/* Other soft keys are to the left and right (devices.md 17: a triangle of 5x7 in the last cell). */
static void softkeys(const struct painter *p, const struct grid *g)
{
    static const char right[] = "#\n##\n###\n##\n#\n";
    const int cell = g->width / (int)p->model->n_softkeys, y = g->bar_y + (g->bar_h - 5) / 2;
    const unsigned last = p->model->n_softkeys - 1U;
    const enum font_id font = softkey_font(p, g);

    for (unsigned i = 0; i < p->s->n_softkeys && i < p->model->n_softkeys; i++)
        softkey(p, g, i, font);
    if (!p->s->more_softkeys)
        return;
    const bool box = g->boxes && p->s->n_softkeys > last && p->s->softkeys[last][0];
    fb_art(p->fb, (int)(last + 1) * cell - 5, y, right, box ? PAPER : INK);
}

static void scroll_marks(const struct painter *p, const struct grid *g, const struct rows_view *v)
{
    const int top = v->title ? g->row_h : 0, bottom = top + (int)v->n * g->row_h;

    if (!v->more_up && !v->more_down)
        return;
    fb_fill(p->fb, (struct fb_rect){g->width - 7, top, 7, bottom - top}, PAPER);
    if (v->more_up)
        fb_art(p->fb, g->width - 6, top + 4, "..#..\n.###.\n#####\n", INK);
    if (v->more_down)
        fb_art(p->fb, g->width - 6, bottom - 7, "#####\n.###.\n..#..\n", INK);
}

static void cursor(const struct painter *p, const struct text_style *st, struct fb_rect box,
                   int scroll, const char *text)
{
    const int x = box.x + paint_cursor_px(p, st, text) - scroll;
    fb_fill(p->fb, (struct fb_rect){x, box.y + box.h - 2, 5, 1}, INK);
}

/* An icon of up to 16x10 before the text (xml-services.md 3.4); returns the room it takes. */
static int row_picture(const struct painter *p, unsigned i, struct fb_rect box)
{
    const struct screen_picture *pic = &p->s->row_pictures[i];

    if (!pic->width || pic->shape) /* shapes are for glass with colours */
        return 0;
    struct screen_picture centred = *pic;
    centred.x = 0;
    centred.y = -1;
    paint_levels(p, &centred, box, paint_greys, true);
    return pic->width + 2;
}

static void row(const struct painter *p, const struct grid *g, unsigned i, int y, int width)
{
    const struct text_style st = {.font = g->font, .color = INK};
    const int x = g->width > 128 ? 1 : 2; /* so that 22 columns fit into 133 */
    struct fb_rect box = {x, y, width - x, g->row_h};
    const char *text = p->s->rows[i];
    struct text_style moved = st;

    if (p->s->bar == i + 1) { /* its number at the right */
        paint_bar(p, (struct fb_rect){6, y + 2, width - 34, g->row_h - 3}, INK, INK);
        box.w -= 6;
        moved.align = TEXT_RIGHT;
        text_draw(p->fonts, p->fb, box, &moved, text);
        return;
    }
    if (p->s->input == i + 1) {
        /* a long input moves left, so that the cursor stays in sight */
        const int at = paint_cursor_px(p, &st, text) + 6;
        moved.scroll_px = at > box.w ? at - box.w : 0;
        text_draw(p->fonts, p->fb, box, &moved, text);
        cursor(p, &st, box, moved.scroll_px, text);
        return;
    }
    const int indent = row_picture(p, i, box);
    box.x += indent;
    box.w -= indent;
    text_draw(p->fonts, p->fb, box, &moved, text);
    /* a light line stays between it and the title above */
    if (p->s->selected == i + 1)
        fb_invert(p->fb, (struct fb_rect){0, y + 1, width, g->row_h - 1});
}

/* Side by side, ending at right. Returns where they begin. */
static int icons(const struct painter *p, const struct grid *g, uint16_t which, int right, int y)
{
    const char *names[12];
    const unsigned n = paint_icon_names(which, names);
    int x = right;

    for (unsigned i = 0; i < n && x >= ICON; i++, x -= 2) {
        x -= ICON;
        art(p, names[i], x, y + (g->row_h - ICON) / 2);
    }
    return x;
}

/* The title, and what stands at its right: how text is entered, or the line of a call; the audio
 * device (devices.md 6.3). */
static void title(const struct painter *p, const struct grid *g)
{
    const struct text_style mode = {.font = FONT_5X7, .color = INK, .align = TEXT_RIGHT};
    const struct fb_rect bar = {0, 0, g->width, g->row_h};
    const uint16_t audio = paint_is_call(p->s) ? p->s->icons & AUDIO_ICONS : 0;
    const int width = audio ? icons(p, g, audio, g->width - 1, 0) : g->width;
    const int most = p->s->mode[0] ? text_width(p->fonts, &mode, p->s->mode, SIZE_MAX) + 3 : 0;
    const int right = most > g->width / 3 ? g->width / 3 : most;

    narrow_text(p, (struct fb_rect){2, 0, width - 4 - right, g->row_h}, FONT_6X12, TEXT_LEFT,
                p->s->title);
    if (right)
        /* lower, on the line the title stands on */
        narrow_text(p, (struct fb_rect){width - right, g->row_h - 10, right - 2, g->row_h},
                    FONT_5X7, TEXT_RIGHT, p->s->mode);
    fb_invert(p->fb, bar);
}

/* The pane is 128x48, or 133x65; title and prompt leave where the picture covers them
 * (xml-services.md 3.9, 6). */
static void picture(const struct painter *p, const struct grid *g, unsigned rows)
{
    const int bottom = (int)(rows - 1) * g->row_h;
    const struct fb_rect pane = {0, 0, g->width, g->boxes ? g->rows * g->row_h : p->fb->height_px};
    const struct fb_rect at = paint_picture_rect(&p->s->picture, pane);

    if (p->s->title[0] && at.y >= g->row_h)
        title(p, g);
    if (p->s->prompt[0] && at.y + at.h <= bottom)
        narrow_text(p, (struct fb_rect){2, bottom, g->width - 4, g->row_h}, FONT_6X12, TEXT_LEFT,
                    p->s->prompt);
    paint_levels(p, &p->s->picture, pane, paint_greys, false);
    if (!g->boxes) /* the soft keys' own */
        fb_fill(p->fb, (struct fb_rect){0, g->bar_y - 1, g->width, g->bar_h + 1}, PAPER);
}

static void list(const struct painter *p, const struct grid *g, unsigned rows)
{
    if (p->s->picture.width && !p->s->n_rows) {
        picture(p, g, rows);
        return;
    }
    const bool prompt = p->s->prompt[0] && p->s->n_rows < rows;
    const struct rows_view v =
        paint_rows_view(p->s, rows - 1 - prompt, rows - prompt, p->s->selected > 0);
    const bool marks = v.more_up || v.more_down;
    const int width = g->width - (marks ? 7 : 0), top = v.title ? g->row_h : 0;

    if (v.title)
        title(p, g);
    for (unsigned i = 0; i < v.n; i++)
        row(p, g, v.first + i, top + (int)i * g->row_h, width);
    scroll_marks(p, g, &v);
    if (prompt)
        narrow_text(p, (struct fb_rect){2, (int)(rows - 1) * g->row_h, g->width - 4, g->row_h},
                    FONT_6X12, TEXT_LEFT, p->s->prompt);
}

static void label(const struct painter *p, const struct grid *g, unsigned i, struct fb_rect box,
                  enum font_id font)
{
    const struct fb_rect words = {box.x + ICON_CELL, box.y, box.w - ICON_CELL, box.h};

    art(p, p->s->label_icons[i], box.x, box.y + (g->label_h - ICON) / 2);
    narrow_text(p, words, font, TEXT_LEFT, p->s->labels[i]);
}

/* The lock, right of the timer (6.3), and what else the phone has to tell. */
static void call_icons(const struct painter *p, const struct grid *g)
{
    const int last = g->rows - 1, row = (int)p->s->n_rows < last ? (int)p->s->n_rows : last;

    if (paint_is_call(p->s))
        (void)icons(p, g, p->s->icons & (uint16_t)~AUDIO_ICONS, g->width - 2, row * g->row_h);
}

/* SPA: all of 128x48 [MPPCUST]; 7940 and 7960: what the labels leave. Words stand below the date
 * and the station's name while nothing else does [DEF]. */
static bool idle_background(const struct painter *p, const struct grid *g)
{
    const int top = p->s->background ? 0 : 2 * g->row_h;
    const bool beside = p->s->n_labels > 2 && top;
    const struct fb_rect pane = {0, top, g->boxes && !beside ? g->width : g->label_x - 3,
                                 g->rows * g->row_h - top};

    return (!top || p->s->n_rows <= 2) && paint_background(p, pane, INK);
}

/* Words keep to themselves where they stand on a picture [DEF]. */
static void clear_behind(const struct painter *p, struct fb_rect box, enum font_id widest,
                         const char *text)
{
    const struct text_style st = {.font = widest};
    const int w = text_width(p->fonts, &st, text, SIZE_MAX) + 2;

    if (*text)
        fb_fill(p->fb, (struct fb_rect){box.x - 2, box.y, w < box.w ? w + 1 : box.w + 2, box.h},
                PAPER);
}

/* Date, station, banners at the left; the line keys' labels at the right (devices.md 6.2). */
static void idle(const struct painter *p, const struct grid *g)
{
    const int left = g->label_x - 2;
    const bool behind = idle_background(p, g);

    for (unsigned i = 0; i < p->s->n_rows && (int)i < g->rows; i++) {
        const int y = (int)i * g->row_h;
        const bool beside = y < (int)p->s->n_labels * g->label_h;
        const struct fb_rect box = {2, y, (beside ? left : g->width) - 2, g->row_h};
        if (behind)
            clear_behind(p, box, g->font, p->s->rows[i]);
        narrow_text(p, box, g->font, TEXT_LEFT, p->s->rows[i]);
    }
    for (unsigned i = 0; i < p->s->n_labels; i++) {
        const struct fb_rect box = {g->label_x, (int)i * g->label_h, g->width - g->label_x,
                                    g->label_h};
        if (behind)
            fb_fill(p->fb, (struct fb_rect){box.x - 1, box.y, box.w + 1, box.h}, PAPER);
        label(p, g, i, box, g->label_font);
    }
    (void)icons(p, g, p->s->icons, left, (g->rows - 1) * g->row_h);
}

/* There is room for one beside the date: digits entered, else a banner, else the station's name
 * [DEF]. */
static unsigned first_row(const struct screen *s, unsigned place)
{
    return place && s->n_rows > 2 ? 2 : place;
}

/* SPA508G and SPA509G: the date in a row of its own, below it columns of four (devices.md 6.1 (u),
 * 10.2: keys 5 to 8 at the left [DEF]). */
static void idle_columns(const struct painter *p, const struct grid *g)
{
    const unsigned columns = (p->s->n_labels + 3) / 4;
    const int width = g->width / (int)columns, row_h = 9;
    struct grid narrow = *g;

    narrow.label_h = row_h;
    narrow.row_h = 10;
    const int right = p->s->icons ? icons(p, &narrow, p->s->icons, g->width - 1, 0) : g->width;
    const bool more = p->s->n_rows > 2;
    const int split = more ? 63 : 76;
    for (unsigned i = 0; i < 2 && first_row(p->s, i) < p->s->n_rows; i++)
        narrow_text(p, (struct fb_rect){i ? split : 0, 0, i ? right - split : split - 2, 10},
                    more ? FONT_5X7 : g->font, i ? TEXT_RIGHT : TEXT_LEFT,
                    p->s->rows[first_row(p->s, i)]);
    fb_fill(p->fb, (struct fb_rect){0, 10, g->width, 1}, INK);
    for (unsigned i = 0; i < p->s->n_labels; i++) {
        const unsigned group = i / 4;
        const int x = columns == 2 ? (group == 0 ? width : 0)
                                   : (group == 0   ? width
                                      : group == 1 ? 2 * width
                                                   : 0);
        label(p, &narrow, i, (struct fb_rect){x, 12 + (int)(i % 4) * row_h, width - 1, row_h},
              FONT_5X7);
    }
}

/* What the phone says while it starts stands alone, in the middle (devices.md 2.1). */
static void message(const struct painter *p, const struct grid *g)
{
    const int top = (p->fb->height_px - (int)p->s->n_rows * g->row_h) / 2;

    (void)paint_background(p, p->fb->clip, INK);
    for (unsigned i = 0; i < p->s->n_rows; i++)
        narrow_text(p, (struct fb_rect){0, top + (int)i * g->row_h, g->width, g->row_h}, g->font,
                    TEXT_CENTER, p->s->rows[i]);
}

/* Of a Status, above the phone's own screen (xml-services.md 3.10). */
static void status_picture(const struct painter *p)
{
    const struct fb_rect glass = {0, 0, p->fb->width_px, p->fb->height_px};

    if (p->s->picture.width && (p->s->n_rows || paint_is_idle(p->s)))
        paint_levels(p, &p->s->picture, glass, paint_greys, false);
}

void paint_mono(const struct painter *p)
{
    if (paint_is_message(p->s)) {
        message(p, &spa);
    } else if (!paint_is_idle(p->s)) {
        list(p, &spa, 4);
        call_icons(p, &spa);
    } else if (p->s->n_labels > 4) {
        idle_columns(p, &spa);
    } else {
        idle(p, &spa);
    }
    if (p->s->n_softkeys) {
        fb_fill(p->fb, (struct fb_rect){0, 48, spa.width, 1}, INK);
        softkeys(p, &spa);
    }
    status_picture(p);
}

/* Header, body rows, prompt row, soft keys; the line keys' labels stay beside every page. */
void paint_tele(const struct painter *p)
{
    if (paint_is_message(p->s)) {
        message(p, &tele);
        return;
    }
    if (paint_is_idle(p->s)) {
        idle(p, &tele);
        fb_fill(p->fb, (struct fb_rect){0, tele.row_h - 1, tele.label_x - 4, 1}, 0xaaaaaa);
    } else {
        list(p, &tele, 5);
        call_icons(p, &tele);
    }
    fb_fill(p->fb, (struct fb_rect){0, tele.bar_y - 1, tele.width, 1}, 0x555555);
    softkeys(p, &tele);
    status_picture(p);
}
