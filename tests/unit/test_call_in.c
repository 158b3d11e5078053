/* SPDX-License-Identifier: BSD-3-Clause */
/* INVITE as it reaches the phone, and its answers (sip-behaviour.md 5.3, 5.4; RFC 3261 13.3, 3262,
 * 3891). */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/sip/call_priv.h"
#include "tests/support/call_steps.h"

static void invite(struct callrig *c, const char *extra)
{
    callrig_invite(c, extra, callrig_sdp(""));
    assert_non_null(callrig_next(c, "SIP/2.0 100"));
}

static const char *ring(struct callrig *c)
{
    ua_call_ring(c->call);
    const char *r = callrig_next(c, "SIP/2.0 180");
    assert_non_null(r);
    callrig_learn(c, r);
    return r;
}

/* Over, whatever was heard before. */
static void over_at_last(struct callrig *c, uint16_t scode, const char *text)
{
    while (c->n_heard + 1 < c->n_news)
        c->n_heard++;
    over(c, scode, text);
}

/* ---- the way it should go */

static void an_invite_gets_100_then_180_then_200(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    invite(c, NULL);
    assert_string_equal(callrig_header(c->got[0], "To") + 4, c->remote); /* no tag in 100 */
    const char *ringing = ring(c);
    assert_non_null(strstr(callrig_header(ringing, "To"), ";tag="));
    assert_int_equal(strncmp(strstr(ringing, "\r\n") + 2, "To: ", 4), 0); /* 9.3 */
    assert_string_equal(callrig_header(ringing, "Content-Length"), "Content-Length: 0");
    assert_non_null(strstr(callrig_header(ringing, "Contact"), "<sip:1001@127.0.0.1:"));
    const char *ok = answer(c);
    assert_string_equal(callrig_header(ok, "To"), callrig_header(ringing, "To"));
    assert_string_equal(callrig_header(ok, "Content-Type"), "Content-Type: application/sdp");
    assert_non_null(strstr(ok, "m=audio"));
    callrig_request(c, "ACK", NULL, NULL);
    assert_true(callrig_quiet(c, 20000));
    assert_int_equal(info_of(c).state, UA_CALL_UP);
    callrig_request(c, "BYE", NULL, NULL);
    assert_non_null(callrig_next(c, "SIP/2.0 200"));
    over_at_last(c, 0, "");
    assert_null(c->rig.line->calls);
}

static void a_200_is_sent_again_until_its_ack(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    invite(c, NULL);
    answer(c);
    const uint64_t sent = callrig_when(c);
    assert_non_null(callrig_await(c, "SIP/2.0 200", 600));
    assert_in_range(callrig_when(c) - sent, 498, 510);
    assert_non_null(callrig_await(c, "SIP/2.0 200", 1100));
    assert_in_range(callrig_when(c) - sent, 1496, 1520);
    callrig_request(c, "ACK", NULL, NULL);
    assert_true(callrig_quiet(c, 20000));
}

static void without_an_ack_the_call_ends_after_timer_h(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    invite(c, NULL);
    answer(c);
    for (unsigned n = 0; n < 12 && c->n_news < 2; n++) {
        c->n_read = c->n_got;
        rig_run(&c->rig, 1500, 10);
    }
    over_at_last(c, 408, "No Response");
    c->n_read = c->n_got - 1;
    assert_non_null(callrig_next(c, "BYE "));
}

static void bye_waits_for_the_ack(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    invite(c, NULL);
    answer(c);
    ua_call_hang_up(c->call);
    assert_true(callrig_quiet(c, 100));
    callrig_request(c, "ACK", NULL, NULL);
    assert_non_null(callrig_next(c, "BYE "));
}

static void an_ack_with_the_branch_of_its_invite_counts(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    invite(c, NULL);
    answer(c);
    callrig_ack_in_transaction(c);
    assert_true(callrig_quiet(c, 20000)); /* Timer I has run out, too */
    assert_int_equal(info_of(c).state, UA_CALL_UP);
    ua_call_hang_up(c->call);
    assert_non_null(callrig_next(c, "BYE "));
}

