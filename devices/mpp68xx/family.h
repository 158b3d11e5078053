/* SPDX-License-Identifier: BSD-3-Clause */
/* What the 6800 multiplatform phones share. */
#ifndef DEVICES_MPP68XX_FAMILY_H
#define DEVICES_MPP68XX_FAMILY_H

extern const char *const mpp_firmware[];
extern const char mpp_allow[];
extern const char mpp_idle_keys[];

#define MPP_UA      "Cisco-CP-%p-3PCC/%v_%m" /* sip-behaviour.md 9.1 [T]; some add UUIDs */
#define MPP_HTTP_UA "Cisco-CP-%p-3PCC/%v (%m)"
#define MPP_FEATURES                                                                               \
    (FEATURE_UPDATE | FEATURE_TLS | FEATURE_TCP | FEATURE_XML_SERVICE | FEATURE_SCA |              \
     FEATURE_100REL | FEATURE_SRTP | FEATURE_NAPTR | FEATURE_REG_CAP)

#endif
