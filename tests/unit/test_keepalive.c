/* SPDX-License-Identifier: BSD-3-Clause */
/* What a line sends so that a NAT keeps its mapping (sip-behaviour.md 8), in virtual time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <re.h>

#include "sim/loop/clock.h"
#include "sim/sip/keepalive.h"
#include "sim/sip/priv.h"
#include "tests/support/rig.h"

struct fixture {
    struct rig rig;
    const char *answer; /* status line of the answer to a keep-alive; NULL = silence */
    unsigned n_registers, n;
    uint64_t at_ms;  /* the last keep-alive */
    char text[1500]; /* and what it was */
    size_t len;
};

static void peer_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                         const struct sockaddr_in *from, void *arg)
{
    struct fixture *f = arg;
    char text[1500], buf[1500];

    snprintf(text, sizeof(text), "%.*s", (int)len, (const char *)data);
    const bool registers =
        strncmp(text, "REGISTER", 8) == 0 && strstr(text, "\r\nContact: ") != NULL;
    if (registers) {
        f->n_registers++;
    } else {
        f->n++;
        f->at_ms = clock_ms(f->rig.lp);
        f->len = len;
        memcpy(f->text, text, sizeof(f->text));
    }
    const char *status = registers ? "200 OK" : f->answer;
    if (status)
        udp_peer_send(p, from, buf, rig_answer(buf, sizeof(buf), text, status, ""));
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    *state = f;
    f->answer = "200 OK";
    if (rig_open(&f->rig, peer_handler, f))
        return -1;
    f->rig.cfg.display_name = "Front Desk";
    f->rig.cfg.station_name = "Desk";
    return rig_line(&f->rig);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    rig_close(&f->rig);
    free(f);
    return 0;
}

/* Registered, and the first keep-alive of that kind is there. */
static void begin(struct fixture *f, const char *message, const char *dest)
{
    const struct ua_keepalive_config c = {.message = message, .dest = dest, .interval_s = 15};

    ua_line_start(f->rig.line);
    assert_int_equal(ua_line_keep_alive(f->rig.line, &c), 0);
    rig_run(&f->rig, 14900, 100);
    assert_int_equal(f->n, 0);
    rig_run(&f->rig, 200, 10);
}

static const char *header(const struct fixture *f, const char *name)
{
    static char buf[512];
    return rig_header(f->text, name, buf, sizeof(buf));
}

/* Names of the header fields, in their order. */
static void assert_order(const struct fixture *f, const char *wanted)
{
    char names[400] = "";
    const char *p = strstr(f->text, "\r\n");

    for (p += 2; *p && *p != '\r'; p = strstr(p, "\r\n") + 2)
        snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%.*s",
                 names[0] ? " " : "", (int)strcspn(p, ":"), p);
    assert_string_equal(names, wanted);
}

static void a_notify_goes_to_the_server_in_use(void **state)
{
    struct fixture *f = *state;
    char start[64], to[64];

    begin(f, "$NOTIFY", "$PROXY");
    assert_int_equal(f->n, 1);
    snprintf(start, sizeof(start), "NOTIFY sip:%s SIP/2.0\r\n", f->rig.proxy);
    snprintf(to, sizeof(to), "To: <sip:%s>", f->rig.proxy);
    assert_int_equal(strncmp(f->text, start, strlen(start)), 0);
    assert_string_equal(header(f, "To"), to);
    assert_string_equal(header(f, "Event"), "Event: keep-alive");
    assert_string_equal(header(f, "Contact"), "");
    assert_string_equal(header(f, "P-Station-Name"), "P-Station-Name: Desk ;mac=000e84c060a6");
    assert_non_null(strstr(header(f, "From"), "From: \"Front Desk\" <sip:1001@127.0.0.1"));
    assert_non_null(strstr(f->text, "Content-Length: 0\r\n\r\n"));
    assert_order(f, "Via From To Call-ID CSeq Max-Forwards Event User-Agent P-Station-Name "
                    "Content-Length");
}

static void each_one_has_a_fresh_tag_and_call_id(void **state)
{
    struct fixture *f = *state;
    char from[512], call_id[512];

    begin(f, "$NOTIFY", "$PROXY");
    snprintf(from, sizeof(from), "%s", header(f, "From"));
    snprintf(call_id, sizeof(call_id), "%s", header(f, "Call-ID"));
    rig_run(&f->rig, 15000, 100);
    assert_int_equal(f->n, 2);
    assert_string_not_equal(header(f, "From"), from);
    assert_string_not_equal(header(f, "Call-ID"), call_id);
}

static void it_comes_every_interval(void **state)
{
    struct fixture *f = *state;

    begin(f, "$NOTIFY", "$PROXY");
    const uint64_t first = f->at_ms;
    rig_run(&f->rig, 15000 * 10, 100);
    assert_int_equal(f->n, 11);
    assert_in_range(f->at_ms - first, 149000, 151000);
}

static void no_answer_and_no_refusal_touch_the_registration(void **state)
{
    static const char *const answers[] = {NULL, "405 Method Not Allowed", "489 Bad Event", "481 No",
                                          "401 Unauthorized"};
    struct fixture *f = *state;

    begin(f, "$NOTIFY", "$PROXY");
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        f->answer = answers[i];
        rig_run(&f->rig, 45000, 100);
        assert_int_equal(f->rig.last.state, UA_REG_OK);
    }
    assert_int_equal(f->n_registers, 1);
    assert_int_equal(f->rig.n_reports, 1);
}

