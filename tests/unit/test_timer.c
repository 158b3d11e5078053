/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <re.h>

#include "sim/base/rng.h"
#include "sim/loop/clock.h"
#include "sim/loop/loop.h"
#include "sim/loop/timer.h"

struct probe {
    struct loop *lp;
    struct timer timer;
    uint64_t fired_ms;
    unsigned n;
    struct timer *also_cancel;
};

static void probe_handler(void *arg)
{
    struct probe *p = arg;
    p->fired_ms = clock_ms(p->lp);
    p->n++;
    if (p->also_cancel)
        timer_cancel(p->also_cancel);
}

static int set_up(void **state)
{
    const struct loop_config cfg = {.clock = CLOCK_VIRTUAL, .time_scale = 10};
    struct loop *lp = NULL;
    const int err = loop_alloc(&lp, &cfg);
    *state = lp;
    return err;
}

static int tear_down(void **state)
{
    mem_deref(*state);
    return 0;
}

static void timers_fire_at_their_own_time_on_every_level(void **state)
{
    static const uint64_t delays[] = {0,     1,     255,     256,      257,        65535,
                                      65536, 65537, 1000000, 16777216, 4000000000, 5000000000};
    enum { N = sizeof(delays) / sizeof(delays[0]) };
    struct probe probes[N] = {{0}};
    struct loop *lp = *state;

    loop_advance(lp, 77);
    for (unsigned i = 0; i < N; i++) {
        probes[i].lp = lp;
        timer_start(lp, &probes[i].timer, delays[i], probe_handler, &probes[i]);
    }
    loop_advance(lp, 6000000000);
    for (unsigned i = 0; i < N; i++) {
        assert_int_equal(probes[i].n, 1);
        assert_int_equal(probes[i].fired_ms, 77 + (delays[i] ? delays[i] : 1));
    }
}

static void random_timers_keep_their_order(void **state)
{
    enum { N = 5000 };
    struct probe *probes = calloc(N, sizeof(*probes));
    struct loop *lp = *state;
    struct rng rng;
    uint64_t *want = calloc(N, sizeof(*want));

    rng_init(&rng, 1, 1);
    for (unsigned i = 0; i < N; i++) {
        probes[i].lp = lp;
        if (i % 7 == 0)
            loop_advance(lp, rng_upto(&rng, 300));
        const uint64_t delay = 1 + rng_upto(&rng, 200000);
        want[i] = clock_ms(lp) + delay;
        timer_start(lp, &probes[i].timer, delay, probe_handler, &probes[i]);
        if (i % 5 == 0) {
            timer_cancel(&probes[i].timer);
            want[i] = 0;
        }
    }
    loop_advance(lp, 1000000);
    for (unsigned i = 0; i < N; i++)
        assert_int_equal(probes[i].fired_ms, want[i]);
    free(want);
    free(probes);
}

static void a_handler_may_cancel_a_timer_of_the_same_moment(void **state)
{
    struct loop *lp = *state;
    struct probe a = {.lp = lp}, b = {.lp = lp};

    a.also_cancel = &b.timer;
    b.also_cancel = &a.timer;
    timer_start(lp, &a.timer, 5, probe_handler, &a);
    timer_start(lp, &b.timer, 5, probe_handler, &b);
    loop_advance(lp, 10);
    assert_int_equal(a.n + b.n, 1);
}

static void time_left_counts_down_and_is_zero_when_idle(void **state)
{
    struct loop *lp = *state;
    struct probe p = {.lp = lp};

    timer_start(lp, &p.timer, 1000, probe_handler, &p);
    loop_advance(lp, 400);
    assert_int_equal(timer_left_ms(&p.timer), 600);
    timer_cancel(&p.timer);
    assert_false(timer_running(&p.timer));
    assert_int_equal(timer_left_ms(&p.timer), 0);
}

static void scaled_time_runs_faster(void **state)
{
    assert_int_equal(clock_scaled(*state, 3600), 360);
    assert_int_equal(clock_unscaled(*state, 360), 3600);
}

static void libre_timer_handler(void *arg)
{
    ++*(unsigned *)arg;
}

static void libre_timers_run_on_the_wheel(void **state)
{
    struct loop *lp = *state;
    struct tmr tmr;
    unsigned n = 0;

    tmr_init(&tmr);
    tmr_start(&tmr, 100, libre_timer_handler, &n);
    loop_advance(lp, 99);
    assert_int_equal(n, 0);
    assert_int_equal(tmr_get_expire(&tmr), 1);
    loop_advance(lp, 1);
    assert_int_equal(n, 1);
    assert_false(tmr_isrunning(&tmr));
    tmr_start(&tmr, 100, libre_timer_handler, &n);
    tmr_cancel(&tmr);
    loop_advance(lp, 1000);
    assert_int_equal(n, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(timers_fire_at_their_own_time_on_every_level, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(random_timers_keep_their_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_handler_may_cancel_a_timer_of_the_same_moment, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(time_left_counts_down_and_is_zero_when_idle, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(scaled_time_runs_faster, set_up, tear_down),
        cmocka_unit_test_setup_teardown(libre_timers_run_on_the_wheel, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
