/* SPDX-License-Identifier: BSD-3-Clause */
/* How long answers took, by class of URL. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "ui/report/markup.h"
#include "ui/report/plot.h"
#include "ui/report/sections.h"

static bool is_answered(const json_t *ms)
{
    return json_object_size(json_object_get(json_object_get(ms, "histogram"), "counts")) > 0;
}

static void times(FILE *f, const json_t *ms)
{
    static const char *const keys[] = {"p50", "p90", "p99", "max"};
    char buf[MARKUP_NUMBER_BYTES];

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        fprintf(f, "<td>%s</td>",
                is_answered(ms) ? markup_number(buf, markup_get(ms, keys[i])) : "\xe2\x80\x93");
}

static void statuses(FILE *f, const json_t *c)
{
    const char *status;
    json_t *count;
    char buf[MARKUP_NUMBER_BYTES];

    fputs("<td class=\"t\">", f);
    json_object_foreach(json_object_get(c, "statuses"), status, count)
    {
        markup_text(f, status);
        fprintf(f, " \xc3\x97 %s<br/>", markup_number(buf, json_number_value(count)));
    }
    fputs("</td>", f);
}

static void class_row(FILE *f, const json_t *c)
{
    char buf[MARKUP_NUMBER_BYTES];

    fputs("<tr><th scope=\"row\">", f);
    section_class_name(f, c);
    fprintf(f, "</th><td>%s</td>", markup_number(buf, markup_get(c, "requests")));
    fprintf(f, "<td>%s</td>", markup_number(buf, markup_get(c, "sent")));
    fprintf(f, "<td>%s</td>", markup_number(buf, markup_get(c, "error")));
    fprintf(f, "<td>%s</td>", markup_bytes(buf, markup_get(c, "bytes")));
    statuses(f, c);
    times(f, json_object_get(c, "ms"));
    fputs("</tr>\n", f);
}

static void register_row(FILE *f, const json_t *reg)
{
    char buf[MARKUP_NUMBER_BYTES];

    fprintf(f, "<tr><th scope=\"row\">registration</th><td>%s</td><td></td>",
            markup_number(buf, markup_get(reg, "ok") + markup_get(reg, "error")));
    fprintf(f, "<td>%s</td><td></td><td></td>", markup_number(buf, markup_get(reg, "error")));
    times(f, json_object_get(reg, "ms"));
    fputs("</tr>\n", f);
}

static bool is_taken(const struct plot_spread *p, const json_t *c)
{
    for (unsigned k = 0; k < p->n_curves; k++) {
        if (p->ms[k] == json_object_get(c, "ms"))
            return true;
    }
    return false;
}

/* The answered class with the most requests that is not in the plot yet; NULL = none. */
static const json_t *next_class(const struct plot_spread *p, const json_t *classes)
{
    const json_t *best = NULL;
    json_t *c;
    size_t i;

    json_array_foreach(classes, i, c)
    {
        if (is_answered(json_object_get(c, "ms")) && !is_taken(p, c) &&
            (!best || markup_get(c, "requests") > markup_get(best, "requests")))
            best = c;
    }
    return best;
}

static void add_curve(struct plot_spread *p, const char *scheme, const char *name, const json_t *ms)
{
    const bool plain = !*scheme || strcmp(scheme, "http") == 0;

    snprintf(p->names[p->n_curves], sizeof(p->names[0]), "%s%s%s", plain ? "" : scheme,
             plain ? "" : ": ", name);
    p->ms[p->n_curves++] = ms;
}

/* The classes with the most requests, and registrations. */
static void spread(FILE *f, const json_t *report)
{
    const json_t *classes = json_object_get(json_object_get(report, "fetch"), "classes");
    const json_t *reg = json_object_get(report, "register"), *c;
    struct plot_spread p = {.id = "spread", .title = "Latency: share of answers within a time"};

    while (p.n_curves < PLOT_CURVES - 1 && (c = next_class(&p, classes)))
        add_curve(&p, markup_get_text(c, "scheme"), markup_get_text(c, "class"),
                  json_object_get(c, "ms"));
    if (is_answered(json_object_get(reg, "ms")))
        add_curve(&p, "", "registration", json_object_get(reg, "ms"));
    if (!p.n_curves)
        return;
    fputs("<figure><figcaption>Share of answers within a time, in %</figcaption>\n", f);
    plot_spread(f, &p);
    fputs("</figure>\n", f);
}

void section_latency(FILE *f, const json_t *report)
{
    json_t *c;
    size_t i;

    fputs("<section><h2>Latency</h2>\n<p class=\"dim\">Milliseconds from the start of a request, "
          "its connection included, to the end of the answer; requests without a whole answer, "
          "as those that timed out, are not among them. Percentiles are rounded up, "
          "by a sixteenth at most. Sent: what left, as a server's log has it."
          "</p>\n<div class=\"wide\"><table>"
          "<thead><tr><th class=\"t\" scope=\"col\">URLs</th><th scope=\"col\">requests</th><th "
          "scope=\"col\">sent</th><th "
          "scope=\"col\">errors</th><th scope=\"col\">bytes</th><th class=\"t\" "
          "scope=\"col\">statuses</th><th scope=\"col\">p50</th><th scope=\"col\">p90</th><th "
          "scope=\"col\">p99</th><th scope=\"col\">max</th></tr></thead><tbody>\n",
          f);
    json_array_foreach(json_object_get(json_object_get(report, "fetch"), "classes"), i, c)
    {
        class_row(f, c);
    }
    register_row(f, json_object_get(report, "register"));
    fputs("</tbody></table></div>\n", f);
    spread(f, report);
    fputs("</section>\n", f);
}
