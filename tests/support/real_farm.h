/* SPDX-License-Identifier: BSD-3-Clause */
/* Real phones on a virtual clock that talk to nobody: for tests of what they show and obey. */
#ifndef TESTS_SUPPORT_REAL_FARM_H
#define TESTS_SUPPORT_REAL_FARM_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/farm/farm.h"
#include "sim/loop/loop.h"
#include "tests/support/farm_pairs.h"

/* Options as "name", "value" pairs ended by NULL; value "" = flag. Aborts where they are wrong. */
static inline struct farm *real_farm(struct loop *lp, const char *const *pairs)
{
    struct farm_options o;
    struct farm *f = NULL;
    char err[300] = "";

    farm_pairs(&o, pairs);
    if (farm_alloc(&f, lp, &o, NULL, err, sizeof(err))) {
        fprintf(stderr, "real_farm: %s\n", err);
        abort();
    }
    farm_options_reset(&o);
    return f;
}

/* All phones powered on and up. */
static inline struct farm *real_farm_up(struct loop *lp, const char *const *pairs)
{
    struct farm *f = real_farm(lp, pairs);

    farm_power_on(f, 0);
    loop_advance(lp, 10);
    return f;
}

#endif
