/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages and requests: what is fetched, shown, remembered and left. */
#include "sim/xml/browser.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <re_types.h>
#include <re_mem.h>

#include "devices/model.h"
#include "sim/lcd/screen.h"
#include "sim/loop/clock.h"
#include "sim/net/fetch.h"
#include "sim/xml/cookies.h"
#include "sim/xml/priv.h"
#include "sim/xml/reply.h"
#include "sim/xml/request.h"

enum { PAGE_BYTES = 65536 /* 8.5 [DEF] */, FILE_NAME_MAX = 127, REFRESH_AGAIN_MS = 1000 };

static const char requesting[] = "Requesting..."; /* section 10 [mem] */

void browser_changed(struct browser *b)
{
    if (b->h->changed)
        b->h->changed(b->arg);
}

void browser_complain(struct browser *b, const char *what, const char *why)
{
    char text[300];

    snprintf(text, sizeof(text), "XML service: %.160s: %.100s", what, why);
    if (b->h->error)
        b->h->error(text, b->arg);
}

/* ---- what is shown */

static void drop_page(struct browser *b)
{
    browser_files_drop(b);
    timer_cancel(&b->refresh_timer);
    timer_cancel(&b->digit_timer);
    xml_view_reset(&b->view);
    b->page = mem_deref(b->page);
    b->source = mem_deref(b->source);
    free(b->refresh);
    free(b->url);
    b->refresh = b->url = NULL;
    b->shows = SHOWS_PAGE;
    b->on_top = false;
}

/* Takes over the page. */
static int show_page(struct browser *b, struct xml_page *p)
{
    drop_page(b);
    b->page = p;
    b->notice[0] = '\0';
    const int err = xml_view_init(&b->view, p, b->cfg.model);
    if (err) {
        drop_page(b);
        return err;
    }
    b->moved_ms = clock_ms(b->cfg.lp);
    b->view.title = b->title;
    b->view.directories = b->directories;
    return 0;
}

/* Not one that comes again by itself. */
static void page_came(struct browser *b)
{
    if (b->load == LOAD_NEW && b->h->came)
        b->h->came(b->arg);
}

/* Words and Exit in place of the page; on a 79xx the prompt line says them and the page stays. */
static void show_text(struct browser *b, const char *text, enum browser_shows shows)
{
    struct xml_page *p = NULL;

    if (b->page && b->shows == SHOWS_PAGE && b->cfg.model->family == FAMILY_CP79XX) {
        snprintf(b->notice, sizeof(b->notice), "%s", text);
    } else if (b->cfg.model->lcd.width_px && !xml_page_error(&p, b->cfg.model, text) &&
               !show_page(b, p)) {
        b->view.title = NULL;
        b->shows = shows;
    }
    browser_changed(b);
}

static void show_wait(struct browser *b)
{
    show_text(b, requesting, SHOWS_WAIT);
}

void browser_show_text(struct browser *b, const char *text)
{
    show_text(b, text, SHOWS_ERROR);
}

void browser_say(struct browser *b, const char *text)
{
    browser_show_text(b, text);
}

/* ---- history */

static char *history_take(struct browser *b)
{
    return b->n_history ? b->history[--b->n_history] : NULL;
}

static void history_put(struct browser *b, const char *url)
{
    char *copy = strdup(url);

    if (!copy)
        return;
    if (b->n_history == BROWSER_HISTORY_MAX) { /* the oldest is pruned */
        free(b->history[0]);
        memmove(&b->history[0], &b->history[1], (BROWSER_HISTORY_MAX - 1) * sizeof(b->history[0]));
        b->n_history--;
    }
    b->history[b->n_history++] = copy;
}

static void history_clear(struct browser *b)
{
    while (b->n_history)
        free(history_take(b));
}

static void stop_request(struct browser *b)
{
    b->fetch = mem_deref(b->fetch);
    free(b->wanted);
    b->wanted = NULL;
}

