/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/prov/profile.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "sim/base/xmldoc.h"

enum {
    PROFILE_MAX = 16 << 20,  /* unpacked bytes */
    VALUE_MAX = 64 << 10,    /* one value */
    DEPTH_NONE = INT32_MAX,
};

struct collected { /* one parameter, kept until the whole document has proved well formed */
    size_t name, value; /* offsets into texts */
    char ua[4];
    bool keep;
    int line;
};

struct reading {
    char *texts;
    size_t used, size;
    struct collected *items;
    size_t n_items, max_items;
    unsigned profile_depth; /* of flat-profile; DEPTH_NONE outside */
    bool seen_profile;
    bool in_item;
};

static int add_text(struct reading *r, const char *text, size_t len)
{
    if (r->used + len + 1 > r->size) {
        const size_t size = (r->used + len + 1) * 2;
        char *texts = realloc(r->texts, size);
        if (!texts)
            return ENOMEM;
        r->texts = texts;
        r->size = size;
    }
    memcpy(r->texts + r->used, text, len);
    r->used += len;
    r->texts[r->used] = '\0';
    return 0;
}

static int open_item(struct reading *r, const struct xml_event *ev)
{
    if (r->n_items == r->max_items) {
        const size_t max = r->max_items ? r->max_items * 2 : 256;
        struct collected *items = realloc(r->items, max * sizeof(*items));
        if (!items)
            return ENOMEM;
        r->items = items;
        r->max_items = max;
    }
    struct collected *item = &r->items[r->n_items++];
    memset(item, 0, sizeof(*item));
    item->line = ev->line;
    item->keep = ev->empty;
    xml_attribute(ev, "ua", item->ua, sizeof(item->ua));
    item->name = r->used;
    int err = add_text(r, ev->name, strlen(ev->name));
    r->used++;
    item->value = r->used;
    if (!err)
        err = add_text(r, "", 0);
    if (ev->empty)
        r->used++;
    else
        r->in_item = true;
    return err;
}

/* Blanks around are no part of a value, a newline inside is a blank (5.1). */
static void close_item(struct reading *r)
{
    const struct collected *item = &r->items[r->n_items - 1];
    char *value = r->texts + item->value, *end = r->texts + r->used;
    char *from = value, *to = value;

    while (from < end && isspace((unsigned char)*from))
        from++;
    while (end > from && isspace((unsigned char)end[-1]))
        end--;
    while (from < end) {
        if (*from == '\r' && from + 1 < end && from[1] == '\n')
            from++;
        *to++ = *from == '\n' || *from == '\r' ? ' ' : *from;
        from++;
    }
    *to = '\0';
    r->used = (size_t)(to - r->texts) + 1;
    r->in_item = false;
}

static int event_handler(const struct xml_event *ev, void *arg)
{
    struct reading *r = arg;

    switch (ev->kind) {
    case XML_OPEN:
        if (r->profile_depth == DEPTH_NONE) {
            if (strcmp(ev->name, "flat-profile") == 0) {
                r->seen_profile = true;
                r->profile_depth = ev->empty ? DEPTH_NONE : ev->depth;
            }
            return 0;
        }
        return ev->depth == r->profile_depth + 1 ? open_item(r, ev) : 0;
    case XML_TEXT:
        if (!r->in_item || r->used - r->items[r->n_items - 1].value > VALUE_MAX)
            return 0;
        return add_text(r, ev->text, strlen(ev->text));
    case XML_CLOSE:
        if (r->in_item && ev->depth == r->profile_depth + 1)
            close_item(r);
        else if (ev->depth == r->profile_depth)
            r->profile_depth = DEPTH_NONE;
        return 0;
    }
    return 0;
}

static int walk_text(const char *text, size_t len, profile_item_h *h, void *arg,
                     struct parse_err *pe)
{
    struct reading r = {.profile_depth = DEPTH_NONE};

    int err = xml_walk(text, len, event_handler, &r, pe);
    if (!err && !r.seen_profile)
        err = parse_err_set(pe, EPROTO, 0, 0, "no flat-profile element in it");
    for (size_t i = 0; !err && i < r.n_items; i++) {
        const struct profile_item item = {.name = r.texts + r.items[i].name,
                                          .value = r.texts + r.items[i].value,
                                          .ua = r.items[i].ua,
                                          .keep = r.items[i].keep,
                                          .line = r.items[i].line};
        h(&item, arg);
    }
    free(r.items);
    free(r.texts);
    return err;
}

/* Section 6: a gzip container, told by its first two bytes. */
static int gunzip(uint8_t **out, size_t *out_len, const uint8_t *data, size_t len,
                  struct parse_err *pe)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)data, .avail_in = (uInt)len};
    size_t size = len * 8 + 4096;
    int status = inflateInit2(&z, 16 + MAX_WBITS);

    if (status != Z_OK)
        return ENOMEM;
    uint8_t *buf = NULL;
    do {
        uint8_t *bigger = size <= PROFILE_MAX * 2 ? realloc(buf, size) : NULL;
        if (!bigger)
            break;
        buf = bigger;
        z.next_out = buf + z.total_out;
        z.avail_out = (uInt)(size - z.total_out);
        status = inflate(&z, Z_NO_FLUSH);
        size *= 2;
    } while (status == Z_OK && z.avail_out == 0 && z.total_out < PROFILE_MAX);
    *out_len = z.total_out;
    inflateEnd(&z);
    if (status != Z_STREAM_END) {
        free(buf);
        return parse_err_set(pe, EBADMSG, 0, 0, "corrupt file: gzip data broken or too large");
    }
    *out = buf;
    return 0;
}

/* Formats of sections 6 and 7 that are told by their first bytes. */
static int check_format(const uint8_t *data, size_t len, struct parse_err *pe)
{
    if (!len)
        return parse_err_set(pe, EBADMSG, 1, 1, "empty file");
    if (len >= 8 && memcmp(data, "Salted__", 8) == 0)
        return parse_err_set(pe, EPROTO, 0, 0, "encrypted profile (AES-256-CBC): not supported yet");
    size_t at = 0;
    while (at < len && (isspace(data[at]) || data[at] >= 0x80))
        at++; /* a BOM counts as well */
    if (at == len || (data[at] != '<' && memchr(data, 0, len)))
        return parse_err_set(pe, EPROTO, 0, 0, "binary profile (SPC): not supported");
    return 0;
}

int profile_parse(const uint8_t *data, size_t len, profile_item_h *h, void *arg,
                  struct parse_err *pe)
{
    uint8_t *unpacked = NULL;
    char *text = NULL;
    size_t text_len = 0;
    int err = 0;

    if (len > PROFILE_MAX)
        return parse_err_set(pe, E2BIG, 0, 0, "larger than %d bytes", PROFILE_MAX);
    if (len >= 2 && data[0] == 0x1f && data[1] == 0x8b) {
        err = gunzip(&unpacked, &len, data, len, pe);
        data = unpacked;
    }
    if (!err)
        err = check_format(data, len, pe);
    if (!err)
        err = xml_to_utf8(&text, &text_len, data, len);
    if (!err)
        err = walk_text(text, text_len, h, arg, pe);
    free(text);
    free(unpacked);
    return err;
}
