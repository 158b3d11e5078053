/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Do-not-disturb and call forwarding: how they are changed at the phone, and how phone and server
 * keep each other informed (Feature_Key_Sync). For the files of this folder. sip-behaviour.md 10.
 */
#ifndef SIM_PHONE_FEATURES_H
#define SIM_PHONE_FEATURES_H

#include <stdbool.h>

#include "sim/sip/call_info.h"

struct phone;
struct phone_line;
struct ua_subscription;

struct phone_features { /* of a line */
    struct phone_line *pl;
    struct ua_subscription *sub;  /* as-feature-event */
    bool dnd;                     /* what the server knows of us */
    char *targets[FEATURE_KINDS]; /* of forwarding; NULL = off */
};

void phone_features_start(struct phone *ph, unsigned line);
/** say: with a word on the wire. */
void phone_features_stop(struct phone *ph, unsigned line, bool say);

/** Something of it may have changed here: the servers are told, its keys show it. */
void phone_features_changed(struct phone *ph);

/** Forward all calls; "" = not. Errors as param_set_value(). */
int phone_forward_all(struct phone *ph, const char *target);

#endif
