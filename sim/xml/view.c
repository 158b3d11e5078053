/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/xml/view.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "devices/model.h"
#include "sim/lcd/screen.h"
#include "sim/xml/layout.h"
#include "sim/xml/object.h"

static enum key_set set_of(enum xml_flag flag)
{
    switch (flag) {
    case XML_FLAG_PHONE:
        return KEY_SET_DIAL;
    case XML_FLAG_NUMBER:
        return KEY_SET_DIGITS;
    case XML_FLAG_EQUATION:
        return KEY_SET_MATH;
    case XML_FLAG_UPPER:
        return KEY_SET_UPPER;
    case XML_FLAG_LOWER:
        return KEY_SET_LOWER;
    case XML_FLAG_ANY:
        break;
    }
    return KEY_SET_ANY;
}

int xml_view_init(struct xml_view *v, const struct xml_page *p, const struct device_model *m)
{
    *v = (struct xml_view){.page = p, .model = m};
    if (!p->n_fields)
        return 0;
    v->values = calloc(p->n_fields, sizeof(*v->values));
    if (!v->values)
        return ENOMEM;
    for (unsigned i = 0; i < p->n_fields; i++)
        key_entry_init(&v->values[i], set_of(p->fields[i].flag), p->fields[i].value);
    return 0;
}

void xml_view_reset(struct xml_view *v)
{
    free(v->values);
    *v = (struct xml_view){.page = NULL};
}

/* ---- screen */

static const char *title_of(const struct xml_view *v)
{
    return *v->page->title ? v->page->title : v->title ? v->title : "";
}

static const char *prompt_of(const struct xml_view *v)
{
    return v->notice ? v->notice : v->page->prompt;
}

static bool title_shown(const struct xml_view *v, const struct xml_layout *l)
{
    return *title_of(v) && !(l->title_scrolls && v->top && v->page->n_items);
}

unsigned xml_view_rows(const struct xml_view *v)
{
    struct xml_layout l;

    xml_layout(&l, v->model);
    const unsigned taken = title_shown(v, &l) + (*prompt_of(v) != '\0');
    return l.rows > taken ? l.rows - taken : 1;
}

static void put_softkeys(const struct xml_view *v, const struct xml_layout *l, struct screen *s)
{
    struct xml_softkey_cells cells;

    xml_softkeys(v, &cells);
    s->n_softkeys = cells.n < SCREEN_SOFTKEYS ? cells.n : SCREEN_SOFTKEYS;
    for (unsigned i = 0; i < s->n_softkeys; i++)
        xml_cut(s->softkeys[i], sizeof(s->softkeys[i]),
                cells.cells[i].label ? cells.cells[i].label : "", l->softkey_chars);
}

void xml_view_screen(const struct xml_view *view, struct screen *s)
{
    struct xml_view copy = *view, *v = &copy;
    struct xml_layout l;

    screen_clear(s, "xml");
    if (!v->page || !v->page->type->to_screen || !v->model->lcd.width_px)
        return;
    if (v->page->n_items) /* a notice may have taken a row */
        xml_list_settle(v);
    xml_layout(&l, v->model);
    v->page->type->to_screen(v, s);
    if (!v->page->type->displayable)
        return;
    if (title_shown(v, &l))
        xml_cut(s->title, sizeof(s->title), title_of(v), l.columns);
    xml_cut(s->prompt, sizeof(s->prompt), prompt_of(v), l.columns);
    put_softkeys(v, &l, s);
}

/* ---- keys */

/* KeyItem names (4.2) of the keys of devices/keys.h. */
static const char *keyitem_name(const struct xml_key *k, char buf[16])
{
    static const struct {
        const char *key, *item;
    } names[] = {{"up", "NavUp"},       {"down", "NavDown"},     {"left", "NavLeft"},
                 {"right", "NavRight"}, {"select", "NavSelect"}, {"back", "NavBack"}};

    if (k->digit) {
        snprintf(buf, 16, "KeyPad%s",
                 k->digit == '*'   ? "Star"
                 : k->digit == '#' ? "Pound"
                                   : (const char[]){k->digit, '\0'});
        return buf;
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i].key, k->name) == 0)
            return names[i].item;
    }
    return NULL;
}

