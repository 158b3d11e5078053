/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

#include "sim/farm/priv.h"
#include "tests/support/fake_farm.h"

static char err[400];

static struct farm *part(struct loop *lp, const char *count, const char *shard)
{
    const char *const o[] = {"count", count, "addr", "127.47.0.0/16", "seed", "9",
                             "shard", shard, NULL};
    struct farm *f = NULL;
    assert_int_equal(fake_farm(&f, lp, o, true, err, sizeof(err)), 0);
    return f;
}

static void request(struct farm *f, const struct phone *ph, struct fetch_exchange x)
{
    x.scheme = x.scheme ? x.scheme : "http";
    x.method = "GET";
    x.owner = ph;
    load_exchange(&x, f);
}

static void fetch_files(struct farm *f, const struct phone *ph)
{
    const unsigned n = ph->n;
    char url[96];

    snprintf(url, sizeof(url), "http://h/%02X%02X%02X%02X%02X%02X.xml", ph->mac[0], ph->mac[1],
             ph->mac[2], ph->mac[3], ph->mac[4], ph->mac[5]);
    request(f, ph,
            (struct fetch_exchange){.url = url,
                                    .status = n % 7 ? 200 : 404,
                                    .sent = true,
                                    .opened = true,
                                    .bytes = 500,
                                    .us = n * 91});
    if (n % 5 == 0)
        request(f, ph,
                (struct fetch_exchange){.url = "https://h/model.cfg",
                                        .scheme = "https",
                                        .error = n % 2 ? "timeout" : "connection refused",
                                        .unconnected = n % 2 == 0,
                                        .tls_done = n % 2,
                                        .us = 40});
}

/* What happens to a phone follows from its number alone. */
static void live(struct farm *f, struct phone *ph)
{
    static const char *const reasons[] = {"Forbidden", "timeout", "connection refused"};
    const unsigned n = ph->n;

    phone_power(ph, true);
    fetch_files(f, ph);
    fake_fetch(ph, n % 7 == 0 ? "HTTP 404" : NULL, n * 37 % 5000);
    if (n % 11 == 0)
        fake_register(ph, reasons[n % 3], n % 3 ? 0 : 403, 100);
    else
        fake_register(ph, NULL, 0, n < 60 ? n * n : 3000000 + n);
}

static json_t *report(struct loop *lp, const char *shard)
{
    struct farm *f = part(lp, "100", shard);
    f->started_ms = 1795250000123; /* the parts may begin in another second than the whole */
    load_start(f);
    for (size_t i = 0; i < farm_count(f); i++) {
        live(f, farm_at(f, i));
        if (farm_at(f, i)->n % 40 == 0)
            loop_advance(lp, 1000);
    }
    json_t *r = farm_report(f);
    mem_deref(f);
    return r;
}

static json_int_t integer(const json_t *o, const char *a, const char *b)
{
    const json_t *v = json_object_get(o, a);
    v = b ? json_object_get(v, b) : v;
    assert_true(json_is_integer(v));
    return json_integer_value(v);
}

static void a_report_counts_what_happened(void **state)
{
    json_t *r = report(*state, "1/1");

    assert_int_equal(integer(r, "phones", NULL), 100);
    assert_int_equal(integer(r, "registered", NULL), 91);
    assert_int_equal(integer(r, "failed", NULL), 9);
    assert_int_equal(integer(r, "provisioned", NULL), 86);
    assert_int_equal(integer(r, "fetch", "ok"), 86);
    assert_int_equal(integer(r, "fetch", "error"), 14);
    assert_int_equal(integer(r, "fetch", "bytes"), 86000);
    assert_int_equal(integer(r, "register", "challenged"), 100);
    const json_t *errors = json_object_get(json_object_get(r, "register"), "errors");
    assert_int_equal(integer(errors, "403", NULL), 3);
    assert_int_equal(integer(errors, "timeout", NULL), 3);
    const json_t *examples = json_object_get(json_object_get(r, "register"), "examples");
    assert_int_equal(integer(examples, "403", NULL), 33);
    assert_int_equal(json_array_size(json_object_get(r, "failures")), 3);
    assert_string_equal(json_string_value(json_object_get(r, "verdict")), "valid");
    assert_int_equal(integer(r, "seed", NULL), 9);
    json_decref(r);
}

