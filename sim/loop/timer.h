/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Timers in O(1): a hashed hierarchical wheel of milliseconds. Embed a struct timer, zeroed; it is
 * idle until started. The handler may start, cancel or free any timer, its own included.
 */
#ifndef SIM_LOOP_TIMER_H
#define SIM_LOOP_TIMER_H

#include <stdbool.h>
#include <stdint.h>

struct loop;

typedef void(timer_h)(void *arg);

struct timer {
    struct timer *next, **pprev; /* wheel slot; pprev NULL = idle */
    struct loop *lp;
    uint64_t expires_ms;
    timer_h *h;
    void *arg;
};

/** (Re)start; fires once after delay_ms, never before the next loop turn. */
void timer_start(struct loop *lp, struct timer *t, uint64_t delay_ms, timer_h *h, void *arg);

/** Idle afterwards, whatever it was; the handler will not run. */
void timer_cancel(struct timer *t);

bool timer_running(const struct timer *t);

/** Milliseconds until it fires; 0 when idle. */
uint64_t timer_left_ms(const struct timer *t);

#endif
