/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/phone/history.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/phone/priv.h"

struct entries {
    struct history_entry **list;
    unsigned n, size;
};

struct phone_history { /* made by the first entry */
    struct entries calls[HISTORY_LISTS], book;
};

static void entries_clear(struct entries *e)
{
    while (e->n)
        mem_deref(e->list[--e->n]);
    e->list = mem_deref(e->list);
    e->size = 0;
}

static void destructor(void *arg)
{
    struct phone_history *h = arg;

    for (unsigned i = 0; i < HISTORY_LISTS; i++)
        entries_clear(&h->calls[i]);
    entries_clear(&h->book);
}

static struct phone_history *get(struct phone *ph)
{
    if (!ph->history)
        ph->history = mem_zalloc(sizeof(*ph->history), destructor);
    return ph->history;
}

static struct history_entry *entry(const char *name, const char *number, time_t when)
{
    const size_t n = strlen(number) + 1, m = strlen(name) + 1;
    struct history_entry *e = mem_zalloc(sizeof(*e) + n + m, NULL);

    if (!e)
        return NULL;
    memcpy(e->number, number, n);
    memcpy(e->number + n, name, m);
    e->name = e->number + n;
    e->when = when;
    e->tag = "";
    return e;
}

static void entries_remove(struct entries *e, unsigned i)
{
    mem_deref(e->list[i]);
    memmove(&e->list[i], &e->list[i + 1], (--e->n - i) * sizeof(*e->list));
}

/* Takes item over. */
static int entries_insert(struct entries *e, unsigned at, struct history_entry *item)
{
    if (e->n == e->size) {
        const unsigned size = e->size ? e->size * 2 : 4;
        struct history_entry **list = mem_realloc(e->list, size * sizeof(struct history_entry *));
        if (!e->list)
            list = mem_zalloc(size * sizeof(struct history_entry *), NULL);
        if (!list) {
            mem_deref(item);
            return ENOMEM;
        }
        e->list = list;
        e->size = size;
    }
    memmove(&e->list[at + 1], &e->list[at], (e->n++ - at) * sizeof(*e->list));
    e->list[at] = item;
    return 0;
}

/* ---- calls */

void phone_history_add(struct phone *ph, enum history_list list, const char *number,
                       const char *name, const char *tag)
{
    struct phone_history *h = get(ph);
    struct history_entry *item = h && *number ? entry(name, number, time(NULL)) : NULL;

    if (!item)
        return;
    item->tag = tag;
    struct entries *e = &h->calls[list];
    for (unsigned i = 0; list == HISTORY_PLACED && i < e->n; i++) {
        if (strcmp(e->list[i]->number, number) == 0) {
            entries_remove(e, i);
            break;
        }
    }
    if (e->n == HISTORY_MAX)
        entries_remove(e, e->n - 1);
    (void)entries_insert(e, 0, item); /* without memory: without a trace */
}

unsigned phone_history_count(const struct phone *ph, enum history_list list)
{
    return ph->history ? ph->history->calls[list].n : 0;
}

const struct history_entry *phone_history_get(const struct phone *ph, enum history_list list,
                                              unsigned i)
{
    return i < phone_history_count(ph, list) ? ph->history->calls[list].list[i] : NULL;
}

void phone_history_remove(struct phone *ph, enum history_list list, unsigned i)
{
    if (i < phone_history_count(ph, list))
        entries_remove(&ph->history->calls[list], i);
}

void phone_history_clear(struct phone *ph, enum history_list list)
{
    if (ph->history)
        entries_clear(&ph->history->calls[list]);
}

/* ---- directory */

/* By name. Takes item over. */
static int book_insert(struct entries *book, struct history_entry *item)
{
    unsigned at = 0;

    while (at < book->n && strcasecmp(book->list[at]->name, item->name) <= 0)
        at++;
    return entries_insert(book, at, item);
}

int phone_book_add(struct phone *ph, const char *name, const char *number)
{
    struct phone_history *h = get(ph);

    if (!h)
        return ENOMEM;
    if (h->book.n == BOOK_MAX)
        return E2BIG;
    struct history_entry *item = entry(name, number, 0);
    return item ? book_insert(&h->book, item) : ENOMEM;
}

int phone_book_change(struct phone *ph, unsigned i, const char *name, const char *number)
{
    if (i >= phone_book_count(ph))
        return ENOENT;
    struct history_entry *item = entry(name, number, 0);
    if (!item)
        return ENOMEM;
    entries_remove(&ph->history->book, i);
    return book_insert(&ph->history->book, item);
}

unsigned phone_book_count(const struct phone *ph)
{
    return ph->history ? ph->history->book.n : 0;
}

const struct history_entry *phone_book_get(const struct phone *ph, unsigned i)
{
    return i < phone_book_count(ph) ? ph->history->book.list[i] : NULL;
}

void phone_book_remove(struct phone *ph, unsigned i)
{
    if (i < phone_book_count(ph))
        entries_remove(&ph->history->book, i);
}

void phone_history_forget(struct phone *ph)
{
    ph->history = mem_deref(ph->history);
}
