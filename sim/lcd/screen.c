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

size_t screen_text(const struct screen *s, char *buf, size_t size)
{
    const unsigned lines = s->n_rows > s->n_labels ? s->n_rows : s->n_labels;
    size_t pos = 0;

    if (size)
        buf[0] = '\0';
    if (s->title[0])
        pos = append(buf, size, pos, "%s\n", s->title);
    for (unsigned i = 0; i < lines; i++) {
        const char *row = i < s->n_rows ? s->rows[i] : "";
        if (i < s->n_labels)
            pos = append(buf, size, pos, "%-*s %s\n", LABEL_COLUMN, row, s->labels[i]);
        else
            pos = append(buf, size, pos, "%s\n", row);
    }
    return append_softkeys(s, buf, size, pos);
}

bool screen_contains(const struct screen *s, const char *text)
{
    if (strstr(s->title, text))
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
