/* SPDX-License-Identifier: BSD-3-Clause */
/* Which address and port a line shows behind a NAT (sip-behaviour.md 8), in virtual time. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <re.h>

#include "sim/sip/keepalive.h"
#include "sim/sip/nat.h"
#include "sim/sip/priv.h"
#include "tests/support/rig.h"

enum { REQUESTS_MAX = 24 };

struct fixture {
    struct rig rig;
    bool challenge;       /* the first REGISTER */
    const char *received; /* in the Via of answers; NULL = none */
    unsigned rport;       /* where it is asked for; 0 = left alone */
    bool flap;            /* another one every time */
    const char *extra;    /* header lines of a 200 */
    unsigned n;           /* REGISTERs seen, and what they were */
    char requests[REQUESTS_MAX][1500];
};

/* The answer with its Via as a server behind the NAT writes it. */
static size_t answer(struct fixture *f, char *buf, size_t size, const char *request,
                     const char *status, const char *extra)
{
    char plain[1500], via[300];

    rig_answer(plain, sizeof(plain), request, status, extra);
    rig_header(plain, "Via", via, sizeof(via));
    const char *rest = strstr(plain, via) + strlen(via);
    char *at = strstr(via, ";rport");
    if (at)
        *at = '\0';
    int n = snprintf(buf, size, "%.*s%s", (int)(rest - plain - (long)strlen(via)) - (at ? 6 : 0),
                     plain, via);
    if (at && f->rport)
        n += snprintf(buf + n, size - (size_t)n, ";rport=%u", f->flap ? f->rport++ : f->rport);
    if (f->received)
        n += snprintf(buf + n, size - (size_t)n, ";received=%s", f->received);
    n += snprintf(buf + n, size - (size_t)n, "%s", rest);
    return (size_t)n;
}

static void peer_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                         const struct sockaddr_in *from, void *arg)
{
    static const char challenge[] =
        "WWW-Authenticate: Digest realm=\"r\",nonce=\"1\",algorithm=MD5\r\n";
    struct fixture *f = arg;
    char text[1500], buf[1800];

    snprintf(text, sizeof(text), "%.*s", (int)len, (const char *)data);
    if (strncmp(text, "REGISTER", 8) == 0)
        memcpy(f->requests[f->n++ % REQUESTS_MAX], text, sizeof(text));
    const bool refuse = f->challenge && f->n == 1;
    const size_t n = answer(f, buf, sizeof(buf), text, refuse ? "401 Unauthorized" : "200 OK",
                            refuse     ? challenge
                            : f->extra ? f->extra
                                       : "");
    udp_peer_send(p, from, buf, n);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    *state = f;
    if (rig_open(&f->rig, peer_handler, f))
        return -1;
    f->rig.cfg.nat.mapping = true;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    rig_close(&f->rig);
    free(f);
    return 0;
}

static void begin(struct fixture *f)
{
    assert_int_equal(rig_line(&f->rig), 0);
    ua_line_start(f->rig.line);
    rig_run(&f->rig, 100, 1);
    assert_int_equal(f->rig.last.state, UA_REG_OK);
}

static void set_ext(struct fixture *f)
{
    inet_pton(AF_INET, "198.51.100.9", &f->rig.cfg.nat.ext_ip);
    f->rig.cfg.nat.ext_sip_port = 6060;
}

/* "addr:port" in the Contact (or Via) of the nth REGISTER, from 1. */
static const char *shown(const struct fixture *f, const char *name, unsigned n)
{
    static char text[64];
    char line[300];

    rig_header(f->requests[n - 1], name, line, sizeof(line));
    const char *at =
        strcmp(name, "Via") == 0 ? line + strlen("Via: SIP/2.0/UDP ") : strchr(line, '@') + 1;
    snprintf(text, sizeof(text), "%.*s", (int)strcspn(at, ";>"), at);
    return text;
}

static const char *own(const struct fixture *f)
{
    static char text[32];

    snprintf(text, sizeof(text), "127.0.0.1:%u", f->rig.cfg.port);
    return text;
}

