/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/net/webreply.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/net/fetch.h"

enum { HEAD_MAX = 64 << 10, HEAD_FIRST = 1024, STATUS_LINE_MIN = 12 }; /* "HTTP/1.1 200" */

static enum webreply_state bad(struct webreply *a, int err, const char *error)
{
    a->err = err;
    a->error = error;
    a->phase = WEBREPLY_OVER;
    return WEBREPLY_BAD;
}

static enum webreply_state whole(struct webreply *a)
{
    a->phase = WEBREPLY_OVER;
    return WEBREPLY_WHOLE;
}

static bool reserve(void **buf, size_t *size, size_t wanted, size_t first)
{
    size_t more = *size ? *size : first;

    if (wanted <= *size)
        return true;
    while (more < wanted)
        more *= 2;
    void *bigger = realloc(*buf, more);
    if (!bigger)
        return false;
    *buf = bigger;
    *size = more;
    return true;
}

static bool keep(struct webreply *a, const uint8_t *data, size_t len)
{
    const size_t kept = len < a->keep - a->len ? len : a->keep - a->len;
    void *body = a->body;

    if (!reserve(&body, &a->size, a->len + kept + 1, HEAD_FIRST))
        return false;
    a->body = body;
    memcpy(a->body + a->len, data, kept);
    a->len += kept;
    a->body[a->len] = '\0';
    return true;
}

/* Bytes of the body: 0, or what ends the answer. */
static int take(struct webreply *a, const uint8_t *data, size_t len)
{
    a->total += len;
    if (a->total > a->most) {
        bad(a, E2BIG, "too large");
        return E2BIG;
    }
    if (!keep(a, data, len)) {
        bad(a, ENOMEM, "out of memory");
        return ENOMEM;
    }
    return 0;
}

const char *webreply_lines(const struct webreply *a)
{
    const char *end = a->head && a->status ? strchr(a->head, '\n') : NULL;
    return end ? end + 1 : "";
}

/* Length of a body, which may be told twice, if with one voice. */
static enum webreply_state read_length(struct webreply *a)
{
    char value[64];
    bool told = false;
    uint64_t length = 0;

    for (const char *at = webreply_lines(a);
         (at = fetch_header(at, "Content-Length", value, sizeof(value)));) {
        char *end;
        errno = 0;
        const uint64_t n = strtoull(value, &end, 10);
        if (end == value || *end || errno || strchr(value, '-') || (told && n != length))
            return bad(a, EPROTO, "not an HTTP answer");
        told = true;
        length = n;
    }
    a->phase = told ? WEBREPLY_LENGTH : WEBREPLY_TO_THE_END;
    a->left = length;
    if (told && length > a->most)
        return bad(a, E2BIG, "too large");
    return told && !length ? whole(a) : WEBREPLY_MORE;
}

/* The head is there: how long is the body? */
static enum webreply_state begin_body(struct webreply *a)
{
    char coding[64];

    const char *blank = memchr(a->head, ' ', a->head_len);
    if (a->head_len < STATUS_LINE_MIN || !blank || blank + 4 > a->head + a->head_len)
        return bad(a, EPROTO, "not an HTTP answer");
    const char digits[] = {blank[1], blank[2], blank[3], '\0'};
    if (strspn(digits, "0123456789") != 3 || digits[0] == '0')
        return bad(a, EPROTO, "not an HTTP answer");
    a->status = (uint16_t)atoi(digits);
    if (a->status < 200) { /* the answer is yet to come */
        a->head_len = 0;
        a->status = 0;
        return WEBREPLY_MORE;
    }
    if (a->status == 204 || a->status == 304)
        return whole(a);
    if (fetch_header(webreply_lines(a), "Transfer-Encoding", coding, sizeof(coding)) &&
        strcasecmp(coding, "identity") != 0) {
        if (strcasecmp(coding, "chunked") != 0)
            return bad(a, EPROTO, "a transfer encoding that nobody asked for");
        a->phase = WEBREPLY_CHUNK_SIZE;
        return WEBREPLY_MORE;
    }
    return read_length(a);
}

/* Where the head ends, 0 = not yet. */
static size_t head_end(const char *head, size_t from, size_t len)
{
    for (size_t i = from; i < len; i++) {
        if (head[i] == '\n' && ((i >= 1 && head[i - 1] == '\n') ||
                                (i >= 2 && head[i - 1] == '\r' && head[i - 2] == '\n')))
            return i + 1;
    }
    return 0;
}

