/* SPDX-License-Identifier: BSD-3-Clause */
/* Dual registration (sip-behaviour.md 2.8): one phone, two registrars in this process, in virtual
 * time. */
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "sim/phone/priv.h"
#include "tests/support/peer.h"
#include "tests/support/real_farm.h"
#include "tests/support/rig.h"

struct registrar {
    struct udp_peer *peer;
    struct sockaddr_in phone;
    const char *status; /* NULL = silence */
    unsigned granted_s;
    unsigned n;      /* REGISTERs */
    char text[1500]; /* the last message of the phone */
};

struct fixture {
    struct loop *lp;
    struct farm *f;
    struct phone *ph;
    struct registrar primary, second;
};

static void peer_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                         const struct sockaddr_in *from, void *arg)
{
    struct registrar *r = arg;
    char buf[1500], expires[40];

    snprintf(r->text, sizeof(r->text), "%.*s", (int)len, (const char *)data);
    r->phone = *from;
    if (strncmp(r->text, "REGISTER", 8) != 0)
        return;
    r->n++;
    snprintf(expires, sizeof(expires), "Expires: %u\r\n",
             strstr(r->text, ";expires=0") ? 0 : r->granted_s);
    if (r->status)
        udp_peer_send(p, from, buf, rig_answer(buf, sizeof(buf), r->text, r->status, expires));
}

static void run(struct fixture *f, uint64_t ms, uint64_t step_ms)
{
    for (uint64_t t = 0; t < ms; t += step_ms) {
        loop_advance(f->lp, step_ms);
        for (unsigned i = 0; i < 4; i++)
            loop_poll(f->lp);
    }
}

static int setup(void **state)
{
    static const struct loop_config cfg = {.clock = CLOCK_VIRTUAL};
    struct fixture *f = calloc(1, sizeof(*f));

    *state = f;
    if (loop_alloc(&f->lp, &cfg))
        return -1;
    f->primary = (struct registrar){.status = "200 OK", .granted_s = 600};
    f->second = (struct registrar){.status = "200 OK", .granted_s = 300};
    f->primary.peer = udp_peer_open(f->lp, peer_handler, &f->primary);
    f->second.peer = udp_peer_open(f->lp, peer_handler, &f->second);
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    mem_deref(f->f);
    udp_peer_close(f->primary.peer);
    udp_peer_close(f->second.peer);
    mem_deref(f->lp);
    free(f);
    return 0;
}

/* Alternate_Proxy or Alternate_Outbound_Proxy names the second one. */
static void boot(struct fixture *f, const char *dual, const char *parameter)
{
    char proxy[32], dual_set[40], second[80];
    const char *const options[] = {"model", "SPA504G", "addr", "127.101.1.0/24", "registrar", proxy,
                                   "set",   dual_set,  "set",  second,           NULL};

    snprintf(proxy, sizeof(proxy), "127.0.0.1:%u", udp_peer_port(f->primary.peer));
    snprintf(dual_set, sizeof(dual_set), "Dual_Registration_1_=%s", dual);
    snprintf(second, sizeof(second), "%s=127.0.0.1:%u", parameter, udp_peer_port(f->second.peer));
    f->f = real_farm_up(f->lp, options);
    f->ph = farm_phone(f->f, 1);
    run(f, 100, 1);
}

static bool registered(const struct ua_line *ua)
{
    struct ua_reg_status st;

    ua_line_status(ua, &st);
    return st.state == UA_REG_OK;
}

static void both_are_registered_by_their_own_timers(void **state)
{
    struct fixture *f = *state;

    boot(f, "Yes", "Alternate_Proxy_1_");
    assert_int_equal(f->primary.n, 1);
    assert_int_equal(f->second.n, 1);
    assert_true(registered(f->ph->lines[0].ua));
    assert_true(registered(f->ph->lines[0].alternate));
    /* renewals at (Expires - 16) * 0.78: 455.5 s and 221.5 s (2.2) */
    run(f, 460000, 100);
    assert_int_equal(f->primary.n, 2);
    assert_int_equal(f->second.n, 3);
}

static void each_registers_under_its_own_domain(void **state)
{
    struct fixture *f = *state;
    char from[300], domain[32];

    boot(f, "Yes", "Alternate_Proxy_1_");
    snprintf(domain, sizeof(domain), "@127.0.0.1:%u>", udp_peer_port(f->second.peer));
    assert_non_null(strstr(rig_header(f->second.text, "From", from, sizeof(from)), domain));
}

static void an_alternate_outbound_proxy_is_another_way_to_the_same_domain(void **state)
{
    struct fixture *f = *state;
    char from[300], domain[32];

    boot(f, "Yes", "Alternate_Outbound_Proxy_1_");
    assert_int_equal(f->second.n, 1);
    snprintf(domain, sizeof(domain), "@127.0.0.1:%u>", udp_peer_port(f->primary.peer));
    assert_non_null(strstr(rig_header(f->second.text, "From", from, sizeof(from)), domain));
}

