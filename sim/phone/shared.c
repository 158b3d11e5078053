/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines shared with other phones: call-info and line-seize (sip-behaviour.md 10). */
#include "sim/phone/shared.h"

#include <errno.h>
#include <stdint.h>
#include <re.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/sip/message.h"
#include "sim/sip/response_table.h"
#include "sim/sip/subscription.h"

enum {
    RETRY_S = 10,
    AHEAD_S = 30, /* "before expiry"; how long is ours [DEF] */
    NO_KEYS = 2,  /* appearances of a phone without line keys: CALLS_PER_KEY */
};

static bool is_shared(const char *text)
{
    return strcasecmp(text, "shared") == 0;
}

/* Server_Type of the line, where the model has one, else of the phone. */
static bool server_knows(const struct phone *ph, unsigned line)
{
    const char *type = param_get(ph->params, P_Server_Type_Line, (uint16_t)line);

    if (!*type)
        type = param_get(ph->params, P_Server_Type, 0);
    return strcasecmp(type, "Broadsoft") == 0;
}

struct phone_shared *phone_shared_line(const struct phone *ph, unsigned line)
{
    return line && line <= ph->model->n_lines ? ph->lines[line - 1].shared : NULL;
}

/* ---- appearances and keys */

static bool key_shows(const struct phone_shared *sh, unsigned key, bool any)
{
    return phone_key_line(sh->ph, key) == sh->line &&
           (any || is_shared(param_get(sh->ph->params, P_Share_Call_Appearance, (uint16_t)key)));
}

/* Where no key of the extension is set to be shared, all of them are [DEF]. */
static unsigned shared_keys(const struct phone_shared *sh, uint8_t *keys)
{
    unsigned n = 0;

    for (unsigned any = 0; any < 2 && !n; any++) {
        for (unsigned key = 1; key <= sh->ph->model->n_line_keys && n < SCA_APPEARANCES_MAX;
             key++) {
            if (key_shows(sh, key, any))
                keys[n++] = (uint8_t)key;
        }
    }
    return n;
}

static void count_appearances(struct phone_shared *sh)
{
    uint8_t keys[SCA_APPEARANCES_MAX];
    const unsigned n = shared_keys(sh, keys) * CALLS_PER_KEY;

    sh->n = (uint8_t)(n > SCA_APPEARANCES_MAX ? SCA_APPEARANCES_MAX : n ? n : NO_KEYS);
}

/* devices.md 3.4 */
unsigned phone_shared_key(const struct phone_shared *sh, unsigned index)
{
    const char *mapping = param_get(sh->ph->params, P_SCA_Line_ID_Mapping, 0);
    uint8_t keys[SCA_APPEARANCES_MAX];
    const unsigned n = shared_keys(sh, keys);

    if (!n || !index)
        return 0;
    if (strcasecmp(mapping, "Horizontal First") == 0)
        return keys[(index - 1) / CALLS_PER_KEY % n];
    return keys[(index - 1) % n];
}

bool phone_shared_own(const struct phone_shared *sh, unsigned index)
{
    const struct phone_call *pc = sh->ph->calls ? sh->ph->calls->list : NULL;

    if (sh->seize != SEIZE_NONE && sh->index == index)
        return true;
    while (pc && !(pc->line == sh->line && pc->appearance == index && phone_call_live(pc)))
        pc = pc->next;
    return pc != NULL;
}

static bool is_free(const struct phone_shared *sh, unsigned index)
{
    return (sh->states[index] == SCA_IDLE || sh->states[index] == SCA_UNKNOWN) &&
           !phone_shared_own(sh, index);
}

/* One of the key, if it has one; else the first. 0 = none. */
unsigned phone_shared_choose(const struct phone_shared *sh, unsigned key)
{
    for (unsigned any = key == 0; any < 2; any++) {
        for (unsigned i = 1; i <= sh->n; i++) {
            if (is_free(sh, i) && (any || phone_shared_key(sh, i) == key))
                return i;
        }
    }
    return 0;
}

bool phone_shared_place(const struct phone_shared *sh, unsigned *key)
{
    const bool claimed = sh->seize != SEIZE_NONE && !sh->call;
    const unsigned index = claimed ? sh->index : phone_shared_choose(sh, sh->ph->pressed_key);

    *key = phone_shared_key(sh, index);
    return index != 0;
}

