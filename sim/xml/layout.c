/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/xml/layout.h"

#include <string.h>

#include "devices/model.h"
#include "sim/base/utf8.h"
#include "sim/lcd/paint.h"
#include "sim/lcd/screen.h"

enum { TAB = 8, PAUSE_MS = 2000, STEP_MS = 250 };
enum { COLOR_COLUMNS = 34, MONO_LABEL = 8, WIDE_LABEL = 12 };

void xml_layout(struct xml_layout *out, const struct device_model *m)
{
    *out = (struct xml_layout){
        .columns = m->lcd.columns, .rows = paint_rows(m), .softkey_chars = WIDE_LABEL};
    switch (m->family) {
    case FAMILY_SPA3XX:
    case FAMILY_SPA5XX: /* 32 px a key, 4-px narrow cell (devices.md 6.1) */
        out->title_scrolls = true;
        out->mark_columns = 2;
        out->softkey_chars = MONO_LABEL;
        break;
    case FAMILY_SPA525: /* work area of 278 px: title, seven one-line rows (devices.md 7) */
        out->columns = COLOR_COLUMNS;
        break;
    case FAMILY_CP79XX: /* header, three body rows (devices.md 6.1), a prompt row [DEF] */
        out->softkey_chars = MONO_LABEL;
        out->mark_columns = 2;
        break;
    case FAMILY_WIP310:
    case FAMILY_MPP68XX:
        break;
    }
    if (out->rows > SCREEN_ROWS)
        out->rows = SCREEN_ROWS;
    if (out->columns >= SCREEN_COLS)
        out->columns = SCREEN_COLS - 1;
}

/* Controls have no glyph (8.3: what cannot be drawn is "?"). A line end stands between the lines of
 * a row. */
static bool drawable(const char *p, size_t len)
{
    const unsigned char c = (unsigned char)*p;

    if (len == 1)
        return (c >= 0x20 && c != 0x7f) || c == '\n';
    return len && !(len == 2 && c == 0xc2 && (unsigned char)p[1] < 0xa0);
}

unsigned xml_moved(unsigned excess, uint32_t still_ms)
{
    const unsigned whole = 2 * PAUSE_MS + excess * STEP_MS;
    const unsigned at = still_ms % whole;
    const unsigned n = at < PAUSE_MS ? 0 : (at - PAUSE_MS) / STEP_MS + 1;

    return n < excess ? n : excess;
}

void xml_cut(char *to, size_t size, const char *text, unsigned columns)
{
    size_t at = 0;

    for (unsigned n = 0; *text && n < columns; n++) {
        const size_t len = utf8_len(text);
        if (at + (len ? len : 1) >= size)
            break;
        const bool shown = drawable(text, len);
        if (shown)
            memcpy(to + at, text, len);
        else
            to[at] = '?';
        at += shown ? len : 1;
        text += len ? len : 1;
    }
    to[at] = '\0';
}

struct wrap {
    char (*rows)[64];
    unsigned max, skip, n, columns;
};

/* Characters of a row, tabs spread. */
static void put_row(struct wrap *w, const char *from, const char *to)
{
    const unsigned row = w->n++ - w->skip;
    size_t at = 0;
    unsigned column = 0;

    if (w->n <= w->skip || row >= w->max || !w->rows)
        return;
    char *out = w->rows[row];
    while (from < to) {
        size_t len = utf8_len(from);
        const unsigned blanks = *from == '\t' ? TAB - column % TAB : 0;
        if (!len)
            len = 1;
        if (at + (blanks ? blanks : len) >= sizeof(w->rows[0]))
            break;
        const bool shown = drawable(from, len);
        if (blanks)
            memset(out + at, ' ', blanks);
        else if (shown)
            memcpy(out + at, from, len);
        else
            out[at] = '?';
        at += blanks ? blanks : shown ? len : 1;
        column += blanks ? blanks : 1;
        from += len;
    }
    out[at] = '\0';
}

/* Where a row that begins at p ends; *next: where the one behind it begins. */
static const char *row_end(const struct wrap *w, const char *p, const char **next)
{
    const char *space = NULL;
    unsigned column = 0;

    while (*p && *p != '\n' && *p != '\r') {
        const unsigned width = *p == '\t' ? TAB - column % TAB : 1;
        if (column + width > w->columns && *p != ' ')
            break;
        if (*p == ' ' || *p == '\t')
            space = p;
        const size_t len = utf8_len(p);
        column += width;
        p += len ? len : 1;
        if (column > w->columns) /* a blank at the edge */
            break;
    }
    if (!*p || *p == '\n' || *p == '\r') { /* CR LF, LF and CR each end a line (7.2) */
        *next = *p ? p + (p[0] == '\r' && p[1] == '\n' ? 2 : 1) : p;
        return p;
    }
    if (space) {
        *next = space + 1;
        return space;
    }
    *next = p;
    return p;
}

unsigned xml_wrap(const char *text, unsigned columns, unsigned skip, char (*rows)[64], unsigned max)
{
    struct wrap w = {.rows = rows, .max = max, .skip = skip, .columns = columns ? columns : 1};

    while (*text) {
        const char *next = text, *end = row_end(&w, text, &next);
        put_row(&w, text, end);
        text = next > text ? next : text + 1;
    }
    return w.n;
}
