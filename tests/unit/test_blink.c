/* SPDX-License-Identifier: BSD-3-Clause */
/* How lamps blink, devices.md 3.1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sim/phone/blink.h"

static unsigned lit_ms(const char *pattern, unsigned from, unsigned to)
{
    unsigned n = 0;

    for (unsigned ms = from; ms < to; ms++)
        n += blink_is_lit(pattern, ms);
    return n;
}

static void a_steady_lamp_never_goes_out(void **state)
{
    (void)state;
    assert_int_equal(lit_ms("steady", 0, 5000), 5000);
}

static void a_slow_lamp_is_lit_every_other_second(void **state)
{
    (void)state;
    assert_int_equal(lit_ms("slow", 0, 1000), 1000);
    assert_int_equal(lit_ms("slow", 1000, 2000), 0);
    assert_int_equal(lit_ms("slow", 2000, 3000), 1000);
}

static void a_fast_lamp_blinks_five_times_a_second(void **state)
{
    unsigned changes = 0;

    (void)state;
    for (unsigned ms = 1; ms <= 1000; ms++)
        changes += blink_is_lit("fast", ms) != blink_is_lit("fast", ms - 1);
    assert_int_equal(changes, 10);
    assert_int_equal(lit_ms("fast", 0, 1000), 500);
}

static void a_heart_beats_twice_and_rests(void **state)
{
    (void)state;
    assert_int_equal(lit_ms("double", 0, 100), 100);
    assert_int_equal(lit_ms("double", 100, 200), 0);
    assert_int_equal(lit_ms("double", 200, 300), 100);
    assert_int_equal(lit_ms("double", 300, 1000), 0);
    assert_true(blink_is_lit("double", 1000));
}

static void a_pattern_of_its_own_has_its_own_times(void **state)
{
    (void)state;
    assert_int_equal(lit_ms(".25/.5", 0, 250), 250);
    assert_int_equal(lit_ms(".25/.5", 250, 750), 0);
    assert_true(blink_is_lit(".25/.5", 750));
    assert_int_equal(lit_ms("1/1/.1/.1/.1/.1/.1/.1/9/9", 0, 2600), 1300); /* four pairs count */
    assert_int_equal(lit_ms("0/0", 0, 100), 100);
    assert_int_equal(lit_ms("1/.5/7", 0, 3000), 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_steady_lamp_never_goes_out),
        cmocka_unit_test(a_slow_lamp_is_lit_every_other_second),
        cmocka_unit_test(a_fast_lamp_blinks_five_times_a_second),
        cmocka_unit_test(a_heart_beats_twice_and_rests),
        cmocka_unit_test(a_pattern_of_its_own_has_its_own_times),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
