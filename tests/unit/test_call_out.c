/* SPDX-License-Identifier: BSD-3-Clause */
/* INVITE as the phone sends it, and what it makes of every kind of answer (sip-behaviour.md 2.6,
 * 5.1, 5.3, 5.5, 6.2). */
#include <stdio.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/sip/call_priv.h"
#include "tests/support/call_steps.h"

#define CHALLENGE                                                                                  \
    "Proxy-Authenticate: Digest realm=\"r\", nonce=\"%s\", algorithm=MD5, qop=\"auth\"\r\n"

/* ---- the way it should go */

static void an_invite_is_written_as_the_traces_do(void **state)
{
    struct callrig *c = *state;
    static const char *const order[] = {
        "Via: ",        "From: ",      "To: ",          "Call-ID: ",    "CSeq: ",
        "Max-Forwards", "Contact: ",   "Expires: ",     "User-Agent: ", "Content-Length: ",
        "Allow: ",      "Supported: ", "Content-Type: "};

    c->rig.cfg.packages = "";
    open_line(c);
    const char *invite = dial(c), *at = invite;
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        const char *next = strstr(at, order[i]);
        if (!next)
            fail_msg("%s is missing or stands too early in\n%s", order[i], invite);
        at = next;
    }
    assert_string_equal(callrig_header(invite, "CSeq"), "CSeq: 101 INVITE");
    assert_string_equal(callrig_header(invite, "Expires"), "Expires: 240");
    assert_string_equal(callrig_header(invite, "Supported"), "Supported: replaces");
    assert_string_equal(callrig_header(invite, "Allow-Events"), "");
}

static void a_79xx_writes_its_own_order(void **state)
{
    struct callrig *c = *state;

    c->rig.cfg.wire = UA_WIRE_79XX;
    open_line(c);
    const char *invite = dial(c);
    const char *forwards = strstr(invite, "Max-Forwards"), *cseq = strstr(invite, "\r\nCSeq");
    assert_true(strstr(invite, "Call-ID") < forwards && forwards < cseq);
    assert_true(cseq < strstr(invite, "User-Agent") &&
                strstr(invite, "User-Agent") < strstr(invite, "Contact"));
}

static void compact_headers_are_used_when_asked_for(void **state)
{
    struct callrig *c = *state;

    c->rig.cfg.compact = true;
    open_line(c);
    const char *invite = dial(c);
    assert_non_null(strstr(invite, "\r\nv: SIP/2.0/UDP"));
    assert_non_null(strstr(invite, "\r\nf: "));
    assert_non_null(strstr(invite, "\r\nt: "));
    assert_non_null(strstr(invite, "\r\ni: "));
    assert_non_null(strstr(invite, "\r\nc: application/sdp"));
    assert_null(strstr(invite, "\r\nContent-Length"));
}

static void a_call_goes_from_100_to_ack(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    const char *invite = dial(c);
    callrig_reply(c, invite, "100 Trying", NULL, NULL, NULL);
    assert_int_equal(c->n_news, 0);      /* nothing shown */
    assert_true(callrig_quiet(c, 3000)); /* and sent no more */
    callrig_reply(c, invite, "180 Ringing", CALLRIG_TAG, NULL, NULL);
    progress(c, 180, false);
    assert_int_equal(info_of(c).state, UA_CALL_PROGRESS);
    callrig_reply(c, invite, "200 OK", CALLRIG_TAG, NULL, callrig_sdp(""));
    const char *ack = callrig_next(c, "ACK ");
    assert_non_null(ack);
    assert_non_null(strstr(callrig_header(ack, "To"), ";tag=" CALLRIG_TAG));
    assert_string_equal(callrig_header(ack, "CSeq"), "CSeq: 101 ACK");
    assert_string_not_equal(callrig_header(ack, "Via"), callrig_header(invite, "Via"));
    assert_non_null(callrig_heard(c, UA_CALL_EV_UP));
    assert_int_equal(info_of(c).codec, CODEC_PCMU);
    ua_call_hang_up(c->call);
    const char *bye = callrig_next(c, "BYE ");
    assert_string_equal(callrig_header(bye, "CSeq"), "CSeq: 102 BYE");
    callrig_reply(c, bye, "200 OK", NULL, NULL, NULL);
    assert_true(callrig_quiet(c, 40000));
    assert_int_equal(c->n_heard, c->n_news); /* of its own hanging up nobody is told */
    assert_null(c->rig.line->calls);
}

