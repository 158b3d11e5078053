/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/base/xmldoc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <libxml/parser.h>
#include <libxml/xmlreader.h>

#include "sim/base/xmlscan.h"

struct walk {
    struct parse_err *pe;
    int err; /* EBADMSG or ENOMEM once libxml2 complained */
};

/* Extra content, which libxml2 speaks of also where content is missing. */
static void describe_end(const struct _xmlParserCtxt *c, char *text, size_t size)
{
    const xmlNode *root = c && c->myDoc ? xmlDocGetRootElement(c->myDoc) : NULL;

    if (c && c->nameNr > 0)
        snprintf(text, size, "the document ends inside <%s>", (const char *)c->name);
    else if (c && c->instate != XML_PARSER_EPILOG)
        snprintf(text, size, "the document ends before its first element");
    else
        snprintf(text, size, "something stands behind the end of <%s>, which is the whole document",
                 root ? (const char *)root->name : "the root");
}

static void print_message(const xmlError *e, char *text, size_t size)
{
    snprintf(text, size, "%s", e->message ? e->message : "not well formed");
    text[strcspn(text, "\r\n")] = '\0';
}

static void describe(const xmlError *e, char *text, size_t size)
{
    switch (e->code) {
    case XML_ERR_DOCUMENT_END:
        describe_end(e->ctxt, text, size);
        break;
    case XML_ERR_DOCUMENT_EMPTY:
        snprintf(text, size, "no XML: it does not begin with <");
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

/* The first defect decides. Each further one would cost a copy of the text it stands in: a comment
 * of nothing but hyphens takes hours. Its own xmlStopParser() frees what the parser still reads. */
static void stop_parser(xmlParserCtxtPtr c)
{
#if LIBXML_VERSION < 21300
    if (c) {
        c->instate = XML_PARSER_EOF;
        c->disableSAX = 1;
    }
#else
    if (c)
        xmlStopParser(c);
#endif
}

/* Namespaces are ignored (provisioning.md 5.5), so what libxml2 says about them is no defect. */
static void error_handler(void *arg, xmlErrorPtr e)
{
    struct walk *w = arg;
    char text[160];

    if (w->err || e->level <= XML_ERR_WARNING || e->domain == XML_FROM_NAMESPACE)
        return;
    describe(e, text, sizeof(text));
    w->err = parse_err_set(w->pe, e->code == XML_ERR_NO_MEMORY ? ENOMEM : EBADMSG, e->line, e->int2,
                           "%s", text);
    stop_parser(e->ctxt);
}

const char *xml_attribute(const struct xml_event *ev, const char *name, char *buf, size_t size)
{
    xmlChar *value = xmlTextReaderGetAttribute(ev->reader, (const xmlChar *)name);

    snprintf(buf, size, "%s", value ? (const char *)value : "");
    xmlFree(value);
    return buf;
}

/* A prefix that nobody declared stays in libxml2's local name. */
static const char *local_name(xmlTextReaderPtr reader)
{
    const char *name = (const char *)xmlTextReaderConstLocalName(reader);
    const char *colon = name ? strrchr(name, ':') : NULL;

    return colon && colon[1] ? colon + 1 : name;
}

int xml_attributes(const struct xml_event *ev, xml_attribute_h *h, void *arg)
{
    const xmlTextReaderPtr reader = ev->reader;
    int err = 0;

    while (!err && xmlTextReaderMoveToNextAttribute(reader) == 1) {
        const char *name = local_name(reader);
        const char *value = (const char *)xmlTextReaderConstValue(reader);
        err = name ? h(name, value ? value : "", arg) : ENOMEM;
    }
    xmlTextReaderMoveToElement(reader);
    return err;
}

/* The phones know five entities and numbers; what a DOCTYPE declares is never read. */
static int refuse_entity(xmlTextReaderPtr reader, const struct walk *w)
{
    const int line = (int)xmlGetLineNo(xmlTextReaderCurrentNode(reader));

    return parse_err_set(w->pe, EBADMSG, line > 0 ? line : xmlTextReaderGetParserLineNumber(reader),
                         0, "Entity '%s' not defined",
                         (const char *)xmlTextReaderConstName(reader));
}

static int deliver(xmlTextReaderPtr reader, const struct walk *w, xml_h *h, void *arg)
{
    struct xml_event ev = {.depth = (unsigned)xmlTextReaderDepth(reader),
                           /* the node's own line: the parser reads ahead of it */
                           .line = (int)xmlGetLineNo(xmlTextReaderCurrentNode(reader)),
                           .reader = reader};

    switch (xmlTextReaderNodeType(reader)) {
    case XML_READER_TYPE_ELEMENT:
        ev.kind = XML_OPEN;
        ev.name = local_name(reader);
        ev.empty = xmlTextReaderIsEmptyElement(reader) == 1;
        return ev.name ? h(&ev, arg) : ENOMEM;
    case XML_READER_TYPE_END_ELEMENT:
        ev.kind = XML_CLOSE;
        ev.name = local_name(reader);
        return ev.name ? h(&ev, arg) : ENOMEM;
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
    case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
    case XML_READER_TYPE_WHITESPACE:
        ev.kind = XML_TEXT;
        ev.text = (const char *)xmlTextReaderConstValue(reader);
        return ev.text ? h(&ev, arg) : 0;
    case XML_READER_TYPE_ENTITY_REFERENCE:
        return refuse_entity(reader, w);
    default:
        return 0;
    }
}

/* XML has no zero bytes; libxml2 takes some for UTF-16, and complains on stderr if it is not.
 * *subset is a copy without what the DOCTYPE declares, malloc()ed; NULL when it declares nothing.
 */
static int prepare(char **subset, const char *text, size_t len, struct parse_err *pe)
{
    const char *zero = memchr(text, 0, len);
    struct xml_scan scan;

    *subset = NULL;
    if (zero)
        return parse_err_set(pe, EBADMSG, xml_scan_line(text, zero), 0, "a zero byte");
    if (len > INT32_MAX / 2)
        return E2BIG;
    xml_scan(&scan, text, len);
    if (scan.long_tag)
        return parse_err_set(pe, EBADMSG, xml_scan_line(text, scan.long_tag), 0,
                             "a tag of more than %d bytes", XML_TAG_MAX);
    if (!scan.subset)
        return 0;
    char *copy = malloc(len + 1);
    if (!copy)
        return ENOMEM;
    memcpy(copy, text, len);
    copy[len] = '\0';
    for (size_t i = (size_t)(scan.subset - text), n = scan.subset_len; n; i++, n--) {
        if (copy[i] != '\n')
            copy[i] = ' ';
    }
    *subset = copy;
    return 0;
}

static int walk(xmlTextReaderPtr reader, struct walk *w, xml_h *h, void *arg)
{
    int more, err = 0;

    while (!err && (more = xmlTextReaderRead(reader)) == 1)
        err = deliver(reader, w, h, arg);
    if (!err && (w->err || more < 0)) /* a defect is always named; without one memory ran out */
        err = w->err ? w->err : ENOMEM;
    xmlFreeTextReader(reader);
    return err;
}

int xml_walk(const char *text, size_t len, xml_h *h, void *arg, struct parse_err *pe)
{
    struct walk w = {.pe = pe};
    char *copy;
    int err = prepare(&copy, text, len, pe);

    if (err)
        return err;
    xmlTextReaderPtr reader =
        xmlReaderForMemory(copy ? copy : text, (int)len, NULL, "UTF-8",
                           XML_PARSE_NONET | XML_PARSE_COMPACT | XML_PARSE_IGNORE_ENC);
    if (reader) {
        xmlTextReaderSetStructuredErrorHandler(reader, error_handler, &w);
        err = walk(reader, &w, h, arg);
    } else {
        err = ENOMEM;
    }
    free(copy);
    return err;
}

/* A comment's lines and nothing else of it; *i is left on its last byte. */
static char *keep_lines(char *to, const char *text, size_t len, size_t *i)
{
    const char *end = memmem(text + *i + 4, len - *i - 4, "-->", 3);
    const size_t last = end ? (size_t)(end - text) + 2 : len;

    to = (char *)memcpy(to, "<!--", 4) + 4;
    for (; *i < last; ++*i) {
        if (text[*i] == '\n')
            *to++ = '\n';
    }
    return end ? (char *)memcpy(to, "-->", 3) + 3 : to;
}

/* A document tree does not tell <X></X> from <X/>: a blank makes the difference. Of comments it
 * gets the lines only, as each of their defects would cost a copy of them. */
static char *tell_empty_elements(const char *text, size_t len, size_t *out_len)
{
    char *out = malloc(len + len / 3 + 2), *to = out;

    for (size_t i = 0; out && i < len; i++) {
        if (len - i > 4 && memcmp(text + i, "<!--", 4) == 0) {
            to = keep_lines(to, text, len, &i);
            continue;
        }
        *to++ = text[i];
        if (text[i] == '>' && len - i > 2 && text[i + 1] == '<' && text[i + 2] == '/')
            *to++ = ' ';
    }
    *out_len = out ? (size_t)(to - out) : 0;
    return out;
}

int xml_walk_mended(const char *text, size_t len, xml_h *h, void *arg, struct parse_err *pe)
{
    struct walk w = {.pe = pe};
    size_t told_len;
    char *copy;
    int err = prepare(&copy, text, len, pe);

    if (err)
        return err;
    char *told = tell_empty_elements(copy ? copy : text, len, &told_len);
    free(copy);
    if (!told)
        return ENOMEM;
    xmlDocPtr doc = xmlReadMemory(told, (int)told_len, NULL, "UTF-8",
                                  XML_PARSE_NONET | XML_PARSE_COMPACT | XML_PARSE_IGNORE_ENC |
                                      XML_PARSE_RECOVER | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlTextReaderPtr reader = doc && xmlDocGetRootElement(doc) ? xmlReaderWalker(doc) : NULL;
    if (reader)
        err = walk(reader, &w, h, arg);
    else
        err = parse_err_set(pe, EBADMSG, 1, 1, "nothing in it can be mended");
    xmlFreeDoc(doc);
    free(told);
    return err;
}

/* Length of the UTF-8 sequence at p, 0 when it is none. */
static size_t utf8_length(const uint8_t *p, size_t left)
{
    const size_t n = p[0] < 0x80                   ? 1
                     : p[0] >= 0xc2 && p[0] < 0xe0 ? 2
                     : p[0] >= 0xe0 && p[0] < 0xf0 ? 3
                     : p[0] >= 0xf0 && p[0] < 0xf5 ? 4
                                                   : 0;

    if (!n || n > left)
        return 0;
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    }
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] >= 0xa0) ||
        (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] >= 0x90))
        return 0;
    return n;
}

static bool is_utf8(const uint8_t *data, size_t len)
{
    for (size_t i = 0, n; i < len; i += n) {
        n = utf8_length(data + i, len - i);
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
    for (size_t i = 0; i < len; i++) {
        if (keep || data[i] < 0x80) {
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
