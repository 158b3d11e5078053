/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 1.1, 1.5, 5.2, 7 */
#include <stddef.h>

#include "devices/keys.h"
#include "devices/model.h"
#include "devices/models.h"
#include "devices/spa5xx/family.h"

static const struct device_key keys[] = {KEYS_LINE5, KEYS_SOFT4, KEYS_NAV5, KEYS_DESK, KEYS_END};
static const char *const lamps[] = {LAMPS_LINE5, LAMPS_DESK, NULL};
static const uint8_t ouis[][3] = {{0x00, 0x0e, 0x08}};

const struct device_model device_spa525g = {
    .name = "SPA525G",
    .psn = "525G",
    .family = FAMILY_SPA525,
    .n_lines = 5,
    .n_line_keys = 5,
    .n_softkeys = 4,
    .lcd = {.width_px = 320,
            .height_px = 240,
            .depth_bits = 16,
            .columns = 40,
            .rows = 13,
            .backlight = true},
    .keys = keys,
    .lamps = lamps,
    .ouis = ouis,
    .n_ouis = sizeof(ouis) / sizeof(ouis[0]),
    .product = "SPA525G",
    .serial_site = "CBT",
    .firmware = spa_firmware,
    .hwver = "1.0.0",
    .ua_format = SPA_UA,
    .http_ua_format = SPA_HTTP_UA,
    .default_rule = "/spa$PSN.cfg",
    .dhcp_class = "Cisco SPA525G",
    .update_since = "",
    .allow = spa_allow,
    .supported = "replaces",
    .idle_key_list = "em_login;acd_login;acd_logout;astate;avail;unavail;redial;dir;cfwd;dnd;lcr;"
                     "pickup;gpickup;unpark;"
                     "em_logout;guestin;guestout;",
    .features = SPA_FEATURES | FEATURE_POE | FEATURE_WIFI,
    .http_ua_format_old = "Cisco/%p-%v (%s)",
    .http_ua_since = "7.5.0",
    .source = "devices.md 1.1, 1.5, 5.2, 7",
};
