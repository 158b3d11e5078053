/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneMenu (xml-services.md 3.3). */
#include "sim/xml/object.h"
#include "sim/xml/read.h"

static int parse(struct xml_reader *r, const struct xml_node *root, struct xml_page *p)
{
    static const char *const names[] = {"MenuItem", NULL};
    static const struct xml_menu_rule rule = {.max_items = 100, .max_name = 64};

    (void)p;
    xml_check_children(r, root, names, true);
    xml_read_menu_items(r, root, &rule);
    return r->err;
}

const struct xml_object_type xml_object_menu = {
    .root = "CiscoIPPhoneMenu",
    .kind = XML_KIND_MENU,
    .models = XML_DISPLAYS,
    .softkeys = XML_SOFTKEYS_LIST,
    .displayable = true,
    .parse = parse,
    .to_screen = xml_list_screen,
    .key = xml_list_key,
};
