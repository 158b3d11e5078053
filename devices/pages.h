/* SPDX-License-Identifier: BSD-3-Clause */
/* The pages of a phone's web server as data: tabs, sections, rows (pages.def), what a row offers
 * and what a user may do with it. */
#ifndef DEVICES_PAGES_H
#define DEVICES_PAGES_H

#include "devices/params.h"

/* in the order of the pages (devices.md 14) */
enum page_tab {
    PAGE_SYSTEM,
    PAGE_SIP,
    PAGE_PROVISIONING,
    PAGE_REGIONAL,
    PAGE_PHONE,
    PAGE_USER,
    PAGE_EXT, /* one for each extension */
    PAGE_CONSOLE,
    PAGE_TABS,
};

struct page_row {
    const char *title; /* a section begins; NULL = a parameter */
    uint16_t id;       /* of it, enum param_id */
    uint8_t tab;       /* enum page_tab */
    bool basic;        /* in the basic view, too */
};

/** All rows, tab by tab, sections first; the last has tab PAGE_TABS. */
const struct page_row *page_rows(void);

/** As users read it: "System", "Ext". */
const char *page_tab_title(enum page_tab tab);

/** The last index a parameter has on this model; 0 where it has only one value. */
uint16_t page_last_index(const struct device_model *m, enum param_id id);

/** What a row lets choose, "UDP|TCP|TLS"; NULL = any text. */
const char *page_choices(enum param_id id);

/** Label of a row, made of its element name (provisioning.md 5.2). Length as snprintf. */
int page_label_print(char *buf, unsigned size, enum param_id id, uint16_t index);

enum page_access { PAGE_HIDDEN, PAGE_READ_ONLY, PAGE_WRITABLE };
/** What the account "user" may do with it where no profile says so (5.3). */
enum page_access page_user_access(enum param_id id);

#endif
