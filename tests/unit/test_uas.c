/* SPDX-License-Identifier: BSD-3-Clause */
/* Which answer each request gets (sip-behaviour.md 3.1, 3.4, 6.1, 6.2), on the wire of a line. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <re.h>

#include "sim/loop/loop.h"
#include "sim/sip/priv.h"
#include "tests/support/rig.h"

enum { WHOLE = 12000 };

struct fixture {
    struct rig rig;
    char answer[WHOLE];
    unsigned n_answers;
    unsigned n_requests; /* makes branches and Call-IDs unique */
};

struct ask { /* NULL = usual */
    const char *method, *uri, *version, *via, *from, *to, *call_id, *cseq, *headers, *body;
};

static void answer_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                           const struct sockaddr_in *from, void *arg)
{
    struct fixture *f = arg;

    (void)p;
    (void)from;
    f->n_answers++;
    snprintf(f->answer, sizeof(f->answer), "%.*s", (int)len, (const char *)data);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    *state = f;
    const int err = rig_open(&f->rig, answer_handler, f);
    return err ? err : rig_line(&f->rig);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    rig_close(&f->rig);
    free(f);
    return 0;
}

/* Status of the answer; 0 = none came. */
static int send_bytes(struct fixture *f, const char *data, size_t len)
{
    const struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_addr = f->rig.cfg.addr, .sin_port = htons(f->rig.cfg.port)};

    f->answer[0] = '\0';
    udp_peer_send(f->rig.peer, &to, data, len);
    rig_run(&f->rig, 2, 1);
    return f->answer[0] ? atoi(f->answer + 8) : 0;
}

static size_t print_ask(struct fixture *f, char *buf, size_t size, const struct ask *a)
{
    const unsigned n = ++f->n_requests, port = udp_peer_port(f->rig.peer);
    const char *method = a->method ? a->method : "OPTIONS";
    char via[200], cseq[80], call_id[40];

    snprintf(via, sizeof(via), "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK%u\r\n", port, n);
    snprintf(cseq, sizeof(cseq), "CSeq: 1 %s\r\n", method);
    snprintf(call_id, sizeof(call_id), "Call-ID: c%u\r\n", n);
    return (size_t)snprintf(
        buf, size, "%s %s %s\r\n%s%s%s%s%s%s\r\n%s", method, a->uri ? a->uri : "sip:1001@127.0.0.1",
        a->version ? a->version : "SIP/2.0", a->via ? a->via : via,
        a->from ? a->from : "From: <sip:9@127.0.0.1>;tag=f\r\n",
        a->to ? a->to : "To: <sip:1001@127.0.0.1>\r\n", a->call_id ? a->call_id : call_id,
        a->cseq ? a->cseq : cseq, a->headers ? a->headers : "", a->body ? a->body : "");
}

static int ask(struct fixture *f, const struct ask *a)
{
    char buf[WHOLE];

    return send_bytes(f, buf, print_ask(f, buf, sizeof(buf), a));
}

static bool has_line(const struct fixture *f, const char *line)
{
    const char *at = strstr(f->answer, line);

    return at && at > f->answer && at[-1] == '\n' && strncmp(at + strlen(line), "\r\n", 2) == 0;
}

#define ASK(...) ask(f, &(struct ask){__VA_ARGS__})

static void options_is_answered_with_what_the_phone_can_do(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(ASK(.method = "OPTIONS"), 200);
    assert_true(
        has_line(f, "Allow: ACK, BYE, CANCEL, INFO, INVITE, NOTIFY, OPTIONS, REFER, UPDATE"));
    assert_true(has_line(f, "Supported: replaces"));
    assert_true(has_line(f, "Content-Length: 0"));
    assert_non_null(strstr(f->answer, "i0\r\nFrom: ")); /* To tag of a UAS, 9.2 */
}

