/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/prov/dump.h"

#include <stdlib.h>
#include <string.h>

#include "devices/model.h"
#include "devices/pages.h"
#include "sim/base/utf8.h"

static void put_escaped(FILE *f, const char *text)
{
    char *clean = malloc(strlen(text) + 1);

    if (!clean)
        return;
    utf8_clean(clean, strlen(text) + 1, text);
    for (const char *p = clean; *p; p++) {
        switch (*p) {
        case '&':
            fputs("&amp;", f);
            break;
        case '<':
            fputs("&lt;", f);
            break;
        case '>':
            fputs("&gt;", f);
            break;
        case '"':
            fputs("&quot;", f);
            break;
        default:
            fputc((unsigned char)*p < ' ' ? ' ' : *p, f);
        }
    }
    free(clean);
}

void dump_element(FILE *f, const char *name, const char *group, const char *value)
{
    fprintf(f, "<%s", name);
    if (group)
        fprintf(f, " group=\"%s\"", group);
    if (!*value) {
        fputs("/>\n", f);
        return;
    }
    fputc('>', f);
    put_escaped(f, value);
    fprintf(f, "</%s>\n", name);
}

static bool is_secret(enum param_id id)
{
    return id == P_GPP_SA || id == P_GPP_SB || id == P_GPP_SC || id == P_GPP_SD ||
           id == P_IKM_HTTP_Encrypt_Content;
}

struct dump {
    FILE *f;
    const struct param_set *ps;
    const struct device_model *model;
    dump_filter_h *filter;
    void *arg;
};

static void put(const struct dump *d, enum param_id id, uint16_t index, const char *group)
{
    const char *value = param_get(d->ps, id, index);
    char name[96];

    if (d->filter && !d->filter(id, index, value, d->arg))
        return;
    param_name_print(name, sizeof(name), id, index);
    dump_element(d->f, name, group, param_def_get(id)->type == PARAM_SECRET ? "" : value);
}

/* "Tab/Section"; blanks and punctuation become underscores (15.3). n: of the extension; k: of the
 * key, profile or unit; 0 = there is one. */
static void print_group(char group[80], const struct page_row *section, unsigned n, unsigned k)
{
    const char *tab = page_tab_title((enum page_tab)section->tab);
    char number[12] = "";

    if (section->tab == PAGE_CONSOLE)
        tab = "Attendant Console";
    if (n || k)
        snprintf(number, sizeof(number), " %u", n ? n : k);
    if (section->tab == PAGE_CONSOLE && k)
        snprintf(group, 80, "%s%s", section->title, number); /* Unit_1 */
    else
        snprintf(group, 80, "%s%s/%s%s", tab, n ? number : "", section->title, k ? number : "");
    for (char *p = group; *p; p++) {
        if (strchr(" ()", *p))
            *p = '_';
    }
}

static void put_row(const struct dump *d, enum param_id id, const char *group, unsigned n,
                    unsigned k)
{
    const struct param_def *def = param_def_get(id);
    uint16_t last = page_last_index(d->model, id), first = last ? 1 : 0;

    if (!(def->families & 1 << d->model->family) || is_secret(id))
        return;
    if (def->scope == PARAM_UNIT) {
        first = (uint16_t)((k - 1) * PARAM_UNIT_KEYS + 1);
        last = (uint16_t)(k * PARAM_UNIT_KEYS);
    } else if (n || k) {
        first = last = (uint16_t)(n ? n : k);
    }
    for (uint16_t i = first; i <= last; i++)
        put(d, id, i, group);
}

/* How often the section comes, once for each key, profile or unit; 0 = once. */
static unsigned repeats(const struct dump *d, const struct page_row *section)
{
    const enum param_id id = (enum param_id)section[1].id;
    const enum param_scope scope = param_def_get(id)->scope;

    if (scope == PARAM_UNIT)
        return PARAM_UNITS;
    return scope == PARAM_KEY || scope == PARAM_SLOT ? page_last_index(d->model, id) : 0;
}

static void put_tab(const struct dump *d, enum page_tab tab, unsigned n)
{
    for (const struct page_row *section = page_rows(); section->tab != PAGE_TABS; section++) {
        if (!section->title || section->tab != tab)
            continue;
        const unsigned last = repeats(d, section);
        for (unsigned k = last ? 1 : 0; k <= last; k++) {
            char group[80];
            print_group(group, section, n, k);
            for (const struct page_row *row = section + 1; !row->title; row++)
                put_row(d, (enum param_id)row->id, group, n, k);
        }
    }
}

void dump_params(FILE *f, const struct param_set *ps, const struct device_model *m,
                 dump_filter_h *filter, void *arg)
{
    static const enum page_tab order[] = {/* of a dump (15.3) */
                                          PAGE_SYSTEM, PAGE_SIP, PAGE_PROVISIONING, PAGE_REGIONAL,
                                          PAGE_PHONE,  PAGE_EXT, PAGE_USER,         PAGE_CONSOLE};
    const struct dump d = {.f = f, .ps = ps, .model = m, .filter = filter, .arg = arg};

    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        const unsigned n = order[i] == PAGE_EXT ? m->n_lines : 0;
        for (unsigned ext = n ? 1 : 0; ext <= n; ext++)
            put_tab(&d, order[i], ext);
    }
}
