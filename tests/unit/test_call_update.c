/* SPDX-License-Identifier: BSD-3-Clause */
/* UPDATE, the identity and target it brings, the session timer a SPA has not got (sip-behaviour.md
 * 4). */
#include <stdio.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/sip/call_priv.h"
#include "tests/support/call_steps.h"

/* ---- UPDATE (4.2) */

static void an_update_without_sdp_gets_200_in_every_state(void **state)
{
    struct callrig *c = *state;

    const char *invite = dial(c);
    callrig_reply(c, invite, "180 Ringing", CALLRIG_TAG, NULL, NULL);
    callrig_request(c, "UPDATE", NULL, NULL);
    const char *ok = expect(c, "SIP/2.0 200"); /* calling */
    assert_string_equal(callrig_header(ok, "Content-Length"), "Content-Length: 0");
    assert_non_null(strstr(callrig_header(ok, "Contact"), "sip:1001@"));
    callrig_reply(c, invite, "200 OK", CALLRIG_TAG, NULL, callrig_sdp(""));
    expect(c, "ACK ");
    callrig_request(c, "UPDATE", NULL, NULL);
    expect(c, "SIP/2.0 200"); /* up */
    ua_call_hang_up(c->call);
    const char *bye = expect(c, "BYE ");
    callrig_request(c, "UPDATE", NULL, NULL);
    expect(c, "SIP/2.0 481"); /* over */
    callrig_reply(c, bye, "200 OK", NULL, NULL, NULL);
    callrig_request(c, "UPDATE", NULL, NULL);
    expect(c, "SIP/2.0 481"); /* and gone */
    callrig_invite(c, NULL, callrig_sdp(""));
    expect(c, "SIP/2.0 100");
    ua_call_ring(c->call);
    callrig_learn(c, expect(c, "SIP/2.0 180"));
    callrig_request(c, "UPDATE", NULL, NULL);
    expect(c, "SIP/2.0 200"); /* ringing */
}

static void an_early_update_with_sdp_is_491_to_the_caller(void **state)
{
    struct callrig *c = *state;

    const char *invite = dial(c);
    callrig_reply(c, invite, "183 Session Progress", CALLRIG_TAG, NULL, callrig_sdp(""));
    callrig_request(c, "UPDATE", NULL, callrig_sdp(""));
    expect(c, "SIP/2.0 491");
}

static void an_early_update_with_sdp_is_500_to_the_callee(void **state)
{
    struct callrig *c = *state;

    for (unsigned i = 0; i < 2; i++) { /* whether the INVITE had an offer or not */
        callrig_invite(c, NULL, i ? NULL : callrig_sdp(""));
        expect(c, "SIP/2.0 100");
        ua_call_ring(c->call);
        callrig_learn(c, expect(c, "SIP/2.0 180"));
        callrig_request(c, "UPDATE", NULL, callrig_sdp(""));
        put_off_for(expect(c, "SIP/2.0 500"));
        c->call = ua_call_release(c->call);
        expect(c, "SIP/2.0 486");
        callrig_send(c, "");
    }
}

static void behind_a_reliable_18x_an_early_update_changes_the_session(void **state)
{
    struct callrig *c = *state;

    const char *invite = dial(c);
    callrig_reply(c, invite, "183 Session Progress", CALLRIG_TAG, "Require: 100rel\r\nRSeq: 1\r\n",
                  callrig_sdp(""));
    expect(c, "PRACK ");
    callrig_request(c, "UPDATE", NULL, callrig_sdp("a=sendonly\r\n"));
    assert_non_null(strstr(expect(c, "SIP/2.0 200"), "a=recvonly"));
    assert_true(info_of(c).held);
}

static void an_update_meets_our_open_offer_with_491(void **state)
{
    struct callrig *c = *state;

    up(c, true);
    hold(c);
    callrig_request(c, "UPDATE", NULL, callrig_sdp(""));
    expect(c, "SIP/2.0 491");
    callrig_request(c, "UPDATE", NULL, NULL);
    expect(c, "SIP/2.0 200");
}

static void an_update_holds_and_resumes(void **state)
{
    struct callrig *c = *state;

    up(c, true);
    callrig_request(c, "UPDATE", NULL, callrig_sdp("a=sendonly\r\n"));
    assert_non_null(strstr(expect(c, "SIP/2.0 200"), "a=recvonly"));
    assert_non_null(callrig_heard(c, UA_CALL_EV_SESSION));
    assert_true(info_of(c).held);
    callrig_request(c, "UPDATE", NULL, callrig_sdp(""));
    expect(c, "SIP/2.0 200");
    assert_false(info_of(c).held);
}

static void a_79xx_takes_no_sdp_in_update(void **state)
{
    struct callrig *c = *state;

    c->cfg.sdp_in_update = false;
    up(c, true);
    callrig_request(c, "UPDATE", NULL, callrig_sdp(""));
    expect(c, "SIP/2.0 488");
    callrig_request(c, "UPDATE", "P-Asserted-Identity: \"Bob\" <sip:7@h>\r\n", NULL);
    expect(c, "SIP/2.0 200");
    assert_string_equal(info_of(c).peer.name, "Bob");
}

