/* SPDX-License-Identifier: BSD-3-Clause */
/* From the settings of a line to its servers, with a name server in this process: 2.5. */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <re.h>

#include "sim/base/err.h"
#include "sim/base/rng.h"
#include "sim/dns/dns.h"
#include "sim/loop/loop.h"
#include "sim/sip/server_find.h"
#include "sim/sip/server_list.h"
#include "tests/support/nameserver.h"
#include "tests/support/peer.h"

struct fixture {
    struct loop *lp;
    struct nameserver *dns;
    struct resolver *resolver;
    struct server_find *find;
    struct server_list *list;
    bool done, drop;
    int err;
    uint32_t ttl_s;
    char text[1024]; /* "address:port transport host" of every entry, "; " between */
};

static const char *const transports[] = {"udp", "tcp", "tls"};

static void found_handler(int err, struct server_list *list, uint32_t ttl_s, void *arg)
{
    struct fixture *f = arg;

    assert_false(f->done);
    f->done = true;
    f->err = err;
    f->ttl_s = ttl_s;
    f->list = mem_ref(list);
    if (f->drop)
        f->find = mem_deref(f->find);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    if (!f || loop_alloc(&f->lp, &(struct loop_config){.clock = CLOCK_VIRTUAL}))
        return -1;
    f->dns = nameserver_open(f->lp);
    *state = f;
    nameserver_a(f->dns, "example.com", 300, "192.0.2.1");
    nameserver_a(f->dns, "example.com", 300, "192.0.2.2");
    nameserver_a(f->dns, "one.net", 300, "192.0.2.11");
    nameserver_a(f->dns, "one.net", 300, "192.0.2.12");
    nameserver_a(f->dns, "two.net", 100, "192.0.2.21");
    return resolver_alloc(&f->resolver, f->lp, nameserver_text(f->dns));
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    mem_deref(f->find);
    mem_deref(f->list);
    mem_deref(f->resolver);
    nameserver_close(f->dns);
    mem_deref(f->lp);
    free(f);
    return 0;
}

static void begin(struct fixture *f, const struct server_find_config *c)
{
    struct parse_err pe;

    f->find = mem_deref(f->find);
    f->list = mem_deref(f->list);
    f->done = false;
    f->text[0] = '\0';
    assert_int_equal(server_find(&f->find, f->lp, f->resolver, c, found_handler, f, &pe), 0);
    assert_false(f->done);
}

static int find(struct fixture *f, const struct server_find_config *c)
{
    size_t at = 0;

    begin(f, c);
    assert_true(peer_wait(f->lp, &f->done));
    for (size_t i = 0; f->list && i < server_list_count(f->list); i++) {
        const struct server_entry *e = server_list_at(f->list, i);
        char addr[INET_ADDRSTRLEN];
        inet_ntop(AF_INET, &e->addr, addr, sizeof(addr));
        at += (size_t)snprintf(f->text + at, sizeof(f->text) - at, "%s%s:%u %s %s", i ? "; " : "",
                               addr, e->port, transports[e->transport], e->host);
    }
    return f->err;
}

static void an_address_is_itself(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(find(f, &(struct server_find_config){.proxy = "192.0.2.9",
                                                          .use_srv = true,
                                                          .auto_prefix = true}),
                     0);
    assert_string_equal(f->text, "192.0.2.9:5060 udp 192.0.2.9");
    assert_int_equal(
        find(f, &(struct server_find_config){.proxy = "192.0.2.9", .transport_auto = true}), 0);
    assert_string_equal(f->text, "192.0.2.9:5060 udp 192.0.2.9");
    assert_true(f->ttl_s > 86400);
    assert_int_equal(nameserver_asked(f->dns, NULL), 0);
}

static void without_srv_the_addresses_of_the_name_count(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(find(f, &(struct server_find_config){.proxy = "example.com"}), 0);
    assert_string_equal(f->text, "192.0.2.1:5060 udp example.com; 192.0.2.2:5060 udp example.com");
    assert_in_range(f->ttl_s, 298, 300);
    assert_int_equal(nameserver_asked(f->dns, NULL), 1);
}

static void tls_has_its_own_port(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(find(f, &(struct server_find_config){.proxy = "two.net", .transport = UA_TLS}),
                     0);
    assert_string_equal(f->text, "192.0.2.21:5061 tls two.net");
}

