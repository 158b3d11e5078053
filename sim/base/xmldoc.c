/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/base/xmldoc.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>

#include "sim/base/utf8.h"
#include "sim/base/xmlscan.h"

struct xml_start {         /* what libxml2 says of a start tag: SAX2's startElementNs */
    const xmlChar **attrs; /* name, prefix, URI, value, end of the value: five each */
    int n_attrs;
};

struct walk {
    struct parse_err *pe;
    int err;  /* EBADMSG or ENOMEM once libxml2 complained */
    int told; /* what the handler ended the walk with */
    bool mend;
    xml_h *h;
    void *arg;
    char *text; /* since the last tag */
    size_t used, size;
    int text_line;
    unsigned depth; /* open elements */
    char root[64];  /* "": no element yet */
    bool empty;     /* the last start tag was <x/>: the end that libxml2 tells next is not there */
};

static const char no_element[] = "the document ends before its first element";

/* libxml2's own callbacks want its context as theirs, so ours is found through it. */
static struct walk *walk_of(void *ctxt)
{
    return ((xmlParserCtxtPtr)ctxt)->_private;
}

static void print_message(const xmlError *e, char *text, size_t size)
{
    snprintf(text, size, "%s", e->message ? e->message : "not well formed");
    text[strcspn(text, "\r\n")] = '\0';
}

static void describe(const xmlError *e, xmlParserCtxtPtr ctxt, char *text, size_t size)
{
    switch (e->code) {
    case XML_ERR_TAG_NOT_FINISHED:
        snprintf(text, size, "the document ends inside <%s>", e->str1 ? e->str1 : "");
        break;
    case XML_ERR_DOCUMENT_END:
        snprintf(text, size, "something stands behind the end of <%s>, which is the whole document",
                 walk_of(ctxt)->root);
        break;
    case XML_ERR_DOCUMENT_EMPTY:
        snprintf(text, size, "%s",
                 ctxt->input && !*ctxt->input->cur ? no_element
                                                   : "no XML: it does not begin with <");
        break;
    case XML_ERR_NAME_REQUIRED:
    case XML_ERR_ENTITYREF_SEMICOL_MISSING:
        print_message(e, text, size);
        if (strstr(text, "EntityRef"))
            snprintf(text + strlen(text), size - strlen(text), " (a bare & is written &amp;)");
        break;
    case XML_ERR_HYPHEN_IN_COMMENT:
        snprintf(text, size, "-- inside a comment");
        break;
    case XML_ERR_INTERNAL_ERROR: /* the library's own limits */
        print_message(e, text, size);
        if (strstr(text, "Excessive depth"))
            snprintf(text, size, "nested too deeply");
        else if (strstr(text, "Huge input"))
            snprintf(text, size, "a text or comment too long");
        break;
    default:
        print_message(e, text, size);
    }
}

/* Nothing more is told. A further defect would cost a copy of the text it stands in: a comment of
 * nothing but hyphens takes hours. Its own xmlStopParser() frees what the parser still reads. */
static void stop_parser(xmlParserCtxtPtr ctxt)
{
#if LIBXML_VERSION < 21300
    ctxt->instate = XML_PARSER_EOF;
    ctxt->disableSAX = 1;
#else
    xmlStopParser(ctxt);
#endif
}

/* Namespaces are ignored (provisioning.md 5.5), so what libxml2 says about them is no defect. */
static void error_handler(void *ctxt, xmlErrorPtr e)
{
    struct walk *w = walk_of(ctxt);
    char text[160];

    if (w->told || w->err || e->level <= XML_ERR_WARNING || e->domain == XML_FROM_NAMESPACE ||
        (w->mend && e->code != XML_ERR_NO_MEMORY))
        return;
    describe(e, ctxt, text, sizeof(text));
    w->err = parse_err_set(w->pe, e->code == XML_ERR_NO_MEMORY ? ENOMEM : EBADMSG, e->line, e->int2,
                           "%s", text);
    stop_parser(ctxt);
}

static void end_with(xmlParserCtxtPtr ctxt, int err)
{
    walk_of(ctxt)->told = err;
    stop_parser(ctxt);
}

static int tell(struct walk *w, const struct xml_event *ev)
{
    if (!w->told)
        w->told = w->h(ev, w->arg);
    return w->told;
}

static int tell_text(struct walk *w)
{
    const struct xml_event ev = {
        .kind = XML_TEXT, .text = w->text, .depth = w->depth, .line = w->text_line};

    if (!w->used)
        return 0;
    w->used = 0;
    return tell(w, &ev);
}

static int line_of(xmlParserCtxtPtr ctxt)
{
    return ctxt->input ? ctxt->input->line : 0;
}

static void text_handler(void *arg, const xmlChar *text, int len)
{
    xmlParserCtxtPtr ctxt = arg;
    struct walk *w = walk_of(ctxt);

    if (w->used + (size_t)len >= w->size) {
        const size_t size = 2 * (w->used + (size_t)len) + 256;
        char *grown = realloc(w->text, size);
        if (!grown) {
            end_with(ctxt, ENOMEM);
            return;
        }
        w->text = grown;
        w->size = size;
    }
    if (!w->used)
        w->text_line = line_of(ctxt);
    memcpy(w->text + w->used, text, (size_t)len);
    w->used += (size_t)len;
    w->text[w->used] = '\0';
}

