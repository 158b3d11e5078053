/* SPDX-License-Identifier: BSD-3-Clause */
/* The reader of raw header lines: what it finds in messages a strict decoder would refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <re.h>

#include "sim/sip/message.h"

#define START "OPTIONS sip:1001@192.0.2.10 SIP/2.0\r\n"
#define VIA   "Via: SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK1\r\n"

/* The text is copied to the heap, so that a read beyond its end is caught. */
static bool parse_bytes(struct raw_message *raw, const char *data, size_t len, char **copy)
{
    *copy = malloc(len ? len : 1);
    memcpy(*copy, data, len);
    return raw_parse(raw, *copy, len);
}

static bool parse(struct raw_message *raw, const char *text, char **copy)
{
    return parse_bytes(raw, text, strlen(text), copy);
}

static void assert_pl(const struct pl *pl, const char *want)
{
    char *got = strndup(pl->p ? pl->p : "", pl->l);

    assert_string_equal(got, want);
    free(got);
}

static void a_request_is_taken_apart(void **state)
{
    struct raw_message raw;
    char *copy;

    (void)state;
    assert_true(parse(&raw,
                      START VIA "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: x@y\r\n"
                                "CSeq: 1 OPTIONS\r\nEvent: resync\r\nContent-Length: 4\r\n\r\nbody",
                      &copy));
    assert_false(raw.response || raw.compact || raw.clen_differs);
    assert_true(raw.complete);
    assert_pl(&raw.method, "OPTIONS");
    assert_pl(&raw.uri, "sip:1001@192.0.2.10");
    assert_pl(&raw.version, "SIP/2.0");
    assert_int_equal(raw.n_vias, 1);
    assert_pl(&raw.vias[0], "SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK1");
    assert_pl(&raw.from, "<sip:a@b>;tag=1");
    assert_pl(&raw.to, "<sip:c@d>");
    assert_pl(&raw.call_id, "x@y");
    assert_pl(&raw.cseq, "1 OPTIONS");
    assert_pl(&raw.event, "resync");
    assert_pl(&raw.clen, "4");
    assert_pl(&raw.body, "body");
    free(copy);
}

static void a_response_is_told_from_a_request(void **state)
{
    struct raw_message raw;
    char *copy;

    (void)state;
    assert_true(parse(&raw, "SIP/2.0 200 OK\r\n" VIA "\r\n", &copy));
    assert_true(raw.response);
    assert_int_equal(raw.method.l, 0);
    free(copy);
}

static void folded_lines_belong_to_the_header_above(void **state)
{
    struct raw_message raw;
    char *copy;

    (void)state;
    assert_true(
        parse(&raw, START VIA "From: <sip:a@b>\r\n ;tag=1\r\nTo:\r\n\t<sip:c@d>\r\n\r\n", &copy));
    assert_pl(&raw.from, "<sip:a@b>\r\n ;tag=1");
    assert_pl(&raw.to, "<sip:c@d>");
    assert_int_equal(raw.n_from, 1);
    assert_true(raw.complete);
    free(copy);
}

static void a_body_that_begins_with_a_blank_is_no_folding(void **state)
{
    static const char *const bodies[] = {" indented", "\tindented", "\r\n\r\n"};
    struct raw_message raw;
    char text[512], *copy;

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        snprintf(text, sizeof(text), START VIA "\r\n%s", bodies[i]);
        assert_true(parse(&raw, text, &copy));
        assert_true(raw.complete);
        assert_pl(&raw.body, bodies[i]);
        free(copy);
    }
}

static void short_names_are_read_and_noticed(void **state)
{
    struct raw_message raw;
    char *copy;

    (void)state;
    assert_true(parse(&raw,
                      START "v: SIP/2.0/UDP h\r\nF: <sip:a@b>\r\nt: <sip:c@d>\r\ni : x\r\n"
                            "CSeq: 1 OPTIONS\r\no: resync\r\nL: 0\r\n\r\n",
                      &copy));
    assert_true(raw.compact);
    assert_int_equal(raw.n_vias, 1);
    assert_pl(&raw.from, "<sip:a@b>");
    assert_pl(&raw.to, "<sip:c@d>");
    assert_pl(&raw.call_id, "x");
    assert_pl(&raw.event, "resync");
    assert_pl(&raw.clen, "0");
    free(copy);
}

