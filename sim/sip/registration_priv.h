/* SPDX-License-Identifier: BSD-3-Clause */
/* An attempt to register, for registration.c (how it goes out) and registration_answer.c (what
 * comes back). */
#ifndef SIM_SIP_REGISTRATION_PRIV_H
#define SIM_SIP_REGISTRATION_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/sip/line.h"

/** Send the next REGISTER of the attempt, to the server it is at. */
void registration_send(struct ua_line *l);

/** Go on at the server that l->reg.redirect names; the list of servers stays out of it. */
void registration_follow(struct ua_line *l);

/** Go on at the next server of the list (2.6). False: there is none, or the attempt is no matter of
 *  the list. */
bool registration_fail_over(struct ua_line *l, const char *why);

/** No answer came, or none that counts: the next server, else again after the short wait. */
void registration_fail(struct ua_line *l, const char *reason);

/** Whatever became of it, a removal (Expires 0) is over: told as UA_REG_OFF. False: it was none. */
bool registration_end_removal(struct ua_line *l);

/** The attempt is over: account for it. registration_report() tells it. */
void registration_conclude(struct ua_line *l, enum ua_reg_state state, uint16_t scode,
                           const char *reason);

/** Tell the line's owner how the registration stands. */
void registration_report(struct ua_line *l);

/** The next attempt begins after so many milliseconds of phone time. */
void registration_schedule(struct ua_line *l, uint64_t phone_ms);

#endif
