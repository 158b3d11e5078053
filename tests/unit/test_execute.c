/* SPDX-License-Identifier: BSD-3-Clause */
/* POST /CGI/Execute: what a form does and what is answered (xml-services.md 3.12, 9.1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sim/lcd/screen.h"
#include "sim/phone/execute.h"
#include "sim/phone/phone.h"
#include "tests/support/real_farm.h"

#define PROLOG   "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n"
#define EXECUTE  "XML=%3CCiscoIPPhoneExecute%3E"
#define END      "%3C%2FCiscoIPPhoneExecute%3E"
#define ITEM(u)  "%3CExecuteItem+URL%3D%22" u "%22%2F%3E"
#define EMPTY    "<ResponseItem Status=\"0\" Data=\"\" URL=\"\"/>"
#define RESPONSE "<CiscoIPPhoneResponse>"

struct fixture {
    struct loop *lp;
    struct farm *f;
    struct phone *ph;
    struct phone_execute_answer a;
};

static int set_up(void **state)
{
    static struct fixture f;
    const struct loop_config cfg = {.clock = CLOCK_VIRTUAL};

    memset(&f, 0, sizeof(f));
    *state = &f;
    return loop_alloc(&f.lp, &cfg);
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    free(f->a.body);
    mem_deref(f->f);
    mem_deref(f->lp);
    return 0;
}

static void use(struct fixture *f, const char *model)
{
    const char *const options[] = {"model",     model,           "addr", "127.162.0.0/24",
                                   "registrar", "127.162.0.250", "set",  "Register_1_=No",
                                   NULL};
    f->f = real_farm_up(f->lp, options);
    f->ph = farm_phone(f->f, 1);
}

static void post(struct fixture *f, const char *form)
{
    free(f->a.body);
    assert_int_equal(phone_execute(f->ph, form, strlen(form), &f->a), 0);
}

static void a_spa_answers_with_three_items(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA504G");
    post(f, EXECUTE ITEM("Key%3ASoft4") ITEM("Play%3A") ITEM("QueryStringParam%3Aa") END);
    assert_int_equal(f->a.status, 200);
    assert_string_equal(f->a.content_type, "text/html");
    assert_string_equal(
        f->a.body, PROLOG RESPONSE
        "<ResponseItem Status=\"0\" Data=\"\" URL=\"Key:Soft4\"/>"
        "<ResponseItem Status=\"1\" Data=\"Invalid URI\" URL=\"Play:\"/>"
        "<ResponseItem Status=\"6\" Data=\"URI not found\" URL=\"QueryStringParam:a\"/>"
        "</CiscoIPPhoneResponse>\n");
    assert_string_equal(phone_get(f->ph, "DND_Setting"), "Yes");
}

static void an_item_that_is_not_run_keeps_its_place_in_the_answer(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA504G");
    post(f, EXECUTE ITEM("SoftKey%3AExit") ITEM("") ITEM("Key%3ASoft4") END);
    assert_string_equal(f->a.body, PROLOG RESPONSE
                        "<ResponseItem Status=\"6\" Data=\"URI not found\" URL=\"SoftKey:Exit\"/>"
                        "<ResponseItem Status=\"1\" Data=\"Invalid URI\" URL=\"\"/>"
                        "<ResponseItem Status=\"0\" Data=\"\" URL=\"Key:Soft4\"/>"
                        "</CiscoIPPhoneResponse>\n");
    assert_string_equal(phone_get(f->ph, "DND_Setting"), "Yes");
}

static void a_page_may_be_pushed_as_it_is(void **state)
{
    struct fixture *f = *state;
    struct screen s;

    use(f, "SPA504G");
    post(f, "XML=%3CCiscoIPPhoneText%3E%3CText%3EFire+drill%3C/Text%3E%3C/CiscoIPPhoneText%3E");
    assert_string_equal(f->a.body, PROLOG RESPONSE EMPTY EMPTY EMPTY "</CiscoIPPhoneResponse>\n");
    phone_screen(f->ph, &s);
    assert_string_equal(s.rows[0], "Fire drill");
}

static void what_is_no_document_is_error_1(void **state)
{
    static const char *const forms[] = {"",
                                        "XML=",
                                        "xml=%3CCiscoIPPhoneText/%3E",
                                        "XML=%3CCiscoIPPhoneHelp/%3E",
                                        "a=b&c",
                                        "XML=%",
                                        "XML=%3Cbroken",
                                        "XML=%3Chtml%3E%3C/html%3E"};
    struct fixture *f = *state;

    use(f, "SPA504G");
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        post(f, forms[i]);
        assert_int_equal(f->a.status, 200);
        assert_string_equal(f->a.body, PROLOG "<CiscoIPPhoneError Number=\"1\"/>\n");
    }
}

static void urls_come_back_fit_for_xml(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA504G");
    post(f, "x=1&" EXECUTE ITEM("Key%3A%26lt%3B%C3%A4") END);
    assert_non_null(strstr(f->a.body, "URL=\"Key:&#60;&#228;\""));
}

static void a_phone_without_a_screen_does_not_know_a_page(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA301");
    post(f, "XML=%3CCiscoIPPhoneText%3E%3CText%3EHi%3C/Text%3E%3C/CiscoIPPhoneText%3E");
    assert_string_equal(f->a.body, PROLOG RESPONSE
                        "<ResponseItem Status=\"6\" Data=\"URI not found\" URL=\"\"/>" EMPTY EMPTY
                        "</CiscoIPPhoneResponse>\n");
    post(f, "XML=%3CCiscoIPPhoneHelp/%3E");
    assert_string_equal(f->a.body, PROLOG "<CiscoIPPhoneError Number=\"1\"/>\n");
}

static void a_79xx_says_success(void **state)
{
    struct fixture *f = *state;

    use(f, "7960");
    post(f, "XML=%3CCiscoIPPhoneText%3E%3CText%3EHi%3C/Text%3E%3C/CiscoIPPhoneText%3E");
    assert_string_equal(f->a.content_type, "text/xml");
    assert_string_equal(f->a.body,
                        PROLOG RESPONSE "<ResponseItem Status=\"0\" Data=\"Success\" URL=\"\"/>"
                                        "</CiscoIPPhoneResponse>\n");
    free(f->a.body);
    assert_int_equal(phone_execute_denied(f->ph, &f->a), 0);
    assert_int_equal(f->a.status, 200);
    assert_string_equal(f->a.body, PROLOG "<CiscoIPPhoneError Number=\"4\"/>\n");
}

static void the_switch_of_a_525_and_a_6800_is_obeyed(void **state)
{
    struct fixture *f = *state;

    use(f, "6851");
    post(f, EXECUTE ITEM("Key%3ASoft1") END);
    assert_int_equal(f->a.status, 403);
    assert_null(f->a.body);
    assert_int_equal(phone_set(f->ph, "CISCO_XML_EXE_Enable", "Yes"), 0);
    post(f, EXECUTE ITEM("Key%3ASoft1") END);
    assert_int_equal(f->a.status, 200);
    assert_null(f->a.body); /* a 6800 sends no Response */
    assert_int_equal(phone_execute_denied(f->ph, &f->a), 0);
    assert_int_equal(f->a.status, 401);
}

static void a_phone_that_boots_does_nothing(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA504G");
    phone_power(f->ph, false);
    post(f, EXECUTE ITEM("Key%3ASoft4") END);
    assert_int_equal(f->a.status, 503);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_spa_answers_with_three_items),
        CASE(an_item_that_is_not_run_keeps_its_place_in_the_answer),
        CASE(a_page_may_be_pushed_as_it_is),
        CASE(what_is_no_document_is_error_1),
        CASE(urls_come_back_fit_for_xml),
        CASE(a_phone_without_a_screen_does_not_know_a_page),
        CASE(a_79xx_says_success),
        CASE(the_switch_of_a_525_and_a_6800_is_obeyed),
        CASE(a_phone_that_boots_does_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
