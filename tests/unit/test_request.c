/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests as bytes: header order of each family, ACK and CANCEL (sip-behaviour.md 9.3). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/sip/message.h"
#include "sim/sip/request.h"
#include "tests/support/rig.h"

static const struct request_params full = {
    .method = "INVITE",
    .uri = "sip:2@h",
    .from = "<sip:1@h>;tag=a",
    .to = "<sip:2@h>",
    .call_id = "c@h",
    .cseq = 101,
    .branch = 0xabc,
    .local_port = 5060,
    .identity = "Remote-Party-ID: <sip:1@h>\r\n",
    .routes = "Route: <sip:r;lr>\r\n",
    .auth = "Digest x",
    .auth_proxy = true,
    .contact = true,
    .before = "Accept: a/b\r\n",
    .has_expires = true,
    .expires = 240,
    .after = "Replaces: y\r\n",
    .allow = true,
    .supported = "replaces",
    .body_type = "application/sdp",
    .body = "v=0\r\n",
    .body_len = 5,
};

static void in_order(const char *text, const char *const *names)
{
    const char *at = text;

    for (; *names; names++) {
        char want[64];
        snprintf(want, sizeof(want), "\r\n%s: ", *names);
        const char *next = strstr(at, want);
        if (!next)
            fail_msg("%s is not there in\n%s", *names, text);
        at = next;
    }
    assert_string_equal(strstr(at, "\r\n\r\n"), "\r\n\r\nv=0\r\n");
}

static void a_spa_writes_the_order_of_its_traces(void **state)
{
    (void)state;
    static const char *const names[] = {"Via",
                                        "From",
                                        "To",
                                        "Remote-Party-ID",
                                        "Call-ID",
                                        "CSeq",
                                        "Max-Forwards",
                                        "Route",
                                        "Proxy-Authorization",
                                        "Contact",
                                        "Accept",
                                        "Expires",
                                        "Replaces",
                                        "User-Agent",
                                        "Content-Length",
                                        "Allow",
                                        "Supported",
                                        "Content-Type",
                                        NULL};
    const struct ua_line_config c = rig_spa504g();
    char text[2000];

    const size_t n = print_request(text, sizeof(text) - 1, &c, &full);
    assert_true(n > 0);
    text[n] = '\0';
    assert_int_equal(strncmp(text, "INVITE sip:2@h SIP/2.0\r\nVia: ", 29), 0);
    assert_non_null(strstr(text, ";branch=z9hG4bK-abc\r\n"));
    in_order(text, names);
}

static void a_79xx_writes_another(void **state)
{
    (void)state;
    static const char *const names[] = {"Via",
                                        "From",
                                        "To",
                                        "Call-ID",
                                        "Max-Forwards",
                                        "CSeq",
                                        "User-Agent",
                                        "Contact",
                                        "Route",
                                        "Proxy-Authorization",
                                        "Remote-Party-ID",
                                        "Accept",
                                        "Expires",
                                        "Replaces",
                                        "Content-Length",
                                        "Allow",
                                        "Supported",
                                        "Content-Type",
                                        NULL};
    struct ua_line_config c = rig_spa504g();
    char text[2000];

    c.wire = UA_WIRE_79XX;
    const size_t n = print_request(text, sizeof(text) - 1, &c, &full);
    text[n] = '\0';
    assert_non_null(strstr(text, ";branch=z9hG4bK00000abc\r\n"));
    in_order(text, names);
}

static void what_is_left_out_leaves_no_line(void **state)
{
    (void)state;
    struct ua_line_config c = rig_spa504g();
    const struct request_params p = {.method = "BYE",
                                     .uri = "sip:2@h",
                                     .from = "<sip:1@h>;tag=a",
                                     .to = "<sip:2@h>;tag=b",
                                     .call_id = "c@h",
                                     .cseq = 102,
                                     .branch = 1,
                                     .local_port = 5060};
    char text[2000];

    c.user_agent = "";
    const size_t n = print_request(text, sizeof(text) - 1, &c, &p);
    text[n] = '\0';
    static const char *const gone[] = {"Contact",   "Expires",      "User-Agent",    "Allow",
                                       "Supported", "Content-Type", "Authorization", "Route"};
    for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
        assert_null(strstr(text, gone[i]));
    assert_non_null(strstr(text, "\r\nContent-Length: 0\r\n\r\n"));
    assert_non_null(strstr(text, "\r\nMax-Forwards: 70\r\n"));
}

