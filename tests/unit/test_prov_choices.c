/* SPDX-License-Identifier: BSD-3-Clause */
/* What a pass does otherwise when it is told (provisioning.md 18), and what models do. */
#include "sim/prov/container.h"
#include "tests/support/fake_prov.h"

static enum page_access access_of(const struct fixture *f, enum param_id id)
{
    return param_user_access(f->params, id, 0);
}

static void an_element_without_ua_leaves_the_access_or_restores_it(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE("<GPP_A ua='rw'>1</GPP_A><Time_Format ua='na'/>"));
    boot(f);
    serve(f, FACTORY, PROFILE("<GPP_A>2</GPP_A><Time_Format/>"));
    boot(f);
    assert_int_equal(access_of(f, P_GPP_A), PAGE_WRITABLE);
    assert_int_equal(access_of(f, P_Time_Format), PAGE_HIDDEN);
    set(f, "Sim_Profile_Access_Factory", "Yes");
    boot(f);
    assert_int_equal(access_of(f, P_GPP_A), PAGE_HIDDEN);
    assert_int_equal(access_of(f, P_Time_Format), PAGE_WRITABLE);
    assert_string_equal(param_get(f->params, P_GPP_A, 0), "2");
}

static void a_bare_host_from_dhcp_is_asked_as_told(void **state)
{
    struct fixture *f = *state;

    set(f, "Transport_Protocol", "http");
    boot(f);
    assert_requests(f, 1, "http://192.0.2.1/spa504G.cfg");
    set(f, "Transport_Protocol", "https");
    set(f, "Profile_Rule", "/a.xml");
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, NULL), 0);
    advance_s(f, 1);
    assert_requests(f, 2, "https://192.0.2.1/a.xml");
    f->cfg.dhcp_value = "http://192.0.2.9:81/dir"; /* has its own */
    again(f);
    boot(f);
    assert_requests(f, 3, "http://192.0.2.9:81/a.xml");
}

static void the_order_of_dhcp_options_is_the_phones_own(void **state)
{
    struct fixture *f = *state;

    f->cfg.dhcp_value = "150=192.0.2.150\n66=192.0.2.66\n160=http://192.0.2.160/dir/$PN.xml";
    again(f);
    boot(f);
    assert_requests(f, 1, "tftp://192.0.2.66/spa504G.cfg");
    set(f, "DHCP_Option_To_Use", "43, 160,66");
    boot(f);
    assert_requests(f, 2, "http://192.0.2.160/dir/SPA504G.xml");
    set(f, "DHCP_Option_To_Use", "125,150");
    boot(f);
    assert_requests(f, 3, "tftp://192.0.2.150/spa504G.cfg");
    set(f, "DHCP_Option_To_Use", "6,16,x,159");
    boot(f);
    assert_int_equal(f->fetcher.n_seen, 3); /* nothing that it looks at */
    assert_false(f->last.ok);
}

static void a_static_address_leaves_dhcp_unasked(void **state)
{
    struct fixture *f = *state;

    set(f, "Connection_Type", "Static IP");
    boot(f);
    assert_int_equal(f->fetcher.n_seen, 0);
    assert_non_null(strstr(f->error, "DHCP gave none"));
    set(f, "Profile_Rule", "http://h/a.xml");
    boot(f);
    assert_requests(f, 1, "http://h/a.xml");
    set(f, "Profile_Rule", "/b.xml");
    set(f, "Connection_Type", "DHCP");
    boot(f);
    assert_requests(f, 2, "tftp://192.0.2.1/b.xml");
}

