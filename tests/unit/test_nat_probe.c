/* SPDX-License-Identifier: BSD-3-Clause */
/* Mapping discovery and NAT type test (sip-behaviour.md 8; RFC 3489 10.1) against a STUN server in
 * this process that plays the NAT as well, in virtual time. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <re.h>

#include "sim/sip/nat.h"
#include "sim/sip/priv.h"
#include "tests/support/rig.h"

struct fixture {
    struct rig rig;
    struct udp_peer *first, *second; /* the STUN server's two addresses */
    char server[32];
    uint16_t port;         /* as seen by the first; 0 = as it is */
    uint16_t second_port;  /* as seen by the second */
    bool silent, one_only; /* no answer; no second address */
    bool change;           /* packets from elsewhere get through */
    unsigned n_asked, n_changes;
    unsigned n; /* REGISTERs, and the last one */
    char request[1500];
};

static void registrar_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                              const struct sockaddr_in *from, void *arg)
{
    struct fixture *f = arg;
    char text[1500], buf[1800];

    snprintf(text, sizeof(text), "%.*s", (int)len, (const char *)data);
    if (strncmp(text, "REGISTER", 8) != 0)
        return;
    f->n++;
    memcpy(f->request, text, sizeof(text));
    udp_peer_send(p, from, buf, rig_answer(buf, sizeof(buf), text, "200 OK", ""));
}

static size_t put_address(uint8_t *p, uint16_t type, uint32_t addr, uint16_t port)
{
    const uint8_t head[] = {(uint8_t)(type >> 8), (uint8_t)type,        0, 8, 0, 1,
                            (uint8_t)(port >> 8), (uint8_t)(port & 255)};

    memcpy(p, head, sizeof(head));
    memcpy(p + 8, &addr, 4);
    return 12;
}

static void stun_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                         const struct sockaddr_in *from, void *arg)
{
    struct fixture *f = arg;
    const bool change = len == 28;
    const uint16_t seen = p == f->second ? f->second_port : f->port;
    uint8_t out[64] = {1, 1, 0, 0};

    assert_true(len == 20 || len == 28);
    f->n_asked++;
    f->n_changes += change;
    if (f->silent || (change && !f->change))
        return;
    memcpy(out + 4, data + 4, 16);
    /* a mapped address, unless the NAT leaves it as it is */
    size_t at = 20;
    at += put_address(out + at, 1, seen ? htonl(0xcb007105) : from->sin_addr.s_addr,
                      seen ? seen : ntohs(from->sin_port));
    if (!f->one_only)
        at += put_address(out + at, 5, htonl(INADDR_LOOPBACK), udp_peer_port(f->second));
    out[3] = (uint8_t)(at - 20);
    udp_peer_send(change ? f->second : p, from, out, at);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    *state = f;
    if (rig_open(&f->rig, registrar_handler, f))
        return -1;
    f->first = udp_peer_open(f->rig.lp, stun_handler, f);
    f->second = udp_peer_open(f->rig.lp, stun_handler, f);
    snprintf(f->server, sizeof(f->server), "127.0.0.1:%u", udp_peer_port(f->first));
    f->rig.cfg.nat.stun_server = f->server;
    f->rig.cfg.nat.stun = f->rig.cfg.nat.mapping = true;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    udp_peer_close(f->first);
    udp_peer_close(f->second);
    rig_close(&f->rig);
    free(f);
    return 0;
}

static void begin(struct fixture *f, uint64_t ms)
{
    assert_int_equal(rig_line(&f->rig), 0);
    ua_line_start(f->rig.line);
    rig_run(&f->rig, ms, 1);
}

/* To the renewal of 3600 seconds (2.2) and past it; slowly where messages travel. */
static void renew(struct fixture *f)
{
    rig_run(&f->rig, 2780000, 1000);
    rig_run(&f->rig, 30000, 20);
}

static const char *contact(const struct fixture *f)
{
    static char text[64];
    char line[300];

    rig_header(f->request, "Contact", line, sizeof(line));
    const char *at = strchr(line, '@');
    snprintf(text, sizeof(text), "%.*s", at ? (int)strcspn(at + 1, ">") : 0, at ? at + 1 : "");
    return text;
}

