/* SPDX-License-Identifier: BSD-3-Clause */
/* What the SPA300 and SPA500 phones share: firmware, Allow list, soft keys. */
#ifndef DEVICES_SPA5XX_FAMILY_H
#define DEVICES_SPA5XX_FAMILY_H

extern const char *const spa_firmware[];
extern const char spa_allow[];
extern const char spa_idle_keys[];

#define SPA_UA      "Cisco/%p-%v"
#define SPA_HTTP_UA "Cisco/%p-%v (%M)(%s)"
#define SPA_FEATURES                                                                               \
    (FEATURE_UPDATE | FEATURE_TLS | FEATURE_TCP | FEATURE_XML_SERVICE | FEATURE_SCA |              \
     FEATURE_100REL | FEATURE_SRTP | FEATURE_REG_CAP | FEATURE_SPCP)

#endif
