/* SPDX-License-Identifier: BSD-3-Clause */
/* Boot files of the 7940 and 7960 (provisioning.md 17.2). */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <re.h>

#include "devices/model.h"
#include "sim/phone/dialplan.h"
#include "sim/prov/cnf.h"
#include "tests/support/alloc.h"

struct taken {
    int err;
    unsigned n;
    char text[8192]; /* name=value@line; each */
    struct parse_err pe;
};

static void item_handler(const struct profile_item *item, void *arg)
{
    struct taken *t = arg;
    const size_t len = strlen(t->text);

    t->n++;
    snprintf(t->text + len, sizeof(t->text) - len, "%s=%s@%d;", item->name, item->value,
             item->line);
}

static struct taken take(const char *text)
{
    struct taken t = {.err = 0};

    t.err = cnf_parse((const uint8_t *)text, strlen(text), device_model_find("7940"), item_handler,
                      &t, &t.pe);
    return t;
}

static void sets(const char *text, const char *expected)
{
    const struct taken t = take(text);

    assert_int_equal(t.err, 0);
    assert_string_equal(t.text, expected);
}

/* ---- lines */

static void a_value_may_be_quoted_and_have_a_comment(void **state)
{
    (void)state;
    sets("phone_label: \"Front; Desk\" ; a comment\n", "Station_Name=Front; Desk@1;");
    sets("messages_uri: *97   ; voice mail\r\n", "Voice_Mail_Number=*97@1;");
    sets("messages_uri: 97 # voice mail\nphone_label: #none\n",
         "Voice_Mail_Number=97@1;Station_Name=@2;");
    sets("messages_uri: *98#\nphone_label: \"a # b\"\n",
         "Voice_Mail_Number=*98#@1;Station_Name=a # b@2;");
    sets("nat_address:\"\"\n", "EXT_IP=@1;");
    sets("nat_address:\n", "EXT_IP=@1;");
    sets("  phone_label :Desk", "Station_Name=Desk@1;");
    sets("phone_label: \"never ends", "Station_Name=never ends@1;");
}

static void comments_are_passed_over(void **state)
{
    (void)state;
    sets("# phone_label: \"no\"\n\n; x: y\n \n// phone_label: no\n  # end", "");
    sets("#\nphone_label: yes\n", "Station_Name=yes@2;");
}

static void a_line_that_sets_nothing_is_told_by_its_first_word(void **state)
{
    (void)state;
    sets("reg.1.displayName=\"no\"\nline1_password secret\nend",
         "reg.1.displayName (no key and colon)=@1;line1_password (no key and colon)=@2;"
         "end (no key and colon)=@3;");
}

static void every_kind_of_line_end_ends_a_line(void **state)
{
    static const char expected[] = "Station_Name=a@1;sync=b@2;telnet_level=c@4;";

    (void)state;
    sets("phone_label: a\nsync: b\n\ntelnet_level: c\n", expected);
    sets("phone_label: a\r\nsync: b\r\n\r\ntelnet_level: c", expected);
    sets("phone_label: a\rsync: b\r\rtelnet_level: c\r", expected);
}

static void the_last_of_equal_keys_counts(void **state)
{
    (void)state;
    sets("phone_label: a\nsync: 1\nphone_label: b\n", "Station_Name=b@3;sync=1@2;");
}

static void keys_without_a_counterpart_keep_their_name(void **state)
{
    (void)state;
    sets("dial_template: \"dialplan\"\ntelnet_level: \"2\"\n",
         "dial_template=dialplan@1;telnet_level=2@2;");
}

/* ---- meaning */

static void an_account_becomes_that_of_its_line(void **state)
{
    (void)state;
    sets("line2_name: \"1002\"\nline2_authname: \"a2\"\nline2_password: \"pw\"\n"
         "line2_displayname: \"Bob\"\nline2_shortname: \"B\"\n",
         "User_ID_2_=1002@1;Auth_ID_2_=a2@2;Use_Auth_ID_2_=Yes@2;Password_2_=pw@3;"
         "Display_Name_2_=Bob@4;Short_Name_2_=B@5;");
    sets("line1_name: UNPROVISIONED\nline1_authname: \"UNPROVISIONED\"\n",
         "User_ID_1_=@1;Auth_ID_1_=@2;Use_Auth_ID_1_=No@2;");
}

