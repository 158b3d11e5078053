/* SPDX-License-Identifier: BSD-3-Clause */
/* What displayable objects share (xml-services.md 2 and 4). */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "sim/xml/object.h"
#include "sim/xml/read.h"

enum { TITLE_MAX = 32, PROMPT_MAX = 32, SOFTKEY_NAME_MAX = 32, URL_MAX = 256, APP_ID_MAX = 64 };

static const struct xml_text_rule url_rule = {"URL", URL_MAX, XML_TRIM};
static const struct xml_text_rule url_down_rule = {"URLDown", URL_MAX, XML_TRIM};

/* ---- soft keys */

static bool position_taken(const struct xml_page *p, unsigned n, int position)
{
    for (unsigned i = 0; i < n; i++) {
        if (p->softkeys[i].position == position)
            return true;
    }
    return false;
}

static void read_softkey(struct xml_reader *r, const struct xml_node *n, struct xml_softkey *k)
{
    static const char *const names[] = {"Name", "Position", "URL", "URLDown", NULL};
    static const struct xml_text_rule name = {"Name", SOFTKEY_NAME_MAX, XML_COLLAPSE};

    xml_check_children(r, n, names, false);
    k->name = xml_text(r, n, &name);
    k->url = xml_text(r, n, &url_rule);
    k->url_down = xml_text(r, n, &url_down_rule);
    k->position = (int8_t)xml_int(r, n, "Position", -1, XML_POSITIONS_MAX, 0);
    if (k->position > XML_SOFTKEYS_MAX || k->position < 0)
        xml_advise(r, n->line, "Position %d: the schema has 1 to %d", k->position,
                   XML_SOFTKEYS_MAX);
    xml_check_width(r, n->line, "SoftKeyItem's Name", k->name, XML_ROOM_SOFTKEY);
    xml_check_uri(r, n->line, "SoftKeyItem", k->url);
    xml_check_down(r, n->line, k->url_down);
}

/* Two items with one position: the later wins (4.1 [DEF]). */
static void place(struct xml_reader *r, int line, const struct xml_softkey *k)
{
    struct xml_page *p = r->page;

    for (unsigned i = 0; i < p->n_softkeys; i++) {
        if (k->position && p->softkeys[i].position == k->position) {
            xml_note(r, line, "two soft keys at position %d: the later wins", k->position);
            p->softkeys[i] = *k;
            return;
        }
    }
    p->softkeys[p->n_softkeys++] = *k;
}

/* No Position: the lowest free one, in document order (4.1 [DEF]). */
static void number_softkeys(struct xml_reader *r)
{
    struct xml_page *p = r->page;

    for (unsigned i = 0; i < p->n_softkeys; i++) {
        int8_t free_one = 1;
        if (p->softkeys[i].position)
            continue;
        while (position_taken(p, p->n_softkeys, free_one))
            free_one++;
        p->softkeys[i].position = free_one;
    }
}

static void read_softkeys(struct xml_reader *r, const struct xml_node *root)
{
    const struct xml_node *first = xml_child(root, "SoftKeyItem");

    if (first && r->column == XML_CP79) { /* 3.13 [AG79] */
        xml_advise(r, first->line, "this model knows no SoftKeyItem: ignored");
        return;
    }
    unsigned n = xml_count(r, root, "SoftKeyItem", XML_SOFTKEYS_MAX);
    if (!n || !(r->page->softkeys = xml_alloc(r, n * sizeof(*r->page->softkeys))))
        return;
    for (const struct xml_node *c = root->children; c && n; c = c->next) {
        struct xml_softkey k;
        if (!xml_is(c, "SoftKeyItem"))
            continue;
        read_softkey(r, c, &k);
        if (!k.position)
            xml_note(r, c->line, "SoftKeyItem without Position: the lowest free one taken");
        place(r, c->line, &k);
        n--;
    }
    number_softkeys(r);
}

/* ---- hard keys */

