/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/xml/entity.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_BYTES = 10 };

static const char *const latin1[] = {
    /* U+00A0 to U+00FF, in order */
    "nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar", "sect",   "uml",
    "copy",   "ordf",   "laquo",  "not",    "shy",    "reg",    "macr",   "deg",    "plusmn",
    "sup2",   "sup3",   "acute",  "micro",  "para",   "middot", "cedil",  "sup1",   "ordm",
    "raquo",  "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc",  "Atilde",
    "Auml",   "Aring",  "AElig",  "Ccedil", "Egrave", "Eacute", "Ecirc",  "Euml",   "Igrave",
    "Iacute", "Icirc",  "Iuml",   "ETH",    "Ntilde", "Ograve", "Oacute", "Ocirc",  "Otilde",
    "Ouml",   "times",  "Oslash", "Ugrave", "Uacute", "Ucirc",  "Uuml",   "Yacute", "THORN",
    "szlig",  "agrave", "aacute", "acirc",  "atilde", "auml",   "aring",  "aelig",  "ccedil",
    "egrave", "eacute", "ecirc",  "euml",   "igrave", "iacute", "icirc",  "iuml",   "eth",
    "ntilde", "ograve", "oacute", "ocirc",  "otilde", "ouml",   "divide", "oslash", "ugrave",
    "uacute", "ucirc",  "uuml",   "yacute", "thorn",  "yuml"};

static void print_utf8(char text[ENTITY_BYTES], uint32_t c)
{
    size_t n = 0;

    if (c < 0x80) {
        text[n++] = (char)c;
    } else if (c < 0x800) {
        text[n++] = (char)(0xc0 | c >> 6);
    } else if (c < 0x10000) {
        text[n++] = (char)(0xe0 | c >> 12);
        text[n++] = (char)(0x80 | (c >> 6 & 0x3f));
    } else {
        text[n++] = (char)(0xf0 | c >> 18);
        text[n++] = (char)(0x80 | (c >> 12 & 0x3f));
        text[n++] = (char)(0x80 | (c >> 6 & 0x3f));
    }
    if (c >= 0x80)
        text[n++] = (char)(0x80 | (c & 0x3f));
    text[n] = '\0';
}

static uint32_t named(const char *name)
{
    static const struct {
        const char *name;
        uint32_t c;
    } five[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};

    for (size_t i = 0; i < sizeof(five) / sizeof(five[0]); i++) {
        if (strcmp(five[i].name, name) == 0)
            return five[i].c;
    }
    for (size_t i = 0; i < sizeof(latin1) / sizeof(latin1[0]); i++) {
        if (strcmp(latin1[i], name) == 0)
            return 0xa0 + (uint32_t)i;
    }
    return 0;
}

static uint32_t numbered(const char *name)
{
    char *end;
    const int base = name[1] == 'x' || name[1] == 'X' ? 16 : 10;
    const unsigned long c = strtoul(name + (base == 16 ? 2 : 1), &end, base);

    if (*end || end == name + 1 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        return 0;
    return c < 0x20 && c != '\n' && c != '\r' && c != '\t' ? 0 : (uint32_t)c;
}

size_t entity_decode(char text[ENTITY_BYTES], const char *p, size_t left)
{
    char name[NAME_MAX_BYTES];
    const char *end = memchr(p, ';', left < NAME_MAX_BYTES ? left : NAME_MAX_BYTES);
    const size_t n = end ? (size_t)(end - p) - 1 : 0;

    if (!n || n >= sizeof(name))
        return 0;
    memcpy(name, p + 1, n);
    name[n] = '\0';
    const uint32_t c = name[0] == '#' ? numbered(name) : named(name);
    if (!c)
        return 0;
    print_utf8(text, c);
    return n + 2;
}