static void a_line_without_a_proxy_has_that_of_the_first(void **state)
{
    (void)state;
    sets("proxy1_address: a\n", "Proxy_1_=a@1;Proxy_2_=a@1;");
    sets("proxy1_address: a\nproxy1_port: 5070\nproxy2_address: b\n",
         "Proxy_1_=a:5070@1;Proxy_2_=b@3;");
    sets("proxy1_address: a\nproxy1_port: \"5060\"\nproxy2_address: \"\"\n",
         "Proxy_1_=a@1;Proxy_2_=a@1;");
    sets("proxy2_address: b\nproxy2_port: 5080\n", "Proxy_2_=b:5080@1;");
}

static void other_servers_count_for_all_lines(void **state)
{
    (void)state;
    sets("outbound_proxy: \"o\"\noutbound_proxy_port: 5090\n",
         "Outbound_Proxy_1_=o:5090@1;Use_Outbound_Proxy_1_=Yes@1;Outbound_Proxy_2_=o:5090@1;"
         "Use_Outbound_Proxy_2_=Yes@1;");
    sets("outbound_proxy: \"\"\n", "Outbound_Proxy_1_=@1;Use_Outbound_Proxy_1_=No@1;"
                                   "Outbound_Proxy_2_=@1;Use_Outbound_Proxy_2_=No@1;");
    sets("proxy_backup: b:5080\nproxy_backup_port: 5061\n", /* the port is there already */
         "Alternate_Proxy_1_=b:5080@1;Alternate_Proxy_2_=b:5080@1;");
    sets("proxy_backup: b\nproxy_backup_port: 5061\n",
         "Alternate_Proxy_1_=b:5061@1;Alternate_Proxy_2_=b:5061@1;");
}

static void words_are_translated(void **state)
{
    (void)state;
    sets("proxy_register: 1\n", "Register_1_=Yes@1;Register_2_=Yes@1;");
    sets("proxy_register: Yes\n", "Register_1_=Yes@1;Register_2_=Yes@1;");
    sets("nat_enable: \"\"\n", "NAT_Mapping_Enable_1_=No@1;NAT_Mapping_Enable_2_=No@1;");
    sets("enable_vad: maybe\ndnd_control: 7\n", /* refused where they are set */
         "Silence_Supp_Enable_1_=maybe@1;Silence_Supp_Enable_2_=maybe@1;DND_Setting=7@2;");
    sets("preferred_codec: g711alaw\n", "Preferred_Codec_1_=G711a@1;Preferred_Codec_2_=G711a@1;");
    sets("preferred_codec: none\n", "Preferred_Codec_1_=@1;Preferred_Codec_2_=@1;");
    sets("dtmf_outofband: avt_always\n", "DTMF_Tx_Method_1_=AVT@1;DTMF_Tx_Method_2_=AVT@1;");
    sets("dtmf_outofband: none\n", "DTMF_Tx_Method_1_=InBand@1;DTMF_Tx_Method_2_=InBand@1;");
    sets("time_format_24hr: 0\n", "Time_Format=12hr@1;");
    sets("timer_t1: 500\ntimer_t2: 4\n", "SIP_T1=0.500@1;SIP_T2=0.004@2;");
    sets("timer_t1: soon\n", "SIP_T1=soon@1;"); /* refused where it is set */
    sets("dnd_control: 3\ncall_waiting: 2\n", "DND_Setting=Yes@1;CW_Setting=No@2;");
    sets("voip_control_port: 5066\n", "SIP_Port_1_=5066@1;SIP_Port_2_=5066@1;");
}

/* ---- XML */

#define LINE(button, name)                                                                         \
    "<line button=\"" button "\"><featureID>9</featureID><proxy>USECALLMANAGER</proxy>"            \
    "<port>5070</port><name>" name "</name><authName>a" name "</authName>"                         \
    "<authPassword>pw</authPassword></line>"

