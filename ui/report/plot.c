/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/report/plot.h"

#include <stdbool.h>
#include <math.h>
#include <stdlib.h>

#include "sim/base/hist.h"
#include "ui/report/markup.h"

enum {
    WIDTH = 760,
    HEIGHT = 240,
    LEFT = 52,
    RIGHT = 26,
    TOP = 10,
    BOTTOM = 34,
    INNER_W = WIDTH - LEFT - RIGHT,
    INNER_H = HEIGHT - TOP - BOTTOM,
    TICKS_X = 8,
};

/* The smallest of 1, 2, 2.5, 5 times a power of ten that is not below x. */
static double nice(double x)
{
    static const double steps[] = {1, 2, 2.5, 5, 10};

    if (!(x > 0) || !isfinite(x))
        return 1;
    const double base = pow(10, floor(log10(x)));
    for (unsigned i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        if (steps[i] * base >= x * 0.999999)
            return steps[i] * base;
    }
    return 10 * base;
}

static void begin(FILE *f, const char *id, const char *title)
{
    fprintf(f,
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"%s-title\">\n"
            "<title id=\"%s-title\">",
            WIDTH, HEIGHT, id, id);
    markup_text(f, title);
    fputs("</title>\n", f);
}

static void legend_item(FILE *f, const char *name, unsigned style)
{
    fprintf(f,
            "<li><svg viewBox=\"0 0 26 8\" aria-hidden=\"true\"><path class=\"c%u\" d=\"M0 4H26\"/>"
            "</svg>",
            style);
    markup_text(f, name);
    fputs("</li>", f);
}

static void y_axis(FILE *f, double most, double step)
{
    char buf[MARKUP_NUMBER_BYTES];

    for (double v = 0; v <= most * 1.000001; v += step) {
        const double y = TOP + INNER_H * (1 - v / most);
        fprintf(f,
                "<path class=\"grid\" d=\"M%d %.1fH%d\"/><text class=\"y\" x=\"%d\" y=\"%.1f\">%s"
                "</text>\n",
                LEFT, y, WIDTH - RIGHT, LEFT - 6, y + 4, markup_short(buf, v));
    }
}

static double x_of(double share)
{
    return LEFT + INNER_W * share;
}

/* ---- over time */

static double time_tick(double seconds)
{
    static const double ticks[] = {1,   2,   5,    10,   15,   30,    60,    120,   300,
                                   600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400};
    for (unsigned i = 0; i < sizeof(ticks) / sizeof(ticks[0]); i++) {
        if (seconds / ticks[i] <= TICKS_X)
            return ticks[i];
    }
    return nice(seconds / TICKS_X / 86400) * 86400;
}

static void time_label(FILE *f, double t, double tick)
{
    if (tick < 60)
        fprintf(f, t < 120 ? "%.0f s" : "%.0f:%02.0f", t < 120 ? t : floor(t / 60), fmod(t, 60));
    else if (tick < 3600)
        fprintf(f, "%.0f min", t / 60);
    else
        fprintf(f, "%.0f h", t / 3600);
}

static void time_axis(FILE *f, double seconds)
{
    const double tick = time_tick(seconds);

    for (double t = 0; t <= seconds * 1.000001; t += tick) {
        const double x = x_of(t / seconds);
        fprintf(f, "<path class=\"tick\" d=\"M%.1f %dv5\"/><text class=\"x\" x=\"%.1f\" y=\"%d\">",
                x, TOP + INNER_H, x, TOP + INNER_H + 18);
        time_label(f, t, tick);
        fputs("</text>\n", f);
    }
}

static void curve(FILE *f, const struct plot_time *p, unsigned c, double most)
{
    const double *v = p->curves[c].values;

    fprintf(f, "<path class=\"c%u\" d=\"M%d %d", p->curves[c].style, LEFT, TOP + INNER_H);
    for (unsigned i = 0; i < p->n; i++) {
        if (i == 0 || v[i] > v[i - 1] || v[i] < v[i - 1])
            fprintf(f, "V%.1f", TOP + INNER_H * (1 - v[i] / most));
        if (i + 1 == p->n || v[i] > v[i + 1] || v[i] < v[i + 1])
            fprintf(f, "H%.1f", x_of((i + 1.0) / p->n));
    }
    fputs("\"/>\n", f);
}

/* Between two ticks: about four of them, and none at half a phone. */
static double y_step(double most, bool whole)
{
    const double step = nice(most / 4);

    if (!whole || step == floor(step))
        return step;
    return step < 1 ? 1 : 5; /* 2.5 */
}

