/* SPDX-License-Identifier: BSD-3-Clause */
/* How much of a page a model shows at once (devices.md 6.1, 7; xml-services.md 6). Pure. */
#ifndef SIM_XML_LAYOUT_H
#define SIM_XML_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct device_model;
struct screen;

struct xml_layout {
    unsigned columns, rows; /* title and prompt are among the rows, the soft-key bar is not */
    bool title_scrolls;     /* a list takes the title's row once it is scrolled (mono SPA) */
    unsigned mark_columns;  /* of columns, that a scroll mark takes */
    unsigned softkey_chars;
};

/** Of this model. */
void xml_layout(struct xml_layout *out, const struct device_model *m);

/** Text → rows of so many columns: broken at words, lines and tabs kept. Rows from skip on go into
 *  rows (may be NULL), max of them. Returns the number of all. */
unsigned xml_wrap(const char *text, unsigned columns, unsigned skip, char (*rows)[64],
                  unsigned max);

/** A highlighted text that is wider than its row by so many characters moves to the left until its
 *  end is there, and begins anew (xml-services.md 7.1; devices.md 8 [941]; pauses and pace [DEF]):
 *  how many of its characters are out of sight by now. */
unsigned xml_moved(unsigned excess, uint32_t still_ms);

/** Copy the first columns characters. */
void xml_cut(char *to, size_t size, const char *text, unsigned columns);

#endif
