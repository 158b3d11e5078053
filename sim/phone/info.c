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

struct out {
    const struct phone_info_sink *sink;
    const char *group;
};

static void put(const struct out *o, const char *name, const char *value)
{
    o->sink->put(o->group, name, value, o->sink->arg);
}

static void put_number(const struct out *o, const char *name, uint64_t n)
{
    char text[24];

    snprintf(text, sizeof(text), "%llu", (unsigned long long)n);
    put(o, name, text);
}

static void put_empty(const struct out *o, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put(o, names[i], "");
}
#define PUT_EMPTY(o, ...)                                                                          \
    put_empty(o, (const char *const[]){__VA_ARGS__},                                               \
              sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static const char *text(const struct phone *ph, enum param_id id)
{
    return param_get(ph->params, id, 0);
}

/* Of a 525G only: the line on which field scripts of others find the MAC is fixed (15.3). It has no
 * radio here, whatever its parameters say. */
static void more_system_information(const struct phone *ph, const struct out *o)
{
    put(o, "NTP_Enable", text(ph, P_NTP_Enable));
    put(o, "Primary_NTP_Server", text(ph, P_Primary_NTP_Server));
    put(o, "Secondary_NTP_Server", text(ph, P_Secondary_NTP_Server));
    put(o, "Bluetooth_Enabled", text(ph, P_Enable_BT));
    PUT_EMPTY(o, "Bluetooth_Firmware_Version");
    put(o, "Bluetooth_Connected", "No");
    PUT_EMPTY(o, "Bluetooth_MAC", "Connected_Device_ID");
    put(o, "Wireless_Enabled", "No");
    put(o, "Wireless_Connected", "No");
    PUT_EMPTY(o, "Wireless_MAC", "SSID", "Standard_Channel", "Security_Mode");
}

static void system_information(const struct phone *ph, const struct phone_info_sink *sink)
{
    const struct out o = {sink, "Info/System_Information"};
    char ip[INET_ADDRSTRLEN];

    inet_ntop(AF_INET, &ph->addr, ip, sizeof(ip));
    put(&o, "Connection_Type", text(ph, P_Connection_Type));
    put(&o, "Current_IP", ip);
    if (ph->model->family == FAMILY_SPA525)
        put(&o, "IP_Status", "");
    put(&o, "Host_Name", text(ph, ph->model->family == FAMILY_MPP68XX ? P_Host_Name : P_HostName));
    put(&o, "Domain", text(ph, P_Domain));
    put(&o, "Current_Netmask", text(ph, P_NetMask));
    put(&o, "Current_Gateway", text(ph, P_Gateway));
    put(&o, "Primary_DNS", text(ph, P_Primary_DNS));
    put(&o, "Secondary_DNS", text(ph, P_Secondary_DNS));
    if (ph->model->family == FAMILY_SPA525)
        more_system_information(ph, &o);
}

static void vpn_status(const struct phone_info_sink *sink)
{
    const struct out o = {sink, "Info/VPN_Status"};

    put(&o, "VPN_Connected", "No"); /* there is no such client here */
    PUT_EMPTY(&o, "Client_Address", "Client_Netmask");
    put(&o, "Bytes_Sent", "0");
    put(&o, "Bytes_Recv", "0");
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
void phone_print_moment(char *buf, size_t size, int64_t local_s)
{
    const time_t at = local_s;
    struct tm tm;

    buf[0] = '\0';
    if (gmtime_r(&at, &tm))
        snprintf(buf, size, "%u/%u/%u %02u:%02u:%02u", (tm.tm_mon + 1U) % 100, tm.tm_mday % 100U,
                 (tm.tm_year + 1900U) % 10000, tm.tm_hour % 100U, tm.tm_min % 100U,
                 tm.tm_sec % 100U);
}

static void traffic(const struct out *o, const char *units, const char *bytes,
                    const struct phone_traffic *t)
{
    char name[32];

    for (unsigned received = 0; received < 2; received++) {
        const char *way = received ? "Recv" : "Sent";
        snprintf(name, sizeof(name), "%s_%s", units, way);
        put_number(o, name, received ? t->n_received : t->n_sent);
        snprintf(name, sizeof(name), "%s_%s", bytes, way);
        put_number(o, name, received ? t->bytes_received : t->bytes_sent);
    }
}

/* What is over, and what goes on. */
static struct phone_traffic rtp_traffic(const struct phone *ph)
{
    struct phone_traffic rtp = {0};

    if (ph->calls)
        rtp = ph->calls->rtp;
    for (const struct phone_call *pc = ph->calls ? ph->calls->list : NULL; pc; pc = pc->next) {
        struct phone_call_view v;
        if (!phone_call_live(pc))
            continue;
        phone_call_view(pc, &v);
        phone_call_count(&rtp, &v);
    }
    return rtp;
}

static void phone_status(const struct phone *ph, const struct phone_info_sink *sink)
{
    static const char *const broadcast[] = {"Broadcast_Pkts_Sent",    "Broadcast_Bytes_Sent",
                                            "Broadcast_Pkts_Recv",    "Broadcast_Bytes_Recv",
                                            "Broadcast_Pkts_Dropped", "Broadcast_Bytes_Dropped"};
    const struct phone_traffic rtp = rtp_traffic(ph);
    const struct out o = {sink, "Info/Phone_Status"};
    const uint64_t up_s = phone_up_ms(ph) / 1000;
    const struct in_addr outside = phone_external(ph);
    char now[32], elapsed[48], external[INET_ADDRSTRLEN] = "";

    if (outside.s_addr)
        inet_ntop(AF_INET, &outside, external, sizeof(external));
    phone_print_moment(now, sizeof(now),
                       local_time_s(ph->params, (int64_t)(clock_wall_ms(ph->env->lp) / 1000)));
    snprintf(elapsed, sizeof(elapsed), "%llu days and %02u:%02u:%02u",
             (unsigned long long)(up_s / 86400), (unsigned)(up_s / 3600 % 24),
             (unsigned)(up_s / 60 % 60), (unsigned)(up_s % 60));
    put(&o, "Current_Time", now);
    put(&o, "Elapsed_Time", elapsed);
    for (size_t i = 0; i < sizeof(broadcast) / sizeof(broadcast[0]); i++)
        put(&o, broadcast[i], "0"); /* a virtual phone hears of none */
    traffic(&o, "RTP_Packets", "RTP_Bytes", &rtp);
    traffic(&o, "SIP_Messages", "SIP_Bytes", &ph->sip);
    put(&o, "External_IP", external);
    put(&o, "Operational_VLAN_ID",
        param_bool(ph->params, P_Enable_VLAN, 0) ? text(ph, P_VLAN_ID) : "None");
    if (ph->model->family == FAMILY_SPA525)
        put(&o, "SW_Port", "");
}

static void ring_tones(const struct phone_info_sink *sink)
{
    const struct out o = {sink, "Info/Downloaded_Ring_Tone"};

    put(&o, "Status", "Idle");
    put(&o, "Ring_Tone_1", "Not Installed");
    put(&o, "Ring_Tone_2", "Not Installed");
}

static void tr_069(const struct phone_info_sink *sink)
{
    const struct out o = {sink, "Info/TR-069_Status"};

    put(&o, "TR-069_Feature", "Disabled"); /* there is no such client here */
    PUT_EMPTY(&o, "Periodic_Inform_Time", "Last_Inform_Time", "Last_Transaction_Status",
              "Last_Session", "ParameterKey");
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
        phone_print_moment(when, sizeof(when), local_time_s(ph->params, st.at_s));
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
    const bool wide = ph->model->family == FAMILY_SPA525;

    system_information(ph, sink);
    if (wide)
        vpn_status(sink);
    product_information(ph, sink);
    phone_status(ph, sink);
    phone_info_lines(ph, sink);
    if (ph->model->family != FAMILY_MPP68XX && ph->model->family != FAMILY_CP79XX)
        ring_tones(sink);
    if (wide)
        tr_069(sink);
    custom_ca_status(ph, sink);
    if (ph->model->family == FAMILY_MPP68XX)
        reboot_history(ph, sink);
}
