/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Boot files of the 7940 and 7960 as servers really hand them out: what a phone takes from each.
 * Values and lines were read from the files, not from a run.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <re.h>

#include "devices/model.h"
#include "sim/phone/dialplan.h"
#include "sim/prov/cnf.h"
#include "sim/prov/params.h"
#include "tests/support/corpus.h"

enum { MAX_VALUES = 14 };

struct value {
    const char *name, *text;
    int line; /* where the value stands; 0 = the file does not set it */
};

struct boot_file {
    const char *file, *model;
    struct value values[MAX_VALUES];
    int refused; /* errno, 0 = the phone takes it */
    int refused_line;
};

static const struct boot_file files[] = {
    /* an opening and an ending tag that do not match */
    {"chansccp-SEP-annotated.cnf.xml", "7960", {{NULL, NULL, 0}}, EBADMSG, 298},
    /* of another protocol: no settings of a SIP phone */
    {"chansccp-XMLDefault504G.cnf.xml", "7960", {{NULL, NULL, 0}}, EPROTO, 0},
    {"wazo-SoftKeys.xml", "7960", {{NULL, NULL, 0}}, EPROTO, 0},
    /* an ampersand that was not escaped */
    {"wazo-SEP000E08A1B2C3.cnf.xml", "7960", {{NULL, NULL, 0}}, EBADMSG, 92},

    {"dannymcc-SEP000000000000.cnf.xml",
     "7940",
     {{"User_ID_1_", "1001", 114},
      {"Proxy_1_", "127.0.0.1", 112}, /* USECALLMANAGER, port 5060 */
      {"Auth_ID_1_", "1001", 117},
      {"Password_1_", "example-pw", 118},
      {"Short_Name_1_", "222", 111},
      {"Voice_Mail_Number", "*55", 121},
      {"Register_Expires_1_", "60", 96},
      {"NAT_Mapping_Enable_1_", "Yes", 50},
      {"EXT_IP", "192.0.2.10", 51},
      {"RTP_Port_Max", "32766", 59},
      {"Primary_NTP_Server", "ntp.example.test", 19},
      {"SIP_T2", "4.000", 102},
      {"dial_template", "dialplan.xml", 38},
      {"Use_Outbound_Proxy_1_", "No", 71}},
     0,
     0},
    {"dannymcc-dialplan.xml",
     "7940",
     {{"Dial_Plan_1_",
       "(999S0|112S0|0500xxxxxxS0|0800xxxxxxS0|00x.S5|0xxxxxxxxxxS0|01257xxxxxxS0|*xxS0|*xxS0|"
       "1xxxS0|2xxxS0|x.S5|2xxS0|3xxS0)",
       1}},
     0,
     0},
    {"dbaldree-dialplan.xml", "7960", {{"Dial_Plan_6_", NULL, 1}}, 0, 0},
    {"elastix-SIP000E08A1B2C3.cnf",
     "7960",
     {{"Proxy_1_", "127.0.0.1", 4},
      {"Proxy_6_", "127.0.0.1", 4},
      {"Alternate_Proxy_1_", "127.0.0.1", 14},
      {"Outbound_Proxy_1_", "127.0.0.1", 18},
      {"Station_Name", "Alice Example", 21},
      {"User_ID_1_", "1001", 25},
      {"Password_2_", "example-pw-2", 36},
      {"User_ID_3_", "", 40},
      {"Auth_ID_3_", "", 41}, /* UNPROVISIONED */
      {"Use_Auth_ID_3_", "No", 41},
      {"Short_Name_3_", "L3", 42},
      {"Password_6_", "", 62},
      {"XML_Application_Service_URL", "http://127.0.0.1/phonesrv/services", 68}},
     0,
     0},
    {"elastix-SIPDefault.cnf",
     "7960",
     {{"image_version", "P0S3-8-12-00", 2},
      {"NAT_Mapping_Enable_1_", "Yes", 5},
      {"RTP_Port_Max", "32766", 9},
      {"Register_6_", "Yes", 13},
      {"Register_Expires_1_", "3600", 16},
      {"Preferred_Codec_1_", "G711u", 19},
      {"Silence_Supp_Enable_1_", "No", 26},
      {"SIP_T1", "0.500", 47},
      {"INVITE_Expires", "180", 51},
      {"Voice_Mail_Number", "*97", 54},
      {"AVT_Dynamic_Payload", "101", 90},
      {"Time_Format", "12hr", 102},
      {"SIP_Remote-Party-ID_1_", "Yes", 105},
      {"XML_Directory_Service_URL", "http://127.0.0.1/phonesrv/directory", 108}},
     0,
     0},
    {"fusionpbx-SEP000E08A1B2C3.cnf.xml",
     "7960",
     {{"User_ID_1_", "1001", 84},
      {"User_ID_3_", "1003", 136},
      {"Proxy_2_", "pbx.example.test", 108},
      {"Password_3_", "example-pw-3", 139},
      {"Short_Name_1_", "1001 Alice Example", 81},
      {"Preferred_Codec_1_", "G722", 73},
      {"Register_Expires_1_", "120", 59},
      {"Station_Name", "Ext 1001", 77},
      {"NAT_Mapping_Enable_1_", "No", 70},
      {"dial_template", "dialplan.xml", 184},
      {"image_version", "SIP41.8-5-4S", 187}},
     0,
     0},
    {"fusionpbx-SIP000E08A1B2C3.cnf",
     "7960",
     {{"Station_Name", "Ext 1001", 3},
      {"Proxy_1_", "pbx.example.test", 12},
      {"Proxy_6_", "pbx.example.test", 12},
      {"User_ID_2_", "1002", 23},
      {"Register_Expires_1_", "80", 65}, /* a second time */
      {"Preferred_Codec_1_", "", 68},    /* none, a second time */
      {"Alternate_Proxy_1_", "", 43},
      {"Outbound_Proxy_1_", "127.0.0.1", 47},
      {"RTP_Port_Max", "32768", 53},
      {"DND_Setting", "No", 127}, /* off without user control */
      {"XML_Application_Service_URL", "", 0},
      {"XML_Directory_Service_URL",
       "http://pbx.example.test/app/provision/?file=directory.xml&mac=000E08A1B2C3", 156}},
     0,
     0},
    {"julianhead-SIPDefault.cnf",
     "7960",
     {{"Proxy_1_", "127.0.0.1", 4},
      {"dial_template", "dialplan", 10},
      {"Register_1_", "Yes", 13},
      {"Register_Expires_1_", "60", 16},
      {"Preferred_Codec_1_", "G711u", 19},
      {"RTP_Port_Min", "16384", 51},
      {"RTP_Port_Max", "17384", 54},
      {"Voice_Mail_Number", "*97", 60},
      {"BMP_Picture_Download_URL", "http://127.0.0.1/cisco/logo.bmp", 62}},
     0,
     0},
    {"julianhead-dialplan.xml", "7960", {{"Dial_Plan_1_", NULL, 1}}, 0, 0},
    {"wazo-dialplan.xml",
     "7960",
     {{"Dial_Plan_1_", "(91xxxxxxxxxxS0|911S0|*xS2|*xxS0|xxxxS1|[1-8]xxS1|x.S3)", 1}},
     0,
     0},
    {"xivo-SIP7940.cnf",
     "7940",
     {{"User_ID_1_", "sip1001", 8},
      {"Display_Name_1_", "J\xc3\xbcrgen M\xc3\xbc\xc3\x9fig", 9},
      {"Proxy_2_", "127.0.0.1", 4},
      {"Register_1_", "Yes", 5},
      {"Use_Outbound_Proxy_1_", "No", 22},
      {"Station_Name", "J\xc3\xbcrgen M\xc3\xbc\xc3\x9fig", 34},
      {"time_zone", "PST", 37},
      {"phone_prompt", "Go Away", 43},
      {"Silence_Supp_Enable_1_", "No", 47},
      {"XML_Directory_Service_URL", "https:///service/ipbx/web_services.php/phonebook/search/",
       56}},
     0,
     0},
};

