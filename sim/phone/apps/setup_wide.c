/* SPDX-License-Identifier: BSD-3-Clause */
/* The menus of the SPA525G, the 6800, the WIP310, the 7940 and 7960 (devices.md 7, 8.1 to 8.3). */
#include <stdio.h>

#include "sim/phone/apps/setup.h"
#include "sim/phone/priv.h"

static int open_web(struct phone *ph)
{
    (void)phone_open_service(ph, PHONE_SERVICE_APPLICATION);
    return 1;
}

/* ---- SPA525G: nine items, in this order [D]; what it has of its own is not there (MP3, Wi-Fi) */

static const struct menu_item calls_525[] = {
    {.title = "Call Forward", .kind = MENU_LIST, .what = &setup_forwards},
    {.title = "Voice Mail", .kind = MENU_LIST, .what = &setup_voice_mail},
    {.title = "Speed Dial", .kind = MENU_APP, .what = &app_speed_dial},
    {.title = "Preferences", .kind = MENU_LIST, .what = &setup_preferences},
};
static const struct menu_item audio_525[] = {
    {.title = "Ring Tone", .kind = MENU_APP, .what = &app_ring_tones},
    {.title = "Preferred Audio Device",
     .kind = MENU_CHOICE,
     .param = P_Preferred_Audio_Device,
     .choices = "None|Speaker|Headset"},
};
static const struct menu_item screen_525[] = {
    {.title = "LCD Contrast", .kind = MENU_BAR, .param = P_LCD_Contrast},
    {.title = "Back Light", .kind = MENU_YES_NO, .param = P_Back_Light_Enable},
    {.title = "Back Light Timer", .kind = MENU_NUMBER, .param = P_Back_Light_Timer__sec_},
    {.title = "Screen Saver", .kind = MENU_YES_NO, .param = P_Screen_Saver_Enable},
    {.title = "Screen Saver Type",
     .kind = MENU_CHOICE,
     .param = P_Screen_Saver_Type,
     .choices = SETUP_SAVER_TYPES},
    {.title = "Screen Saver Trigger Time",
     .kind = MENU_NUMBER,
     .param = P_Screen_Saver_Trigger_Time},
    {.title = "Time Format",
     .kind = MENU_CHOICE,
     .param = P_Time_Format,
     .choices = SETUP_TIME_FORMATS},
    {.title = "Date Format",
     .kind = MENU_CHOICE,
     .param = P_Date_Format,
     .choices = SETUP_DATE_FORMATS},
};
static const struct menu call_menu = SETUP_MENU("Call Preferences", calls_525);
static const struct menu audio_menu = SETUP_MENU("Audio Preferences", audio_525);
static const struct menu screen_menu = SETUP_MENU("Screen Preferences", screen_525);
static const struct menu_item user_525[] = {
    {.title = "Call Preferences", .kind = MENU_LIST, .what = &call_menu},
    {.title = "Audio Preferences", .kind = MENU_LIST, .what = &audio_menu},
    {.title = "Screen Preferences", .kind = MENU_LIST, .what = &screen_menu},
    {.title = "Attendant Console Preferences", .kind = MENU_LIST, .what = &setup_console},
};
static const struct menu user_menu = SETUP_MENU("User Preferences", user_525);

enum { ADMIN_FACTORY_RESET = 2 };

static const struct menu_item admin_items[] = {
    {.title = "Reboot", .kind = MENU_ASK, .what = &setup_reboot},
    {.title = "Restart", .kind = MENU_ASK, .what = &setup_restart},
    {.title = "Factory Reset", .kind = MENU_ASK, .what = &setup_factory_reset, .guarded = true},
    {.title = "Set Password", .kind = MENU_TEXT, .param = P_User_Password, .guarded = true},
    {.title = "Language", .kind = MENU_APP, .what = &app_languages, .there = setup_has_languages},
    {.title = "Profile account setup",
     .kind = MENU_DO,
     .run = app_open_account,
     .there = app_has_account},
};
static const struct menu admin_menu = SETUP_MENU("Device Administration", admin_items);

static const struct menu_item status_items[] = {
    {.title = "Product Information", .kind = MENU_APP, .what = &app_product_info},
    {.title = "Network Status", .kind = MENU_LIST, .what = &setup_network_status},
    {.title = "Phone Status", .kind = MENU_APP, .what = &app_phone_status},
    {.title = "Ext Status", .kind = MENU_APP, .what = &app_lines_status},
    {.title = "Ln Status", .kind = MENU_APP, .what = &app_calls_status},
    {.title = "Call Statistics", .kind = MENU_APP, .what = &app_call_statistics},
    {.title = "Provisioning Status", .kind = MENU_APP, .what = &app_prov_status},
    {.title = "Reboot History", .kind = MENU_APP, .what = &app_reboot_history},
};
static const struct menu status_menu = SETUP_MENU("Status", status_items);

static int not_available(struct phone *ph)
{
    return app_say(ph, "Service Not Available");
}

