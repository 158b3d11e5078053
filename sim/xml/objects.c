/* SPDX-License-Identifier: BSD-3-Clause */
/* The registry of XML objects: one row each. And how bytes become one of them. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <re_types.h>
#include <re_mem.h>

#include "devices/model.h"
#include "sim/xml/charset.h"
#include "sim/xml/object.h"
#include "sim/xml/read.h"

enum { PAGE_BYTES = 65536, CHARSET_BYTES = 40, TEXT_MAX = 4000 };

/* A row each. */
/* clang-format off */
static const struct xml_object_type *const objects[] = {
    &xml_object_menu,
    &xml_object_icon_menu,
    &xml_object_icon_file_menu,
    &xml_object_directory,
    &xml_object_text,
    &xml_object_input,
    &xml_object_image,
    &xml_object_image_file,
    &xml_object_graphic_menu,
    &xml_object_graphic_file_menu,
    &xml_object_execute,
    &xml_object_response,
    &xml_object_error,
    &xml_object_status,
    &xml_object_status_file,
    NULL,
};
/* clang-format on */

unsigned xml_column(const struct device_model *m)
{
    switch (m->family) {
    case FAMILY_SPA3XX:
    case FAMILY_SPA5XX:
        return m->lcd.width_px ? XML_MONO : XML_BLIND;
    case FAMILY_SPA525:
        return XML_COLOR;
    case FAMILY_WIP310:
        return XML_WIP;
    case FAMILY_MPP68XX:
        return strcmp(m->name, "6821") == 0 || strcmp(m->name, "6841") == 0 ? XML_MPP_SMALL
                                                                            : XML_MPP;
    case FAMILY_CP79XX:
        return XML_CP79;
    }
    return XML_BLIND;
}

static void page_destructor(void *arg)
{
    struct xml_page *p = arg;
    arena_reset(&p->arena);
}

static int page_alloc(struct xml_page **pp)
{
    struct xml_page *p = mem_zalloc(sizeof(*p), page_destructor);

    if (!p)
        return ENOMEM;
    p->title = p->prompt = p->text = p->url = p->app_id = "";
    *pp = p;
    return 0;
}

int xml_page_error(struct xml_page **pp, const struct device_model *m, const char *text)
{
    struct xml_page *p = NULL;
    int err = page_alloc(&p);

    if (err)
        return err;
    p->type = &xml_object_text;
    p->text = arena_text(&p->arena, text, strlen(text));
    p->softkeys = arena_alloc(&p->arena, sizeof(*p->softkeys));
    if (!p->text || !p->softkeys) {
        mem_deref(p);
        return ENOMEM;
    }
    p->softkeys[p->n_softkeys++] =
        (struct xml_softkey){.name = "Exit",
                             .url = "SoftKey:Exit",
                             .url_down = "",
                             .position = m->family == FAMILY_MPP68XX || m->n_softkeys < 3 ? 1 : 3};
    *pp = p;
    return 0;
}

/* ---- what kind of answer is it (8.3) */

static bool type_is(const char *content_type, const char *what)
{
    const size_t n = strlen(what);

    return content_type && strncasecmp(content_type, what, n) == 0 &&
           (!content_type[n] || strchr("; \t", content_type[n]));
}

/* An object's tag anywhere: code of a server page, or the name of a form field, may stand before.
 * NULL = none. */
static const char *object_tag(const char *text)
{
    for (const char *p = text; (p = strcasestr(p, "CiscoIP")); p++) {
        const char *tag = p;
        if (tag > text && tag[-1] == ':') /* a prefix */
            while (--tag > text && (isalnum((unsigned char)tag[-1]) || tag[-1] == '_'))
                ;
        if (tag > text && tag[-1] == '<')
            return tag;
    }
    return NULL;
}

/* Declared XML, or nothing declared and an object in it. */
static bool wants_parser(const struct xml_read_config *cfg, const char *text)
{
    if (type_is(cfg->content_type, "text/xml") || type_is(cfg->content_type, "application/xml"))
        return true;
    if (type_is(cfg->content_type, "text/html") || type_is(cfg->content_type, "text/plain"))
        return false;
    return object_tag(text) != NULL;
}

/* Sound and pictures are no pages; 79xx are reported to read nothing but text/xml (8.3). */
static bool is_foreign(const struct xml_reader *r)
{
    const char *type = r->cfg->content_type;

    return type && (strncasecmp(type, "audio/", 6) == 0 || strncasecmp(type, "image/", 6) == 0 ||
                    (r->column == XML_CP79 && type_is(type, "application/xml")));
}

/* ---- reading */

struct repair {
    struct xml_reader *r;
    const struct parse_err *said; /* what made the repair necessary */
};

/* The repaired document's lines, as the caller counts them. */
static void repaired_handler(int line, const char *text, void *arg)
{
    const struct repair *repair = arg;

    if (line != repair->said->line || strcmp(text, repair->said->text) != 0)
        xml_note(repair->r, line, "%s", text);
}

/* Before the root? */
static bool has_doctype(const char *text)
{
    const char *root = object_tag(text), *at = strcasestr(text, "<!DOCTYPE");

    return at && (!root || at < root);
}

