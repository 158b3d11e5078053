/* SPDX-License-Identifier: BSD-3-Clause */
/* Several calls at once: which key the next one is on (devices.md 3.4), which other one "toggle",
 * "confLx" and "xferLx" mean (5.3). */
#include <stddef.h>
#include <strings.h>

#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/phone/shared.h"

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

/* Their order: by line key, the oldest of a key first. */
static bool before(const struct phone_call *a, const struct phone_call *b)
{
    return a->key != b->key ? a->key < b->key : a->id < b->id;
}

static bool walks_to(const struct phone_call *pc, const struct phone_call *of)
{
    const char *how = param_get(pc->ph->params, P_Line_Navigation, 0);
    return of != pc && phone_call_live(of) &&
           (of->key != pc->key || strcasecmp(how, "Per Call") == 0);
}

int phone_calls_walk(struct phone_call *pc, int step)
{
    struct phone_call *next = NULL, *first = NULL;

    for (struct phone_call *of = pc->ph->calls->list; of; of = of->next) {
        if (!walks_to(pc, of))
            continue;
        if ((step > 0 ? before(pc, of) : before(of, pc)) &&
            (!next || (step > 0 ? before(of, next) : before(next, of))))
            next = of;
        if (!first || (step > 0 ? before(of, first) : before(first, of)))
            first = of;
    }
    if (!next)
        next = first;
    if (!next)
        return 0;
    pc->ph->calls->walked = next->id;
    return 1;
}

/* ---- which key a call is on */

/* Call_Appearance_Per_Line: 2 to 10 (devices.md 1.1); those that do not know it have two. */
static unsigned calls_per_key(const struct phone *ph)
{
    const unsigned n = param_u32(ph->params, P_Call_Appearance_Per_Line, 0);
    return n < CALLS_PER_KEY ? CALLS_PER_KEY : n > CALLS_PER_KEY_MAX ? CALLS_PER_KEY_MAX : n;
}

static unsigned calls_on(const struct phone *ph, unsigned key)
{
    unsigned n = 0;

    for (const struct phone_call *pc = ph->calls ? ph->calls->list : NULL; pc; pc = pc->next)
        n += phone_call_live(pc) && (pc->key == key || !ph->model->n_line_keys);
    return n;
}

bool phone_calls_fit(const struct phone *ph, unsigned line, unsigned key)
{
    return phone_key_line(ph, key) == line && !phone_shared_line(ph, line) &&
           calls_on(ph, key) < calls_per_key(ph);
}

/* The key that is being pressed; else Line_ID_Mapping: the first with room, or the one of them with
 * the fewest calls. */
bool phone_calls_place(const struct phone *ph, unsigned line, unsigned *key)
{
    const bool fill = strcasecmp(param_get(ph->params, P_Line_ID_Mapping, 0), "Vertical First");
    unsigned least = calls_per_key(ph);

    *key = 0;
    if (phone_shared_line(ph, line))
        return phone_shared_place(phone_shared_line(ph, line), key);
    if (!ph->model->n_line_keys)
        return calls_on(ph, 0) < least;
    if (ph->pressed_key && phone_calls_fit(ph, line, ph->pressed_key)) {
        *key = ph->pressed_key;
        return true;
    }
    for (unsigned k = 1; k <= ph->model->n_line_keys && !(fill && *key); k++) {
        if (phone_key_line(ph, k) == line && calls_on(ph, k) < least) {
            least = calls_on(ph, k);
            *key = k;
        }
    }
    return *key != 0;
}
