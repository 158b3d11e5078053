/* SPDX-License-Identifier: BSD-3-Clause */
/* When a phone resyncs (provisioning.md 10). */
#include "sim/loop/clock.h"
#include "sim/prov/rule.h"
#include "tests/support/fake_prov.h"

enum { DAY_S = 24 * HOUR_S, N_PHONES = 1000, NEW_YEAR_S = 1767225600 };

static unsigned long wall_s(const struct fixture *f)
{
    return (unsigned long)(clock_wall_ms(f->lp) / 1000);
}

/* To the next moment at which the clock in Greenwich shows this many seconds. */
static void advance_to(struct fixture *f, unsigned long of_day)
{
    advance_s(f, (of_day + DAY_S - wall_s(f) % DAY_S) % DAY_S);
}

/* ---- at a time of day */

static void resync_at_takes_the_place_of_the_period(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE(""));
    set(f, "Time_Zone", "GMT");
    set(f, "Resync_At__HHmm_", "0330");
    set(f, "Resync_At_Random_Delay", "0");
    boot(f);
    assert_int_equal(f->fetcher.n_seen, 1);
    advance_to(f, 3 * HOUR_S + 30 * 60 - 1);
    assert_int_equal(f->fetcher.n_seen, 1);
    advance_s(f, 2);
    assert_int_equal(f->fetcher.n_seen, 2);
    advance_s(f, DAY_S - 2);
    assert_int_equal(f->fetcher.n_seen, 2);
    advance_s(f, 2);
    assert_int_equal(f->fetcher.n_seen, 3);
}

static void resync_at_goes_on_after_a_failure_that_is_not_retried(void **state)
{
    struct fixture *f = *state;

    set(f, "Time_Zone", "GMT");
    set(f, "Resync_At__HHmm_", "0330");
    set(f, "Resync_At_Random_Delay", "0");
    set(f, "Resync_Error_Retry_Delay", "0");
    boot(f);
    assert_false(f->last.ok);
    assert_in_range(f->last.next_s, 1, DAY_S);
    advance_to(f, 3 * HOUR_S + 30 * 60 - 1);
    assert_int_equal(f->fetcher.n_seen, 1);
    advance_s(f, 2);
    assert_int_equal(f->fetcher.n_seen, 2);
    advance_s(f, DAY_S);
    assert_int_equal(f->fetcher.n_seen, 3);
}

static void a_retry_and_resync_at_each_come_when_they_are_due(void **state)
{
    struct fixture *f = *state;

    set(f, "Time_Zone", "GMT");
    set(f, "Resync_At__HHmm_", "0330");
    set(f, "Resync_At_Random_Delay", "0");
    set(f, "Resync_Error_Retry_Delay", "7200");
    set(f, "Profile_Rule", "/$PRVST.xml");
    advance_to(f, 0);
    boot(f);
    advance_to(f, 2 * HOUR_S + 10);
    assert_requests(f, 2, "tftp://192.0.2.1/2.xml");
    advance_to(f, 3 * HOUR_S + 30 * 60 + 10); /* the next retry would be at four */
    assert_requests(f, 3, "tftp://192.0.2.1/1.xml");
    advance_to(f, 5 * HOUR_S + 30 * 60 + 10);
    assert_requests(f, 4, "tftp://192.0.2.1/2.xml");
}

static void the_time_of_day_is_that_of_the_phones_zone(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE(""));
    set(f, "Resync_At__HHmm_", "0000");
    set(f, "Resync_At_Random_Delay", "0"); /* the zone is GMT-08:00 */
    boot(f);
    advance_to(f, 8 * HOUR_S - 1);
    assert_int_equal(f->fetcher.n_seen, 1);
    advance_s(f, 2);
    assert_int_equal(f->fetcher.n_seen, 2);
}

static void what_is_no_time_of_day_is_ignored(void **state)
{
    static const char *const bad[] = {"330", "0360", "2401", "25:00", "noon", "2500"};
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE(""));
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        set(f, "Resync_At__HHmm_", bad[i]);
        boot(f);
        assert_int_equal(f->last.next_s, HOUR_S);
        prov_stop(f->prov);
    }
}