static void an_ack_counts_though_other_requests_came_in_between(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    invite(c, NULL);
    const unsigned cseq = c->cseq;
    ring(c);
    callrig_request(c, "UPDATE", NULL, NULL);
    assert_non_null(callrig_next(c, "SIP/2.0 200"));
    answer(c);
    callrig_request_cseq(c, "ACK", cseq, NULL, NULL);
    assert_true(callrig_quiet(c, 20000));
    assert_int_equal(info_of(c).state, UA_CALL_UP);
}

static void an_invite_without_sdp_is_answered_with_an_offer(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    callrig_invite(c, NULL, NULL);
    assert_non_null(callrig_next(c, "SIP/2.0 100"));
    const char *ok = answer(c);
    assert_non_null(strstr(ok, "m=audio"));
    assert_non_null(strstr(ok, " RTP/AVP 0 8 101"));
    callrig_request(c, "ACK", NULL, callrig_sdp(""));
    assert_int_equal(info_of(c).codec, CODEC_PCMU);
    assert_non_null(callrig_heard(c, UA_CALL_EV_UP));
    assert_non_null(callrig_heard(c, UA_CALL_EV_SESSION));
}

static void an_ack_without_the_answer_it_owes_ends_the_call(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    callrig_invite(c, NULL, NULL);
    assert_non_null(callrig_next(c, "SIP/2.0 100"));
    answer(c);
    callrig_request(c, "ACK", NULL, NULL);
    assert_non_null(callrig_next(c, "BYE "));
    over_at_last(c, 488, "Not Acceptable Here");
}

static void compact_names_are_understood_and_answered_alike(void **state)
{
    struct callrig *c = *state;
    char text[1500];
    const char *sdp = callrig_sdp("");

    open_line(c);
    snprintf(text, sizeof(text),
             "INVITE sip:1001@127.0.0.1:%u SIP/2.0\r\nv: SIP/2.0/UDP %s;branch=z9hG4bKc1\r\n"
             "f: \"Ann\" <sip:1002@h>;tag=peer\r\nt: <sip:1001@h>\r\ni: c1@h\r\nCSeq: 7 INVITE\r\n"
             "m: <sip:1002@%s>\r\nk: 100rel\r\nc: application/sdp\r\nl: %zu\r\n\r\n%s",
             c->rig.cfg.port, c->rig.proxy, c->rig.proxy, strlen(sdp), sdp);
    callrig_send(c, text);
    const char *trying = callrig_next(c, "SIP/2.0 100");
    assert_non_null(trying);
    assert_non_null(strstr(trying, "\r\nv: "));
    assert_non_null(strstr(trying, "\r\ni: c1@h"));
    assert_int_equal(ua_call_answer(c->call), 0);
    const char *ok = callrig_next(c, "SIP/2.0 200");
    assert_non_null(strstr(ok, "\r\nc: application/sdp"));
    assert_string_equal(info_of(c).peer.name, "Ann");
}

static void the_caller_is_named_in_the_order_of_caller_id_header(void **state)
{
    struct callrig *c = *state;
    static const struct {
        const char *order, *name;
    } rows[] = {
        {"PAID-RPID-FROM", "P"},  {"PAID-FROM", "P"}, {"RPID-PAID-FROM", "R"},
        {"RPID-FROM", "R"},       {"FROM", "Ann"},    {"P-ASSERTED-IDENTITY", "P"},
        {"REMOTE-PARTY-ID", "R"}, {"", "Ann"},        {"nonsense", "Ann"},
    };

    open_line(c);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        snprintf(c->cfg.caller_id, sizeof(c->cfg.caller_id), "%s", rows[i].order);
        invite(c, "Remote-Party-ID: \"R\" <sip:r@h>;party=calling\r\n"
                  "P-Asserted-Identity: \"P\" <sip:p@h>\r\n");
        assert_string_equal(info_of(c).peer.name, rows[i].name);
        c->call = ua_call_release(c->call);
        assert_non_null(callrig_next(c, "SIP/2.0 486"));
        callrig_request(c, "ACK", NULL, NULL);
    }
}

