/* SPDX-License-Identifier: BSD-3-Clause */
/* Events as JSON lines (interface.md section 5). */
#include <math.h>
#include <jansson.h>

#include "sim/base/utf8.h"
#include "sim/farm/priv.h"
#include "sim/prov/prov.h"
#include "sim/sip/line.h"

static json_t *text_or_null(const char *text)
{
    char clean[1024]; /* a peer's reason phrase may hold any byte */

    return text && *text ? json_string(utf8_clean(clean, sizeof(clean), text)) : json_null();
}

static double ms(uint32_t us)
{
    return round((double)us / 10) / 100;
}

static void add_fetch(json_t *o, const struct prov_fetch_event *e)
{
    json_object_set_new(o, "url", text_or_null(e->url));
    json_object_set_new(o, "status", json_integer(e->status));
    json_object_set_new(o, "ms", json_real(ms(e->us)));
    json_object_set_new(o, "error", text_or_null(e->error));
}

static void add_prov(json_t *o, const struct prov_result *r)
{
    json_object_set_new(o, "ok", json_boolean(r->ok));
    json_object_set_new(o, "files", json_integer(r->n_files));
    json_object_set_new(o, "changed", json_integer(r->n_changed));
    json_object_set_new(o, "error", text_or_null(r->error));
}

static const char *reg_status(enum ua_reg_state state)
{
    switch (state) {
    case UA_REG_OK:
        return "registered";
    case UA_REG_FAILED:
        return "failed";
    case UA_REG_TRYING:
        return "registering";
    case UA_REG_OFF:
        break;
    }
    return "unregistered";
}

static void add_reg(json_t *o, const struct phone_event *ev)
{
    const struct ua_reg_status *st = ev->reg;

    json_object_set_new(o, "line", json_integer(ev->line));
    if (ev->alternate)
        json_object_set_new(o, "alternate", json_true());
    json_object_set_new(o, "server", text_or_null(st->server));
    json_object_set_new(o, "status", json_string(reg_status(st->state)));
    json_object_set_new(o, "code", json_integer(st->scode));
    json_object_set_new(o, "reason", text_or_null(st->reason));
    json_object_set_new(o, "expires_s", json_integer(st->granted_s));
    json_object_set_new(o, "ms", json_real(ms(st->us)));
}

/* Events of a line, which they name first. */
static void add_line_event(json_t *o, const struct phone_event *ev)
{
    json_object_set_new(o, "line", json_integer(ev->line));
    if (ev->ev == PHONE_EV_MWI) {
        json_object_set_new(o, "waiting", json_boolean(ev->on));
        json_object_set_new(o, "new", json_integer(ev->count));
    } else if (ev->ev == PHONE_EV_NOTIFY) {
        json_object_set_new(o, "event", text_or_null(ev->text));
        json_object_set_new(o, "from", text_or_null(ev->text2));
        json_object_set_new(o, "result", json_integer(ev->scode));
    } else if (ev->ev == PHONE_EV_CALL) {
        json_object_set_new(o, "id", json_integer(ev->count));
        json_object_set_new(o, "state", text_or_null(ev->text));
        json_object_set_new(o, "direction", json_string(ev->on ? "out" : "in"));
        json_object_set_new(o, "peer", text_or_null(ev->text2));
        json_object_set_new(o, "code", json_integer(ev->scode));
        json_object_set_new(o, "reason", text_or_null(ev->why));
    } else if (ev->ev == PHONE_EV_DTMF) {
        json_object_set_new(o, "id", json_integer(ev->count));
        json_object_set_new(o, "digit", text_or_null(ev->text));
    } else { /* fail-over and fall-back */
        json_object_set_new(o, "from", text_or_null(ev->text));
        json_object_set_new(o, "to", text_or_null(ev->text2));
        json_object_set_new(o, "why", text_or_null(ev->why));
    }
}

static void add_payload(json_t *o, const struct phone_event *ev)
{
    switch (ev->ev) {
    case PHONE_EV_POWER:
        json_object_set_new(o, "on", json_boolean(ev->on));
        break;
    case PHONE_EV_BOOT:
        break;
    case PHONE_EV_FETCH:
        if (ev->fetch)
            add_fetch(o, ev->fetch);
        break;
    case PHONE_EV_PROVISIONED:
        if (ev->prov)
            add_prov(o, ev->prov);
        break;
    case PHONE_EV_REGISTER:
        if (ev->reg)
            add_reg(o, ev);
        break;
    case PHONE_EV_SCREEN:
        json_object_set_new(o, "title", text_or_null(ev->text));
        break;
    case PHONE_EV_LAMP:
        json_object_set_new(o, "lamp", text_or_null(ev->text));
        json_object_set_new(o, "state", text_or_null(ev->text2));
        break;
    case PHONE_EV_KEY:
        json_object_set_new(o, "key", text_or_null(ev->text));
        break;
    case PHONE_EV_REBOOT:
        json_object_set_new(o, "why", text_or_null(ev->text));
        break;
    case PHONE_EV_FAILOVER:
    case PHONE_EV_FALLBACK:
    case PHONE_EV_MWI:
    case PHONE_EV_NOTIFY:
    case PHONE_EV_CALL:
    case PHONE_EV_DTMF:
        add_line_event(o, ev);
        break;
    case PHONE_EV_SPOKEN:
    case PHONE_EV_ERROR:
        json_object_set_new(o, "text", text_or_null(ev->text));
        break;
    }
}

json_t *event_json(double t, unsigned n, const struct phone_event *ev)
{
    json_t *o = json_object();

    if (!o)
        return NULL;
    json_object_set_new(o, "t", json_real(round(t * 1e6) / 1e6));
    json_object_set_new(o, "n", json_integer(n));
    json_object_set_new(o, "ev", json_string(phone_ev_name(ev->ev)));
    add_payload(o, ev);
    return o;
}

json_t *farm_event_json(const struct farm *f, const struct phone *ph, const struct phone_event *ev)
{
    return event_json(farm_elapsed_s(f), phone_n(ph), ev);
}
