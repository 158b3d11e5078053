/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests within a call, both ways: hold, re-INVITE, INFO, NOTIFY, BYE (sip-behaviour.md 4.3, 5.5,
 * 6.2). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/sip/call_priv.h"
#include "tests/support/call_steps.h"

/* ---- hold and resume (5.5) */

static void hold_offers_sendonly_and_no_address(void **state)
{
    struct callrig *c = *state;

    up(c, true);
    const char *invite = hold(c);
    assert_non_null(strstr(invite, "\r\na=sendonly\r\n"));
    assert_non_null(strstr(invite, "\r\nc=IN IP4 0.0.0.0\r\n"));
    assert_string_equal(callrig_header(invite, "Expires"), "Expires: 30");
    assert_non_null(strstr(callrig_header(invite, "To"), ";tag=" CALLRIG_TAG));
    callrig_reply(c, invite, "200 OK", NULL, NULL, callrig_sdp("a=recvonly\r\n"));
    expect(c, "ACK ");
    assert_non_null(callrig_heard(c, UA_CALL_EV_SESSION));
    assert_true(info_of(c).holding);
    assert_false(info_of(c).held);
    assert_int_equal(ua_call_hold(c->call, false), 0);
    invite = expect(c, "INVITE ");
    assert_non_null(strstr(invite, "\r\na=sendrecv\r\n"));
    assert_null(strstr(invite, "0.0.0.0"));
    callrig_reply(c, invite, "200 OK", NULL, NULL, callrig_sdp(""));
    expect(c, "ACK ");
    assert_false(info_of(c).holding);
}

static void hold_keeps_the_address_without_rfc_2543(void **state)
{
    struct callrig *c = *state;

    c->cfg.session.hold_2543 = false;
    up(c, false);
    const char *invite = hold(c);
    assert_non_null(strstr(invite, "\r\na=sendonly\r\n"));
    assert_null(strstr(invite, "0.0.0.0"));
}

static void wishes_during_a_reinvite_wait_for_its_end(void **state)
{
    struct callrig *c = *state;

    up(c, true);
    const char *invite = hold(c);
    assert_int_equal(ua_call_hold(c->call, false), 0);
    assert_true(callrig_quiet(c, 100));
    callrig_reply(c, invite, "200 OK", NULL, NULL, callrig_sdp("a=recvonly\r\n"));
    expect(c, "ACK ");
    assert_non_null(strstr(expect(c, "INVITE "), "a=sendrecv"));
}

static void the_peer_holds_in_either_style(void **state)
{
    struct callrig *c = *state;
    static const struct {
        const char *sdp, *dir;
        bool held;
    } rows[] = {
        {"a=sendonly\r\n", "a=recvonly", true}, {"a=sendrecv\r\n", "a=sendrecv", false},
        {"a=inactive\r\n", "a=inactive", true}, {"", "a=sendrecv", false},
        {"c=IN IP4 0.0.0.0\r\n", "a=", true},   {"a=sendrecv\r\n", "a=sendrecv", false},
    };

    up(c, false);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        callrig_request(c, "INVITE", NULL, callrig_sdp(rows[i].sdp));
        const char *ok = expect(c, "SIP/2.0 200");
        assert_non_null(strstr(ok, rows[i].dir));
        callrig_request(c, "ACK", NULL, NULL);
        assert_non_null(callrig_heard(c, UA_CALL_EV_SESSION));
        assert_int_equal(info_of(c).held, rows[i].held);
    }
}

static void hold_without_a_call_is_refused(void **state)
{
    struct callrig *c = *state;

    assert_int_equal(callrig_dial(c, NULL), 0);
    assert_int_equal(ua_call_hold(c->call, true), EPROTO);
    assert_int_equal(ua_call_digit(c->call, '1', 0), EPROTO);
    assert_int_equal(ua_call_refer(c->call, "<sip:1@h>", "<sip:2@h>"), EPROTO);
}

/* ---- a re-INVITE of ours that fails (5.5, 6.2) */

