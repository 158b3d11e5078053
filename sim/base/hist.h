/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Latency histogram that adds up across processes. Scheme "log2-16": microseconds below 16 have a
 * bucket each; above, every power of two is cut into 16 equal buckets (error at most 1/16).
 */
#ifndef SIM_BASE_HIST_H
#define SIM_BASE_HIST_H

#include <stdint.h>

enum {
    HIST_BUCKETS = 16 + 60 * 16,
};

struct hist {
    uint64_t n;
    uint64_t max_us;
    uint32_t counts[HIST_BUCKETS];
};

void hist_add(struct hist *h, uint64_t us);

/** Add count samples to one bucket (from a report file); indexes out of range are ignored. */
void hist_add_bucket(struct hist *h, unsigned bucket, uint32_t count);

/** Add all of src to dst. */
void hist_merge(struct hist *dst, const struct hist *src);

/** Upper bound in microseconds of the bucket that holds the p-quantile (0 < p <= 1), never above
 *  max_us; 0 when empty. */
uint64_t hist_quantile(const struct hist *h, double p);

#endif
