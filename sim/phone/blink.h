/* SPDX-License-Identifier: BSD-3-Clause */
/* How lamps blink (devices.md 3.1). Pure. */
#ifndef SIM_PHONE_BLINK_H
#define SIM_PHONE_BLINK_H

#include <stdbool.h>
#include <stdint.h>

enum { BLINK_TIMES = 8 };

/** "on/off/on/off" in seconds → ms, up to four pairs. Returns how many times, an even number. */
unsigned blink_times(const char *text, uint32_t ms[BLINK_TIMES]);

/** Is a lamp of this pattern ("steady", "slow", "fast", "double", or "on/off" in seconds) lit at
 * that time? All lamps of a pattern blink together. */
bool blink_is_lit(const char *pattern, uint64_t at_ms);

#endif