static void start_handler(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                          int n_spaces, const xmlChar **spaces, int n_attrs, int n_defaulted,
                          const xmlChar **attrs)
{
    xmlParserCtxtPtr ctxt = arg;
    struct walk *w = walk_of(ctxt);
    const struct xml_start start = {.attrs = attrs, .n_attrs = n_attrs};
    const xmlChar *at = ctxt->input ? ctxt->input->cur : NULL;
    const struct xml_event ev = {.kind = XML_OPEN,
                                 .name = (const char *)name,
                                 .empty = at && at[0] == '/' && at[1] == '>',
                                 .depth = w->depth,
                                 .line = line_of(ctxt),
                                 .start = &start};

    (void)prefix, (void)uri, (void)n_spaces, (void)spaces, (void)n_defaulted;
    if (!w->root[0])
        snprintf(w->root, sizeof(w->root), "%s", (const char *)name);
    w->empty = ev.empty;
    const int err = tell_text(w); /* it stands in the element around this one */
    w->depth += !ev.empty;
    if (err || tell(w, &ev))
        stop_parser(ctxt);
}

static void end_handler(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    xmlParserCtxtPtr ctxt = arg;
    struct walk *w = walk_of(ctxt);
    struct xml_event ev = {.kind = XML_CLOSE, .name = (const char *)name, .line = line_of(ctxt)};

    (void)prefix, (void)uri;
    if (w->empty) {
        w->empty = false;
        return;
    }
    const int err = tell_text(w);
    ev.depth = --w->depth;
    if (err || tell(w, &ev))
        stop_parser(ctxt);
}

/* The phones know five entities and numbers; what a DOCTYPE declares is never read. */
static xmlEntityPtr known_entity(void *ctxt, const xmlChar *name)
{
    (void)ctxt;
    return xmlGetPredefinedEntity(name);
}

/* With a DTD elsewhere, which is not read, libxml2 takes it for declared there. */
static void reference_handler(void *ctxt, const xmlChar *name)
{
    struct walk *w = walk_of(ctxt);

    if (!w->mend)
        end_with(ctxt, parse_err_set(w->pe, EBADMSG, line_of(ctxt), 0, "Entity '%s' not defined",
                                     (const char *)name));
}

/* An attribute's name, and its value, which stands in the document and has no end of its own. */
static const char *attribute(const struct xml_start *start, int i, const char **value, size_t *len)
{
    const xmlChar **at = start->attrs + 5 * i;

    *value = (const char *)at[3];
    *len = (size_t)(at[4] - at[3]);
    return (const char *)at[0];
}

const char *xml_attribute(const struct xml_event *ev, const char *name, char *buf, size_t size)
{
    const char *value;
    size_t len;

    buf[0] = '\0';
    for (int i = 0; i < ev->start->n_attrs; i++) {
        if (strcmp(attribute(ev->start, i, &value, &len), name) != 0)
            continue;
        len = len < size ? len : size - 1;
        memcpy(buf, value, len);
        buf[len] = '\0';
        break;
    }
    return buf;
}

int xml_attributes(const struct xml_event *ev, xml_attribute_h *h, void *arg)
{
    int err = 0;

    for (int i = 0; !err && i < ev->start->n_attrs; i++) {
        const char *from;
        size_t len;
        const char *name = attribute(ev->start, i, &from, &len);
        char *value = strndup(from, len);
        err = value ? h(name, value, arg) : ENOMEM;
        free(value);
    }
    return err;
}

/* The document as libxml2 may see it: *copy is malloc()ed, NULL where nothing is wrong with text.
 * XML has no zero bytes; libxml2 takes some for UTF-16, and complains on stderr if it is not. */
static int prepare(char **copy, const char *text, size_t len, struct parse_err *pe)
{
    const char *zero = memchr(text, 0, len);
    struct xml_scan scan;

    *copy = NULL;
    if (zero)
        return parse_err_set(pe, EBADMSG, xml_scan_line(text, zero), 0, "a zero byte");
    if (!len)
        return parse_err_set(pe, EBADMSG, 1, 1, "%s", no_element);
    if (len > INT32_MAX / 2)
        return E2BIG;
    if (len <= XML_TAG_MAX && !memmem(text, len, "<!DOCTYPE", 9)) /* most are such */
        return 0;
    xml_scan(&scan, text, len);
    if (scan.long_tag)
        return parse_err_set(pe, EBADMSG, xml_scan_line(text, scan.long_tag), 0,
                             "a tag of more than %d bytes", XML_TAG_MAX);
    if (!scan.subset)
        return 0;
    *copy = strndup(text, len);
    if (!*copy)
        return ENOMEM;
    xml_scan_blank(*copy + (scan.subset - text), scan.subset_len);
    return 0;
}

