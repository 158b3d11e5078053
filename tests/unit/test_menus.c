/* SPDX-License-Identifier: BSD-3-Clause */
/* What the menus of each family are called, where they are and what they tell (devices.md 7, 8). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "devices/model.h"
#include "sim/lcd/screen.h"
#include "sim/phone/history.h"
#include "sim/phone/sound.h"
#include "tests/support/one_phone.h"

static struct farm *phone(struct loop *lp, const char *model, struct phone **ph)
{
    return one_phone(lp, 214, model, ph);
}

/* Setup, then the items of these numbers, separated by blanks. */
static void go(struct loop *lp, struct phone *ph, const char *path)
{
    const char *setup = phone_model(ph)->family == FAMILY_WIP310 ? "select" : "setup";

    assert_int_equal(phone_press(ph, setup, 0), 0);
    for (; *path; path++) {
        if (*path == ' ')
            loop_advance(lp, 2100);
        else
            assert_int_equal(phone_press(ph, (const char[]){*path, '\0'}, 0), 0);
    }
    loop_advance(lp, 2100);
}

/* Is this what it says, on one of its pages? */
static bool says(struct phone *ph, const char *text)
{
    for (unsigned i = 0; i < 60; i++) {
        const struct screen s = look(ph);
        if (screen_contains(&s, text))
            return true;
        assert_int_equal(phone_press(ph, "down", 0), 0);
    }
    return false;
}

static void items_stand_where_their_numbers_say(void **state)
{
    static const struct {
        const char *model, *path, *title;
    } cases[] = {
        {"SPA504G", "", "Setup"},
        {"SPA504G", "3", "Call History"},
        {"SPA504G", "5", "Preferences"},
        {"SPA504G", "9", "Network"},
        {"SPA504G", "10", "Product Info"},
        {"SPA504G", "11", "Status"},
        {"SPA504G", "11 1", "Phone Status"},
        {"SPA504G", "11 2 1", "Ext 1 Status"},
        {"SPA504G", "11 4", "Call Statistics"},
        {"SPA504G", "14", "Factory Reset"},
        {"SPA504G", "17", "Set LCD Contrast"},
        {"SPA504G", "18", "Call Park Status"},
        {"SPA525G2", "6 4", "Attendant Console Preferences"},
        {"SPA525G2", "8 3", "Factory Reset"},
        {"SPA525G2", "14", "Factory Reset"},
        {"SPA525G2", "1", "Call History"},
        {"6841", "5 3", "Factory reset"},
        {"SPA525G2", "9 1", "Product Information"},
        {"SPA525G2", "9 3", "Phone Status"},
        {"6841", "", "Applications"},
        {"6841", "7", "Phone Information"},
        {"6841", "3 4 1", "Screen saver"},
        {"6841", "3 5", "Attendant console preferences"},
        {"WIP310", "1", "Settings"},
        {"WIP310", "1 1", "Phone Info"},
        {"WIP310", "1 2", "Wireless Setup"},
        {"WIP310", "1 5", "Call Forwarding"},
        {"WIP310", "1 6", "Ringtone"},
        {"7960", "2", "Ring Type"},
        {"7960", "3", "Network Configuration"},
        {"SPA525G2", "7", "Network Configuration"},
        {"SPA525G2", "2", "Directories"},
        {"7960", "5", "Model Information"},
        {"7960", "6 1", "Status Messages"},
        {"7960", "6 2", "Network Statistics"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct phone *ph;
        struct farm *f = phone(*state, cases[i].model, &ph);
        go(*state, ph, cases[i].path);
        assert_string_equal(look(ph).title, cases[i].title);
        mem_deref(f);
    }
}

static void the_network_menu_has_what_a_50x_adds(void **state)
{
    static const char *const titles[] = {"18 CDP", "19 LLDP-MED", "20 PC Port VLAN",
                                         "21 Network Startup", "22 DHCP Option List"};
    struct phone *ph;
    struct farm *f = phone(*state, "SPA504G", &ph);

    go(*state, ph, "9");
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
        assert_true(says(ph, titles[i]));
    mem_deref(f);
}

static void information_is_told_in_the_words_of_the_dictionary(void **state)
{
    static const struct {
        const char *path, *words[6];
    } cases[] = {
        {"10", {"Customization", "Licenses: None"}},
        {"11 2 1", {"Not Registered", "User ID"}},
        {"11 3", {"Call 1: Idle", "Tone: None"}},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct phone *ph;
        struct farm *f = phone(*state, "SPA504G", &ph);
        go(*state, ph, cases[i].path);
        for (const char *const *w = cases[i].words; *w; w++)
            assert_true(says(ph, *w));
        mem_deref(f);
    }
}

static void cancel_is_the_right_key_of_a_handset(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "WIP310", &ph);

    go(*state, ph, "1 1");
    assert_string_equal(look(ph).softkeys[0], "");
    assert_string_equal(look(ph).softkeys[1], "Cancel");
    assert_int_equal(phone_press(ph, "end", 0), 0);
    go(*state, ph, "1 4"); /* Speed Dial: three things to do */
    for (const char *const *k = (const char *const[]){"Edit", "Dial", "Delete", NULL}; *k; k++) {
        assert_string_equal(look(ph).softkeys[0], *k);
        assert_string_equal(look(ph).softkeys[1], "Cancel");
        assert_int_equal(phone_press(ph, "right", 0), 0);
    }
    assert_int_equal(phone_press(ph, "soft1", 0), 0);
    assert_string_equal(look(ph).softkeys[1], "Cancel"); /* nothing to delete yet */
    assert_int_equal(phone_press(ph, "7", 0), 0);
    assert_string_equal(look(ph).softkeys[1], "DelChar");
    assert_int_equal(phone_press(ph, "soft2", 0), 0);
    assert_int_equal(phone_press(ph, "soft2", 0), 0);
    assert_string_equal(look(ph).title, "Speed Dial");
    assert_string_equal(look(ph).softkeys[0], "Edit");
    mem_deref(f);
}

