/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Profiles as provisioning servers really write them: what a phone takes from each, by the rules of
 * provisioning.md section 5. Counts, values and lines were read from the files, not from a run.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <re.h>

#include "devices/model.h"
#include "sim/prov/params.h"
#include "sim/prov/profile.h"
#include "tests/support/corpus.h"

enum { MAX_VALUES = 8 };

struct value {
    const char *name, *text;
    int line; /* where the value in force stands; 0 = it keeps the default */
};

struct profile {
    const char *file, *model;
    struct profile_summary sum; /* n_known: set; the rest as named */
    struct value values[MAX_VALUES];
    int refused_line;
    const char *refused; /* NULL = the phone takes it */
};

#define FUSION_RULE "[--uid prov --pwd example-prov]http://pbx.example.test/app/provision/?mac=$MA"
#define FUSION_PLAN                                                                                \
    "(park+*xxxx|*xxxxxxx|*xxxxxx|*xxxxx|*xxxx|*xxx|*xx*|*x|**xxxxx|**xxxx|**xxx|**xx|[3469]11|0|" \
    "00|[2-9]xxxxxx|1xxx[2-9]xxxxxxS0|xxxxxxxxxxxx.)"
#define PLAIN_PLAN "(*xx|[3469]11|0|00|[2-9]xxxxxx|1xxx[2-9]xxxxxxS0|xxxxxxxxxxxx.)"

