/* SPDX-License-Identifier: BSD-3-Clause */
/* Which load a phone takes, and when (provisioning.md 3.6). */
#include "sim/prov/load.h"
#include "sim/prov/rule.h"
#include "tests/support/fake_prov.h"

#define RULE "http://h/fw/spa50x-30x-7-5-5.bin"

static char image[6000]; /* of a load */

static int setup_upgrade(void **state)
{
    const int err = setup(state);

    memset(image, 0x91, sizeof(image) - 1);
    ((struct fixture *)*state)->id.firmware = "7.5.2b";
    return err;
}

static void check(struct fixture *f)
{
    prov_upgrade_check(f->prov);
    loop_advance(f->lp, 1000);
}

/* ---- loads */

static void names_tell_versions(void **state)
{
    static const struct {
        const char *model, *path, *version;
    } rows[] = {
        {"SPA504G", "/spa50x-30x-7-5-5.bin", "7.5.5"},
        {"SPA504G", "/a/b/spa50x-30x-7-5-2b.bin?x=1-2-3", "7.5.2b"},
        {"SPA514G", "/spa51x-7-6-2.bin", "7.6.2"},
        {"SPA525G2", "/spa525g-7.6.2.bin", "7.6.2"},
        {"6841", "/sip68xx.11-3-1MPP-697.loads", "11-3-1MPP-697"},
        {"7960", "/P0S3-8-12-00.sb2", "8.12.00"},
        {"SPA504G", "/spa504g-7.5.5", "7.5.5"},
        {"SPA504G", "/spa.bin", NULL},
        {"SPA504G", "/", NULL},
        {"SPA504G", "/7-5-5/spa.bin", NULL},
        {"SPA504G", "/spa-7-5.bin", NULL},
    };
    char version[LOAD_VERSION_BYTES];

    (void)state;
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct device_model *m = device_model_find(rows[i].model);
        assert_int_equal(load_name_version(version, rows[i].path, m), rows[i].version != NULL);
        if (rows[i].version)
            assert_string_equal(version, rows[i].version);
    }
}

static void what_is_no_load_for_this_phone_is_refused(void **state)
{
    static const char page[] = "<html><body>There is no such file here.</body></html>";
    static const struct {
        const char *path, *running, *limit, *version, *why;
        bool text, is_short;
        int err;
    } rows[] = {
        {"/spa50x-30x-7-5-5.bin", "7.5.2b", "", "", "", false, false, 0},
        {"/spa50x-30x-7-5-5.bin", "7.5.2b", "", "", "too short for a load", false, true, EBADMSG},
        {"/spa50x-30x-7-5-5.bin", "7.5.2b", "", "", "it is text and no load", true, false, EBADMSG},
        {"/spa51x-7-6-2.bin", "7.5.2b", "", "", "a load for other phones", false, false, EBADMSG},
        {"/spa.bin", "7.5.2b", "", "", "its name tells no version (Sim_Upgrade_Version says which)",
         false, false, EBADMSG},
        {"/spa.bin", "7.5.2b", "", "7.5.7", "", false, false, 0},
        {"/spa.bin", "7.5.2b", "", "new", "Sim_Upgrade_Version is no version of this phone", false,
         false, EBADMSG},
        {"/spa50x-30x-7-4-7.bin", "7.5.2b", "7.4.8", "", "older than Downgrade_Rev_Limit", false,
         false, EACCES},
        {"/spa50x-30x-7-4-8a.bin", "7.5.2b", "7.4.8", "", "", false, false, 0},
        {"/spa50x-30x-7-5-5.bin", "7.4.9c", "", "", "7.5.2b must be loaded first", false, false,
         EACCES},
        {"/spa50x-30x-7-5-2b.bin", "7.4.9c", "", "", "", false, false, 0},
    };

    (void)state;
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char version[LOAD_VERSION_BYTES], why[96] = "";
        const struct load_facts facts = {
            .head = rows[i].text ? (const uint8_t *)page : (const uint8_t *)image,
            .head_len = rows[i].text ? sizeof(page) - 1 : LOAD_HEAD_BYTES,
            .total = rows[i].is_short ? 100 : 4000000,
            .path = rows[i].path,
            .model = device_model_find("SPA504G"),
            .running = rows[i].running,
            .limit = rows[i].limit,
            .version = rows[i].version,
        };
        assert_int_equal(load_check(version, &facts, why, sizeof(why)), rows[i].err);
        assert_string_equal(why, rows[i].why);
    }
}

/* ---- the rule */

static void a_rule_is_loaded_once(void **state)
{
    struct fixture *f = *state;

    serve(f, RULE, image);
    set(f, "Upgrade_Rule", RULE);
    check(f);
    assert_requests(f, 1, RULE);
    assert_int_equal(f->n_upgrades, 1);
    assert_true(f->upgraded);
    assert_string_equal(f->version, "7.5.5");
    check(f);
    assert_int_equal(f->fetcher.n_seen, 1);
    f->id.firmware = "7.5.5";
    prov_stop(f->prov);
    check(f);
    assert_int_equal(f->fetcher.n_seen, 1);
}

static void what_runs_already_is_not_asked_for(void **state)
{
    struct fixture *f = *state;

    set(f, "Upgrade_Rule", "http://h/fw/spa50x-30x-7-5-2b.bin");
    check(f);
    set(f, "Upgrade_Rule", "($SWVER lt 7.5.2b)? http://h/fw/spa50x-30x-7-5-2b.bin");
    check(f);
    set(f, "Upgrade_Rule", "");
    check(f);
    assert_int_equal(f->fetcher.n_seen, 0);
}