static void names_are_read_in_any_case_and_with_blanks(void **state)
{
    struct raw_message raw;
    char *copy;

    (void)state;
    assert_true(parse(&raw, START "vIA\t: SIP/2.0/UDP h\r\ncall-id  :   x  \r\n\r\n", &copy));
    assert_int_equal(raw.n_vias, 1);
    assert_pl(&raw.call_id, "x");
    assert_false(raw.compact);
    free(copy);
}

static void repeated_headers_are_counted(void **state)
{
    struct raw_message raw;
    char *copy;

    (void)state;
    assert_true(parse(&raw,
                      START VIA "From: a\r\nFrom: b\r\nTo: a\r\nTo: b\r\nTo: c\r\n"
                                "Call-ID: a\r\nCall-ID: b\r\nCSeq: 1 A\r\nCSeq: 2 A\r\n\r\n",
                      &copy));
    assert_int_equal(raw.n_from, 2);
    assert_int_equal(raw.n_to, 3);
    assert_int_equal(raw.n_call_id, 2);
    assert_int_equal(raw.n_cseq, 2);
    free(copy);
}

static void vias_are_kept_in_order_however_they_are_written(void **state)
{
    struct raw_message raw;
    char *copy;

    (void)state;
    assert_true(parse(&raw,
                      START "Via: SIP/2.0/UDP a;branch=1, SIP/2.0/TCP b;x=\",\",\r\n"
                            "  SIP/2.0/UDP c\r\nVia: SIP/2.0/UDP d\r\nVia:\r\n\r\n",
                      &copy));
    assert_int_equal(raw.n_vias, 4);
    assert_pl(&raw.vias[0], "SIP/2.0/UDP a;branch=1");
    assert_pl(&raw.vias[1], "SIP/2.0/TCP b;x=\",\"");
    assert_pl(&raw.vias[2], "SIP/2.0/UDP c");
    assert_pl(&raw.vias[3], "SIP/2.0/UDP d");
    free(copy);
}

static void more_vias_than_hops_leave_nothing_to_answer(void **state)
{
    char text[16384] = START, *copy;
    struct raw_message raw;

    (void)state;
    for (unsigned i = 0; i < RAW_VIAS; i++)
        snprintf(text + strlen(text), 64, "Via: SIP/2.0/UDP hop%u.example\r\n", i);
    assert_true(parse(&raw, text, &copy));
    assert_int_equal(raw.n_vias, RAW_VIAS);
    assert_true(RAW_VIAS > 70); /* Max-Forwards 70 lets so many through */
    free(copy);
    strcat(text, "Via: SIP/2.0/UDP one.too.many\r\n");
    assert_false(parse(&raw, text, &copy));
    free(copy);
}

static void without_its_empty_line_a_message_is_incomplete(void **state)
{
    static const char *const cut[] = {START VIA, START VIA "From: a\r\n", START VIA "From: a",
                                      START VIA "From: a\r\n "};
    struct raw_message raw;
    char *copy;

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        assert_true(parse(&raw, cut[i], &copy));
        assert_false(raw.complete);
        assert_int_equal(raw.body.l, 0);
        free(copy);
    }
}

static void bare_line_feeds_end_lines_too(void **state)
{
    struct raw_message raw;
    char *copy;

    (void)state;
    assert_true(parse(&raw, "OPTIONS sip:x SIP/2.0\nVia: SIP/2.0/UDP h\nTo: a\n b\n\nbody", &copy));
    assert_true(raw.complete);
    assert_pl(&raw.version, "SIP/2.0");
    assert_pl(&raw.to, "a\n b");
    assert_pl(&raw.body, "body");
    free(copy);
}

static void nuls_are_bytes_like_others_in_values_and_none_in_methods(void **state)
{
    static const char in_value[] = START "Via: SIP/2.0/UDP h\r\nTo: a\0b\r\n\r\n\0";
    static const char in_method[] = "OPT\0IONS sip:x SIP/2.0\r\n" VIA "\r\n";
    struct raw_message raw;
    char *copy;

    (void)state;
    assert_true(parse_bytes(&raw, in_value, sizeof(in_value) - 1, &copy));
    assert_int_equal(raw.to.l, 3);
    assert_memory_equal(raw.to.p, "a\0b", 3);
    assert_int_equal(raw.body.l, 1);
    free(copy);
    assert_false(parse_bytes(&raw, in_method, sizeof(in_method) - 1, &copy));
    free(copy);
}