static void most_codes_keep_the_session(void **state)
{
    struct callrig *c = *state;
    static const char *const status[] = {
        "488 Not Acceptable Here",          "302 Moved Temporarily",   "404 Not Found",
        "500 Server Internal Error",        "503 Service Unavailable", "606 Not Acceptable",
        "407 Proxy Authentication Required"};

    up(c, true);
    for (size_t i = 0; i < sizeof(status) / sizeof(status[0]); i++) {
        const char *invite = hold(c);
        callrig_reply(c, invite, status[i], NULL, NULL, NULL);
        expect(c, "ACK ");
        const struct callrig_news *n = callrig_heard(c, UA_CALL_EV_SESSION);
        assert_non_null(n);
        assert_int_equal(n->scode, strtoul(status[i], NULL, 10));
        assert_false(info_of(c).holding);
        assert_int_equal(info_of(c).state, UA_CALL_UP);
        assert_true(callrig_quiet(c, 50));
    }
}

static void a_408_or_481_ends_the_call(void **state)
{
    struct callrig *c = *state;
    static const struct {
        const char *status, *text;
        uint16_t scode;
    } rows[] = {
        {"481 Call/Transaction Does Not Exist", "Call Leg/Transaction Does Not Exist", 481},
        {"408 Request Timeout", "Request Timeout", 408},
    };

    for (size_t i = 0; i < 2; i++) {
        up(c, true);
        const char *invite = hold(c);
        callrig_reply(c, invite, rows[i].status, NULL, NULL, NULL);
        expect(c, "ACK ");
        callrig_reply(c, expect(c, "BYE "), "200 OK", NULL, NULL, NULL);
        over(c, rows[i].scode, rows[i].text);
    }
}

static void silence_ends_the_call(void **state)
{
    struct callrig *c = *state;

    up(c, true);
    hold(c);
    rig_run(&c->rig, 16100, 10);
    over(c, 408, "No Response");
    c->n_read = c->n_got - 1;
    expect(c, "BYE ");
}

static void a_100_alone_does_not_hold_for_ever(void **state)
{
    struct callrig *c = *state;

    up(c, true);
    const char *invite = hold(c);
    callrig_reply(c, invite, "100 Trying", NULL, NULL, NULL);
    assert_true(callrig_quiet(c, 29900));
    assert_non_null(callrig_await(c, "BYE ", 200));
    over(c, 408, "No Response");
}

static void glare_backs_off(struct callrig *c, bool outgoing, uint64_t min, uint64_t max)
{
    bool differs = false;
    uint64_t first = 0;

    up(c, outgoing);
    for (unsigned i = 0; i < 4; i++) {
        const char *invite = i ? NULL : hold(c);
        if (!invite)
            invite = c->got[c->n_read - 1];
        const uint64_t began = clock_ms(c->rig.lp);
        callrig_reply(c, invite, "491 Request Pending", NULL, NULL, NULL);
        expect(c, "ACK ");
        invite = callrig_await(c, "INVITE ", max + 20);
        assert_non_null(invite);
        const uint64_t waited = callrig_when(c) - began;
        assert_in_range(waited, min, max + 10);
        differs = differs || (i && waited != first);
        first = i ? first : waited;
    }
    assert_true(differs);
    callrig_reply(c, c->got[c->n_read - 1], "200 OK", NULL, NULL, callrig_sdp("a=recvonly\r\n"));
    expect(c, "ACK ");
    assert_true(info_of(c).holding);
}

static void the_owner_of_the_call_id_waits_2_to_4_s_after_491(void **state)
{
    glare_backs_off(*state, true, 2100, 4000);
}

static void the_other_one_waits_up_to_2_s_after_491(void **state)
{
    glare_backs_off(*state, false, 0, 2000);
}

