/* SPDX-License-Identifier: BSD-3-Clause */
/* When a phone registers again: the pure rules of sip-behaviour.md 2.1 to 2.3. */
#ifndef SIM_SIP_REGISTRATION_H
#define SIM_SIP_REGISTRATION_H

#include <stdint.h>

struct rng;
struct ua_line_config;

/** Milliseconds of phone time from a grant to its renewal (2.2, U-1). */
uint64_t renewal_delay_ms(const struct ua_line_config *c, uint32_t granted_s);

/** Short wait (2.3), phone seconds; n = failures in a row, from 1. */
uint32_t retry_short_s(const struct ua_line_config *c, unsigned n, struct rng *rng);

/** Long wait (2.3), phone seconds; 0 = no further attempt. */
uint32_t retry_long_s(const struct ua_line_config *c, struct rng *rng);

/** Granted expiry after Reg Min Expires (2.1: a grant below the minimum counts as the minimum). */
uint32_t granted_clamp(const struct ua_line_config *c, uint32_t granted_s);

#endif
