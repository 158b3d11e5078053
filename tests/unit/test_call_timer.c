/* SPDX-License-Identifier: BSD-3-Clause */
/* The session timer, where it is on (RFC 4028; sip-behaviour.md 4.3, 4.4, U-18). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/sip/call_priv.h"
#include "tests/support/call_steps.h"

#define ALLOW "Allow: INVITE, ACK, BYE, UPDATE\r\n"

static int setup(void **state)
{
    struct callrig *c = calloc(1, sizeof(*c));

    *state = c;
    if (callrig_open(c))
        return -1;
    c->rig.cfg.supported = "replaces, timer";
    c->cfg.session_timer_s = 1800;
    return callrig_line(c);
}

static const char *await(struct callrig *c, const char *start, uint64_t min_s, uint64_t max_s)
{
    const uint64_t began = clock_ms(c->rig.lp);

    while (c->n_read == c->n_got && clock_ms(c->rig.lp) - began < (max_s + 1) * 1000)
        rig_run(&c->rig, 100, 100);
    const char *message = expect(c, start);
    assert_in_range((callrig_when(c) - began + 500) / 1000, min_s, max_s);
    return message;
}

static void ends(struct callrig *c)
{
    const struct callrig_news *n = NULL;

    while (c->n_heard < c->n_news)
        n = &c->news[c->n_heard++];
    assert_non_null(n);
    assert_int_equal(n->ev, UA_CALL_EV_OVER);
}

/* An outgoing call that was answered with these lines. */
static const char *call_out(struct callrig *c, const char *lines)
{
    const char *invite = dial(c);
    callrig_reply(c, invite, "200 OK", CALLRIG_TAG, lines, callrig_sdp(""));
    expect(c, "ACK ");
    return invite;
}

/* An incoming one, its INVITE with these lines. Returns the 200. */
static const char *call_in(struct callrig *c, const char *lines)
{
    callrig_invite(c, lines, callrig_sdp(""));
    expect(c, "SIP/2.0 100");
    const char *ok = answer(c);
    callrig_request(c, "ACK", NULL, NULL);
    return ok;
}

static void an_invite_asks_for_the_interval(void **state)
{
    struct callrig *c = *state;
    const char *invite = call_out(c, NULL);

    assert_string_equal(callrig_header(invite, "Session-Expires"), "Session-Expires: 1800");
    assert_string_equal(callrig_header(invite, "Min-SE"), "");
    assert_string_equal(callrig_header(invite, "Supported"), "Supported: replaces, timer");
    /* the peer has none: nothing ends, nothing is refreshed */
    assert_true(callrig_quiet(c, 4000000));
}

static void the_refresher_sends_update_at_half_the_interval(void **state)
{
    struct callrig *c = *state;

    call_out(c, ALLOW "Session-Expires: 600;refresher=uac\r\n");
    for (unsigned i = 0; i < 3; i++) {
        const char *update = await(c, "UPDATE ", 300, 300);
        assert_string_equal(callrig_header(update, "Session-Expires"),
                            "Session-Expires: 1800;refresher=uac");
        assert_string_equal(callrig_header(update, "Content-Length"), "Content-Length: 0");
        callrig_reply(c, update, "200 OK", NULL, "Session-Expires: 600;refresher=uac\r\n", NULL);
    }
    assert_int_equal(c->n_news, 1);
}

static void without_update_it_sends_an_unchanged_reinvite(void **state)
{
    struct callrig *c = *state;
    const char *first = call_out(c, "Session-Expires: 600;refresher=uac\r\n");
    const char *again = await(c, "INVITE ", 300, 300);

    assert_string_equal(strstr(again, "\r\n\r\n"), strstr(first, "\r\n\r\n"));
    callrig_reply(c, again, "200 OK", NULL, "Session-Expires: 600;refresher=uac\r\n",
                  callrig_sdp(""));
    expect(c, "ACK ");
    await(c, "INVITE ", 300, 300);
}

static void a_405_to_update_leads_to_reinvite(void **state)
{
    struct callrig *c = *state;

    call_out(c, ALLOW "Session-Expires: 600;refresher=uac\r\n");
    callrig_reply(c, await(c, "UPDATE ", 300, 300), "405 Method Not Allowed", NULL, NULL, NULL);
    expect(c, "INVITE ");
}

static void an_unrefreshed_session_ends_ahead_of_its_time(void **state)
{
    struct callrig *c = *state;
    static const struct {
        unsigned interval, end;
    } rows[] = {{600, 568}, {90, 60}, {96, 64}};
    char lines[80];

    for (size_t i = 0; i < 3; i++) {
        snprintf(lines, sizeof(lines), "Session-Expires: %u;refresher=uas\r\n", rows[i].interval);
        call_out(c, lines);
        callrig_reply(c, await(c, "BYE ", rows[i].end, rows[i].end), "200 OK", NULL, NULL, NULL);
        ends(c);
    }
}