/* ---- it does not come to a call */

static void what_nobody_takes_is_unavailable(void **state)
{
    struct callrig *c = *state;

    c->leave = true;
    open_line(c);
    invite(c, NULL);
    assert_non_null(callrig_next(c, "SIP/2.0 480"));
    assert_null(c->rig.line->calls);
}

static void a_refusal_is_sent_until_it_is_acknowledged(void **state)
{
    struct callrig *c = *state;

    c->refuse = 486;
    open_line(c);
    invite(c, NULL);
    const char *busy = callrig_next(c, "SIP/2.0 486");
    assert_non_null(busy);
    callrig_learn(c, busy);
    assert_non_null(callrig_await(c, "SIP/2.0 486", 510));
    callrig_ack_in_transaction(c);
    assert_true(callrig_quiet(c, 20000));
}

static void an_unregistered_line_takes_no_calls(void **state)
{
    struct callrig *c = *state;

    c->rig.cfg.ans_without_reg = false;
    open_line(c);
    callrig_invite(c, NULL, callrig_sdp(""));
    assert_non_null(callrig_next(c, "SIP/2.0 480"));
    assert_int_equal(c->n_offers, 0);
}

static void auth_invite_asks_for_the_line_s_password(void **state)
{
    struct callrig *c = *state;

    c->rig.cfg.auth_invite = true;
    open_line(c);
    callrig_invite(c, NULL, callrig_sdp(""));
    const char *challenge = callrig_next(c, "SIP/2.0 401");
    assert_non_null(challenge);
    assert_non_null(strstr(callrig_header(challenge, "WWW-Authenticate"), "nonce="));
    assert_int_equal(c->n_offers, 0);
}

static void what_is_no_session_description_is_refused(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    callrig_invite(c, "Content-Type: text/plain\r\n", "hello");
    const char *r = callrig_next(c, "SIP/2.0 415");
    assert_string_equal(callrig_header(r, "Accept"), "Accept: application/sdp");
}

static void no_codec_in_common_is_488(void **state)
{
    struct callrig *c = *state;
    static const char *const bodies[] = {
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        "m=audio 4000 RTP/AVP 3\r\n",
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        "m=audio 4000 RTP/SAVP 0\r\n",
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        "m=video 4000 RTP/AVP 31\r\n",
        "not at all",
    };

    open_line(c);
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        callrig_invite(c, NULL, bodies[i]);
        assert_non_null(callrig_next(c, "SIP/2.0 100"));
        assert_non_null(callrig_next(c, "SIP/2.0 488"));
        assert_null(c->rig.line->calls);
    }
}

static void an_invite_without_contact_is_bad(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    callrig_invite(c, "Contact:\r\n", callrig_sdp(""));
    assert_non_null(callrig_next(c, "SIP/2.0 400"));
    assert_null(c->rig.line->calls);
}

static void a_required_100rel_is_unsupported_where_it_is_off(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    callrig_invite(c, "Require: 100rel, timer\r\n", callrig_sdp(""));
    const char *r = callrig_next(c, "SIP/2.0 420");
    assert_string_equal(callrig_header(r, "Unsupported"), "Unsupported: 100rel, timer");
}

/* ---- CANCEL, and the limit of ringing */

static void cancel_ends_the_ringing(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    invite(c, NULL);
    ring(c);
    snprintf(c->remote, sizeof(c->remote), "<sip:1001@%s>", c->rig.proxy);
    callrig_request(c, "CANCEL", NULL, NULL);
    assert_non_null(callrig_next(c, "SIP/2.0 200"));
    assert_non_null(callrig_next(c, "SIP/2.0 487"));
    over_at_last(c, 487, "Request Terminated");
    assert_int_equal(ua_call_answer(c->call), EPROTO);
}