static void without_mapping_a_line_shows_itself(void **state)
{
    struct fixture *f = *state;

    set_ext(f);
    f->rig.cfg.nat.mapping = false;
    f->rig.cfg.nat.substitute_via = f->rig.cfg.nat.handle_received = true;
    f->received = "203.0.113.5";
    begin(f);
    assert_int_equal(f->n, 1);
    assert_string_equal(shown(f, "Contact", 1), own(f));
    assert_string_equal(shown(f, "Via", 1), own(f));
    assert_null(f->rig.line->nat);
}

static void the_external_address_stands_in_the_contact(void **state)
{
    struct fixture *f = *state;

    set_ext(f);
    begin(f);
    assert_int_equal(f->n, 1);
    assert_string_equal(shown(f, "Contact", 1), "198.51.100.9:6060");
    assert_string_equal(shown(f, "Via", 1), own(f));
}

static void substitute_puts_it_into_via_too(void **state)
{
    struct fixture *f = *state;

    set_ext(f);
    f->rig.cfg.nat.substitute_via = true;
    begin(f);
    assert_string_equal(shown(f, "Via", 1), "198.51.100.9:6060");
    assert_non_null(strstr(f->requests[0], f->rig.line->reg.call_id));
    assert_non_null(strstr(f->rig.line->reg.call_id, "@127.0.0.1"));
}

static void an_address_alone_keeps_the_own_port(void **state)
{
    struct fixture *f = *state;
    char wanted[32];

    set_ext(f);
    f->rig.cfg.nat.ext_sip_port = 0;
    snprintf(wanted, sizeof(wanted), "198.51.100.9:%u", f->rig.cfg.port);
    begin(f);
    assert_string_equal(shown(f, "Contact", 1), wanted);
}

static void what_a_response_says_wins_and_is_registered_at_once(void **state)
{
    struct fixture *f = *state;

    set_ext(f);
    f->rig.cfg.nat.handle_received = f->rig.cfg.add_rport = true;
    f->received = "203.0.113.5";
    f->rport = 40000;
    begin(f);
    assert_int_equal(f->n, 2);
    assert_string_equal(shown(f, "Contact", 1), "198.51.100.9:6060");
    assert_string_equal(shown(f, "Contact", 2), "203.0.113.5:40000");
    rig_run(&f->rig, 600000, 1000);
    assert_int_equal(f->n, 2); /* it is known now */
}

static void a_challenge_teaches_in_time(void **state)
{
    struct fixture *f = *state;

    f->rig.cfg.nat.handle_received = f->rig.cfg.add_rport = true;
    f->received = "203.0.113.5";
    f->rport = 40000;
    f->challenge = true;
    begin(f);
    assert_int_equal(f->n, 2);
    assert_string_equal(shown(f, "Contact", 1), own(f));
    assert_string_equal(shown(f, "Contact", 2), "203.0.113.5:40000");
}

static void received_and_rport_are_heeded_each_by_its_own_switch(void **state)
{
    struct fixture *f = *state;
    char wanted[32];

    f->rig.cfg.nat.handle_received = true;
    f->received = "203.0.113.5";
    f->rport = 40000;
    begin(f);
    snprintf(wanted, sizeof(wanted), "203.0.113.5:%u", f->rig.cfg.port);
    assert_string_equal(shown(f, "Contact", 2), wanted);
    assert_null(strstr(f->requests[0], ";rport"));
}

static void the_grant_is_found_by_the_contact_that_was_sent(void **state)
{
    struct fixture *f = *state;

    set_ext(f);
    f->extra = "Contact: <sip:1001@192.0.2.3:5060>;expires=900, "
               "<sip:1001@198.51.100.9:6060>;expires=120\r\n";
    begin(f);
    assert_int_equal(f->rig.last.granted_s, 120);
}

static void a_port_that_changes_every_time_is_not_chased(void **state)
{
    static const struct ua_keepalive_config keep = {"$NOTIFY", "$PROXY", 15};
    struct fixture *f = *state;

    f->rig.cfg.add_rport = true;
    f->rport = 40000;
    f->flap = true;
    begin(f);
    assert_int_equal(f->n, 2);
    assert_int_equal(ua_line_keep_alive(f->rig.line, &keep), 0);
    rig_run(&f->rig, 58000, 100);
    assert_int_equal(f->n, 2);
    rig_run(&f->rig, 240000, 100);
    assert_in_range(f->n, 5, 6); /* once a minute, when a keep-alive has told */
}