void browser_close(struct browser *b)
{
    const bool shown = browser_shown(b);

    stop_request(b);
    drop_page(b);
    history_clear(b);
    b->title[0] = b->notice[0] = '\0';
    b->directories = b->wants_menu = b->used = false;
    if (!shown)
        return;
    browser_changed(b);
    browser_idle(b);
}

void browser_leave(struct browser *b)
{
    const bool gives_up = b->fetch && b->page && b->shows == SHOWS_PAGE;

    stop_request(b);
    if (gives_up) { /* the request; the page stays */
        browser_changed(b);
        return;
    }
    if (b->on_top)
        free(history_take(b));
    b->on_top = false;
    b->title[0] = '\0';
    char *url = history_take(b);
    if (!url || browser_load(b, url, LOAD_NEW))
        browser_close(b);
    else
        show_wait(b);
    free(url);
}

/* ---- answers */

static void refresh_handler(void *arg)
{
    struct browser *b = arg;

    if (b->fetch) { /* what is under way may be the page that ends it, or none */
        timer_start(b->cfg.lp, &b->refresh_timer, REFRESH_AGAIN_MS, refresh_handler, b);
        return;
    }
    if (!b->refresh_at_once)
        b->chain = 0;
    mem_ref(b);
    browser_update(b);
    mem_deref(b);
}

void browser_update(struct browser *b)
{
    const char *to = b->refresh && *b->refresh ? b->refresh : b->url ? b->url : "";
    char *target = strdup(to);

    if (target && browser_is_web(target))
        (void)browser_load(b, target, LOAD_REPLACE);
    else if (target && *target)
        (void)browser_run(b, target);
    free(target);
}

/* Seconds missing or 0: by hand, but an internal URI runs at once (8.2 [DEF]). */
static void take_refresh(struct browser *b, const char *head, const char *base)
{
    char value[REPLY_URL_BYTES + 32], target[REPLY_URL_BYTES] = "";
    struct page_refresh r;

    if (!fetch_header(head, "Refresh", value, sizeof(value)))
        return;
    page_refresh_parse(&r, value);
    if (*r.url)
        page_resolve(target, sizeof(target), base, r.url);
    free(b->refresh);
    b->refresh = strdup(target);
    b->view.has_next = browser_is_web(target);
    b->refresh_at_once = !r.seconds;
    if (b->refresh && (r.seconds || (*target && !browser_is_web(target))))
        timer_start(b->cfg.lp, &b->refresh_timer, clock_scaled(b->cfg.lp, r.seconds * 1000ull),
                    refresh_handler, b);
}

static void take_cookies(struct browser *b, const char *head, const char *url)
{
    char line[512], host[256];

    page_host(host, sizeof(host), url);
    while ((head = fetch_header(head, "Set-Cookie", line, sizeof(line)))) {
        if (b->jar || !cookie_jar_alloc(&b->jar))
            cookie_jar_put(b->jar, host, line, clock_ms(b->cfg.lp));
    }
}

static bool is_expired(const char *head)
{
    char value[64];

    return fetch_header(head, "Expires", value, sizeof(value)) && page_expired(value, time(NULL));
}

/* Takes page and url over; url NULL: it came by itself. */
static int take_page(struct browser *b, struct xml_page *p, char *url, const char *head)
{
    if (b->load == LOAD_REPLACE && b->on_top)
        free(history_take(b));
    const int err = show_page(b, p);
    if (err) {
        free(url);
        return err;
    }
    b->url = url;
    page_came(b);
    b->on_top = url && !is_expired(head);
    if (b->on_top)
        history_put(b, url);
    take_refresh(b, head, url ? url : "");
    browser_files_start(b);
    return 0;
}

