/* SPDX-License-Identifier: BSD-3-Clause */
/* What the phone's Info page says (provisioning.md 15.1, devices.md 14). Elements come in the order
 * of a real dump: field scripts count lines (15.3). */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "sim/loop/clock.h"
#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/prov/local_time.h"
#include "sim/prov/prov.h"
#include "sim/sip/nat.h"

struct out {
    const struct phone_info_sink *sink;
    const char *group;
};

static void put(const struct out *o, const char *name, const char *value)
{
    o->sink->put(o->group, name, value, o->sink->arg);
}

static const char *text(const struct phone *ph, enum param_id id)
{
    return param_get(ph->params, id, 0);
}

static void system_information(const struct phone *ph, const struct phone_info_sink *sink)
{
    const struct out o = {sink, "Info/System_Information"};
    char ip[INET_ADDRSTRLEN];

    inet_ntop(AF_INET, &ph->addr, ip, sizeof(ip));
    put(&o, "Connection_Type", text(ph, P_Connection_Type));
    put(&o, "Current_IP", ip);
    put(&o, "Host_Name", text(ph, P_HostName));
    put(&o, "Domain", text(ph, P_Domain));
    put(&o, "Current_Netmask", text(ph, P_NetMask));
    put(&o, "Current_Gateway", text(ph, P_Gateway));
    put(&o, "Primary_DNS", text(ph, P_Primary_DNS));
    put(&o, "Secondary_DNS", text(ph, P_Secondary_DNS));
}

static void product_information(const struct phone *ph, const struct phone_info_sink *sink)
{
    const struct out o = {sink, "Info/Product_Information"};
    const uint8_t *m = ph->id.mac;
    char mac[13];

    snprintf(mac, sizeof(mac), "%02X%02X%02X%02X%02X%02X", m[0], m[1], m[2], m[3], m[4], m[5]);
    put(&o, "Product_Name", ph->model->product);
    put(&o, "Serial_Number", ph->serial);
    put(&o, "Software_Version", ph->firmware);
    put(&o, "Hardware_Version", ph->model->hwver);
    put(&o, "MAC_Address", mac);
    put(&o, "Client_Certificate", "Installed");
    put(&o, "Customization", "Open");
    put(&o, "Licenses", "None");
}