static void cancel_behind_the_200_changes_nothing(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    invite(c, NULL);
    answer(c);
    callrig_request(c, "CANCEL", NULL, NULL);
    const char *ok = callrig_next(c, "SIP/2.0 200");
    assert_non_null(strstr(callrig_header(ok, "CSeq"), "CANCEL"));
    assert_int_equal(info_of(c).state, UA_CALL_UP);
}

static void a_cancel_of_nothing_is_481(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    invite(c, NULL);
    c->branch++;
    callrig_request(c, "CANCEL", NULL, NULL);
    assert_non_null(callrig_next(c, "SIP/2.0 481"));
    assert_int_equal(info_of(c).state, UA_CALL_RINGING);
}

static void ringing_ends_with_the_invite_s_expires(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    invite(c, "Expires: 7\r\n");
    ring(c);
    assert_true(callrig_quiet(c, 6900));
    assert_non_null(callrig_await(c, "SIP/2.0 480", 200));
    over_at_last(c, 480, "No Answer");
}

static void ringing_has_a_limit_of_its_own(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    invite(c, NULL);
    ring(c);
    assert_true(callrig_quiet(c, 179000));
    assert_non_null(callrig_await(c, "SIP/2.0 480", 1100));
}

static void a_bye_of_the_caller_ends_the_ringing(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    invite(c, NULL);
    ring(c);
    callrig_request(c, "BYE", NULL, NULL);
    const char *first = callrig_next(c, "SIP/2.0 "), *second = callrig_next(c, "SIP/2.0 ");
    assert_non_null(strstr(callrig_header(first, "CSeq"), "BYE"));
    assert_int_equal(strncmp(second, "SIP/2.0 487", 11), 0);
    over_at_last(c, 0, "");
}

static void a_second_invite_ahead_of_the_answer_is_put_off(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    invite(c, NULL);
    ring(c);
    callrig_request(c, "INVITE", NULL, callrig_sdp(""));
    const char *r = callrig_next(c, "SIP/2.0 500");
    assert_int_equal(strncmp(callrig_header(r, "Retry-After"), "Retry-After: ", 13), 0);
    assert_int_equal(info_of(c).state, UA_CALL_RINGING);
}

/* ---- reliable 18x (RFC 3262) */

static void rel_ring(struct callrig *c)
{
    c->rig.cfg.supported = "100rel, replaces";
    c->cfg.rel100 = true;
    open_line(c);
    invite(c, "Supported: timer, 100rel\r\n");
}

static void prack(struct callrig *c, const char *ringing, int add)
{
    char extra[100];

    snprintf(extra, sizeof(extra), "RAck: %lu %u INVITE\r\n",
             strtoul(callrig_header(ringing, "RSeq") + 6, NULL, 10) + (unsigned long)add, 1U);
    callrig_request(c, "PRACK", extra, NULL);
}

static void a_reliable_180_is_sent_until_its_prack(void **state)
{
    struct callrig *c = *state;

    rel_ring(c);
    const char *r = ring(c);
    assert_string_equal(callrig_header(r, "Require"), "Require: 100rel");
    assert_non_null(callrig_await(c, "SIP/2.0 180", 510));
    assert_non_null(callrig_await(c, "SIP/2.0 180", 1010));
    prack(c, r, 1);
    assert_non_null(callrig_next(c, "SIP/2.0 481"));
    prack(c, r, 0);
    assert_non_null(callrig_next(c, "SIP/2.0 200"));
    assert_true(callrig_quiet(c, 20000));
    prack(c, r, 0);
    assert_non_null(callrig_next(c, "SIP/2.0 481"));
    answer(c);
    callrig_request_cseq(c, "ACK", 1, NULL, NULL); /* its CSeq is the INVITE's, not PRACK's */
    assert_true(callrig_quiet(c, 20000));
    assert_int_equal(info_of(c).state, UA_CALL_UP);
}

