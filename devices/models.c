/* SPDX-License-Identifier: BSD-3-Clause */
#include "devices/models.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A row each. */
/* clang-format off */
static const struct device_model *const models[] = {
    &device_spa301,
    &device_spa303,
    &device_spa501g,
    &device_spa502g,
    &device_spa504g,
    &device_spa508g,
    &device_spa509g,
    &device_spa512g,
    &device_spa514g,
    &device_spa521sg,
    &device_spa525g,
    &device_spa525g2,
    &device_wip310,
    &device_cp6821,
    &device_cp6841,
    &device_cp6851,
    &device_cp6861,
    &device_cp6871,
    &device_cp7940,
    &device_cp7960,
    NULL,
};
/* clang-format on */

const struct device_model *const *device_models(void)
{
    return models;
}

const struct device_model *device_model_find(const char *name)
{
    for (const struct device_model *const *m = models; *m; m++) {
        if (strcasecmp((*m)->name, name) == 0)
            return *m;
    }
    return NULL;
}

const char *device_model_newest(const struct device_model *m)
{
    const char *const *v = m->firmware;

    while (v[1])
        v++;
    return *v;
}

/* One number of a version; false when none stands there. */
static bool read_number(const char **p, unsigned long *n)
{
    char *end;

    if (!isdigit((unsigned char)**p))
        return false;
    *n = strtoul(*p, &end, 10);
    *p = end;
    return true;
}

static bool valid_suffix(const char *p)
{
    const bool open = *p == '(';

    if (open)
        p++;
    while (isalnum((unsigned char)*p) || *p == '_')
        p++;
    if (open && *p++ != ')')
        return false;
    return *p == '\0';
}

bool device_version_valid(const struct device_model *m, const char *version)
{
    const char *p = version;
    unsigned long n;
    unsigned numbers = 0;

    if (strlen(version) > 30)
        return false;
    while (read_number(&p, &n) && n < 10000) {
        numbers++;
        if ((*p != '.' && *p != '-') || !isdigit((unsigned char)p[1]))
            break;
        p++;
    }
    /* 79xx loads have two numbers, the others three (provisioning.md 3.3, devices.md 1.5) */
    if (numbers < (m->family == FAMILY_CP79XX ? 2 : 3))
        return false;
    if (m->family == FAMILY_MPP68XX && strncmp(p, "MPP", 3) == 0) { /* 11-3-1MPP-697 */
        p += 3;
        p += strspn(p, "0123456789-");
    }
    return valid_suffix(p);
}

int device_version_cmp(const char *a, const char *b)
{
    unsigned long x = 0, y = 0;

    while (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
        read_number(&a, &x);
        read_number(&b, &y);
        if (x != y)
            return x < y ? -1 : 1;
        if ((*a == '.' || *a == '-') && (*b == '.' || *b == '-')) {
            a++;
            b++;
        }
    }
    /* "7.5" is below "7.5.1"; a suffix may stand in parentheses */
    if (*a == '(')
        a++;
    if (*b == '(')
        b++;
    return strcmp(a, b);
}

bool device_has_update(const struct device_model *m, const char *firmware)
{
    if (!m->update_since)
        return false;
    return !*m->update_since || device_version_cmp(firmware, m->update_since) >= 0;
}

const char *device_allow(const struct device_model *m, const char *firmware, char *buf, size_t size)
{
    snprintf(buf, size, "%s", m->allow);
    char *update = strstr(buf, "UPDATE");
    if (!update || device_has_update(m, firmware))
        return buf;
    while (update > buf && (update[-1] == ' ' || update[-1] == ','))
        update--;
    *update = '\0'; /* the list is alphabetical, UPDATE its last */
    return buf;
}

static int print_mac(char *buf, size_t size, const uint8_t m[6], bool upper)
{
    return snprintf(buf, size, upper ? "%02X%02X%02X%02X%02X%02X" : "%02x%02x%02x%02x%02x%02x",
                    m[0], m[1], m[2], m[3], m[4], m[5]);
}

int device_ua_print(char *buf, size_t size, const char *format, const struct device_model *m,
                    const struct device_identity *id)
{
    char mac[16];
    size_t pos = 0;

    for (const char *p = format; *p; p++) {
        const char *text = p;
        size_t len = 1;
        if (*p == '%') {
            p++;
            text = *p == 'p' ? m->product : *p == 'v' ? id->firmware : *p == 's' ? id->serial : mac;
            if (text == mac)
                (void)print_mac(mac, sizeof(mac), id->mac, *p == 'M');
            len = strlen(text);
        }
        if (pos + 1 < size)
            memcpy(buf + pos, text, len < size - pos - 1 ? len : size - pos - 1);
        pos += len;
    }
    if (size)
        buf[pos < size ? pos : size - 1] = '\0';
    return (int)pos;
}

int device_http_ua_print(char *buf, size_t size, const struct device_model *m,
                         const struct device_identity *id)
{
    const bool old =
        m->http_ua_format_old && device_version_cmp(id->firmware, m->http_ua_since) < 0;

    return device_ua_print(buf, size, old ? m->http_ua_format_old : m->http_ua_format, m, id);
}

void device_serial(char buf[16], const struct device_model *m, const uint8_t mac[6])
{
    static const char digits[] = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    const unsigned tail = ((unsigned)mac[3] << 16) | ((unsigned)mac[4] << 8) | mac[5];
    char end[5] = "";

    /* year code 14 to 17, week 01 to 52, then four alphanumerics: the MAC's last three bytes */
    for (unsigned i = 0, rest = tail; i < 4; i++, rest /= 34)
        end[3 - i] = digits[rest % 34];
    const unsigned high = tail / (34u * 34 * 34 * 34);
    snprintf(buf, 16, "%s%02u%02u%s", m->serial_site, 14 + high % 4, 1 + (tail >> 4) % 52, end);
}