static void an_unanswered_invite_is_sent_six_times_and_fails_after_timer_b(void **state)
{
    struct callrig *c = *state;
    static const unsigned at[] = {0, 500, 1500, 3500, 7500, 15500};

    open_line(c);
    assert_int_equal(callrig_dial(c, NULL), 0);
    rig_run(&c->rig, 20000, 10);
    assert_int_equal(c->n_got, 6);
    for (unsigned i = 0; i < 6; i++)
        assert_in_range(c->at_ms[i] - c->at_ms[0], at[i], at[i] + 20);
    over(c, 408, "No Response");
}

static void a_dead_port_fails_the_call_at_once(void **state)
{
    struct callrig *c = *state;

    snprintf(c->rig.proxy, sizeof(c->rig.proxy), "127.0.0.1:%u", rig_free_port(SOCK_DGRAM));
    open_line(c);
    assert_int_equal(callrig_dial(c, NULL), 0);
    rig_run(&c->rig, 200, 1);
    over(c, 503, "Not Reachable");
}

static void an_address_that_would_forge_lines_is_not_dialled(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    assert_int_equal(callrig_dial(c, &(struct ua_call_order){.uri = "sip:1\r\nX: y@h"}), EINVAL);
    assert_int_equal(callrig_dial(c, &(struct ua_call_order){.uri = "sip:1 2@h"}), EINVAL);
    assert_null(c->call);
}

/* ---- progress (5.3) */

static void early_media_gives_way_to_ringback_unless_183_is_sticky(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    const char *invite = dial(c);
    callrig_reply(c, invite, "183 Session Progress", CALLRIG_TAG, NULL, callrig_sdp(""));
    progress(c, 183, true);
    assert_true(info_of(c).early);
    callrig_reply(c, invite, "180 Ringing", CALLRIG_TAG, NULL, NULL);
    progress(c, 180, false);
    assert_false(info_of(c).early);
}

static void a_sticky_183_lets_180_pass_unheard(void **state)
{
    struct callrig *c = *state;

    c->cfg.sticky_183 = true;
    open_line(c);
    const char *invite = dial(c);
    callrig_reply(c, invite, "180 Ringing", CALLRIG_TAG, NULL, NULL);
    progress(c, 180, false);
    callrig_reply(c, invite, "183 Session Progress", CALLRIG_TAG, NULL, NULL);
    progress(c, 183, false);
    callrig_reply(c, invite, "180 Ringing", CALLRIG_TAG, NULL, NULL);
    callrig_reply(c, invite, "180 Ringing", CALLRIG_TAG, NULL, callrig_sdp(""));
    assert_int_equal(c->n_heard, c->n_news);
    callrig_reply(c, invite, "183 Session Progress", CALLRIG_TAG, NULL, callrig_sdp(""));
    progress(c, 183, true);
}

static void a_181_or_182_or_199_shows_nothing(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    const char *invite = dial(c);
    callrig_reply(c, invite, "181 Call Is Being Forwarded", CALLRIG_TAG, NULL, NULL);
    callrig_reply(c, invite, "182 Queued", CALLRIG_TAG, NULL, NULL);
    callrig_reply(c, invite, "199 Early Dialog Terminated", CALLRIG_TAG, NULL, NULL);
    assert_int_equal(c->n_news, 0);
    assert_int_equal(info_of(c).state, UA_CALL_CALLING);
}

