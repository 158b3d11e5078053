/* SPDX-License-Identifier: BSD-3-Clause */
/* The resync state machine (provisioning.md 1.3, 3.1, 4, 10). */
#include "sim/prov/rule.h"
#include "tests/support/alloc.h"
#include "tests/support/fake_prov.h"

/* ---- a pass */

static void a_factory_phone_asks_dhcps_server_for_its_models_file(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY,
          PROFILE("<Proxy_1_>pbx.test</Proxy_1_><User_ID_1_>1001</User_ID_1_>"
                  "<Odd>1</Odd>"));
    boot(f);
    assert_requests(f, 1, FACTORY);
    assert_string_equal(f->fetcher.seen[0].agent,
                        "Cisco/SPA504G-7.4.9c (649EF3788E6A)(CCQ162306EA)");
    assert_null(f->fetcher.seen[0].post);
    assert_int_equal(f->n_done, 1);
    assert_true(f->last.ok);
    assert_int_equal(f->last.n_files, 1);
    assert_int_equal(f->last.n_changed, 2);
    assert_string_equal(param_get(f->params, P_Proxy, 1), "pbx.test");
}

static void rules_that_the_first_file_sets_run_in_the_same_pass(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY,
          PROFILE("<Profile_Rule_B>http://h/spa-phone.xml</Profile_Rule_B>"
                  "<Profile_Rule_C>http://h/$MA.xml</Profile_Rule_C>"));
    serve(f, "http://h/spa-phone.xml", PROFILE("<Profile_Rule_D>/last.xml</Profile_Rule_D>"));
    serve(f, "http://h/649ef3788e6a.xml", PROFILE("<User_ID_1_>1001</User_ID_1_>"));
    serve(f, "tftp://192.0.2.1/last.xml", PROFILE("<User_ID_2_>1002</User_ID_2_>"));
    boot(f);
    assert_requests(f, 4, "tftp://192.0.2.1/last.xml");
    assert_string_equal(f->fetcher.seen[1].url, "http://h/spa-phone.xml");
    assert_string_equal(f->fetcher.seen[2].url, "http://h/649ef3788e6a.xml");
    assert_int_equal(f->n_done, 1);
    assert_int_equal(f->last.n_files, 4);
    assert_int_equal(f->last.n_changed, 5);
}

static void an_empty_rule_is_skipped(void **state)
{
    struct fixture *f = *state;

    set(f, "Profile_Rule", "");
    set(f, "Profile_Rule_C", "/c.xml");
    serve(f, "tftp://192.0.2.1/c.xml", PROFILE(""));
    boot(f);
    assert_requests(f, 1, "tftp://192.0.2.1/c.xml");
    assert_true(f->last.ok);
}

static void a_changed_first_rule_waits_for_the_next_pass(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY,
          PROFILE("<Profile_Rule>http://h/spa$MA.xml</Profile_Rule>"
                  "<Resync_Periodic>3</Resync_Periodic>"));
    serve(f, "http://h/spa649ef3788e6a.xml", PROFILE("<Resync_Periodic>86400</Resync_Periodic>"));
    boot(f);
    assert_int_equal(f->fetcher.n_seen, 1);
    assert_int_equal(f->last.next_s, 3);
    advance_s(f, 3);
    assert_requests(f, 2, "http://h/spa649ef3788e6a.xml");
    assert_int_equal(f->last.next_s, 86400);
}

static void a_file_that_names_itself_is_fetched_four_times_at_most(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY,
          PROFILE("<Profile_Rule_B>/spa$PSN.cfg</Profile_Rule_B>"
                  "<Profile_Rule_C>/spa$PSN.cfg</Profile_Rule_C>"
                  "<Profile_Rule_D>/spa$PSN.cfg</Profile_Rule_D>"));
    boot(f);
    advance_s(f, 60);
    assert_int_equal(f->fetcher.n_seen, 4);
    assert_int_equal(f->n_done, 1);
    assert_int_equal(f->last.n_changed, 3);
}

