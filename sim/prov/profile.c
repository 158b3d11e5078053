/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/prov/profile.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "sim/base/xmldoc.h"

enum {
    PROFILE_MAX = 16 << 20, /* unpacked bytes */
    VALUE_MAX = 64 << 10,   /* one value */
};

struct collected {      /* one parameter, kept until the whole document has proved well formed */
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
    unsigned profile_depth; /* of the flat-profile that is open */
    bool seen_profile, in_profile, in_item;
    struct parse_err *pe;
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

static void read_access(const struct xml_event *ev, char ua[4])
{
    xml_attribute(ev, "ua", ua, 4); /* longer words are cut, and still none of the three */
    if (strcmp(ua, "na") != 0 && strcmp(ua, "ro") != 0 && strcmp(ua, "rw") != 0)
        ua[0] = '\0';
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
    read_access(ev, item->ua);
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

static int add_value(struct reading *r, const struct xml_event *ev)
{
    const struct collected *item = &r->items[r->n_items - 1];
    const size_t len = strlen(ev->text);

    if (r->used - item->value + len > VALUE_MAX)
        return parse_err_set(r->pe, E2BIG, item->line, 0, "%s is longer than %d bytes",
                             r->texts + item->name, VALUE_MAX);
    return add_text(r, ev->text, len);
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
        if (!r->in_profile) {
            if (strcmp(ev->name, "flat-profile") == 0) {
                r->seen_profile = true;
                r->in_profile = !ev->empty;
                r->profile_depth = ev->depth;
            }
            return 0;
        }
        return ev->depth == r->profile_depth + 1 ? open_item(r, ev) : 0;
    case XML_TEXT:
        return r->in_item ? add_value(r, ev) : 0;
    case XML_CLOSE:
        if (r->in_item && ev->depth == r->profile_depth + 1)
            close_item(r);
        else if (ev->depth == r->profile_depth)
            r->in_profile = false;
        return 0;
    }
    return 0;
}

static int too_large(struct parse_err *pe)
{
    return parse_err_set(pe, E2BIG, 0, 0, "larger than %d bytes", PROFILE_MAX);
}

static int walk_text(const char *text, size_t len, profile_item_h *h, void *arg,
                     struct parse_err *pe)
{
    struct reading r = {.pe = pe};

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

/* Room for more unpacked bytes, up to one more than a profile may have. */
static int grow(uint8_t **buf, size_t *size)
{
    const size_t wanted = *size > PROFILE_MAX / 2 ? PROFILE_MAX + 1 : *size * 2;
    uint8_t *bigger = realloc(*buf, wanted);

    if (!bigger)
        return ENOMEM;
    *buf = bigger;
    *size = wanted;
    return 0;
}

static int gunzip_error(int status, struct parse_err *pe)
{
    return status == Z_STREAM_END  ? 0
           : status == Z_MEM_ERROR ? ENOMEM
                                   : parse_err_set(pe, EBADMSG, 0, 0, "gzip data broken");
}

/* Section 6: a gzip container, told by its first two bytes. */
static int gunzip(uint8_t **out, size_t *out_len, const uint8_t *data, size_t len,
                  struct parse_err *pe)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)data, .avail_in = (uInt)len};
    uint8_t *buf = NULL;
    size_t size = len * 2 + 4096;
    int err = 0, status = inflateInit2(&z, 16 + MAX_WBITS);

    if (status != Z_OK)
        return ENOMEM;
    while (status == Z_OK && !err) {
        if (!buf || z.total_out == size)
            err = z.total_out > PROFILE_MAX ? too_large(pe) : grow(&buf, &size);
        if (!err) {
            z.next_out = buf + z.total_out;
            z.avail_out = (uInt)(size - z.total_out);
            status = inflate(&z, Z_NO_FLUSH);
        }
    }
    if (!err)
        err = z.total_out > PROFILE_MAX ? too_large(pe) : gunzip_error(status, pe);
    *out_len = z.total_out;
    inflateEnd(&z);
    if (err)
        free(buf);
    else
        *out = buf;
    return err;
}

/* Formats of sections 6 and 7 that are told by their first bytes. */
static int check_format(const uint8_t *data, size_t len, struct parse_err *pe)
{
    size_t at = 0;

    if (len >= 8 && memcmp(data, "Salted__", 8) == 0)
        return parse_err_set(pe, EPROTO, 0, 0,
                             "encrypted profile (AES-256-CBC): not supported yet");
    while (at < len && isspace(data[at]))
        at++;
    if (at == len)
        return parse_err_set(pe, EBADMSG, 1, 1, "empty file");
    if (len >= 2 && (memcmp(data, "\xff\xfe", 2) == 0 || memcmp(data, "\xfe\xff", 2) == 0))
        return parse_err_set(pe, EPROTO, 0, 0, "UTF-16 text: not supported");
    if (data[at] != '<' && memchr(data, 0, len))
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
        return too_large(pe);
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
