/* SPDX-License-Identifier: BSD-3-Clause */
/* Messages as bytes: header order and identifiers (sip-behaviour.md 9), and the tolerant reader. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/rng.h"
#include "sim/sip/line.h"
#include "sim/sip/message.h"

static struct ua_line_config config(enum ua_wire wire)
{
    struct ua_line_config c = {
        .wire = wire, .mac = {0x00, 0x0e, 0x84, 0xc0, 0x60, 0xa6}, .user = "1001",
        .display_name = "Front \"Desk\"", .proxy = "pbx.example.com",
        .user_agent = "Cisco/SPA504G-7.6.2g", .reg_user_agent = "", .server = "Cisco/SPA504G-7.6.2g",
        .station_name = "", .allow = "ACK, BYE", .supported = "replaces", .max_forward = 70,
        .index = 1};

    if (wire == UA_WIRE_79XX)
        c.user_agent = "Cisco-CP7960G/8.0";
    c.addr.s_addr = inet_addr("192.0.2.7");
    return c;
}

static struct register_params params(void)
{
    return (struct register_params){.cseq = 7990, .branch = 0x5e721c6, .expires_s = 3600,
                                    .local_port = 5061, .call_id = "ae75b30c-16372ea@192.0.2.7",
                                    .from_tag = "84d082c75cd9738ao1",
                                    .request_host = "pbx.example.com",
                                    .request_uri = "sip:pbx.example.com"};
}

static void assert_register(const struct ua_line_config *c, const struct register_params *p,
                            const char *wanted)
{
    char buf[2000];
    const size_t len = print_register(buf, sizeof(buf) - 1, c, p);

    assert_true(len > 0);
    buf[len] = '\0';
    assert_string_equal(buf, wanted);
}

static void an_spa_registers_like_this(void **state)
{
    const struct ua_line_config c = config(UA_WIRE_SPA);
    struct register_params p = params();

    (void)state;
    p.auth = "Digest x";
    assert_register(&c, &p,
                    "REGISTER sip:pbx.example.com SIP/2.0\r\n"
                    "Via: SIP/2.0/UDP 192.0.2.7:5061;branch=z9hG4bK-5e721c6\r\n"
                    "From: \"Front \\\"Desk\\\"\" <sip:1001@pbx.example.com>;tag=84d082c75cd9738ao1\r\n"
                    "To: \"Front \\\"Desk\\\"\" <sip:1001@pbx.example.com>\r\n"
                    "Call-ID: ae75b30c-16372ea@192.0.2.7\r\n"
                    "CSeq: 7990 REGISTER\r\n"
                    "Max-Forwards: 70\r\n"
                    "Authorization: Digest x\r\n"
                    "Contact: \"Front \\\"Desk\\\"\" <sip:1001@192.0.2.7:5061>;expires=3600\r\n"
                    "User-Agent: Cisco/SPA504G-7.6.2g\r\n"
                    "Content-Length: 0\r\n"
                    "Allow: ACK, BYE\r\n"
                    "Supported: replaces\r\n\r\n");
}

static void compact_names_and_tls_show(void **state)
{
    struct ua_line_config c = config(UA_WIRE_SPA);
    const struct register_params p = params();
    char buf[2000];

    (void)state;
    c.compact = true;
    c.add_rport = true;
    c.transport = UA_TLS;
    c.station_name = "Front";
    buf[print_register(buf, sizeof(buf) - 1, &c, &p)] = '\0';
    assert_non_null(strstr(buf, "\r\nv: SIP/2.0/TLS 192.0.2.7:5061;branch=z9hG4bK-5e721c6;rport\r\n"));
    assert_non_null(strstr(buf, "\r\nm: \"Front \\\"Desk\\\"\" <sip:1001@192.0.2.7:5061;transport=tls>"));
    assert_non_null(strstr(buf, "\r\nP-Station-Name: Front ;mac=000e84c060a6\r\n"));
    assert_non_null(strstr(buf, "\r\nl: 0\r\n"));
    assert_null(strstr(buf, "Contact:"));
}

static void a_7960_registers_like_this(void **state)
{
    struct ua_line_config c = config(UA_WIRE_79XX);
    const struct register_params p = params();

    (void)state;
    c.display_name = "";
    assert_register(&c, &p,
                    "REGISTER sip:pbx.example.com SIP/2.0\r\n"
                    "Via: SIP/2.0/UDP 192.0.2.7:5061;branch=z9hG4bK05e721c6\r\n"
                    "From: <sip:1001@pbx.example.com>;tag=84d082c75cd9738ao1\r\n"
                    "To: <sip:1001@pbx.example.com>\r\n"
                    "Call-ID: ae75b30c-16372ea@192.0.2.7\r\n"
                    "Max-Forwards: 70\r\n"
                    "CSeq: 7990 REGISTER\r\n"
                    "User-Agent: Cisco-CP7960G/8.0\r\n"
                    "Contact: <sip:1001@192.0.2.7:5061;user=phone;transport=udp>;+sip.instance="
                    "\"<urn:uuid:00000000-0000-0000-0000-000e84c060a6>\";"
                    "+u.sip!model.ccm.cisco.com=\"7\"\r\n"
                    "Content-Length: 0\r\n"
                    "Expires: 3600\r\n\r\n");
}

static void what_does_not_fit_is_not_cut(void **state)
{
    const struct ua_line_config c = config(UA_WIRE_SPA);
    const struct register_params p = params();
    char buf[300];

    (void)state;
    assert_int_equal(print_register(buf, sizeof(buf), &c, &p), 0);
}

static void identifiers_have_the_forms_of_the_traces(void **state)
{
    struct ua_line_config c = config(UA_WIRE_SPA);
    struct rng rng;
    char buf[80], rest[8];
    unsigned long long tag;
    unsigned a, b;

    (void)state;
    rng_init(&rng, 1, 1);
    for (unsigned i = 0; i < 50; i++) {
        print_call_id(buf, sizeof(buf), &c, &rng);
        assert_int_equal(sscanf(buf, "%8x-%8x@192.0.2.7%1s", &a, &b, rest), 2);
        print_tag(buf, sizeof(buf), &c, &rng, 'o');
        assert_int_equal(sscanf(buf, "%16llxo%u%1s", &tag, &a, rest), 2);
        assert_int_equal(a, 1); /* zero-based line */
    }
    c = config(UA_WIRE_79XX);
    print_call_id(buf, sizeof(buf), &c, &rng);
    assert_int_equal(sscanf(buf, "000e84c0-60a60003-%8x-%8x@192.0.2.7%1s", &a, &b, rest), 2);
}