static const struct menu_item items_525[] = {
    {.title = "Call History", .kind = MENU_DO, .run = setup_open_history, .guarded = true},
    {.title = "Directories", .kind = MENU_APP, .what = &app_directory, .guarded = true},
    {.title = "Message Center", .kind = MENU_DO, .run = app_call_messages},
    {.title = "Web Applications", .kind = MENU_DO, .run = open_web},
    {.title = "MP3 Player", .kind = MENU_DO, .run = not_available},
    {.title = "User Preferences", .kind = MENU_LIST, .what = &user_menu, .guarded = true},
    {.title = "Network Configuration", .kind = MENU_LIST, .what = &setup_network},
    {.title = "Device Administration", .kind = MENU_LIST, .what = &admin_menu},
    {.title = "Status", .kind = MENU_LIST, .what = &status_menu},
};
/* 14 is taken, too, as on the others (devices.md 16, 4). */
const struct menu setup_525 = {.title = "Setup",
                               .items = items_525,
                               .n = sizeof(items_525) / sizeof(items_525[0]),
                               .beyond = 14,
                               .beyond_item = &admin_items[ADMIN_FACTORY_RESET]};

/* ---- 6800: the Applications key [MPPUG] */

static const struct menu_item calls_mpp[] = {
    {.title = "Call forwarding", .kind = MENU_LIST, .what = &setup_forwards},
    {.title = "Voice mail", .kind = MENU_NUMBER, .param = P_Voice_Mail_Number},
    {.title = "Block caller ID", .kind = MENU_YES_NO, .param = P_Block_CID_Setting},
    {.title = "Block anonymous call", .kind = MENU_YES_NO, .param = P_Block_ANC_Setting},
    {.title = "Do not disturb", .kind = MENU_YES_NO, .param = P_DND_Setting},
    {.title = "Call waiting", .kind = MENU_YES_NO, .param = P_CW_Setting},
    {.title = "Secure call", .kind = MENU_YES_NO, .param = P_Secure_Call_Setting},
    {.title = "Auto answer page", .kind = MENU_YES_NO, .param = P_Auto_Answer_Page},
    {.title = "Missed call shortcut", .kind = MENU_YES_NO, .param = P_Miss_Call_Shortcut},
};
static const struct menu calls_mpp_menu = SETUP_MENU("Call preferences", calls_mpp);
static const struct menu_item savers_mpp[] = {
    {.title = "Screen saver", .kind = MENU_YES_NO, .param = P_Screen_Saver_Enable},
    {.title = "Screen saver type",
     .kind = MENU_CHOICE,
     .param = P_Screen_Saver_Type,
     .choices = "Clock|Download Picture|Logo"},
    {.title = "Trigger interval", .kind = MENU_NUMBER, .param = P_Screen_Saver_Wait},
};
static const struct menu savers_mpp_menu = SETUP_MENU("Screen saver", savers_mpp);
static const struct menu_item screen_mpp[] = {
    {.title = "Screen saver", .kind = MENU_LIST, .what = &savers_mpp_menu},
    {.title = "Backlight timer",
     .kind = MENU_CHOICE,
     .param = P_Back_Light_Timer,
     .choices = SETUP_BACK_LIGHTS},
    {.title = "Time format",
     .kind = MENU_CHOICE,
     .param = P_Time_Format,
     .choices = SETUP_TIME_FORMATS},
    {.title = "Date format",
     .kind = MENU_CHOICE,
     .param = P_Date_Format,
     .choices = SETUP_DATE_FORMATS},
};
static const struct menu screen_mpp_menu = SETUP_MENU("Screen preferences", screen_mpp);
static const struct menu_item audio_mpp[] = {
    {.title = "Preferred audio device",
     .kind = MENU_CHOICE,
     .param = P_Preferred_Audio_Device,
     .choices = "None|Speaker|Headset"},
};
static const struct menu audio_mpp_menu = SETUP_MENU("Audio preferences", audio_mpp);
static const struct menu_item user_mpp[] = {
    {.title = "Call preferences", .kind = MENU_LIST, .what = &calls_mpp_menu},
    {.title = "Audio preferences", .kind = MENU_LIST, .what = &audio_mpp_menu},
    {.title = "Ringtone", .kind = MENU_APP, .what = &app_ring_tones},
    {.title = "Screen preferences", .kind = MENU_LIST, .what = &screen_mpp_menu},
    {.title = "Attendant console preferences", .kind = MENU_LIST, .what = &setup_console},
};
static const struct menu user_mpp_menu = SETUP_MENU("User preferences", user_mpp);
static const struct menu_item phone_mpp[] = {
    {.title = "Phone status", .kind = MENU_APP, .what = &app_phone_status},
    {.title = "Call Statistics", .kind = MENU_APP, .what = &app_call_statistics},
    {.title = "Reboot History", .kind = MENU_APP, .what = &app_reboot_history},
};
static const struct menu phone_mpp_menu = SETUP_MENU("Phone status", phone_mpp);
static const struct menu_item admin_mpp[] = {
    {.title = "Reboot", .kind = MENU_ASK, .what = &setup_reboot},
    {.title = "Restart", .kind = MENU_ASK, .what = &setup_restart},
    {.title = "Factory reset", .kind = MENU_ASK, .what = &setup_factory_reset, .guarded = true},
    {.title = "Set password", .kind = MENU_TEXT, .param = P_User_Password, .guarded = true},
    {.title = "Language", .kind = MENU_APP, .what = &app_languages, .there = setup_has_languages},
    {.title = "Profile account setup",
     .kind = MENU_DO,
     .run = app_open_account,
     .there = app_has_account},
};
static const struct menu admin_mpp_menu = SETUP_MENU("Device administration", admin_mpp);
static const struct menu_item status_mpp[] = {
    {.title = "Phone status", .kind = MENU_LIST, .what = &phone_mpp_menu},
    {.title = "Line status", .kind = MENU_APP, .what = &app_lines_status},
    {.title = "Provisioning status", .kind = MENU_APP, .what = &app_prov_status},
};
static const struct menu status_mpp_menu = SETUP_MENU("Status", status_mpp);
static const struct menu_item items_mpp[] = {
    {.title = "Recents", .kind = MENU_DO, .run = setup_open_history, .guarded = true},
    {.title = "Directories", .kind = MENU_APP, .what = &app_directory, .guarded = true},
    {.title = "User preferences", .kind = MENU_LIST, .what = &user_mpp_menu, .guarded = true},
    {.title = "Network configuration", .kind = MENU_LIST, .what = &setup_network_status},
    {.title = "Device administration", .kind = MENU_LIST, .what = &admin_mpp_menu},
    {.title = "Status", .kind = MENU_LIST, .what = &status_mpp_menu},
    {.title = "Phone Information", .kind = MENU_APP, .what = &app_product_info},
    {.title = "Speed dials", .kind = MENU_APP, .what = &app_speed_dial, .guarded = true}, /* (u) */
};
const struct menu setup_mpp = {.title = "Applications",
                               .items = items_mpp,
                               .n = sizeof(items_mpp) / sizeof(items_mpp[0]),
                               .services = true};

