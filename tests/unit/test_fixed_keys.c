/* SPDX-License-Identifier: BSD-3-Clause */
/* Keys with a meaning of their own: call, end, redial, cancel; digits entered on hook (devices.md
 * 1.2, 4, 5.1). */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "sim/lcd/screen.h"
#include "sim/phone/calls.h"
#include "tests/support/two_phones.h"

static struct screen look(const struct phone *ph)
{
    struct screen s;
    phone_screen(ph, &s);
    return s;
}

static struct rig *begin(void **state, const char *model)
{
    const char *const options[] = {"model", model, "set", "Dial_Plan_1_=(xxxx)", NULL};
    struct rig *rig = two_phones(212, options);

    *state = rig;
    return rig;
}

/* "1002", or the name of a key */
static void press(struct phone *ph, const char *keys)
{
    if (keys[0] < '0' || keys[0] > '9') {
        assert_int_equal(phone_press(ph, keys, 0), 0);
        return;
    }
    for (; *keys; keys++)
        assert_int_equal(phone_press(ph, (const char[]){*keys, '\0'}, 0), 0);
}

static void softkeys_are(const struct phone *ph, const char *want)
{
    const struct screen s = look(ph);
    char text[80] = "";

    for (unsigned i = 0; i < s.n_softkeys; i++) {
        strcat(text, i ? "|" : "");
        strcat(text, s.softkeys[i]);
    }
    assert_string_equal(text, want);
}

static void connect_by(struct rig *rig, const char *key)
{
    await_for(rig->lp, rig->b, PHONE_RINGING, 8);
    press(rig->b, key);
    await_for(rig->lp, rig->a, PHONE_CONNECTED, 8);
    await_for(rig->lp, rig->b, PHONE_CONNECTED, 8);
}

static void a_handset_calls_answers_and_ends_by_its_two_keys(void **state)
{
    struct rig *rig = begin(state, "WIP310");

    press(rig->a, "1002");
    softkeys_are(rig->a, "Dial|DelChar");
    press(rig->a, "call");
    connect_by(rig, "call");
    press(rig->b, "end");
    await_for(rig->lp, rig->a, PHONE_IDLE, 8);
    await_for(rig->lp, rig->b, PHONE_IDLE, 8);

    press(rig->a, "call"); /* off hook first */
    assert_string_equal(look(rig->a).app, "dialing");
    press(rig->a, "end");
    assert_string_not_equal(look(rig->a).app, "dialing");
    press(rig->a, "call");
    press(rig->a, "1002");
    press(rig->a, "call");
    await_for(rig->lp, rig->b, PHONE_RINGING, 8);
    press(rig->b, "end"); /* rejected */
    await_for(rig->lp, rig->b, PHONE_IDLE, 8);
}

static void the_green_key_calls_who_is_highlighted(void **state)
{
    struct rig *rig = begin(state, "WIP310");

    press(rig->a, "1002");
    press(rig->a, "call");
    connect_by(rig, "call");
    press(rig->a, "end");
    await_for(rig->lp, rig->a, PHONE_IDLE, 8);
    press(rig->a, "soft2");
    assert_string_equal(look(rig->a).title, "Redial List");
    press(rig->a, "call");
    connect_by(rig, "call");
}

static void phones_without_a_display_redial_and_cancel(void **state)
{
    struct rig *rig = begin(state, "SPA501G");

    press(rig->a, "redial"); /* nobody was called yet */
    assert_true(phone_is(rig->a, PHONE_IDLE));
    press(rig->a, "speaker");
    press(rig->a, "10");
    press(rig->a, "cancel"); /* begins anew */
    press(rig->a, "1002");
    press(rig->a, "#");
    connect_by(rig, "hook");
    press(rig->a, "cancel");
    await_for(rig->lp, rig->b, PHONE_IDLE, 8);
    await_for(rig->lp, rig->a, PHONE_IDLE, 8);
    press(rig->a, "redial");
    connect_by(rig, "hook");
}

static void digits_on_hook_are_dialled_and_corrected_by_soft_keys(void **state)
{
    struct rig *rig = begin(state, "SPA504G");

    press(rig->a, "right");
    softkeys_are(rig->a, "lcr|pickup|grPick|unpark");
    press(rig->a, "10023");
    softkeys_are(rig->a, "dial|delChr|clear|cancel");
    press(rig->a, "soft2");
    assert_string_equal(look(rig->a).rows[2], "1002");
    press(rig->a, "soft3");
    softkeys_are(rig->a, "redial|dir|cfwd|dnd");
    press(rig->a, "10023");
    press(rig->a, "speaker");
    assert_string_equal(look(rig->a).rows[0], "Invalid Number");
    press(rig->a, "speaker");
    press(rig->a, "1002");
    press(rig->a, "soft1");
    connect_by(rig, "speaker");
}