static void a_prack_that_crosses_the_200_is_welcome(void **state)
{
    struct callrig *c = *state;

    rel_ring(c);
    const char *r = ring(c);
    answer(c);
    prack(c, r, 0);
    assert_non_null(callrig_next(c, "SIP/2.0 200"));
}

static void without_prack_the_call_is_refused(void **state)
{
    struct callrig *c = *state;

    rel_ring(c);
    ring(c);
    for (unsigned n = 0; n < 40 && c->n_news == 0; n++) {
        c->n_read = c->n_got;
        rig_run(&c->rig, 1000, 10);
    }
    over_at_last(c, 504, "Server Time-out");
    assert_non_null(callrig_next(c, "SIP/2.0 504"));
}

static void a_180_is_plain_for_who_knows_no_100rel(void **state)
{
    struct callrig *c = *state;

    c->cfg.rel100 = true;
    open_line(c);
    invite(c, NULL);
    assert_string_equal(callrig_header(ring(c), "RSeq"), "");
}

/* ---- Replaces, auto answer */

static void replaces_finds_its_call_or_is_481(void **state)
{
    struct callrig *c = *state;
    char line[300];
    const char *tag;

    open_line(c);
    invite(c, NULL);
    answer(c);
    callrig_request(c, "ACK", NULL, NULL);
    struct ua_call *first = mem_ref(c->call);
    tag = strstr(c->remote, ";tag=") + 5;
    snprintf(line, sizeof(line), "Replaces: %s;to-tag=%s;from-tag=" CALLRIG_TAG "\r\n", c->call_id,
             tag);
    c->leave = true;
    invite(c, line);
    assert_ptr_equal(c->offer.replaces, first);
    assert_non_null(callrig_next(c, "SIP/2.0 480"));
    mem_deref(first);
    callrig_invite(c, "Replaces: other;to-tag=a;from-tag=b\r\n", callrig_sdp(""));
    assert_non_null(callrig_next(c, "SIP/2.0 481"));
    assert_int_equal(c->n_offers, 2);
}

static void who_wants_an_answer_without_ringing_says_so(void **state)
{
    struct callrig *c = *state;
    static const struct {
        const char *lines;
        bool yes;
    } rows[] = {
        {"Call-Info: <sip:h>;answer-after=0\r\n", true},
        {"Call-Info: <sip:h>;answer-after=5\r\n", false},
        {"Alert-Info: <http://h>;info=alert-autoanswer\r\n", true},
        {"Alert-Info: Ring Answer\r\n", true},
        {"Alert-Info: Bellcore-dr2\r\n", false},
        {"", false},
    };

    open_line(c);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        invite(c, rows[i].lines);
        if (rows[i].yes != (*c->offer.auto_answer != '\0'))
            fail_msg("%s", rows[i].lines);
        c->call = ua_call_release(c->call);
        assert_non_null(callrig_next(c, "SIP/2.0 486"));
        callrig_request(c, "ACK", NULL, NULL);
    }
}

static void a_call_answered_as_it_comes_is_up(void **state)
{
    struct callrig *c = *state;

    c->answer_at_once = true;
    open_line(c);
    invite(c, NULL);
    const char *ok = callrig_next(c, "SIP/2.0 200");
    callrig_learn(c, ok);
    callrig_request(c, "ACK", NULL, NULL);
    assert_int_equal(info_of(c).state, UA_CALL_UP);
}

/* ---- odd senders */

