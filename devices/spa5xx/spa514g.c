/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 1.1, 1.2, 1.5 */
#include <stddef.h>

#include "devices/keys.h"
#include "devices/model.h"
#include "devices/models.h"
#include "devices/spa5xx/family.h"

static const struct device_key keys[] = {KEYS_LINE4, KEYS_SOFT4, KEYS_NAV4, KEYS_DESK, KEYS_END};
static const char *const lamps[] = {LAMPS_LINE4, LAMPS_DESK, NULL};
static const uint8_t ouis[][3] = {{0xa4, 0x93, 0x4c}};

const struct device_model device_spa514g = {
    .name = "SPA514G",
    .psn = "514G",
    .family = FAMILY_SPA5XX,
    .n_lines = 4,
    .n_line_keys = 4,
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
    .product = "SPA514G",
    .serial_site = "CCQ",
    .firmware = spa_firmware,
    .hwver = "1.0.2(0001)",
    .ua_format = SPA_UA,
    .http_ua_format = SPA_HTTP_UA,
    .default_rule = "/spa$PSN.cfg",
    .dhcp_class = "Cisco SPA514G",
    .update_since = "7.4.7",
    .allow = spa_allow,
    .supported = "replaces",
    .idle_key_list = spa_idle_keys,
    .features = SPA_FEATURES | FEATURE_POE,
    .source = "devices.md 1.1, 1.2, 1.5",
};
