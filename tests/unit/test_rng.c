/* SPDX-License-Identifier: BSD-3-Clause */
/* Same seed, same run: the generator every phone has of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/base/rng.h"

static void the_same_seed_gives_the_same_numbers(void **state)
{
    struct rng a, b;

    (void)state;
    rng_init(&a, 42, 7);
    rng_init(&b, 42, 7);
    for (unsigned i = 0; i < 1000; i++)
        assert_true(rng_u64(&a) == rng_u64(&b));
}

static void a_recorded_run_can_be_repeated_by_later_versions(void **state)
{
    static const uint64_t recorded[] = {0x25f24e5e3765af4c, 0x3e06a25cbba50836, 0x503bea63f3a9ae0c,
                                        0x3e75eb2a15d61bd5};
    struct rng r;

    (void)state;
    rng_init(&r, 1, 1);
    for (unsigned i = 0; i < 4; i++)
        assert_true(rng_u64(&r) == recorded[i]);
}

static void other_seeds_and_streams_give_other_numbers(void **state)
{
    enum { SIDE = 64 };
    uint64_t first[SIDE * SIDE];

    (void)state;
    for (unsigned i = 0; i < SIDE * SIDE; i++) {
        struct rng r;
        rng_init(&r, i / SIDE, i % SIDE);
        first[i] = rng_u64(&r);
        for (unsigned j = 0; j < i; j++)
            assert_true(first[i] != first[j]);
    }
}

static void a_bound_is_reached_and_never_passed(void **state)
{
    unsigned seen[6] = {0};
    struct rng r;

    (void)state;
    rng_init(&r, 1, 1);
    for (unsigned i = 0; i < 6000; i++) {
        const uint32_t n = rng_upto(&r, 5);
        assert_in_range(n, 0, 5);
        seen[n]++;
    }
    for (unsigned i = 0; i < 6; i++)
        assert_in_range(seen[i], 850, 1150); /* five deviations around 1000 */
}

static void the_bounds_zero_and_all_work(void **state)
{
    uint32_t all_or = 0, all_and = UINT32_MAX;
    struct rng r;

    (void)state;
    rng_init(&r, 1, 1);
    for (unsigned i = 0; i < 100; i++) {
        assert_int_equal(rng_upto(&r, 0), 0);
        const uint32_t n = rng_upto(&r, UINT32_MAX);
        all_or |= n;
        all_and &= n;
    }
    assert_int_equal(all_or, UINT32_MAX); /* every bit is 1 at times and 0 at times */
    assert_int_equal(all_and, 0);
}

static void every_bit_is_set_half_of_the_time(void **state)
{
    unsigned ones[64] = {0};
    struct rng r;

    (void)state;
    rng_init(&r, 3, 9);
    for (unsigned i = 0; i < 10000; i++) {
        const uint64_t n = rng_u64(&r);
        for (unsigned bit = 0; bit < 64; bit++)
            ones[bit] += n >> bit & 1;
    }
    for (unsigned bit = 0; bit < 64; bit++)
        assert_in_range(ones[bit], 4750, 5250);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_numbers),
        cmocka_unit_test(a_recorded_run_can_be_repeated_by_later_versions),
        cmocka_unit_test(other_seeds_and_streams_give_other_numbers),
        cmocka_unit_test(a_bound_is_reached_and_never_passed),
        cmocka_unit_test(the_bounds_zero_and_all_work),
        cmocka_unit_test(every_bit_is_set_half_of_the_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
