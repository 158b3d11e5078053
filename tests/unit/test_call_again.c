/* SPDX-License-Identifier: BSD-3-Clause */
/* An INVITE that has to go elsewhere, or again: redirects, failover, glare
 * (sip-behaviour.md 2.6, 5.5, 6.2). */
#include <stdio.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/sip/call_priv.h"
#include "tests/support/call_steps.h"

/* ---- redirects (5.5, 6.2) */

static void redirect(struct callrig *c, const char *invite, const char *status, const char *contact)
{
    callrig_reply(c, invite, status, "p", contact, NULL);
    assert_non_null(callrig_next(c, "ACK "));
}

static void every_3xx_is_followed_to_its_contact(void **state)
{
    struct callrig *c = *state;
    static const char *const status[] = {"300 Multiple Choices", "301 Moved Permanently",
                                         "302 Moved Temporarily", "305 Use Proxy",
                                         "380 Alternative Service"};
    char contact[120];

    open_line(c);
    snprintf(contact, sizeof(contact), "Contact: <sip:1003@%s>\r\n", c->rig.proxy);
    for (unsigned i = 0; i < 5; i++) {
        const char *invite = dial(c);
        redirect(c, invite, status[i], contact);
        const char *next = callrig_next(c, "INVITE sip:1003@");
        assert_non_null(next);
        assert_string_equal(callrig_header(next, "To"), callrig_header(invite, "To"));
        assert_string_equal(callrig_header(next, "Call-ID"), callrig_header(invite, "Call-ID"));
        callrig_reply(c, next, "486 Busy Here", "p", NULL, NULL);
        assert_non_null(callrig_next(c, "ACK "));
        over(c, 486, "Busy Here");
    }
}

static void several_contacts_are_tried_in_order(void **state)
{
    struct callrig *c = *state;
    char contacts[300];

    open_line(c);
    const char *invite = dial(c);
    snprintf(contacts, sizeof(contacts),
             "Contact: <sip:a@%s>, <tel:+4930123>\r\nContact: \"b, c\" <sip:b@%s>;q=0.1\r\n",
             c->rig.proxy, c->rig.proxy);
    redirect(c, invite, "300 Multiple Choices", contacts);
    invite = callrig_next(c, "INVITE sip:a@");
    callrig_reply(c, invite, "404 Not Found", "p", NULL, NULL);
    assert_non_null(callrig_next(c, "ACK "));
    invite = callrig_next(c, "INVITE sip:b@");
    callrig_reply(c, invite, "180 Ringing", "p", NULL, NULL);
    progress(c, 180, false);
    callrig_reply(c, invite, "603 Decline", "p", NULL, NULL);
    assert_non_null(callrig_next(c, "ACK "));
    over(c, 603, "Decline");
}

static void a_contact_that_is_dead_gives_way_to_the_next(void **state)
{
    struct callrig *c = *state;
    char contacts[300];

    open_line(c);
    const char *invite = dial(c);
    snprintf(contacts, sizeof(contacts), "Contact: <sip:a@127.0.0.1:%u>, <sip:b@%s>\r\n",
             rig_free_port(SOCK_DGRAM), c->rig.proxy);
    redirect(c, invite, "302 Moved Temporarily", contacts);
    assert_non_null(callrig_next(c, "INVITE sip:b@"));
}

static void max_redirection_hops_are_followed(void **state)
{
    struct callrig *c = *state;
    char contact[120];

    open_line(c);
    const char *invite = dial(c);
    for (unsigned i = 0; i < 5; i++) {
        snprintf(contact, sizeof(contact), "Contact: <sip:hop%u@%s>\r\n", i, c->rig.proxy);
        redirect(c, invite, "302 Moved Temporarily", contact);
        invite = callrig_next(c, "INVITE sip:hop");
        assert_non_null(invite);
    }
    redirect(c, invite, "302 Moved Temporarily", contact);
    over(c, 302, "Moved Temporarily");
    assert_true(callrig_quiet(c, 1000));
}

