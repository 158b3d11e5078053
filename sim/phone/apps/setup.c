/* SPDX-License-Identifier: BSD-3-Clause */
/* The Setup menu of the mono phones with its numbers, and the parts the other menus share
 * (devices.md 8, 9 [AG9] [DICT]). */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "sim/phone/apps/apps.h"
#include "sim/phone/apps/setup.h"
#include "sim/phone/ivr.h"
#include "sim/phone/priv.h"
#include "sim/xml/browser.h"

/* ---- what items say and do */

static void local_ip(const struct phone *ph, char *buf, size_t size)
{
    inet_ntop(AF_INET, &ph->addr, buf, (socklen_t)size);
}

/* Nobody leases the phone its address: what a profile says, else a mask of 24 bits [DEF]. */
static void netmask(const struct phone *ph, char *buf, size_t size)
{
    const char *set = param_get(ph->params, P_NetMask, 0);
    snprintf(buf, size, "%s", *set ? set : "255.255.255.0");
}

static void gateway(const struct phone *ph, char *buf, size_t size)
{
    const char *set = param_get(ph->params, P_Gateway, 0);
    snprintf(buf, size, "%s", *set ? set : "0.0.0.0");
}

static int not_available(struct phone *ph)
{
    return app_say(ph, "Service Not Available");
}

static int reboot(struct phone *ph)
{
    app_close_all(ph);
    phone_reboot(ph, false, "User Triggered");
    return 1;
}

static int restart(struct phone *ph)
{
    app_close_all(ph);
    phone_reboot(ph, true, "User Triggered");
    return 1;
}

static int factory_reset(struct phone *ph)
{
    app_close_all(ph);
    phone_factory_reset(ph);
    return 1;
}

bool setup_has_languages(const struct phone *ph)
{
    return *param_get(ph->params, P_Dictionary_Server_Script, 0) != '\0';
}

/* "protocol://server[:port]/path", no protocol is TFTP (provisioning.md 14); nothing means the
 * configured rules [DEF]. */
static int resync(struct phone *ph)
{
    const char *rule = ph->apps->fields[0].text;
    const int err = phone_resync(ph, *rule ? rule : NULL);

    (void)app_close(ph);
    return err ? not_available(ph) : app_say(ph, "Resync In Progress");
}

static const struct app_edit profile_rule = {.title = "Profile Rule (Resync)",
                                             .labels = {"Rule:"},
                                             .sets = {KEY_SET_ANY},
                                             .n_fields = 1,
                                             .done = "resync",
                                             .save = resync};

static int open_profile_rule(struct phone *ph)
{
    return app_open(ph, &app_edit, &profile_rule, 0);
}

static bool may_resync(const struct phone *ph)
{
    return param_bool(ph->params, P_User_Configurable_Resync, 0);
}

const struct app_question setup_reboot = {"Reboot", "Reboot the phone?", reboot};
const struct app_question setup_restart = {"Restart", "Restart the phone?", restart};
const struct app_question setup_factory_reset = {"Factory Reset", "Erase all settings?",
                                                 factory_reset};

/* ---- parts */

