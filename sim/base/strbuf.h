/* SPDX-License-Identifier: BSD-3-Clause */
/* A text that grows. */
#ifndef SIM_BASE_STRBUF_H
#define SIM_BASE_STRBUF_H

#include <stddef.h>

struct strbuf { /* zeroed = empty */
    char *text; /* malloc()ed and terminated; NULL until something was added */
    size_t len, size;
};

/** Append len bytes, which may be none. Errors: E2BIG the text would be longer than max; ENOMEM. It
 *  is then as it was. */
int strbuf_add(struct strbuf *b, const char *data, size_t len, size_t max);

/** Free the text. */
void strbuf_reset(struct strbuf *b);

#endif
