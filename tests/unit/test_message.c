/* SPDX-License-Identifier: BSD-3-Clause */
/* Messages as the phones write them, byte by byte: identifiers and header order of
 * sip-behaviour.md 9. */
#include <arpa/inet.h>
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <re.h>

#include "devices/model.h"
#include "sim/base/rng.h"
#include "sim/sip/line.h"
#include "sim/sip/message.h"
#include "tests/support/rig.h"

#define CREDENTIALS                                                                                \
    "Digest "                                                                                      \
    "username=\"1001\",realm=\"pbx\",nonce=\"5f\",uri=\"sip:pbx.example.com\",algorithm=MD5,"      \
    "response=\"00112233445566778899aabbccddeeff\",qop=auth,nc=00000001,cnonce=\"0a4f113b\""

struct dress { /* texts of a model's messages */
    struct ua_line_config c;
    char agent[120], allow[160];
};

/* The model as it leaves the factory, on 192.0.2.10. */
static void dress(struct dress *d, const char *name, const char *firmware, enum ua_wire wire)
{
    const struct device_model *m = device_model_find(name);
    struct device_identity id = {.firmware = firmware, .serial = "FCH1"};

    d->c = rig_spa504g();
    memcpy(id.mac, d->c.mac, sizeof(id.mac));
    device_ua_print(d->agent, sizeof(d->agent), m->ua_format, m, &id);
    d->c.user_agent = d->c.server = d->agent;
    d->c.allow = device_allow(m, id.firmware, d->allow, sizeof(d->allow));
    d->c.supported = m->supported;
    d->c.auth_id = d->c.outbound_proxy = d->c.reg_user_agent = d->c.station_name = "";
    d->c.packages = d->c.proxy_require = d->c.accept_language = "";
    d->c.wire = wire;
}

static const struct register_params usual = {
    .cseq = 7990,
    .branch = 0x05e721c6,
    .expires_s = 3600,
    .local_port = 5060,
    .call_id = "ae75b30c-16372ea@192.0.2.10",
    .from_tag = "84d082c75cd9738ao0",
    .request_host = "pbx.example.com",
    .request_uri = "sip:pbx.example.com",
};

static void assert_register(const struct ua_line_config *c, const struct register_params *p,
                            const char *want)
{
    char buf[2048];
    const size_t len = print_register(buf, sizeof(buf) - 1, c, p);

    buf[len] = '\0';
    assert_string_equal(buf, want);
}

static void a_register_reads_as_the_spa504g_writes_it(void **state)
{
    struct dress d;

    (void)state;
    dress(&d, "SPA504G", "7.6.2c", UA_WIRE_SPA);
    assert_register(&d.c, &usual,
                    "REGISTER sip:pbx.example.com SIP/2.0\r\n"
                    "Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK-5e721c6\r\n"
                    "From: <sip:1001@pbx.example.com>;tag=84d082c75cd9738ao0\r\n"
                    "To: <sip:1001@pbx.example.com>\r\n"
                    "Call-ID: ae75b30c-16372ea@192.0.2.10\r\n"
                    "CSeq: 7990 REGISTER\r\n"
                    "Max-Forwards: 70\r\n"
                    "Contact: <sip:1001@192.0.2.10:5060>;expires=3600\r\n"
                    "User-Agent: Cisco/SPA504G-7.6.2c\r\n"
                    "Content-Length: 0\r\n"
                    "Allow: ACK, BYE, CANCEL, INFO, INVITE, NOTIFY, OPTIONS, REFER, UPDATE\r\n"
                    "Supported: replaces\r\n\r\n");
}

