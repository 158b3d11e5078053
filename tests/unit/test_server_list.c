/* SPDX-License-Identifier: BSD-3-Clause */
/* Ranking, failover and fallback of one line's servers: sip-behaviour.md 2.5 to 2.7. */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <re.h>

#include "sim/base/rng.h"
#include "sim/sip/server_list.h"

enum { S = 1000 };

static const struct server_order RANKED;

/* Address 192.0.2.n is "n" below. */
static struct in_addr addr_of(unsigned n)
{
    return (struct in_addr){.s_addr = htonl(0xc0000200u | n)};
}

static struct server_target target(const struct in_addr *addr, unsigned priority, unsigned weight)
{
    return (struct server_target){.host = "sip.example.com",
                                  .addrs = addr,
                                  .n_addrs = 1,
                                  .priority = (uint16_t)priority,
                                  .weight = (uint16_t)weight};
}

static unsigned last_byte(const struct server_entry *e)
{
    return e ? ntohl(e->addr.s_addr) & 0xff : 0;
}

static unsigned at(const struct server_list *l, size_t i)
{
    return last_byte(server_list_at(l, i));
}

static unsigned current(const struct server_list *l)
{
    return last_byte(server_list_current(l));
}

static unsigned fail_next(struct server_list *l, uint64_t now_ms, uint32_t interval_s)
{
    return last_byte(server_list_fail(l, NULL, now_ms, interval_s));
}

/* 1 to n, of priorities 10, 20, 30 … */
static struct server_list *ladder(unsigned n, enum ua_transport transport)
{
    struct in_addr addrs[SERVER_TARGETS_MAX];
    struct server_target targets[SERVER_TARGETS_MAX];
    struct server_list *l = NULL;

    for (unsigned i = 0; i < n; i++) {
        addrs[i] = addr_of(i + 1);
        targets[i] = target(&addrs[i], 10 * (i + 1), 0);
        targets[i].transport = transport;
    }
    assert_int_equal(server_list_alloc(&l, targets, n, &RANKED), 0);
    return l;
}

/* The A records of one name. */
static struct server_list *plain(const unsigned *numbers, unsigned n)
{
    struct in_addr addrs[16];
    struct server_target t = {.host = "sip.example.com", .addrs = addrs, .n_addrs = n};
    struct server_list *l = NULL;

    for (unsigned i = 0; i < n; i++)
        addrs[i] = addr_of(numbers[i]);
    assert_int_equal(server_list_alloc(&l, &t, 1, &RANKED), 0);
    return l;
}

static void priority_goes_before_weight_and_weight_before_the_answer(void **state)
{
    struct in_addr a[5];
    struct server_list *l = NULL;

    (void)state;
    for (unsigned i = 0; i < 5; i++)
        a[i] = addr_of(i + 1);
    const struct server_target targets[] = {target(&a[0], 20, 99), target(&a[1], 10, 1),
                                            target(&a[2], 10, 7), target(&a[3], 10, 1),
                                            target(&a[4], 0, 0)};
    assert_int_equal(server_list_alloc(&l, targets, 5, &RANKED), 0);
    assert_int_equal(server_list_count(l), 5);
    static const unsigned want[] = {5, 3, 2, 4, 1};
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(at(l, i), want[i]);
    assert_null(server_list_at(l, 5));
    mem_deref(l);
}

static void an_earlier_naptr_record_goes_before_any_priority(void **state)
{
    const struct in_addr a[] = {addr_of(1), addr_of(2)};
    struct server_target targets[] = {target(&a[0], 0, 0), target(&a[1], 100, 0)};
    struct server_list *l = NULL;

    (void)state;
    targets[0].group = 1;
    assert_int_equal(server_list_alloc(&l, targets, 2, &RANKED), 0);
    assert_int_equal(current(l), 2);
    mem_deref(l);
}