static void a_peer_that_refreshes_keeps_it(void **state)
{
    struct callrig *c = *state;

    call_out(c, "Session-Expires: 100;refresher=uas\r\n");
    for (unsigned i = 0; i < 4; i++) {
        assert_true(callrig_quiet(c, 50000));
        callrig_request(c, i % 2 ? "INVITE" : "UPDATE",
                        "Supported: timer\r\nSession-Expires: 100;refresher=uac\r\n",
                        i % 2 ? callrig_sdp("") : NULL);
        const char *ok = expect(c, "SIP/2.0 200");
        assert_string_equal(callrig_header(ok, "Session-Expires"),
                            "Session-Expires: 100;refresher=uac");
        assert_string_equal(callrig_header(ok, "Require"), "Require: timer");
        if (i % 2)
            callrig_request(c, "ACK", NULL, NULL);
    }
    await(c, "BYE ", 67, 68);
}

static void failed_refreshes_end_the_call_in_time(void **state)
{
    struct callrig *c = *state;

    call_out(c, ALLOW "Session-Expires: 600;refresher=uac\r\n");
    callrig_reply(c, await(c, "UPDATE ", 300, 300), "488 Not Acceptable Here", NULL, NULL, NULL);
    await(c, "BYE ", 268, 268);
    ends(c);
}

static void a_refresh_that_finds_no_dialog_ends_the_call(void **state)
{
    struct callrig *c = *state;

    call_out(c, ALLOW "Session-Expires: 600;refresher=uac\r\n");
    callrig_reply(c, await(c, "UPDATE ", 300, 300), "481 Gone", NULL, NULL, NULL);
    expect(c, "BYE ");
    ends(c);
}

static void an_update_that_meets_another_is_sent_again(void **state)
{
    struct callrig *c = *state;

    call_out(c, ALLOW "Session-Expires: 600;refresher=uac\r\n");
    callrig_reply(c, await(c, "UPDATE ", 300, 300), "491 Request Pending", NULL, NULL, NULL);
    const char *update = await(c, "UPDATE ", 2, 4);
    callrig_reply(c, update, "500 Server Internal Error", NULL, "Retry-After: 8\r\n", NULL);
    update = await(c, "UPDATE ", 8, 8);
    callrig_reply(c, update, "200 OK", NULL, "Session-Expires: 600;refresher=uac\r\n", NULL);
    await(c, "UPDATE ", 300, 300);
}

static void a_422_is_obeyed(void **state)
{
    struct callrig *c = *state;

    assert_int_equal(callrig_dial(c, NULL), 0);
    const char *invite = expect(c, "INVITE ");
    callrig_reply(c, invite, "422 Session Interval Too Small", "x", "Min-SE: 3600\r\n", NULL);
    expect(c, "ACK ");
    invite = expect(c, "INVITE ");
    assert_string_equal(callrig_header(invite, "Session-Expires"), "Session-Expires: 3600");
    assert_string_equal(callrig_header(invite, "Min-SE"), "Min-SE: 3600");
    assert_null(strstr(callrig_header(invite, "To"), "tag"));
    callrig_reply(c, invite, "422 Session Interval Too Small", "x", "Min-SE: 3600\r\n", NULL);
    expect(c, "ACK "); /* nothing gained */
    const struct callrig_news *n = callrig_heard(c, UA_CALL_EV_OVER);
    assert_non_null(n);
    assert_int_equal(n->scode, 422);
}

static void a_422_to_a_refresh_is_obeyed(void **state)
{
    struct callrig *c = *state;

    call_out(c, ALLOW "Session-Expires: 600;refresher=uac\r\n");
    callrig_reply(c, await(c, "UPDATE ", 300, 300), "422 Too Small", NULL, "Min-SE: 4000\r\n",
                  NULL);
    const char *update = expect(c, "UPDATE ");
    assert_string_equal(callrig_header(update, "Session-Expires"),
                        "Session-Expires: 4000;refresher=uac");
    callrig_reply(c, update, "200 OK", NULL, "Session-Expires: 4000;refresher=uac\r\n", NULL);
    await(c, "UPDATE ", 2000, 2000);
}

static void a_422_without_end_fails_the_call(void **state)
{
    struct callrig *c = *state;
    char line[40];

    assert_int_equal(callrig_dial(c, NULL), 0);
    const char *invite = expect(c, "INVITE ");
    for (unsigned i = 0; c->n_news == 0; i++) {
        assert_true(i < 8);
        snprintf(line, sizeof(line), "Min-SE: %u\r\n", 2000 + i * 100);
        callrig_reply(c, invite, "422 Session Interval Too Small", "x", line, NULL);
        expect(c, "ACK ");
        if (c->n_news == 0)
            invite = expect(c, "INVITE ");
    }
    ends(c);
}

