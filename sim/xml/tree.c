/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/xml/tree.h"

#include <errno.h>
#include <string.h>

#include "sim/base/xmldoc.h"

enum { DEPTH_MAX = 16, NODES_MAX = 20000 }; /* xml-services.md 11 [DEF] */

struct xml_piece {
    const char *text;
    size_t len;
    struct xml_piece *next;
};

int tree_open(struct xml_tree *t, const char *name, size_t len, int line)
{
    if (t->depth == DEPTH_MAX)
        return parse_err_set(t->pe, EBADMSG, line, 0, "nested deeper than %d elements", DEPTH_MAX);
    if (t->n_nodes == NODES_MAX)
        return parse_err_set(t->pe, EBADMSG, line, 0, "more than %d elements", NODES_MAX);
    struct xml_node *n = arena_alloc(&t->arena, sizeof(*n));
    if (!n || !(n->name = arena_text(&t->arena, name, len)))
        return ENOMEM;
    n->line = line;
    n->parent = t->at;
    n->text = "";
    if (!t->at)
        t->root = n;
    else if (t->at->last)
        t->at->last->next = n;
    else
        t->at->children = n;
    if (t->at)
        t->at->last = n;
    t->at = n;
    t->depth++;
    t->n_nodes++;
    return 0;
}

int tree_attr(struct xml_tree *t, const char *name, size_t len, const char *value)
{
    struct xml_attr *a = arena_alloc(&t->arena, sizeof(*a));

    if (!a || !(a->name = arena_text(&t->arena, name, len)) ||
        !(a->value = arena_text(&t->arena, value, strlen(value))))
        return ENOMEM;
    if (t->at->last_attr)
        t->at->last_attr->next = a;
    else
        t->at->attrs = a;
    t->at->last_attr = a;
    return 0;
}

int tree_text(struct xml_tree *t, const char *text, size_t len)
{
    struct xml_piece *p;

    if (!t->at || !len)
        return 0;
    p = arena_alloc(&t->arena, sizeof(*p));
    if (!p || !(p->text = arena_text(&t->arena, text, len)))
        return ENOMEM;
    p->len = len;
    if (t->at->last_piece)
        t->at->last_piece->next = p;
    else
        t->at->pieces = p;
    t->at->last_piece = p;
    return 0;
}

static int join(struct xml_tree *t, struct xml_node *n)
{
    size_t len = 0;

    for (const struct xml_piece *p = n->pieces; p; p = p->next)
        len += p->len;
    if (n->pieces && !n->pieces->next) {
        n->text = n->pieces->text;
        return 0;
    }
    char *text = arena_alloc(&t->arena, len + 1), *at = text;
    if (!text)
        return ENOMEM;
    for (const struct xml_piece *p = n->pieces; p; p = p->next, at += len) {
        len = p->len;
        memcpy(at, p->text, len);
    }
    n->text = text;
    return 0;
}

int tree_close(struct xml_tree *t)
{
    struct xml_node *n = t->at;

    if (!n)
        return 0;
    t->at = n->parent;
    t->depth--;
    return n->pieces ? join(t, n) : 0;
}

void tree_reset(struct xml_tree *t)
{
    arena_reset(&t->arena);
    t->root = t->at = NULL;
    t->depth = t->n_nodes = 0;
}

static int attribute_handler(const char *name, const char *value, void *arg)
{
    return tree_attr(arg, name, strlen(name), value);
}

static int walk_handler(const struct xml_event *ev, void *arg)
{
    struct xml_tree *t = arg;
    int err;

    switch (ev->kind) {
    case XML_OPEN:
        err = tree_open(t, ev->name, strlen(ev->name), ev->line);
        if (!err)
            err = xml_attributes(ev, attribute_handler, t);
        return err || !ev->empty ? err : tree_close(t);
    case XML_TEXT:
        return tree_text(t, ev->text, strlen(ev->text));
    case XML_CLOSE:
        return tree_close(t);
    }
    return 0;
}

int tree_parse(struct xml_tree *t, const char *text, size_t len)
{
    return xml_walk(text, len, walk_handler, t, t->pe);
}