static void the_later_file_wins_and_an_empty_element_changes_nothing(void **state)
{
    struct fixture *f = *state;

    set(f, "Profile_Rule_B", "/b.xml");
    set(f, "Station_Name", "kept");
    serve(f, FACTORY,
          PROFILE("<Proxy_1_>a</Proxy_1_><Proxy_1_>b</Proxy_1_>"
                  "<Proxy_2_>a</Proxy_2_>"));
    serve(f, "tftp://192.0.2.1/b.xml", PROFILE("<Proxy_1_>c</Proxy_1_><Proxy_2_/><Station_Name/>"));
    boot(f);
    assert_string_equal(param_get(f->params, P_Proxy, 1), "c");
    assert_string_equal(param_get(f->params, P_Proxy, 2), "a");
    assert_string_equal(param_get(f->params, P_Station_Name, 0), "kept");
}

static void values_that_do_not_fit_are_passed_over(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY,
          PROFILE("<Register_Expires_1_>soon</Register_Expires_1_>"
                  "<Proxy_1_>a</Proxy_1_>"));
    boot(f);
    assert_true(f->last.ok);
    assert_int_equal(f->last.n_changed, 1);
    assert_int_equal(param_u32(f->params, P_Register_Expires, 1), 3600);
}

/* ---- DHCP */

static void a_whole_url_from_dhcp_replaces_the_factory_rule_only(void **state)
{
    struct fixture *f = *state;

    f->cfg.dhcp_value = "http://prov.test:8667/boot/$PN.xml";
    again(f);
    serve(f, "http://prov.test:8667/boot/SPA504G.xml",
          PROFILE("<Profile_Rule>/own.xml</Profile_Rule>"));
    serve(f, "http://prov.test:8667/own.xml", PROFILE(""));
    boot(f);
    assert_requests(f, 1, "http://prov.test:8667/boot/SPA504G.xml");
    advance_s(f, HOUR_S);
    assert_requests(f, 2, "http://prov.test:8667/own.xml");
}

static void without_dhcp_a_path_alone_is_a_failure(void **state)
{
    struct fixture *f = *state;

    f->cfg.dhcp_value = NULL;
    again(f);
    boot(f);
    assert_int_equal(f->fetcher.n_seen, 0);
    assert_false(f->last.ok);
    assert_string_equal(f->error, "bad rule: the rule names no server and DHCP gave none");
    assert_int_equal(f->last.next_s, HOUR_S);
}

/* ---- failures */

static void a_failed_fetch_ends_the_pass_and_the_retry_begins_with_rule_a(void **state)
{
    struct fixture *f = *state;

    set(f, "Profile_Rule_B", "/b.xml");
    set(f, "Profile_Rule_C", "/c.xml");
    serve(f, FACTORY, PROFILE("<Proxy_1_>a</Proxy_1_>"));
    fail_with(f, "tftp://192.0.2.1/b.xml", "timeout");
    boot(f);
    assert_requests(f, 2, "tftp://192.0.2.1/b.xml");
    assert_string_equal(f->error, "timeout");
    assert_false(f->last.ok);
    assert_int_equal(f->last.n_files, 1);
    assert_string_equal(param_get(f->params, P_Proxy, 1), "a");
    advance_s(f, HOUR_S - 2);
    assert_int_equal(f->fetcher.n_seen, 2);
    advance_s(f, 2);
    assert_int_equal(f->fetcher.n_seen, 4);
    assert_string_equal(f->fetcher.seen[2].url, FACTORY);
}

static void a_redirect_without_end_is_a_failure_like_any_other(void **state)
{
    struct fixture *f = *state;

    fail_with(f, FACTORY, "too many redirects");
    boot(f);
    advance_s(f, 10);
    assert_int_equal(f->fetcher.n_seen, 1);
    assert_false(f->last.ok);
    assert_int_equal(f->last.next_s, HOUR_S);
}

