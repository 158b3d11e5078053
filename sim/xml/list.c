/* SPDX-License-Identifier: BSD-3-Clause */
/* Menus and directories: numbered rows, highlight, digits (xml-services.md 6, 7.1). */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "devices/model.h"
#include "sim/base/utf8.h"
#include "sim/lcd/image.h"
#include "sim/lcd/screen.h"
#include "sim/xml/layout.h"
#include "sim/xml/object.h"
#include "sim/xml/resource.h"

enum { DIGIT_WAIT_MS = 2000, NAME_LINES = 3, ICON_COLUMNS = 3, ICON_PX = XML_RESOURCE_PX };

/* A colour screen gives an entry two lines: name, then number (devices.md 7). */
static bool two_lines(const struct xml_view *v)
{
    return v->page->type->kind == XML_KIND_DIRECTORY && v->model->family == FAMILY_SPA525;
}

/* A name may hold two carriage returns (3.3). */
static unsigned rows_of(const struct xml_view *v, unsigned i)
{
    unsigned n = 1;

    for (const char *p = v->page->items[i].name; (p = strchr(p, '\r')) && n < NAME_LINES; p++)
        n++;
    return n;
}

/* Lines it takes on the display. */
static unsigned height(const struct xml_view *v, unsigned i)
{
    return rows_of(v, i) + two_lines(v);
}

static unsigned capacity(const struct xml_view *v)
{
    return two_lines(v) && xml_view_rows(v) == 7 ? 8 : xml_view_rows(v);
}

/* Items shown from top on; one at least. */
static unsigned visible(const struct xml_view *v)
{
    const unsigned rows = capacity(v);
    unsigned n = 0, used = 0;

    while (v->top + n < v->page->n_items) {
        used += height(v, v->top + n);
        if (used > rows && n)
            break;
        n++;
    }
    return n ? n : 1;
}

void xml_list_settle(struct xml_view *v)
{
    if (v->selected < v->top)
        v->top = v->selected;
    while (v->selected >= v->top + visible(v))
        v->top++;
}

/* ---- screen */

static void put_icon(const struct xml_view *v, unsigned item, struct screen_picture *out)
{
    const struct xml_page *p = v->page;

    for (unsigned i = 0; i < p->n_icons; i++) {
        const struct xml_picture *pic = &p->icons[i].picture;
        const struct image *file = v->files[i + 1];
        if (p->icons[i].index != p->items[item].icon)
            continue;
        if (p->icons[i].shape)
            *out = (struct screen_picture){
                .width = ICON_PX, .height = ICON_PX, .shape = p->icons[i].shape};
        else if (file)
            *out = (struct screen_picture){
                .width = (uint16_t)(file->width < ICON_PX ? file->width : ICON_PX),
                .height = (uint16_t)(file->height < ICON_PX ? file->height : ICON_PX),
                .file = file};
        else if (pic->data)
            *out = (struct screen_picture){
                .width = pic->width, .height = pic->height, .data = pic->data};
    }
}

/* The line of the name that begins at *line, as far as it has moved out of its row; the number
 * stays (7.1 [SPA941]; not on a 79xx [DEF]). */
static size_t move_line(const struct xml_view *v, unsigned room, const char **line, size_t len)
{
    const unsigned n = utf8_count(*line, len);
    const char *end = *line + len;

    if (n <= room || v->model->family == FAMILY_CP79XX)
        return len;
    for (unsigned k = xml_moved(n - room, v->still_ms); k; k--) {
        const size_t step = utf8_len(*line);
        *line += step ? step : 1;
    }
    return (size_t)(end - *line);
}

/* "1 name", the further lines of a name below it; a colour screen's number in the same row. */
static void put_item(const struct xml_view *v, unsigned i, unsigned columns, struct screen *s)
{
    const struct xml_item *it = &v->page->items[i];
    const char *name = it->name;
    char text[SCREEN_COLS * 4], *row;

    if (it->icon != XML_NO_ICON)
        put_icon(v, i, &s->row_pictures[s->n_rows]);
    for (unsigned line = 0; line < rows_of(v, i) && s->n_rows < SCREEN_ROWS; line++) {
        const size_t len = strcspn(name, "\r");
        const unsigned before = (line || i < 9 ? 2
                                 : i < 99      ? 3
                                               : 4) +
                                (it->icon != XML_NO_ICON ? ICON_COLUMNS : 0);
        const char *seen = name;
        size_t n = len;
        if (i == v->selected)
            n = move_line(v, columns - before, &seen, len);
        if (!line)
            snprintf(text, sizeof(text), "%u %.*s", i + 1, (int)n, seen);
        else
            snprintf(text, sizeof(text), "  %.*s", (int)n, seen);
        row = s->rows[s->n_rows++];
        xml_cut(row, sizeof(s->rows[0]), text, columns);
        name += len + (name[len] == '\r');
    }
    if (two_lines(v) && s->n_rows) {
        row = s->rows[s->n_rows - 1];
        snprintf(text, sizeof(text), "%s\n%s", row, it->url);
        xml_cut(row, sizeof(s->rows[0]), text, SCREEN_COLS);
    }
}