unsigned phone_shared_remote(const struct phone_shared *sh, unsigned key)
{
    unsigned found = 0;

    for (unsigned i = 1; i <= sh->n; i++) {
        if (sh->states[i] == SCA_IDLE || sh->states[i] == SCA_UNKNOWN ||
            phone_shared_key(sh, i) != key || phone_shared_own(sh, i))
            continue;
        if (!found || sh->states[i] == SCA_ALERTING || sh->states[found] == SCA_HELD)
            found = i;
    }
    return found;
}

void phone_shared_changed(struct phone_shared *sh)
{
    phone_lamps_changed(sh->ph, sh->line);
    phone_screen_changed(sh->ph);
}

/* ---- call-info: what all appearances do */

static void set_uri(char **at, const char *uri)
{
    if (*at && strcmp(*at, uri) == 0)
        return;
    free(*at);
    *at = *uri ? strdup(uri) : NULL;
}

static void take_list(struct phone_shared *sh, const struct sca_list *list)
{
    for (unsigned i = 1; i <= SCA_APPEARANCES_MAX; i++) {
        const enum sca_state state = sca_state_of(list, i);
        if (state == SCA_UNKNOWN)
            continue; /* not told of */
        sh->states[i] = (uint8_t)state;
        if (state == SCA_IDLE)
            set_uri(&sh->uris[i], "");
    }
    for (unsigned i = 0; i < list->n; i++) {
        const struct sca_appearance *a = &list->appearances[i];
        if (a->index && a->index <= SCA_APPEARANCES_MAX && a->uri[0])
            set_uri(&sh->uris[a->index], a->uri);
    }
}

void phone_shared_read(const struct raw_message *msg, struct sca_list *list)
{
    struct pl value;

    memset(list, 0, sizeof(*list));
    for (unsigned i = 0; raw_header(msg, "Call-Info", 0, i, &value); i++)
        sca_parse(list, value.p, value.l);
}

static void info_handler(const struct raw_message *msg, void *arg)
{
    struct phone_shared *sh = arg;
    struct sca_list list;

    phone_shared_read(msg, &list);
    if (!list.n)
        return;
    take_list(sh, &list);
    phone_shared_changed(sh);
}

static void info_changed_handler(void *arg)
{
    struct phone_shared *sh = arg;

    if (ua_subscription_state(sh->info) != UA_SUB_ACTIVE)
        memset(sh->states, SCA_UNKNOWN, sizeof(sh->states));
    phone_shared_changed(sh);
}

static void subscribe_info(struct phone_shared *sh)
{
    static const struct ua_subscription_handlers handlers = {.notified = info_handler,
                                                             .changed = info_changed_handler};
    struct phone *ph = sh->ph;
    char *uri = phone_shared_aor(ph, sh->line);
    const struct ua_subscription_config c = {
        .event = "call-info",
        .uri = uri,
        .expires_s = param_u32(ph->params, P_Subscription_Expires, (uint16_t)sh->line),
        .ahead_s = AHEAD_S,
        .retry_s = RETRY_S,
    };

    if (uri)
        (void)ua_subscribe(&sh->info, phone_watch_line(ph, sh->line), &c, &handlers, sh);
    free(uri);
}

char *phone_shared_aor(const struct phone *ph, unsigned line)
{
    const char *shared = param_get(ph->params, P_Shared_User_ID, (uint16_t)line);

    return phone_as_uri(ph, *shared ? shared : param_get(ph->params, P_User_ID, (uint16_t)line),
                        line);
}

void phone_shared_start(struct phone *ph, unsigned line)
{
    struct phone_line *pl = &ph->lines[line - 1];

    if (pl->shared || !(ph->model->features & FEATURE_SCA) || !server_knows(ph, line) ||
        !is_shared(param_get(ph->params, P_Share_Ext, (uint16_t)line)))
        return;
    struct phone_shared *sh = pl->shared = calloc(1, sizeof(*sh));
    if (!sh)
        return;
    sh->ph = ph;
    sh->line = line;
    memset(sh->states, SCA_UNKNOWN, sizeof(sh->states));
    count_appearances(sh);
    subscribe_info(sh);
}

void phone_shared_stop(struct phone *ph, unsigned line, bool say)
{
    struct phone_shared *sh = phone_shared_line(ph, line);

    if (!sh)
        return;
    struct phone_call *waiting = phone_shared_seize_stop(sh, say);
    if (say)
        ua_subscription_leave(sh->info);
    else
        mem_deref(sh->info);
    for (unsigned i = 1; i <= SCA_APPEARANCES_MAX; i++)
        free(sh->uris[i]);
    free(sh);
    ph->lines[line - 1].shared = NULL;
    if (ph->shared_line == line)
        ph->shared_index = 0;
    if (waiting)
        phone_call_end(waiting, 0, "Line Unavailable", true);
}
