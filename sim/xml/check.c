/* SPDX-License-Identifier: BSD-3-Clause */
/* What a page asks for that this model does not do, and what its display has no room for: nothing
 * of it makes the page another one, but its author wants to know (xml-services.md 4, 5, 6). */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "devices/model.h"
#include "sim/base/utf8.h"
#include "sim/xml/layout.h"
#include "sim/xml/object.h"
#include "sim/xml/read.h"
#include "sim/xml/xuri.h"

static bool is_https(const char *uri)
{
    return strncasecmp(uri, "https://", 8) == 0;
}

/* One without a scheme is relative to the page. */
static bool has_scheme(const char *uri)
{
    const size_t n = strcspn(uri, ":/?#&=");

    return n && uri[n] == ':';
}

/* A part of the URI may be what a form or a soft key adds. */
static void check_web(struct xml_reader *r, int line, const char *what, const char *uri)
{
    if (is_https(uri) && !xml_takes_https(r->cfg->model))
        xml_advise(r, line, "%s: a %s fetches nothing by HTTPS", what, r->cfg->model->name);
}

void xml_check_uri(struct xml_reader *r, int line, const char *what, const char *uri)
{
    struct xuri u;

    if (!*uri || !has_scheme(uri))
        return;
    const int err = xuri_parse(&u, uri, r->cfg->model);
    if (err == ENOTSUP)
        xml_advise(r, line, "%s: a %s does nothing at %.60s", what, r->cfg->model->name, uri);
    else if (err)
        xml_advise(r, line, "%s: %.60s is not written as such URIs are", what, uri);
    else if (u.kind == XURI_SOFTKEY && !xml_action_fits(r->page->type, uri + 8))
        xml_advise(r, line, "%s: %.40s does nothing on a %s", what, uri, r->page->type->root);
    else
        check_web(r, line, what, uri);
}

void xml_check_down(struct xml_reader *r, int line, const char *uri)
{
    if (strncasecmp(uri, "http://", 7) == 0 || is_https(uri)) /* [DN71] */
        xml_note(r, line, "URLDown takes no HTTP URL: ignored");
    else
        xml_check_uri(r, line, "URLDown", uri);
}

static unsigned characters(const char *text)
{
    unsigned n = 0;

    for (; *text; n++) {
        const size_t len = utf8_len(text);
        text += len ? len : 1;
    }
    return n;
}

void xml_check_width(struct xml_reader *r, int line, const char *what, const char *text,
                     enum xml_room room)
{
    const unsigned n = characters(text);
    struct xml_layout l;

    if (!r->cfg->model->lcd.width_px)
        return;
    xml_layout(&l, r->cfg->model);
    const unsigned has = room == XML_ROOM_SOFTKEY ? l.softkey_chars : l.columns;
    if (n > has)
        xml_advise(r, line, "%s has %u characters, a %s shows %u", what, n, r->cfg->model->name,
                   has);
}