static void content_lengths_that_differ_are_noticed(void **state)
{
    struct raw_message raw;
    char *copy;

    (void)state;
    assert_true(parse(&raw, START VIA "Content-Length: 5\r\nl: 5\r\n\r\n", &copy));
    assert_int_equal(raw.n_clen, 2);
    assert_false(raw.clen_differs);
    free(copy);
    assert_true(
        parse(&raw, START VIA "Content-Length: 5\r\nl: 50\r\nContent-Length: 50\r\n\r\n", &copy));
    assert_true(raw.clen_differs);
    free(copy);
}

static void a_bad_content_length_stands_as_it_came(void **state)
{
    struct raw_message raw;
    char *copy;

    (void)state;
    assert_true(parse(&raw, START VIA "Content-Length: -1 x\r\n\r\nbody", &copy));
    assert_pl(&raw.clen, "-1 x");
    assert_pl(&raw.body, "body");
    free(copy);
}

static void what_is_no_sip_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "\r\n",
        "\r\n\r\n",
        "\n",
        " ",
        "GET / HTTP/1.1\r\n" VIA "\r\n",
        "OPTIONS\r\n" VIA "\r\n",
        "OPTIONS sip:x\r\n" VIA "\r\n",
        " sip:x SIP/2.0\r\n" VIA "\r\n",
        "OPT<IONS sip:x SIP/2.0\r\n" VIA "\r\n",
        START,
        START "From: a\r\n\r\n",
        START "\r\n" VIA,
        "SIP/2.0\r\n" VIA "\r\n",
        "SIP/2.0 200 OK\r\n\r\n",
    };
    struct raw_message raw;
    char *copy;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (parse(&raw, bad[i], &copy))
            fail_msg("taken for SIP: %s", bad[i]);
        free(copy);
    }
}

static void another_version_is_still_a_request(void **state)
{
    struct raw_message raw;
    char *copy;

    (void)state;
    assert_true(parse(&raw, "OPTIONS sip:a SIP/b SIP/7.0\r\n" VIA "\r\n", &copy));
    assert_pl(&raw.uri, "sip:a SIP/b");
    assert_pl(&raw.version, "SIP/7.0");
    free(copy);
}

static void lines_without_a_colon_are_passed_over(void **state)
{
    struct raw_message raw;
    char *copy;

    (void)state;
    assert_true(parse(&raw, START "Via\r\n:\r\n: nameless\r\n" VIA "To: a\r\n\r\n", &copy));
    assert_int_equal(raw.n_vias, 1);
    assert_pl(&raw.to, "a");
    free(copy);
}

static void parameters_are_read_behind_the_brackets(void **state)
{
    static const struct {
        const char *value, *name, *want; /* want NULL = absent */
    } t[] = {
        {"<sip:a@b>;tag=1", "tag", "1"},
        {"<sip:a@b;tag=uri>", "tag", NULL},
        {"<sip:a@b;tag=uri>;tag=own", "tag", "own"},
        {"\"x;tag=1\" <sip:a@b>", "tag", NULL},
        {"sip:a@b;tag=1", "tag", "1"},
        {"<sip:a@b> ; TAG = 1 ;x", "tag", "1"},
        {"<sip:a@b>;tagged=1", "tag", NULL},
        {"<sip:a@b>;tag", "tag", ""},
        {"<sip:a@b>;tag=", "tag", ""},
        {"SIP/2.0/UDP h;rport;branch=z9hG4bK1", "rport", ""},
        {"SIP/2.0/UDP h;rport;branch=z9hG4bK1", "branch", "z9hG4bK1"},
        {"", "tag", NULL},
        {";", "tag", NULL},
        {">", "tag", NULL},
    };
    struct pl value, found;

    (void)state;
    for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
        pl_set_str(&value, t[i].value);
        assert_int_equal(raw_param(&value, t[i].name, &found), t[i].want != NULL);
        if (t[i].want)
            assert_pl(&found, t[i].want);
    }
}

