/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/rlmi.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/base/utf8.h"
#include "sim/base/xmldoc.h"

struct reading {
    struct rlmi_list *list;
    struct parse_err *pe;
    rlmi_h *h;
    void *arg;
    struct rlmi_resource resource;
    bool open;    /* a resource is under way */
    bool in_name; /* its name is */
    char text[128];
    size_t text_len;
};

static void attribute(const struct xml_event *ev, const char *name, char *buf, size_t size)
{
    char value[512];

    xml_attribute(ev, name, value, sizeof(value));
    utf8_clean(buf, size, value);
}

static int open_root(struct reading *r, const struct xml_event *ev)
{
    char value[32];

    if (strcmp(ev->name, "list") != 0)
        return parse_err_set(r->pe, EPROTO, ev->line, 0, "the document is no resource list");
    attribute(ev, "uri", r->list->uri, sizeof(r->list->uri));
    attribute(ev, "version", value, sizeof(value));
    r->list->version = (uint32_t)strtoul(value, NULL, 10);
    attribute(ev, "fullState", value, sizeof(value));
    r->list->full = strcasecmp(value, "false") != 0 && strcmp(value, "0") != 0;
    return 0;
}

static void take_instance(struct rlmi_resource *res, const struct xml_event *ev)
{
    char value[32];

    attribute(ev, "state", value, sizeof(value));
    attribute(ev, "cid", res->cid, sizeof(res->cid));
    res->known = true;
    res->state = strcasecmp(value, "active") == 0    ? RLMI_ACTIVE
                 : strcasecmp(value, "pending") == 0 ? RLMI_PENDING
                                                     : RLMI_TERMINATED;
}

static int open_handler(struct reading *r, const struct xml_event *ev)
{
    if (ev->depth == 0)
        return open_root(r, ev);
    if (ev->depth == 1 && strcmp(ev->name, "resource") == 0) {
        memset(&r->resource, 0, sizeof(r->resource));
        attribute(ev, "uri", r->resource.uri, sizeof(r->resource.uri));
        r->open = true;
    } else if (ev->depth == 2 && r->open && strcmp(ev->name, "instance") == 0) {
        take_instance(&r->resource, ev);
    } else if (ev->depth == 2 && r->open && strcmp(ev->name, "name") == 0) {
        r->in_name = true;
        r->text_len = 0;
    }
    return 0;
}

static void close_handler(struct reading *r, unsigned depth)
{
    if (depth == 2 && r->in_name) {
        r->text[r->text_len] = '\0';
        r->in_name = false;
        if (!r->resource.name[0]) /* of several, in several languages */
            utf8_clean(r->resource.name, sizeof(r->resource.name), r->text);
    } else if (depth == 1 && r->open) {
        r->open = false;
        if (r->resource.uri[0])
            r->h(r->list, &r->resource, r->arg);
    }
}

static void add_text(struct reading *r, const char *text)
{
    if (!r->text_len)
        text += strspn(text, " \t\r\n");
    for (; *text && r->text_len + 1 < sizeof(r->text); text++)
        r->text[r->text_len++] = *text;
}

static int walk_handler(const struct xml_event *ev, void *arg)
{
    struct reading *r = arg;
    int err = 0;

    if (ev->kind == XML_OPEN)
        err = open_handler(r, ev);
    else if (ev->kind == XML_TEXT && r->in_name)
        add_text(r, ev->text);
    if (!err && (ev->kind == XML_CLOSE || (ev->kind == XML_OPEN && ev->empty)))
        close_handler(r, ev->depth);
    return err;
}

int rlmi_walk(struct rlmi_list *list, const char *body, size_t len, rlmi_h *h, void *arg,
              struct parse_err *pe)
{
    struct reading r = {.list = list, .pe = pe, .h = h, .arg = arg};

    memset(list, 0, sizeof(*list));
    return xml_walk_body(body, len, RLMI_BODY_MAX, walk_handler, &r, pe);
}
