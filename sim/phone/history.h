/* SPDX-License-Identifier: BSD-3-Clause */
/* What a phone remembers of people: calls placed, answered and missed, and its own directory. It
 * survives power cuts, not a factory reset (devices.md 8 [AG9]). */
#ifndef SIM_PHONE_HISTORY_H
#define SIM_PHONE_HISTORY_H

#include <stddef.h>
#include <time.h>

struct phone;

enum history_list { HISTORY_PLACED, HISTORY_ANSWERED, HISTORY_MISSED, HISTORY_LISTS };

enum {
    HISTORY_MAX = 20, /* calls in a list [DEF] */
    BOOK_MAX = 100,   /* entries of the directory [DEF] */
};

struct history_entry {
    time_t when;      /* 0: an entry of the directory */
    const char *tag;  /* "Fwd", "Xfr": a call that came about so (devices.md 6.3); "" = none */
    const char *name; /* "" = none */
    char number[];
};

/** Newest first. A call to a number again moves it to the front of the calls placed. The tag lives
 *  for ever. */
void phone_history_add(struct phone *ph, enum history_list list, const char *number,
                       const char *name, const char *tag);
/** Entries of a list, counted from 0. What is out of range is not there. */
unsigned phone_history_count(const struct phone *ph, enum history_list list);
const struct history_entry *phone_history_get(const struct phone *ph, enum history_list list,
                                              unsigned i); /* NULL = none */
void phone_history_remove(struct phone *ph, enum history_list list, unsigned i);
void phone_history_clear(struct phone *ph, enum history_list list);

/** The directory, by name. E2BIG it is full; ENOMEM. */
int phone_book_add(struct phone *ph, const char *name, const char *number);
/** Entry i, which finds its new place; the texts may be its own. ENOENT; ENOMEM. */
int phone_book_change(struct phone *ph, unsigned i, const char *name, const char *number);
/** Entries of the directory, counted from 0. An entry is valid until it is changed or removed. */
unsigned phone_book_count(const struct phone *ph);
const struct history_entry *phone_book_get(const struct phone *ph, unsigned i);
void phone_book_remove(struct phone *ph, unsigned i);

/** Nothing is remembered any more. */
void phone_history_forget(struct phone *ph);

#endif
