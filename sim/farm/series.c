/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/farm/series.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

static const struct {
    const char *name;
    enum series_kind kind;
} columns[] = {
#define XX(id, name, kind) {#name, SERIES_##kind},
    SERIES_COLUMNS(XX)
#undef XX
};

const char *series_column_name(enum series_column c)
{
    return columns[c].name;
}

void series_reset(struct series *s)
{
    free(s->rows);
    *s = (struct series){.step_s = 0};
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

void series_join(struct series_row *earlier, const struct series_row *later)
{
    for (unsigned c = 0; c < COLUMNS_N; c++) {
        uint64_t *v = &earlier->values[c];
        const uint64_t w = later->values[c];
        *v = columns[c].kind == SERIES_SUM    ? *v + w
             : columns[c].kind == SERIES_LAST ? w
                                              : larger(*v, w);
    }
}

void series_coarsen(struct series *s)
{
    const uint64_t step = 2ULL * s->step_s, start = s->start - s->start % step;
    unsigned n = 0;

    for (unsigned i = 0; i < s->n; i++) {
        const uint64_t at = s->start + (uint64_t)i * s->step_s;
        const unsigned to = (unsigned)((at - start) / step);
        if (to == n)
            s->rows[n++] = s->rows[i];
        else
            series_join(&s->rows[to], &s->rows[i]);
    }
    s->start = start;
    s->step_s = (uint32_t)step;
    s->n = n;
}

static bool open_rows(struct series *s)
{
    if (!s->rows)
        s->rows = malloc(SERIES_MAX * sizeof(*s->rows));
    return s->rows != NULL;
}

/* The step after the last: nothing happened in it yet, and all is as it was. */
static void append(struct series *s)
{
    struct series_row *row = &s->rows[s->n];

    for (unsigned c = 0; c < COLUMNS_N; c++)
        row->values[c] = columns[c].kind == SERIES_LAST && s->n ? row[-1].values[c] : 0;
    s->n++;
}

struct series_row *series_at(struct series *s, uint64_t second)
{
    if (!open_rows(s))
        return NULL;
    if (!s->n) {
        s->step_s = s->step_s ? s->step_s : 1;
        s->start = second - second % s->step_s;
        append(s);
    }
    if (second < s->start)
        return &s->rows[0];
    while ((second - s->start) / s->step_s >= SERIES_MAX && s->step_s < SERIES_STEP_MAX)
        series_coarsen(s);
    const uint64_t at = (second - s->start) / s->step_s;
    if (at >= SERIES_MAX) /* thirty years on */
        return &s->rows[s->n - 1];
    while (s->n <= at)
        append(s);
    return &s->rows[at];
}

static uint64_t end_of(const struct series *s)
{
    return s->start + (uint64_t)s->n * s->step_s;
}

/* The same, over start to end in steps that fit both. */
static int spread(struct series *out, const struct series *s, uint64_t start, uint64_t end)
{
    *out = (struct series){.start = s->start, .step_s = s->step_s, .n = s->n};
    if (!open_rows(out))
        return ENOMEM;
    memcpy(out->rows, s->rows, s->n * sizeof(*s->rows));
    while (out->step_s < SERIES_STEP_MAX &&
           (end - (start - start % out->step_s) + out->step_s - 1) / out->step_s > SERIES_MAX)
        series_coarsen(out);
    return 0;
}

/* Empty steps before it, so that it begins at start. */
static void begin_at(struct series *s, uint64_t start)
{
    const unsigned missing = (unsigned)((s->start - start) / s->step_s);

    memmove(s->rows + missing, s->rows, s->n * sizeof(*s->rows));
    memset(s->rows, 0, missing * sizeof(*s->rows));
    s->start = start;
    s->n += missing;
}

static void add_rows(struct series *dst, const struct series *src)
{
    for (unsigned i = 0; i < dst->n; i++) {
        for (unsigned c = 0; c < COLUMNS_N; c++) {
            uint64_t *v = &dst->rows[i].values[c];
            const uint64_t w = src->rows[i].values[c];
            *v = columns[c].kind == SERIES_PEAK ? larger(*v, w) : *v + w;
        }
    }
}

int series_add(struct series *dst, const struct series *src)
{
    struct series a = {.n = 0}, b = {.n = 0};

    if (!src->n)
        return 0;
    if (!dst->n)
        return spread(dst, src, src->start, end_of(src));
    const uint64_t start = dst->start < src->start ? dst->start : src->start;
    const uint64_t end = larger(end_of(dst), end_of(src));
    int err = spread(&a, dst, start, end);
    if (!err)
        err = spread(&b, src, start, end);
    while (!err && a.step_s < b.step_s)
        series_coarsen(&a);
    while (!err && b.step_s < a.step_s)
        series_coarsen(&b);
    const uint64_t first = a.start < b.start ? a.start : b.start;
    const uint64_t steps = err ? 0 : (larger(end_of(&a), end_of(&b)) - first) / a.step_s;
    if (!err && steps > SERIES_MAX)
        err = EBADMSG; /* thirty years apart */
    if (!err) {
        begin_at(&a, first);
        begin_at(&b, first);
        while (a.n < steps)
            append(&a);
        while (b.n < steps)
            append(&b);
        add_rows(&a, &b);
        series_reset(dst);
        *dst = a;
        a.rows = NULL;
    }
    series_reset(&a);
    series_reset(&b);
    return err;
}

json_t *series_json(const struct series *s)
{
    json_t *all = json_object();

    for (unsigned c = 0; c < COLUMNS_N; c++) {
        json_t *list = json_array();
        for (unsigned i = 0; i < s->n; i++)
            json_array_append_new(list, json_integer((json_int_t)s->rows[i].values[c]));
        json_object_set_new(all, columns[c].name, list);
    }
    return json_pack("{s:I, s:i, s:o}", "start", (json_int_t)s->start, "step_s",
                     s->n ? (int)s->step_s : 1, "columns", all);
}

static bool read_column(struct series *s, enum series_column c, const json_t *list)
{
    for (unsigned i = 0; i < s->n; i++) {
        const json_t *v = json_array_get(list, i);
        if (!json_is_integer(v) || json_integer_value(v) < 0 ||
            json_integer_value(v) > INT64_MAX / 65536)
            return false;
        s->rows[i].values[c] = (uint64_t)json_integer_value(v);
    }
    return true;
}

int series_from_json(struct series *s, const json_t *o)
{
    const json_t *start = json_object_get(o, "start"), *step = json_object_get(o, "step_s");
    const json_t *lists = json_object_get(o, "columns");
    const json_int_t from = json_integer_value(start), step_s = json_integer_value(step);
    const size_t n = json_array_size(json_object_get(lists, columns[0].name));

    *s = (struct series){.n = 0};
    if (!o)
        return 0;
    if (!json_is_integer(start) || !json_is_integer(step) || from < 0 || from > UINT32_MAX ||
        step_s < 1 || step_s > SERIES_STEP_MAX || (step_s & (step_s - 1)) || from % step_s ||
        n > SERIES_MAX)
        return EBADMSG;
    s->start = (uint64_t)from;
    s->step_s = (uint32_t)step_s;
    s->n = (unsigned)n;
    if (!open_rows(s))
        return ENOMEM;
    memset(s->rows, 0, SERIES_MAX * sizeof(*s->rows));
    for (unsigned c = 0; c < COLUMNS_N; c++) {
        const json_t *list = json_object_get(lists, columns[c].name);
        if (list && (json_array_size(list) != n || !read_column(s, c, list))) {
            series_reset(s);
            return EBADMSG;
        }
    }
    return 0;
}
