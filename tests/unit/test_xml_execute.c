/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneExecute (xml-services.md 3.11). */
#include <errno.h>
#include "tests/support/xml_page.h"

static void priority_and_url_come_in_either_order(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G",
         "<CiscoIPPhoneExecute><ExecuteItem Priority=\"2\" URL=\"http://h/a?b&amp;c\"/>"
         "<ExecuteItem URL=\"Key:Headset\"/></CiscoIPPhoneExecute>");
    assert_int_equal(x.page->n_items, 2);
    assert_string_equal(x.page->items[0].url, "http://h/a?b&c");
    assert_int_equal(x.page->items[0].priority, 2);
    assert_int_equal(x.page->items[1].priority, 0);
    assert_int_equal(screen_of(&x)->n_rows, 0);
    assert_int_equal(press(&x, "1"), XML_KEY_IGNORED);
    leave(&x);
}

static void three_items_are_taken_one_of_them_http(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G",
         "<CiscoIPPhoneExecute><ExecuteItem URL=\"http://h/1\"/>\n"
         "<ExecuteItem URL=\"http://h/2\"/>\n<ExecuteItem URL=\"Key:Mute\"/>\n"
         "<ExecuteItem URL=\"Key:Hold\"/></CiscoIPPhoneExecute>");
    assert_int_equal(x.page->n_items, 3);
    assert_int_equal(x.page->items[1].number, 6);
    assert_string_equal(x.page->items[2].url, "Key:Mute");
    assert_int_equal(x.page->items[2].number, 0);
    warned(&x, "2: a second HTTP URL in an Execute: ignored");
    warned(&x, "4: more than 3 ExecuteItem");
    leave(&x);
}

static void softkey_and_notify_are_not_allowed(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G",
         "<CiscoIPPhoneExecute><ExecuteItem URL=\"softkey:Exit\"/>"
         "<ExecuteItem URL=\"Notify:http:h:80:p::d\"/><ExecuteItem/>"
         "</CiscoIPPhoneExecute>");
    assert_int_equal(x.page->n_items, 3);
    assert_int_equal(x.page->items[0].number, 6);
    assert_int_equal(x.page->items[1].number, 6);
    assert_int_equal(x.page->items[2].number, 1);
    warned(&x, "softkey:Exit is not allowed in an Execute: ignored");
    warned(&x, "ExecuteItem without URL: ignored");
    leave(&x);
    show(&x, "SPA504G", "<CiscoIPPhoneExecute/>");
    warned(&x, "nothing to do");
    leave(&x);
}

static void blind_models_run_it_and_79xx_sip_does_not(void **state)
{
    (void)state;
    known_to("<CiscoIPPhoneExecute><ExecuteItem URL=\"Dial:1\"/></CiscoIPPhoneExecute>",
             XML_BLIND | XML_SPA_LCD | XML_WIP | XML_MPP_ALL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(priority_and_url_come_in_either_order),
        cmocka_unit_test(three_items_are_taken_one_of_them_http),
        cmocka_unit_test(softkey_and_notify_are_not_allowed),
        cmocka_unit_test(blind_models_run_it_and_79xx_sip_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
