/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stands in for the network below one SIP line, for targets that feed it messages: included once,
 * it defines the functions of transport.c, so that the linker leaves the real ones out. Who
 * includes it defines transport_send_udp(), and looks there at what the line sends.
 */
#ifndef TESTS_FUZZ_NO_NETWORK_H
#define TESTS_FUZZ_NO_NETWORK_H

#include <stdlib.h>

#include "sim/sip/priv.h"
#include "tests/support/rig.h"

static struct rig rig; /* made once, but for the line */

static void open_rig(void)
{
    if (rig_open_alone(&rig))
        abort();
    rig.cfg.display_name = "Desk";
    rig.cfg.proxy = "192.0.2.1";
}

int transport_open(struct ua_line *l)
{
    rig.line = l;
    return 0;
}

void transport_close(struct ua_line *l)
{
    (void)l;
    rig.line = NULL;
}

struct ua_line *transport_first(const struct ua_line *l)
{
    (void)l;
    return rig.line;
}

struct ua_line *transport_sibling(const struct ua_line *l)
{
    (void)l;
    return NULL;
}

void transport_stack_close(struct ua_stack *s)
{
    (void)s;
}

int transport_send_quiet(struct ua_line *l, const struct sockaddr_in *to, const char *data,
                         size_t len)
{
    (void)l;
    (void)to;
    (void)data;
    (void)len;
    return 0;
}

#endif
