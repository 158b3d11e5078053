/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneText (xml-services.md 3.2, 7.2, 8.3). */
#include <errno.h>
#include "sim/lcd/image.h"
#include "sim/lcd/paint.h"
#include "tests/support/xml_page.h"

static void lines_are_kept_and_words_wrap(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G",
         "<CiscoIPPhoneText><Title>Note</Title>"
         "<Text>one\ntwo\n\nthe quick brown fox jumps</Text></CiscoIPPhoneText>");
    reads(&x, "Note\none\ntwo\n\n[Update] [] [Exit] []\n");
    assert_int_equal(x.s.total, 5);
    press(&x, "down");
    press(&x, "down");
    reads(&x, "Note\n\nthe quick brown fox\njumps\n[Update] [] [Exit] []\n");
    assert_int_equal(press(&x, "down"), XML_KEY_IGNORED);
    assert_int_equal(x.s.first + x.s.n_rows, x.s.total);
    leave(&x);
}

static void a_long_word_breaks_and_tabs_jump(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G",
         "<CiscoIPPhoneText><Text>a\tb\n0123456789012345678901234</Text>"
         "</CiscoIPPhoneText>");
    reads(&x, "a       b\n012345678901234567890\n1234\n[Update] [] [Exit] []\n");
    leave(&x);
}

static void every_kind_of_line_end_ends_a_line(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G",
         "<CiscoIPPhoneText><Text>a&#13;&#10;b&#13;c&#10;d</Text></CiscoIPPhoneText>");
    reads(&x, "a\nb\nc\nd\n[Update] [] [Exit] []\n");
    leave(&x);
}

static void a_digit_jumps_to_a_line(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G", "<CiscoIPPhoneText><Text>1\n2\n3\n4\n5\n6\n7\n8</Text></CiscoIPPhoneText>");
    press(&x, "3");
    reads(&x, "3\n4\n5\n6\n[Update] [] [Exit] []\n");
    press(&x, "9");
    reads(&x, "5\n6\n7\n8\n[Update] [] [Exit] []\n");
    leave(&x);
}

static void the_79xx_collapse_white_space(void **state)
{
    static const char xml[] = "<CiscoIPPhoneText><Text>a\n\n   b</Text></CiscoIPPhoneText>";
    struct shown x;

    (void)state;
    show(&x, "7960", xml);
    assert_string_equal(x.page->text, "a b");
    leave(&x);
    show(&x, "SPA504G", xml);
    assert_string_equal(x.page->text, "a\n\n   b");
    leave(&x);
}

static void four_thousand_characters_are_taken(void **state)
{
    static char xml[6000];
    struct shown x;

    (void)state;
    size_t len = (size_t)sprintf(xml, "<CiscoIPPhoneText><Text>");
    memset(xml + len, 'x', 4001);
    strcpy(xml + len + 4001, "</Text></CiscoIPPhoneText>");
    show(&x, "SPA504G", xml);
    assert_int_equal(strlen(x.page->text), 4000);
    warned(&x, "Text is longer than 4000 characters: cut");
    leave(&x);
}

static void plain_text_and_html_show_without_title(void **state)
{
    static const char html[] = "<b>x</b>\nhello";
    struct shown x;

    (void)state;
    shown_bytes(&x, "SPA504G", html, strlen(html), "text/html; charset=utf-8", false);
    reads(&x, "<b>x</b>\nhello\n[Update] [] [Exit] []\n");
    leave(&x);
    show(&x, "SPA504G", "just words");
    reads(&x, "just words\n[Update] [] [Exit] []\n");
    leave(&x);
    refused(&x, "SPA301", "just words", EPROTO);
}

static void update_and_exit_are_its_keys(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "6851", "<CiscoIPPhoneText/>");
    asks(&x, "soft1", XML_DO_EXIT, NULL);
    asks(&x, "soft2", XML_DO_UPDATE, NULL);
    asks(&x, "back", XML_DO_EXIT, NULL);
    leave(&x);
}

/* Are two screens the same picture? */
static bool look_alike(const struct shown *x, const struct screen *a, const struct screen *b,
                       struct fonts *f)
{
    struct image *one = NULL, *two = NULL;

    assert_int_equal(paint_picture(&one, x->model, a, f, 1), 0);
    assert_int_equal(paint_picture(&two, x->model, b, f, 1), 0);
    bool same = true;
    for (unsigned y = 0; same && y < one->height; y++) {
        for (unsigned at = 0; same && at < one->width; at++)
            same = image_get(one, at, y) == image_get(two, at, y);
    }
    mem_deref(one);
    mem_deref(two);
    return same;
}

static void the_last_line_comes_into_sight(const char *model, const char *head, struct fonts *f)
{
    char xml[2000];
    struct screen s;
    struct shown x;

    size_t n = (size_t)snprintf(xml, sizeof(xml), "<CiscoIPPhoneText>%s<Text>", head);
    for (unsigned i = 0; i < 40; i++)
        n += (size_t)snprintf(xml + n, sizeof(xml) - n, "abcdefghijklmnopqrst%u ", i);
    snprintf(xml + n, sizeof(xml) - n, "last</Text></CiscoIPPhoneText>");
    show(&x, model, xml);
    for (unsigned i = 0; i < 100; i++)
        press(&x, "down");
    s = *screen_of(&x);
    assert_non_null(strstr(s.rows[s.n_rows - 1], "last"));
    snprintf(x.s.rows[s.n_rows - 1], sizeof(x.s.rows[0]), "other words");
    if (look_alike(&x, &x.s, &s, f))
        fail_msg("the last of %u rows is not on the glass of a %s (%s)", s.n_rows, model, head);
    leave(&x);
}

/* Has one of the models before this the same glass? */
static bool seen_before(const struct device_model *const *m)
{
    for (const struct device_model *const *n = device_models(); n < m; n++) {
        if ((*n)->family == (*m)->family && (*n)->lcd.width_px == (*m)->lcd.width_px)
            return true;
    }
    return false;
}

static void the_rows_of_a_page_are_those_of_the_glass(void **state)
{
    struct fonts *f = NULL;

    (void)state;
    assert_int_equal(fonts_alloc(&f), 0);
    for (const struct device_model *const *m = device_models(); *m; m++) {
        if (!(*m)->lcd.width_px || seen_before(m))
            continue;
        the_last_line_comes_into_sight((*m)->name, "", f);
        the_last_line_comes_into_sight((*m)->name, "<Title>T</Title>", f);
        the_last_line_comes_into_sight((*m)->name, "<Title>T</Title><Prompt>P</Prompt>", f);
    }
    mem_deref(f);
}

static void every_model_with_a_screen_knows_it(void **state)
{
    (void)state;
    known_to("<CiscoIPPhoneText><Text>a</Text></CiscoIPPhoneText>", XML_DISPLAYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_kept_and_words_wrap),
        cmocka_unit_test(a_long_word_breaks_and_tabs_jump),
        cmocka_unit_test(every_kind_of_line_end_ends_a_line),
        cmocka_unit_test(a_digit_jumps_to_a_line),
        cmocka_unit_test(the_79xx_collapse_white_space),
        cmocka_unit_test(four_thousand_characters_are_taken),
        cmocka_unit_test(plain_text_and_html_show_without_title),
        cmocka_unit_test(update_and_exit_are_its_keys),
        cmocka_unit_test(the_rows_of_a_page_are_those_of_the_glass),
        cmocka_unit_test(every_model_with_a_screen_knows_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