static void credentials_stand_ahead_of_the_contact(void **state)
{
    struct register_params p = usual;
    struct dress d;

    (void)state;
    dress(&d, "SPA525G2", "7.6.2c", UA_WIRE_SPA);
    d.c.display_name = "Front \"Desk\" \\ 1";
    d.c.station_name = "Desk";
    p.auth = CREDENTIALS;
    assert_register(
        &d.c, &p,
        "REGISTER sip:pbx.example.com SIP/2.0\r\n"
        "Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK-5e721c6\r\n"
        "From: \"Front \\\"Desk\\\" \\\\ 1\" <sip:1001@pbx.example.com>;"
        "tag=84d082c75cd9738ao0\r\n"
        "To: \"Front \\\"Desk\\\" \\\\ 1\" <sip:1001@pbx.example.com>\r\n"
        "Call-ID: ae75b30c-16372ea@192.0.2.10\r\n"
        "CSeq: 7990 REGISTER\r\n"
        "Max-Forwards: 70\r\n"
        "Authorization: " CREDENTIALS "\r\n"
        "Contact: \"Front \\\"Desk\\\" \\\\ 1\" <sip:1001@192.0.2.10:5060>;expires=3600\r\n"
        "User-Agent: Cisco/SPA525G2-7.6.2c\r\n"
        "P-Station-Name: Desk ;mac=000e84c060a6\r\n"
        "Content-Length: 0\r\n"
        "Allow: ACK, BYE, CANCEL, INFO, INVITE, NOTIFY, OPTIONS, REFER, UPDATE\r\n"
        "Supported: replaces\r\n\r\n");
}

static void the_6851_keeps_the_grammar_of_the_spa(void **state)
{
    struct register_params p = usual;
    char want[2048];
    struct dress d;

    (void)state;
    dress(&d, "6851", "12.0.3", UA_WIRE_SPA);
    d.c.transport = UA_TLS;
    d.c.add_rport = true;
    p.local_port = 5071;
    p.expires_s = 0;
    p.auth = CREDENTIALS;
    p.auth_proxy = true;
    snprintf(want, sizeof(want),
             "REGISTER sip:pbx.example.com SIP/2.0\r\n"
             "Via: SIP/2.0/TLS 192.0.2.10:5071;branch=z9hG4bK-5e721c6;rport\r\n"
             "From: <sip:1001@pbx.example.com>;tag=84d082c75cd9738ao0\r\n"
             "To: <sip:1001@pbx.example.com>\r\n"
             "Call-ID: ae75b30c-16372ea@192.0.2.10\r\n"
             "CSeq: 7990 REGISTER\r\n"
             "Max-Forwards: 70\r\n"
             "Proxy-Authorization: " CREDENTIALS "\r\n"
             "Contact: <sip:1001@192.0.2.10:5071;transport=tls>;expires=0\r\n"
             "User-Agent: %s\r\n"
             "Content-Length: 0\r\n"
             "Allow: ACK, BYE, CANCEL, INFO, INVITE, NOTIFY, OPTIONS, REFER, SUBSCRIBE, UPDATE\r\n"
             "Supported: replaces\r\n\r\n",
             d.agent);
    assert_string_equal(d.agent, "Cisco-CP-6851-3PCC/12.0.3_000e84c060a6"); /* 9.1 [T] */
    assert_register(&d.c, &p, want);
}

#define START_79XX                                                                                 \
    "REGISTER sip:pbx.example.com SIP/2.0\r\n"                                                     \
    "Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK05e721c6\r\n"                                  \
    "From: <sip:1001@pbx.example.com>;tag=84d082c75cd9738ao0\r\n"                                  \
    "To: <sip:1001@pbx.example.com>\r\n"                                                           \
    "Call-ID: ae75b30c-16372ea@192.0.2.10\r\n"                                                     \
    "Max-Forwards: 70\r\n"                                                                         \
    "CSeq: 7990 REGISTER\r\n"

static void the_79xx_ends_with_expires_and_has_no_contact_parameter(void **state)
{
    struct register_params p = usual;
    struct dress d;

    (void)state;
    dress(&d, "7960", "8.0", UA_WIRE_79XX);
    assert_register(&d.c, &p,
                    START_79XX "User-Agent: Cisco-CP7960G/8.0\r\n"
                               "Contact: <sip:1001@192.0.2.10:5060;user=phone;transport=udp>;"
                               "+sip.instance=\"<urn:uuid:00000000-0000-0000-0000-000e84c060a6>\";"
                               "+u.sip!model.ccm.cisco.com=\"7\"\r\n"
                               "Content-Length: 0\r\n"
                               "Expires: 3600\r\n\r\n");
    dress(&d, "7940", "8.0", UA_WIRE_79XX);
    p.auth = CREDENTIALS;
    assert_register(&d.c, &p,
                    START_79XX "User-Agent: Cisco-CP7940G/8.0\r\n"
                               "Contact: <sip:1001@192.0.2.10:5060;user=phone;transport=udp>;"
                               "+sip.instance=\"<urn:uuid:00000000-0000-0000-0000-000e84c060a6>\";"
                               "+u.sip!model.ccm.cisco.com=\"8\"\r\n"
                               "Authorization: " CREDENTIALS "\r\n"
                               "Content-Length: 0\r\n"
                               "Expires: 3600\r\n\r\n");
}

