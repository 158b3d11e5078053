/* SPDX-License-Identifier: BSD-3-Clause */
/* What a phone model is: const data only. Sources: devices.md sections 1 to 6, sip-behaviour.md 9.
 */
#ifndef DEVICES_MODEL_H
#define DEVICES_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum device_family {
    FAMILY_SPA3XX,
    FAMILY_SPA5XX, /* mono 50x, 51x, 521SG and the blind 501G */
    FAMILY_SPA525,
    FAMILY_WIP310,
    FAMILY_MPP68XX,
    FAMILY_CP79XX,
};

/* devices.md 1.6; bits of device_model.features */
enum device_feature {
    FEATURE_UPDATE = 1 << 0, /* RFC 3311, from update_since on */
    FEATURE_TLS = 1 << 1,
    FEATURE_TCP = 1 << 2,
    FEATURE_XML_SERVICE = 1 << 3, /* NOTIFY Event: XML-Service */
    FEATURE_SCA = 1 << 4,
    FEATURE_100REL = 1 << 5,
    FEATURE_SRTP = 1 << 6,
    FEATURE_NAPTR = 1 << 7,   /* SIP_Transport AUTO */
    FEATURE_REG_CAP = 1 << 8, /* Reg_Retry_Intvl_Cap and long random delay (not WIP310) */
    FEATURE_POE = 1 << 9,
    FEATURE_WIFI = 1 << 10,
    FEATURE_SPCP = 1 << 11,
};

struct device_lcd { /* width 0 = no screen */
    uint16_t width_px, height_px;
    uint8_t depth_bits;
    uint8_t columns, rows; /* text grid, soft-key bar excluded */
    bool backlight;
};

struct device_key {
    const char *name; /* as `press` takes it: "soft1", "line2", "hold", "5" … */
    char digit;       /* '0'-'9' '*' '#', else 0 */
    bool lamp;
};

struct device_model {
    const char *name;    /* "SPA504G" */
    const char *psn;     /* $PSN: "504G" */
    const char *product; /* product name in User-Agent and $PN */
    enum device_family family;
    uint8_t n_lines; /* extension pages = SIP lines */
    uint8_t n_line_keys;
    uint8_t n_softkeys;
    struct device_lcd lcd;
    const struct device_key *keys; /* ended by name NULL */
    const char *const *lamps;      /* lamp names, ended by NULL: "line1", "message", "mute" … */
    const uint8_t (*ouis)[3];
    size_t n_ouis;
    const char *serial_site;     /* three letters */
    const char *const *firmware; /* oldest first, newest last, ended by NULL */
    const char *hwver;
    const char
        *ua_format; /* $VERSION: %p product, %v firmware, %m mac lower, %M mac upper, %s serial */
    const char *http_ua_format;     /* same letters */
    const char *http_ua_format_old; /* below http_ua_since; NULL = same */
    const char *http_ua_since;
    const char *default_rule; /* Profile_Rule in factory state; "" = not established */
    const char *dhcp_class;   /* option 60 */
    const char *update_since; /* first firmware with UPDATE; "" = all; NULL = none */
    const char *allow;        /* Allow list with UPDATE when the model has it */
    const char *supported;
    const char *idle_key_list; /* default soft keys of the idle screen, devices.md 5.2 */
    uint32_t features;         /* enum device_feature */
    const char *source;        /* where these rows come from */
};

/** Model by name in any case; NULL when there is none. */
const struct device_model *device_model_find(const char *name);

/** All models, ended by NULL, in the order users read them. */
const struct device_model *const *device_models(void);

/** The newest firmware of the model. */
const char *device_model_newest(const struct device_model *m);

/** Is this a version the family could carry ("7.4.8a", "7.6.2(SR1)", "11-3-1MPP-697", "8.12")? */
bool device_version_valid(const struct device_model *m, const char *version);

/** <0, 0, >0: compare versions as provisioning.md 3.3 does (numbers, then suffix, missing lowest).
 */
int device_version_cmp(const char *a, const char *b);

bool device_has_update(const struct device_model *m, const char *firmware);

/** Allow header value for this firmware (UPDATE left out where it has none). Written to buf. */
const char *device_allow(const struct device_model *m, const char *firmware, char *buf,
                         size_t size);

struct device_identity { /* what the formats need */
    const char *firmware, *serial;
    uint8_t mac[6];
};

/** Print a ua_format string. Returns the length as snprintf does. */
int device_ua_print(char *buf, size_t size, const char *format, const struct device_model *m,
                    const struct device_identity *id);

/** HTTP User-Agent of this model at this firmware (provisioning.md 9.1). */
int device_http_ua_print(char *buf, size_t size, const struct device_model *m,
                         const struct device_identity *id);

/** 11-character serial number from site, MAC: a pure function (devices.md 1.5). */
void device_serial(char buf[16], const struct device_model *m, const uint8_t mac[6]);

#endif