static void glare_without_end_keeps_the_session(void **state)
{
    struct callrig *c = *state;

    up(c, false);
    const char *invite = hold(c);
    for (unsigned n = 0; invite && n < 20; n++) {
        callrig_reply(c, invite, "491 Request Pending", NULL, NULL, NULL);
        expect(c, "ACK ");
        rig_run(&c->rig, 1, 1);
        invite = c->n_news > c->n_heard ? NULL : callrig_await(c, "INVITE ", 2100);
    }
    const struct callrig_news *n = callrig_heard(c, UA_CALL_EV_SESSION);
    assert_non_null(n);
    assert_int_equal(n->scode, 491);
    assert_true(callrig_quiet(c, 5000));
}

static void retry_after_is_waited_for(void **state)
{
    struct callrig *c = *state;
    static const char *const status[] = {"500 Server Internal Error", "503 Service Unavailable"};

    up(c, true);
    for (size_t i = 0; i < 2; i++) {
        const char *invite = hold(c);
        const uint64_t began = clock_ms(c->rig.lp);
        callrig_reply(c, invite, status[i], NULL, "Retry-After: 7\r\n", NULL);
        expect(c, "ACK ");
        invite = callrig_await(c, "INVITE ", 7100);
        assert_non_null(invite);
        assert_in_range(callrig_when(c) - began, 7000, 7020);
        callrig_reply(c, invite, "488 Not Acceptable Here", NULL, NULL, NULL);
        expect(c, "ACK ");
        assert_non_null(callrig_heard(c, UA_CALL_EV_SESSION));
    }
}

static void a_challenged_reinvite_is_sent_with_credentials(void **state)
{
    struct callrig *c = *state;

    up(c, true);
    const char *invite = hold(c);
    callrig_reply(c, invite, "407 Proxy Authentication Required", NULL,
                  "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n", NULL);
    expect(c, "ACK ");
    invite = expect(c, "INVITE ");
    assert_non_null(strstr(invite, "\r\nProxy-Authorization: Digest"));
    assert_non_null(strstr(callrig_header(invite, "To"), ";tag=" CALLRIG_TAG));
    callrig_reply(c, invite, "200 OK", NULL, NULL, callrig_sdp("a=recvonly\r\n"));
    const char *ack = expect(c, "ACK ");
    assert_non_null(strstr(ack, "\r\nProxy-Authorization: Digest"));
}

static void hanging_up_during_a_reinvite_ends_the_call(void **state)
{
    struct callrig *c = *state;

    up(c, true);
    const char *invite = hold(c);
    ua_call_hang_up(c->call);
    callrig_reply(c, expect(c, "BYE "), "200 OK", NULL, NULL, NULL);
    callrig_reply(c, invite, "200 OK", NULL, NULL, callrig_sdp("a=recvonly\r\n"));
    expect(c, "ACK ");
    assert_true(callrig_quiet(c, 20000));
    assert_null(c->rig.line->calls);
}

/* ---- a re-INVITE of the peer */

static void a_reinvite_without_sdp_gets_a_full_offer(void **state)
{
    struct callrig *c = *state;

    up(c, true);
    callrig_request(c, "INVITE", NULL, NULL);
    const char *ok = expect(c, "SIP/2.0 200");
    assert_non_null(strstr(ok, " RTP/AVP 0 8 101"));
    callrig_request(c, "ACK", NULL, callrig_sdp("a=sendonly\r\n"));
    assert_non_null(callrig_heard(c, UA_CALL_EV_SESSION));
    assert_true(info_of(c).held);
}

static void while_its_offer_is_open_others_meet_491(void **state)
{
    struct callrig *c = *state;

    up(c, false);
    callrig_request(c, "INVITE", NULL, NULL);
    const unsigned cseq = c->cseq;
    expect(c, "SIP/2.0 200");
    callrig_request(c, "INVITE", NULL, callrig_sdp(""));
    expect(c, "SIP/2.0 491");
    callrig_ack_in_transaction(c);
    callrig_request(c, "UPDATE", NULL, callrig_sdp(""));
    expect(c, "SIP/2.0 491");
    callrig_request(c, "UPDATE", NULL, NULL);
    expect(c, "SIP/2.0 200");
    callrig_request_cseq(c, "ACK", cseq, NULL, callrig_sdp(""));
    assert_true(callrig_quiet(c, 20000));
    assert_int_equal(info_of(c).state, UA_CALL_UP);
}