static bool known_key(const char *key)
{
    static const char *const keys[] = {"KeyPadStar", "KeyPadPound", "NavUp",     "NavDown",
                                       "NavLeft",    "NavRight",    "NavSelect", "NavBack",
                                       "PushToTalk", "NavDwn",      NULL};

    if (strncasecmp(key, "KeyPad", 6) == 0 && isdigit((unsigned char)key[6]) && !key[7])
        return true;
    for (const char *const *k = keys; *k; k++) {
        if (strcasecmp(*k, key) == 0)
            return true;
    }
    return false;
}

static void read_key(struct xml_reader *r, const struct xml_node *n, struct xml_keyitem *k)
{
    static const char *const names[] = {"Key", "URL", "URLDown", NULL};
    static const struct xml_text_rule key = {"Key", 32, XML_TRIM};

    xml_check_children(r, n, names, false);
    k->key = xml_text(r, n, &key);
    k->url = xml_text(r, n, &url_rule);
    k->url_down = xml_text(r, n, &url_down_rule);
    if (!known_key(k->key))
        xml_note(r, n->line, "KeyItem: there is no key \"%s\"", k->key);
    xml_check_uri(r, n->line, "KeyItem", k->url);
    xml_check_down(r, n->line, k->url_down);
}

static void read_keys(struct xml_reader *r, const struct xml_node *root)
{
    const struct xml_node *first = xml_child(root, "KeyItem");
    struct xml_page *p = r->page;

    if (first && r->column == XML_CP79) { /* 4.2 */
        xml_advise(r, first->line, "this model knows no KeyItem: ignored");
        return;
    }
    const unsigned n = xml_count(r, root, "KeyItem", XML_KEYITEMS_MAX);
    if (!n || !(p->keys = xml_alloc(r, n * sizeof(*p->keys))))
        return;
    for (const struct xml_node *c = root->children; c && p->n_keys < n; c = c->next) {
        if (xml_is(c, "KeyItem"))
            read_key(r, c, &p->keys[p->n_keys++]);
    }
}

/* ---- root */

/* Title and Prompt on this display; a title's icon is for newer phones [DN71]. */
static void check_head(struct xml_reader *r, const struct xml_node *root)
{
    const struct xml_node *title = xml_child(root, "Title"), *prompt = xml_child(root, "Prompt");

    if (title)
        xml_check_width(r, title->line, "Title", r->page->title, XML_ROOM_ROW);
    if (prompt)
        xml_check_width(r, prompt->line, "Prompt", r->page->prompt, XML_ROOM_ROW);
    if (title && title->attrs && strcasecmp(title->attrs->name, "IconIndex") == 0)
        xml_advise(r, title->line, "IconIndex of the Title: this model draws no icon there");
}

static void check_target(struct xml_reader *r, const struct xml_attr *a, int line)
{
    static const char *const targets[] = {"application", "applicationCall", "activeCall", NULL};
    const char *const *t = targets;

    while (*t && strcasecmp(*t, a->value) != 0)
        t++;
    r->page->digits_to_call = strcasecmp(a->value, "activeCall") == 0;
    if (!*t)
        xml_note(r, line, "keypadTarget is none of application, applicationCall and activeCall");
}

/* Event handlers are parsed and ignored on these families (section 2 [DEF]). */
static void check_attributes(struct xml_reader *r, const struct xml_node *root)
{
    static const char *const known[] = {
        "keypadTarget",     "appId",       "onAppFocusLost", "WindowMode",     "Number",
        "onAppFocusGained", "onAppClosed", "IconIndex",      "onAppMinimized", NULL};

    for (const struct xml_attr *a = root->attrs; a; a = a->next) {
        const char *const *k = known;
        while (*k && strcasecmp(*k, a->name) != 0)
            k++;
        if (strcasecmp(a->name, "keypadTarget") == 0)
            check_target(r, a, root->line);
        if (strncasecmp(a->name, "onApp", 5) == 0)
            xml_advise(r, root->line, "%s: this model runs no event handlers", *k ? *k : "onApp");
        else if (!*k && strncmp(a->name, "xmlns", 5) != 0 && strcmp(a->name, "schemaLocation") != 0)
            xml_note(r, root->line, "attribute %.40s is not known: ignored", a->name);
    }
}

