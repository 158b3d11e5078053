/* SPDX-License-Identifier: BSD-3-Clause */
/* What macros stand for in the rules of a phone (provisioning.md 2.2). */
#include "tests/support/fake_prov.h"

static void every_macro_has_its_value(void **state)
{
    static const char *const macros[][2] = {
        {"$MA", "649ef3788e6a"},
        {"$MAU", "649EF3788E6A"},
        {"$MAC", "64:9e:f3:78:8e:6a"},
        {"$PN", "SPA504G"},
        {"$PSN", "504G"},
        {"$SN", "CCQ162306EA"},
        {"$SWVER", "7.4.9c"},
        {"$HWVER", "1.0.2(0001)"},
        {"$IP", "192.168.1.100"},
        {"$CCERT", "Installed"},
        {"$EXTIP", ""},
        {"$ISCUST", "0"},
        {"$PRVST", "-1"},
        {"$PRVTMR", "0"},
        {"$UPGST", "1"},
        {"$UPGTMR", "0"},
        {"$UPGERR", ""},
        {"$UPGCOND", "1"},
        {"$ERR", ""},
        {"$SCHEME", ""},
        {"$PATH", ""},
        {"$SERVIP", ""},
        {"$REGTMR1", "0"},
        {"$REGTMR2", "77"},
        {"$GPP_A", "first"},
        {"$(MAU:4)", "F3788E6A"},
        {"$(MAU:8:2)", "8E"},
        {"$A", "first"},
        {"$P", "last"},
        {"$GPP_P", "last"},
        {"$B", ""},
        {"$UID1", "1001"},
        {"$UID4", "1004"},
        {"$UID5", "$UID5"},
        {"$UID0", "$UID0"},
        {"$UID01", "$UID01"},
        {"$UID", "$UID"},
        {"$UID1x", "$UID1x"},
        {"$SA", "$SA"},
        {"$Q", "$Q"},
        {"$$MA", "$MA"},
    };
    struct fixture *f = *state;
    char rule[64], url[128];

    f->unregistered_s[1] = 77;
    set(f, "GPP_A", "first");
    set(f, "GPP_P", "last");
    set(f, "GPP_SA", "secret");
    set(f, "User_ID_1_", "1001");
    set(f, "User_ID_4_", "1004");
    for (size_t i = 0; i < sizeof(macros) / sizeof(macros[0]); i++) {
        snprintf(rule, sizeof(rule), "http://h/-%s", macros[i][0]);
        snprintf(url, sizeof(url), "http://h/-%s", macros[i][1]);
        again(f);
        f->fetcher.n_seen = 0;
        assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, rule), 0);
        advance_s(f, 1);
        assert_requests(f, 1, url);
    }
}

static void parts_of_the_last_url_are_known(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, "http://prov.test:8080/a/b?c"), 0);
    advance_s(f, 1);
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, "tftp://h/$SCHEME-$METH-$SERV-$PORT$PATH"),
                     0);
    advance_s(f, 1);
    assert_requests(f, 2, "tftp://h/http-http-prov.test-8080/a/b?c");
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, "http://h/$PORT-$SERVIP"), 0);
    advance_s(f, 1);
    assert_requests(f, 3, "http://h/69-192.0.2.7");
}

static void an_mpp_writes_its_version_as_its_loads_are_called(void **state)
{
    static const char *const versions[][2] = {
        {"11.3.1", "sip68xx.11-3-1MPP-1"},
        {"11.3.2", "sip68xx.11-3-2MPP0001-1"},
        {"12.0.7", "sip68xx.12-0-7MPP0001-1"},
        {"11-3-1MPP-697", "sip68xx.11-3-1MPP-697"},
    };
    struct fixture *f = *state;
    struct param_set *own = f->params;
    char url[64];

    f->cfg.model = device_model_find("6841");
    assert_int_equal(param_set_alloc(&f->params, f->cfg.model, f->pool), 0);
    f->cfg.params = f->params;
    mem_deref(own);
    again(f);
    for (unsigned i = 0; i < 4; i++) {
        f->id.firmware = versions[i][0];
        snprintf(url, sizeof(url), "http://h/%s", versions[i][1]);
        assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, "http://h/$SWVER"), 0);
        advance_s(f, 1);
        assert_requests(f, i + 1, url);
    }
}

static void lines_above_nine_have_users_too(void **state)
{
    struct fixture *f = *state;
    struct param_set *own = f->params;

    f->cfg.model = device_model_find("SPA509G");
    assert_int_equal(param_set_alloc(&f->params, f->cfg.model, f->pool), 0);
    f->cfg.params = f->params;
    mem_deref(own);
    again(f);
    set(f, "User_ID_12_", "1012");
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, "http://h/$UID12-$UID13"), 0);
    advance_s(f, 1);
    assert_requests(f, 1, "http://h/1012-$UID13");
}

static void the_cause_and_the_time_since_the_last_attempt_are_told(void **state)
{
    struct fixture *f = *state;

    set(f, "Profile_Rule", "http://h/$PRVST-$PRVTMR");
    set(f, "Resync_Error_Retry_Delay", "60");
    set(f, "Resync_Periodic", "600");
    boot(f);
    assert_requests(f, 1, "http://h/0-0");
    serve(f, "http://h/2-60", PROFILE(""));
    advance_s(f, 61);
    assert_requests(f, 2, "http://h/2-60");
    assert_true(f->last.ok);
    advance_s(f, 600);
    assert_requests(f, 3, "http://h/1-600");
}

static void the_last_error_is_told_to_the_retry(void **state)
{
    struct fixture *f = *state;

    set(f, "Profile_Rule", "http://h/$PRVST?e=$(ERR:5:3)");
    boot(f);
    advance_s(f, HOUR_S);
    assert_requests(f, 2, "http://h/2?e=not");
}

static void credentials_may_be_secrets(void **state)
{
    struct fixture *f = *state;

    set(f, "GPP_SA", "prov");
    set(f, "GPP_SD", "top secret");
    set(f, "Profile_Rule", "[--uid $SA --pwd \"$SD\"]http://h/$SA/$PSN.xml");
    boot(f);
    assert_requests(f, 1, "http://h/$SA/504G.xml");
    assert_string_equal(f->fetcher.seen[0].uid, "prov");
    assert_string_equal(f->fetcher.seen[0].pwd, "top secret");
}

static void a_posted_parameter_is_expanded_and_whole(void **state)
{
    struct fixture *f = *state;
    char text[3001];

    set(f, "GPP_F", "Product = \"$PN\"; MAC_Addr = \"$MA\"; key = \"$SA\";");
    set(f, "GPP_SA", "secret");
    set(f, "Profile_Rule", "[--post f]http://h/x");
    set(f, "Resync_Error_Retry_Delay", "60");
    boot(f);
    assert_string_equal(f->fetcher.seen[0].post,
                        "Product = \"SPA504G\"; MAC_Addr = \"649ef3788e6a\"; key = \"$SA\";");
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    set(f, "GPP_F", text);
    advance_s(f, 61);
    assert_int_equal(f->fetcher.n_seen, 2);
    assert_string_equal(f->fetcher.seen[1].post, text);
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(every_macro_has_its_value),
        T(parts_of_the_last_url_are_known),
        T(an_mpp_writes_its_version_as_its_loads_are_called),
        T(lines_above_nine_have_users_too),
        T(the_cause_and_the_time_since_the_last_attempt_are_told),
        T(the_last_error_is_told_to_the_retry),
        T(credentials_may_be_secrets),
        T(a_posted_parameter_is_expanded_and_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