static const struct menu_item preferences[] = {
    {.title = "Block Caller ID", .kind = MENU_YES_NO, .param = P_Block_CID_Setting},
    {.title = "Block Anonymous Call", .kind = MENU_YES_NO, .param = P_Block_ANC_Setting},
    {.title = "Do Not Disturb", .kind = MENU_YES_NO, .param = P_DND_Setting},
    {.title = "Secure Call", .kind = MENU_YES_NO, .param = P_Secure_Call_Setting},
    {.title = "Dial Assistance", .kind = MENU_YES_NO, .param = P_Dial_Assistance},
    {.title = "Preferred Audio Device",
     .kind = MENU_CHOICE,
     .param = P_Preferred_Audio_Device,
     .choices = "Speaker|Headset"},
    {.title = "Auto Answer Page", .kind = MENU_YES_NO, .param = P_Auto_Answer_Page},
    {.title = "Send Audio To Speaker", .kind = MENU_YES_NO, .param = P_Send_Audio_To_Speaker},
    {.title = "Time Format",
     .kind = MENU_CHOICE,
     .param = P_Time_Format,
     .choices = SETUP_TIME_FORMATS},
    {.title = "Date Format",
     .kind = MENU_CHOICE,
     .param = P_Date_Format,
     .choices = SETUP_DATE_FORMATS},
    {.title = "Miss Call Shortcut", .kind = MENU_YES_NO, .param = P_Miss_Call_Shortcut},
    {.title = "Call Waiting", .kind = MENU_YES_NO, .param = P_CW_Setting},
    {.title = "Back Light Timer",
     .kind = MENU_CHOICE,
     .param = P_Back_Light_Timer,
     .choices = SETUP_BACK_LIGHTS},
    {.title = "Screen Saver Mode", .kind = MENU_YES_NO, .param = P_Screen_Saver_Enable},
    {.title = "Deep Bass", .kind = MENU_TEXT, .param = P_Deep_Bass},
    {.title = "Miss Call Banner", .kind = MENU_YES_NO, .param = P_Miss_Call_Banner},
};
const struct menu setup_preferences = SETUP_MENU("Preferences", preferences);

static const struct menu_item savers[] = {
    {.title = "Screen Saver Mode", .kind = MENU_YES_NO, .param = P_Screen_Saver_Enable},
    {.title = "Wait", .kind = MENU_NUMBER, .param = P_Screen_Saver_Wait},
    {.title = "Icon",
     .kind = MENU_CHOICE,
     .param = P_Screen_Saver_Icon,
     .choices = SETUP_SAVER_ICONS},
};
static const struct menu saver_menu = SETUP_MENU("Screen Saver", savers);

static const struct menu_item call_controls[] = {
    {.title = "Signalling Protocol",
     .kind = MENU_CHOICE,
     .param = P_Signaling_Protocol,
     .choices = "SIP|SPCP"},
    {.title = "SPCP Auto Detect", .kind = MENU_YES_NO, .param = P_SPCP_Auto_detect},
};
static const struct menu call_control_menu = SETUP_MENU("Call Control Settings", call_controls);

static const struct menu_item consoles[] = {
    {.title = "LCD Contrast", .kind = MENU_BAR, .param = P_Attendant_Console_LCD_Contrast},
};
const struct menu setup_console = SETUP_MENU("Att. Cons. Preferences", consoles);

static bool has_console(const struct phone *ph)
{
    return phone_unit_keys(ph, 1) || phone_unit_keys(ph, 2);
}

static const struct menu_item forwards[] = {
    {.title = "CFWD All Number", .kind = MENU_NUMBER, .param = P_Cfwd_All_Dest},
    {.title = "CFWD Busy Number", .kind = MENU_NUMBER, .param = P_Cfwd_Busy_Dest},
    {.title = "CFWD No Ans Number", .kind = MENU_NUMBER, .param = P_Cfwd_No_Ans_Dest},
    {.title = "CFWD No Ans Delay", .kind = MENU_NUMBER, .param = P_Cfwd_No_Ans_Delay},
};
const struct menu setup_forwards = SETUP_MENU("Call Forward", forwards);

static const struct menu_item dates[] = {
    {.title = "Date(m/d/y)", .kind = MENU_TEXT, .param = P_Set_Local_Date__mm_dd_},
    {.title = "Time(H:m:s)", .kind = MENU_TEXT, .param = P_Set_Local_Time__HH_mm_},
    {.title = "Offset(H:m:s)", .kind = MENU_TEXT, .param = P_Time_Offset__HH_mm_},
};
static const struct menu date_menu = SETUP_MENU("Time/Date", dates);

static const struct menu_item voice_mails[] = {
    {.title = "Voice Mail Number", .kind = MENU_NUMBER, .param = P_Voice_Mail_Number},
};
const struct menu setup_voice_mail = SETUP_MENU("Voice Mail", voice_mails);

