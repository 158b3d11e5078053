/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneIconFileMenu (xml-services.md 3.4). */
#include "sim/xml/object.h"
#include "sim/xml/read.h"
#include "sim/xml/resource.h"

/* An icon of the phone's own firmware is not fetched; one it does not have is shown as "unknown"
 * [DN71]. That these models know Resource: is [DEF]. */
static void take_resource(struct xml_reader *r, const struct xml_node *n, struct xml_icon *icon)
{
    const char *name = xml_resource_name(icon->picture.url);
    bool known;

    if (!name)
        return;
    icon->shape = xml_resource_shape(name, &known);
    icon->picture.url = "";
    if (!known)
        xml_note(r, n->line, "there is no icon \"%.40s\": the one for unknown ones", name);
}

static void read_icon(struct xml_reader *r, const struct xml_node *n, struct xml_icon *icon)
{
    static const char *const names[] = {"Index", "URL", NULL};
    static const struct xml_text_rule url = {"URL", 256, XML_TRIM};

    xml_check_children(r, n, names, false);
    icon->index = (uint8_t)xml_int(r, n, "Index", 0, 9, XML_NO_ICON);
    icon->picture.url = xml_text(r, n, &url);
    if (icon->index == XML_NO_ICON)
        xml_note(r, n->line, "IconItem without Index: no item can show it");
    if (!*icon->picture.url)
        xml_note(r, n->line, "IconItem without URL: no icon");
    take_resource(r, n, icon);
}

static int parse(struct xml_reader *r, const struct xml_node *root, struct xml_page *p)
{
    static const char *const names[] = {"MenuItem", "IconItem", NULL};
    static const struct xml_menu_rule rule = {.max_items = 32, .max_name = 64, .icons = true};

    xml_check_children(r, root, names, true);
    xml_read_menu_items(r, root, &rule);
    const unsigned n = xml_count(r, root, "IconItem", XML_ICONS_MAX);
    if (!n || !(p->icons = xml_alloc(r, n * sizeof(*p->icons))))
        return r->err;
    for (const struct xml_node *c = root->children; c && p->n_icons < n; c = c->next) {
        if (xml_is(c, "IconItem"))
            read_icon(r, c, &p->icons[p->n_icons++]);
    }
    return r->err;
}

const struct xml_object_type xml_object_icon_file_menu = {
    .root = "CiscoIPPhoneIconFileMenu",
    .kind = XML_KIND_ICON_FILE_MENU,
    .models = XML_COLOR | XML_MPP_ALL,
    .softkeys = XML_SOFTKEYS_LIST,
    .displayable = true,
    .parse = parse,
    .to_screen = xml_list_screen,
    .key = xml_list_key,
};