static void every_field_of_the_contract_is_there(void **state)
{
    static const char *const keys[] = {
        "version",    "seed",    "verdict", "reasons",  "phones",    "provisioned",
        "registered", "failed",  "wall_s",  "cpu_s",    "rss_bytes", "bytes_per_phone",
        "started",    "command", "fetch",   "register", "notify",    "calls",
    };
    json_t *r = report(*state, "1/1");

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (!json_object_get(r, keys[i]))
            fail_msg("%s is missing", keys[i]);
    }
    const json_t *ms = json_object_get(json_object_get(r, "fetch"), "ms");
    const json_t *hist = json_object_get(ms, "histogram");
    assert_string_equal(json_string_value(json_object_get(hist, "scheme")), "log2-16");
    json_decref(r);
}

static void same(const json_t *a, const json_t *b, const char *key)
{
    if (!json_object_get(a, key) || !json_equal(json_object_get(a, key), json_object_get(b, key))) {
        char *x = json_dumps(json_object_get(a, key), JSON_ENCODE_ANY);
        char *y = json_dumps(json_object_get(b, key), JSON_ENCODE_ANY);
        fail_msg("%s: %s is not %s", key, x, y);
    }
}

static json_int_t total(const json_t *list)
{
    json_int_t n = 0;

    assert_true(json_array_size(list) > 0);
    for (size_t i = 0; i < json_array_size(list); i++)
        n += json_integer_value(json_array_get(list, i));
    return n;
}

static void parts_merged_equal_the_whole(void **state)
{
    static const char *const keys[] = {"phones",  "provisioned", "registered", "failed",
                                       "fetch",   "register",    "notify",     "calls",
                                       "verdict", "reasons",     "seed"};
    static const char *const columns[] = {"boots",  "requests",      "bytes",
                                          "errors", "registrations", "register_errors"};
    json_t *whole = report(*state, "1/1"), *sum = NULL;
    json_t *parts[3] = {report(*state, "1/3"), report(*state, "2/3"), report(*state, "3/3")};

    assert_int_equal(report_merge(&sum, parts, 3, err, sizeof(err)), 0);
    json_object_del(json_object_get(sum, "fetch"), "requests_per_s"); /* each took its time */
    json_object_del(json_object_get(whole, "fetch"), "requests_per_s");
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        same(sum, whole, keys[i]);
    const json_t *all = json_object_get(json_object_get(sum, "series"), "columns");
    const json_t *once = json_object_get(json_object_get(whole, "series"), "columns");
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
        assert_int_equal(total(json_object_get(all, columns[i])),
                         total(json_object_get(once, columns[i])));
    json_t *again = NULL; /* and a merged report merges again */
    assert_int_equal(report_merge(&again, &sum, 1, err, sizeof(err)), 0);
    same(again, whole, "register");
    json_decref(again);
    json_decref(sum);
    json_decref(whole);
    for (int i = 0; i < 3; i++)
        json_decref(parts[i]);
}

static json_t *with_latency(struct loop *lp, const char *shard, unsigned n, uint32_t us)
{
    struct farm *f = part(lp, "2", shard);
    for (unsigned i = 0; i < n; i++)
        fake_register(farm_at(f, 0), NULL, 0, us);
    json_t *r = farm_report(f);
    mem_deref(f);
    return r;
}

static const json_t *class_named(const json_t *r, const char *name)
{
    const json_t *list = json_object_get(json_object_get(r, "fetch"), "classes");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *c = json_array_get(list, i);
        if (strcmp(json_string_value(json_object_get(c, "class")), name) == 0)
            return c;
    }
    fail_msg("no class %s", name);
    return NULL;
}