static void an_outbound_proxy_goes_before_the_proxy(void **state)
{
    struct fixture *f = *state;

    find(f, &(struct server_find_config){.proxy = "example.com", .outbound_proxy = "two.net:5080"});
    assert_string_equal(f->text, "192.0.2.21:5080 udp two.net");
    assert_int_equal(nameserver_asked(f->dns, "example.com"), 0);
    find(f, &(struct server_find_config){.proxy = "two.net", .outbound_proxy = ""});
    assert_string_equal(f->text, "192.0.2.21:5060 udp two.net");
}

static void add_services(struct fixture *f, const char *name)
{
    nameserver_srv(f->dns, name, 200, 20, 0, 5080, "two.net");
    nameserver_srv(f->dns, name, 200, 10, 0, 5070, "one.net");
}

static void services_are_ranked_and_asked_for_their_addresses(void **state)
{
    struct fixture *f = *state;

    add_services(f, "_sip._udp.example.com");
    assert_int_equal(find(f, &(struct server_find_config){.proxy = "example.com",
                                                          .use_srv = true,
                                                          .auto_prefix = true}),
                     0);
    assert_string_equal(f->text,
                        "192.0.2.11:5070 udp example.com; 192.0.2.12:5070 udp example.com; "
                        "192.0.2.21:5080 udp example.com");
    assert_in_range(f->ttl_s, 98, 100);
    assert_int_equal(server_list_at(f->list, 2)->priority, 20);
    assert_int_equal(nameserver_asked(f->dns, "example.com"), 0);
}

static void addresses_that_came_along_are_not_asked_for(void **state)
{
    struct fixture *f = *state;

    add_services(f, "_sip._udp.example.com");
    nameserver_additional(f->dns, true);
    find(f, &(struct server_find_config){
                .proxy = "example.com", .use_srv = true, .auto_prefix = true});
    assert_int_equal(server_list_count(f->list), 3);
    assert_int_equal(nameserver_asked(f->dns, NULL), 1);
}

static void the_prefix_follows_the_transport(void **state)
{
    static const char *const names[] = {"_sip._udp.two.net", "_sip._tcp.two.net",
                                        "_sips._tcp.two.net"};
    struct fixture *f = *state;

    for (unsigned i = 0; i < 3; i++) {
        find(f, &(struct server_find_config){
                    .proxy = "two.net", .use_srv = true, .auto_prefix = true, .transport = i});
        assert_int_equal(nameserver_asked(f->dns, names[i]), 1);
    }
}

static void without_auto_prefix_the_name_is_asked_as_it_is_written(void **state)
{
    struct fixture *f = *state;

    add_services(f, "_sip._udp.example.com");
    find(f, &(struct server_find_config){.proxy = "_sip._udp.example.com", .use_srv = true});
    assert_int_equal(server_list_count(f->list), 3);
    assert_string_equal(server_list_at(f->list, 0)->host, "example.com");
    find(f, &(struct server_find_config){.proxy = "_sip._udp.example.com",
                                         .use_srv = true,
                                         .auto_prefix = true}); /* not twice */
    assert_int_equal(server_list_count(f->list), 3);
}

static void services_without_answer_mean_the_plain_name(void **state)
{
    struct fixture *f = *state;

    find(f, &(struct server_find_config){.proxy = "two.net", .use_srv = true, .auto_prefix = true});
    assert_string_equal(f->text, "192.0.2.21:5060 udp two.net");
    find(f, &(struct server_find_config){.proxy = "_sip._udp.two.net", .use_srv = true});
    assert_string_equal(f->text, "192.0.2.21:5060 udp two.net");
}

static void an_explicit_port_asks_for_no_service(void **state)
{
    struct fixture *f = *state;

    add_services(f, "_sip._udp.example.com");
    find(f, &(struct server_find_config){.proxy = "two.net:5090",
                                         .use_srv = true,
                                         .auto_prefix = true,
                                         .transport_auto = true});
    assert_string_equal(f->text, "192.0.2.21:5090 udp two.net");
    assert_int_equal(nameserver_asked(f->dns, NULL), 1);
}

static void based_on_srv_port_keeps_the_first_port(void **state)
{
    struct fixture *f = *state;

    add_services(f, "_sip._udp.example.com");
    find(f, &(struct server_find_config){
                .proxy = "example.com", .use_srv = true, .auto_prefix = true, .by_srv_port = true});
    assert_int_equal(server_list_count(f->list), 2);
}

