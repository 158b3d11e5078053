/* SPDX-License-Identifier: BSD-3-Clause */
/* Soft-key lists, devices.md 5.1 to 5.3. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "devices/model.h"
#include "sim/phone/softkeys.h"

/* The cells of a page as keywords with blanks between; "-" = empty. */
static const char *cells(const char *list, unsigned per_page, unsigned page)
{
    static char text[200];
    struct softkey_page p;
    size_t at = 0;

    if (!softkeys_page(&p, list, per_page, page, NULL))
        return "none";
    for (unsigned i = 0; i < per_page; i++)
        at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s", i ? " " : "",
                               p.keys[i] ? p.keys[i]->keyword : "-");
    return text;
}

static unsigned pages(const char *list, unsigned per_page)
{
    struct softkey_page p;
    return softkeys_page(&p, list, per_page, 0, NULL);
}

static void the_idle_list_of_a_small_screen_has_two_pages(void **state)
{
    const char *list = device_model_find("SPA504G")->idle_key_list;

    (void)state;
    assert_int_equal(pages(list, 4), 2);
    assert_string_equal(cells(list, 4, 0), "redial dir cfwd dnd");
    assert_string_equal(cells(list, 4, 1), "lcr pickup gpickup unpark");
}

static void the_idle_list_of_a_colour_screen_has_the_same_keys(void **state)
{
    const char *list = device_model_find("SPA525G2")->idle_key_list;

    (void)state;
    assert_string_equal(cells(list, 4, 0), "redial dir cfwd dnd");
    assert_string_equal(cells(list, 4, 1), "lcr pickup gpickup unpark");
}

static void every_model_with_soft_keys_shows_some_at_rest(void **state)
{
    (void)state;
    for (const struct device_model *const *m = device_models(); *m; m++) {
        if ((*m)->n_softkeys && (*m)->idle_key_list && *(*m)->idle_key_list &&
            !pages((*m)->idle_key_list, (*m)->n_softkeys))
            fail_msg("%s shows none of %s", (*m)->name, (*m)->idle_key_list);
    }
}

static void slots_decide_where_a_key_stands(void **state)
{
    (void)state;
    assert_string_equal(cells("endcall|2", 4, 0), "- endcall - -");
    assert_string_equal(cells("lcr|1;miss|4;", 4, 0), "lcr - - miss");
    assert_string_equal(cells("dnd|4;redial|1", 4, 0), "redial - - dnd");
}

static void keys_without_a_slot_take_the_next_free_one(void **state)
{
    (void)state;
    assert_string_equal(cells("redial;dir;dnd|1", 4, 0), "redial dir - -");
    assert_string_equal(cells("hold|1;endcall|2;conf|3;xfer|4;toggle;bxfer", 4, 1),
                        "toggle bxfer - -");
    assert_string_equal(cells("dnd|2;redial;dir", 4, 0), "redial dnd dir -");
}

static void the_first_key_of_a_slot_keeps_it(void **state)
{
    (void)state;
    assert_string_equal(cells("redial|1;dir|1", 4, 0), "redial - - -");
    assert_string_equal(cells("em_login|1;redial|1", 4, 0), "redial - - -"); /* nobody can log in */
}

static void empty_pages_are_not_shown(void **state)
{
    (void)state;
    assert_int_equal(pages("redial|5;dir|13", 4), 2);
    assert_string_equal(cells("redial|5;dir|13", 4, 0), "redial - - -");
    assert_string_equal(cells("redial|5;dir|13", 4, 1), "dir - - -");
    assert_int_equal(pages("em_login|1;acd_login", 4), 0);
}

static void pages_go_round(void **state)
{
    (void)state;
    assert_string_equal(cells("redial|1;dir|5", 4, 2), "redial - - -");
    assert_string_equal(cells("redial|1;dir|5", 4, 3), "dir - - -");
}

static void fewer_keys_than_four_make_more_pages(void **state)
{
    (void)state;
    assert_int_equal(pages("redial;dir;cfwd", 2), 2);
    assert_string_equal(cells("redial;dir;cfwd", 2, 1), "cfwd -");
    assert_int_equal(pages("redial;dir;cfwd", 1), 3);
    assert_int_equal(pages("redial", 0), 0);
    assert_int_equal(pages("redial", 5), 0);
}

