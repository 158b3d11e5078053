/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes of a page → UTF-8 (xml-services.md 8.3). Pure. */
#ifndef SIM_XML_CHARSET_H
#define SIM_XML_CHARSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct page_bytes {
    char *text; /* malloc()ed, terminated; BOM and leading white space stay out of it */
    size_t len;
    int lines_skipped; /* of that white space */
    bool guessed;      /* it is no UTF-8, which it should have been: Latin-1 then */
    bool latin1;       /* what a form sends back is in this charset, else UTF-8 */
};

/**
 * The prolog's encoding decides, else the charset of Content-Type (NULL = none), else the family's
 * own: Latin-1 for the 79xx, else UTF-8 (8.3 [DEF]). What is said to be UTF-8 and is not is read as
 * Latin-1. Errors: ENOMEM.
 */
int page_decode(struct page_bytes *out, const uint8_t *data, size_t len, const char *charset,
                bool latin1);

/** What a Content-Type (NULL = none) says, in buf. NULL = nothing, or more than fits. */
const char *page_charset(const char *content_type, char *buf, size_t size);

#endif