static void a_3xx_without_contact_behind_another_ends_the_call(void **state)
{
    struct callrig *c = *state;
    char contacts[200];

    open_line(c);
    const char *invite = dial(c);
    snprintf(contacts, sizeof(contacts), "Contact: <sip:a@%s>, <sip:b@%s>\r\n", c->rig.proxy,
             c->rig.proxy);
    redirect(c, invite, "302 Moved Temporarily", contacts);
    invite = callrig_next(c, "INVITE sip:a@");
    /* what was left of the first list is gone, and not read any more */
    callrig_reply(c, invite, "302 Moved Temporarily", NULL, NULL, NULL);
    assert_non_null(callrig_next(c, "ACK "));
    over(c, 302, "Moved Temporarily");
}

static void a_redirect_forgets_the_early_media_of_before(void **state)
{
    struct callrig *c = *state;
    char contact[120];

    c->cfg.sticky_183 = true;
    open_line(c);
    const char *invite = dial(c);
    callrig_reply(c, invite, "183 Session Progress", "e", NULL, callrig_sdp(""));
    progress(c, 183, true);
    snprintf(contact, sizeof(contact), "Contact: <sip:a@%s>\r\n", c->rig.proxy);
    redirect(c, invite, "302 Moved Temporarily", contact);
    invite = callrig_next(c, "INVITE sip:a@");
    callrig_reply(c, invite, "180 Ringing", "f", NULL, NULL);
    progress(c, 180, false);
    callrig_reply(c, invite, "200 OK", "f", NULL, NULL); /* no SDP at all from this one */
    assert_non_null(callrig_next(c, "ACK "));
    assert_non_null(callrig_next(c, "BYE "));
    over(c, 488, "Not Acceptable Here");
}

/* ---- failover (2.6) */

static void two_servers(struct callrig *c, const char *rsc)
{
    static char proxy[200];

    snprintf(proxy, sizeof(proxy), "site:SRV=127.0.0.1:%u:p=1|127.0.0.1:%u:p=2",
             udp_peer_port(c->rig.peer), callrig_second(c));
    c->rig.cfg.proxy = proxy;
    c->rig.cfg.backup_rsc = rsc;
    open_line(c);
}

static void silence_leads_to_the_next_server(void **state)
{
    struct callrig *c = *state;

    two_servers(c, "");
    /* the records of Proxy are not part of its name */
    assert_non_null(strstr(callrig_header(dial(c), "From"), "<sip:1001@site>;tag="));
    c->n_read = c->n_got;
    rig_run(&c->rig, 15900, 10);
    c->n_read = c->n_got;
    rig_run(&c->rig, 200, 10);
    const char *invite = callrig_next(c, "INVITE ");
    assert_non_null(invite);
    assert_ptr_equal(c->where[c->n_read - 1], c->second);
    assert_int_equal(c->n_news, 0); /* without a word */
    callrig_reply(c, invite, "486 Busy Here", "p", NULL, NULL);
    assert_non_null(callrig_next(c, "ACK "));
    assert_ptr_equal(c->where[c->n_read - 1], c->second);
    over(c, 486, "Busy Here");
}

static void a_dead_port_leads_to_the_next_server_at_once(void **state)
{
    struct callrig *c = *state;
    char proxy[200];

    snprintf(proxy, sizeof(proxy), "site:SRV=127.0.0.1:%u:p=1|127.0.0.1:%u:p=2",
             rig_free_port(SOCK_DGRAM), callrig_second(c));
    c->rig.cfg.proxy = proxy;
    open_line(c);
    assert_int_equal(callrig_dial(c, NULL), 0);
    const uint64_t began = clock_ms(c->rig.lp);
    const char *invite = callrig_await(c, "INVITE ", 300);
    assert_non_null(invite);
    assert_in_range(callrig_when(c) - began, 0, 300);
    callrig_reply(c, invite, "486 Busy Here", "p", NULL, NULL);
    assert_non_null(callrig_next(c, "ACK "));
    over(c, 486, "Busy Here");
}

