/* SPDX-License-Identifier: BSD-3-Clause */
/* The farm's resolver against a name server in this process, in virtual time. */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <re.h>

#include "sim/dns/dns.h"
#include "sim/loop/loop.h"
#include "tests/support/peer.h"

enum { MANY = 50, TTL_S = 60 };

struct server {
    struct udp_peer *udp;
    unsigned n;              /* questions */
    unsigned rcode, n_addrs; /* what to answer */
    uint32_t ttl_s;
    bool silent;
    struct sockaddr_in asker;
    uint8_t question[512];
    size_t len;
};

struct answer {
    bool done;
    int err;
    size_t n;
    uint32_t ttl_s, first, last; /* addresses in host order */
};

struct fixture {
    struct loop *lp;
    struct server server;
    struct resolver *resolver;
    struct resolver_query *queries[MANY];
    struct answer answers[MANY];
};

static void answer(struct server *s)
{
    uint8_t m[512];
    size_t at = s->len;

    memcpy(m, s->question, s->len);
    m[2] |= 0x80;
    m[3] = (uint8_t)(0x80 | s->rcode);
    m[7] = (uint8_t)s->n_addrs;
    for (unsigned i = 0; i < s->n_addrs; i++) {
        const uint8_t rr[16] = {0xc0,
                                12,
                                0,
                                1,
                                0,
                                1,
                                (uint8_t)(s->ttl_s >> 24),
                                (uint8_t)(s->ttl_s >> 16),
                                (uint8_t)(s->ttl_s >> 8),
                                (uint8_t)s->ttl_s,
                                0,
                                4,
                                192,
                                0,
                                2,
                                (uint8_t)(i + 1)};
        memcpy(m + at, rr, sizeof(rr));
        at += sizeof(rr);
    }
    udp_peer_send(s->udp, &s->asker, m, at);
}

static void question_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                             const struct sockaddr_in *from, void *arg)
{
    struct server *s = arg;

    (void)p;
    s->n++;
    s->asker = *from;
    s->len = len < 300 ? len : 300;
    memcpy(s->question, data, s->len);
    if (!s->silent)
        answer(s);
}

static void answer_handler(int err, const struct in_addr *addrs, size_t n, uint32_t ttl_s,
                           void *arg)
{
    struct answer *a = arg;

    assert_false(a->done);
    a->done = true;
    a->err = err;
    a->n = n;
    a->ttl_s = ttl_s;
    a->first = n ? ntohl(addrs[0].s_addr) : 0;
    a->last = n ? ntohl(addrs[n - 1].s_addr) : 0;
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    char text[32];

    if (!f || loop_alloc(&f->lp, &(struct loop_config){.clock = CLOCK_VIRTUAL}))
        return -1;
    f->server.n_addrs = 1;
    f->server.ttl_s = TTL_S;
    f->server.udp = udp_peer_open(f->lp, question_handler, &f->server);
    snprintf(text, sizeof(text), "127.0.0.1:%u", udp_peer_port(f->server.udp));
    *state = f;
    return resolver_alloc(&f->resolver, f->lp, text);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    for (unsigned i = 0; i < MANY; i++)
        mem_deref(f->queries[i]);
    mem_deref(f->resolver);
    udp_peer_close(f->server.udp);
    mem_deref(f->lp);
    free(f);
    return 0;
}

static void ask(struct fixture *f, unsigned i, const char *name)
{
    f->queries[i] = mem_deref(f->queries[i]);
    f->answers[i] = (struct answer){0};
    assert_int_equal(
        resolver_query_a(&f->queries[i], f->resolver, name, answer_handler, &f->answers[i]), 0);
    assert_false(f->answers[i].done);
}

static const struct answer *get(struct fixture *f, unsigned i, const char *name)
{
    ask(f, i, name);
    assert_true(peer_wait(f->lp, &f->answers[i].done));
    return &f->answers[i];
}

static void a_name_has_the_addresses_of_the_answer(void **state)
{
    struct fixture *f = *state;

    f->server.n_addrs = 3;
    const struct answer *a = get(f, 0, "prov.example.com");
    assert_int_equal(a->err, 0);
    assert_int_equal(a->n, 3);
    assert_int_equal(a->first, 0xc0000201);
    assert_int_equal(a->last, 0xc0000203);
    assert_in_range(a->ttl_s, TTL_S - 2, TTL_S);
}