static void a_sep_file_says_the_same_in_xml(void **state)
{
    (void)state;
    sets("<device>\n<devicePool><ntps><ntp><name>ntp.test</name></ntp></ntps>\n"
         "<processNodeName>cm.test</processNodeName><processNodeName>two</processNodeName></"
         "devicePool>"
         "<sipProfile><phoneLabel> Desk </phoneLabel><softKeyFile/><natAddress></natAddress>"
         "<sipLines>" LINE("2", "1002") "<line button=\"1\"><featureID>2</featureID>"
                                        "<name>no</name></line></sipLines></sipProfile></device>",
         "Proxy_2_=cm.test:5070@3;Primary_NTP_Server=ntp.test@2;processNodeName=two@3;"
         "Station_Name=Desk@3;EXT_IP=@3;featureID=9@3;User_ID_2_=1002@3;Auth_ID_2_=a1002@3;"
         "Use_Auth_ID_2_=Yes@3;Password_2_=pw@3;");
}

#define MANAGER(host, port)                                                                        \
    "<member><callManager><ports>" port "</ports>\n<processNodeName>" host                         \
    "</processNodeName></callManager></member>"

static void call_managers_may_stand_behind_the_lines_that_use_them(void **state)
{
    (void)state;
    sets("<device><sipProxies><backupProxy>USECALLMANAGER</backupProxy></sipProxies>\n"
         "<line button=\"1\"><featureID>9</featureID><proxy>USE_DEFAULT</proxy></line>\n" MANAGER(
             "a.test", "<sipPort>5070</sipPort>") MANAGER("b.test", "") "</device>",
         "Proxy_1_=a.test:5070@2;Proxy_2_=a.test:5070@2;Alternate_Proxy_1_=b.test@1;"
         "Alternate_Proxy_2_=b.test@1;featureID=9@2;sipPort=5070@3;processNodeName=b.test@5;");
}

static void urls_of_a_sep_file_have_their_parameters(void **state)
{
    (void)state;
    sets("<device><servicesURL>http://s</servicesURL><directoryURL>http://d</directoryURL>\n"
         "<messagesURL>http://m</messagesURL><informationURL>http://i</informationURL>\n"
         "<idleURL>http://x</idleURL><idleTimeout>30</idleTimeout>\n"
         "<authenticationURL>http://a</authenticationURL><proxyServerURL>p:8080</proxyServerURL>"
         "</device>",
         "XML_Application_Service_URL=http://s@1;XML_Directory_Service_URL=http://d@1;"
         "Messages_URL=http://m@2;Information_URL=http://i@2;Idle_URL=http://x@3;"
         "Idle_URL_Timeout=30@3;Authentication_URL=http://a@4;HTTP_Proxy=p:8080@4;");
}

static void a_line_of_a_sep_file_without_a_proxy_has_the_call_manager(void **state)
{
    (void)state;
    sets("<device>" MANAGER("a.test", "") "<line button=\"2\"><featureID>9</featureID>"
                                          "<name>1002</name><proxy/></line></device>",
         "Proxy_2_=a.test@2;processNodeName=a.test@2;featureID=9@2;User_ID_2_=1002@2;");
}

static void the_length_of_what_nobody_knows_does_not_matter(void **state)
{
    char text[2048];

    (void)state;
    snprintf(text, sizeof(text),
             "<device>\n<certHash>%0700d</certHash>\n<phoneLabel>x</phoneLabel>"
             "</device>",
             0);
    sets(text, "certHash=@2;Station_Name=x@3;");
    snprintf(text, sizeof(text), "<device>\n<phoneLabel>%0700d</phoneLabel></device>", 0);
    assert_int_equal(take(text).err, E2BIG);
    assert_string_equal(take(text).pe.text, "phoneLabel is longer than 512 bytes");
}

