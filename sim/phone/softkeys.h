/* SPDX-License-Identifier: BSD-3-Clause */
/* Soft-key lists: grammar, keywords and labels (devices.md 5.1 to 5.3). Pure. */
#ifndef SIM_PHONE_SOFTKEYS_H
#define SIM_PHONE_SOFTKEYS_H

#include <stdbool.h>
#include <stddef.h>

enum { SOFTKEYS_PER_PAGE = 4, SOFTKEYS_MAX = 64 };

struct softkey { /* one keyword of the table */
    const char *keyword;
    const char *mono; /* short label of the small screens */
    const char *wide; /* label where the cell is wider */
    bool shown;       /* offered without a login service */
};

/** Table row of a keyword, NULL when unknown. len: the keyword need not be terminated. */
const struct softkey *softkey_find(const char *keyword, size_t len);

struct softkey_page {
    const struct softkey *keys[SOFTKEYS_PER_PAGE]; /* NULL = empty cell */
};

struct softkey_rules {
    /* may it be used now? It is not asked of keys that are not shown at all; NULL = yes */
    bool (*offered)(const struct softkey *k, const void *arg);
    const void *arg;
    bool more; /* Softkey_Navigation_Style "More": the last cell turns the page */
};

/**
 * Lay a *_Key_List out and give its page-th visible page (0-based; wraps). per_page 1..4; rules
 * may be NULL. Items nobody may use now are skipped, pages left empty are not shown (5.1).
 * Returns the number of visible pages.
 */
unsigned softkeys_page(struct softkey_page *out, const char *list, unsigned per_page, unsigned page,
                       const struct softkey_rules *rules);

/** n of "pskn", 0 = it is another keyword. */
unsigned softkey_psk(const char *keyword);

#endif
