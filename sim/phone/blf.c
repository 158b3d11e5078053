/* SPDX-License-Identifier: BSD-3-Clause */
/* Phones that keys monitor: one by one, or by a list of them (sip-behaviour.md 10; RFC 4235, 4662).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stdint.h>
#include <re.h>

#include "sim/phone/priv.h"
#include "sim/phone/watches.h"
#include "sim/sip/message.h"
#include "sim/sip/multipart.h"
#include "sim/sip/rlmi.h"
#include "sim/sip/subscription.h"

enum { BLF_AHEAD_S = 30 }; /* "before expiry"; how long is ours [DEF] */

#define DIALOG_INFO "application/dialog-info+xml"
#define RLMI        "application/rlmi+xml"

/* ---- lamps */

enum watch_state phone_watch_state(const struct phone_watch *w)
{
    static const enum watch_state states[] = {[BLF_IDLE] = WATCH_IDLE,
                                              [BLF_HELD] = WATCH_HELD,
                                              [BLF_BUSY] = WATCH_BUSY,
                                              [BLF_RINGING] = WATCH_RINGING};

    if (!w->via->sub || ua_subscription_state(w->via->sub) == UA_SUB_FAILED)
        return WATCH_FAILED;
    if (ua_subscription_state(w->via->sub) == UA_SUB_ASKING)
        return WATCH_SUBSCRIBING;
    if (w->via->list && w->via->known && !w->listed)
        return WATCH_FAILED; /* the list does not have it [DEF] */
    return w->watch.known ? states[blf_watch_lamp(&w->watch)] : WATCH_SUBSCRIBING;
}

const char *watch_state_name(enum watch_state state)
{
    static const char *const names[] = {"subscribing", "failed", "idle", "ringing", "busy", "held"};
    return names[state];
}

static void show(struct phone_watch *w)
{
    struct phone *ph = w->via->ph;
    const enum watch_state state = phone_watch_state(w);
    const bool offered = state == WATCH_RINGING || w->shown == WATCH_RINGING;
    char name[24];

    if (w->shown == state)
        return;
    w->shown = (uint8_t)state;
    phone_key_name(name, sizeof(name), w->unit, w->key);
    phone_lamp_changed(ph, name);
    if (offered) /* the pick-up banner */
        phone_screen_changed(ph);
}

static void show_all(struct phone_blf *b)
{
    for (struct phone_watch *w = b->ph->watches.keys; w; w = w->next) {
        if (w->via == b)
            show(w);
    }
}

static void complain(struct phone_blf *b, const char *what, const struct parse_err *pe)
{
    char why[300];

    snprintf(why, sizeof(why), "%s of %.100s: %s", what, b->uri, pe->text);
    phone_emit_text(b->ph, PHONE_EV_ERROR, why, NULL);
}

/* ---- whose state it is */

/* "sip:user@host;…" cut into its parts. */
static void cut_uri(const char *uri, struct pl *user, struct pl *host)
{
    if (strncasecmp(uri, "sip:", 4) == 0 || strncasecmp(uri, "sips:", 5) == 0)
        uri = strchr(uri, ':') + 1;
    const char *at = strchr(uri, '@');
    *user = (struct pl){uri, at ? (size_t)(at - uri) : strcspn(uri, ";?>")};
    *host = (struct pl){at ? at + 1 : "", at ? strcspn(at + 1, ":;?>") : 0};
}

static bool same_phone(const char *a, const char *b)
{
    struct pl user_a, user_b, host_a, host_b;

    cut_uri(a, &user_a, &host_a);
    cut_uri(b, &user_b, &host_b);
    return pl_cmp(&user_a, &user_b) == 0 &&
           (!host_a.l || !host_b.l || pl_casecmp(&host_a, &host_b) == 0);
}

struct phone_watch *phone_watch_of(const struct phone *ph, unsigned unit, unsigned key)
{
    struct phone_watch *w = ph->watches.keys;

    while (w && (w->unit != unit || w->key != key))
        w = w->next;
    return w;
}

