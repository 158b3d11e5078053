/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Dual registration (sip-behaviour.md 2.8): the extension is registered with a second server as
 * well, always, by its own timers. To the SIP stack that is a line of its own which shares the
 * socket and takes no requests.
 */
#include <stdint.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/phone/priv.h"

static void registered_handler(const struct ua_reg_status *st, void *arg)
{
    struct phone_line *pl = arg;
    struct ua_reg_status primary = {.state = UA_REG_OFF};

    if (pl->ua)
        ua_line_status(pl->ua, &primary);
    if (primary.state != UA_REG_OK)
        phone_note_registration(pl->ph, st);
    phone_emit(pl->ph, &(struct phone_event){.ev = PHONE_EV_REGISTER,
                                             .line = phone_line_number(pl),
                                             .alternate = true,
                                             .reg = st});
    phone_lamps_changed(pl->ph, phone_line_number(pl));
    if (st->state == UA_REG_OK && pl->ph->state == PHONE_UP && primary.state == UA_REG_FAILED)
        phone_watches_start(pl->ph, phone_line_number(pl));
}

void phone_alternate_open(struct phone_line *pl, const struct ua_line_config *primary)
{
    static const struct ua_line_handlers handlers = {
        .registered = registered_handler,
        .moved = phone_line_moved,
        .traced = phone_line_traced,
    };
    struct phone *ph = pl->ph;
    const uint16_t n = (uint16_t)(primary->index + 1);
    const char *proxy = param_get(ph->params, P_Alternate_Proxy, n);
    const char *outbound = param_get(ph->params, P_Alternate_Outbound_Proxy, n);
    struct ua_line_config c = *primary;

    if (!param_bool(ph->params, P_Dual_Registration, n) || (!*proxy && !*outbound))
        return;
    c.alternate = true;
    c.proxy = *proxy ? proxy : primary->proxy; /* another way to the same registrar [DEF] */
    c.outbound_proxy = outbound;
    if (ua_line_alloc(&pl->alternate, ph->env->stack, &ph->rng, &c, &handlers, pl)) {
        phone_emit_text(ph, PHONE_EV_ERROR, "no alternate registration", NULL);
        return;
    }
    ua_line_start(pl->alternate);
}

void phone_alternate_close(struct phone_line *pl)
{
    if (pl->alternate)
        ua_line_close(pl->alternate);
    pl->alternate = mem_deref(pl->alternate);
}

static bool is_registered(const struct ua_line *ua)
{
    struct ua_reg_status st = {.state = UA_REG_OFF};

    if (ua)
        ua_line_status(ua, &st);
    return st.state == UA_REG_OK;
}

struct ua_line *phone_route(const struct phone *ph, unsigned line, unsigned attempt)
{
    const struct phone_line *pl = &ph->lines[line - 1];
    const bool alternate = is_registered(pl->alternate);

    if (attempt == 0)
        return alternate && !is_registered(pl->ua) ? pl->alternate : pl->ua;
    return attempt == 1 && alternate && is_registered(pl->ua) ? pl->alternate : NULL;
}

void phone_line_status(const struct phone *ph, unsigned line, struct ua_reg_status *st)
{
    struct ua_line *ua = phone_route(ph, line, 0);

    *st = (struct ua_reg_status){.state = UA_REG_OFF, .server = "", .reason = ""};
    if (ua)
        ua_line_status(ua, st);
}
