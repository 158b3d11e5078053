/* SPDX-License-Identifier: BSD-3-Clause */
/* Restarts that wait: for idle lines (provisioning.md 14), or until lines have unregistered, and
 * lines that do so before they open again (sip-behaviour.md 2.9). */
#include <stdlib.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/prov/local_time.h"
#include "sim/prov/prov.h"

enum { LEAVE_MS = 4000 }; /* how long an answer to the REGISTER that removes is waited for [DEF] */

struct phone_restart { /* made when something waits */
    struct phone *ph;
    struct timer timer;
    const char *why; /* NULL = only lines are to be opened again */
    bool warm;
    bool when_idle;     /* no line may be in use */
    unsigned n_leaving; /* lines whose last answer is waited for */
};

static struct phone_restart *get(struct phone *ph)
{
    if (!ph->restart)
        ph->restart = calloc(1, sizeof(*ph->restart));
    if (ph->restart)
        ph->restart->ph = ph;
    return ph->restart;
}

void phone_restart_forget(struct phone *ph)
{
    if (!ph->restart)
        return;
    timer_cancel(&ph->restart->timer);
    free(ph->restart);
    ph->restart = NULL;
}

/* Whoever waits has waited long enough. */
static void go_handler(void *arg)
{
    const struct phone_restart *r = arg;
    struct phone *ph = r->ph;

    if (r->why && (!r->when_idle || !phone_calls_live(ph))) {
        phone_reboot(ph, r->warm, r->why);
        return;
    }
    if (!r->why)
        phone_restart_forget(ph);
    for (unsigned i = 0; i < ph->model->n_lines; i++) {
        if (ph->lines[i].leaving != LINE_STAYS)
            phone_line_close(&ph->lines[i]);
    }
    phone_lines_refresh(ph);
}

static bool is_registered(const struct phone_line *pl)
{
    struct ua_reg_status st;

    if (!pl->ua)
        return false;
    ua_line_status(pl->ua, &st);
    return st.state == UA_REG_OK;
}

static bool removes(const struct phone *ph)
{
    return param_bool(ph->params, P_Remove_Last_Reg, 0);
}

void phone_reboot_when_idle(struct phone *ph, bool warm, const char *why)
{
    struct phone_restart *r;

    if (!phone_calls_live(ph) || !(r = get(ph))) {
        phone_reboot(ph, warm, why);
        return;
    }
    r->why = why;
    r->warm = warm;
    r->when_idle = true;
}

void phone_went_idle(struct phone *ph)
{
    if (phone_calls_live(ph))
        return;
    if (ph->restart && ph->restart->when_idle)
        timer_start(ph->env->lp, &ph->restart->timer, 0, go_handler, ph->restart);
    if (ph->prov)
        prov_idle(ph->prov);
}

/* Ask for the removal of its bindings; phone_line_left() tells when that is over. */
static void leave(struct phone_restart *r, struct phone_line *pl)
{
    pl->leaving = LINE_LEAVES;
    r->n_leaving++;
    ua_line_unregister(pl->ua);
    if (pl->alternate)
        ua_line_unregister(pl->alternate);
}

bool phone_restart_leaves(struct phone *ph, bool warm, const char *why)
{
    struct phone_restart *r =
        param_bool(ph->params, P_Sim_Unregister_On_Reboot, 0) ? get(ph) : NULL;
    bool leaves = false;

    for (unsigned i = 0; r && i < ph->model->n_lines; i++) {
        if (ph->lines[i].leaving != LINE_STAYS || !is_registered(&ph->lines[i]))
            continue;
        leave(r, &ph->lines[i]);
        leaves = true;
    }
    if (!leaves)
        return false;
    r->why = why;
    r->warm = warm;
    r->when_idle = false;
    timer_start(ph->env->lp, &r->timer, LEAVE_MS, go_handler, r);
    return true;
}

void phone_restart_for_change(struct phone *ph, bool resync)
{
    struct phone_restart *r = get(ph);

    if (!r) {
        phone_reboot(ph, !resync, "Provisioning");
        return;
    }
    r->why = "Provisioning";
    r->warm = !resync; /* no resync after a restart that a resync made [X 23] */
    r->when_idle = false;
    for (unsigned i = 0; removes(ph) && i < ph->model->n_lines; i++) {
        if (ph->lines[i].leaving == LINE_STAYS && is_registered(&ph->lines[i]))
            leave(r, &ph->lines[i]);
    }
    /* not from within the handler of the pass that asks for it */
    timer_start(ph->env->lp, &r->timer, r->n_leaving ? LEAVE_MS : 0, go_handler, r);
}

bool phone_line_leave(struct phone_line *pl)
{
    struct phone_restart *r;

    if (pl->leaving != LINE_STAYS)
        return true;
    if (!removes(pl->ph) || !is_registered(pl) || !(r = get(pl->ph)))
        return false;
    timer_start(pl->ph->env->lp, &r->timer, LEAVE_MS, go_handler, r);
    leave(r, pl);
    return true;
}

void phone_line_left(struct phone_line *pl)
{
    struct phone_restart *r = pl->ph->restart;

    if (!r || pl->leaving != LINE_LEAVES)
        return;
    pl->leaving = LINE_LEFT;
    if (--r->n_leaving == 0)
        timer_start(pl->ph->env->lp, &r->timer, 0, go_handler, r);
}

void phone_note_reboot(struct phone *ph, const char *why)
{
    if (!ph->reboots)
        ph->reboots = calloc(1, sizeof(*ph->reboots));
    if (!ph->reboots)
        return;
    const unsigned i = ph->reboots->n++ % REBOOTS_KEPT;
    ph->reboots->last[i].why = strncmp(why, "NOTIFY", 6) == 0 ? "SIP Triggered" : why;
    ph->reboots->last[i].local_s =
        local_time_s(ph->params, (int64_t)(clock_wall_ms(ph->env->lp) / 1000));
}
