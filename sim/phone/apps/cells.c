/* SPDX-License-Identifier: BSD-3-Clause */
/* The soft keys of menus: which stands in which cell, on which page (devices.md 5.1, 5.3). */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "sim/lcd/screen.h"
#include "sim/phone/apps/apps.h"
#include "sim/phone/priv.h"
#include "sim/phone/softkeys.h"

enum { CELLS = 2 * APP_KEYS };

/* Without empty cells, and "more" at the end of each page. */
static unsigned with_more(const char *out[CELLS], unsigned n, unsigned per)
{
    const char *all[CELLS];
    unsigned n_all = 0, n_out = 0;

    for (unsigned i = 0; i < n; i++) {
        if (out[i])
            all[n_all++] = out[i];
    }
    for (unsigned i = 0; i < n_all; i++) {
        out[n_out++] = all[i];
        if (n_out % per == per - 1)
            out[n_out++] = "more";
    }
    while (n_out % per) {
        const bool last = n_out % per == per - 1;
        out[n_out++] = last ? "more" : NULL;
    }
    return n_out;
}

/* A display with two soft keys has no empty cells, and cancel is the right one on each page
 * (devices.md 1.2 [HOIP]). */
static unsigned two_cells(const char *const keys[APP_KEYS], const char *out[CELLS])
{
    bool cancels = false;
    unsigned n = 0;

    for (unsigned i = 0; i < APP_KEYS; i++)
        cancels = cancels || (keys[i] && strcmp(keys[i], "cancel") == 0);
    for (unsigned i = 0; i < APP_KEYS; i++) {
        if (!keys[i] || strcmp(keys[i], "cancel") == 0)
            continue;
        out[n++] = keys[i];
        if (cancels)
            out[n++] = "cancel";
    }
    if (cancels && !n) {
        out[n++] = NULL;
        out[n++] = "cancel";
    }
    return n;
}

static unsigned cells(const struct phone *ph, const char *const keys[APP_KEYS],
                      const char *out[CELLS])
{
    const unsigned per = ph->model->n_softkeys;
    unsigned last = 0;

    if (per == 2)
        return two_cells(keys, out);
    for (unsigned i = 0; i < APP_KEYS; i++) {
        out[i] = keys[i];
        if (keys[i])
            last = i + 1;
    }
    return last > per && app_turns_by_key(ph) ? with_more(out, last, per) : last;
}

static unsigned pages(const struct phone *ph, unsigned n)
{
    const unsigned per = ph->model->n_softkeys;
    return per ? (n + per - 1) / per : 0;
}

static void put_label(const struct phone *ph, const char *keyword, char *out, size_t size)
{
    const struct softkey *k = softkey_find(keyword, strlen(keyword));
    const bool wide = ph->model->lcd.depth_bits > 1;

    snprintf(out, size, "%s", k ? (wide ? k->wide : k->mono) : keyword);
    if (wide)
        out[0] = (char)toupper((unsigned char)out[0]);
}

void app_keys_show(const struct phone *ph, const char *const keys[APP_KEYS], struct screen *s)
{
    const char *cell[CELLS];
    const unsigned n = cells(ph, keys, cell), n_pages = pages(ph, n);
    const unsigned first = n_pages ? ph->softkey_page % n_pages * ph->model->n_softkeys : 0;

    s->more_softkeys = n_pages > 1 && !app_turns_by_key(ph);
    s->n_softkeys = ph->model->n_softkeys;
    for (unsigned i = 0; i < s->n_softkeys && first + i < n; i++) {
        if (cell[first + i])
            put_label(ph, cell[first + i], s->softkeys[i], sizeof(s->softkeys[0]));
    }
}

const char *app_keys_find(const struct phone *ph, const char *const keys[APP_KEYS], const char *key)
{
    const char *cell[CELLS];
    const unsigned n = cells(ph, keys, cell), n_pages = pages(ph, n);

    if (strncmp(key, "soft", 4) != 0 || !n_pages)
        return NULL;
    const unsigned i =
        ph->softkey_page % n_pages * ph->model->n_softkeys + (unsigned)(key[4] - '1');
    return i < n ? cell[i] : NULL;
}

int app_keys_turn(struct phone *ph, const char *const keys[APP_KEYS], int step)
{
    const char *cell[CELLS];
    const unsigned n = pages(ph, cells(ph, keys, cell));

    if (n < 2)
        return 0;
    ph->softkey_page = (uint8_t)((ph->softkey_page % n + n + (unsigned)(step + (int)n)) % n);
    return 1;
}
