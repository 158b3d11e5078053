/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A report as one page: its verdict, its numbers, plots as inline SVG. No scripts, nothing from a
 * network; light and dark, on paper too. Well-formed as HTML and as XML.
 */
#ifndef UI_REPORT_HTML_H
#define UI_REPORT_HTML_H

#include <stdio.h>
#include <jansson.h>

/** Errors: EIO, those of fopen(). */
int report_html_write(const char *path, const json_t *report);

/** The same to a stream. */
void report_html_print(FILE *f, const json_t *report);

#endif
