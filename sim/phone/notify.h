/* SPDX-License-Identifier: BSD-3-Clause */
/* NOTIFY events a phone reacts to: one row each in notify.c (sip-behaviour.md 3.1). */
#ifndef SIM_PHONE_NOTIFY_H
#define SIM_PHONE_NOTIFY_H

#include <stddef.h>
#include <stdint.h>

struct pl;
struct phone;
struct phone_line;
struct ua_answer;
struct ua_notify;

/** Handlers of a SIP line (sim/sip/line.h); arg is its struct phone_line. */
void phone_judge_notify(const struct ua_notify *n, struct ua_answer *a, void *arg);
void phone_notified(const struct ua_notify *n, uint16_t scode, void *arg);

/** A text message (6.1 [UC]): it is shown, as far as the phone shows pages. */
void phone_messaged(const struct pl *text, void *arg);

/** Allow-Events of this phone: the packages that are on, "" = none. Returns buf. */
const char *phone_packages(const struct phone *ph, char *buf, size_t size);

#endif
