/* SPDX-License-Identifier: BSD-3-Clause */
/* The parts of the page, for html.c. */
#ifndef UI_REPORT_SECTIONS_H
#define UI_REPORT_SECTIONS_H

#include <stdio.h>
#include <jansson.h>

const char *section_style(void); /* the style sheet */

void section_verdict(FILE *f, const json_t *report);
void section_numbers(FILE *f, const json_t *report);
void section_time(FILE *f, const json_t *report);
void section_latency(FILE *f, const json_t *report);
void section_errors(FILE *f, const json_t *report);

/** "/spa{mac}.cfg", "https: POST /x": a class in words, escaped. */
void section_class_name(FILE *f, const json_t *c);

#endif
