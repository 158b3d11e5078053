/* SPDX-License-Identifier: BSD-3-Clause */
#include "devices/cp79xx/family.h"

#include <stddef.h>

/* devices.md 1.5 [7960CFG]: image P0S3-8-12-00; the User-Agent says 8.0 [T] */
const char *const cp79xx_firmware[] = {"6.3", "7.5", "8.0", "8.12", NULL};

/* sip-behaviour.md 4.6 [UC] */
const char cp79xx_allow[] = "ACK,BYE,CANCEL,INVITE,NOTIFY,OPTIONS,REFER,REGISTER,UPDATE";

const uint8_t cp79xx_ouis[5][3] = {{0x00, 0x03, 0x6b},
                                   {0x00, 0x0f, 0x23},
                                   {0x00, 0x13, 0xc4},
                                   {0x00, 0x18, 0x18},
                                   {0x00, 0x1a, 0x2f}};
