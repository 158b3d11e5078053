/* SPDX-License-Identifier: BSD-3-Clause */
/* One phone's state as JSON (interface.md section 5). */
#include <arpa/inet.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/base/utf8.h"
#include "sim/lcd/screen.h"
#include "sim/loop/clock.h"
#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/prov/local_time.h"
#include "sim/prov/prov.h"
#include "sim/sip/nat.h"

json_t *phone_json_text(const char *text)
{
    const size_t size = text ? strlen(text) + 1 : 1;
    char *clean = malloc(size);
    json_t *value = clean ? json_string_nocheck(utf8_clean(clean, size, text ? text : "")) : NULL;

    free(clean);
    return value;
}

static const char *status_text(enum ua_reg_state state)
{
    switch (state) {
    case UA_REG_OFF:
        return "off";
    case UA_REG_TRYING:
        return "registering";
    case UA_REG_OK:
        return "registered";
    case UA_REG_FAILED:
        return "failed";
    }
    return "";
}

static json_t *media_json(const struct phone_call_view *v)
{
    return json_pack(
        "{s:b, s:b, s:b, s:i, s:s, s:i, s:I, s:I, s:I, s:f, s:f, s:f, s:I, s:I, s:f, s:b}",
        "sending", v->sending, "receiving", v->receiving, "secure", v->secure, "local_port",
        (int)v->local_port, "remote", v->remote, "remote_port", (int)v->remote_port, "tx_packets",
        (json_int_t)v->tx_packets, "rx_packets", (json_int_t)v->rx_packets, "rx_lost",
        (json_int_t)v->rx_lost, "jitter_ms", v->jitter_ms, "level_dbm0", v->level_dbm0,
        "frequency_hz", v->frequency_hz, "rtcp_tx", (json_int_t)v->rtcp_tx, "rtcp_rx",
        (json_int_t)v->rtcp_rx, "round_trip_ms", v->round_trip_ms, "remote_reports",
        v->remote_reports);
}

static json_t *call_json(const struct phone_call *pc)
{
    struct phone_call_view v;

    phone_call_view(pc, &v);
    json_t *o =
        json_pack("{s:i, s:s, s:s, s:o, s:o, s:i, s:i, s:o, s:i, s:s?, s:s?}", "id", (int)pc->id,
                  "state", phone_call_state_name(pc), "direction", pc->outgoing ? "out" : "in",
                  "peer", phone_json_text(pc->number), "name", phone_json_text(pc->name), "seconds",
                  (int)v.seconds, "code", (int)pc->scode, "reason", phone_json_text(pc->reason),
                  "key", (int)pc->key, "tone", pc->tone, "codec", v.codec);
    if (v.has_media)
        json_object_set_new(o, "media", media_json(&v));
    return o;
}

static json_t *calls_json(const struct phone *ph, unsigned line)
{
    json_t *calls = json_array();

    for (const struct phone_call *pc = ph->calls ? ph->calls->list : NULL; pc; pc = pc->next) {
        if (pc->line == line)
            json_array_append_new(calls, call_json(pc));
    }
    return calls;
}

/* What the line shows of itself, and the outcome of the NAT type test (sip-behaviour.md 8). */
static json_t *nat_json(const struct ua_line *ua)
{
    const struct sockaddr_in at = ua_line_contact(ua);
    const char *type = ua_line_nat_type(ua);
    char addr[INET_ADDRSTRLEN], text[32];

    inet_ntop(AF_INET, &at.sin_addr, addr, sizeof(addr));
    snprintf(text, sizeof(text), "%s:%u", addr, ntohs(at.sin_port));
    return json_pack("{s:s, s:s?}", "contact", text, "type", type);
}

static json_t *alternate_json(const struct ua_line *ua)
{
    struct ua_reg_status st;

    ua_line_status(ua, &st);
    return json_pack("{s:b, s:o, s:s, s:i, s:o, s:i, s:i}", "registered", st.state == UA_REG_OK,
                     "server", phone_json_text(st.server), "status", status_text(st.state), "code",
                     (int)st.scode, "reason", phone_json_text(st.reason), "expires_s",
                     (int)st.granted_s, "next_s", (int)st.next_s);
}

