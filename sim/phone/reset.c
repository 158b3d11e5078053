/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * "#" held while power comes: lamps light, and a sequence of keys within 60 s puts the phone back
 * to its factory settings (devices.md 2.2). The words on the glass are ours [DEF].
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/lcd/screen.h"
#include "sim/loop/clock.h"
#include "sim/phone/priv.h"

enum { WAIT_MS = 60000, SEQUENCE = 12 };

struct phone_reset {
    struct phone *ph;
    struct timer timer;
    char typed[SEQUENCE + 1];
    bool asking; /* whether network settings stay */
};

static bool has_it(const struct phone *ph)
{
    return ph->model->family == FAMILY_CP79XX || ph->model->family == FAMILY_MPP68XX;
}

/* Is what has been typed the beginning of a sequence, or all of it? */
static bool begins(const struct phone_reset *r, bool *whole)
{
    static const char *const sequences[] = {"123456789*0#", "3491672850*#"};
    const unsigned n = r->ph->model->family == FAMILY_CP79XX ? 2 : 1; /* the other: 79x0 [RST-c] */

    for (unsigned i = 0; i < n; i++) {
        const size_t len = strlen(r->typed);
        *whole = len == SEQUENCE;
        if (strncmp(sequences[i], r->typed, len) == 0)
            return true;
    }
    return false;
}

void phone_reset_forget(struct phone *ph)
{
    if (!ph->reset)
        return;
    timer_cancel(&ph->reset->timer);
    ph->reset = mem_deref(ph->reset);
}

static void abandon(struct phone *ph)
{
    phone_reset_forget(ph);
    phone_boot(ph);
    phone_screen_changed(ph);
}

static void late_handler(void *arg)
{
    const struct phone_reset *r = arg;
    abandon(r->ph);
}

static void wait_on(struct phone_reset *r)
{
    struct loop *lp = r->ph->env->lp;
    timer_start(lp, &r->timer, clock_scaled(lp, WAIT_MS), late_handler, r);
}

bool phone_reset_begin(struct phone *ph, const char *held)
{
    if (strcmp(held, "#") != 0 || !has_it(ph))
        return false;
    ph->reset = mem_zalloc(sizeof(*ph->reset), NULL);
    if (!ph->reset)
        return false;
    ph->reset->ph = ph;
    ph->state = PHONE_BOOTING;
    wait_on(ph->reset);
    return true;
}

/* ---- what stays */

static const enum param_id network[] = {
    P_Connection_Type, P_Static_IP, P_NetMask, P_Gateway,     P_Primary_DNS,
    P_Secondary_DNS,   P_HostName,  P_Domain,  P_Enable_VLAN, P_VLAN_ID,
};
enum { N_NETWORK = sizeof(network) / sizeof(network[0]), VALUE = 128 };

static void reset_all_but_network(struct phone *ph)
{
    char kept[N_NETWORK][VALUE];

    for (unsigned i = 0; i < N_NETWORK; i++)
        snprintf(kept[i], VALUE, "%s", param_get(ph->params, network[i], 0));
    phone_factory_reset(ph);
    for (unsigned i = 0; i < N_NETWORK; i++) {
        if (strcmp(kept[i], param_get(ph->params, network[i], 0)) != 0)
            (void)param_set_value(ph->params, network[i], 0, kept[i], PARAM_FROM_USER, NULL);
    }
    phone_effects_begin(ph); /* they were there from the start */
}

/* ---- keys */

static int typed(struct phone_reset *r, char digit)
{
    struct phone *ph = r->ph;
    const size_t n = strlen(r->typed);
    bool whole = false;

    if (n && r->typed[n - 1] == digit)
        return 0; /* repeated digits are tolerated */
    r->typed[n] = digit;
    if (!begins(r, &whole)) {
        abandon(ph);
        return 0;
    }
    if (!whole)
        return 0;
    if (ph->model->family == FAMILY_CP79XX) {
        r->asking = true;
        wait_on(r);
    } else {
        phone_factory_reset(ph);
    }
    return 1;
}

int phone_reset_key(struct phone *ph, char digit)
{
    if (!digit)
        return 0;
    if (!ph->reset->asking)
        return typed(ph->reset, digit);
    if (digit == '1')
        reset_all_but_network(ph);
    else if (digit == '2')
        phone_factory_reset(ph);
    else
        return 0;
    return 1;
}

void phone_user_reset(struct phone *ph)
{
    param_set_reset_user(ph->params);
    phone_reboot(ph, false, "User Triggered");
}

/* ---- what is seen */

void phone_reset_screen(const struct phone *ph, struct screen *s)
{
    const bool asking = ph->reset->asking;

    snprintf(s->rows[s->n_rows++], sizeof(s->rows[0]), "%s",
             asking ? "Keep network config?" : "Enter reset sequence");
    if (asking)
        snprintf(s->rows[s->n_rows++], sizeof(s->rows[0]), "1 Yes, 2 No");
}

/* 7940, 7960: headset, mute, speaker; 6821: light strip and line keys; the other 6800: headset,
 * speaker and the handset's [RST-b] [RST-d]. */
static bool is_lit(const struct phone *ph, const char *lamp)
{
    const bool line = strncmp(lamp, "line", 4) == 0, strip = strcmp(lamp, "message") == 0;

    if (ph->model->family == FAMILY_CP79XX)
        return !line && !strip;
    if (strcmp(ph->model->name, "6821") == 0)
        return line || strip;
    return !line && strcmp(lamp, "mute") != 0;
}

bool phone_reset_lamp(const struct phone *ph, const char *lamp, const char **color,
                      const char **pattern)
{
    if (!ph->reset)
        return false;
    if (is_lit(ph, lamp)) {
        const bool red = strcmp(lamp, "message") == 0 || strcmp(lamp, "mute") == 0;
        *color = red ? "red" : "green";
        /* in turn, which no pattern says [DEF] */
        *pattern = strcmp(ph->model->name, "6821") == 0 ? "steady" : "slow";
    }
    return true;
}