static void the_list_of_retry_delays_is_walked_and_its_last_repeats(void **state)
{
    static const unsigned delays[] = {60, 120, 240, 240};
    struct fixture *f = *state;

    set(f, "Resync_Error_Retry_Delay", "60,120,240");
    boot(f);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(f->n_done, i + 1);
        assert_int_equal(f->last.next_s, delays[i]);
        advance_s(f, delays[i]);
    }
    serve(f, FACTORY, PROFILE(""));
    advance_s(f, 240);
    assert_true(f->last.ok);
    serve(f, FACTORY, "broken");
    advance_s(f, HOUR_S);
    assert_false(f->last.ok);
    assert_int_equal(f->last.next_s, 60);
}

static void a_delay_may_have_a_random_part(void **state)
{
    struct fixture *f = *state;
    uint32_t low = UINT32_MAX, high = 0;

    set(f, "Resync_Error_Retry_Delay", "100+50");
    boot(f);
    for (unsigned i = 0; i < 25; i++) {
        low = f->last.next_s < low ? f->last.next_s : low;
        high = f->last.next_s > high ? f->last.next_s : high;
        advance_s(f, f->last.next_s);
    }
    assert_in_range(low, 100, 115);
    assert_in_range(high, 135, 150);
}

static void a_retry_delay_of_zero_means_no_further_attempt(void **state)
{
    struct fixture *f = *state;

    set(f, "Resync_Error_Retry_Delay", "0");
    boot(f);
    assert_false(f->last.ok);
    assert_int_equal(f->last.next_s, 0);
    advance_s(f, 100 * HOUR_S);
    assert_int_equal(f->fetcher.n_seen, 1);
}

static void a_missing_file_is_a_failure_unless_told_otherwise(void **state)
{
    struct fixture *f = *state;

    set(f, "Profile_Rule_B", "/b.xml");
    serve(f, "tftp://192.0.2.1/b.xml", PROFILE(""));
    boot(f);
    assert_false(f->last.ok);
    assert_string_equal(f->error, "HTTP 404");
    set(f, "Resync_Fails_On_FNF", "No");
    advance_s(f, HOUR_S);
    assert_requests(f, 3, "tftp://192.0.2.1/b.xml");
    assert_true(f->last.ok);
    assert_int_equal(f->last.n_files, 1);
}

static void tolerance_is_for_missing_files_only(void **state)
{
    struct fixture *f = *state;

    set(f, "Resync_Fails_On_FNF", "No");
    fail_with(f, FACTORY, "connection refused");
    boot(f);
    assert_false(f->last.ok);
}

static void a_broken_file_leaves_the_old_configuration_untouched(void **state)
{
    struct fixture *f = *state;
    struct prov_status st;

    serve(f, FACTORY, PROFILE("<Proxy_1_>old</Proxy_1_>"));
    boot(f);
    serve(f, FACTORY, "<flat-profile>\n<Proxy_1_>new</Proxy_1_>\n<User_ID_1_>1001");
    advance_s(f, HOUR_S);
    assert_false(f->last.ok);
    assert_int_equal(f->last.n_changed, 0);
    assert_string_equal(param_get(f->params, P_Proxy, 1), "old");
    assert_string_equal(param_get(f->params, P_User_ID, 1), "");
    assert_string_equal(f->error, "corrupt file: line 3: the document ends inside <User_ID_1_>");
    prov_status_get(f->prov, &st);
    assert_string_equal(st.last_error, f->error);
    assert_string_equal(st.last_url, FACTORY);
    assert_int_equal(st.n_ok, 1);
    assert_int_equal(st.n_failed, 1);
    serve(f, FACTORY, PROFILE("<Proxy_1_>new</Proxy_1_>"));
    advance_s(f, HOUR_S);
    prov_status_get(f->prov, &st);
    assert_string_equal(st.last_error, "");
    assert_string_equal(param_get(f->params, P_Proxy, 1), "new");
}