void xml_read_common(struct xml_reader *r, const struct xml_node *root)
{
    static const struct xml_text_rule title = {"Title", TITLE_MAX, XML_COLLAPSE};
    static const struct xml_text_rule prompt = {"Prompt", PROMPT_MAX, XML_COLLAPSE};

    check_attributes(r, root);
    r->page->title = xml_text(r, root, &title);
    r->page->prompt = xml_text(r, root, &prompt);
    r->page->app_id = xml_attr_text(r, root, "appId", APP_ID_MAX);
    check_head(r, root);
    read_softkeys(r, root);
    read_keys(r, root);
}

void xml_read_location(struct xml_reader *r, const struct xml_node *n, int max_x, int max_y,
                       struct xml_picture *pic)
{
    pic->x = (int16_t)xml_int(r, n, "LocationX", -1, max_x, 0);
    pic->y = (int16_t)xml_int(r, n, "LocationY", -1, max_y, 0);
}

/* ---- menus */

static void read_touch(struct xml_reader *r, const struct xml_node *n, struct xml_item *it)
{
    static const char *const names[] = {"X1", "Y1", "X2", "Y2"};
    const struct xml_node *area = xml_child(n, "TouchArea");

    if (!area)
        return;
    it->touchable = true;
    for (unsigned i = 0; i < 4; i++) {
        const int32_t at = xml_attr_int(r, area, names[i], 0, UINT16_MAX, -1);
        it->touchable = it->touchable && at >= 0;
        it->touch[i] = at < 0 ? 0 : (uint16_t)at;
    }
    if (!it->touchable)
        xml_note(r, area->line, "TouchArea needs X1, Y1, X2 and Y2 as numbers: ignored");
}

/* QueryStringParam: is half of a URI (5.2); wide names move, but on a 79xx. */
static void check_item(struct xml_reader *r, const struct xml_node *n, const struct xml_item *it)
{
    if (strncasecmp(it->url, "QueryStringParam:", 17) != 0 || r->column & XML_MPP_ALL)
        xml_check_uri(r, n->line, "MenuItem", it->url);
    if (r->column == XML_CP79 && r->page->type->softkeys == XML_SOFTKEYS_LIST)
        xml_check_width(r, n->line, "MenuItem's Name", it->name, XML_ROOM_ROW);
}

static void read_item(struct xml_reader *r, const struct xml_node *n,
                      const struct xml_menu_rule *rule, struct xml_item *it)
{
    static const char *const plain[] = {"Name", "URL", NULL};
    static const char *const icons[] = {"Name", "URL", "IconIndex", NULL};
    static const char *const touch[] = {"Name", "URL", "TouchArea", NULL};
    const struct xml_text_rule name = {"Name", rule->max_name, XML_NAME};

    xml_check_children(r, n, rule->icons ? icons : rule->touch ? touch : plain, false);
    it->name = xml_text(r, n, &name);
    it->url = xml_text(r, n, &url_rule);
    it->icon = rule->icons ? (uint8_t)xml_int(r, n, "IconIndex", 0, 9, XML_NO_ICON) : XML_NO_ICON;
    if (rule->touch)
        read_touch(r, n, it);
    if (!*it->name && r->page->type->softkeys == XML_SOFTKEYS_LIST) /* old parsers stopped (3.3) */
        xml_note(r, n->line, "MenuItem without Name: a blank line");
    if (!*it->url)
        xml_advise(r, n->line, "MenuItem without URL: selecting it does nothing");
    check_item(r, n, it);
}

void xml_read_menu_items(struct xml_reader *r, const struct xml_node *root,
                         const struct xml_menu_rule *rule)
{
    struct xml_page *p = r->page;
    const unsigned n = xml_count(r, root, "MenuItem", rule->max_items);

    if (!n || !(p->items = xml_alloc(r, n * sizeof(*p->items))))
        return;
    for (const struct xml_node *c = root->children; c && p->n_items < n; c = c->next) {
        if (xml_is(c, "MenuItem"))
            read_item(r, c, rule, &p->items[p->n_items++]);
    }
}