static void a_reliable_18x_is_confirmed_by_prack_once(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    const char *invite = dial(c);
    callrig_reply(c, invite, "183 Session Progress", CALLRIG_TAG,
                  "Require: 100rel\r\nRSeq: 7001\r\n", callrig_sdp(""));
    const char *prack = callrig_next(c, "PRACK ");
    assert_non_null(prack);
    assert_string_equal(callrig_header(prack, "RAck"), "RAck: 7001 101 INVITE");
    assert_string_equal(callrig_header(prack, "CSeq"), "CSeq: 102 PRACK");
    assert_non_null(strstr(callrig_header(prack, "To"), ";tag=" CALLRIG_TAG));
    callrig_reply(c, prack, "200 OK", NULL, NULL, NULL);
    callrig_reply(c, invite, "183 Session Progress", CALLRIG_TAG,
                  "Require: 100rel\r\nRSeq: 7001\r\n", callrig_sdp(""));
    assert_true(callrig_quiet(c, 100));
    callrig_reply(c, invite, "180 Ringing", CALLRIG_TAG, "Require: 100rel\r\nRSeq: 7002\r\n", NULL);
    prack = callrig_next(c, "PRACK ");
    assert_string_equal(callrig_header(prack, "RAck"), "RAck: 7002 101 INVITE");
    callrig_reply(c, prack, "200 OK", NULL, NULL, NULL);
    /* the exchange is complete: a 200 need not repeat it */
    callrig_reply(c, invite, "200 OK", CALLRIG_TAG, NULL, NULL);
    const char *ack = callrig_next(c, "ACK ");
    assert_string_equal(callrig_header(ack, "CSeq"), "CSeq: 101 ACK");
    assert_int_equal(info_of(c).state, UA_CALL_UP);
}

static void two_forks_with_the_same_rseq_are_both_confirmed(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    const char *invite = dial(c);
    callrig_reply(c, invite, "180 Ringing", "a", "Require: 100rel\r\nRSeq: 1\r\n", NULL);
    assert_non_null(strstr(callrig_header(callrig_next(c, "PRACK "), "To"), ";tag=a"));
    callrig_reply(c, invite, "180 Ringing", "b", "Require: 100rel\r\nRSeq: 1\r\n", NULL);
    assert_non_null(strstr(callrig_header(callrig_next(c, "PRACK "), "To"), ";tag=b"));
}

static void a_200_without_sdp_ends_the_call(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    const char *invite = dial(c);
    callrig_reply(c, invite, "200 OK", CALLRIG_TAG, NULL, NULL);
    assert_non_null(callrig_next(c, "ACK "));
    assert_non_null(callrig_next(c, "BYE "));
    over(c, 488, "Not Acceptable Here");
}

static void an_answer_with_a_codec_nobody_offered_ends_the_call(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    const char *invite = dial(c);
    callrig_reply(c, invite, "200 OK", CALLRIG_TAG, NULL,
                  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                  "m=audio 4000 RTP/AVP 3\r\n");
    assert_non_null(callrig_next(c, "ACK "));
    assert_non_null(callrig_next(c, "BYE "));
    over(c, 488, "Not Acceptable Here");
}

/* ---- CANCEL (5.5) */

static void cancel_waits_for_a_provisional_answer(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    const char *invite = dial(c);
    ua_call_hang_up(c->call);
    assert_true(callrig_quiet(c, 100));
    callrig_reply(c, invite, "100 Trying", NULL, NULL, NULL);
    const char *cancel = callrig_next(c, "CANCEL ");
    assert_non_null(cancel);
    assert_string_equal(callrig_header(cancel, "Via"), callrig_header(invite, "Via"));
    assert_string_equal(callrig_header(cancel, "CSeq"), "CSeq: 101 CANCEL");
    callrig_reply(c, cancel, "200 OK", NULL, NULL, NULL);
    callrig_reply(c, invite, "487 Request Terminated", CALLRIG_TAG, NULL, NULL);
    assert_non_null(callrig_next(c, "ACK "));
    assert_true(callrig_quiet(c, 40000));
    assert_int_equal(c->n_news, 0);
    assert_null(c->rig.line->calls);
}

static void a_200_that_crosses_cancel_is_acknowledged_and_ended(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    const char *invite = dial(c);
    callrig_reply(c, invite, "180 Ringing", CALLRIG_TAG, NULL, NULL);
    ua_call_hang_up(c->call);
    assert_non_null(callrig_next(c, "CANCEL "));
    callrig_reply(c, invite, "200 OK", CALLRIG_TAG, NULL, callrig_sdp(""));
    assert_non_null(callrig_next(c, "ACK "));
    const char *bye = callrig_next(c, "BYE ");
    assert_non_null(bye);
    callrig_reply(c, bye, "200 OK", NULL, NULL, NULL);
    assert_true(callrig_quiet(c, 200));
}

