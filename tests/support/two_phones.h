/* SPDX-License-Identifier: BSD-3-Clause */
/* Two phones that can call each other through a lab of their own, in real time. */
#ifndef TESTS_SUPPORT_TWO_PHONES_H
#define TESTS_SUPPORT_TWO_PHONES_H

#include <stdlib.h>
#include <time.h>

#include "sim/lab/lab.h"
#include "tests/support/real_farm.h"

struct rig {
    struct loop *lp;
    struct lab *lab;
    struct farm *f;
    struct phone *a, *b;
};

static inline void await_for(struct loop *lp, struct phone *ph, enum phone_cond cond,
                             unsigned seconds)
{
    const time_t end = time(NULL) + (time_t)seconds;

    while (!phone_is(ph, cond)) {
        if (time(NULL) > end)
            fail_msg("phone %u does not get to %u", phone_n(ph), (unsigned)cond);
        loop_poll(lp);
    }
}

static inline void await(struct loop *lp, struct phone *ph, enum phone_cond cond)
{
    await_for(lp, ph, cond, 20);
}

/* On network 127.net.7.0/24, with up to six more options, ended by NULL; both are registered. */
static inline struct rig *two_phones(unsigned net, const char *const *more)
{
    const struct loop_config cfg = {.clock = CLOCK_REAL};
    struct rig *rig = calloc(1, sizeof(*rig));
    const char *options[6 + 12 + 1] = {NULL};
    char err[200], listen[24], addr[24];
    unsigned n = 0;

    assert_non_null(rig);
    snprintf(listen, sizeof(listen), "127.%u.7.250", net % 256);
    snprintf(addr, sizeof(addr), "127.%u.7.0/24", net % 256);
    const struct lab_config lab = {.listen = listen};
    assert_int_equal(loop_alloc(&rig->lp, &cfg), 0);
    assert_int_equal(lab_open(&rig->lab, rig->lp, &lab, err, sizeof(err)), 0);
    const char *const common[] = {"count", "2", "addr", addr, "registrar", lab_registrar(rig->lab)};
    while (n < 6) {
        options[n] = common[n];
        n++;
    }
    while (*more && n < 6 + 12)
        options[n++] = *more++;
    rig->f = real_farm(rig->lp, options);
    rig->a = farm_phone(rig->f, 1);
    rig->b = farm_phone(rig->f, 2);
    farm_power_on(rig->f, 0);
    await(rig->lp, rig->a, PHONE_REGISTERED);
    await(rig->lp, rig->b, PHONE_REGISTERED);
    return rig;
}

static inline int two_phones_end(void **state)
{
    struct rig *rig = *state;

    mem_deref(rig->f);
    mem_deref(rig->lab);
    mem_deref(rig->lp);
    free(rig);
    return 0;
}

#endif
