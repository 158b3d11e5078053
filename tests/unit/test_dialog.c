/* SPDX-License-Identifier: BSD-3-Clause */
/* Dialogs: identifiers, order, target and route set (RFC 3261 12; sip-behaviour.md 9.2). */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "sim/base/rng.h"
#include "sim/sip/dialog.h"
#include "sim/sip/request.h"
#include "tests/support/alloc.h"
#include "tests/support/rig.h"

struct fixture {
    struct dialog d;
    struct ua_line_config c;
    struct rng rng;
    struct raw_message raw;
    char text[8192];
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    *state = f;
    f->c = rig_spa504g();
    rng_init(&f->rng, 1, 1);
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    dialog_reset(&f->d);
    free(f);
    return 0;
}

static const struct raw_message *request(struct fixture *f, const char *lines)
{
    snprintf(f->text, sizeof(f->text),
             "INVITE sip:1001@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n%s"
             "Content-Length: 0\r\n\r\n",
             lines);
    assert_true(raw_parse(&f->raw, f->text, strlen(f->text)));
    return &f->raw;
}

static struct sip_msg *response(const char *lines)
{
    char text[8192];
    struct sip_msg *msg = NULL;
    struct mbuf *mb = mbuf_alloc(sizeof(text));

    snprintf(text, sizeof(text),
             "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:1@h>;tag=me\r\n"
             "Call-ID: x\r\nCSeq: 101 INVITE\r\n%sContent-Length: 0\r\n\r\n",
             lines);
    mbuf_write_str(mb, text);
    mbuf_set_pos(mb, 0);
    assert_int_equal(sip_msg_decode(&msg, mb), 0);
    mem_deref(mb);
    return msg;
}

static void begin(struct fixture *f)
{
    assert_int_equal(dialog_begin(&f->d, &f->c, &f->rng, "\"A\" <sip:1@h>", "sip:2@192.0.2.1:5070"),
                     0);
}

static int take(struct fixture *f, const char *lines)
{
    struct sip_msg *msg = response(lines);
    const int err = dialog_take_response(&f->d, msg);

    mem_deref(msg);
    return err;
}

static struct request_params next(const struct fixture *f)
{
    struct request_params p = {.method = "BYE"};

    dialog_fill(&f->d, &p);
    return p;
}

static void our_own_begins_with_cseq_101_and_a_tag_of_the_line(void **state)
{
    struct fixture *f = *state;

    f->c.index = 2;
    begin(f);
    assert_int_equal(f->d.local_cseq, 100);
    assert_string_equal(f->d.local_tag + strlen(f->d.local_tag) - 2, "o2");
    const struct request_params p = next(f);
    assert_string_equal(p.uri, "sip:2@192.0.2.1:5070");
    assert_string_equal(p.to, "<sip:2@192.0.2.1:5070>");
    assert_non_null(strstr(p.from, "<sip:1@h>;tag="));
    assert_null(p.routes);
}

static void a_response_gives_tag_target_and_the_route_back_to_front(void **state)
{
    struct fixture *f = *state;
    struct sockaddr_in hop;

    begin(f);
    assert_int_equal(take(f, "To: <sip:2@192.0.2.1:5070>;tag=you\r\nContact: <sip:c@192.0.2.9>\r\n"
                             "Record-Route: <sip:a;lr>, \"b, c\" <sip:192.0.2.7:5090;lr>\r\n"
                             "Record-Route: <sip:192.0.2.8;lr>\r\n"),
                     0);
    const struct request_params p = next(f);
    assert_string_equal(p.uri, "sip:c@192.0.2.9");
    assert_string_equal(p.to, "<sip:2@192.0.2.1:5070>;tag=you");
    assert_string_equal(p.routes, "Route: <sip:192.0.2.8;lr>\r\nRoute: \"b, c\" "
                                  "<sip:192.0.2.7:5090;lr>\r\nRoute: <sip:a;lr>\r\n");
    assert_true(dialog_hop(&f->d, &hop));
    assert_int_equal(hop.sin_addr.s_addr, inet_addr("192.0.2.8"));
    assert_int_equal(ntohs(hop.sin_port), 5060);
}

static void a_strict_router_is_the_request_uri(void **state)
{
    struct fixture *f = *state;
    struct pl contact;
    struct sockaddr_in hop;

    begin(f);
    assert_int_equal(take(f, "To: <sip:2@h>;tag=you\r\nContact: <sip:c@192.0.2.9>\r\n"
                             "Record-Route: <sip:a;lr>\r\nRecord-Route: <sip:192.0.2.8>\r\n"),
                     0);
    struct request_params p = next(f);
    assert_string_equal(p.uri, "sip:192.0.2.8");
    assert_string_equal(p.routes, "Route: <sip:a;lr>\r\nRoute: <sip:c@192.0.2.9>\r\n");
    pl_set_str(&contact, "<sip:moved@192.0.2.10>");
    dialog_refresh(&f->d, &contact);
    p = next(f);
    assert_string_equal(p.uri, "sip:192.0.2.8");
    assert_string_equal(p.routes, "Route: <sip:a;lr>\r\nRoute: <sip:moved@192.0.2.10>\r\n");
    assert_true(dialog_hop(&f->d, &hop));
    assert_int_equal(hop.sin_addr.s_addr, inet_addr("192.0.2.8"));
}