static json_t *line_json(const struct phone *ph, unsigned index)
{
    const struct phone_line *pl = &ph->lines[index];
    const uint16_t n = (uint16_t)(index + 1);
    struct ua_reg_status st = {.state = UA_REG_OFF, .server = "", .reason = ""};

    if (pl->ua)
        ua_line_status(pl->ua, &st);
    else if (pl->error)
        st = (struct ua_reg_status){.state = UA_REG_FAILED, .reason = pl->error, .server = ""};
    json_t *line = json_pack(
        "{s:i, s:o, s:b, s:o, s:i, s:o, s:s, s:i, s:o, s:i, s:i, s:o}", "n", (int)n, "user",
        phone_json_text(param_get(ph->params, P_User_ID, n)), "registered", st.state == UA_REG_OK,
        "server", phone_json_text(st.server), "server_since_s", (int)st.since_s, "server_why",
        phone_json_text(st.why), "status", status_text(st.state), "code", (int)st.scode, "reason",
        phone_json_text(st.reason), "expires_s", (int)st.granted_s, "next_s", (int)st.next_s,
        "calls", calls_json(ph, n));
    if (pl->alternate)
        json_object_set_new(line, "alternate", alternate_json(pl->alternate));
    json_object_set_new(line, "message_waiting", json_boolean(pl->message_waiting));
    json_object_set_new(line, "dial_tone", json_string(pl->message_waiting ? "stutter" : "normal"));
    if (pl->shared)
        json_object_set_new(line, "shared", phone_shared_json(pl->shared));
    if (pl->ua && (param_bool(ph->params, P_NAT_Mapping_Enable, n) || ua_line_nat_type(pl->ua)))
        json_object_set_new(line, "nat", nat_json(pl->ua));
    return line;
}

static json_t *lines_json(const struct phone *ph)
{
    json_t *lines = json_array();

    for (unsigned i = 0; i < ph->model->n_lines; i++) {
        if (ph->lines[i].ua || ph->lines[i].error ||
            *param_get(ph->params, P_User_ID, (uint16_t)(i + 1)))
            json_array_append_new(lines, line_json(ph, i));
    }
    return lines;
}

static const char *prov_state(const struct phone *ph, const struct prov_status *st)
{
    if (ph->state == PHONE_OFF || !ph->provision)
        return "off";
    if (ph->state == PHONE_PROVISIONING || st->running)
        return "running";
    if (st->held)
        return "held"; /* until the lines are idle */
    return ph->provisioned ? "done" : st->last_error[0] ? "failed" : "waiting";
}

static json_t *prov_json(const struct phone *ph)
{
    struct prov_status st = {.rule = ""};

    if (ph->prov)
        prov_status_get(ph->prov, &st);
    const char *rule = st.rule[0] ? st.rule : param_get(ph->params, P_Profile_Rule, 0);
    const char class[] = {(char)('A' + st.last_class), '\0'};
    return json_pack("{s:o, s:s, s:o, s:i, s:o, s:s, s:o, s:i}", "rule", phone_json_text(rule),
                     "state", prov_state(ph, &st), "last_url", phone_json_text(st.last_url),
                     "last_status", (int)st.last_status, "last_error",
                     phone_json_text(st.last_error), "last_class", st.last_url[0] ? class : "",
                     "note", phone_json_text(st.note), "next_resync_s", (int)st.next_s);
}

static json_t *icons_json(uint16_t icons)
{
    static const struct {
        uint16_t bit;
        const char *name;
    } names[] = {
        {SCREEN_ICON_MESSAGE, "message"}, {SCREEN_ICON_DND, "dnd"},
        {SCREEN_ICON_FORWARD, "forward"}, {SCREEN_ICON_MISSED, "missed"},
        {SCREEN_ICON_SECURE, "secure"},   {SCREEN_ICON_NETWORK, "network"},
        {SCREEN_ICON_WIFI, "wifi"},       {SCREEN_ICON_BATTERY, "battery"},
        {SCREEN_ICON_SPEAKER, "speaker"}, {SCREEN_ICON_HEADSET, "headset"},
        {SCREEN_ICON_MUTE, "mute"},
    };
    json_t *all = json_array();

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (icons & names[i].bit)
            json_array_append_new(all, json_string(names[i].name));
    }
    return all;
}

static json_t *upgrade_json(const struct phone *ph)
{
    struct prov_upgrade_status st;

    prov_upgrade_status(ph->prov, &st);
    return json_pack("{s:s, s:o, s:o, s:i}", "state",
                     ph->state == PHONE_UPGRADING ? "writing"
                     : st.loading                 ? "loading"
                     : st.error[0]                ? "failed"
                                                  : "idle",
                     "url", phone_json_text(st.url), "error", phone_json_text(st.error), "retry_s",
                     (int)st.retry_s);
}

