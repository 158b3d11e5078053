/* SPDX-License-Identifier: BSD-3-Clause */
/* What an idle phone shows, devices.md 6.2 and 7. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <regex.h>
#include <string.h>
#include <cmocka.h>

#include "devices/model.h"
#include "sim/lcd/screen.h"
#include "tests/support/one_phone.h"

static struct farm *phone(struct loop *lp, const char *model, struct phone **ph)
{
    return one_phone(lp, 151, model, ph);
}

static const char *row(const struct phone *ph, unsigned i)
{
    static struct screen s;
    phone_screen(ph, &s);
    return i < s.n_rows ? s.rows[i] : "(none)";
}

static void softkeys_are(const struct phone *ph, const char *a, const char *b, const char *c,
                         const char *d)
{
    const char *want[] = {a, b, c, d};
    struct screen s;

    phone_screen(ph, &s);
    assert_int_equal(s.n_softkeys, 4);
    for (unsigned i = 0; i < 4; i++)
        assert_string_equal(s.softkeys[i], want[i]);
}

static void matches(const char *text, const char *pattern)
{
    regex_t re;
    assert_int_equal(regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB), 0);
    const int no = regexec(&re, text, 0, NULL, 0);
    regfree(&re);
    if (no)
        fail_msg("\"%s\" is not like %s", text, pattern);
}

static void every_model_has_an_idle_screen_that_fits_it(void **state)
{
    for (const struct device_model *const *m = device_models(); *m; m++) {
        struct phone *ph;
        struct screen s;
        struct farm *f = phone(*state, (*m)->name, &ph);

        assert_true(phone_is(ph, PHONE_IDLE));
        phone_screen(ph, &s);
        assert_string_equal(s.app, "idle");
        if (!(*m)->lcd.width_px) {
            assert_int_equal(s.n_rows + s.n_labels + s.n_softkeys, 0);
        } else {
            matches(s.rows[0], "^[0-9]{2}/[0-9]{2} [0-9]{2}:[0-9]{2}[ap]?$");
            if (s.n_rows > (*m)->lcd.rows || s.n_softkeys > (*m)->n_softkeys)
                fail_msg("%s: %u rows, %u soft keys", (*m)->name, s.n_rows, s.n_softkeys);
            assert_string_equal(s.labels[0], "1001");
        }
        mem_deref(f);
    }
}

static void the_clock_follows_its_formats(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA504G", &ph);

    matches(row(ph, 0), "^[01][0-9]/[0-3][0-9] (0[1-9]|1[0-2]):[0-5][0-9][ap]$");
    assert_int_equal(phone_set(ph, "Time_Format", "24hr"), 0);
    matches(row(ph, 0), "^[01][0-9]/[0-3][0-9] [0-2][0-9]:[0-5][0-9]$");
    assert_int_equal(phone_set(ph, "Date_Format", "day/month"), 0);
    matches(row(ph, 0), "^[0-3][0-9]/[01][0-9] [0-2][0-9]:[0-5][0-9]$");
    mem_deref(f);
}

static void the_display_name_wins_over_the_station_name(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA504G", &ph);

    assert_int_equal(phone_set(ph, "Station_Name", "Lobby"), 0);
    assert_string_equal(row(ph, 1), "Lobby");
    assert_int_equal(phone_set(ph, "Station_Display_Name", "Front Desk"), 0);
    assert_string_equal(row(ph, 1), "Front Desk");
    mem_deref(f);
}

static void line_keys_carry_the_short_name(void **state)
{
    struct phone *ph;
    struct screen s;
    struct farm *f = phone(*state, "SPA504G", &ph);

    phone_screen(ph, &s);
    assert_int_equal(s.n_labels, 4);
    assert_int_equal(phone_set(ph, "Short_Name_2_", "Desk $USER"), 0);
    assert_int_equal(phone_set(ph, "Extension_3_", "Disabled"), 0);
    phone_screen(ph, &s);
    assert_string_equal(s.labels[0], "1001");
    assert_string_equal(s.labels[1], "Desk 1001");
    assert_string_equal(s.labels[2], "");
    assert_string_equal(s.label_icons[2], "");
    mem_deref(f);
}

static void banners_come_in_their_order_two_at_most(void **state)
{
    const char *const options[] = {"addr", "127.151.0.0/24", "registrar", "127.151.0.250:9", NULL};
    struct farm *f = real_farm_up(*state, options);
    struct phone *ph = farm_phone(f, 1);
    struct screen s;

    matches(row(ph, 2), "^(Registering|Not Registered)$");
    assert_int_equal(phone_set(ph, "Cfwd_All_Dest", "1002"), 0);
    assert_string_equal(row(ph, 3), "Calls Forwarded");
    assert_int_equal(phone_set(ph, "DND_Setting", "Yes"), 0);
    assert_string_equal(row(ph, 3), "Do Not Disturb");
    phone_screen(ph, &s);
    assert_int_equal(s.n_rows, 4);
    assert_int_equal(phone_press(ph, "5", 0), 0); /* takes the place of the last */
    assert_string_equal(row(ph, 2), "5");
    phone_screen(ph, &s);
    assert_int_equal(s.n_rows, 4);
    mem_deref(f);
}

