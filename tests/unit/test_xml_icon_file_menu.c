/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneIconFileMenu (xml-services.md 3.4). */
#include <errno.h>
#include "tests/support/xml_page.h"

static const char files[] =
    "<CiscoIPPhoneIconFileMenu IconIndex=\"1\"><Title IconIndex=\"2\">Mail</Title>"
    "<MenuItem><IconIndex>0</IconIndex><Name>Inbox</Name><URL>http://h/i</URL></MenuItem>\n"
    "<IconItem><Index>0</Index><URL>Resource:Icon.Star</URL></IconItem>\n"
    "<IconItem><Index>1</Index></IconItem></CiscoIPPhoneIconFileMenu>";

static void icons_are_files_by_url(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA525G2", files);
    assert_int_equal(x.page->n_icons, 2);
    assert_string_equal(x.page->icons[0].picture.url, "Resource:Icon.Star");
    reads(&x, "Mail\n> 1 Inbox\n[Select] [] [Exit] []\n");
    warned(&x, "3: IconItem without URL: no icon");
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
        cmocka_unit_test(colour_models_know_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
