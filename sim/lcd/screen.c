/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/lcd/screen.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    LABEL_COLUMN = 24, /* where the line labels begin in the text form */
};

void screen_clear(struct screen *s, const char *app)
{
    memset(s, 0, sizeof(*s));
    snprintf(s->app, sizeof(s->app), "%s", app);
}

static size_t __attribute__((format(printf, 4, 5)))
append(char *buf, size_t size, size_t pos, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const int n = vsnprintf(pos < size ? buf + pos : NULL, pos < size ? size - pos : 0, fmt, ap);
    va_end(ap);
    return pos + (n > 0 ? (size_t)n : 0);
}

static size_t append_softkeys(const struct screen *s, char *buf, size_t size, size_t pos)
{
    for (unsigned i = 0; i < s->n_softkeys; i++)
        pos = append(buf, size, pos, "%s[%s]", i ? " " : "", s->softkeys[i]);
    return s->n_softkeys ? append(buf, size, pos, "\n") : pos;
}

unsigned screen_pixel(const struct screen_picture *p, unsigned x, unsigned y)
{
    const size_t i = (size_t)y * p->width + x;

    return x < p->width && y < p->height ? p->data[i / 4] >> 2 * (i % 4) & 3 : 0;
}

/* What is no row of text: the marks beside a list, the picture, the prompt. */
static size_t append_below(const struct screen *s, char *buf, size_t size, size_t pos)
{
    if (s->picture.width)
        pos = append(buf, size, pos, "(picture %ux%u)\n", s->picture.width, s->picture.height);
    return s->prompt[0] ? append(buf, size, pos, "%s\n", s->prompt) : pos;
}

/* Before a row: what is highlighted, and where a list goes on. */
static const char *mark(const struct screen *s, unsigned row)
{
    if (!s->selected && !s->input)
        return "";
    if (row + 1 == s->selected || row + 1 == s->input)
        return "> ";
    if (row == 0 && s->first)
        return "^ ";
    return row + 1 == s->n_rows && s->first + s->n_rows < s->total ? "v " : "  ";
}

static size_t append_bar(const struct screen *s, char *buf, size_t size, size_t pos,
                         const char *row)
{
    char cells[UINT8_MAX + 1];

    memset(cells, '#', s->bar_at);
    memset(cells + s->bar_at, '.', s->bar_of - s->bar_at);
    return append(buf, size, pos, "%s [%.*s]\n", row, s->bar_of, cells);
}

/* A second line of a row stands below the first. */
static size_t append_row(const struct screen *s, char *buf, size_t size, size_t pos, unsigned i)
{
    const char *row = i < s->n_rows ? s->rows[i] : "";
    const size_t first = strcspn(row, "\n");

    if (s->bar == i + 1)
        return append_bar(s, buf, size, pos, row);
    pos = append(buf, size, pos, "%s%.*s\n", mark(s, i), (int)first, row);
    return row[first] ? append(buf, size, pos, "    %s\n", row + first + 1) : pos;
}

size_t screen_text(const struct screen *s, char *buf, size_t size)
{
    const unsigned lines = s->n_rows > s->n_labels ? s->n_rows : s->n_labels;
    size_t pos = 0;

    if (size)
        buf[0] = '\0';
    if (s->title[0])
        pos = append(buf, size, pos, "%s\n", s->title);
    for (unsigned i = 0; i < lines; i++) {
        if (i < s->n_labels)
            pos = append(buf, size, pos, "%-*s %s\n", LABEL_COLUMN, i < s->n_rows ? s->rows[i] : "",
                         s->labels[i]);
        else
            pos = append_row(s, buf, size, pos, i);
    }
    pos = append_below(s, buf, size, pos);
    return append_softkeys(s, buf, size, pos);
}

bool screen_contains(const struct screen *s, const char *text)
{
    if (strstr(s->title, text) || strstr(s->prompt, text))
        return true;
    for (unsigned i = 0; i < s->n_rows; i++) {
        if (strstr(s->rows[i], text))
            return true;
    }
    for (unsigned i = 0; i < s->n_labels; i++) {
        if (strstr(s->labels[i], text))
            return true;
    }
    for (unsigned i = 0; i < s->n_softkeys; i++) {
        if (strstr(s->softkeys[i], text))
            return true;
    }
    return false;
}
