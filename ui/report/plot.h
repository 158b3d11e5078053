/* SPDX-License-Identifier: BSD-3-Clause */
/* Plots as inline SVG: curves over time, and how latencies are spread. */
#ifndef UI_REPORT_PLOT_H
#define UI_REPORT_PLOT_H

#include <stdbool.h>
#include <stdio.h>
#include <jansson.h>

enum { PLOT_CURVES = 6, PLOT_NAME_BYTES = 112 };

struct plot_curve {
    const char *name;
    const double *values; /* one a step; drawn as steps */
    unsigned style;       /* its colour and dashes, below PLOT_CURVES */
};

struct plot_time {
    const char *id;     /* of the page, for labels */
    const char *title;  /* what a reader who cannot see it is told */
    unsigned n, step_s; /* steps */
    bool whole;         /* values are counts: no ticks between them */
    bool named;         /* a legend for one curve, too */
    struct plot_curve curves[PLOT_CURVES];
    unsigned n_curves;
};

void plot_time(FILE *f, const struct plot_time *p);

struct plot_spread { /* latencies */
    const char *id, *title;
    char names[PLOT_CURVES][PLOT_NAME_BYTES];
    const json_t *ms[PLOT_CURVES]; /* "ms" objects of a report */
    unsigned n_curves;
};

/** Share of requests that took at most so long, over a logarithmic scale. */
void plot_spread(FILE *f, const struct plot_spread *p);

#endif