static void a_cancelled_invite_is_not_repeated_with_credentials(void **state)
{
    struct callrig *c = *state;
    char challenge[200];

    open_line(c);
    const char *invite = dial(c);
    callrig_reply(c, invite, "100 Trying", NULL, NULL, NULL);
    ua_call_hang_up(c->call);
    callrig_reply(c, callrig_next(c, "CANCEL "), "200 OK", NULL, NULL, NULL);
    snprintf(challenge, sizeof(challenge), CHALLENGE, "n1");
    callrig_reply(c, invite, "407 Proxy Authentication Required", "p", challenge, NULL);
    assert_non_null(callrig_next(c, "ACK "));
    assert_true(callrig_quiet(c, 40000));
    assert_null(c->rig.line->calls);
}

static void after_a_challenge_cancel_waits_again(void **state)
{
    struct callrig *c = *state;
    char challenge[200];

    open_line(c);
    const char *invite = dial(c);
    callrig_reply(c, invite, "100 Trying", NULL, NULL, NULL);
    snprintf(challenge, sizeof(challenge), CHALLENGE, "n1");
    callrig_reply(c, invite, "407 Proxy Authentication Required", "p", challenge, NULL);
    assert_non_null(callrig_next(c, "ACK "));
    invite = callrig_next(c, "INVITE ");
    assert_non_null(invite);
    ua_call_hang_up(c->call);
    assert_true(callrig_quiet(c, 100));
    callrig_reply(c, invite, "180 Ringing", CALLRIG_TAG, NULL, NULL);
    const char *cancel = callrig_next(c, "CANCEL ");
    assert_string_equal(callrig_header(cancel, "Via"), callrig_header(invite, "Via"));
}

static void nobody_answers_within_invite_expires(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    const char *invite = dial(c);
    callrig_reply(c, invite, "180 Ringing", CALLRIG_TAG, NULL, NULL);
    progress(c, 180, false);
    assert_true(callrig_quiet(c, 239000));
    rig_run(&c->rig, 1100, 10);
    assert_non_null(callrig_next(c, "CANCEL "));
    over(c, 408, "Request Timeout");
}

static void a_server_that_forgets_a_cancelled_invite_holds_nothing_up(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    const char *invite = dial(c);
    callrig_reply(c, invite, "180 Ringing", CALLRIG_TAG, NULL, NULL);
    ua_call_hang_up(c->call);
    const char *cancel = callrig_next(c, "CANCEL ");
    callrig_reply(c, cancel, "200 OK", NULL, NULL, NULL);
    callrig_reply(c, invite, "180 Ringing", CALLRIG_TAG, NULL, NULL); /* on it rings */
    assert_true(callrig_quiet(c, 15000));
    assert_non_null(c->rig.line->calls);
    assert_true(callrig_quiet(c, 2000));
    assert_null(c->rig.line->calls);
}

/* ---- 2xx again, and others */

static void a_repeated_200_gets_its_ack_again(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    const char *invite = dial(c);
    callrig_reply(c, invite, "200 OK", CALLRIG_TAG, NULL, callrig_sdp(""));
    const char *first = callrig_next(c, "ACK ");
    callrig_reply(c, invite, "200 OK", CALLRIG_TAG, NULL, callrig_sdp(""));
    const char *second = callrig_next(c, "ACK ");
    assert_string_equal(first, second);
    assert_int_equal(c->n_news, 1);
}

static void the_second_of_two_forked_200s_is_acknowledged_and_ended(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    const char *invite = dial(c);
    callrig_reply(c, invite, "200 OK", "a", NULL, callrig_sdp(""));
    assert_non_null(callrig_next(c, "ACK "));
    callrig_reply(c, invite, "200 OK", "b", "Contact: <sip:b@127.0.0.1:1>\r\n", callrig_sdp(""));
    /* its Contact is elsewhere: nothing more reaches this peer, and the call stays */
    assert_true(callrig_quiet(c, 100));
    callrig_reply(c, invite, "200 OK", "c", NULL, callrig_sdp(""));
    const char *ack = callrig_next(c, "ACK ");
    assert_non_null(strstr(callrig_header(ack, "To"), ";tag=c"));
    const char *bye = callrig_next(c, "BYE ");
    assert_non_null(strstr(callrig_header(bye, "To"), ";tag=c"));
    callrig_reply(c, bye, "200 OK", NULL, NULL, NULL);
    assert_int_equal(info_of(c).state, UA_CALL_UP);
    ua_call_hang_up(c->call);
    assert_non_null(strstr(callrig_header(callrig_next(c, "BYE "), "To"), ";tag=a"));
}

