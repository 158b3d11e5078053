/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/lcd/vector.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/lcd/text.h"

enum {
    POINTS_MAX = 32000,
    CONTOURS_MAX = 4000,
    CURVE_STEPS = 10, /* of a stroked curve */
    CUBIC = FT_CURVE_TAG_CUBIC,
    ON = FT_CURVE_TAG_ON,
};

#define CIRCLE 0.5522847498 /* of the radius, where the handles of a quarter circle are */

struct path {
    struct fonts *fonts;
    FT_Vector *points;
    char *tags;
    short *contours;
    int n_points, n_contours, size;
    bool full;
};

static void destructor(void *arg)
{
    struct path *p = arg;

    free(p->points);
    free(p->tags);
    free(p->contours);
    mem_deref(p->fonts);
}

int path_alloc(struct path **pp, struct fonts *f)
{
    struct path *p = mem_zalloc(sizeof(*p), destructor);
    if (!p)
        return ENOMEM;
    p->fonts = mem_ref(f);
    p->contours = calloc(CONTOURS_MAX, sizeof(*p->contours));
    if (!p->contours) {
        mem_deref(p);
        return ENOMEM;
    }
    *pp = p;
    return 0;
}

void path_reset(struct path *p)
{
    p->n_points = p->n_contours = 0;
    p->full = false;
}

static bool grow(struct path *p)
{
    const int size = p->size ? p->size * 2 : 256;
    FT_Vector *points = realloc(p->points, (size_t)size * sizeof(*points));
    if (points)
        p->points = points;
    char *tags = points ? realloc(p->tags, (size_t)size) : NULL;
    if (tags) {
        p->tags = tags;
        p->size = size;
    }
    return tags;
}

static void add_point(struct path *p, double x, double y, char tag)
{
    if (p->full || p->n_points >= POINTS_MAX || (p->n_points == p->size && !grow(p))) {
        p->full = true;
        return;
    }
    p->points[p->n_points] = (FT_Vector){lround(x * 64), lround(y * 64)};
    p->tags[p->n_points++] = tag;
    if (p->n_contours)
        p->contours[p->n_contours - 1] = (short)(p->n_points - 1);
}

void path_move(struct path *p, double x, double y)
{
    if (p->n_contours >= CONTOURS_MAX) {
        p->full = true;
        return;
    }
    p->n_contours++;
    add_point(p, x, y, ON);
}

void path_line(struct path *p, double x, double y)
{
    add_point(p, x, y, ON);
}

void path_curve(struct path *p, double x1, double y1, double x2, double y2, double x, double y)
{
    add_point(p, x1, y1, CUBIC);
    add_point(p, x2, y2, CUBIC);
    add_point(p, x, y, ON);
}

void path_round_rect(struct path *p, double x, double y, double w, double h, double r)
{
    const double most = (w < h ? w : h) / 2;
    r = r > most ? most : r;
    const double k = r * (1 - CIRCLE), right = x + w, bottom = y + h;

    path_move(p, x + r, y);
    path_line(p, right - r, y);
    path_curve(p, right - k, y, right, y + k, right, y + r);
    path_line(p, right, bottom - r);
    path_curve(p, right, bottom - k, right - k, bottom, right - r, bottom);
    path_line(p, x + r, bottom);
    path_curve(p, x + k, bottom, x, bottom - k, x, bottom - r);
    path_line(p, x, y + r);
    path_curve(p, x, y + k, x + k, y, x + r, y);
}

void path_ellipse(struct path *p, double cx, double cy, double rx, double ry)
{
    const double kx = rx * CIRCLE, ky = ry * CIRCLE;

    path_move(p, cx, cy - ry);
    path_curve(p, cx + kx, cy - ry, cx + rx, cy - ky, cx + rx, cy);
    path_curve(p, cx + rx, cy + ky, cx + kx, cy + ry, cx, cy + ry);
    path_curve(p, cx - kx, cy + ry, cx - rx, cy + ky, cx - rx, cy);
    path_curve(p, cx - rx, cy - ky, cx - kx, cy - ry, cx, cy - ry);
}

void path_stroke(struct path *p, double x0, double y0, double x1, double y1, double width)
{
    const double dx = x1 - x0, dy = y1 - y0, length = hypot(dx, dy), r = width / 2;

    /* quarter turns have one sense whatever the direction, so overlapping parts never cancel out */
    path_ellipse(p, x0, y0, r, r);
    path_ellipse(p, x1, y1, r, r);
    if (length < 1e-6)
        return;
    const double nx = dy / length * r, ny = -dx / length * r;
    path_move(p, x0 + nx, y0 + ny);
    path_line(p, x1 + nx, y1 + ny);
    path_line(p, x1 - nx, y1 - ny);
    path_line(p, x0 - nx, y0 - ny);
}

