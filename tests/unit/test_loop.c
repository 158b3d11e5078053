/* SPDX-License-Identifier: BSD-3-Clause */
/* The loop and its clocks: what moves virtual time, what ends a run, how libre and libuv share it.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <re.h>
#include <uv.h>

#include "sim/base/hist.h"
#include "sim/loop/clock.h"
#include "sim/loop/loop.h"
#include "sim/loop/timer.h"

struct chain { /* a timer that starts itself again */
    struct loop *lp;
    struct timer timer;
    unsigned n, most;
    uint64_t every_ms;
    int stop_with; /* errno given to loop_stop() at the end; -1 = just no more */
};

static int open_loop(void **state, enum clock_mode clock, double scale)
{
    const struct loop_config cfg = {.clock = clock, .time_scale = scale};
    struct loop *lp = NULL;
    const int err = loop_alloc(&lp, &cfg);

    *state = lp;
    return err;
}

static int setup(void **state)
{
    return open_loop(state, CLOCK_VIRTUAL, 0);
}

static int setup_real(void **state)
{
    return open_loop(state, CLOCK_REAL, 0);
}

static int teardown(void **state)
{
    mem_deref(*state);
    return 0;
}

static void chain_handler(void *arg)
{
    struct chain *c = arg;

    if (++c->n < c->most)
        timer_start(c->lp, &c->timer, c->every_ms, chain_handler, c);
    else if (c->stop_with >= 0)
        loop_stop(c->lp, c->stop_with);
}

static void virtual_time_moves_by_advance_alone(void **state)
{
    struct loop *lp = *state;

    for (unsigned i = 0; i < 10; i++)
        loop_poll(lp);
    assert_int_equal(clock_ms(lp), 0);
    loop_advance(lp, 1500);
    assert_int_equal(clock_ms(lp), 1500);
    assert_int_equal(clock_us(lp), 1500000);
    loop_advance(lp, 0);
    assert_int_equal(clock_ms(lp), 1500);
}

static void one_advance_runs_timers_that_timers_start(void **state)
{
    struct chain c = {.lp = *state, .most = 100, .every_ms = 10, .stop_with = -1};

    timer_start(c.lp, &c.timer, 10, chain_handler, &c);
    loop_advance(c.lp, 995);
    assert_int_equal(c.n, 99);
    assert_int_equal(clock_ms(c.lp), 995);
    loop_advance(c.lp, 5);
    assert_int_equal(c.n, 100);
}

static void a_virtual_run_jumps_from_timer_to_timer_until_none_is_left(void **state)
{
    struct chain c = {.lp = *state, .most = 24, .every_ms = 3600000, .stop_with = -1};

    timer_start(c.lp, &c.timer, 3600000, chain_handler, &c);
    assert_int_equal(loop_run(c.lp), 0);
    assert_int_equal(c.n, 24);
    assert_int_equal(clock_ms(c.lp), 86400000); /* a day, in no time */
}

static void stopping_a_run_gives_its_result(void **state)
{
    struct chain c = {.lp = *state, .most = 3, .every_ms = 5, .stop_with = ETIMEDOUT};
    struct chain later = {.lp = *state, .most = 1, .stop_with = -1};

    timer_start(c.lp, &c.timer, 5, chain_handler, &c);
    timer_start(c.lp, &later.timer, 1000, chain_handler, &later);
    assert_int_equal(loop_run(c.lp), ETIMEDOUT);
    assert_int_equal(c.n, 3);
    assert_int_equal(later.n, 0);
    assert_int_equal(loop_run(c.lp), 0); /* what is left runs then */
    assert_int_equal(later.n, 1);
}

static void a_real_run_ends_by_stop_and_by_having_nothing_to_do(void **state)
{
    struct chain c = {.lp = *state, .most = 2, .every_ms = 1, .stop_with = ECANCELED};
    const uint64_t before = clock_us(c.lp);

    assert_int_equal(loop_run(c.lp), 0);
    timer_start(c.lp, &c.timer, 2, chain_handler, &c);
    assert_int_equal(loop_run(c.lp), ECANCELED);
    assert_int_equal(c.n, 2);
    assert_true(clock_us(c.lp) - before >= 2000);
}

static void the_real_clock_measures_how_late_timers_run(void **state)
{
    struct chain c = {.lp = *state, .most = 5, .every_ms = 1, .stop_with = -1};

    assert_int_equal(loop_lag(c.lp)->n, 0);
    timer_start(c.lp, &c.timer, 1, chain_handler, &c);
    loop_run(c.lp);
    assert_int_equal(loop_lag(c.lp)->n, 5);
}

