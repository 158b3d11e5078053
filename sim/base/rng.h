/* SPDX-License-Identifier: BSD-3-Clause */
/* Random numbers from a seed: same seed, same run. Eight bytes of state, one per phone. */
#ifndef SIM_BASE_RNG_H
#define SIM_BASE_RNG_H

#include <stdint.h>

struct rng {
    uint64_t s;
};

/** Start the stream-th independent sequence of seed (a phone uses its number as stream). */
void rng_init(struct rng *r, uint64_t seed, uint64_t stream);

uint64_t rng_u64(struct rng *r);
uint32_t rng_u32(struct rng *r);

/** Uniform in 0..n inclusive; 0 for n = 0. */
uint32_t rng_upto(struct rng *r, uint32_t n);

#endif