static void a_rule_names_its_server(void **state)
{
    struct fixture *f = *state;
    struct prov_upgrade_status st;

    set(f, "Upgrade_Rule", "/spa50x-30x-7-5-5.bin");
    check(f);
    assert_int_equal(f->fetcher.n_seen, 0);
    prov_upgrade_status(f->prov, &st);
    assert_non_null(strstr(st.error, "bad rule"));
}

static void a_failure_is_tried_again_after_its_delay(void **state)
{
    struct fixture *f = *state;
    struct prov_upgrade_status st;

    set(f, "Upgrade_Rule", RULE);
    set(f, "Upgrade_Error_Retry_Delay", "60,300");
    check(f);
    assert_int_equal(f->fetcher.n_seen, 1);
    assert_false(f->upgraded);
    assert_string_equal(f->error, "HTTP 404");
    check(f); /* not before its time */
    assert_int_equal(f->fetcher.n_seen, 1);
    advance_s(f, 61);
    assert_int_equal(f->fetcher.n_seen, 2);
    prov_upgrade_status(f->prov, &st);
    assert_in_range(st.retry_s, 290, 300);
    serve(f, RULE, image);
    advance_s(f, 301);
    assert_int_equal(f->fetcher.n_seen, 3);
    assert_true(f->upgraded);
    advance_s(f, 10 * HOUR_S);
    assert_int_equal(f->fetcher.n_seen, 3);
}

static void upgcond_may_tell_the_condition_that_held(void **state)
{
    static const struct {
        const char *upgrade, *told;
    } rows[] = {{"(1 eq 2)? http://h/a.bin | ($SWVER < 7.6.0 and $PRVST eq 0)? " RULE,
                 "7.5.2b<7.6.0 and 0=0"},
                {"($SWVER < 7.0.0)? http://h/a.bin | http://h/other.bin", "1"}};
    struct fixture *f = *state;
    struct rule_request req;
    struct parse_err pe = {.text = ""};

    set(f, "Report_Rule", "http://h/$UPGCOND");
    for (unsigned i = 0; i < 2; i++) {
        set(f, "Sim_UPGCOND_Text", "Yes");
        set(f, "Upgrade_Rule", rows[i].upgrade);
        check(f);
        f->fetcher.n_seen = 0;
        set(f, "GPP_A", "$UPGCOND");
        set(f, "Profile_Rule", "[--post a] http://h/x");
        boot(f);
        assert_string_equal(f->fetcher.seen[0].post, rows[i].told);
        set(f, "Sim_UPGCOND_Text", "No");
        assert_int_equal(prov_rule_read(f->prov, PROV_REPORT_RULE, &req, &pe), 0);
        assert_string_equal(req.url, "http://h/1");
        rule_request_reset(&req);
    }
}

static void another_url_is_another_load(void **state)
{
    struct fixture *f = *state;

    set(f, "Upgrade_Rule", RULE);
    check(f);
    serve(f, "http://other/fw/spa50x-30x-7-5-5.bin", image);
    set(f, "Upgrade_Rule", "http://other/fw/spa50x-30x-7-5-5.bin");
    check(f);
    assert_int_equal(f->fetcher.n_seen, 2);
    assert_true(f->upgraded);
}

static void a_file_that_is_no_load_changes_nothing(void **state)
{
    struct fixture *f = *state;

    serve(f, RULE, "<html>no</html>");
    set(f, "Upgrade_Rule", RULE);
    check(f);
    assert_false(f->upgraded);
    assert_string_equal(f->error, "corrupt file: too short for a load");
}

static void upgrade_enable_gates_all_of_it(void **state)
{
    struct fixture *f = *state;

    set(f, "Upgrade_Enable", "No");
    set(f, "Upgrade_Rule", RULE);
    check(f);
    assert_int_equal(prov_upgrade_start(f->prov, RULE, NULL), EACCES);
    assert_int_equal(f->fetcher.n_seen, 0);
}

static void it_waits_for_idle_lines(void **state)
{
    struct fixture *f = *state;

    serve(f, "tftp://192.0.2.66/spa50x-30x-7-5-5.bin", image);
    f->busy = true;
    assert_int_equal(prov_upgrade_start(f->prov, "/spa50x-30x-7-5-5.bin", "192.0.2.66"), 0);
    advance_s(f, HOUR_S);
    assert_int_equal(f->fetcher.n_seen, 0);
    f->busy = false;
    prov_idle(f->prov);
    advance_s(f, 1);
    assert_requests(f, 1, "tftp://192.0.2.66/spa50x-30x-7-5-5.bin");
    assert_true(f->upgraded);
}

static void macros_know_of_upgrades(void **state)
{
    struct fixture *f = *state;

    set(f, "Upgrade_Rule", RULE);
    set(f, "Upgrade_Error_Retry_Delay", "0");
    check(f);
    advance_s(f, 99);
    set(f, "Profile_Rule", "(\"$UPGERR\" eq \"file not found\")? http://h/$UPGST/$UPGTMR.xml");
    boot(f);
    assert_requests(f, 2, "http://h/2/100.xml");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_upgrade, teardown)
        TEST(names_tell_versions),
        TEST(what_is_no_load_for_this_phone_is_refused),
        TEST(a_rule_is_loaded_once),
        TEST(what_runs_already_is_not_asked_for),
        TEST(a_rule_names_its_server),
        TEST(a_failure_is_tried_again_after_its_delay),
        TEST(upgcond_may_tell_the_condition_that_held),
        TEST(another_url_is_another_load),
        TEST(a_file_that_is_no_load_changes_nothing),
        TEST(upgrade_enable_gates_all_of_it),
        TEST(it_waits_for_idle_lines),
        TEST(macros_know_of_upgrades),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
