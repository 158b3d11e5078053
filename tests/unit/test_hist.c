/* SPDX-License-Identifier: BSD-3-Clause */
/* Histograms that add up, and random numbers that repeat. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/base/hist.h"
#include "sim/base/rng.h"

static void quantiles_are_off_by_a_sixteenth_at_most(void **state)
{
    struct hist *h = calloc(1, sizeof(*h));

    (void)state;
    for (uint64_t us = 1; us <= 100000; us++)
        hist_add(h, us);
    for (unsigned percent = 1; percent <= 100; percent++) {
        const uint64_t exact = percent * 1000ULL, said = hist_quantile(h, percent / 100.0);
        assert_in_range(said, exact - 1, exact + exact / 16 + 1);
    }
    assert_int_equal(h->max_us, 100000);
    free(h);
}

static void parts_add_up_to_the_whole(void **state)
{
    struct hist *whole = calloc(1, sizeof(*whole)), *a = calloc(1, sizeof(*a)),
                *b = calloc(1, sizeof(*b));
    struct rng rng;

    (void)state;
    rng_init(&rng, 1, 1);
    for (unsigned i = 0; i < 10000; i++) {
        const uint64_t us = rng_u32(&rng) >> (rng_u32(&rng) & 31);
        hist_add(whole, us);
        hist_add(i % 3 ? a : b, us);
    }
    hist_merge(a, b);
    assert_memory_equal(a, whole, sizeof(*a));
    free(whole);
    free(a);
    free(b);
}

static void an_empty_histogram_has_no_quantile(void **state)
{
    struct hist *h = calloc(1, sizeof(*h));

    (void)state;
    assert_int_equal(hist_quantile(h, 0.5), 0);
    hist_add_bucket(h, HIST_BUCKETS, 1); /* from a file: out of range is ignored */
    assert_int_equal(h->n, 0);
    hist_add(h, UINT64_MAX);
    assert_int_equal(h->n, 1);
    free(h);
}

static void the_same_seed_gives_the_same_numbers(void **state)
{
    struct rng a, b, other;
    unsigned same = 0;

    (void)state;
    rng_init(&a, 7, 1);
    rng_init(&b, 7, 1);
    rng_init(&other, 7, 2);
    for (unsigned i = 0; i < 1000; i++) {
        const uint32_t n = rng_u32(&a);
        assert_int_equal(n, rng_u32(&b));
        same += n == rng_u32(&other);
    }
    assert_true(same < 3);
}

static void numbers_up_to_a_bound_reach_it(void **state)
{
    struct rng rng;
    unsigned seen = 0;

    (void)state;
    rng_init(&rng, 1, 1);
    for (unsigned i = 0; i < 1000; i++)
        seen |= 1U << rng_upto(&rng, 4);
    assert_int_equal(seen, 0x1f);
    assert_int_equal(rng_upto(&rng, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_are_off_by_a_sixteenth_at_most),
        cmocka_unit_test(parts_add_up_to_the_whole),
        cmocka_unit_test(an_empty_histogram_has_no_quantile),
        cmocka_unit_test(the_same_seed_gives_the_same_numbers),
        cmocka_unit_test(numbers_up_to_a_bound_reach_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
