/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/prov/domains.h"

#include <string.h>
#include <strings.h>

#include "sim/prov/params.h"

enum { DOMAINS_MAX = 5 };

/* "prov.example.com" lies in "example.com", and is itself. */
static bool lies_in(const char *host, size_t host_len, const char *domain, size_t len)
{
    if (len > host_len || strncasecmp(host + host_len - len, domain, len) != 0)
        return false;
    return len == host_len || host[host_len - len - 1] == '.';
}

bool domain_allowed(const struct param_set *ps, const char *host)
{
    static const char separators[] = ",; \t";
    const size_t host_len = strcspn(host, ":");
    unsigned n = 0;

    for (const char *p = param_get(ps, P_Restricted_Access_Domains, 0); n < DOMAINS_MAX;) {
        p += strspn(p, separators);
        const size_t len = strcspn(p, separators);
        if (!len)
            break;
        n++;
        if (lies_in(host, host_len, p, len))
            return true;
        p += len;
    }
    return !n;
}