static void what_is_known_is_not_asked_again(void **state)
{
    struct fixture *f = *state;

    get(f, 0, "prov.example.com");
    assert_int_equal(get(f, 1, "PROV.example.COM")->first, 0xc0000201);
    assert_int_equal(f->server.n, 1);
}

static void what_is_known_can_be_told_without_asking(void **state)
{
    const struct in_addr right = {htonl(0xc0000202)}, wrong = {htonl(0xc0000209)};
    struct fixture *f = *state;

    f->server.n_addrs = 2;
    assert_int_equal(resolver_has_a(f->resolver, "prov.example.com", right), -1);
    get(f, 0, "prov.example.com");
    assert_int_equal(resolver_has_a(f->resolver, "PROV.example.com", right), 1);
    assert_int_equal(resolver_has_a(f->resolver, "prov.example.com", wrong), 0);
    assert_int_equal(resolver_has_a(f->resolver, "192.0.2.2", right), 1);
    assert_int_equal(resolver_has_a(f->resolver, "192.0.2.2", wrong), 0);
    f->server.rcode = 3;
    f->server.n_addrs = 0;
    get(f, 1, "none.example.com");
    assert_int_equal(resolver_has_a(f->resolver, "none.example.com", right), 0);
    loop_advance(f->lp, TTL_S * 1000);
    assert_int_equal(resolver_has_a(f->resolver, "prov.example.com", right), -1);
    assert_int_equal(f->server.n, 2);
}

static void what_was_known_too_long_is_asked_again(void **state)
{
    struct fixture *f = *state;

    get(f, 0, "prov.example.com");
    loop_advance(f->lp, TTL_S * 1000);
    f->server.n_addrs = 2;
    assert_int_equal(get(f, 1, "prov.example.com")->n, 2);
    assert_int_equal(f->server.n, 2);
}

static void a_long_time_to_live_counts(void **state)
{
    struct fixture *f = *state;

    f->server.ttl_s = 10 * 86400;
    get(f, 0, "prov.example.com");
    loop_advance(f->lp, 80000 * 1000UL);
    get(f, 1, "prov.example.com");
    assert_int_equal(f->server.n, 1);
}

static void equal_questions_are_asked_once(void **state)
{
    struct fixture *f = *state;

    for (unsigned i = 0; i < MANY; i++)
        ask(f, i, "prov.example.com");
    for (unsigned i = 0; i < MANY; i++) {
        assert_true(peer_wait(f->lp, &f->answers[i].done));
        assert_int_equal(f->answers[i].first, 0xc0000201);
    }
    assert_int_equal(f->server.n, 1);
}

static void who_no_longer_waits_hears_nothing(void **state)
{
    struct fixture *f = *state;

    f->server.silent = true;
    for (unsigned i = 0; i < 3; i++)
        ask(f, i, "prov.example.com");
    peer_settle(f->lp);
    f->queries[1] = mem_deref(f->queries[1]);
    answer(&f->server);
    assert_true(peer_wait(f->lp, &f->answers[0].done));
    assert_true(peer_wait(f->lp, &f->answers[2].done));
    assert_false(f->answers[1].done);
}

static void no_such_name_is_believed_shortly(void **state)
{
    struct fixture *f = *state;

    f->server.rcode = 3;
    f->server.n_addrs = 0;
    assert_int_equal(get(f, 0, "nowhere.example.com")->err, ENOENT);
    assert_int_equal(get(f, 1, "nowhere.example.com")->err, ENOENT);
    assert_int_equal(f->server.n, 1);
    loop_advance(f->lp, 5000);
    f->server.rcode = 0;
    f->server.n_addrs = 1;
    assert_int_equal(get(f, 2, "nowhere.example.com")->err, 0);
    assert_int_equal(f->server.n, 2);
}

static void a_name_without_addresses_is_none(void **state)
{
    struct fixture *f = *state;

    f->server.n_addrs = 0;
    assert_int_equal(get(f, 0, "mail.example.com")->err, ENOENT);
}

