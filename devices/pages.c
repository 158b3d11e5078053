/* SPDX-License-Identifier: BSD-3-Clause */
#include "devices/pages.h"

#include <stdio.h>
#include <string.h>

#include "devices/model.h"

static const struct page_row rows[] = {
#define SECTION(t, text) {.title = text, .tab = PAGE_##t},
#define ROW(i)           {.id = P_##i},
#define BASIC(i)         {.id = P_##i, .basic = true},
#include "devices/pages.def"
#undef SECTION
#undef ROW
#undef BASIC
    {.title = "", .tab = PAGE_TABS},
};

const struct page_row *page_rows(void)
{
    return rows;
}

const char *page_tab_title(enum page_tab tab)
{
    static const char *const titles[PAGE_TABS] = {"System", "SIP",  "Provisioning", "Regional",
                                                  "Phone",  "User", "Ext",          "Att Console"};

    return titles[tab];
}

uint16_t page_last_index(const struct device_model *m, enum param_id id)
{
    switch (param_def_get(id)->scope) {
    case PARAM_LINE:
        return m->n_lines;
    case PARAM_KEY:
        return m->n_line_keys;
    case PARAM_UNIT:
        return PARAM_UNITS * PARAM_UNIT_KEYS;
    case PARAM_SLOT:
        return PARAM_SLOTS;
    case PARAM_PHONE:
    case PARAM_SIM:
        break;
    }
    return 0;
}

/* The words of provisioning.md 16 where they are all of them; a value that is none of these is
 * offered besides. */
const char *page_choices(enum param_id id)
{
    static const struct {
        enum param_id id;
        const char *words;
    } choices[] = {
        {P_Back_Light_Timer, "Off|10 s|20 s|30 s|Always On"},
        {P_CISCO_XML_EXE_Auth_Mode, "Trusted|Local Credential|Remote Credential"},
        {P_Caller_ID_Header, "PAID-RPID-FROM|PAID-FROM|RPID-PAID-FROM|RPID-FROM|FROM"},
        {P_Codec_Negotiation, "Default|List All"},
        {P_Connection_Type, "DHCP|Static IP"},
        {P_DNS_Query_Mode, "Parallel|Sequential"},
        {P_DNS_Server_Order, "Manual|Manual,DHCP|DHCP,Manual"},
        {P_DTMF_Tx_Method, "InBand|AVT|INFO|Auto|InBand+INFO|AVT+INFO"},
        {P_Date_Format, "month/day|day/month"},
        {P_Debug_Level, "0|1|2|3"},
        {P_Default_Character_Encoding, "ISO-8859-1|UTF-8"},
        {P_HTTP_Report_Method, "POST|PUT"},
        {P_LDAP_Auth_Method, "None|Simple|DIGEST-MD5"},
        {P_Line_ID_Mapping, "Vertical First|Horizontal First"},
        {P_Line_Navigation, "Per Line|Per Call"},
        {P_Network_Jitter_Level, "low|medium|high|very high|extremely high"},
        {P_PoE_Power_Required, "Normal|Maximum"},
        {P_Preferred_Audio_Device, "Speaker|Headset|None"},
        {P_Preferred_Codec, "G711u|G711a|G726-16|G726-24|G726-32|G726-40|G729a|G722"},
        {P_Proxy_Redundancy_Method, "Normal|Based on SRV Port"},
        {P_SCA_Line_ID_Mapping, "Vertical First|Horizontal First"},
        {P_SIP_Transport, "UDP|TCP|TLS|AUTO"},
        {P_SRTP_Method, "x-sipura|s-descriptor"},
        {P_Screen_Saver_Icon, "StationTime|Lock|Phone|DateTime|Background Picture"},
        {P_Screen_Saver_Type, "Black Background|Gray Background|Black/Gray Rotation|"
                              "Picture Rotation|Digital Frame|Clock"},
        {P_Select_Background_Picture, "None|BMP Picture|Text Logo"},
        {P_Select_Logo, "Default|BMP Picture|Text Logo|None"},
        {P_Server_Type, "Broadsoft|SPA9000|Asterisk|RFC3265_4235|Sylantro"},
        {P_Share_Call_Appearance, "private|shared"},
        {P_Share_Ext, "private|shared"},
        {P_Signaling_Protocol, "SIP|SPCP"},
        {P_Softkey_Labels_Font, "Normal|Narrow|Auto"},
        {P_Time_Format, "12hr|24hr"},
        {P_Transport_Protocol, "none|tftp|http|https"},
    };

    for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
        if (choices[i].id == id)
            return choices[i].words;
    }
    return param_def_get(id)->type == PARAM_BOOL ? "Yes|No" : NULL;
}

