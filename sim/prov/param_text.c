/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/prov/param_text.h"

#include <stddef.h>
#include <strings.h>

bool param_text_bool(const char *s, bool *value)
{
    static const char *const words[] = {"no", "yes", "disable", "enable", "0", "1"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcasecmp(s, words[i]) == 0) {
            *value = i & 1;
            return true;
        }
    }
    return false;
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
}

/* Decimal or 0x hexadecimal (5.1) */
static bool read_uint(const char *s, uint32_t *value)
{
    const int base = s[0] == '0' && (s[1] == 'x' || s[1] == 'X') ? 16 : 10;
    uint64_t v = 0;

    if (base == 16)
        s += 2;
    if (!*s)
        return false;
    for (; *s; s++) {
        const int d = digit_of(*s);
        if (d >= base)
            return false;
        v = v * (uint64_t)base + (uint64_t)d;
        if (v > UINT32_MAX)
            return false;
    }
    *value = (uint32_t)v;
    return true;
}

bool param_text_ms(const char *s, uint64_t *ms)
{
    uint64_t v = 0;
    unsigned n = 0, unit = 1000;

    for (; *s >= '0' && *s <= '9'; s++, n++) {
        v = v * 10 + (uint64_t)(*s - '0');
        if (v > UINT32_MAX)
            return false;
    }
    v *= 1000;
    if (*s == '.') {
        for (s++; *s >= '0' && *s <= '9'; s++, n++) {
            unit /= 10;
            v += (uint64_t)(*s - '0') * unit;
        }
    }
    *ms = v;
    return n && !*s;
}

bool param_text_number(const char *s, uint32_t *v)
{
    uint64_t ms;

    if (read_uint(s, v))
        return true;
    if (!param_text_ms(s, &ms))
        return false;
    *v = (uint32_t)(ms / 1000);
    return true;
}

bool param_text_fits(enum param_type type, const char *value)
{
    uint32_t u;
    uint64_t ms;
    bool b;

    if (!*value)
        return true;
    switch (type) {
    case PARAM_BOOL:
        return param_text_bool(value, &b);
    case PARAM_UINT:
        return read_uint(value, &u);
    case PARAM_PORT:
        return read_uint(value, &u) && u <= UINT16_MAX;
    case PARAM_DECIMAL:
        return param_text_ms(value, &ms);
    case PARAM_STR:
    case PARAM_SECRET:
        break;
    }
    return true;
}

const char *param_text_canonical(enum param_type type, const char *value)
{
    bool b;

    if (type == PARAM_BOOL && param_text_bool(value, &b))
        return b ? "Yes" : "No";
    return value;
}
