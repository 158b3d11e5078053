/* SPDX-License-Identifier: BSD-3-Clause */
#include "devices/spa5xx/family.h"

#include <stddef.h>

/* devices.md 1.5 [FW]; SRn is letter n (inf) */
const char *const spa_firmware[] = {
    "7.4.3", "7.4.6",  "7.4.7",  "7.4.8a", "7.4.9a", "7.4.9c", "7.5.1a", "7.5.2b", "7.5.3",
    "7.5.4", "7.5.5",  "7.5.5b", "7.5.6",  "7.5.6a", "7.5.7",  "7.5.7s", "7.6.0",  "7.6.1",
    "7.6.2", "7.6.2a", "7.6.2b", "7.6.2c", "7.6.2d", "7.6.2e", "7.6.2f", "7.6.2g", NULL};

/* sip-behaviour.md 4.6 [T] */
const char spa_allow[] = "ACK, BYE, CANCEL, INFO, INVITE, NOTIFY, OPTIONS, REFER, UPDATE";

/* devices.md 5.2 */
const char spa_idle_keys[] =
    "em_login|1;acd_login|1;acd_logout|1;astate|2;avail|3;unavail|3;redial|5;dir|6;cfwd|7;dnd|8;"
    "lcr|9;pickup|10;gpickup|11;unpark|12;em_logout";