static int read_tree(struct xml_reader *r, struct xml_tree *t, const char *text, size_t len)
{
    struct parse_err pe = {.text = ""};
    const bool doctype = has_doctype(text);
    struct parse_err first = {.text = ""};
    struct repair repair = {.r = r, .said = &first};

    t->pe = &pe;
    if (doctype) /* never loaded: what it declares stays as it is written (11) */
        xml_advise(r, 1, "DOCTYPE: ignored");
    int err = doctype ? tree_parse_lenient(t, text, len, repaired_handler, &repair)
                      : tree_parse(t, text, len);
    if (err == EBADMSG && !doctype) {
        xml_note(r, pe.line, "not well formed: %s", pe.text);
        if (r->err)
            return r->err;
        first = pe;
        tree_reset(t);
        err = tree_parse_lenient(t, text, len, repaired_handler, &repair);
    }
    if (err == EBADMSG)
        xml_refuse(r, pe.line, "%s", pe.text);
    return err;
}

/* Warnings of the server, most of all: the document is what stands first. */
static void tell_of_object_behind(struct xml_reader *r, const struct xml_node *root,
                                  const char *text)
{
    const char *tag = object_tag(text);
    int line = 1;

    if (!tag || strncasecmp(root->name, "CiscoIP", 7) == 0)
        return;
    for (const char *p = text; p < tag; p++)
        line += *p == '\n';
    xml_advise(r, line, "an object begins here, but the document began with <%.40s> on line %d",
               root->name, root->line + r->line_offset);
}

static const struct xml_object_type *find_type(struct xml_reader *r, const struct xml_node *root)
{
    for (const struct xml_object_type *const *o = objects; *o; o++) {
        if (strcasecmp((*o)->root, root->name) != 0)
            continue;
        if (strcmp((*o)->root, root->name) != 0)
            xml_note(r, root->line, "<%s> is not spelt as the phones spell it", root->name);
        return *o;
    }
    xml_refuse(r, root->line, "<%.60s> is no object of these phones", root->name);
    return NULL;
}

static int read_object(struct xml_reader *r, const struct xml_node *root)
{
    const struct xml_object_type *type = find_type(r, root);

    if (!type)
        return r->err;
    if (!(type->models & r->column))
        return parse_err_set(r->pe, EPROTO, root->line + r->line_offset, 0, "a %s knows no %s",
                             r->cfg->model->name, type->root);
    r->page->type = type;
    if (type->displayable)
        xml_read_common(r, root);
    const int err = type->parse(r, root, r->page);
    return r->err ? r->err : err;
}

static int read_page(struct xml_reader *r, const char *text, size_t len)
{
    struct xml_tree t = {.root = NULL};
    int err = 0;

    if (is_foreign(r)) {
        err = parse_err_set(r->pe, EBADMSG, 1, 0, "%.60s is no page of a %s", r->cfg->content_type,
                            r->cfg->model->name);
    } else if (wants_parser(r->cfg, text)) {
        err = read_tree(r, &t, text, len);
        r->page->unsound = t.unsound;
        if (!err)
            tell_of_object_behind(r, t.root, text);
        if (!err)
            err = r->err ? r->err : read_object(r, t.root);
    } else if (!(r->column & XML_DISPLAYS)) {
        err = parse_err_set(r->pe, EPROTO, 1, 0, "a %s shows no text", r->cfg->model->name);
    } else { /* shown exactly like a Text object without title and prompt (3.2) */
        const struct xml_node body = {.name = "Text", .text = text, .line = 1};
        const struct xml_text_rule rule = {"Text", TEXT_MAX,
                                           r->column == XML_CP79 ? XML_COLLAPSE : XML_KEEP_LINES};
        if (!r->cfg->content_type && *text == '<') {
            xml_advise(r, 1, "no object of these phones in it: shown as plain text");
            r->page->unsound = true;
        }
        r->page->type = &xml_object_text;
        r->page->text = xml_own_text(r, &body, &rule);
        err = r->err;
    }
    tree_reset(&t);
    return err;
}

/* Line ends behind the code of a server page are no page, either [DEF]. */
static bool is_blank(const uint8_t *data, size_t len)
{
    if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
        data += 3;
        len -= 3;
    }
    while (len && isspace(*data)) {
        data++;
        len--;
    }
    return !len;
}

int xml_page_parse(struct xml_page **pp, const struct xml_read_config *cfg, const uint8_t *data,
                   size_t len, struct parse_err *pe)
{
    struct xml_reader r = {.cfg = cfg, .pe = pe, .column = xml_column(cfg->model)};
    const size_t max = cfg->max_bytes ? cfg->max_bytes : PAGE_BYTES;
    char charset[CHARSET_BYTES];
    struct page_bytes bytes;

    if (len > max)
        return parse_err_set(pe, E2BIG, 0, 0, "%zu bytes, the phone takes %zu", len, max);
    if (is_blank(data, len))
        return parse_err_set(pe, ENODATA, 0, 0, "an empty answer");
    int err =
        page_decode(&bytes, data, len, page_charset(cfg->content_type, charset, sizeof(charset)),
                    r.column == XML_CP79);
    if (!err)
        err = page_alloc(&r.page);
    if (!err) {
        r.line_offset = bytes.lines_skipped;
        r.page->latin1 = bytes.latin1;
        if (bytes.guessed)
            xml_note(&r, 1, "not UTF-8: read as ISO-8859-1");
        err = r.err ? r.err : read_page(&r, bytes.text, bytes.len);
    }
    free(bytes.text);
    if (err)
        mem_deref(r.page);
    else
        *pp = r.page;
    return err;
}
