/* SPDX-License-Identifier: BSD-3-Clause */
/* Removing all bindings at the end of a run, a bounded number at a time. */
#include "sim/farm/priv.h"

enum {
    WINDOW = 200,       /* phones waited for at a time [DEF] */
    GIVE_UP_MS = 40000, /* longer than Timer F: no line is still trying */
};

static void step_handler(void *arg);

static void finish(struct farm *f)
{
    void (*done)(void *arg) = f->unreg.done;

    timer_cancel(&f->unreg.timer);
    f->unreg.done = NULL;
    if (done)
        done(f->unreg.arg);
}

static void give_up_handler(void *arg)
{
    struct farm *f = arg;

    for (size_t i = 0; i < f->n_phones; i++)
        farm_slot_at(f, i)->flags &= (uint16_t)~FARM_UNREGISTERING;
    f->unreg.n_out = 0;
    f->unreg.at = f->n_phones;
    finish(f);
}

static void step_handler(void *arg)
{
    struct farm *f = arg;
    struct farm_unreg *u = &f->unreg;

    while (u->at < f->n_phones && u->n_out < WINDOW) {
        struct farm_slot *slot = farm_slot_at(f, u->at++);
        if (!phone_powered(slot->ph))
            continue;
        if (slot->registered_lines && !(slot->flags & FARM_UNREGISTERING)) {
            slot->flags |= FARM_UNREGISTERING;
            u->n_out++;
        }
        phone_unregister(slot->ph);
    }
    if (!u->n_out && u->at >= f->n_phones)
        finish(f);
    else if (!timer_running(&u->timer))
        timer_start(f->lp, &u->timer, GIVE_UP_MS, give_up_handler, f);
}

void unregister_event(struct farm *f, struct farm_slot *slot)
{
    if (!(slot->flags & FARM_UNREGISTERING) || slot->registered_lines)
        return;
    slot->flags &= (uint16_t)~FARM_UNREGISTERING;
    f->unreg.n_out--;
    timer_start(f->lp, &f->unreg.timer, 0, step_handler, f);
}

void farm_unregister(struct farm *f, void (*done)(void *arg), void *arg)
{
    ramp_close(f); /* nobody else is powered on */
    f->unreg.done = done;
    f->unreg.arg = arg;
    f->unreg.at = 0;
    timer_start(f->lp, &f->unreg.timer, 0, step_handler, f);
}
