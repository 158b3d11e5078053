/* SPDX-License-Identifier: BSD-3-Clause */
/* Header lines of an answer. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sim/net/fetch.h"

const char *fetch_header(const char *head, const char *name, char *value, size_t size)
{
    const size_t n = strlen(name);

    while (head && *head) {
        const size_t line = strcspn(head, "\r\n");
        const char *next = head + line + strspn(head + line, "\r\n");
        if (line > n && head[n] == ':' && strncasecmp(head, name, n) == 0) {
            const char *from = head + n + 1, *to = head + line;
            while (from < to && (*from == ' ' || *from == '\t'))
                from++;
            while (to > from && (to[-1] == ' ' || to[-1] == '\t'))
                to--;
            snprintf(value, size, "%.*s", (int)(to - from), from);
            return next;
        }
        head = next;
    }
    return NULL;
}
