/* SPDX-License-Identifier: BSD-3-Clause */
/* A document while it is read: elements with their attributes and text. Gone once the page is made
 * (xml-services.md 11: phones hold no trees). */
#ifndef SIM_XML_TREE_H
#define SIM_XML_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/base/arena.h"
#include "sim/base/err.h"
#include "sim/xml/warn.h"

struct xml_attr {
    const char *name, *value;
    struct xml_attr *next;
};

struct xml_piece;

struct xml_node {
    const char *name;
    const char *text; /* of its own, pieces joined; never NULL once closed */
    int line;
    struct xml_attr *attrs;
    struct xml_node *children, *next;
    /* while it is built */
    struct xml_node *parent, *last;
    struct xml_attr *last_attr;
    struct xml_piece *pieces, *last_piece;
};

struct xml_tree {
    struct arena arena;
    struct xml_node *root, *at; /* at: the element that is open, NULL = none */
    unsigned depth, n_nodes;
    struct parse_err *pe;
    bool unsound; /* repaired, but tags do not match */
};

/* Built by whoever reads the document; texts are copied. */

/** An element begins, inside the one that is open. EBADMSG nested too deep, too many elements (pe
 *  says so); ENOMEM. */
int tree_open(struct xml_tree *t, const char *name, size_t len, int line);
/** An attribute of the open element. ENOMEM. */
int tree_attr(struct xml_tree *t, const char *name, size_t len, const char *value);
/** Text inside the open element; text outside of all is passed over. ENOMEM. */
int tree_text(struct xml_tree *t, const char *text, size_t len);
/** The open element ends. ENOMEM. */
int tree_close(struct xml_tree *t);
/** Free it all; the tree can be built anew. */
void tree_reset(struct xml_tree *t);

/** A well-formed document, read strictly. Errors: EBADMSG, ENOMEM. */
int tree_parse(struct xml_tree *t, const char *text, size_t len);

/**
 * A document as the phones take it, well formed or not (11). warn hears of each repair. Errors:
 * EBADMSG no element in it, bombs; ENOMEM.
 */
int tree_parse_lenient(struct xml_tree *t, const char *text, size_t len, xml_warn_h *warn,
                       void *arg);

#endif
