/* SPDX-License-Identifier: BSD-3-Clause */
/* "#" held while power comes (devices.md 2.2). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <string.h>
#include <cmocka.h>

#include "devices/model.h"
#include "sim/lcd/screen.h"
#include "tests/support/one_phone.h"

/* A phone with settings of its own, whose power went and came back with "#" held. */
static struct farm *held(struct loop *lp, const char *model, struct phone **php)
{
    struct phone *ph;
    struct farm *f = one_phone(lp, 154, model, &ph);

    assert_int_equal(phone_set(ph, "Station_Name", "Lobby"), 0);
    assert_int_equal(phone_set(ph, "Primary_DNS", "127.0.0.53"), 0);
    loop_advance(lp, 1000);
    phone_power(ph, false);
    assert_int_equal(phone_power_holding(ph, "#"), 0);
    *php = ph;
    return f;
}

static void type(struct phone *ph, const char *keys)
{
    for (; *keys; keys++) {
        const char key[2] = {*keys, '\0'};
        assert_int_equal(phone_press(ph, key, 0), 0);
    }
}

static const char *row(const struct phone *ph, unsigned i)
{
    static struct screen s;

    phone_screen(ph, &s);
    return i < s.n_rows ? s.rows[i] : "(none)";
}

static void has(struct loop *lp, const struct phone *ph, const char *station, const char *dns)
{
    loop_advance(lp, 10);
    assert_true(phone_is(ph, PHONE_IDLE));
    assert_string_equal(phone_get(ph, "Station_Name"), station);
    assert_string_equal(phone_get(ph, "Primary_DNS"), dns);
}

static void lamp_is(const struct phone *ph, const char *lamp, const char *want)
{
    const char *color = "", *pattern;

    assert_true(phone_lamp(ph, lamp, &color, &pattern));
    assert_string_equal(color, want);
}

static void a_7960_asks_whether_network_settings_stay(void **state)
{
    struct phone *ph;
    struct farm *f = held(*state, "7960", &ph);

    lamp_is(ph, "headset", "green");
    lamp_is(ph, "mute", "red");
    lamp_is(ph, "message", "off");
    type(ph, "123456789*0#");
    assert_string_equal(row(ph, 0), "Keep network config?");
    lamp_is(ph, "speaker", "green");
    type(ph, "5");
    type(ph, "1");
    has(*state, ph, "", "127.0.0.53");
    lamp_is(ph, "speaker", "off");
    mem_deref(f);
}

static void a_7960_forgets_them_too_where_it_is_told_so(void **state)
{
    struct phone *ph;
    struct farm *f = held(*state, "7960", &ph);

    type(ph, "34916728");
    type(ph, "50*#2"); /* the other sequence */
    has(*state, ph, "", "");
    mem_deref(f);
}

static void the_6800_is_reset_at_once(void **state)
{
    static const struct {
        const char *model, *on, *off;
    } models[] = {
        {"6821", "line1", "speaker"}, {"6841", "speaker", "line1"}, {"6851", "message", "mute"}};

    for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
        struct phone *ph;
        struct farm *f = held(*state, models[i].model, &ph);
        const char *color = "", *pattern;

        assert_true(phone_lamp(ph, models[i].on, &color, &pattern));
        assert_string_not_equal(color, "off");
        lamp_is(ph, models[i].off, "off");
        type(ph, "11223456789*00#");
        has(*state, ph, "", "");
        mem_deref(f);
    }
}

static void a_wrong_key_and_a_minute_start_the_phone_as_it_is(void **state)
{
    struct phone *ph;
    struct farm *f = held(*state, "7960", &ph);

    type(ph, "1239");
    has(*state, ph, "Lobby", "127.0.0.53");
    phone_power(ph, false);
    assert_int_equal(phone_power_holding(ph, "#"), 0);
    loop_advance(*state, 59000);
    assert_string_equal(row(ph, 0), "Enter reset sequence");
    loop_advance(*state, 1100);
    has(*state, ph, "Lobby", "127.0.0.53");
    mem_deref(f);
}

static void a_spa_takes_no_notice(void **state)
{
    struct phone *ph;
    struct farm *f = held(*state, "SPA504G", &ph);

    has(*state, ph, "Lobby", "127.0.0.53");
    assert_int_equal(phone_power_holding(ph, "#"), EALREADY);
    assert_int_equal(phone_power_holding(ph, "nonsense"), ENOENT);
    mem_deref(f);
}

static void a_pulled_plug_ends_it(void **state)
{
    struct phone *ph;
    struct farm *f = held(*state, "7960", &ph);

    type(ph, "1234");
    phone_power(ph, false);
    loop_advance(*state, 70000);
    assert_false(phone_powered(ph));
    phone_power(ph, true);
    has(*state, ph, "Lobby", "127.0.0.53");
    mem_deref(f);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, one_loop, one_loop_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_7960_asks_whether_network_settings_stay),
        TEST(a_7960_forgets_them_too_where_it_is_told_so),
        TEST(the_6800_is_reset_at_once),
        TEST(a_wrong_key_and_a_minute_start_the_phone_as_it_is),
        TEST(a_spa_takes_no_notice),
        TEST(a_pulled_plug_ends_it),
    };

    return cmocka_run_group_tests_name("reset", tests, NULL, NULL);
}
