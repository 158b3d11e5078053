/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneDirectory (xml-services.md 3.7). */
#include <errno.h>
#include "tests/support/xml_page.h"

static const char book[] =
    "<CiscoIPPhoneDirectory><Title>Desk</Title><Prompt>2 of 2</Prompt>"
    "<DirectoryEntry><Name>Bakery</Name><Telephone>+49 (30) 55-1.0</Telephone></DirectoryEntry>"
    "<DirectoryEntry><Telephone>1002</Telephone><Name>Canteen</Name></DirectoryEntry>"
    "<DirectoryEntry><Name>no entries</Name><Telephone/></DirectoryEntry></CiscoIPPhoneDirectory>";

static void entries_are_numbered_in_any_order_of_children(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G", book);
    reads(&x, "Desk\n> 1 Bakery\nv 2 Canteen\n2 of 2\n[Dial] [EditDial] [Exit] []\n");
    no_warning(&x);
    leave(&x);
}

static void a_colour_screen_shows_name_and_number(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA525G2", book);
    reads(&x, "Desk\n> 1 Bakery\n    +49 (30) 55-1.0\n  2 Canteen\n    1002\n  3 no entries\n    \n"
              "2 of 2\n[Dial] [EditDial] [Exit] []\n");
    leave(&x);
}

static void dial_and_edit_dial_give_the_number(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G", book);
    asks(&x, "2", XML_DO_DIAL, "1002");
    asks(&x, "soft1", XML_DO_DIAL, "1002");
    asks(&x, "soft2", XML_DO_EDIT_DIAL, "1002");
    asks(&x, "speaker", XML_DO_DIAL, "1002");
    press(&x, "down"); /* a row without number */
    assert_int_equal(press(&x, "soft1"), XML_KEY_IGNORED);
    asks(&x, "soft3", XML_DO_EXIT, NULL);
    leave(&x);
}

static void next_is_offered_where_there_is_a_refresh_url(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G", book);
    x.view.has_next = true;
    assert_string_equal(screen_of(&x)->softkeys[3], "Next");
    asks(&x, "soft4", XML_DO_NEXT, NULL);
    leave(&x);
}

static void the_order_of_soft_keys_is_the_familys(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "6851", book);
    assert_string_equal(screen_of(&x)->softkeys[0], "Exit");
    assert_string_equal(x.s.softkeys[1], "Dial");
    leave(&x);
    show(&x, "WIP310", book); /* two keys: the second turns the page */
    assert_int_equal(screen_of(&x)->n_softkeys, 2);
    assert_string_equal(x.s.softkeys[0], "Dial");
    assert_string_equal(x.s.softkeys[1], "more");
    press(&x, "soft2");
    assert_string_equal(screen_of(&x)->softkeys[0], "EditDial");
    press(&x, "soft2");
    assert_string_equal(screen_of(&x)->softkeys[0], "Exit");
    leave(&x);
}

static void thirty_two_entries_are_taken(void **state)
{
    static char xml[8000];
    size_t len = (size_t)sprintf(xml, "<CiscoIPPhoneDirectory>");
    struct shown x;

    (void)state;
    for (int i = 0; i < 40; i++)
        len += (size_t)sprintf(xml + len, "\n<DirectoryEntry><Name>n</Name></DirectoryEntry>");
    strcpy(xml + len, "</CiscoIPPhoneDirectory>");
    show(&x, "SPA504G", xml);
    assert_int_equal(x.page->n_items, 32);
    warned(&x, "34: more than 32 DirectoryEntry");
    leave(&x);
}

static void an_entry_without_a_name_is_hidden_by_old_parsers(void **state)
{
    static const char xml[] = "<CiscoIPPhoneDirectory>\n<DirectoryEntry><Telephone>1</Telephone>"
                              "</DirectoryEntry><DirectoryEntry><Name>Bakery</Name><Telephone>2"
                              "</Telephone></DirectoryEntry></CiscoIPPhoneDirectory>";
    struct shown x;

    (void)state;
    show(&x, "SPA504G", xml);
    assert_int_equal(x.page->n_items, 1);
    asks(&x, "1", XML_DO_DIAL, "2");
    warned(&x, "2: DirectoryEntry without Name: not shown");
    leave(&x);
    show(&x, "6851", xml);
    assert_int_equal(x.page->n_items, 2);
    asks(&x, "1", XML_DO_DIAL, "1");
    warned(&x, "2: DirectoryEntry without Name: shown unnamed");
    leave(&x);
}

static void every_model_with_a_screen_knows_it(void **state)
{
    (void)state;
    known_to(book, XML_DISPLAYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_numbered_in_any_order_of_children),
        cmocka_unit_test(a_colour_screen_shows_name_and_number),
        cmocka_unit_test(dial_and_edit_dial_give_the_number),
        cmocka_unit_test(next_is_offered_where_there_is_a_refresh_url),
        cmocka_unit_test(the_order_of_soft_keys_is_the_familys),
        cmocka_unit_test(thirty_two_entries_are_taken),
        cmocka_unit_test(an_entry_without_a_name_is_hidden_by_old_parsers),
        cmocka_unit_test(every_model_with_a_screen_knows_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
