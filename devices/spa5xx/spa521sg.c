/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 1.1 (u), 17: as SPA502G; boots as a one-line SIP phone */
#include <stddef.h>

#include "devices/keys.h"
#include "devices/model.h"
#include "devices/models.h"
#include "devices/spa5xx/family.h"

static const struct device_key keys[] = {KEYS_SOFT4, KEYS_NAV4, KEYS_DESK, KEYS_END};
static const char *const lamps[] = {LAMPS_DESK, NULL};
static const uint8_t ouis[][3] = {{0x00, 0x0e, 0x08}};

const struct device_model device_spa521sg = {
    .name = "SPA521SG",
    .psn = "521SG",
    .family = FAMILY_SPA5XX,
    .n_lines = 1,
    .n_line_keys = 0,
    .n_softkeys = 4,
    .lcd = {.width_px = 128,
            .height_px = 64,
            .depth_bits = 1,
            .columns = 21,
            .rows = 4,
            .backlight = true},
    .keys = keys,
    .lamps = lamps,
    .ouis = ouis,
    .n_ouis = sizeof(ouis) / sizeof(ouis[0]),
    .product = "SPA521SG",
    .serial_site = "CCQ",
    .firmware = spa_firmware,
    .hwver = "1.0.2(0001)",
    .ua_format = SPA_UA,
    .http_ua_format = SPA_HTTP_UA,
    .default_rule = "/spa$PSN.cfg",
    .dhcp_class = "Cisco SPA521SG",
    .update_since = "7.4.7",
    .allow = spa_allow,
    .supported = "replaces",
    .idle_key_list = spa_idle_keys,
    .features = SPA_FEATURES | FEATURE_POE,
    .source = "devices.md 1.1 (u), 17: as SPA502G; boots as a one-line SIP phone",
};
