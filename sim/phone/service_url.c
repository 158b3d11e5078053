/* SPDX-License-Identifier: BSD-3-Clause */
/* Macros of service URLs (xml-services.md 9.5): the longest known name wins, what is unknown stays,
 * values are percent-encoded [DEF]. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/prov/prov.h"
#include "sim/prov/values.h"

enum { NAME_MAX_BYTES = 24 };

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

/* INCOMINGNAME, REMOTENUMBER: of the first call that is connected, rings or came in; "" = none. */
static const char *call_value(const struct phone *ph, bool name)
{
    const struct phone_call *pc = phone_calls_in(ph, PHONE_CALL_CONNECTED);

    if (!pc)
        pc = phone_calls_in(ph, PHONE_CALL_RINGING);
    for (const struct phone_call *c = ph->calls ? ph->calls->list : NULL; !pc && c; c = c->next) {
        if (!c->outgoing && phone_call_live(c))
            pc = c;
    }
    return !pc ? "" : name ? pc->name : pc->number;
}

static const char *value_of(const struct phone *ph, const char *name, struct macro_values *v)
{
    if (name[0] == 'S' && name[1] >= 'A' && name[1] <= 'D' && !name[2])
        return param_lacks(ph->params, P_GPP_SA)
                   ? NULL
                   : param_get(ph->params, (enum param_id)(P_GPP_SA + (name[1] - 'A')), 0);
    if (strcmp(name, "XML_User_Name") == 0)
        return param_get(ph->params, P_XML_User_Name, 0);
    if (strcmp(name, "SERIAL_NUMBER") == 0)
        return ph->serial;
    if (strcmp(name, "INCOMINGNAME") == 0 || strcmp(name, "REMOTENUMBER") == 0)
        return call_value(ph, name[0] == 'I');
    const char *value = line_value(ph, name);
    return value ? value : macro_value(name, v);
}

/* The macro at p, which is behind a "$": how much of the text it is; 0 = none that is known. */
static size_t expand(const struct phone *ph, const char *p, struct macro_values *v, struct url *u)
{
    char name[NAME_MAX_BYTES];
    const bool paren = *p == '(';
    size_t n = 0;

    while ((isalnum((unsigned char)p[paren + n]) || p[paren + n] == '_') && n + 1 < sizeof(name))
        n++;
    if (paren && p[1 + n] != ')')
        return 0;
    for (; n; n--) { /* the longest name that is one */
        memcpy(name, p + paren, n);
        name[n] = '\0';
        const char *value = value_of(ph, name, v);
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
    struct macro_values v = {
        .model = ph->model, .id = &ph->id, .params = ph->params, .local = ph->addr};

    if (ph->prov)
        prov_values(ph->prov, &v);
    while (*text) {
        const size_t plain = strcspn(text, "$");
        put(&u, text, plain);
        text += plain;
        if (!*text)
            break;
        const size_t used = text[1] == '$' ? 0 : expand(ph, text + 1, &v, &u);
        if (!used)
            put(&u, "$", 1);
        text += text[1] == '$' ? 2 : 1 + used;
    }
    if (u.len >= size)
        return false;
    out[u.len] = '\0';
    return true;
}
