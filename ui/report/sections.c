/* SPDX-License-Identifier: BSD-3-Clause */
/* Verdict, numbers and failures. */
#include "ui/report/sections.h"

#include <stdbool.h>
#include <math.h>
#include <string.h>

#include "ui/report/markup.h"

void section_class_name(FILE *f, const json_t *c)
{
    const char *scheme = markup_get_text(c, "scheme"), *method = markup_get_text(c, "method");

    if (*scheme && strcmp(scheme, "http") != 0) {
        markup_text(f, scheme);
        fputs(": ", f);
    }
    if (strcmp(method, "GET") != 0 && strcmp(method, "RRQ") != 0) {
        markup_text(f, method);
        fputc(' ', f);
    }
    markup_text(f, markup_get_text(c, "class"));
}

void section_verdict(FILE *f, const json_t *report)
{
    const bool valid = strcmp(markup_get_text(report, "verdict"), "valid") == 0;
    const double phones = markup_get(report, "phones"), failed = markup_get(report, "failed");
    const double unfinished = markup_get(json_object_get(report, "fetch"), "unfinished");
    json_t *reason;
    size_t i;

    fprintf(f, "<div class=\"verdict %s\" role=\"status\"><p><strong>%s</strong></p>\n",
            valid ? "good" : "bad",
            valid ? "\xe2\x9c\x93 The measurement is valid"
                  : "\xe2\x9c\x97 The measurement is invalid");
    fputs(valid ? "<p>The farm kept up: what is said below is about the servers.</p>\n"
                : "<p>The farm itself was the bottleneck; its numbers prove nothing about the "
                  "servers.</p>\n",
          f);
    if (json_array_size(json_object_get(report, "reasons"))) {
        fputs("<ul>\n", f);
        json_array_foreach(json_object_get(report, "reasons"), i, reason)
        {
            fputs("<li>", f);
            markup_text(f, json_string_value(reason));
            fputs("</li>\n", f);
        }
        fputs("</ul>\n", f);
    }
    fprintf(f, "<p>%.0f of %.0f phones registered, %.0f provisioned, %.0f failed.</p>\n",
            markup_get(report, "registered"), phones, markup_get(report, "provisioned"), failed);
    if (unfinished > 0)
        fprintf(f, "<p>%.0f fetches were under way at the end; they are in no count.</p>\n",
                unfinished);
    fputs("</div>\n", f);
}

static void card(FILE *f, const char *name, const char *value, const char *more)
{
    fprintf(f, "<div><dt>%s</dt><dd>%s", name, value);
    if (more)
        fprintf(f, " <small>%s</small>", more);
    fputs("</dd></div>\n", f);
}

static void card_number(FILE *f, const char *name, double n, const char *more)
{
    char buf[MARKUP_NUMBER_BYTES];
    card(f, name, markup_number(buf, n), more);
}

/* The most of two columns in one step, per second; the second may be NULL. */
static double peak_rate(const json_t *report, const char *column, const char *other)
{
    const json_t *series = json_object_get(report, "series");
    const json_t *columns = json_object_get(series, "columns");
    const json_t *more = other ? json_object_get(columns, other) : NULL;
    const double step = markup_get(series, "step_s");
    double most = 0;
    json_t *v;
    size_t i;

    json_array_foreach(json_object_get(columns, column), i, v)
    {
        most = fmax(most, json_number_value(v) + json_number_value(json_array_get(more, i)));
    }
    return step > 0 ? most / step : most;
}

static void card_rate(FILE *f, const char *name, double mean, double peak)
{
    char mean_text[MARKUP_NUMBER_BYTES], text[MARKUP_NUMBER_BYTES], more[2 * MARKUP_NUMBER_BYTES];

    snprintf(more, sizeof(more), "peak %s", markup_number(text, peak));
    /* a run of less than a second has no peak of a whole one */
    card(f, name, markup_number(mean_text, mean), peak >= mean ? more : NULL);
}

/* All bodies, as the series has them: those of redirects and errors, too. */
static double bytes_received(const json_t *fetch)
{
    double sum = 0;
    json_t *c;
    size_t i;

    json_array_foreach(json_object_get(fetch, "classes"), i, c)
    {
        sum += markup_get(c, "bytes");
    }
    return sum;
}