static void another_state_begins_with_the_first_page_of_its_soft_keys(void **state)
{
    struct rig *rig = begin(state, "SPA504G");

    press(rig->a, "1002");
    press(rig->a, "soft1");
    connect_by(rig, "speaker");
    press(rig->a, "right");
    softkeys_are(rig->a, "bxfer|park|flash|");
    press(rig->a, "hold");
    await_for(rig->lp, rig->b, PHONE_HELD, 8);
    await_for(rig->lp, rig->a, PHONE_HELD, 8);
    softkeys_are(rig->a, "resume|endCall|newCall|redial");
    press(rig->a, "right");
    softkeys_are(rig->a, "dir|cfwd|dnd|");
    press(rig->b, "speaker");
    await_for(rig->lp, rig->a, PHONE_IDLE, 8);
    softkeys_are(rig->a, "|endCall||"); /* it reads why, still */
}

static void lamps_are(const struct phone *ph, const char *want)
{
    char text[80] = "";

    for (const char *key = "1234"; *key; key++) {
        const char lamp[] = {'l', 'i', 'n', 'e', *key, '\0'}, *color, *pattern;
        assert_true(phone_lamp(ph, lamp, &color, &pattern));
        strcat(text, key[0] == '1' ? "" : " ");
        strcat(text, color);
        strcat(text, strcmp(pattern, "steady") == 0 ? "" : pattern);
    }
    assert_string_equal(text, want);
}

/* Line_ID_Mapping (devices.md 3.4), on a phone whose keys all have extension 1. */
static void calls_spread_over_the_keys_of_their_line(void **state)
{
    struct rig *rig = begin(state, "SPA504G");

    press(rig->a, "line3");
    lamps_are(rig->a, "green green red green");
    press(rig->a, "1002");
    press(rig->a, "#");
    connect_by(rig, "speaker");
    lamps_are(rig->a, "green green red green");
    press(rig->a, "line2");
    await_for(rig->lp, rig->a, PHONE_HELD, 8);
    lamps_are(rig->a, "green red redslow green");
    press(rig->a, "speaker");
    phone_dial(rig->a, "1002");
    lamps_are(rig->a, "red green redslow green");
    phone_hang_up(rig->a, 0);
    assert_int_equal(phone_set(rig->a, "Line_ID_Mapping", "Horizontal First"), 0);
    press(rig->a, "line3"); /* resumed */
    await_for(rig->lp, rig->a, PHONE_CONNECTED, 8);
    press(rig->a, "hold");
    await_for(rig->lp, rig->a, PHONE_HELD, 8);
    phone_dial(rig->a, "1002");
    lamps_are(rig->a, "red green redslow green");
    phone_dial(rig->a, "1002");
    lamps_are(rig->a, "red green redslow green");
    phone_dial(rig->a, "1002"); /* two are on the first key */
    lamps_are(rig->a, "red red redslow green");
    assert_int_equal(phone_set(rig->a, "Call_Appearance_Per_Line", "3"), 0);
    for (unsigned n = 0; n < 3; n++)
        phone_hang_up(rig->a, 0);
}

static void a_key_for_an_extension_there_is_not_calls_nobody(void **state)
{
    struct rig *rig = begin(state, "SPA504G");

    assert_int_equal(phone_set(rig->a, "Extension_2_", "Disabled"), 0);
    assert_int_equal(phone_set(rig->a, "Extended_Function_2_", "fnc=sd;ext=1002;vid=9999"), 0);
    press(rig->a, "line2");
    assert_true(phone_is(rig->a, PHONE_IDLE));
    assert_int_equal(phone_set(rig->a, "Extended_Function_2_", "fnc=sd;ext=1002;vid=1"), 0);
    press(rig->a, "line2");
    assert_false(phone_is(rig->a, PHONE_IDLE));
}

static void a_call_is_sent_on_to_a_number_or_an_address(void **state)
{
    struct rig *rig = begin(state, "SPA504G");
    char to[64], want[64];

    assert_int_equal(phone_print_target(rig->a, 1, "1003", to, sizeof(to)), 0);
    snprintf(want, sizeof(want), "<sip:1003@%s>", phone_get(rig->a, "Proxy_1_"));
    assert_string_equal(to, want);
    assert_int_equal(phone_print_target(rig->a, 1, "bob@example.com", to, sizeof(to)), 0);
    assert_string_equal(to, "<sip:bob@example.com>");
    assert_int_equal(phone_print_target(rig->a, 1, "sip:example.com", to, sizeof(to)), 0);
    assert_string_equal(to, "<sip:example.com>");
    assert_int_equal(phone_print_target(rig->a, 1, "bob@example.com", to, 12), E2BIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_handset_calls_answers_and_ends_by_its_two_keys, two_phones_end),
        cmocka_unit_test_teardown(the_green_key_calls_who_is_highlighted, two_phones_end),
        cmocka_unit_test_teardown(phones_without_a_display_redial_and_cancel, two_phones_end),
        cmocka_unit_test_teardown(digits_on_hook_are_dialled_and_corrected_by_soft_keys,
                                  two_phones_end),
        cmocka_unit_test_teardown(calls_spread_over_the_keys_of_their_line, two_phones_end),
        cmocka_unit_test_teardown(a_key_for_an_extension_there_is_not_calls_nobody, two_phones_end),
        cmocka_unit_test_teardown(a_call_is_sent_on_to_a_number_or_an_address, two_phones_end),
        cmocka_unit_test_teardown(another_state_begins_with_the_first_page_of_its_soft_keys,
                                  two_phones_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