static void a_target_gives_all_its_addresses_before_the_next(void **state)
{
    const struct in_addr a[] = {addr_of(1), addr_of(2), addr_of(3)};
    struct server_target targets[] = {target(&a[2], 10, 0), target(&a[0], 10, 5)};
    struct server_list *l = NULL;

    (void)state;
    targets[1].n_addrs = 3; /* 3 comes again */
    targets[1].host = "one.example.com";
    assert_int_equal(server_list_alloc(&l, targets, 2, &RANKED), 0);
    assert_int_equal(server_list_count(l), 3);
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(at(l, i), i + 1);
    assert_string_equal(server_list_at(l, 2)->host, "one.example.com");
    mem_deref(l);
}

static void a_missing_port_is_that_of_the_transport(void **state)
{
    const struct in_addr a = addr_of(1);
    struct server_target targets[] = {target(&a, 1, 0), target(&a, 2, 0), target(&a, 3, 0)};
    struct server_list *l = NULL;

    (void)state;
    targets[1].transport = UA_TLS;
    targets[2].port = 5080;
    assert_int_equal(server_list_alloc(&l, targets, 3, &RANKED), 0);
    assert_int_equal(server_list_at(l, 0)->port, 5060);
    assert_int_equal(server_list_at(l, 1)->port, 5061);
    assert_int_equal(server_list_at(l, 2)->port, 5080);
    mem_deref(l);
}

static void based_on_srv_port_keeps_the_port_of_the_first(void **state)
{
    const struct in_addr a[] = {addr_of(1), addr_of(2), addr_of(3)};
    struct server_target targets[] = {target(&a[0], 2, 0), target(&a[1], 1, 0),
                                      target(&a[2], 3, 0)};
    struct server_list *l = NULL;

    (void)state;
    targets[0].port = 5080;
    targets[1].port = 5090;
    targets[2].port = 5090;
    assert_int_equal(server_list_alloc(&l, targets, 3, &(struct server_order){.by_srv_port = true}),
                     0);
    assert_int_equal(server_list_count(l), 2);
    assert_int_equal(at(l, 0), 2);
    assert_int_equal(at(l, 1), 3);
    mem_deref(l);
}

static void weighted_random_splits_by_weight_within_a_priority(void **state)
{
    const struct in_addr a[] = {addr_of(1), addr_of(2), addr_of(3), addr_of(4)};
    const struct server_target targets[] = {target(&a[0], 10, 30), target(&a[1], 10, 10),
                                            target(&a[2], 10, 0), target(&a[3], 5, 0)};
    enum { RUNS = 4000 };
    unsigned second[5] = {0};
    struct rng rng;

    (void)state;
    rng_init(&rng, 7, 1);
    for (unsigned i = 0; i < RUNS; i++) {
        struct server_list *l = NULL;
        assert_int_equal(
            server_list_alloc(&l, targets, 4, &(struct server_order){.weighted = &rng}), 0);
        assert_int_equal(server_list_count(l), 4);
        assert_int_equal(at(l, 0), 4);
        second[at(l, 1)]++;
        mem_deref(l);
    }
    assert_in_range(second[1], RUNS * 70 / 100, RUNS * 77 / 100);
    assert_in_range(second[2], RUNS * 20 / 100, RUNS * 28 / 100);
    assert_in_range(second[3], 1, RUNS * 5 / 100);
}

static void the_same_seed_draws_the_same_order(void **state)
{
    const struct in_addr a[] = {addr_of(1), addr_of(2), addr_of(3)};
    const struct server_target targets[] = {target(&a[0], 1, 1), target(&a[1], 1, 1),
                                            target(&a[2], 1, 1)};

    (void)state;
    for (unsigned seed = 0; seed < 20; seed++) {
        struct server_list *l[2] = {NULL, NULL};
        for (unsigned i = 0; i < 2; i++) {
            struct rng rng;
            rng_init(&rng, seed, 3);
            server_list_alloc(&l[i], targets, 3, &(struct server_order){.weighted = &rng});
        }
        for (unsigned i = 0; i < 3; i++)
            assert_int_equal(at(l[0], i), at(l[1], i));
        mem_deref(l[0]);
        mem_deref(l[1]);
    }
}