static void silence_is_retransmitted_to_until_the_next_one(void **state)
{
    struct fixture *f = *state;
    char first[512];

    f->answer = NULL;
    begin(f, "$NOTIFY", "$PROXY");
    snprintf(first, sizeof(first), "%s", header(f, "CSeq"));
    rig_run(&f->rig, 14000, 100);
    assert_in_range(f->n, 3, 8); /* Timer E: 0.5, 1, 2, 4, 4 … */
    assert_string_equal(header(f, "CSeq"), first);
    rig_run(&f->rig, 1200, 100);
    assert_string_not_equal(header(f, "CSeq"), first);
    const unsigned seen = f->n;
    rig_run(&f->rig, 14000, 100);
    assert_in_range(f->n - seen, 3, 8); /* and the first one's have ended */
}

static void register_asks_without_a_contact(void **state)
{
    struct fixture *f = *state;
    const uint32_t cseq = f->rig.line->reg.cseq;

    f->answer = "401 Unauthorized";
    begin(f, "$REGISTER", "$PROXY");
    assert_int_equal(f->n, 1);
    assert_int_equal(strncmp(f->text, "REGISTER sip:127.0.0.1", 22), 0);
    assert_string_equal(header(f, "Contact"), "");
    assert_null(strstr(f->text, f->rig.line->reg.call_id));
    assert_int_equal(f->rig.line->reg.cseq, cseq + 1); /* the registration's own count goes on */
    assert_int_equal(f->rig.last.state, UA_REG_OK);
}

static void ping_and_options_carry_their_method(void **state)
{
    struct fixture *f = *state;
    const struct ua_keepalive_config options = {
        .message = "$OPTIONS", .dest = "$PROXY", .interval_s = 15};

    begin(f, "$PING", "$PROXY");
    assert_int_equal(strncmp(f->text, "PING sip:127.0.0.1", 18), 0);
    assert_non_null(strstr(header(f, "CSeq"), " PING"));
    assert_string_equal(header(f, "Event"), "");
    assert_int_equal(ua_line_keep_alive(f->rig.line, &options), 0);
    rig_run(&f->rig, 15100, 100);
    assert_int_equal(f->n, 2);
    assert_int_equal(strncmp(f->text, "OPTIONS sip:127.0.0.1", 21), 0);
}

static void other_text_is_sent_as_it_stands(void **state)
{
    struct fixture *f = *state;

    begin(f, "hello 1001", "$PROXY");
    assert_int_equal(f->n, 1);
    assert_int_equal(f->len, 10);
    assert_string_equal(f->text, "hello 1001");
}

static void an_empty_message_is_an_empty_datagram(void **state)
{
    struct fixture *f = *state;

    f->answer = NULL;
    begin(f, "", "$PROXY");
    assert_int_equal(f->n, 1);
    assert_int_equal(f->len, 0);
}

static void a_destination_may_be_another_host(void **state)
{
    struct fixture *f = *state, other = {.n = 0};
    char dest[32];

    other.rig.lp = f->rig.lp;
    struct udp_peer *p = udp_peer_open(f->rig.lp, peer_handler, &other);
    snprintf(dest, sizeof(dest), "127.0.0.1:%u", udp_peer_port(p));
    begin(f, "$NOTIFY", dest);
    udp_peer_close(p);
    assert_int_equal(f->n, 0);
    assert_int_equal(other.n, 1);
    assert_non_null(strstr(other.text, "NOTIFY sip:127.0.0.1"));
}

static void the_same_settings_again_change_nothing(void **state)
{
    static const struct ua_keepalive_config c = {"$NOTIFY", "$PROXY", 15};
    struct fixture *f = *state;

    begin(f, "$NOTIFY", "$PROXY");
    rig_run(&f->rig, 14000, 100);
    assert_int_equal(ua_line_keep_alive(f->rig.line, &c), 0);
    rig_run(&f->rig, 1200, 100);
    assert_int_equal(f->n, 2);
}

static void switched_off_it_falls_silent_and_costs_nothing(void **state)
{
    static const struct ua_keepalive_config never = {"$NOTIFY", "$PROXY", 0};
    struct fixture *f = *state;

    begin(f, "$NOTIFY", "$PROXY");
    assert_int_equal(ua_line_keep_alive(f->rig.line, NULL), 0);
    assert_null(f->rig.line->keepalive);
    rig_run(&f->rig, 60000, 100);
    assert_int_equal(f->n, 1);
    assert_int_equal(ua_line_keep_alive(f->rig.line, &never), 0);
    assert_null(f->rig.line->keepalive);
}

static void it_reaches_the_proxy_without_a_registration(void **state)
{
    struct fixture *f = *state;

    f->rig.line->cfg.reg_enable = false;
    begin(f, "$NOTIFY", "$PROXY");
    assert_int_equal(f->n_registers, 0);
    assert_int_equal(f->n, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_notify_goes_to_the_server_in_use),
        TEST(each_one_has_a_fresh_tag_and_call_id),
        TEST(it_comes_every_interval),
        TEST(no_answer_and_no_refusal_touch_the_registration),
        TEST(silence_is_retransmitted_to_until_the_next_one),
        TEST(register_asks_without_a_contact),
        TEST(ping_and_options_carry_their_method),
        TEST(other_text_is_sent_as_it_stands),
        TEST(an_empty_message_is_an_empty_datagram),
        TEST(a_destination_may_be_another_host),
        TEST(the_same_settings_again_change_nothing),
        TEST(switched_off_it_falls_silent_and_costs_nothing),
        TEST(it_reaches_the_proxy_without_a_registration),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