static void a_keep_alive_tells_of_a_new_mapping(void **state)
{
    static const struct ua_keepalive_config keep = {"$NOTIFY", "$PROXY", 15};
    struct fixture *f = *state;

    f->rig.cfg.add_rport = true;
    f->rport = 40000;
    f->challenge = true;
    begin(f);
    assert_int_equal(ua_line_keep_alive(f->rig.line, &keep), 0);
    rig_run(&f->rig, 20000, 100);
    assert_int_equal(f->n, 2);
    f->rport = 50000;
    rig_run(&f->rig, 15000, 100);
    assert_int_equal(f->n, 3);
    assert_string_equal(shown(f, "Contact", 3), "127.0.0.1:50000");
}

static void the_mapped_binding_is_what_is_removed(void **state)
{
    struct fixture *f = *state;
    char line[300];

    set_ext(f);
    begin(f);
    ua_line_unregister(f->rig.line);
    rig_run(&f->rig, 100, 1);
    assert_string_equal(shown(f, "Contact", 2), "198.51.100.9:6060");
    assert_non_null(
        strstr(rig_header(f->requests[1], "Contact", line, sizeof(line)), ";expires=0"));
    assert_int_equal(f->rig.last.state, UA_REG_OFF);
}

static void nonsense_in_a_response_teaches_nothing(void **state)
{
    static const char *const words[] = {"nowhere", "203.0.113", "::1", "203.0.113.5.6.7.8.9.0.1.2"};
    struct fixture *f = *state;

    f->rig.cfg.nat.handle_received = f->rig.cfg.add_rport = true;
    f->rport = 99999;
    f->received = words[0];
    begin(f);
    for (size_t i = 1; i < sizeof(words) / sizeof(words[0]); i++) {
        f->received = words[i];
        registration_renew(f->rig.line);
        rig_run(&f->rig, 50, 1);
    }
    assert_int_equal(f->n, 4);
    assert_string_equal(shown(f, "Contact", 4), own(f));
}

static void sessions_show_the_external_port_of_their_rtp_port(void **state)
{
    struct fixture *f = *state;
    char addr[INET_ADDRSTRLEN];

    set_ext(f);
    f->rig.cfg.nat.rtp_min = 16384;
    f->rig.cfg.nat.ext_rtp_min = 30000;
    begin(f);
    const struct sockaddr_in sin = ua_line_media(f->rig.line, 16390);
    inet_ntop(AF_INET, &sin.sin_addr, addr, sizeof(addr));
    assert_string_equal(addr, "198.51.100.9");
    assert_int_equal(ntohs(sin.sin_port), 30006);
    f->rig.line->cfg.nat.ext_rtp_min = 0;
    assert_int_equal(ntohs(ua_line_media(f->rig.line, 16390).sin_port), 16390);
    f->rig.line->cfg.nat.ext_rtp_min = 65535;
    assert_int_equal(ntohs(ua_line_media(f->rig.line, 16390).sin_port), 16390);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_mapping_a_line_shows_itself),
        TEST(the_external_address_stands_in_the_contact),
        TEST(substitute_puts_it_into_via_too),
        TEST(an_address_alone_keeps_the_own_port),
        TEST(what_a_response_says_wins_and_is_registered_at_once),
        TEST(a_challenge_teaches_in_time),
        TEST(received_and_rport_are_heeded_each_by_its_own_switch),
        TEST(the_grant_is_found_by_the_contact_that_was_sent),
        TEST(a_port_that_changes_every_time_is_not_chased),
        TEST(a_keep_alive_tells_of_a_new_mapping),
        TEST(the_mapped_binding_is_what_is_removed),
        TEST(nonsense_in_a_response_teaches_nothing),
        TEST(sessions_show_the_external_port_of_their_rtp_port),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
