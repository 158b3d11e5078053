/* SPDX-License-Identifier: BSD-3-Clause */
/* Text and numbers on the page: well-formed as HTML and as XML. */
#ifndef UI_REPORT_MARKUP_H
#define UI_REPORT_MARKUP_H

#include <stdio.h>
#include <jansson.h>

enum { MARKUP_NUMBER_BYTES = 32 };

/** Text from anywhere, escaped; characters that XML forbids become U+FFFD. NULL = "". */
void markup_text(FILE *f, const char *text);

/** "1 234 567", "0.25": short enough for a cell. Returns buf. */
const char *markup_number(char buf[MARKUP_NUMBER_BYTES], double n);

/** "12k", "3.5M" for an axis. Returns buf. */
const char *markup_short(char buf[MARKUP_NUMBER_BYTES], double n);

/** "12.3 MB". Returns buf. */
const char *markup_bytes(char buf[MARKUP_NUMBER_BYTES], double n);

/** A member that is a number, else 0; that is a text, else "". */
double markup_get(const json_t *o, const char *key);
const char *markup_get_text(const json_t *o, const char *key);

#endif