static void sent_by_is_read_with_blanks_anywhere(void **state)
{
    static const struct {
        const char *via, *sent_by; /* sent_by NULL = no Via */
        unsigned port;
    } t[] = {
        {"SIP/2.0/UDP 192.0.2.1:5070;branch=1", "192.0.2.1:5070", 5070},
        {"SIP/2.0/UDP host", "host", 0},
        {"SIP / 2.0 / UDP  host : 5070 ; branch=1", "host : 5070", 5070},
        {"SIP/2.0/UDP host:5070, SIP/2.0/UDP other", "host:5070", 5070},
        {"SIP/2.0/UDP [2001:db8::1]", "[2001:db8::1]", 0},
        {"SIP/2.0/UDP [2001:db8::1]:5070", "[2001:db8::1]:5070", 5070},
        {"SIP/2.0/UDP host:70000", NULL, 0},
        {"SIP/2.0/UDP host:50x", NULL, 0},
        {"SIP/2.0/UDP host:", NULL, 0},
        {"SIP/2.0/UDP", NULL, 0},
        {"SIP/2.0/UDP ;branch=1", NULL, 0},
        {"SIP/2.0", NULL, 0},
        {"", NULL, 0},
    };
    struct pl via, sent_by;
    uint16_t port;

    (void)state;
    for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
        pl_set_str(&via, t[i].via);
        if (raw_sent_by(&via, &sent_by, &port) != (t[i].sent_by != NULL))
            fail_msg("misjudged: %s", t[i].via);
        if (t[i].sent_by) {
            assert_pl(&sent_by, t[i].sent_by);
            assert_int_equal(port, t[i].port);
        }
    }
}

static void every_prefix_of_a_message_is_read_within_its_bounds(void **state)
{
    static const char text[] =
        START "Via: SIP/2.0/UDP a;x=\",\", SIP/2.0/UDP b\r\nFrom: \"a\r\n b\""
              " <sip:a@b>;tag=1\r\nRequire: x\r\nl: 3\r\n\r\n 1\r";
    struct raw_message raw;
    unsigned n_complete = 0;
    char *copy;

    (void)state;
    for (size_t len = 0; len < sizeof(text); len++) {
        parse_bytes(&raw, text, len, &copy);
        n_complete += raw.complete;
        free(copy);
    }
    assert_int_equal(n_complete, 4); /* from the empty line's last byte on */
}

static void a_media_type_is_told_from_its_parameters(void **state)
{
    static const char *const same[] = {"text/plain", "Text/Plain;charset=utf-8", "text/plain ; x",
                                       "text/plain\t"};
    static const char *const others[] = {"", "text", "text/plainer", "text/plain+xml", ";"};
    struct pl value = {NULL, 0};

    (void)state;
    assert_false(raw_type_is(&value, "text/plain"));
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        pl_set_str(&value, same[i]);
        assert_true(raw_type_is(&value, "text/plain"));
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        pl_set_str(&value, others[i]);
        assert_false(raw_type_is(&value, "text/plain"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_taken_apart),
        cmocka_unit_test(a_media_type_is_told_from_its_parameters),
        cmocka_unit_test(a_response_is_told_from_a_request),
        cmocka_unit_test(folded_lines_belong_to_the_header_above),
        cmocka_unit_test(a_body_that_begins_with_a_blank_is_no_folding),
        cmocka_unit_test(short_names_are_read_and_noticed),
        cmocka_unit_test(names_are_read_in_any_case_and_with_blanks),
        cmocka_unit_test(repeated_headers_are_counted),
        cmocka_unit_test(vias_are_kept_in_order_however_they_are_written),
        cmocka_unit_test(more_vias_than_hops_leave_nothing_to_answer),
        cmocka_unit_test(without_its_empty_line_a_message_is_incomplete),
        cmocka_unit_test(bare_line_feeds_end_lines_too),
        cmocka_unit_test(nuls_are_bytes_like_others_in_values_and_none_in_methods),
        cmocka_unit_test(content_lengths_that_differ_are_noticed),
        cmocka_unit_test(a_bad_content_length_stands_as_it_came),
        cmocka_unit_test(what_is_no_sip_is_refused),
        cmocka_unit_test(another_version_is_still_a_request),
        cmocka_unit_test(lines_without_a_colon_are_passed_over),
        cmocka_unit_test(parameters_are_read_behind_the_brackets),
        cmocka_unit_test(sent_by_is_read_with_blanks_anywhere),
        cmocka_unit_test(every_prefix_of_a_message_is_read_within_its_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
