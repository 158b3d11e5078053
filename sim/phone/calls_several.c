/* SPDX-License-Identifier: BSD-3-Clause */
/* Several calls at once: which other one "toggle", "confLx" and "xferLx" mean (devices.md 5.3). */
#include <stddef.h>

#include "sim/phone/calls.h"
#include "sim/phone/priv.h"

static bool is_up(const struct phone_call *pc)
{
    return pc->ua && (pc->state == PHONE_CALL_CONNECTED || pc->state == PHONE_CALL_HOLDING);
}

/* The next of the list that may be shown in its place, round and round. */
struct phone_call *phone_calls_other(const struct phone_call *pc)
{
    struct phone_call *first = pc->ph->calls->list, *of = pc->next ? pc->next : first;

    for (; of != pc; of = of->next ? of->next : first) {
        if (pc->state == PHONE_CALL_RINGING ? of->state == PHONE_CALL_RINGING
                                            : is_up(pc) && is_up(of) && !of->conference)
            return of;
    }
    return NULL;
}

struct phone_call *phone_calls_waiting(const struct phone_call *pc)
{
    struct phone_call *of = pc->ph->calls->list;

    while (of && !(of != pc && is_up(of) && of->state == PHONE_CALL_HOLDING && !of->transferring))
        of = of->next;
    return is_up(pc) && !pc->conference ? of : NULL;
}

/* Beside a call that is up the other one is resumed; among held or ringing ones it is shown. */
int phone_calls_toggle(struct phone_call *pc)
{
    struct phone_call *other = phone_calls_other(pc);

    if (!other)
        return 0;
    pc->ph->calls->shown = other->id;
    if (pc->state == PHONE_CALL_CONNECTED && other->state == PHONE_CALL_HOLDING)
        (void)phone_call_resume(other);
    return 1;
}
