/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneIconFileMenu (xml-services.md 3.4). */
#include <errno.h>
#include "tests/support/xml_page.h"

static const char files[] =
    "<CiscoIPPhoneIconFileMenu IconIndex=\"1\"><Title IconIndex=\"2\">Mail</Title>"
    "<MenuItem><IconIndex>0</IconIndex><Name>Inbox</Name><URL>http://h/i</URL></MenuItem>\n"
    "<IconItem><Index>0</Index><URL>TFTP:star.png</URL></IconItem>\n"
    "<IconItem><Index>1</Index></IconItem></CiscoIPPhoneIconFileMenu>";

static const char own[] =
    "<CiscoIPPhoneIconFileMenu><MenuItem><IconIndex>0</IconIndex><Name>Locked</Name></MenuItem>"
    "<MenuItem><IconIndex>1</IconIndex><Name>Rings</Name></MenuItem>"
    "<MenuItem><IconIndex>2</IconIndex><Name>Odd</Name></MenuItem>"
    "<IconItem><Index>0</Index><URL>Resource:Icon.SecureCall</URL></IconItem>"
    "<IconItem><Index>1</Index><URL>resource:AnimatedIcon.RingIn</URL></IconItem>\n"
    "<IconItem><Index>2</Index><URL>Resource:Icon.Star</URL></IconItem>"
    "</CiscoIPPhoneIconFileMenu>";

static void icons_are_files_by_url(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA525G2", files);
    assert_int_equal(x.page->n_icons, 2);
    assert_string_equal(xml_page_file(x.page, 1), "TFTP:star.png");
    assert_null(xml_page_file(x.page, 2));
    reads(&x, "Mail\n> 1 Inbox\n[Select] [] [Exit] []\n");
    warned(&x, "3: IconItem without URL: no icon");
    leave(&x);
}

static void the_phones_own_icons_are_not_fetched(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA525G2", own);
    for (unsigned i = 0; i <= x.page->n_icons; i++)
        assert_null(xml_page_file(x.page, i));
    const struct screen *s = screen_of(&x);
    assert_string_equal(s->row_pictures[0].shape, "lock");
    assert_string_equal(s->row_pictures[1].shape, "ringing");
    assert_int_equal(s->row_pictures[1].width, 18);
    leave(&x);
}

static void an_icon_that_no_phone_has_is_shown_as_unknown(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "6851", own);
    assert_string_equal(screen_of(&x)->row_pictures[2].shape, "unknown");
    warned(&x, "2: there is no icon \"Icon.Star\"");
    leave(&x);
}

static void colour_models_know_it(void **state)
{
    (void)state;
    known_to(files, XML_COLOR | XML_MPP_ALL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(icons_are_files_by_url),
        cmocka_unit_test(the_phones_own_icons_are_not_fetched),
        cmocka_unit_test(an_icon_that_no_phone_has_is_shown_as_unknown),
        cmocka_unit_test(colour_models_know_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
