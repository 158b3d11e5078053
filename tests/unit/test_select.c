/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/support/fake_farm.h"

static char err[400];

static struct farm *farm(struct loop *lp)
{
    static const char *const o[] = {"count", "300",          "addr", "127.47.0.0/16",
                                    "mac",   "000E08000001", NULL};
    struct farm *f = NULL;
    assert_int_equal(fake_farm(&f, lp, o, true, err, sizeof(err)), 0);
    return f;
}

static const char *selected(const struct farm *f, const char *phones)
{
    static char text[400];
    unsigned *numbers;
    size_t n, at = 0;

    const int e = farm_select(f, phones, &numbers, &n, err, sizeof(err));
    if (e == EINVAL)
        return "invalid";
    if (e == ENOENT)
        return "none";
    text[0] = '\0';
    for (size_t i = 0; i < n && at < sizeof(text) - 8; i++)
        at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%u", i ? " " : "", numbers[i]);
    free(numbers);
    return text;
}

static void numbers_and_ranges_select(void **state)
{
    struct farm *f = farm(*state);

    assert_string_equal(selected(f, "7"), "7");
    assert_string_equal(selected(f, "3-5"), "3 4 5");
    assert_string_equal(selected(f, "299-400"), "299 300");
    assert_string_equal(selected(f, "5, 1-2 ,2"), "1 2 5");
    mem_deref(f);
}

static void identities_select(void **state)
{
    struct farm *f = farm(*state);

    assert_string_equal(selected(f, "mac:000E08000007"), "7");
    assert_string_equal(selected(f, "mac:00:0e:08:00:00:08,ip:127.47.1.0"), "8 256");
    assert_string_equal(selected(f, "user:1010"), "10");
    mem_deref(f);
}

static void all_selects_every_phone_once(void **state)
{
    struct farm *f = farm(*state);
    unsigned *numbers;
    size_t n;

    assert_int_equal(farm_select(f, "all,1-9", &numbers, &n, err, sizeof(err)), 0);
    assert_int_equal(n, 300);
    free(numbers);
    mem_deref(f);
}

static void nobody_is_enoent(void **state)
{
    struct farm *f = farm(*state);

    assert_string_equal(selected(f, "301"), "none");
    assert_string_equal(selected(f, "user:nobody"), "none");
    assert_string_equal(selected(f, "ip:10.0.0.1"), "none");
    mem_deref(f);
}

static void bad_texts_are_told(void **state)
{
    static const char *const bad[] = {"",
                                      "x",
                                      "0",
                                      "5-3",
                                      "1-",
                                      "-3",
                                      "1,,2",
                                      "mac:zz",
                                      "ip:1.2",
                                      "user:",
                                      "all1",
                                      "7 8",
                                      "99999999999999999999999"};
    struct farm *f = farm(*state);

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (strcmp(selected(f, bad[i]), "invalid") != 0)
            fail_msg("\"%s\" selected %s", bad[i], selected(f, bad[i]));
        assert_non_null(strstr(err, "expected"));
    }
    mem_deref(f);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fake_farm_setup, fake_farm_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(numbers_and_ranges_select),    TEST(identities_select),
        TEST(all_selects_every_phone_once), TEST(nobody_is_enoent),
        TEST(bad_texts_are_told),
    };
    (void)fake_fetch;
    (void)fake_register;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