static void who_hides_is_an_anonymous_caller(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA504G", &ph);

    phone_history_add(ph, HISTORY_ANSWERED, "anonymous", "Anonymous", "");
    phone_history_add(ph, HISTORY_ANSWERED, "1002", "Bob", "");
    go(*state, ph, "3 2");
    assert_string_equal(look(ph).title, "Answered Calls");
    assert_true(says(ph, "1 Bob"));
    assert_true(says(ph, "2 Anonymous Caller"));
    mem_deref(f);
}

static void a_ring_tone_can_be_heard_before_it_is_chosen(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA504G", &ph);
    struct phone_sound s;

    go(*state, ph, "4 1");
    assert_int_equal(phone_press(ph, "down", 0), 0);
    assert_string_equal(look(ph).softkeys[1], "play");
    assert_int_equal(phone_press(ph, "soft2", 0), 0);
    phone_sound(ph, &s);
    assert_int_equal(s.kind, PHONE_RING);
    assert_string_equal(s.name, "Ring2");
    mem_deref(f);
}

static void an_address_is_typed_with_star_for_the_dot(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA504G", &ph);

    assert_int_equal(phone_set(ph, "Static_IP", ""), 0);
    go(*state, ph, "9 8");
    assert_string_equal(look(ph).softkeys[2], "num");
    assert_int_equal(phone_press(ph, "soft3", 0), 0);
    assert_string_equal(look(ph).softkeys[2], "IP");
    assert_int_equal(phone_press(ph, "soft3", 0), 0);
    assert_string_equal(look(ph).softkeys[2], "alpha");
    for (const char *key = "10*0*0*7"; *key; key++)
        assert_int_equal(phone_press(ph, (const char[]){*key, '\0'}, 0), 0);
    assert_int_equal(phone_press(ph, "soft1", 0), 0);
    assert_string_equal(phone_get(ph, "Static_IP"), "10.0.0.7");
    mem_deref(f);
}

static void a_long_entry_moves_while_it_is_highlighted(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA504G", &ph);

    go(*state, ph, "5");
    assert_int_equal(phone_press(ph, "down", 0), 0);
    assert_string_equal(look(ph).rows[1], "2 Block Anonymous Cal");
    loop_advance(*state, 4000);
    assert_string_equal(look(ph).rows[1], "2  Anonymous Call: No");
    assert_int_equal(phone_press(ph, "down", 0), 0); /* the others stand still */
    assert_string_equal(look(ph).rows[1], "2 Block Anonymous Cal");
    mem_deref(f);
}