struct pen { /* where a written shape is being drawn */
    struct path *p;
    double x, y, scale, width;
    double at[2], start[2];
};

static void pen_line(struct pen *pen, double x, double y)
{
    if (pen->width > 0)
        path_stroke(pen->p, pen->x + pen->at[0] * pen->scale, pen->y + pen->at[1] * pen->scale,
                    pen->x + x * pen->scale, pen->y + y * pen->scale, pen->width * pen->scale);
    else
        path_line(pen->p, pen->x + x * pen->scale, pen->y + y * pen->scale);
    pen->at[0] = x;
    pen->at[1] = y;
}

static void pen_curve(struct pen *pen, const double v[6])
{
    const double x0 = pen->at[0], y0 = pen->at[1];

    if (pen->width <= 0) {
        path_curve(pen->p, pen->x + v[0] * pen->scale, pen->y + v[1] * pen->scale,
                   pen->x + v[2] * pen->scale, pen->y + v[3] * pen->scale,
                   pen->x + v[4] * pen->scale, pen->y + v[5] * pen->scale);
        pen->at[0] = v[4];
        pen->at[1] = v[5];
        return;
    }
    for (int i = 1; i <= CURVE_STEPS; i++) {
        const double t = (double)i / CURVE_STEPS, u = 1 - t;
        pen_line(pen,
                 u * u * u * x0 + 3 * u * u * t * v[0] + 3 * u * t * t * v[2] + t * t * t * v[4],
                 u * u * u * y0 + 3 * u * u * t * v[1] + 3 * u * t * t * v[3] + t * t * t * v[5]);
    }
}

static void pen_move(struct pen *pen, double x, double y)
{
    if (pen->width <= 0)
        path_move(pen->p, pen->x + x * pen->scale, pen->y + y * pen->scale);
    pen->at[0] = pen->start[0] = x;
    pen->at[1] = pen->start[1] = y;
}

void path_add(struct path *p, const char *shape, double x, double y, double scale, double width)
{
    struct pen pen = {.p = p, .x = x, .y = y, .scale = scale, .width = width};
    char *at;

    for (const char *s = shape; *s;) {
        const char what = *s++;
        const int n = what == 'C' ? 6 : what == 'M' || what == 'L' ? 2 : 0;
        double v[6] = {0};
        for (int i = 0; i < n; i++, s = at)
            v[i] = strtod(s, &at);
        if (what == 'M')
            pen_move(&pen, v[0], v[1]);
        else if (what == 'L')
            pen_line(&pen, v[0], v[1]);
        else if (what == 'C')
            pen_curve(&pen, v);
        else if (what == 'Z' && width > 0)
            pen_line(&pen, pen.start[0], pen.start[1]);
    }
}

struct fill {
    int width, height;
    path_span_h *h;
    void *arg;
};

static void span_handler(int y, int count, const FT_Span *spans, void *arg)
{
    const struct fill *fill = arg;

    if (y < 0 || y >= fill->height)
        return;
    for (int i = 0; i < count; i++) {
        int x = spans[i].x, end = x + spans[i].len;
        x = x < 0 ? 0 : x;
        end = end > fill->width ? fill->width : end;
        if (x < end && spans[i].coverage)
            fill->h(x, y, end - x, spans[i].coverage, fill->arg);
    }
}

int path_fill(struct path *p, int width, int height, path_span_h *h, void *arg)
{
    struct fill fill = {.width = width, .height = height, .h = h, .arg = arg};
    FT_Outline outline = {.n_points = (short)p->n_points,
                          .n_contours = (short)p->n_contours,
                          .points = p->points,
                          .contours = (void *)p->contours,
                          .tags = (void *)p->tags};
    FT_Raster_Params params = {.source = &outline,
                               .flags =
                                   FT_RASTER_FLAG_AA | FT_RASTER_FLAG_DIRECT | FT_RASTER_FLAG_CLIP,
                               .gray_spans = span_handler,
                               .user = &fill,
                               .clip_box = {0, 0, width, height}};

    if (p->full)
        return ENOMEM;
    if (!p->n_points)
        return 0;
    return FT_Outline_Render(fonts_library(p->fonts), &outline, &params) ? ENOMEM : 0;
}
