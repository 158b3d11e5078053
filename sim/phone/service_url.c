/* SPDX-License-Identifier: BSD-3-Clause */
/* Macros of service URLs (xml-services.md 9.5): the longest known name wins, what is unknown stays,
 * values are percent-encoded [DEF]. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/phone/priv.h"

enum { NAME_MAX_BYTES = 24, VALUE_BYTES = 256 };

struct url {
    char *buf;
    size_t size, len;
};

static void put(struct url *u, const char *text, size_t n)
{
    if (u->len + n < u->size)
        memcpy(u->buf + u->len, text, n);
    u->len += n;
}

static void put_encoded(struct url *u, const char *text)
{
    char hex[4];

    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;
        if (isalnum(c) || strchr("-._~", c)) {
            put(u, text, 1);
        } else {
            snprintf(hex, sizeof(hex), "%%%02X", c);
            put(u, hex, 3);
        }
    }
}

/* UIDn, DISPLAYNAMEn, AUTHIDn, PROXYn. */
static const char *line_value(const struct phone *ph, const char *name)
{
    static const struct {
        const char *name;
        enum param_id id;
    } names[] = {{"UID", P_User_ID},
                 {"DISPLAYNAME", P_Display_Name},
                 {"AUTHID", P_Auth_ID},
                 {"PROXY", P_Proxy}};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const size_t n = strlen(names[i].name);
        const unsigned long line =
            strncmp(name, names[i].name, n) == 0 && isdigit((unsigned char)name[n])
                ? strtoul(name + n, NULL, 10)
                : 0;
        if (line && line <= ph->model->n_lines)
            return param_get(ph->params, names[i].id, (uint16_t)line);
    }
    return NULL;
}

static const char *identity_value(const struct phone *ph, const char *name, char *buf)
{
    const uint8_t *m = ph->id.mac;

    if (strcmp(name, "PN") == 0)
        return ph->model->product;
    if (strcmp(name, "PSN") == 0)
        return ph->model->psn;
    if (strcmp(name, "SN") == 0 || strcmp(name, "SERIAL_NUMBER") == 0)
        return ph->serial;
    if (strcmp(name, "SWVER") == 0)
        return ph->firmware;
    if (strcmp(name, "HWVER") == 0)
        return ph->model->hwver;
    if (strcmp(name, "IP") == 0)
        return inet_ntop(AF_INET, &ph->addr, buf, VALUE_BYTES);
    if (strcmp(name, "MA") != 0 && strcmp(name, "MAU") != 0 && strcmp(name, "MAC") != 0)
        return NULL;
    snprintf(buf, VALUE_BYTES,
             !name[2]         ? "%02x%02x%02x%02x%02x%02x"
             : name[2] == 'U' ? "%02X%02X%02X%02X%02X%02X"
                              : "%02x:%02x:%02x:%02x:%02x:%02x",
             m[0], m[1], m[2], m[3], m[4], m[5]);
    return buf;
}

static const char *value_of(const struct phone *ph, const char *name, char *buf)
{
    if (name[0] >= 'A' && name[0] <= 'P' && !name[1])
        return param_get(ph->params, (enum param_id)(P_GPP_A + (name[0] - 'A')), 0);
    if (name[0] == 'S' && name[1] >= 'A' && name[1] <= 'D' && !name[2])
        return param_get(ph->params, (enum param_id)(P_GPP_SA + (name[1] - 'A')), 0);
    if (strcmp(name, "XML_User_Name") == 0)
        return param_get(ph->params, P_XML_User_Name, 0);
    const char *value = line_value(ph, name);
    return value ? value : identity_value(ph, name, buf);
}

/* The macro at p, which is behind a "$": how much of the text it is; 0 = none that is known. */
static size_t expand(const struct phone *ph, const char *p, struct url *u)
{
    char name[NAME_MAX_BYTES], buf[VALUE_BYTES];
    const bool paren = *p == '(';
    size_t n = 0;

    while ((isalnum((unsigned char)p[paren + n]) || p[paren + n] == '_') && n + 1 < sizeof(name))
        n++;
    if (paren && p[1 + n] != ')')
        return 0;
    for (; n; n--) { /* the longest name that is one */
        memcpy(name, p + paren, n);
        name[n] = '\0';
        const char *value = value_of(ph, name, buf);
        if (value) {
            put_encoded(u, value);
            return n + 2u * paren;
        }
        if (paren)
            break;
    }
    return 0;
}

bool phone_service_url(const struct phone *ph, const char *text, char *out, size_t size)
{
    struct url u = {.buf = out, .size = size};

    while (*text) {
        const size_t plain = strcspn(text, "$");
        put(&u, text, plain);
        text += plain;
        if (!*text)
            break;
        const size_t used = text[1] == '$' ? 0 : expand(ph, text + 1, &u);
        if (!used)
            put(&u, "$", 1);
        text += text[1] == '$' ? 2 : 1 + used;
    }
    if (u.len >= size)
        return false;
    out[u.len] = '\0';
    return true;
}
