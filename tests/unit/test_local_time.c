/* SPDX-License-Identifier: BSD-3-Clause */
/* The phone's clock on the wall (provisioning.md 16.4). */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "sim/prov/local_time.h"

static int64_t at(int year, int month, int day, int hour, int minute)
{
    struct tm tm = {.tm_year = year - 1900,
                    .tm_mon = month - 1,
                    .tm_mday = day,
                    .tm_hour = hour,
                    .tm_min = minute};
    return timegm(&tm);
}

static void zones_are_east_or_west_of_greenwich(void **state)
{
    (void)state;
    assert_int_equal(zone_offset_s("GMT"), 0);
    assert_int_equal(zone_offset_s("GMT-08:00"), -8 * 3600);
    assert_int_equal(zone_offset_s("GMT+05:30"), 5 * 3600 + 1800);
    assert_int_equal(zone_offset_s("GMT-03:30"), -(3 * 3600 + 1800));
    assert_int_equal(zone_offset_s("CET"), 0);
}

static void the_european_rule_holds_from_march_to_october(void **state)
{
    struct dst_rule r;

    (void)state;
    assert_int_equal(dst_parse(&r, "start=3/-1/7/2;end=10/-1/7/3;save=1"), 0);
    assert_false(dst_is_on(&r, at(2026, 3, 29, 1, 59)));
    assert_true(dst_is_on(&r, at(2026, 3, 29, 2, 0)));
    assert_true(dst_is_on(&r, at(2026, 7, 1, 0, 0)));
    assert_true(dst_is_on(&r, at(2026, 10, 25, 1, 59))); /* 02:59 on the clock */
    assert_false(dst_is_on(&r, at(2026, 10, 25, 2, 0)));
    assert_false(dst_is_on(&r, at(2026, 1, 1, 0, 0)));
}

static void days_count_from_the_start_or_are_exact(void **state)
{
    struct dst_rule r;

    (void)state;
    assert_int_equal(dst_parse(&r, "start=3/8/7/2:30;end=11/1/7/2;save=1"), 0);
    assert_false(dst_is_on(&r, at(2026, 3, 8, 2, 29))); /* second Sunday of March 2026 */
    assert_true(dst_is_on(&r, at(2026, 3, 8, 2, 30)));
    assert_true(dst_is_on(&r, at(2026, 11, 1, 0, 59)));
    assert_false(dst_is_on(&r, at(2026, 11, 1, 1, 0)));
    assert_int_equal(dst_parse(&r, "start=4/10/0/0;end=4/12/0/0;save=0:30"), 0);
    assert_int_equal(r.save_s, 1800);
    assert_false(dst_is_on(&r, at(2026, 4, 9, 23, 59)));
    assert_true(dst_is_on(&r, at(2026, 4, 10, 0, 0)));
    assert_false(dst_is_on(&r, at(2026, 4, 12, 0, 0)));
}

static void south_of_the_equator_it_lasts_over_new_year(void **state)
{
    struct dst_rule r;

    (void)state;
    assert_int_equal(dst_parse(&r, "start=10/1/7/2;end=4/1/7/3;save=1"), 0);
    assert_true(dst_is_on(&r, at(2026, 1, 1, 0, 0)));
    assert_false(dst_is_on(&r, at(2026, 6, 1, 0, 0)));
    assert_true(dst_is_on(&r, at(2026, 12, 31, 23, 0)));
}

static void what_is_no_rule_is_refused(void **state)
{
    static const char *const bad[] = {"",
                                      "start=3/-1/7/2",
                                      "start=3/-1/7/2;end=10/-1/7/2",
                                      "start=13/-1/7/2;end=10/-1/7/2;save=1",
                                      "start=3/0/7/2;end=10/-1/7/2;save=1",
                                      "start=3/1/8/2;end=10/-1/7/2;save=1",
                                      "start=3/1/7;end=10/-1/7/2;save=1",
                                      "start=3/1/7/x;end=10/-1/7/2;save=1",
                                      "start=3/1/7/2;end=10/-1/7/2;save=1:",
                                      "start=3/1/7/2;end=10/-1/7/2;save=1:2:3:4",
                                      "start=3/1/7/2;end=10/-1/7/2;save=",
                                      "start=3/1/7/2;end=10/-1/7/2;save=1;more=1",
                                      "=;;"};
    struct dst_rule r;

    (void)state;
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(dst_parse(&r, bad[i]), EBADMSG);
    assert_int_equal(dst_parse(&r, "save=-1:30:10;end=10/-1/7/2;start=3/1/7/2;"), 0);
    assert_int_equal(r.save_s, -(3600 + 1800 + 10));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zones_are_east_or_west_of_greenwich),
        cmocka_unit_test(the_european_rule_holds_from_march_to_october),
        cmocka_unit_test(days_count_from_the_start_or_are_exact),
        cmocka_unit_test(south_of_the_equator_it_lasts_over_new_year),
        cmocka_unit_test(what_is_no_rule_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