static void what_makes_no_sense_is_skipped(void **state)
{
    (void)state;
    assert_int_equal(pages("", 4), 0);
    assert_int_equal(pages(";;;", 4), 0);
    assert_int_equal(pages("nonsense|1;REDIAL|2", 4), 0);
    assert_string_equal(cells(" redial | 2 ; dir", 4, 0), "dir redial - -");
    assert_string_equal(cells("redial|x;dir|", 4, 0), "redial dir - -");
    assert_int_equal(pages("redial|65;dir|-1;dnd|99999999999999999999", 4), 0);
    assert_string_equal(cells("redial|64", 4, 0), "- - - redial");
    assert_string_equal(cells("redial", 4, 0), "redial - - -");
}

static void a_list_longer_than_the_phone_can_hold_is_cut(void **state)
{
    char list[80 * 8] = "";

    (void)state;
    for (int i = 0; i < 80; i++)
        strcat(list, "redial;");
    assert_int_equal(pages(list, 4), SOFTKEYS_MAX / 4);
    assert_string_equal(cells(list, 4, SOFTKEYS_MAX / 4 - 1), "redial redial redial redial");
}

static bool not_dir(const struct softkey *k, const void *arg)
{
    return strcmp(k->keyword, arg) != 0;
}

static const char *ruled(const char *list, const struct softkey_rules *rules, unsigned page)
{
    static char text[200];
    struct softkey_page p;
    size_t at = 0;

    (void)softkeys_page(&p, list, 4, page, rules);
    for (unsigned i = 0; i < 4; i++)
        at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s", i ? " " : "",
                               p.keys[i] ? p.keys[i]->keyword : "-");
    return text;
}

static void what_is_not_offered_now_leaves_its_place(void **state)
{
    const struct softkey_rules rules = {.offered = not_dir, .arg = "dir"};

    (void)state;
    assert_string_equal(ruled("redial|1;dir|2;dnd|3", &rules, 0), "redial - dnd -");
    assert_string_equal(ruled("redial;dir;dnd", &rules, 0), "redial dnd - -");
    assert_string_equal(ruled("dir|1;dnd|1", &rules, 0), "dnd - - -");
}

static void more_takes_the_last_cell_of_every_page(void **state)
{
    const struct softkey_rules rules = {.more = true};

    (void)state;
    assert_string_equal(ruled("redial|1;dir|2", &rules, 0), "redial dir - -"); /* one page */
    assert_string_equal(ruled("redial;dir;cfwd;dnd;lcr", &rules, 0), "redial dir cfwd more");
    assert_string_equal(ruled("redial;dir;cfwd;dnd;lcr", &rules, 1), "dnd lcr - more");
    assert_string_equal(ruled("redial;dir;cfwd;dnd;lcr", &rules, 2), "redial dir cfwd more");
}

static void programmable_keys_are_sixteen(void **state)
{
    (void)state;
    assert_int_equal(softkey_psk("psk16"), 16);
    assert_int_equal(softkey_psk("park"), 0);
    assert_string_equal(cells("psk1;psk16;psk17;psk0", 4, 0), "psk1 psk16 - -");
}

static void keywords_have_short_and_long_labels(void **state)
{
    static const char *const rows[][3] = {{"gpickup", "grPick", "GrPickup"},
                                          {"dnd", "dnd", "DND"},
                                          {"cfwd", "cfwd", "Forward"},
                                          {"starcode", "*code", "*Code"},
                                          {"delchr", "delChr", "DelChar"}};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct softkey *k = softkey_find(rows[i][0], strlen(rows[i][0]));
        assert_non_null(k);
        assert_string_equal(k->mono, rows[i][1]);
        assert_string_equal(k->wide, rows[i][2]);
    }
    assert_null(softkey_find("redia", 5));
    assert_non_null(softkey_find("redial|5", 6));
    assert_null(softkey_find("redial|5", 8));
    assert_null(softkey_find("", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_idle_list_of_a_small_screen_has_two_pages),
        cmocka_unit_test(the_idle_list_of_a_colour_screen_has_the_same_keys),
        cmocka_unit_test(every_model_with_soft_keys_shows_some_at_rest),
        cmocka_unit_test(slots_decide_where_a_key_stands),
        cmocka_unit_test(keys_without_a_slot_take_the_next_free_one),
        cmocka_unit_test(the_first_key_of_a_slot_keeps_it),
        cmocka_unit_test(empty_pages_are_not_shown),
        cmocka_unit_test(pages_go_round),
        cmocka_unit_test(fewer_keys_than_four_make_more_pages),
        cmocka_unit_test(what_makes_no_sense_is_skipped),
        cmocka_unit_test(a_list_longer_than_the_phone_can_hold_is_cut),
        cmocka_unit_test(what_is_not_offered_now_leaves_its_place),
        cmocka_unit_test(more_takes_the_last_cell_of_every_page),
        cmocka_unit_test(programmable_keys_are_sixteen),
        cmocka_unit_test(keywords_have_short_and_long_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
