/* SPDX-License-Identifier: BSD-3-Clause */
/* A fetcher on a loop in real time, the peers in this process that it asks, and a limit to waiting
 * for their answers. */
#ifndef TESTS_SUPPORT_FETCHRIG_H
#define TESTS_SUPPORT_FETCHRIG_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <re.h>

#include "sim/dns/dns.h"
#include "sim/loop/loop.h"
#include "sim/loop/timer.h"
#include "sim/net/fetch.h"
#include "tests/support/peer.h"

enum { FETCHRIG_WAIT_MS = 60000 };

struct fetchrig {
    struct loop *lp;
    struct resolver *dns;
    struct fetcher *fetcher;
    struct fetch *fetch;  /* of fetchrig_run() */
    struct tcp_peer *tcp; /* NULL until a test opens them */
    struct udp_peer *udp;
    struct timer limit;
};

static inline int fetchrig_open(struct fetchrig *r)
{
    const struct loop_config cfg = {.clock = CLOCK_REAL};
    int err = loop_alloc(&r->lp, &cfg);

    if (!err)
        err = resolver_alloc(&r->dns, r->lp, NULL);
    return err ? err : fetcher_alloc(&r->fetcher, r->lp, r->dns);
}

static inline void fetchrig_close(struct fetchrig *r)
{
    timer_cancel(&r->limit);
    mem_deref(r->fetch);
    mem_deref(r->fetcher);
    mem_deref(r->dns);
    if (r->tcp)
        tcp_peer_close(r->tcp);
    if (r->udp)
        udp_peer_close(r->udp);
    mem_deref(r->lp);
}

static inline void fetchrig_limit_handler(void *arg)
{
    loop_stop(arg, ETIMEDOUT);
}

/* Until a handler stops the loop by 0. */
static inline void fetchrig_wait(struct fetchrig *r)
{
    timer_start(r->lp, &r->limit, FETCHRIG_WAIT_MS, fetchrig_limit_handler, r->lp);
    assert_int_equal(loop_run(r->lp), 0);
    timer_cancel(&r->limit);
}

/* One fetch to its end, at which the handler sets done and stops the loop; it stays until the next
 * one. */
static inline void fetchrig_run(struct fetchrig *r, const struct fetch_req *req, fetch_h *h,
                                void *arg, bool *done)
{
    r->fetch = mem_deref(r->fetch);
    *done = false;
    assert_int_equal(fetch_start(&r->fetch, r->fetcher, req, h, arg), 0);
    assert_false(*done);
    assert_int_equal(fetcher_active(r->fetcher), 1);
    fetchrig_wait(r);
    assert_true(*done);
    assert_int_equal(fetcher_active(r->fetcher), 0);
}

#endif
