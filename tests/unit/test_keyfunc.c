/* SPDX-License-Identifier: BSD-3-Clause */
/* What Extended_Function says of a line key (sip-behaviour.md 10). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/phone/keyfunc.h"

static void a_monitored_desk_is_read(void **state)
{
    struct keyfunc k;

    (void)state;
    assert_true(keyfunc_parse(&k, "fnc=sd+blf+cp;sub=1010@$PROXY;nme=Desk 10;vid=2"));
    assert_true(k.blf && k.sd && k.cp);
    assert_false(k.dnd || k.xml || k.prk);
    assert_string_equal(k.sub, "1010@$PROXY");
    assert_string_equal(k.nme, "Desk 10");
    assert_string_equal(k.ext, "");
    assert_int_equal(k.vid, 2);
}

static void names_come_in_any_case_and_order(void **state)
{
    struct keyfunc k;

    (void)state;
    assert_true(keyfunc_parse(&k, " NME=a; EXT=701 ;;FNC=Sd;unknown=1;usr=b"));
    assert_true(k.sd);
    assert_string_equal(k.nme, "a");
    assert_string_equal(k.ext, "701 ");
    assert_string_equal(k.usr, "b");
}

static void what_is_no_function_is_none(void **state)
{
    static const char *const rows[] = {"", "2", "fnc=", "fnc=frob", "sub=1010@h", ";;;", "fnc"};
    struct keyfunc k;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_false(keyfunc_parse(&k, rows[i]));
}

static void long_values_are_passed_over(void **state)
{
    char text[400];
    struct keyfunc k;

    (void)state;
    snprintf(text, sizeof(text), "fnc=blf;sub=%0300d;nme=x", 0);
    assert_true(keyfunc_parse(&k, text));
    assert_string_equal(k.sub, "");
    assert_string_equal(k.nme, "x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_monitored_desk_is_read),
        cmocka_unit_test(names_come_in_any_case_and_order),
        cmocka_unit_test(what_is_no_function_is_none),
        cmocka_unit_test(long_values_are_passed_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
