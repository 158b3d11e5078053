/* SPDX-License-Identifier: BSD-3-Clause */
/* Was the farm itself the bottleneck? A load test must never blame the server for that. */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>
#include <jansson.h>

#include "sim/farm/priv.h"
#include "sim/loop/loop.h"
#include "sim/sip/stack.h"

enum { LAG_LIMIT_US = 50000, LATE_PERCENT = 1 };

uint64_t farm_rss_bytes(void)
{
    unsigned long size, resident = 0;
    FILE *f = fopen("/proc/self/statm", "re");

    if (!f)
        return 0;
    if (fscanf(f, "%lu %lu", &size, &resident) != 2)
        resident = 0;
    fclose(f);
    return (uint64_t)resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void drop_reason(json_t *reasons, const struct verdict_facts *v)
{
    if (v->rcvbuf_got < v->rcvbuf_wanted)
        json_array_append_new(
            reasons, json_sprintf("%" PRIu64 " datagrams were lost in our own sockets: their "
                                  "buffer got %u of %u bytes (raise net.core.rmem_max)",
                                  v->n_dropped, v->rcvbuf_got, v->rcvbuf_wanted));
    else
        json_array_append_new(
            reasons,
            json_sprintf("%" PRIu64 " datagrams were lost in our own sockets", v->n_dropped));
}

json_t *verdict_reasons(const struct verdict_facts *v)
{
    json_t *reasons = json_array();

    if (v->n_dropped)
        drop_reason(reasons, v);
    if (v->n_no_socket)
        json_array_append_new(reasons,
                              json_sprintf("%" PRIu64 " times a phone got no socket: descriptors "
                                           "or ports exhausted, or the address not local",
                                           v->n_no_socket));
    if (v->n_no_fetch_socket)
        json_array_append_new(reasons,
                              json_sprintf("%" PRIu64 " requests found no socket: descriptors or "
                                           "ports exhausted, or the address not local",
                                           v->n_no_fetch_socket));
    if (v->paced && v->n_late * 100 > v->n_paced * LATE_PERCENT)
        json_array_append_new(reasons, json_sprintf("the pace was not kept: %" PRIu64 " of %" PRIu64
                                                    " power-ons came over 50 ms late",
                                                    v->n_late, v->n_paced));
    if (v->paced && v->lag_p99_us > LAG_LIMIT_US)
        json_array_append_new(reasons, json_sprintf("the loop lagged %.0f ms at p99 (limit 50 ms)",
                                                    (double)v->lag_p99_us / 1000));
    return reasons;
}

json_t *farm_verdict_reasons(const struct farm *f)
{
    const struct ua_stack_counters *c = ua_stack_counters(f->stack);
    const struct verdict_facts facts = {
        .n_dropped = c->n_dropped,
        .n_no_socket = c->n_no_socket,
        .n_no_fetch_socket = f->load.n_no_socket,
        .n_paced = f->ramp.n_paced,
        .n_late = f->ramp.n_late,
        .rcvbuf_wanted = c->rcvbuf_wanted,
        .rcvbuf_got = c->rcvbuf_got,
        .lag_p99_us = hist_quantile(loop_lag(f->lp), 0.99),
        .paced = f->ramp.n_paced > 0,
    };
    return verdict_reasons(&facts);
}

bool farm_verdict_valid(const struct farm *f)
{
    json_t *reasons = farm_verdict_reasons(f);
    const bool valid = json_array_size(reasons) == 0;

    json_decref(reasons);
    return valid;
}