static void every_method_gets_the_answer_of_the_table(void **state)
{
    static const struct {
        const char *method;
        int scode, in_dialog;
    } t[] = {
        {"INVITE", 480, 481},    {"BYE", 481, 481},     {"CANCEL", 481, 481},
        {"OPTIONS", 200, 200},   {"REFER", 400, 481},   {"INFO", 481, 481},
        {"UPDATE", 481, 481},    {"NOTIFY", 400, 400},  {"REGISTER", 405, 405},
        {"SUBSCRIBE", 405, 405}, {"PUBLISH", 405, 405}, {"MESSAGE", 405, 405},
        {"PRACK", 405, 405},     {"PING", 501, 501},    {"options", 501, 501},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
        assert_int_equal(ASK(.method = t[i].method), t[i].scode);
        assert_int_equal(ASK(.method = t[i].method, .to = "To: <sip:1001@127.0.0.1>;tag=x\r\n"),
                         t[i].in_dialog);
    }
}

static void method_not_allowed_names_those_that_are(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(ASK(.method = "REGISTER"), 405);
    assert_true(
        has_line(f, "Allow: ACK, BYE, CANCEL, INFO, INVITE, NOTIFY, OPTIONS, REFER, UPDATE"));
    assert_int_equal(ASK(.method = "PING"), 501);
    assert_null(strstr(f->answer, "Allow:"));
}

static int setup_old(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    *state = f;
    const int err = rig_open(&f->rig, answer_handler, f);
    f->rig.cfg.allow = "ACK, BYE, CANCEL, INVITE, NOTIFY, OPTIONS, REFER";
    return err ? err : rig_line(&f->rig);
}

static void a_phone_without_a_method_does_not_allow_it(void **state)
{
    struct fixture *f = *state; /* firmware without UPDATE (U-13), 79xx without INFO (6.1) */

    assert_int_equal(ASK(.method = "UPDATE"), 405);
    assert_int_equal(ASK(.method = "INFO"), 405);
    assert_true(has_line(f, "Allow: ACK, BYE, CANCEL, INVITE, NOTIFY, OPTIONS, REFER"));
    assert_int_equal(ASK(.method = "BYE"), 481);
}

static int setup_chosen(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    *state = f;
    const int err = rig_open(&f->rig, answer_handler, f);
    f->rig.cfg.allow = "ACK, BYE, CANCEL, INVITE, NOTIFY, OPTIONS, REFER";
    f->rig.cfg.update_scode = 501;
    f->rig.cfg.message_max = 1000;
    return err ? err : rig_line(&f->rig);
}

static void open_points_can_be_chosen(void **state)
{
    struct fixture *f = *state; /* U-13, U-21 */
    char body[1002];

    assert_int_equal(ASK(.method = "UPDATE"), 501);
    assert_int_equal(ASK(.method = "INFO"), 405);
    memset(body, 'b', sizeof(body) - 1);
    body[sizeof(body) - 1] = '\0';
    assert_int_equal(ASK(.body = body), 413);
    body[1000] = '\0';
    assert_int_equal(ASK(.body = body), 200);
}

static void broken_syntax_is_a_bad_request(void **state)
{
    const struct ask bad[] = {
        {.from = ""},
        {.from = "From: <sip:9@h>;tag=1\r\nFrom: <sip:9@h>;tag=1\r\n"},
        {.from = "From: \"Unbalanced <sip:9@h>;tag=1\r\n"},
        {.from = "From: \r\n"},
        {.to = ""},
        {.to = "To: <sip:1001@127.0.0.1\r\n"},
        {.call_id = ""},
        {.call_id = "Call-ID: a\r\nCall-ID: a\r\n"},
        {.cseq = ""},
        {.cseq = "CSeq: 1\r\n"},
        {.cseq = "CSeq: OPTIONS\r\n"},
        {.cseq = "CSeq: 1 INVITE\r\n"},
        {.cseq = "CSeq: 1OPTIONS\r\n"},
        {.cseq = "CSeq: 2147483648 OPTIONS\r\n"},
        {.cseq = "CSeq: 99999999999999999999 OPTIONS\r\n"},
        {.headers = "Content-Length: 1\r\n"},
        {.headers = "Content-Length: -1\r\n"},
        {.headers = "Content-Length: 1000000000\r\n"},
        {.headers = "Content-Length: 4\r\nContent-Length: 3\r\n", .body = "four"},
        {.headers = "Content-Length: \r\n"},
        {.uri = "sip:1001@127.0.0.1?subject=x"},
        {.uri = "<sip:1001@127.0.0.1>"},
        {.uri = "sip:1001@127.0.0.1 x"},
        {.uri = "sip:"},
        {.version = "SIP/2.0 "},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (ask(f, &bad[i]) != 400)
            fail_msg("case %zu: %s", i, f->answer);
    }
    assert_int_equal(ASK(.cseq = "CSeq: 2147483647 OPTIONS\r\n"), 200);
    assert_int_equal(ASK(.headers = "Content-Length: 4\r\n", .body = "four and more"), 200);
}

