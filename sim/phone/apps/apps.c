/* SPDX-License-Identifier: BSD-3-Clause */
/* Who has the display and the keys: the one table of applications, and the stack of menus. */
#include "sim/phone/apps/apps.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/loop/clock.h"
#include "sim/phone/calls.h"
#include "sim/phone/ivr.h"
#include "sim/phone/priv.h"
#include "sim/phone/shared.h"
#include "sim/xml/browser.h"

static void no_screen(const struct phone *ph, struct screen *s)
{
    (void)ph;
    (void)s;
}

static int no_key(struct phone *ph, const char *key, char digit)
{
    (void)ph;
    (void)key;
    (void)digit;
    return 0;
}

/* Keys of calls are theirs, and bring them back into sight; digits where the page says so (2). */
static int key_above_call(struct phone *ph, const char *key, char digit)
{
    static const char *const of_calls[] = {"hold",    "transfer", "conference", "hook",
                                           "speaker", "headset",  "end"};
    bool mine = strncmp(key, "line", 4) == 0;

    for (size_t i = 0; i < sizeof(of_calls) / sizeof(of_calls[0]); i++)
        mine = mine || strcmp(key, of_calls[i]) == 0;
    if (mine)
        ph->page_above = false;
    else if (!(digit && phone_page_leaves_digits(ph)) && phone_page_key(ph, key, digit))
        return 0;
    return app_incall_key(ph, key, digit);
}

/* Keys that a page leaves alone, and those of the services, are the idle screen's. */
static int page_key(struct phone *ph, const char *key, char digit)
{
    if (phone_calls_focus(ph))
        return key_above_call(ph, key, digit);
    if (strcmp(key, "setup") == 0)
        return phone_page_key(ph, key, digit) ? 0 : app_open_setup(ph);
    return phone_page_key(ph, key, digit) ? 0 : app_idle_key(ph, key, digit);
}

enum base {
    BASE_OFF,
    BASE_BOOT,
    BASE_RINGING,
    BASE_IVR,
    BASE_DIALING,
    BASE_SHARED,
    BASE_CALL,
    BASE_XML,
    BASE_IDLE,
    N_BASES
};

static const struct app bases[] = {
    [BASE_OFF] = {.name = "off", .screen = no_screen, .key = no_key},
    [BASE_BOOT] = {.name = "boot", .screen = app_boot_screen, .key = no_key},
    [BASE_RINGING] = {.name = "ringing", .screen = app_incall_screen, .key = app_incall_key},
    [BASE_IVR] = {.name = "ivr", .screen = phone_ivr_screen, .key = phone_ivr_key},
    [BASE_DIALING] = {.name = "dialing", .screen = app_dialing_screen, .key = app_dialing_key},
    [BASE_SHARED] = {.name = "shared", .screen = app_shared_screen, .key = app_shared_key},
    [BASE_CALL] = {.name = "call", .screen = app_incall_screen, .key = app_incall_key},
    [BASE_XML] = {.name = "xml", .screen = phone_page_screen, .key = page_key},
    [BASE_IDLE] = {.name = "idle", .screen = app_idle_screen, .key = page_key},
};

const struct app *app_current(const struct phone *ph)
{
    const struct app_frame *f;

    if (ph->state == PHONE_OFF)
        return &bases[BASE_OFF];
    if (ph->state != PHONE_UP)
        return &bases[BASE_BOOT];
    if (phone_calls_in(ph, PHONE_CALL_RINGING))
        return &bases[BASE_RINGING];
    f = app_top(ph);
    if (f && ph->apps->above)
        return f->app;
    if (phone_ivr_open(ph) && !phone_calls_focus(ph))
        return &bases[BASE_IVR];
    if (ph->calls && ph->calls->input.open)
        return &bases[BASE_DIALING];
    if (phone_page_above(ph))
        return &bases[BASE_XML];
    if (app_shared_shown(ph))
        return &bases[BASE_SHARED];
    if (phone_calls_focus(ph))
        return &bases[BASE_CALL];
    if (phone_page_shown(ph))
        return &bases[BASE_XML];
    return f ? f->app : &bases[BASE_IDLE];
}

