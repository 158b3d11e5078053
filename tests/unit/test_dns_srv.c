/* SPDX-License-Identifier: BSD-3-Clause */
/* SRV and NAPTR questions to a name server in this process, in virtual time. */
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
#include "tests/support/nameserver.h"
#include "tests/support/peer.h"

enum { MANY = 20 };

#define SRV_NAME "_sip._udp.example.com"

struct got {
    bool done;
    int err;
    size_t n, n_addrs; /* n_addrs of all records */
    uint32_t ttl_s;
    char text[2048];              /* all records */
    struct resolver_query **drop; /* from the handler */
};

struct fixture {
    struct loop *lp;
    struct nameserver *server;
    struct resolver *resolver;
    struct resolver_query *queries[MANY];
    struct got got[MANY];
};

static void add(struct got *g, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void add(struct got *g, const char *fmt, ...)
{
    const size_t len = strlen(g->text);
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(g->text + len, sizeof(g->text) - len, fmt, ap);
    va_end(ap);
}

static void begin(struct got *g, int err, size_t n, uint32_t ttl_s)
{
    assert_false(g->done);
    g->done = true;
    g->err = err;
    g->n = n;
    g->ttl_s = ttl_s;
    if (g->drop)
        *g->drop = mem_deref(*g->drop);
}

static void srv_handler(int err, const struct resolver_srv *srv, size_t n, uint32_t ttl_s,
                        void *arg)
{
    struct got *g = arg;

    begin(g, err, n, ttl_s);
    for (size_t i = 0; i < n; i++) {
        add(g, "%u %u %u %s", srv[i].priority, srv[i].weight, srv[i].port, srv[i].target);
        for (size_t j = 0; j < srv[i].n_addrs; j++)
            add(g, " %u", ntohl(srv[i].addrs[j].s_addr) & 0xff);
        add(g, "\n");
        g->n_addrs += srv[i].n_addrs;
    }
}

static void naptr_handler(int err, const struct resolver_naptr *naptr, size_t n, uint32_t ttl_s,
                          void *arg)
{
    struct got *g = arg;

    begin(g, err, n, ttl_s);
    for (size_t i = 0; i < n; i++)
        add(g, "%u %u %s %s %s %s\n", naptr[i].order, naptr[i].preference, naptr[i].flags,
            naptr[i].service, naptr[i].regexp, naptr[i].replacement);
}

static void addr_handler(int err, const struct in_addr *addrs, size_t n, uint32_t ttl_s, void *arg)
{
    (void)addrs;
    begin(arg, err, n, ttl_s);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    if (!f || loop_alloc(&f->lp, &(struct loop_config){.clock = CLOCK_VIRTUAL}))
        return -1;
    f->server = nameserver_open(f->lp);
    *state = f;
    return resolver_alloc(&f->resolver, f->lp, nameserver_text(f->server));
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    for (unsigned i = 0; i < MANY; i++)
        mem_deref(f->queries[i]);
    mem_deref(f->resolver);
    nameserver_close(f->server);
    mem_deref(f->lp);
    free(f);
    return 0;
}

static void ask(struct fixture *f, unsigned i, const char *name)
{
    f->queries[i] = mem_deref(f->queries[i]);
    f->got[i] = (struct got){0};
    assert_int_equal(resolver_query_srv(&f->queries[i], f->resolver, name, srv_handler, &f->got[i]),
                     0);
    assert_false(f->got[i].done);
}

static const struct got *get(struct fixture *f, unsigned i, const char *name)
{
    ask(f, i, name);
    assert_true(peer_wait(f->lp, &f->got[i].done));
    return &f->got[i];
}

static const struct got *get_naptr(struct fixture *f, unsigned i, const char *name)
{
    struct got *g = &f->got[i];

    f->queries[i] = mem_deref(f->queries[i]);
    *g = (struct got){0};
    assert_int_equal(resolver_query_naptr(&f->queries[i], f->resolver, name, naptr_handler, g), 0);
    assert_false(g->done);
    assert_true(peer_wait(f->lp, &g->done));
    return g;
}

static void add_two(struct fixture *f)
{
    nameserver_srv(f->server, SRV_NAME, 300, 10, 60, 5060, "one.example.com");
    nameserver_srv(f->server, SRV_NAME, 60, 20, 0, 5070, "two.example.com");
    nameserver_a(f->server, "one.example.com", 300, "192.0.2.1");
    nameserver_a(f->server, "one.example.com", 300, "192.0.2.2");
    nameserver_a(f->server, "two.example.com", 300, "192.0.2.3");
}

static void services_come_in_the_order_of_the_answer(void **state)
{
    struct fixture *f = *state;

    add_two(f);
    const struct got *g = get(f, 0, SRV_NAME);
    assert_int_equal(g->err, 0);
    assert_string_equal(g->text, "10 60 5060 one.example.com\n20 0 5070 two.example.com\n");
    assert_in_range(g->ttl_s, 58, 60); /* the shortest of all */
}

static void addresses_that_come_along_are_kept_with_their_service(void **state)
{
    struct fixture *f = *state;

    add_two(f);
    nameserver_additional(f->server, true);
    assert_string_equal(get(f, 0, SRV_NAME)->text,
                        "10 60 5060 one.example.com 1 2\n20 0 5070 two.example.com 3\n");
}

static void naptr_records_keep_all_their_fields(void **state)
{
    struct fixture *f = *state;

    nameserver_naptr(f->server, "example.com", 10, 50, "s", "SIP+D2T", "", "_sip._tcp.example.com");
    nameserver_naptr(f->server, "example.com", 90, 5, "u", "E2U+sip", "!^.*$!sip:x@y!", "");
    const struct got *g = get_naptr(f, 0, "example.com");
    assert_string_equal(g->text, "10 50 s SIP+D2T  _sip._tcp.example.com\n"
                                 "90 5 u E2U+sip !^.*$!sip:x@y! \n");
    get_naptr(f, 1, "EXAMPLE.com");
    assert_int_equal(nameserver_asked(f->server, NULL), 1);
}

static void kinds_of_records_are_kept_apart(void **state)
{
    struct fixture *f = *state;

    nameserver_a(f->server, "example.com", 60, "192.0.2.1");
    assert_int_equal(get(f, 0, "example.com")->err, ENOENT);
    assert_int_equal(get_naptr(f, 1, "example.com")->err, ENOENT);
    assert_int_equal(
        resolver_query_a(&f->queries[2], f->resolver, "example.com", addr_handler, &f->got[2]), 0);
    assert_true(peer_wait(f->lp, &f->got[2].done));
    assert_int_equal(f->got[2].err, 0);
    assert_int_equal(nameserver_asked(f->server, "example.com"), 3);
}

static void what_is_known_is_not_asked_again_until_it_is_too_old(void **state)
{
    struct fixture *f = *state;

    add_two(f);
    get(f, 0, SRV_NAME);
    loop_advance(f->lp, 59000);
    assert_int_equal(get(f, 1, SRV_NAME)->n, 2);
    assert_int_equal(nameserver_asked(f->server, NULL), 1);
    loop_advance(f->lp, 1000);
    nameserver_srv(f->server, SRV_NAME, 60, 30, 0, 5060, "three.example.com");
    assert_int_equal(get(f, 2, SRV_NAME)->n, 3);
    assert_int_equal(nameserver_asked(f->server, NULL), 2);
}

static void a_handler_may_drop_its_question(void **state)
{
    struct fixture *f = *state;

    add_two(f);
    ask(f, 0, SRV_NAME);
    ask(f, 1, SRV_NAME);
    f->got[0].drop = &f->queries[0];
    assert_true(peer_wait(f->lp, &f->got[1].done));
    assert_int_equal(f->got[0].n, 2);
    assert_null(f->queries[0]);
}

static void equal_questions_are_asked_once(void **state)
{
    struct fixture *f = *state;

    add_two(f);
    for (unsigned i = 0; i < MANY; i++)
        ask(f, i, SRV_NAME);
    f->queries[7] = mem_deref(f->queries[7]);
    for (unsigned i = 0; i < MANY; i++)
        if (i != 7)
            assert_true(peer_wait(f->lp, &f->got[i].done));
    assert_false(f->got[7].done);
    assert_int_equal(nameserver_asked(f->server, NULL), 1);
}

static void no_such_service_is_believed_shortly(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(get(f, 0, SRV_NAME)->err, ENOENT);
    add_two(f);
    assert_int_equal(get(f, 1, SRV_NAME)->err, ENOENT);
    loop_advance(f->lp, 5000);
    assert_int_equal(get(f, 2, SRV_NAME)->err, 0);
}

static void a_silent_server_is_a_timeout(void **state)
{
    struct fixture *f = *state;

    nameserver_silent(f->server, true);
    ask(f, 0, SRV_NAME);
    peer_settle(f->lp);
    loop_advance(f->lp, 10000);
    assert_true(peer_wait(f->lp, &f->got[0].done));
    assert_int_equal(f->got[0].err, ETIMEDOUT);
}

static void only_as_many_records_as_a_phone_takes_are_taken(void **state)
{
    struct fixture *f = *state;

    for (unsigned i = 0; i < RESOLVER_SRV_MAX + 3; i++)
        nameserver_srv(f->server, SRV_NAME, 60, i, 0, 5060, "one.example.com");
    for (unsigned i = 0; i < RESOLVER_NAPTR_MAX + 3; i++)
        nameserver_naptr(f->server, SRV_NAME, i, 0, "s", "SIP+D2U", "", SRV_NAME);
    assert_int_equal(get(f, 0, SRV_NAME)->n, RESOLVER_SRV_MAX);
    assert_int_equal(get_naptr(f, 1, SRV_NAME)->n, RESOLVER_NAPTR_MAX);
}

static void more_addresses_than_are_kept_end_the_list(void **state)
{
    struct fixture *f = *state;

    for (unsigned i = 0; i < RESOLVER_SRV_MAX; i++)
        nameserver_srv(f->server, SRV_NAME, 60, i, 0, 5060, "o.de");
    for (unsigned i = 0; i < 3; i++)
        nameserver_a(f->server, "o.de", 60, "192.0.2.1");
    nameserver_additional(f->server, true);
    const struct got *g = get(f, 0, SRV_NAME); /* libre itself takes 32 records of a section */
    assert_int_equal(g->n, RESOLVER_SRV_MAX);
    assert_in_range(g->n_addrs, 1, 48);
}

static void what_does_not_fit_a_datagram_is_asked_for_by_tcp(void **state)
{
    struct fixture *f = *state;

    add_two(f);
    nameserver_truncate(f->server, true);
    nameserver_additional(f->server, true);
    const struct got *g = get(f, 0, SRV_NAME);
    assert_int_equal(g->err, 0);
    assert_int_equal(g->n, 2);
    assert_int_equal(g->n_addrs, 3);
    assert_int_equal(nameserver_asked(f->server, NULL), 2);
    get(f, 1, SRV_NAME);
    assert_int_equal(nameserver_asked(f->server, NULL), 2);
    loop_advance(f->lp, 60000); /* and by a datagram first the next time */
    assert_int_equal(get(f, 2, SRV_NAME)->n, 2);
    assert_int_equal(nameserver_asked(f->server, NULL), 4);
}

static void without_tcp_the_beginning_of_an_answer_serves(void **state)
{
    struct fixture *f = *state;

    add_two(f);
    nameserver_truncate(f->server, false);
    const struct got *g = get(f, 0, SRV_NAME);
    assert_int_equal(g->err, 0);
    assert_string_equal(g->text, "10 60 5060 one.example.com\n");
    assert_in_range(g->ttl_s, 4, 5);
    assert_int_equal(nameserver_asked(f->server, NULL), 1);
    loop_advance(f->lp, 5000);
    nameserver_silent(f->server, true);
    ask(f, 1, SRV_NAME);
    peer_settle(f->lp);
    loop_advance(f->lp, 10000);
    assert_true(peer_wait(f->lp, &f->got[1].done));
    assert_int_equal(f->got[1].err, ETIMEDOUT); /* that beginning is not for ever */
}

static void the_root_and_what_is_no_host_are_no_targets(void **state)
{
    struct fixture *f = *state;

    nameserver_srv(f->server, SRV_NAME, 60, 0, 0, 5060, "");
    assert_int_equal(get(f, 0, SRV_NAME)->err, ENOENT);
    nameserver_srv(f->server, "_sip._tcp.example.com", 60, 0, 0, 5060, "two words.example.com");
    nameserver_srv(f->server, "_sip._tcp.example.com", 60, 0, 0, 5060, "ok.example.com");
    assert_string_equal(get(f, 1, "_sip._tcp.example.com")->text, "0 0 5060 ok.example.com\n");
}

static void addresses_have_no_services_and_bad_names_none(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(get(f, 0, "192.0.2.1")->err, ENOENT);
    assert_int_equal(get_naptr(f, 1, "a..b")->err, ENOENT);
    assert_int_equal(nameserver_asked(f->server, NULL), 0);
}

/* Bends one answer in every way at every place: each is understood, or refused, or ignored. */
static void malformed_answers_never_crash(void **state)
{
    static const uint8_t masks[] = {0xff, 0x80, 0x40, 0x01};
    struct fixture *f = *state;
    uint8_t good[NAMESERVER_BYTES], bad[NAMESERVER_BYTES];

    add_two(f);
    nameserver_naptr(f->server, SRV_NAME, 1, 2, "s", "SIP+D2U", "", SRV_NAME);
    nameserver_additional(f->server, true);
    nameserver_silent(f->server, true);
    for (unsigned round = 0; round < 100; round++) {
        ask(f, 0, SRV_NAME);
        resolver_query_naptr(&f->queries[1], f->resolver, SRV_NAME, naptr_handler, &f->got[1]);
        peer_settle(f->lp);
        const size_t len = nameserver_print(f->server, good);
        for (unsigned i = 0; i < 4; i++) { /* the first that is understood ends the question */
            const size_t turn = round * 4 + i, at = turn * 3 % len, way = turn % 5;
            memcpy(bad, good, len);
            if (way < 4)
                bad[at] ^= masks[way];
            nameserver_send(f->server, bad, way < 4 ? len : at);
        }
        peer_settle(f->lp);
        f->queries[0] = mem_deref(f->queries[0]);
        f->queries[1] = mem_deref(f->queries[1]);
        f->got[1] = (struct got){0};
        loop_advance(f->lp, 400000);
    }
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(services_come_in_the_order_of_the_answer),
        CASE(addresses_that_come_along_are_kept_with_their_service),
        CASE(naptr_records_keep_all_their_fields),
        CASE(kinds_of_records_are_kept_apart),
        CASE(what_is_known_is_not_asked_again_until_it_is_too_old),
        CASE(a_handler_may_drop_its_question),
        CASE(equal_questions_are_asked_once),
        CASE(no_such_service_is_believed_shortly),
        CASE(a_silent_server_is_a_timeout),
        CASE(only_as_many_records_as_a_phone_takes_are_taken),
        CASE(more_addresses_than_are_kept_end_the_list),
        CASE(what_does_not_fit_a_datagram_is_asked_for_by_tcp),
        CASE(without_tcp_the_beginning_of_an_answer_serves),
        CASE(the_root_and_what_is_no_host_are_no_targets),
        CASE(addresses_have_no_services_and_bad_names_none),
        CASE(malformed_answers_never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
