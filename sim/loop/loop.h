/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The one event loop of a farm: a uv_loop_t, the timer wheel and the clock. libre's event core runs
 * on it too (re_port.c). One loop per thread; sim/ code always runs on the loop's thread.
 */
#ifndef SIM_LOOP_LOOP_H
#define SIM_LOOP_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct uv_loop_s;
struct loop;

enum clock_mode {
    CLOCK_REAL,    /* monotonic time of the machine */
    CLOCK_VIRTUAL, /* moves only by loop_advance() or, in loop_run(), to the next timer (unit tests)
                    */
};

struct loop_config {
    enum clock_mode clock;
    double time_scale; /* phones' own long timers run this many times as fast; 0 means 1 */
    uint64_t epoch_ms; /* CLOCK_VIRTUAL: when clock_wall_ms() starts; 0 = 2026-01-01 */
};

/**
 * Make the loop of this thread and put libre's event core on it.
 *
 * Errors  EALREADY this thread has a loop; ENOTSUP libre does not run on our event core (the
 *         start-up self-test failed; see loop_self_test_text()); EMFILE, ENOMEM
 * Owner   mem_deref() closes all handles that are still open on it
 */
int loop_alloc(struct loop **lpp, const struct loop_config *cfg);

/** A sentence for the user when loop_alloc() gave ENOTSUP. */
const char *loop_self_test_text(void);

/** Run until loop_stop() or nothing is left to wait for. Returns 0 or the errno given to stop. */
int loop_run(struct loop *lp);

/** One non-blocking turn: I/O that is ready, timers that are due. */
void loop_poll(struct loop *lp);

/** End loop_run() after the current turn with this result. Safe from any callback of the loop. */
void loop_stop(struct loop *lp, int err);

/** Virtual clock only: move time forward, running every timer on its way at its own time. */
void loop_advance(struct loop *lp, uint64_t ms);

/** The uv loop, for code that opens handles (net, transport, control). */
struct uv_loop_s *loop_uv(struct loop *lp);

/** The loop of this thread, or NULL. Only for callbacks of libraries that carry no argument. */
struct loop *loop_current(void);

/** Lag of the loop (how late timers run) since start; shape of a report's verdict. */
struct hist;
const struct hist *loop_lag(const struct loop *lp);

/** The worst lag since this was last asked, in microseconds. */
uint64_t loop_lag_peak(struct loop *lp);

/** errno for a negative libuv status (UV_EOF, UV_EAI_* included); 0 for >= 0. */
int err_from_uv(int status);

#endif
