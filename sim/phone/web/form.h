/* SPDX-License-Identifier: BSD-3-Clause */
/* Bodies of type application/x-www-form-urlencoded. Pure. */
#ifndef SIM_PHONE_WEB_FORM_H
#define SIM_PHONE_WEB_FORM_H

#include <stdbool.h>
#include <stddef.h>

struct form_field { /* in the buffer that was decoded; both end in zero */
    char *name, *value;
    size_t name_len, value_len;
};

/** Percent escapes and '+', in place; what is no escape stays. text has room for a zero behind len.
 *  Returns the new length. */
size_t form_decode(char *text, size_t len);

/**
 * The next field of a form, decoded in place. *at begins at the form, which ends in a zero at end,
 * and moves on. A field without "=" has the value "". false: there are no more.
 */
bool form_next(char **at, char *end, struct form_field *f);

#endif