static void templates_without_a_counterpart_are_told(void **state)
{
    (void)state;
    sets("<DIALTEMPLATE>\n<TEMPLATE MATCH=\"+44*\" Timeout=\"0\"/>\n<TEMPLATE MATCH=\"9.\" "
         "TIMEOUT=\"1\" Rewrite=\"%s\"/>\n</DIALTEMPLATE>",
         "TEMPLATE MATCH=\"+44*\"=@2;Rewrite of TEMPLATE MATCH=\"9.\"=@3;"
         "Dial_Plan_1_=(9xS1)@1;Dial_Plan_2_=(9xS1)@1;");
    sets("<DIALTEMPLATE><TEMPLATE MATCH=\"2[^2-8]\"/><TEMPLATE MATCH=\"3[9-1]\"/></DIALTEMPLATE>",
         "TEMPLATE MATCH=\"3[9-1]\"=@1;Dial_Plan_1_=(2[019]S5)@1;Dial_Plan_2_=(2[019]S5)@1;");
    sets("<dialtemplate><template match=\"9..\" timeout=\"0\"/></dialtemplate>",
         "Dial_Plan_1_=(9xxS0)@1;Dial_Plan_2_=(9xxS0)@1;");
}

static void dial_templates_become_a_dial_plan(void **state)
{
    static const struct {
        const char *xml, *plan;
    } cases[] = {
        {"<DIALTEMPLATE/>", "()"},
        {"<DIALTEMPLATE><TEMPLATE MATCH=\"911\" Timeout=\"0\"/><TEMPLATE MATCH=\"*\" "
         "Timeout=\"3\"/>"
         "</DIALTEMPLATE>",
         "(911S0|x.S3)"},
        {"<DIALTEMPLATE><TEMPLATE MATCH=\"\\*..\" Timeout=\"0\"/><TEMPLATE MATCH=\"[2-9]XX,0\"/>"
         "</DIALTEMPLATE>",
         "(*xxS0|[2-9]xx,0S5)"},
        {"<DIALTEMPLATE><TEMPLATE MATCH=\"00*\" Timeout=\"999\"/><TEMPLATE MATCH=\"[1\"/>"
         "<TEMPLATE MATCH=\"a\"/><TEMPLATE/></DIALTEMPLATE>",
         "(00x.S60)"},
        {"<!-- mine -->\n<DialTemplate><Template Match=\"1.\" Timeout=\"1\"/></DialTemplate>",
         "(1xS1)"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *plan = NULL;
        struct dialplan *compiled = NULL;
        assert_int_equal(cnf_dialplan(&plan, cases[i].xml, strlen(cases[i].xml), NULL, NULL, NULL),
                         0);
        assert_string_equal(plan, cases[i].plan);
        assert_int_equal(
            dialplan_alloc(&compiled, plan, &(struct dialplan_options){.ip_dialing = false}, NULL),
            0);
        mem_deref(compiled);
        free(plan);
    }
    sets(cases[1].xml, "Dial_Plan_1_=(911S0|x.S3)@1;Dial_Plan_2_=(911S0|x.S3)@1;");
    sets(cases[4].xml, "Dial_Plan_1_=(1xS1)@1;Dial_Plan_2_=(1xS1)@1;");
}

static void what_is_no_boot_file_is_refused_whole(void **state)
{
    static const char *const bad[] = {"",
                                      " \n\t",
                                      "<device><a>1</b></device>",
                                      "<other/>",
                                      "<DIALTEMPLATE><TEMPLATE</DIALTEMPLATE>",
                                      "<x><DIALTEMPLATE"};
    struct taken t = {.err = 0};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const struct taken r = take(bad[i]);
        assert_int_equal(r.err, EBADMSG);
        assert_int_equal(r.n, 0);
        assert_true(r.pe.text[0]);
    }
    assert_int_equal(cnf_parse((const uint8_t *)"a: 1\0b: 2", 9, device_model_find("7940"),
                               item_handler, &t, &t.pe),
                     EBADMSG);
}

