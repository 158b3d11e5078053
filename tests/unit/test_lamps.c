/* SPDX-License-Identifier: BSD-3-Clause */
/* Lamps of line keys and of messages: scripts of the parameters, defaults of two firmware ages
 * (devices.md 3). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "sim/phone/lamp_look.h"
#include "tests/support/one_phone.h"

/* One phone of the model and firmware, up; its registrar is not there. */
static struct farm *phone(struct loop *lp, const char *model, const char *firmware, const char *set,
                          struct phone **ph)
{
    const char *const options[] = {"model",    model,    "addr",      "127.213.0.0/24",
                                   "firmware", firmware, "registrar", "127.213.0.250",
                                   "set",      set,      NULL};
    struct farm *f = real_farm_up(lp, options);
    *ph = farm_phone(f, 1);
    return f;
}

static void lamp_is(const struct phone *ph, const char *lamp, const char *want)
{
    const char *color = "", *pattern = "";
    char text[40];

    assert_true(phone_lamp(ph, lamp, &color, &pattern));
    snprintf(text, sizeof(text), "%s %s", color, pattern);
    assert_string_equal(text, want);
}

static void a_script_is_read_as_the_guide_writes_it(void **state)
{
    static const struct {
        const char *script, *want;
    } cases[] = {
        {"c=r;p=s", "red slow"},
        {"c=g, p=sb", "green slow"},
        {" c = a ; p = nb", "amber steady"},
        {"c=o", "off steady"},
        {"p=f;c=r", "red fast"},
        {"c=r;p=d", "red double"},
        {"c=r;p=ud;u=.1/.1", "red .1/.1"},
        {"u=1/1;c=g;p=u", "green slow"},
        {"c=r;p=u;u=.2/.2/.2/1", "red .2/.2/.2/1"},
        {"c=r;u=.2/.2/.2/1;p=u", "red double"},
        {"c=r;p=u;u=1/0", "red steady"},
        {"c=r;p=u;u=1/1x", "red slow"},
        {"c=r;p=ud;u=", "red steady"},
        {"p=f", "none"},
        {"c=x", "none"},
        {"", "none"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *color = "none", *pattern = NULL;
        char text[40] = "none";
        if (lamp_script_read(cases[i].script, &color, &pattern))
            snprintf(text, sizeof(text), "%s %s", color, pattern);
        assert_string_equal(text, cases[i].want);
    }
}

static void a_registration_shows_as_its_firmware_has_it(void **state)
{
    static const struct {
        const char *model, *firmware, *want;
    } cases[] = {
        {"SPA504G", "7.5.7", "amber slow"},
        {"SPA504G", "7.4.9c", "red slow"},
        {"6841", "12.0.7", "amber steady"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct phone *ph;
        struct farm *f = phone(*state, cases[i].model, cases[i].firmware, "User_ID_1_=1001", &ph);
        lamp_is(ph, "line1", cases[i].want);
        mem_deref(f);
    }
}

static void line_keys_obey_their_scripts(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA504G", "7.5.7", "Register_1_=No", &ph);

    lamp_is(ph, "line1", "green steady");
    assert_int_equal(phone_set(ph, "Idle_LED", "c=a;p=d"), 0);
    assert_int_equal(phone_set(ph, "Local_Seized_LED", "c=g;p=f"), 0);
    lamp_is(ph, "line1", "amber double");
    assert_int_equal(phone_press(ph, "line1", 0), 0);
    lamp_is(ph, "line1", "green fast");
    assert_int_equal(phone_press(ph, "speaker", 0), 0);
    assert_int_equal(phone_set(ph, "Register_1_", "Yes"), 0);
    assert_int_equal(phone_set(ph, "Registering_LED", "c=g;p=s"), 0);
    lamp_is(ph, "line1", "green slow");
    assert_int_equal(phone_set(ph, "Extension_2_", "Disabled"), 0);
    lamp_is(ph, "line2", "off steady");
    assert_int_equal(phone_set(ph, "Disabled_LED", "c=r"), 0);
    lamp_is(ph, "line2", "red steady");
    mem_deref(f);
}

static void the_lamp_of_a_spa301_tells_of_calls(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA301", "7.5.7", "Register_1_=No", &ph);

    lamp_is(ph, "message", "off steady");
    assert_int_equal(phone_press(ph, "hook", 0), 0);
    lamp_is(ph, "message", "green steady");
    assert_int_equal(phone_press(ph, "mute", 0), 0);
    lamp_is(ph, "mute", "red steady");
    assert_int_equal(phone_press(ph, "hook", 0), 0);
    lamp_is(ph, "message", "off steady");
    mem_deref(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_script_is_read_as_the_guide_writes_it),
        cmocka_unit_test_setup_teardown(a_registration_shows_as_its_firmware_has_it, one_loop,
                                        one_loop_end),
        cmocka_unit_test_setup_teardown(line_keys_obey_their_scripts, one_loop, one_loop_end),
        cmocka_unit_test_setup_teardown(the_lamp_of_a_spa301_tells_of_calls, one_loop,
                                        one_loop_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