static void too_much_is_refused_and_nothing_is_none(void **state)
{
    struct in_addr many[200];
    struct server_target targets[SERVER_TARGETS_MAX + 1];
    struct server_list *l = NULL;

    (void)state;
    for (unsigned i = 0; i < 200; i++)
        many[i] = addr_of(i + 1);
    for (unsigned i = 0; i <= SERVER_TARGETS_MAX; i++)
        targets[i] = target(many, i, 0);
    assert_int_equal(server_list_alloc(&l, targets, SERVER_TARGETS_MAX + 1, &RANKED), E2BIG);
    assert_int_equal(server_list_alloc(&l, targets, 0, &RANKED), ENOENT);
    targets[0].n_addrs = 0;
    assert_int_equal(server_list_alloc(&l, targets, 1, &RANKED), ENOENT);
    assert_null(l);
    targets[0].n_addrs = 200;
    assert_int_equal(server_list_alloc(&l, targets, 1, &RANKED), 0);
    assert_int_equal(server_list_count(l), SERVER_ENTRIES_MAX);
    mem_deref(l);
}

static void a_failed_server_gives_way_to_the_next(void **state)
{
    struct server_list *l = ladder(3, UA_UDP);

    (void)state;
    assert_int_equal(fail_next(l, 5 * S, 600), 2);
    assert_true(server_list_at(l, 0)->down);
    assert_int_equal(server_list_at(l, 0)->down_since_ms, 5 * S);
    assert_int_equal(current(l), 2);
    mem_deref(l);
}

static void with_interval_0_the_first_is_tried_again_before_the_third(void **state)
{
    struct server_list *l = ladder(4, UA_UDP);

    (void)state;
    assert_int_equal(fail_next(l, 0, 0), 2);
    server_list_succeed(l);
    assert_int_equal(fail_next(l, 10 * S, 0), 1);
    assert_int_equal(fail_next(l, 20 * S, 0), 3);
    assert_int_equal(fail_next(l, 30 * S, 0), 4);
    assert_int_equal(fail_next(l, 40 * S, 0), 0);
    mem_deref(l);
}

static void with_an_interval_the_first_stays_out_until_it_is_over(void **state)
{
    struct server_list *l = ladder(4, UA_UDP);

    (void)state;
    assert_int_equal(fail_next(l, 0, 600), 2);
    server_list_succeed(l);
    assert_int_equal(fail_next(l, 599 * S, 600), 3);
    assert_int_equal(fail_next(l, 599 * S, 600), 4);
    server_list_succeed(l);
    assert_int_equal(fail_next(l, 600 * S, 600), 1);
    mem_deref(l);
}

static void when_all_are_down_the_marks_go_and_the_caller_waits(void **state)
{
    struct server_list *l = ladder(2, UA_UDP);

    (void)state;
    assert_int_equal(fail_next(l, 0, 3600), 2);
    assert_int_equal(fail_next(l, 16 * S, 3600), 0);
    assert_int_equal(current(l), 1);
    assert_false(server_list_at(l, 1)->down);
    assert_int_equal(fail_next(l, 50 * S, 3600), 2);
    mem_deref(l);
}

static void a_lone_server_is_tried_again_after_the_wait(void **state)
{
    struct server_list *l = ladder(1, UA_UDP);

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(fail_next(l, i * 30 * S, i % 2 ? 0 : 600), 0);
        assert_int_equal(current(l), 1);
    }
    mem_deref(l);
}

static void several_requests_that_fail_at_one_server_count_once(void **state)
{
    struct server_list *l = ladder(3, UA_UDP);
    const struct server_entry first = *server_list_at(l, 0);
    const struct server_entry stranger = {.addr = addr_of(9), .port = 5060};

    (void)state;
    assert_int_equal(last_byte(server_list_fail(l, &first, 0, 600)), 2);
    assert_int_equal(last_byte(server_list_fail(l, &first, 7 * S, 600)), 2);
    assert_int_equal(server_list_at(l, 0)->down_since_ms, 0);
    assert_int_equal(last_byte(server_list_fail(l, &stranger, 8 * S, 600)), 2);
    assert_false(server_list_at(l, 1)->down);
    mem_deref(l);
}

