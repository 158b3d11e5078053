/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/base/hist.h"

static unsigned bucket_of(uint64_t us)
{
    if (us < 16)
        return (unsigned)us;

    const unsigned log2 = 63u - (unsigned)__builtin_clzll(us);
    return 16 + (log2 - 4) * 16 + (unsigned)((us >> (log2 - 4)) & 15);
}

static uint64_t bucket_end(unsigned bucket)
{
    if (bucket < 16)
        return bucket;

    const unsigned shift = (bucket - 16) / 16;
    return ((uint64_t)(16 + (bucket - 16) % 16 + 1) << shift) - 1;
}

void hist_add(struct hist *h, uint64_t us)
{
    h->counts[bucket_of(us)]++;
    h->n++;
    if (us > h->max_us)
        h->max_us = us;
}

void hist_add_bucket(struct hist *h, unsigned bucket, uint32_t count)
{
    if (bucket >= HIST_BUCKETS)
        return;
    h->counts[bucket] += count;
    h->n += count;
}

void hist_merge(struct hist *dst, const struct hist *src)
{
    for (unsigned i = 0; i < HIST_BUCKETS; i++)
        dst->counts[i] += src->counts[i];
    dst->n += src->n;
    if (src->max_us > dst->max_us)
        dst->max_us = src->max_us;
}

uint64_t hist_quantile(const struct hist *h, double p)
{
    const double want = p * (double)h->n;
    uint64_t seen = 0;

    if (!h->n)
        return 0;
    for (unsigned i = 0; i < HIST_BUCKETS; i++) {
        seen += h->counts[i];
        if (h->counts[i] && (double)seen >= want) {
            const uint64_t end = bucket_end(i);
            return end < h->max_us || !h->max_us ? end : h->max_us;
        }
    }
    return h->max_us;
}
