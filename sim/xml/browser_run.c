/* SPDX-License-Identifier: BSD-3-Clause */
/* What a page makes the phone do: keys, URIs, Execute (xml-services.md 3.11, 5). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <re_types.h>
#include <re_mem.h>

#include "devices/model.h"
#include "sim/loop/clock.h"
#include "sim/xml/priv.h"
#include "sim/xml/reply.h"

/* ---- Execute (3.11) */

/* A page that came by itself, and that nobody has touched, is none in use (3.11 [DEF]). */
static bool idle(const struct browser *b)
{
    return !(browser_shown(b) && b->used) && (!b->h->idle || b->h->idle(b->arg));
}

bool browser_is_web(const char *uri)
{
    return strncasecmp(uri, "http://", 7) == 0 || strncasecmp(uri, "https://", 8) == 0;
}

static int execute_item(struct browser *b, const struct xml_item *it)
{
    if (browser_is_web(it->url) && it->priority && !idle(b)) {
        if (it->priority == 1 && b->n_waiting < BROWSER_WAITING_MAX) {
            char *copy = strdup(it->url);
            if (copy)
                b->waiting[b->n_waiting++] = copy;
        }
        return 0; /* priority 2: dropped */
    }
    return browser_run(b, it->url);
}

void browser_execute(struct browser *b, const struct xml_page *p, unsigned status[BROWSER_STATUSES])
{
    for (unsigned i = 0; i < p->n_items && i < BROWSER_STATUSES; i++) {
        const struct xml_item *it = &p->items[i];
        const unsigned got = it->number ? (unsigned)it->number : xuri_status(execute_item(b, it));
        if (status)
            status[i] = got;
    }
}

void browser_idle(struct browser *b)
{
    while (b->n_waiting && idle(b)) {
        char *uri = b->waiting[0];
        memmove(&b->waiting[0], &b->waiting[1], (BROWSER_WAITING_MAX - 1) * sizeof(b->waiting[0]));
        b->n_waiting--;
        (void)browser_run(b, uri);
        free(uri);
    }
}

/* ---- URIs */

static int init(struct browser *b, const char *what)
{
    if (strcmp(what, "AppStatus") == 0) {
        browser_status_drop(b);
        browser_changed(b);
        return 0;
    }
    if (strcmp(what, b->directories ? "Directories" : "Services") == 0) /* the one it is of */
        browser_close(b);
    return b->h->init ? b->h->init(what, b->arg) : ENOTSUP;
}

static int dial(struct browser *b, const char *text, int (*h)(const char *, void *))
{
    char number[XURI_TEXT_BYTES];

    xuri_dialable(number, sizeof(number), text, h == b->h->dial);
    if (!*number || *number == ',')
        return EINVAL;
    return h ? h(number, b->arg) : ENOTSUP;
}

static void act(struct browser *b, const struct xml_action *a);

static int dispatch(struct browser *b, const struct xuri *u, const char *uri)
{
    struct xml_action a;

    if (!xuri_is_listed(u) && b->h->strict && b->h->strict(b->arg))
        return ENOTSUP;
    switch (u->kind) {
    case XURI_WEB:
        return browser_load(b, u->web, LOAD_NEW);
    case XURI_KEY:
        return b->h->key ? b->h->key(u->text, b->arg) : ENOTSUP;
    case XURI_SOFTKEY: /* from a Refresh or a URLDown: the page's own actions */
        if (!b->page)
            return ENOTSUP;
        a.down = NULL;
        if (xml_view_run(&b->view, uri, &a) == XML_KEY_ACTION)
            act(b, &a);
        return 0;
    case XURI_INIT:
        return init(b, u->text);
    case XURI_DIAL:
        return dial(b, u->text, b->h->dial);
    case XURI_EDIT_DIAL:
        return dial(b, u->text, b->h->edit_dial);
    case XURI_PLAY:
        return b->h->play ? b->h->play(u, b->arg) : ENOTSUP;
    case XURI_RTP:
        return b->h->rtp ? b->h->rtp(u, b->arg) : ENOTSUP;
    case XURI_DEVICE: /* these phones are never locked */
        return strcasecmp(u->text, "Unlock") == 0 ? 0 : EINVAL;
    case XURI_RESYNC:
        return b->h->resync ? b->h->resync(u->web, b->arg) : ENOTSUP;
    case XURI_QUERY:
        break;
    }
    return ENOTSUP;
}

static const char *reason(int err)
{
    return err == EINVAL     ? "not a URI of this phone"
           : err == ENOTSUP  ? "this phone does not do that"
           : err == ENOSYS   ? "comes later"
           : err == EALREADY ? "there is such a stream already"
           : err == EBUSY    ? "there is a call"
           : err == ENOENT   ? "there is no such thing here"
           : err == ELOOP    ? "pages or keys that call each other, given up"
                             : strerror(err);
}

