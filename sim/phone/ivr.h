/* SPDX-License-Identifier: BSD-3-Clause */
/* The voice menu of phones without a screen: its words as text (devices.md 13). */
#ifndef SIM_PHONE_IVR_H
#define SIM_PHONE_IVR_H

#include <stdbool.h>

struct phone;
struct screen;

/** It speaks: keys are its own. */
bool phone_ivr_open(const struct phone *ph);

/** "****" off hook, or the setup key. Returns 1: something changed. */
int phone_ivr_enter(struct phone *ph);

/** Off the hook four stars in a row open it; false: this digit did not. */
bool phone_ivr_stars(struct phone *ph, char digit);

/** What was said last, in rows. */
void phone_ivr_screen(const struct phone *ph, struct screen *s);
int phone_ivr_key(struct phone *ph, const char *key, char digit);

/** Forget it, as a power cut does: what was not hung up on is not applied. */
void phone_ivr_close(struct phone *ph);

#endif
