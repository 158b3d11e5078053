/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 1.1, 1.2, 1.5 */
#include <stddef.h>

#include "devices/keys.h"
#include "devices/model.h"
#include "devices/models.h"
#include "devices/spa5xx/family.h"

static const struct device_key keys[] = {KEYS_LINE8,        KEY("redial"),   KEY("cancel"),
                                         KEY("conference"), KEY("transfer"), KEYS_DESK,
                                         KEYS_END};
static const char *const lamps[] = {LAMPS_LINE8, LAMPS_DESK, NULL};
static const uint8_t ouis[][3] = {{0x88, 0x43, 0xe1}};

const struct device_model device_spa501g = {
    .name = "SPA501G",
    .psn = "501G",
    .family = FAMILY_SPA5XX,
    .n_lines = 8,
    .n_line_keys = 8,
    .n_softkeys = 0,
    .lcd = {.width_px = 0},
    .keys = keys,
    .lamps = lamps,
    .ouis = ouis,
    .n_ouis = sizeof(ouis) / sizeof(ouis[0]),
    .product = "SPA501G",
    .serial_site = "CCQ",
    .firmware = spa_firmware,
    .hwver = "1.0.2(0001)",
    .ua_format = SPA_UA,
    .http_ua_format = SPA_HTTP_UA,
    .default_rule = "/spa$PSN.cfg",
    .dhcp_class = "Cisco SPA501G",
    .update_since = "7.4.7",
    .allow = spa_allow,
    .supported = "replaces",
    .idle_key_list = spa_idle_keys,
    .features = SPA_FEATURES | FEATURE_POE,
    .source = "devices.md 1.1, 1.2, 1.5",
};
