/* SPDX-License-Identifier: BSD-3-Clause */
/* Call Park Status: the parking slots that keys of the phone or its consoles monitor, and who is
 * there (devices.md 4, 8 item 18). Choosing one does what its key does; the words are ours [DEF].
 */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "sim/base/utf8.h"
#include "sim/phone/apps/apps.h"
#include "sim/phone/priv.h"

static bool is_slot(const struct phone *ph, const struct phone_watch *w, struct keyfunc *k)
{
    return phone_key_function(ph, w->unit, w->key, k) &&
           (k->prk || strncasecmp(k->sub, "park+", 5) == 0);
}

static const struct phone_watch *slot(const struct phone *ph, unsigned i, struct keyfunc *k)
{
    for (const struct phone_watch *w = ph->watches.keys; w; w = w->next) {
        if (is_slot(ph, w, k) && !i--)
            return w;
    }
    return NULL;
}

static void parks_title(const struct phone *ph, char *buf, size_t size)
{
    (void)ph;
    snprintf(buf, size, "Call Park Status");
}

static unsigned parks_count(const struct phone *ph)
{
    struct keyfunc k;
    unsigned n = 0;

    while (slot(ph, n, &k))
        n++;
    return n;
}

static void parks_row(const struct phone *ph, unsigned i, char *buf, size_t size)
{
    struct keyfunc k;
    const struct phone_watch *w = slot(ph, i, &k);
    char *label = w ? phone_key_label(ph, w->unit, w->key, &k) : NULL;
    char name[SCREEN_COLS];

    utf8_clean(name, sizeof(name), label ? label : "");
    free(label);
    const enum watch_state state = w ? phone_watch_state(w) : WATCH_FAILED;
    snprintf(buf, size, "%s: %s", name,
             state == WATCH_IDLE  ? "idle"
             : state < WATCH_IDLE ? "no service" /* 6.3 */
                                  : "in-use");
}

static int parks_select(struct phone *ph, unsigned i)
{
    struct keyfunc k;
    const struct phone_watch *w = slot(ph, i, &k);

    app_close_all(ph);
    if (w)
        phone_function_run(ph, &k, w);
    return 1;
}

static const struct app_list parks_list = {.title = parks_title,
                                           .count = parks_count,
                                           .row = parks_row,
                                           .select = parks_select,
                                           .keys = {"select", NULL, NULL, "cancel"},
                                           .empty = "<None>"};
const struct app app_parks = {.name = "parks", .list = &parks_list};