void section_numbers(FILE *f, const json_t *report)
{
    const json_t *fetch = json_object_get(report, "fetch"),
                 *reg = json_object_get(report, "register");
    const json_t *con = json_object_get(fetch, "connections");
    const double wall = markup_get(report, "wall_s"), cpu = markup_get(report, "cpu_s");
    char buf[MARKUP_NUMBER_BYTES], more[MARKUP_NUMBER_BYTES + 32];

    fputs("<section><h2>Numbers</h2>\n<dl class=\"cards\">\n", f);
    card_number(f, "phones", markup_get(report, "phones"), NULL);
    card_number(f, "duration", wall, "s");
    card_number(f, "files fetched", markup_get(fetch, "ok"), NULL);
    card_number(f, "fetches failed", markup_get(fetch, "error"), NULL);
    card_number(f, "requests", markup_get(fetch, "requests"), NULL);
    card_rate(f, "requests per second", markup_get(fetch, "requests_per_s"),
              peak_rate(report, "requests", NULL));
    card(f, "bytes received", markup_bytes(buf, bytes_received(fetch)), NULL);
    snprintf(more, sizeof(more), "reused %s", markup_number(buf, markup_get(con, "reused")));
    card_number(f, "connections opened", markup_get(con, "opened"), more);
    snprintf(more, sizeof(more), "failed %s", markup_number(buf, markup_get(con, "tls_failed")));
    card_number(f, "TLS handshakes", markup_get(con, "tls_handshakes"), more);
    snprintf(more, sizeof(more), "challenged %s",
             markup_number(buf, markup_get(reg, "challenged")));
    card_number(f, "registrations", markup_get(reg, "ok"), more);
    card_number(f, "registrations failed", markup_get(reg, "error"), NULL);
    card_rate(f, "registrations per second", wall > 0 ? markup_get(reg, "ok") / wall : 0,
              peak_rate(report, "registrations", "refreshes"));
    snprintf(more, sizeof(more), "s, %.0f %% of one core", wall > 0 ? 100 * cpu / wall : 0);
    /* what the start of the program took is in it, too */
    card_number(f, "CPU of the farm", cpu, wall >= 1 ? more : "s");
    card(f, "memory of the farm", markup_bytes(buf, markup_get(report, "rss_bytes")), NULL);
    fputs("</dl></section>\n", f);
}

/* ---- failures */

struct failures {
    FILE *f;
    double most;
    unsigned n;
};

static void open_table(struct failures *t)
{
    if (t->n++)
        return;
    fputs("<section><h2>Failures</h2>\n<div class=\"wide\"><table><thead><tr><th class=\"t\" "
          "scope=\"col\">what</th><th class=\"t\" scope=\"col\">cause</th><th scope=\"col\">times"
          "</th><th scope=\"col\">phone, for one</th><td></td></tr></thead><tbody>\n",
          t->f);
}

static void failure_tail(struct failures *t, const char *cause, double n, double example)
{
    char buf[MARKUP_NUMBER_BYTES];

    fputs("</th><td class=\"t\">", t->f);
    markup_text(t->f, cause);
    fprintf(t->f, "</td><td>%s</td><td>%.0f</td>", markup_number(buf, n), example);
    fprintf(t->f,
            "<td class=\"bar\"><svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" "
            "aria-hidden=\"true\"><rect width=\"%.1f\" height=\"10\"/></svg></td></tr>\n",
            t->most > 0 ? fmax(100 * n / t->most, 0.5) : 0);
}

static void causes(struct failures *t, const char *what, const json_t *op, bool is_class)
{
    const char *cause;
    json_t *count;

    json_object_foreach(json_object_get(op, "errors"), cause, count)
    {
        open_table(t);
        fputs("<tr><th scope=\"row\">", t->f);
        fputs(what, t->f);
        if (is_class)
            section_class_name(t->f, op);
        failure_tail(t, cause, json_number_value(count),
                     markup_get(json_object_get(op, "examples"), cause));
    }
}

static double most_errors(const json_t *op)
{
    const char *cause;
    json_t *count;
    double most = 0;

    json_object_foreach(json_object_get(op, "errors"), cause, count)
    {
        most = fmax(most, json_number_value(count));
    }
    return most;
}

void section_errors(FILE *f, const json_t *report)
{
    const json_t *fetch = json_object_get(report, "fetch"),
                 *reg = json_object_get(report, "register");
    struct failures t = {.f = f, .most = fmax(most_errors(fetch), most_errors(reg))};
    json_t *item;
    size_t i;

    json_array_foreach(json_object_get(fetch, "classes"), i, item)
    {
        t.most = fmax(t.most, most_errors(item));
    }
    json_array_foreach(json_object_get(report, "failures"), i, item)
    {
        t.most = fmax(t.most, markup_get(item, "count"));
    }
    json_array_foreach(json_object_get(report, "failures"), i, item)
    {
        open_table(&t);
        fputs("<tr><th scope=\"row\">phones that failed", f);
        failure_tail(&t, markup_get_text(item, "cause"), markup_get(item, "count"),
                     markup_get(item, "example"));
    }
    causes(&t, "fetch of a file", fetch, false);
    json_array_foreach(json_object_get(fetch, "classes"), i, item)
    {
        causes(&t, "request ", item, true);
    }
    causes(&t, "registration", reg, false);
    if (t.n)
        fputs("</tbody></table></div></section>\n", f);
}
