/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneResponse (xml-services.md 3.12). */
#include <errno.h>
#include "tests/support/xml_page.h"

static const char done[] = "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n<CiscoIPPhoneResponse>"
                           "<ResponseItem Status=\"6\" Data=\"URI not found\" URL=\"Display:On\"/>"
                           "<ResponseItem Status=\"0\" Data=\"\" URL=\"\"/></CiscoIPPhoneResponse>";

static void items_are_attributes(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G", done);
    assert_int_equal(x.page->n_items, 2);
    assert_int_equal(x.page->items[0].number, 6);
    assert_string_equal(x.page->items[0].extra, "URI not found");
    assert_string_equal(x.page->items[0].url, "Display:On");
    assert_int_equal(screen_of(&x)->n_rows, 0);
    leave(&x);
}

static void spas_know_it(void **state)
{
    (void)state;
    known_to(done, XML_BLIND | XML_SPA_LCD | XML_WIP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_are_attributes),
        cmocka_unit_test(spas_know_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
