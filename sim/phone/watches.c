/* SPDX-License-Identifier: BSD-3-Clause */
/* What a phone subscribes to, line by line (sip-behaviour.md 10). */
#include "sim/phone/watches.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stdint.h>
#include <re.h>

#include "sim/phone/features.h"
#include "sim/phone/priv.h"
#include "sim/phone/shared.h"
#include "sim/sip/message.h"
#include "sim/sip/subscription.h"

enum { MWI_EXPIRES_S = 2147483647 }; /* [T: SPA962] */

static void messages_handler(const struct raw_message *msg, void *arg)
{
    if (msg->body.l)
        phone_take_messages(arg, &msg->body);
}

char *phone_as_uri(const struct phone *ph, const char *text, unsigned line)
{
    const char *proxy = phone_proxy(ph, line);
    char *expanded = phone_expand(ph, text, line), *uri = NULL;
    int n = -1;

    if (!expanded)
        return NULL;
    if (strncasecmp(expanded, "sip:", 4) == 0)
        n = asprintf(&uri, "%s", expanded);
    else if (strchr(expanded, '@') || strchr(expanded, '.'))
        n = asprintf(&uri, "sip:%s", expanded);
    else
        n = asprintf(&uri, "sip:%s@%s", expanded, proxy);
    free(expanded);
    return n < 0 ? NULL : uri;
}

static void watch_messages(struct phone *ph, unsigned line)
{
    static const struct ua_subscription_handlers handlers = {.notified = messages_handler};
    struct phone_line *pl = &ph->lines[line - 1];
    const char *server = param_get(ph->params, P_Voice_Mail_Server, (uint16_t)line);
    char *uri = *server && !pl->messages ? phone_as_uri(ph, server, line) : NULL;
    const struct ua_subscription_config c = {
        .event = "message-summary",
        .uri = uri,
        .body_types = "application/simple-message-summary",
        .expires_s = MWI_EXPIRES_S,
        .min_s = param_u32(ph->params, P_Sub_Min_Expires, 0),
        .max_s = param_u32(ph->params, P_Sub_Max_Expires, 0),
        .retry_s = param_u32(ph->params, P_Sub_Retry_Intvl, 0),
    };

    if (uri)
        (void)ua_subscribe(&pl->messages, phone_watch_line(ph, line), &c, &handlers, pl);
    free(uri);
}

struct ua_line *phone_watch_line(const struct phone *ph, unsigned line)
{
    const struct phone_line *pl = &ph->lines[line - 1];

    return pl->watching_alternate && pl->alternate ? pl->alternate : pl->ua;
}

void phone_watches_start(struct phone *ph, unsigned line)
{
    struct phone_line *pl = &ph->lines[line - 1];

    if (pl->watching)
        return;
    /* only the alternate is registered: they begin there [DEF] */
    if (pl->alternate && phone_route(ph, line, 0) == pl->alternate)
        pl->watching_alternate = true;
    pl->watching = true;
    watch_messages(ph, line);
    phone_shared_start(ph, line);
    phone_features_start(ph, line);
    phone_blf_start(ph, line);
}

static void stop(struct phone *ph, unsigned line, bool say)
{
    struct phone_line *pl = &ph->lines[line - 1];

    pl->watching = false;
    pl->messages = say ? ua_subscription_leave(pl->messages) : mem_deref(pl->messages);
    phone_shared_stop(ph, line, say);
    phone_features_stop(ph, line, say);
    phone_blf_stop(ph, line, say);
}

void phone_watches_stop(struct phone *ph, unsigned line)
{
    stop(ph, line, false);
    ph->lines[line - 1].watching_alternate = false;
}

/* "When an INVITE falls back, subscriptions move with it"; there is no way back (MPP). */
void phone_watches_move(struct phone *ph, unsigned line)
{
    struct phone_line *pl = &ph->lines[line - 1];

    if (pl->watching_alternate || !pl->alternate)
        return;
    stop(ph, line, false);
    pl->watching_alternate = true;
    phone_watches_start(ph, line);
}

/* ---- parameters that change while the phone is up (provisioning.md 8: resubscribe) */

static uint64_t mix(uint64_t h, const char *text) /* FNV-1a */
{
    do
        h = (h ^ (uint8_t)*text) * 0x100000001b3ULL;
    while (*text++);
    return h;
}

static uint64_t fingerprint(const struct phone *ph)
{
    static const enum param_id of_phone[] = {
        P_BLF_List_URI,  P_Server_Type,       P_Unit_1_Enable,
        P_Unit_2_Enable, P_Subscribe_Expires, P_Use_Line_Keys_For_BLF_List,
    };
    static const enum param_id of_line[] = {P_Voice_Mail_Server, P_Proxy, P_Share_Ext,
                                            P_Feature_Key_Sync, P_Server_Type_Line};
    uint64_t h = 0xcbf29ce484222325ULL;

    for (size_t i = 0; i < sizeof(of_phone) / sizeof(of_phone[0]); i++)
        h = mix(h, param_get(ph->params, of_phone[i], 0));
    for (uint16_t n = 1; n <= ph->model->n_lines; n++) {
        for (size_t i = 0; i < sizeof(of_line) / sizeof(of_line[0]); i++)
            h = mix(h, param_get(ph->params, of_line[i], n));
    }
    for (uint16_t key = 1; key <= ph->model->n_line_keys; key++) {
        h = mix(h, param_get(ph->params, P_Extension, key));
        h = mix(h, param_get(ph->params, P_Extended_Function, key));
        h = mix(h, param_get(ph->params, P_Share_Call_Appearance, key));
    }
    for (unsigned unit = 1; unit <= PHONE_UNITS; unit++) {
        const unsigned n = phone_unit_keys(ph, unit);
        for (unsigned key = 1; key <= n; key++)
            h = mix(h, param_get(ph->params, P_Unit_Key,
                                 (uint16_t)((unit - 1) * PARAM_UNIT_KEYS + key)));
    }
    return h;
}

void phone_watches_refresh(struct phone *ph)
{
    const uint64_t print = fingerprint(ph);
    const bool changed = ph->watches.print && ph->watches.print != print;

    ph->watches.print = print;
    if (!changed)
        return;
    for (unsigned line = 1; line <= ph->model->n_lines; line++) {
        struct ua_reg_status st = {.state = UA_REG_OFF};
        stop(ph, line, true);
        phone_line_status(ph, line, &st);
        if (st.state == UA_REG_OK)
            phone_watches_start(ph, line);
    }
}
