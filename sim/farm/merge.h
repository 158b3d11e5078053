/* SPDX-License-Identifier: BSD-3-Clause */
/* Adding reports up: shared by merge.c and merge_load.c. */
#ifndef SIM_FARM_MERGE_H
#define SIM_FARM_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <jansson.h>

struct farm_op;
struct hist;

struct merger {
    json_t *const *reports;
    size_t n;
    char *err;
    size_t err_size;
};

/** Say what is wrong with report i (from 0). Returns EBADMSG. */
int merge_refuse(struct merger *m, size_t i, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/** A count of a report; false when it is none. */
bool merge_count(const json_t *o, const char *key, uint64_t *n);

/** Add an "ms" object, "errors" and "examples" of an object. Errors: EBADMSG. */
int merge_histogram(struct merger *m, size_t i, const json_t *ms, struct hist *h);
int merge_causes(struct merger *m, size_t i, const json_t *op, struct farm_op *sum);

/** What load_report() wrote, into "fetch" and "series" of out. Reports of older versions, which
 * have none of it, count as nothing. Errors: EBADMSG, ENOMEM. */
int merge_load(struct merger *m, json_t *out);

/** "calls" of out. Errors: EBADMSG, ENOMEM. */
int merge_calls(struct merger *m, json_t *out);

#endif