static const struct xml_keyitem *find_keyitem(const struct xml_view *v, const struct xml_key *k)
{
    char buf[16];
    const char *name = v->page->n_keys ? keyitem_name(k, buf) : NULL;

    for (unsigned i = 0; name && i < v->page->n_keys; i++) {
        const struct xml_keyitem *item = &v->page->keys[i];
        if (strcasecmp(item->key, name) == 0 ||
            (strcmp(name, "NavDown") == 0 && strcasecmp(item->key, "NavDwn") == 0))
            return item;
    }
    return NULL;
}

static bool is_web(const char *uri)
{
    return strncasecmp(uri, "http://", 7) == 0 || strncasecmp(uri, "https://", 8) == 0;
}

/* URLDown is for the press and takes internal URIs only, URL for the release (4.1 [DN71]). */
static enum xml_key_result press(struct xml_view *v, const char *url, const char *down,
                                 struct xml_action *a)
{
    const enum xml_key_result result = url && *url ? xml_view_run(v, url, a) : XML_KEY_IGNORED;

    if (!down || !*down || is_web(down))
        return result;
    if (result != XML_KEY_ACTION) {
        a->what = XML_DO_NOTHING;
        a->uri[0] = '\0';
    }
    a->down = down;
    return XML_KEY_ACTION;
}

/* Position -1: the key that opens the menus, not drawn (4.1 [DNMPP]). */
static const struct xml_softkey *menu_key(const struct xml_view *v, const char *key)
{
    for (unsigned i = 0; strcmp(key, "setup") == 0 && i < v->page->n_softkeys; i++) {
        if (v->page->softkeys[i].position == -1)
            return &v->page->softkeys[i];
    }
    return NULL;
}

static enum xml_key_result press_softkey(struct xml_view *v, unsigned i, struct xml_action *a)
{
    struct xml_softkey_cells cells;

    xml_softkeys(v, &cells);
    return i < cells.n ? press(v, cells.cells[i].uri, cells.cells[i].down, a) : XML_KEY_IGNORED;
}

enum xml_key_result xml_view_key(struct xml_view *v, const struct xml_key *k, struct xml_action *a)
{
    const struct xml_keyitem *item;

    a->down = NULL;
    if (!v->page || !v->page->type->displayable)
        return XML_KEY_IGNORED;
    if (strncmp(k->name, "soft", 4) == 0 && k->name[4] >= '1' && k->name[4] <= '4')
        return press_softkey(v, (unsigned)(k->name[4] - '1'), a);
    const struct xml_softkey *menu = menu_key(v, k->name);
    if (menu)
        return press(v, menu->url, menu->url_down, a);
    item = find_keyitem(v, k);
    if (item) /* the key's normal effect is replaced */
        return press(v, item->url, item->url_down, a);
    const enum xml_key_result result =
        v->page->type->key ? v->page->type->key(v, k, a) : XML_KEY_IGNORED;
    if (result == XML_KEY_IGNORED && strcmp(k->name, "back") == 0) {
        a->what = XML_DO_EXIT;
        return XML_KEY_ACTION;
    }
    return result;
}

static bool lies_between(int at, int one, int other)
{
    return one < other ? at >= one && at <= other : at >= other && at <= one;
}

enum xml_key_result xml_view_touch(struct xml_view *v, int x, int y, struct xml_action *a)
{
    const struct xml_page *p = v->page;

    a->down = NULL;
    for (unsigned i = 0; p && i < p->n_items; i++) {
        const uint16_t *t = p->items[i].touch; /* X1 Y1 X2 Y2, which belong to it [DEF] */
        if (p->items[i].touchable && lies_between(x, t[0], t[2]) && lies_between(y, t[1], t[3]))
            return xml_list_select(v, i, true, a);
    }
    return XML_KEY_IGNORED;
}

uint64_t xml_view_deadline(const struct xml_view *v)
{
    return v->page && v->first_digit ? v->digit_until_ms : 0;
}

enum xml_key_result xml_view_tick(struct xml_view *v, uint64_t now_ms, struct xml_action *a)
{
    const unsigned digit = v->first_digit;

    a->down = NULL;
    if (!xml_view_deadline(v) || now_ms < v->digit_until_ms)
        return XML_KEY_IGNORED;
    v->first_digit = 0;
    return xml_list_select(v, digit - 1, true, a);
}

/* ---- URIs of the page */

static const char *query_data(const char *uri)
{
    static const char scheme[] = "QueryStringParam:";

    return strncasecmp(uri, scheme, sizeof(scheme) - 1) == 0 ? uri + sizeof(scheme) - 1 : NULL;
}

