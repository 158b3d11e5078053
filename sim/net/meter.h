/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What one libcurl transfer does on the wire, request by request: curl repeats a request by itself
 * where it is challenged, and each of them counts. For http.c only.
 */
#ifndef SIM_NET_METER_H
#define SIM_NET_METER_H

#include <stdbool.h>
#include <stdint.h>
#include <curl/curl.h>

#include "sim/net/fetch.h"

struct loop;

struct meter { /* embedded in a transfer */
    struct loop *lp;
    CURL *easy;
    fetch_exchange_h *h; /* NULL = told, or nobody listens */
    void *arg;
    const char *url;
    const void *owner;
    const char *method;
    bool head_done; /* the answer's header lines are complete */
    bool sent, opened, resumed /* its TLS session is an earlier one */;
    uint16_t status; /* of the request under way, 0 = no answer yet */
    long n_connects;
    int own_errno; /* no socket could be opened or bound; 0 = one could */
    uint64_t since_us;
};

/** Listen to a transfer that is about to start; url lives as long as the transfer. */
void meter_start(struct meter *m, struct loop *lp, CURL *easy, const struct fetch_req *req,
                 const char *url, fetch_exchange_h *h, void *arg);

/** The transfer is over: tell of its last request. bytes: of its body. error NULL = there is an
 *  answer; cancelled: nobody waits for one any more. Once only; further calls do nothing. */
void meter_end(struct meter *m, const char *error, bool cancelled, size_t bytes);

/** The same of a challenge that another transfer answers. */
void meter_repeat(struct meter *m);

#endif