void plot_time(FILE *f, const struct plot_time *p)
{
    double most = 0;

    for (unsigned c = 0; c < p->n_curves; c++) {
        for (unsigned i = 0; i < p->n; i++)
            most = fmax(most, p->curves[c].values[i]);
    }
    const double step = y_step(most, p->whole);
    most = step * ceil(most / step * 0.999999);
    most = most > 0 ? most : step;
    if (p->n_curves > 1 || p->named) {
        fputs("<ul class=\"legend\">", f);
        for (unsigned c = 0; c < p->n_curves; c++)
            legend_item(f, p->curves[c].name, p->curves[c].style);
        fputs("</ul>\n", f);
    }
    begin(f, p->id, p->title);
    y_axis(f, most, step);
    time_axis(f, (double)p->n * p->step_s);
    for (unsigned c = 0; c < p->n_curves; c++)
        curve(f, p, c, most);
    fputs("</svg>\n", f);
}

/* ---- latencies */

static double bucket_start_ms(unsigned bucket)
{
    if (bucket < 16)
        return bucket / 1000.0;
    return (double)((16ULL + (bucket - 16) % 16) << ((bucket - 16) / 16)) / 1000;
}

static bool read_histogram(struct hist *h, const json_t *ms)
{
    const char *key;
    json_t *count;

    *h = (struct hist){.n = 0};
    json_object_foreach(json_object_get(json_object_get(ms, "histogram"), "counts"), key, count)
    {
        hist_add_bucket(h, (unsigned)strtoul(key, NULL, 10), (uint32_t)json_integer_value(count));
    }
    return h->n > 0;
}

struct log_scale {
    double from, to; /* exponents of ten, of milliseconds */
};

static double log_x(const struct log_scale *s, double ms)
{
    const double at = (log10(fmax(ms, 0.001)) - s->from) / (s->to - s->from);
    return x_of(fmin(fmax(at, 0), 1));
}

static void log_axis(FILE *f, const struct log_scale *s)
{
    char buf[MARKUP_NUMBER_BYTES];

    for (double e = s->from; e <= s->to + 0.01; e++) {
        const double ms = pow(10, e), x = log_x(s, ms);
        for (double m = 2; m < 10 && e + 0.5 < s->to; m++)
            fprintf(f, "<path class=\"tick\" d=\"M%.1f %dv4\"/>", log_x(s, m * ms), TOP + INNER_H);
        fprintf(f,
                "<path class=\"grid\" d=\"M%.1f %dV%d\"/><text class=\"x\" x=\"%.1f\" y=\"%d\">%s "
                "%s</text>\n",
                x, TOP, TOP + INNER_H, x, TOP + INNER_H + 18,
                markup_short(buf, ms < 1000 ? ms : ms / 1000), ms < 1000 ? "ms" : "s");
    }
}

static void widen(struct log_scale *s, const struct hist *h, bool first)
{
    unsigned low = 0, high = HIST_BUCKETS - 1;

    while (low < high && !h->counts[low])
        low++;
    while (high > low && !h->counts[high])
        high--;
    const double from = floor(log10(fmax(bucket_start_ms(low), 0.001)));
    const double to = ceil(log10(fmax(bucket_start_ms(high + 1), 0.01)));
    s->from = first ? from : fmin(s->from, from);
    s->to = first ? to : fmax(s->to, to);
    if (s->to < s->from + 1)
        s->to = s->from + 1;
}

static void spread_curve(FILE *f, const struct log_scale *s, const struct hist *h, unsigned c)
{
    uint64_t seen = 0;
    bool open = false;

    fprintf(f, "<path class=\"c%u\" d=\"", c);
    for (unsigned b = 0; b < HIST_BUCKETS; b++) {
        if (!h->counts[b])
            continue;
        if (!open)
            fprintf(f, "M%.1f %d", log_x(s, bucket_start_ms(b)), TOP + INNER_H);
        else
            fprintf(f, "H%.1f", log_x(s, bucket_start_ms(b)));
        open = true;
        seen += h->counts[b];
        fprintf(f, "L%.1f %.1f", log_x(s, bucket_start_ms(b + 1)),
                TOP + INNER_H * (1 - (double)seen / (double)h->n));
    }
    fprintf(f, "H%d\"/>\n", WIDTH - RIGHT);
}

void plot_spread(FILE *f, const struct plot_spread *p)
{
    struct log_scale scale = {0, 1};
    struct hist *h = malloc(sizeof(*h));
    bool any = false;

    for (unsigned c = 0; h && c < p->n_curves; c++) {
        if (!read_histogram(h, p->ms[c]))
            continue;
        widen(&scale, h, !any);
        any = true;
    }
    fputs("<ul class=\"legend\">", f);
    for (unsigned c = 0; c < p->n_curves; c++)
        legend_item(f, p->names[c], c);
    fputs("</ul>\n", f);
    begin(f, p->id, p->title);
    y_axis(f, 100, 25);
    log_axis(f, &scale);
    for (unsigned c = 0; h && c < p->n_curves; c++) {
        if (read_histogram(h, p->ms[c]))
            spread_curve(f, &scale, h, c);
    }
    fputs("</svg>\n", f);
    free(h);
}