static void a_challenged_bye_to_a_fork_does_not_end_the_call(void **state)
{
    struct callrig *c = *state;
    char challenge[200];

    open_line(c);
    const char *invite = dial(c);
    callrig_reply(c, invite, "200 OK", "a", NULL, callrig_sdp(""));
    assert_non_null(callrig_next(c, "ACK "));
    callrig_reply(c, invite, "200 OK", "b", NULL, callrig_sdp(""));
    assert_non_null(callrig_next(c, "ACK "));
    const char *bye = callrig_next(c, "BYE ");
    snprintf(challenge, sizeof(challenge), CHALLENGE, "n1");
    callrig_reply(c, bye, "407 Proxy Authentication Required", NULL, challenge, NULL);
    bye = callrig_next(c, "BYE ");
    if (!bye || !strstr(callrig_header(bye, "To"), ";tag=b"))
        fail_msg("%s", bye ? bye : "no BYE with credentials");
    assert_int_equal(info_of(c).state, UA_CALL_UP);
}

static void a_200_that_comes_after_its_call_is_acknowledged_and_ended(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    const char *invite = dial(c);
    callrig_reply(c, invite, "200 OK", "a", NULL, callrig_sdp(""));
    assert_non_null(callrig_next(c, "ACK "));
    ua_call_hang_up(c->call);
    callrig_reply(c, callrig_next(c, "BYE "), "200 OK", NULL, NULL, NULL);
    assert_null(c->rig.line->calls);
    callrig_reply(c, invite, "200 OK", "b", NULL, callrig_sdp(""));
    const char *ack = callrig_next(c, "ACK ");
    assert_string_equal(callrig_header(ack, "CSeq"), "CSeq: 101 ACK");
    assert_string_equal(callrig_header(ack, "From"), callrig_header(invite, "From"));
    assert_non_null(strstr(callrig_header(ack, "To"), ";tag=b"));
    const char *bye = callrig_next(c, "BYE ");
    assert_string_equal(callrig_header(bye, "CSeq"), "CSeq: 102 BYE");
    assert_string_equal(callrig_header(bye, "Call-ID"), callrig_header(invite, "Call-ID"));
    callrig_reply(c, bye, "200 OK", NULL, NULL, NULL);
    assert_null(c->rig.line->calls);
}

static void a_200_without_a_call_id_begins_nothing(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    callrig_send(c, "SIP/2.0 200 OK\r\n"
                    "Via: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bKnobody\r\n"
                    "From: <sip:1001@h>;tag=a\r\n"
                    "To: <sip:1002@h>;tag=b\r\n"
                    "CSeq: 101 INVITE\r\n"
                    "Content-Length: 0\r\n\r\n");
    assert_true(callrig_quiet(c, 100));
    assert_null(c->rig.line->calls);
}

static void a_flood_of_200s_begins_eight_calls_at_most(void **state)
{
    struct callrig *c = *state;
    char tag[8];

    open_line(c);
    const char *invite = dial(c);
    callrig_reply(c, invite, "486 Busy Here", "p", NULL, NULL);
    assert_non_null(callrig_next(c, "ACK "));
    assert_true(callrig_quiet(c, 17000)); /* its transaction is gone */
    for (unsigned i = 0; i < 50; i++) {
        snprintf(tag, sizeof(tag), "t%u", i);
        callrig_reply(c, invite, "200 OK", tag, NULL, NULL);
    }
    for (unsigned i = 0; i < 8; i++) {
        assert_non_null(callrig_next(c, "ACK "));
        assert_non_null(callrig_next(c, "BYE "));
    }
    assert_true(callrig_quiet(c, 100));
}

