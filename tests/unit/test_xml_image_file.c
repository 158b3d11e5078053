/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneImageFile (xml-services.md 3.8). */
#include <errno.h>
#include "tests/support/xml_page.h"

static const char file[] = "<CiscoIPPhoneImageFile><Title>P</Title><LocationX>0</LocationX>"
                           "<LocationY>-1</LocationY><URL>http://h/p.png</URL>"
                           "</CiscoIPPhoneImageFile>";

static void the_picture_is_named_by_its_url(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA525G", file);
    assert_string_equal(x.page->picture.url, "http://h/p.png");
    assert_int_equal(x.page->picture.y, -1);
    asks(&x, "soft1", XML_DO_UPDATE, NULL);
    leave(&x);
}

static void without_url_it_is_refused(void **state)
{
    struct shown x;

    (void)state;
    refused(&x, "SPA525G", "<CiscoIPPhoneImageFile><URL/></CiscoIPPhoneImageFile>", EBADMSG);
}

static void colour_spas_know_it(void **state)
{
    (void)state;
    known_to(file, XML_COLOR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_picture_is_named_by_its_url),
        cmocka_unit_test(without_url_it_is_refused),
        cmocka_unit_test(colour_spas_know_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
