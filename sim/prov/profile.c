/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/prov/profile.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/base/strbuf.h"
#include "sim/base/xmldoc.h"
#include "sim/base/xmlscan.h"
#include "sim/prov/alias.h"
#include "sim/prov/container.h"

enum { VALUE_MAX = 64 << 10, PATH_BYTES = 1024, NAME_BYTES = 40 }; /* one value [DEF] */

struct collected {      /* one parameter, kept until the whole document has proved well formed */
    size_t name, value; /* offsets into texts */
    char ua[4];
    bool keep;
    int line;
};

struct layers {
    const uint8_t *data;
    size_t len;
    uint8_t *decrypted, *unpacked;
};

struct reading {
    const struct profile_options *o;
    struct alias_map *alias; /* NULL = none */
    char path[PATH_BYTES];   /* of the open element, "/a/b" */
    unsigned n_too_deep;     /* open elements that did not fit into it */
    struct strbuf texts;     /* names and values, a zero byte behind each */
    struct collected *items;
    size_t n_items, max_items;
    unsigned profile_depth; /* of the flat-profile that is open */
    unsigned item_depth;    /* of the parameter that is open */
    bool seen_profile, in_profile, in_item, aliased;
    char root[NAME_BYTES];
    int other_case; /* line of a flat-profile spelt otherwise, 0 = none */
    struct parse_err *pe;
};

static int add_text(struct reading *r, const char *text, size_t len)
{
    return strbuf_add(&r->texts, text, len, SIZE_MAX - 1);
}

static void read_access(const struct xml_event *ev, char ua[4])
{
    xml_attribute(ev, "ua", ua, 4); /* longer words are cut, and still none of the three */
    if (strcmp(ua, "na") != 0 && strcmp(ua, "ro") != 0 && strcmp(ua, "rw") != 0)
        ua[0] = '\0';
}

/* preserve-value="y" of MPP phones (5.3) */
static bool preserved(const struct reading *r, const struct xml_event *ev)
{
    char value[4];

    return r->o->preserve && strcmp(xml_attribute(ev, "preserve-value", value, 4), "y") == 0;
}

static int open_item(struct reading *r, const struct xml_event *ev, const char *name)
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
    item->keep = (ev->empty && !r->o->empty_clears) || preserved(r, ev);
    read_access(ev, item->ua);
    item->name = r->texts.len;
    int err = add_text(r, name, strlen(name));
    r->texts.len++;
    item->value = r->texts.len;
    if (!err)
        err = add_text(r, "", 0);
    if (ev->empty) {
        r->texts.len++;
    } else {
        r->in_item = true;
        r->item_depth = ev->depth;
    }
    return err;
}

static int add_value(struct reading *r, const struct xml_event *ev)
{
    const struct collected *item = &r->items[r->n_items - 1];
    const size_t len = strlen(ev->text);

    if (r->texts.len - item->value + len > VALUE_MAX)
        return parse_err_set(r->pe, E2BIG, item->line, 0, "%s is longer than %d bytes",
                             r->texts.text + item->name, VALUE_MAX);
    return add_text(r, ev->text, len);
}

/* Blanks around are no part of a value, a newline inside is a blank (5.1). */
static void close_item(struct reading *r)
{
    const struct collected *item = &r->items[r->n_items - 1];
    char *value = r->texts.text + item->value, *end = r->texts.text + r->texts.len;
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
    r->texts.len = (size_t)(to - r->texts.text) + 1;
    r->in_item = false;
}

static void enter(struct reading *r, const char *name)
{
    const size_t len = strlen(r->path), more = strlen(name) + 1;

    if (!r->alias)
        return;
    if (r->n_too_deep || len + more >= sizeof(r->path)) /* it has no alias, nor what is inside */
        r->n_too_deep++;
    else
        snprintf(r->path + len, sizeof(r->path) - len, "/%s", name);
}

static void leave(struct reading *r)
{
    char *slash = strrchr(r->path, '/');

    if (r->n_too_deep)
        r->n_too_deep--;
    else if (slash)
        *slash = '\0';
}

/* Parameter of an element: by the alias map, or a child of flat-profile. NULL = none. */
static const char *parameter_of(struct reading *r, const struct xml_event *ev)
{
    const char *name = r->alias && !r->n_too_deep ? alias_map_find(r->alias, r->path) : NULL;

    if (name) {
        r->aliased = true;
        return name;
    }
    return r->in_profile && ev->depth == r->profile_depth + 1 ? ev->name : NULL;
}

static int open_element(struct reading *r, const struct xml_event *ev)
{
    int err = 0;

    if (!ev->depth)
        snprintf(r->root, sizeof(r->root), "%s", ev->name);
    enter(r, ev->name);
    const char *parameter = parameter_of(r, ev);
    if (parameter) {
        if (r->in_item) /* an alias may be nested deeper (5.6), in what was taken for a value */
            close_item(r);
        err = open_item(r, ev, parameter);
    } else if (!r->in_profile && strcmp(ev->name, "flat-profile") == 0) {
        r->seen_profile = true;
        r->in_profile = !ev->empty;
        r->profile_depth = ev->depth;
    } else if (!r->other_case && strcasecmp(ev->name, "flat-profile") == 0) {
        r->other_case = ev->line;
    }
    if (ev->empty)
        leave(r);
    return err;
}

