/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneInput (xml-services.md 3.6). */
#include <ctype.h>
#include <string.h>

#include "sim/xml/object.h"
#include "sim/xml/read.h"

enum { FIELD_MAX = 32, PARAM_MAX = 32 };

/* Any case and order; unknown or empty is A, a lone P is AP. */
static void read_flags(struct xml_reader *r, const struct xml_node *n, struct xml_field *f)
{
    static const char letters[] = "ATNEUL"; /* in the order of enum xml_flag */
    static const struct xml_text_rule rule = {"InputFlags", 8, XML_TRIM};
    const char *flags = xml_text(r, n, &rule);

    if (!*flags)
        xml_note(r, n->line, "InputItem without InputFlags: A is taken");
    f->flag = XML_FLAG_ANY;
    for (; *flags; flags++) {
        const char *at = strchr(letters, toupper((unsigned char)*flags));
        if (toupper((unsigned char)*flags) == 'P')
            f->password = true;
        else if (at)
            f->flag = (enum xml_flag)(at - letters);
        else
            xml_note(r, n->line, "InputFlags: there is no %c, A is taken", *flags);
    }
    if (f->flag == XML_FLAG_EQUATION && r->column & XML_MPP_ALL) {
        xml_advise(r, n->line, "InputFlags E does not work on this model: A is taken");
        f->flag = XML_FLAG_ANY;
    }
}

static void read_field(struct xml_reader *r, const struct xml_node *n, struct xml_field *f)
{
    static const char *const names[] = {"DisplayName", "QueryStringParam", "DefaultValue",
                                        "InputFlags", NULL};
    static const struct xml_text_rule label = {"DisplayName", FIELD_MAX, XML_COLLAPSE};
    static const struct xml_text_rule param = {"QueryStringParam", PARAM_MAX, XML_TRIM};
    static const struct xml_text_rule value = {"DefaultValue", FIELD_MAX, XML_TRIM};

    xml_check_children(r, n, names, false);
    f->label = xml_text(r, n, &label);
    f->param = xml_text(r, n, &param);
    xml_check_width(r, n->line, "DisplayName", f->label, XML_ROOM_ROW);
    f->value = xml_text(r, n, &value);
    read_flags(r, n, f);
    if (*f->param)
        return;
    if (r->column & XML_MPP_ALL) /* newer parsers */
        xml_refuse(r, n->line, "InputItem without QueryStringParam");
    else
        xml_note(r, n->line, "InputItem without QueryStringParam: its value has no name");
}

static int parse(struct xml_reader *r, const struct xml_node *root, struct xml_page *p)
{
    static const char *const names[] = {"URL", "InputItem", NULL};
    static const struct xml_text_rule url = {"URL", 256, XML_TRIM};

    xml_check_children(r, root, names, true);
    p->url = xml_text(r, root, &url);
    if (!*p->url && r->column & XML_MPP_ALL)
        xml_refuse(r, root->line, "Input without URL");
    else if (!*p->url)
        xml_note(r, root->line, "Input without URL: \"Host not Found\" when it is sent");
    xml_check_uri(r, root->line, "URL", p->url);
    const struct xml_node *target = xml_child(root, "URL");
    if (target && target->attrs)
        xml_advise(r, target->line, "this model sends its forms by GET: %.20s is ignored",
                   target->attrs->name);
    const unsigned n = xml_count(r, root, "InputItem", XML_FIELDS_MAX);
    if (!n || !(p->fields = xml_alloc(r, n * sizeof(*p->fields))))
        return r->err;
    for (const struct xml_node *c = root->children; c && p->n_fields < n; c = c->next) {
        if (xml_is(c, "InputItem"))
            read_field(r, c, &p->fields[p->n_fields++]);
    }
    return r->err;
}

const struct xml_object_type xml_object_input = {
    .root = "CiscoIPPhoneInput",
    .kind = XML_KIND_INPUT,
    .models = XML_DISPLAYS,
    .softkeys = XML_SOFTKEYS_FORM,
    .displayable = true,
    .parse = parse,
    .to_screen = xml_form_screen,
    .key = xml_form_key,
};