static void another_fork_has_a_route_of_its_own(void **state)
{
    struct fixture *f = *state;

    begin(f);
    assert_int_equal(take(f, "To: <sip:2@h>;tag=a\r\nRecord-Route: <sip:192.0.2.8>\r\n"), 0);
    assert_int_equal(take(f, "To: <sip:2@h>;tag=b\r\n"), 0);
    assert_string_equal(f->d.remote_tag, "b");
    assert_null(next(f).routes);
}

static void a_contact_that_is_none_changes_no_target(void **state)
{
    struct fixture *f = *state;
    static const char *const spoilt[] = {"",    "*",        "<>", "<sip:>", "<sip:a b@h>",
                                         "\"x", "<sip:h\t>"};
    struct pl contact;

    begin(f);
    for (size_t i = 0; i < sizeof(spoilt) / sizeof(spoilt[0]); i++) {
        pl_set_str(&contact, spoilt[i]);
        dialog_refresh(&f->d, &contact);
        if (strcmp(f->d.target, "sip:2@192.0.2.1:5070") && strchr(f->d.target, ' '))
            fail_msg("%s: %s", spoilt[i], f->d.target);
    }
}

#define HEAD "From: \"Ann\" <sip:2@h>;tag=you\r\nTo: <sip:1001@h>\r\nCall-ID: abc\r\n"