static void compact_headers_are_short_where_a_short_name_exists(void **state)
{
    struct dress d;

    (void)state;
    dress(&d, "SPA504G", "7.6.2c", UA_WIRE_SPA);
    d.c.compact = true;
    d.c.transport = UA_TCP;
    assert_register(&d.c, &usual,
                    "REGISTER sip:pbx.example.com SIP/2.0\r\n"
                    "v: SIP/2.0/TCP 192.0.2.10:5060;branch=z9hG4bK-5e721c6\r\n"
                    "f: <sip:1001@pbx.example.com>;tag=84d082c75cd9738ao0\r\n"
                    "t: <sip:1001@pbx.example.com>\r\n"
                    "i: ae75b30c-16372ea@192.0.2.10\r\n"
                    "CSeq: 7990 REGISTER\r\n"
                    "Max-Forwards: 70\r\n"
                    "m: <sip:1001@192.0.2.10:5060;transport=tcp>;expires=3600\r\n"
                    "User-Agent: Cisco/SPA504G-7.6.2c\r\n"
                    "l: 0\r\n"
                    "Allow: ACK, BYE, CANCEL, INFO, INVITE, NOTIFY, OPTIONS, REFER, UPDATE\r\n"
                    "k: replaces\r\n\r\n");
}

static void the_user_agent_of_a_register_can_differ_or_be_left_out(void **state)
{
    struct dress d;
    char buf[2048];
    size_t len;

    (void)state;
    dress(&d, "SPA504G", "7.6.2c", UA_WIRE_SPA);
    d.c.reg_user_agent = "for REGISTER only";
    len = print_register(buf, sizeof(buf) - 1, &d.c, &usual);
    buf[len] = '\0';
    assert_non_null(strstr(buf, "\r\nUser-Agent: for REGISTER only\r\nContent-Length: 0\r\n"));
    d.c.reg_user_agent = d.c.user_agent = "";
    len = print_register(buf, sizeof(buf) - 1, &d.c, &usual);
    buf[len] = '\0';
    assert_non_null(strstr(buf, ";expires=3600\r\nContent-Length: 0\r\n"));
}

static void a_register_that_does_not_fit_is_not_begun(void **state)
{
    struct dress d;
    char buf[2048];
    size_t len;

    (void)state;
    dress(&d, "SPA504G", "7.6.2c", UA_WIRE_SPA);
    len = print_register(buf, sizeof(buf), &d.c, &usual);
    assert_true(len > 400);
    for (size_t size = 0; size < len; size++) {
        char *small = malloc(size ? size : 1);
        assert_int_equal(print_register(small, size, &d.c, &usual), 0);
        free(small);
    }
    char *exact = malloc(len);
    assert_int_equal(print_register(exact, len, &d.c, &usual), len);
    assert_memory_equal(exact, buf, len);
    free(exact);
}

static void assert_matches(const char *text, const char *pattern)
{
    regex_t re;

    assert_int_equal(regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB), 0);
    if (regexec(&re, text, 0, NULL, 0))
        fail_msg("%s does not match %s", text, pattern);
    regfree(&re);
}

static void identifiers_follow_the_family_s_grammar(void **state)
{
    char id[CALL_ID_SIZE], tag[TAG_SIZE];
    struct dress d;
    struct rng rng;

    (void)state;
    rng_init(&rng, 1, 1);
    for (unsigned i = 0; i < 200; i++) {
        dress(&d, "SPA504G", "7.6.2c", UA_WIRE_SPA);
        d.c.index = 3;
        print_call_id(id, sizeof(id), &d.c, &rng);
        assert_matches(id, "^[1-9a-f][0-9a-f]{0,7}-[1-9a-f][0-9a-f]{0,7}@192\\.0\\.2\\.10$");
        print_tag(tag, sizeof(tag), &d.c, &rng, 'o');
        assert_matches(tag, "^[1-9a-f][0-9a-f]{0,15}o3$");
        print_tag(tag, sizeof(tag), &d.c, &rng, 'i');
        assert_matches(tag, "^[1-9a-f][0-9a-f]{0,15}i3$");
        dress(&d, "7960", "8.0", UA_WIRE_79XX);
        print_call_id(id, sizeof(id), &d.c, &rng);
        assert_matches(id, "^000e84c0-60a6[0-9a-f]{4}-[0-9a-f]{8}-[0-9a-f]{8}@192\\.0\\.2\\.10$");
        print_tag(tag, sizeof(tag), &d.c, &rng, 'o');
        assert_matches(tag, "^000e84c060a6[0-9a-f]{4}[0-9a-f]{8}-[0-9a-f]{8}$");
    }
}

