/* SPDX-License-Identifier: BSD-3-Clause */
/* When a phone registers again: the formulas and patterns of sip-behaviour.md 2.1 to 2.4. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <re.h>

#include "sim/base/rng.h"
#include "sim/sip/line.h"
#include "sim/sip/message.h"
#include "sim/sip/registration.h"
#include "tests/support/rig.h"

/* 2.2 names tenths of seconds; binary fractions may fall a millisecond short. */
static void assert_about_ms(uint64_t got, uint64_t want)
{
    assert_in_range(got, want - 1, want);
}

static void renewal_takes_the_worked_values_of_the_guide(void **state)
{
    static const struct {
        uint32_t granted_s;
        uint64_t renewal_ms;
    } worked[] = {{60, 34320},     {120, 81120},    {300, 221520},  {600, 455520},
                  {1800, 1391520}, {3600, 2795520}, {7200, 5603520}};
    const struct ua_line_config c = rig_spa504g();

    (void)state;
    for (size_t i = 0; i < sizeof(worked) / sizeof(worked[0]); i++)
        assert_about_ms(renewal_delay_ms(&c, worked[i].granted_s), worked[i].renewal_ms);
}

static void brief_grants_are_renewed_at_half_time(void **state)
{
    const struct ua_line_config c = rig_spa504g();

    (void)state;
    assert_int_equal(renewal_delay_ms(&c, 1), 500);
    assert_int_equal(renewal_delay_ms(&c, 32), 16000);
    assert_about_ms(renewal_delay_ms(&c, 33), 13260);
}

static void factor_and_margin_can_be_set(void **state)
{
    struct ua_line_config c = rig_spa504g();

    (void)state;
    c.renewal_factor = 1.0;
    c.renewal_minus_f = false; /* the test mode of 2.7 */
    assert_int_equal(renewal_delay_ms(&c, 3600), 3600000);
    c.renewal_factor = 0.5;
    assert_int_equal(renewal_delay_ms(&c, 3600), 1800000);
    c.renewal_minus_f = true;
    c.timer_f_ms = 32000;
    assert_int_equal(renewal_delay_ms(&c, 3600), 1784000);
}

static void a_factor_beyond_reason_still_gives_a_time(void **state)
{
    struct ua_line_config c = rig_spa504g();

    (void)state;
    c.renewal_factor = 1e300;
    assert_int_equal(renewal_delay_ms(&c, 3600), UINT32_MAX * 1000ULL);
    c.renewal_factor = -1;
    assert_int_equal(renewal_delay_ms(&c, 3600), 0);
}

static void a_79xx_renews_its_delta_before_expiry(void **state)
{
    struct ua_line_config c = rig_spa504g();

    (void)state;
    c.renewal_delta_s = 5;
    assert_int_equal(renewal_delay_ms(&c, 3600), 3595000);
    assert_int_equal(renewal_delay_ms(&c, 6), 1000);
    assert_int_equal(renewal_delay_ms(&c, 5), 2500);
}

static void the_longest_expiry_does_not_overflow(void **state)
{
    const struct ua_line_config c = rig_spa504g();

    (void)state;
    assert_about_ms(renewal_delay_ms(&c, UINT32_MAX), 3350074477620ULL);
}

static void short_wait_is_constant_without_a_cap(void **state)
{
    const struct ua_line_config c = rig_spa504g();
    struct rng rng;

    (void)state;
    rng_init(&rng, 1, 1);
    for (unsigned n = 1; n < 100; n++)
        assert_int_equal(retry_short_s(&c, n, &rng), 30);
}

static void short_wait_doubles_up_to_the_cap(void **state)
{
    static const uint32_t want[] = {30, 60, 120, 240, 300, 300};
    struct ua_line_config c = rig_spa504g();
    struct rng rng;

    (void)state;
    rng_init(&rng, 1, 1);
    c.retry_cap_s = 300;
    for (unsigned i = 0; i < 6; i++)
        assert_int_equal(retry_short_s(&c, i + 1, &rng), want[i]);
    assert_int_equal(retry_short_s(&c, UINT32_MAX, &rng), 300);
    c.retry_cap_s = 10; /* below the interval: the cap wins from the first failure on */
    assert_int_equal(retry_short_s(&c, 1, &rng), 10);
}

