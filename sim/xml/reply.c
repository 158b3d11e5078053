/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/xml/reply.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *skip(const char *p, const char *set)
{
    return p + strspn(p, set);
}

void page_refresh_parse(struct page_refresh *r, const char *value)
{
    char *end;

    memset(r, 0, sizeof(*r));
    value = skip(value, " \t");
    const unsigned long n = strtoul(value, &end, 10);
    if (isdigit((unsigned char)*value)) {
        r->seconds = n < 86400 ? (unsigned)n : 86400;
        value = end;
    }
    value = skip(value, ".0123456789 \t;,");
    if (strncasecmp(value, "url", 3) == 0) {
        const char *p = skip(value + 3, " \t");
        if (*p == '=')
            value = skip(p + 1, " \t");
    }
    value = skip(value, "\"'");
    snprintf(r->url, sizeof(r->url), "%s", value);
    for (size_t len = strlen(r->url); len && strchr("\"' \t", r->url[len - 1]);)
        r->url[--len] = '\0';
}

/* The three forms of an HTTP date. */
bool page_expired(const char *value, time_t now)
{
    static const char *const formats[] = {"%a, %d %b %Y %H:%M:%S", "%A, %d-%b-%y %H:%M:%S",
                                          "%a %b %d %H:%M:%S %Y"};

    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        struct tm tm = {.tm_mday = 1};
        if (strptime(value, formats[i], &tm))
            return timegm(&tm) <= now;
    }
    return true;
}

/* Bytes of scheme and host, 0 = the URL is not absolute. */
static size_t origin_length(const char *url)
{
    const char *p = strstr(url, "://");

    return p && p > url && strcspn(url, ":/?#") == (size_t)(p - url)
               ? (size_t)(p - url) + 3 + strcspn(p + 3, "/?#")
               : 0;
}

static bool has_scheme(const char *target)
{
    const size_t n = strcspn(target, ":/?#&=");

    return n && target[n] == ':';
}

void page_resolve(char *out, size_t size, const char *base, const char *target)
{
    const size_t origin = origin_length(base), path = strcspn(base, "?#");
    size_t keep = origin;

    if (has_scheme(target) || !origin) {
        snprintf(out, size, "%s", target);
        return;
    }
    if (strncmp(target, "//", 2) == 0)
        keep = strcspn(base, ":") + 1;
    else if (*target == '?')
        keep = path;
    else if (*target != '/') {
        keep = path;
        while (keep > origin && base[keep - 1] != '/')
            keep--;
    }
    snprintf(out, size, "%.*s%s%s", (int)keep, base,
             keep == origin && *target != '/' && *target != '?' ? "/" : "", target);
}

void page_host(char *out, size_t size, const char *url)
{
    const size_t origin = origin_length(url);
    const char *p = origin ? strstr(url, "://") + 3 : url;
    const char *end = url + origin, *at = origin ? memrchr(p, '@', (size_t)(end - p)) : NULL;

    if (at)
        p = at + 1;
    snprintf(out, size, "%.*s", origin ? (int)(end - p) : 0, p);
}
