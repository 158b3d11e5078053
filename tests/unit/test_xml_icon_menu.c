/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneIconMenu (xml-services.md 3.4, 3.9). */
#include <errno.h>
#include "tests/support/xml_page.h"

static const char mail[] =
    "<CiscoIPPhoneIconMenu><Title>Mail</Title>"
    "<IconItem><Index>3</Index><Height>2</Height><Width>2</Width><Depth>2</Depth>"
    "<Data>2D</Data></IconItem>"
    "<MenuItem><Name>Inbox</Name><IconIndex>3</IconIndex><URL>http://h/i</URL></MenuItem>"
    "<MenuItem><IconIndex>4</IconIndex><Name>Sent</Name><URL>http://h/s</URL></MenuItem>"
    "<MenuItem><Name>Trash</Name><URL>http://h/t</URL></MenuItem></CiscoIPPhoneIconMenu>";

static void items_show_the_icon_they_name(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G", mail);
    reads(&x, "Mail\n> 1 Inbox\n  2 Sent\n  3 Trash\n[Select] [] [Exit] []\n");
    assert_int_equal(x.s.row_pictures[0].width, 2);
    assert_int_equal(screen_pixel(&x.s.row_pictures[0], 0, 0), 1);
    assert_int_equal(screen_pixel(&x.s.row_pictures[0], 1, 1), 0);
    assert_int_equal(x.s.row_pictures[1].width, 0); /* no icon 4 */
    assert_int_equal(x.s.row_pictures[2].width, 0);
    asks(&x, "2", XML_DO_URI, "http://h/s");
    leave(&x);
}

static void ten_icons_and_thirty_two_items_are_taken(void **state)
{
    static char xml[8000];
    size_t len = (size_t)sprintf(xml, "<CiscoIPPhoneIconMenu>");
    struct shown x;

    (void)state;
    for (int i = 0; i < 33; i++)
        len += (size_t)sprintf(xml + len, "<MenuItem><Name>%d</Name><URL>a</URL></MenuItem>", i);
    for (int i = 0; i < 11; i++)
        len += (size_t)sprintf(xml + len,
                               "<IconItem><Index>%d</Index><Height>1</Height>"
                               "<Width>4</Width><Depth>2</Depth><Data>FF</Data>"
                               "</IconItem>",
                               i % 10);
    strcpy(xml + len, "</CiscoIPPhoneIconMenu>");
    show(&x, "SPA504G", xml);
    assert_int_equal(x.page->n_items, 32);
    assert_int_equal(x.page->n_icons, 10);
    warned(&x, "more than 10 IconItem");
    warned(&x, "more than 32 MenuItem");
    leave(&x);
}

static void sizes_and_numbers_out_of_range_are_told(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G",
         "<CiscoIPPhoneIconMenu><MenuItem><Name>a</Name><URL>b</URL><IconIndex>10</IconIndex>"
         "</MenuItem>\n<IconItem><Index>1</Index><Height>10</Height><Width>17</Width>"
         "<Depth>2</Depth><Data>0</Data></IconItem></CiscoIPPhoneIconMenu>");
    warned(&x, "1: IconIndex 10 is outside 0 to 9");
    warned(&x, "2: picture of 17x10, the schema ends at 16x10: clipped");
    warned(&x, "2: Data holds what is no hexadecimal byte");
    leave(&x);
}

static void models_without_icons_refuse_it(void **state)
{
    (void)state;
    known_to(mail, XML_SPA_LCD | XML_MPP_ALL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_show_the_icon_they_name),
        cmocka_unit_test(ten_icons_and_thirty_two_items_are_taken),
        cmocka_unit_test(sizes_and_numbers_out_of_range_are_told),
        cmocka_unit_test(models_without_icons_refuse_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