static void a_refusal_is_acknowledged_until_timer_d(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    const char *invite = dial(c);
    callrig_reply(c, invite, "486 Busy Here", "p", NULL, NULL);
    const char *ack = callrig_next(c, "ACK ");
    assert_string_equal(callrig_header(ack, "Via"), callrig_header(invite, "Via"));
    assert_string_equal(callrig_header(ack, "CSeq"), "CSeq: 101 ACK");
    assert_non_null(strstr(callrig_header(ack, "To"), ";tag=p"));
    over(c, 486, "Busy Here");
    callrig_reply(c, invite, "486 Busy Here", "p", NULL, NULL);
    assert_non_null(callrig_next(c, "ACK "));
    assert_true(callrig_quiet(c, 15900));
    callrig_reply(c, invite, "486 Busy Here", "p", NULL, NULL);
    assert_non_null(callrig_next(c, "ACK "));
    assert_true(callrig_quiet(c, 200));
    callrig_reply(c, invite, "486 Busy Here", "p", NULL, NULL);
    assert_true(callrig_quiet(c, 200)); /* 16 s are over */
}

/* ---- challenges */

static void max_auth_challenges_are_answered(void **state)
{
    struct callrig *c = *state;
    char challenge[200], nonce[8];

    open_line(c);
    const char *invite = dial(c);
    for (unsigned i = 0; i < 2; i++) {
        snprintf(nonce, sizeof(nonce), "n%u", i);
        snprintf(challenge, sizeof(challenge), CHALLENGE, nonce);
        callrig_reply(c, invite, "407 Proxy Authentication Required", "p", challenge, NULL);
        assert_non_null(callrig_next(c, "ACK "));
        invite = callrig_next(c, "INVITE ");
        assert_non_null(invite);
        assert_non_null(strstr(callrig_header(invite, "Proxy-Authorization"), nonce));
        assert_null(strstr(callrig_header(invite, "To"), "tag"));
    }
    assert_string_equal(callrig_header(invite, "CSeq"), "CSeq: 103 INVITE");
    callrig_reply(c, invite, "407 Proxy Authentication Required", "p", challenge, NULL);
    assert_non_null(callrig_next(c, "ACK "));
    over(c, 407, "Proxy Authentication Required");
}

static void a_challenge_behind_a_180_begins_outside_the_early_dialog(void **state)
{
    struct callrig *c = *state;
    char challenge[200];

    open_line(c);
    const char *invite = dial(c);
    callrig_reply(c, invite, "180 Ringing", "early", "Record-Route: <sip:127.0.0.1:9;lr>\r\n",
                  NULL);
    snprintf(challenge, sizeof(challenge), CHALLENGE, "n1");
    callrig_reply(c, invite, "407 Proxy Authentication Required", "p", challenge, NULL);
    assert_non_null(callrig_next(c, "ACK "));
    invite = callrig_next(c, "INVITE ");
    assert_non_null(invite);
    assert_null(strstr(callrig_header(invite, "To"), "tag"));
    assert_string_equal(callrig_header(invite, "Route"), "");
}

/* ---- who it is, and by which way */

static void identity_of_18x_and_200_is_the_peer_s(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    const char *invite = dial(c);
    callrig_reply(c, invite, "180 Ringing", CALLRIG_TAG,
                  "P-Asserted-Identity: \"Desk\" <sip:2001@h>\r\n", NULL);
    assert_string_equal(info_of(c).peer.name, "Desk");
    callrig_reply(
        c, invite, "200 OK", CALLRIG_TAG,
        "Remote-Party-ID: \"R\" <sip:9@h>\r\nP-Asserted-Identity: \"Ann\" <sip:2002@h>\r\n",
        callrig_sdp(""));
    assert_string_equal(info_of(c).peer.name, "Ann");
    assert_string_equal(info_of(c).peer.number, "2002");
}

static void requests_of_the_dialog_take_its_route(void **state)
{
    struct callrig *c = *state;
    char routes[300], want[300];

    open_line(c);
    const char *invite = dial(c);
    snprintf(routes, sizeof(routes),
             "Record-Route: <sip:far.example;lr>\r\nRecord-Route: <sip:%s;lr>\r\n", c->rig.proxy);
    callrig_reply(c, invite, "200 OK", CALLRIG_TAG, routes, callrig_sdp(""));
    const char *ack = callrig_next(c, "ACK sip:1002@");
    assert_non_null(ack);
    snprintf(want, sizeof(want), "Route: <sip:%s;lr>\r\nRoute: <sip:far.example;lr>\r\n",
             c->rig.proxy);
    assert_non_null(strstr(ack, want));
}