static void identity_changes_by_update_and_reinvite(void **state)
{
    struct callrig *c = *state;

    up(c, false);
    callrig_request(c, "UPDATE",
                    "Remote-Party-ID: \"R\" <sip:8@h>\r\nP-Asserted-Identity: \"P\" <sip:7@h>\r\n",
                    NULL);
    expect(c, "SIP/2.0 200");
    assert_non_null(callrig_heard(c, UA_CALL_EV_PEER));
    assert_string_equal(info_of(c).peer.name, "P");
    assert_string_equal(info_of(c).peer.number, "7");
    callrig_request(c, "INVITE", "Remote-Party-ID: <sip:9@h>\r\n", callrig_sdp(""));
    expect(c, "SIP/2.0 200");
    callrig_request(c, "ACK", NULL, NULL);
    assert_non_null(callrig_heard(c, UA_CALL_EV_SESSION));
    assert_non_null(callrig_heard(c, UA_CALL_EV_PEER));
    assert_string_equal(info_of(c).peer.name, "");
    assert_string_equal(info_of(c).peer.number, "9");
    callrig_request(c, "UPDATE", "Remote-Party-ID: <sip:9@h>\r\n", NULL); /* nothing new */
    expect(c, "SIP/2.0 200");
    callrig_request(c, "UPDATE", "P-Asserted-Identity: garbage <\r\n", NULL);
    expect(c, "SIP/2.0 200");
    assert_int_equal(c->n_heard, c->n_news);
}

static void a_contact_of_update_is_the_new_target(void **state)
{
    struct callrig *c = *state;
    char contact[120];

    up(c, true);
    snprintf(contact, sizeof(contact), "Contact: <sip:moved@%s>\r\n", c->rig.proxy);
    callrig_request(c, "UPDATE", contact, NULL);
    expect(c, "SIP/2.0 200");
    ua_call_hang_up(c->call);
    expect(c, "BYE sip:moved@");
}

static void a_contact_of_a_refused_offer_is_none(void **state)
{
    struct callrig *c = *state;
    char contact[120];

    up(c, true);
    snprintf(contact, sizeof(contact), "Contact: <sip:moved@%s>\r\n", c->rig.proxy);
    callrig_request(c, "UPDATE", contact, "no sdp");
    expect(c, "SIP/2.0 488");
    ua_call_hang_up(c->call);
    expect(c, "BYE sip:1002@");
}

static void without_a_dialog_everything_is_481(void **state)
{
    struct callrig *c = *state;
    static const char *const methods[] = {"UPDATE", "BYE", "INFO", "INVITE", "REFER"};

    up(c, false);
    snprintf(c->local, sizeof(c->local), "<sip:1002@h>;tag=somebody");
    for (size_t i = 0; i < 5; i++) {
        callrig_request(c, methods[i], "Refer-To: <sip:1@h>\r\n", NULL);
        expect(c, "SIP/2.0 481");
        if (i == 3)
            callrig_ack_in_transaction(c);
    }
    assert_int_equal(info_of(c).state, UA_CALL_UP);
}

static void where_update_is_not_allowed_it_is_405(void **state)
{
    struct callrig *c = *state;

    ua_line_close(c->rig.line);
    c->rig.line = mem_deref(c->rig.line);
    c->rig.cfg.allow = "ACK, BYE, CANCEL, INFO, INVITE, NOTIFY, OPTIONS, REFER";
    assert_int_equal(callrig_line(c), 0);
    up(c, true);
    callrig_request(c, "UPDATE", NULL, NULL);
    const char *r = expect(c, "SIP/2.0 405");
    assert_non_null(strstr(callrig_header(r, "Allow"), "REFER"));
}

static void a_required_timer_is_420(void **state)
{
    struct callrig *c = *state;
    static const char *const methods[] = {"UPDATE", "INVITE"};

    up(c, false);
    for (size_t i = 0; i < 2; i++) {
        callrig_request(c, methods[i], "Require: timer\r\nSession-Expires: 1800\r\n", NULL);
        const char *r = expect(c, "SIP/2.0 420");
        assert_string_equal(callrig_header(r, "Unsupported"), "Unsupported: timer");
    }
    callrig_ack_in_transaction(c);
    callrig_request(c, "UPDATE", "Supported: timer\r\nSession-Expires: 90\r\n", NULL);
    const char *ok = expect(c, "SIP/2.0 200");
    assert_string_equal(callrig_header(ok, "Session-Expires"), "");
    assert_true(callrig_quiet(c, 300000)); /* it refreshes nothing and ends nothing */
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, calls_line_setup, calls_teardown)
    const struct CMUnitTest tests[] = {
        T(an_update_without_sdp_gets_200_in_every_state),
        T(an_early_update_with_sdp_is_491_to_the_caller),
        T(an_early_update_with_sdp_is_500_to_the_callee),
        T(behind_a_reliable_18x_an_early_update_changes_the_session),
        T(an_update_meets_our_open_offer_with_491),
        T(an_update_holds_and_resumes),
        T(a_79xx_takes_no_sdp_in_update),
        T(identity_changes_by_update_and_reinvite),
        T(a_contact_of_update_is_the_new_target),
        T(a_contact_of_a_refused_offer_is_none),
        T(without_a_dialog_everything_is_481),
        T(where_update_is_not_allowed_it_is_405),
        T(a_required_timer_is_420),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
