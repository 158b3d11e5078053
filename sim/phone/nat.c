/* SPDX-License-Identifier: BSD-3-Clause */
/* What the parameters say of a NAT in front of the phone (sip-behaviour.md 8). */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/phone/priv.h"
#include "sim/sip/keepalive.h"

/* Names of requests, and $PROXY as a destination, are no macros to be expanded. */
static bool is_keyword(const char *text)
{
    static const char *const words[] = {"$NOTIFY", "$REGISTER", "$PING", "$OPTIONS", "$PROXY"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcasecmp(text, words[i]) == 0)
            return true;
    }
    return false;
}

/* malloc()ed; NULL = no memory. */
static char *expanded(const struct phone *ph, const char *text, unsigned line)
{
    return is_keyword(text) ? strdup(text) : phone_expand(ph, text, line);
}

void phone_keep_alive(struct phone *ph, struct ua_line *ua, unsigned line)
{
    const struct param_set *ps = ph->params;
    const uint16_t n = (uint16_t)line;

    if (!param_bool(ps, P_NAT_Keep_Alive_Enable, n)) {
        (void)ua_line_keep_alive(ua, NULL);
        return;
    }
    char *message = expanded(ph, param_get(ps, P_NAT_Keep_Alive_Msg, n), line);
    char *dest = expanded(ph, param_get(ps, P_NAT_Keep_Alive_Dest, n), line);
    const struct ua_keepalive_config c = {
        .message = message,
        .dest = dest,
        .interval_s = param_u32(ps, P_NAT_Keep_Alive_Intvl, 0),
    };
    if (message && dest)
        (void)ua_line_keep_alive(ua, &c); /* no memory: none is sent */
    free(message);
    free(dest);
}
