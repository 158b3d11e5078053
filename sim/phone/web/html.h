/* SPDX-License-Identifier: BSD-3-Clause */
/* The frame of the phone's pages, and texts that are safe inside it. */
#ifndef SIM_PHONE_WEB_HTML_H
#define SIM_PHONE_WEB_HTML_H

#include <stdio.h>

struct httpd_reply;

/** A value as a page shows it and a browser sends it back: UTF-8 without control characters.
 *  malloc()ed; NULL = no memory. Pure. */
char *html_shown(const char *value);

/** The same with what means something in HTML, attributes included, escaped. */
void html_put(FILE *f, const char *text);

/** To <body>: title is cleaned; refresh_s 0 = the page stays. */
void html_begin(FILE *f, const char *title, unsigned refresh_s);
void html_end(FILE *f);

/** No scripts, no frames, nothing from elsewhere, nothing kept. */
void html_headers(struct httpd_reply *reply);

/** The style sheet of all pages (style.c). */
extern const char html_style[];

#endif
