/* SPDX-License-Identifier: BSD-3-Clause */
/* What a line sends every few seconds so that a NAT keeps its mapping (sip-behaviour.md 8). */
#ifndef SIM_SIP_KEEPALIVE_H
#define SIM_SIP_KEEPALIVE_H

#include <stdint.h>

struct ua_line;

struct ua_keepalive_config { /* strings are copied */
    const char *message; /* NAT_Keep_Alive_Msg: $NOTIFY, $REGISTER, $PING, $OPTIONS; other text is
                            sent as it stands, its macros expanded by the caller; "" = an empty
                            datagram */
    const char *dest;    /* NAT_Keep_Alive_Dest: $PROXY = the server in use; else host[:port] */
    uint32_t interval_s; /* NAT_Keep_Alive_Intvl; 0 = none is sent [DEF] */
};

/**
 * Begin after one interval, or go on with other settings; NULL = no more of them. The same settings
 * again change nothing. What is answered, and whether, has no effect on the registration [DEF].
 *
 *   UDP       everything, from the line's own port
 *   TCP, TLS  requests on the connection to the server; texts, and other destinations, not at all
 *             [DEF]
 *
 * Errors  ENOMEM
 */
int ua_line_keep_alive(struct ua_line *l, const struct ua_keepalive_config *c);

/** 0 = none is sent. */
uint32_t keepalive_interval_s(const struct ua_line *l);

#endif
