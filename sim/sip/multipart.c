/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/multipart.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static void trim(struct pl *pl)
{
    while (pl->l && isspace((unsigned char)*pl->p)) {
        pl->p++;
        pl->l--;
    }
    while (pl->l && isspace((unsigned char)pl->p[pl->l - 1]))
        pl->l--;
}

static void strip(struct pl *pl, char open, char close)
{
    if (pl->l >= 2 && pl->p[0] == open && pl->p[pl->l - 1] == close) {
        pl->p++;
        pl->l -= 2;
    }
}

bool multipart_boundary(const struct pl *content_type, char buf[MULTIPART_BOUNDARY])
{
    static const char name[] = "boundary=";
    const char *p = content_type->p, *end = p + content_type->l;
    struct pl value;

    while (p && end - p >= (ptrdiff_t)sizeof(name) - 1 &&
           strncasecmp(p, name, sizeof(name) - 1) != 0)
        p++;
    if (!p || end - p < (ptrdiff_t)sizeof(name) - 1)
        return false;
    p += sizeof(name) - 1;
    value = (struct pl){p, 0};
    if (p < end && *p == '"') {
        const char *quote = memchr(p + 1, '"', (size_t)(end - p - 1));
        value.l = (size_t)((quote ? quote + 1 : end) - p);
        strip(&value, '"', '"');
    } else {
        while (p + value.l < end && p[value.l] != ';')
            value.l++;
        trim(&value);
    }
    if (!value.l || value.l >= MULTIPART_BOUNDARY || memchr(value.p, '\0', value.l))
        return false;
    memcpy(buf, value.p, value.l);
    buf[value.l] = '\0';
    return true;
}

/* A line that is the mark, "--boundary", from p on. */
static const char *find_mark(const char *p, const char *end, const char *mark, size_t len)
{
    const char *begin = p;

    while (p && p < end && (p = memmem(p, (size_t)(end - p), mark, len))) {
        if (p == begin || p[-1] == '\n')
            return p;
        p++;
    }
    return NULL;
}

static void take_line(struct multipart_part *part, const char *p, size_t len)
{
    const char *colon = memchr(p, ':', len);
    struct pl value;

    if (!colon)
        return;
    value = (struct pl){colon + 1, (size_t)(p + len - colon - 1)};
    trim(&value);
    if (colon - p == 12 && strncasecmp(p, "Content-Type", 12) == 0) {
        const char *end = memchr(value.p, ';', value.l);
        part->content_type = (struct pl){value.p, end ? (size_t)(end - value.p) : value.l};
        trim(&part->content_type);
    } else if (colon - p == 10 && strncasecmp(p, "Content-ID", 10) == 0) {
        strip(&value, '<', '>');
        part->content_id = value;
    }
}

/* Header lines, an empty one, the body. */
static void take_part(struct multipart_part *part, const char *p, const char *end)
{
    while (p < end) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        const char *stop = nl ? nl : end;
        const size_t len = (size_t)(stop - p) - (stop > p && stop[-1] == '\r');
        if (len)
            take_line(part, p, len);
        p = nl ? nl + 1 : end;
        if (!len)
            break;
    }
    /* the line end ahead of the mark belongs to the mark */
    if (p < end && end[-1] == '\n')
        end--;
    if (p < end && end[-1] == '\r')
        end--;
    part->body = (struct pl){p, (size_t)(end - p)};
}

bool multipart_next(struct pl *rest, const char *boundary, struct multipart_part *part)
{
    char mark[MULTIPART_BOUNDARY + 2];
    const size_t len = (size_t)snprintf(mark, sizeof(mark), "--%s", boundary);
    const char *end = rest->p + rest->l;

    memset(part, 0, sizeof(*part));
    const char *p = rest->l ? find_mark(rest->p, end, mark, len) : NULL;
    if (!p || !*boundary)
        return false;
    p += len;
    if (end - p >= 2 && memcmp(p, "--", 2) == 0)
        return false;
    const char *line = memchr(p, '\n', (size_t)(end - p));
    if (!line)
        return false;
    const char *next = find_mark(line + 1, end, mark, len);
    take_part(part, line + 1, next ? next : end);
    *rest = next ? (struct pl){next, (size_t)(end - next)} : (struct pl){end, 0};
    return true;
}
