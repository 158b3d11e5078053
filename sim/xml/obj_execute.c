/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneExecute (xml-services.md 3.11): nothing to show, up to three things to do. */
#include <string.h>
#include <strings.h>

#include "sim/xml/object.h"
#include "sim/xml/read.h"

static bool is_web(const char *url)
{
    return strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0;
}

/* The first three; of HTTP URLs the first only. What is not run keeps its place, as the answer has
 * an item each [DEF]. */
static void read_item(struct xml_reader *r, const struct xml_node *n, bool *has_web)
{
    struct xml_page *p = r->page;
    static const char *const names[] = {"URL", "Priority", NULL};
    struct xml_item it = {.name = "", .icon = XML_NO_ICON};

    xml_check_attrs(r, n, names);
    it.url = xml_attr_text(r, n, "URL", 256);
    it.priority = (uint8_t)xml_attr_int(r, n, "Priority", 0, 2, 0);
    if (!*it.url) {
        it.number = 1;
        xml_note(r, n->line, "ExecuteItem without URL: ignored");
    } else if (strncasecmp(it.url, "SoftKey:", 8) == 0 || strncasecmp(it.url, "Notify:", 7) == 0) {
        it.number = 6;
        xml_note(r, n->line, "%.40s is not allowed in an Execute: ignored", it.url);
    } else if (is_web(it.url) && *has_web) {
        it.number = 6;
        xml_note(r, n->line, "a second HTTP URL in an Execute: ignored");
    } else {
        *has_web = *has_web || is_web(it.url);
        xml_check_uri(r, n->line, "ExecuteItem", it.url);
    }
    p->items[p->n_items++] = it;
}

static int parse(struct xml_reader *r, const struct xml_node *root, struct xml_page *p)
{
    static const char *const names[] = {"ExecuteItem", NULL};
    bool has_web = false;

    xml_check_children(r, root, names, false);
    unsigned n = xml_count(r, root, "ExecuteItem", XML_EXECUTE_MAX);
    if (!n)
        xml_note(r, root->line, "Execute without ExecuteItem: nothing to do");
    if (!n || !(p->items = xml_alloc(r, n * sizeof(*p->items))))
        return r->err;
    for (const struct xml_node *c = root->children; c && n; c = c->next) {
        if (!xml_is(c, "ExecuteItem"))
            continue;
        read_item(r, c, &has_web);
        n--;
    }
    return r->err;
}

const struct xml_object_type xml_object_execute = {
    .root = "CiscoIPPhoneExecute",
    .kind = XML_KIND_EXECUTE,
    .models = XML_BLIND | XML_SPA_LCD | XML_WIP | XML_MPP_ALL,
    .parse = parse,
};
