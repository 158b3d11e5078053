/* SPDX-License-Identifier: BSD-3-Clause */
/* The phone's pages on their way out and in: which tab, which rows, what was submitted. */
#ifndef SIM_PHONE_WEB_PAGES_H
#define SIM_PHONE_WEB_PAGES_H

#include "devices/pages.h"
#include "sim/phone/web/priv.h"

enum { TAB_INFO = PAGE_TABS }; /* beside those of the parameters */

struct page_tab_at {
    unsigned tab; /* enum page_tab or TAB_INFO */
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

/* info_tab.c */
void web_put_info(const struct phone *ph, FILE *f);

#endif
