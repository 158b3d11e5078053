/* SPDX-License-Identifier: BSD-3-Clause */
/* What a phone subscribes to and what its function keys show, as JSON. */
#include <stdlib.h>
#include <jansson.h>

#include "sim/phone/priv.h"
#include "sim/phone/streams.h"
#include "sim/phone/shared.h"
#include "sim/sip/subscription.h"

static json_t *subscription_json(const struct ua_subscription *s, unsigned line, bool alternate)
{
    static const char *const states[] = {
        [UA_SUB_ASKING] = "asking", [UA_SUB_ACTIVE] = "active", [UA_SUB_FAILED] = "failed"};
    struct ua_subscription_status st;

    ua_subscription_status(s, &st);
    json_t *obj =
        json_pack("{s:i, s:s, s:o, s:s, s:i, s:i, s:i}", "line", (int)line, "event", st.event,
                  "uri", phone_json_text(st.uri), "state", states[st.state], "code", (int)st.scode,
                  "expires_s", (int)st.granted_s, "next_s", (int)st.next_s);
    if (alternate)
        json_object_set_new(obj, "alternate", json_true());
    return obj;
}

static void append(json_t *all, const struct ua_line *ua, unsigned line, bool alternate)
{
    const struct ua_subscription *s = NULL;

    while (ua && (s = ua_line_subscription(ua, s)))
        json_array_append_new(all, subscription_json(s, line, alternate));
}

struct json_t *phone_subscriptions_json(const struct phone *ph)
{
    json_t *all = json_array();

    for (unsigned n = 1; n <= ph->model->n_lines; n++) {
        append(all, ph->lines[n - 1].ua, n, false);
        append(all, ph->lines[n - 1].alternate, n, true);
    }
    return all;
}

struct json_t *phone_shared_json(const struct phone_shared *sh)
{
    static const char *const seizes[] = {
        [SEIZE_NONE] = "none", [SEIZE_ASKED] = "asked", [SEIZE_GRANTED] = "granted"};
    json_t *all = json_array();

    for (unsigned i = 1; i <= sh->n; i++)
        json_array_append_new(
            all, json_pack("{s:i, s:s, s:b, s:i, s:o}", "index", (int)i, "state",
                           sca_state_name((enum sca_state)sh->states[i]), "own",
                           phone_shared_own(sh, i), "key", (int)phone_shared_key(sh, i), "with",
                           sh->uris[i] ? phone_json_text(sh->uris[i]) : json_null()));
    return json_pack("{s:s, s:o}", "seize", seizes[sh->seize], "appearances", all);
}

static void append_keys(json_t *keys, const struct phone *ph, unsigned unit, unsigned n)
{
    struct keyfunc k;

    for (unsigned key = 1; key <= n; key++) {
        const struct phone_watch *w = phone_watch_of(ph, unit, key);
        const char *color = "off", *pattern = "steady";
        char name[24];
        if (!phone_key_function(ph, unit, key, &k))
            continue;
        char *label = phone_key_label(ph, unit, key, &k);
        phone_key_name(name, sizeof(name), unit, key);
        (void)phone_lamp(ph, name, &color, &pattern);
        json_array_append_new(keys,
                              json_pack("{s:s, s:o, s:o, s:s?, s:s, s:s}", "key", name, "label",
                                        phone_json_text(label ? label : ""), "monitors",
                                        w ? phone_json_text(w->who) : json_null(), "state",
                                        w ? watch_state_name(phone_watch_state(w)) : NULL, "color",
                                        color, "pattern", pattern));
        free(label);
    }
}

static json_t *stream_json(const struct phone *ph, bool receive)
{
    struct phone_stream s;

    return phone_stream_get(ph, receive, &s)
               ? json_pack("{s:i, s:i}", "port", (int)s.local_port, "packets", (int)s.packets)
               : json_null();
}

struct json_t *phone_streams_json(const struct phone *ph)
{
    const char *name = NULL;
    uint64_t since;

    (void)phone_playing(ph, &name, &since);
    return json_pack("{s:o, s:o, s:s?}", "send", stream_json(ph, false), "receive",
                     stream_json(ph, true), "playing", name);
}

struct json_t *phone_keys_json(const struct phone *ph)
{
    json_t *keys = json_array();

    append_keys(keys, ph, 0, ph->model->n_line_keys);
    for (unsigned unit = 1; unit <= PHONE_UNITS; unit++)
        append_keys(keys, ph, unit, phone_unit_keys(ph, unit));
    return keys;
}
