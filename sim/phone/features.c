/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/phone/features.h"

#include <errno.h>
#include <stdint.h>
#include <re.h>
#include <stdlib.h>
#include <string.h>

#include "sim/phone/priv.h"
#include "sim/sip/message.h"
#include "sim/sip/multipart.h"
#include "sim/sip/subscription.h"

#define FEATURE_EVENT "application/x-as-feature-event+xml"

enum {
    AHEAD_S = 30, /* "before expiry"; how long is ours [DEF] */
    RETRY_S = 10,
    BODY_MAX = 1024,
};

static const enum param_id targets[FEATURE_KINDS] = {
    [FEATURE_FORWARD_ALL] = P_Cfwd_All_Dest,
    [FEATURE_FORWARD_BUSY] = P_Cfwd_Busy_Dest,
    [FEATURE_FORWARD_NO_ANSWER] = P_Cfwd_No_Ans_Dest,
};

static void remember(struct phone_features *f, enum feature_kind kind, const char *target)
{
    free(f->targets[kind]);
    f->targets[kind] = *target ? strdup(target) : NULL;
}

/* Lamps of the keys that toggle it. */
static void show(struct phone *ph)
{
    struct keyfunc k;
    char name[24];

    for (unsigned unit = 0; unit <= PHONE_UNITS; unit++) {
        const unsigned n = unit ? phone_unit_keys(ph, unit) : ph->model->n_line_keys;
        for (unsigned key = 1; key <= n; key++) {
            if (!phone_key_function(ph, unit, key, &k) || !k.dnd)
                continue;
            phone_key_name(name, sizeof(name), unit, key);
            phone_lamp_changed(ph, name);
        }
    }
}

/* ---- what the server says */

static void take(struct phone_features *f, const struct feature_state *state)
{
    struct param_set *ps = f->pl->ph->params;

    if (state->told[FEATURE_DND]) {
        f->dnd = state->on[FEATURE_DND];
        (void)param_set_value(ps, P_DND_Setting, 0, f->dnd ? "Yes" : "No", PARAM_FROM_USER, NULL);
    }
    for (int kind = FEATURE_FORWARD_ALL; kind < FEATURE_KINDS; kind++) {
        const char *target = state->on[kind] ? state->target[kind] : "";
        if (!state->told[kind] || (state->on[kind] && !*target)) /* on, to where it was */
            continue;
        remember(f, (enum feature_kind)kind, target);
        (void)param_set_value(ps, targets[kind], 0, target, PARAM_FROM_USER, NULL);
    }
}

static void notified_handler(const struct raw_message *msg, void *arg)
{
    struct phone_features *f = arg;
    struct phone *ph = f->pl->ph;
    struct feature_state state = {.rings = 0};
    struct parse_err pe = {.text = ""};
    char boundary[MULTIPART_BOUNDARY];

    if (!msg->body.l)
        return;
    const bool parts = multipart_boundary(&msg->content_type, boundary);
    const int err = parts ? feature_parse_multipart(&state, msg->body.p, msg->body.l, boundary, &pe)
                          : feature_parse(&state, msg->body.p, msg->body.l, &pe);
    if (err) {
        phone_emit_text(ph, PHONE_EV_ERROR, pe.text, NULL);
        return;
    }
    take(f, &state);
    show(ph);
    phone_screen_changed(ph);
}

/* ---- what the user does */

static void send_set(struct phone_features *f, enum feature_kind kind, bool on, const char *target)
{
    const struct phone *ph = f->pl->ph;
    const uint16_t n = (uint16_t)phone_line_number(f->pl);
    char body[BODY_MAX];

    /* device: the user [UC] */
    if (feature_print_set(body, sizeof(body), kind, param_get(ph->params, P_User_ID, n), on,
                          target) == 0)
        (void)ua_subscription_send(f->sub, FEATURE_EVENT, body);
}

static void tell_changes(struct phone_features *f)
{
    const struct param_set *ps = f->pl->ph->params;
    const bool dnd = param_bool(ps, P_DND_Setting, 0);

    if (dnd != f->dnd) {
        f->dnd = dnd;
        send_set(f, FEATURE_DND, dnd, NULL);
    }
    for (int kind = FEATURE_FORWARD_ALL; kind < FEATURE_KINDS; kind++) {
        const char *target = param_get(ps, targets[kind], 0);
        if (strcmp(target, f->targets[kind] ? f->targets[kind] : "") == 0)
            continue;
        remember(f, (enum feature_kind)kind, target);
        send_set(f, (enum feature_kind)kind, *target != '\0', target);
    }
}

static void tell_servers(struct phone *ph)
{
    for (unsigned i = 0; i < ph->model->n_lines; i++) {
        if (ph->lines[i].features && ph->lines[i].features->sub)
            tell_changes(ph->lines[i].features);
    }
}

void phone_features_changed(struct phone *ph)
{
    tell_servers(ph);
    show(ph);
}

int phone_forward_all(struct phone *ph, const char *target)
{
    const int err = param_set_value(ph->params, P_Cfwd_All_Dest, 0, target, PARAM_FROM_USER, NULL);

    if (!err)
        phone_features_changed(ph);
    return err;
}

/* ---- the subscription */

void phone_features_start(struct phone *ph, unsigned line)
{
    static const struct ua_subscription_handlers handlers = {.notified = notified_handler};
    struct phone_line *pl = &ph->lines[line - 1];
    struct phone_features *f;

    if (pl->features || !param_bool(ph->params, P_Feature_Key_Sync, (uint16_t)line))
        return;
    if (!(f = pl->features = calloc(1, sizeof(*f))))
        return;
    f->pl = pl;
    f->dnd = param_bool(ph->params, P_DND_Setting, 0);
    for (int kind = FEATURE_FORWARD_ALL; kind < FEATURE_KINDS; kind++)
        remember(f, (enum feature_kind)kind, param_get(ph->params, targets[kind], 0));
    char *uri = phone_as_uri(ph, param_get(ph->params, P_User_ID, (uint16_t)line), line);
    const struct ua_subscription_config c = {
        .event = "as-feature-event",
        .uri = uri,
        .accept = FEATURE_EVENT,
        .body_types = FEATURE_EVENT ",multipart/mixed",
        .expires_s = param_u32(ph->params, P_Subscription_Expires, (uint16_t)line),
        .ahead_s = AHEAD_S,
        .retry_s = RETRY_S,
    };
    if (uri)
        (void)ua_subscribe(&f->sub, phone_watch_line(ph, line), &c, &handlers, f);
    free(uri);
}

void phone_features_stop(struct phone *ph, unsigned line, bool say)
{
    struct phone_features *f = ph->lines[line - 1].features;

    if (!f)
        return;
    if (say)
        ua_subscription_leave(f->sub);
    else
        mem_deref(f->sub);
    for (int kind = 0; kind < FEATURE_KINDS; kind++)
        free(f->targets[kind]);
    free(f);
    ph->lines[line - 1].features = NULL;
}
