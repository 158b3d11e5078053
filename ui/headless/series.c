/* SPDX-License-Identifier: BSD-3-Clause */
/* The run second by second, as CSV (RFC 4180 without the quotes it does not need). */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/farm/farm.h"
#include "sim/farm/series.h"
#include "ui/headless/headless.h"

struct series_file {
    struct farm *f;
    FILE *out;
    uint64_t first; /* second of the first row */
};

static void head(FILE *out)
{
    fputs("time,t", out);
    for (unsigned c = 0; c < COLUMNS_N; c++)
        fprintf(out, ",%s", series_column_name((enum series_column)c));
    fputc('\n', out);
    fflush(out);
}

/* A line is whole when it is written: others may follow the file. */
static void second_handler(uint64_t second, const struct series_row *row, void *arg)
{
    struct series_file *s = arg;

    if (!s->first)
        s->first = second;
    fprintf(s->out, "%" PRIu64 ",%" PRIu64, second, second - s->first);
    for (unsigned c = 0; c < COLUMNS_N; c++)
        fprintf(s->out, ",%" PRIu64, row->values[c]);
    fputc('\n', s->out);
    fflush(s->out);
}

static void destructor(void *arg)
{
    struct series_file *s = arg;

    if (s->f)
        farm_unobserve_seconds(s->f);
    if (s->out != stdout)
        fclose(s->out);
}

int series_open(struct series_file **sp, struct farm *f, const char *path)
{
    FILE *out = strcmp(path, "-") == 0 ? stdout : fopen(path, "we");

    if (!out)
        return errno;
    struct series_file *s = mem_zalloc(sizeof(*s), destructor);
    if (!s) {
        if (out != stdout)
            fclose(out);
        return ENOMEM;
    }
    s->out = out;
    const int err = farm_observe_seconds(f, second_handler, s);
    if (err) {
        mem_deref(s);
        return err;
    }
    s->f = f;
    head(out);
    *sp = s;
    return 0;
}

bool series_written(struct series_file *s)
{
    return fflush(s->out) == 0 && !ferror(s->out);
}
