/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneInput (xml-services.md 3.6, 7.3). */
#include <errno.h>
#include "tests/support/xml_page.h"

static const char login[] =
    "<CiscoIPPhoneInput><Title>Log in</Title><URL>http://h/l</URL>"
    "<InputItem><DisplayName>User</DisplayName><QueryStringParam>s</QueryStringParam>"
    "<DefaultValue>J\xc3\xbcrg 7</DefaultValue><InputFlags>A</InputFlags></InputItem>"
    "<InputItem><DisplayName>PIN</DisplayName><QueryStringParam>p</QueryStringParam>"
    "<DefaultValue/><InputFlags>PN</InputFlags></InputItem></CiscoIPPhoneInput>";

/* One field with these flags. */
static void show_field(struct shown *x, const char *model, const char *flags)
{
    char xml[400];

    snprintf(xml, sizeof(xml),
             "<CiscoIPPhoneInput><URL>http://h/?a=b</URL><InputItem><DisplayName>F</DisplayName>"
             "<QueryStringParam>f</QueryStringParam><InputFlags>%s</InputFlags></InputItem>"
             "</CiscoIPPhoneInput>",
             flags);
    show(x, model, xml);
}

static const char *value(const struct shown *x)
{
    return x->view.values[x->view.selected].text;
}

static void press_all(struct shown *x, const char *keys)
{
    for (; *keys; keys++)
        press(x, (const char[]){*keys, '\0'});
}

static void the_focused_field_shows_label_and_value(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G", login);
    reads(&x, "Log in\n  User\n> J\xc3\xbcrg 7\n[Submit] [<<] [Cancel] [ABC]\n");
    assert_int_equal(x.s.cursor, 6);
    assert_int_equal(x.s.input, 2);
    assert_string_equal(x.s.mode, "abc");
    assert_int_equal(press(&x, "down"), XML_KEY_HANDLED);
    press_all(&x, "4321");
    reads(&x, "Log in\n^ PIN\n> ****\n[Submit] [<<] [Cancel] []\n");
    assert_int_equal(press(&x, "down"), XML_KEY_IGNORED);
    leave(&x);
}

static void submit_sends_every_item_in_document_order(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G", login);
    press(&x, "down");
    press_all(&x, "4321");
    asks(&x, "soft1", XML_DO_URI, "http://h/l?s=J%C3%BCrg%207&p=4321");
    leave(&x);
    show_field(&x, "SPA504G", "N");
    asks(&x, "soft1", XML_DO_URI, "http://h/?a=b&f=");
    leave(&x);
}

static void values_go_out_in_the_encoding_of_the_page(void **state)
{
    char latin1[sizeof(login)];
    struct shown x;
    size_t n = 0;

    (void)state;
    for (const char *p = login; *p; p++)
        latin1[n++] = (unsigned char)*p == 0xc3 ? (char)0xfc : *p;
    char *cut = memchr(latin1, 0xbc, n);
    memmove(cut, cut + 1, n - (size_t)(cut + 1 - latin1));
    shown_bytes(&x, "7960", latin1, n - 1, NULL, false);
    assert_int_equal(x.err, 0);
    asks(&x, "soft1", XML_DO_URI, "http://h/l?s=J%FCrg%207&p=");
    leave(&x);
}

static void letters_come_by_multi_tap(void **state)
{
    struct shown x;

    (void)state;
    show_field(&x, "SPA504G", "A");
    press_all(&x, "44"); /* h */
    x.now_ms += 1001;
    press_all(&x, "4442"); /* i, a */
    assert_string_equal(value(&x), "hia");
    press(&x, "soft2"); /* << */
    assert_string_equal(value(&x), "hi");
    press(&x, "soft4"); /* ABC */
    assert_string_equal(screen_of(&x)->softkeys[3], "123");
    press_all(&x, "2");
    press(&x, "soft4");
    press_all(&x, "2");
    assert_string_equal(value(&x), "hiA2");
    press(&x, "left");
    press(&x, "left");
    press_all(&x, "7");
    assert_string_equal(value(&x), "hi7A2");
    leave(&x);
}