static void the_alternate_is_ignored_without_dual_registration(void **state)
{
    struct fixture *f = *state;

    boot(f, "No", "Alternate_Proxy_1_");
    assert_int_equal(f->primary.n, 1);
    assert_int_equal(f->second.n, 0);
    assert_null(f->ph->lines[0].alternate);
    assert_ptr_equal(phone_route(f->ph, 1, 0), f->ph->lines[0].ua);
    assert_null(phone_route(f->ph, 1, 1));
}

static void requests_go_to_the_primary_then_to_the_alternate(void **state)
{
    struct fixture *f = *state;

    boot(f, "Yes", "Alternate_Proxy_1_");
    assert_ptr_equal(phone_route(f->ph, 1, 0), f->ph->lines[0].ua);
    assert_ptr_equal(phone_route(f->ph, 1, 1), f->ph->lines[0].alternate);
    assert_null(phone_route(f->ph, 1, 2));
}

static void they_go_to_the_alternate_directly_while_only_that_is_registered(void **state)
{
    struct fixture *f = *state;

    f->primary.status = "403 Forbidden";
    boot(f, "Yes", "Alternate_Proxy_1_");
    assert_ptr_equal(phone_route(f->ph, 1, 0), f->ph->lines[0].alternate);
    assert_null(phone_route(f->ph, 1, 1));
    assert_true(phone_is(f->ph, PHONE_REGISTERED));
}

static void a_dead_alternate_does_not_touch_the_primary(void **state)
{
    struct fixture *f = *state;

    f->second.status = NULL;
    boot(f, "Yes", "Alternate_Proxy_1_");
    run(f, 120000, 100);
    assert_true(registered(f->ph->lines[0].ua));
    assert_true(f->second.n > 4); /* it goes on trying */
    assert_true(phone_is(f->ph, PHONE_REGISTERED));
    assert_null(phone_route(f->ph, 1, 1));
    assert_null(phone_last_error(f->ph));
}

static void requests_from_the_alternate_are_answered_by_the_line(void **state)
{
    static const char request[] =
        "NOTIFY sip:1001@127.101.1.1 SIP/2.0\r\nVia: SIP/2.0/UDP "
        "127.0.0.1;rport;branch=z9hG4bKd\r\n"
        "From: <sip:s@h>;tag=1\r\nTo: <sip:1001@h>\r\nCall-ID: d\r\nCSeq: 1 NOTIFY\r\n"
        "Event: resync\r\nContent-Length: 0\r\n\r\n";
    struct fixture *f = *state;

    boot(f, "Yes", "Alternate_Proxy_1_");
    udp_peer_send(f->second.peer, &f->second.phone, request, sizeof(request) - 1);
    run(f, 20, 1);
    /* challenged as the line would: its realm is the primary's (U-11) */
    assert_int_equal(strncmp(f->second.text, "SIP/2.0 401", 11), 0);
    assert_non_null(strstr(f->second.text, "realm=\"127.0.0.1\""));
}

static void both_bindings_are_removed(void **state)
{
    struct fixture *f = *state;

    boot(f, "Yes", "Alternate_Proxy_1_");
    phone_unregister(f->ph);
    run(f, 100, 1);
    assert_non_null(strstr(f->primary.text, ";expires=0"));
    assert_non_null(strstr(f->second.text, ";expires=0"));
    assert_false(phone_is(f->ph, PHONE_REGISTERED));
}

static void state_shows_both(void **state)
{
    struct fixture *f = *state;

    boot(f, "Yes", "Alternate_Proxy_1_");
    json_t *o = phone_snapshot(f->ph);
    const json_t *line = json_array_get(json_object_get(o, "lines"), 0);
    const json_t *alternate = json_object_get(line, "alternate");
    char server[32];
    snprintf(server, sizeof(server), "127.0.0.1:%u", udp_peer_port(f->second.peer));
    assert_true(json_is_true(json_object_get(alternate, "registered")));
    assert_string_equal(json_string_value(json_object_get(alternate, "server")), server);
    assert_string_equal(json_string_value(json_object_get(alternate, "status")), "registered");
    assert_int_equal(json_integer_value(json_object_get(alternate, "expires_s")), 300);
    assert_int_equal(json_integer_value(json_object_get(line, "expires_s")), 600);
    json_decref(o);
}

static void power_off_and_on_begins_both_anew(void **state)
{
    struct fixture *f = *state;

    boot(f, "Yes", "Alternate_Proxy_1_");
    phone_power(f->ph, false);
    run(f, 1000, 100);
    assert_null(f->ph->lines[0].alternate);
    phone_power(f->ph, true);
    run(f, 100, 1);
    assert_int_equal(f->primary.n, 2);
    assert_int_equal(f->second.n, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(both_are_registered_by_their_own_timers),
        TEST(each_registers_under_its_own_domain),
        TEST(an_alternate_outbound_proxy_is_another_way_to_the_same_domain),
        TEST(the_alternate_is_ignored_without_dual_registration),
        TEST(requests_go_to_the_primary_then_to_the_alternate),
        TEST(they_go_to_the_alternate_directly_while_only_that_is_registered),
        TEST(a_dead_alternate_does_not_touch_the_primary),
        TEST(requests_from_the_alternate_are_answered_by_the_line),
        TEST(both_bindings_are_removed),
        TEST(state_shows_both),
        TEST(power_off_and_on_begins_both_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