/* ---- WIP310: Home, then Settings [HOIP] */

static const struct menu_item settings_wip[] = {
    {.title = "Phone Info", .kind = MENU_APP, .what = &app_product_info},
    {.title = "Wireless Setup", .kind = MENU_LIST, .what = &setup_network_status},
    {.title = "Call Preferences", .kind = MENU_LIST, .what = &calls_mpp_menu},
    {.title = "Speed Dial", .kind = MENU_APP, .what = &app_speed_dial},
    {.title = "Call Forwarding", .kind = MENU_LIST, .what = &setup_forwards},
    {.title = "Ringtone", .kind = MENU_APP, .what = &app_ring_tones},
    {.title = "Backlight Settings",
     .kind = MENU_CHOICE,
     .param = P_Back_Light_Timer,
     .choices = SETUP_BACK_LIGHTS},
    {.title = "Restart", .kind = MENU_ASK, .what = &setup_restart},
    {.title = "Factory Reset", .kind = MENU_ASK, .what = &setup_factory_reset, .guarded = true},
};
static const struct menu settings_wip_menu = {
    .title = "Settings",
    .items = settings_wip,
    .n = sizeof(settings_wip) / sizeof(settings_wip[0]),
    .services = true}; /* "entry in the setup menu" (xml-services.md 9.5) */
static const struct menu_item items_wip[] = {
    {.title = "Settings", .kind = MENU_LIST, .what = &settings_wip_menu},
    {.title = "Phone Book", .kind = MENU_APP, .what = &app_directory},
    {.title = "Call History", .kind = MENU_DO, .run = setup_open_history},
};
const struct menu setup_wip = SETUP_MENU("Home", items_wip);

/* ---- 7940 and 7960: the Settings key [DICT legacy strings], order (u) */

static const struct menu_item status_cp79[] = {
    {.title = "Status Messages", .kind = MENU_APP, .what = &app_prov_status},
    {.title = "Network Statistics", .kind = MENU_APP, .what = &app_phone_status},
};
static const struct menu status_cp79_menu = SETUP_MENU("Status", status_cp79);
static const struct menu_item items_cp79[] = {
    {.title = "Contrast", .kind = MENU_BAR, .param = P_LCD_Contrast},
    {.title = "Ring Type", .kind = MENU_APP, .what = &app_ring_tones},
    {.title = "Network Configuration", .kind = MENU_LIST, .what = &setup_network_status},
    {.title = "SIP Configuration", .kind = MENU_APP, .what = &app_lines_status},
    {.title = "Model Information", .kind = MENU_APP, .what = &app_product_info},
    {.title = "Status", .kind = MENU_LIST, .what = &status_cp79_menu},
    {.title = "Security Configuration", .kind = MENU_DO, .run = not_available},
};
const struct menu setup_cp79 = SETUP_MENU("Settings", items_cp79);