static void a_reinvite_that_meets_ours_is_491(void **state)
{
    struct callrig *c = *state;

    up(c, true);
    hold(c);
    callrig_request(c, "INVITE", NULL, callrig_sdp(""));
    expect(c, "SIP/2.0 491");
}

static void an_offer_nobody_can_take_is_488_and_changes_nothing(void **state)
{
    struct callrig *c = *state;
    static const char gsm[] =
        "v=0\r\no=- 2 2 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        "m=audio 4000 RTP/AVP 3\r\na=sendonly\r\n";

    up(c, true);
    callrig_request(c, "INVITE", NULL, gsm);
    expect(c, "SIP/2.0 488");
    callrig_ack_in_transaction(c);
    callrig_request(c, "UPDATE", NULL, gsm);
    expect(c, "SIP/2.0 488");
    callrig_request(c, "INVITE", "Content-Type: text/plain\r\n", "x");
    expect(c, "SIP/2.0 415");
    callrig_ack_in_transaction(c);
    callrig_request(c, "UPDATE", "Content-Type: text/plain\r\n", "x");
    expect(c, "SIP/2.0 415");
    assert_false(info_of(c).held);
    assert_int_equal(c->n_heard, c->n_news);
}

static void a_lower_cseq_is_put_off(void **state)
{
    struct callrig *c = *state;
    static const char *const methods[] = {"INVITE", "UPDATE", "INFO", "BYE"};

    up(c, false);
    callrig_request(c, "UPDATE", NULL, NULL);
    expect(c, "SIP/2.0 200");
    for (size_t i = 0; i < 4; i++) {
        callrig_request_cseq(c, methods[i], 0, NULL, NULL);
        put_off_for(expect(c, "SIP/2.0 500"));
        if (i == 0)
            callrig_ack_in_transaction(c);
    }
    assert_int_equal(info_of(c).state, UA_CALL_UP);
}

static void an_unchanged_offer_gets_the_unchanged_answer(void **state)
{
    struct callrig *c = *state;
    char first[300];

    up(c, false);
    for (unsigned i = 0; i < 3; i++) {
        callrig_request(c, i == 1 ? "UPDATE" : "INVITE", NULL, callrig_sdp(""));
        const char *ok = expect(c, "SIP/2.0 200"), *o = strstr(ok, "\r\no=");
        assert_non_null(o);
        if (i == 0)
            snprintf(first, sizeof(first), "%.*s", (int)strcspn(o + 2, "\r"), o + 2);
        assert_int_equal(strncmp(o + 2, first, strlen(first)), 0);
        if (i != 1)
            callrig_request(c, "ACK", NULL, NULL);
    }
}

static void a_changed_answer_has_the_next_version(void **state)
{
    struct callrig *c = *state;
    unsigned long id[2], version[2];

    up(c, false);
    for (unsigned i = 0; i < 2; i++) {
        callrig_request(c, "UPDATE", NULL, callrig_sdp(i ? "a=sendonly\r\n" : ""));
        const char *o = strstr(expect(c, "SIP/2.0 200"), "\r\no=- ");
        assert_int_equal(sscanf(o, "\r\no=- %lu %lu", &id[i], &version[i]), 2);
    }
    assert_int_equal(id[0], version[0]);
    assert_int_equal(id[1], id[0]);
    assert_int_equal(version[1], version[0] + 1);
}

static void a_reinvite_nobody_acknowledges_ends_the_call(void **state)
{
    struct callrig *c = *state;

    up(c, false);
    callrig_request(c, "INVITE", NULL, callrig_sdp(""));
    expect(c, "SIP/2.0 200");
    assert_non_null(callrig_heard(c, UA_CALL_EV_SESSION));
    for (unsigned i = 0; i < 20; i++) {
        c->n_read = c->n_got;
        rig_run(&c->rig, 1000, 10);
        if (c->n_news > c->n_heard)
            break;
    }
    over(c, 408, "No Response");
}

