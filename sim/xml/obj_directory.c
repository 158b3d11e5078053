/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneDirectory (xml-services.md 3.7). */
#include "devices/model.h"
#include "sim/xml/object.h"
#include "sim/xml/read.h"

enum { ENTRIES_MAX = 32 };

/* False: it is not shown. Old parsers hide one without a name, that of a 6800 is a newer one (3.7
 * [DNMPP]; which of them are old [DEF], as in 3.6). */
static bool read_entry(struct xml_reader *r, const struct xml_node *n, struct xml_item *it)
{
    const bool shows = r->cfg->model->family == FAMILY_MPP68XX;
    static const char *const names[] = {"Name", "Telephone", NULL};
    static const struct xml_text_rule name = {"Name", 32, XML_COLLAPSE};
    static const struct xml_text_rule number = {"Telephone", 32, XML_TRIM};

    xml_check_children(r, n, names, false);
    it->name = xml_text(r, n, &name);
    it->url = xml_text(r, n, &number);
    it->icon = XML_NO_ICON;
    if (!*it->name)
        xml_note(r, n->line, "DirectoryEntry without Name: %s",
                 shows ? "shown unnamed" : "not shown");
    return *it->name || shows;
}

static int parse(struct xml_reader *r, const struct xml_node *root, struct xml_page *p)
{
    static const char *const names[] = {"DirectoryEntry", NULL};

    xml_check_children(r, root, names, true);
    const unsigned n = xml_count(r, root, "DirectoryEntry", ENTRIES_MAX);
    if (!n || !(p->items = xml_alloc(r, n * sizeof(*p->items))))
        return r->err;
    unsigned seen = 0;
    for (const struct xml_node *c = root->children; c && seen < n; c = c->next) {
        if (xml_is(c, "DirectoryEntry") && ++seen)
            p->n_items += read_entry(r, c, &p->items[p->n_items]);
    }
    return r->err;
}

const struct xml_object_type xml_object_directory = {
    .root = "CiscoIPPhoneDirectory",
    .kind = XML_KIND_DIRECTORY,
    .models = XML_DISPLAYS,
    .softkeys = XML_SOFTKEYS_DIRECTORY,
    .displayable = true,
    .parse = parse,
    .to_screen = xml_list_screen,
    .key = xml_list_key,
};
