/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneGraphicMenu (xml-services.md 3.5): items by digit, their names are not drawn. */
#include "sim/xml/object.h"
#include "sim/xml/read.h"

enum { PANE_WIDTH = 133, PANE_HEIGHT = 65 };

static int parse(struct xml_reader *r, const struct xml_node *root, struct xml_page *p)
{
    static const char *const names[] = {"LocationX", "LocationY", "Width",    "Height",
                                        "Depth",     "Data",      "MenuItem", NULL};
    static const struct xml_menu_rule rule = {.max_items = 12, .max_name = 64};

    xml_check_children(r, root, names, true);
    xml_read_location(r, root, PANE_WIDTH - 1, PANE_HEIGHT - 1, &p->picture);
    xml_read_picture(r, root, PANE_WIDTH, PANE_HEIGHT, &p->picture);
    xml_read_menu_items(r, root, &rule);
    return r->err;
}

const struct xml_object_type xml_object_graphic_menu = {
    .root = "CiscoIPPhoneGraphicMenu",
    .kind = XML_KIND_GRAPHIC_MENU,
    .models = XML_SPA_LCD | XML_CP79,
    .softkeys = XML_SOFTKEYS_TEXT,
    .displayable = true,
    .parse = parse,
    .to_screen = xml_picture_screen,
    .key = xml_list_key,
};
