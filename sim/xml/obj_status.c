/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneStatus (xml-services.md 3.10): above the call, without title, prompt or soft keys. */
#include "sim/xml/object.h"
#include "sim/xml/read.h"

enum { PANE_WIDTH = 106, PANE_HEIGHT = 21 };

static int parse(struct xml_reader *r, const struct xml_node *root, struct xml_page *p)
{
    static const char *const names[] = {"Text",   "Timer", "LocationX", "LocationY", "Width",
                                        "Height", "Depth", "Data",      NULL};
    static const struct xml_text_rule text = {"Text", 32, XML_TRIM};

    xml_check_children(r, root, names, false);
    p->text = xml_text(r, root, &text);
    p->has_timer = xml_child(root, "Timer") != NULL;
    p->number = (uint16_t)xml_int(r, root, "Timer", 0, UINT16_MAX, 0);
    xml_read_location(r, root, PANE_WIDTH - 1, PANE_HEIGHT - 1, &p->picture);
    if (xml_child(root, "Width") || xml_child(root, "Height"))
        xml_read_picture(r, root, PANE_WIDTH, PANE_HEIGHT, &p->picture);
    return r->err;
}

const struct xml_object_type xml_object_status = {
    .root = "CiscoIPPhoneStatus",
    .kind = XML_KIND_STATUS,
    .models = XML_SPA_LCD | XML_MPP,
    .parse = parse,
    .to_screen = xml_status_screen,
};
