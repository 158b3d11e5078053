/* SPDX-License-Identifier: BSD-3-Clause */
/* What the header of an answer says about its page (xml-services.md 8.2, 8.3). Pure. */
#ifndef SIM_XML_REPLY_H
#define SIM_XML_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum { REPLY_URL_BYTES = 1024 };

struct page_refresh {
    unsigned seconds;          /* 0 = by hand */
    char url[REPLY_URL_BYTES]; /* "" = the page itself */
};

/** Value of a Refresh line: "5; url=http://h/", in the ways people write it. */
void page_refresh_parse(struct page_refresh *r, const char *value);

/** Is that Expires value in the past? Also -1, 0 and what is no date. */
bool page_expired(const char *value, time_t now);

/** target as seen from the page at base: absolute, or with scheme, host and maybe folder of base.
 */
void page_resolve(char *out, size_t size, const char *base, const char *target);

/** "host:port" of a URL, "" = none. */
void page_host(char *out, size_t size, const char *url);

#endif
