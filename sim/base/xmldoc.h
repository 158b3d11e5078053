/* SPDX-License-Identifier: BSD-3-Clause */
/* XML as a walk over elements and text, in document order. The only user of libxml2. Strict: what
 * is not well formed is refused; no DTD, external entity or network is ever touched. */
#ifndef SIM_BASE_XMLDOC_H
#define SIM_BASE_XMLDOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/err.h"

struct xml_start;

struct xml_event { /* borrowed until the handler returns */
    enum { XML_OPEN, XML_TEXT, XML_CLOSE } kind;
    const char *name; /* local name (OPEN, CLOSE) */
    const char *text; /* TEXT: UTF-8, entities resolved */
    bool empty;       /* OPEN: written <x/>; no CLOSE follows */
    unsigned depth;   /* of the element, from 0; of a text: how many elements it stands in */
    int line;
    const struct xml_start *start; /* OPEN: for xml_attribute() */
};

/** Called for each event of a walk; what it returns, unless 0, ends the walk and is its result. */
typedef int(xml_h)(const struct xml_event *ev, void *arg);

/** Value of an attribute of an OPEN event, "" when absent; copied into buf (cut to size). */
const char *xml_attribute(const struct xml_event *ev, const char *name, char *buf, size_t size);

/** Every attribute of an OPEN event, in order; borrowed until the handler returns. Not 0 ends it.
 */
typedef int(xml_attribute_h)(const char *name, const char *value, void *arg);
int xml_attributes(const struct xml_event *ev, xml_attribute_h *h, void *arg);

/**
 * Walk a whole document of UTF-8 text. The declared encoding is ignored (provisioning.md 5.1).
 * Errors: EBADMSG not well formed (pe: line, column, reason); E2BIG a gigabyte or more; ENOMEM;
 * what the handler returned.
 */
int xml_walk(const char *text, size_t len, xml_h *h, void *arg, struct parse_err *pe);

/** The same, but what is not well formed is mended as libxml2 does it, values lost included
 *  (provisioning.md 5.5). Errors: EBADMSG nothing could be mended; the others as above. */
int xml_walk_mended(const char *text, size_t len, xml_h *h, void *arg, struct parse_err *pe);

/** Bytes of a document → UTF-8 for xml_walk(): a BOM is dropped, UTF-8 kept, all else read as
 * Latin-1. *out is malloc()ed and terminated. Errors: ENOMEM. */
int xml_to_utf8(char **out, size_t *out_len, const uint8_t *data, size_t len);

/** Walk a document that is the body of a message: blanks before it are skipped, its encoding is as
 *  xml_to_utf8() takes it. Errors: E2BIG more than max bytes; those of xml_walk(). */
int xml_walk_body(const char *body, size_t len, size_t max, xml_h *h, void *arg,
                  struct parse_err *pe);

#endif
