/* SPDX-License-Identifier: BSD-3-Clause */
/* --accounts: a CSV file (RFC 4180), a header row with names, then one row a phone. */
#ifndef SIM_FARM_ACCOUNTS_H
#define SIM_FARM_ACCOUNTS_H

#include <stddef.h>

struct parse_err;

struct accounts_place { /* in the file, both from 1 */
    unsigned line, col;
};

struct accounts {
    size_t n_columns, n_rows;
    char **columns;
    char **cells;                  /* n_rows * n_columns */
    struct accounts_place *places; /* of the cells */
    char *text;                    /* what they point into */
};

/** Parse text of len bytes (copied). Empty lines are skipped, CRLF and a BOM are taken.
 *  Errors: EBADMSG with line and column; ENOMEM. Owner: mem_deref(). */
int accounts_parse(struct accounts **ap, const char *text, size_t len, struct parse_err *pe);

/** The same from a file. Errors: also ENOENT, EACCES …; err holds the sentence. */
int accounts_read(struct accounts **ap, const char *path, char *err, size_t err_size);

/** Cell of a row (from 0) by column name, "-" and "_" alike; NULL = no such column. */
const char *accounts_cell(const struct accounts *a, size_t row, const char *column);

/** Where that cell is written; without such a column, where the row begins. */
struct accounts_place accounts_place(const struct accounts *a, size_t row, const char *column);

#endif