static void an_invite_is_answered_by_table_2(void **state)
{
    struct callrig *c = *state;
    static const struct {
        const char *lines, *want;
        bool required;
    } rows[] = {
        {"Supported: timer\r\nSession-Expires: 300\r\n", "300;refresher=uac", true},
        {"Supported: timer\r\nSession-Expires: 300;refresher=uas\r\n", "300;refresher=uas", false},
        {"Supported: 100rel, timer\r\nSession-Expires: 300;refresher=uac\r\n", "300;refresher=uac",
         true},
        {"Require: timer\r\nSession-Expires: 300\r\n", "300;refresher=uac", true},
        {"Session-Expires: 300\r\n", "300;refresher=uas", false},
        {"Session-Expires: 10\r\n", "90;refresher=uas", false},
        {"Supported: timer\r\n", "1800;refresher=uac", true},
        {"Supported: timer\r\nMin-SE: 5000\r\n", "5000;refresher=uac", true},
        {"", "1800;refresher=uas", false},
    };
    char want[80];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *ok = call_in(c, rows[i].lines);
        snprintf(want, sizeof(want), "Session-Expires: %s", rows[i].want);
        assert_string_equal(callrig_header(ok, "Session-Expires"), want);
        assert_int_equal(strstr(ok, "Require: timer") != NULL, rows[i].required);
        callrig_request(c, "BYE", NULL, NULL);
        expect(c, "SIP/2.0 200");
    }
}

static void too_short_an_interval_is_422(void **state)
{
    struct callrig *c = *state;

    callrig_invite(c, "Supported: timer\r\nSession-Expires: 89\r\n", callrig_sdp(""));
    const char *r = expect(c, "SIP/2.0 422");
    assert_string_equal(callrig_header(r, "Min-SE"), "Min-SE: 90");
    callrig_ack_in_transaction(c);
    call_in(c, NULL);
    callrig_request(c, "UPDATE", "Supported: timer\r\nSession-Expires: 20\r\n", NULL);
    expect(c, "SIP/2.0 422");
    callrig_request(c, "INVITE", "Supported: timer\r\nSession-Expires: 20\r\n", callrig_sdp(""));
    expect(c, "SIP/2.0 422");
}

static void the_callee_may_be_the_refresher(void **state)
{
    struct callrig *c = *state;

    call_in(c, ALLOW "Supported: timer\r\nSession-Expires: 200;refresher=uas\r\n");
    const char *update = await(c, "UPDATE ", 100, 100);
    assert_string_equal(callrig_header(update, "Session-Expires"),
                        "Session-Expires: 1800;refresher=uac");
}

static void hold_refreshes_too(void **state)
{
    struct callrig *c = *state;

    call_out(c, ALLOW "Session-Expires: 600;refresher=uac\r\n");
    assert_true(callrig_quiet(c, 200000));
    const char *invite = hold(c);
    assert_string_equal(callrig_header(invite, "Session-Expires"),
                        "Session-Expires: 1800;refresher=uac");
    callrig_reply(c, invite, "200 OK", NULL, "Session-Expires: 600;refresher=uac\r\n",
                  callrig_sdp("a=recvonly\r\n"));
    expect(c, "ACK ");
    await(c, "UPDATE ", 300, 300);
}

static void hanging_up_stops_the_timer(void **state)
{
    struct callrig *c = *state;

    call_out(c, "Session-Expires: 600;refresher=uas\r\n");
    ua_call_hang_up(c->call);
    callrig_reply(c, expect(c, "BYE "), "200 OK", NULL, NULL, NULL);
    assert_true(callrig_quiet(c, 700000));
    assert_null(c->rig.line->calls);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, calls_teardown)
    const struct CMUnitTest tests[] = {
        T(an_invite_asks_for_the_interval),
        T(the_refresher_sends_update_at_half_the_interval),
        T(without_update_it_sends_an_unchanged_reinvite),
        T(a_405_to_update_leads_to_reinvite),
        T(an_unrefreshed_session_ends_ahead_of_its_time),
        T(a_peer_that_refreshes_keeps_it),
        T(failed_refreshes_end_the_call_in_time),
        T(a_refresh_that_finds_no_dialog_ends_the_call),
        T(an_update_that_meets_another_is_sent_again),
        T(a_422_is_obeyed),
        T(a_422_to_a_refresh_is_obeyed),
        T(a_422_without_end_fails_the_call),
        T(an_invite_is_answered_by_table_2),
        T(too_short_an_interval_is_422),
        T(the_callee_may_be_the_refresher),
        T(hold_refreshes_too),
        T(hanging_up_stops_the_timer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