static void one_address_by_two_transports_is_two_servers(void **state)
{
    const struct in_addr a = addr_of(1);
    struct server_target targets[] = {target(&a, 0, 0), target(&a, 1, 0)};
    struct server_list *l = NULL;

    (void)state;
    targets[1].transport = UA_TCP;
    assert_int_equal(server_list_alloc(&l, targets, 2, &RANKED), 0);
    const struct server_entry udp = *server_list_at(l, 0), tcp = *server_list_at(l, 1);
    assert_int_equal(server_list_fail(l, &udp, 0, 600)->transport, UA_TCP);
    assert_null(server_list_fail(l, &tcp, 16 * S, 600));
    mem_deref(l);
}

static void a_list_found_again_keeps_the_marks(void **state)
{
    struct server_list *old = ladder(3, UA_UDP), *l = ladder(4, UA_UDP);
    struct server_list *other = ladder(3, UA_TCP);

    (void)state;
    fail_next(old, 5 * S, 600);
    server_list_merge(l, old);
    assert_int_equal(current(l), 2);
    assert_int_equal(server_list_at(l, 0)->down_since_ms, 5 * S);
    server_list_merge(other, old); /* another transport is another server */
    assert_int_equal(current(other), 1);
    mem_deref(old);
    mem_deref(other);
    mem_deref(l);
}

static void records_that_rotate_do_not_move_the_line(void **state)
{
    static const unsigned before[] = {1, 2, 3}, after[] = {9, 3, 1, 2};
    struct server_list *old = plain(before, 3), *l = plain(after, 4);

    (void)state;
    server_list_merge(l, old);
    static const unsigned want[] = {1, 2, 3, 9};
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(at(l, i), want[i]);
    mem_deref(old);
    mem_deref(l);
}

static void a_changed_priority_counts_when_found_again(void **state)
{
    const struct in_addr a[] = {addr_of(1), addr_of(2)};
    const struct server_target turned[] = {target(&a[0], 20, 0), target(&a[1], 10, 0)};
    struct server_list *old = ladder(2, UA_UDP), *l = NULL;

    (void)state;
    assert_int_equal(server_list_alloc(&l, turned, 2, &RANKED), 0);
    server_list_merge(l, old);
    assert_int_equal(current(l), 2);
    mem_deref(old);
    mem_deref(l);
}

static void a_changed_weight_counts_unless_weights_are_drawn(void **state)
{
    const struct in_addr a[] = {addr_of(1), addr_of(2)};
    const struct server_target before[] = {target(&a[0], 1, 9), target(&a[1], 1, 5)};
    const struct server_target after[] = {target(&a[0], 1, 5), target(&a[1], 1, 9)};
    struct rng rng;

    (void)state;
    rng_init(&rng, 1, 1);
    for (unsigned i = 0; i < 20; i++) {
        const struct server_order drawn = {.weighted = &rng};
        const struct server_order *order = i % 2 ? &drawn : &RANKED;
        struct server_list *old = NULL, *l = NULL;
        assert_int_equal(server_list_alloc(&old, before, 2, order), 0);
        assert_int_equal(server_list_alloc(&l, after, 2, order), 0);
        server_list_merge(l, old);
        assert_int_equal(current(l), i % 2 ? current(old) : 2);
        mem_deref(old);
        mem_deref(l);
    }
}

static void a_list_of_which_only_down_ones_are_left_starts_afresh(void **state)
{
    struct server_list *old = ladder(2, UA_UDP), *l = ladder(1, UA_UDP);

    (void)state;
    fail_next(old, 0, 600);
    server_list_merge(l, old);
    assert_false(server_list_at(l, 0)->down);
    mem_deref(old);
    mem_deref(l);
}

/* Registered at 0, failover at once, renewals each expires_s (factor 1.0, Timer F term 0), the
 * timer where the list wants it: when does the REGISTER go to the primary? */
static uint64_t fallback_s(uint32_t expires_s, uint32_t interval_s, bool auto_register,
                           enum ua_transport transport, uint64_t limit_s)
{
    const struct server_fallback f = {.interval_s = interval_s, .auto_register = auto_register};
    struct server_list *l = ladder(3, transport);
    uint64_t now = 0, renewal = expires_s * (uint64_t)S;

