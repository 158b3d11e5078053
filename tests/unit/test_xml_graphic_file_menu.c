/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneGraphicFileMenu (xml-services.md 3.5). */
#include <errno.h>
#include "tests/support/xml_page.h"

static const char map[] =
    "<CiscoIPPhoneGraphicFileMenu><Title>Map</Title><URL>http://h/map.png</URL>"
    "<MenuItem><Name>North</Name><URL>http://h/n</URL>"
    "<TouchArea X1=\"0\" Y1=\"1\" X2=\"20\" Y2=\"30\"/></MenuItem>"
    "<MenuItem><Name>South</Name><URL>http://h/s</URL>"
    "<TouchArea X1=\"0\" Y1=\"1\" X2=\"left\"/></MenuItem></CiscoIPPhoneGraphicFileMenu>";

static void items_may_have_areas_to_touch(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA525G2", map);
    assert_true(x.page->items[0].touchable);
    assert_int_equal(x.page->items[0].touch[3], 30);
    assert_false(x.page->items[1].touchable);
    warned(&x, "TouchArea needs X1, Y1, X2 and Y2 as numbers: ignored");
    asks(&x, "1", XML_DO_URI, "http://h/n");
    leave(&x);
}

static void a_touch_takes_the_item_whose_area_it_is(void **state)
{
    static const char page[] = "<CiscoIPPhoneGraphicFileMenu><URL>http://h/map.png</URL>"
                               "<MenuItem><Name>North</Name><URL>http://h/n</URL>"
                               "<TouchArea X1=\"10\" Y1=\"1\" X2=\"20\" Y2=\"30\"/></MenuItem>"
                               "<MenuItem><Name>All</Name><URL>http://h/a</URL>"
                               "<TouchArea X1=\"99\" Y1=\"99\" X2=\"0\" Y2=\"0\"/></MenuItem>"
                               "<MenuItem><Name>None</Name><URL>http://h/x</URL></MenuItem>"
                               "</CiscoIPPhoneGraphicFileMenu>";
    struct shown x;

    (void)state;
    show(&x, "SPA525G2", page);
    assert_int_equal(xml_view_touch(&x.view, 20, 30, &x.action), XML_KEY_ACTION);
    assert_string_equal(x.action.uri, "http://h/n");
    assert_int_equal(xml_view_touch(&x.view, 21, 30, &x.action), XML_KEY_ACTION);
    assert_string_equal(x.action.uri, "http://h/a");
    assert_int_equal(xml_view_touch(&x.view, 100, 30, &x.action), XML_KEY_IGNORED);
    assert_int_equal(xml_view_touch(&x.view, -1, 5, &x.action), XML_KEY_IGNORED);
    leave(&x);
}

static void without_a_picture_it_is_refused(void **state)
{
    struct shown x;

    (void)state;
    refused(&x, "SPA525G2", "<CiscoIPPhoneGraphicFileMenu/>", EBADMSG);
}

static void colour_spas_know_it(void **state)
{
    (void)state;
    known_to(map, XML_COLOR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_may_have_areas_to_touch),
        cmocka_unit_test(a_touch_takes_the_item_whose_area_it_is),
        cmocka_unit_test(without_a_picture_it_is_refused),
        cmocka_unit_test(colour_spas_know_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