enum { N_FILES = sizeof(files) / sizeof(files[0]) };

struct reading {
    const struct boot_file *expected;
    struct param_set *params;
    unsigned n_items, n_bad;
    char *texts[MAX_VALUES];
    int lines[MAX_VALUES];
};

static void item_handler(const struct profile_item *item, void *arg)
{
    struct reading *r = arg;
    const int err = param_set_name(r->params, item->name, item->value, PARAM_FROM_PROFILE, NULL);

    r->n_items++;
    r->n_bad += err && err != ENOENT;
    for (unsigned i = 0; i < MAX_VALUES && r->expected->values[i].name; i++) {
        if (strcmp(r->expected->values[i].name, item->name) == 0) {
            free(r->texts[i]);
            r->texts[i] = strdup(item->value);
            r->lines[i] = item->line;
        }
    }
}

static void compare(const struct reading *r)
{
    for (unsigned i = 0; i < MAX_VALUES && r->expected->values[i].name; i++) {
        const struct value *v = &r->expected->values[i];
        const char *text = r->texts[i] ? r->texts[i] : "";
        if ((v->text && strcmp(text, v->text) != 0) || r->lines[i] != v->line)
            fail_msg("%s: %s is \"%s\" from line %d; wanted \"%s\" from line %d", r->expected->file,
                     v->name, text, r->lines[i], v->text ? v->text : "", v->line);
        if (strncmp(v->name, "Dial_Plan", 9) == 0) {
            static const struct dialplan_options none;
            struct dialplan *plan = NULL;
            assert_int_equal(dialplan_alloc(&plan, text, &none, NULL), 0);
            mem_deref(plan);
        }
    }
}

