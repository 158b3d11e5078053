/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The resync pass (provisioning.md 1.1, 3.1, 4, 10) in virtual time. fetch_start() is this file's: a
 * table of URLs stands in for the servers.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
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
#include "sim/prov/strpool.h"

struct file {
    const char *url, *body; /* body NULL = not found, "!" = refused */
};

struct fixture {
    struct loop *lp;
    struct strpool *pool;
    struct param_set *params;
    struct device_identity id;
    struct rng rng;
    struct prov *prov;
    const struct file *files;
    char asked[1000]; /* "URL " each */
    unsigned n_done;
    bool ok;
    uint32_t next_s;
    char error[128];
};

/* The fetcher of these tests is the fixture itself. */
struct fetch {
    struct timer timer;
    struct fixture *f;
    char url[256];
    fetch_h *h;
    void *arg;
};

static void answer_handler(void *arg)
{
    struct fetch *fetch = arg;
    const struct file *file = fetch->f->files;
    struct fetch_reply r = {.url = fetch->url, .class = FETCH_NOT_FOUND, .status = 404,
                            .error = "HTTP 404"};

    while (file->url && strcmp(file->url, fetch->url) != 0)
        file++;
    if (file->url && strcmp(file->body, "!") == 0) {
        r.class = FETCH_FAILED;
        r.status = 0;
        r.error = "connection refused";
    } else if (file->url) {
        r = (struct fetch_reply){.url = fetch->url, .class = FETCH_OK, .status = 200,
                                 .body = (const uint8_t *)file->body, .len = strlen(file->body)};
    }
    fetch->h(r.class == FETCH_OK ? 0 : ENOENT, &r, fetch->arg);
}

static void fetch_destructor(void *arg)
{
    timer_cancel(&((struct fetch *)arg)->timer);
}

int fetch_start(struct fetch **fp, struct fetcher *fr, const struct fetch_req *req, fetch_h *h,
                void *arg)
{
    struct fixture *f = (struct fixture *)(void *)fr;
    struct fetch *fetch = mem_zalloc(sizeof(*fetch), fetch_destructor);
    const size_t len = strlen(f->asked);

    snprintf(f->asked + len, sizeof(f->asked) - len, "%s ", req->url);
    snprintf(fetch->url, sizeof(fetch->url), "%s", req->url);
    fetch->f = f;
    fetch->h = h;
    fetch->arg = arg;
    timer_start(f->lp, &fetch->timer, 10, answer_handler, fetch);
    *fp = fetch;
    return 0;
}

static void fetched_handler(const struct prov_fetch_event *ev, void *arg)
{
    (void)ev;
    (void)arg;
}

static void done_handler(const struct prov_result *res, void *arg)
{
    struct fixture *f = arg;

    f->n_done++;
    f->ok = res->ok;
    f->next_s = res->next_s;
    snprintf(f->error, sizeof(f->error), "%s", res->error ? res->error : "");
}

static int setup(void **state)
{
    static const struct loop_config virtual_time = {.clock = CLOCK_VIRTUAL};
    static const struct prov_handlers handlers = {fetched_handler, done_handler};
    const struct device_model *m = device_model_find("SPA504G");
    struct fixture *f = calloc(1, sizeof(*f));

    *state = f;
    rng_init(&f->rng, 1, 1);
    f->id = (struct device_identity){.firmware = "7.6.2g", .serial = "CCQ1",
                                     .mac = {0, 0x0e, 8, 0, 0, 1}};
    if (loop_alloc(&f->lp, &virtual_time) || strpool_alloc(&f->pool) ||
        param_set_alloc(&f->params, m, f->pool))
        return -1;
    const struct prov_config cfg = {.lp = f->lp, .fetcher = (struct fetcher *)(void *)f,
                                    .params = f->params, .model = m, .id = &f->id,
                                    .rng = &f->rng, .dhcp_value = "http://s"};
    return prov_alloc(&f->prov, &cfg, &handlers, f);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    mem_deref(f->prov);
    mem_deref(f->params);
    mem_deref(f->pool);
    loop_poll(f->lp);
    mem_deref(f->lp);
    free(f);
    return 0;
}

