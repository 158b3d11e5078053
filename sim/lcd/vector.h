/* SPDX-License-Identifier: BSD-3-Clause */
/* Shapes with smooth edges, filled by FreeType's outline rasteriser; and icons made of them. */
#ifndef SIM_LCD_VECTOR_H
#define SIM_LCD_VECTOR_H

#include <stdbool.h>

struct path;
struct fonts;

/** Coordinates are pixels, y downwards. Shapes add up; path_reset() empties. */
int path_alloc(struct path **pp, struct fonts *f);
void path_reset(struct path *p);

/** Begin a shape here; path_line() and path_curve() (handles, then its end) go on, and it closes by
 *  itself. What is too large makes path_fill() fail. */
void path_move(struct path *p, double x, double y);
void path_line(struct path *p, double x, double y);
void path_curve(struct path *p, double x1, double y1, double x2, double y2, double x, double y);

/** Whole shapes: corners of radius r; about a centre; a line with round ends. */
void path_round_rect(struct path *p, double x, double y, double w, double h, double r);
void path_ellipse(struct path *p, double cx, double cy, double rx, double ry);
void path_stroke(struct path *p, double x0, double y0, double x1, double y1, double width);

/** A shape written as "M x y L x y C x y x y x y Z …", moved and scaled; width 0 fills it, else its
 *  lines are drawn that wide (before scaling). */
void path_add(struct path *p, const char *shape, double x, double y, double scale, double width);

/** Icon by name ("envelope", "speaker" …) in a square of that size; false = there is none. */
bool path_icon(struct path *p, const char *name, double x, double y, double size);

/** len pixels from (x, y) to the right are covered so much, 1 to 255. */
typedef void(path_span_h)(int x, int y, int len, unsigned cover, void *arg);

/** Cover of the pixels from (0, 0) to (width, height). ENOMEM also for a shape too large. */
int path_fill(struct path *p, int width, int height, path_span_h *h, void *arg);

#endif