static const struct profile profiles[] = {
    {"epm-upgrade.xml",
     "SPA504G",
     {.n_items = 2, .n_known = 2},
     {{"Upgrade_Enable", "Yes", 1}, {"Upgrade_Rule", "http://127.0.0.1/current.bin", 1}},
     0,
     NULL},

    /* of another family and for sixteen lines: most names are unknown to the 6841 */
    {"fusionpbx-9861.xml",
     "6841",
     {.n_items = 2895, .n_kept = 753, .n_known = 520, .n_unknown = 1622},
     {{"Profile_Rule", FUSION_RULE, 221},
      {"HTTP_User_Agent_Name", "$VERSION ($MA)", 251},
      {"Dial_Tone", "350@-19,440@-19;10(*/0/1+2)", 279},
      {"Dial_Plan_1_", FUSION_PLAN, 724},
      {"Alternate_Proxy_1_", "", 665},
      {"User_ID_1_", "1001", 682}},
     0,
     NULL},

    /* Smith & Sons, as a web form left it */
    {"fusionpbx-spa301.xml",
     "SPA301",
     {0},
     {{"Station_Name", "", 0}, {"Proxy_1_", "", 0}},
     336,
     "xmlParseEntityRef: no name (a bare & is written &amp;)"},

    /* half of it stands in comments */
    {"fusionpbx-spa3102.xml",
     "SPA504G",
     {.n_items = 18, .n_known = 17, .n_unknown = 1},
     {{"Resync_On_Reset", "Yes", 33},
      {"Resync_Error_Retry_Delay", "10", 34},
      {"Use_Outbound_Proxy_1_", "No", 70},
      {"Syslog_Server", "", 0},
      {"Display_Name_1_", "Alice Example", 83},
      {"Protect_IVR_FactoryReset", "No", 89}},
     0,
     NULL},

    /* one line: of the twelve line keys' settings those of the second to fourth are not known */
    {"fusionpbx-spa502g.xml",
     "SPA502G",
     {.n_items = 596, .n_kept = 149, .n_known = 435, .n_unknown = 12},
     {{"Profile_Rule", FUSION_RULE, 186},
      {"Profile_Rule_B", "", 0},
      {"Time_Zone", "GMT-07:00", 332},
      {"SIP_TOS_DiffServ_Value_1_", "0x68", 522},
      {"User_ID_1_", "1001", 593},
      {"Dial_Plan_1_", FUSION_PLAN, 624}},
     0,
     NULL},

    {"fusionpbx-spa504g.xml",
     "SPA504G",
     {.n_items = 647, .n_kept = 151, .n_known = 496},
     {{"Admin_Passwd", "example-admin", 8},
      {"SIP_T1", ".5", 52},
      {"Upgrade_Enable", "", 141},
      {"GPP_A", "", 0},
      {"DNS_SRV_Auto_Prefix_1_", "No", 321},
      {"Dial_Plan_4_", FUSION_PLAN, 599},
      {"Unit_1_Key_1", "fnc=blf+sd+cp;sub=1010@$PROXY;nme=Desk 10", 658},
      {"Back_Light_Timer", "30 s", 642}},
     0,
     NULL},

    {"fusionpbx-spa508g.xml",
     "SPA508G",
     {.n_items = 1345, .n_kept = 315, .n_known = 1030},
     {{"Profile_Rule", FUSION_RULE, 187},
      {"Time_Zone", "GMT-07:00", 333},
      {"Station_Display_Name", "Alice Example", 347},
      {"Outbound_Proxy_1_", "127.0.0.1", 600},
      {"Alternate_Outbound_Proxy_1_", "", 602},
      {"User_ID_1_", "1001", 616},
      {"Dial_Plan_1_", FUSION_PLAN, 647}},
     0,
     NULL},

    /* a namespace, every value with ua, and lines six to twelve that a 525G lacks */
    {"fusionpbx-spa525g.xml",
     "SPA525G",
     {.n_items = 1613, .n_known = 961, .n_unknown = 652},
     {{"Profile_Rule", FUSION_RULE, 65},
      {"RTP_Packet_Size", "0.020", 171},
      {"Proxy_1_", "pbx.example.test", 288},
      {"Deep_Bass", "Default", 1615},
      {"Dial_Plan_1_", FUSION_PLAN, 331},
      {"Time_Zone", "GMT-07:00", 1895}},
     0,
     NULL},

    /* a dump: names twice, the second time often <X/>, which changes nothing */
    {"fusionpbx-spa525g2.xml",
     "SPA525G2",
     {.n_items = 1591, .n_kept = 670, .n_known = 834, .n_unknown = 87},
     {{"Connection_Type", "DHCP", 403},
      {"Primary_DNS", "", 11},
      {"Profile_Rule", FUSION_RULE, 555},
      {"Station_Name", "$USER Alice Example", 689},
      {"Ring1", "n=Cisco Synth;w=file://Cisco_synth_ring1.mp3;c=0", 767},
      {"Mailbox_ID_1_", "1001", 897},
      {"SIP_Port_1_", "0", 870},
      {"Text_Logo", "", 0}},
     0,
     NULL},

    /* the dial plan has a line of its own between its tags */
    {"fusionpbx-spa921.xml",
     "SPA504G",
     {.n_items = 32, .n_known = 31, .n_unknown = 1},
     {{"Dial_Plan_1_", FUSION_PLAN, 29},
      {"User_Password", "", 6},
      {"Resync_Periodic", "0", 9},
      {"Profile_Rule", "http://pbx.example.test/app/provision/?mac=$MA", 8},
      {"Date_Format", "day/month", 34}},
     0,
     NULL},

    /* an ATA's, with four names of its own */
    {"provisioner-ata-000e08a1b2c3.xml",
     "SPA504G",
     {.n_items = 123, .n_known = 119, .n_unknown = 4},
     {{"Profile_Rule", "http://127.0.0.1/provisioning/spa$MA.xml", 5},
      {"DNS_Server_Order", "Manual,DHCP", 8},
      {"Display_Name_2_", "Bob Example", 49},
      {"Register_Expires_2_", "3600", 54},
      {"Time_Zone", "GMT-05:00", 116}},
     0,
     NULL},

    /* a factory reset by profile, for twelve lines where this phone has four */
    {"provisioner-spa504g.cfg",
     "SPA504G",
     {.n_items = 1784, .n_known = 960, .n_unknown = 824},
     {{"Resync_Periodic", "3", 7},
      {"Profile_Rule", "http://127.0.0.1/provisioning/spa$MA.xml", 8},
      {"Text_Logo", "~PLEASE WAIT~", 9},
      {"Register_Expires_1_", "3600", 333},
      {"Dial_Plan_1_", PLAIN_PLAN, 376},
      {"Time_Zone", "GMT-08:00", 2213},
      {"Unit_2_Key_32", "", 2320},
      {"Protect_IVR_FactoryReset", "No", 2321}},
     0,
     NULL},

    /* `<X> </X>` clears; blanks before ">" and between attributes */
    {"provisioner-spa5xx-000e08a1b2c3.xml",
     "SPA504G",
     {.n_items = 200, .n_kept = 20, .n_known = 180},
     {{"Short_Name_1_", "1001", 21},
      {"Paging_Code", "*80", 161},
      {"Call_Return_Code", "", 135},
      {"Blind_Transfer_Code", "", 136},
      {"BLF_List_URI", "", 0},
      {"Time_Zone", "GMT-05:00", 128},
      {"Unit_2_Key_4", "fnc=blf+sd+cp;sub=1014@$PROXY;nme=Desk 4", 221},
      {"LDAP_Last_Name_Filter", "cn:(cn=*$VALUE*)", 259}},
     0,
     NULL},

    {"provisioner-spa942.cfg",
     "SPA504G",
     {.n_items = 996, .n_known = 804, .n_unknown = 192},
     {{"Resync_Periodic", "3", 7},
      {"Profile_Rule", "http://127.0.0.1/spa$MA.xml", 8},
      {"SIP_T1", ".5", 145},
      {"Register_Expires_1_", "120", 301},
      {"User_ID_1_", "", 311},
      {"Short_Name_1_", "$USER", 984},
      {"Ring10", "n=Office;w=4;c=1", 1080}},
     0,
     NULL},

    {"provisioner-spa9xx-000e08a1b2c3.xml",
     "SPA504G",
     {.n_items = 98, .n_known = 98},
     {{"Profile_Rule", "http://127.0.0.1/spa$PSN.cfg", 5},
      {"Profile_Rule_B", "http://127.0.0.1/spa$MA.xml", 6},
      {"Call_Return_Code", "", 81},
      {"Dial_Plan_2_", PLAIN_PLAN, 47},
      {"Syslog_Server", "192.168.1.5", 117},
      {"Speed_Dial_9", "", 128}},
     0,
     NULL},

    /* flat-profile within <device>, start tags with a blank before ">" */
    {"sail-mpp.cfg",
     "6841",
     {.n_items = 36, .n_kept = 1, .n_known = 35},
     {{"Server_Type_1_", "Asterisk", 15},
      {"User_Password", "", 0},
      {"Dial_Plan_1_", "(*x.|*xx*x.|x.)", 20},
      {"Back_Light_Timer", "Always On", 28},
      {"Connected_Key_List", "hold|1;endcall|2;xfer|3;conf|4;bxfer|5;", 50},
      {"Station_Display_Name", "Alice Example(1001)", 53},
      {"Extension_2_", "Disabled", 59}},
     0,
     NULL},

    /* a blank before and a newline behind every value */
    {"sail-spa.cfg",
     "SPA504G",
     {.n_items = 8, .n_known = 8},
     {{"Proxy_1_", "127.0.0.1", 2},
      {"User_ID_1_", "1001", 6},
      {"Password_1_", "example-pw-1", 8},
      {"Display_Name_1_", "Alice Example", 10},
      {"Dial_Plan_1_", "(*x.|*xx*x.|x.)", 12},
      {"Time_Zone", "GMT", 14},
      {"Resync_Periodic", "3600", 16}},
     0,
     NULL},

    {"wazo-mpp-8811.cfg",
     "6841",
     {.n_items = 4, .n_known = 4},
     {{"Resync_On_Reset", "Yes", 3},
      {"Resync_Periodic", "3600", 4},
      {"Profile_Rule_B", "http://127.0.0.1:8667/cp-phone.xml", 5},
      {"Profile_Rule_C", "http://127.0.0.1:8667/$MA.xml", 6}},
     0,
     NULL},

    {"wazo-spa504G.cfg",
     "SPA504G",
     {.n_items = 2, .n_known = 2},
     {{"Profile_Rule", "/spa$PSN.cfg", 0},
      {"Profile_Rule_B", "http://127.0.0.1:8667/spa-phone.xml", 3},
      {"Profile_Rule_C", "http://127.0.0.1:8667/$MA.xml", 4}},
     0,
     NULL},

    /* UTF-8 in names */
    {"xivo-dev-spa504g.cfg",
     "SPA504G",
     {.n_items = 18, .n_known = 18},
     {{"Station_Name", "J\xc3\xbcrgen M\xc3\xbc\xc3\x9fig", 6},
      {"Display_Name_1_", "J\xc3\xbcrgen M\xc3\xbc\xc3\x9fig", 30},
      {"Attendant_Console_Call_Pickup_Code", "*8#", 18},
      {"User_ID_1_", "sip1001", 31},
      {"Daylight_Saving_Time_Rule", "start=3/-1/7/2:0:0;end=10/-1/7/3:0:0;save=1:0:0", 13},
      {"Extended_Function_2_", "fnc=sd+blf+cp;sub=1010@$PROXY;nme=Desk 10", 41}},
     0,
     NULL},

    {"xivo-dev-spa942.cfg",
     "SPA504G",
     {.n_items = 16, .n_known = 16},
     {{"Station_Name", "J\xc3\xbcrgen M\xc3\xbc\xc3\x9fig", 6},
      {"Voice_Mail_Number", "*98", 17},
      {"BMP_Picture_Download_URL",
       "https://127.0.0.1/phone.php/linksys/spa942/?picture=sip1001.bmp", 7},
      {"Short_Name_2_", "Desk 10", 36}},
     0,
     NULL},

    /* of ATAs: names of FXS ports are not known */
    {"xivo-pap2t-init.cfg",
     "SPA504G",
     {.n_items = 212, .n_known = 99, .n_unknown = 113},
     {{"Profile_Rule", "/init.cfg", 31},
      {"Profile_Rule_B", "/Linksys/pap2t-$MA.cfg", 32},
      {"Proxy_1_", "#XIVO_PROXY_MAIN_IP#", 147},
      {"Dial_Plan_1_", "([x*#].)", 217},
      {"Dial_Tone", "440@-10;*(*/0/1)", 116}},
     0,
     NULL},

    {"xivo-spa8000.cfg",
     "SPA504G",
     {.n_items = 591, .n_known = 130, .n_unknown = 461},
     {{"HostName", "linksys-spa8000", 17},
      {"Profile_Rule", "/Linksys/spa$PSN.cfg", 36},
      {"Profile_Rule_B", "/Linksys/spa$PSN-$MA.cfg", 37},
      {"User_ID_1_", "guest", 163},
      {"Display_Name_1_", "Initialisation", 162}},
     0,
     NULL},
};

