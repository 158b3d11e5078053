/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/base/xmlscan.h"

#include <stdbool.h>
#include <string.h>

static bool begins(const char *p, const char *end, const char *mark)
{
    const size_t n = strlen(mark);
    return (size_t)(end - p) >= n && memcmp(p, mark, n) == 0;
}

/* Behind the mark, or the end. */
static const char *behind(const char *p, const char *end, const char *mark)
{
    const char *found = memmem(p, (size_t)(end - p), mark, strlen(mark));
    return found ? found + strlen(mark) : end;
}

/* Behind a comment, a processing instruction or a quoted text; p when none begins there. */
static const char *skip(const char *p, const char *end)
{
    const char quote[] = {*p, '\0'};

    if (begins(p, end, "<!--"))
        return behind(p + 4, end, "-->");
    if (begins(p, end, "<?"))
        return behind(p + 2, end, "?>");
    return *p == '"' || *p == '\'' ? behind(p + 1, end, quote) : p;
}

/* The first of these characters outside comments and quotes, or the end. */
static const char *find(const char *p, const char *end, const char *set)
{
    while (p < end && !strchr(set, *p)) {
        const char *next = skip(p, end);
        p = next > p ? next : p + 1;
    }
    return p;
}

static const char *scan_doctype(struct xml_scan *s, const char *p, const char *end)
{
    p = find(p, end, "[>");
    if (p < end && *p == '[') {
        s->subset = p + 1;
        p = find(p + 1, end, "]");
        s->subset_len = (size_t)(p - s->subset);
    }
    return p;
}

void xml_scan(struct xml_scan *s, const char *text, size_t len)
{
    const char *end = text + len, *p = text;

    memset(s, 0, sizeof(*s));
    while (!s->long_tag && (p = memchr(p, '<', (size_t)(end - p)))) {
        const char *from = p, *next = skip(p, end);

        if (next > p) {
            p = next;
        } else if (begins(p, end, "<![CDATA[")) {
            p = behind(p, end, "]]>");
        } else if (begins(p, end, "<!DOCTYPE") && !s->subset) {
            p = scan_doctype(s, p + 9, end);
        } else {
            p = find(p + 1, end, "<>");
            if (p - from > XML_TAG_MAX)
                s->long_tag = from;
        }
    }
}

int xml_scan_line(const char *text, const char *at)
{
    int line = 1;

    for (const char *p = text; p < at; p++)
        line += *p == '\n';
    return line;
}

void xml_scan_blank(char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] != '\n')
            text[i] = ' ';
    }
}

/* Length of the declaration at p; 0: none is there, or it has no end. */
static size_t declaration_length(const char *p, const char *end)
{
    const char *close = begins(p, end, "<?xml") && end - p > 5 && strchr("? \t\r\n", p[5])
                            ? memmem(p + 5, (size_t)(end - p) - 5, "?>", 2)
                            : NULL;
    return close ? (size_t)(close + 2 - p) : 0;
}

void xml_scan_blank_declarations(char *text, size_t len)
{
    const char *end = text + len;

    for (char *p = text; (p = memchr(p, '<', (size_t)(end - p)));) {
        const size_t n = declaration_length(p, end);
        xml_scan_blank(p, n);
        p += n                             ? (ptrdiff_t)n
             : begins(p, end, "<!--")      ? behind(p + 4, end, "-->") - p
             : begins(p, end, "<![CDATA[") ? behind(p + 9, end, "]]>") - p
                                           : 1;
    }
}

void xml_scan_blank_comments(char *text, size_t len)
{
    const char *end = text + len;

    for (char *p = text; (p = memmem(p, (size_t)(end - p), "<!--", 4));) {
        const char *close = memmem(p + 4, (size_t)(end - p) - 4, "-->", 3);
        const char *last = close ? close : end;
        xml_scan_blank(p + 4, (size_t)(last - p) - 4);
        p += last - p;
    }
}