static void midnight_may_be_written_2400(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE(""));
    set(f, "Time_Zone", "GMT");
    set(f, "Resync_At__HHmm_", "2400");
    set(f, "Resync_At_Random_Delay", "0");
    boot(f);
    assert_in_range(f->last.next_s, DAY_S - 10, DAY_S);
}

/* 0 = off, below 600 s acts as 600, rounded to minutes [X 19] */
static void the_random_delay_behind_it_has_its_bounds(void **state)
{
    static const struct {
        const char *set;
        unsigned most_s;
    } rows[] = {{"0", 0}, {"1", 600}, {"600", 600}, {"1829", 1800}, {"1830", 1860}};
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE(""));
    set(f, "Time_Zone", "GMT");
    set(f, "Resync_At__HHmm_", "0100");
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        unsigned most = 0;
        set(f, "Resync_At_Random_Delay", rows[i].set);
        for (unsigned n = 0; n < 60; n++) {
            prov_stop(f->prov);
            prov_plan(f->prov);
            struct prov_status st;
            prov_status_get(f->prov, &st);
            const unsigned wait = st.next_s - (HOUR_S - (unsigned)(wall_s(f) - NEW_YEAR_S));
            most = wait > most ? wait : most;
        }
        assert_in_range(most, rows[i].most_s * 9 / 10, rows[i].most_s);
    }
}

/* Both other readings of [X 19]: 0 acts as 600, too; all values count as they are. */
static void the_least_random_delay_may_be_another(void **state)
{
    static const struct {
        const char *least, *zero_is_off, *set;
        unsigned most_s;
    } rows[] = {{"600", "No", "0", 600}, {"0", "Yes", "120", 120}, {"0", "Yes", "0", 0}};
    struct fixture *f = *state;

    set(f, "Time_Zone", "GMT");
    set(f, "Resync_At__HHmm_", "0100");
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        unsigned most = 0;
        set(f, "Sim_Resync_At_Least", rows[i].least);
        set(f, "Sim_Resync_At_Zero_Is_Off", rows[i].zero_is_off);
        set(f, "Resync_At_Random_Delay", rows[i].set);
        for (unsigned n = 0; n < 60; n++) {
            struct prov_status st;
            prov_stop(f->prov);
            prov_plan(f->prov);
            prov_status_get(f->prov, &st);
            const unsigned wait = st.next_s - (HOUR_S - (unsigned)(wall_s(f) - NEW_YEAR_S));
            most = wait > most ? wait : most;
        }
        assert_in_range(most, rows[i].most_s * 9 / 10, rows[i].most_s);
    }
}

static void a_night_of_25_hours_moves_the_moment(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE(""));
    set(f, "Time_Zone", "GMT");
    set(f, "Daylight_Saving_Time_Enable", "Yes");
    set(f, "Daylight_Saving_Time_Rule", "start=1/1/0/12;end=1/2/0/3;save=1");
    set(f, "Resync_At__HHmm_", "0600");
    set(f, "Resync_At_Random_Delay", "0");
    advance_to(f, 13 * HOUR_S); /* of 1 January, the clock shows 14:00 */
    boot(f);
    assert_in_range(f->last.next_s, 17 * HOUR_S - 5, 17 * HOUR_S); /* 06:00, the hour is back */
}

/* ---- spread */

struct day {
    struct fixture *f;
    unsigned long start_s;
    unsigned hours[25];
};

static void count(void *arg)
{
    struct day *day = arg;
    const unsigned long hour = (wall_s(day->f) - day->start_s) / HOUR_S;

    day->hours[hour < 24 ? hour : 24]++;
}

static void begin_day(struct fixture *f, struct day *day)
{
    *day = (struct day){.f = f, .start_s = wall_s(f)};
    f->fetcher.counted = count;
    f->fetcher.arg = day;
}

