/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneMenu (xml-services.md 3.3, 7.1). */
#include <errno.h>
#include "tests/support/xml_page.h"

static const char days[] = "<CiscoIPPhoneMenu><Title>Canteen</Title>"
                           "<MenuItem><Name>Monday</Name><URL>http://h/mo</URL></MenuItem>"
                           "<MenuItem><Name>Tuesday</Name><URL>http://h/tu</URL></MenuItem>"
                           "<MenuItem><Name>Wednesday</Name><URL>http://h/we</URL></MenuItem>"
                           "<MenuItem><Name>Order desk</Name><URL>Dial:4711</URL></MenuItem>"
                           "<MenuItem><Name>Nothing</Name></MenuItem></CiscoIPPhoneMenu>";

/* n items "Item k" with the URL http://h/k. */
static const char *long_menu(unsigned n)
{
    static char xml[20000];
    size_t len = (size_t)sprintf(xml, "<CiscoIPPhoneMenu>");

    for (unsigned i = 1; i <= n; i++)
        len += (size_t)sprintf(
            xml + len, "<MenuItem><Name>Item %u</Name><URL>http://h/%u</URL></MenuItem>\n", i, i);
    strcpy(xml + len, "</CiscoIPPhoneMenu>");
    return xml;
}

static void the_first_page_has_the_title_and_three_items(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G", days);
    reads(&x, "Canteen\n> 1 Monday\n  2 Tuesday\nv 3 Wednesday\n[Select] [] [Exit] []\n");
    leave(&x);
}

static void a_scrolled_list_takes_the_row_of_the_title(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G", days);
    for (int i = 0; i < 4; i++)
        assert_int_equal(press(&x, "down"), XML_KEY_HANDLED);
    reads(&x, "^ 2 Tuesday\n  3 Wednesday\n  4 Order desk\n> 5 Nothing\n[Select] [] [Exit] []\n");
    leave(&x);
}

static const char *first_row(struct shown *x, uint32_t still_ms)
{
    x->view.still_ms = still_ms;
    return screen_of(x)->rows[0];
}

static void a_wide_item_moves_sideways_while_it_is_highlighted(void **state)
{
    static const char wide[] =
        "<CiscoIPPhoneMenu><MenuItem><Name>abcdefghijklmnopqrs\xc3\xbcvw</Name></MenuItem>"
        "<MenuItem><Name>abcdefghijklmnopqrstuvw</Name></MenuItem></CiscoIPPhoneMenu>";
    struct shown x;

    (void)state;
    show(&x, "SPA504G", wide); /* 21 columns, two of them for the number */
    assert_string_equal(first_row(&x, 0), "1 abcdefghijklmnopqrs");
    assert_string_equal(first_row(&x, 1999), "1 abcdefghijklmnopqrs");
    assert_string_equal(first_row(&x, 2000), "1 bcdefghijklmnopqrs\xc3\xbc");
    assert_string_equal(first_row(&x, 2500), "1 defghijklmnopqrs\xc3\xbcvw");
    assert_string_equal(first_row(&x, 4749), "1 defghijklmnopqrs\xc3\xbcvw");
    assert_string_equal(first_row(&x, 4750), "1 abcdefghijklmnopqrs");
    assert_string_equal(x.s.rows[1], "2 abcdefghijklmnopqrs");
    leave(&x);
    show(&x, "7960", wide);
    assert_string_equal(first_row(&x, 0), first_row(&x, 3000));
    leave(&x);
}

static void the_highlight_wraps_on_spa_and_not_on_79xx(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G", days);
    assert_int_equal(press(&x, "up"), XML_KEY_HANDLED);
    assert_int_equal(x.view.selected, 4);
    assert_int_equal(press(&x, "down"), XML_KEY_HANDLED);
    assert_int_equal(x.view.selected, 0);
    leave(&x);
    show(&x, "7960", days);
    assert_int_equal(press(&x, "up"), XML_KEY_IGNORED);
    leave(&x);
}

static void select_and_digits_run_the_item(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA525G2", days);
    asks(&x, "soft1", XML_DO_URI, "http://h/mo");
    asks(&x, "select", XML_DO_URI, "http://h/mo");
    asks(&x, "4", XML_DO_URI, "Dial:4711");
    assert_int_equal(press(&x, "5"), XML_KEY_HANDLED); /* no URL: highlighted, nothing else */
    assert_int_equal(x.view.selected, 4);
    assert_int_equal(press(&x, "9"), XML_KEY_IGNORED);
    asks(&x, "soft3", XML_DO_EXIT, NULL);
    leave(&x);
}

static void off_hook_on_a_dial_item_dials_it(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G", days);
    assert_int_equal(press(&x, "speaker"), XML_KEY_IGNORED);
    x.view.selected = 3;
    asks(&x, "speaker", XML_DO_URI, "Dial:4711");
    leave(&x);
}

static void two_digits_within_two_seconds_are_one_number(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G", long_menu(25));
    assert_int_equal(press(&x, "0"), XML_KEY_IGNORED); /* leading zeros */
    assert_int_equal(press(&x, "2"), XML_KEY_HANDLED);
    assert_int_equal(xml_view_deadline(&x.view), x.now_ms + 2000);
    x.now_ms += 1999;
    asks(&x, "3", XML_DO_URI, "http://h/23");
    assert_int_equal(xml_view_deadline(&x.view), 0);
    asks(&x, "3", XML_DO_URI, "http://h/3"); /* no item begins with thirty */
    leave(&x);
}

