/* SPDX-License-Identifier: BSD-3-Clause */
/* The voice menu of phones without a screen (devices.md 13). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "sim/lcd/screen.h"
#include "tests/support/real_farm.h"

struct fixture {
    struct loop *lp;
    struct farm *f;
    struct phone *ph;
};

static int set_up(void **state)
{
    static struct fixture f;

    memset(&f, 0, sizeof(f));
    *state = &f;
    return loop_alloc(&f.lp, &(struct loop_config){.clock = CLOCK_VIRTUAL});
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    mem_deref(f->f);
    mem_deref(f->lp);
    return 0;
}

static void use(struct fixture *f, const char *model, const char *set)
{
    const char *const options[] = {"model",     model,
                                   "addr",      "127.102.5.0/24",
                                   "set",       "Register_1_=No",
                                   "set",       "Make_Call_Without_Reg_1_=Yes",
                                   "registrar", "127.102.5.250",
                                   "set",       set,
                                   NULL};
    f->f = real_farm_up(f->lp, options);
    f->ph = farm_phone(f->f, 1);
}

/* Digits one after the other, 600 ms apart; "h" = the hook. */
static void press(struct fixture *f, const char *keys)
{
    for (; *keys; keys++) {
        const char key[] = {*keys, '\0'};
        assert_int_equal(phone_press(f->ph, *keys == 'h' ? "hook" : key, 0), 0);
        loop_advance(f->lp, 600);
    }
}

static bool is_open(const struct fixture *f)
{
    struct screen s;

    phone_screen(f->ph, &s);
    return strcmp(s.app, "ivr") == 0;
}

static void says(const struct fixture *f, const char *text)
{
    char got[1000] = "";
    struct screen s;

    phone_screen(f->ph, &s);
    for (unsigned i = 0; i < s.n_rows; i++) {
        strcat(got, i ? " " : "");
        strcat(got, s.rows[i]);
    }
    if (!strstr(got, text))
        fail_msg("\"%s\" is not in \"%s\"", text, got);
}

static void four_stars_off_hook_open_it(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA301", "GPP_A=x");
    press(f, "h***");
    assert_false(is_open(f));
    press(f, "*");
    says(f, "Configuration menu");
    press(f, "h");
    assert_false(is_open(f));
    press(f, "h1****"); /* a number that begins otherwise */
    assert_false(is_open(f));
}

static void options_are_spoken(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA301", "Primary_DNS=10.1.1.1");
    press(f, "h****110#");
    says(f, "IP address 127.102.5.1.");
    press(f, "100#");
    says(f, "DHCP enabled.");
    press(f, "160#");
    says(f, "Primary DNS 10.1.1.1.");
    press(f, "170#");
    says(f, "Web server port 80.");
    press(f, "999#");
    says(f, "Invalid option. Configuration menu.");
}

static void a_value_is_saved_and_counts_from_hang_up_on(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA301", "GPP_A=x");
    press(f, "h****161#");
    says(f, "Primary DNS. Enter value, then pound");
    press(f, "10*2*300#");
    says(f, "Invalid value");
    press(f, "10*2*3*4#");
    says(f, "Primary DNS 10.2.3.4. Press 1 to save");
    press(f, "3");
    press(f, "10*2*3*5#2");
    says(f, "Primary DNS 10.2.3.5.");
    press(f, "1");
    says(f, "Option saved.");
    press(f, "7932#0#*");
    says(f, "Cancelled.");
    press(f, "h");
    assert_false(is_open(f));
    loop_advance(f->lp, 60000);
    assert_string_equal(phone_get(f->ph, "Primary_DNS"), "10.2.3.5");
    assert_string_equal(phone_get(f->ph, "Enable_Web_Server"), "Yes");
}

static void an_admin_password_is_asked_for(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA301", "Admin_Passwd=aZ-3");
    press(f, "h****110#");
    says(f, "127.102.5.1"); /* to listen is free */
    press(f, "7932#");
    says(f, "Enter password");
    press(f, "1234#");
    says(f, "Invalid password.");
    press(f, "7932#2903#"); /* a, z, any other symbol, 3 */
    says(f, "Enter 1 to enable");
    press(f, "0#1");
    says(f, "Option saved.");
    press(f, "161#"); /* it is asked for once */
    says(f, "Enter value");
    press(f, "h");
    assert_string_equal(phone_get(f->ph, "Enable_Web_Server"), "No");
}

static void two_quick_stars_leave_an_entry(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA301", "GPP_A=x");
    press(f, "h****161#");
    assert_int_equal(phone_press(f->ph, "*", 0), 0);
    loop_advance(f->lp, 400);
    assert_int_equal(phone_press(f->ph, "*", 0), 0);
    says(f, "Cancelled.");
}

static void a_minute_of_silence_ends_it(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA501G", "GPP_A=x");
    assert_int_equal(phone_press(f->ph, "setup", 0), 0); /* a key for it */
    says(f, "Configuration menu");
    loop_advance(f->lp, 59000);
    assert_true(is_open(f));
    loop_advance(f->lp, 2000);
    assert_false(is_open(f));
}

static void a_factory_reset_wants_to_be_confirmed(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA301", "GPP_A=x");
    assert_int_equal(phone_set(f->ph, "GPP_B", "mine"), 0);
    press(f, "h****73738#0#");
    says(f, "Invalid value");
    press(f, "1#");
    says(f, "Hang up to go on.");
    assert_string_equal(phone_get(f->ph, "GPP_B"), "mine");
    press(f, "h");
    assert_string_equal(phone_get(f->ph, "GPP_B"), "");
}

static void a_user_reset_takes_back_what_the_user_may_change(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA301", "GPP_A=x");
    assert_int_equal(phone_set(f->ph, "GPP_B", "mine"), 0); /* the administrator's */
    assert_int_equal(phone_set(f->ph, "Cfwd_All_Dest", "1003"), 0);
    assert_int_equal(phone_set(f->ph, "DND_Setting", "Yes"), 0);
    press(f, "h****877778#1#");
    says(f, "Hang up to go on.");
    press(f, "h");
    assert_string_equal(phone_get(f->ph, "GPP_B"), "mine");
    assert_string_equal(phone_get(f->ph, "Cfwd_All_Dest"), "");
    assert_string_equal(phone_get(f->ph, "DND_Setting"), "No");
}

static void a_phone_with_a_screen_has_none(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA303", "GPP_A=x");
    press(f, "h****");
    assert_false(is_open(f));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(four_stars_off_hook_open_it),
        CASE(options_are_spoken),
        CASE(a_value_is_saved_and_counts_from_hang_up_on),
        CASE(an_admin_password_is_asked_for),
        CASE(two_quick_stars_leave_an_entry),
        CASE(a_minute_of_silence_ends_it),
        CASE(a_factory_reset_wants_to_be_confirmed),
        CASE(a_user_reset_takes_back_what_the_user_may_change),
        CASE(a_phone_with_a_screen_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
