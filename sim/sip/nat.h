/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which address and port a line shows when a NAT stands in front of it (sip-behaviour.md 8). Only
 * with NAT_Mapping_Enable, each of address and port by itself, the first that is known:
 *
 *   STUN               what the server saw this line's SIP port as
 *   received, rport    what a response's Via said of our request (Handle_VIA_received, _rport)
 *   EXT_IP, EXT_SIP_Port
 *   the line's own
 *
 * Contact says so at once, the registrar hears of it by its next REGISTER. Where a registered line
 * shows something else than it registered, that REGISTER goes out without waiting, at most every
 * NAT_SETTLE_S seconds, so that a NAT with a new port for every packet is not chased [DEF].
 */
#ifndef SIM_SIP_NAT_H
#define SIM_SIP_NAT_H

#include <netinet/in.h>
#include <stdint.h>

struct ua_line;

enum { NAT_SETTLE_S = 60 };

/** What Contact says. */
struct sockaddr_in ua_line_contact(const struct ua_line *l);

/**
 * What a session description says of the local RTP port: the address shown, and EXT_RTP_Port_Min
 * counted from RTP_Port_Min upwards. What STUN says of the RTP port wins over that (call_nat.c).
 */
struct sockaddr_in ua_line_media(const struct ua_line *l, uint16_t rtp_port);

/** Outcome of the NAT type test in the manual's words; NULL = none (yet). */
const char *ua_line_nat_type(const struct ua_line *l);

#endif
