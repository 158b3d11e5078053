/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What happened second by second, on whole seconds of the clock, so that series of several shards
 * add up. Past SERIES_MAX steps two become one, again and again: steps are powers of two seconds.
 * Pure.
 */
#ifndef SIM_FARM_SERIES_H
#define SIM_FARM_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SERIES_MAX = 1024, SERIES_STEP_MAX = 1 << 20 };

enum series_kind {
    SERIES_SUM,  /* of what happened in the step; of all shards */
    SERIES_LAST, /* how it was at the end of the step, and until something new is known; shards add
                  */
    SERIES_PEAK, /* the most in the step, and of all shards */
};

#define SERIES_COLUMNS(XX)                                                                         \
    XX(BOOTS, boots, SUM)                     /* phones powered on or rebooted */                  \
    XX(REQUESTS, requests, SUM)               /* ended, as the classes count them */               \
    XX(BYTES, bytes, SUM)                     /* of their bodies */                                \
    XX(ERRORS, errors, SUM)                   /* of requests */                                    \
    XX(REGISTRATIONS, registrations, SUM)     /* of lines that were not registered */              \
    XX(REFRESHES, refreshes, SUM)             /* of lines that were */                             \
    XX(REGISTER_ERRORS, register_errors, SUM) /* attempts that failed */                           \
    XX(IN_FLIGHT, in_flight, LAST)            /* fetches under way */                              \
    XX(BOOTING, booting, LAST)                /* phones */                                         \
    XX(PROVISIONED, provisioned, LAST)        /* phones */                                         \
    XX(REGISTERED, registered, LAST)          /* phones */                                         \
    XX(LAG_MS, lag_ms, PEAK)                  /* of the farm's own loop */                         \
    XX(CPU_MS, cpu_ms, SUM)                   /* that the farm itself used */

enum series_column {
#define XX(id, name, kind) COLUMN_##id,
    SERIES_COLUMNS(XX)
#undef XX
        COLUMNS_N
};

struct series_row {
    uint64_t values[COLUMNS_N];
};

struct series {     /* zeroed = empty */
    uint64_t start; /* s since 1970 of the first step, a multiple of step_s */
    uint32_t step_s;
    unsigned n;
    struct series_row *rows; /* SERIES_MAX of them once there is one */
};

const char *series_column_name(enum series_column c);

void series_reset(struct series *s);

/** The step that holds this second, made where it is new, steps between with it: they keep the last
 *  known state. A second before the first step counts into the first. NULL = no memory. */
struct series_row *series_at(struct series *s, uint64_t second);

/** Put what came later to what came earlier, as one step. */
void series_join(struct series_row *earlier, const struct series_row *later);

/** Two steps become one, on whole multiples of the new step. */
void series_coarsen(struct series *s);

/** Add all of src. A part that has ended keeps its last state. Errors: ENOMEM. */
int series_add(struct series *dst, const struct series *src);

/** The "series" of a report, both ways. Errors: EBADMSG it is none; ENOMEM. */
struct json_t;
struct json_t *series_json(const struct series *s);
int series_from_json(struct series *s, const struct json_t *o);

#endif