static void a_thread_has_one_loop_at_a_time(void **state)
{
    const struct loop_config cfg = {.clock = CLOCK_VIRTUAL};
    struct loop *second = NULL;

    assert_ptr_equal(loop_current(), *state);
    assert_int_equal(loop_alloc(&second, &cfg), EALREADY);
    assert_null(second);
    *state = mem_deref(*state);
    assert_null(loop_current());
    assert_int_equal(loop_alloc(&second, &cfg), 0);
    assert_ptr_equal(loop_current(), second);
    *state = second;
}

static void wrong_use_is_told(void **state)
{
    struct loop *lp = NULL;

    (void)state;
    assert_int_equal(loop_alloc(NULL, NULL), EINVAL);
    assert_int_equal(loop_alloc(&lp, NULL), EINVAL);
    assert_non_null(strstr(loop_self_test_text(), "libre"));
}

static void scaled_time_rounds_up_and_comes_back(void **state)
{
    struct loop *lp;
    void *other;

    (void)state;
    assert_int_equal(open_loop(&other, CLOCK_VIRTUAL, 60), 0);
    lp = other;
    assert_int_equal(clock_scaled(lp, 3600000), 60000);
    assert_int_equal(clock_scaled(lp, 1), 1); /* never 0: a timer would fire too early */
    assert_int_equal(clock_scaled(lp, 0), 0);
    assert_int_equal(clock_unscaled(lp, 60000), 3600000);
    mem_deref(lp);
}

static void without_a_scale_time_stays_as_it_is(void **state)
{
    struct loop *lp = *state;

    assert_true(clock_scaled(lp, UINT64_MAX) == UINT64_MAX);
    assert_int_equal(clock_scaled(lp, 12345), 12345);
    assert_int_equal(clock_unscaled(lp, 12345), 12345);
}

static void readable_handler(int flags, void *arg)
{
    unsigned *n = arg;

    if (flags & FD_READ)
        ++*n;
}

static void libre_listens_on_descriptors_through_the_loop(void **state)
{
    struct loop *lp = *state;
    unsigned n = 0;
    int fds[2];

    assert_int_equal(pipe(fds), 0);
    assert_int_equal(fd_listen(fds[0], FD_READ, readable_handler, &n), 0);
    loop_poll(lp);
    assert_int_equal(n, 0);
    assert_int_equal(write(fds[1], "x", 1), 1);
    loop_poll(lp);
    assert_int_equal(n, 1);
    fd_close(fds[0]);
    loop_poll(lp);
    assert_int_equal(n, 1);
    assert_int_equal(fd_listen(-1, FD_READ, readable_handler, &n), EBADF);
    close(fds[0]);
    close(fds[1]);
}

static void foreign_errors_become_errno(void **state)
{
    (void)state;
    assert_int_equal(err_from_uv(0), 0);
    assert_int_equal(err_from_uv(7), 0); /* a count */
    assert_int_equal(err_from_uv(UV_ECONNREFUSED), ECONNREFUSED);
    assert_int_equal(err_from_uv(UV_EOF), ECONNRESET);
    assert_int_equal(err_from_uv(UV_EAI_NONAME), ENOENT);
    assert_int_equal(err_from_uv(UV_EAI_AGAIN), ETIMEDOUT);
    assert_int_equal(err_from_uv(UV_EAI_MEMORY), ENOMEM);
    assert_int_equal(err_from_uv(UV_EAI_FAIL), EIO);
}

#define VIRTUAL(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
#define REAL(t)    cmocka_unit_test_setup_teardown(t, setup_real, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        VIRTUAL(virtual_time_moves_by_advance_alone),
        VIRTUAL(one_advance_runs_timers_that_timers_start),
        VIRTUAL(a_virtual_run_jumps_from_timer_to_timer_until_none_is_left),
        VIRTUAL(stopping_a_run_gives_its_result),
        REAL(a_real_run_ends_by_stop_and_by_having_nothing_to_do),
        REAL(the_real_clock_measures_how_late_timers_run),
        VIRTUAL(a_thread_has_one_loop_at_a_time),
        cmocka_unit_test(wrong_use_is_told),
        cmocka_unit_test(scaled_time_rounds_up_and_comes_back),
        VIRTUAL(without_a_scale_time_stays_as_it_is),
        VIRTUAL(libre_listens_on_descriptors_through_the_loop),
        cmocka_unit_test(foreign_errors_become_errno),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
