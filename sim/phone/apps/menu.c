/* SPDX-License-Identifier: BSD-3-Clause */
/* Menus and what their items do: open, show, change a parameter, ask (devices.md 8). */
#include <stdio.h>
#include <string.h>

#include "sim/phone/apps/apps.h"
#include "sim/phone/priv.h"

static const struct menu *menu_of(const struct phone *ph)
{
    return app_top(ph)->what;
}

/* As the item that opened it is called, which differs by family. */
static void title(const struct phone *ph, char *buf, size_t size)
{
    const char *item = app_menu_item(ph);
    snprintf(buf, size, "%s", *item ? item : menu_of(ph)->title);
}

static bool has_param(const struct menu_item *it)
{
    return it->kind == MENU_TEXT || it->kind == MENU_NUMBER || it->kind == MENU_YES_NO ||
           it->kind == MENU_CHOICE || it->kind == MENU_BAR;
}

static bool is_there(const struct phone *ph, const struct menu_item *it)
{
    if (has_param(it) && app_access(ph, it->param) == PAGE_HIDDEN)
        return false;
    return !it->there || it->there(ph);
}

/* The i-th of those that are there now; NULL = behind the last. */
static const struct menu_item *item_at(const struct phone *ph, const struct menu *m, unsigned i)
{
    for (unsigned k = 0; k < m->n; k++) {
        if (is_there(ph, &m->items[k]) && !i--)
            return &m->items[k];
    }
    return NULL;
}

/* What is highlighted in the menu below the topmost application. */
static const struct menu_item *item_below(const struct phone *ph)
{
    const struct app_frame *below = app_top(ph) - 1;
    const struct menu *m = below->what;

    if (below->number)
        return m->beyond_item;
    return item_at(ph, below->what, below->selected);
}

static unsigned count(const struct phone *ph)
{
    const struct menu *m = menu_of(ph);
    unsigned n = 0;

    while (item_at(ph, m, n))
        n++;
    return n + (m->services && *param_get(ph->params, P_XML_Application_Service_URL, 0));
}

static void print_value(const struct phone *ph, const struct menu_item *it, char *buf, size_t size)
{
    *buf = '\0';
    if (it->value) {
        it->value(ph, buf, size);
    } else if (it->kind == MENU_TEXT || it->kind == MENU_NUMBER || it->kind == MENU_CHOICE) {
        const bool secret = param_def_get(it->param)->type == PARAM_SECRET;
        snprintf(buf, size, "%s", secret ? "" : param_get(ph->params, it->param, 0));
    } else if (it->kind == MENU_YES_NO) {
        snprintf(buf, size, "%s", param_bool(ph->params, it->param, 0) ? "Yes" : "No");
    }
}

static void row(const struct phone *ph, unsigned i, char *buf, size_t size)
{
    const struct menu_item *it = item_at(ph, menu_of(ph), i);
    char value[96];

    if (!it) {
        app_service_name(ph, false, buf, size);
        return;
    }
    print_value(ph, it, value, sizeof(value));
    snprintf(buf, size, "%s%s%.90s", it->title, *value ? ": " : "", value);
}

const char *app_menu_item(const struct phone *ph)
{
    const bool in_menu = ph->apps->depth > 1 && app_top(ph)[-1].app == &app_menu;
    const struct menu_item *it = in_menu ? item_below(ph) : NULL;

    return it ? it->title : "";
}

/* ---- a parameter's text */

static void load_text(const struct phone *ph, unsigned field, char *buf, size_t size)
{
    const struct menu_item *it = item_below(ph);

    (void)field;
    snprintf(buf, size, "%s", it ? param_get(ph->params, it->param, 0) : "");
}

/* The item is the one highlighted in the menu below. */
static int save_text(struct phone *ph)
{
    const struct menu_item *it = item_below(ph);

    return it && !app_set(ph, it->param, 0, ph->apps->fields[0].text);
}

static const struct app_edit edit_text = {.title = NULL,
                                          .labels = {"Enter Value:"},
                                          .sets = {KEY_SET_ANY},
                                          .n_fields = 1,
                                          .load = load_text,
                                          .save = save_text};