static void headers_that_leave_no_room_for_an_answer_end_the_call(void **state)
{
    struct callrig *c = *state;
    enum { SIZE = 8000 };
    char *text = malloc(SIZE);
    int n;

    open_line(c);
    /* the answers with Record-Route and Contact do not fit, 100 does */
    n = snprintf(text, SIZE,
                 "INVITE sip:1001@127.0.0.1:%u SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bKl\r\n",
                 c->rig.cfg.port, c->rig.proxy);
    while (n < SIZE - 1000)
        n += snprintf(text + n, (size_t)(SIZE - n),
                      "Record-Route: <sip:a-rather-long-name-%d.example.com;lr>\r\n"
                      "Via: SIP/2.0/UDP h%d;branch=z9hG4bK%d\r\n",
                      n, n, n);
    snprintf(text + n, (size_t)(SIZE - n),
             "From: <sip:1002@h>;tag=p\r\nTo: <sip:1001@h>\r\nCall-ID: %0400d\r\nCSeq: 1 INVITE\r\n"
             "Contact: <sip:1002@%s>\r\nContent-Length: 0\r\n\r\n",
             1, c->rig.proxy);
    c->rig.cfg.station_name = NULL;
    callrig_send(c, text);
    if (c->call) {
        ua_call_ring(c->call);
        (void)ua_call_answer(c->call);
    }
    callrig_request(c, "CANCEL", NULL, NULL);
    rig_run(&c->rig, 40000, 100);
    c->call = ua_call_release(c->call);
    rig_run(&c->rig, 40000, 100);
    assert_null(c->rig.line->calls);
    free(text);
}

static void a_retransmitted_invite_is_the_same_call(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    invite(c, NULL);
    ring(c);
    c->branch--;
    c->cseq--;
    snprintf(c->remote, sizeof(c->remote), "<sip:1001@%s>", c->rig.proxy);
    callrig_request(c, "INVITE", NULL, callrig_sdp(""));
    assert_non_null(callrig_next(c, "SIP/2.0 180"));
    assert_int_equal(c->n_offers, 1);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, calls_setup, calls_teardown)
    const struct CMUnitTest tests[] = {
        T(an_invite_gets_100_then_180_then_200),
        T(a_200_is_sent_again_until_its_ack),
        T(without_an_ack_the_call_ends_after_timer_h),
        T(bye_waits_for_the_ack),
        T(an_ack_with_the_branch_of_its_invite_counts),
        T(an_ack_counts_though_other_requests_came_in_between),
        T(an_invite_without_sdp_is_answered_with_an_offer),
        T(an_ack_without_the_answer_it_owes_ends_the_call),
        T(compact_names_are_understood_and_answered_alike),
        T(the_caller_is_named_in_the_order_of_caller_id_header),
        T(what_nobody_takes_is_unavailable),
        T(a_refusal_is_sent_until_it_is_acknowledged),
        T(an_unregistered_line_takes_no_calls),
        T(auth_invite_asks_for_the_line_s_password),
        T(what_is_no_session_description_is_refused),
        T(no_codec_in_common_is_488),
        T(an_invite_without_contact_is_bad),
        T(a_required_100rel_is_unsupported_where_it_is_off),
        T(cancel_ends_the_ringing),
        T(cancel_behind_the_200_changes_nothing),
        T(a_cancel_of_nothing_is_481),
        T(ringing_ends_with_the_invite_s_expires),
        T(ringing_has_a_limit_of_its_own),
        T(a_bye_of_the_caller_ends_the_ringing),
        T(a_second_invite_ahead_of_the_answer_is_put_off),
        T(a_reliable_180_is_sent_until_its_prack),
        T(a_prack_that_crosses_the_200_is_welcome),
        T(without_prack_the_call_is_refused),
        T(a_180_is_plain_for_who_knows_no_100rel),
        T(replaces_finds_its_call_or_is_481),
        T(who_wants_an_answer_without_ringing_says_so),
        T(a_call_answered_as_it_comes_is_up),
        T(headers_that_leave_no_room_for_an_answer_end_the_call),
        T(a_retransmitted_invite_is_the_same_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
