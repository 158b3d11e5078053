/* SPDX-License-Identifier: BSD-3-Clause */
/* A report as one page without scripts: the numbers and the latency distributions. */
#ifndef UI_REPORT_HTML_H
#define UI_REPORT_HTML_H

#include <jansson.h>

/** Errors: those of fopen() and fclose(). */
int report_html_write(const char *path, const json_t *report);

#endif
