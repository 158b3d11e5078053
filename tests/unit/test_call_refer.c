/* SPDX-License-Identifier: BSD-3-Clause */
/* Transfer on the wire, as the one who asks and the one who is asked (sip-behaviour.md 5.5; RFC
 * 3515, 3891). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sip/call_priv.h"
#include "tests/support/call_steps.h"

#define FRAG "Event: refer\r\nContent-Type: message/sipfrag;version=2.0\r\n"

static uint16_t transfer_news(struct callrig *c)
{
    const struct callrig_news *n = callrig_heard(c, UA_CALL_EV_TRANSFER);

    assert_non_null(n);
    return n->scode;
}

/* ---- as the one who asks */

static void a_refer_carries_target_and_referrer(void **state)
{
    struct callrig *c = *state;

    up(c, false);
    assert_int_equal(ua_call_refer(c->call, "<sip:1003@h>", "<sip:1001@h>"), 0);
    const char *refer = expect(c, "REFER ");
    assert_string_equal(callrig_header(refer, "Refer-To"), "Refer-To: <sip:1003@h>");
    assert_string_equal(callrig_header(refer, "Referred-By"), "Referred-By: <sip:1001@h>");
    assert_int_equal(ua_call_refer(c->call, "<sip:1003@h>", "<sip:1001@h>"), EALREADY);
    callrig_reply(c, refer, "202 Accepted", NULL, NULL, NULL);
    assert_int_equal(transfer_news(c), 202);
    static const struct {
        const char *frag;
        uint16_t scode;
    } rows[] = {
        {"SIP/2.0 100 Trying\r\n", 100},
        {"SIP/2.0 180 Ringing\r\n", 180},
        {"SIP/2.0 200 OK\r\nServer: x\r\n\r\n", 200},
    };
    for (size_t i = 0; i < 3; i++) {
        callrig_request(c, "NOTIFY", FRAG "Subscription-State: active;expires=60\r\n",
                        rows[i].frag);
        expect(c, "SIP/2.0 200");
        assert_int_equal(transfer_news(c), rows[i].scode);
    }
}

static void a_refused_refer_is_told(void **state)
{
    struct callrig *c = *state;

    up(c, false);
    assert_int_equal(ua_call_refer(c->call, "<sip:1003@h>", "<sip:1001@h>"), 0);
    callrig_reply(c, expect(c, "REFER "), "603 Decline", NULL, NULL, NULL);
    assert_int_equal(transfer_news(c), 603);
    assert_int_equal(ua_call_refer(c->call, "<sip:1003@h>", "<sip:1001@h>"), 0);
    c->deaf = true;
    rig_run(&c->rig, 16100, 20);
    assert_int_equal(transfer_news(c), 408);
}

static void every_code_to_refer_is_told_and_the_call_stays(void **state)
{
    struct callrig *c = *state;

    up(c, false);
    for (uint16_t scode = 300; scode <= 606; scode++) {
        char status[40];
        if (scode == 401 || scode == 407)
            continue;
        if (c->n_got > CALLRIG_LOG - 4) {
            for (unsigned i = 0; i < c->n_got; i++)
                free(c->got[i]);
            c->n_got = c->n_read = c->n_news = c->n_heard = 0;
        }
        snprintf(status, sizeof(status), "%u Whatever", scode);
        assert_int_equal(ua_call_refer(c->call, "<sip:1003@h>", "<sip:1001@h>"), 0);
        callrig_reply(c, expect(c, "REFER "), status, NULL, NULL, NULL);
        assert_int_equal(transfer_news(c), scode);
        assert_true(callrig_quiet(c, 1));
    }
    assert_int_equal(info_of(c).state, UA_CALL_UP);
}

static void a_subscription_that_ends_without_a_code_has_failed(void **state)
{
    struct callrig *c = *state;

    up(c, false);
    assert_int_equal(ua_call_refer(c->call, "<sip:1003@h>", "<sip:1001@h>"), 0);
    callrig_reply(c, expect(c, "REFER "), "202 Accepted", NULL, NULL, NULL);
    assert_int_equal(transfer_news(c), 202);
    callrig_request(c, "NOTIFY", "Event: refer\r\nSubscription-State: terminated\r\n", NULL);
    expect(c, "SIP/2.0 200");
    assert_int_equal(transfer_news(c), 487);
    callrig_request(c, "NOTIFY", FRAG "Subscription-State: active\r\n", "SIP/2.0 9");
    expect(c, "SIP/2.0 200");
    assert_int_equal(c->n_heard, c->n_news);
}

