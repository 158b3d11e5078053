/* SPDX-License-Identifier: BSD-3-Clause */
/* What happened when. */
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "sim/farm/series.h"
#include "ui/report/markup.h"
#include "ui/report/plot.h"
#include "ui/report/sections.h"

enum { TABLE_ROWS = 60 };

struct figure {
    const char *id, *caption;
    struct {
        enum series_column column;
        const char *name;
    } curves[PLOT_CURVES];
    unsigned n;
    bool rate;     /* per second, else as it is */
    double factor; /* of each value */
};

static const struct figure figures[] = {
    {"requests",
     "Requests and registrations per second",
     {{COLUMN_REQUESTS, "requests"},
      {COLUMN_ERRORS, "requests that failed"},
      {COLUMN_REGISTRATIONS, "registrations"},
      {COLUMN_REFRESHES, "refreshes"},
      {COLUMN_REGISTER_ERRORS, "registrations that failed"}},
     5,
     true,
     1},
    {"phones",
     "Phones, at the end of each step",
     {{COLUMN_REGISTERED, "registered"},
      {COLUMN_PROVISIONED, "provisioned"},
      {COLUMN_BOOTING, "booting"}},
     3,
     false,
     1},
    {"boots", "Phones powered on, per second", {{COLUMN_BOOTS, "boots"}}, 1, true, 1},
    {"flight",
     "Fetches under way, at the end of each step",
     {{COLUMN_IN_FLIGHT, "fetches"}},
     1,
     false,
     1},
    {"bytes", "Bytes received, per second", {{COLUMN_BYTES, "bytes"}}, 1, true, 1},
    {"lag",
     "Lag of the farm's own loop, the most in each step, in ms",
     {{COLUMN_LAG_MS, "lag"}},
     1,
     false,
     1},
    {"cpu", "CPU of the farm, in % of one core", {{COLUMN_CPU_MS, "CPU"}}, 1, true, 0.1},
};

static bool is_empty(const struct series *s, enum series_column c)
{
    for (unsigned i = 0; i < s->n; i++) {
        if (s->rows[i].values[c])
            return false;
    }
    return true;
}

static void figure(FILE *f, const struct series *s, const struct figure *fig)
{
    double *values = calloc((size_t)s->n * fig->n + 1, sizeof(*values));
    struct plot_time p = {.id = fig->id,
                          .title = fig->caption,
                          .n = s->n,
                          .step_s = s->step_s,
                          .whole = fig->factor == 1 && (!fig->rate || s->step_s == 1),
                          .named = fig->n > 1};

    for (unsigned c = 0; values && c < fig->n; c++) {
        double *v = &values[(size_t)c * s->n];
        if (is_empty(s, fig->curves[c].column))
            continue;
        for (unsigned i = 0; i < s->n; i++)
            v[i] = (double)s->rows[i].values[fig->curves[c].column] * fig->factor /
                   (fig->rate ? s->step_s : 1);
        p.curves[p.n_curves++] = (struct plot_curve){fig->curves[c].name, v, c};
    }
    if (p.n_curves) {
        fprintf(f, "<figure><figcaption>%s</figcaption>\n", fig->caption);
        plot_time(f, &p);
        fputs("</figure>\n", f);
    }
    free(values);
}

static void table(FILE *f, const struct series *s)
{
    char buf[MARKUP_NUMBER_BYTES];

    fprintf(f, "<details><summary>The same as a table, in steps of %u s</summary>\n", s->step_s);
    fputs("<div class=\"wide\"><table><thead><tr><th scope=\"col\">s</th>", f);
    for (unsigned c = 0; c < COLUMNS_N; c++)
        fprintf(f, "<th scope=\"col\">%s</th>", series_column_name((enum series_column)c));
    fputs("</tr></thead><tbody>\n", f);
    for (unsigned i = 0; i < s->n; i++) {
        fprintf(f, "<tr><td>%u</td>", i * s->step_s);
        for (unsigned c = 0; c < COLUMNS_N; c++)
            fprintf(f, "<td>%s</td>", markup_number(buf, (double)s->rows[i].values[c]));
        fputs("</tr>\n", f);
    }
    fputs("</tbody></table></div></details>\n", f);
}

/* So that plots can be laid beside the logs of servers. */
static void when(FILE *f, const struct series *s)
{
    const time_t start = (time_t)s->start;
    struct tm tm;
    char text[32] = "";

    if (gmtime_r(&start, &tm))
        strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
    fprintf(f,
            "<p class=\"dim\">0 s is %s UTC. Steps of %u s, on full seconds of the clock as in the "
            "logs of servers; the first and the last may be cut short.</p>\n",
            text, s->step_s);
}

void section_time(FILE *f, const json_t *report)
{
    struct series s;

    if (series_from_json(&s, json_object_get(report, "series")) || !s.n) {
        series_reset(&s);
        return;
    }
    fputs("<section><h2>Over time</h2>\n", f);
    when(f, &s);
    for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
        figure(f, &s, &figures[i]);
    while (s.n > TABLE_ROWS)
        series_coarsen(&s);
    table(f, &s);
    fputs("</section>\n", f);
    series_reset(&s);
}