/* The number of a line or key is the page's or the section's. */
static void cut_index(char *name)
{
    char *at = strstr(name, "_%_");

    if (at && !at[3])
        *at = '\0';
    else if ((at = strstr(name, "__%__")))
        *at = '\0';
}

/* "Resync_At__HHmm_" → "Resync At (HHmm)" (5.2 backwards) */
int page_label_print(char *buf, unsigned size, enum param_id id, uint16_t index)
{
    const struct param_def *def = param_def_get(id);
    char name[96], text[100];
    size_t n = 0;
    bool inside = false;

    if (def->scope == PARAM_UNIT)
        param_name_print(name, sizeof(name), id, index);
    else
        snprintf(name, sizeof(name), "%s", def->name);
    cut_index(name);
    for (const char *p = name; *p && n + 3 < sizeof(text); p++) {
        if (p[0] == '_' && p[1] == '_' && p[2]) {
            text[n++] = ' ';
            text[n++] = '(';
            inside = true;
            p++;
        } else if (*p == '_') {
            text[n++] = !p[1] ? ')' : inside ? '/' : ' ';
        } else {
            text[n++] = *p;
        }
    }
    text[n] = '\0';
    return snprintf(buf, size, "%s", text);
}

/* "rw" in the vendor's sample of a profile (5.3, F); there, everything else is "na". */
static const enum param_id writable[] = {
    P_User_Password,
    P_Connection_Type,
    P_Static_IP,
    P_NetMask,
    P_Gateway,
    P_HostName,
    P_Domain,
    P_Primary_DNS,
    P_Secondary_DNS,
    P_Enable_VLAN,
    P_VLAN_ID,
    P_Cfwd_All_Dest,
    P_Cfwd_Busy_Dest,
    P_Cfwd_No_Ans_Dest,
    P_Cfwd_No_Ans_Delay,
    P_Speed_Dial_2,
    P_Speed_Dial_2_Name,
    P_Speed_Dial_2_Number,
    P_Speed_Dial_3,
    P_Speed_Dial_3_Name,
    P_Speed_Dial_3_Number,
    P_Speed_Dial_4,
    P_Speed_Dial_4_Name,
    P_Speed_Dial_4_Number,
    P_Speed_Dial_5,
    P_Speed_Dial_5_Name,
    P_Speed_Dial_5_Number,
    P_Speed_Dial_6,
    P_Speed_Dial_6_Name,
    P_Speed_Dial_6_Number,
    P_Speed_Dial_7,
    P_Speed_Dial_7_Name,
    P_Speed_Dial_7_Number,
    P_Speed_Dial_8,
    P_Speed_Dial_8_Name,
    P_Speed_Dial_8_Number,
    P_Speed_Dial_9,
    P_Speed_Dial_9_Name,
    P_Speed_Dial_9_Number,
    P_CW_Setting,
    P_Block_CID_Setting,
    P_Block_ANC_Setting,
    P_DND_Setting,
    P_Dial_Assistance,
    P_Preferred_Audio_Device,
    P_Send_Audio_To_Speaker,
    P_Time_Format,
    P_Date_Format,
    P_Miss_Call_Shortcut,
    P_Miss_Call_Banner,
    P_Text_Message,
    P_Text_Message_From_3rd_Party,
    P_Alert_Tone_Off,
    P_Ringer_Volume,
    P_Speaker_Volume,
    P_Handset_Volume,
    P_Headset_Volume,
    P_Deep_Bass,
    P_LCD_Contrast,
    P_Screen_Saver_Enable,
    P_Screen_Saver_Wait,
    P_Screen_Saver_Icon,
};

enum page_access page_user_access(enum param_id id)
{
    for (size_t i = 0; i < sizeof(writable) / sizeof(writable[0]); i++) {
        if (writable[i] == id)
            return PAGE_WRITABLE;
    }
    return PAGE_HIDDEN;
}
