/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages of one phone: fetched, shown, left; history, Refresh, cookies, internal URIs
 * (xml-services.md 5, 7.4, 8). */
#ifndef SIM_XML_BROWSER_H
#define SIM_XML_BROWSER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/keys/entry.h"
#include "sim/xml/xuri.h"

struct browser;
struct device_identity;
struct device_model;
struct fetch_reply;
struct fetcher;
struct loop;
struct screen;

/** The phone behind the pages. A handler may be NULL: ENOTSUP. They return 0 or an errno and never
 *  free the browser. */
struct browser_handlers {
    void (*changed)(void *arg); /* what browser_screen() says */
    void (*fetched)(const struct fetch_reply *r, void *arg);
    void (*error)(const char *text, void *arg); /* a URI or page that came to nothing */
    bool (*idle)(void *arg);                    /* no call in any state */
    /* for a 401; cnonce: any number */
    void (*login)(const char **uid, const char **pwd, uint32_t *cnonce, void *arg);
    struct trust *(*trust)(void *arg);          /* believed beside ca_file; NULL = nothing */
    int (*key)(const char *key, void *arg);     /* as devices/keys.h names it */
    int (*dial)(const char *number, void *arg); /* "12,34": a comma is a pause of a second */
    int (*edit_dial)(const char *number, void *arg);
    int (*init)(const char *what, void *arg); /* "CallHistory" */
    int (*play)(const struct xuri *u, void *arg);
    int (*rtp)(const struct xuri *u, void *arg);
    int (*sound)(const uint8_t *data, size_t len, void *arg); /* an answer of audio/basic (8.3) */
    /* Key: and Init: do only what the guides name (5); NULL = they do more */
    bool (*strict)(void *arg);
    void (*came)(void *arg);  /* a page that somebody asked for or pushed is shown; may be NULL */
    bool (*named)(void *arg); /* tells its model in a line of its own (8.1); NULL = a 79xx does */
    bool (*https)(void *arg); /* pages come by HTTPS, too; NULL = as the model does (9.5) */
    bool (*keeps)(void *arg); /* what pages are read from; NULL = no: they cost memory */
    const char *(*proxy)(void *arg); /* "host:port" that pages are asked of; NULL or "" = none */
    int (*resync)(const char *rule, void *arg);
    /* URL of a file on the phone's TFTP server; ENOENT there is none; E2BIG */
    int (*tftp)(const char *file, char *url, size_t size, void *arg);
};

struct browser_config { /* borrowed for the browser's life */
    struct loop *lp;
    struct fetcher *fetcher;
    const struct device_model *model;
    const struct device_identity *id;
    const char *ca_file; /* NULL = system's */
    struct in_addr local;
    const void *owner; /* of its requests, for fetcher_observe(); NULL = nobody */
};

/** A browser without a page; h lives as long as it does. *bp by mem_deref(). Errors: ENOMEM. */
int browser_alloc(struct browser **bp, const struct browser_config *cfg,
                  const struct browser_handlers *h, void *arg);

enum browser_how {
    BROWSER_SERVICE, /* a key's or menu's own URL: history begins anew, the 79xx say who they are */
    BROWSER_DIRECTORIES, /* the same, of the Directories key: a 79xx takes a Menu only (3.7) */
    BROWSER_PUSH,        /* somebody else's: a page as any other */
};

/** Do digits go to the call while the page lies above one (keypadTarget, 2)? */
bool browser_leaves_digits(const struct browser *b);

/** Fetch a page and show it. Errors: EINVAL no such scheme or no host; E2BIG; ENOMEM. */
int browser_open(struct browser *b, const char *url, enum browser_how how);

/** An object that came by itself. Errors: EBADMSG, EPROTO, E2BIG, ENODATA, ENOMEM, as
 *  xml_page_parse(). status: of each ExecuteItem (3.12), may be NULL. */
enum { BROWSER_STATUSES = 3 };
int browser_push(struct browser *b, const uint8_t *data, size_t len,
                 unsigned status[BROWSER_STATUSES]);

/** Any URI, as an item of a page names it. Errors: EINVAL, ENOTSUP, what the handler returned. */
int browser_run(struct browser *b, const char *uri);

/** Words of the phone's own in place of a page (section 10). */
void browser_say(struct browser *b, const char *text);

/** Is there a page, or words in place of one? */
bool browser_shown(const struct browser *b);
const char *browser_title(const struct browser *b); /* "" = none */
/** The page as the whole screen. */
void browser_screen(const struct browser *b, struct screen *s);

/** What the page shown, or the one that came to an error, was read from, as UTF-8; *url "" = it
 * came by itself. NULL = no page is shown, or nobody had it kept (handler keeps). */
const char *browser_source(const struct browser *b, const char **url);

/** A Status object lies above the phone's own screen (3.10). */
void browser_overlay(const struct browser *b, struct screen *s);

/** A key of the phone. false: the phone's own business (volume, hook …). */
bool browser_key(struct browser *b, const char *key, char digit);

/** Somebody touches the pane at (x, y). false: there is nothing to touch. */
bool browser_touch(struct browser *b, int x, int y);

/** What the focused field takes; false: there is none. */
bool browser_types(const struct browser *b, enum key_set *set);

/** What a person waits for: the character tapped last stays. */
void browser_commit(struct browser *b);

/** The phone became idle: what waited for it runs (priority 1 of 3.11). */
void browser_idle(struct browser *b);

/** Close everything: history, request, timers. */
void browser_close(struct browser *b);

#endif