static void hexadecimal_drops_leading_zeros_but_not_the_last(void **state)
{
    static const struct {
        uint64_t n;
        const char *hex;
    } t[] = {{0, "0"}, {0xf, "f"}, {0x05e721c6, "5e721c6"}, {UINT64_MAX, "ffffffffffffffff"}};
    char buf[20];

    (void)state;
    for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
        struct writer w = {.buf = buf, .size = sizeof(buf)};
        put_hex(&w, t[i].n);
        assert_int_equal(w.len, strlen(t[i].hex));
        assert_memory_equal(buf, t[i].hex, w.len);
    }
}

static void a_full_writer_keeps_whole_pieces_and_says_so(void **state)
{
    char buf[10];
    struct writer w = {.buf = buf, .size = sizeof(buf)};

    (void)state;
    put(&w, "12345678");
    put(&w, "abc");
    assert_true(w.full);
    assert_int_equal(w.len, 8);
    w.full = false;
    put_u32(&w, 42);
    assert_false(w.full);
    assert_memory_equal(buf, "1234567842", 10);
}

#define REQUEST_HEAD "OPTIONS sip:1001@192.0.2.10 SIP/2.0\r\n"

static void answer_to(char *buf, size_t size, const char *request, const struct ua_line_config *c,
                      const struct response_params *p)
{
    struct raw_message raw;

    assert_true(raw_parse(&raw, request, strlen(request)));
    buf[print_response(buf, size - 1, c, &raw, p)] = '\0';
}

static void a_response_begins_with_to_and_copies_what_it_quotes(void **state)
{
    const struct response_params p = {
        .scode = 200, .reason = "OK", .to_tag = "e7d2be737eb6d185i0", .allow = true};
    struct dress d;
    char buf[2048];

    (void)state;
    dress(&d, "SPA504G", "7.6.2c", UA_WIRE_SPA);
    answer_to(buf, sizeof(buf),
              REQUEST_HEAD "CSeq: 1   OPTIONS\r\nCall-ID: x@y\r\n"
                           "Via: SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK1;rport=9\r\n"
                           "From: \"A\"\r\n  <sip:9@h>;tag=1\r\nTo: <sip:1001@h>\r\n"
                           "Via: SIP/2.0/TCP 192.0.2.2;branch=z9hG4bK2\r\n"
                           "Record-Route: <sip:192.0.2.2;lr>\r\n\r\n",
              &d.c, &p);
    assert_string_equal(buf,
                        "SIP/2.0 200 OK\r\n"
                        "To: <sip:1001@h>;tag=e7d2be737eb6d185i0\r\n"
                        "From: \"A\"\r\n  <sip:9@h>;tag=1\r\n"
                        "Call-ID: x@y\r\n"
                        "CSeq: 1   OPTIONS\r\n"
                        "Via: SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK1;rport=9\r\n"
                        "Via: SIP/2.0/TCP 192.0.2.2;branch=z9hG4bK2\r\n"
                        "Server: Cisco/SPA504G-7.6.2c\r\n"
                        "Content-Length: 0\r\n"
                        "Allow: ACK, BYE, CANCEL, INFO, INVITE, NOTIFY, OPTIONS, REFER, UPDATE\r\n"
                        "Supported: replaces\r\n\r\n");
}

static void contact_and_further_headers_have_their_places(void **state)
{
    const struct response_params p = {.scode = 420,
                                      .reason = "Bad Extension",
                                      .to_tag = "never",
                                      .early = "Contact: <sip:1001@192.0.2.10:5060>\r\n",
                                      .extra = "Unsupported: timer\r\n"};
    struct dress d;
    char buf[2048];

    (void)state;
    dress(&d, "SPA504G", "7.6.2c", UA_WIRE_SPA);
    answer_to(buf, sizeof(buf),
              REQUEST_HEAD "Via: SIP/2.0/UDP h\r\nTo: <sip:1001@h>;tag=theirs\r\n\r\n", &d.c, &p);
    assert_string_equal(buf, "SIP/2.0 420 Bad Extension\r\n"
                             "To: <sip:1001@h>;tag=theirs\r\n"
                             "Via: SIP/2.0/UDP h\r\n"
                             "Contact: <sip:1001@192.0.2.10:5060>\r\n"
                             "Server: Cisco/SPA504G-7.6.2c\r\n"
                             "Unsupported: timer\r\n"
                             "Content-Length: 0\r\n\r\n");
}