static void a_day_of_a_thousand_phones_asks_as_its_parameters_say(void **state)
{
    struct fixture *f = *state;
    struct prov *phones[N_PHONES];
    struct rng rngs[N_PHONES];
    struct day day;

    serve(f, FACTORY, PROFILE(""));
    set(f, "Time_Zone", "GMT");
    set(f, "Resync_Periodic", "7200+7200"); /* an hour and a half later on the average: 3 h */
    f->cfg.random_delay = true;
    begin_day(f, &day);
    for (unsigned i = 0; i < N_PHONES; i++) {
        rng_init(&rngs[i], 7, i);
        f->cfg.rng = &rngs[i];
        assert_int_equal(prov_alloc(&phones[i], &f->cfg, &fixture_handlers, f), 0);
        assert_int_equal(prov_start(phones[i], PROV_BOOT, NULL), 0);
    }
    advance_s(f, HOUR_S);
    assert_int_equal(day.hours[0], N_PHONES); /* all within 40 s of power-on */
    advance_s(f, 23 * HOUR_S);
    assert_int_equal(day.hours[1], 0);
    assert_in_range(day.hours[2], 450, 550); /* from 2 to 4 h, evenly */
    assert_in_range(day.hours[3], 450, 550);
    for (unsigned h = 12; h < 24; h++) /* settled: every three hours on the average */
        assert_in_range(day.hours[h], 260, 410);

    set(f, "Resync_At__HHmm_", "0200");
    set(f, "Resync_At_Random_Delay", "7200");
    for (unsigned i = 0; i < N_PHONES; i++)
        prov_plan(phones[i]);
    begin_day(f, &day);
    advance_s(f, DAY_S);
    assert_in_range(day.hours[2], 440, 560); /* evenly over two hours, and at no other time */
    assert_int_equal(day.hours[2] + day.hours[3], N_PHONES);
    for (unsigned i = 0; i < N_PHONES; i++)
        mem_deref(phones[i]);
}

static void the_random_delay_at_power_on_counts_twenty_seconds_each(void **state)
{
    struct fixture *f = *state;
    struct prov_status st;
    unsigned most[2] = {0, 0};

    f->cfg.random_delay = true;
    again(f);
    set(f, "Resync_Random_Delay", "5");
    for (unsigned unit = 0; unit < 2; unit++) {
        for (unsigned n = 0; n < 100; n++) {
            const uint64_t before = clock_ms(f->lp);
            unsigned seen = f->fetcher.n_seen = 0;
            assert_int_equal(prov_start(f->prov, PROV_BOOT, NULL), 0);
            while (f->fetcher.n_seen == seen)
                advance_s(f, 1);
            const unsigned s = (unsigned)((clock_ms(f->lp) - before) / 1000);
            most[unit] = s > most[unit] ? s : most[unit];
            prov_stop(f->prov);
        }
        set(f, "Sim_Resync_Random_Delay_Unit", "1"); /* the other reading [X 3] */
    }
    assert_in_range(most[0], 90, 101);
    assert_in_range(most[1], 4, 6);
    prov_status_get(f->prov, &st);
    assert_int_equal(st.next_s, 0);
}

/* ---- the period */

static void there_is_no_period_before_the_first_success(void **state)
{
    struct fixture *f = *state;
    struct prov_status st;

    serve(f, FACTORY, PROFILE(""));
    prov_plan(f->prov); /* Resync_On_Reset = No */
    prov_status_get(f->prov, &st);
    assert_int_equal(st.next_s, 0);
    boot(f);
    prov_stop(f->prov);
    prov_plan(f->prov); /* a restart without a pass */
    prov_status_get(f->prov, &st);
    assert_int_equal(st.next_s, HOUR_S);
    prov_stop(f->prov);
    prov_forget(f->prov);
    prov_plan(f->prov);
    prov_status_get(f->prov, &st);
    assert_int_equal(st.next_s, 0);
}