static void a_page_that_is_no_profile_is_corrupt(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY, "<html><body>Log in</body></html>");
    boot(f);
    assert_false(f->last.ok);
    assert_string_equal(f->error, "corrupt file: no flat-profile element in it, but <html>");
}

static void a_rule_that_cannot_be_read_is_a_failure_with_its_reason(void **state)
{
    struct fixture *f = *state;

    set(f, "Profile_Rule", "[--colour red] http://h/new.xml");
    boot(f);
    assert_int_equal(f->fetcher.n_seen, 0);
    assert_false(f->last.ok);
    assert_string_equal(f->error, "bad rule: unknown URL option");
    assert_int_equal(f->class, PROV_CLASS_C);
    assert_int_equal(f->last.next_s, HOUR_S);
}

static void the_firmware_decides_between_alternatives(void **state)
{
    struct fixture *f = *state;

    set(f, "Profile_Rule", "($SWVER lt 7.5.2b)? http://h/old.xml | http://h/new.xml");
    serve(f, "http://h/old.xml", PROFILE(""));
    boot(f);
    assert_requests(f, 1, "http://h/old.xml");
    f->id.firmware = "7.5.5";
    set(f, "Resync_Periodic", "60");
    advance_s(f, HOUR_S);
    assert_requests(f, 2, "http://h/new.xml");
}

static void a_rule_in_which_nothing_applies_is_skipped(void **state)
{
    struct fixture *f = *state;

    set(f, "Profile_Rule", "($PRVST eq 1)? http://h/a.xml");
    set(f, "Profile_Rule_B", "http://h/b.xml");
    serve(f, "http://h/b.xml", PROFILE(""));
    boot(f);
    assert_requests(f, 1, "http://h/b.xml");
    assert_true(f->last.ok);
}

static void an_assignment_takes_effect_with_or_without_a_url(void **state)
{
    struct fixture *f = *state;

    set(f, "GPP_B", "7");
    set(f, "Profile_Rule", "(User_ID_1_ = \"uid$B\"; c = \"x\"; Odd = \"1\";)!");
    set(f, "Profile_Rule_B", "(Profile_Rule_B = \"\";)! http://h/$C.xml");
    serve(f, "http://h/x.xml", PROFILE(""));
    boot(f);
    assert_requests(f, 1, "http://h/x.xml");
    assert_true(f->last.ok);
    assert_int_equal(f->last.n_changed, 3);
    assert_string_equal(param_get(f->params, P_User_ID, 1), "uid7");
    assert_string_equal(param_get(f->params, P_Profile_Rule_B, 0), "");
}

static void what_was_passed_over_is_told(void **state)
{
    struct fixture *f = *state;
    struct prov_status st;

    set(f, "Profile_Rule", "($PN eq SPA504G)? /a.xml | /b.xml");
    serve(f, "tftp://192.0.2.1/b.xml", PROFILE(""));
    boot(f);
    assert_requests(f, 1, "tftp://192.0.2.1/b.xml");
    prov_status_get(f->prov, &st);
    assert_string_equal(st.note,
                        "SPA504G = SPA504G: neither a number, a version nor a text in quotes");
}

static void upgrade_and_report_rules_are_read_as_they_stand(void **state)
{
    struct fixture *f = *state;
    struct rule_request req;
    struct parse_err pe = {.text = ""};

    set(f, "Upgrade_Rule", "($SWVER lt 7.5.5)? http://h/spa50x-30x-7-5-5.bin");
    assert_int_equal(prov_rule_read(f->prov, PROV_UPGRADE_RULE, &req, &pe), 0);
    assert_string_equal(req.url, "http://h/spa50x-30x-7-5-5.bin");
    rule_request_reset(&req);
    set(f, "Upgrade_Rule", "/spa.bin");
    assert_int_equal(prov_rule_read(f->prov, PROV_UPGRADE_RULE, &req, &pe), ENOENT);
    assert_string_equal(pe.text, "an upgrade rule names its server");
    set(f, "GPP_SA", "k");
    set(f, "Report_Rule", "[--delta --key $SA] /report/$MA");
    assert_int_equal(prov_rule_read(f->prov, PROV_REPORT_RULE, &req, &pe), 0);
    assert_string_equal(req.url, "tftp://192.0.2.1/report/649ef3788e6a");
    assert_string_equal(req.key, "k");
    assert_true(req.delta);
    rule_request_reset(&req);
}

