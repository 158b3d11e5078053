/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a subcommand's document comes from: a file, standard input, or a URL as a phone asks. */
#ifndef UI_SOURCE_H
#define UI_SOURCE_H

#include <stddef.h>
#include <stdint.h>

struct source {
    uint8_t *data; /* malloc()ed; may be NULL when len is 0 */
    size_t len;
    char content_type[128]; /* of a URL's answer, else "" */
    char error[256];
};

struct fetch_req;

/** Read FILE, - or URL (anything with "://"; req says how to ask, its url is replaced). Returns an
 *  errno, with the reason in error and nothing in data. */
int source_read(struct source *s, const char *name, const struct fetch_req *req);
void source_reset(struct source *s);

#endif
