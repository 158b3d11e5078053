/* SPDX-License-Identifier: BSD-3-Clause */
/* Time as the simulation sees it: real or virtual (loop_config.clock). */
#ifndef SIM_LOOP_CLOCK_H
#define SIM_LOOP_CLOCK_H

#include <stdint.h>

struct loop;

/** Monotonic milliseconds since some start: the time at which this turn of the loop began. */
uint64_t clock_ms(const struct loop *lp);

/** Monotonic microseconds, read anew at each call (for latencies); under CLOCK_VIRTUAL as
 *  clock_ms(). */
uint64_t clock_us(const struct loop *lp);

/** Real milliseconds that `ms` of the phone's own long time last (--time-scale), rounded up. */
uint64_t clock_scaled(const struct loop *lp, uint64_t ms);

/** Phone milliseconds that passed in `ms` real ones (the inverse of clock_scaled). */
uint64_t clock_unscaled(const struct loop *lp, uint64_t ms);

/** What the phones' clocks show: milliseconds since 1970, UTC. It starts with the machine's (under
 *  CLOCK_VIRTUAL with loop_config.epoch_ms) and runs --time-scale times as fast. */
uint64_t clock_wall_ms(const struct loop *lp);

#endif
