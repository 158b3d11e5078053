/* SPDX-License-Identifier: BSD-3-Clause */
#include "devices/mpp68xx/family.h"

#include <stddef.h>

/* devices.md 1.5 [RN6871] [MPPRN]; written as the User-Agent writes them */
const char *const mpp_firmware[] = {"11.1.1", "11.1.2", "11.2.1", "11.3.1", "11.3.2",
                                    "12.0.1", "12.0.3", "12.0.7", NULL};

/* sip-behaviour.md 4.6 [UC]: the SPA list plus SUBSCRIBE */
const char mpp_allow[] =
    "ACK, BYE, CANCEL, INFO, INVITE, NOTIFY, OPTIONS, REFER, SUBSCRIBE, UPDATE";

/* devices.md 5.2 [MPPKEYS] */
const char mpp_idle_keys[] =
    "em_login;acd_login;acd_logout;astate;avail;unavail;redial;recents;cfwd;dnd;lcr;pickup;gpickup;"
    "unpark;em_logout;guestin;guestout";