static void requests_are_counted_by_class(void **state)
{
    json_t *r = report(*state, "1/1");
    const json_t *c = class_named(r, "/{mac}.xml"), *connections;

    assert_int_equal(json_array_size(json_object_get(json_object_get(r, "fetch"), "classes")), 2);
    assert_int_equal(integer(r, "fetch", "requests"), 120);
    assert_int_equal(integer(c, "requests", NULL), 100);
    assert_int_equal(integer(c, "ok", NULL), 86);
    assert_int_equal(integer(c, "bytes", NULL), 50000);
    assert_int_equal(integer(c, "statuses", "404"), 14);
    assert_int_equal(integer(c, "errors", "HTTP 404"), 14);
    assert_int_equal(integer(c, "examples", "HTTP 404"), 7);
    c = class_named(r, "/model.cfg");
    assert_int_equal(integer(c, "errors", "timeout"), 10);
    assert_int_equal(integer(c, "sent", NULL), 0);
    connections = json_object_get(json_object_get(r, "fetch"), "connections");
    assert_int_equal(integer(connections, "opened", NULL), 100);
    assert_int_equal(integer(connections, "failed", NULL), 10);
    assert_int_equal(integer(connections, "tls_handshakes", NULL), 10);
    json_decref(r);
}

static void the_series_tells_when(void **state)
{
    json_t *r = report(*state, "1/1");
    const json_t *s = json_object_get(r, "series"), *columns = json_object_get(s, "columns");
    const json_t *requests = json_object_get(columns, "requests");
    const json_t *registered = json_object_get(columns, "registered");

    assert_int_equal(integer(s, "start", NULL), 1795250000);
    assert_int_equal(integer(s, "step_s", NULL), 1);
    assert_int_equal(json_array_size(requests), 3);
    assert_int_equal(json_integer_value(json_array_get(requests, 0)), 48); /* phones 1 to 40 */
    assert_int_equal(json_integer_value(json_array_get(requests, 2)), 24);
    assert_int_equal(json_integer_value(json_array_get(registered, 0)), 37);
    assert_int_equal(json_integer_value(json_array_get(registered, 2)), 91);
    assert_int_equal(json_integer_value(json_array_get(json_object_get(columns, "boots"), 1)), 40);
    json_decref(r);
}

static void registering_again_is_a_refresh(void **state)
{
    struct farm *f = part(*state, "1", "1/1");

    load_start(f);
    phone_power(farm_at(f, 0), true);
    for (unsigned i = 0; i < 3; i++)
        fake_register(farm_at(f, 0), NULL, 0, 100);
    fake_register(farm_at(f, 0), "timeout", 0, 100);
    fake_register(farm_at(f, 0), NULL, 0, 100);
    const struct series_row *row = &f->load.now;
    assert_int_equal(row->values[COLUMN_REGISTRATIONS], 2);
    assert_int_equal(row->values[COLUMN_REFRESHES], 2);
    assert_int_equal(row->values[COLUMN_REGISTER_ERRORS], 1);
    mem_deref(f);
}

struct told {
    unsigned n;
    uint64_t seconds[8], requests[8];
};

static void second_handler(uint64_t second, const struct series_row *row, void *arg)
{
    struct told *t = arg;

    assert_true(t->n < 8);
    t->seconds[t->n] = second;
    t->requests[t->n++] = row->values[COLUMN_REQUESTS];
}

static void every_second_is_told_as_it_ends(void **state)
{
    struct farm *f = part(*state, "1", "1/1");
    struct told t = {.n = 0};

    f->started_ms = 1795250000900;
    load_start(f);
    assert_int_equal(farm_observe_seconds(f, second_handler, &t), 0);
    assert_int_equal(farm_observe_seconds(f, second_handler, &t), EALREADY);
    request(f, farm_at(f, 0), (struct fetch_exchange){.url = "http://h/", .status = 200});
    loop_advance(*state, 99);
    assert_int_equal(t.n, 0);
    loop_advance(*state, 1);
    assert_int_equal(t.n, 1);
    loop_advance(*state, 2500);
    assert_int_equal(t.n, 3);
    request(f, farm_at(f, 0), (struct fetch_exchange){.url = "http://h/", .status = 200});
    farm_unobserve_seconds(f); /* the one under way */
    assert_int_equal(t.n, 4);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(t.seconds[i], 1795250000 + i);
    assert_int_equal(t.requests[0], 1);
    assert_int_equal(t.requests[1] + t.requests[2], 0);
    assert_int_equal(t.requests[3], 1);
    loop_advance(*state, 5000);
    assert_int_equal(t.n, 4);
    mem_deref(f);
}