static void one_digit_counts_after_two_seconds(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G", long_menu(25));
    press(&x, "2");
    assert_int_equal(xml_view_tick(&x.view, x.now_ms + 1999, &x.action), XML_KEY_IGNORED);
    assert_int_equal(xml_view_tick(&x.view, x.now_ms + 2000, &x.action), XML_KEY_ACTION);
    assert_string_equal(x.action.uri, "http://h/2");
    assert_int_equal(xml_view_tick(&x.view, x.now_ms + 9000, &x.action), XML_KEY_IGNORED);
    press(&x, "2");
    assert_int_equal(press(&x, "9"), XML_KEY_HANDLED); /* there is no item 29 */
    leave(&x);
}

static void a_hundred_items_are_shown_and_no_more(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G", long_menu(100));
    assert_int_equal(x.page->n_items, 100);
    no_warning(&x);
    leave(&x);
    show(&x, "SPA504G", long_menu(101));
    assert_int_equal(x.page->n_items, 100);
    warned(&x, "101: more than 100 MenuItem: this one and the rest are dropped");
    leave(&x);
}

static void items_without_a_name_are_blank_lines(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G",
         "<CiscoIPPhoneMenu>\n<MenuItem><URL>http://h/1</URL></MenuItem>\n"
         "<MenuItem><Name>  two\n   words </Name></MenuItem></CiscoIPPhoneMenu>");
    reads(&x, "> 1 \n  2 two words\n[Select] [] [Exit] []\n");
    warned(&x, "2: MenuItem without Name: a blank line");
    warned(&x, "3: MenuItem without URL: selecting it does nothing");
    leave(&x);
}

static void a_name_may_hold_two_carriage_returns(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "6851",
         "<CiscoIPPhoneMenu><MenuItem><Name>a&#13;b&#13;c</Name></MenuItem>"
         "<MenuItem><Name>d</Name></MenuItem></CiscoIPPhoneMenu>");
    reads(&x, "> 1 a\n    b\n    c\n  2 d\n[Exit] [Select] [] []\n");
    leave(&x);
}

static void the_name_of_the_item_chosen_last_stands_in_for_a_title(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G", long_menu(2));
    x.view.title = "Monday";
    reads(&x, "Monday\n> 1 Item 1\n  2 Item 2\n[Select] [] [Exit] []\n");
    leave(&x);
}

static void long_texts_are_cut_to_their_limits(void **state)
{
    char xml[1000], text[400];
    struct shown x;

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    snprintf(xml, sizeof(xml),
             "<CiscoIPPhoneMenu><Title>%.33s</Title><Prompt>%.33s</Prompt>"
             "<MenuItem><Name>%.65s</Name><URL>http://%.250s</URL></MenuItem></CiscoIPPhoneMenu>",
             text, text, text, text);
    show(&x, "SPA504G", xml);
    assert_int_equal(strlen(x.page->title), 32);
    assert_int_equal(strlen(x.page->prompt), 32);
    assert_int_equal(strlen(x.page->items[0].name), 64);
    assert_int_equal(strlen(x.page->items[0].url), 256);
    warned(&x, "Title is longer than 32 characters: cut");
    warned(&x, "URL is longer than 256 characters: cut");
    leave(&x);
    show_strict(&x, "SPA504G", xml);
    assert_int_equal(x.err, EBADMSG);
}

static void an_item_that_selects_itself_does_nothing(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G",
         "<CiscoIPPhoneMenu><MenuItem><Name>a</Name><URL>softkey:select</URL>"
         "</MenuItem></CiscoIPPhoneMenu>");
    assert_int_equal(press(&x, "1"), XML_KEY_HANDLED);
    leave(&x);
}

static void every_model_with_a_screen_knows_it(void **state)
{
    (void)state;
    known_to(days, XML_DISPLAYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_page_has_the_title_and_three_items),
        cmocka_unit_test(a_scrolled_list_takes_the_row_of_the_title),
        cmocka_unit_test(a_wide_item_moves_sideways_while_it_is_highlighted),
        cmocka_unit_test(the_highlight_wraps_on_spa_and_not_on_79xx),
        cmocka_unit_test(select_and_digits_run_the_item),
        cmocka_unit_test(off_hook_on_a_dial_item_dials_it),
        cmocka_unit_test(two_digits_within_two_seconds_are_one_number),
        cmocka_unit_test(one_digit_counts_after_two_seconds),
        cmocka_unit_test(a_hundred_items_are_shown_and_no_more),
        cmocka_unit_test(items_without_a_name_are_blank_lines),
        cmocka_unit_test(a_name_may_hold_two_carriage_returns),
        cmocka_unit_test(the_name_of_the_item_chosen_last_stands_in_for_a_title),
        cmocka_unit_test(long_texts_are_cut_to_their_limits),
        cmocka_unit_test(an_item_that_selects_itself_does_nothing),
        cmocka_unit_test(every_model_with_a_screen_knows_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