/* Bytes of the head; *used of them. */
static enum webreply_state read_head(struct webreply *a, const uint8_t *data, size_t len,
                                     size_t *used)
{
    const size_t before = a->head_len;
    void *head = a->head;

    *used = len;
    if (before + len > HEAD_MAX)
        *used = HEAD_MAX - before;
    if (!reserve(&head, &a->head_size, before + *used + 1, HEAD_FIRST))
        return bad(a, ENOMEM, "out of memory");
    a->head = head;
    memcpy(a->head + before, data, *used);
    a->head_len += *used;
    a->head[a->head_len] = '\0';
    if (memcmp(a->head, "HTTP/", a->head_len < 5 ? a->head_len : 5) != 0)
        return bad(a, EPROTO, "not an HTTP answer");
    const size_t end = head_end(a->head, before > 2 ? before - 2 : 0, a->head_len);
    if (!end)
        return a->head_len == HEAD_MAX ? bad(a, EPROTO, "header lines too long") : WEBREPLY_MORE;
    *used = end - before;
    a->head_len = end;
    a->head[end] = '\0';
    if (strlen(a->head) != end)
        return bad(a, EPROTO, "not an HTTP answer");
    return begin_body(a);
}

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* "1f;name=value": the size of the next chunk, 0 = it was the last one. */
static enum webreply_state begin_chunk(struct webreply *a)
{
    uint64_t size = 0;
    size_t n = 0;

    for (; n < a->line_len && hex(a->line[n]) >= 0; n++)
        size = size << 4 | (uint64_t)hex(a->line[n]);
    if (!n || n > 15)
        return bad(a, EPROTO, "not an HTTP answer");
    a->line_len = 0;
    a->left = size;
    a->phase = size ? WEBREPLY_CHUNK : WEBREPLY_TRAILER;
    return WEBREPLY_MORE;
}

/* One byte of what stands around chunks. */
static enum webreply_state read_between(struct webreply *a, char c)
{
    if (a->phase == WEBREPLY_CHUNK_END) {
        if (c == '\n')
            a->phase = WEBREPLY_CHUNK_SIZE;
        else if (c != '\r')
            return bad(a, EPROTO, "not an HTTP answer");
        return WEBREPLY_MORE;
    }
    if (c == '\n' && a->phase == WEBREPLY_CHUNK_SIZE)
        return begin_chunk(a);
    if (c == '\n') { /* of the trailer: an empty line ends it */
        const bool empty = !a->line_len;
        a->line_len = 0;
        return empty ? whole(a) : WEBREPLY_MORE;
    }
    if (c != '\r' && a->line_len < sizeof(a->line)) /* what is longer is no size: an extension */
        a->line[a->line_len++] = c;
    return WEBREPLY_MORE;
}

/* Bytes of the body or of a chunk; *used of them. */
static enum webreply_state read_body(struct webreply *a, const uint8_t *data, size_t len,
                                     size_t *used)
{
    *used = a->phase != WEBREPLY_TO_THE_END && a->left < len ? (size_t)a->left : len;
    if (take(a, data, *used))
        return WEBREPLY_BAD;
    if (a->phase == WEBREPLY_TO_THE_END)
        return WEBREPLY_MORE;
    a->left -= *used;
    if (a->left)
        return WEBREPLY_MORE;
    if (a->phase == WEBREPLY_LENGTH)
        return whole(a);
    a->phase = WEBREPLY_CHUNK_END;
    return WEBREPLY_MORE;
}

enum webreply_state webreply_read(struct webreply *a, const uint8_t *data, size_t len)
{
    enum webreply_state state = WEBREPLY_MORE;
    size_t used;

    while (len && state == WEBREPLY_MORE) {
        used = 1;
        if (a->phase == WEBREPLY_HEAD)
            state = read_head(a, data, len, &used);
        else if (a->phase <= WEBREPLY_TO_THE_END || a->phase == WEBREPLY_CHUNK)
            state = read_body(a, data, len, &used);
        else
            state = read_between(a, (char)*data);
        data += used;
        len -= used;
    }
    return state;
}

enum webreply_state webreply_end(struct webreply *a)
{
    if (a->phase == WEBREPLY_TO_THE_END)
        return whole(a);
    if (a->phase != WEBREPLY_HEAD)
        return bad(a, EPROTO, "truncated");
    return bad(a, EPROTO,
               a->head_len ? "not an HTTP answer" : "connection closed without an answer");
}

void webreply_reset(struct webreply *a)
{
    free(a->head);
    free(a->body);
    a->head = NULL;
    a->body = NULL;
}
