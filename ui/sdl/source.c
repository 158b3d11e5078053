/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/sdl/source.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/base/fnv.h"
#include "sim/base/utf8.h"

enum {
    EDGE = 12,
    HEAD_H = 50,
    LINE_H = 14,
    CELL_W = 6,    /* of the fixed font */
    NUMBER_W = 34, /* line numbers, as warnings name them */
    LOOK_BACK = 16 /* columns: a line is broken there rather than inside a word */
};

enum ink { INK_TEXT, INK_TAG, INK_VALUE, INK_COMMENT };

struct lexer {
    enum { IN_TEXT, IN_TAG, IN_VALUE, IN_COMMENT } state;
    char quote;
};

struct source {
    uint32_t shown; /* what was drawn last, as a number; 0 = nothing yet */
    int top, n;     /* rows: the first in view, all of them */
    unsigned phone;
    bool scrolled;
};

int source_alloc(struct source **sp)
{
    *sp = mem_zalloc(sizeof(**sp), NULL);
    return *sp ? 0 : ENOMEM;
}

void source_scroll(struct source *s, int px)
{
    s->top += px / 20;
    s->scrolled = true;
}

/* Which ink *p has, whose state the lexer keeps for what follows. */
static enum ink lex(struct lexer *x, const char *start, const char *p)
{
    switch (x->state) {
    case IN_COMMENT:
        if (*p == '>' && p - start >= 2 && p[-1] == '-' && p[-2] == '-')
            x->state = IN_TEXT;
        return INK_COMMENT;
    case IN_VALUE:
        if (*p == x->quote)
            x->state = IN_TAG;
        return INK_VALUE;
    case IN_TAG:
        if (*p == '>')
            x->state = IN_TEXT;
        if (*p != '"' && *p != '\'')
            return INK_TAG;
        *x = (struct lexer){IN_VALUE, *p};
        return INK_VALUE;
    default:
        if (*p != '<')
            return INK_TEXT;
        x->state = strncmp(p, "<!--", 4) == 0 ? IN_COMMENT : IN_TAG;
        return x->state == IN_TAG ? INK_TAG : INK_COMMENT;
    }
}

/* Bytes of the next row; *next is where the one after it begins. */
static size_t row_length(const char *p, int columns, const char **next)
{
    size_t len = 0, good = 0; /* good: a place to break */
    int column = 0;

    while (p[len] && p[len] != '\n' && column < columns) {
        const size_t n = utf8_len(p + len);
        if (p[len] == '<' && column > columns - LOOK_BACK)
            good = len;
        len += n ? n : 1;
        column++;
        if (p[len - 1] == ' ' && column > columns - LOOK_BACK)
            good = len;
    }
    if (p[len] && p[len] != '\n' && good)
        len = good;
    *next = p + len + (p[len] == '\n');
    return len && p[len - 1] == '\r' ? len - 1 : len;
}

static uint32_t color_of(enum ink ink, const struct theme *t)
{
    return ink == INK_TAG     ? t->accent
           : ink == INK_VALUE ? t->good
           : ink == INK_TEXT  ? t->ink
                              : t->soft;
}

static void draw_run(struct canvas *c, int *x, int y, uint32_t color, const char *p, size_t len)
{
    const struct canvas_words words = {.px = 12, .color = color, .mono = true};
    char text[400];
    size_t n = 0;

    for (; n < len && n < sizeof(text) - 1; n++)
        text[n] = (unsigned char)p[n] < ' ' ? ' ' : p[n];
    text[n] = '\0';
    *x += canvas_text(c, (struct fb_rect){*x, y, PANEL_W, LINE_H}, &words, text);
}

struct painter {
    struct canvas *c;
    const struct theme *t;
    struct lexer x;
    const char *start; /* of the whole text */
};

