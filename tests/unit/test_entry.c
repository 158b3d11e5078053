/* SPDX-License-Identifier: BSD-3-Clause */
/* Text entry by keypad (devices.md 9). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "sim/keys/entry.h"

static void press(struct key_entry *e, char key, unsigned times, uint64_t at)
{
    while (times--)
        assert_true(key_entry_press(e, key, at));
}

static void each_key_goes_through_its_cycle_and_wraps(void **state)
{
    static const struct {
        char key;
        const char *cycle;
    } cycles[] = {
        {'1', "1/:\\,!;$^|"}, {'2', "abc2ABC"},  {'3', "def3DEF"},   {'4', "ghi4GHI"},
        {'5', "jkl5JKL"},     {'6', "mno6MNO"},  {'7', "pqrs7PQRS"}, {'8', "tuv8TUV"},
        {'9', "wxyz9WXYZ"},   {'*', ".@*&%[]_"}, {'0', " 0~?>'<\""}, {'#', "#+-=(){}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cycles) / sizeof(cycles[0]); i++) {
        const size_t n = strlen(cycles[i].cycle);
        struct key_entry e;
        key_entry_init(&e, KEY_SET_ANY, "");
        for (size_t k = 0; k <= n; k++) {
            press(&e, cycles[i].key, 1, 1000 * k);
            assert_int_equal(e.text[0], cycles[i].cycle[k % n]);
            assert_int_equal(strlen(e.text), 1);
        }
    }
}

static void another_key_or_a_second_commits(void **state)
{
    struct key_entry e;

    (void)state;
    key_entry_init(&e, KEY_SET_ANY, "");
    press(&e, '2', 2, 0);
    press(&e, '3', 1, 100);
    press(&e, '3', 1, 1101);
    assert_string_equal(e.text, "bdd");
    key_entry_move(&e, 1);
    press(&e, '3', 1, 1102);
    assert_string_equal(e.text, "bddd");
}

static void characters_go_in_and_out_at_the_cursor(void **state)
{
    struct key_entry e;

    (void)state;
    key_entry_init(&e, KEY_SET_DIGITS, "a\xc3\xbc");
    assert_int_equal(e.cursor, 3);
    assert_true(key_entry_move(&e, -1));
    press(&e, '5', 1, 0);
    assert_string_equal(e.text, "a5\xc3\xbc");
    assert_true(key_entry_move(&e, 1));
    assert_false(key_entry_move(&e, 1));
    assert_true(key_entry_delete(&e)); /* a whole character */
    assert_string_equal(e.text, "a5");
    assert_true(key_entry_clear(&e));
    assert_false(key_entry_clear(&e));
    assert_false(key_entry_delete(&e));
    assert_false(key_entry_move(&e, -1));
}

static void modes_go_round_and_locked_sets_have_none(void **state)
{
    struct key_entry e;

    (void)state;
    key_entry_init(&e, KEY_SET_ANY, "");
    assert_string_equal(key_entry_mode_label(&e), "ABC");
    assert_true(key_entry_next_mode(&e));
    press(&e, '2', 1, 0);
    assert_string_equal(key_entry_mode_label(&e), "123");
    assert_true(key_entry_next_mode(&e));
    press(&e, '2', 2, 0);
    assert_true(key_entry_next_mode(&e));
    press(&e, '2', 1, 0);
    assert_string_equal(e.text, "A22a");
    key_entry_init(&e, KEY_SET_DIAL, "");
    assert_false(key_entry_next_mode(&e));
    assert_string_equal(key_entry_mode_label(&e), "");
}

static void the_phones_own_modes_are_letters_digits_and_addresses(void **state)
{
    struct key_entry e;

    (void)state;
    key_entry_init(&e, KEY_SET_ANY, "");
    assert_string_equal(key_entry_turn_label(&e), "num");
    press(&e, '2', 5, 0); /* both cases are in the cycle */
    assert_true(key_entry_turn_mode(&e));
    assert_string_equal(key_entry_turn_label(&e), "IP");
    press(&e, '*', 1, 0);
    press(&e, '2', 2, 0);
    assert_true(key_entry_turn_mode(&e));
    assert_string_equal(key_entry_mode(&e), "IP");
    assert_string_equal(key_entry_turn_label(&e), "alpha");
    press(&e, '*', 1, 0);
    press(&e, '7', 1, 0);
    assert_false(key_entry_press(&e, '#', 0));
    assert_true(key_entry_turn_mode(&e));
    press(&e, '*', 1, 0);
    assert_string_equal(e.text, "A*22.7.");
    key_entry_init(&e, KEY_SET_DIAL, "");
    assert_false(key_entry_turn_mode(&e));
    assert_string_equal(key_entry_turn_label(&e), "");
}

static void a_person_knows_how_often_to_press(void **state)
{
    unsigned n;
    char key;

    (void)state;
    assert_true(key_entry_char(KEY_SET_ANY, 'S', &key, &n));
    assert_true(key == '7' && n == 9);
    assert_true(key_entry_char(KEY_SET_DIAL, '#', &key, &n));
    assert_true(key == '#' && n == 1);
    assert_true(key_entry_char(KEY_SET_MATH, '*', &key, &n));
    assert_true(key == '*' && n == 4);
    assert_false(key_entry_char(KEY_SET_DIGITS, 'a', &key, &n));
    assert_false(key_entry_char(KEY_SET_UPPER, 'a', &key, &n));
    assert_false(key_entry_char(KEY_SET_ANY, '\0', &key, &n));
}

static void a_long_default_is_cut_between_characters(void **state)
{
    char text[100];
    struct key_entry e;

    (void)state;
    memset(text, 'x', 62);
    strcpy(text + 62, "\xc3\xbc");
    key_entry_init(&e, KEY_SET_ANY, text);
    assert_int_equal(strlen(e.text), 62);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_key_goes_through_its_cycle_and_wraps),
        cmocka_unit_test(another_key_or_a_second_commits),
        cmocka_unit_test(characters_go_in_and_out_at_the_cursor),
        cmocka_unit_test(modes_go_round_and_locked_sets_have_none),
        cmocka_unit_test(the_phones_own_modes_are_letters_digits_and_addresses),
        cmocka_unit_test(a_person_knows_how_often_to_press),
        cmocka_unit_test(a_long_default_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