/* Wide glass names its line keys beside a call, that of a SPA525G beside menus, too (devices.md 7).
 */
static bool has_labels(const struct phone *ph, const struct app *app)
{
    const bool wide = ph->model->family == FAMILY_SPA525 || ph->model->family == FAMILY_MPP68XX;

    if (!wide || ph->state != PHONE_UP || app == &bases[BASE_XML] || app == &bases[BASE_IDLE])
        return false;
    return ph->model->family == FAMILY_SPA525 || (app >= bases && app < bases + N_BASES);
}

void app_screen(const struct phone *ph, struct screen *s)
{
    const struct app *app = app_current(ph);

    screen_clear(s, app->name);
    (app->list ? app_list_screen : app->screen)(ph, s);
    if (has_labels(ph, app))
        app_labels(ph, s);
}

void app_title(const struct phone *ph, char *buf, size_t size)
{
    const struct app *app = app_current(ph);
    struct screen s;

    snprintf(buf, size, "%s",
             app == &bases[BASE_XML] && *phone_page_title(ph) ? phone_page_title(ph) : app->name);
    if (app >= bases && app < bases + N_BASES)
        return;
    app_screen(ph, &s);
    if (s.title[0])
        snprintf(buf, size, "%s", s.title);
}

/* A line key or an audio device ends what is open, and so does a key for the call below. */
static bool ends_menus(const struct phone *ph, const char *key)
{
    static const char *const of_calls[] = {"hold", "transfer", "conference"};

    for (size_t i = 0; ph->apps->above && i < sizeof(of_calls) / sizeof(of_calls[0]); i++) {
        if (strcmp(key, of_calls[i]) == 0)
            return true;
    }
    return strncmp(key, "line", 4) == 0 || strcmp(key, "hook") == 0 ||
           strcmp(key, "speaker") == 0 || strcmp(key, "headset") == 0;
}

/* Menus turn their pages themselves. */
void app_softkeys_settle(struct phone *ph)
{
    const struct app *app = app_current(ph);
    const bool base = app >= bases && app < bases + N_BASES;
    const struct phone_call *pc = base ? phone_calls_focus(ph) : NULL;
    const bool digits = app == &bases[BASE_DIALING] ? !phone_input_empty(ph) : ph->dial[0] != '\0';
    uint16_t state = (uint16_t)((base ? app - bases : N_BASES) << 8 | digits << 7);

    if (pc)
        state |= (uint16_t)(1 << 6 | pc->consultation << 5 | pc->conference << 4 | pc->state);
    if (state != ph->softkey_state && base)
        ph->softkey_page = 0;
    ph->softkey_state = state;
}

static int stack_key(struct phone *ph, const struct app *app, const char *key, char digit)
{
    struct phone_apps *apps = mem_ref(ph->apps);

    apps->notice[0] = '\0';
    apps->moved_ms = clock_ms(ph->env->lp);
    int changed = (app->list ? app_list_key : app->key)(ph, key, digit);
    if (!changed && (strcmp(key, "setup") == 0 || strcmp(key, "end") == 0)) {
        app_close_all(ph);
        changed = 1;
    } else if (!changed && strcmp(key, "directory") == 0) {
        changed = app_open_directories(ph);
    } else if (!changed && strcmp(key, "messages") == 0) {
        changed = app_call_messages(ph);
    } else if (!changed && ends_menus(ph, key)) {
        app_close_all(ph);
        (void)app_key(ph, key, digit);
        changed = 1;
    } else if (!changed && strcmp(key, "back") == 0) {
        changed = app_close(ph);
    }
    mem_deref(apps);
    return changed;
}

int app_key(struct phone *ph, const char *key, char digit)
{
    const struct app *app = app_current(ph);

    app_softkeys_settle(ph); /* the key may come before the screen is told of its new state */
    if (app >= bases && app < bases + N_BASES)
        return app->key(ph, key, digit);
    return stack_key(ph, app, key, digit);
}

