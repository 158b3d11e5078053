/* SPDX-License-Identifier: BSD-3-Clause */
/* XML services of a phone: its browser (sim/xml), what opens pages, and what pages may do to the
 * phone (xml-services.md 5, 7, 9.5; pushes: sip-behaviour.md 3.3). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <stdint.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/lcd/paint.h"
#include "sim/lcd/screen.h"
#include "sim/net/fetch.h"
#include "sim/phone/apps/apps.h"
#include "sim/phone/calls.h"
#include "sim/phone/history.h"
#include "sim/phone/priv.h"
#include "sim/phone/streams.h"
#include "sim/prov/prov.h"
#include "sim/xml/browser.h"
#include "sim/xml/page.h"

/* ---- what a page may do */

static void changed_handler(void *arg)
{
    phone_screen_changed(arg);
}

static void fetched_handler(const struct fetch_reply *r, void *arg)
{
    const struct prov_fetch_event ev = {
        .url = r->url, .status = r->status, .us = r->us, .bytes = r->len, .error = r->error};

    phone_emit(arg, &(struct phone_event){.ev = PHONE_EV_FETCH, .fetch = &ev});
}

static void error_handler(const char *text, void *arg)
{
    phone_emit_text(arg, PHONE_EV_ERROR, text, NULL);
}

static bool idle_handler(void *arg)
{
    return phone_is(arg, PHONE_IDLE);
}

void phone_service_login(struct phone *ph, const char **uid, const char **pwd, uint32_t *cnonce)
{
    const char *name = param_get(ph->params, P_XML_User_Name, 0);

    *uid = *name ? name : NULL;
    *pwd = param_get(ph->params, P_XML_Password, 0);
    *cnonce = *uid ? rng_u32(&ph->rng) : 0;
}

static void login_handler(const char **uid, const char **pwd, uint32_t *cnonce, void *arg)
{
    phone_service_login(arg, uid, pwd, cnonce);
}

static struct trust *trust_handler(void *arg)
{
    return phone_trust(arg);
}

static int key_handler(const char *key, void *arg)
{
    return phone_press(arg, key, 0) == 0 ? 0 : ENOTSUP;
}

static int dial_handler(const char *number, void *arg)
{
    const size_t n = strcspn(number, ",");
    struct phone *ph = arg;
    char first[PHONE_URL_MAX];

    snprintf(first, sizeof(first), "%.*s", (int)n, number);
    const int err = phone_dial(ph, first);
    struct phone_call *pc = err || !number[n] ? NULL : phone_call_find(ph, ph->calls->last_id);
    return pc ? phone_post_dial(pc, number + n) : err;
}

/* The number waits on the idle screen for a hook, line or dial key (devices.md 4). */
static int edit_dial_handler(const char *number, void *arg)
{
    struct phone *ph = arg;

    snprintf(ph->dial, sizeof(ph->dial), "%s", number);
    browser_close(ph->browser);
    phone_screen_changed(ph);
    return 0;
}

/* What the call logs hold goes; open lists of an application close (5). */
static int init_handler(const char *what, void *arg)
{
    struct phone *ph = arg;
    const struct app_frame *top = app_top(ph);

    if (strcmp(what, "CallHistory") == 0) {
        for (unsigned i = 0; i < HISTORY_LISTS; i++)
            phone_history_clear(ph, (enum history_list)i);
        if (ph->calls)
            ph->calls->n_missed = 0;
    } else if (strcmp(what, "Directories") == 0 && top &&
               (top->app == &app_directory || top->app == &app_history)) {
        app_close_all(ph);
    } else if (strcmp(what, "Messages") == 0 && app_asks_mailbox(ph)) {
        app_close_all(ph);
    }
    phone_screen_changed(ph);
    return 0;
}

static int play_handler(const struct xuri *u, void *arg)
{
    return phone_play(arg, u);
}

static int rtp_handler(const struct xuri *u, void *arg)
{
    return phone_stream(arg, u);
}

static int sound_handler(const uint8_t *data, size_t len, void *arg)
{
    return phone_play_sound(arg, data, len);
}

static bool strict_handler(void *arg)
{
    const struct phone *ph = arg;
    return param_bool(ph->params, P_Sim_XML_Keys_Strict, 0);
}