/* ---- classes */

static void each_failure_has_its_class_and_its_text(void **state)
{
    static const struct {
        struct file file;
        enum prov_class class;
        const char *err;
    } cases[] = {
        {{.url = "http://h/0", .body = PROFILE("")}, PROV_CLASS_A, ""},
        {{.url = "http://h/1", .body = "<html/>"}, PROV_CLASS_B, "corrupt file"},
        {{.url = "http://h/2", .error = "HTTP 503", .err = EPROTO},
         PROV_CLASS_C,
         "http_get failed"},
        {{.url = "https://h/3", .error = "connection refused", .err = ECONNREFUSED},
         PROV_CLASS_C,
         "https_get failed"},
        {{.url = "tftp://h/4", .error = "TFTP 2 Access", .err = EPROTO},
         PROV_CLASS_C,
         "tftp_get failed"},
        {{.url = "http://h/5", .error = "timeout", .err = ETIMEDOUT}, PROV_CLASS_C, "timeout"},
        {{.url = "http://h/6", .error = "dns failed: no such host", .err = ENOENT},
         PROV_CLASS_C,
         "dns failed"},
    };
    struct fixture *f = *state;
    char url[64];

    set(f, "Resync_Periodic", "0");
    set(f, "Resync_Error_Retry_Delay", "0");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        put(f, cases[i].file);
        assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, cases[i].file.url), 0);
        advance_s(f, 1);
        assert_int_equal(f->class, cases[i].class);
        assert_int_equal(f->last.class, cases[i].class);
        assert_int_equal(f->last.ok, cases[i].class == PROV_CLASS_A);
        snprintf(url, sizeof(url), "http://err/-%s", cases[i].err);
        url[strcspn(url, " ")] = '\0';
        assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, "http://err/-$ERR"), 0);
        advance_s(f, 1);
        if (!strchr(cases[i].err, ' '))
            assert_string_equal(f->fetcher.seen[f->fetcher.n_seen - 1].url, url);
    }
}

static void a_retry_delay_of_zero_may_mean_at_once(void **state)
{
    struct fixture *f = *state;

    set(f, "Resync_Error_Retry_Delay", "0");
    set(f, "Sim_Resync_Retry_Zero_Is_Now", "Yes");
    boot(f);
    assert_int_equal(f->last.next_s, 1);
    advance_s(f, 10);
    assert_in_range(f->fetcher.n_seen, 9, 11);
}

/* ---- timers */

static void a_periodic_pass_follows_the_first_success(void **state)
{
    struct fixture *f = *state;
    struct prov_status st;

    set(f, "Resync_Periodic", "600");
    serve(f, FACTORY, PROFILE(""));
    boot(f);
    prov_status_get(f->prov, &st);
    assert_in_range(st.next_s, 599, 600);
    advance_s(f, 598);
    assert_int_equal(f->fetcher.n_seen, 1);
    advance_s(f, 2);
    assert_int_equal(f->fetcher.n_seen, 2);
    advance_s(f, 600);
    assert_int_equal(f->fetcher.n_seen, 3);
}

static void no_periodic_pass_with_zero_or_nothing(void **state)
{
    static const char *const off[] = {"0", ""};
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE(""));
    for (unsigned i = 0; i < 2; i++) {
        set(f, "Resync_Periodic", off[i]);
        boot(f);
        assert_true(f->last.ok);
        assert_int_equal(f->last.next_s, 0);
        advance_s(f, 100 * HOUR_S);
        assert_int_equal(f->fetcher.n_seen, i + 1);
    }
}