enum { N_PROFILES = sizeof(profiles) / sizeof(profiles[0]) };

struct reading {
    const struct profile *expected;
    struct param_set *params;
    struct profile_summary sum;
    int lines[MAX_VALUES];
};

static void item_handler(const struct profile_item *item, void *arg)
{
    struct reading *r = arg;

    r->sum.n_items++;
    if (item->keep) {
        r->sum.n_kept++;
        return;
    }
    const int err = param_set_name(r->params, item->name, item->value, false, NULL);
    if (err == ENOENT) {
        r->sum.n_unknown++;
    } else if (err) {
        r->sum.n_bad_values++;
    } else {
        r->sum.n_known++;
        for (unsigned i = 0; i < MAX_VALUES && r->expected->values[i].name; i++) {
            if (strcmp(r->expected->values[i].name, item->name) == 0)
                r->lines[i] = item->line;
        }
    }
}

static const char *value_in_force(const struct reading *r, const char *name)
{
    enum param_id id;
    uint16_t index;

    if (!param_find(device_model_find(r->expected->model), name, &id, &index))
        fail_msg("a %s has no %s", r->expected->model, name);
    return param_get(r->params, id, index);
}

static void compare(const struct reading *r)
{
    const struct profile *p = r->expected;
    const struct profile_summary *want = &p->sum, *got = &r->sum;

    if (memcmp(want, got, sizeof(*want)) != 0)
        fail_msg("%s: of %u items %u set, %u kept, %u unknown, %u bad; wanted %u: %u, %u, %u, %u",
                 p->file, got->n_items, got->n_known, got->n_kept, got->n_unknown,
                 got->n_bad_values, want->n_items, want->n_known, want->n_kept, want->n_unknown,
                 want->n_bad_values);
    for (unsigned i = 0; i < MAX_VALUES && p->values[i].name; i++) {
        const struct value *v = &p->values[i];
        const char *text = value_in_force(r, v->name);
        if (strcmp(text, v->text) != 0 || r->lines[i] != v->line)
            fail_msg("%s: %s is \"%s\" from line %d; wanted \"%s\" from line %d", p->file, v->name,
                     text, r->lines[i], v->text, v->line);
    }
}