static void reports_without_classes_and_series_still_add_up(void **state)
{
    json_t *r = report(*state, "1/2"), *old = report(*state, "2/2"), *sum = NULL;
    json_t *parts[2] = {r, old};

    json_object_del(old, "series");
    json_object_del(json_object_get(old, "fetch"), "classes");
    json_object_del(json_object_get(old, "fetch"), "connections");
    json_object_del(json_object_get(old, "fetch"), "requests");
    assert_int_equal(report_merge(&sum, parts, 2, err, sizeof(err)), 0);
    assert_int_equal(integer(sum, "fetch", "requests"), integer(r, "fetch", "requests"));
    json_decref(sum);
    json_decref(r);
    json_decref(old);
}

static void percentiles_are_taken_anew_not_averaged(void **state)
{
    /* 990 at 1 ms and 10 at 1 s: the p50 is 1 ms, the p99 too; averages would say 500 ms */
    json_t *parts[2] = {with_latency(*state, "1/2", 990, 1000),
                        with_latency(*state, "2/2", 10, 1000000)};
    json_t *sum = NULL;

    assert_int_equal(report_merge(&sum, parts, 2, err, sizeof(err)), 0);
    const json_t *ms = json_object_get(json_object_get(sum, "register"), "ms");
    assert_true(json_number_value(json_object_get(ms, "p50")) < 1.1);
    assert_true(json_number_value(json_object_get(ms, "p99")) < 1.1);
    assert_true(json_number_value(json_object_get(ms, "max")) == 1000);
    json_decref(sum);
    json_decref(parts[0]);
    json_decref(parts[1]);
}

static void one_invalid_part_makes_all_invalid(void **state)
{
    json_t *good = report(*state, "1/2"), *sum = NULL;
    fake_counters.n_dropped = 12;
    json_t *bad = report(*state, "2/2");
    json_t *parts[2] = {good, bad};

    assert_string_equal(json_string_value(json_object_get(bad, "verdict")), "invalid");
    assert_int_equal(report_merge(&sum, parts, 2, err, sizeof(err)), 0);
    assert_string_equal(json_string_value(json_object_get(sum, "verdict")), "invalid");
    const char *reason = json_string_value(json_array_get(json_object_get(sum, "reasons"), 0));
    assert_non_null(strstr(reason, "part 2/2"));
    assert_non_null(strstr(reason, "12 datagrams"));
    json_decref(sum);
    json_decref(good);
    json_decref(bad);
}

static void merge_refused(json_t *a, json_t *b, const char *word)
{
    json_t *parts[2] = {a, b}, *sum = NULL;

    assert_int_equal(report_merge(&sum, parts, b ? 2 : 1, err, sizeof(err)), EBADMSG);
    assert_non_null(strstr(err, word));
    assert_null(sum);
}

static void what_is_no_report_is_refused(void **state)
{
    json_t *empty = json_object(), *list = json_array(), *r = report(*state, "1/2");

    merge_refused(empty, NULL, "no report");
    merge_refused(list, NULL, "no report");
    merge_refused(r, r, "twice");
    json_object_set_new(r, "phones", json_integer(-1));
    merge_refused(r, NULL, "phones");
    json_object_set_new(r, "phones", json_integer(1));
    json_t *hist = json_object_get(json_object_get(json_object_get(r, "fetch"), "ms"), "histogram");
    json_object_set_new(json_object_get(hist, "counts"), "99999", json_integer(1));
    merge_refused(r, NULL, "99999");
    json_object_set_new(hist, "scheme", json_string("linear"));
    merge_refused(r, NULL, "log2-16");
    json_decref(empty);
    json_decref(list);
    json_decref(r);
}