/* An object by its kind: to show, to lie above, or to do. Takes page and url over. */
static int take_object(struct browser *b, struct xml_page *p, char *url, const char *head,
                       unsigned status[BROWSER_STATUSES])
{
    int err = 0;

    if (p->type->displayable) {
        err = take_page(b, p, url, head);
        browser_changed(b);
        return err;
    }
    if (p->type->to_screen) /* Status: a new one replaces it */
        browser_status_show(b, p, url ? url : "");
    free(url);
    if (p->type->kind == XML_KIND_EXECUTE)
        browser_execute(b, p, status);
    mem_deref(p);
    if (b->page && b->shows == SHOWS_WAIT && !b->fetch) /* nothing to show came of it */
        browser_leave(b);
    else
        browser_changed(b);
    return err;
}

static int parse(struct browser *b, const uint8_t *data, size_t len, const char *content_type,
                 const char *from, struct xml_page **pp)
{
    const struct xml_read_config cfg = {.model = b->cfg.model,
                                        .firmware = b->cfg.id->firmware,
                                        .content_type = *content_type ? content_type : NULL,
                                        .max_bytes = PAGE_BYTES};
    struct parse_err pe = {.text = ""};
    char why[200];

    const int err = xml_page_parse(pp, &cfg, data, len, &pe);
    if (err) {
        snprintf(why, sizeof(why), "line %d: %s", pe.line, pe.text);
        browser_complain(b, from, why);
    }
    return err;
}

/* It plays, and the page stays; a Refresh of its own is followed (8.3). Other kinds of sound are
 * none of a page's [DEF]. */
static void take_sound(struct browser *b, const struct fetch_reply *r, const char *type)
{
    const bool basic = strncasecmp(type, "audio/basic", 11) == 0 && (!type[11] || type[11] == ';');
    const int err = !basic || !b->h->sound ? ENOTSUP : b->h->sound(r->body, r->len, b->arg);

    if (err)
        browser_complain(b, r->url, basic ? strerror(err) : "this kind of sound is not played");
    if (b->page && b->shows == SHOWS_WAIT)
        browser_leave(b);
    take_refresh(b, r->head, r->url);
    browser_changed(b);
}

static void take_answer(struct browser *b, const struct fetch_reply *r)
{
    struct xml_page *p = NULL;
    char type[128] = "";
    char *url = strdup(r->url); /* after redirects */

    fetch_header(r->head, "Content-Type", type, sizeof(type));
    take_cookies(b, r->head, r->url);
    if (strncasecmp(type, "audio/", 6) == 0) {
        take_sound(b, r, type);
        free(url);
        return;
    }
    int err = url ? parse(b, r->body, r->len, type, url, &p) : ENOMEM;
    if (!err && b->wants_menu && p->type->kind == XML_KIND_DIRECTORY) {
        browser_complain(b, url, "the Directories key wants a Menu");
        p = mem_deref(p);
        err = EBADMSG;
    }
    b->wants_menu = false;
    const bool shows = !err && p->type->displayable;
    if (!err) {
        err = take_object(b, p, url, r->head, NULL);
        if (!err && shows)
            browser_source_keep(b, r->body, r->len, type, r->url);
        return;
    }
    free(url);
    browser_show_text(b, xml_error_text(b->cfg.model, err));
    if (b->shows == SHOWS_ERROR)
        browser_source_keep(b, r->body, r->len, type, r->url);
}

/* HTTPS, of a phone that has none for its services (9.5). */
static bool is_secret(const struct browser *b, const char *url)
{
    const bool takes = b->h->https ? b->h->https(b->arg) : xml_takes_https(b->cfg.model);

    return !takes && strncasecmp(url, "https://", 8) == 0;
}

static void fetched_handler(int err, const struct fetch_reply *r, void *arg)
{
    struct browser *b = arg;
    char text[64];

    mem_ref(b);
    stop_request(b);
    if (b->h->fetched)
        b->h->fetched(r, b->arg);
    if (err)
        browser_show_text(
            b, xml_fetch_error_text(b->cfg.model, r->status, r->error, text, sizeof(text)));
    else if (is_secret(b, r->url)) /* where a redirect led to */
        browser_show_text(b, xml_error_text(b->cfg.model, EPROTONOSUPPORT));
    else
        take_answer(b, r);
    mem_deref(b);
}