/* "4/26/2017 00:05:03" */
static void print_moment(char *buf, size_t size, int64_t local_s)
{
    const time_t at = local_s;
    struct tm tm;

    buf[0] = '\0';
    if (gmtime_r(&at, &tm))
        snprintf(buf, size, "%d/%d/%d %02d:%02d:%02d", tm.tm_mon + 1, tm.tm_mday, tm.tm_year + 1900,
                 tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void phone_status(const struct phone *ph, const struct phone_info_sink *sink)
{
    const struct out o = {sink, "Info/Phone_Status"};
    const uint64_t up_s = phone_up_ms(ph) / 1000;
    const struct in_addr outside = phone_external(ph);
    char now[32], elapsed[48], external[INET_ADDRSTRLEN] = "";

    if (outside.s_addr)
        inet_ntop(AF_INET, &outside, external, sizeof(external));
    print_moment(now, sizeof(now),
                 local_time_s(ph->params, (int64_t)(clock_wall_ms(ph->env->lp) / 1000)));
    snprintf(elapsed, sizeof(elapsed), "%llu days and %02u:%02u:%02u",
             (unsigned long long)(up_s / 86400), (unsigned)(up_s / 3600 % 24),
             (unsigned)(up_s / 60 % 60), (unsigned)(up_s % 60));
    put(&o, "Current_Time", now);
    put(&o, "Elapsed_Time", elapsed);
    put(&o, "External_IP", external);
    put(&o, "Operational_VLAN_ID",
        param_bool(ph->params, P_Enable_VLAN, 0) ? text(ph, P_VLAN_ID) : "None");
}

static void ext_status(const struct phone *ph, unsigned n, const struct phone_info_sink *sink)
{
    const struct phone_line *pl = &ph->lines[n - 1];
    struct ua_reg_status st = {.state = UA_REG_OFF};
    char group[32], next[16] = "0", port[8] = "";
    const struct out o = {sink, group};

    snprintf(group, sizeof(group), "Info/Ext_%u_Status", n);
    if (pl->ua) {
        phone_line_status(ph, n, &st);
        snprintf(next, sizeof(next), "%u", (unsigned)st.next_s);
        snprintf(port, sizeof(port), "%u", ntohs(ua_line_contact(pl->ua).sin_port));
    }
    put(&o, "Registration_State", st.state == UA_REG_OK ? "Registered" : "Not Registered");
    put(&o, "Next_Registration_In_Seconds", next);
    put(&o, "Message_Waiting", pl->message_waiting ? "Yes" : "No");
    put(&o, "Mapped_SIP_Port", port);
}

static void call_status(const struct phone *ph, unsigned line, unsigned m,
                        const struct phone_info_sink *sink)
{
    const struct phone_call *pc = ph->calls ? ph->calls->list : NULL;
    unsigned at = 0;
    char group[40], seconds[16] = "0";
    struct phone_call_view v = {.seconds = 0};
    const struct out o = {sink, group};

    for (; pc; pc = pc->next) {
        if (pc->line == line && phone_call_live(pc) && ++at == m)
            break;
    }
    if (pc)
        phone_call_view(pc, &v);
    snprintf(group, sizeof(group), "Info/Line_%u_Call_%u_Status", line, m);
    snprintf(seconds, sizeof(seconds), "%u", (unsigned)v.seconds);
    put(&o, "Call_State", pc ? phone_call_state_name(pc) : "Idle");
    put(&o, "Tone", "None");
    put(&o, "Encoder", v.codec ? v.codec : "");
    put(&o, "Decoder", v.codec ? v.codec : "");
    put(&o, "Type", !pc ? "" : pc->outgoing ? "Outbound" : "Inbound");
    put(&o, "Remote_Hold", v.held ? "Yes" : "No");
    put(&o, "Peer_Name", pc ? pc->name : "");
    put(&o, "Peer_Phone", pc ? pc->number : "");
    put(&o, "Duration", seconds);
}

/* How it is worded [U] */
static void custom_ca_status(const struct phone *ph, const struct phone_info_sink *sink)
{
    const struct out o = {sink, "Info/Custom_CA_Status"};
    struct prov_ca_status st = {.name = NULL};
    char when[32], tried[96] = "", installed[96] = "Not Installed";

    if (ph->prov)
        prov_ca_status(ph->prov, &st);
    if (st.at_s) {
        print_moment(when, sizeof(when), local_time_s(ph->params, st.at_s));
        snprintf(tried, sizeof(tried), "Last provisioning %s on %s", st.ok ? "succeeded" : "failed",
                 when);
    }
    if (st.name)
        snprintf(installed, sizeof(installed), "Installed: %s", st.name);
    put(&o, "Custom_CA_Provisioning_Status", tried);
    put(&o, "Custom_CA_Info", installed);
}

/* 6800: the last five, the newest first (devices.md 14) */
static void reboot_history(const struct phone *ph, const struct phone_info_sink *sink)
{
    const struct out o = {sink, "Info/Reboot_History"};
    const unsigned n = ph->reboots ? ph->reboots->n : 0;

    for (unsigned i = 0; i < REBOOTS_KEPT; i++) {
        char name[24], value[160] = "", at[80] = "";
        if (i < n) {
            const unsigned place = (n - 1 - i) % REBOOTS_KEPT;
            const time_t then = ph->reboots->last[place].local_s;
            struct tm tm;
            if (gmtime_r(&then, &tm))
                snprintf(at, sizeof(at), "%02d/%02d/%02d %02d:%02d:%02d", tm.tm_mon + 1, tm.tm_mday,
                         tm.tm_year % 100, tm.tm_hour, tm.tm_min, tm.tm_sec);
            snprintf(value, sizeof(value), "[%s]%s", at, ph->reboots->last[place].why);
        }
        snprintf(name, sizeof(name), "Reboot_Reason_%u", i + 1);
        put(&o, name, value);
    }
}

void phone_info(const struct phone *ph, const struct phone_info_sink *sink)
{
    system_information(ph, sink);
    product_information(ph, sink);
    phone_status(ph, sink);
    for (unsigned n = 1; n <= ph->model->n_lines; n++)
        ext_status(ph, n, sink);
    for (unsigned n = 1; n <= ph->model->n_lines; n++) {
        for (unsigned m = 1; m <= CALLS_PER_KEY; m++)
            call_status(ph, n, m, sink);
    }
    custom_ca_status(ph, sink);
    if (ph->model->family == FAMILY_MPP68XX)
        reboot_history(ph, sink);
}
