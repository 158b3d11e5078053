/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneGraphicMenu (xml-services.md 3.5). */
#include <errno.h>
#include "tests/support/xml_page.h"

static const char map[] =
    "<CiscoIPPhoneGraphicMenu><Title>Map</Title><Prompt>Where</Prompt><LocationX>-1</LocationX>"
    "<Width>4</Width><Height>1</Height><Depth>2</Depth><Data>2D</Data>"
    "<MenuItem><Name>North</Name><URL>http://h/n</URL></MenuItem>"
    "<MenuItem><Name>South</Name><URL>http://h/s</URL></MenuItem></CiscoIPPhoneGraphicMenu>";

static void items_are_chosen_by_digit_and_not_drawn(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G", map);
    reads(&x, "Map\n(picture 4x1)\nWhere\n[Update] [] [Exit] []\n");
    asks(&x, "2", XML_DO_URI, "http://h/s");
    assert_int_equal(press(&x, "*"), XML_KEY_IGNORED);
    assert_int_equal(press(&x, "#"), XML_KEY_IGNORED);
    assert_int_equal(press(&x, "down"), XML_KEY_IGNORED);
    assert_int_equal(press(&x, "3"), XML_KEY_IGNORED);
    leave(&x);
}

static void twelve_items_are_taken(void **state)
{
    char xml[2000];
    size_t len = (size_t)sprintf(xml, "<CiscoIPPhoneGraphicMenu><Width>1</Width><Height>1</Height>"
                                      "<Data>00</Data>");
    struct shown x;

    (void)state;
    for (int i = 1; i <= 13; i++)
        len += (size_t)sprintf(xml + len,
                               "<MenuItem><Name>a</Name><URL>http://h/%d</URL>"
                               "</MenuItem>",
                               i);
    strcpy(xml + len, "</CiscoIPPhoneGraphicMenu>");
    show(&x, "7960", xml);
    assert_int_equal(x.page->n_items, 12);
    warned(&x, "more than 12 MenuItem");
    press(&x, "1");
    asks(&x, "2", XML_DO_URI, "http://h/12");
    leave(&x);
}

static void spa_and_79xx_know_it(void **state)
{
    (void)state;
    known_to(map, XML_SPA_LCD | XML_CP79);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_are_chosen_by_digit_and_not_drawn),
        cmocka_unit_test(twelve_items_are_taken),
        cmocka_unit_test(spa_and_79xx_know_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