/* ---- the stack */

static void destructor(void *arg)
{
    struct phone_apps *apps = arg;
    timer_cancel(&apps->timer);
}

struct app_frame *app_top(const struct phone *ph)
{
    return ph->apps && ph->apps->depth ? &ph->apps->stack[ph->apps->depth - 1] : NULL;
}

int app_open(struct phone *ph, const struct app *app, const void *what, unsigned number)
{
    if (!ph->apps && !(ph->apps = mem_zalloc(sizeof(*ph->apps), destructor)))
        return 0;
    if (ph->apps->depth == APP_DEPTH)
        return 0;
    ph->apps->ph = ph;
    ph->apps->first_digit = 0;
    ph->apps->moved_ms = clock_ms(ph->env->lp);
    ph->apps->stack[ph->apps->depth++] =
        (struct app_frame){.app = app, .what = what, .number = number};
    ph->softkey_page = 0;
    return app->init ? app->init(ph) : 1;
}

int app_above(struct phone *ph)
{
    if (ph->apps)
        ph->apps->above = true;
    return 1;
}

void app_below(struct phone *ph)
{
    if (ph->apps)
        ph->apps->above = false;
    ph->page_above = false;
}

int app_close(struct phone *ph)
{
    if (!ph->apps)
        return 0;
    timer_cancel(&ph->apps->timer);
    ph->apps->first_digit = 0;
    ph->softkey_page = 0;
    if (ph->apps->depth > 1)
        ph->apps->depth--;
    else
        app_close_all(ph);
    return 1;
}

void app_close_all(struct phone *ph)
{
    if (!ph->apps)
        return;
    timer_cancel(&ph->apps->timer);
    ph->apps->depth = 0;
    ph->apps = mem_deref(ph->apps);
    ph->softkey_page = 0;
}

int app_say(struct phone *ph, const char *text)
{
    if (ph->apps)
        snprintf(ph->apps->notice, sizeof(ph->apps->notice), "%s", text);
    return 1;
}

int app_dial(struct phone *ph, const char *number)
{
    if (!*number)
        return app_say(ph, "Invalid Number");
    if (phone_input_take(ph, number)) {
        app_close_all(ph);
        return 1;
    }
    const int err = phone_dial(ph, number);
    if (err)
        return app_say(ph, err == ENOENT ? "Invalid Number" : "No Line"); /* devices.md 6.4 */
    app_close_all(ph);
    return 1;
}

bool app_may_change(const struct phone *ph)
{
    return !param_bool(ph->params, P_Phone_UI_readonly, 0);
}

enum page_access app_access(const struct phone *ph, enum param_id id)
{
    const bool as_user = param_bool(ph->params, P_Phone_UI_user_mode, 0);

    return as_user ? param_user_access(ph->params, id, 0) : PAGE_WRITABLE;
}

int app_set(struct phone *ph, enum param_id id, uint16_t index, const char *value)
{
    char name[96];

    if (!app_may_change(ph) || app_access(ph, id) != PAGE_WRITABLE)
        return app_say(ph, "Not Allowed"); /* the words are ours [DEF] */
    param_name_print(name, sizeof(name), id, index);
    return phone_set(ph, name, value) ? app_say(ph, "Invalid Value") : 0;
}

void app_service_name(const struct phone *ph, bool directory, char *buf, size_t size)
{
    const char *url = param_get(
        ph->params, directory ? P_XML_Directory_Service_URL : P_XML_Application_Service_URL, 0);
    const char *name = param_get(
        ph->params, directory ? P_XML_Directory_Service_Name : P_XML_Application_Service_Name, 0);
    const char *host = strstr(url, "://");

    host = host ? host + 3 : url;
    if (!*url)
        *buf = '\0';
    else if (*name)
        snprintf(buf, size, "%s", name);
    else
        snprintf(buf, size, "%.*s", (int)strcspn(host, ":/?"), host);
}