static struct phone_watch *add_watch(struct phone_blf *b, unsigned unit, unsigned key, char *who)
{
    struct phone_watch **at = &b->ph->watches.keys, *w = calloc(1, sizeof(*w));

    if (!w || !who) {
        free(w);
        free(who);
        return NULL;
    }
    while (*at)
        at = &(*at)->next;
    *w = (struct phone_watch){
        .via = b, .unit = (uint8_t)unit, .key = (uint8_t)key, .who = who, .shown = UINT8_MAX};
    return *at = w;
}

static void free_watch(struct phone_watch *w)
{
    free(w->who);
    free(w->name);
    free(w);
}

/* Use_Line_Keys_For_BLF_List: what no key asks for gets the next line key without a use. */
static struct phone_watch *assign(struct phone_blf *b, const char *who)
{
    struct phone *ph = b->ph;

    if (!param_bool(ph->params, P_Use_Line_Keys_For_BLF_List, 0))
        return NULL;
    for (unsigned key = 1; key <= ph->model->n_line_keys; key++) {
        if (phone_key_line(ph, key) || *param_get(ph->params, P_Extended_Function, (uint16_t)key) ||
            phone_watch_of(ph, 0, key))
            continue;
        struct phone_watch *w = add_watch(b, 0, key, strdup(who));
        if (w)
            w->assigned = true;
        return w;
    }
    return NULL;
}

/* ---- bodies */

/* True: something was missed. */
static bool take_dialogs(struct phone_blf *b, struct phone_watch *only, const struct pl *body)
{
    struct parse_err pe = {.text = ""};
    struct blf_info info;
    bool gap = false;

    if (blf_parse(&info, body->p, body->l, &pe)) {
        complain(b, "dialog-info", &pe);
        return false;
    }
    for (struct phone_watch *w = b->ph->watches.keys; w; w = w->next) {
        if (w->via != b || (only && w != only) ||
            (!only && b->list && !same_phone(w->who, info.entity)))
            continue;
        if (b->list && !only)
            w->listed = true;
        gap |= blf_watch_apply(&w->watch, &info) == BLF_GAP;
    }
    return gap;
}

struct list_reading {
    struct phone_blf *b;
    struct pl whole; /* the multipart body; empty = the list came alone */
    const char *boundary;
    bool stale, gap;
};

static bool find_part(const struct list_reading *r, const char *cid, struct multipart_part *part)
{
    struct pl rest = r->whole;

    while (*cid && multipart_next(&rest, r->boundary, part)) {
        if (pl_strcmp(&part->content_id, cid) == 0)
            return true;
    }
    return false;
}

static void take_resource(struct list_reading *r, struct phone_watch *w,
                          const struct rlmi_resource *res)
{
    struct multipart_part part;

    w->listed = !res->known || res->state != RLMI_TERMINATED;
    if (!w->listed)
        memset(&w->watch, 0, sizeof(w->watch));
    if (res->name[0] && (!w->name || strcmp(w->name, res->name) != 0)) {
        free(w->name);
        w->name = strdup(res->name);
        phone_screen_changed(r->b->ph);
    }
    if (find_part(r, res->cid, &part))
        r->gap |= take_dialogs(r->b, w, &part.body);
}

static void resource_handler(const struct rlmi_list *list, const struct rlmi_resource *res,
                             void *arg)
{
    struct list_reading *r = arg;
    struct phone_blf *b = r->b;
    bool found = false;

    r->stale = b->known && list->version <= b->version;
    if (r->stale)
        return;
    for (struct phone_watch *w = b->ph->watches.keys; w; w = w->next) {
        if (w->via != b || !same_phone(w->who, res->uri))
            continue;
        take_resource(r, w, res);
        found = true;
    }
    struct phone_watch *w = found ? NULL : assign(b, res->uri);
    if (w)
        take_resource(r, w, res);
}