static void a_message_cut_short_is_a_bad_request(void **state)
{
    struct fixture *f = *state;
    char buf[1024];
    const size_t len = print_ask(f, buf, sizeof(buf), &(struct ask){.method = "OPTIONS"});

    assert_int_equal(send_bytes(f, buf, len - 2), 400);
    assert_int_equal(send_bytes(f, buf, len), 400); /* the same transaction: the same answer */
}

static void a_bad_via_is_a_bad_request(void **state)
{
    struct fixture *f = *state;
    char via[200];

    snprintf(via, sizeof(via), "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=;x=y\r\n",
             udp_peer_port(f->rig.peer));
    assert_int_equal(ASK(.via = via), 400);
}

static void the_user_must_be_the_line_s_whatever_the_host(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(ASK(.uri = "sip:1002@127.0.0.1"), 404);
    assert_int_equal(ASK(.uri = "sip:127.0.0.1"), 404);
    assert_int_equal(ASK(.uri = "sip:1001@elsewhere.example:5090;transport=udp"), 200);
    assert_int_equal(ASK(.uri = "sips:1001@127.0.0.1"), 200);
}

static void other_schemes_versions_and_sizes_are_told_apart(void **state)
{
    struct fixture *f = *state;
    char uri[1200] = "sip:1001@", body[8300];

    assert_int_equal(ASK(.uri = "tel:+3110555"), 416);
    assert_int_equal(ASK(.uri = "http://127.0.0.1/"), 416);
    assert_int_equal(ASK(.version = "SIP/3.0"), 505);
    assert_int_equal(ASK(.version = "SIP/2.00"), 400);
    memset(uri + 9, 'a', 1100);
    assert_int_equal(ASK(.uri = uri), 414);
    memset(body, 'b', sizeof(body) - 1);
    body[sizeof(body) - 1] = '\0';
    assert_int_equal(ASK(.body = body), 413);
    body[8192] = '\0';
    assert_int_equal(ASK(.body = body), 200);
}

static void unknown_extensions_are_named(void **state)
{
    struct fixture *f = *state;
    char many[900] = "Require: t0";

    assert_int_equal(ASK(.headers = "Require: 100rel\r\n"), 420);
    assert_true(has_line(f, "Unsupported: 100rel"));
    assert_int_equal(ASK(.headers = "Require: replaces\r\n"), 200);
    assert_int_equal(ASK(.headers = "Require: replaces, timer,\r\n  gruu\r\n"), 420);
    assert_true(has_line(f, "Unsupported: timer, gruu"));
    assert_int_equal(ASK(.headers = "Require: timer\r\nRequire: replaces\r\n"), 420);
    assert_true(has_line(f, "Unsupported: timer"));
    assert_int_equal(ASK(.method = "CANCEL", .headers = "Require: timer\r\n"), 481);

    for (unsigned i = 1; i < 150; i++)
        snprintf(many + strlen(many), 8, ",t%u", i);
    strcat(many, "\r\n");
    assert_int_equal(ASK(.headers = many), 420);
    assert_non_null(strstr(f->answer, "Unsupported: t0, t1, "));
    assert_true(has_line(f, "Content-Length: 0")); /* however long the list is */
}

static void notify_is_judged_by_its_event(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(ASK(.method = "NOTIFY"), 400);
    assert_int_equal(ASK(.method = "NOTIFY", .headers = "Event: \r\n"), 400);
    assert_int_equal(ASK(.method = "NOTIFY", .headers = "Event: unheard-of\r\n"), 489);
    assert_non_null(strstr(f->answer, "\r\nAllow-Events: "));
    assert_int_equal(ASK(.method = "NOTIFY", .headers = "o: dialog\r\n",
                         .to = "To: <sip:1001@127.0.0.1>;tag=gone\r\n"),
                     481);
}

