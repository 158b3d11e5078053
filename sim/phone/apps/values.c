/* SPDX-License-Identifier: BSD-3-Clause */
/* One value of a parameter: yes or no, one of several; and a question before something happens
 * (devices.md 5.3 [941]: "y/n save cancel", "ok cancel"). */
#include <stdio.h>
#include <string.h>
#include <re_types.h>

#include "sim/phone/apps/apps.h"
#include "sim/phone/priv.h"
#include "sim/xml/layout.h"

static const struct menu_item *item_of(const struct phone *ph)
{
    return app_top(ph)->what;
}

static void put_title(const struct phone *ph, const char *text, struct screen *s)
{
    struct xml_layout l;

    xml_layout(&l, ph->model);
    xml_cut(s->title, sizeof(s->title), text, l.columns);
    xml_cut(s->prompt, sizeof(s->prompt), ph->apps->notice, l.columns);
}

/* ---- yes or no: number is what it would become */

static const char *const yes_no_keys[APP_KEYS] = {"y/n", "save", NULL, "cancel"};

static int yes_no_init(struct phone *ph)
{
    app_top(ph)->number = param_bool(ph->params, item_of(ph)->param, 0);
    return 1;
}

static void yes_no_screen(const struct phone *ph, struct screen *s)
{
    put_title(ph, item_of(ph)->title, s);
    snprintf(s->rows[s->n_rows++], sizeof(s->rows[0]), "%s", app_top(ph)->number ? "Yes" : "No");
    app_keys_show(ph, yes_no_keys, s);
}

static int yes_no_key(struct phone *ph, const char *key, char digit)
{
    const char *keyword = app_keys_find(ph, yes_no_keys, key);

    (void)digit;
    if (!keyword && strcmp(key, "select") == 0)
        keyword = "save";
    if (!keyword)
        return strcmp(key, "left") == 0 || strcmp(key, "right") == 0
                   ? app_keys_turn(ph, yes_no_keys, key[0] == 'r' ? 1 : -1)
                   : 0;
    if (strcmp(keyword, "cancel") == 0)
        return app_close(ph);
    if (strcmp(keyword, "y/n") == 0)
        app_top(ph)->number = !app_top(ph)->number;
    else if (!app_set(ph, item_of(ph)->param, 0, app_top(ph)->number ? "Yes" : "No"))
        return app_close(ph);
    return 1;
}

const struct app app_yes_no = {
    .name = "value", .screen = yes_no_screen, .key = yes_no_key, .init = yes_no_init};

/* ---- one of several */

/* Part i of "a|b|c"; false: there is none. */
static bool part(const char *choices, unsigned i, char *buf, size_t size)
{
    while (i--) {
        choices = strchr(choices, '|');
        if (!choices)
            return false;
        choices++;
    }
    snprintf(buf, size, "%.*s", (int)strcspn(choices, "|"), choices);
    return true;
}

static void choice_title(const struct phone *ph, char *buf, size_t size)
{
    snprintf(buf, size, "%s", item_of(ph)->title);
}

static unsigned choice_count(const struct phone *ph)
{
    unsigned n = 1;

    for (const char *p = item_of(ph)->choices; (p = strchr(p, '|')); p++)
        n++;
    return n;
}

static void choice_row(const struct phone *ph, unsigned i, char *buf, size_t size)
{
    (void)part(item_of(ph)->choices, i, buf, size);
}

static int choice_select(struct phone *ph, unsigned i)
{
    char value[64];

    if (!part(item_of(ph)->choices, i, value, sizeof(value)))
        return 0;
    return app_set(ph, item_of(ph)->param, 0, value) ? 1 : app_close(ph);
}

static int choice_init(struct phone *ph)
{
    const char *now = param_get(ph->params, item_of(ph)->param, 0);
    char value[64];

    for (unsigned i = 0; part(item_of(ph)->choices, i, value, sizeof(value)); i++) {
        if (strcmp(value, now) == 0)
            app_top(ph)->selected = (uint16_t)i;
    }
    return 1;
}

static const struct app_list choice_list = {.title = choice_title,
                                            .count = choice_count,
                                            .row = choice_row,
                                            .select = choice_select,
                                            .keys = {"select", NULL, NULL, "cancel"}};

const struct app app_choice = {.name = "value", .init = choice_init, .list = &choice_list};

/* ---- a bar: number is what it would become (devices.md 8 item 17: "bar, up/down") */

static const char *const bar_keys[APP_KEYS] = {"save", NULL, NULL, "cancel"};

unsigned app_bar_value(const struct phone *ph, enum param_id id)
{
    const struct app_frame *f = app_top(ph);
    const bool tried = f && f->app == &app_bar && item_of(ph)->param == id;

    return tried ? f->number : param_u32(ph->params, id, 0);
}

static int bar_init(struct phone *ph)
{
    const unsigned now = param_u32(ph->params, item_of(ph)->param, 0);
    const unsigned most = phone_contrast_max(ph);

    app_top(ph)->number = now < most ? now : most;
    return 1;
}

static void bar_screen(const struct phone *ph, struct screen *s)
{
    put_title(ph, item_of(ph)->title, s);
    snprintf(s->rows[s->n_rows++], sizeof(s->rows[0]), "%u", app_top(ph)->number);
    s->bar = (uint8_t)s->n_rows;
    s->bar_at = (uint8_t)app_top(ph)->number;
    s->bar_of = (uint8_t)phone_contrast_max(ph);
    app_keys_show(ph, bar_keys, s);
}

static int bar_move(struct phone *ph, bool up)
{
    unsigned *number = &app_top(ph)->number;

    if (*number == (up ? phone_contrast_max(ph) : 0))
        return 0;
    *number += up ? 1 : -1U;
    return 1;
}

static int bar_key(struct phone *ph, const char *key, char digit)
{
    const char *keyword = app_keys_find(ph, bar_keys, key);
    char value[12];

    (void)digit;
    if (strcmp(key, "up") == 0 || strcmp(key, "down") == 0)
        return bar_move(ph, key[0] == 'u');
    if (!keyword && strcmp(key, "select") == 0)
        keyword = "save";
    if (!keyword)
        return 0;
    if (strcmp(keyword, "cancel") == 0)
        return app_close(ph);
    snprintf(value, sizeof(value), "%u", app_top(ph)->number);
    return app_set(ph, item_of(ph)->param, 0, value) ? 1 : app_close(ph);
}

const struct app app_bar = {
    .name = "value", .screen = bar_screen, .key = bar_key, .init = bar_init};

/* ---- a question */

static const char *const question_keys[APP_KEYS] = {"ok", NULL, NULL, "cancel"};

static void question_screen(const struct phone *ph, struct screen *s)
{
    const struct app_question *q = app_top(ph)->what;
    const char *item = app_menu_item(ph);

    put_title(ph, *item ? item : q->title, s);
    snprintf(s->rows[s->n_rows++], sizeof(s->rows[0]), "%s", q->text);
    app_keys_show(ph, question_keys, s);
}

static int question_key(struct phone *ph, const char *key, char digit)
{
    const struct app_question *q = app_top(ph)->what;
    const char *keyword = app_keys_find(ph, question_keys, key);

    (void)digit;
    if (!keyword && strcmp(key, "select") == 0)
        keyword = "ok";
    if (!keyword)
        return 0;
    return strcmp(keyword, "ok") == 0 ? q->run(ph) : app_close(ph);
}

const struct app app_question = {
    .name = "question", .screen = question_screen, .key = question_key};
