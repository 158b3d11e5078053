/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Requests by class of URL: what is the phone's own in a path (its MAC, serial number, address,
 * user) is replaced, so that /spa000E08000001.cfg counts as /spa{mac}.cfg. Pure.
 */
#ifndef SIM_FARM_CLASSES_H
#define SIM_FARM_CLASSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/farm/farm.h"

struct fetch_exchange;
struct json_t;

enum { CLASS_NAME_BYTES = 96, CLASSES_MAX = 48, CLASS_STATUSES = 24 };

struct class_identity { /* of the phone that asks; NULL or "" = not known */
    const uint8_t *mac;
    const char *serial, *ip, *user;
};

/** Path and query of url: the phone's own replaced by {mac} {serial} {ip} {user}; other values of
 *  the query that hold a digit by *. A fragment is cut off. */
void class_name(char *name, size_t size, const char *url, const struct class_identity *id);

struct class_status {
    uint16_t status;
    uint64_t n;
};

struct url_class {
    char scheme[8], method[8], name[CLASS_NAME_BYTES];
    /* every request ends as one of ok, redirected, challenged, error or cancelled */
    uint64_t requests, sent, redirected, challenged, cancelled;
    struct farm_op op; /* ok, error, bytes, causes; latency of the answered ones */
    struct class_status statuses[CLASS_STATUSES]; /* the last: all others, as status 0 */
    unsigned n_statuses;                          /* in use, without the last */
};

struct class_table { /* zeroed = empty */
    struct url_class
        *classes[CLASSES_MAX]; /* the last: "other", what found no place; may be NULL */
    unsigned n;                /* in use, without "other" */
};

/** The class of this name; a new one, or "other" where the table is full. NULL = no memory. */
struct url_class *class_get(struct class_table *t, const char *scheme, const char *method,
                            const char *name);
void class_table_reset(struct class_table *t);

/** Count one request; n = the phone's number for examples, 0 = none. */
void class_count(struct url_class *c, const struct fetch_exchange *x, unsigned n);
void class_status_add(struct url_class *c, uint16_t status, uint64_t n);

/** "classes" of the report, in the order of their names. Caller decrefs. */
struct json_t *class_table_json(const struct class_table *t);

#endif