/* ---- INFO, NOTIFY */

static void digits_come_and_go_by_info(void **state)
{
    struct callrig *c = *state;

    c->cfg.dtmf_info = true;
    up(c, true);
    callrig_request(c, "INFO", "Content-Type: application/dtmf-relay\r\n",
                    "Signal=5\r\nDuration=160\r\n");
    expect(c, "SIP/2.0 200");
    const struct callrig_news *n = callrig_heard(c, UA_CALL_EV_DIGIT);
    assert_non_null(n);
    assert_int_equal(n->digit, '5');
    assert_int_equal(ua_call_digit(c->call, '#', 200), 0);
    const char *info = expect(c, "INFO ");
    assert_string_equal(callrig_header(info, "Content-Type"),
                        "Content-Type: application/dtmf-relay");
    assert_non_null(strstr(info, "\r\n\r\nSignal=#\r\nDuration=200"));
    assert_int_equal(ua_call_digit(c->call, 'x', 0), EINVAL);
}

static void info_is_known_by_its_type(void **state)
{
    struct callrig *c = *state;

    up(c, true);
    callrig_request(c, "INFO", NULL, NULL);
    expect(c, "SIP/2.0 200");
    callrig_request(c, "INFO", "Content-Type: application/hook-flash\r\n", "x");
    expect(c, "SIP/2.0 200");
    callrig_request(c, "INFO", "Content-Type: application/dtmf-relay\r\n", "Signal=\r\n");
    expect(c, "SIP/2.0 400");
    callrig_request(c, "INFO", "Content-Type: text/plain\r\n", "x");
    expect(c, "SIP/2.0 415");
    assert_int_equal(ua_call_digit(c->call, '1', 0), ENOTSUP);
}

static void a_hook_flash_is_told_by_its_type(void **state)
{
    struct callrig *c = *state;

    up(c, true);
    assert_int_equal(ua_call_flash(c->call), 0);
    const char *info = expect(c, "INFO ");
    assert_string_equal(callrig_header(info, "Content-Type"),
                        "Content-Type: application/hook-flash");
}

static void packages_of_remote_control_are_told(void **state)
{
    struct callrig *c = *state;

    up(c, false);
    callrig_request(c, "NOTIFY", "Event: talk;x=y\r\n", NULL);
    expect(c, "SIP/2.0 200");
    assert_string_equal(callrig_heard(c, UA_CALL_EV_PACKAGE)->text, "talk");
    callrig_request(c, "NOTIFY", "Event: conference\r\n", NULL);
    const char *r = expect(c, "SIP/2.0 489");
    assert_string_equal(callrig_header(r, "Allow-Events"),
                        "Allow-Events: talk, hold, message-summary");
    callrig_request(c, "NOTIFY", NULL, NULL);
    expect(c, "SIP/2.0 400");
}

static void what_a_phone_has_not_got_is_refused(void **state)
{
    struct callrig *c = *state;

    up(c, false);
    callrig_request(c, "PRACK", "RAck: 1 1 INVITE\r\n", NULL);
    expect(c, "SIP/2.0 405");
    callrig_request(c, "MESSAGE", NULL, NULL);
    expect(c, "SIP/2.0 405");
    callrig_request(c, "SING", NULL, NULL);
    expect(c, "SIP/2.0 501");
    callrig_request(c, "OPTIONS", NULL, NULL);
    expect(c, "SIP/2.0 200");
    assert_int_equal(info_of(c).state, UA_CALL_UP);
}

/* ---- BYE */

