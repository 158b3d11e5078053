/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneText (xml-services.md 3.2). */
#include "sim/xml/object.h"
#include "sim/xml/read.h"

static int parse(struct xml_reader *r, const struct xml_node *root, struct xml_page *p)
{
    static const char *const names[] = {"Text", NULL};
    /* 7940/60 SIP collapses white space [AG79] */
    const struct xml_text_rule text = {"Text", 4000,
                                       r->column == XML_CP79 ? XML_COLLAPSE : XML_KEEP_LINES};

    xml_check_children(r, root, names, true);
    p->text = xml_text(r, root, &text);
    return r->err;
}

const struct xml_object_type xml_object_text = {
    .root = "CiscoIPPhoneText",
    .kind = XML_KIND_TEXT_PAGE,
    .models = XML_DISPLAYS,
    .softkeys = XML_SOFTKEYS_TEXT,
    .displayable = true,
    .parse = parse,
    .to_screen = xml_text_screen,
    .key = xml_scroll_key,
};