static void a_line_that_does_not_register_shows_no_banner(void **state)
{
    struct phone *ph;
    struct screen s;
    struct farm *f = phone(*state, "SPA504G", &ph);

    phone_screen(ph, &s);
    assert_int_equal(s.n_rows, 2);
    mem_deref(f);
}

static void soft_keys_turn_their_pages_with_the_rocker(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA504G", &ph);

    softkeys_are(ph, "redial", "dir", "cfwd", "dnd");
    assert_int_equal(phone_press(ph, "right", 0), 0);
    softkeys_are(ph, "lcr", "pickup", "grPick", "unpark");
    assert_int_equal(phone_press(ph, "right", 0), 0);
    softkeys_are(ph, "redial", "dir", "cfwd", "dnd");
    assert_int_equal(phone_press(ph, "left", 0), 0);
    softkeys_are(ph, "lcr", "pickup", "grPick", "unpark");
    mem_deref(f);
}

static void the_colour_screen_has_long_labels(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA525G2", &ph);

    softkeys_are(ph, "Redial", "Dir", "Forward", "DND");
    assert_int_equal(phone_press(ph, "soft4", 0), 0);
    softkeys_are(ph, "Redial", "Dir", "Forward", "Clr DND");
    mem_deref(f);
}

static void dnd_is_toggled_by_its_key_alone(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA504G", &ph);

    assert_int_equal(phone_press(ph, "soft3", 0), 0); /* asks where to forward calls to */
    assert_string_equal(row(ph, 0), "Enter CFWD All Number:");
    assert_int_equal(phone_press(ph, "hook", 0), 0);
    assert_string_equal(phone_get(ph, "DND_Setting"), "No");
    assert_int_equal(phone_press(ph, "soft4", 0), 0);
    assert_string_equal(phone_get(ph, "DND_Setting"), "Yes");
    softkeys_are(ph, "redial", "dir", "cfwd", "-dnd");
    assert_string_equal(row(ph, 2), "Do Not Disturb");
    assert_int_equal(phone_press(ph, "soft4", 0), 0);
    assert_string_equal(phone_get(ph, "DND_Setting"), "No");
    assert_string_equal(row(ph, 2), "(none)");
    mem_deref(f);
}

static void a_key_list_of_the_profile_is_obeyed(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA504G", &ph);

    assert_int_equal(phone_set(ph, "Idle_Key_List", "dnd|2"), 0);
    softkeys_are(ph, "redial", "dir", "cfwd", "dnd"); /* they are not programmable */
    assert_int_equal(phone_set(ph, "Programmable_Softkey_Enable", "Yes"), 0);
    softkeys_are(ph, "", "dnd", "", "");
    assert_int_equal(phone_press(ph, "soft1", 0), 0);
    assert_string_equal(phone_get(ph, "DND_Setting"), "No");
    assert_int_equal(phone_press(ph, "soft2", 0), 0);
    assert_string_equal(phone_get(ph, "DND_Setting"), "Yes");
    mem_deref(f);
}

static void digits_are_shown_as_they_are_entered(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA504G", &ph);

    assert_int_equal(phone_type(ph, "*1#"), 0);
    assert_string_equal(row(ph, 2), "*1#");
    for (int i = 0; i < 100; i++)
        assert_int_equal(phone_press(ph, "5", 0), 0);
    matches(row(ph, 2), "^\\*1#5{28}$"); /* the line is full */
    phone_power(ph, false);
    phone_power(ph, true);
    loop_advance(*state, 10);
    assert_string_equal(row(ph, 2), "(none)");
    mem_deref(f);
}

static void a_phone_that_is_off_shows_nothing(void **state)
{
    struct phone *ph;
    struct screen s;
    struct farm *f = phone(*state, "SPA504G", &ph);

    phone_power(ph, false);
    phone_screen(ph, &s);
    assert_string_equal(s.app, "off");
    assert_int_equal(s.n_rows + s.n_labels + s.n_softkeys, 0);
    phone_power(ph, true);
    phone_screen(ph, &s);
    assert_string_equal(s.app, "boot");
    assert_string_equal(s.rows[0], "System Booting Up");
    mem_deref(f);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, one_loop, one_loop_end)
    const struct CMUnitTest tests[] = {
        TEST(every_model_has_an_idle_screen_that_fits_it),
        TEST(the_clock_follows_its_formats),
        TEST(the_display_name_wins_over_the_station_name),
        TEST(line_keys_carry_the_short_name),
        TEST(banners_come_in_their_order_two_at_most),
        TEST(a_line_that_does_not_register_shows_no_banner),
        TEST(soft_keys_turn_their_pages_with_the_rocker),
        TEST(the_colour_screen_has_long_labels),
        TEST(dnd_is_toggled_by_its_key_alone),
        TEST(a_key_list_of_the_profile_is_obeyed),
        TEST(digits_are_shown_as_they_are_entered),
        TEST(a_phone_that_is_off_shows_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