static void boot(struct fixture *f, const struct file *files)
{
    f->files = files;
    assert_int_equal(prov_start(f->prov, PROV_BOOT, NULL), 0);
    loop_advance(f->lp, 1000);
}

static const char *value(const struct fixture *f, const char *name)
{
    enum param_id id;
    uint16_t index;

    assert_true(param_find(device_model_find("SPA504G"), name, &id, &index));
    return param_get(f->params, id, index);
}

#define PROFILE(text) "<flat-profile>" text "</flat-profile>"

static void rules_set_by_the_first_file_run_in_the_same_pass(void **state)
{
    struct fixture *f = *state;
    static const struct file files[] = {
        {"http://s/spa504G.cfg",
         PROFILE("<Profile_Rule_B>http://s/b</Profile_Rule_B>"
                 "<Profile_Rule_D>http://s/$MA.xml</Profile_Rule_D>")},
        {"http://s/b", PROFILE("<Station_Name>B</Station_Name>")},
        {"http://s/000e08000001.xml", PROFILE("<Station_Name>D</Station_Name>")},
        {NULL, NULL}};

    boot(f, files);
    assert_string_equal(f->asked, "http://s/spa504G.cfg http://s/b http://s/000e08000001.xml ");
    assert_int_equal(f->n_done, 1);
    assert_true(f->ok);
    assert_string_equal(value(f, "Station_Name"), "D");
}

/* "A Profile_Rule changed by a resync does not trigger an immediate fetch." */
static void a_changed_first_rule_waits_for_the_next_pass(void **state)
{
    struct fixture *f = *state;
    static const struct file files[] = {
        {"http://s/spa504G.cfg", PROFILE("<Profile_Rule>http://s/own</Profile_Rule>"
                                         "<Resync_Periodic>60</Resync_Periodic>")},
        {"http://s/own", PROFILE("<Station_Name>own</Station_Name>")},
        {NULL, NULL}};

    boot(f, files);
    assert_string_equal(f->asked, "http://s/spa504G.cfg ");
    assert_int_equal(f->next_s, 60);
    loop_advance(f->lp, 61 * 1000);
    assert_string_equal(f->asked, "http://s/spa504G.cfg http://s/own ");
    assert_string_equal(value(f, "Station_Name"), "own");
}

static void a_refused_connection_is_tried_again_after_the_error_delay(void **state)
{
    struct fixture *f = *state;
    static const struct file refused[] = {{"http://s/spa504G.cfg", "!"}, {NULL, NULL}};
    static const struct file fine[] = {
        {"http://s/spa504G.cfg", PROFILE("<Station_Name>late</Station_Name>")}, {NULL, NULL}};

    boot(f, refused);
    assert_false(f->ok);
    assert_string_equal(f->error, "connection refused");
    assert_int_equal(f->next_s, strtoul(value(f, "Resync_Error_Retry_Delay"), NULL, 10));
    f->files = fine;
    loop_advance(f->lp, (f->next_s - 1) * 1000ULL);
    assert_int_equal(f->n_done, 1);
    loop_advance(f->lp, 3000);
    assert_true(f->ok);
    assert_string_equal(value(f, "Station_Name"), "late");
}

static void error_delays_may_be_a_list(void **state)
{
    struct fixture *f = *state;
    static const struct file refused[] = {{"http://s/spa504G.cfg", "!"}, {NULL, NULL}};
    static const uint32_t delays[] = {60, 120, 300, 300};

    param_set_name(f->params, "Resync_Error_Retry_Delay", "60,120,300", PARAM_FROM_USER, NULL);
    boot(f, refused);
    for (size_t i = 0; i < sizeof(delays) / sizeof(delays[0]); i++) {
        assert_int_equal(f->next_s, delays[i]);
        loop_advance(f->lp, (delays[i] + 1) * 1000ULL);
    }
}

