/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/farm/accounts.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <re.h>

#include "sim/base/err.h"

struct reader {
    char *p, *end; /* next byte; fields are unquoted in place */
    const char *line_start;
    int line;
    struct parse_err *pe;
};

static int fail(const struct reader *r, const char *at, const char *why)
{
    return parse_err_set(r->pe, EBADMSG, r->line, (int)(at - r->line_start) + 1, "%s", why);
}

static void newline(struct reader *r)
{
    r->line++;
    r->line_start = r->p;
}

/* "…" with "" for a quote; p is behind the opening one. */
static int read_quoted(struct reader *r, char **field)
{
    char *w = r->p;
    const char *open = r->p - 1;
    const struct reader start = *r;

    *field = r->p;
    for (;;) {
        if (r->p == r->end)
            return fail(&start, open, "a quoted field that does not end");
        char c = *r->p++;
        if (c == '"') {
            if (r->p == r->end || *r->p != '"')
                break;
            r->p++;
        }
        *w++ = c;
        if (c == '\n')
            newline(r);
    }
    char *after = r->p;
    if (after < r->end && !strchr(",\r\n", *after))
        return fail(r, after, "text behind a quoted field");
    *w = '\0'; /* at or before the closing quote */
    return 0;
}

static int read_plain(struct reader *r, char **field)
{
    *field = r->p;
    while (r->p < r->end && *r->p != ',' && *r->p != '\n' && *r->p != '\r') {
        if (*r->p == '"')
            return fail(r, r->p, "a quote inside a field without quotes");
        r->p++;
    }
    return 0;
}

/* Takes the separator; *last: the row ends here. The byte it stood at terminates a plain field. */
static int read_field(struct reader *r, char **field, bool *last)
{
    int err;

    if (r->p < r->end && *r->p == '"') {
        r->p++;
        err = read_quoted(r, field);
    } else {
        err = read_plain(r, field);
    }
    if (err)
        return err;

    char *stop = r->p;
    *last = true;
    if (r->p < r->end && *r->p == ',') {
        *last = false;
        r->p++;
    } else if (r->p < r->end) {
        if (*r->p == '\r')
            r->p++;
        if (r->p < r->end && *r->p == '\n')
            r->p++;
        else if (r->p < r->end)
            return fail(r, r->p, "a carriage return inside a field without quotes");
        newline(r);
    }
    *stop = '\0';
    return 0;
}

static bool at_empty_line(const struct reader *r)
{
    return *r->p == '\n' || (*r->p == '\r' && r->p + 1 < r->end && r->p[1] == '\n');
}

static void skip_empty_lines(struct reader *r)
{
    while (r->p < r->end && at_empty_line(r)) {
        r->p += *r->p == '\r' ? 2 : 1;
        newline(r);
    }
}

static int push(char ***array, size_t *n, char *item)
{
    if ((*n & (*n - 1)) == 0) { /* full at powers of two */
        char **grown = realloc(*array, (*n ? *n * 2 : 1) * sizeof(*grown));
        if (!grown)
            return ENOMEM;
        *array = grown;
    }
    (*array)[(*n)++] = item;
    return 0;
}

static int push_cell(struct accounts *a, size_t *n_cells, char *field, const struct reader *at)
{
    const size_t i = *n_cells;

    if ((i & (i - 1)) == 0) {
        struct accounts_place *grown = realloc(a->places, (i ? i * 2 : 1) * sizeof(*grown));
        if (!grown)
            return ENOMEM;
        a->places = grown;
    }
    a->places[i] =
        (struct accounts_place){(unsigned)at->line, (unsigned)(at->p - at->line_start) + 1};
    return push(&a->cells, n_cells, field);
}

/* As options are spelt, whatever a spreadsheet makes of case and hyphens. */
static bool same_name(const char *a, const char *b)
{
    for (; *a && *b; a++, b++) {
        if ((*a == '_' ? '-' : tolower((unsigned char)*a)) !=
            (*b == '_' ? '-' : tolower((unsigned char)*b)))
            return false;
    }
    return *a == *b;
}

static int read_header(struct reader *r, struct accounts *a)
{
    bool last = false;
    int err = 0;

    while (!last && !err) {
        const struct reader start = *r;
        char *field;
        err = read_field(r, &field, &last);
        if (err)
            break;
        if (!*field)
            return fail(&start, start.p, "a column without a name");
        for (size_t i = 0; i < a->n_columns; i++) {
            if (same_name(a->columns[i], field))
                return fail(&start, start.p, "the same column twice");
        }
        err = push(&a->columns, &a->n_columns, field);
        if (!err && last && a->n_columns == 1 && strpbrk(field, ";\t"))
            return fail(&start, start.p + strcspn(field, ";\t"), "fields end with a comma here");
    }
    return err;
}