static bool https_handler(void *arg)
{
    const struct phone *ph = arg;
    const char *mode = param_get(ph->params, P_Sim_XML_HTTPS, 0);

    return strcasecmp(mode, "auto") == 0 ? xml_takes_https(ph->model)
                                         : param_bool(ph->params, P_Sim_XML_HTTPS, 0);
}

/* What comes during a call lies above it, until the next one begins (7.4 [DEF]). */
static void came_handler(void *arg)
{
    struct phone *ph = arg;
    ph->page_above = phone_calls_focus(ph) != NULL;
}

static bool named_handler(void *arg)
{
    const struct phone *ph = arg;
    return param_bool(ph->params, P_Sim_XML_Model_Name, 0);
}

static bool keeps_handler(void *arg)
{
    const struct phone *ph = arg;
    return ph->env->keep_pages && *ph->env->keep_pages;
}

/* One that is switched off or under way is none the less understood [DEF]. */
static int resync_handler(const char *rule, void *arg)
{
    (void)phone_resync(arg, rule);
    return 0;
}

static int tftp_handler(const char *file, char *url, size_t size, void *arg)
{
    return phone_tftp_url(arg, file, url, size);
}

/* "host:port", however it is written (9.5 [DEF]). */
static const char *proxy_handler(void *arg)
{
    const struct phone *ph = arg;
    const char *url = param_get(ph->params, P_HTTP_Proxy, 0);

    return strncasecmp(url, "http://", 7) == 0 ? url + 7 : url;
}

static const struct browser_handlers handlers = {
    .proxy = proxy_handler,
    .changed = changed_handler,
    .fetched = fetched_handler,
    .error = error_handler,
    .idle = idle_handler,
    .login = login_handler,
    .trust = trust_handler,
    .key = key_handler,
    .dial = dial_handler,
    .edit_dial = edit_dial_handler,
    .init = init_handler,
    .play = play_handler,
    .rtp = rtp_handler,
    .sound = sound_handler,
    .strict = strict_handler,
    .https = https_handler,
    .keeps = keeps_handler,
    .named = named_handler,
    .came = came_handler,
    .resync = resync_handler,
    .tftp = tftp_handler,
};

static int prepare(struct phone *ph)
{
    const struct browser_config cfg = {
        .lp = ph->env->lp,
        .fetcher = ph->env->fetcher,
        .model = ph->model,
        .id = &ph->id,
        .ca_file = ph->env->ca_file,
        .local = ph->addr,
        .owner = ph,
    };

    return ph->browser ? 0 : browser_alloc(&ph->browser, &cfg, &handlers, ph);
}

/* ---- what opens pages */

int phone_open_url(struct phone *ph, const char *url, size_t len)
{
    char copy[PHONE_URL_MAX];
    int err = prepare(ph);

    if (err)
        return err;
    if (len >= sizeof(copy))
        return E2BIG;
    memcpy(copy, url, len);
    copy[len] = '\0';
    phone_idle_page_touched(ph);
    return browser_open(ph->browser, copy, BROWSER_PUSH);
}

int phone_push(struct phone *ph, const char *xml, size_t len, unsigned *status)
{
    const int err = prepare(ph);

    phone_idle_page_touched(ph);
    return err ? err : browser_push(ph->browser, (const uint8_t *)xml, len, status);
}

void phone_push_object(struct phone *ph, const char *xml, size_t len)
{
    const int err = phone_push(ph, xml, len, NULL);

    /* answered 200 in any case; what is wrong stands on the display (sip-behaviour.md 3.3 [DEF]) */
    if (err && err != ENOMEM && ph->browser)
        browser_say(ph->browser, xml_error_text(ph->model, err));
}

int phone_open(struct phone *ph, const char *uri)
{
    if (ph->state != PHONE_UP)
        return EHOSTDOWN;
    const int err = prepare(ph);
    if (err)
        return err;
    phone_idle_page_touched(ph);
    if (strncasecmp(uri, "http://", 7) == 0 || strncasecmp(uri, "https://", 8) == 0)
        return browser_open(ph->browser, uri, BROWSER_SERVICE);
    return browser_run(ph->browser, uri);
}

