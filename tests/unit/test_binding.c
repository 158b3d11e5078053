/* SPDX-License-Identifier: BSD-3-Clause */
/* STUN Binding messages (RFC 3489, 5389), byte by byte. */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/sip/binding.h"

#define HEAD(type, len) type "\0" len "\x21\x12\xa4\x42" TID
#define TID             "abcdefghijkl"
#define MAPPED          "\0\x01\0\x08\0\x01\x9c\x40\xcb\0\x71\x05"   /* 203.0.113.5:40000 */
#define XOR_MAPPED      "\0\x20\0\x08\0\x01\xbd\x52\xea\x12\xd5\x47" /* the same */
#define OTHER           "\x80\x2c\0\x08\0\x01\x0d\x97\xc0\0\x02\x02" /* 192.0.2.2:3479 */
#define CHANGED         "\0\x05\0\x08\0\x01\x0d\x97\xc0\0\x02\x02"
#define SOURCE          "\0\x04\0\x08\0\x01\x0d\x96\xc0\0\x02\x01"

static void assert_at(const struct sockaddr_in *sin, const char *addr, uint16_t port)
{
    char text[INET_ADDRSTRLEN];

    inet_ntop(AF_INET, &sin->sin_addr, text, sizeof(text));
    assert_string_equal(text, addr);
    assert_int_equal(ntohs(sin->sin_port), port);
}

static void a_request_has_the_cookie_and_the_id(void **state)
{
    static const char plain[] = HEAD("\0\x01", "\0"),
                      change[] = HEAD("\0\x01", "\x08") "\0\x03\0\x04\0\0\0\x06";
    char buf[BINDING_MAX];

    (void)state;
    assert_int_equal(binding_print(buf, (const uint8_t *)TID, false), 20);
    assert_memory_equal(buf, plain, 20);
    assert_true(binding_is(buf, 20));
    assert_memory_equal(binding_tid(buf), TID, BINDING_TID);
    assert_int_equal(binding_print(buf, (const uint8_t *)TID, true), 28);
    assert_memory_equal(buf, change, 28);
}

static void both_generations_of_servers_are_understood(void **state)
{
    static const char modern[] = HEAD("\x01\x01", "\x18") XOR_MAPPED OTHER,
                      classic[] = HEAD("\x01\x01", "\x24") MAPPED SOURCE CHANGED;
    struct binding b;

    (void)state;
    assert_int_equal(binding_parse(&b, modern, sizeof(modern) - 1), 0);
    assert_memory_equal(b.tid, TID, BINDING_TID);
    assert_false(b.refused);
    assert_at(&b.mapped, "203.0.113.5", 40000);
    assert_at(&b.other, "192.0.2.2", 3479);
    assert_int_equal(binding_parse(&b, classic, sizeof(classic) - 1), 0);
    assert_at(&b.mapped, "203.0.113.5", 40000);
    assert_at(&b.other, "192.0.2.2", 3479);
}

static void a_server_with_one_address_names_no_other(void **state)
{
    static const char data[] = HEAD("\x01\x01", "\x0c") MAPPED;
    struct binding b;

    (void)state;
    assert_int_equal(binding_parse(&b, data, sizeof(data) - 1), 0);
    assert_int_equal(b.other.sin_port, 0);
}

static void an_error_response_is_a_refusal(void **state)
{
    static const char data[] = HEAD("\x01\x11", "\x0c") "\0\x09\0\x08\0\0\x04\x14"
                                                        "Oops";
    struct binding b;

    (void)state;
    assert_int_equal(binding_parse(&b, data, sizeof(data) - 1), 0);
    assert_true(b.refused);
    assert_int_equal(b.mapped.sin_port, 0);
}

static void sip_is_no_stun(void **state)
{
    static const char ok[] = "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1\r\n\r\n";
    struct binding b;

    (void)state;
    assert_false(binding_is(ok, sizeof(ok) - 1));
    assert_false(binding_is("", 0));
    assert_int_equal(binding_parse(&b, ok, sizeof(ok) - 1), EBADMSG);
}

static void what_is_no_binding_response_is_refused(void **state)
{
    static const char request[] = HEAD("\0\x01", "\0"), other[] = HEAD("\x01\x03", "\0"),
                      cut[] = HEAD("\x01\x01", "\x0c") "\0\x01\0\x08\0\x01";
    struct binding b;

    (void)state;
    assert_int_equal(binding_parse(&b, request, sizeof(request) - 1), EPROTO);
    assert_int_equal(binding_parse(&b, other, sizeof(other) - 1), EPROTO); /* Allocate */
    assert_int_not_equal(binding_parse(&b, cut, sizeof(cut) - 1), 0);
}

static void every_length_of_a_response_is_read_within_it(void **state)
{
    static const char data[] = HEAD("\x01\x01", "\x24") MAPPED SOURCE CHANGED;
    struct binding b;

    (void)state;
    for (size_t n = 0; n < sizeof(data) - 1; n++)
        assert_int_not_equal(binding_parse(&b, data, n), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_has_the_cookie_and_the_id),
        cmocka_unit_test(both_generations_of_servers_are_understood),
        cmocka_unit_test(a_server_with_one_address_names_no_other),
        cmocka_unit_test(an_error_response_is_a_refusal),
        cmocka_unit_test(sip_is_no_stun),
        cmocka_unit_test(what_is_no_binding_response_is_refused),
        cmocka_unit_test(every_length_of_a_response_is_read_within_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