static void the_boot_delay_is_random_in_units_of_twenty_seconds(void **state)
{
    struct fixture *f = *state;
    uint64_t waited = 0, longest = 0, shortest = UINT64_MAX;

    f->cfg.random_delay = true;
    again(f);
    set(f, "Resync_Random_Delay", "2");
    set(f, "Resync_Periodic", "0");
    serve(f, FACTORY, PROFILE(""));
    for (unsigned i = 0; i < 30; i++) {
        assert_int_equal(prov_start(f->prov, PROV_BOOT, NULL), 0);
        for (waited = 0; f->fetcher.n_seen == 0; waited++)
            advance_s(f, 1);
        advance_s(f, 1);
        f->fetcher.n_seen = 0;
        longest = waited > longest ? waited : longest;
        shortest = waited < shortest ? waited : shortest;
    }
    assert_in_range(shortest, 1, 8);
    assert_in_range(longest, 33, 41);
}

static void only_the_boot_pass_is_delayed(void **state)
{
    struct fixture *f = *state;

    f->cfg.random_delay = true;
    again(f);
    set(f, "Resync_Random_Delay", "65535");
    serve(f, FACTORY, PROFILE(""));
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, NULL), 0);
    advance_s(f, 1);
    assert_int_equal(f->fetcher.n_seen, 1);
}

/* ---- starting and stopping */

static void provision_enable_gates_commands_and_timers(void **state)
{
    struct fixture *f = *state;
    struct prov_status st;

    set(f, "Provision_Enable", "No");
    assert_int_equal(prov_start(f->prov, PROV_BOOT, NULL), EACCES);
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, "http://h/x"), EACCES);
    set(f, "Provision_Enable", "Yes");
    serve(f, FACTORY, PROFILE("<Provision_Enable>No</Provision_Enable>"));
    boot(f);
    assert_true(f->last.ok);
    assert_int_equal(f->last.next_s, 0);
    prov_status_get(f->prov, &st);
    assert_int_equal(st.next_s, 0);
    advance_s(f, 10 * HOUR_S);
    assert_int_equal(f->fetcher.n_seen, 1);
}

static void a_timer_that_finds_provisioning_switched_off_does_nothing(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE(""));
    boot(f);
    set(f, "Provision_Enable", "No");
    advance_s(f, 10 * HOUR_S);
    assert_int_equal(f->fetcher.n_seen, 1);
    assert_int_equal(f->n_done, 1);
}

static void an_explicit_url_is_the_only_file_of_its_pass(void **state)
{
    struct fixture *f = *state;

    set(f, "Profile_Rule_B", "/b.xml");
    serve(f, "http://h/SPA504G/x.xml", PROFILE("<Proxy_1_>a</Proxy_1_>"));
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, "http://h/$PN/x.xml"), 0);
    advance_s(f, 1);
    assert_requests(f, 1, "http://h/SPA504G/x.xml");
    assert_true(f->last.ok);
    assert_int_equal(f->last.next_s, HOUR_S);
}

static void a_pass_under_way_ends_before_another_begins(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE(""));
    assert_int_equal(prov_start(f->prov, PROV_BOOT, NULL), 0);
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, NULL), EALREADY);
    advance_s(f, 1);
    assert_int_equal(f->n_done, 1);
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, NULL), 0);
    advance_s(f, 1);
    assert_int_equal(f->n_done, 2);
}

static void power_off_forgets_the_pass_and_the_timers(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE("<Proxy_1_>a</Proxy_1_>"));
    assert_int_equal(prov_start(f->prov, PROV_BOOT, NULL), 0);
    loop_advance(f->lp, LATENCY_MS / 2);
    assert_int_equal(f->fetcher.n_seen, 1);
    prov_stop(f->prov);
    advance_s(f, 10 * HOUR_S);
    assert_int_equal(f->n_done, 0);
    assert_string_equal(param_get(f->params, P_Proxy, 1), "");
    boot(f);
    prov_stop(f->prov);
    advance_s(f, 10 * HOUR_S);
    assert_int_equal(f->fetcher.n_seen, 2);
}