static json_t *screen_json(const struct phone *ph)
{
    struct screen s;
    json_t *rows = json_array(), *softkeys = json_array(), *labels = json_array();

    phone_screen(ph, &s);
    for (unsigned i = 0; i < s.n_rows; i++)
        json_array_append_new(rows, phone_json_text(s.rows[i]));
    for (unsigned i = 0; i < s.n_labels; i++)
        json_array_append_new(labels, phone_json_text(s.labels[i]));
    for (unsigned i = 0; i < s.n_softkeys; i++)
        json_array_append_new(softkeys, phone_json_text(s.softkeys[i]));
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:i, s:o, s:o}", "app", s.app, "title",
                     phone_json_text(s.title), "rows", rows, "labels", labels, "prompt",
                     phone_json_text(s.prompt), "selected", (int)s.selected, "softkeys", softkeys,
                     "icons", icons_json(s.icons));
}

static json_t *lamps_json(const struct phone *ph)
{
    json_t *lamps = json_object();

    for (const char *const *l = ph->model->lamps; *l; l++) {
        const char *color, *pattern;
        if (phone_lamp(ph, *l, &color, &pattern))
            json_object_set_new(lamps, *l,
                                json_pack("{s:s, s:s}", "color", color, "pattern", pattern));
    }
    return lamps;
}

static json_t *counters_json(const struct phone *ph)
{
    struct prov_status st = {.n_passes = 0};

    if (ph->prov)
        prov_status_get(ph->prov, &st);
    return json_pack("{s:i, s:i, s:i, s:i}", "events", (int)ph->n_events, "resyncs",
                     (int)st.n_passes, "resyncs_ok", (int)st.n_ok, "resyncs_failed",
                     (int)st.n_failed);
}

static void set_identity(const struct phone *ph, json_t *obj)
{
    const uint8_t *m = ph->id.mac;
    char mac[16], ip[INET_ADDRSTRLEN];

    snprintf(mac, sizeof(mac), "%02X%02X%02X%02X%02X%02X", m[0], m[1], m[2], m[3], m[4], m[5]);
    inet_ntop(AF_INET, &ph->addr, ip, sizeof(ip));
    json_object_set_new(obj, "n", json_integer(ph->n));
    json_object_set_new(obj, "model", json_string(ph->model->name));
    json_object_set_new(obj, "firmware", json_string(ph->firmware));
    json_object_set_new(obj, "mac", json_string(mac));
    json_object_set_new(obj, "ip", json_string(ip));
    json_object_set_new(obj, "power", json_boolean(ph->state != PHONE_OFF));
}

json_t *phone_brief(const struct phone *ph)
{
    json_t *obj = json_object();

    set_identity(ph, obj);
    json_object_set_new(obj, "user", phone_json_text(phone_user(ph)));
    json_object_set_new(obj, "provisioned", json_boolean(ph->provisioned));
    json_object_set_new(obj, "registered", json_boolean(phone_is(ph, PHONE_REGISTERED)));
    json_object_set_new(obj, "error",
                        ph->last_error ? phone_json_text(ph->last_error) : json_null());
    return obj;
}

/* What its clock shows, "2026-01-31T13:45:00". */
static json_t *local_time_json(const struct phone *ph)
{
    const uint64_t utc_ms = clock_wall_ms(ph->env->lp);
    const time_t now = local_time_s(ph->params, (int64_t)(utc_ms / 1000));
    char text[32];
    struct tm tm;

    if (!gmtime_r(&now, &tm) || !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm))
        return json_null();
    return json_string(text);
}

json_t *phone_snapshot(const struct phone *ph)
{
    const uint64_t up_ms = ph->state == PHONE_OFF ? 0 : clock_ms(ph->env->lp) - ph->on_since_ms;
    json_t *obj = json_object();

    set_identity(ph, obj);
    json_object_set_new(obj, "serial", json_string(ph->serial));
    json_object_set_new(obj, "uptime_s",
                        json_integer((json_int_t)(clock_unscaled(ph->env->lp, up_ms) / 1000)));
    json_object_set_new(obj, "local_time", local_time_json(ph));
    json_object_set_new(obj, "provisioning", prov_json(ph));
    if (ph->prov)
        json_object_set_new(obj, "upgrade", upgrade_json(ph));
    json_object_set_new(obj, "lines", lines_json(ph));
    json_object_set_new(obj, "screen", screen_json(ph));
    json_object_set_new(obj, "lamps", lamps_json(ph));
    json_object_set_new(
        obj, "audio",
        json_pack("{s:s, s:b}", "device", phone_audio_name(ph), "muted", (int)ph->muted));
    json_object_set_new(obj, "keys", phone_keys_json(ph));
    json_object_set_new(obj, "subscriptions", phone_subscriptions_json(ph));
    if (ph->streams)
        json_object_set_new(obj, "streams", phone_streams_json(ph));
    json_object_set_new(obj, "message_waiting", json_boolean(phone_message_waiting(ph)));
    json_object_set_new(obj, "counters", counters_json(ph));
    return obj;
}
