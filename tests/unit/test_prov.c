/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The resync state machine (provisioning.md 1.3, 3.1, 4, 10) in virtual time. The fetcher is this
 * file's: it defines fetch_start(), so that the linker leaves the real one out.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <re.h>

#include "devices/model.h"
#include "sim/base/rng.h"
#include "sim/loop/loop.h"
#include "sim/loop/timer.h"
#include "sim/net/fetch.h"
#include "sim/prov/prov.h"

enum { MAX_FILES = 8, MAX_SEEN = 32, LATENCY_MS = 10, HOUR_S = 3600 };

struct file {
    const char *url, *body; /* body NULL: the fetch fails with error */
    const char *error;
};

struct seen {
    char url[512], agent[128], uid[32], pwd[32];
    char *post;
};

struct fetcher { /* what prov.c sees of it is a name */
    struct loop *lp;
    struct file files[MAX_FILES];
    unsigned n_files, n_seen;
    struct seen seen[MAX_SEEN];
};

struct fetch {
    struct timer timer;
    const struct file *file;
    char *url;
    fetch_h *h;
    void *arg;
};

struct fixture {
    struct loop *lp;
    struct strpool *pool;
    struct fetcher fetcher;
    struct rng rng;
    struct device_identity id;
    struct prov_config cfg;
    struct param_set *params;
    struct prov *prov;
    char error[256]; /* of the last file */
    unsigned n_fetched, n_done;
    struct prov_result last;
    bool stop_on_fetch, drop_on_done;
};

static void fetch_destructor(void *arg)
{
    struct fetch *f = arg;

    timer_cancel(&f->timer);
    free(f->url);
}

static void reply_handler(void *arg)
{
    struct fetch *f = arg;
    struct fetch_reply r = {.class = FETCH_OK, .url = f->url, .us = LATENCY_MS * 1000};

    if (!f->file) {
        r.class = FETCH_NOT_FOUND;
        r.status = 404;
        r.error = "HTTP 404";
    } else if (f->file->error) {
        r.class = FETCH_FAILED;
        r.error = f->file->error;
    } else {
        r.status = 200;
        r.body = (const uint8_t *)f->file->body;
        r.len = strlen(f->file->body);
    }
    f->h(r.class == FETCH_OK ? 0 : r.class == FETCH_NOT_FOUND ? ENOENT : ETIMEDOUT, &r, f->arg);
}

static void note(char *to, size_t size, const char *text)
{
    snprintf(to, size, "%s", text ? text : "");
}

int fetch_start(struct fetch **fp, struct fetcher *fr, const struct fetch_req *req, fetch_h *h,
                void *arg)
{
    struct fetch *f = mem_zalloc(sizeof(*f), fetch_destructor);
    struct seen *s = &fr->seen[fr->n_seen++];

    assert_non_null(f);
    assert_true(fr->n_seen < MAX_SEEN);
    note(s->url, sizeof(s->url), req->url);
    note(s->agent, sizeof(s->agent), req->user_agent);
    note(s->uid, sizeof(s->uid), req->uid);
    note(s->pwd, sizeof(s->pwd), req->pwd);
    s->post = req->post_body ? strdup(req->post_body) : NULL;
    for (unsigned i = 0; i < fr->n_files; i++) {
        if (strcmp(fr->files[i].url, req->url) == 0)
            f->file = &fr->files[i];
    }
    f->url = strdup(req->url);
    f->h = h;
    f->arg = arg;
    timer_start(fr->lp, &f->timer, LATENCY_MS, reply_handler, f);
    *fp = f;
    return 0;
}

static void fetched_handler(const struct prov_fetch_event *ev, void *arg)
{
    struct fixture *f = arg;

    f->n_fetched++;
    note(f->error, sizeof(f->error), ev->error);
    if (f->stop_on_fetch)
        prov_stop(f->prov);
}

