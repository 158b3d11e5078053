/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Browsers send a phone's credentials along with whatever a page of another site makes them ask
 * for. Where such a request would act it is refused; programs, which send neither Origin nor
 * Referer, are served. That real phones look at them is known of the 6800's screen dump only [DEF].
 */
#include <string.h>
#include <strings.h>

#include "sim/phone/web/priv.h"

/* "HOST[:PORT]", without the port that http means anyway. */
static size_t host_len(const char *host)
{
    const size_t len = strcspn(host, "/?#");

    return len > 3 && strncmp(host + len - 3, ":80", 3) == 0 ? len - 3 : len;
}

/* Is this URL one of the host that is asked? */
static bool is_own(const char *url, const char *host)
{
    if (strncasecmp(url, "http://", 7) != 0 || !*host)
        return false;
    url += 7;
    return host_len(url) == host_len(host) && strncasecmp(url, host, host_len(host)) == 0;
}

bool web_is_foreign(const struct httpd_req *req)
{
    if (strcasecmp(req->fetch_site, "cross-site") == 0)
        return true;
    const char *from = *req->origin ? req->origin : req->referer;
    return *from && !is_own(from, req->host);
}