/* Comments are blank: each of their defects would cost a copy of them. */
static int prepare_mended(char **copy, const char *text, size_t len, struct parse_err *pe)
{
    int err = prepare(copy, text, len, pe);

    if (!err && !*copy && !(*copy = strndup(text, len)))
        err = ENOMEM;
    if (!err)
        xml_scan_blank_comments(*copy, len);
    return err;
}

static xmlParserCtxtPtr parser_alloc(const char *text, size_t len, struct walk *w)
{
    xmlParserCtxtPtr ctxt = xmlCreateMemoryParserCtxt(text, (int)len);

    if (!ctxt)
        return NULL;
    ctxt->_private = w;
    ctxt->encoding = xmlStrdup((const xmlChar *)"UTF-8"); /* so that it does not guess */
    xmlCtxtUseOptions(ctxt, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_NOENT |
                                (w->mend ? XML_PARSE_RECOVER : 0));
    ctxt->sax->startElementNs = start_handler;
    ctxt->sax->endElementNs = end_handler;
    ctxt->sax->characters = ctxt->sax->ignorableWhitespace = text_handler;
    ctxt->sax->cdataBlock = text_handler;
    ctxt->sax->getEntity = known_entity;
    ctxt->sax->reference = reference_handler;
    ctxt->sax->serror = error_handler;
    ctxt->sax->comment = NULL;
    ctxt->sax->processingInstruction = NULL;
    return ctxt;
}

/* What is mended may have ended inside of elements. */
static void close_open_elements(struct walk *w, xmlParserCtxtPtr ctxt)
{
    struct xml_event ev = {.kind = XML_CLOSE, .name = "", .line = line_of(ctxt)};

    (void)tell_text(w);
    while (w->depth) {
        ev.depth = --w->depth;
        (void)tell(w, &ev);
    }
}

static int walk(const char *text, size_t len, struct walk *w)
{
    char *copy;
    const int err = (w->mend ? prepare_mended : prepare)(&copy, text, len, w->pe);
    xmlParserCtxtPtr ctxt = err ? NULL : parser_alloc(copy ? copy : text, len, w);

    free(copy); /* the parser has its own */
    if (!ctxt)
        return err ? err : ENOMEM;
    (void)xmlParseDocument(ctxt);
    if (w->mend && !w->told && !w->err)
        close_open_elements(w, ctxt);
    else if (!ctxt->wellFormed && !w->told && !w->err)
        w->err = ENOMEM; /* a defect is always named */
    xmlFreeDoc(ctxt->myDoc);
    xmlFreeParserCtxt(ctxt);
    free(w->text);
    return w->told ? w->told : w->err;
}

int xml_walk(const char *text, size_t len, xml_h *h, void *arg, struct parse_err *pe)
{
    struct walk w = {.pe = pe, .h = h, .arg = arg};

    return walk(text, len, &w);
}

int xml_walk_mended(const char *text, size_t len, xml_h *h, void *arg, struct parse_err *pe)
{
    struct walk w = {.pe = pe, .h = h, .arg = arg, .mend = true};
    const int err = walk(text, len, &w);

    return err || w.root[0] ? err : parse_err_set(pe, EBADMSG, 1, 1, "nothing in it can be mended");
}

/* Most documents are ASCII: eight bytes at a time. */
static size_t ascii_length(const uint8_t *data, size_t len)
{
    size_t n = 0;
    uint64_t eight;

    for (; len - n >= sizeof(eight); n += sizeof(eight)) {
        memcpy(&eight, data + n, sizeof(eight));
        if (eight & UINT64_C(0x8080808080808080))
            break;
    }
    return n;
}

static bool is_utf8(const uint8_t *data, size_t len)
{
    for (size_t i = ascii_length(data, len), n; i < len; i += n) {
        n = data[i] < 0x80 ? 1 : utf8_length((const char *)data + i, len - i);
        if (!n)
            return false;
    }
    return true;
}

int xml_to_utf8(char **out, size_t *out_len, const uint8_t *data, size_t len)
{
    if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
        data += 3;
        len -= 3;
    }
    const bool keep = is_utf8(data, len);
    char *text = malloc(keep ? len + 1 : 2 * len + 1);
    size_t pos = 0;

    if (!text)
        return ENOMEM;
    if (keep && len) {
        memcpy(text, data, len);
        pos = len;
    }
    for (size_t i = pos; i < len; i++) {
        if (data[i] < 0x80) {
            text[pos++] = (char)data[i];
        } else {
            text[pos++] = (char)(0xc0 | data[i] >> 6);
            text[pos++] = (char)(0x80 | (data[i] & 0x3f));
        }
    }
    text[pos] = '\0';
    *out = text;
    *out_len = pos;
    return 0;
}

int xml_walk_body(const char *body, size_t len, size_t max, xml_h *h, void *arg,
                  struct parse_err *pe)
{
    char *text = NULL;
    size_t text_len = 0;

    if (len > max)
        return parse_err_set(pe, E2BIG, 0, 0, "the body is too long");
    while (len && isspace((unsigned char)*body)) {
        body++;
        len--;
    }
    int err = xml_to_utf8(&text, &text_len, (const uint8_t *)body, len);
    if (!err)
        err = xml_walk(text, text_len, h, arg, pe);
    free(text);
    return err;
}