static const char request[] = "OPTIONS sip:1001@192.0.2.7 SIP/2.0\r\n"
                              "v: SIP/2.0/UDP 192.0.2.9:5070;rport;branch=z9hG4bKa\r\n"
                              "Via: SIP/2.0/UDP 192.0.2.10\r\n"
                              "f: <sip:a@b>;tag=1\r\n"
                              "t: <sip:1001@b;tag=not>\r\n"
                              "Call-ID: x\r\n"
                              "CSeq: 5 OPTIONS\r\n"
                              "Event: a;b=c\r\n"
                              "Content-Length: 2\r\n\r\nhi and more";

static void a_response_copies_what_was_asked(void **state)
{
    const struct ua_line_config c = config(UA_WIRE_SPA);
    struct raw_message raw;
    char buf[1000];

    (void)state;
    assert_true(raw_parse(&raw, request, sizeof(request) - 1));
    const struct response_params p = {.scode = 200, .reason = "OK", .to_tag = "e7d2i1",
                                      .allow = true, .rport = 4000,
                                      .received = inet_addr("203.0.113.5")};
    buf[print_response(buf, sizeof(buf) - 1, &c, &raw, &p)] = '\0';
    /* compact asked, compact answered (1.1) */
    assert_string_equal(buf, "SIP/2.0 200 OK\r\n"
                             "t: <sip:1001@b;tag=not>;tag=e7d2i1\r\n"
                             "f: <sip:a@b>;tag=1\r\n"
                             "i: x\r\n"
                             "CSeq: 5 OPTIONS\r\n"
                             "v: SIP/2.0/UDP 192.0.2.9:5070;rport=4000;received=203.0.113.5;"
                             "branch=z9hG4bKa\r\n"
                             "v: SIP/2.0/UDP 192.0.2.10\r\n"
                             "Server: Cisco/SPA504G-7.6.2g\r\n"
                             "l: 0\r\n"
                             "Allow: ACK, BYE\r\n"
                             "k: replaces\r\n\r\n");
}