    fail_next(l, 0, interval_s);
    server_list_succeed(l);
    while (now < limit_s * S) {
        const uint64_t timer = server_list_fallback_ms(l, &f);
        const bool renews = renewal <= timer;
        now = renews ? renewal : timer;
        if (server_list_fall_back(l, &f, now, renews ? SERVER_RENEWAL : SERVER_TIMER, false))
            break;
        assert_true(renews); /* a timer that fires has something to do */
        renewal += expires_s * (uint64_t)S;
    }
    if (now < limit_s * S)
        assert_int_equal(current(l), 1);
    mem_deref(l);
    return now / S;
}

static void the_documented_numbers_come_out(void **state)
{
    (void)state;
    assert_int_equal(fallback_s(3600, 600, false, UA_UDP, 99999), 600);
    assert_int_equal(fallback_s(800, 1000, false, UA_UDP, 99999), 800);
    assert_int_equal(fallback_s(3600, 600, true, UA_UDP, 99999), 3600);
    assert_int_equal(fallback_s(600, 1000, true, UA_UDP, 99999), 1200);
}

static void a_connection_falls_back_when_the_interval_is_over(void **state)
{
    static const enum ua_transport streams[] = {UA_TCP, UA_TLS};

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(fallback_s(3600, 600, true, streams[i], 99999), 600);
        assert_int_equal(fallback_s(3600, 600, false, streams[i], 99999), 600);
        assert_int_equal(fallback_s(800, 1000, true, streams[i], 99999), 1000);
        assert_int_equal(fallback_s(600, 0, true, streams[i], 99999), 99999 / 600 * 600 + 600);
    }
}

static void with_interval_0_a_datagram_line_falls_back_at_the_renewal(void **state)
{
    (void)state;
    assert_int_equal(fallback_s(600, 0, false, UA_UDP, 99999), 600);
    assert_int_equal(fallback_s(600, 0, true, UA_UDP, 99999), 600);
}

static void a_timer_does_nothing_that_only_a_renewal_may(void **state)
{
    const struct server_fallback registers = {.interval_s = 600, .auto_register = true};
    const struct server_fallback no_interval = {.interval_s = 0};
    struct server_list *l = ladder(2, UA_UDP);

    (void)state;
    fail_next(l, 0, 600);
    server_list_succeed(l);
    assert_true(server_list_fallback_ms(l, &registers) == SERVER_NEVER);
    assert_true(server_list_fallback_ms(l, &no_interval) == SERVER_NEVER);
    assert_false(server_list_fall_back(l, &registers, 700 * S, SERVER_TIMER, false));
    assert_false(server_list_fall_back(l, &no_interval, 700 * S, SERVER_TIMER, false));
    assert_true(server_list_fall_back(l, &registers, 700 * S, SERVER_RENEWAL, false));
    mem_deref(l);
}

static void equal_records_fail_over_and_do_not_fall_back(void **state)
{
    static const unsigned numbers[] = {1, 2, 3};
    const struct server_fallback f = {.interval_s = 600};
    struct server_list *l = plain(numbers, 3);

    (void)state;
    assert_int_equal(fail_next(l, 0, 600), 2);
    server_list_succeed(l);
    assert_true(server_list_fallback_ms(l, &f) == SERVER_NEVER);
    assert_false(server_list_fall_back(l, &f, 7200 * S, SERVER_TIMER, false));
    assert_false(server_list_fall_back(l, &f, 7200 * S, SERVER_RENEWAL, false));
    assert_int_equal(current(l), 2);
    assert_int_equal(fail_next(l, 7200 * S, 600), 1); /* but a search finds the first again */
    mem_deref(l);
}

static void the_best_server_has_nowhere_to_fall_back_to(void **state)
{
    const struct server_fallback f = {.interval_s = 600};
    struct server_list *l = ladder(2, UA_UDP);

    (void)state;
    assert_true(server_list_fallback_ms(l, &f) == SERVER_NEVER);
    assert_false(server_list_fall_back(l, &f, 600 * S, SERVER_RENEWAL, false));
    mem_deref(l);
}

static void a_call_keeps_its_server(void **state)
{
    const struct server_fallback f = {.interval_s = 600};
    struct server_list *l = ladder(2, UA_UDP);

    (void)state;
    fail_next(l, 0, 600);
    assert_false(server_list_fall_back(l, &f, 600 * S, SERVER_TIMER, true));
    assert_false(server_list_fall_back(l, &f, 700 * S, SERVER_RENEWAL, true));
    assert_int_equal(current(l), 2);
    assert_true(server_list_fall_back(l, &f, 701 * S, SERVER_TIMER, false));
    assert_int_equal(current(l), 1);
    mem_deref(l);
}