static void a_handler_may_stop_or_drop_it(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE("<Profile_Rule_B>/b.xml</Profile_Rule_B>"));
    f->stop_on_fetch = true;
    boot(f);
    assert_int_equal(f->n_fetched, 1);
    assert_int_equal(f->n_done, 0);
    f->stop_on_fetch = false;
    f->drop_on_done = true;
    boot(f);
    assert_null(f->prov);
    assert_int_equal(f->n_done, 1);
    advance_s(f, 10 * HOUR_S);
    assert_int_equal(f->fetcher.n_seen, 3);
}

struct attempts {
    struct prov *prov;
    unsigned n_started;
};

static int start_again(void *arg)
{
    struct attempts *a = arg;
    const int err = prov_start(a->prov, PROV_EXPLICIT, "http://h/x.xml");

    prov_stop(a->prov);
    a->n_started += !err;
    return err;
}

static void short_of_memory_an_explicit_url_does_not_become_the_configured_rules(void **state)
{
    const struct fixture *f = *state;
    struct attempts a = {.prov = f->prov};

    assert_int_equal(alloc_sweep(start_again, &a), 2);
    assert_int_equal(a.n_started, 1); /* the one without a failure */
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_factory_phone_asks_dhcps_server_for_its_models_file),
        T(rules_that_the_first_file_sets_run_in_the_same_pass),
        T(an_empty_rule_is_skipped),
        T(a_changed_first_rule_waits_for_the_next_pass),
        T(a_file_that_names_itself_is_fetched_four_times_at_most),
        T(the_later_file_wins_and_an_empty_element_changes_nothing),
        T(values_that_do_not_fit_are_passed_over),
        T(a_whole_url_from_dhcp_replaces_the_factory_rule_only),
        T(without_dhcp_a_path_alone_is_a_failure),
        T(a_failed_fetch_ends_the_pass_and_the_retry_begins_with_rule_a),
        T(a_redirect_without_end_is_a_failure_like_any_other),
        T(the_list_of_retry_delays_is_walked_and_its_last_repeats),
        T(a_delay_may_have_a_random_part),
        T(a_retry_delay_of_zero_means_no_further_attempt),
        T(a_missing_file_is_a_failure_unless_told_otherwise),
        T(tolerance_is_for_missing_files_only),
        T(a_broken_file_leaves_the_old_configuration_untouched),
        T(a_page_that_is_no_profile_is_corrupt),
        T(a_rule_that_cannot_be_read_is_a_failure_with_its_reason),
        T(the_firmware_decides_between_alternatives),
        T(a_rule_in_which_nothing_applies_is_skipped),
        T(an_assignment_takes_effect_with_or_without_a_url),
        T(what_was_passed_over_is_told),
        T(upgrade_and_report_rules_are_read_as_they_stand),
        T(each_failure_has_its_class_and_its_text),
        T(a_retry_delay_of_zero_may_mean_at_once),
        T(a_periodic_pass_follows_the_first_success),
        T(no_periodic_pass_with_zero_or_nothing),
        T(the_boot_delay_is_random_in_units_of_twenty_seconds),
        T(only_the_boot_pass_is_delayed),
        T(provision_enable_gates_commands_and_timers),
        T(a_timer_that_finds_provisioning_switched_off_does_nothing),
        T(an_explicit_url_is_the_only_file_of_its_pass),
        T(a_pass_under_way_ends_before_another_begins),
        T(power_off_forgets_the_pass_and_the_timers),
        T(a_handler_may_stop_or_drop_it),
        T(short_of_memory_an_explicit_url_does_not_become_the_configured_rules),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
