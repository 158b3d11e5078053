/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "sim/base/utf8.h"

static void characters_have_their_length(void **state)
{
    (void)state;
    assert_int_equal(utf8_len("a"), 1);
    assert_int_equal(utf8_len("\xc3\xa9"), 2);
    assert_int_equal(utf8_len("\xe2\x82\xac"), 3);
    assert_int_equal(utf8_len("\xf0\x9f\x98\x80"), 4);
}

static void what_is_no_character_has_none(void **state)
{
    static const char *const bad[] = {"\x80",
                                      "\xc3",
                                      "\xc3(",
                                      "\xc0\xaf",
                                      "\xe0\x80\xaf",
                                      "\xed\xa0\x80",
                                      "\xf4\x90\x80\x80",
                                      "\xe2\x82",
                                      "\xf8\x88\x80\x80\x80",
                                      "\xff"};
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (utf8_len(bad[i]))
            fail_msg("text %zu counts as a character of %zu bytes", i, utf8_len(bad[i]));
    }
}

static void other_bytes_become_question_marks(void **state)
{
    char buf[32];

    (void)state;
    assert_string_equal(utf8_clean(buf, sizeof(buf), "G\xfcnther \xc3\xbc"), "G?nther \xc3\xbc");
    assert_string_equal(utf8_clean(buf, sizeof(buf), "\xe2\x82"), "??");
    assert_string_equal(utf8_clean(buf, sizeof(buf), ""), "");
}

static void a_cut_never_splits_a_character(void **state)
{
    char buf[5];

    (void)state;
    assert_string_equal(utf8_clean(buf, 5, "abc\xc3\xa9"), "abc");
    assert_string_equal(utf8_clean(buf, 5, "ab\xc3\xa9z"), "ab\xc3\xa9");
    assert_string_equal(utf8_clean(buf, 1, "a"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_have_their_length),
        cmocka_unit_test(what_is_no_character_has_none),
        cmocka_unit_test(other_bytes_become_question_marks),
        cmocka_unit_test(a_cut_never_splits_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
