/* SPDX-License-Identifier: BSD-3-Clause */
/* The inside of a browser, for browser.c (pages and requests), browser_run.c (keys and URIs),
 * files.c (pictures) and source.c. */
#ifndef SIM_XML_PRIV_H
#define SIM_XML_PRIV_H

#include "sim/loop/timer.h"
#include "sim/net/fetch.h"
#include "sim/xml/browser.h"
#include "sim/xml/object.h"

struct cookie_jar;
struct browser_source;
struct image;

enum {
    BROWSER_HISTORY_MAX = 10, /* xml-services.md 7.4 [DEF] */
    BROWSER_WAITING_MAX = XML_EXECUTE_MAX,
    BROWSER_NESTING_MAX = 4, /* keys that press keys */
    BROWSER_CHAIN_MAX = 10,  /* pages that fetch pages, without a key or a timer between */
    BROWSER_TITLE_BYTES = 80,
};

enum browser_load {
    LOAD_NEW,
    LOAD_REPLACE, /* takes the place of the newest entry of the history */
};

enum browser_shows {
    SHOWS_PAGE,
    SHOWS_WAIT,  /* "Requesting…": nothing has come yet */
    SHOWS_ERROR, /* words in place of a page */
};

struct browser {
    struct browser_config cfg;
    const struct browser_handlers *h;
    void *arg;
    struct fetch *fetch;    /* of a page under way; NULL = none */
    char *wanted;           /* its URL */
    enum browser_load load; /* what becomes of it in the history */
    struct xml_page *page;  /* shown, NULL = none */
    enum browser_shows shows;
    char *url;                     /* of the page shown; NULL = it came by itself */
    struct browser_source *source; /* NULL = not kept */
    struct xml_view view;
    uint64_t moved_ms;                  /* when a key, or the page itself, moved something */
    char title[BROWSER_TITLE_BYTES];    /* Name of the item chosen last */
    char notice[BROWSER_TITLE_BYTES];   /* on the prompt line */
    char *history[BROWSER_HISTORY_MAX]; /* URLs, newest last */
    unsigned n_history;
    bool directories;     /* what is shown began with the Directories key */
    bool wants_menu;      /* the answer under way must be one (3.7) */
    bool used;            /* somebody asked for what is shown, or pressed a key there */
    bool on_top;          /* the page shown is the newest entry of the history */
    char *refresh;        /* target, NULL = none; "" = the page itself */
    bool refresh_at_once; /* it names no seconds: pages that follow so are counted (chain) */
    struct timer refresh_timer, digit_timer;
    struct cookie_jar *jar;             /* NULL = none yet */
    char *waiting[BROWSER_WAITING_MAX]; /* URIs of an Execute that wait until nothing is in use */
    unsigned n_waiting;
    unsigned nesting;        /* URIs being run, one by another */
    unsigned chain;          /* pages fetched one by another since a key or a timer */
    struct xml_page *status; /* above the phone's own screen; NULL = none */
    uint64_t status_since_ms;
    struct image *status_file; /* NULL = none, or not there yet */
    struct fetch *status_fetch;
    struct image *files[XML_FILES_MAX]; /* of the page shown */
    struct fetch *file_fetch;           /* of file_at; NULL = none */
    unsigned file_at;
};

/** http: or https:? */
bool browser_is_web(const char *uri);
/** The screen is another one: the phone hears of it. */
void browser_changed(struct browser *b);
/** A URI or page came to nothing: who watches the phone hears of it. */
void browser_complain(struct browser *b, const char *what, const char *why);

/** Words in place of a page, or on the prompt line (section 10). */
void browser_show_text(struct browser *b, const char *text);

/** Fetch a page. Errors: EINVAL, E2BIG, ELOOP, ENOMEM. */
int browser_load(struct browser *b, const char *url, enum browser_load how);

/** A request as the pages' own. */
int browser_request(struct browser *b, struct fetch **fp, const char *url, size_t max_bytes,
                    fetch_h *h);

/* source.c */
void browser_source_keep(struct browser *b, const uint8_t *data, size_t len,
                         const char *content_type, const char *url);

/* files.c */

/** Fetch the picture files of the page shown, one after the other. */
void browser_files_start(struct browser *b);
void browser_files_drop(struct browser *b);

/** A Status in place of the one before; base: where it came from, "" = by itself. */
void browser_status_show(struct browser *b, struct xml_page *p, const char *base);
void browser_status_drop(struct browser *b);

/** Exit: back to the last page that had not expired when it was loaded, else close (7.4). */
void browser_leave(struct browser *b);

/** Refresh URL, else the page again. */
void browser_update(struct browser *b);

/** Run the items of an Execute (3.11). */
void browser_execute(struct browser *b, const struct xml_page *p,
                     unsigned status[BROWSER_STATUSES]);

#endif