static void done_handler(const struct prov_result *res, void *arg)
{
    struct fixture *f = arg;

    f->n_done++;
    f->last = *res;
    f->last.error = NULL; /* borrowed */
    assert_int_equal(res->ok, res->error == NULL);
    if (f->drop_on_done)
        f->prov = mem_deref(f->prov);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    assert_int_equal(loop_alloc(&f->lp, &(struct loop_config){.clock = CLOCK_VIRTUAL}), 0);
    assert_int_equal(strpool_alloc(&f->pool), 0);
    rng_init(&f->rng, 1, 1);
    f->fetcher.lp = f->lp;
    f->id = (struct device_identity){.firmware = "7.4.9c", .serial = "CCQ162306EA",
                                     .mac = {0x64, 0x9e, 0xf3, 0x78, 0x8e, 0x6a}};
    f->cfg = (struct prov_config){.lp = f->lp, .fetcher = &f->fetcher, .id = &f->id, .rng = &f->rng,
                                  .model = device_model_find("SPA504G"), .dhcp_value = "192.0.2.1",
                                  .local.s_addr = inet_addr("192.168.1.100")};
    assert_int_equal(param_set_alloc(&f->params, f->cfg.model, f->pool), 0);
    f->cfg.params = f->params;
    const struct prov_handlers handlers = {fetched_handler, done_handler};
    assert_int_equal(prov_alloc(&f->prov, &f->cfg, &handlers, f), 0);
    loop_advance(f->lp, 1000);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    mem_deref(f->prov);
    mem_deref(f->params);
    mem_deref(f->pool);
    mem_deref(f->lp);
    for (unsigned i = 0; i < f->fetcher.n_seen; i++)
        free(f->fetcher.seen[i].post);
    free(f);
    return 0;
}

/* The phone was configured with another DHCP value or delay: prov borrows its configuration. */
static void again(struct fixture *f)
{
    const struct prov_handlers handlers = {fetched_handler, done_handler};

    mem_deref(f->prov);
    assert_int_equal(prov_alloc(&f->prov, &f->cfg, &handlers, f), 0);
}

static void serve(struct fixture *f, const char *url, const char *body)
{
    unsigned i = 0;

    while (i < f->fetcher.n_files && strcmp(f->fetcher.files[i].url, url) != 0)
        i++;
    f->fetcher.files[i] = (struct file){.url = url, .body = body};
    if (i == f->fetcher.n_files)
        f->fetcher.n_files++;
}

static void fail_with(struct fixture *f, const char *url, const char *error)
{
    serve(f, url, NULL);
    f->fetcher.files[f->fetcher.n_files - 1].error = error;
}

static void set(struct fixture *f, const char *name, const char *value)
{
    assert_int_equal(param_set_name(f->params, name, value, false, NULL), 0);
}

/* What the n-th request so far asked for, and that it is the last one. */
static void assert_requests(const struct fixture *f, unsigned n, const char *url)
{
    assert_int_equal(f->fetcher.n_seen, n);
    assert_string_equal(f->fetcher.seen[n - 1].url, url);
}

static void boot(struct fixture *f)
{
    assert_int_equal(prov_start(f->prov, PROV_BOOT, NULL), 0);
    loop_advance(f->lp, 1000);
}

static void advance_s(struct fixture *f, uint64_t s)
{
    loop_advance(f->lp, s * 1000);
}

#define FACTORY "tftp://192.0.2.1/spa504G.cfg"
#define PROFILE(inside) "<flat-profile>" inside "</flat-profile>"

/* ---- a pass */

