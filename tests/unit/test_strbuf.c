/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sim/base/strbuf.h"

static void a_text_grows_and_is_terminated(void **state)
{
    struct strbuf b = {.text = NULL};

    (void)state;
    assert_int_equal(strbuf_add(&b, "", 0, 0), 0);
    assert_string_equal(b.text, "");
    for (unsigned i = 0; i < 1000; i++)
        assert_int_equal(strbuf_add(&b, "abcd", 3, SIZE_MAX - 1), 0);
    assert_int_equal(b.len, 3000);
    assert_string_equal(b.text + 2997, "abc");
    strbuf_reset(&b);
    assert_null(b.text);
}

static void what_is_too_long_leaves_it_as_it_was(void **state)
{
    struct strbuf b = {.text = NULL};

    (void)state;
    assert_int_equal(strbuf_add(&b, "abc", 3, 3), 0);
    assert_int_equal(strbuf_add(&b, "d", 1, 3), E2BIG);
    assert_int_equal(strbuf_add(&b, "d", SIZE_MAX, 3), E2BIG);
    assert_string_equal(b.text, "abc");
    strbuf_reset(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_grows_and_is_terminated),
        cmocka_unit_test(what_is_too_long_leaves_it_as_it_was),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
