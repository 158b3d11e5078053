/* SPDX-License-Identifier: BSD-3-Clause */
/* A look at XML text before libxml2 reads it: at what it would take too long over or must not
 * see. Well-formedness is libxml2's to judge. Pure. */
#ifndef SIM_BASE_XMLSCAN_H
#define SIM_BASE_XMLSCAN_H

#include <stddef.h>

enum { XML_TAG_MAX = 16 << 10 }; /* bytes of one start tag; its attributes are compared in pairs */

struct xml_scan {
    const char *long_tag; /* where the first tag of more than that begins, NULL = there is none */
    const char *subset;   /* declarations inside DOCTYPE [ … ], NULL = none */
    size_t subset_len;
};

void xml_scan(struct xml_scan *s, const char *text, size_t len);

/** Line of that place, from 1. */
int xml_scan_line(const char *text, const char *at);

/** Spaces for everything but the ends of lines. */
void xml_scan_blank(char *text, size_t len);

/** The same for every "<?xml … ?>" outside comments and CDATA, wherever it stands. */
void xml_scan_blank_declarations(char *text, size_t len);

/** The same inside of every comment. */
void xml_scan_blank_comments(char *text, size_t len);

#endif