static void a_silent_server_is_a_timeout_and_is_asked_again(void **state)
{
    struct fixture *f = *state;

    f->server.silent = true;
    ask(f, 0, "prov.example.com");
    peer_settle(f->lp);
    for (unsigned i = 0; i < 10; i++) {
        assert_false(f->answers[0].done);
        loop_advance(f->lp, 1000);
        peer_settle(f->lp);
    }
    assert_true(peer_wait(f->lp, &f->answers[0].done));
    assert_int_equal(f->answers[0].err, ETIMEDOUT);
    const unsigned before = f->server.n;
    assert_true(before >= 2); /* repeated meanwhile */
    f->server.silent = false;
    assert_int_equal(get(f, 1, "prov.example.com")->err, 0);
    assert_int_equal(f->server.n, before + 1);
}

static void addresses_and_this_host_need_no_server(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(get(f, 0, "198.51.100.7")->first, 0xc6336407);
    assert_int_equal(get(f, 1, "localhost")->first >> 24, 127);
    assert_int_equal(f->server.n, 0);
}

static void what_is_no_name_is_not_asked(void **state)
{
    static const char *const names[] = {"", ".", "a..b", "two words", "[::1]", "x/y"};
    struct fixture *f = *state;

    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        assert_int_equal(get(f, i, names[i])->err, ENOENT);
    assert_int_equal(f->server.n, 0);
}

static void a_name_too_long_is_none(void **state)
{
    struct fixture *f = *state;
    char name[400], label[80 + 4];

    memset(name, 'a', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    assert_int_equal(get(f, 0, name)->err, ENOENT);
    memset(label, 'b', 80);
    memcpy(label + 80, ".de", 4);
    assert_int_equal(get(f, 1, label)->err, ENOENT);
}

static void garbage_from_the_server_is_ignored(void **state)
{
    static const uint8_t garbage[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
    struct fixture *f = *state;

    f->server.silent = true;
    ask(f, 0, "prov.example.com");
    peer_settle(f->lp);
    udp_peer_send(f->server.udp, &f->server.asker, garbage, sizeof(garbage));
    peer_settle(f->lp);
    assert_false(f->answers[0].done);
    answer(&f->server);
    assert_true(peer_wait(f->lp, &f->answers[0].done));
    assert_int_equal(f->answers[0].err, 0);
}

static void a_resolver_may_go_while_questions_wait(void **state)
{
    struct fixture *f = *state;

    f->server.silent = true;
    ask(f, 0, "prov.example.com");
    ask(f, 1, "localhost");
    f->resolver = mem_deref(f->resolver);
    peer_settle(f->lp);
    assert_false(f->answers[0].done);
}

static void a_bad_server_text_is_refused(void **state)
{
    struct fixture *f = *state;
    struct resolver *r = NULL;

    assert_int_equal(resolver_alloc(&r, f->lp, "name.example.com"), EINVAL);
    assert_int_equal(resolver_alloc(&r, f->lp, "127.0.0.1:port"), EINVAL);
    assert_int_equal(resolver_alloc(&r, f->lp, "127.0.0.1:70000"), EINVAL);
    assert_int_equal(resolver_alloc(&r, f->lp, ""), EINVAL);
    assert_null(r);
    assert_int_equal(resolver_alloc(&r, f->lp, "127.0.0.1"), 0);
    mem_deref(r);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_name_has_the_addresses_of_the_answer),
        CASE(what_is_known_is_not_asked_again),
        CASE(what_is_known_can_be_told_without_asking),
        CASE(what_was_known_too_long_is_asked_again),
        CASE(a_long_time_to_live_counts),
        CASE(equal_questions_are_asked_once),
        CASE(who_no_longer_waits_hears_nothing),
        CASE(no_such_name_is_believed_shortly),
        CASE(a_name_without_addresses_is_none),
        CASE(a_silent_server_is_a_timeout_and_is_asked_again),
        CASE(addresses_and_this_host_need_no_server),
        CASE(what_is_no_name_is_not_asked),
        CASE(a_name_too_long_is_none),
        CASE(garbage_from_the_server_is_ignored),
        CASE(a_resolver_may_go_while_questions_wait),
        CASE(a_bad_server_text_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
