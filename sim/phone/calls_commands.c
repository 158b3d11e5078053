/* SPDX-License-Identifier: BSD-3-Clause */
/* What is asked of the calls by name: dial, answer, hang up, hold, resume, transfer. */
#include <errno.h>
#include <stdint.h>
#include <re.h>

#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/sip/call.h"

static int up_or(const struct phone *ph)
{
    return ph->state == PHONE_UP ? 0 : EHOSTDOWN;
}

int phone_dial(struct phone *ph, const char *number)
{
    int err = up_or(ph);

    if (!err)
        err = phone_call_number(ph, 0, number, NULL);
    if (!err) {
        if (phone_calls_live(ph))
            phone_input_close(ph);
        ph->dial[0] = '\0';
    }
    return err;
}

int phone_answer(struct phone *ph, unsigned id)
{
    struct phone_call *pc = id ? phone_call_find(ph, id) : phone_calls_in(ph, PHONE_CALL_RINGING);

    if (up_or(ph))
        return EHOSTDOWN;
    if (!pc)
        return ENOENT;
    if (pc->state != PHONE_CALL_RINGING)
        return EPROTO;
    if (pc->call_back)
        return phone_call_back_answer(pc);
    phone_calls_hold_others(ph, pc);
    return ua_call_answer(pc->ua);
}

/* Which of them is meant where none is named: the one talking, then what is under way. */
static struct phone_call *to_end(const struct phone *ph)
{
    static const enum phone_call_state order[] = {PHONE_CALL_CONNECTED, PHONE_CALL_PROGRESS,
                                                  PHONE_CALL_CALLING,   PHONE_CALL_RINGING,
                                                  PHONE_CALL_HOLDING,   PHONE_CALL_ENDED};
    struct phone_call *pc = NULL;

    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]) && !pc; i++)
        pc = phone_calls_in(ph, order[i]);
    return pc;
}

int phone_hang_up(struct phone *ph, unsigned id)
{
    struct phone_call *pc = id ? phone_call_find(ph, id) : to_end(ph);

    if (up_or(ph))
        return EHOSTDOWN;
    if (!pc)
        return ENOENT;
    if (pc->state == PHONE_CALL_ENDED)
        phone_call_release(pc);
    else
        phone_call_end(pc, 0, NULL, false);
    return 0;
}

int phone_hold(struct phone *ph, unsigned id)
{
    struct phone_call *pc = id ? phone_call_find(ph, id) : phone_calls_in(ph, PHONE_CALL_CONNECTED);

    if (up_or(ph))
        return EHOSTDOWN;
    if (!pc)
        return ENOENT;
    return pc->ua && pc->state == PHONE_CALL_CONNECTED ? ua_call_hold(pc->ua, true) : EPROTO;
}

int phone_call_resume(struct phone_call *pc)
{
    if (!pc->ua || pc->state != PHONE_CALL_HOLDING)
        return EPROTO;
    phone_calls_hold_others(pc->ph, pc);
    return ua_call_hold(pc->ua, false);
}

int phone_resume(struct phone *ph, unsigned id)
{
    struct phone_call *pc = id ? phone_call_find(ph, id) : phone_calls_in(ph, PHONE_CALL_HOLDING);

    if (up_or(ph))
        return EHOSTDOWN;
    return pc ? phone_call_resume(pc) : ENOENT;
}

int phone_transfer(struct phone *ph, const char *number, bool attended)
{
    struct phone_call *pc = phone_calls_in(ph, PHONE_CALL_CONNECTED), *to = NULL;

    if (up_or(ph))
        return EHOSTDOWN;
    if (!pc)
        pc = phone_calls_in(ph, PHONE_CALL_HOLDING);
    if (!pc)
        return ENOENT;
    if (!attended)
        return phone_transfer_blind(pc, number);
    const int err = phone_call_number(ph, pc->line, number, &to);
    if (!err) {
        to->consultation = true;
        to->complete = true;
        to->about = pc;
    }
    return err;
}