static void a_line_that_nobody_listens_to_refuses_every_event(void **state)
{
    struct fixture *f = *state;

    f->rig.line->h = NULL;
    assert_int_equal(ASK(.method = "NOTIFY", .headers = "Event: resync\r\n"), 489);
    assert_int_equal(ASK(.method = "INVITE", .headers = "Contact: <sip:9@127.0.0.1>\r\n"), 480);
}

static void ack_is_never_answered(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(ASK(.method = "ACK"), 0);
    assert_int_equal(ASK(.method = "ACK", .uri = "sip:nobody@h", .cseq = ""), 0);
    assert_int_equal(f->n_answers, 0);
}

static void a_response_of_nobody_s_request_is_passed_over(void **state)
{
    static const char text[] = "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK-1\r\n"
                               "From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: x\r\n"
                               "CSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n";
    struct fixture *f = *state;

    assert_int_equal(send_bytes(f, text, sizeof(text) - 1), 0);
    assert_int_equal(send_bytes(f, "\r\n\r\n", 4), 0);
    assert_int_equal(send_bytes(f, "", 0), 0);
    assert_int_equal(ua_stack_counters(f->rig.stack)->n_undecodable, 2);
    assert_int_equal(ASK(.method = "OPTIONS"), 200);
}

static void a_retransmission_gets_the_same_bytes_until_timer_j(void **state)
{
    struct fixture *f = *state;
    char buf[1024], first[WHOLE];
    const size_t len = print_ask(f, buf, sizeof(buf), &(struct ask){.method = "OPTIONS"});

    assert_int_equal(send_bytes(f, buf, len), 200);
    strcpy(first, f->answer);
    rig_run(&f->rig, 15990, 1000);
    assert_int_equal(send_bytes(f, buf, len), 200);
    assert_string_equal(f->answer, first);
    rig_run(&f->rig, 20, 1); /* 16 s after the first: answered anew, with another tag */
    assert_int_equal(send_bytes(f, buf, len), 200);
    assert_string_not_equal(f->answer, first);
    assert_int_equal(f->n_answers, 3);
}

static void a_request_on_two_ways_is_merged(void **state)
{
    const char *ids = "Call-ID: forked\r\n";
    struct fixture *f = *state;

    assert_int_equal(ASK(.call_id = ids), 200);
    assert_int_equal(ASK(.call_id = ids), 482); /* another branch */
    assert_int_equal(ASK(.call_id = ids, .cseq = "CSeq: 2 OPTIONS\r\n"), 200);
    assert_int_equal(ASK(.call_id = ids, .from = "From: <sip:9@127.0.0.1>;tag=other\r\n"), 200);
    assert_int_equal(ASK(.call_id = ids, .to = "To: <sip:1001@127.0.0.1>;tag=x\r\n"), 200);
    rig_run(&f->rig, 16000, 1000);
    assert_int_equal(ASK(.call_id = ids), 200);
}

static void a_flood_costs_the_oldest_answer_only(void **state)
{
    struct fixture *f = *state;
    char first[1024], last[1024], was[WHOLE];
    const size_t first_len = print_ask(f, first, sizeof(first), &(struct ask){.method = "OPTIONS"});

    assert_int_equal(send_bytes(f, first, first_len), 200);
    strcpy(was, f->answer);
    for (unsigned i = 0; i < 63; i++)
        assert_int_equal(ASK(.method = "OPTIONS"), 200);
    assert_int_equal(send_bytes(f, first, first_len), 200);
    assert_string_equal(f->answer, was);
    const size_t last_len = print_ask(f, last, sizeof(last), &(struct ask){.method = "OPTIONS"});
    assert_int_equal(send_bytes(f, last, last_len), 200);
    assert_int_equal(f->rig.line->n_answered, 64);
    assert_int_equal(send_bytes(f, first, first_len), 200);
    assert_string_not_equal(f->answer, was);
}

static void rport_is_answered_at_the_source_port_and_filled_in(void **state)
{
    struct fixture *f = *state;
    const unsigned port = udp_peer_port(f->rig.peer);
    char want[200];

    assert_int_equal(ASK(.via = "Via: SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bKr\r\n"), 200);
    snprintf(want, sizeof(want),
             "Via: SIP/2.0/UDP 127.0.0.1:9;rport=%u;received=127.0.0.1;branch=z9hG4bKr", port);
    assert_true(has_line(f, want));
}