static void flags_decide_what_a_field_takes(void **state)
{
    static const struct {
        const char *flags, *keys, *text;
    } cases[] = {
        {"T", "1*2#", "1*2#"}, {"N", "1*2#", "12"}, {"E", "12**3", "12+3"}, {"U", "2277*1", "BQ"},
        {"L", "22", "b"},      {"a", "22", "b"},    {"", "22", "b"},        {"Z", "22", "b"},
        {"P", "22", "b"},      {"NP", "5", "5"},    {"PN", "5", "5"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct shown x;
        show_field(&x, "SPA504G", cases[i].flags);
        press_all(&x, cases[i].keys);
        if (strcmp(value(&x), cases[i].text))
            fail_msg("flags %s, keys %s: %s", cases[i].flags, cases[i].keys, value(&x));
        assert_int_equal(x.page->fields[0].password, strchr(cases[i].flags, 'P') != NULL);
        leave(&x);
    }
}

static void strange_flags_are_told(void **state)
{
    struct shown x;

    (void)state;
    show_field(&x, "SPA504G", "Z");
    warned(&x, "InputFlags: there is no Z, A is taken");
    leave(&x);
    show_field(&x, "6851", "E");
    warned(&x, "InputFlags E does not work on this model");
    leave(&x);
}

static void what_is_missing_is_borne_by_old_parsers_and_refused_by_new_ones(void **state)
{
    static const char no_url[] = "<CiscoIPPhoneInput><InputItem><QueryStringParam>a"
                                 "</QueryStringParam></InputItem></CiscoIPPhoneInput>";
    static const char no_param[] = "<CiscoIPPhoneInput><URL>http://h/</URL><InputItem/>"
                                   "</CiscoIPPhoneInput>";
    struct shown x;

    (void)state;
    refused(&x, "6851", no_url, EBADMSG);
    refused(&x, "6821", no_param, EBADMSG);
    show(&x, "SPA504G", no_url);
    warned(&x, "Host not Found");
    asks(&x, "soft1", XML_DO_URI, "?a=");
    leave(&x);
    show(&x, "7960", no_param);
    warned(&x, "without QueryStringParam");
    leave(&x);
}

static void the_name_of_a_value_is_sent_as_it_stands(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G",
         "<CiscoIPPhoneInput><URL>http://h/</URL><InputItem>"
         "<QueryStringParam>a=b&amp;c</QueryStringParam></InputItem>"
         "</CiscoIPPhoneInput>");
    asks(&x, "soft1", XML_DO_URI, "http://h/?a=b&c=");
    leave(&x);
}

static void five_fields_are_taken_and_items_of_other_objects_are_none(void **state)
{
    char xml[1200];
    size_t len = (size_t)sprintf(xml, "<CiscoIPPhoneInput><URL>u</URL>");
    struct shown x;

    (void)state;
    for (int i = 0; i < 6; i++)
        len += (size_t)sprintf(xml + len, "<InputItem><QueryStringParam>p</QueryStringParam>"
                                          "</InputItem>");
    strcpy(xml + len, "</CiscoIPPhoneInput>");
    show(&x, "SPA504G", xml);
    assert_int_equal(x.page->n_fields, 5);
    warned(&x, "more than 5 InputItem");
    leave(&x);
    show(&x, "SPA504G", "<CiscoIPPhoneInput><URL>u</URL><MenuItem/></CiscoIPPhoneInput>");
    assert_int_equal(x.page->n_fields, 0);
    warned(&x, "<MenuItem> has no place in <CiscoIPPhoneInput>: ignored");
    asks(&x, "soft3", XML_DO_EXIT, NULL);
    assert_int_equal(press(&x, "2"), XML_KEY_IGNORED);
    leave(&x);
}

static void a_value_ends_at_sixty_three_characters(void **state)
{
    struct shown x;

    (void)state;
    show_field(&x, "SPA504G", "N");
    for (int i = 0; i < 100; i++)
        press(&x, "7");
    assert_int_equal(strlen(value(&x)), 63);
    assert_int_equal(screen_of(&x)->cursor, 20); /* its end is in sight */
    leave(&x);
}

static void every_model_with_a_screen_knows_it(void **state)
{
    (void)state;
    known_to(login, XML_DISPLAYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_focused_field_shows_label_and_value),
        cmocka_unit_test(submit_sends_every_item_in_document_order),
        cmocka_unit_test(values_go_out_in_the_encoding_of_the_page),
        cmocka_unit_test(letters_come_by_multi_tap),
        cmocka_unit_test(flags_decide_what_a_field_takes),
        cmocka_unit_test(strange_flags_are_told),
        cmocka_unit_test(what_is_missing_is_borne_by_old_parsers_and_refused_by_new_ones),
        cmocka_unit_test(the_name_of_a_value_is_sent_as_it_stands),
        cmocka_unit_test(five_fields_are_taken_and_items_of_other_objects_are_none),
        cmocka_unit_test(a_value_ends_at_sixty_three_characters),
        cmocka_unit_test(every_model_with_a_screen_knows_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
