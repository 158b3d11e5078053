/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneStatus (xml-services.md 3.10). */
#include <errno.h>
#include "tests/support/xml_page.h"

static const char away[] = "<CiscoIPPhoneStatus><Text>Away</Text><Timer>65</Timer>"
                           "<LocationX>0</LocationX><LocationY>0</LocationY><Width>4</Width>"
                           "<Height>1</Height><Depth>2</Depth><Data>2D</Data></CiscoIPPhoneStatus>";

static void text_timer_and_picture_show_without_soft_keys(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G", away);
    reads(&x, "Away\n01:05\n(picture 4x1)\n");
    assert_int_equal(press(&x, "soft3"), XML_KEY_IGNORED); /* nobody can close it */
    leave(&x);
}

static void all_of_it_may_be_missing(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G",
         "<CiscoIPPhoneStatus><Text>A line longer than what the schema allows"
         "</Text></CiscoIPPhoneStatus>");
    reads(&x, "A line longer than\nwhat the sche\n");
    warned(&x, "Text is longer than 32 characters: cut");
    leave(&x);
    show(&x, "SPA504G", "<CiscoIPPhoneStatus><Title>x</Title></CiscoIPPhoneStatus>");
    warned(&x, "<Title> has no place in <CiscoIPPhoneStatus>: ignored");
    reads(&x, "");
    leave(&x);
}

static void the_small_mpp_and_79xx_sip_do_not_know_it(void **state)
{
    (void)state;
    known_to(away, XML_SPA_LCD | XML_MPP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_timer_and_picture_show_without_soft_keys),
        cmocka_unit_test(all_of_it_may_be_missing),
        cmocka_unit_test(the_small_mpp_and_79xx_sip_do_not_know_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
