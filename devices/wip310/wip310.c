/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 1.1 [HOIP], resolution D:; sip-behaviour.md 4.6 */
#include <stddef.h>

#include "devices/keys.h"
#include "devices/model.h"
#include "devices/models.h"
#include "devices/spa5xx/family.h"

static const char *const wip310_firmware[] = {"5.0.11", "5.0.13", NULL}; /* newest: D: */
static const struct device_key keys[] = {KEYS_DIGITS, KEYS_SOFT2,  KEYS_NAV5, KEY("call"),
                                         KEY("end"),  KEYS_VOLUME, KEYS_END};
static const char *const lamps[] = {NULL}; /* 1.2: no bar for messages */
static const uint8_t ouis[][3] = {{0x00, 0x0e, 0x08}};

const struct device_model device_wip310 = {
    .name = "WIP310",
    .psn = "WIP310",
    .family = FAMILY_WIP310,
    .n_lines = 1,
    .n_line_keys = 0,
    .n_softkeys = 2,
    .lcd = {.width_px = 128,
            .height_px = 160,
            .depth_bits = 16,
            .columns = 21,
            .rows = 13,
            .backlight = true},
    .keys = keys,
    .lamps = lamps,
    .ouis = ouis,
    .n_ouis = sizeof(ouis) / sizeof(ouis[0]),
    .product = "WIP310",
    .serial_site = "CBT",
    .firmware = wip310_firmware,
    .hwver = "1.0.0",
    .ua_format = SPA_UA,
    .http_ua_format = SPA_HTTP_UA,
    .default_rule = "",
    .dhcp_class = "",
    .update_since = NULL,
    .allow = "ACK, BYE, CANCEL, INFO, INVITE, NOTIFY, OPTIONS, REFER",
    .supported = "replaces",
    .idle_key_list = "dir|1;redial|2",
    .features =
        FEATURE_TLS | FEATURE_TCP | FEATURE_SCA | FEATURE_100REL | FEATURE_SRTP | FEATURE_WIFI,
    .source = "devices.md 1.1 [HOIP], resolution D:; sip-behaviour.md 4.6",
};