static void more_causes_than_places_become_other(void **state)
{
    struct farm_op op = {.ok = 0};
    json_t *o;

    (void)state;
    for (unsigned i = 0; i < 100; i++) {
        char text[32];
        snprintf(text, sizeof(text), "cause %u", i);
        farm_cause_add(&op, text, 1, i + 1);
    }
    farm_cause_add(&op, "other", 5, 1);
    farm_cause_add(&op, "cause 3", 1, 1);
    o = report_op(&op, true);
    const json_t *errors = json_object_get(o, "errors");
    assert_int_equal(json_object_size(errors), FARM_CAUSES);
    assert_int_equal(integer(errors, "other", NULL), 100 - 31 + 5);
    assert_int_equal(integer(errors, "cause 3", NULL), 2);
    assert_int_equal(integer(json_object_get(o, "examples"), "other", NULL), 32);
    json_decref(o);
}

static size_t n_reasons(const struct verdict_facts *facts)
{
    json_t *reasons = verdict_reasons(facts);
    const size_t n = json_array_size(reasons);
    json_decref(reasons);
    return n;
}

static void the_verdict_blames_the_farm_for_what_it_did(void **state)
{
    (void)state;
    assert_int_equal(n_reasons(&(struct verdict_facts){.n_dropped = 0}), 0);
    assert_int_equal(n_reasons(&(struct verdict_facts){.n_dropped = 1}), 1);
    assert_int_equal(n_reasons(&(struct verdict_facts){.n_no_socket = 1}), 1);
    assert_int_equal(n_reasons(&(struct verdict_facts){.lag_p99_us = 900000}), 0); /* no pace */
    assert_int_equal(n_reasons(&(struct verdict_facts){.lag_p99_us = 50001, .paced = true}), 1);
    assert_int_equal(n_reasons(&(struct verdict_facts){.lag_p99_us = 50000, .paced = true}), 0);
    assert_int_equal(
        n_reasons(&(struct verdict_facts){.paced = true, .n_paced = 1000, .n_late = 11}), 1);
    assert_int_equal(
        n_reasons(&(struct verdict_facts){.paced = true, .n_paced = 1000, .n_late = 10}), 0);
}

static void events_become_json_lines(void **state)
{
    struct farm *f = part(*state, "1", "1/1");
    const struct ua_reg_status st = {.state = UA_REG_FAILED,
                                     .scode = 403,
                                     .reason = "Forbidden",
                                     .server = "192.0.2.1:5060",
                                     .us = 2500};
    const struct phone_event ev = {.ev = PHONE_EV_REGISTER, .line = 2, .reg = &st};
    json_t *o = farm_event_json(f, farm_at(f, 0), &ev);

    assert_string_equal(json_string_value(json_object_get(o, "ev")), "register");
    assert_int_equal(integer(o, "n", NULL), 1);
    assert_int_equal(integer(o, "line", NULL), 2);
    assert_int_equal(integer(o, "code", NULL), 403);
    assert_string_equal(json_string_value(json_object_get(o, "status")), "failed");
    assert_string_equal(json_string_value(json_object_get(o, "reason")), "Forbidden");
    assert_true(json_is_real(json_object_get(o, "t")));
    json_decref(o);
    mem_deref(f);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fake_farm_setup, fake_farm_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_report_counts_what_happened),
        TEST(every_field_of_the_contract_is_there),
        TEST(parts_merged_equal_the_whole),
        TEST(requests_are_counted_by_class),
        TEST(the_series_tells_when),
        TEST(registering_again_is_a_refresh),
        TEST(every_second_is_told_as_it_ends),
        TEST(reports_without_classes_and_series_still_add_up),
        TEST(percentiles_are_taken_anew_not_averaged),
        TEST(one_invalid_part_makes_all_invalid),
        TEST(what_is_no_report_is_refused),
        cmocka_unit_test(more_causes_than_places_become_other),
        cmocka_unit_test(the_verdict_blames_the_farm_for_what_it_did),
        TEST(events_become_json_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
