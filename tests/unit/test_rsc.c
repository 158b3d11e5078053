/* SPDX-License-Identifier: BSD-3-Clause */
/* Patterns of response codes: sip-behaviour.md 2.4. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/sip/message.h"

static void digits_match_themselves_and_marks_any_digit(void **state)
{
    (void)state;
    assert_true(rsc_match("500", 500));
    assert_false(rsc_match("500", 501));
    assert_true(rsc_match("5??", 599));
    assert_true(rsc_match("??3", 403));
    assert_true(rsc_match(" 408 ,\t5??, 6??", 603));
    assert_false(rsc_match("408, 5??", 480));
}

static void blank_and_what_is_no_pattern_match_nothing(void **state)
{
    static const char *const patterns[] = {"", " ", ",,", "50", "5000", "5?", "all", "5xx"};

    (void)state;
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
        assert_false(rsc_match(patterns[i], 500));
}

static void bt_is_a_word_and_no_code(void **state)
{
    (void)state;
    assert_true(rsc_has_bt("BT"));
    assert_true(rsc_has_bt("5??, bt ,6??"));
    assert_true(rsc_match("5??, BT ,6??", 603));
    assert_false(rsc_match("BT", 500));
    assert_false(rsc_has_bt("5??,B T,BTX,XBT,B"));
    assert_false(rsc_has_bt(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_match_themselves_and_marks_any_digit),
        cmocka_unit_test(blank_and_what_is_no_pattern_match_nothing),
        cmocka_unit_test(bt_is_a_word_and_no_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
