/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneError (xml-services.md 3.12): Number, and maybe words. */
#include "sim/xml/object.h"
#include "sim/xml/read.h"

static int parse(struct xml_reader *r, const struct xml_node *root, struct xml_page *p)
{
    static const struct xml_text_rule rule = {"CiscoIPPhoneError", 256, XML_COLLAPSE};

    p->number = (uint16_t)xml_attr_int(r, root, "Number", 0, UINT16_MAX, 0);
    p->text = xml_own_text(r, root, &rule);
    xml_check_children(r, root, NULL, false);
    return r->err;
}

const struct xml_object_type xml_object_error = {
    .root = "CiscoIPPhoneError",
    .kind = XML_KIND_ERROR,
    .models = XML_BLIND | XML_SPA_LCD | XML_WIP,
    .parse = parse,
};
