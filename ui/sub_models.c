/* SPDX-License-Identifier: BSD-3-Clause */
/* spafarm models: the models and what each has. */
#include <stdio.h>
#include <string.h>
#include <jansson.h>

#include "devices/model.h"
#include "devices/params.h"
#include "ui/args.h"
#include "ui/model_picture.h"
#include "ui/sub.h"

static const struct farm_option table[] = {
    {"json", NULL, "as JSON", false},
    {"params", NULL, "the configuration parameters, their types and defaults", false},
    {"png", "F", "what it looks like, as a picture", false},
};

static const struct {
    uint32_t bit;
    const char *name;
} features[] = {
    {FEATURE_TCP, "tcp"},
    {FEATURE_TLS, "tls"},
    {FEATURE_UPDATE, "update"},
    {FEATURE_XML_SERVICE, "xml-service"},
    {FEATURE_SCA, "sca"},
    {FEATURE_100REL, "100rel"},
    {FEATURE_SRTP, "srtp"},
    {FEATURE_NAPTR, "naptr"},
    {FEATURE_REG_CAP, "reg-retry-cap"},
    {FEATURE_POE, "poe"},
    {FEATURE_WIFI, "wifi"},
    {FEATURE_SPCP, "spcp"},
};

enum { N_FEATURES = sizeof(features) / sizeof(features[0]) };

static const char *const types[] = {
    [PARAM_STR] = "text",    [PARAM_BOOL] = "yes/no",     [PARAM_UINT] = "number",
    [PARAM_PORT] = "number", [PARAM_DECIMAL] = "decimal", [PARAM_SECRET] = "secret",
};

static json_t *names(const char *const *list)
{
    json_t *a = json_array();
    for (; list && *list; list++)
        json_array_append_new(a, json_string(*list));
    return a;
}

static json_t *model_json(const struct device_model *m)
{
    json_t *keys = json_array(), *feats = json_array(), *ouis = json_array();

    for (const struct device_key *k = m->keys; k && k->name; k++)
        json_array_append_new(keys, json_string(k->name));
    for (size_t i = 0; i < N_FEATURES; i++) {
        if (m->features & features[i].bit)
            json_array_append_new(feats, json_string(features[i].name));
    }
    for (size_t i = 0; i < m->n_ouis; i++)
        json_array_append_new(
            ouis, json_sprintf("%02X%02X%02X", m->ouis[i][0], m->ouis[i][1], m->ouis[i][2]));
    return json_pack("{s:s, s:s, s:i, s:i, s:i, s:{s:i, s:i, s:i, s:i, s:i}, s:o, s:o, s:o, s:o, "
                     "s:o, s:s, s:s}",
                     "name", m->name, "psn", m->psn, "lines", m->n_lines, "line_keys",
                     m->n_line_keys, "softkeys", m->n_softkeys, "lcd", "width", m->lcd.width_px,
                     "height", m->lcd.height_px, "depth", m->lcd.depth_bits, "columns",
                     m->lcd.columns, "rows", m->lcd.rows, "keys", keys, "lamps", names(m->lamps),
                     "features", feats, "ouis", ouis, "firmware", names(m->firmware),
                     "default_rule", m->default_rule, "source", m->source ? m->source : "");
}

static void print_json(json_t *o)
{
    json_dumpf(o, stdout, JSON_INDENT(1));
    putchar('\n');
    json_decref(o);
}

static void lcd_text(char *buf, size_t size, const struct device_model *m)
{
    if (m->lcd.width_px)
        snprintf(buf, size, "%ux%u, %u bit", m->lcd.width_px, m->lcd.height_px, m->lcd.depth_bits);
    else
        snprintf(buf, size, "none");
}

static void print_table(void)
{
    char lcd[32];

    printf("%-10s %5s %9s %9s  %-16s %s\n", "model", "lines", "line keys", "soft keys", "screen",
           "newest firmware");
    for (const struct device_model *const *m = device_models(); *m; m++) {
        lcd_text(lcd, sizeof(lcd), *m);
        printf("%-10s %5u %9u %9u  %-16s %s\n", (*m)->name, (*m)->n_lines, (*m)->n_line_keys,
               (*m)->n_softkeys, lcd, device_model_newest(*m));
    }
}

