/* SPDX-License-Identifier: BSD-3-Clause */
/* What a changed parameter touches (provisioning.md 11). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tests/support/real_farm.h"

struct fixture {
    struct loop *lp;
    struct farm *f;
    struct phone *ph;
    unsigned n_reboots, n_boots, n_registers, n_passes;
    char why[64];
};

static void event_handler(struct farm *f, struct phone *ph, const struct phone_event *ev, void *arg)
{
    struct fixture *x = arg;

    (void)f;
    (void)ph;
    x->n_boots += ev->ev == PHONE_EV_BOOT;
    x->n_registers += ev->ev == PHONE_EV_REGISTER;
    x->n_passes += ev->ev == PHONE_EV_PROVISIONED;
    if (ev->ev == PHONE_EV_REBOOT) {
        x->n_reboots++;
        snprintf(x->why, sizeof(x->why), "%s", ev->text);
    }
}

static int set_up(void **state)
{
    static const char *const options[] = {
        "addr",         "127.161.1.0/24",   "registrar", "127.161.1.250", "set", "Register_1_=No",
        "profile-rule", "66=127.161.1.251", "set",       "Profile_Rule=", NULL};
    struct fixture *x = calloc(1, sizeof(*x));

    *state = x;
    if (!x || loop_alloc(&x->lp, &(struct loop_config){.clock = CLOCK_VIRTUAL}))
        return -1;
    x->f = real_farm_up(x->lp, options);
    x->ph = farm_phone(x->f, 1);
    return farm_observe(x->f, event_handler, x);
}

static int tear_down(void **state)
{
    struct fixture *x = *state;

    mem_deref(x->f);
    mem_deref(x->lp);
    free(x);
    return 0;
}

static void some_parameters_touch_nothing(void **state)
{
    static const char *const names[] = {
        "GPP_A",          "Log_Resync_Failure_Msg", "Resync_Error_Retry_Delay",
        "Upgrade_Enable", "Short_Name_2_",          "Speed_Dial_2",
        "Admin_Passwd",   "Ringer_Volume"};
    struct fixture *x = *state;

    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        assert_int_equal(phone_set(x->ph, names[i], i == 3 ? "No" : "7"), 0);
    loop_advance(x->lp, 1000);
    assert_int_equal(x->n_reboots, 0);
    assert_int_equal(x->n_registers, 0);
}

static void some_take_a_restart_and_no_resync(void **state)
{
    static const char *const sets[][2] = {{"Primary_DNS", "192.0.2.53"},  {"Enable_VLAN", "Yes"},
                                          {"Web_Server_Port", "8080"},    {"RTP_Port_Min", "20000"},
                                          {"PC_Port_VLAN_ID", "7"},       {"NTP_Enable", "No"},
                                          {"Dual_Registration_1_", "Yes"}};
    struct fixture *x = *state;

    for (unsigned i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
        assert_int_equal(phone_set(x->ph, sets[i][0], sets[i][1]), 0);
        loop_advance(x->lp, 1000);
        assert_int_equal(x->n_reboots, i + 1);
        assert_int_equal(x->n_boots, i + 1);
        assert_string_equal(x->why, "Provisioning");
        assert_true(phone_is(x->ph, PHONE_IDLE));
    }
}

static void the_same_value_again_touches_nothing(void **state)
{
    struct fixture *x = *state;

    assert_int_equal(phone_set(x->ph, "Primary_DNS", ""), 0);
    loop_advance(x->lp, 1000);
    assert_int_equal(x->n_reboots, 0);
}

static void several_changes_of_one_submission_are_one_restart(void **state)
{
    struct fixture *x = *state;

    assert_int_equal(phone_store(x->ph, "Primary_DNS", "192.0.2.53"), 0);
    assert_int_equal(phone_store(x->ph, "NetMask", "255.255.0.0"), 0);
    loop_advance(x->lp, 1000);
    assert_int_equal(x->n_reboots, 0);
    phone_submit(x->ph);
    loop_advance(x->lp, 1000);
    assert_int_equal(x->n_reboots, 1);
}

static void every_change_may_be_told_to_restart(void **state)
{
    struct fixture *x = *state;

    assert_int_equal(phone_set(x->ph, "Sim_Every_Change_Reboots", "Yes"), 0);
    loop_advance(x->lp, 1000);
    assert_int_equal(phone_set(x->ph, "GPP_A", "other"), 0);
    loop_advance(x->lp, 1000);
    assert_int_equal(x->n_reboots, 2);
}

static void a_restart_when_idle_is_at_once_without_calls(void **state)
{
    struct fixture *x = *state;

    phone_reboot_when_idle(x->ph, false, "System rebooting");
    loop_advance(x->lp, 1000);
    assert_int_equal(x->n_reboots, 1);
    assert_int_equal(x->n_boots, 1);
}

static void power_off_forgets_a_restart_that_waits(void **state)
{
    struct fixture *x = *state;

    assert_int_equal(phone_set(x->ph, "Primary_DNS", "192.0.2.53"), 0);
    phone_power(x->ph, false);
    loop_advance(x->lp, 1000);
    assert_int_equal(x->n_reboots, 0);
    phone_power(x->ph, true);
    loop_advance(x->lp, 1000);
    assert_int_equal(x->n_boots, 1); /* what is in force at power-on needs no restart */
}

static void a_restart_resyncs_when_told_but_not_after_new_parameters(void **state)
{
    struct fixture *x = *state;

    phone_reboot(x->ph, true, "NOTIFY restart");
    loop_advance(x->lp, 1000);
    assert_int_equal(x->n_passes, 0);
    phone_reboot(x->ph, false, "NOTIFY reboot");
    loop_advance(x->lp, 1000);
    assert_int_equal(x->n_passes, 1);
    assert_int_equal(phone_set(x->ph, "Sim_Resync_On_Restart", "Yes"), 0);
    phone_reboot(x->ph, true, "NOTIFY restart");
    loop_advance(x->lp, 1000);
    assert_int_equal(x->n_passes, 2);
    assert_int_equal(phone_set(x->ph, "Primary_DNS", "192.0.2.53"), 0);
    loop_advance(x->lp, 1000);
    assert_int_equal(x->n_reboots, 4);
    assert_int_equal(x->n_passes, 2);
}

static void a_changed_rule_resyncs_at_once_unless_told_otherwise(void **state)
{
    struct fixture *x = *state;

    assert_int_equal(phone_set(x->ph, "Profile_Rule", "(1 eq 3)? /none"), 0);
    loop_advance(x->lp, 1000);
    assert_int_equal(x->n_passes, 1);
    assert_int_equal(phone_set(x->ph, "Sim_Resync_On_Rule_Change", "No"), 0);
    assert_int_equal(phone_set(x->ph, "Profile_Rule", "(1 eq 4)? /none"), 0);
    loop_advance(x->lp, 1000);
    assert_int_equal(x->n_passes, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(some_parameters_touch_nothing),
        TEST(some_take_a_restart_and_no_resync),
        TEST(the_same_value_again_touches_nothing),
        TEST(several_changes_of_one_submission_are_one_restart),
        TEST(every_change_may_be_told_to_restart),
        TEST(a_restart_when_idle_is_at_once_without_calls),
        TEST(power_off_forgets_a_restart_that_waits),
        TEST(a_changed_rule_resyncs_at_once_unless_told_otherwise),
        TEST(a_restart_resyncs_when_told_but_not_after_new_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
