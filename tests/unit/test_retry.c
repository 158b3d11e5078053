/* SPDX-License-Identifier: BSD-3-Clause */
/* When a phone registers again (sip-behaviour.md 2.2, 2.3). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/base/rng.h"
#include "sim/sip/line.h"
#include "sim/sip/registration.h"

static const struct ua_line_config spa = {
    .timer_f_ms = 16000, .renewal_factor = 0.78, .renewal_minus_f = true,
    .retry_s = 30, .retry_long_s = 1200, .reg_min_s = 1};

static void renewals_have_the_worked_values(void **state)
{
    static const struct {
        uint32_t granted_s, renewal_ms;
    } rows[] = {{3600, 2795520}, {60, 34320},     {120, 81120},     {300, 221520}, {600, 455520},
                {1800, 1391520}, {7200, 5603520}, {32, 16000}, {10, 5000}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(renewal_delay_ms(&spa, rows[i].granted_s), rows[i].renewal_ms);
}

static void the_79xx_renews_shortly_before_the_end(void **state)
{
    struct ua_line_config c = spa;

    (void)state;
    c.renewal_delta_s = 5;
    assert_int_equal(renewal_delay_ms(&c, 3600), 3595000);
    assert_int_equal(renewal_delay_ms(&c, 4), 2000);
}

static void the_test_mode_renews_at_expiry(void **state)
{
    struct ua_line_config c = spa;

    (void)state;
    c.renewal_factor = 1.0;
    c.renewal_minus_f = false;
    assert_int_equal(renewal_delay_ms(&c, 600), 600000);
}

static void short_waits_double_up_to_the_cap(void **state)
{
    struct ua_line_config c = spa;
    struct rng rng;

    (void)state;
    rng_init(&rng, 1, 1);
    assert_int_equal(retry_short_s(&c, 7, &rng), 30); /* no cap: no doubling */
    c.retry_cap_s = 200;
    assert_int_equal(retry_short_s(&c, 1, &rng), 30);
    assert_int_equal(retry_short_s(&c, 2, &rng), 60);
    assert_int_equal(retry_short_s(&c, 3, &rng), 120);
    assert_int_equal(retry_short_s(&c, 4, &rng), 200);
    assert_int_equal(retry_short_s(&c, 4000000000U, &rng), 200);
}

static void random_delays_stay_in_their_range(void **state)
{
    struct ua_line_config c = spa;
    struct rng rng;
    uint32_t least = UINT32_MAX, most = 0;

    (void)state;
    rng_init(&rng, 1, 1);
    c.retry_random_s = 10;
    c.retry_long_random_s = 3;
    for (unsigned i = 0; i < 500; i++) {
        const uint32_t s = retry_short_s(&c, 1, &rng);
        least = s < least ? s : least;
        most = s > most ? s : most;
        assert_in_range(retry_long_s(&c, &rng), 1200, 1203);
    }
    assert_int_equal(least, 30);
    assert_int_equal(most, 40);
}

static void zero_means_never_or_at_least_one(void **state)
{
    struct ua_line_config c = spa;
    struct rng rng;

    (void)state;
    rng_init(&rng, 1, 1);
    c.retry_s = 0;
    c.retry_long_s = 0;
    assert_int_equal(retry_short_s(&c, 1, &rng), 1);
    assert_int_equal(retry_long_s(&c, &rng), 0);
}

static void a_grant_below_the_minimum_counts_as_the_minimum(void **state)
{
    struct ua_line_config c = spa;

    (void)state;
    c.reg_min_s = 60;
    assert_int_equal(granted_clamp(&c, 10), 60);
    assert_int_equal(granted_clamp(&c, 90), 90);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(renewals_have_the_worked_values),
        cmocka_unit_test(the_79xx_renews_shortly_before_the_end),
        cmocka_unit_test(the_test_mode_renews_at_expiry),
        cmocka_unit_test(short_waits_double_up_to_the_cap),
        cmocka_unit_test(random_delays_stay_in_their_range),
        cmocka_unit_test(zero_means_never_or_at_least_one),
        cmocka_unit_test(a_grant_below_the_minimum_counts_as_the_minimum),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