static const char *warning(const struct fixture *f)
{
    static char line[200];
    return rig_header(f->request, "Warning", line, sizeof(line));
}

static const char *own(const struct fixture *f)
{
    static char text[32];

    snprintf(text, sizeof(text), "127.0.0.1:%u", f->rig.cfg.port);
    return text;
}

static void the_first_register_shows_what_the_server_saw(void **state)
{
    struct fixture *f = *state;

    f->port = 40000;
    begin(f, 50);
    assert_int_equal(f->n, 1);
    assert_int_equal(f->n_asked, 1);
    assert_string_equal(contact(f), "203.0.113.5:40000");
    assert_string_equal(warning(f), "");
    assert_null(ua_line_nat_type(f->rig.line));
    const struct sockaddr_in sin = ua_line_media(f->rig.line, 16384);
    assert_int_equal(ntohl(sin.sin_addr.s_addr), 0xcb007105);
}

static void it_wins_over_the_configured_address(void **state)
{
    struct fixture *f = *state;

    inet_pton(AF_INET, "198.51.100.9", &f->rig.cfg.nat.ext_ip);
    f->rig.cfg.nat.ext_sip_port = 6060;
    f->port = 40000;
    begin(f, 50);
    assert_string_equal(contact(f), "203.0.113.5:40000");
}

static void a_silent_server_is_asked_nine_times_before_the_register(void **state)
{
    struct fixture *f = *state;

    inet_pton(AF_INET, "198.51.100.9", &f->rig.cfg.nat.ext_ip);
    f->silent = true;
    begin(f, 9400);
    assert_int_equal(f->n, 0);
    assert_int_equal(f->n_asked, 9);
    rig_run(&f->rig, 200, 1);
    assert_int_equal(f->n, 1);
    assert_int_equal(strncmp(contact(f), "198.51.100.9:", 13), 0);
    assert_int_equal(f->rig.last.state, UA_REG_OK);
}

static void every_renewal_asks_again(void **state)
{
    struct fixture *f = *state;

    f->port = 40000;
    begin(f, 50);
    f->port = 50000;
    renew(f);
    assert_int_equal(f->n, 2);
    assert_int_equal(f->n_asked, 2);
    assert_string_equal(contact(f), "203.0.113.5:50000");
}

static void a_server_that_falls_silent_leaves_what_it_said(void **state)
{
    struct fixture *f = *state;

    f->port = 40000;
    begin(f, 50);
    f->silent = true;
    renew(f);
    assert_int_equal(f->n, 2);
    assert_int_equal(f->n_asked, 10);
    assert_string_equal(contact(f), "203.0.113.5:40000");
}

static void without_mapping_and_test_nobody_is_asked(void **state)
{
    struct fixture *f = *state;

    f->rig.cfg.nat.mapping = false;
    begin(f, 50);
    assert_int_equal(f->n, 1);
    assert_int_equal(f->n_asked, 0);
}

static void the_type_is_told_in_every_register(void **state)
{
    static const struct {
        const char *name;
        uint16_t port, second_port;
        bool change, one_only, silent;
        bool mapped; /* the Contact shows the mapping */
    } t[] = {
        {"Open Internet Detected", 0, 0, true, false, false, false},
        {"Symmetric Firewall Detected", 0, 0, false, false, false, false},
        {"Full Cone NAT Detected", 40000, 0, true, false, false, true},
        {"Restricted Cone NAT Detected", 40000, 40000, false, false, false, true},
        {"Symmetric NAT Detected", 40000, 40001, false, false, false, false},
        {"Unknown NAT Type", 40000, 0, false, true, false, true},
        {"STUN Server Not Responding", 0, 0, false, false, true, false},
    };
    char wanted[80];

    for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
        struct fixture *f = *state;
        f->port = t[i].port;
        f->second_port = t[i].second_port;
        f->change = t[i].change;
        f->one_only = t[i].one_only;
        f->silent = t[i].silent;
        f->rig.cfg.nat.stun_test = true;
        begin(f, 9700);
        assert_int_equal(f->n, 1);
        snprintf(wanted, sizeof(wanted), "Warning: 399 spa \"%s\"", t[i].name);
        assert_string_equal(warning(f), wanted);
        assert_string_equal(ua_line_nat_type(f->rig.line), t[i].name);
        assert_string_equal(contact(f), t[i].mapped ? "203.0.113.5:40000" : own(f));
        renew(f);
        assert_int_equal(f->n, 2);
        assert_string_equal(warning(f), wanted);
        assert_int_equal(f->n_changes, t[i].silent || t[i].one_only ? 0 : t[i].change ? 1 : 9);
        teardown(state);
        setup(state);
    }
}

