/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/phone/event.h"

const char *phone_ev_name(enum phone_ev ev)
{
    static const char *const names[] = {
        [PHONE_EV_POWER] = "power",       [PHONE_EV_BOOT] = "boot",
        [PHONE_EV_FETCH] = "fetch",       [PHONE_EV_PROVISIONED] = "provisioned",
        [PHONE_EV_REGISTER] = "register", [PHONE_EV_SCREEN] = "screen",
        [PHONE_EV_LAMP] = "lamp",         [PHONE_EV_KEY] = "key",
        [PHONE_EV_REBOOT] = "reboot",     [PHONE_EV_ERROR] = "error",
        [PHONE_EV_FAILOVER] = "failover", [PHONE_EV_FALLBACK] = "fallback",
        [PHONE_EV_MWI] = "mwi",           [PHONE_EV_NOTIFY] = "notify",
        [PHONE_EV_CALL] = "call",         [PHONE_EV_DTMF] = "dtmf",
        [PHONE_EV_SPOKEN] = "spoken",
    };
    return names[ev];
}
