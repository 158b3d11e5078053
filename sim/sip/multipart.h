/* SPDX-License-Identifier: BSD-3-Clause */
/* Bodies that hold several (RFC 2046 5.1), part by part. Pure. */
#ifndef SIM_SIP_MULTIPART_H
#define SIM_SIP_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <re.h>

enum { MULTIPART_BOUNDARY = 71 }; /* with its NUL (RFC 2046 5.1.1) */

/** boundary= of a Content-Type value, its quotes taken off. False: it has none. */
bool multipart_boundary(const struct pl *content_type, char buf[MULTIPART_BOUNDARY]);

struct multipart_part {     /* empty where the part has no such line */
    struct pl content_type; /* its parameters cut off */
    struct pl content_id;   /* without its brackets */
    struct pl body;
};

/** The next part. rest is the whole body at first, what is behind the part then; false = no more.
 */
bool multipart_next(struct pl *rest, const char *boundary, struct multipart_part *part);

#endif
