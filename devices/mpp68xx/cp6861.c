/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 1.1 (u), 1.2, 1.5; provisioning.md 17.1 */
#include <stddef.h>

#include "devices/keys.h"
#include "devices/model.h"
#include "devices/models.h"
#include "devices/mpp68xx/family.h"

static const struct device_key keys[] = {KEYS_LINE4,        KEYS_SOFT4,      KEYS_NAV5, KEY("back"),
                                         KEY("conference"), KEY("transfer"), KEYS_DESK, KEYS_END};
static const char *const lamps[] = {LAMPS_LINE4, LAMPS_DESK, NULL};
static const uint8_t ouis[][3] = {{0xc4, 0xc6, 0x03}};

const struct device_model device_cp6861 = {
    .name = "6861",
    .psn = "6861-3PCC",
    .family = FAMILY_MPP68XX,
    .n_lines = 4,
    .n_line_keys = 4,
    .n_softkeys = 4,
    .lcd = {.width_px = 396,
            .height_px = 162,
            .depth_bits = 4,
            .columns = 49,
            .rows = 10,
            .backlight = true},
    .keys = keys,
    .lamps = lamps,
    .ouis = ouis,
    .n_ouis = sizeof(ouis) / sizeof(ouis[0]),
    .product = "6861",
    .serial_site = "FCH",
    .firmware = mpp_firmware,
    .hwver = "1.0.0",
    .ua_format = MPP_UA,
    .http_ua_format = MPP_HTTP_UA,
    .default_rule = "/$PSN.xml",
    .dhcp_class = "CP-6861-3PCC",
    .update_since = "",
    .allow = mpp_allow,
    .supported = "replaces",
    .idle_key_list = mpp_idle_keys,
    .features = MPP_FEATURES | FEATURE_WIFI,
    .source = "devices.md 1.1 (u), 1.2, 1.5; provisioning.md 17.1",
};
