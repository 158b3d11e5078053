/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneResponse (xml-services.md 3.12). */
#include "sim/xml/object.h"
#include "sim/xml/read.h"

enum { ITEMS_MAX = 3 };

static void read_item(struct xml_reader *r, const struct xml_node *n, struct xml_item *it)
{
    static const char *const names[] = {"Status", "Data", "URL", NULL};

    xml_check_attrs(r, n, names);
    it->number = xml_attr_int(r, n, "Status", INT16_MIN, INT16_MAX, 0);
    it->extra = xml_attr_text(r, n, "Data", 32);
    it->url = xml_attr_text(r, n, "URL", 256);
    it->name = "";
    it->icon = XML_NO_ICON;
}

static int parse(struct xml_reader *r, const struct xml_node *root, struct xml_page *p)
{
    static const char *const names[] = {"ResponseItem", NULL};

    xml_check_children(r, root, names, false);
    const unsigned n = xml_count(r, root, "ResponseItem", ITEMS_MAX);
    if (!n || !(p->items = xml_alloc(r, n * sizeof(*p->items))))
        return r->err;
    for (const struct xml_node *c = root->children; c && p->n_items < n; c = c->next) {
        if (xml_is(c, "ResponseItem"))
            read_item(r, c, &p->items[p->n_items++]);
    }
    return r->err;
}

const struct xml_object_type xml_object_response = {
    .root = "CiscoIPPhoneResponse",
    .kind = XML_KIND_RESPONSE,
    .models = XML_BLIND | XML_SPA_LCD | XML_WIP,
    .parse = parse,
};
