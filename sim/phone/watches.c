/* SPDX-License-Identifier: BSD-3-Clause */
/* What a phone subscribes to: its messages, and the phones its keys monitor (sip-behaviour.md 10).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/phone/keyfunc.h"
#include "sim/phone/priv.h"
#include "sim/sip/dialog_info.h"
#include "sim/sip/subscription.h"

enum {
    MWI_EXPIRES_S = 2147483647, /* [T: SPA962] */
    BLF_AHEAD_S = 30,           /* "before expiry"; how long is ours [DEF] */
};

struct phone_watch { /* a key that monitors */
    struct phone *ph;
    struct ua_subscription *sub;
    struct blf_watch watch;
    enum blf_lamp lamp;
    uint8_t key, line;
};

static void messages_handler(const struct pl *body, void *arg)
{
    phone_take_messages(arg, body);
}

static void lamp_changed(struct phone_watch *w)
{
    const char *color, *pattern;
    char name[16], text[24];

    snprintf(name, sizeof(name), "line%u", w->key);
    if (!phone_lamp(w->ph, name, &color, &pattern))
        return;
    snprintf(text, sizeof(text), "%s %s", color, pattern);
    phone_emit_text(w->ph, PHONE_EV_LAMP, name, text);
}

static void dialog_handler(const struct pl *body, void *arg)
{
    struct phone_watch *w = arg;
    struct blf_info info;
    struct parse_err pe = {.text = ""};
    char why[224];

    if (blf_parse(&info, body->p, body->l, &pe)) {
        snprintf(why, sizeof(why), "dialog-info for key %u: %s", w->key, pe.text);
        phone_emit_text(w->ph, PHONE_EV_ERROR, why, NULL);
        return;
    }
    const enum blf_news news = blf_watch_apply(&w->watch, &info);
    const enum blf_lamp lamp = blf_watch_lamp(&w->watch);
    if (news == BLF_GAP)
        ua_subscription_refresh(w->sub);
    if (lamp != w->lamp) {
        w->lamp = lamp;
        lamp_changed(w);
    }
}

/* "*97", "vm@host" or "host" as a URI; a number belongs to the proxy [DEF]. malloc()ed. */
static char *as_uri(const struct phone *ph, const char *text, unsigned line)
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
    char *uri = *server && !pl->messages ? as_uri(ph, server, line) : NULL;
    const struct ua_subscription_config c = {
        .event = "message-summary",
        .uri = uri,
        .body_type = "application/simple-message-summary",
        .expires_s = MWI_EXPIRES_S,
        .min_s = param_u32(ph->params, P_Sub_Min_Expires, 0),
        .max_s = param_u32(ph->params, P_Sub_Max_Expires, 0),
        .retry_s = param_u32(ph->params, P_Sub_Retry_Intvl, 0),
    };

    if (uri)
        (void)ua_subscribe(&pl->messages, pl->ua, &c, &handlers, pl);
    free(uri);
}

static void watch_key(struct phone_watch *w, const struct keyfunc *k)
{
    static const struct ua_subscription_handlers handlers = {.notified = dialog_handler};
    struct phone *ph = w->ph;
    char *uri = as_uri(ph, k->sub[0] ? k->sub : k->usr[0] ? k->usr : k->ext, w->line);
    const struct ua_subscription_config c = {
        .event = "dialog",
        .uri = uri,
        .accept = "application/dialog-info+xml",
        .body_type = "application/dialog-info+xml",
        .expires_s = param_u32(ph->params, P_Subscribe_Expires, 0),
        .ahead_s = BLF_AHEAD_S,
        .retry_s = param_u32(ph->params, P_Subscribe_Retry_Interval, 0),
    };

    memset(&w->watch, 0, sizeof(w->watch));
    if (uri)
        (void)ua_subscribe(&w->sub, ph->lines[w->line - 1].ua, &c, &handlers, w);
    free(uri);
}

bool phone_key_function(const struct phone *ph, unsigned key, struct keyfunc *k)
{
    const char *text = param_get(ph->params, P_Extended_Function, (uint16_t)key);
    return *text && keyfunc_parse(k, text);
}

static void watch_keys(struct phone *ph, unsigned line)
{
    struct keyfunc k;

    for (unsigned key = 1; key <= ph->model->n_line_keys; key++) {
        if (!phone_key_function(ph, key, &k) || !k.blf || (k.vid ? k.vid : 1) != line)
            continue;
        if (!ph->watches)
            ph->watches = calloc(ph->model->n_line_keys, sizeof(*ph->watches));
        if (!ph->watches)
            return;
        struct phone_watch *w = &ph->watches[key - 1];
        if (w->sub)
            continue;
        *w = (struct phone_watch){.ph = ph, .key = (uint8_t)key, .line = (uint8_t)line};
        watch_key(w, &k);
    }
}

void phone_watches_start(struct phone *ph, unsigned line)
{
    watch_messages(ph, line);
    watch_keys(ph, line);
}

void phone_watches_stop(struct phone *ph, unsigned line)
{
    ph->lines[line - 1].messages = mem_deref(ph->lines[line - 1].messages);
    for (unsigned i = 0; ph->watches && i < ph->model->n_line_keys; i++) {
        if (ph->watches[i].line == line)
            ph->watches[i].sub = mem_deref(ph->watches[i].sub);
    }
}

void phone_watches_free(struct phone *ph)
{
    free(ph->watches);
    ph->watches = NULL;
}

/* devices.md 3.2: solid green, red: solid busy, fast ringing, slow held */
bool phone_watch_lamp(const struct phone *ph, unsigned key, const char **color,
                      const char **pattern)
{
    const struct phone_watch *w = ph->watches ? &ph->watches[key - 1] : NULL;

    if (!w || !w->sub)
        return false;
    *color = w->lamp == BLF_IDLE ? "green" : "red";
    *pattern = w->lamp == BLF_RINGING ? "fast" : w->lamp == BLF_HELD ? "slow" : "steady";
    if (ua_subscription_state(w->sub) == UA_SUB_FAILED || !w->watch.known)
        *color = "off";
    return true;
}