/* The list goes on with each good pass, and begins anew after a failure [DEF]. */
static void a_list_of_periods_is_walked(void **state)
{
    static const unsigned wanted[] = {100, 200, 400, 400};
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE(""));
    set(f, "Resync_Periodic", "100,200,400");
    set(f, "Resync_Error_Retry_Delay", "50");
    boot(f);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(f->last.next_s, wanted[i]);
        assert_int_equal(f->n_done, i + 1);
        advance_s(f, wanted[i]);
    }
    fail_with(f, FACTORY, "timeout");
    advance_s(f, 400);
    assert_int_equal(f->last.next_s, 50);
    serve(f, FACTORY, PROFILE(""));
    advance_s(f, 51);
    assert_int_equal(f->last.next_s, 100);
}

static void a_changed_period_counts_from_the_change(void **state)
{
    struct fixture *f = *state;
    struct prov_status st;

    serve(f, FACTORY, PROFILE(""));
    boot(f);
    advance_s(f, 600);
    set(f, "Resync_Periodic", "100");
    prov_plan(f->prov);
    prov_status_get(f->prov, &st);
    assert_int_equal(st.next_s, 100);
}

static void provision_enable_stops_the_timers(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE(""));
    boot(f);
    set(f, "Provision_Enable", "No");
    advance_s(f, DAY_S);
    assert_int_equal(f->fetcher.n_seen, 1);
}

/* ---- triggers */

static void a_trigger_that_is_false_holds_timers_and_boot_back(void **state)
{
    struct fixture *f = *state;
    struct prov_status st;

    serve(f, FACTORY, PROFILE(""));
    set(f, "Resync_Trigger_1", "$REGTMR1 gt 300");
    boot(f);
    assert_int_equal(f->fetcher.n_seen, 0);
    assert_int_equal(f->n_done, 1);
    assert_true(f->last.skipped);
    prov_status_get(f->prov, &st);
    assert_string_equal(st.note, "no Resync_Trigger holds: the resync is put off");
    advance_s(f, HOUR_S + 1);
    assert_int_equal(f->fetcher.n_seen, 0);
    f->unregistered_s[0] = 301;
    advance_s(f, HOUR_S);
    assert_int_equal(f->fetcher.n_seen, 1);
    assert_int_equal(f->n_done, 2);
}

static void one_true_trigger_of_two_is_enough(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE(""));
    set(f, "Resync_Trigger_1", "$REGTMR1 gt 300");
    set(f, "Resync_Trigger_2", "$PRVST eq 0");
    boot(f);
    assert_int_equal(f->fetcher.n_seen, 1);
}

static void the_documented_trigger_holds_on_a_phone_that_never_upgraded(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE(""));
    set(f, "Resync_Trigger_1", "$UPGTMR gt 300 and $PRVTMR ge 600"); /* provisioning.md 10 */
    boot(f);
    assert_int_equal(f->fetcher.n_seen, 0);
    advance_s(f, HOUR_S + 1);
    assert_int_equal(f->fetcher.n_seen, 1);
}

static void an_explicit_resync_asks_no_trigger(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE(""));
    set(f, "Resync_Trigger_1", "$REGTMR1 gt 300");
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, NULL), 0);
    advance_s(f, 1);
    assert_int_equal(f->fetcher.n_seen, 1);
}

static void a_trigger_may_start_resyncs_in_the_other_reading(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE(""));
    set(f, "Sim_Resync_Trigger_Starts", "Yes");
    set(f, "Resync_Trigger_1", "$PRVTMR ge 600");
    set(f, "Resync_Periodic", "0");
    boot(f);
    assert_int_equal(f->fetcher.n_seen, 1); /* it gates nothing */
    advance_s(f, 9 * 60);
    assert_int_equal(f->fetcher.n_seen, 1);
    advance_s(f, 2 * 60);
    assert_int_equal(f->fetcher.n_seen, 2);
    advance_s(f, 20 * 60); /* it is looked at once a minute: every eleven */
    assert_int_equal(f->fetcher.n_seen, 3);
}

/* ---- calls */