static void weighted_random_may_put_either_first(void **state)
{
    struct fixture *f = *state;
    unsigned n_two = 0;
    struct rng rng;

    rng_init(&rng, 5, 5);
    nameserver_srv(f->dns, "_sip._udp.example.com", 300, 10, 50, 5060, "one.net");
    nameserver_srv(f->dns, "_sip._udp.example.com", 300, 10, 50, 5060, "two.net");
    for (unsigned i = 0; i < 40; i++) {
        find(f,
             &(struct server_find_config){
                 .proxy = "example.com", .use_srv = true, .auto_prefix = true, .weighted = &rng});
        n_two += strncmp(f->text, "192.0.2.21", 10) == 0;
    }
    assert_in_range(n_two, 8, 32);
}

static void naptr_records_decide_transport_and_order(void **state)
{
    struct fixture *f = *state;

    nameserver_naptr(f->dns, "example.com", 90, 50, "s", "SIP+D2U", "", "_sip._udp.example.com");
    nameserver_naptr(f->dns, "example.com", 50, 70, "S", "sip+d2t", "", "_sip._tcp.example.com");
    nameserver_naptr(f->dns, "example.com", 50, 60, "s", "SIPS+D2T", "", "_sips._tcp.example.com");
    nameserver_naptr(f->dns, "example.com", 1, 1, "u", "E2U+sip", "!^.*$!sip:a@b!", "");
    nameserver_naptr(f->dns, "example.com", 2, 1, "s", "SIP+D2S", "", "_sip._sctp.example.com");
    nameserver_naptr(f->dns, "example.com", 3, 1, "a", "SIP+D2U", "", "one.net");
    nameserver_srv(f->dns, "_sip._udp.example.com", 60, 1, 0, 5060, "one.net");
    nameserver_srv(f->dns, "_sip._tcp.example.com", 60, 99, 0, 5065, "two.net");
    find(f, &(struct server_find_config){.proxy = "example.com", .transport_auto = true});
    assert_string_equal(f->text,
                        "192.0.2.21:5065 tcp example.com; 192.0.2.11:5060 udp example.com; "
                        "192.0.2.12:5060 udp example.com");
    assert_int_equal(nameserver_asked(f->dns, "_sips._tcp.example.com"), 1);
    assert_int_equal(nameserver_asked(f->dns, "_sip._sctp.example.com"), 0);
    assert_int_equal(nameserver_asked(f->dns, "one.net"), 1); /* for its address alone */
    assert_true(server_list_at(f->list, 0)->group < server_list_at(f->list, 1)->group);
}

static void without_naptr_records_auto_means_udp(void **state)
{
    struct fixture *f = *state;

    find(f, &(struct server_find_config){
                .proxy = "two.net", .transport_auto = true, .transport = UA_TLS});
    assert_string_equal(f->text, "192.0.2.21:5060 udp two.net");
    add_services(f, "_sip._udp.two.net");
    find(f, &(struct server_find_config){
                .proxy = "two.net", .transport_auto = true, .use_srv = true, .auto_prefix = true});
    assert_int_equal(server_list_count(f->list), 3);
}

static void not_more_services_than_a_phone_takes(void **state)
{
    struct fixture *f = *state;

    for (unsigned i = 0; i < 2; i++) {
        nameserver_naptr(f->dns, "example.com", i, 0, "s", i ? "SIP+D2T" : "SIP+D2U", "",
                         i ? "_sip._tcp.example.com" : "_sip._udp.example.com");
        for (unsigned j = 0; j < 8; j++)
            nameserver_srv(f->dns, i ? "_sip._tcp.example.com" : "_sip._udp.example.com", 60, j, 0,
                           5060 + j, "two.net");
    }
    find(f, &(struct server_find_config){.proxy = "example.com", .transport_auto = true});
    assert_int_equal(server_list_count(f->list), 12);
    assert_int_equal(nameserver_asked(f->dns, "two.net"), 1);
}

static void a_static_list_asks_only_for_addresses_it_lacks(void **state)
{
    struct fixture *f = *state;

    find(f, &(struct server_find_config){
                .proxy = "site:SRV=two.net:p=2|10.0.0.1:5070:p=1|x.net:p=3:A=10.0.0.2,10.0.0.3",
                .transport = UA_TLS,
                .use_srv = true,
                .auto_prefix = true});
    assert_string_equal(f->text, "10.0.0.1:5070 tls site; 192.0.2.21:5061 tls two.net; "
                                 "10.0.0.2:5061 tls x.net; 10.0.0.3:5061 tls x.net");
    assert_int_equal(nameserver_asked(f->dns, NULL), 1);
    find(f, &(struct server_find_config){.proxy = "site:5090:A=10.0.0.4,10.0.0.5"});
    assert_string_equal(f->text, "10.0.0.4:5090 udp site; 10.0.0.5:5090 udp site");
    assert_int_equal(nameserver_asked(f->dns, NULL), 1);
}