static int read_row(struct reader *r, struct accounts *a, size_t *n_cells)
{
    const struct reader start = *r;
    bool last = false;
    size_t n = 0;
    int err = 0;

    while (!last && !err) {
        const struct reader at = *r;
        char *field;
        err = read_field(r, &field, &last);
        if (!err && n++ == a->n_columns)
            return fail(&at, at.p, "more fields than the header has columns");
        if (!err)
            err = push_cell(a, n_cells, field, &at);
    }
    if (!err && n < a->n_columns)
        return fail(&start, start.p, "fewer fields than the header has columns");
    if (!err)
        a->n_rows++;
    return err;
}

static void destructor(void *arg)
{
    struct accounts *a = arg;
    free(a->columns);
    free(a->cells);
    free(a->places);
    free(a->text);
}

int accounts_parse(struct accounts **ap, const char *text, size_t len, struct parse_err *pe)
{
    size_t n_cells = 0;
    int err = 0;
    struct accounts *a = mem_zalloc(sizeof(*a), destructor);

    if (!a)
        return ENOMEM;
    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        len -= 3;
    }
    a->text = malloc(len + 1);
    if (!a->text) {
        mem_deref(a);
        return ENOMEM;
    }
    memcpy(a->text, text, len);
    a->text[len] = '\0';

    struct reader r = {
        .p = a->text, .end = a->text + len, .line_start = a->text, .line = 1, .pe = pe};
    const char *zero = memchr(a->text, '\0', len);
    if (zero)
        err = fail(&r, a->text, "a zero byte somewhere: this is no text");
    skip_empty_lines(&r);
    if (!err && r.p == r.end)
        err = fail(&r, r.p, "no header row");
    if (!err)
        err = read_header(&r, a);
    while (!err) {
        skip_empty_lines(&r);
        if (r.p == r.end)
            break;
        err = read_row(&r, a, &n_cells);
    }
    if (!err && !a->n_rows)
        err = fail(&r, r.p, "no row below the header, thus no phone");
    if (err)
        mem_deref(a);
    else
        *ap = a;
    return err;
}

static int slurp(char **text, size_t *len, const char *path)
{
    FILE *f = fopen(path, "rbe");
    char *buf = NULL;
    size_t n = 0, size = 0;
    int err = 0;

    if (!f)
        return errno;
    for (;;) {
        if (n == size) {
            char *grown = size > SIZE_MAX / 4 ? NULL : realloc(buf, size ? size * 2 : 65536);
            if (!grown) {
                err = ENOMEM;
                break;
            }
            buf = grown;
            size = size ? size * 2 : 65536;
        }
        const size_t got = fread(buf + n, 1, size - n, f);
        n += got;
        if (!got)
            break;
    }
    if (!err && ferror(f))
        err = errno ? errno : EIO;
    fclose(f);
    if (err) {
        free(buf);
    } else {
        *text = buf;
        *len = n;
    }
    return err;
}

int accounts_read(struct accounts **ap, const char *path, char *err, size_t err_size)
{
    struct parse_err pe = {0};
    char *text = NULL;
    size_t len = 0;

    int result = slurp(&text, &len, path);
    if (result) {
        snprintf(err, err_size, "%s: %s", path, strerror(result));
        return result;
    }
    result = accounts_parse(ap, text, len, &pe);
    free(text);
    if (result == EBADMSG)
        snprintf(err, err_size, "%s:%d:%d: %s", path, pe.line, pe.col, pe.text);
    else if (result)
        snprintf(err, err_size, "%s: %s", path, strerror(result));
    return result;
}

static size_t find_column(const struct accounts *a, const char *column)
{
    size_t i = 0;

    while (i < a->n_columns && !same_name(a->columns[i], column))
        i++;
    return i;
}

const char *accounts_cell(const struct accounts *a, size_t row, const char *column)
{
    const size_t i = find_column(a, column);

    return i < a->n_columns ? a->cells[row * a->n_columns + i] : NULL;
}

struct accounts_place accounts_place(const struct accounts *a, size_t row, const char *column)
{
    const size_t i = column ? find_column(a, column) : 0;

    return a->places[row * a->n_columns + (i < a->n_columns ? i : 0)];
}
