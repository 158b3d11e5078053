/* SPDX-License-Identifier: BSD-3-Clause */
/* Three-way conference in the phone: two calls that are up at once, their sound mixed here
 * (sip-behaviour.md 3.1 conference; devices.md 5.2, 5.3). */
#include <errno.h>

#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/sip/call.h"

struct phone_call *phone_conference_partner(const struct phone_call *pc)
{
    struct phone_call *other = pc->conference ? pc->ph->calls->list : NULL;

    while (other && (other == pc || !other->conference || !phone_call_live(other)))
        other = other->next;
    return other;
}

int phone_conference_join(struct phone_call *consultation)
{
    struct phone_call *first = consultation->about;

    if (!first || !first->ua || !consultation->ua || consultation->state != PHONE_CALL_CONNECTED)
        return EPROTO;
    first->conference = consultation->conference = true;
    consultation->consultation = false;
    ua_call_bridge(first->ua, consultation->ua);
    if (param_bool(first->ph->params, P_Notify_Conference, 0)) /* 1.1; to the new party [DEF] */
        (void)ua_call_notify(consultation->ua, "conference");
    if (first->state == PHONE_CALL_HOLDING)
        (void)ua_call_hold(first->ua, false);
    phone_call_changed(consultation);
    return 0;
}

/* NOTIFY in the dialog of either of the two (3.1). */
int phone_conference_begin(struct phone_call *pc)
{
    struct phone_call *up =
        pc->state == PHONE_CALL_CONNECTED ? pc : phone_calls_in(pc->ph, PHONE_CALL_CONNECTED);

    if (!up || up->conference)
        return EPROTO;
    if (!up->consultation || !up->about)
        up->about = pc == up ? phone_calls_waiting(up) : pc;
    return phone_conference_join(up);
}

int phone_conference_leave(struct phone_call *pc)
{
    struct phone_call *other = phone_conference_partner(pc);

    if (!other)
        return EPROTO;
    pc->conference = other->conference = false;
    pc->consultation = true;
    pc->about = other;
    return phone_transfer_complete(pc);
}
