/* SPDX-License-Identifier: BSD-3-Clause */
/* A page in front of somebody: what is highlighted, typed and scrolled, what a key does. Pure: time
 * comes in with the key (xml-services.md 4, 6, 7). */
#ifndef SIM_XML_VIEW_H
#define SIM_XML_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/keys/entry.h"
#include "sim/xml/page.h"

struct device_model;
struct screen;

struct xml_key {
    const char *name; /* as devices/keys.h names it */
    char digit;       /* or 0 */
    uint64_t now_ms;
};

enum xml_key_result { XML_KEY_IGNORED, XML_KEY_HANDLED /* screen changed */, XML_KEY_ACTION };

enum xml_do {                   /* what the page asks of its browser */
              XML_DO_URI,       /* uri: HTTP or internal */
              XML_DO_EXIT,      /* back, or close */
              XML_DO_UPDATE,    /* reload or go to the Refresh URL */
              XML_DO_NEXT,      /* Refresh URL */
              XML_DO_DIAL,      /* uri: the number */
              XML_DO_EDIT_DIAL, /* uri: the number */
              XML_DO_NOTHING,   /* but what down says */
};

enum { XML_URI_BYTES = 2048 };

struct xml_action {
    enum xml_do what;
    const char *down; /* URLDown, to be run before; borrowed from the page; NULL = none */
    char uri[XML_URI_BYTES];
};

struct xml_view {
    const struct xml_page *page;      /* borrowed */
    const struct device_model *model; /* borrowed */
    const char *title;                /* for a page without one; borrowed; NULL = none */
    const char *notice;               /* in place of the prompt; borrowed; NULL = none */
    bool has_next;                    /* the page came with a Refresh URL */
    bool directories;                 /* it is one of Directories: Search works (5.4) */
    uint16_t selected;                /* item or field, from 0 */
    uint16_t top;                     /* first item or line shown */
    uint8_t softkey_page;
    uint8_t first_digit;                      /* typed, waiting for the second; 0 = none */
    uint64_t digit_until_ms;                  /* when it counts by itself */
    uint32_t elapsed_s;                       /* since a Status with Timer is shown */
    uint32_t still_ms;                        /* since a key moved something */
    const struct image *files[XML_FILES_MAX]; /* as xml_page_file(); borrowed; NULL = not there */
    struct key_entry *values;                 /* of a form, page->n_fields; NULL = none */
};

/** p as somebody sees it first. xml_view_reset() frees. Errors: ENOMEM. */
int xml_view_init(struct xml_view *v, const struct xml_page *p, const struct device_model *m);
void xml_view_reset(struct xml_view *v);

/** The page as the whole screen. */
void xml_view_screen(const struct xml_view *v, struct screen *s);

/** What a key does to it; *a says what the browser is to do when the result is XML_KEY_ACTION. */
enum xml_key_result xml_view_key(struct xml_view *v, const struct xml_key *k, struct xml_action *a);

/** Somebody touches the pane at (x, y): the first item whose area that is. */
enum xml_key_result xml_view_touch(struct xml_view *v, int x, int y, struct xml_action *a);

/** Time has passed: a digit that waited for a second one counts. Call it at xml_view_deadline(). */
enum xml_key_result xml_view_tick(struct xml_view *v, uint64_t now_ms, struct xml_action *a);
uint64_t xml_view_deadline(const struct xml_view *v); /* 0 = none */

/** A URI of the page (item, soft key, key item): SoftKey: and QueryStringParam: need the page. */
enum xml_key_result xml_view_run(struct xml_view *v, const char *uri, struct xml_action *a);

/* for obj_*.c: bodies and keys of lists (list.c), forms (form.c), texts and pictures */

/** Rows of the body, title and prompt taken off; where the list begins decides about the title. */
unsigned xml_view_rows(const struct xml_view *v);
enum xml_key_result xml_list_key(struct xml_view *v, const struct xml_key *k, struct xml_action *a);
void xml_list_settle(struct xml_view *v); /* so that the highlighted item is in sight */
void xml_list_screen(const struct xml_view *v, struct screen *s);
enum xml_key_result xml_scroll_key(struct xml_view *v, const struct xml_key *k,
                                   struct xml_action *a);
void xml_text_screen(const struct xml_view *v, struct screen *s);
void xml_status_screen(const struct xml_view *v, struct screen *s);
void xml_picture_screen(const struct xml_view *v, struct screen *s);
enum xml_key_result xml_form_key(struct xml_view *v, const struct xml_key *k, struct xml_action *a);
void xml_form_screen(const struct xml_view *v, struct screen *s);
enum xml_key_result xml_form_submit(const struct xml_view *v, struct xml_action *a);
enum xml_key_result xml_list_select(struct xml_view *v, unsigned i, bool by_digit,
                                    struct xml_action *a);

struct xml_softkey_cells {
    struct {
        const char *label, *uri, *down;
    } cells[4];
    unsigned n;
};
/** The soft keys of the page as it is now: its own, else the defaults of section 4.3. */
void xml_softkeys(const struct xml_view *v, struct xml_softkey_cells *out);

#endif
