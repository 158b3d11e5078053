/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a changed parameter touches (provisioning.md 11 R:): nothing, a line, subscriptions, or the
 * whole phone. It is found by comparing what is in force with what was, so that a profile, the web
 * page and a command have the same effect. Lines have fingerprints of their own (lines.c).
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "sim/phone/priv.h"
#include "sim/prov/prov.h"

/* Class "reboot" of the table, and Dual_Registration (M1). */
static const enum param_id phone_wide[] = {
    P_Connection_Type,
    P_Static_IP,
    P_NetMask,
    P_Gateway,
    P_HostName,
    P_Host_Name,
    P_Domain,
    P_Primary_DNS,
    P_Secondary_DNS,
    P_DNS_Server_Order,
    P_DNS_Query_Mode,
    P_Enable_VLAN,
    P_VLAN_ID,
    P_Enable_PC_Port_VLAN_Tagging,
    P_PC_Port_VLAN_ID,
    P_PC_Port_VLAN_Highest_Priority,
    P_Enable_CDP,
    P_Enable_LLDP_MED,
    P_Enable_Web_Server,
    P_Web_Server_Port,
    P_Signaling_Protocol,
    P_SPCP_Auto_detect,
    P_SPA525_protocol,
    P_SPA525_auto_detect_sccp,
    P_RTP_Port_Min,
    P_RTP_Port_Max,
    P_SIP_TCP_Port_Min,
    P_SIP_TCP_Port_Max,
    P_NTP_Enable,
    P_Primary_NTP_Server,
    P_Secondary_NTP_Server,
};

static uint64_t mix(uint64_t h, const char *text)
{
    do
        h = (h ^ (uint8_t)*text) * 0x100000001b3ULL; /* FNV-1a, the end of each text included */
    while (*text++);
    return h;
}

static uint64_t restart_print(const struct phone *ph)
{
    uint64_t h = 0xcbf29ce484222325ULL;

    for (size_t i = 0; i < sizeof(phone_wide) / sizeof(phone_wide[0]); i++)
        h = mix(h, param_get(ph->params, phone_wide[i], 0));
    for (uint16_t n = 1; n <= ph->model->n_lines; n++)
        h = mix(h, param_get(ph->params, P_Dual_Registration, n));
    return h;
}

/* Class "subscription refresh" */
static uint64_t watch_print(const struct phone *ph)
{
    static const enum param_id all[] = {P_Subscribe_Expires, P_Subscribe_Retry_Interval,
                                        P_Sub_Min_Expires, P_Sub_Max_Expires, P_Sub_Retry_Intvl};
    uint64_t h = 0xcbf29ce484222325ULL;

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        h = mix(h, param_get(ph->params, all[i], 0));
    for (uint16_t n = 1; n <= ph->model->n_lines; n++)
        h = mix(h, param_get(ph->params, P_Voice_Mail_Server, n));
    for (uint16_t key = 1; key <= ph->model->n_line_keys; key++)
        h = mix(h, param_get(ph->params, P_Extended_Function, key));
    return h;
}

void phone_effects_begin(struct phone *ph)
{
    ph->boot_print = restart_print(ph);
    ph->watch_print = watch_print(ph);
}

/* Subscriptions are made anew; a line that is not registered yet makes its own when it is. */
static void refresh_watches(struct phone *ph)
{
    const uint64_t print = watch_print(ph);

    if (print == ph->watch_print)
        return;
    ph->watch_print = print;
    for (unsigned n = 1; n <= ph->model->n_lines; n++) {
        struct ua_reg_status st;
        if (!ph->lines[n - 1].ua)
            continue;
        phone_watches_stop(ph, n);
        phone_line_status(ph, n, &st);
        if (st.state == UA_REG_OK)
            phone_watches_start(ph, n);
    }
}

static bool needs_restart(const struct phone *ph, unsigned n_changed)
{
    return restart_print(ph) != ph->boot_print ||
           (n_changed && param_bool(ph->params, P_Sim_Every_Change_Reboots, 0)); /* G2 */
}

bool phone_take_changes(struct phone *ph, unsigned n)
{
    const bool rule_changed =
        ph->rule_changed && param_bool(ph->params, P_Sim_Resync_On_Rule_Change, 0); /* [X 23] */

    ph->rule_changed = false;
    if (ph->state == PHONE_BOOTING)
        phone_effects_begin(ph);
    if (ph->state != PHONE_UP && ph->state != PHONE_PROVISIONING)
        return false;
    if (needs_restart(ph, n)) {
        phone_restart_for_change(ph, rule_changed);
        return true;
    }
    if (ph->state != PHONE_UP || !n)
        return false;
    phone_lines_refresh(ph);
    refresh_watches(ph);
    phone_background_refresh(ph, false);
    phone_idle_page_plan(ph);
    if (ph->prov && ph->provision)
        prov_plan(ph->prov);
    if (rule_changed)
        (void)phone_resync(ph, NULL); /* [X 23]; EACCES: it is switched off */
    else
        phone_upgrade_check(ph);
    phone_screen_changed(ph);
    return false;
}

/* ---- by the user: the web page, a command */

static bool is_profile_rule(enum param_id id)
{
    return id == P_Profile_Rule || id == P_Profile_Rule_B || id == P_Profile_Rule_C ||
           id == P_Profile_Rule_D;
}

int phone_store(struct phone *ph, const char *name, const char *value)
{
    enum param_id id;
    uint16_t index;
    bool changed = false;

    if (!param_find(ph->model, name, &id, &index))
        return ENOENT;
    const int err = param_set_value(ph->params, id, index, value, PARAM_FROM_USER, &changed);
    if (!err && changed) {
        ph->n_stored++;
        ph->rule_changed |= is_profile_rule(id);
    }
    return err;
}

void phone_submit(struct phone *ph)
{
    const unsigned n = ph->n_stored;

    ph->n_stored = 0;
    if (n)
        (void)phone_take_changes(ph, n);
}

int phone_set(struct phone *ph, const char *name, const char *value)
{
    const int err = phone_store(ph, name, value);

    phone_submit(ph);
    return err;
}