static void a_target_without_address_is_left_out(void **state)
{
    struct fixture *f = *state;

    nameserver_srv(f->dns, "_sip._udp.example.com", 60, 1, 0, 5060, "gone.net");
    nameserver_srv(f->dns, "_sip._udp.example.com", 60, 2, 0, 5060, "two.net");
    find(f, &(struct server_find_config){
                .proxy = "example.com", .use_srv = true, .auto_prefix = true});
    assert_string_equal(f->text, "192.0.2.21:5060 udp example.com");
}

static void an_unknown_name_has_no_servers(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(find(f, &(struct server_find_config){.proxy = "gone.net",
                                                          .use_srv = true,
                                                          .auto_prefix = true}),
                     ENOENT);
    assert_null(f->list);
}

static void a_silent_name_server_is_a_timeout(void **state)
{
    struct fixture *f = *state;

    nameserver_silent(f->dns, true);
    begin(f, &(struct server_find_config){.proxy = "example.com"});
    peer_settle(f->lp);
    loop_advance(f->lp, 10000);
    assert_true(peer_wait(f->lp, &f->done));
    assert_int_equal(f->err, ETIMEDOUT);
}

static void a_setting_that_cannot_be_read_is_refused_at_once(void **state)
{
    struct fixture *f = *state;
    struct parse_err pe = {0};

    assert_int_equal(server_find(&f->find, f->lp, f->resolver,
                                 &(struct server_find_config){.proxy = "a b"}, found_handler, f,
                                 &pe),
                     EBADMSG);
    assert_null(f->find);
    assert_int_equal(pe.col, 2);
}

static void the_handler_may_drop_the_search(void **state)
{
    static const char *const proxies[] = {"192.0.2.9", "example.com", "gone.net", "a:A=192.0.2.1"};
    struct fixture *f = *state;

    f->drop = true;
    for (unsigned i = 0; i < 4; i++) {
        find(f, &(struct server_find_config){
                    .proxy = proxies[i], .use_srv = true, .auto_prefix = true});
        assert_null(f->find);
    }
}

static void who_no_longer_waits_hears_nothing(void **state)
{
    struct fixture *f = *state;

    add_services(f, "_sip._udp.example.com");
    for (unsigned turns = 0; turns < 12; turns++) { /* whatever step it is at */
        begin(f, &(struct server_find_config){.proxy = "example.com",
                                              .use_srv = true,
                                              .auto_prefix = true,
                                              .transport_auto = turns % 2});
        for (unsigned i = 0; i < turns / 2 && !f->done; i++)
            loop_poll(f->lp);
        if (f->done)
            continue;
        f->find = mem_deref(f->find);
        peer_settle(f->lp);
        assert_false(f->done);
        loop_advance(f->lp, 400000);
    }
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_address_is_itself),
        CASE(without_srv_the_addresses_of_the_name_count),
        CASE(tls_has_its_own_port),
        CASE(an_outbound_proxy_goes_before_the_proxy),
        CASE(services_are_ranked_and_asked_for_their_addresses),
        CASE(addresses_that_came_along_are_not_asked_for),
        CASE(the_prefix_follows_the_transport),
        CASE(without_auto_prefix_the_name_is_asked_as_it_is_written),
        CASE(services_without_answer_mean_the_plain_name),
        CASE(an_explicit_port_asks_for_no_service),
        CASE(based_on_srv_port_keeps_the_first_port),
        CASE(weighted_random_may_put_either_first),
        CASE(naptr_records_decide_transport_and_order),
        CASE(without_naptr_records_auto_means_udp),
        CASE(not_more_services_than_a_phone_takes),
        CASE(a_static_list_asks_only_for_addresses_it_lacks),
        CASE(a_target_without_address_is_left_out),
        CASE(an_unknown_name_has_no_servers),
        CASE(a_silent_name_server_is_a_timeout),
        CASE(a_setting_that_cannot_be_read_is_refused_at_once),
        CASE(the_handler_may_drop_the_search),
        CASE(who_no_longer_waits_hears_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