static void it_fits_or_it_is_nothing(void **state)
{
    (void)state;
    const struct ua_line_config c = rig_spa504g();
    char text[2000];
    const size_t n = print_request(text, sizeof(text), &c, &full);

    for (size_t size = 0; size < n; size++)
        assert_int_equal(print_request(text, size, &c, &full), 0);
    assert_int_equal(print_request(text, n, &c, &full), n);
}

static void ack_and_cancel_are_their_invite_s(void **state)
{
    (void)state;
    struct ua_line_config c = rig_spa504g();
    char invite[2000], text[2000];
    struct pl to;

    const size_t len = print_request(invite, sizeof(invite), &c, &full);
    size_t n = print_companion(text, sizeof(text) - 1, &c, invite, len, "CANCEL", NULL);
    text[n] = '\0';
    assert_int_equal(strncmp(text, "CANCEL sip:2@h SIP/2.0\r\n", 24), 0);
    assert_non_null(strstr(text, ";branch=z9hG4bK-abc\r\n"));
    assert_non_null(strstr(text, "\r\nTo: <sip:2@h>\r\n"));
    assert_non_null(strstr(text, "\r\nCSeq: 101 CANCEL\r\n"));
    assert_non_null(strstr(text, "\r\nRoute: <sip:r;lr>\r\n"));
    assert_null(strstr(text, "Contact"));
    assert_null(strstr(text, "application/sdp"));
    pl_set_str(&to, "<sip:2@h>;tag=z");
    n = print_companion(text, sizeof(text) - 1, &c, invite, len, "ACK", &to);
    text[n] = '\0';
    assert_int_equal(strncmp(text, "ACK ", 4), 0);
    assert_non_null(strstr(text, "\r\nTo: <sip:2@h>;tag=z\r\n"));
    pl_set_str(&to, "<sip:2@h>\r\n ;tag=z"); /* folded */
    n = print_companion(text, sizeof(text) - 1, &c, invite, len, "ACK", &to);
    text[n] = '\0';
    assert_non_null(strstr(text, "\r\nTo: <sip:2@h>   ;tag=z\r\n"));
    for (size_t size = 0; size < n; size++)
        assert_int_equal(print_companion(text, size, &c, invite, len, "ACK", &to), 0);
    assert_int_equal(print_companion(text, sizeof(text), &c, "garbage", 7, "ACK", &to), 0);
}

static void a_compact_ack_belongs_to_a_compact_invite(void **state)
{
    (void)state;
    struct ua_line_config c = rig_spa504g();
    char invite[2000], text[2000];

    c.compact = true;
    const size_t len = print_request(invite, sizeof(invite), &c, &full);
    const size_t n = print_companion(text, sizeof(text) - 1, &c, invite, len, "ACK", NULL);
    text[n] = '\0';
    assert_non_null(strstr(text, "\r\nv: SIP/2.0/UDP"));
    assert_non_null(strstr(text, "\r\ni: c@h\r\n"));
    assert_non_null(strstr(text, "\r\nl: 0\r\n"));
}

static void a_line_end_is_seen(void **state)
{
    (void)state;
    assert_true(one_line(""));
    assert_true(one_line("a b\tc"));
    assert_false(one_line("a\r"));
    assert_false(one_line("\nb"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_spa_writes_the_order_of_its_traces),
        cmocka_unit_test(a_79xx_writes_another),
        cmocka_unit_test(what_is_left_out_leaves_no_line),
        cmocka_unit_test(it_fits_or_it_is_nothing),
        cmocka_unit_test(ack_and_cancel_are_their_invite_s),
        cmocka_unit_test(a_compact_ack_belongs_to_a_compact_invite),
        cmocka_unit_test(a_line_end_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