void xml_list_screen(const struct xml_view *v, struct screen *s)
{
    const unsigned n = visible(v);
    struct xml_layout l;

    xml_layout(&l, v->model);
    for (unsigned i = 0; i < v->page->n_items; i++) {
        s->first = (uint16_t)(s->first + (i < v->top ? rows_of(v, i) : 0));
        s->total = (uint16_t)(s->total + rows_of(v, i));
    }
    for (unsigned i = v->top; i < v->top + n && i < v->page->n_items; i++) {
        if (i == v->selected)
            s->selected = (uint8_t)(s->n_rows + 1);
        put_item(v, i, l.columns, s);
        if (s->n_rows > capacity(v))
            s->n_rows = capacity(v);
    }
}

/* ---- keys */

enum xml_key_result xml_list_select(struct xml_view *v, unsigned i, bool by_digit,
                                    struct xml_action *a)
{
    const struct xml_page *p = v->page;

    if (i >= p->n_items)
        return XML_KEY_IGNORED;
    const char *url = p->items[i].url;
    v->selected = (uint16_t)i;
    xml_list_settle(v);
    if (!*url || (by_digit && strncasecmp(url, "QueryStringParam:", 17) == 0))
        return XML_KEY_HANDLED;
    if (p->type->kind == XML_KIND_DIRECTORY) {
        a->what = XML_DO_DIAL;
        snprintf(a->uri, sizeof(a->uri), "%s", url);
        return XML_KEY_ACTION;
    }
    if (strncasecmp(url, "QueryStringParam:", 17) == 0)
        return XML_KEY_HANDLED;                 /* for a soft key of the page */
    if (strcasecmp(url, "SoftKey:Select") == 0) /* it would select itself for ever */
        return XML_KEY_HANDLED;
    if (v->model->family == FAMILY_CP79XX && strncasecmp(url, "SoftKey:", 8) == 0) {
        a->what = XML_DO_URI; /* no URI of that phone's (5): its browser says so */
        snprintf(a->uri, sizeof(a->uri), "%s", url);
        return XML_KEY_ACTION;
    }
    return xml_view_run(v, url, a);
}

/* Two digits within 2 s make one number; what cannot grow counts at once (7.1). */
static enum xml_key_result press_digit(struct xml_view *v, unsigned digit, uint64_t now_ms,
                                       struct xml_action *a)
{
    const unsigned n = v->page->n_items;

    if (v->first_digit && now_ms < v->digit_until_ms) {
        const unsigned both = v->first_digit * 10u + digit;
        v->first_digit = 0;
        return both <= n ? xml_list_select(v, both - 1, true, a) : XML_KEY_HANDLED;
    }
    v->first_digit = 0;
    if (!digit || digit > n) /* leading zeros are ignored */
        return XML_KEY_IGNORED;
    if (n < digit * 10)
        return xml_list_select(v, digit - 1, true, a);
    v->first_digit = (uint8_t)digit;
    v->digit_until_ms = now_ms + DIGIT_WAIT_MS;
    v->selected = (uint16_t)(digit - 1);
    xml_list_settle(v);
    return XML_KEY_HANDLED;
}

static enum xml_key_result move(struct xml_view *v, int step)
{
    const int n = v->page->n_items, at = (int)v->selected + step;
    const bool wraps = v->model->family != FAMILY_CP79XX; /* SPA [SPA941]; 79xx [DEF] */

    if (n < 2 || (!wraps && (at < 0 || at >= n)))
        return XML_KEY_IGNORED;
    v->selected = (uint16_t)((at + n) % n);
    v->first_digit = 0;
    xml_list_settle(v);
    return XML_KEY_HANDLED;
}

static bool opens_audio(const char *key)
{
    return strcmp(key, "hook") == 0 || strcmp(key, "speaker") == 0 || strcmp(key, "headset") == 0 ||
           strncmp(key, "line", 4) == 0;
}

enum xml_key_result xml_list_key(struct xml_view *v, const struct xml_key *k, struct xml_action *a)
{
    const struct xml_page *p = v->page;
    const bool drawn = p->type->to_screen == xml_list_screen; /* a graphic menu has digits only */

    if (k->digit >= '0' && k->digit <= '9')
        return press_digit(v, (unsigned)(k->digit - '0'), k->now_ms, a);
    if (!drawn || v->selected >= p->n_items)
        return XML_KEY_IGNORED;
    if (strcmp(k->name, "up") == 0)
        return move(v, -1);
    if (strcmp(k->name, "down") == 0)
        return move(v, 1);
    if (strcmp(k->name, "select") == 0)
        return xml_list_select(v, v->selected, false, a);
    if (opens_audio(k->name) && *p->items[v->selected].url &&
        (p->type->kind == XML_KIND_DIRECTORY ||
         strncasecmp(p->items[v->selected].url, "Dial:", 5) == 0))
        return xml_list_select(v, v->selected, false, a);
    return XML_KEY_IGNORED;
}