static void boot_files_are_told_from_profiles(void **state)
{
    static const struct {
        const char *text;
        bool is;
    } cases[] = {{"a: b", true},
                 {"# x", true},
                 {" <device/>", true},
                 {"<DIALTEMPLATE/>", true},
                 {"<DialTemplate/>", true},
                 {"<device><flat-profile/></device>", false},
                 {"<flat-profile/>", false},
                 {"\xef\xbb\xbf<device/>", true},
                 {"\xef\xbb\xbf<?xml version=\"1.0\"?><p:flat-profile/>", false},
                 {"<device><p:flat-profile/></device>", false},
                 {"a: flat-profile", true},
                 {"<html/>", false},
                 {"", false}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(cnf_is((const uint8_t *)cases[i].text, strlen(cases[i].text)),
                         cases[i].is);
}

static void files_have_names_with_the_mac_in_capitals(void **state)
{
    static const uint8_t mac[6] = {0x00, 0x03, 0x6b, 0xab, 0xcd, 0xef};
    static const struct {
        enum cnf_file file;
        const char *dir, *template, *name;
    } cases[] = {
        {CNF_OS79XX, "", NULL, "OS79XX.TXT"},
        {CNF_SEP, "x", NULL, "SEP00036BABCDEF.cnf.xml"},
        {CNF_DEFAULT, "x", NULL, "SIPDefault.cnf"},
        {CNF_PHONE, "", NULL, "SIP00036BABCDEF.cnf"},
        {CNF_PHONE, "./", NULL, "./SIP00036BABCDEF.cnf"},
        {CNF_PHONE, "sip", NULL, "sip/SIP00036BABCDEF.cnf"},
        {CNF_DIALPLAN, "", NULL, ""},
        {CNF_DIALPLAN, "", "", ""},
        {CNF_DIALPLAN, "", "dialplan", "dialplan.xml"},
        {CNF_DIALPLAN, "", "uk.xml", "uk.xml"},
        {CNF_FILES, "", NULL, ""},
    };
    char name[128];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cnf_file_name(name, sizeof(name), cases[i].file, mac, cases[i].dir, cases[i].template);
        assert_string_equal(name, cases[i].name);
    }
}

static void there_is_a_limit_to_settings(void **state)
{
    static char text[5000 * 10];
    char *to = text;

    (void)state;
    for (unsigned i = 0; i < 5000; i++)
        to += sprintf(to, "k%u: 1\n", i);
    assert_int_equal(take(text).err, E2BIG);
}

static int take_again(void *arg)
{
    struct taken t = {.err = 0};

    return cnf_parse(arg, strlen(arg), device_model_find("7940"), item_handler, &t, &t.pe);
}

static void a_failing_allocation_is_enomem_and_nothing_else(void **state)
{
    char text[] = "a: 1\nb: 2\na: 3\n",
         plan[] = "<DIALTEMPLATE><TEMPLATE MATCH=\"1\"/></DIALTEMPLATE>";

    (void)state;
    assert_true(alloc_sweep(take_again, text) >= 6);
    assert_true(alloc_sweep(take_again, plan) >= 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_may_be_quoted_and_have_a_comment),
        cmocka_unit_test(comments_are_passed_over),
        cmocka_unit_test(a_line_that_sets_nothing_is_told_by_its_first_word),
        cmocka_unit_test(every_kind_of_line_end_ends_a_line),
        cmocka_unit_test(call_managers_may_stand_behind_the_lines_that_use_them),
        cmocka_unit_test(urls_of_a_sep_file_have_their_parameters),
        cmocka_unit_test(a_line_of_a_sep_file_without_a_proxy_has_the_call_manager),
        cmocka_unit_test(the_length_of_what_nobody_knows_does_not_matter),
        cmocka_unit_test(templates_without_a_counterpart_are_told),
        cmocka_unit_test(the_last_of_equal_keys_counts),
        cmocka_unit_test(keys_without_a_counterpart_keep_their_name),
        cmocka_unit_test(an_account_becomes_that_of_its_line),
        cmocka_unit_test(a_line_without_a_proxy_has_that_of_the_first),
        cmocka_unit_test(other_servers_count_for_all_lines),
        cmocka_unit_test(words_are_translated),
        cmocka_unit_test(a_sep_file_says_the_same_in_xml),
        cmocka_unit_test(dial_templates_become_a_dial_plan),
        cmocka_unit_test(what_is_no_boot_file_is_refused_whole),
        cmocka_unit_test(boot_files_are_told_from_profiles),
        cmocka_unit_test(files_have_names_with_the_mac_in_capitals),
        cmocka_unit_test(there_is_a_limit_to_settings),
        cmocka_unit_test(a_failing_allocation_is_enomem_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
