/* SPDX-License-Identifier: BSD-3-Clause */
/* Text entered by multi-tap: one or two fields, "ok delChr … cancel" (devices.md 5.3, 9 [941]). */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/base/utf8.h"
#include "sim/loop/clock.h"
#include "sim/phone/apps/apps.h"
#include "sim/phone/priv.h"
#include "sim/xml/layout.h"

static const struct app_edit *edit_of(const struct phone *ph)
{
    return app_top(ph)->what;
}

static int init(struct phone *ph)
{
    const struct app_edit *e = edit_of(ph);
    char text[KEY_ENTRY_BYTES];

    ph->apps->field = 0;
    ph->apps->n_fields = e->n_fields;
    for (unsigned i = 0; i < e->n_fields; i++) {
        text[0] = '\0';
        if (e->load)
            e->load(ph, i, text, sizeof(text));
        key_entry_init(&ph->apps->fields[i], e->sets[i], text);
    }
    return 1;
}

/* The mode key has the place of "clear" where there are modes. */
static void keys(const struct phone *ph, const char *out[APP_KEYS])
{
    const char *mode = key_entry_turn_label(&ph->apps->fields[ph->apps->field]);

    memset(out, 0, APP_KEYS * sizeof(*out));
    out[0] = edit_of(ph)->done ? edit_of(ph)->done : "ok";
    out[1] = "delchar";
    out[2] = *mode ? mode : "clear";
    out[3] = "cancel";
    if (ph->model->n_softkeys > 2)
        return;
    /* The rocker moves the cursor: there is one page. Its right key is cancel (devices.md 1.2
     * [HOIP]), and as long as there is something to delete it does that [DEF]. */
    out[1] = ph->apps->fields[ph->apps->field].text[0] ? "delchar" : NULL;
    out[2] = NULL;
    if (out[1])
        out[3] = NULL;
}

/* ---- screen */

static void put_field(const struct phone *ph, unsigned i, unsigned columns, struct screen *s)
{
    const struct key_entry *e = &ph->apps->fields[i];
    const unsigned cursor = utf8_count(e->text, e->cursor);
    const unsigned skip = cursor >= columns ? cursor - columns + 1 : 0;
    char stars[KEY_ENTRY_BYTES];
    const char *text = e->text;

    if (edit_of(ph)->password & 1u << i) {
        memset(stars, '*', sizeof(stars));
        stars[utf8_count(e->text, strlen(e->text))] = '\0';
        text = stars;
    }
    for (unsigned n = 0; n < skip && *text; n++)
        text += utf8_len(text) ? utf8_len(text) : 1;
    xml_cut(s->rows[s->n_rows++], sizeof(s->rows[0]), text, columns);
    if (i != ph->apps->field)
        return;
    s->input = (uint8_t)s->n_rows;
    s->cursor = (uint8_t)(cursor - skip);
    snprintf(s->mode, sizeof(s->mode), "%s", key_entry_mode(e));
}

static void screen(const struct phone *ph, struct screen *s)
{
    const struct app_edit *e = edit_of(ph);
    const char *cell[APP_KEYS];
    struct xml_layout l;

    if (!ph->model->lcd.width_px)
        return;
    xml_layout(&l, ph->model);
    xml_cut(s->title, sizeof(s->title), e->title ? e->title : app_menu_item(ph), l.columns);
    /* a small display has room for one field at a time */
    const bool all = l.rows > 2u * e->n_fields;
    for (unsigned i = 0; i < e->n_fields; i++) {
        if (!all && i != ph->apps->field)
            continue;
        char label[SCREEN_COLS];
        snprintf(label, sizeof(label), "%s", e->labels[i]);
        if (e->label && i == 0)
            e->label(ph, label, sizeof(label));
        xml_cut(s->rows[s->n_rows++], sizeof(s->rows[0]), label, l.columns);
        put_field(ph, i, l.columns, s);
    }
    s->first = all ? 0 : (uint16_t)(ph->apps->field * 2u);
    s->total = (uint16_t)(e->n_fields * 2u);
    xml_cut(s->prompt, sizeof(s->prompt), ph->apps->notice, l.columns);
    keys(ph, cell);
    app_keys_show(ph, cell, s);
}

/* ---- keys */

static int to_field(struct phone *ph, int step)
{
    const int at = (int)ph->apps->field + step;

    if (at < 0 || at >= ph->apps->n_fields)
        return 0;
    key_entry_move(&ph->apps->fields[ph->apps->field], 0);
    ph->apps->field = (uint8_t)at;
    return 1;
}

/* "ok" goes to the next field, and saves behind the last. */
static int ok(struct phone *ph)
{
    if (to_field(ph, 1))
        return 1;
    const unsigned depth = ph->apps->depth;
    const int done = edit_of(ph)->save(ph);
    if (done && ph->apps && ph->apps->depth == depth && app_top(ph)->app == &app_edit)
        (void)app_close(ph);
    return 1;
}

static int press_softkey(struct phone *ph, const char *keyword)
{
    struct key_entry *e = &ph->apps->fields[ph->apps->field];

    if (strcmp(keyword, "ok") == 0 ||
        (edit_of(ph)->done && strcmp(keyword, edit_of(ph)->done) == 0))
        return ok(ph);
    if (strcmp(keyword, "delchar") == 0)
        return key_entry_delete(e);
    if (strcmp(keyword, "clear") == 0)
        return key_entry_clear(e);
    if (strcmp(keyword, "cancel") == 0)
        return app_close(ph);
    return key_entry_turn_mode(e);
}

static int key(struct phone *ph, const char *name, char digit)
{
    struct key_entry *e = &ph->apps->fields[ph->apps->field];
    const char *cell[APP_KEYS], *keyword;

    if (digit)
        return key_entry_press(e, digit, clock_ms(ph->env->lp));
    if (strcmp(name, "up") == 0 || strcmp(name, "down") == 0)
        return to_field(ph, name[0] == 'u' ? -1 : 1);
    if (strcmp(name, "left") == 0 || strcmp(name, "right") == 0)
        return key_entry_move(e, name[0] == 'l' ? -1 : 1);
    if (strcmp(name, "select") == 0)
        return ok(ph);
    keys(ph, cell);
    keyword = app_keys_find(ph, cell, name);
    return keyword ? press_softkey(ph, keyword) : 0;
}

int app_type(struct phone *ph, const char *text)
{
    const struct app_frame *f = app_top(ph);
    char digit;
    unsigned presses;
    int err = 0;

    if (!f || app_current(ph) != &app_edit)
        return ENOENT;
    const enum key_set set = (enum key_set)ph->apps->fields[ph->apps->field].set;
    for (const char *p = text; *p; p++) {
        if (!key_entry_char(set, *p, &digit, &presses))
            return EINVAL;
    }
    for (const char *p = text; *p && !err; p++) {
        (void)key_entry_char(set, *p, &digit, &presses);
        while (presses-- && !err)
            err = phone_press(ph, (const char[]){digit, '\0'}, 0);
        key_entry_move(&ph->apps->fields[ph->apps->field], 0);
    }
    return err;
}

const struct app app_edit = {.name = "edit", .screen = screen, .key = key, .init = init};