static void no_line_is_forged_in_a_refer(void **state)
{
    struct callrig *c = *state;

    up(c, false);
    assert_int_equal(ua_call_refer(c->call, "<sip:1@h>\r\nX: y", "<sip:2@h>"), EINVAL);
    assert_int_equal(ua_call_refer(c->call, "<sip:1@h>", "<sip:2@h>\n"), EINVAL);
    char longest[1200];
    memset(longest, 'a', sizeof(longest));
    longest[sizeof(longest) - 1] = '\0';
    assert_int_equal(ua_call_refer(c->call, longest, "<sip:2@h>"), E2BIG);
}

static void replaces_is_escaped_in_refer_to(void **state)
{
    struct callrig *c = *state;
    char uri[512], want[512];

    const char *invite = dial(c);
    assert_int_equal(ua_call_replaces_uri(c->call, uri, sizeof(uri)), EPROTO);
    callrig_reply(c, invite, "200 OK", "a;b=\"c\"" /* no tag would have it; it must not leak */,
                  NULL, callrig_sdp(""));
    expect(c, "ACK ");
    assert_int_equal(ua_call_replaces_uri(c->call, uri, sizeof(uri)), 0);
    snprintf(want, sizeof(want), "<sip:1002@%s?Replaces=", c->rig.proxy);
    assert_int_equal(strncmp(uri, want, strlen(want)), 0);
    assert_non_null(strstr(uri, "%3Bto-tag%3Da"));
    assert_non_null(strstr(uri, "%3Bfrom-tag%3D"));
    assert_null(strchr(uri + strlen(want), ';'));
    assert_null(strchr(uri + strlen(want), '@'));
    assert_int_equal(ua_call_replaces_uri(c->call, uri, 40), EOVERFLOW);
}

static void refer_to_may_name_the_contact(void **state)
{
    struct callrig *c = *state;
    char uri[512];

    c->cfg.target_contact = true;
    up(c, false);
    assert_int_equal(ua_call_replaces_uri(c->call, uri, sizeof(uri)), 0);
    snprintf(c->contact, sizeof(c->contact), "<sip:1002@%s?Replaces=", c->rig.proxy);
    assert_int_equal(strncmp(uri, c->contact, strlen(c->contact)), 0);
}

/* ---- as the one who is asked */

static const char *refer(struct callrig *c, const char *extra)
{
    callrig_request(c, "REFER", extra, NULL);
    expect(c, "SIP/2.0 202");
    const char *notify = expect(c, "NOTIFY ");
    callrig_reply(c, notify, "200 OK", NULL, NULL, NULL);
    return notify;
}

static void a_refer_is_accepted_and_its_progress_told(void **state)
{
    struct callrig *c = *state;

    up(c, false);
    const char *n = refer(c, "Refer-To: <sip:1003@h>\r\nReferred-By: <sip:1002@h>\r\n");
    assert_string_equal(callrig_header(n, "Event"), "Event: refer");
    assert_string_equal(callrig_header(n, "Content-Type"),
                        "Content-Type: message/sipfrag;version=2.0");
    assert_string_equal(callrig_header(n, "Subscription-State"),
                        "Subscription-State: active;expires=60");
    assert_non_null(strstr(n, "\r\n\r\nSIP/2.0 100 Trying\r\n"));
    const struct callrig_news *news = callrig_heard(c, UA_CALL_EV_REFERRED);
    assert_string_equal(news->text, "<sip:1003@h>");
    assert_string_equal(news->text2, "<sip:1002@h>");
    ua_call_referred_progress(c->call, 180, NULL);
    n = expect(c, "NOTIFY ");
    assert_non_null(strstr(n, "\r\n\r\nSIP/2.0 180 Ringing\r\n"));
    callrig_reply(c, n, "200 OK", NULL, NULL, NULL);
    ua_call_referred_progress(c->call, 486, "Busy Here");
    n = expect(c, "NOTIFY ");
    assert_non_null(strstr(n, "\r\n\r\nSIP/2.0 486 Busy Here\r\n"));
    assert_string_equal(callrig_header(n, "Subscription-State"),
                        "Subscription-State: terminated;reason=noresource");
    callrig_reply(c, n, "200 OK", NULL, NULL, NULL);
    ua_call_referred_progress(c->call, 200, NULL); /* nobody waits any more */
    assert_true(callrig_quiet(c, 100));
}

static void progress_is_final_only_when_so_configured(void **state)
{
    struct callrig *c = *state;

    c->cfg.notify_1xx = false;
    up(c, false);
    refer(c, "Refer-To: <sip:1003@h>\r\n");
    ua_call_referred_progress(c->call, 180, NULL);
    assert_true(callrig_quiet(c, 100));
    ua_call_referred_progress(c->call, 200, NULL);
    assert_non_null(strstr(expect(c, "NOTIFY "), "SIP/2.0 200 OK"));
}