static void vendor_options_count_as_texts_from_7_5_on(void **state)
{
    struct fixture *f = *state;

    f->cfg.dhcp_value = "125=http://192.0.2.125/dir\n43=192.0.2.43\n60=https://192.0.2.60/$MA.xml";
    again(f);
    boot(f); /* 7.4.9c looks at the first four of the list */
    assert_int_equal(f->fetcher.n_seen, 0);
    set(f, "DHCP_Option_To_Use", "66,43,125"); /* unless it is told */
    boot(f);
    assert_requests(f, 1, "tftp://192.0.2.43/spa504G.cfg");
    set(f, "DHCP_Option_To_Use", "66,160,159,150,60,43,125");
    f->id.firmware = "7.5.2b";
    boot(f);
    assert_requests(f, 2, "https://192.0.2.60/649ef3788e6a.xml");
    f->cfg.dhcp_value = "150=192.0.2.150,192.0.2.151"; /* a list: the first */
    again(f);
    boot(f);
    assert_requests(f, 3, "tftp://192.0.2.150/spa504G.cfg");
}

static void option_66_may_be_a_host_name_only(void **state)
{
    struct fixture *f = *state;

    set(f, "Sim_DHCP_Host_Only", "Yes");
    f->cfg.dhcp_value = "http://192.0.2.9/dir";
    again(f);
    boot(f);
    assert_int_equal(f->fetcher.n_seen, 0);
    assert_non_null(strstr(f->error, "DHCP gave none"));
    f->cfg.dhcp_value = "66=http://192.0.2.9/dir\n160=http://192.0.2.8/dir";
    again(f);
    boot(f);
    assert_int_equal(f->fetcher.n_seen, 0);
    set(f, "DHCP_Option_To_Use", "160,66"); /* only 66 is so */
    boot(f);
    assert_requests(f, 1, "http://192.0.2.8/dir/spa504G.cfg");
    f->cfg.dhcp_value = "66=192.0.2.7";
    again(f);
    boot(f);
    assert_requests(f, 2, "tftp://192.0.2.7/spa504G.cfg");
}

static void the_product_series_has_three_forms(void **state)
{
    static const char *const forms[][2] = {
        {"full", "504G"}, {"number", "504"}, {"lower", "504g"}, {"", "504G"}};
    struct fixture *f = *state;
    char url[64];

    for (unsigned i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        set(f, "Sim_PSN_Form", forms[i][0]);
        boot(f);
        snprintf(url, sizeof(url), "tftp://192.0.2.1/spa%s.cfg", forms[i][1]);
        assert_requests(f, i + 1, url);
    }
}

static void a_spa500_may_lack_its_secret_parameters(void **state)
{
    static const char rule[] = "[--uid x$SA] http://h/a";
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE("<GPP_SA>prov</GPP_SA><GPP_A>a</GPP_A>"));
    set(f, "Sim_SPA500_Has_GPP_SA", "No");
    boot(f);
    assert_string_equal(param_get(f->params, P_GPP_A, 0), "a");
    assert_string_equal(param_get(f->params, P_GPP_SA, 0), "");
    assert_int_equal(param_set_name(f->params, "GPP_SA", "x", PARAM_FROM_USER, NULL), ENOENT);
    set(f, "Profile_Rule", rule);
    boot(f);
    assert_string_equal(f->fetcher.seen[1].uid, "x$SA");
    set(f, "Sim_SPA500_Has_GPP_SA", "Yes");
    set(f, "GPP_SA", "prov");
    boot(f);
    assert_string_equal(f->fetcher.seen[2].uid, "xprov");
}

static void a_uc_server_may_be_looked_for_first(void **state)
{
    struct fixture *f = *state;

    set(f, "Sim_SPCP_Probe", "Yes");
    boot(f);
    assert_requests(f, 4, FACTORY);
    assert_string_equal(f->fetcher.seen[0].url, "tftp://192.0.2.1/SEP649EF3788E6A.cnf.xml");
    assert_string_equal(f->fetcher.seen[1].url, "tftp://192.0.2.1/CTLSEP649EF3788E6A.tlv");
    assert_string_equal(f->fetcher.seen[2].url, "tftp://192.0.2.1/XMLDefault.cnf.xml");
    assert_true(f->fetcher.seen[2].bare_path);
    assert_int_equal(f->n_fetched, 1); /* the phone's own file */
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, NULL), 0);
    advance_s(f, 1);
    assert_requests(f, 5, FACTORY);
    set(f, "SPCP_Auto-detect", "No");
    boot(f);
    assert_requests(f, 6, FACTORY);
}