static void rport_is_filled_in_where_it_stands_without_value(void **state)
{
    static const struct {
        const char *via, *answered;
    } t[] = {
        {"SIP/2.0/UDP h;rport", "SIP/2.0/UDP h;rport=4242;received=192.0.2.7"},
        {"SIP/2.0/UDP h;rport;branch=1", "SIP/2.0/UDP h;rport=4242;received=192.0.2.7;branch=1"},
        {"SIP/2.0/UDP h; RPORT ;branch=1",
         "SIP/2.0/UDP h; RPORT=4242;received=192.0.2.7 ;branch=1"},
        {"SIP/2.0/UDP h;rport=1", "SIP/2.0/UDP h;rport=1"},
        {"SIP/2.0/UDP h;rport=", "SIP/2.0/UDP h;rport="},
        {"SIP/2.0/UDP h;rports", "SIP/2.0/UDP h;rports"},
        {"SIP/2.0/UDP h;branch=1", "SIP/2.0/UDP h;branch=1"},
    };
    struct response_params p = {.scode = 200, .reason = "OK", .rport = 4242};
    char request[256], want[256], buf[2048];
    struct dress d;

    (void)state;
    dress(&d, "SPA504G", "7.6.2c", UA_WIRE_SPA);
    d.c.server = "";
    inet_pton(AF_INET, "192.0.2.7", &p.received);
    for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
        snprintf(request, sizeof(request), REQUEST_HEAD "Via: %s\r\n\r\n", t[i].via);
        answer_to(buf, sizeof(buf), request, &d.c, &p);
        snprintf(want, sizeof(want), "SIP/2.0 200 OK\r\nVia: %s\r\nContent-Length: 0\r\n\r\n",
                 t[i].answered);
        assert_string_equal(buf, want);
    }
}

static void where_a_request_came_from_is_inserted_when_told(void **state)
{
    static const struct {
        const char *via, *both, *received, *rport;
    } t[] = {
        {"SIP/2.0/UDP 10.0.0.1:5062;branch=1", ";received=192.0.2.7;rport=4242",
         ";received=192.0.2.7", ";rport=4242"},
        {"SIP/2.0/UDP h", ";received=192.0.2.7;rport=4242", ";received=192.0.2.7", ";rport=4242"},
        {"SIP/2.0/UDP 192.0.2.77:4242", ";received=192.0.2.7", ";received=192.0.2.7", ""},
        {"SIP/2.0/UDP 192.0.2.7:4242", "", "", ""},
        {"SIP/2.0/UDP 192.0.2.7", ";rport=4242", "", ";rport=4242"},
        {"SIP/2.0/UDP 10.0.0.1:4242;received=1.2.3.4", "", "", ""},
        {"SIP/2.0/UDP 192.0.2.7:1;rport=9", "", "", ""},
    };
    struct response_params p = {.scode = 200, .reason = "OK", .rport = 4242};
    char request[256], want[256], buf[2048];
    struct dress d;

    (void)state;
    dress(&d, "SPA504G", "7.6.2c", UA_WIRE_SPA);
    d.c.server = "";
    inet_pton(AF_INET, "192.0.2.7", &p.received);
    for (size_t i = 0; i < 4 * sizeof(t) / sizeof(t[0]); i++) {
        d.c.nat.insert_received = i & 1;
        d.c.nat.insert_rport = i & 2;
        const char *const added[] = {"", t[i / 4].received, t[i / 4].rport, t[i / 4].both};
        snprintf(request, sizeof(request), REQUEST_HEAD "Via: %s\r\n\r\n", t[i / 4].via);
        answer_to(buf, sizeof(buf), request, &d.c, &p);
        snprintf(want, sizeof(want), "SIP/2.0 200 OK\r\nVia: %s%s\r\nContent-Length: 0\r\n\r\n",
                 t[i / 4].via, added[i & 3]);
        assert_string_equal(buf, want);
    }
}

