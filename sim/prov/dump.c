/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/prov/dump.h"

#include <stdlib.h>
#include <string.h>

#include "devices/model.h"
#include "sim/base/utf8.h"

enum tab { /* in the order of a dump (15.3) */
           TAB_SYSTEM,
           TAB_SIP,
           TAB_PROVISIONING,
           TAB_REGIONAL,
           TAB_PHONE,
           TAB_EXT,
           TAB_USER,
           TAB_CONSOLE,
           TAB_UNIT,
           TAB_OTHER,
           N_TABS,
};

static const char *const tab_names[N_TABS] = {
    "System", "SIP",  "Provisioning",      "Regional", "Phone",
    "Ext_",   "User", "Attendant_Console", "Unit_",    "Phone",
};

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

/* Of those that other sources name without their tab */
static bool is_provisioning(const char *name)
{
    static const char *const starts[] = {"GPP_",    "Log_Re",  "Log_Up",   "Log_Suc",
                                         "Log_Fai", "Resync_", "Profile_", "Upgrade_"};

    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        if (strncmp(name, starts[i], strlen(starts[i])) == 0)
            return true;
    }
    return false;
}

/* The tab is in the reference's section; which section of the tab was not established [DEF]. */
static enum tab tab_of(const struct param_def *d)
{
    static const struct {
        const char *section;
        enum tab tab;
    } rows[] = {{"16.1", TAB_SYSTEM},   {"16.2", TAB_SIP},    {"16.3", TAB_PROVISIONING},
                {"16.4", TAB_REGIONAL}, {"16.5", TAB_PHONE},  {"16.6", TAB_USER},
                {"16.7", TAB_EXT},      {"16.8", TAB_CONSOLE}};

    if (d->scope == PARAM_LINE)
        return TAB_EXT;
    if (d->scope == PARAM_UNIT)
        return TAB_UNIT;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *at = strstr(d->spec, rows[i].section);
        if (at && !at[strlen(rows[i].section)])
            return rows[i].tab;
    }
    return is_provisioning(d->name) ? TAB_PROVISIONING : TAB_OTHER;
}

static bool is_secret(enum param_id id)
{
    return id == P_GPP_SA || id == P_GPP_SB || id == P_GPP_SC || id == P_GPP_SD ||
           id == P_IKM_HTTP_Encrypt_Content;
}

static uint16_t last_index(const struct param_def *d, const struct device_model *m)
{
    switch (d->scope) {
    case PARAM_LINE:
        return m->n_lines;
    case PARAM_KEY:
        return m->n_line_keys;
    case PARAM_UNIT:
        return PARAM_UNITS * PARAM_UNIT_KEYS;
    case PARAM_SLOT:
        return PARAM_SLOTS;
    default:
        return 0;
    }
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

/* All of a tab; n: of which extension or unit, 0 = there is one. */
static void put_tab(const struct dump *d, enum tab tab, unsigned n)
{
    char group[32];

    snprintf(group, sizeof(group), "%s", tab_names[tab]);
    if (n)
        snprintf(group, sizeof(group), "%s%u", tab_names[tab], n);
    for (unsigned i = 0; i < PARAM_COUNT; i++) {
        const enum param_id id = (enum param_id)i;
        const struct param_def *def = param_def_get(id);
        if (def->scope == PARAM_SIM || !(def->families & 1 << d->model->family) ||
            tab_of(def) != tab || is_secret(id))
            continue;
        const uint16_t last = last_index(def, d->model);
        if (def->scope == PARAM_PHONE) {
            put(d, id, 0, group);
        } else if (tab == TAB_EXT) {
            put(d, id, (uint16_t)n, group);
        } else if (tab == TAB_UNIT) {
            for (unsigned k = 1; k <= PARAM_UNIT_KEYS; k++)
                put(d, id, (uint16_t)((n - 1) * PARAM_UNIT_KEYS + k), group);
        } else {
            for (uint16_t k = 1; k <= last; k++) {
                if (def->scope == PARAM_KEY)
                    snprintf(group, sizeof(group), "Phone/Line_Key_%u", k);
                put(d, id, k, group);
            }
            snprintf(group, sizeof(group), "%s", tab_names[tab]);
        }
    }
}

void dump_params(FILE *f, const struct param_set *ps, const struct device_model *m,
                 dump_filter_h *filter, void *arg)
{
    const struct dump d = {.f = f, .ps = ps, .model = m, .filter = filter, .arg = arg};

    for (unsigned tab = 0; tab < N_TABS; tab++) {
        const unsigned n = tab == TAB_EXT ? m->n_lines : tab == TAB_UNIT ? PARAM_UNITS : 0;
        if (!n)
            put_tab(&d, (enum tab)tab, 0);
        for (unsigned i = 1; i <= n; i++)
            put_tab(&d, (enum tab)tab, i);
    }
}
