/* SPDX-License-Identifier: BSD-3-Clause */
/* Parts of a URL. */
#include <string.h>

#include "sim/net/fetch.h"

const char *fetch_url_host(const char *url, size_t *len)
{
    const char *p = strstr(url, "://");

    if (!p)
        return NULL;
    p += 3;
    size_t n = strcspn(p, "/?#");
    const char *at = memrchr(p, '@', n);
    if (at) {
        n -= (size_t)(at + 1 - p);
        p = at + 1;
    }
    const char *colon = memchr(p, ':', n);
    *len = colon ? (size_t)(colon - p) : n;
    return p;
}
