/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneStatusFile (xml-services.md 3.10). The file comes after the page: files.c. */
#include "sim/xml/object.h"
#include "sim/xml/read.h"

enum { PANE_WIDTH = 262, PANE_HEIGHT = 50 };

static int parse(struct xml_reader *r, const struct xml_node *root, struct xml_page *p)
{
    static const char *const names[] = {"Text", "Timer", "LocationX", "LocationY", "URL", NULL};
    static const struct xml_text_rule text = {"Text", 32, XML_TRIM};
    static const struct xml_text_rule url = {"URL", 256, XML_TRIM};

    xml_check_children(r, root, names, false);
    p->text = xml_text(r, root, &text);
    p->has_timer = xml_child(root, "Timer") != NULL;
    p->number = (uint16_t)xml_int(r, root, "Timer", 0, UINT16_MAX, 0);
    xml_read_location(r, root, PANE_WIDTH - 1, PANE_HEIGHT - 1, &p->picture);
    p->picture.url = xml_text(r, root, &url);
    return r->err;
}

const struct xml_object_type xml_object_status_file = {
    .root = "CiscoIPPhoneStatusFile",
    .kind = XML_KIND_STATUS_FILE,
    .models = XML_COLOR | XML_MPP,
    .parse = parse,
    .to_screen = xml_status_screen,
};