static void a_factory_phone_asks_dhcps_server_for_its_models_file(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE("<Proxy_1_>pbx.test</Proxy_1_><User_ID_1_>1001</User_ID_1_><Odd>1</Odd>"));
    boot(f);
    assert_requests(f, 1, FACTORY);
    assert_string_equal(f->fetcher.seen[0].agent, "Cisco/SPA504G-7.4.9c (649EF3788E6A)(CCQ162306EA)");
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

    serve(f, FACTORY, PROFILE("<Profile_Rule_B>http://h/spa-phone.xml</Profile_Rule_B>"
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

    serve(f, FACTORY, PROFILE("<Profile_Rule>http://h/spa$MA.xml</Profile_Rule>"
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

    serve(f, FACTORY, PROFILE("<Profile_Rule_B>/spa$PSN.cfg</Profile_Rule_B>"
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
    serve(f, FACTORY, PROFILE("<Proxy_1_>a</Proxy_1_><Proxy_1_>b</Proxy_1_><Proxy_2_>a</Proxy_2_>"));
    serve(f, "tftp://192.0.2.1/b.xml", PROFILE("<Proxy_1_>c</Proxy_1_><Proxy_2_/><Station_Name/>"));
    boot(f);
    assert_string_equal(param_get(f->params, P_Proxy, 1), "c");
    assert_string_equal(param_get(f->params, P_Proxy, 2), "a");
    assert_string_equal(param_get(f->params, P_Station_Name, 0), "kept");
}

static void values_that_do_not_fit_are_passed_over(void **state)
{
    struct fixture *f = *state;

    serve(f, FACTORY, PROFILE("<Register_Expires_1_>soon</Register_Expires_1_><Proxy_1_>a</Proxy_1_>"));
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
    serve(f, "http://prov.test:8667/boot/SPA504G.xml", PROFILE("<Profile_Rule>/own.xml</Profile_Rule>"));
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
    assert_string_equal(f->error, "corrupt file: no flat-profile element in it");
}

static void a_rule_that_cannot_be_read_is_a_failure_with_its_reason(void **state)
{
    struct fixture *f = *state;

    set(f, "Profile_Rule", "($SWVER lt 7.5.2b)? http://h/old.xml | http://h/new.xml");
    boot(f);
    assert_int_equal(f->fetcher.n_seen, 0);
    assert_false(f->last.ok);
    assert_string_equal(f->error, "bad rule: conditions and assignments are not supported yet");
    assert_int_equal(f->last.next_s, HOUR_S);
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

/* ---- macros (2.2) */

static void every_macro_has_its_value(void **state)
{
    static const char *const macros[][2] = {
        {"$MA", "649ef3788e6a"},       {"$MAU", "649EF3788E6A"},  {"$MAC", "64:9e:f3:78:8e:6a"},
        {"$PN", "SPA504G"},            {"$PSN", "504G"},          {"$SN", "CCQ162306EA"},
        {"$SWVER", "7.4.9c"},          {"$HWVER", "1.0.2(0001)"}, {"$IP", "192.168.1.100"},
        {"$CCERT", "Installed"},       {"$EXTIP", ""},            {"$ISCUST", "0"},
        {"$PRVST", "-1"},              {"$PRVTMR", "0"},          {"$UPGST", "1"},
        {"$UPGTMR", "0"},              {"$UPGERR", ""},           {"$UPGCOND", "1"},
        {"$ERR", ""},                  {"$A", "first"},           {"$P", "last"},
        {"$GPP_P", "last"},            {"$B", ""},                {"$UID1", "1001"},
        {"$UID4", "1004"},             {"$UID5", "$UID5"},        {"$UID0", "$UID0"},
        {"$UID01", "$UID01"},          {"$UID", "$UID"},          {"$UID1x", "$UID1x"},
        {"$SA", "$SA"},                {"$Q", "$Q"},              {"$$MA", "$MA"},
    };
    struct fixture *f = *state;
    char rule[64], url[128];

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

    set(f, "Profile_Rule", "http://h/$PRVST?e=$(ERR:5)");
    boot(f);
    advance_s(f, HOUR_S);
    assert_requests(f, 2, "http://h/2?e=404");
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
        T(every_macro_has_its_value),
        T(lines_above_nine_have_users_too),
        T(the_cause_and_the_time_since_the_last_attempt_are_told),
        T(the_last_error_is_told_to_the_retry),
        T(credentials_may_be_secrets),
        T(a_posted_parameter_is_expanded_and_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