int browser_run(struct browser *b, const char *uri)
{
    struct xuri u;
    int err = xuri_parse(&u, uri, b->cfg.model);

    mem_ref(b); /* a key may end the phone's page, or the phone */
    if (!err && b->nesting == BROWSER_NESTING_MAX)
        err = ELOOP;
    if (!err) {
        b->nesting++;
        err = dispatch(b, &u, uri);
        b->nesting--;
    }
    if (err)
        browser_complain(b, uri, reason(err));
    mem_deref(b);
    return err;
}

/* ---- keys */

/* The highlighted item's name heads a page without Title. */
static void note_title(struct browser *b)
{
    const struct xml_page *p = b->page;

    if (p && b->view.selected < p->n_items)
        snprintf(b->title, sizeof(b->title), "%s", p->items[b->view.selected].name);
}

static void follow(struct browser *b, const char *uri)
{
    char whole[XML_URI_BYTES];

    if (!*uri || *uri == '?') { /* a form without URL (3.6) */
        browser_show_text(
            b, xml_fetch_error_text(b->cfg.model, 0, "dns failed", whole, sizeof(whole)));
        return;
    }
    note_title(b);
    page_resolve(whole, sizeof(whole), b->url ? b->url : "", uri);
    (void)browser_run(b, whole);
}

static void act(struct browser *b, const struct xml_action *a)
{
    char uri[XML_URI_BYTES + 16];

    if (a->down) { /* which may close the page it stands in */
        snprintf(uri, sizeof(uri), "%s", a->down);
        (void)browser_run(b, uri);
    }
    if (!b->page)
        return;
    switch (a->what) {
    case XML_DO_URI:
        follow(b, a->uri);
        return;
    case XML_DO_EXIT:
        browser_leave(b);
        return;
    case XML_DO_UPDATE:
    case XML_DO_NEXT:
        browser_update(b);
        return;
    case XML_DO_DIAL:
    case XML_DO_EDIT_DIAL:
        snprintf(uri, sizeof(uri), "%s:%s", a->what == XML_DO_DIAL ? "Dial" : "EditDial", a->uri);
        for (char *p = strchr(uri, ':'); *p; p++) {
            if (strchr(",ABCDabcd", *p)) /* they mean something in URIs only (3.7) */
                *p = ' ';
        }
        (void)browser_run(b, uri);
        return;
    case XML_DO_NOTHING:
        browser_changed(b);
        return;
    }
}

static void digit_handler(void *arg);

static void take_result(struct browser *b, enum xml_key_result result, const struct xml_action *a)
{
    const uint64_t at = xml_view_deadline(&b->view), now = clock_ms(b->cfg.lp);

    if (at)
        timer_start(b->cfg.lp, &b->digit_timer, at > now ? at - now : 0, digit_handler, b);
    else
        timer_cancel(&b->digit_timer);
    if (result == XML_KEY_HANDLED)
        browser_changed(b);
    if (result == XML_KEY_ACTION)
        act(b, a);
}

static void digit_handler(void *arg)
{
    struct browser *b = arg;
    struct xml_action a;

    mem_ref(b);
    take_result(b, xml_view_tick(&b->view, clock_ms(b->cfg.lp), &a), &a);
    mem_deref(b);
}

/* Keys that mean nothing else while a page is shown. */
static bool is_page_key(const char *key, char digit)
{
    static const char *const keys[] = {"up", "down", "left", "right", "select", "back"};

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (strcmp(keys[i], key) == 0)
            return true;
    }
    return digit || strncmp(key, "soft", 4) == 0;
}

bool browser_key(struct browser *b, const char *key, char digit)
{
    const struct xml_key k = {.name = key, .digit = digit, .now_ms = clock_ms(b->cfg.lp)};
    struct xml_action a;

    if (!browser_shown(b) || b->nesting == BROWSER_NESTING_MAX)
        return false;
    mem_ref(b);
    if (!b->nesting) {
        b->chain = 0;
        b->used = true;
    }
    b->notice[0] = '\0';
    b->moved_ms = clock_ms(b->cfg.lp);
    const enum xml_key_result result = xml_view_key(&b->view, &k, &a);
    b->nesting++;
    take_result(b, result, &a);
    b->nesting--;
    mem_deref(b);
    return result != XML_KEY_IGNORED || is_page_key(key, digit);
}

bool browser_touch(struct browser *b, int x, int y)
{
    struct xml_action a;

    if (!browser_shown(b) || b->nesting)
        return false;
    mem_ref(b);
    b->chain = 0;
    b->used = true;
    b->notice[0] = '\0';
    const enum xml_key_result result = xml_view_touch(&b->view, x, y, &a);
    b->nesting++;
    take_result(b, result, &a);
    b->nesting--;
    mem_deref(b);
    return result != XML_KEY_IGNORED;
}

bool browser_types(const struct browser *b, enum key_set *set)
{
    if (!b->page || !b->view.values)
        return false;
    *set = (enum key_set)b->view.values[b->view.selected].set;
    return true;
}

void browser_commit(struct browser *b)
{
    if (b->page && b->view.values)
        key_entry_move(&b->view.values[b->view.selected], 0);
}
