/* SPDX-License-Identifier: BSD-3-Clause */
/* The phone's pages on their way out and in: which tab, which rows, what was submitted. */
#ifndef SIM_PHONE_WEB_PAGES_H
#define SIM_PHONE_WEB_PAGES_H

#include "devices/pages.h"
#include "sim/phone/web/priv.h"

enum { /* beside those of the parameters */
       TAB_INFO = PAGE_TABS,
       TAB_CALLS,
       TAB_BOOK,
       TAB_CONSOLES,
       TABS_END,
};

struct page_tab_at {
    unsigned tab; /* enum page_tab or TAB_… */
    unsigned n;   /* of an extension, else 0 */
};

struct submit_result {
    unsigned n_changed, n_refused;
    char refused[400]; /* names and why */
    bool restarts;     /* at once or when it is idle */
};

/* fields.c */

/** What this login may do with it in any view; never what is the simulator's (Sim_…). */
enum page_access web_access(const struct web_call *c, enum param_id id, uint16_t index);
/** Is the row on this page, for one index at least? */
bool web_row_shown(const struct web_call *c, const struct page_row *row,
                   const struct page_tab_at *at);
/** The sections of a tab with their rows. */
void web_put_fields(const struct web_call *c, FILE *f, const struct page_tab_at *at);
/** What a password field shows and sends when nobody has touched it. */
extern const char web_mask[];

/* submit.c */

/** Take the form in the body: what differs from what the pages showed is stored and submitted. */
void web_submit(const struct web_call *c, struct submit_result *r);

/* people.c: Call History and Personal Directory */

/** Does the model have these tabs? A phone without a display has neither list. */
bool web_has_people(const struct phone *ph);
void web_put_calls(const struct phone *ph, FILE *f);
/** "clear=missed", or "remove=missed INDEX TIME". */
void web_submit_calls(const struct web_call *c, struct submit_result *r);
void web_put_book(const struct phone *ph, FILE *f);
/** name_N and number_N; both empty: the entry goes. "book": which one the page showed. */
void web_submit_book(const struct web_call *c, struct submit_result *r);

/* consoles.c: Attendant Console Status */
bool web_has_consoles(const struct phone *ph);
void web_put_consoles(const struct phone *ph, FILE *f);

/* info_tab.c */
void web_put_info(const struct phone *ph, FILE *f);

#endif
