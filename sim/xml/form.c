/* SPDX-License-Identifier: BSD-3-Clause */
/* Input forms: fields, entry by keypad, the request they make (xml-services.md 3.6, 7.3). */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "devices/model.h"
#include "sim/base/utf8.h"
#include "sim/lcd/screen.h"
#include "sim/xml/layout.h"
#include "sim/xml/object.h"

/* ---- screen */

static unsigned chars_before(const char *text, size_t bytes)
{
    unsigned n = 0;

    for (const char *p = text; *p && p < text + bytes; n++) {
        const size_t len = utf8_len(p);
        p += len ? len : 1;
    }
    return n;
}

/* What is typed may be longer than the row: its end is shown, where the cursor stands. */
static void put_value(const struct xml_view *v, unsigned i, unsigned columns, struct screen *s)
{
    const struct key_entry *e = &v->values[i];
    const unsigned cursor = chars_before(e->text, e->cursor);
    const unsigned skip = cursor >= columns ? cursor - columns + 1 : 0;
    char stars[KEY_ENTRY_BYTES];
    const char *text = e->text;

    if (v->page->fields[i].password) {
        const unsigned n = chars_before(e->text, strlen(e->text));
        memset(stars, '*', n);
        stars[n] = '\0';
        text = stars;
    }
    for (unsigned n = 0; n < skip; n++)
        text += utf8_len(text);
    xml_cut(s->rows[s->n_rows], sizeof(s->rows[0]), text, columns);
    if (i == v->selected) {
        s->input = (uint8_t)(s->n_rows + 1);
        s->cursor = (uint8_t)(cursor - skip);
        snprintf(s->mode, sizeof(s->mode), "%s", key_entry_mode(e));
    }
    s->n_rows++;
}

/* A label row and a value row each; as many fields as there is room for, the focused one among
 * them. */
void xml_form_screen(const struct xml_view *v, struct screen *s)
{
    const unsigned rows = xml_view_rows(v), per_page = rows / 2 ? rows / 2 : 1;
    const unsigned first = v->selected / per_page * per_page;
    struct xml_layout l;

    xml_layout(&l, v->model);
    for (unsigned i = first; i < v->page->n_fields && i < first + per_page; i++) {
        if (rows > 1)
            xml_cut(s->rows[s->n_rows++], sizeof(s->rows[0]), v->page->fields[i].label, l.columns);
        put_value(v, i, l.columns, s);
    }
    s->first = (uint16_t)(first * (rows > 1 ? 2 : 1));
    s->total = (uint16_t)(v->page->n_fields * (rows > 1 ? 2 : 1));
}

/* ---- keys */

static enum xml_key_result move(struct xml_view *v, int step)
{
    const int n = v->page->n_fields, at = (int)v->selected + step;

    if (at < 0 || at >= n)
        return XML_KEY_IGNORED;
    key_entry_move(&v->values[v->selected], 0);
    v->selected = (uint16_t)at;
    return XML_KEY_HANDLED;
}

enum xml_key_result xml_form_key(struct xml_view *v, const struct xml_key *k, struct xml_action *a)
{
    bool changed = false;

    (void)a;
    if (!v->values)
        return XML_KEY_IGNORED;
    struct key_entry *e = &v->values[v->selected];
    if (k->digit)
        changed = key_entry_press(e, k->digit, k->now_ms);
    else if (strcmp(k->name, "left") == 0)
        changed = key_entry_move(e, -1);
    else if (strcmp(k->name, "right") == 0)
        changed = key_entry_move(e, 1);
    else if (strcmp(k->name, "up") == 0)
        return move(v, -1);
    else if (strcmp(k->name, "down") == 0)
        return move(v, 1);
    else
        return XML_KEY_IGNORED;
    /* keys of the form are its own, also where they enter nothing */
    return changed ? XML_KEY_HANDLED : k->digit ? XML_KEY_HANDLED : XML_KEY_IGNORED;
}

/* ---- request */

struct request {
    char *buf;
    size_t size, len;
    bool full;
};

static void put(struct request *r, const char *text)
{
    const int n = snprintf(r->buf + r->len, r->size - r->len, "%s", text);

    if (n < 0 || r->len + (size_t)n >= r->size)
        r->full = true;
    else
        r->len += (size_t)n;
}

/* RFC 3986 unreserved kept, space as %20, in the page's encoding [DEF]. */
static void put_encoded(struct request *r, const char *text, bool latin1)
{
    char hex[4];

    for (const unsigned char *p = (const unsigned char *)text; *p && !r->full; p++) {
        unsigned char c = *p;
        if (latin1 && (c == 0xc2 || c == 0xc3) && p[1])
            c = (unsigned char)(c << 6 | (*++p & 0x3f));
        if (isalnum(c) || strchr("-._~", c)) {
            put(r, (const char[]){(char)c, '\0'});
        } else {
            snprintf(hex, sizeof(hex), "%%%02X", c);
            put(r, hex);
        }
    }
}

enum xml_key_result xml_form_submit(const struct xml_view *v, struct xml_action *a)
{
    const struct xml_page *p = v->page;
    struct request r = {.buf = a->uri, .size = sizeof(a->uri)};

    a->what = XML_DO_URI;
    a->uri[0] = '\0';
    put(&r, p->url);
    for (unsigned i = 0; i < p->n_fields; i++) {
        put(&r, i || strchr(p->url, '?') ? "&" : "?");
        put(&r, p->fields[i].param);
        put(&r, "=");
        put_encoded(&r, v->values[i].text, p->latin1);
    }
    return r.full ? XML_KEY_IGNORED : XML_KEY_ACTION;
}