static void short_wait_is_never_zero(void **state)
{
    struct ua_line_config c = rig_spa504g();
    struct rng rng;

    (void)state;
    rng_init(&rng, 1, 1);
    c.retry_s = 0;
    assert_int_equal(retry_short_s(&c, 1, &rng), 1);
}

static void random_delays_are_added_and_reach_both_ends(void **state)
{
    struct ua_line_config c = rig_spa504g();
    bool seen_short[4] = {false}, seen_long[4] = {false};
    struct rng rng;

    (void)state;
    rng_init(&rng, 1, 1);
    c.retry_random_s = 3;
    c.retry_long_random_s = 3;
    for (unsigned i = 0; i < 200; i++) {
        const uint32_t s = retry_short_s(&c, 1, &rng), l = retry_long_s(&c, &rng);
        assert_in_range(s, 30, 33);
        assert_in_range(l, 1200, 1203);
        seen_short[s - 30] = true;
        seen_long[l - 1200] = true;
    }
    for (unsigned i = 0; i < 4; i++)
        assert_true(seen_short[i] && seen_long[i]);
}

static void a_long_interval_of_zero_stops_whatever_the_random_delay(void **state)
{
    struct ua_line_config c = rig_spa504g();
    struct rng rng;

    (void)state;
    rng_init(&rng, 1, 1);
    assert_int_equal(retry_long_s(&c, &rng), 1200);
    c.retry_long_s = 0;
    c.retry_long_random_s = 60;
    for (unsigned i = 0; i < 20; i++)
        assert_int_equal(retry_long_s(&c, &rng), 0);
}

static void a_grant_below_the_minimum_counts_as_the_minimum(void **state)
{
    struct ua_line_config c = rig_spa504g();

    (void)state;
    assert_int_equal(granted_clamp(&c, 0), 1);
    c.reg_min_s = 60;
    assert_int_equal(granted_clamp(&c, 59), 60);
    assert_int_equal(granted_clamp(&c, 60), 60);
    assert_int_equal(granted_clamp(&c, 100000), 100000);
    c.reg_min_s = 0; /* blank on MPP */
    assert_int_equal(granted_clamp(&c, 5), 5);
}

static void rsc_patterns_match_digit_by_digit(void **state)
{
    static const struct {
        const char *patterns;
        uint16_t scode;
        bool match;
    } t[] = {
        {"500", 500, true},        {"500", 501, false},      {"5??", 500, true},
        {"5??", 599, true},        {"5??", 600, false},      {"5??,6??", 603, true},
        {"5?3", 503, true},        {"5?3", 504, false},      {"???", 404, true},
        {" 5?? , 6??", 600, true}, {"404,\t486", 486, true}, {",,404", 404, true},
        {"", 500, false},          {" ", 500, false},        {"50", 500, false},
        {"5000", 500, false},      {"5??6??", 500, false},   {"BT", 500, false},
        {"BT,503", 503, true},     {"5xx", 500, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
        assert_int_equal(rsc_match(t[i].patterns, t[i].scode), t[i].match);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(renewal_takes_the_worked_values_of_the_guide),
        cmocka_unit_test(brief_grants_are_renewed_at_half_time),
        cmocka_unit_test(factor_and_margin_can_be_set),
        cmocka_unit_test(a_factor_beyond_reason_still_gives_a_time),
        cmocka_unit_test(a_79xx_renews_its_delta_before_expiry),
        cmocka_unit_test(the_longest_expiry_does_not_overflow),
        cmocka_unit_test(short_wait_is_constant_without_a_cap),
        cmocka_unit_test(short_wait_doubles_up_to_the_cap),
        cmocka_unit_test(short_wait_is_never_zero),
        cmocka_unit_test(random_delays_are_added_and_reach_both_ends),
        cmocka_unit_test(a_long_interval_of_zero_stops_whatever_the_random_delay),
        cmocka_unit_test(a_grant_below_the_minimum_counts_as_the_minimum),
        cmocka_unit_test(rsc_patterns_match_digit_by_digit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
