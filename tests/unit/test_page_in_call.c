/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages and calls: which of them has the display and the keys (xml-services.md 2, 3.11, 7.4). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sim/lcd/screen.h"
#include "sim/phone/execute.h"
#include "tests/support/two_phones.h"

#define MENU(attribute)                                                                            \
    "XML=<CiscoIPPhoneMenu" attribute "><Title>Caller</Title>"                                     \
    "<MenuItem><Name>one</Name></MenuItem><MenuItem><Name>two</Name></MenuItem></"                 \
    "CiscoIPPhoneMenu>"

static struct rig *begin(void **state)
{
    const char *const options[] = {"model", "SPA504G", "set", "Dial_Plan_1_=(xxxx)", NULL};
    struct rig *rig = two_phones(214, options);

    *state = rig;
    return rig;
}

static void call(struct rig *rig, struct phone *from, struct phone *to, const char *number)
{
    assert_int_equal(phone_dial(from, number), 0);
    await_for(rig->lp, to, PHONE_RINGING, 8);
    assert_int_equal(phone_answer(to, 0), 0);
    await_for(rig->lp, from, PHONE_CONNECTED, 8);
    await_for(rig->lp, to, PHONE_CONNECTED, 8);
}

static void push(struct phone *ph, const char *form)
{
    struct phone_execute_answer a;

    assert_int_equal(phone_execute(ph, form, strlen(form), &a), 0);
    assert_int_equal(a.status, 200);
    free(a.body);
}

static void shows(const struct phone *ph, const char *app, const char *text)
{
    char got[4096];
    struct screen s;

    phone_screen(ph, &s);
    screen_text(&s, got, sizeof(got));
    assert_string_equal(s.app, app);
    if (!strstr(got, text))
        fail_msg("\"%s\" is not in:\n%s", text, got);
}

static void await_app(struct rig *rig, const struct phone *ph, const char *app)
{
    const time_t end = time(NULL) + 20;
    struct screen s;

    for (phone_screen(ph, &s); strcmp(s.app, app) != 0; phone_screen(ph, &s)) {
        if (time(NULL) > end)
            fail_msg("phone %u shows %s for ever", phone_n(ph), s.app);
        loop_poll(rig->lp);
    }
}

static void press(struct phone *ph, const char *key)
{
    assert_int_equal(phone_press(ph, key, 0), 0);
}

static void a_page_that_comes_during_a_call_lies_above_it(void **state)
{
    struct rig *rig = begin(state);

    call(rig, rig->a, rig->b, "1002");
    push(rig->b, MENU(""));
    shows(rig->b, "xml", "> 1 one");
    press(rig->b, "2"); /* digits are the page's */
    shows(rig->b, "xml", "> 2 two");
    press(rig->b, "soft3");
    shows(rig->b, "call", "Connected");
    push(rig->b, MENU(""));
    press(rig->b, "hold"); /* a key of the call's */
    shows(rig->b, "call", "1001");
}

static void a_page_may_leave_digits_to_the_call(void **state)
{
    struct rig *rig = begin(state);

    call(rig, rig->a, rig->b, "1002");
    push(rig->b, MENU(" keypadTarget=\"activeCall\""));
    press(rig->b, "2");
    shows(rig->b, "xml", "> 1 one");
    press(rig->b, "soft3");
    push(rig->b, MENU(" keypadTarget=\"application\""));
    press(rig->b, "2");
    shows(rig->b, "xml", "> 2 two");
}

static void a_new_call_is_shown_before_the_page(void **state)
{
    struct rig *rig = begin(state);

    push(rig->b, MENU(""));
    shows(rig->b, "xml", "Caller");
    call(rig, rig->a, rig->b, "1002");
    shows(rig->b, "call", "Connected");
    assert_int_equal(phone_hang_up(rig->a, 0), 0);
    await_app(rig, rig->b, "xml"); /* when "Call Ended" has been read */
}

#define CASE(name) cmocka_unit_test_teardown(name, two_phones_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_page_that_comes_during_a_call_lies_above_it),
        CASE(a_page_may_leave_digits_to_the_call),
        CASE(a_new_call_is_shown_before_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
