/* SPDX-License-Identifier: BSD-3-Clause */
/* How lamps blink (devices.md 3.1). Pure. */
#ifndef SIM_PHONE_BLINK_H
#define SIM_PHONE_BLINK_H

#include <stdbool.h>
#include <stdint.h>

/** Is a lamp of this pattern ("steady", "slow", "fast", "double") lit at that time? All lamps of a
 *  pattern blink together. */
bool blink_is_lit(const char *pattern, uint64_t at_ms);

#endif