static void a_failed_fallback_returns_to_the_backup_with_a_new_time(void **state)
{
    const struct server_fallback f = {.interval_s = 600};
    struct server_list *l = ladder(3, UA_UDP);

    (void)state;
    fail_next(l, 0, 600);
    server_list_succeed(l);
    assert_true(server_list_fall_back(l, &f, 600 * S, SERVER_TIMER, false));
    assert_int_equal(fail_next(l, 616 * S, 600), 2);
    assert_int_equal(server_list_at(l, 0)->down_since_ms, 616 * S);
    assert_true(server_list_fallback_ms(l, &f) == 1216 * S);
    mem_deref(l);
}

static void each_server_has_its_own_interval(void **state)
{
    const struct server_fallback f = {.interval_s = 600};
    struct server_list *l = ladder(3, UA_UDP);

    (void)state;
    fail_next(l, 0, 600);
    server_list_succeed(l);
    fail_next(l, 100 * S, 600);
    server_list_succeed(l);
    assert_int_equal(current(l), 3);
    assert_true(server_list_fallback_ms(l, &f) == 600 * S);
    assert_true(server_list_fall_back(l, &f, 600 * S, SERVER_TIMER, false));
    assert_int_equal(fail_next(l, 616 * S, 600), 3); /* the 2nd is still out */
    assert_true(server_list_fallback_ms(l, &f) == 700 * S);
    assert_true(server_list_fall_back(l, &f, 700 * S, SERVER_TIMER, false));
    assert_int_equal(current(l), 2);
    mem_deref(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(priority_goes_before_weight_and_weight_before_the_answer),
        cmocka_unit_test(an_earlier_naptr_record_goes_before_any_priority),
        cmocka_unit_test(a_target_gives_all_its_addresses_before_the_next),
        cmocka_unit_test(a_missing_port_is_that_of_the_transport),
        cmocka_unit_test(based_on_srv_port_keeps_the_port_of_the_first),
        cmocka_unit_test(weighted_random_splits_by_weight_within_a_priority),
        cmocka_unit_test(the_same_seed_draws_the_same_order),
        cmocka_unit_test(too_much_is_refused_and_nothing_is_none),
        cmocka_unit_test(a_failed_server_gives_way_to_the_next),
        cmocka_unit_test(with_interval_0_the_first_is_tried_again_before_the_third),
        cmocka_unit_test(with_an_interval_the_first_stays_out_until_it_is_over),
        cmocka_unit_test(when_all_are_down_the_marks_go_and_the_caller_waits),
        cmocka_unit_test(a_lone_server_is_tried_again_after_the_wait),
        cmocka_unit_test(several_requests_that_fail_at_one_server_count_once),
        cmocka_unit_test(one_address_by_two_transports_is_two_servers),
        cmocka_unit_test(a_list_found_again_keeps_the_marks),
        cmocka_unit_test(records_that_rotate_do_not_move_the_line),
        cmocka_unit_test(a_changed_priority_counts_when_found_again),
        cmocka_unit_test(a_changed_weight_counts_unless_weights_are_drawn),
        cmocka_unit_test(a_list_of_which_only_down_ones_are_left_starts_afresh),
        cmocka_unit_test(the_documented_numbers_come_out),
        cmocka_unit_test(a_connection_falls_back_when_the_interval_is_over),
        cmocka_unit_test(with_interval_0_a_datagram_line_falls_back_at_the_renewal),
        cmocka_unit_test(a_timer_does_nothing_that_only_a_renewal_may),
        cmocka_unit_test(equal_records_fail_over_and_do_not_fall_back),
        cmocka_unit_test(the_best_server_has_nowhere_to_fall_back_to),
        cmocka_unit_test(a_call_keeps_its_server),
        cmocka_unit_test(a_failed_fallback_returns_to_the_backup_with_a_new_time),
        cmocka_unit_test(each_server_has_its_own_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