/* ---- requests */

/* The lines of a request to this place, and its cookies. */
static void fill_request(struct browser *b, struct xml_request *request, struct fetch_req *req,
                         const char *url)
{
    char cookie[XML_COOKIE_BYTES] = "", host[256];

    page_host(host, sizeof(host), url);
    if (b->jar)
        cookie_jar_get(b->jar, host, clock_ms(b->cfg.lp), cookie, sizeof(cookie));
    xml_request_fill(request, req, b->cfg.model, b->cfg.id,
                     &(struct xml_request_extra){
                         .cookie = cookie, .names_model = b->h->named && b->h->named(b->arg)});
}

/* A log-in sets its cookie and sends on; another host has cookies of its own. */
static void redirected_handler(struct fetch *f, const char *from, const char *head, const char *to,
                               void *arg)
{
    struct browser *b = arg;
    struct xml_request request;
    struct fetch_req req = {.url = to};

    take_cookies(b, head, from);
    fill_request(b, &request, &req, to);
    (void)fetch_headers(f, req.headers);
}

int browser_request(struct browser *b, struct fetch **fp, const char *url, size_t max_bytes,
                    fetch_h *h)
{
    struct xml_request request;
    struct fetch_req req = {.url = url,
                            .ca_file = b->cfg.ca_file,
                            .local = b->cfg.local,
                            .max_bytes = max_bytes,
                            .redirected = redirected_handler,
                            .owner = b->cfg.owner};

    if (is_secret(b, url))
        return ENOTSUP;
    fill_request(b, &request, &req, url);
    if (b->h->proxy)
        req.proxy = b->h->proxy(b->arg);
    if (b->h->trust)
        req.tls.trust = b->h->trust(b->arg);
    if (b->h->login)
        b->h->login(&req.uid, &req.pwd, &req.cnonce, b->arg);
    return fetch_start(fp, b->cfg.fetcher, &req, h, b);
}

/* Of the path's last part: "Filename too long!" (8.5, 10; not a 79xx). */
static bool has_long_name(const struct browser *b, const char *url)
{
    const size_t path = strcspn(url, "?#");
    const char *slash = memrchr(url, '/', path);

    return b->cfg.model->family != FAMILY_CP79XX && slash &&
           path - (size_t)(slash + 1 - url) > FILE_NAME_MAX;
}

int browser_load(struct browser *b, const char *url, enum browser_load how)
{
    if (strlen(url) >= XML_URI_BYTES)
        return E2BIG;
    if (has_long_name(b, url)) {
        browser_show_text(b, xml_error_text(b->cfg.model, ENAMETOOLONG));
        return ENAMETOOLONG;
    }
    if (is_secret(b, url)) {
        browser_show_text(b, xml_error_text(b->cfg.model, EPROTONOSUPPORT));
        return ENOTSUP;
    }
    if (b->chain == BROWSER_CHAIN_MAX)
        return ELOOP;
    char *copy = strdup(url);
    if (!copy)
        return ENOMEM;
    stop_request(b); /* the newest page wins */
    const int err = browser_request(b, &b->fetch, copy, PAGE_BYTES, fetched_handler);
    if (err) {
        free(copy);
        return err;
    }
    b->chain++;
    b->wanted = copy;
    b->load = how;
    if (b->page) {
        browser_changed(b);
    } else {
        page_came(b);
        show_wait(b);
    }
    return 0;
}