static void a_code_of_try_backup_rsc_leads_to_the_next_server(void **state)
{
    struct callrig *c = *state;

    two_servers(c, "5??");
    const char *invite = dial(c);
    callrig_reply(c, invite, "100 Trying", NULL, NULL, NULL);
    callrig_reply(c, invite, "503 Service Unavailable", "p", NULL, NULL);
    assert_non_null(callrig_next(c, "ACK "));
    invite = callrig_next(c, "INVITE ");
    assert_non_null(invite);
    assert_ptr_equal(c->where[c->n_read - 1], c->second);
    assert_null(strstr(callrig_header(invite, "To"), "tag"));
    callrig_reply(c, invite, "503 Service Unavailable", "p", NULL, NULL);
    assert_non_null(callrig_next(c, "ACK "));
    over(c, 503, "Service Unavailable");
}

static void another_code_stays_with_its_server(void **state)
{
    struct callrig *c = *state;

    two_servers(c, "5??");
    const char *invite = dial(c);
    callrig_reply(c, invite, "603 Decline", "p", NULL, NULL);
    assert_non_null(callrig_next(c, "ACK "));
    over(c, 603, "Decline");
}

/* ---- 491 to an INVITE outside dialogs (6.2: back off 4.3) */

static void a_491_is_tried_again_after_the_owner_s_time(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    const char *invite = dial(c);
    const uint64_t began = clock_ms(c->rig.lp);
    callrig_reply(c, invite, "491 Request Pending", "p", NULL, NULL);
    assert_non_null(callrig_next(c, "ACK "));
    assert_true(callrig_quiet(c, 2000));
    invite = callrig_await(c, "INVITE ", 2100);
    assert_non_null(invite);
    assert_in_range(callrig_when(c) - began, 2100, 4020);
    assert_string_equal(callrig_header(invite, "CSeq"), "CSeq: 102 INVITE");
    assert_int_equal(c->n_news, 0);
    callrig_reply(c, invite, "200 OK", CALLRIG_TAG, NULL, callrig_sdp(""));
    assert_non_null(callrig_next(c, "ACK "));
    assert_non_null(callrig_heard(c, UA_CALL_EV_UP));
}

static void hanging_up_while_backing_off_is_quiet(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    const char *invite = dial(c);
    callrig_reply(c, invite, "491 Request Pending", "p", NULL, NULL);
    assert_non_null(callrig_next(c, "ACK "));
    ua_call_hang_up(c->call);
    assert_true(callrig_quiet(c, 10000));
    assert_null(c->rig.line->calls);
}

static void a_491_without_end_fails(void **state)
{
    struct callrig *c = *state;

    open_line(c);
    const char *invite = dial(c);
    for (unsigned n = 0; c->n_news == 0; n++) {
        assert_true(n < 10);
        callrig_reply(c, invite, "491 Request Pending", "p", NULL, NULL);
        assert_non_null(callrig_next(c, "ACK "));
        if (c->n_news == 0)
            invite = callrig_await(c, "INVITE ", 4100);
        assert_non_null(invite);
    }
    over(c, 491, "Request Pending");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, calls_setup, calls_teardown)
    const struct CMUnitTest tests[] = {
        T(every_3xx_is_followed_to_its_contact),
        T(several_contacts_are_tried_in_order),
        T(a_contact_that_is_dead_gives_way_to_the_next),
        T(max_redirection_hops_are_followed),
        T(a_3xx_without_contact_behind_another_ends_the_call),
        T(a_redirect_forgets_the_early_media_of_before),
        T(silence_leads_to_the_next_server),
        T(a_dead_port_leads_to_the_next_server_at_once),
        T(a_code_of_try_backup_rsc_leads_to_the_next_server),
        T(another_code_stays_with_its_server),
        T(a_491_is_tried_again_after_the_owner_s_time),
        T(hanging_up_while_backing_off_is_quiet),
        T(a_491_without_end_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