static void take_list(struct list_reading *r, const struct pl *body)
{
    struct phone_blf *b = r->b;
    struct parse_err pe = {.text = ""};
    struct rlmi_list list;

    if (rlmi_walk(&list, body->p, body->l, resource_handler, r, &pe)) {
        complain(b, "resource list", &pe);
        return;
    }
    if (r->stale || (b->known && list.version <= b->version))
        return;
    if (!list.full && (!b->known || list.version > b->version + 1ULL))
        r->gap = true;
    b->known = b->known || list.full;
    b->version = list.version;
}

static void list_notified(struct phone_blf *b, const struct raw_message *msg)
{
    struct list_reading r = {.b = b};
    char boundary[MULTIPART_BOUNDARY];
    struct multipart_part part;
    struct pl rest = msg->body;

    if (raw_type_is(&msg->content_type, RLMI)) {
        take_list(&r, &msg->body);
    } else if (!multipart_boundary(&msg->content_type, boundary)) {
        r.gap = take_dialogs(b, NULL, &msg->body); /* one phone of the list, by its entity */
    } else {
        r.whole = msg->body;
        r.boundary = boundary;
        while (multipart_next(&rest, boundary, &part)) {
            if (raw_type_is(&part.content_type, RLMI))
                take_list(&r, &part.body);
        }
    }
    if (r.gap)
        ua_subscription_refresh(b->sub);
}

static void notified_handler(const struct raw_message *msg, void *arg)
{
    struct phone_blf *b = arg;

    if (!msg->body.l)
        return;
    if (b->list)
        list_notified(b, msg);
    else if (take_dialogs(b, NULL, &msg->body))
        ua_subscription_refresh(b->sub);
    show_all(b);
}

static void changed_handler(void *arg)
{
    struct phone_blf *b = arg;

    if (ua_subscription_state(b->sub) != UA_SUB_ACTIVE) {
        b->known = false;
        for (struct phone_watch *w = b->ph->watches.keys; w; w = w->next) {
            if (w->via != b)
                continue;
            memset(&w->watch, 0, sizeof(w->watch));
            w->listed = false;
        }
    }
    show_all(b);
}

/* ---- subscriptions */

static bool is_broadsoft(const struct phone *ph)
{
    return strcasecmp(param_get(ph->params, P_Server_Type, 0), "Broadsoft") == 0;
}

/* BLF_List_URI; blank means $USER@$PROXY on MPP when keys ask for a list. */
static char *list_uri(const struct phone *ph, unsigned line, bool asked_for)
{
    const char *text = param_get(ph->params, P_BLF_List_URI, 0);

    if (!*text && ph->model->family == FAMILY_MPP68XX && asked_for)
        text = "$USER@$PROXY";
    return *text ? phone_as_uri(ph, text, line) : NULL;
}

static void subscribe(struct phone_blf *b, bool delayed)
{
    static const struct ua_subscription_handlers handlers = {.notified = notified_handler,
                                                             .changed = changed_handler};
    struct phone *ph = b->ph;
    const uint32_t delay_ms = param_ms(ph->params, P_Subscribe_Delay, 0);
    const struct ua_subscription_config c = {
        .event = "dialog",
        .uri = b->uri,
        .accept = b->list ? DIALOG_INFO ", multipart/related, " RLMI : DIALOG_INFO,
        .body_types = b->list ? "multipart/related," RLMI "," DIALOG_INFO : DIALOG_INFO,
        .supported = b->list ? "eventlist" : NULL,
        .expires_s = param_u32(ph->params, P_Subscribe_Expires, 0),
        .ahead_s = BLF_AHEAD_S,
        .retry_s = param_u32(ph->params, P_Subscribe_Retry_Interval, 0),
        .delay_ms = delayed ? ph->watches.n_delayed++ * delay_ms : 0,
    };

    (void)ua_subscribe(&b->sub, phone_watch_line(ph, b->line), &c, &handlers, b);
}

