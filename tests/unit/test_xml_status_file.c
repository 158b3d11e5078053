/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneStatusFile (xml-services.md 3.10). */
#include <errno.h>
#include "tests/support/xml_page.h"

static const char away[] = "<CiscoIPPhoneStatusFile><Text>Away</Text><LocationX>261</LocationX>"
                           "<LocationY>49</LocationY><URL>http://h/a.png</URL>"
                           "</CiscoIPPhoneStatusFile>";

static void text_shows_and_the_picture_is_a_file(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA525G2", away);
    reads(&x, "Away\n");
    assert_string_equal(x.page->picture.url, "http://h/a.png");
    assert_int_equal(x.page->picture.x, 261);
    no_warning(&x);
    leave(&x);
}

static void colour_and_large_models_know_it(void **state)
{
    (void)state;
    known_to(away, XML_COLOR | XML_MPP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_shows_and_the_picture_is_a_file),
        cmocka_unit_test(colour_and_large_models_know_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
