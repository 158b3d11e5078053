/* SPDX-License-Identifier: BSD-3-Clause */
/* Call history: calls placed, answered, missed (devices.md 8). */
#include "sim/phone/history.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "sim/phone/apps/apps.h"
#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/xml/browser.h"

static enum history_list which(const struct phone *ph)
{
    return (enum history_list)app_top(ph)->number;
}

static void title(const struct phone *ph, char *buf, size_t size)
{
    static const char *const titles[] = {"Redial List", "Answered Calls", "Missed Calls"};
    snprintf(buf, size, "%s", titles[which(ph)]);
}

static unsigned count(const struct phone *ph)
{
    return phone_history_count(ph, which(ph));
}

const char *app_caller(const char *name, const char *number)
{
    if (strcasecmp(number, "anonymous") == 0 && (!*name || strcasecmp(name, "anonymous") == 0))
        return "Anonymous Caller"; /* devices.md 6.3 [DICT] */
    return *name ? name : *number ? number : "Unknown User";
}

static void row(const struct phone *ph, unsigned i, char *buf, size_t size)
{
    const struct history_entry *e = phone_history_get(ph, which(ph), i);
    char when[24];

    const char *name = app_caller(e->name, e->number);
    const bool both = name == e->name;

    app_print_time(ph, e->when, when, sizeof(when));
    snprintf(buf, size, "%.60s%s%s\n%.20s%s%s", name, *e->tag ? " " : "", e->tag,
             both ? e->number : "", both ? "  " : "", when);
}

static int select_entry(struct phone *ph, unsigned i)
{
    const struct history_entry *e = phone_history_get(ph, which(ph), i);
    char number[64];

    snprintf(number, sizeof(number), "%s", e->number);
    return app_dial(ph, number);
}

static int softkey(struct phone *ph, unsigned i, const char *keyword)
{
    const struct history_entry *e = phone_history_get(ph, which(ph), i);

    if (strcmp(keyword, "delAll") == 0)
        phone_history_clear(ph, which(ph));
    else if (!e)
        return 0;
    else if (strcmp(keyword, "dial") == 0)
        return select_entry(ph, i);
    else if (strcmp(keyword, "delete") == 0)
        phone_history_remove(ph, which(ph), i);
    else if (strcmp(keyword, "add") == 0)
        return phone_book_add(ph, *e->name ? e->name : e->number, e->number)
                   ? app_say(ph, "Directory Full")
                   : app_say(ph, "Added");
    else if (strcmp(keyword, "editDial") == 0) {
        snprintf(ph->dial, sizeof(ph->dial), "%.31s", e->number);
        app_close_all(ph);
    }
    return 1;
}

/* The missed calls have been seen: banner and soft keys of the idle screen go (devices.md 6.2). */
static int init(struct phone *ph)
{
    if (which(ph) == HISTORY_MISSED && ph->calls)
        ph->calls->n_missed = 0;
    return 1;
}

static const struct app_list list = {
    .title = title,
    .count = count,
    .row = row,
    .select = select_entry,
    .softkey = softkey,
    .keys = {"dial", "editDial", "delete", "cancel", "add", NULL, "delAll"},
    .empty = "No Calls",
    .two_lines = true};

const struct app app_history = {.name = "history", .init = init, .list = &list};

/* ---- which list */

static int open_placed(struct phone *ph)
{
    return app_open(ph, &app_history, NULL, HISTORY_PLACED);
}

static int open_answered(struct phone *ph)
{
    return app_open(ph, &app_history, NULL, HISTORY_ANSWERED);
}

static int open_missed(struct phone *ph)
{
    return app_open(ph, &app_history, NULL, HISTORY_MISSED);
}

const struct menu *app_history_menu(void)
{
    static const struct menu_item items[] = {
        {.title = "Redial List", .kind = MENU_DO, .run = open_placed},
        {.title = "Answered Calls", .kind = MENU_DO, .run = open_answered},
        {.title = "Missed Calls", .kind = MENU_DO, .run = open_missed},
    };
    static const struct menu menu = {
        .title = "Call History", .items = items, .n = sizeof(items) / sizeof(items[0])};

    return &menu;
}

/* ---- the Directories key of a 79x0: its own lists, and what the configured URL adds to them
 * (xml-services.md 3.7 [DNMPP]; the names of the lists [DEF]) */

static int open_service(struct phone *ph)
{
    app_close_all(ph);
    (void)phone_open_service(ph, PHONE_SERVICE_DIRECTORY);
    return 1;
}

static bool has_service(const struct phone *ph)
{
    return *param_get(ph->params, P_XML_Directory_Service_URL, 0) != '\0';
}

static const struct menu_item directories[] = {
    {.title = "Missed Calls", .kind = MENU_DO, .run = open_missed},
    {.title = "Received Calls", .kind = MENU_DO, .run = open_answered},
    {.title = "Placed Calls", .kind = MENU_DO, .run = open_placed},
    {.title = "Personal Directory", .kind = MENU_APP, .what = &app_directory},
    {.title = "External Directory", .kind = MENU_DO, .run = open_service, .there = has_service},
};
static const struct menu directories_menu = {.title = "Directories",
                                             .items = directories,
                                             .n = sizeof(directories) / sizeof(directories[0])};

int app_open_directories(struct phone *ph)
{
    if (phone_page_shown(ph))
        browser_close(ph->browser);
    app_close_all(ph);
    return app_open(ph, &app_menu, &directories_menu, 0) && app_above(ph);
}
