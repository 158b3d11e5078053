/* SPDX-License-Identifier: BSD-3-Clause */
/* A farm's options as a test writes them. */
#ifndef TESTS_SUPPORT_FARM_PAIRS_H
#define TESTS_SUPPORT_FARM_PAIRS_H

#include <stdio.h>
#include <stdlib.h>

#include "sim/farm/options.h"

/* "name", "value" pairs ended by NULL; value "" = flag. Aborts where they are wrong. */
static inline void farm_pairs(struct farm_options *o, const char *const *pairs)
{
    char err[300];

    farm_options_init(o);
    for (; pairs[0]; pairs += 2) {
        if (farm_option_set(o, pairs[0], *pairs[1] ? pairs[1] : NULL, err, sizeof(err))) {
            fprintf(stderr, "option %s: %s\n", pairs[0], err);
            abort();
        }
    }
}

#endif
