/* SPDX-License-Identifier: BSD-3-Clause */
/* What the 7940 and 7960 with SIP firmware share. */
#ifndef DEVICES_CP79XX_FAMILY_H
#define DEVICES_CP79XX_FAMILY_H

#include <stdint.h>

extern const char *const cp79xx_firmware[];
extern const char cp79xx_allow[];
extern const uint8_t cp79xx_ouis[5][3];

#endif
