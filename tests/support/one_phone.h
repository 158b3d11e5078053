/* SPDX-License-Identifier: BSD-3-Clause */
/* One phone of a model on a virtual clock, up, that does not register: for tests of what it shows.
 */
#ifndef TESTS_SUPPORT_ONE_PHONE_H
#define TESTS_SUPPORT_ONE_PHONE_H

#include "sim/lcd/screen.h"
#include "tests/support/real_farm.h"

static inline int one_loop(void **state)
{
    const struct loop_config cfg = {.clock = CLOCK_VIRTUAL};
    struct loop *lp = NULL;
    const int e = loop_alloc(&lp, &cfg);
    *state = lp;
    return e;
}

static inline int one_loop_end(void **state)
{
    mem_deref(*state);
    return 0;
}

/* On network 127.net.0.0/24: each test its own, as two run at a time. */
static inline struct farm *one_phone(struct loop *lp, unsigned net, const char *model,
                                     struct phone **ph)
{
    char addr[24], registrar[24];
    const char *const options[] = {"model",   model, "addr",           addr, "registrar",
                                   registrar, "set", "Register_1_=No", NULL};

    snprintf(addr, sizeof(addr), "127.%u.0.0/24", net % 256);
    snprintf(registrar, sizeof(registrar), "127.%u.0.250", net % 256);
    struct farm *f = real_farm_up(lp, options);
    *ph = farm_phone(f, 1);
    return f;
}

static inline struct screen look(const struct phone *ph)
{
    struct screen s;
    phone_screen(ph, &s);
    return s;
}

#endif