static const struct app_edit edit_number = {.title = NULL,
                                            .labels = {"Enter Number:"},
                                            .sets = {KEY_SET_DIAL},
                                            .n_fields = 1,
                                            .load = load_text,
                                            .save = save_text};
static const struct app_edit edit_password = {.title = "Set Password",
                                              .labels = {"New Password:"},
                                              .sets = {KEY_SET_ANY},
                                              .n_fields = 1,
                                              .password = 1,
                                              .save = save_text};

/* ---- a value to read, where the row was too short for it */

static void value_title(const struct phone *ph, char *buf, size_t size)
{
    const struct menu_item *it = app_top(ph)->what;
    snprintf(buf, size, "%s", it->title);
}

static unsigned value_count(const struct phone *ph)
{
    (void)ph;
    return 1;
}

static void value_row(const struct phone *ph, unsigned i, char *buf, size_t size)
{
    (void)i;
    print_value(ph, app_top(ph)->what, buf, size);
}

static const struct app_list value_list = {.title = value_title,
                                           .count = value_count,
                                           .row = value_row,
                                           .keys = {[3] = "cancel"},
                                           .plain = true};
static const struct app value_app = {.name = "value", .list = &value_list};

/* ---- opening */

static int open_item(struct phone *ph, const struct menu_item *it)
{
    switch (it->kind) {
    case MENU_LIST:
        return app_open(ph, &app_menu, it->what, 0);
    case MENU_APP:
        return app_open(ph, it->what, NULL, 0);
    case MENU_TEXT:
        return app_open(
            ph, &app_edit,
            param_def_get(it->param)->type == PARAM_SECRET ? &edit_password : &edit_text, 0);
    case MENU_NUMBER:
        return app_open(ph, &app_edit, &edit_number, 0);
    case MENU_YES_NO:
        return app_open(ph, &app_yes_no, it, 0);
    case MENU_CHOICE:
        return app_open(ph, &app_choice, it, 0);
    case MENU_BAR:
        return app_open(ph, &app_bar, it, 0);
    case MENU_ASK:
        return app_open(ph, &app_question, it->what, 0);
    case MENU_DO:
        return it->run(ph);
    case MENU_SHOW:
        return app_open(ph, &value_app, it, 0);
    }
    return 0;
}

static int check_password(struct phone *ph)
{
    const struct menu_item *it = item_below(ph);

    if (!it)
        return app_close(ph);
    if (strcmp(ph->apps->fields[0].text, param_get(ph->params, P_User_Password, 0)) != 0) {
        key_entry_clear(&ph->apps->fields[0]);
        app_say(ph, "Invalid Password");
        return 0;
    }
    (void)app_close(ph);
    (void)open_item(ph, it);
    return 0;
}

static const struct app_edit ask_password = {.title = "Password",
                                             .labels = {"Enter Password:"},
                                             .sets = {KEY_SET_ANY},
                                             .n_fields = 1,
                                             .password = 1,
                                             .save = check_password};

static unsigned beyond(const struct phone *ph)
{
    return menu_of(ph)->beyond;
}

/* The frame's number is 1 while the item beyond the last is open. */
static int select_item(struct phone *ph, unsigned i)
{
    const struct menu *m = menu_of(ph);

    app_top(ph)->number = m->beyond && i + 1 == m->beyond;
    const struct menu_item *it = app_top(ph)->number ? m->beyond_item : item_at(ph, m, i);

    if (!it) {
        (void)phone_open_service(ph, PHONE_SERVICE_APPLICATION);
        return 1;
    }
    if (ph->model->family == FAMILY_CP79XX && it->kind == MENU_TEXT && !ph->apps->unlocked)
        return app_say(ph, "Locked");
    if (it->guarded && *param_get(ph->params, P_User_Password, 0))
        return app_open(ph, &app_edit, &ask_password, 0);
    return open_item(ph, it);
}

static const struct app_list menu_list = {.title = title,
                                          .count = count,
                                          .row = row,
                                          .select = select_item,
                                          .beyond = beyond,
                                          .keys = {"select", NULL, NULL, "cancel"}};

const struct app app_menu = {.name = "menu", .list = &menu_list};
