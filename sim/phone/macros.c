/* SPDX-License-Identifier: BSD-3-Clause */
/* Macros of texts the phone shows or sends: $VERSION, $USER, $MAU, GPP_A to GPP_P (provisioning.md
 * 2.2; sip-behaviour.md 1.1 for SIP_User_Agent_Name). */
#include <stdio.h>
#include <string.h>

#include "sim/phone/priv.h"
#include "sim/prov/rule.h"
#include "sim/prov/values.h"

struct expansion {
    const struct phone *ph;
    unsigned line;
    char buf[160];
};

static const char *mac_text(struct expansion *x, const char *format)
{
    const uint8_t *m = x->ph->id.mac;
    snprintf(x->buf, sizeof(x->buf),
             strcmp(format, "MAU") == 0  ? "%02X%02X%02X%02X%02X%02X"
             : strcmp(format, "MA") == 0 ? "%02x%02x%02x%02x%02x%02x"
                                         : "%02x:%02x:%02x:%02x:%02x:%02x",
             m[0], m[1], m[2], m[3], m[4], m[5]);
    return x->buf;
}

static const char *macro_handler(const char *name, void *arg)
{
    struct expansion *x = arg;
    const struct phone *ph = x->ph;

    if (name[0] >= 'A' && name[0] <= 'P' && !name[1])
        return param_get(ph->params, (enum param_id)(P_GPP_A + (name[0] - 'A')), 0);
    if (strcmp(name, "VERSION") == 0) {
        device_ua_print(x->buf, sizeof(x->buf), ph->model->ua_format, ph->model, &ph->id);
        return x->buf;
    }
    if (strcmp(name, "USER") == 0)
        return param_get(ph->params, P_User_ID, (uint16_t)x->line);
    if (strcmp(name, "PROXY") == 0)
        return phone_proxy(ph, x->line);
    if (strcmp(name, "PN") == 0)
        return ph->model->product;
    if (strcmp(name, "PSN") == 0)
        return psn_print(x->buf, sizeof(x->buf), ph->model, ph->params);
    if (strcmp(name, "SN") == 0)
        return ph->serial;
    if (strcmp(name, "SWVER") == 0)
        return ph->firmware;
    if (strcmp(name, "MA") == 0 || strcmp(name, "MAU") == 0 || strcmp(name, "MAC") == 0)
        return mac_text(x, name);
    return NULL;
}

char *phone_expand(const struct phone *ph, const char *text, unsigned line)
{
    struct expansion x = {.ph = ph, .line = line};
    char *out = NULL;

    return macro_expand(&out, text, macro_handler, &x) ? NULL : out;
}