static int event_handler(const struct xml_event *ev, void *arg)
{
    struct reading *r = arg;

    switch (ev->kind) {
    case XML_OPEN:
        return open_element(r, ev);
    case XML_TEXT:
        /* what is in an element inside of it is ignored with that element (5.1) */
        return r->in_item && ev->depth == r->item_depth + 1 ? add_value(r, ev) : 0;
    case XML_CLOSE:
        leave(r);
        if (r->in_item && ev->depth == r->item_depth)
            close_item(r);
        else if (ev->depth == r->profile_depth)
            r->in_profile = false;
        return 0;
    }
    return 0;
}

static int no_profile(const struct reading *r)
{
    if (r->other_case)
        return parse_err_set(r->pe, EPROTO, r->other_case, 0,
                             "no flat-profile element in it: names are case-sensitive");
    return parse_err_set(r->pe, EPROTO, 0, 0, "no flat-profile element in it, but <%s>", r->root);
}

/* Collect the parameters of a text. */
static int read_text(struct reading *r, const char *text, size_t len)
{
    const struct profile_options *o = r->o;
    int err = o->alias ? alias_map_parse(&r->alias, o->alias, r->pe) : 0;

    if (!err)
        err = (o->mend ? xml_walk_mended : xml_walk)(text, len, event_handler, r, r->pe);
    if (!err && r->in_item) /* mended: the end is missing */
        close_item(r);
    if (!err && !r->seen_profile && !r->aliased)
        err = no_profile(r);
    return err;
}

static void deliver(const struct reading *r, profile_item_h *h, void *arg)
{
    for (size_t i = 0; i < r->n_items; i++) {
        const struct collected *c = &r->items[i];
        const struct profile_item item = {.name = r->texts.text + c->name,
                                          .value = r->texts.text + c->value,
                                          .ua = c->ua,
                                          .keep = c->keep,
                                          .line = c->line};
        h(&item, arg);
    }
}

static void reading_reset(struct reading *r)
{
    free(r->alias);
    free(r->items);
    strbuf_reset(&r->texts);
}

/* The layers from outside in; *text is what is left, in `decrypted`, `unpacked` or data itself. */
static int unwrap(struct layers *l, const struct profile_options *o, struct profile_facts *f,
                  struct parse_err *pe)
{
    int err = 0;

    if (o->encoding && strcasecmp(o->encoding, "aes128gcm") == 0) {
        if (!o->ikm || !*o->ikm)
            return parse_err_set(pe, EPROTO, 0, 0,
                                 "encrypted profile (RFC 8188), and there is no IKM");
        f->encrypted = true;
        err =
            container_aes128gcm(&l->decrypted, &l->len, l->data, l->len,
                                &(struct container_key){.text = o->ikm, .len = strlen(o->ikm)}, pe);
        l->data = l->decrypted;
    } else if (o->key && container_is_encrypted(l->data, l->len)) {
        struct container_key key = {.text = o->key, .len = strlen(o->key), .digest = o->digest};
        f->encrypted = true;
        err = container_decrypt(&l->decrypted, &l->len, l->data, l->len, &key, pe);
        f->digest = key.digest;
        l->data = l->decrypted;
    } else if (o->key) {
        f->plain_with_key = true;
        if (o->key_strict)
            return parse_err_set(pe, EBADMSG, 0, 0, "not encrypted, and the rule has a key");
    }
    if (!err && container_is_gzip(l->data, l->len)) {
        f->gzip = true;
        err = container_gunzip(&l->unpacked, &l->len, l->data, l->len, pe);
        l->data = l->unpacked;
    }
    return err ? err : container_check(l->data, l->len, o->key != NULL, pe);
}

int profile_parse(const uint8_t *data, size_t len, const struct profile_options *o,
                  profile_item_h *h, void *arg, struct parse_err *pe)
{
    static const struct profile_options none;
    struct layers l = {.data = data, .len = len};
    struct profile_facts facts = {.gzip = false};
    struct reading r = {.pe = pe, .o = o ? o : &none};
    char *text = NULL;
    size_t text_len = 0;

    if (len > PROFILE_MAX)
        return container_too_large(pe);
    o = r.o;
    int err = unwrap(&l, o, &facts, pe);
    if (!err)
        err = xml_to_utf8(&text, &text_len, l.data, l.len);
    if (!err) { /* 5.1: allowed and ignored, so it may stand behind an empty line, too */
        xml_scan_blank_declarations(text, text_len);
        err = read_text(&r, text, text_len);
        facts.aliased = r.aliased;
    }
    if (!err)
        deliver(&r, h, arg);
    if (o->facts)
        *o->facts = facts;
    reading_reset(&r);
    free(text);
    free(l.unpacked);
    free(l.decrypted);
    return err;
}
