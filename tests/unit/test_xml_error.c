/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneError (xml-services.md 3.12). */
#include <errno.h>
#include "tests/support/xml_page.h"

static void number_and_words_are_read(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G", "<CiscoIPPhoneError Number=\"4\"> Not\n found </CiscoIPPhoneError>");
    assert_int_equal(x.page->number, 4);
    assert_string_equal(x.page->text, "Not found");
    leave(&x);
}

static void a_number_beyond_sixteen_bits_is_none(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G", "<CiscoIPPhoneError Number=\"65536\"/>");
    assert_int_equal(x.page->number, 0);
    warned(&x, "Number 65536 is outside 0 to 65535");
    leave(&x);
}

static void spas_know_it(void **state)
{
    (void)state;
    known_to("<CiscoIPPhoneError Number=\"1\"/>", XML_BLIND | XML_SPA_LCD | XML_WIP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(number_and_words_are_read),
        cmocka_unit_test(a_number_beyond_sixteen_bits_is_none),
        cmocka_unit_test(spas_know_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
