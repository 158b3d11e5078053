/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneImage (xml-services.md 3.9). */
#include "sim/xml/object.h"
#include "sim/xml/read.h"

enum { PANE_WIDTH = 133, PANE_HEIGHT = 65 };

static int parse(struct xml_reader *r, const struct xml_node *root, struct xml_page *p)
{
    static const char *const names[] = {"LocationX", "LocationY", "Width", "Height",
                                        "Depth",     "Data",      NULL};

    xml_check_children(r, root, names, true);
    xml_read_location(r, root, PANE_WIDTH - 1, PANE_HEIGHT - 1, &p->picture);
    xml_read_picture(r, root, PANE_WIDTH, PANE_HEIGHT, &p->picture);
    return r->err;
}

const struct xml_object_type xml_object_image = {
    .root = "CiscoIPPhoneImage",
    .kind = XML_KIND_IMAGE,
    .models = XML_SPA_LCD | XML_MPP_ALL | XML_CP79,
    .softkeys = XML_SOFTKEYS_TEXT,
    .displayable = true,
    .parse = parse,
    .to_screen = xml_picture_screen,
};