static void a_resync_waits_for_idle_lines(void **state)
{
    struct fixture *f = *state;
    struct prov_status st;

    serve(f, FACTORY, PROFILE(""));
    f->busy = true;
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, NULL), 0);
    advance_s(f, 600);
    assert_int_equal(f->fetcher.n_seen, 0);
    prov_status_get(f->prov, &st);
    assert_true(st.held);
    assert_in_range(st.next_s, 14400 - 600, 14400 - 598);
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, NULL), 0); /* the same request again */
    f->busy = false;
    prov_idle(f->prov);
    advance_s(f, 1);
    assert_int_equal(f->fetcher.n_seen, 1);
    assert_int_equal(f->last.next_s, HOUR_S);
}

static void it_does_not_wait_longer_than_forced_resync_delay(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE(""));
    set(f, "Forced_Resync_Delay", "900");
    boot(f);
    f->busy = true;
    advance_s(f, HOUR_S + 890);
    assert_int_equal(f->fetcher.n_seen, 1);
    advance_s(f, 20);
    assert_int_equal(f->fetcher.n_seen, 2);
}

static void an_explicit_resync_joins_one_that_waits(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE(""));
    serve(f, "http://h/one.xml", PROFILE(""));
    boot(f);
    f->busy = true;
    advance_s(f, HOUR_S);
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, "http://h/one.xml"), 0);
    f->busy = false;
    prov_idle(f->prov);
    advance_s(f, 1);
    assert_requests(f, 2, "http://h/one.xml");
}

static void the_delay_may_count_from_idle_lines_on(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE(""));
    set(f, "Sim_Resync_Forced_From_Idle", "Yes");
    set(f, "Forced_Resync_Delay", "60");
    f->busy = true;
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, NULL), 0);
    advance_s(f, DAY_S);
    assert_int_equal(f->fetcher.n_seen, 0); /* no upper bound in this reading */
    f->busy = false;
    prov_idle(f->prov);
    advance_s(f, 30);
    f->busy = true;
    advance_s(f, 300);
    assert_int_equal(f->fetcher.n_seen, 0);
    f->busy = false;
    prov_idle(f->prov);
    advance_s(f, 61);
    assert_int_equal(f->fetcher.n_seen, 1);
}

static void power_off_forgets_what_waits(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE(""));
    f->busy = true;
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, NULL), 0);
    advance_s(f, 1);
    prov_stop(f->prov);
    prov_idle(f->prov);
    advance_s(f, DAY_S);
    assert_int_equal(f->fetcher.n_seen, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(resync_at_takes_the_place_of_the_period),
        TEST(resync_at_goes_on_after_a_failure_that_is_not_retried),
        TEST(a_retry_and_resync_at_each_come_when_they_are_due),
        TEST(the_time_of_day_is_that_of_the_phones_zone),
        TEST(what_is_no_time_of_day_is_ignored),
        TEST(midnight_may_be_written_2400),
        TEST(the_random_delay_behind_it_has_its_bounds),
        TEST(the_least_random_delay_may_be_another),
        TEST(a_night_of_25_hours_moves_the_moment),
        TEST(a_day_of_a_thousand_phones_asks_as_its_parameters_say),
        TEST(the_random_delay_at_power_on_counts_twenty_seconds_each),
        TEST(there_is_no_period_before_the_first_success),
        TEST(a_list_of_periods_is_walked),
        TEST(a_changed_period_counts_from_the_change),
        TEST(provision_enable_stops_the_timers),
        TEST(a_trigger_that_is_false_holds_timers_and_boot_back),
        TEST(one_true_trigger_of_two_is_enough),
        TEST(the_documented_trigger_holds_on_a_phone_that_never_upgraded),
        TEST(an_explicit_resync_asks_no_trigger),
        TEST(a_trigger_may_start_resyncs_in_the_other_reading),
        TEST(a_resync_waits_for_idle_lines),
        TEST(it_does_not_wait_longer_than_forced_resync_delay),
        TEST(an_explicit_resync_joins_one_that_waits),
        TEST(the_delay_may_count_from_idle_lines_on),
        TEST(power_off_forgets_what_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