static void theirs_is_found_by_call_id_and_both_tags(void **state)
{
    struct fixture *f = *state;
    char lines[400];

    assert_int_equal(dialog_accept(&f->d, &f->c, &f->rng,
                                   request(f, HEAD "CSeq: 7 INVITE\r\nContact: <sip:2@h>\r\n")),
                     0);
    assert_string_equal(f->d.local_tag + strlen(f->d.local_tag) - 2, "i0");
    static const struct {
        const char *call_id, *from, *to;
        bool yes;
    } rows[] = {
        {"abc", "you", NULL, true}, {"abd", "you", NULL, false},  {"abc", "yo", NULL, false},
        {"abc", "you", "x", false}, {"abc", "youu", NULL, false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        snprintf(lines, sizeof(lines),
                 "From: <sip:2@h>;tag=%s\r\nTo: <sip:1001@h>;tag=%s\r\nCall-ID: %s\r\n"
                 "CSeq: 8 BYE\r\n",
                 rows[i].from, rows[i].to ? rows[i].to : f->d.local_tag, rows[i].call_id);
        assert_int_equal(dialog_has(&f->d, request(f, lines)), rows[i].yes);
    }
    assert_false(dialog_has(&f->d, request(f, HEAD "CSeq: 8 BYE\r\n"))); /* no tag of ours */
}

static void an_rfc_2543_sender_has_no_tag(void **state)
{
    struct fixture *f = *state;
    char lines[300];

    assert_int_equal(
        dialog_accept(&f->d, &f->c, &f->rng,
                      request(f, "From: <sip:2@h>\r\nTo: <sip:1001@h>\r\nCall-ID: abc\r\n"
                                 "CSeq: 7 INVITE\r\nm: sip:2@h\r\n")),
        0);
    snprintf(lines, sizeof(lines),
             "From: <sip:2@h>\r\nTo: <sip:1001@h>;tag=%s\r\nCall-ID: abc\r\nCSeq: 8 BYE\r\n",
             f->d.local_tag);
    assert_true(dialog_has(&f->d, request(f, lines)));
    assert_string_equal(next(f).to, "<sip:2@h>");
}

static void the_order_of_theirs_only_grows(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(dialog_accept(&f->d, &f->c, &f->rng,
                                   request(f, HEAD "CSeq: 7 INVITE\r\nContact: <sip:2@h>\r\n")),
                     0);
    assert_true(dialog_order(&f->d, request(f, HEAD "CSeq: 7 INFO\r\n")));
    assert_true(dialog_order(&f->d, request(f, HEAD "CSeq: 4000000000 INFO\r\n")));
    assert_false(dialog_order(&f->d, request(f, HEAD "CSeq: 3999999999 INFO\r\n")));
    assert_false(dialog_order(&f->d, request(f, HEAD "CSeq: x INFO\r\n")));
    assert_true(dialog_order(&f->d, request(f, HEAD "CSeq: 4000000001 INFO\r\n")));
}

static void without_contact_there_is_no_dialog(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(dialog_accept(&f->d, &f->c, &f->rng, request(f, HEAD "CSeq: 7 INVITE\r\n")),
                     EBADMSG);
    assert_int_equal(dialog_accept(&f->d, &f->c, &f->rng,
                                   request(f, HEAD "CSeq: 7 INVITE\r\nContact: <sip:a b@h>\r\n")),
                     EBADMSG);
}

static void folded_addresses_become_one_line(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(
        dialog_accept(&f->d, &f->c, &f->rng,
                      request(f, "From: \"Ann\"\r\n <sip:2@h>\r\n\t;tag=you\r\nTo: <sip:1001@h>\r\n"
                                 "Call-ID: abc\r\nCSeq: 7 INVITE\r\nContact: <sip:2@h>\r\n")),
        0);
    assert_true(one_line(f->d.remote));
    assert_string_equal(f->d.remote_tag, "you");
}

static void a_folded_route_is_one_line(void **state)
{
    struct fixture *f = *state;

    begin(f);
    assert_int_equal(take(f, "To: <sip:2@h>;tag=you\r\nContact: <sip:c@192.0.2.9>\r\n"
                             "Record-Route: <sip:a;lr>\r\n ;x=y,\r\n\t<sip:192.0.2.8>\r\n ;z\r\n"),
                     0);
    const struct request_params p = next(f);
    assert_string_equal(p.uri, "sip:192.0.2.8");
    assert_string_equal(p.routes, "Route: <sip:a;lr>   ;x=y\r\nRoute: <sip:c@192.0.2.9>\r\n");
}

static void a_route_set_without_end_is_cut_at_a_whole_one(void **state)
{
    struct fixture *f = *state;
    char lines[7000];
    int n = snprintf(lines, sizeof(lines), HEAD "CSeq: 7 INVITE\r\nContact: <sip:2@h>\r\n");

    for (unsigned i = 0; i < 100; i++)
        n += snprintf(lines + n, sizeof(lines) - (size_t)n,
                      "Record-Route: <sip:%u-a-rather-long-name.example;lr>\r\n", i);
    assert_int_equal(dialog_accept(&f->d, &f->c, &f->rng, request(f, lines)), 0);
    const char *routes = next(f).routes;
    assert_in_range(strlen(routes), 3900, 4096);
    assert_string_equal(routes + strlen(routes) - 6, ";lr>\r\n");
}

static void hops_are_addresses_only(void **state)
{
    (void)state;
    struct sockaddr_in hop;
    struct pl uri;

    pl_set_str(&uri, "sip:x@192.0.2.3:5099;transport=udp");
    assert_true(uri_hop(&uri, &hop));
    assert_int_equal(ntohs(hop.sin_port), 5099);
    pl_set_str(&uri, "sip:x@pbx.example.com");
    assert_false(uri_hop(&uri, &hop));
    pl_set_str(&uri, "nothing");
    assert_false(uri_hop(&uri, &hop));
}

static int accept_handler(void *arg)
{
    struct fixture *f = arg;

    dialog_reset(&f->d);
    return dialog_accept(&f->d, &f->c, &f->rng, &f->raw);
}

static int begin_handler(void *arg)
{
    struct fixture *f = arg;

    dialog_reset(&f->d);
    return dialog_begin(&f->d, &f->c, &f->rng, "<sip:1@h>", "sip:2@h");
}

static void failing_memory_makes_no_half_dialog(void **state)
{
    struct fixture *f = *state;

    request(f, HEAD "CSeq: 7 INVITE\r\nContact: <sip:2@h>\r\n"
                    "Record-Route: <sip:b>\r\nRecord-Route: <sip:a;lr>\r\n");
    assert_true(alloc_sweep(accept_handler, f) > 5);
    assert_true(alloc_sweep(begin_handler, f) > 3);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(our_own_begins_with_cseq_101_and_a_tag_of_the_line),
        T(a_response_gives_tag_target_and_the_route_back_to_front),
        T(a_strict_router_is_the_request_uri),
        T(another_fork_has_a_route_of_its_own),
        T(a_contact_that_is_none_changes_no_target),
        T(theirs_is_found_by_call_id_and_both_tags),
        T(an_rfc_2543_sender_has_no_tag),
        T(the_order_of_theirs_only_grows),
        T(without_contact_there_is_no_dialog),
        T(folded_addresses_become_one_line),
        T(a_folded_route_is_one_line),
        T(a_route_set_without_end_is_cut_at_a_whole_one),
        T(hops_are_addresses_only),
        T(failing_memory_makes_no_half_dialog),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