int phone_open_service(struct phone *ph, enum phone_service service)
{
    static const struct {
        enum param_id url;
        enum browser_how how;
    } services[] = {
        [PHONE_SERVICE_APPLICATION] = {P_XML_Application_Service_URL, BROWSER_SERVICE},
        [PHONE_SERVICE_DIRECTORY] = {P_XML_Directory_Service_URL, BROWSER_DIRECTORIES},
        [PHONE_SERVICE_MESSAGES] = {P_Messages_URL, BROWSER_SERVICE},
        [PHONE_SERVICE_INFORMATION] = {P_Information_URL, BROWSER_SERVICE},
        [PHONE_SERVICE_IDLE] = {P_Idle_URL, BROWSER_PUSH}, /* does not say who asks (8.1) */
    };
    char url[PHONE_URL_MAX];
    int err = prepare(ph);

    if (err)
        return err;
    if (!phone_service_url(ph, param_get(ph->params, services[service].url, 0), url, sizeof(url)))
        return E2BIG;
    err = *url ? browser_open(ph->browser, url, services[service].how) : ENOENT;
    if (err && err != ENOTSUP && err != ENAMETOOLONG)     /* which say so themselves */
        browser_say(ph->browser, "Services Unavailable"); /* no URL configured (10) */
    return err;
}

/* A value such as "Application:Cisco/Voicemail" stands for what the key does anyway [DEF]. */
bool phone_has_messages_page(const struct phone *ph)
{
    return strncasecmp(param_get(ph->params, P_Messages_URL, 0), "http", 4) == 0;
}

/* ---- the page as the phone's screen */

bool phone_page_shown(const struct phone *ph)
{
    return ph->browser && browser_shown(ph->browser);
}

const char *phone_page_title(const struct phone *ph)
{
    return browser_title(ph->browser);
}

bool phone_page_above(const struct phone *ph)
{
    return phone_page_shown(ph) && ph->page_above;
}

bool phone_page_leaves_digits(const struct phone *ph)
{
    return ph->browser && browser_leaves_digits(ph->browser);
}

void phone_page_screen(const struct phone *ph, struct screen *s)
{
    browser_screen(ph->browser, s);
}

const char *phone_page_source(const struct phone *ph, const char **url)
{
    *url = "";
    return ph->browser ? browser_source(ph->browser, url) : NULL;
}

void phone_page_overlay(const struct phone *ph, struct screen *s)
{
    if (ph->browser)
        browser_overlay(ph->browser, s);
}

bool phone_page_key(struct phone *ph, const char *key, char digit)
{
    if (ph->browser && browser_key(ph->browser, key, digit))
        return true;
    if (strcmp(key, "services") == 0)
        (void)phone_open_service(ph, PHONE_SERVICE_APPLICATION);
    else if (strcmp(key, "info") == 0)
        (void)phone_open_service(ph, PHONE_SERVICE_INFORMATION);
    else if (strcmp(key, "messages") == 0 && phone_has_messages_page(ph))
        (void)phone_open_service(ph, PHONE_SERVICE_MESSAGES);
    else if (strcmp(key, "directory") == 0)
        (void)app_open_directories(ph);
    else
        return false;
    return true;
}

/* None of these models has a touch screen; as an aid their glass may be made to feel (3.5). */
int phone_touch(struct phone *ph, int x, int y)
{
    struct fb_rect pane;
    struct screen s;

    if (ph->state != PHONE_UP)
        return EHOSTDOWN;
    if (!param_bool(ph->params, P_Sim_Touch_Screen, 0))
        return ENOTSUP;
    phone_screen(ph, &s);
    if (strcmp(s.app, "xml") != 0 || !ph->browser || !paint_pane(ph->model, &s, &pane))
        return ENOENT;
    return browser_touch(ph->browser, x - pane.x, y - pane.y) ? 0 : ENOENT;
}

/* The same key again makes another character, until somebody waits or moves on. */
int phone_page_type(struct phone *ph, const char *text)
{
    enum key_set set;
    unsigned presses;
    char digit;
    int err = 0;

    if (!ph->browser || !browser_types(ph->browser, &set))
        return ENOENT;
    for (const char *p = text; *p; p++) {
        if (!key_entry_char(set, *p, &digit, &presses))
            return EINVAL;
    }
    for (const char *p = text; *p && !err; p++) {
        (void)key_entry_char(set, *p, &digit, &presses);
        while (presses-- && !err)
            err = phone_press(ph, (const char[]){digit, '\0'}, 0);
        if (ph->browser)
            browser_commit(ph->browser);
    }
    return err;
}

void phone_page_idle(struct phone *ph)
{
    if (ph->browser)
        browser_idle(ph->browser);
}

void phone_services_close(struct phone *ph)
{
    ph->browser = mem_deref(ph->browser);
}