static void the_directories_key_of_a_7960_has_its_calls_and_what_the_server_adds(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "7960", &ph);

    phone_history_add(ph, HISTORY_MISSED, "1002", "Bob", "");
    assert_int_equal(phone_press(ph, "directory", 0), 0);
    assert_string_equal(look(ph).title, "Directories");
    assert_false(says(ph, "External"));
    assert_int_equal(phone_press(ph, "1", 0), 0);
    assert_string_equal(look(ph).title, "Missed Calls");
    assert_string_equal(look(ph).rows[0], "1 Bob");
    assert_int_equal(phone_set(ph, "XML_Directory_Service_URL", "http://127.0.0.1:9/d"), 0);
    assert_int_equal(phone_press(ph, "directory", 0), 0);
    assert_string_equal(look(ph).title, "Directories");
    assert_true(says(ph, "5 External"));
    mem_deref(f);
}

static void the_number_of_a_speed_dial_is_asked_for_by_its_position(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA504G", &ph);

    go(*state, ph, "2 4");
    assert_string_equal(look(ph).rows[0], "Enter Speed Dial 4:");
    mem_deref(f);
}

static void the_message_center_asks_for_a_number_it_does_not_know(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA525G2", &ph);

    go(*state, ph, "3");
    assert_string_equal(look(ph).title, "Voice Mail");
    assert_string_equal(look(ph).rows[0], "Enter Number:");
    mem_deref(f);
}

static void a_wip310_calls_its_mailbox_by_a_long_one(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "WIP310", &ph);

    assert_int_equal(phone_press(ph, "1", 200), 0);
    assert_string_equal(look(ph).app, "idle");
    assert_int_equal(phone_press(ph, "end", 0), 0);
    assert_int_equal(phone_press(ph, "1", 1500), 0);
    assert_string_equal(look(ph).title, "Voice Mail");
    mem_deref(f);
}

static void a_wip310_has_its_service_behind_the_settings(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "WIP310", &ph);

    go(*state, ph, "1");
    for (int i = 0; i < 20; i++)
        assert_int_equal(phone_press(ph, "down", 0), 0);
    assert_false(says(ph, "Lab pages"));
    assert_int_equal(phone_set(ph, "XML_Application_Service_Name", "Lab pages"), 0);
    assert_int_equal(phone_set(ph, "XML_Application_Service_URL", "http://127.0.0.1:9/a"), 0);
    assert_int_equal(phone_press(ph, "down", 0), 0);
    assert_true(says(ph, "Lab pages"));
    assert_int_equal(phone_press(ph, "select", 0), 0);
    assert_string_equal(look(ph).app, "xml");
    mem_deref(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_wip310_has_its_service_behind_the_settings, one_loop,
                                        one_loop_end),
        cmocka_unit_test_setup_teardown(items_stand_where_their_numbers_say, one_loop,
                                        one_loop_end),
        cmocka_unit_test_setup_teardown(the_network_menu_has_what_a_50x_adds, one_loop,
                                        one_loop_end),
        cmocka_unit_test_setup_teardown(information_is_told_in_the_words_of_the_dictionary,
                                        one_loop, one_loop_end),
        cmocka_unit_test_setup_teardown(an_address_is_typed_with_star_for_the_dot, one_loop,
                                        one_loop_end),
        cmocka_unit_test_setup_teardown(a_long_entry_moves_while_it_is_highlighted, one_loop,
                                        one_loop_end),
        cmocka_unit_test_setup_teardown(the_number_of_a_speed_dial_is_asked_for_by_its_position,
                                        one_loop, one_loop_end),
        cmocka_unit_test_setup_teardown(the_message_center_asks_for_a_number_it_does_not_know,
                                        one_loop, one_loop_end),
        cmocka_unit_test_setup_teardown(cancel_is_the_right_key_of_a_handset, one_loop,
                                        one_loop_end),
        cmocka_unit_test_setup_teardown(who_hides_is_an_anonymous_caller, one_loop, one_loop_end),
        cmocka_unit_test_setup_teardown(a_ring_tone_can_be_heard_before_it_is_chosen, one_loop,
                                        one_loop_end),
        cmocka_unit_test_setup_teardown(
            the_directories_key_of_a_7960_has_its_calls_and_what_the_server_adds, one_loop,
            one_loop_end),
        cmocka_unit_test_setup_teardown(a_wip310_calls_its_mailbox_by_a_long_one, one_loop,
                                        one_loop_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