static void the_reader_finds_headers_in_any_form(void **state)
{
    struct raw_message raw;
    struct pl tag;

    (void)state;
    assert_true(raw_parse(&raw, request, sizeof(request) - 1));
    assert_true(raw.complete && raw.compact && !raw.response);
    assert_int_equal(raw.n_vias, 2);
    assert_int_equal(pl_strcmp(&raw.method, "OPTIONS"), 0);
    assert_int_equal(pl_strcmp(&raw.event, "a;b=c"), 0);
    assert_int_equal(pl_strcmp(&raw.body, "hi"), 0); /* the rest of a datagram is no body */
    assert_false(raw_param(&raw.to, "tag", &tag));   /* it is the URI's */
    assert_true(raw_param(&raw.from, "TAG", &tag));
    assert_int_equal(pl_strcmp(&tag, "1"), 0);
}

static void the_reader_takes_folding_and_bare_line_feeds(void **state)
{
    static const char text[] = "BYE sip:a@b SIP/2.0\nVia: SIP / 2.0 / UDP\n  192.0.2.9 : 5062 ;branch=x\n"
                               "To : <sip:a@b>\n\t;tag=9\n\n";
    struct raw_message raw;
    struct pl value;
    uint16_t port;

    (void)state;
    assert_true(raw_parse(&raw, text, sizeof(text) - 1));
    assert_true(raw.complete);
    assert_true(raw_sent_by(&raw.vias[0], &value, &port));
    assert_int_equal(port, 5062);
    assert_true(raw_param(&raw.to, "tag", &value));
    assert_int_equal(pl_strcmp(&value, "9"), 0);
}

static void what_is_no_message_is_told(void **state)
{
    static const char *const texts[] = {"", "\r\n\r\n", "hello", "GET / HTTP/1.1\r\n\r\n",
                                        "OPTIONS sip:a@b SIP/2.0\r\nTo: <sip:a@b>\r\n\r\n"};
    struct raw_message raw;

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_false(raw_parse(&raw, texts[i], strlen(texts[i])));
}

static void rsc_patterns_match_digits_and_question_marks(void **state)
{
    (void)state;
    assert_true(rsc_match("500", 500));
    assert_true(rsc_match("404, 5??,6??", 603));
    assert_true(rsc_match(" 4?4 ", 404));
    assert_false(rsc_match("4?4", 403));
    assert_false(rsc_match("", 500));
    assert_false(rsc_match("BT", 500));
    assert_false(rsc_match("50,5000", 500));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_spa_registers_like_this),
        cmocka_unit_test(compact_names_and_tls_show),
        cmocka_unit_test(a_7960_registers_like_this),
        cmocka_unit_test(what_does_not_fit_is_not_cut),
        cmocka_unit_test(identifiers_have_the_forms_of_the_traces),
        cmocka_unit_test(a_response_copies_what_was_asked),
        cmocka_unit_test(the_reader_finds_headers_in_any_form),
        cmocka_unit_test(the_reader_takes_folding_and_bare_line_feeds),
        cmocka_unit_test(what_is_no_message_is_told),
        cmocka_unit_test(rsc_patterns_match_digits_and_question_marks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
