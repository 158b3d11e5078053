/* SPDX-License-Identifier: BSD-3-Clause */
/* What a farm wants of a fetcher beside its fetches, for tests that put a fetcher of their own in
 * its place: included once, it defines functions of fetch.h. */
#ifndef TESTS_SUPPORT_FAKE_FETCHER_H
#define TESTS_SUPPORT_FAKE_FETCHER_H

#include "sim/net/fetch.h"

void fetcher_observe(struct fetcher *fr, fetch_exchange_h *h, void *arg)
{
    (void)fr;
    (void)h;
    (void)arg;
}

unsigned fetcher_active(const struct fetcher *fr)
{
    (void)fr;
    return 0;
}

#endif
