/* SPDX-License-Identifier: BSD-3-Clause */
/* Latency histograms: quantiles within their error, and sums that add up across shards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/hist.h"
#include "sim/base/rng.h"

static int by_size(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static void an_empty_histogram_has_no_quantiles(void **state)
{
    struct hist h = {0};

    (void)state;
    assert_int_equal(hist_quantile(&h, 0.5), 0);
    assert_int_equal(hist_quantile(&h, 1.0), 0);
}

static void microseconds_below_sixteen_are_exact(void **state)
{
    struct hist h = {0};

    (void)state;
    for (unsigned us = 0; us < 16; us++)
        hist_add(&h, us);
    for (unsigned i = 1; i <= 16; i++)
        assert_int_equal(hist_quantile(&h, i / 16.0), i - 1);
}

static void a_single_sample_is_every_quantile(void **state)
{
    static const uint64_t samples[] = {0,         1, 15, 16, 17, 1000, 123456789, UINT64_MAX / 2,
                                       UINT64_MAX};

    (void)state;
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        struct hist h = {0};
        hist_add(&h, samples[i]);
        assert_int_equal(h.n, 1);
        assert_true(hist_quantile(&h, 0.001) == samples[i]); /* never above the largest seen */
        assert_true(hist_quantile(&h, 1.0) == samples[i]);
    }
}

static void neighbouring_buckets_meet_without_gap_or_overlap(void **state)
{
    uint64_t end = 0;

    (void)state;
    /* with a larger sample beside it, the quantile of one is the end of its bucket */
    for (uint64_t us = 1; us < 1ULL << 40; us = end + 1) {
        struct hist low = {0}, high = {0};
        hist_add(&low, us);
        low.max_us = UINT64_MAX;
        end = hist_quantile(&low, 1.0);
        assert_true(end >= us && end - us <= us / 16);
        hist_add(&high, end);
        high.max_us = UINT64_MAX;
        assert_true(hist_quantile(&high, 1.0) == end); /* the end lies in the same bucket */
    }
}

static void quantiles_are_at_most_a_sixteenth_too_high(void **state)
{
    enum { N = 20000 };
    static const double p[] = {0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0};
    uint64_t *samples = calloc(N, sizeof(*samples));
    struct hist h = {0};
    struct rng rng;

    (void)state;
    rng_init(&rng, 1, 1);
    for (unsigned i = 0; i < N; i++) {
        samples[i] = rng_u64(&rng) >> (24 + rng_upto(&rng, 39)); /* of all orders of magnitude */
        hist_add(&h, samples[i]);
    }
    qsort(samples, N, sizeof(*samples), by_size);
    for (size_t i = 0; i < sizeof(p) / sizeof(p[0]); i++) {
        const uint64_t exact = samples[(size_t)(p[i] * N + 0.5) - 1];
        const uint64_t got = hist_quantile(&h, p[i]);
        assert_true(got >= exact && got - exact <= exact / 16);
    }
    assert_true(hist_quantile(&h, 1.0) == h.max_us);
    free(samples);
}

static void shards_merged_equal_one_histogram_of_all(void **state)
{
    struct hist all = {0}, shards[3] = {{0}}, merged = {0};
    struct rng rng;

    (void)state;
    rng_init(&rng, 2, 1);
    for (unsigned i = 0; i < 3000; i++) {
        const uint64_t us = rng_upto(&rng, 5000000);
        hist_add(&all, us);
        hist_add(&shards[i % 3], us);
    }
    for (unsigned i = 0; i < 3; i++)
        hist_merge(&merged, &shards[i]);
    assert_int_equal(merged.n, 3000);
    assert_memory_equal(&merged, &all, sizeof(all));
}

static void merging_nothing_changes_nothing(void **state)
{
    struct hist h = {0}, was, none = {0};

    (void)state;
    hist_add(&h, 1234);
    was = h;
    hist_merge(&h, &none);
    assert_memory_equal(&h, &was, sizeof(h));
    hist_merge(&none, &h);
    assert_memory_equal(&none, &h, sizeof(h));
}

static void buckets_of_a_report_give_the_counts_back(void **state)
{
    struct hist h = {0}, again = {0};
    struct rng rng;

    (void)state;
    rng_init(&rng, 3, 1);
    for (unsigned i = 0; i < 500; i++)
        hist_add(&h, rng_upto(&rng, 1000000));
    for (unsigned i = 0; i < HIST_BUCKETS; i++)
        hist_add_bucket(&again, i, h.counts[i]);
    again.max_us = h.max_us;
    assert_memory_equal(&again, &h, sizeof(h));
}

static void buckets_out_of_range_are_ignored(void **state)
{
    struct hist h = {0}, zero = {0};

    (void)state;
    hist_add_bucket(&h, HIST_BUCKETS, 5);
    hist_add_bucket(&h, UINT32_MAX, 5);
    assert_memory_equal(&h, &zero, sizeof(h));
    hist_add_bucket(&h, HIST_BUCKETS - 1, 5);
    assert_int_equal(h.n, 5);
    assert_true(hist_quantile(&h, 0.5) == UINT64_MAX); /* the end of the last bucket */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_histogram_has_no_quantiles),
        cmocka_unit_test(microseconds_below_sixteen_are_exact),
        cmocka_unit_test(a_single_sample_is_every_quantile),
        cmocka_unit_test(neighbouring_buckets_meet_without_gap_or_overlap),
        cmocka_unit_test(quantiles_are_at_most_a_sixteenth_too_high),
        cmocka_unit_test(shards_merged_equal_one_histogram_of_all),
        cmocka_unit_test(merging_nothing_changes_nothing),
        cmocka_unit_test(buckets_of_a_report_give_the_counts_back),
        cmocka_unit_test(buckets_out_of_range_are_ignored),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
