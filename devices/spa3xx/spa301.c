/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 1.1, 1.2, 1.5 */
#include <stddef.h>

#include "devices/keys.h"
#include "devices/model.h"
#include "devices/models.h"
#include "devices/spa5xx/family.h"

static const struct device_key keys[] = {KEYS_DIGITS,  KEY("hold"), KEY_LAMP("mute"), KEY("redial"),
                                         KEY("flash"), KEYS_VOLUME, KEYS_HOOK,        KEYS_END};
static const char *const lamps[] = {"message", "mute", NULL};
static const uint8_t ouis[][3] = {{0x3c, 0xce, 0x73}, {0x54, 0x75, 0xd0}};

const struct device_model device_spa301 = {
    .name = "SPA301",
    .psn = "301",
    .family = FAMILY_SPA3XX,
    .n_lines = 1,
    .n_line_keys = 0,
    .n_softkeys = 0,
    .lcd = {.width_px = 0},
    .keys = keys,
    .lamps = lamps,
    .ouis = ouis,
    .n_ouis = sizeof(ouis) / sizeof(ouis[0]),
    .product = "SPA301",
    .serial_site = "CCQ",
    .firmware = spa_firmware,
    .hwver = "1.0.2(0001)",
    .ua_format = SPA_UA,
    .http_ua_format = SPA_HTTP_UA,
    .default_rule = "/spa$PSN.cfg",
    .dhcp_class = "Cisco SPA301",
    .update_since = "7.4.7",
    .allow = spa_allow,
    .supported = "replaces",
    .idle_key_list = spa_idle_keys,
    .features = SPA_FEATURES,
    .source = "devices.md 1.1, 1.2, 1.5",
};
