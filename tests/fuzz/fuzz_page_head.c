/* SPDX-License-Identifier: BSD-3-Clause */
/* What the header lines of a page say: Refresh, Expires, Set-Cookie; and URLs that it names. The
 * input is lines: the URL of the page first. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/xml/cookies.h"
#include "sim/xml/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(struct cookie_jar *jar, const char *base, const char *line, uint64_t now_ms)
{
    char url[REPLY_URL_BYTES], host[64], cookies[4 * 260];
    struct page_refresh r;

    page_refresh_parse(&r, line);
    if (strlen(r.url) >= sizeof(r.url) || r.seconds > 86400)
        abort();
    page_resolve(url, sizeof(url), base, r.url);
    page_resolve(url, sizeof(url), base, line);
    page_host(host, sizeof(host), url);
    if (strlen(url) >= sizeof(url) || strlen(host) >= sizeof(host))
        abort();
    (void)page_expired(line, 1000000000);
    cookie_jar_put(jar, host, line, now_ms);
    if (strlen(cookie_jar_get(jar, host, now_ms, cookies, sizeof(cookies))) >= sizeof(cookies))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *rest = text;
    struct cookie_jar *jar = NULL;
    uint64_t now_ms = 1;

    if (!text || cookie_jar_alloc(&jar)) {
        free(text);
        return 0;
    }
    memcpy(text, data, size);
    text[size] = '\0';
    const char *base = strsep(&rest, "\n");
    for (char *line; (line = strsep(&rest, "\n"));) {
        take(jar, base, line, now_ms);
        now_ms += 60000;
    }
    mem_deref(jar);
    free(text);
    return 0;
}