static void answers_go_to_the_source_port_when_told(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(ASK(.via = "Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKs1\r\n"), 0);
    f->rig.line->cfg.nat.answer_source = true;
    assert_int_equal(ASK(.via = "Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKs2\r\n"), 200);
    assert_true(has_line(f, "Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKs2"));
}

static void only_the_top_via_asks_for_rport(void **state)
{
    struct fixture *f = *state;
    const unsigned port = udp_peer_port(f->rig.peer);
    char via[300], want[300];

    snprintf(via, sizeof(via),
             "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKa, SIP/2.0/UDP 192.0.2.1;rport\r\n"
             "Via: SIP/2.0/UDP 192.0.2.2;rport\r\n",
             port);
    assert_int_equal(ASK(.via = via), 200);
    snprintf(want, sizeof(want),
             "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKa\r\nVia: SIP/2.0/UDP 192.0.2.1;rport\r\n"
             "Via: SIP/2.0/UDP 192.0.2.2;rport",
             port);
    assert_true(has_line(f, want));

    /* elsewhere: the port of the top Via counts, and nobody is there */
    assert_int_equal(
        ASK(.via = "Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKb, SIP/2.0/UDP h;rport\r\n"), 0);
}

static void a_compact_request_gets_a_compact_answer(void **state)
{
    struct fixture *f = *state;
    char via[200];

    snprintf(via, sizeof(via), "v: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKc\r\n",
             udp_peer_port(f->rig.peer));
    assert_int_equal(ASK(.via = via, .from = "f: <sip:9@h>;tag=1\r\n"), 200);
    assert_non_null(strstr(f->answer, "\r\nt: <sip:1001@127.0.0.1>;tag="));
    assert_true(has_line(f, "f: <sip:9@h>;tag=1"));
    assert_true(has_line(f, "l: 0"));
    assert_true(has_line(f, "k: replaces"));
}

static void headers_too_long_to_quote_are_not_answered(void **state)
{
    struct fixture *f = *state;
    char from[9000] = "From: <sip:9@h>;tag=";

    memset(from + strlen(from), 'f', 8800);
    strcat(from, "\r\n");
    assert_int_equal(ASK(.from = from), 0);
    assert_int_equal(ASK(.method = "OPTIONS"), 200);
}

static void a_closed_line_says_nothing(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(ASK(.method = "OPTIONS"), 200);
    ua_line_close(f->rig.line);
    assert_int_equal(ASK(.method = "OPTIONS"), 0);
}

#define LINE(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LINE(options_is_answered_with_what_the_phone_can_do),
        LINE(every_method_gets_the_answer_of_the_table),
        LINE(method_not_allowed_names_those_that_are),
        cmocka_unit_test_setup_teardown(open_points_can_be_chosen, setup_chosen, teardown),
        cmocka_unit_test_setup_teardown(a_phone_without_a_method_does_not_allow_it, setup_old,
                                        teardown),
        LINE(broken_syntax_is_a_bad_request),
        LINE(a_message_cut_short_is_a_bad_request),
        LINE(a_bad_via_is_a_bad_request),
        LINE(the_user_must_be_the_line_s_whatever_the_host),
        LINE(other_schemes_versions_and_sizes_are_told_apart),
        LINE(unknown_extensions_are_named),
        LINE(notify_is_judged_by_its_event),
        LINE(a_line_that_nobody_listens_to_refuses_every_event),
        LINE(ack_is_never_answered),
        LINE(a_response_of_nobody_s_request_is_passed_over),
        LINE(a_retransmission_gets_the_same_bytes_until_timer_j),
        LINE(a_request_on_two_ways_is_merged),
        LINE(a_flood_costs_the_oldest_answer_only),
        LINE(rport_is_answered_at_the_source_port_and_filled_in),
        LINE(answers_go_to_the_source_port_when_told),
        LINE(only_the_top_via_asks_for_rport),
        LINE(a_compact_request_gets_a_compact_answer),
        LINE(headers_too_long_to_quote_are_not_answered),
        LINE(a_closed_line_says_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
