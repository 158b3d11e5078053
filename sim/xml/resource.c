/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/xml/resource.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static const char *behind(const char *url, const char *scheme)
{
    const size_t n = strlen(scheme);

    return strncasecmp(url, scheme, n) == 0 ? url + n : NULL;
}

const char *xml_resource_name(const char *url)
{
    return behind(url, "Resource:");
}

const char *xml_tftp_file(const char *url)
{
    const char *file = behind(url, "TFTP:");

    return file && strncmp(file, "//", 2) == 0 ? NULL : file; /* tftp://… is an absolute URL */
}

/* Names [FIELD], any case as both "Ringin" and "RingIn" occur; what moves stands still here. */
const char *xml_resource_shape(const char *name, bool *known)
{
    static const struct {
        const char *name, *shape;
    } icons[] = {
        {"Icon.Connected", "handset"},
        {"Icon.AuthenticatedCall", "shield"},
        {"Icon.SecureCall", "lock"},
        {"Icon.OnHook", "handset-down"},
        {"Icon.OffHook", "handset"},
        {"Icon.Messages", "envelope"},
        {"Icon.InUse", "line"},
        {"Icon.Headset", "headset"},
        {"Icon.Handset", "handset"},
        {"Icon.Speaker", "speaker"},
        {"Icon.Locked", "lock"},
        {"Icon.UnLocked", "unlocked"},
        {"Icon.Checked", "box-checked"},
        {"Icon.UnChecked", "box"},
        {"Icon.RadioButtonOn", "radio-on"},
        {"Icon.RadioButtonOff", "radio"},
        {"AnimatedIcon.Ringin", "ringing"},
        {"AnimatedIcon.Hold", "held"},
        {"AnimatedIcon.MessageWaiting", "envelope"},
        {"AnimatedIcon.StreamingRx", "down"},
        {"AnimatedIcon.StreamingTx", "up"},
        {"AnimatedIcon.StreamRxTx", "transfer"},
        {"AnimatedIcon.Throbber", "redial"},
    };

    for (size_t i = 0; i < sizeof(icons) / sizeof(icons[0]); i++) {
        if (strcasecmp(icons[i].name, name) == 0) {
            *known = true;
            return icons[i].shape;
        }
    }
    *known = false;
    return "unknown";
}