/* "locale=…&name=SEP…" goes with the first request of a 79xx (8.1 [FIELD]). */
static int load_service(struct browser *b, const char *url)
{
    const uint8_t *m = b->cfg.id->mac;
    char whole[XML_URI_BYTES];

    if (b->cfg.model->family != FAMILY_CP79XX)
        return browser_load(b, url, LOAD_NEW);
    const int n = snprintf(whole, sizeof(whole),
                           "%s%slocale=English_United_States&name=SEP%02X%02X%02X%02X%02X%02X", url,
                           strchr(url, '?') ? "&" : "?", m[0], m[1], m[2], m[3], m[4], m[5]);
    return n < 0 || (size_t)n >= sizeof(whole) ? E2BIG : browser_load(b, whole, LOAD_NEW);
}

int browser_open(struct browser *b, const char *url, enum browser_how how)
{
    if (!b->nesting)
        b->chain = 0;
    if (how == BROWSER_PUSH)
        return browser_load(b, url, LOAD_NEW);
    browser_close(b);
    b->used = true;
    b->directories = how == BROWSER_DIRECTORIES;
    b->wants_menu = b->directories && b->cfg.model->family == FAMILY_CP79XX;
    return load_service(b, url);
}

int browser_push(struct browser *b, const uint8_t *data, size_t len,
                 unsigned status[BROWSER_STATUSES])
{
    struct xml_page *p = NULL;
    const int err = parse(b, data, len, "text/xml", "pushed object", &p);

    if (err)
        return err;
    b->chain = 0;
    if (p->type->displayable) {
        stop_request(b);
        b->load = LOAD_NEW;
    }
    mem_ref(b);
    const bool shows = p->type->displayable;
    const int taken = take_object(b, p, NULL, "", status);
    if (!taken && shows)
        browser_source_keep(b, data, len, "", "");
    mem_deref(b);
    return taken;
}

/* ---- screen */

bool browser_shown(const struct browser *b)
{
    return b->page != NULL;
}

bool browser_leaves_digits(const struct browser *b)
{
    return b->page && b->page->digits_to_call;
}

const char *browser_title(const struct browser *b)
{
    return !b->page ? "" : *b->page->title ? b->page->title : b->title;
}

void browser_screen(const struct browser *b, struct screen *s)
{
    const uint64_t still = clock_ms(b->cfg.lp) - b->moved_ms;
    struct xml_view v = b->view;

    v.still_ms = (uint32_t)clock_unscaled(b->cfg.lp, still);
    if (b->fetch && b->shows == SHOWS_PAGE)
        v.notice = requesting;
    else if (b->notice[0])
        v.notice = b->notice;
    xml_view_screen(&v, s);
}

void browser_overlay(const struct browser *b, struct screen *s)
{
    const uint64_t passed = clock_ms(b->cfg.lp) - b->status_since_ms;
    struct screen over;

    if (!b->status)
        return;
    const struct xml_view v = {.page = b->status,
                               .model = b->cfg.model,
                               .files = {b->status_file},
                               .elapsed_s = (uint32_t)(clock_unscaled(b->cfg.lp, passed) / 1000)};
    xml_view_screen(&v, &over);
    for (unsigned i = 0; i < over.n_rows && i < SCREEN_ROWS; i++)
        memcpy(s->rows[i], over.rows[i], sizeof(s->rows[0]));
    if (s->n_rows < over.n_rows)
        s->n_rows = over.n_rows;
    s->overlay = (uint8_t)over.n_rows;
    s->picture = over.picture;
}

/* ---- life */

static void destructor(void *arg)
{
    struct browser *b = arg;

    stop_request(b);
    drop_page(b);
    history_clear(b);
    while (b->n_waiting)
        free(b->waiting[--b->n_waiting]);
    browser_status_drop(b);
    mem_deref(b->jar);
}

int browser_alloc(struct browser **bp, const struct browser_config *cfg,
                  const struct browser_handlers *h, void *arg)
{
    struct browser *b = mem_zalloc(sizeof(*b), destructor);

    if (!b)
        return ENOMEM;
    b->cfg = *cfg;
    b->h = h;
    b->arg = arg;
    *bp = b;
    return 0;
}
