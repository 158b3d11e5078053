/* SPDX-License-Identifier: BSD-3-Clause */
/* Character references: the five of XML, numbers, and HTML's names for Latin-1. Pure. */
#ifndef SIM_XML_ENTITY_H
#define SIM_XML_ENTITY_H

#include <stddef.h>

enum { ENTITY_BYTES = 8 };

/** The reference at p ("&amp;", "&#10;", "&uuml;") as UTF-8 in text; returns its length in the
 *  document, 0 = there is none that anybody knows. */
size_t entity_decode(char text[ENTITY_BYTES], const char *p, size_t left);

#endif