static void the_second_refer_of_a_dialog_has_an_id(void **state)
{
    struct callrig *c = *state;
    char want[40];

    up(c, false);
    refer(c, "Refer-To: <sip:1003@h>\r\n");
    ua_call_referred_progress(c->call, 486, NULL);
    callrig_reply(c, expect(c, "NOTIFY "), "200 OK", NULL, NULL, NULL);
    const char *n = refer(c, "Refer-To: <sip:1004@h>\r\n");
    snprintf(want, sizeof(want), "Event: refer;id=%u", c->cseq);
    assert_string_equal(callrig_header(n, "Event"), want);
}

static void a_referrer_that_hangs_up_is_told_all_the_same(void **state)
{
    struct callrig *c = *state;

    up(c, false);
    refer(c, "Refer-To: <sip:1003@h>\r\n");
    struct ua_call *call = mem_ref(c->call);
    callrig_request(c, "BYE", NULL, NULL);
    expect(c, "SIP/2.0 200");
    c->call = ua_call_release(c->call); /* as a phone does */
    ua_call_referred_progress(call, 200, NULL);
    const char *n = expect(c, "NOTIFY ");
    assert_non_null(strstr(n, "SIP/2.0 200 OK"));
    callrig_reply(c, n, "200 OK", NULL, NULL, NULL);
    mem_deref(call);
    assert_null(c->rig.line->calls);
}

static void a_refer_that_cannot_be_followed_is_refused(void **state)
{
    struct callrig *c = *state;
    static const struct {
        const char *lines, *answer;
    } rows[] = {
        {"", "SIP/2.0 400"},
        {"Refer-To: <sip:1@h>\r\nRefer-To: <sip:2@h>\r\n", "SIP/2.0 400"},
        {"Refer-To: <>\r\n", "SIP/2.0 400"},
        {"Refer-To: <tel:+49301>\r\n", "SIP/2.0 416"},
    };

    up(c, false);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        callrig_request(c, "REFER", rows[i].lines, NULL);
        expect(c, rows[i].answer);
    }
    assert_int_equal(c->n_heard, c->n_news);
    callrig_request(c, "REFER", "r: sip:1003@h\r\nb: <sip:9@h>\r\n", NULL); /* short names */
    expect(c, "SIP/2.0 202");
    assert_string_equal(callrig_heard(c, UA_CALL_EV_REFERRED)->text, "sip:1003@h");
}

static void click_to_dial_needs_no_call(void **state)
{
    struct callrig *c = *state;
    const char *ok, *n;

    callrig_invite(c, NULL, callrig_sdp("")); /* for the identifiers of a dialog */
    expect(c, "SIP/2.0 100");
    c->call = ua_call_release(c->call);
    expect(c, "SIP/2.0 486");
    callrig_ack_in_transaction(c);
    snprintf(c->call_id, sizeof(c->call_id), "click@127.0.0.1");
    callrig_request(c, "REFER", "Refer-To: <sip:1003@h>\r\n", NULL);
    ok = expect(c, "SIP/2.0 202");
    n = expect(c, "NOTIFY ");
    assert_string_equal(callrig_header(n, "From") + 4, callrig_header(ok, "To") + 2);
    callrig_reply(c, n, "200 OK", NULL, NULL, NULL);
    assert_int_equal(c->n_referred, 1);
    ua_call_referred_progress(c->last_referred, 200, NULL);
    n = expect(c, "NOTIFY ");
    assert_non_null(strstr(n, "SIP/2.0 200 OK"));
    callrig_reply(c, n, "200 OK", NULL, NULL, NULL);
    assert_null(c->rig.line->calls);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, calls_line_setup, calls_teardown)
    const struct CMUnitTest tests[] = {
        T(a_refer_carries_target_and_referrer),
        T(a_refused_refer_is_told),
        T(every_code_to_refer_is_told_and_the_call_stays),
        T(a_subscription_that_ends_without_a_code_has_failed),
        T(no_line_is_forged_in_a_refer),
        T(replaces_is_escaped_in_refer_to),
        T(refer_to_may_name_the_contact),
        T(a_refer_is_accepted_and_its_progress_told),
        T(progress_is_final_only_when_so_configured),
        T(the_second_refer_of_a_dialog_has_an_id),
        T(a_referrer_that_hangs_up_is_told_all_the_same),
        T(a_refer_that_cannot_be_followed_is_refused),
        T(click_to_dial_needs_no_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
