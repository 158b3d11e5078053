/* SPDX-License-Identifier: BSD-3-Clause */
/* A 79x0 boots from its files (provisioning.md 17.2). */
#include "tests/support/fake_prov.h"

#define SERVER "tftp://192.0.2.1/"

static int setup_7960(void **state)
{
    setup(state);
    struct fixture *f = *state;
    struct param_set *own = f->params;

    f->cfg.model = device_model_find("7960");
    assert_int_equal(param_set_alloc(&f->params, f->cfg.model, f->pool), 0);
    f->cfg.params = f->params;
    mem_deref(own);
    again(f);
    return 0;
}

static void assert_asked(const struct fixture *f, const char *const *names, unsigned n)
{
    assert_int_equal(f->fetcher.n_seen, n);
    for (unsigned i = 0; i < n; i++) {
        assert_string_equal(f->fetcher.seen[i].url + strlen(SERVER), names[i]);
        assert_true(f->fetcher.seen[i].bare_path);
    }
}

static void it_asks_for_its_files_in_order(void **state)
{
    static const char *const names[] = {"OS79XX.TXT", "SEP649EF3788E6A.cnf.xml", "SIPDefault.cnf",
                                        "sip/SIP649EF3788E6A.cnf", "dialplan.xml"};
    struct fixture *f = *state;

    serve(f, SERVER "SIPDefault.cnf",
          "proxy1_address: pbx.test\ntftp_cfg_dir: \"sip\"\ndial_template: \"dialplan\"\n");
    serve(f, SERVER "sip/SIP649EF3788E6A.cnf", "line1_name: 1001\nproxy_register: 1\n");
    serve(f, SERVER "dialplan.xml",
          "<DIALTEMPLATE><TEMPLATE MATCH=\"1...\" Timeout=\"0\"/></DIALTEMPLATE>");
    boot(f);
    assert_asked(f, names, 5);
    assert_true(f->last.ok);
    assert_int_equal(f->last.n_files, 3);
    assert_int_equal(f->last.next_s, 0);
    assert_string_equal(param_get(f->params, P_User_ID, 1), "1001");
    assert_string_equal(param_get(f->params, P_Proxy, 6), "pbx.test");
    assert_string_equal(param_get(f->params, P_Dial_Plan, 1), "(1xxxS0)");
    advance_s(f, 100 * HOUR_S);
    assert_int_equal(f->n_done, 1);
}

static void told_to_look_it_asks_whether_there_is_anything_new(void **state)
{
    static const char *const same[] = {"syncinfo.xml"};
    static const char *const other[] = {"syncinfo.xml", "OS79XX.TXT", "SEP649EF3788E6A.cnf.xml",
                                        "SIPDefault.cnf", "SIP649EF3788E6A.cnf"};
    struct fixture *f = *state;

    serve(f, SERVER "SIPDefault.cnf", "sync: 0001\nphone_label: old\n");
    boot(f);
    f->fetcher.n_seen = 0;
    serve(f, SERVER "syncinfo.xml",
          "<SYNCINFO version=\"1\"><IMAGE VERSION=\"other\" SYNC=\"7\"/>"
          "<IMAGE VERSION=\"*\" SYNC=\"0001\"/></SYNCINFO>");
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, NULL), 0);
    advance_s(f, 1);
    assert_asked(f, same, 1);
    assert_true(f->last.ok);
    f->fetcher.n_seen = 0;
    serve(f, SERVER "syncinfo.xml", "<SYNCINFO><IMAGE VERSION=\"*\" SYNC=\"0002\"/></SYNCINFO>");
    serve(f, SERVER "SIPDefault.cnf", "sync: 0002\nphone_label: new\n");
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, NULL), 0);
    advance_s(f, 1);
    assert_asked(f, other, 5);
    assert_true(f->last.ok);
    f->fetcher.n_seen = 0;
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, NULL), 0);
    advance_s(f, 1);
    assert_asked(f, same, 1);
    serve(f, SERVER "syncinfo.xml", "<SYNCINFO><IMAGE");
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, NULL), 0);
    advance_s(f, 1);
    assert_false(f->last.ok);
    assert_int_equal(f->class, PROV_CLASS_B);
}

static void the_phones_own_file_wins(void **state)
{
    struct fixture *f = *state;

    serve(f, SERVER "SEP649EF3788E6A.cnf.xml",
          "<device><sipProfile><phoneLabel>xml</phoneLabel></sipProfile></device>");
    serve(f, SERVER "SIPDefault.cnf", "phone_label: default\ntime_format_24hr: 0\n");
    serve(f, SERVER "SIP649EF3788E6A.cnf", "phone_label: own\n");
    boot(f);
    assert_string_equal(param_get(f->params, P_Station_Name, 0), "own");
    assert_string_equal(param_get(f->params, P_Time_Format, 0), "12hr");
}

static void one_file_that_configures_it_is_enough(void **state)
{
    struct fixture *f = *state;

    serve(f, SERVER "SEP649EF3788E6A.cnf.xml", "<device><x>1</x></device>");
    boot(f);
    assert_true(f->last.ok);
    assert_int_equal(f->fetcher.n_seen, 4);
}

static void without_any_it_tries_again_from_the_first(void **state)
{
    struct fixture *f = *state;

    serve(f, SERVER "OS79XX.TXT", "P0S3-8-12-00");
    boot(f);
    assert_false(f->last.ok);
    assert_int_equal(f->last.class, PROV_CLASS_B);
    assert_int_equal(f->last.next_s, HOUR_S);
    advance_s(f, HOUR_S + 1);
    assert_int_equal(f->fetcher.n_seen, 8);
    assert_string_equal(f->fetcher.seen[4].url, SERVER "OS79XX.TXT");
}

static void a_dead_server_or_a_broken_file_ends_the_pass(void **state)
{
    struct fixture *f = *state;

    fail_with(f, SERVER "SEP649EF3788E6A.cnf.xml", "timeout");
    boot(f);
    assert_int_equal(f->fetcher.n_seen, 2);
    assert_int_equal(f->last.class, PROV_CLASS_C);
    serve(f, SERVER "SEP649EF3788E6A.cnf.xml", "<device><x>1</device>");
    advance_s(f, HOUR_S + 1);
    assert_int_equal(f->fetcher.n_seen, 4);
    assert_int_equal(f->last.class, PROV_CLASS_B);
}

static void a_rule_goes_before_the_files(void **state)
{
    struct fixture *f = *state;

    set(f, "Profile_Rule", "http://h/own.cnf");
    serve(f, "http://h/own.cnf", "phone_label: by rule\n");
    boot(f);
    assert_requests(f, 1, "http://h/own.cnf");
    assert_false(f->fetcher.seen[0].bare_path);
    assert_string_equal(param_get(f->params, P_Station_Name, 0), "by rule");
    serve(f, "http://h/own.cnf", PROFILE("<Station_Name>flat</Station_Name>"));
    advance_s(f, HOUR_S + 1);
    assert_string_equal(param_get(f->params, P_Station_Name, 0), "flat");
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup_7960, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(it_asks_for_its_files_in_order),
        T(told_to_look_it_asks_whether_there_is_anything_new),
        T(the_phones_own_file_wins),
        T(one_file_that_configures_it_is_enough),
        T(without_any_it_tries_again_from_the_first),
        T(a_dead_server_or_a_broken_file_ends_the_pass),
        T(a_rule_goes_before_the_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
