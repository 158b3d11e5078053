/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "sim/lcd/screen.h"

static void put(char *cell, size_t size, const char *text)
{
    snprintf(cell, size, "%s", text);
}

static void add_row(struct screen *s, const char *text)
{
    put(s->rows[s->n_rows++], sizeof(s->rows[0]), text);
}

static void add_label(struct screen *s, const char *text)
{
    put(s->labels[s->n_labels++], sizeof(s->labels[0]), text);
}

static void add_softkey(struct screen *s, const char *text)
{
    put(s->softkeys[s->n_softkeys++], sizeof(s->softkeys[0]), text);
}

static void a_cleared_screen_is_empty_and_knows_its_app(void **state)
{
    struct screen s;
    char text[64];

    (void)state;
    memset(&s, 'x', sizeof(s));
    screen_clear(&s, "idle");
    assert_string_equal(s.app, "idle");
    assert_int_equal(s.n_rows + s.n_labels + s.n_softkeys, 0);
    assert_int_equal(screen_text(&s, text, sizeof(text)), 0);
    assert_string_equal(text, "");
}

static void a_long_app_name_is_cut(void **state)
{
    struct screen s;

    (void)state;
    screen_clear(&s, "an application with a long name");
    assert_int_equal(strlen(s.app), sizeof(s.app) - 1);
}

static void the_text_reads_from_title_to_soft_keys(void **state)
{
    struct screen s;
    char text[256];

    (void)state;
    screen_clear(&s, "menu");
    put(s.title, sizeof(s.title), "Setup");
    add_row(&s, "1 Directory");
    add_row(&s, "2 Preferences");
    add_softkey(&s, "select");
    add_softkey(&s, "");
    add_softkey(&s, "cancel");
    const size_t n = screen_text(&s, text, sizeof(text));
    assert_string_equal(text, "Setup\n1 Directory\n2 Preferences\n[select] [] [cancel]\n");
    assert_int_equal(n, strlen(text));
}

static void labels_stand_in_a_column_of_their_own(void **state)
{
    struct screen s;
    char text[256];

    (void)state;
    screen_clear(&s, "idle");
    add_row(&s, "top");
    add_label(&s, "1001");
    add_label(&s, "1002");
    screen_text(&s, text, sizeof(text));
    assert_string_equal(text, "top                      1001\n"
                              "                         1002\n");
}

static void more_rows_than_labels_are_all_there(void **state)
{
    struct screen s;
    char text[256];

    (void)state;
    screen_clear(&s, "idle");
    add_row(&s, "one");
    add_row(&s, "two");
    add_label(&s, "1001");
    screen_text(&s, text, sizeof(text));
    assert_string_equal(text, "one                      1001\ntwo\n");
}

static void a_full_screen_fits_the_model(void **state)
{
    struct screen s;
    char text[4096];

    (void)state;
    screen_clear(&s, "full");
    for (unsigned i = 0; i < SCREEN_ROWS; i++) {
        memset(s.rows[s.n_rows], 'r', SCREEN_COLS - 1);
        s.n_rows++;
    }
    for (unsigned i = 0; i < SCREEN_LABELS; i++)
        add_label(&s, "label");
    for (unsigned i = 0; i < SCREEN_SOFTKEYS; i++)
        add_softkey(&s, "key");
    const size_t n = screen_text(&s, text, sizeof(text));
    unsigned lines = 0;
    for (const char *p = text; (p = strchr(p, '\n')); p++)
        lines++;
    assert_int_equal(n, strlen(text));
    assert_int_equal(lines, SCREEN_ROWS + 1);
}

static void a_small_buffer_gets_the_beginning_and_the_whole_length(void **state)
{
    struct screen s;
    char text[10], none = 'n';

    (void)state;
    screen_clear(&s, "menu");
    add_row(&s, "abcdefghijkl");
    add_softkey(&s, "ok");
    assert_int_equal(screen_text(&s, text, sizeof(text)), strlen("abcdefghijkl\n[ok]\n"));
    assert_string_equal(text, "abcdefghi");
    assert_int_equal(screen_text(&s, &none, 0), strlen("abcdefghijkl\n[ok]\n"));
    assert_int_equal(none, 'n');
}

static void every_part_is_searched(void **state)
{
    struct screen s;

    (void)state;
    screen_clear(&s, "application");
    put(s.title, sizeof(s.title), "the title");
    add_row(&s, "a row");
    add_label(&s, "a label");
    add_softkey(&s, "a key");
    assert_true(screen_contains(&s, "title"));
    assert_true(screen_contains(&s, "row"));
    assert_true(screen_contains(&s, "label"));
    assert_true(screen_contains(&s, "key"));
    assert_false(screen_contains(&s, "application"));
    assert_false(screen_contains(&s, "Row"));
    assert_false(screen_contains(&s, "rowa")); /* parts do not run together */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cleared_screen_is_empty_and_knows_its_app),
        cmocka_unit_test(a_long_app_name_is_cut),
        cmocka_unit_test(the_text_reads_from_title_to_soft_keys),
        cmocka_unit_test(labels_stand_in_a_column_of_their_own),
        cmocka_unit_test(more_rows_than_labels_are_all_there),
        cmocka_unit_test(a_full_screen_fits_the_model),
        cmocka_unit_test(a_small_buffer_gets_the_beginning_and_the_whole_length),
        cmocka_unit_test(every_part_is_searched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