static void a_file_not_found_is_no_failure_where_that_is_tolerated(void **state)
{
    struct fixture *f = *state;
    static const struct file files[] = {{"http://s/b", PROFILE("<Station_Name>B</Station_Name>")},
                                        {NULL, NULL}};

    param_set_name(f->params, "Profile_Rule_B", "http://s/b", PARAM_FROM_USER, NULL);
    param_set_name(f->params, "Resync_Fails_On_FNF", "No", PARAM_FROM_USER, NULL);
    boot(f, files);
    assert_true(f->ok);
    assert_string_equal(value(f, "Station_Name"), "B");

    param_set_name(f->params, "Resync_Fails_On_FNF", "Yes", PARAM_FROM_USER, NULL);
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, NULL), 0);
    loop_advance(f->lp, 1000);
    assert_false(f->ok);
    assert_string_equal(f->error, "HTTP 404");
}

static void a_broken_file_changes_nothing(void **state)
{
    struct fixture *f = *state;
    static const struct file files[] = {
        {"http://s/spa504G.cfg", "<flat-profile>\n<Station_Name>new</Station_Name>\n<X>&</X>"},
        {NULL, NULL}};

    param_set_name(f->params, "Station_Name", "old", PARAM_FROM_USER, NULL);
    boot(f, files);
    assert_false(f->ok);
    assert_non_null(strstr(f->error, "corrupt file: line 3"));
    assert_string_equal(value(f, "Station_Name"), "old");
}

static void an_explicit_url_is_the_only_one_asked_for(void **state)
{
    struct fixture *f = *state;
    static const struct file files[] = {{"http://other/x", PROFILE("<Station_Name>x</Station_Name>")},
                                        {NULL, NULL}};

    f->files = files;
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, "http://other/x"), 0);
    assert_int_equal(prov_start(f->prov, PROV_EXPLICIT, NULL), EALREADY);
    loop_advance(f->lp, 1000);
    assert_string_equal(f->asked, "http://other/x ");
    assert_true(f->ok);
}

static void provisioning_can_be_switched_off(void **state)
{
    struct fixture *f = *state;

    param_set_name(f->params, "Provision_Enable", "No", PARAM_FROM_USER, NULL);
    assert_int_equal(prov_start(f->prov, PROV_BOOT, NULL), EACCES);
    loop_advance(f->lp, 1000);
    assert_string_equal(f->asked, "");
}

static void a_stopped_pass_is_over(void **state)
{
    struct fixture *f = *state;
    static const struct file files[] = {{"http://s/spa504G.cfg", "!"}, {NULL, NULL}};

    f->files = files;
    assert_int_equal(prov_start(f->prov, PROV_BOOT, NULL), 0);
    loop_advance(f->lp, 5);
    prov_stop(f->prov);
    loop_advance(f->lp, 10000 * 1000ULL);
    assert_int_equal(f->n_done, 0);
}

static void a_rule_that_cannot_be_read_fails_the_pass(void **state)
{
    struct fixture *f = *state;
    static const struct file files[] = {{NULL, NULL}};
    struct prov_status st;

    param_set_name(f->params, "Profile_Rule", "ftp://s/x", PARAM_FROM_USER, NULL);
    boot(f, files);
    assert_false(f->ok);
    assert_non_null(strstr(f->error, "scheme"));
    prov_status_get(f->prov, &st);
    assert_int_equal(st.n_failed, 1);
    assert_true(st.next_s > 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(rules_set_by_the_first_file_run_in_the_same_pass),
        T(a_changed_first_rule_waits_for_the_next_pass),
        T(a_refused_connection_is_tried_again_after_the_error_delay),
        T(error_delays_may_be_a_list),
        T(a_file_not_found_is_no_failure_where_that_is_tolerated),
        T(a_broken_file_changes_nothing),
        T(an_explicit_url_is_the_only_one_asked_for),
        T(provisioning_can_be_switched_off),
        T(a_stopped_pass_is_over),
        T(a_rule_that_cannot_be_read_fails_the_pass),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
