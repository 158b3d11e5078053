/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One SIP line of a SPA504G on a free port of 127.0.0.1, under the virtual clock, and a UDP peer
 * in this process that it may register with.
 */
#ifndef TESTS_SUPPORT_RIG_H
#define TESTS_SUPPORT_RIG_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/base/rng.h"
#include "sim/sip/line.h"
#include "sim/sip/stack.h"
#include "tests/support/peer.h"

struct resolver;

struct rig {
    struct loop *lp;
    struct resolver *dns; /* nobody answers its questions */
    struct ua_stack *stack;
    struct rng rng;
    struct udp_peer *peer;
    char proxy[32];            /* the peer as Proxy */
    struct ua_line_config cfg; /* to be changed before rig_line() */
    struct ua_line *line;
    unsigned n_reports;
    bool reported;             /* since a test cleared it */
    struct ua_reg_status last; /* of the last report; its texts are copies below */
    char reason[128], server[32];
};

/** A SPA504G's configuration with the defaults of sip-behaviour.md 1 and 7, on 192.0.2.10. */
struct ua_line_config rig_spa504g(void);

/** A port of 127.0.0.1 that was free a moment ago; type SOCK_DGRAM or SOCK_STREAM. */
uint16_t rig_free_port(int type);

/** Loop and stack without a peer, the configuration as it is. Returns 0 or errno. */
int rig_open_alone(struct rig *r);

/** Loop, stack and peer; cfg is ready to be changed. Returns 0 or errno. */
int rig_open(struct rig *r, udp_peer_h *h, void *arg);

/** Open the line of cfg. It does not register by itself. Returns 0 or errno. */
int rig_line(struct rig *r);

/** Let so much virtual time pass in steps, the network working in between. */
void rig_run(struct rig *r, uint64_t ms, uint64_t step_ms);

/** What a peer saw, sent back as an answer: status line, Via … CSeq as they came, extra lines. */
size_t rig_answer(char *buf, size_t size, const char *request, const char *status,
                  const char *extra);

/** The header line of that name, without its line end; "" when there is none. */
const char *rig_header(const char *message, const char *name, char *buf, size_t size);

void rig_close(struct rig *r);

#endif
