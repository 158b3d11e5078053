/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneGraphicFileMenu (xml-services.md 3.5). The file comes after the page: files.c. */
#include "sim/xml/object.h"
#include "sim/xml/read.h"

enum { PANE_WIDTH = 298, PANE_HEIGHT = 168 };

static int parse(struct xml_reader *r, const struct xml_node *root, struct xml_page *p)
{
    static const char *const names[] = {"LocationX", "LocationY", "URL", "MenuItem", NULL};
    static const struct xml_text_rule url = {"URL", 256, XML_TRIM};
    static const struct xml_menu_rule rule = {.max_items = 32, .max_name = 32, .touch = true};

    xml_check_children(r, root, names, true);
    xml_read_location(r, root, PANE_WIDTH - 1, PANE_HEIGHT - 1, &p->picture);
    p->picture.url = xml_text(r, root, &url);
    if (!*p->picture.url)
        xml_refuse(r, root->line, "GraphicFileMenu without URL");
    xml_read_menu_items(r, root, &rule);
    return r->err;
}

const struct xml_object_type xml_object_graphic_file_menu = {
    .root = "CiscoIPPhoneGraphicFileMenu",
    .kind = XML_KIND_GRAPHIC_FILE_MENU,
    .models = XML_COLOR,
    .softkeys = XML_SOFTKEYS_TEXT,
    .displayable = true,
    .parse = parse,
    .to_screen = xml_picture_screen,
    .key = xml_list_key,
};
