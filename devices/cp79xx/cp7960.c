/* SPDX-License-Identifier: BSD-3-Clause */
/* devices.md 1.1 [SCCP] [XSD], 17; sip-behaviour.md 4.6, 9 */
#include <stddef.h>

#include "devices/keys.h"
#include "devices/model.h"
#include "devices/models.h"
#include "devices/cp79xx/family.h"

static const struct device_key keys[] = {KEYS_LINE6,  KEYS_SOFT4,       KEY("up"),
                                         KEY("down"), KEY("directory"), KEY("services"),
                                         KEY("info"), KEYS_DESK,        KEYS_END};
static const char *const lamps[] = {"message", "mute", "headset", "speaker", NULL};

const struct device_model device_cp7960 = {
    .name = "7960",
    .psn = "7960",
    .family = FAMILY_CP79XX,
    .n_lines = 6,
    .n_line_keys = 6,
    .n_softkeys = 4,
    .lcd = {.width_px = 133, .height_px = 65, .depth_bits = 2, .columns = 22, .rows = 5},
    .keys = keys,
    .lamps = lamps,
    .ouis = cp79xx_ouis,
    .n_ouis = sizeof(cp79xx_ouis) / sizeof(cp79xx_ouis[0]),
    .product = "CP-7960G",
    .serial_site = "FCH",
    .firmware = cp79xx_firmware,
    .hwver = "1.0.0",
    .ua_format = "Cisco-CP7960G/8.0",
    .http_ua_format = "",
    .default_rule = "",
    .dhcp_class = "Cisco Systems, Inc. IP Phone CP-7960G",
    .update_since = "",
    .allow = cp79xx_allow,
    .supported = "replaces,join,norefersub",
    .idle_key_list = "redial|1;newcall|2;cfwd|3;dnd|5",
    .features = FEATURE_UPDATE | FEATURE_SPCP,
    .source = "devices.md 1.1 [SCCP] [XSD], 17; sip-behaviour.md 4.6, 9",
};
