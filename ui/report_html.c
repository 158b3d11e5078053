/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/report_html.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { BAR_PX = 6, PLOT_PX = 160, BUCKETS = 976 };

static void put_text(FILE *f, const char *text)
{
    for (const char *p = text ? text : ""; *p; p++) {
        if (*p == '<')
            fputs("&lt;", f);
        else if (*p == '>')
            fputs("&gt;", f);
        else if (*p == '&')
            fputs("&amp;", f);
        else
            fputc(*p, f);
    }
}

static double number(const json_t *o, const char *key)
{
    return json_number_value(json_object_get(o, key));
}

/* Lower end of a log2-16 bucket in milliseconds (sim/base/hist.h). */
static double bucket_ms(unsigned bucket)
{
    if (bucket < 16)
        return bucket / 1000.0;
    return (double)((16ULL + (bucket - 16) % 16) << ((bucket - 16) / 16)) / 1000;
}

static void plot(FILE *f, const json_t *op)
{
    json_t *counts =
        json_object_get(json_object_get(json_object_get(op, "ms"), "histogram"), "counts");
    unsigned first = BUCKETS, last = 0;
    double most = 1;
    const char *key;
    json_t *count;

    json_object_foreach(counts, key, count)
    {
        const unsigned b = (unsigned)strtoul(key, NULL, 10) % BUCKETS;
        first = b < first ? b : first;
        last = b > last ? b : last;
        most = json_number_value(count) > most ? json_number_value(count) : most;
    }
    if (first > last) {
        fputs("<p>none</p>\n", f);
        return;
    }
    fprintf(f, "<svg width=\"%u\" height=\"%d\" role=\"img\">\n", (last - first + 1) * BAR_PX,
            PLOT_PX);
    json_object_foreach(counts, key, count)
    {
        const unsigned b = (unsigned)strtoul(key, NULL, 10) % BUCKETS;
        const double h = PLOT_PX * json_number_value(count) / most;
        fprintf(f,
                "<rect x=\"%u\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"><title>from %.3f ms: "
                "%.0f</title></rect>\n",
                (b - first) * BAR_PX, PLOT_PX - h, BAR_PX - 1, h, bucket_ms(b),
                json_number_value(count));
    }
    fprintf(f, "</svg>\n<p>from %.3f ms to %.3f ms, logarithmic; the highest bar is %.0f</p>\n",
            bucket_ms(first), bucket_ms(last + 1), most);
}

static void op_section(FILE *f, const char *name, const json_t *op)
{
    const json_t *ms = json_object_get(op, "ms");
    const char *cause;
    json_t *count;

    fprintf(f,
            "<h2>%s</h2>\n<p>%.0f ok, %.0f errors; p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, max "
            "%.1f ms</p>\n",
            name, number(op, "ok"), number(op, "error"), number(ms, "p50"), number(ms, "p90"),
            number(ms, "p99"), number(ms, "max"));
    plot(f, op);
    json_object_foreach(json_object_get(op, "errors"), cause, count)
    {
        fprintf(f, "<p>%.0f times: ", json_number_value(count));
        put_text(f, cause);
        fputs("</p>\n", f);
    }
}

static void head(FILE *f, const json_t *r)
{
    json_t *reason;
    size_t i;

    fputs(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>spafarm report"
        "</title>\n<style>body{font-family:sans-serif;margin:2em}rect{fill:#357}svg{border-bottom:"
        "1px solid #999}</style></head><body>\n<h1>spafarm report</h1>\n<p>started ",
        f);
    put_text(f, json_string_value(json_object_get(r, "started")));
    fprintf(f,
            "; %.0f phones, %.0f provisioned, %.0f registered, %.0f failed; %.2f s, %.2f s CPU"
            "</p>\n<p>verdict: ",
            number(r, "phones"), number(r, "provisioned"), number(r, "registered"),
            number(r, "failed"), number(r, "wall_s"), number(r, "cpu_s"));
    put_text(f, json_string_value(json_object_get(r, "verdict")));
    fputs("</p>\n", f);
    json_array_foreach(json_object_get(r, "reasons"), i, reason)
    {
        fputs("<p>", f);
        put_text(f, json_string_value(reason));
        fputs("</p>\n", f);
    }
}

int report_html_write(const char *path, const json_t *report)
{
    FILE *f = fopen(path, "we");

    if (!f)
        return errno;
    head(f, report);
    op_section(f, "Fetches", json_object_get(report, "fetch"));
    op_section(f, "Registrations", json_object_get(report, "register"));
    fputs("</body></html>\n", f);
    return fclose(f) ? errno : 0;
}
