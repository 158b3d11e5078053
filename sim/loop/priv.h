/* SPDX-License-Identifier: BSD-3-Clause */
/* The inside of the loop: shared by loop.c, timer.c and re_port.c. */
#ifndef SIM_LOOP_PRIV_H
#define SIM_LOOP_PRIV_H

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "sim/base/hist.h"
#include "sim/loop/clock.h"
#include "sim/loop/loop.h"
#include "sim/loop/timer.h"

enum {
    WHEEL_LEVELS = 4, /* of 256 slots: 1 ms, 256 ms, 65 s, 4.6 h; 49 days in all */
    WHEEL_SLOTS = 256,
};

struct wheel {
    uint64_t now; /* last tick done */
    struct timer *slots[WHEEL_LEVELS][WHEEL_SLOTS];
    uint64_t bits[WHEEL_LEVELS][WHEEL_SLOTS / 64]; /* which slots hold timers */
    size_t n;
};

struct re_fd; /* a descriptor that libre listens on */

struct loop {
    uv_loop_t uv;
    uv_timer_t tick;
    uv_async_t stopper;
    struct wheel wheel;
    uint64_t armed_ms; /* when tick fires; UINT64_MAX = idle */
    uint64_t virtual_ms;
    uint64_t epoch_ms, started_ms; /* the wall clock when the loop was made, and clock_ms() then */
    enum clock_mode mode;
    double scale;
    bool stopped;
    int result;
    struct hist lag;
    uint64_t lag_peak_us;
    struct re_fd **fds; /* by descriptor */
    size_t n_fds;
    unsigned n_listening;
    bool open; /* uv is initialised */
    bool libre_ready;
};

/** When the wheel has something to do next; UINT64_MAX = never. */
uint64_t wheel_next(const struct wheel *w);

/** Run everything due up to and including target. */
void wheel_advance(struct loop *lp, uint64_t target);

/** (Re)arm the tick for the wheel's next moment. */
void loop_arm(struct loop *lp);

/** Is libre running on re_port.c? */
bool re_port_self_test(struct loop *lp);
void re_port_close(struct loop *lp);

#endif