static void a_phone_takes_what_the_file_says(void **state)
{
    const struct boot_file *b = *state;
    const struct device_model *m = device_model_find(b->model);
    struct reading r = {.expected = b};
    struct parse_err pe = {.text = ""};
    struct strpool *pool = NULL;
    size_t len;
    uint8_t *data = corpus_read(b->file, &len);

    assert_int_equal(strpool_alloc(&pool), 0);
    assert_int_equal(param_set_alloc(&r.params, m, pool), 0);
    const int err = cnf_is(data, len) ? cnf_parse(data, len, m, item_handler, &r, &pe)
                                      : profile_parse(data, len, NULL, item_handler, &r, &pe);
    if (err != b->refused)
        fail_msg("%s: error %d, line %d: %s", b->file, err, pe.line, pe.text);
    if (err) {
        assert_int_equal(pe.line, b->refused_line);
        assert_int_equal(r.n_items, 0);
    } else {
        assert_int_equal(r.n_bad, 0);
        compare(&r);
    }
    for (unsigned i = 0; i < MAX_VALUES; i++)
        free(r.texts[i]);
    mem_deref(r.params);
    mem_deref(pool);
    free(data);
}

static enum corpus_row row_of(const char *name)
{
    const size_t len = strlen(name);

    if ((len > 4 && strcmp(name + len - 5, ".tmpl") == 0) || strstr(name, "tftplog"))
        return CORPUS_NEEDS_NONE;
    for (unsigned i = 0; i < N_FILES; i++) {
        if (strcmp(files[i].file, name) == 0)
            return CORPUS_ROW;
    }
    return CORPUS_NO_ROW;
}

static void every_file_of_the_folder_has_a_row(void **state)
{
    (void)state;
    assert_int_equal(corpus_rows(row_of), N_FILES);
}

int main(void)
{
    struct CMUnitTest tests[N_FILES + 1] = {cmocka_unit_test(every_file_of_the_folder_has_a_row)};

    if (!corpus_open("legacy-cnf"))
        return CORPUS_SKIP;
    for (unsigned i = 0; i < N_FILES; i++)
        tests[i + 1] = (struct CMUnitTest){.name = files[i].file,
                                           .test_func = a_phone_takes_what_the_file_says,
                                           .initial_state = (void *)(uintptr_t)&files[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
