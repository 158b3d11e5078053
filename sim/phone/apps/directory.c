/* SPDX-License-Identifier: BSD-3-Clause */
/* The phone's own directory: new entry, entries by name, search; the configured XML directory comes
 * last (devices.md 8; xml-services.md 9.5). */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sim/phone/apps/apps.h"
#include "sim/phone/priv.h"

static bool matches(const struct phone *ph, const struct history_entry *e)
{
    const size_t len = strlen(ph->apps->search);

    for (const char *p = e->name; len && *p; p++) {
        if (strncasecmp(p, ph->apps->search, len) == 0)
            return true;
    }
    return !len;
}

/* How many entries show; *at (may be NULL): where the n-th of them stands in the book. */
static unsigned entries(const struct phone *ph, unsigned n, unsigned *at)
{
    unsigned shown = 0;

    for (unsigned i = 0; i < phone_book_count(ph); i++) {
        if (!matches(ph, phone_book_get(ph, i)))
            continue;
        if (at && shown == n)
            *at = i;
        shown++;
    }
    return shown;
}

/* Item 0 is "New Entry". */
static const struct history_entry *entry(const struct phone *ph, unsigned item, unsigned *at)
{
    return item && entries(ph, item - 1, at) >= item ? phone_book_get(ph, *at) : NULL;
}

static void title(const struct phone *ph, char *buf, size_t size)
{
    const char *search = ph->apps->search, *item = app_menu_item(ph);
    snprintf(buf, size, "%.40s%s%s", *item ? item : "Directory", *search ? ": " : "", search);
}

static unsigned count(const struct phone *ph)
{
    const bool service = *param_get(ph->params, P_XML_Directory_Service_URL, 0) != '\0';
    return 1 + entries(ph, 0, NULL) + service;
}

static void row(const struct phone *ph, unsigned i, char *buf, size_t size)
{
    unsigned at = 0;
    const struct history_entry *e = entry(ph, i, &at);

    if (e)
        snprintf(buf, size, "%s\n%s", e->name, e->number);
    else if (!i)
        snprintf(buf, size, "New Entry");
    else
        app_service_name(ph, true, buf, size);
}

/* ---- an entry: number is its place in the book + 1, 0 = a new one */

static void load(const struct phone *ph, unsigned field, char *buf, size_t size)
{
    const unsigned n = app_top(ph)->number;
    const struct history_entry *e = n ? phone_book_get(ph, n - 1) : NULL;

    snprintf(buf, size, "%s", !e ? "" : field ? e->number : e->name);
}

static int save(struct phone *ph)
{
    const char *name = ph->apps->fields[0].text, *number = ph->apps->fields[1].text;
    const unsigned n = app_top(ph)->number;

    if (!*number) {
        app_say(ph, "Invalid Number");
        return 0;
    }
    if (n)
        phone_book_remove(ph, n - 1);
    if (phone_book_add(ph, *name ? name : number, number))
        app_say(ph, "Directory Full");
    return 1;
}

/* Name fields allow 25 characters and number fields 20 (devices.md 8.1); ours allow more [DEF]. */
static const struct app_edit edit_entry = {.title = "Directory",
                                           .labels = {"Name:", "Number:"},
                                           .sets = {KEY_SET_ANY, KEY_SET_DIAL},
                                           .n_fields = 2,
                                           .load = load,
                                           .save = save};

/* ---- search */

static int search(struct phone *ph)
{
    snprintf(ph->apps->search, sizeof(ph->apps->search), "%.31s", ph->apps->fields[0].text);
    (app_top(ph) - 1)->selected = (app_top(ph) - 1)->top = 0;
    return 1;
}

static const struct app_edit edit_search = {
    .title = "Search", .labels = {"Name:"}, .sets = {KEY_SET_LOWER}, .n_fields = 1, .save = search};

/* ---- keys */

static int dial(struct phone *ph, const struct history_entry *e)
{
    char number[KEY_ENTRY_BYTES];

    snprintf(number, sizeof(number), "%s", e->number);
    return app_dial(ph, number);
}

static int edit(struct phone *ph, unsigned number)
{
    return app_may_change(ph) ? app_open(ph, &app_edit, &edit_entry, number)
                              : app_say(ph, "Not Allowed");
}

static int select_item(struct phone *ph, unsigned i)
{
    unsigned at = 0;
    const struct history_entry *e = entry(ph, i, &at);

    if (!i)
        return edit(ph, 0);
    if (e)
        return dial(ph, e);
    (void)phone_open_service(ph, PHONE_SERVICE_DIRECTORY);
    return 1;
}

static int softkey(struct phone *ph, unsigned i, const char *keyword)
{
    unsigned at = 0;
    const struct history_entry *e = entry(ph, i, &at);

    if (strcmp(keyword, "search") == 0)
        return app_open(ph, &app_edit, &edit_search, 0);
    if (!e)
        return 0;
    if (strcmp(keyword, "dial") == 0)
        return dial(ph, e);
    if (strcmp(keyword, "edit") == 0)
        return edit(ph, at + 1);
    if (app_may_change(ph))
        phone_book_remove(ph, at);
    return 1;
}

static int init(struct phone *ph)
{
    ph->apps->search[0] = '\0';
    return 1;
}

static const struct app_list list = {
    .title = title,
    .count = count,
    .row = row,
    .select = select_item,
    .softkey = softkey,
    .keys = {"select", "edit", "search", "cancel", "dial", NULL, "delete"},
    .two_lines = true};

const struct app app_directory = {.name = "directory", .init = init, .list = &list};