static void the_test_alone_maps_nothing(void **state)
{
    struct fixture *f = *state;

    f->rig.cfg.nat.mapping = false;
    f->rig.cfg.nat.stun_test = true;
    f->port = 40000;
    f->change = true;
    begin(f, 50);
    assert_string_equal(warning(f), "Warning: 399 spa \"Full Cone NAT Detected\"");
    assert_string_equal(contact(f), own(f));
    renew(f);
    assert_int_equal(f->n, 2);
    assert_int_equal(f->n_asked, 2); /* once at power-on */
}

static void a_port_that_is_closed_is_not_reachable(void **state)
{
    struct fixture *f = *state;

    snprintf(f->server, sizeof(f->server), "127.0.0.1:%u", rig_free_port(SOCK_DGRAM));
    f->rig.cfg.nat.stun_test = true;
    begin(f, 300);
    assert_int_equal(f->n, 1);
    assert_string_equal(warning(f), "Warning: 399 spa \"STUN Server Not Reachable\"");
}

static void a_name_nobody_knows_is_not_reachable(void **state)
{
    struct fixture *f = *state;

    snprintf(f->server, sizeof(f->server), "stun.example.test");
    f->rig.cfg.nat.stun_test = true;
    begin(f, 60000);
    assert_int_equal(f->n, 1);
    assert_string_equal(warning(f), "Warning: 399 spa \"STUN Server Not Reachable\"");
}

static void a_server_text_that_makes_no_sense_is_passed_over(void **state)
{
    static const char *const texts[] = {"", ":3478", "stun:0", "stun:99999", "stun:x"};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        f->rig.cfg.nat.stun_server = texts[i];
        begin(f, 50);
        assert_int_equal(f->n, 1);
        teardown(state);
        setup(state);
        f = *state;
    }
}

static void a_line_that_closes_while_it_asks_leaves_nothing(void **state)
{
    struct fixture *f = *state;

    f->silent = true;
    begin(f, 500);
    ua_line_close(f->rig.line);
    rig_run(&f->rig, 20000, 100);
    assert_int_equal(f->n, 0);
}

static void an_answer_that_was_not_asked_for_is_ignored(void **state)
{
    struct fixture *f = *state;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(f->rig.cfg.port)};
    uint8_t out[32] = {1, 1, 0, 12, 0x21, 0x12, 0xa4, 0x42};

    f->port = 40000;
    begin(f, 50);
    to.sin_addr = f->rig.cfg.addr;
    put_address(out + 20, 1, htonl(0x01020304), 9);
    udp_peer_send(f->first, &to, out, sizeof(out));
    rig_run(&f->rig, 100, 1);
    assert_int_equal(f->n, 1);
    assert_int_equal(ntohs(ua_line_contact(f->rig.line).sin_port), 40000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_register_shows_what_the_server_saw),
        TEST(it_wins_over_the_configured_address),
        TEST(a_silent_server_is_asked_nine_times_before_the_register),
        TEST(every_renewal_asks_again),
        TEST(a_server_that_falls_silent_leaves_what_it_said),
        TEST(without_mapping_and_test_nobody_is_asked),
        TEST(the_type_is_told_in_every_register),
        TEST(the_test_alone_maps_nothing),
        TEST(a_port_that_is_closed_is_not_reachable),
        TEST(a_name_nobody_knows_is_not_reachable),
        TEST(a_server_text_that_makes_no_sense_is_passed_over),
        TEST(a_line_that_closes_while_it_asks_leaves_nothing),
        TEST(an_answer_that_was_not_asked_for_is_ignored),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