/* The bytes from p to end, at left and y; y below 0: out of view, but the lexer goes on over it. */
static void draw_row(struct painter *pt, const char *p, const char *end, int left, int y)
{
    const char *from = p;
    enum ink ink = INK_TEXT;

    for (; p < end; p++) {
        const enum ink now = lex(&pt->x, pt->start, p);
        if (now != ink && p > from && y >= 0) {
            draw_run(pt->c, &left, y, color_of(ink, pt->t), from, (size_t)(p - from));
            from = p;
        } else if (now != ink) {
            from = p;
        }
        ink = now;
    }
    if (y >= 0 && p > from)
        draw_run(pt->c, &left, y, color_of(ink, pt->t), from, (size_t)(p - from));
}

static int count_rows(const char *p, int columns)
{
    int n = 0;

    for (; *p; n++)
        (void)row_length(p, columns, &p);
    return n;
}

static void draw_text(struct source *s, struct canvas *c, const struct theme *t, const char *text,
                      struct fb_rect r)
{
    const int columns = (r.w - NUMBER_W) / CELL_W, visible = r.h / LINE_H;
    const struct canvas_words number = {
        .px = 12, .color = t->soft, .mono = true, .align = TEXT_RIGHT};
    struct painter pt = {.c = c, .t = t, .x = {.state = IN_TEXT}, .start = text};
    int line = 1;
    bool begins = true;
    char digits[12];

    s->n = count_rows(text, columns);
    s->top = s->top > s->n - visible ? s->n - visible : s->top;
    s->top = s->top < 0 ? 0 : s->top;
    for (int i = 0; *text && i < s->top + visible; i++) {
        const char *next;
        const size_t len = row_length(text, columns, &next);
        const int y = i < s->top ? -1 : r.y + (i - s->top) * LINE_H;
        snprintf(digits, sizeof(digits), "%d", line);
        if (begins && y >= 0)
            canvas_text(c, (struct fb_rect){r.x, y, NUMBER_W - 8, LINE_H}, &number, digits);
        draw_row(&pt, text, text + len, r.x + NUMBER_W, y);
        begins = next > text && next[-1] == '\n';
        line += begins;
        text = next;
    }
    if (s->n > visible) /* where in it */
        canvas_round(
            c, (struct fb_rect){r.x + r.w + 4, r.y + r.h * s->top / s->n, 3, r.h * visible / s->n},
            1.5, t->soft, 160);
}

static void draw(struct source *s, struct canvas *c, const struct theme *t, const char *text,
                 const char *url, struct fb_rect r)
{
    const struct canvas_words title = {.px = 13, .color = t->ink, .bold = true};
    const struct canvas_words soft = {.px = 11, .color = t->soft};
    const struct canvas_words empty = {.px = 13, .color = t->soft, .align = TEXT_CENTER};
    const struct fb_rect head = {r.x + EDGE, r.y + 4, r.w - 2 * EDGE, 20};

    canvas_fill(c, r, t->panel);
    canvas_outline(c, r, 10, 1, t->line, t->card);
    canvas_text(c, head, &title, "XML page");
    if (!text) {
        canvas_text(c, r, &empty, "No XML page is open");
        return;
    }
    canvas_text(c, (struct fb_rect){head.x, head.y + 20, head.w, 18}, &soft,
                *url ? url : "pushed to the phone");
    draw_text(s, c, t, text,
              (struct fb_rect){r.x + 2, r.y + HEAD_H, r.w - EDGE - 2, r.h - HEAD_H - 10});
}

/* Never 0, which is for "nothing drawn yet". */
static uint32_t hash(uint32_t h, const char *text)
{
    return fnv_text(h, text ? text : "") | 1;
}

bool source_draw(struct source *s, struct canvas *c, const struct theme *t, const struct phone *ph,
                 struct fb_rect r, bool anew)
{
    const char *url, *text = phone_page_source(ph, &url);
    const uint32_t h = hash(hash(FNV_START ^ (text != NULL) << 1, text), url);

    if (r.h < HEAD_H + LINE_H || (h == s->shown && !anew && !s->scrolled))
        return false;
    if (h != s->shown || phone_n(ph) != s->phone)
        s->top = 0;
    s->shown = h;
    s->phone = phone_n(ph);
    s->scrolled = false;
    draw(s, c, t, text, url, r);
    return true;
}
