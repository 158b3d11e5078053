/* SPDX-License-Identifier: BSD-3-Clause */
/* Parameters as rows of a form. */
#include <string.h>
#include <strings.h>

#include "sim/phone/web/html.h"
#include "sim/phone/web/pages.h"

const char web_mask[] = "********";

enum page_access web_access(const struct web_call *c, enum param_id id, uint16_t index)
{
    const struct param_def *def = param_def_get(id);

    if (def->scope == PARAM_SIM || !(def->families & 1 << c->ph->model->family) ||
        param_lacks(c->ph->params, id) ||
        c->ph->model->family == FAMILY_CP79XX) /* its server has no forms (xml-services.md 9.4) */
        return PAGE_HIDDEN;
    return c->admin ? PAGE_WRITABLE : param_user_access(c->ph->params, id, index);
}

/* The indexes of a row on a tab; k: in the section of this key, profile or unit, 0 = all. */
static void range(const struct web_call *c, enum param_id id, const struct page_tab_at *at,
                  unsigned k, uint16_t *first, uint16_t *last)
{
    const enum param_scope scope = param_def_get(id)->scope;

    *last = page_last_index(c->ph->model, id);
    *first = *last ? 1 : 0;
    if (scope == PARAM_LINE && at->tab == PAGE_EXT) {
        *first = *last = (uint16_t)at->n;
    } else if (scope == PARAM_UNIT && k) {
        *first = (uint16_t)((k - 1) * PARAM_UNIT_KEYS + 1);
        *last = (uint16_t)(k * PARAM_UNIT_KEYS);
    } else if ((scope == PARAM_KEY || scope == PARAM_SLOT) && k) {
        *first = *last = (uint16_t)k;
    }
}

static bool is_shown(const struct web_call *c, const struct page_row *row,
                     const struct page_tab_at *at, unsigned k)
{
    const enum param_id id = (enum param_id)row->id;
    uint16_t i, last;

    if (row->title || !(row->basic || c->advanced))
        return false;
    range(c, id, at, k, &i, &last);
    while (i <= last && web_access(c, id, i) == PAGE_HIDDEN)
        i++;
    return i <= last;
}

bool web_row_shown(const struct web_call *c, const struct page_row *row,
                   const struct page_tab_at *at)
{
    return is_shown(c, row, at, 0);
}

/* ---- one row */

static void put_option(FILE *f, const char *word, size_t len, bool chosen)
{
    char text[64];

    snprintf(text, sizeof(text), "%.*s", (int)len, word);
    fprintf(f, "<option%s>", chosen ? " selected" : "");
    html_put(f, text);
    fputs("</option>", f);
}

/* A value that is not among the words is offered, too. */
static void put_select(FILE *f, const char *words, const char *value)
{
    bool found = false;

    for (const char *p = words; *p;) {
        const size_t len = strcspn(p, "|");
        const bool chosen = strlen(value) == len && strncasecmp(value, p, len) == 0;
        put_option(f, p, len, chosen);
        found |= chosen;
        p += len + (p[len] == '|');
    }
    if (!found) {
        fputs("<option selected>", f);
        html_put(f, value);
        fputs("</option>", f);
    }
    fputs("</select>", f);
}

static void put_input(FILE *f, const struct param_def *def, const char *value, const char *rest)
{
    const bool secret = def->type == PARAM_SECRET;
    const bool number =
        def->type == PARAM_UINT || def->type == PARAM_PORT || def->type == PARAM_DECIMAL;

    fprintf(f, "<input type=\"%s\" class=\"%s\" autocomplete=\"%s\" spellcheck=\"false\" %s",
            secret ? "password" : "text", number || secret ? "short" : "",
            secret ? "new-password" : "off", rest);
    fputs(" value=\"", f);
    html_put(f, secret && *value ? web_mask : value);
    fputs("\">", f);
}

/* Scripts, rules and lists take the whole width. */
static bool is_wide(const struct param_def *def)
{
    static const char *const words[] = {"Rule",   "_Msg",      "Dial_Plan",     "Key_List",
                                        "Script", "Extended_", "Server_Script", "Dictionary",
                                        "_URL",   "PSK_",      "Private_Key",   "Mini_Cert"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strstr(def->name, words[i]))
            return true;
    }
    return strlen(def->def) > 34;
}

static void put_row(const struct web_call *c, FILE *f, enum param_id id, uint16_t index)
{
    const struct param_def *def = param_def_get(id);
    const char *value = param_get(c->ph->params, id, index), *words = page_choices(id);
    char name[96], label[100], rest[260];
    const bool locked = web_access(c, id, index) != PAGE_WRITABLE;

    param_name_print(name, sizeof(name), id, index);
    page_label_print(label, sizeof(label), id, index);
    snprintf(rest, sizeof(rest), "id=\"%s\" name=\"%s\"%s", name, name, locked ? " disabled" : "");
    fprintf(f, "<div class=\"row%s\"><label for=\"%s\">", is_wide(def) && !words ? " wide" : "",
            name);
    html_put(f, label);
    fputs("</label>", f);
    if (words) {
        fprintf(f, "<select %s>", rest);
        put_select(f, words, value);
    } else {
        put_input(f, def, value, rest);
    }
    fputs("</div>\n", f);
}

/* ---- sections */

static const struct page_row *section_end(const struct page_row *section)
{
    const struct page_row *row = section + 1;

    while (!row->title)
        row++;
    return row;
}

/* How often a section stands there, once for each key, profile or unit; 0 = once. */
static unsigned repeats(const struct web_call *c, const struct page_row *section)
{
    const enum param_id id = (enum param_id)section[1].id;
    const enum param_scope scope = param_def_get(id)->scope;

    if (scope == PARAM_UNIT)
        return PARAM_UNITS;
    return scope == PARAM_KEY || scope == PARAM_SLOT ? page_last_index(c->ph->model, id) : 0;
}

static void put_rows(const struct web_call *c, FILE *f, const struct page_row *row,
                     const struct page_tab_at *at, unsigned k)
{
    const enum param_id id = (enum param_id)row->id;
    uint16_t i, last;

    if (!is_shown(c, row, at, k))
        return;
    for (range(c, id, at, k, &i, &last); i <= last; i++) {
        if (web_access(c, id, i) != PAGE_HIDDEN)
            put_row(c, f, id, i);
    }
}

static void put_section(const struct web_call *c, FILE *f, const struct page_row *section,
                        const struct page_tab_at *at, unsigned k)
{
    const struct page_row *end = section_end(section), *row = section + 1;

    while (row < end && !is_shown(c, row, at, k))
        row++;
    if (row == end)
        return;
    fputs("<section><h2>", f);
    html_put(f, section->title);
    if (k)
        fprintf(f, " %u", k);
    fputs("</h2>\n<div class=\"rows\">\n", f);
    for (; row < end; row++)
        put_rows(c, f, row, at, k);
    fputs("</div></section>\n", f);
}

void web_put_fields(const struct web_call *c, FILE *f, const struct page_tab_at *at)
{
    for (const struct page_row *row = page_rows(); row->tab != PAGE_TABS; row = section_end(row)) {
        const unsigned last = repeats(c, row);
        if (row->tab != at->tab)
            continue;
        for (unsigned k = last ? 1 : 0; k <= last; k++)
            put_section(c, f, row, at, k);
    }
}