static void print_list(const char *title, const char *const *list)
{
    printf("%-14s", title);
    for (; list && *list; list++)
        printf(" %s", *list);
    putchar('\n');
}

static void print_detail(const struct device_model *m)
{
    char lcd[32];

    lcd_text(lcd, sizeof(lcd), m);
    printf("%-14s %s\n%-14s %u\n%-14s %u\n%-14s %u\n%-14s %s\n", "model", m->name, "lines",
           m->n_lines, "line keys", m->n_line_keys, "soft keys", m->n_softkeys, "screen", lcd);
    printf("%-14s", "keys");
    for (const struct device_key *k = m->keys; k && k->name; k++)
        printf(" %s", k->name);
    putchar('\n');
    print_list("lamps", m->lamps);
    print_list("firmware", m->firmware);
    printf("%-14s", "features");
    for (size_t i = 0; i < N_FEATURES; i++) {
        if (m->features & features[i].bit)
            printf(" %s", features[i].name);
    }
    printf("\n%-14s %s\n%-14s", "default rule", *m->default_rule ? m->default_rule : "none known",
           "vendor MACs");
    for (size_t i = 0; i < m->n_ouis; i++)
        printf(" %02X%02X%02X", m->ouis[i][0], m->ouis[i][1], m->ouis[i][2]);
    printf("\n%-14s %s\n", "source", m->source ? m->source : "");
}

static bool has_param(const struct device_model *m, const struct param_def *d)
{
    return !m || d->families & (1U << m->family);
}

static void print_params(const struct device_model *m, bool json)
{
    json_t *list = json ? json_array() : NULL;

    for (unsigned i = 0; i < PARAM_COUNT; i++) {
        const struct param_def *d = param_def_get((enum param_id)i);
        if (!has_param(m, d))
            continue;
        const char *def = m ? param_default(m, (enum param_id)i, 1) : d->def;
        if (json)
            json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", d->name,
                                                  "type", types[d->type], "default", def, "since",
                                                  d->since, "spec", d->spec));
        else
            printf("%-40s %-8s %-24s %s\n", d->name, types[d->type], def, d->spec);
    }
    if (json)
        print_json(list);
    else
        puts("(% stands for the number of the line, line key or unit)");
}

static void print_models(const struct device_model *m, bool json)
{
    if (m && json) {
        print_json(model_json(m));
    } else if (m) {
        print_detail(m);
    } else if (json) {
        json_t *list = json_array();
        for (const struct device_model *const *p = device_models(); *p; p++)
            json_array_append_new(list, model_json(*p));
        print_json(list);
    } else {
        print_table();
    }
}

static int models_main(int argc, char **argv)
{
    struct args a = {.argc = argc, .argv = argv, .next = 1, .sub = "models"};
    const struct device_model *m[MODEL_PICTURES_MAX] = {NULL};
    unsigned n = 0;
    const char *picture = NULL;
    bool json = false, params = false;
    enum args_result what;

    a.tables[0] = table;
    a.n[0] = sizeof(table) / sizeof(table[0]);
    while ((what = args_next(&a)) != ARGS_END) {
        if (what == ARGS_ERROR)
            return EXIT_USAGE;
        if (what == ARGS_WORD && n == MODEL_PICTURES_MAX)
            return sub_error(EXIT_USAGE, "more than %d models", MODEL_PICTURES_MAX);
        if (what == ARGS_WORD && !(m[n++] = device_model_find(a.value)))
            return sub_error(EXIT_USAGE, "there is no model \"%s\" (see spafarm models)", a.value);
        json |= a.found == &table[0];
        params |= a.found == &table[1];
        if (a.found == &table[2])
            picture = a.value;
    }
    if (picture)
        return model_picture(m, n, picture);
    if (n > 1)
        return sub_error(EXIT_USAGE, "\"%s\": one model is enough", m[1]->name);
    if (params)
        print_params(m[0], json);
    else
        print_models(m[0], json);
    return EXIT_HOLDS;
}

const struct sub sub_models = {
    .name = "models",
    .args = "[MODEL...] [--json] [--params] [--png F]",
    .help = "the models and what each has",
    .details =
        "  --json      as JSON\n  --params    the configuration parameters instead\n"
        "  --png F     what it looks like, as a picture in that file (- = stdout); takes several\n"
        "              models, and without any draws all whose face is known\n",
    .run = models_main,
};