static void a_phone_takes_what_the_file_says(void **state)
{
    const struct profile *p = *state;
    struct reading r = {.expected = p};
    struct parse_err pe = {.text = ""};
    struct strpool *pool = NULL;
    size_t len;
    uint8_t *data = corpus_read(p->file, &len);

    assert_int_equal(strpool_alloc(&pool), 0);
    assert_int_equal(param_set_alloc(&r.params, device_model_find(p->model), pool), 0);
    const int err = profile_parse(data, len, NULL, item_handler, &r, &pe);
    if (err != (p->refused ? EBADMSG : 0))
        fail_msg("%s: error %d, line %d: %s", p->file, err, pe.line, pe.text);
    if (p->refused) {
        assert_int_equal(pe.line, p->refused_line);
        assert_string_equal(pe.text, p->refused);
    }
    compare(&r);
    mem_deref(r.params);
    mem_deref(pool);
    free(data);
}

static enum corpus_row row_of(const char *name)
{
    const size_t len = strlen(name);

    if ((len > 4 && strcmp(name + len - 5, ".tmpl") == 0))
        return CORPUS_NEEDS_NONE;
    for (unsigned i = 0; i < N_PROFILES; i++) {
        if (strcmp(profiles[i].file, name) == 0)
            return CORPUS_ROW;
    }
    return CORPUS_NO_ROW;
}

static void every_file_of_the_folder_has_a_row(void **state)
{
    (void)state;
    assert_int_equal(corpus_rows(row_of), N_PROFILES);
}

int main(void)
{
    struct CMUnitTest tests[N_PROFILES + 1] = {
        cmocka_unit_test(every_file_of_the_folder_has_a_row)};

    if (!corpus_open("profiles"))
        return CORPUS_SKIP;
    for (unsigned i = 0; i < N_PROFILES; i++)
        tests[i + 1] = (struct CMUnitTest){.name = profiles[i].file,
                                           .test_func = a_phone_takes_what_the_file_says,
                                           .initial_state = (void *)(uintptr_t)&profiles[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