static void firmware_may_not_come_by_https(void **state)
{
    static const char url[] = "https://h/spa50x-30x-7-5-5.bin";
    struct fixture *f = *state;

    set(f, "Sim_Upgrade_HTTPS", "No");
    assert_int_equal(prov_upgrade_start(f->prov, url, NULL), 0);
    assert_int_equal(f->fetcher.n_seen, 0);
    assert_int_equal(f->n_upgrades, 1);
    set(f, "Sim_Upgrade_HTTPS", "Yes");
    assert_int_equal(prov_upgrade_start(f->prov, url, NULL), 0);
    assert_requests(f, 1, url);
}

static void only_restricted_domains_are_asked(void **state)
{
    static const struct {
        const char *rule;
        bool allowed;
    } cases[] = {
        {"http://prov.example.com/a", true},
        {"http://EXAMPLE.com:8080/a", true},
        {"http://notexample.com/a", false},
        {"http://example.com.evil.test/a", false},
        {"https://192.0.2.7/a", true},
        {"tftp://1.192.0.2.77/a", false},
        {"http://five.test/a", true},
        {"http://six.test/a", false},
        {"http://me:x@c.test/a", true},
        {"http://c.test:x@six.test/a", false},
        {"http://c.test:long-password@six.test/a", false},
    };
    struct fixture *f = *state;
    unsigned n = 0;

    set(f, "Restricted_Access_Domains", "example.com, 192.0.2.7;c.test d.test five.test six.test");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        set(f, "Profile_Rule", cases[i].rule);
        assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, NULL), 0);
        advance_s(f, 1);
        n += cases[i].allowed;
        assert_int_equal(f->fetcher.n_seen, n);
        assert_int_equal(f->class, cases[i].allowed ? PROV_CLASS_B : PROV_CLASS_C);
        assert_int_equal(strstr(f->error, "Restricted_Access_Domains") != NULL, !cases[i].allowed);
    }
    assert_int_equal(prov_upgrade_start(f->prov, "http://six.test/spa50x-30x-7-5-5.bin", NULL), 0);
    advance_s(f, 1);
    assert_int_equal(f->fetcher.n_seen, n);
    assert_int_equal(f->n_upgrades, 1);
    assert_false(f->upgraded);
}

static void become(struct fixture *f, const char *model)
{
    mem_deref(f->prov);
    mem_deref(f->params);
    f->cfg.model = device_model_find(model);
    assert_non_null(f->cfg.model);
    assert_int_equal(param_set_alloc(&f->params, f->cfg.model, f->pool), 0);
    f->cfg.params = f->params;
    assert_int_equal(prov_alloc(&f->prov, &f->cfg, &fixture_handlers, f), 0);
}

static void a_6800_says_who_it_is_as_told(void **state)
{
    struct fixture *f = *state;

    become(f, "6841");
    boot(f);
    assert_string_equal(f->fetcher.seen[0].agent, "Cisco-CP-6841-3PCC/7.4.9c (649ef3788e6a)");
    set(f, "HTTP_User_Agent_Name", "Acme $PN/$SWVER\n$VERSION $SA");
    boot(f);
    assert_string_equal(f->fetcher.seen[1].agent,
                        "Acme CP-6841-3PCC/sip68xx.7.4.9c Cisco-CP-6841-3PCC/7.4.9c $SA");
}