static void the_nat_type_is_warned_of_ahead_of_the_user_agent(void **state)
{
    struct register_params p = usual;
    struct dress d;
    char buf[2048];

    (void)state;
    dress(&d, "SPA504G", "7.6.2c", UA_WIRE_SPA);
    p.warning = "Full Cone NAT Detected";
    const size_t len = print_register(buf, sizeof(buf) - 1, &d.c, &p);
    buf[len] = '\0';
    assert_non_null(strstr(buf, ";expires=3600\r\nWarning: 399 spa \"Full Cone NAT Detected\"\r\n"
                                "User-Agent: "));
}

static void a_question_has_neither_contact_nor_expiry(void **state)
{
    static const char *const models[] = {"SPA504G", "7960"};
    struct register_params p = usual;
    struct dress d;
    char buf[2048];

    (void)state;
    p.no_contact = true;
    for (size_t i = 0; i < 2; i++) {
        dress(&d, models[i], i ? "8.0" : "7.6.2c", i ? UA_WIRE_79XX : UA_WIRE_SPA);
        const size_t len = print_register(buf, sizeof(buf) - 1, &d.c, &p);
        buf[len] = '\0';
        assert_null(strcasestr(buf, "contact:"));
        assert_null(strcasestr(buf, "expires"));
    }
}

static void a_response_that_does_not_fit_is_not_begun(void **state)
{
    static const char text[] = REQUEST_HEAD "Via: SIP/2.0/UDP h;rport\r\nTo: <sip:a@b>\r\n\r\n";
    const struct response_params p = {
        .scode = 200, .reason = "OK", .to_tag = "t", .allow = true, .rport = 1};
    struct raw_message raw;
    struct dress d;
    char buf[2048];

    (void)state;
    dress(&d, "SPA504G", "7.6.2c", UA_WIRE_SPA);
    assert_true(raw_parse(&raw, text, sizeof(text) - 1));
    const size_t len = print_response(buf, sizeof(buf), &d.c, &raw, &p);
    assert_true(len > 100);
    for (size_t size = 0; size < len; size++) {
        char *small = malloc(size ? size : 1);
        assert_int_equal(print_response(small, size, &d.c, &raw, &p), 0);
        free(small);
    }
}

static void an_account_is_written_with_its_name_or_not_at_all(void **state)
{
    struct ua_line_config c = rig_spa504g();
    char buf[64] = "";
    struct writer w = {.buf = buf, .size = sizeof(buf) - 1};

    (void)state;
    c.user = "1001";
    c.proxy = "pbx.example.com:5070";
    c.display_name = "A \"B\"";
    put_account(&w, &c);
    assert_false(w.full);
    assert_string_equal(buf, "\"A \\\"B\\\"\" <sip:1001@pbx.example.com:5070>");
    w = (struct writer){.buf = buf, .size = 20};
    put_account_uri(&w, &c);
    assert_true(w.full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_account_is_written_with_its_name_or_not_at_all),
        cmocka_unit_test(a_register_reads_as_the_spa504g_writes_it),
        cmocka_unit_test(credentials_stand_ahead_of_the_contact),
        cmocka_unit_test(the_6851_keeps_the_grammar_of_the_spa),
        cmocka_unit_test(the_79xx_ends_with_expires_and_has_no_contact_parameter),
        cmocka_unit_test(compact_headers_are_short_where_a_short_name_exists),
        cmocka_unit_test(the_user_agent_of_a_register_can_differ_or_be_left_out),
        cmocka_unit_test(a_register_that_does_not_fit_is_not_begun),
        cmocka_unit_test(identifiers_follow_the_family_s_grammar),
        cmocka_unit_test(hexadecimal_drops_leading_zeros_but_not_the_last),
        cmocka_unit_test(a_full_writer_keeps_whole_pieces_and_says_so),
        cmocka_unit_test(a_response_begins_with_to_and_copies_what_it_quotes),
        cmocka_unit_test(contact_and_further_headers_have_their_places),
        cmocka_unit_test(rport_is_filled_in_where_it_stands_without_value),
        cmocka_unit_test(where_a_request_came_from_is_inserted_when_told),
        cmocka_unit_test(the_nat_type_is_warned_of_ahead_of_the_user_agent),
        cmocka_unit_test(a_question_has_neither_contact_nor_expiry),
        cmocka_unit_test(a_response_that_does_not_fit_is_not_begun),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