static void a_strict_router_gets_its_own_uri(void **state)
{
    struct callrig *c = *state;
    char routes[300], want[300];

    open_line(c);
    const char *invite = dial(c);
    snprintf(routes, sizeof(routes),
             "Record-Route: <sip:far.example;lr>\r\nRecord-Route: <sip:%s>\r\n", c->rig.proxy);
    callrig_reply(c, invite, "200 OK", CALLRIG_TAG, routes, callrig_sdp(""));
    snprintf(want, sizeof(want), "ACK sip:%s SIP/2.0", c->rig.proxy);
    const char *ack = callrig_next(c, want);
    assert_non_null(ack);
    snprintf(want, sizeof(want), "Route: <sip:far.example;lr>\r\nRoute: %s\r\n", c->contact);
    assert_non_null(strstr(ack, want));
}

static void the_lines_of_an_order_go_out_once(void **state)
{
    struct callrig *c = *state;
    const struct ua_call_order o = {
        .from = "\"Anonymous\" <sip:anonymous@localhost>",
        .identity = "Remote-Party-ID: <sip:1001@h>;privacy=full\r\n",
        .extra = "Referred-By: <sip:7@h>\r\n",
    };

    open_line(c);
    assert_int_equal(callrig_dial(c, &o), 0);
    const char *invite = callrig_next(c, "INVITE ");
    callrig_join(c, invite);
    assert_non_null(strstr(callrig_header(invite, "From"), "anonymous@localhost>;tag="));
    assert_non_null(strstr(invite, "\r\nRemote-Party-ID: "));
    assert_non_null(strstr(invite, "\r\nReferred-By: "));
    callrig_reply(c, invite, "200 OK", CALLRIG_TAG, NULL, callrig_sdp(""));
    const char *ack = callrig_next(c, "ACK ");
    assert_null(strstr(ack, "Remote-Party-ID"));
    assert_null(strstr(ack, "Referred-By"));
}

static void a_line_that_closes_ends_its_calls(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    dial(c);
    ua_line_close(c->rig.line);
    over(c, 0, "Line Closed");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, calls_setup, calls_teardown)
    const struct CMUnitTest tests[] = {
        T(an_invite_is_written_as_the_traces_do),
        T(a_79xx_writes_its_own_order),
        T(compact_headers_are_used_when_asked_for),
        T(a_call_goes_from_100_to_ack),
        T(an_unanswered_invite_is_sent_six_times_and_fails_after_timer_b),
        T(a_dead_port_fails_the_call_at_once),
        T(an_address_that_would_forge_lines_is_not_dialled),
        T(early_media_gives_way_to_ringback_unless_183_is_sticky),
        T(a_sticky_183_lets_180_pass_unheard),
        T(a_181_or_182_or_199_shows_nothing),
        T(a_reliable_18x_is_confirmed_by_prack_once),
        T(two_forks_with_the_same_rseq_are_both_confirmed),
        T(a_200_without_sdp_ends_the_call),
        T(an_answer_with_a_codec_nobody_offered_ends_the_call),
        T(cancel_waits_for_a_provisional_answer),
        T(a_200_that_crosses_cancel_is_acknowledged_and_ended),
        T(a_cancelled_invite_is_not_repeated_with_credentials),
        T(after_a_challenge_cancel_waits_again),
        T(nobody_answers_within_invite_expires),
        T(a_server_that_forgets_a_cancelled_invite_holds_nothing_up),
        T(a_repeated_200_gets_its_ack_again),
        T(the_second_of_two_forked_200s_is_acknowledged_and_ended),
        T(a_challenged_bye_to_a_fork_does_not_end_the_call),
        T(a_200_that_comes_after_its_call_is_acknowledged_and_ended),
        T(a_200_without_a_call_id_begins_nothing),
        T(a_flood_of_200s_begins_eight_calls_at_most),
        T(a_refusal_is_acknowledged_until_timer_d),
        T(max_auth_challenges_are_answered),
        T(a_challenge_behind_a_180_begins_outside_the_early_dialog),
        T(identity_of_18x_and_200_is_the_peer_s),
        T(requests_of_the_dialog_take_its_route),
        T(a_strict_router_gets_its_own_uri),
        T(the_lines_of_an_order_go_out_once),
        T(a_line_that_closes_ends_its_calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
