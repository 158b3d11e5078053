/* SPDX-License-Identifier: BSD-3-Clause */
/* The forms of macros (provisioning.md 2.1), with the values of its own examples. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/prov/rule.h"
#include "tests/support/alloc.h"

enum { EXPANDED_MAX = 64 << 10 };

static const char *macro_handler(const char *name, void *arg)
{
    static const char *const values[][2] = {
        {"MA", "000e08012345"}, {"MAU", "000E08012345"}, {"A", "ABCDEF"},  {"B", ""},
        {"C", "$MA"},           {"PSN", "504G"},         {"SA", "secret"}, {"UID1", "1001"},
        {"LONG", NULL},
    };

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        if (strcmp(name, values[i][0]) == 0)
            return values[i][1] ? values[i][1] : arg;
    }
    return NULL;
}

static void expands(const char *text, const char *expected)
{
    char *out = NULL;

    assert_int_equal(macro_expand(&out, text, macro_handler, NULL), 0);
    assert_string_equal(out, expected);
    free(out);
}

static void text_without_a_dollar_stays(void **state)
{
    (void)state;
    expands("", "");
    expands("/spa504G.cfg", "/spa504G.cfg");
    expands("(MA) MA:1", "(MA) MA:1");
}

static void a_name_is_replaced_by_its_value(void **state)
{
    (void)state;
    expands("$MA", "000e08012345");
    expands("/spa$PSN.cfg", "/spa504G.cfg");
    expands("$MAU/$MA-$PSN", "000E08012345/000e08012345-504G");
    expands("x$B.y", "x.y");
    expands("\"$A\"", "\"ABCDEF\"");
}

static void the_longest_word_is_the_name(void **state)
{
    (void)state;
    expands("$MAX", "$MAX");
    expands("$MA_", "$MA_");
    expands("$MA1", "$MA1");
    expands("$UID1", "1001");
    expands("$(MA)X", "000e08012345X");
}

static void unknown_names_stay_as_they_are(void **state)
{
    (void)state;
    expands("$STRANGE$MAU.cfg", "$STRANGE000E08012345.cfg");
    expands("$(STRANGE)/$(STRANGE:1:2)", "$(STRANGE)/$(STRANGE:1:2)");
    expands("$ma", "$ma");
    expands("$NAMESOFMORETHANSIXTYFOURCHARACTERSARENOTLOOKEDUPBUTSTAYASTHEYARE_",
            "$NAMESOFMORETHANSIXTYFOURCHARACTERSARENOTLOOKEDUPBUTSTAYASTHEYARE_");
}

static void a_part_of_a_value_is_cut_by_offset_and_length(void **state)
{
    (void)state;
    expands("$(A:2)", "CDEF");
    expands("$(A:2:3)", "CDE");
    expands("$(MAU:4)", "08012345");
    expands("$(MAU:8:2)", "23");
    expands("$(A)", "ABCDEF");
    expands("$(A:0:1)", "A");
}

static void a_part_beyond_the_value_is_what_is_there(void **state)
{
    (void)state;
    expands("[$(A:6)]", "[]");
    expands("[$(A:7:1)]", "[]");
    expands("$(A:4:9)", "EF");
    expands("[$(A:1:0)]", "[]");
    expands("[$(A:99999999999999999999:1)]", "[]");
    expands("$(A:4:99999999999999999999)", "EF");
}

static void parentheses_that_fit_no_form_stay(void **state)
{
    (void)state;
    expands("$(MA", "$(MA");
    expands("$()", "$()");
    expands("$(A:)", "$(A:)");
    expands("$(A:x)", "$(A:x)");
    expands("$(A:-1)", "$(A:-1)");
    expands("$(A:1:)", "$(A:1:)");
    expands("$(A:1:2:3)", "$(A:1:2:3)");
    expands("$( A)", "$( A)");
    expands("$($A)", "$(ABCDEF)");
}

static void two_dollars_are_one_and_end_the_matter(void **state)
{
    (void)state;
    expands("$$", "$");
    expands("$$MAU", "$MAU");
    expands("$$$MAU", "$000E08012345");
    expands("$$$$MA", "$$MA");
    expands("$$(MA)", "$(MA)");
}

static void a_lone_dollar_stays(void **state)
{
    (void)state;
    expands("$", "$");
    expands("a$ b$.", "a$ b$.");
    expands("$-$MA", "$-000e08012345");
}

static void values_are_not_expanded_again(void **state)
{
    (void)state;
    expands("$C", "$MA");
    expands("$(C:0:2)A", "$MA");
}

static void gpp_parameters_also_go_by_their_long_names(void **state)
{
    (void)state;
    expands("$GPP_A", "ABCDEF");
    expands("$(GPP_A:4)", "EF");
    expands("$GPP_SA", "secret");
}

static void the_long_name_is_for_gpp_parameters_only(void **state)
{
    (void)state;
    expands("$GPP_MA", "$GPP_MA");
    expands("$GPP_PSN", "$GPP_PSN");
    expands("$GPP_UID1", "$GPP_UID1");
    expands("$GPP_", "$GPP_");
    expands("$GPP_Q", "$GPP_Q");
}

static void what_grows_over_64_kib_is_too_big(void **state)
{
    char *half = malloc(EXPANDED_MAX / 2 + 1), *out = NULL;

    (void)state;
    assert_non_null(half);
    memset(half, 'x', EXPANDED_MAX / 2);
    half[EXPANDED_MAX / 2] = '\0';
    assert_int_equal(macro_expand(&out, "$LONG$LONG", macro_handler, half), 0);
    assert_int_equal(strlen(out), EXPANDED_MAX);
    free(out);
    out = NULL;
    assert_int_equal(macro_expand(&out, "$LONG$LONG.", macro_handler, half), E2BIG);
    assert_null(out);
    free(half);
}

static int expand_again(void *arg)
{
    char *out = NULL;
    const int err = macro_expand(&out, arg, macro_handler, NULL);

    if (err)
        assert_null(out);
    free(out);
    return err;
}

static void a_failing_allocation_is_enomem_and_nothing_else(void **state)
{
    char text[] = "/$MA/$(A:1)/$$/$UNKNOWN/a long text that makes the room for it grow again/$MAU";

    (void)state;
    assert_true(alloc_sweep(expand_again, text) >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_without_a_dollar_stays),
        cmocka_unit_test(a_name_is_replaced_by_its_value),
        cmocka_unit_test(the_longest_word_is_the_name),
        cmocka_unit_test(unknown_names_stay_as_they_are),
        cmocka_unit_test(a_part_of_a_value_is_cut_by_offset_and_length),
        cmocka_unit_test(a_part_beyond_the_value_is_what_is_there),
        cmocka_unit_test(parentheses_that_fit_no_form_stay),
        cmocka_unit_test(two_dollars_are_one_and_end_the_matter),
        cmocka_unit_test(a_lone_dollar_stays),
        cmocka_unit_test(values_are_not_expanded_again),
        cmocka_unit_test(gpp_parameters_also_go_by_their_long_names),
        cmocka_unit_test(the_long_name_is_for_gpp_parameters_only),
        cmocka_unit_test(what_grows_over_64_kib_is_too_big),
        cmocka_unit_test(a_failing_allocation_is_enomem_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