static void every_answer_to_bye_ends_the_call(void **state)
{
    struct callrig *c = *state;

    for (uint16_t scode = 300; scode <= 606; scode = (uint16_t)(scode + (scode == 300 ? 100 : 1))) {
        char status[40];
        if (scode == 401 || scode == 407)
            continue;
        snprintf(status, sizeof(status), "%u Whatever", scode);
        if (c->n_got > CALLRIG_LOG - 10) { /* a fresh line */
            callrig_close(c);
            assert_int_equal(callrig_open(c), 0);
            assert_int_equal(callrig_line(c), 0);
        }
        up(c, true);
        ua_call_hang_up(c->call);
        callrig_reply(c, expect(c, "BYE "), status, NULL, "Retry-After: 1\r\n", NULL);
        assert_true(callrig_quiet(c, 20));
        assert_null(c->rig.line->calls);
    }
}

static void a_challenged_bye_is_sent_again_max_auth_times(void **state)
{
    struct callrig *c = *state;

    up(c, true);
    ua_call_hang_up(c->call);
    const char *bye = expect(c, "BYE ");
    for (unsigned i = 0; i < 2; i++) {
        callrig_reply(c, bye, "401 Unauthorized", NULL,
                      "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n", NULL);
        bye = expect(c, "BYE ");
        assert_non_null(strstr(bye, "\r\nAuthorization: "));
    }
    callrig_reply(c, bye, "401 Unauthorized", NULL,
                  "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n", NULL);
    assert_true(callrig_quiet(c, 20000));
    assert_null(c->rig.line->calls);
}

static void byes_that_cross_are_both_answered(void **state)
{
    struct callrig *c = *state;

    up(c, true);
    ua_call_hang_up(c->call);
    const char *bye = expect(c, "BYE ");
    callrig_request(c, "BYE", NULL, NULL);
    expect(c, "SIP/2.0 200");
    callrig_reply(c, bye, "481 Call/Transaction Does Not Exist", NULL, NULL, NULL);
    assert_null(c->rig.line->calls);
}

static void a_bye_nobody_answers_is_given_up_after_timer_f(void **state)
{
    struct callrig *c = *state;

    up(c, true);
    ua_call_hang_up(c->call);
    c->deaf = true;
    rig_run(&c->rig, 15000, 100);
    assert_non_null(c->rig.line->calls);
    rig_run(&c->rig, 1500, 100);
    assert_null(c->rig.line->calls);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, calls_line_setup, calls_teardown)
    const struct CMUnitTest tests[] = {
        T(hold_offers_sendonly_and_no_address),
        T(hold_keeps_the_address_without_rfc_2543),
        T(wishes_during_a_reinvite_wait_for_its_end),
        T(the_peer_holds_in_either_style),
        T(hold_without_a_call_is_refused),
        T(most_codes_keep_the_session),
        T(a_408_or_481_ends_the_call),
        T(silence_ends_the_call),
        T(a_100_alone_does_not_hold_for_ever),
        T(the_owner_of_the_call_id_waits_2_to_4_s_after_491),
        T(the_other_one_waits_up_to_2_s_after_491),
        T(glare_without_end_keeps_the_session),
        T(retry_after_is_waited_for),
        T(a_challenged_reinvite_is_sent_with_credentials),
        T(hanging_up_during_a_reinvite_ends_the_call),
        T(a_reinvite_without_sdp_gets_a_full_offer),
        T(while_its_offer_is_open_others_meet_491),
        T(a_reinvite_that_meets_ours_is_491),
        T(an_offer_nobody_can_take_is_488_and_changes_nothing),
        T(a_lower_cseq_is_put_off),
        T(an_unchanged_offer_gets_the_unchanged_answer),
        T(a_changed_answer_has_the_next_version),
        T(a_reinvite_nobody_acknowledges_ends_the_call),
        T(digits_come_and_go_by_info),
        T(info_is_known_by_its_type),
        T(a_hook_flash_is_told_by_its_type),
        T(packages_of_remote_control_are_told),
        T(what_a_phone_has_not_got_is_refused),
        T(every_answer_to_bye_ends_the_call),
        T(a_challenged_bye_is_sent_again_max_auth_times),
        T(byes_that_cross_are_both_answered),
        T(a_bye_nobody_answers_is_given_up_after_timer_f),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