static const struct menu_item networks[] = {
    {.title = "WAN Connection Type",
     .kind = MENU_CHOICE,
     .param = P_Connection_Type,
     .choices = "DHCP|Static IP|PPPoE"},
    {.title = "Current IP", .kind = MENU_SHOW, .value = local_ip},
    {.title = "Host Name", .kind = MENU_TEXT, .param = P_HostName},
    {.title = "Domain", .kind = MENU_TEXT, .param = P_Domain},
    {.title = "Current NetMask", .kind = MENU_SHOW, .value = netmask},
    {.title = "Current Gateway", .kind = MENU_SHOW, .value = gateway},
    {.title = "Enable Web Server", .kind = MENU_YES_NO, .param = P_Enable_Web_Server},
    {.title = "Non DHCP IP Address", .kind = MENU_TEXT, .param = P_Static_IP},
    {.title = "Non DHCP Subnet Mask", .kind = MENU_TEXT, .param = P_NetMask},
    {.title = "Non DHCP Default Route", .kind = MENU_TEXT, .param = P_Gateway},
    {.title = "Non DHCP DNS 1", .kind = MENU_TEXT, .param = P_Primary_DNS},
    {.title = "Non DHCP DNS 2", .kind = MENU_TEXT, .param = P_Secondary_DNS},
    {.title = "Non DHCP NTP Server 1", .kind = MENU_TEXT, .param = P_Primary_NTP_Server},
    {.title = "Non DHCP NTP Server 2", .kind = MENU_TEXT, .param = P_Secondary_NTP_Server},
    {.title = "Multicast Address", .kind = MENU_TEXT, .param = P_Multicast_Address},
    {.title = "Enable VLAN", .kind = MENU_YES_NO, .param = P_Enable_VLAN},
    {.title = "VLAN ID", .kind = MENU_NUMBER, .param = P_VLAN_ID},
    {.title = "CDP", .kind = MENU_YES_NO, .param = P_Enable_CDP},
    /* of the 50x, their positions (u) */
    {.title = "LLDP-MED", .kind = MENU_YES_NO, .param = P_Enable_LLDP_MED},
    {.title = "PC Port VLAN", .kind = MENU_NUMBER, .param = P_PC_Port_VLAN_ID},
    {.title = "Network Startup Delay", .kind = MENU_NUMBER, .param = P_Network_Startup_Delay},
    {.title = "DHCP Option List", .kind = MENU_TEXT, .param = P_DHCP_Option_To_Use},
};
const struct menu setup_network = SETUP_MENU("Network", networks);

/* The name of the parameter differs (provisioning.md 5.2). */
static bool is_mpp(const struct phone *ph)
{
    return ph->model->family == FAMILY_MPP68XX;
}

static bool is_spa(const struct phone *ph)
{
    return !is_mpp(ph);
}

static const struct menu_item network_states[] = {
    {.title = "Current IP", .kind = MENU_SHOW, .value = local_ip},
    {.title = "Current NetMask", .kind = MENU_SHOW, .value = netmask},
    {.title = "Current Gateway", .kind = MENU_SHOW, .value = gateway},
    {.title = "Host Name", .kind = MENU_TEXT, .param = P_HostName, .there = is_spa},
    {.title = "Host Name", .kind = MENU_TEXT, .param = P_Host_Name, .there = is_mpp},
    {.title = "Domain", .kind = MENU_TEXT, .param = P_Domain},
};
const struct menu setup_network_status = SETUP_MENU("Network Status", network_states);

static const struct menu_item states[] = {
    {.title = "Phone Status", .kind = MENU_APP, .what = &app_phone_status},
    {.title = "Ext Status", .kind = MENU_APP, .what = &app_lines_status},
    {.title = "Ln Status", .kind = MENU_APP, .what = &app_calls_status},
    {.title = "Call Statistics", .kind = MENU_APP, .what = &app_call_statistics},
    {.title = "Provisioning Status", .kind = MENU_APP, .what = &app_prov_status},
    {.title = "Reboot History", .kind = MENU_APP, .what = &app_reboot_history},
};
static const struct menu status_menu = SETUP_MENU("Status", states);