static void a_6800_answers_with_the_account_its_user_gave(void **state)
{
    static const char url[] = "http://h/a.xml", own[] = "[--uid rule --pwd r] http://h/a.xml";
    struct fixture *f = *state;

    become(f, "6841");
    put(f, (struct file){.url = url, .error = "HTTP 401", .err = EPROTO, .status = 401});
    set(f, "Profile_Rule", own);
    boot(f);
    assert_false(prov_account_wanted(f->prov)); /* the rule has credentials */
    set(f, "Profile_Rule", url);
    boot(f);
    assert_true(prov_account_wanted(f->prov));
    assert_false(prov_account_wanted(f->prov));
    boot(f);
    assert_false(prov_account_wanted(f->prov)); /* once */
    assert_int_equal(prov_account_set(f->prov, "u", "p"), 0);
    boot(f);
    assert_string_equal(f->fetcher.seen[3].uid, "u");
    assert_string_equal(f->fetcher.seen[3].pwd, "p");
    set(f, "Profile_Rule", own);
    boot(f);
    assert_string_equal(f->fetcher.seen[4].uid, "rule");
    set(f, "Profile_Rule", url);
    set(f, "Profile_Authentication_Type", "XSI Authentication");
    assert_string_equal(prov_account_uid(f->prov), ""); /* that one was for Basic */
    boot(f);
    assert_string_equal(f->fetcher.seen[5].uid, "");
    set(f, "Profile_Authentication_Type", "Disabled");
    prov_stop(f->prov);
    boot(f);
    assert_false(prov_account_wanted(f->prov));
    set(f, "Profile_Authentication_Type", "Basic HTTP Authentication");
    prov_forget(f->prov);
    assert_string_equal(prov_account_uid(f->prov), "");
    become(f, "SPA504G");
    set(f, "Profile_Rule", url);
    boot(f);
    assert_false(prov_account_wanted(f->prov));
}

static void a_6800_seals_its_report_with_its_keying_material(void **state)
{
    const struct container_key key = {.text = "sesame", .len = 6};
    struct fixture *f = *state;
    struct parse_err pe = {.text = ""};
    uint8_t *text = NULL;
    size_t len = 0;

    become(f, "6841");
    set(f, "IKM_HTTP_Encrypt_Content", "sesame");
    set(f, "Report_Rule", "http://h/r");
    assert_int_equal(prov_report(f->prov, &pe), 0);
    const struct seen *s = &f->fetcher.seen[0];
    assert_string_equal(s->header, "Content-Encoding: aes128gcm");
    assert_int_equal(
        container_aes128gcm(&text, &len, (const uint8_t *)s->post, s->post_len, &key, &pe), 0);
    assert_memory_equal(text, "<flat-profile>\n", 15);
    assert_memory_equal(text + len - 16, "</flat-profile>\n", 16);
    free(text);
    advance_s(f, 1);
    set(f, "Report_Rule", "[--key k] http://h/r"); /* the key has precedence */
    assert_int_equal(prov_report(f->prov, &pe), 0);
    assert_string_equal(f->fetcher.seen[1].header, "");
    assert_memory_equal(f->fetcher.seen[1].post, "Salted__", 8);
}

static void a_report_waits_for_its_server_as_long_as_a_profile(void **state)
{
    struct fixture *f = *state;
    struct parse_err pe = {.text = ""};

    set(f, "Sim_Fetch_Timeout", "7");
    set(f, "Profile_Rule", "http://h/p");
    set(f, "Report_Rule", "http://h/r");
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, NULL), 0);
    advance_s(f, 1);
    assert_int_equal(prov_report(f->prov, &pe), 0);
    assert_int_equal(f->fetcher.n_seen, 2);
    assert_int_equal(f->fetcher.seen[0].timeout_ms, 7000);
    assert_int_equal(f->fetcher.seen[1].timeout_ms, 7000);
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(an_element_without_ua_leaves_the_access_or_restores_it),
        T(a_bare_host_from_dhcp_is_asked_as_told),
        T(the_order_of_dhcp_options_is_the_phones_own),
        T(a_static_address_leaves_dhcp_unasked),
        T(vendor_options_count_as_texts_from_7_5_on),
        T(option_66_may_be_a_host_name_only),
        T(the_product_series_has_three_forms),
        T(a_spa500_may_lack_its_secret_parameters),
        T(a_uc_server_may_be_looked_for_first),
        T(firmware_may_not_come_by_https),
        T(only_restricted_domains_are_asked),
        T(a_report_waits_for_its_server_as_long_as_a_profile),
        T(a_6800_says_who_it_is_as_told),
        T(a_6800_answers_with_the_account_its_user_gave),
        T(a_6800_seals_its_report_with_its_keying_material),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