static enum xml_key_result do_uri(struct xml_action *a, const char *url, const char *data)
{
    const char *sep = !data ? "" : strchr(url, '?') ? "&" : "?";
    const int n = snprintf(a->uri, sizeof(a->uri), "%s%s%s", url, sep, data ? data : "");

    a->what = XML_DO_URI;
    return n >= 0 && (size_t)n < sizeof(a->uri) ? XML_KEY_ACTION : XML_KEY_IGNORED;
}

static enum xml_key_result do_entry(const struct xml_view *v, enum xml_do what,
                                    struct xml_action *a)
{
    const struct xml_page *p = v->page;

    if (p->type->kind != XML_KIND_DIRECTORY || v->selected >= p->n_items ||
        !*p->items[v->selected].url)
        return XML_KEY_IGNORED;
    a->what = what;
    snprintf(a->uri, sizeof(a->uri), "%s", p->items[v->selected].url);
    return XML_KEY_ACTION;
}

static enum xml_key_result do_simple(enum xml_do what, struct xml_action *a)
{
    a->what = what;
    a->uri[0] = '\0';
    return XML_KEY_ACTION;
}

static enum xml_key_result delete_char(struct xml_view *v)
{
    return v->values && key_entry_delete(&v->values[v->selected]) ? XML_KEY_HANDLED
                                                                  : XML_KEY_IGNORED;
}

/* Section 5.4; what does not fit the object is ignored. */
static enum xml_key_result softkey_action(struct xml_view *v, const char *name,
                                          struct xml_action *a)
{
    const enum xml_kind kind = v->page->type->kind;
    const bool directory = kind == XML_KIND_DIRECTORY, input = kind == XML_KIND_INPUT;
    const bool text = v->page->type->softkeys == XML_SOFTKEYS_TEXT;

    if (strcasecmp(name, "Exit") == 0 || strcasecmp(name, "Back") == 0)
        return do_simple(XML_DO_EXIT, a);
    if (strcasecmp(name, "Select") == 0 && v->page->n_items)
        return xml_list_select(v, v->selected, false, a);
    if (strcasecmp(name, "Update") == 0 && (text || directory))
        return do_simple(XML_DO_UPDATE, a);
    if (input &&
        (strcasecmp(name, "Submit") == 0 || (strcasecmp(name, "Search") == 0 && v->directories)))
        return xml_form_submit(v, a);
    if (input && strcasecmp(name, "Cancel") == 0)
        return do_simple(XML_DO_EXIT, a);
    if (input && strcmp(name, "<<") == 0)
        return delete_char(v);
    if (directory && strcasecmp(name, "Next") == 0)
        return do_simple(XML_DO_NEXT, a);
    if (strcasecmp(name, "Dial") == 0)
        return do_entry(v, XML_DO_DIAL, a);
    if (strcasecmp(name, "EditDial") == 0)
        return do_entry(v, XML_DO_EDIT_DIAL, a);
    if (strcmp(name, "?more") == 0) {
        v->softkey_page++;
        return XML_KEY_HANDLED;
    }
    if (input && strcmp(name, "?mode") == 0)
        return v->values && key_entry_next_mode(&v->values[v->selected]) ? XML_KEY_HANDLED
                                                                         : XML_KEY_IGNORED;
    return XML_KEY_IGNORED;
}

enum xml_key_result xml_view_run(struct xml_view *v, const char *uri, struct xml_action *a)
{
    const struct xml_page *p = v->page;
    const char *item = v->selected < p->n_items && p->type->kind != XML_KIND_DIRECTORY
                           ? p->items[v->selected].url
                           : "";

    if (!*uri)
        return XML_KEY_IGNORED;
    if (strncasecmp(uri, "SoftKey:", 8) == 0)
        return softkey_action(v, uri + 8, a);
    if (query_data(uri)) { /* 5.2 b */
        const bool works = is_web(item) && v->model->family != FAMILY_MPP68XX;
        return works ? do_uri(a, item, query_data(uri)) : XML_KEY_IGNORED;
    }
    if (is_web(uri) && query_data(item) && v->model->family != FAMILY_MPP68XX) /* 5.2 a */
        return do_uri(a, uri, query_data(item));
    return do_uri(a, uri, NULL);
}