/* ---- the tree: 1 to 18 [AG9] */

static int open_history(struct phone *ph)
{
    return app_open(ph, &app_menu, app_history_menu(), 0);
}

static const struct menu_item setup_items[] = {
    {.title = "Directory", .kind = MENU_APP, .what = &app_directory, .guarded = true},
    {.title = "Speed Dial", .kind = MENU_APP, .what = &app_speed_dial, .guarded = true},
    {.title = "Call History", .kind = MENU_DO, .run = open_history, .guarded = true},
    {.title = "Ring Tone", .kind = MENU_APP, .what = &app_ring_tones, .guarded = true},
    {.title = "Preferences", .kind = MENU_LIST, .what = &setup_preferences, .guarded = true},
    {.title = "Call Forward", .kind = MENU_LIST, .what = &setup_forwards, .guarded = true},
    {.title = "Time/Date", .kind = MENU_LIST, .what = &date_menu, .guarded = true},
    {.title = "Voice Mail", .kind = MENU_LIST, .what = &setup_voice_mail, .guarded = true},
    {.title = "Network", .kind = MENU_LIST, .what = &setup_network},
    {.title = "Product Info", .kind = MENU_APP, .what = &app_product_info},
    {.title = "Status", .kind = MENU_LIST, .what = &status_menu},
    {.title = "Reboot", .kind = MENU_ASK, .what = &setup_reboot},
    {.title = "Restart", .kind = MENU_ASK, .what = &setup_restart},
    {.title = "Factory Reset", .kind = MENU_ASK, .what = &setup_factory_reset, .guarded = true},
    {.title = "Custom Reset",
     .kind = MENU_DO,
     .run = not_available}, /* where it asks is not known */
    {.title = "Set Password", .kind = MENU_TEXT, .param = P_User_Password, .guarded = true},
    {.title = "Set LCD Contrast", .kind = MENU_BAR, .param = P_LCD_Contrast},
    {.title = "Call Park Status", .kind = MENU_APP, .what = &app_parks},
    {.title = "Language",
     .kind = MENU_APP,
     .what = &app_languages,
     .there = setup_has_languages}, /* the positions of the later ones are unknown */
    {.title = "Screen Saver", .kind = MENU_LIST, .what = &saver_menu, .guarded = true}, /* [D] */
    {.title = "Call Control Settings", .kind = MENU_LIST, .what = &call_control_menu},
    {.title = "Profile Rule (Resync)",
     .kind = MENU_DO,
     .run = open_profile_rule,
     .there = may_resync},
    {.title = "Att. Cons. Preferences",
     .kind = MENU_LIST,
     .what = &setup_console,
     .there = has_console},
};
static const struct menu setup_menu = {.title = "Setup",
                                       .items = setup_items,
                                       .n = sizeof(setup_items) / sizeof(setup_items[0]),
                                       .services = true};

static const struct menu *menu_of(const struct phone *ph)
{
    switch (ph->model->family) {
    case FAMILY_SPA3XX:
    case FAMILY_SPA5XX:
        break;
    case FAMILY_SPA525:
        return &setup_525;
    case FAMILY_MPP68XX:
        return &setup_mpp;
    case FAMILY_WIP310:
        return &setup_wip;
    case FAMILY_CP79XX:
        return &setup_cp79;
    }
    return &setup_menu;
}

int app_open_setup(struct phone *ph)
{
    if (!ph->model->lcd.width_px)
        return phone_ivr_enter(ph); /* devices.md 1.2 (u) */
    if (phone_page_shown(ph))
        browser_close(ph->browser);
    app_close_all(ph);
    ph->dial[0] = '\0';
    return app_open(ph, &app_menu, menu_of(ph), 0);
}

int setup_open_history(struct phone *ph)
{
    return open_history(ph);
}
