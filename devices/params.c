/* SPDX-License-Identifier: BSD-3-Clause */
#include "devices/params.h"

#include <stdio.h>
#include <string.h>

#include "devices/model.h"

enum { NAME_BYTES = 96 };

/* the families column of params.def */
enum {
    F_CP79 = 1 << FAMILY_CP79XX,
    F_SPA = 1 << FAMILY_SPA3XX | 1 << FAMILY_SPA5XX | 1 << FAMILY_WIP310 | 1 << FAMILY_CP79XX,
    F_C525 = 1 << FAMILY_SPA525,
    F_MPP = 1 << FAMILY_MPP68XX,
    F_SPA_C525 = F_SPA | F_C525,
    F_SPA_MPP = F_SPA | F_MPP,
    F_C525_MPP = F_C525 | F_MPP,
    F_ALL = F_SPA | F_C525 | F_MPP,
};

static const struct param_def defs[PARAM_COUNT] = {
#define XX(id, name, type, def, scope, since, spec, families)                                      \
    {name, def, PARAM_##type, PARAM_##scope, since, spec, F_##families},
#include "devices/params.def"
#undef XX
};

/* Defaults in which a family differs from the table (devices.md 1.5, 4, 5.2; provisioning.md 10,
 * 16; sip-behaviour.md 1.2). Profile_Rule and Idle_Key_List come from the model. */
struct family_default {
    enum device_family family;
    enum param_id id;
    const char *value;
};

enum { FAMILIES_THAT_DIFFER = F_C525 | F_MPP | 1 << FAMILY_CP79XX };

static const struct family_default family_defaults[] = {
    {FAMILY_SPA525, P_Attendant_Console_LCD_Contrast, "12"},
    {FAMILY_SPA525, P_Conference_Tone, "350@-19;1(0/*/0);20(.1/.1/1,.1/9.7/1)"},
    {FAMILY_SPA525, P_Conferencing_Key_List, "hold|1;endcall|2;join|4;crdstart;crdstop;dnd;"},
    {FAMILY_SPA525, P_Connected_Key_List,
     "hold|1;endcall|2;conf|3;xfer|4;crdstart;crdstop;bxfer;confLx;xferLx;park;phold;flash;dnd;"},
    {FAMILY_SPA525, P_DNS_Server_Order, "Manual,DHCP"},
    {FAMILY_SPA525, P_Deep_Bass, "Yes"},
    {FAMILY_SPA525, P_Dialing_Input_Key_List, "option|1;dial|2;delchr|3;cancel|4;"},
    {FAMILY_SPA525, P_Handset_Volume, "9"},
    {FAMILY_SPA525, P_Headset_Volume, "9"},
    {FAMILY_SPA525, P_Hold_Key_List,
     "resume|1;endcall|2;newcall|3;redial;dir;cfwd;dnd;crdstart;crdstop;"},
    {FAMILY_SPA525, P_LCD_Contrast, "15"},
    {FAMILY_SPA525, P_Language_Selection, "English-US"},
    {FAMILY_SPA525, P_Line_ID_Mapping, "Horizontal First"},
    {FAMILY_SPA525, P_Missed_Call_Key_List, "lcr|1;miss|4;"},
    {FAMILY_SPA525, P_Off_Hook_Key_List, "option;redial;dir;cfwd;dnd;lcr;unpark;pickup;gpickup;"},
    {FAMILY_SPA525, P_Preferred_Audio_Device, "None"},
    {FAMILY_SPA525, P_Progressing_Key_List, "endcall|2;"},
    {FAMILY_SPA525, P_Ring1, "n=Cisco Synth;w=file://Cisco_synth_ring1.mp3;c=0"},
    {FAMILY_SPA525, P_Ring10, "n=Piano;w=file://Piano2.raw;c=1"},
    {FAMILY_SPA525, P_Ring11, "n=Pulse;w=file://Pulse1.raw;c=1"},
    {FAMILY_SPA525, P_Ring12, "n=Du-dut;w=file://Ring7.raw;c=1"},
    {FAMILY_SPA525, P_Ring2, "n=Retro;w=file://ringin.726;c=1"},
    {FAMILY_SPA525, P_Ring3, "n=Office;w=file://thx-short.726;c=1"},
    {FAMILY_SPA525, P_Ring4, "n=Analog Synth;w=file://Analog1.raw;c=1"},
    {FAMILY_SPA525, P_Ring5, "n=Are You There;w=file://AreYouThereF.raw;c=1"},
    {FAMILY_SPA525, P_Ring6, "n=Chime;w=file://Chime.raw;c=1"},
    {FAMILY_SPA525, P_Ring7, "n=Clock Shop;w=file://ClockShop.raw;c=1"},
    {FAMILY_SPA525, P_Ring8, "n=Film Score;w=file://FilmScore.raw;c=1"},
    {FAMILY_SPA525, P_Ring9, "n=Koto Effect;w=file://KotoEffect.raw;c=1"},
    {FAMILY_SPA525, P_Ringer_Volume, "9"},
    {FAMILY_SPA525, P_Ringing_Key_List, "answer|1;ignore|2;"},
    {FAMILY_SPA525, P_Shared_Active_Key_List, "newcall|1;barge|2;cfwd|3;dnd|4;crdstart;crdstop;"},
    {FAMILY_SPA525, P_Shared_Held_Key_List, "resume|1;barge|2;cfwd|3;dnd|4;crdstart;crdstop;"},
    {FAMILY_SPA525, P_Speaker_Volume, "11"},
    {FAMILY_SPA525, P_Start_Conf_Key_List, "hold|1;endcall|2;conf|3;crdstart;crdstop;dnd;"},
    {FAMILY_SPA525, P_Start_Xfer_Key_List, "hold|1;endcall|2;xfer|4;crdstart;crdstop;dnd;"},
    {FAMILY_MPP68XX, P_Auto_Register_When_Failover, "Yes"},
    {FAMILY_MPP68XX, P_Set_G729_annexb, "Yes"},
    {FAMILY_MPP68XX, P_Resync_Error_Retry_Delay,
     "60,120,240,480,960,1920,3840,7680,15360,30720,61440,86400"},
    /* 6800: differences of devices.md 5.2 [MPPKEYS] */
    {FAMILY_MPP68XX, P_Dialing_Input_Key_List, "option|1;call|2;delchar|3;cancel|4"},
    {FAMILY_MPP68XX, P_Off_Hook_Key_List,
     "redial|1;dir|2;cfwd|3;dnd|4;lcr|5;unpark|6;pickup|7;gpickup|8;cancel|9;starcode|11;alpha|12"},
    {FAMILY_MPP68XX, P_Ringing_Key_List, "answer|1;ignore|2;ignoresilent|3;toggle|4"},
    {FAMILY_MPP68XX, P_Screen_Saver_Type, "Clock"},
    {FAMILY_MPP68XX, P_Shared_Active_Key_List, "newcall|1;barge|2;bargesilent|3;cfwd|4;dnd"},
    {FAMILY_MPP68XX, P_Start_Xfer_Key_List, "hold|1;endcall|2;xfer|3;toggle;"},
    /* 7940, 7960: the sets of devices.md 17, what it does not name is ours [DEF] */
    {FAMILY_CP79XX, P_Conferencing_Key_List, "hold|1;endcall|2;join|3"},
    {FAMILY_CP79XX, P_Connected_Key_List, "hold|1;endcall|2;xfer|3;conf|4;toggle"},
    {FAMILY_CP79XX, P_Dialing_Input_Key_List, "dial|1;delchar|2;cancel|3;bxfer|4"},
    {FAMILY_CP79XX, P_INVITE_Expires, "180"}, /* sip-behaviour.md 7 */
    {FAMILY_CP79XX, P_Hold_Key_List, "resume|1;newcall|2;endcall|3"},
    {FAMILY_CP79XX, P_Off_Hook_Key_List, "redial|1;cancel|2;cfwd|3;bxfer|4"},
    {FAMILY_CP79XX, P_Progressing_Key_List, "endcall|2"},
    {FAMILY_CP79XX, P_Ringing_Key_List, "answer|1"},
    {FAMILY_CP79XX, P_Start_Conf_Key_List, "hold|1;endcall|2;conf|4"},
    {FAMILY_CP79XX, P_Start_Xfer_Key_List, "hold|1;endcall|2;xfer|3"},
};

const struct param_def *param_def_get(enum param_id id)
{
    return &defs[id];
}

/* params.def is sorted by name; test_params asserts it. */
static bool lookup(const char *name, enum param_id *id)
{
    unsigned low = 0, high = PARAM_COUNT;

    while (low < high) {
        const unsigned mid = (low + high) / 2;
        const int order = strcmp(name, defs[mid].name);
        if (order == 0) {
            *id = (enum param_id)mid;
            return true;
        }
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The last number before end becomes "%" in place: "Unit_1_Key_32" to "Unit_1_Key_%", 32. */
static bool cut_number(char *name, size_t *end, uint16_t *number)
{
    size_t last = *end, first;

    while (last && !is_digit(name[last - 1]))
        last--;
    for (first = last; first && is_digit(name[first - 1]);)
        first--;
    if (first == last || last - first > 2 || name[first] == '0')
        return false;
    *number = 0;
    for (size_t i = first; i < last; i++)
        *number = (uint16_t)(*number * 10 + (name[i] - '0'));
    name[first] = '%';
    memmove(&name[first + 1], &name[last], strlen(&name[last]) + 1);
    *end = first;
    return true;
}

static unsigned index_max(const struct device_model *m, enum param_scope scope)
{
    switch (scope) {
    case PARAM_LINE:
        return m->n_lines;
    case PARAM_KEY: /* phones without line keys have the settings of one (502G: devices.md 1.1) */
        return m->n_line_keys ? m->n_line_keys : 1;
    case PARAM_SLOT:
        return PARAM_SLOTS;
    case PARAM_UNIT:
        return PARAM_UNITS * PARAM_UNIT_KEYS;
    case PARAM_PHONE:
    case PARAM_SIM:
        break;
    }
    return 0;
}

static bool resolve(const char *name, enum param_id *id, uint16_t *index)
{
    char pattern[NAME_BYTES];
    size_t end = strlen(name);
    uint16_t unit;

    *index = 0;
    if (end >= sizeof(pattern) || strchr(name, '%'))
        return false;
    /* no parameter of the phone itself ends like "_1_" */
    const bool of_line = end > 2 && name[end - 1] == '_' && is_digit(name[end - 2]);
    if (!of_line && lookup(name, id))
        return true;
    memcpy(pattern, name, end + 1);
    if (!cut_number(pattern, &end, index))
        return false;
    if (lookup(pattern, id))
        return true;
    if (!cut_number(pattern, &end, &unit) || !lookup(pattern, id) || unit > PARAM_UNITS ||
        *index > PARAM_UNIT_KEYS)
        return false;
    *index = (uint16_t)((unit - 1) * PARAM_UNIT_KEYS + *index);
    return true;
}

bool param_find(const struct device_model *m, const char *name, enum param_id *id, uint16_t *index)
{
    return resolve(name, id, index) && (defs[*id].families & 1u << m->family) &&
           *index <= index_max(m, defs[*id].scope);
}

int param_name_print(char *buf, unsigned size, enum param_id id, uint16_t index)
{
    const char *name = defs[id].name, *at = strchr(name, '%');

    if (defs[id].scope == PARAM_UNIT)
        return snprintf(buf, size, "Unit_%u_Key_%u", (index - 1u) / PARAM_UNIT_KEYS + 1,
                        (index - 1u) % PARAM_UNIT_KEYS + 1);
    if (!at)
        return snprintf(buf, size, "%s", name);
    return snprintf(buf, size, "%.*s%u%s", (int)(at - name), name, index, at + 1);
}

/* Extension n listens on 5059 + n (sip-behaviour.md 1.2). */
static const char *sip_port(uint16_t line)
{
    static const char *const ports[] = {"5060", "5061", "5062", "5063", "5064", "5065",
                                        "5066", "5067", "5068", "5069", "5070", "5071"};

    return line >= 1 && line <= sizeof(ports) / sizeof(ports[0]) ? ports[line - 1] : ports[0];
}

const char *param_default(const struct device_model *m, enum param_id id, uint16_t index)
{
    if (id == P_SIP_Port)
        return sip_port(index);
    if (id == P_Idle_Key_List && m->idle_key_list)
        return m->idle_key_list;
    if (id == P_Profile_Rule && m->default_rule)
        return m->default_rule;
    if (!(FAMILIES_THAT_DIFFER & 1u << m->family))
        return defs[id].def; /* most phones: this is asked some eighty times a boot */
    for (size_t i = 0; i < sizeof(family_defaults) / sizeof(family_defaults[0]); i++) {
        if (family_defaults[i].id == id && family_defaults[i].family == m->family)
            return family_defaults[i].value;
    }
    return defs[id].def;
}

/* What it was below `since` */
static const struct {
    enum param_id id;
    const char *since, *value;
} old_defaults[] = {
    {P_DHCP_Option_To_Use, "7.5.0", "66,160,159,150"}, /* provisioning.md 18 [X 8] */
    {P_Reorder_Delay, "7.4.8a", "5"},                  /* [X 20] */
};

const char *param_default_of(const struct device_model *m, const char *firmware, enum param_id id,
                             uint16_t index)
{
    for (size_t i = 0; i < sizeof(old_defaults) / sizeof(old_defaults[0]); i++) {
        if (old_defaults[i].id == id && device_version_cmp(firmware, old_defaults[i].since) < 0)
            return old_defaults[i].value;
    }
    return param_default(m, id, index);
}