/* The subscription to this address, begun when there is none yet. Takes uri. */
static struct phone_blf *subscription_to(struct phone *ph, unsigned line, char *uri, bool list,
                                         bool delayed)
{
    struct phone_blf **at = &ph->watches.blfs;

    while (*at && ((*at)->line != line || strcmp((*at)->uri, uri) != 0))
        at = &(*at)->next;
    if (!*at && (*at = calloc(1, sizeof(**at)))) {
        **at = (struct phone_blf){.ph = ph, .uri = uri, .line = (uint8_t)line, .list = list};
        subscribe(*at, delayed);
        return *at;
    }
    free(uri);
    return *at;
}

/* sub= is what is subscribed to: the phone, or, beside usr= and for a BroadSoft server, the list
 * that has it. Without sub= it is the list of BLF_List_URI [DEF], else the phone. */
static void watch_key(struct phone *ph, unsigned line, unsigned unit, unsigned key,
                      const struct keyfunc *k)
{
    char *list = list_uri(ph, line, k->usr[0] && !k->sub[0]);
    const char *monitored = k->usr[0] ? k->usr : k->sub[0] ? k->sub : k->ext;
    char *uri = k->sub[0] ? phone_as_uri(ph, k->sub, line)
                : list    ? strdup(list)
                          : phone_as_uri(ph, monitored, line);
    char *who = phone_as_uri(ph, monitored, line);
    const bool by_list = uri && ((list && strcmp(list, uri) == 0) ||
                                 (is_broadsoft(ph) && who && !same_phone(who, uri)));

    if (!is_broadsoft(ph) && k->sub[0] && !by_list) { /* usr= names who is dialled */
        free(who);
        who = phone_as_uri(ph, k->sub, line);
    }
    struct phone_blf *b = uri ? subscription_to(ph, line, uri, by_list, unit > 0) : NULL;
    struct phone_watch *w = b ? add_watch(b, unit, key, who) : NULL;
    if (w)
        w->park = k->prk;
    if (!b)
        free(who);
    free(list);
}

static void watch_keys(struct phone *ph, unsigned line, unsigned unit, unsigned n_keys)
{
    struct keyfunc k;

    for (unsigned key = 1; key <= n_keys; key++) {
        if (phone_key_function(ph, unit, key, &k) && (k.blf || k.prk) &&
            (k.vid ? k.vid : 1) == line && !phone_watch_of(ph, unit, key))
            watch_key(ph, line, unit, key, &k);
    }
}

void phone_blf_start(struct phone *ph, unsigned line)
{
    ph->watches.n_delayed = 0;
    watch_keys(ph, line, 0, ph->model->n_line_keys);
    for (unsigned unit = 1; unit <= PHONE_UNITS; unit++)
        watch_keys(ph, line, unit, phone_unit_keys(ph, unit));
    if (line == 1 && param_bool(ph->params, P_Use_Line_Keys_For_BLF_List, 0)) {
        char *uri = list_uri(ph, line, true);
        if (uri)
            (void)subscription_to(ph, line, uri, true, false);
    }
    for (struct phone_blf *b = ph->watches.blfs; b; b = b->next) {
        if (b->line == line)
            show_all(b);
    }
}

static void drop_watches(struct phone *ph, const struct phone_blf *b)
{
    for (struct phone_watch **at = &ph->watches.keys; *at;) {
        struct phone_watch *w = *at;
        char name[24];
        if (w->via != b) {
            at = &w->next;
            continue;
        }
        *at = w->next;
        phone_key_name(name, sizeof(name), w->unit, w->key);
        free_watch(w);
        phone_lamp_changed(ph, name);
    }
}

void phone_blf_stop(struct phone *ph, unsigned line, bool say)
{
    for (struct phone_blf **at = &ph->watches.blfs; *at;) {
        struct phone_blf *b = *at;
        if (b->line != line) {
            at = &b->next;
            continue;
        }
        *at = b->next;
        drop_watches(ph, b);
        if (say)
            ua_subscription_leave(b->sub);
        else
            mem_deref(b->sub);
        free(b->uri);
        free(b);
    }
}
