/* SPDX-License-Identifier: BSD-3-Clause */
/* Registering one line (sip-behaviour.md 2.1 to 2.3) at a registrar in this process, in virtual
 * time. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/loop/clock.h"
#include "sim/loop/loop.h"
#include "sim/sip/priv.h"
#include "tests/support/rig.h"

enum { REQUESTS_MAX = 64 };

struct request {
    uint64_t at_ms;
    char text[1500];
};

struct fixture {
    struct rig rig;
    const char *const *answers; /* one per request, the last for all others; "" = silence */
    struct request requests[REQUESTS_MAX];
    unsigned n_requests;
};

/* What it answers is written as "CODE header lines". */
static void request_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                            const struct sockaddr_in *from, void *arg)
{
    struct fixture *f = arg;
    char status[16], extra[500], buf[2000];

    if (f->n_requests == REQUESTS_MAX)
        return;
    struct request *r = &f->requests[f->n_requests];
    r->at_ms = clock_ms(f->rig.lp);
    snprintf(r->text, sizeof(r->text), "%.*s", (int)len, (const char *)data);
    unsigned n = 0;
    while (n < f->n_requests && f->answers[n + 1])
        n++;
    f->n_requests++;
    const char *how = f->answers[n];
    if (!how[0])
        return;
    snprintf(status, sizeof(status), "%.3s Reason", how);
    snprintf(extra, sizeof(extra), "%s%s", how + 3, how[3] ? "\r\n" : "");
    udp_peer_send(p, from, buf, rig_answer(buf, sizeof(buf), r->text, status, extra));
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    *state = f;
    return rig_open(&f->rig, request_handler, f);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    rig_close(&f->rig);
    free(f);
    return 0;
}

static void start(struct fixture *f, const char *const *answers)
{
    f->answers = answers;
    assert_int_equal(rig_line(&f->rig), 0);
    ua_line_start(f->rig.line);
}

static void await_report(struct fixture *f)
{
    f->rig.reported = false;
    assert_true(peer_wait(f->rig.lp, &f->rig.reported));
}

static bool sent(const struct fixture *f, unsigned n, const char *text)
{
    return n < f->n_requests && strstr(f->requests[n].text, text);
}

/* Phone milliseconds to the renewal or retry, give or take the turns in which packets travelled. */
static void assert_next_s(const struct fixture *f, uint32_t seconds)
{
    assert_in_range(f->rig.last.next_s, seconds, seconds + 1);
}

#define CHALLENGE_A                                                                                \
    "401WWW-Authenticate: Digest realm=\"r\",nonce=\"aaaa\",algorithm=MD5,qop=\"auth\""
#define CHALLENGE_B                                                                                \
    "401WWW-Authenticate: Digest realm=\"r\",nonce=\"bbbb\",algorithm=MD5,qop=\"auth\""
#define STALE_B                                                                                    \
    "401WWW-Authenticate: Digest realm=\"r\",nonce=\"bbbb\",algorithm=MD5,qop=\"auth\",stale=true"

static void a_challenge_is_answered_at_once(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {CHALLENGE_A, "200", NULL};

    start(f, answers);
    await_report(f);
    assert_int_equal(f->rig.last.state, UA_REG_OK);
    assert_true(f->rig.last.challenged);
    assert_int_equal(f->rig.last.granted_s, 3600);
    assert_int_equal(f->n_requests, 2);
    assert_false(sent(f, 0, "Authorization"));
    assert_true(sent(f, 1, "nonce=\"aaaa\""));
    assert_true(sent(f, 1, "nc=00000001"));
    assert_next_s(f, 2795); /* (3600 - 16) * 0.78, 2.2 */
}

static void a_renewal_sends_the_nonce_ahead(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {CHALLENGE_A, "200", "200", NULL};

    start(f, answers);
    await_report(f);
    loop_advance(f->rig.lp, 2796 * 1000);
    await_report(f);
    assert_int_equal(f->n_requests, 3);
    assert_true(sent(f, 2, "nonce=\"aaaa\""));
    assert_true(sent(f, 2, "nc=00000002"));
    assert_false(f->rig.last.challenged);
}

static void a_stale_nonce_is_no_failure(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {CHALLENGE_A, "200", STALE_B, "200", NULL};

    f->rig.cfg.max_auth = 1;
    start(f, answers);
    await_report(f);
    loop_advance(f->rig.lp, 2796 * 1000);
    await_report(f);
    assert_int_equal(f->rig.last.state, UA_REG_OK);
    assert_true(sent(f, 3, "nonce=\"bbbb\""));
    assert_true(sent(f, 3, "nc=00000001"));
}

static void stale_for_ever_is_given_up(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {STALE_B, NULL};

    start(f, answers);
    await_report(f);
    assert_int_equal(f->rig.last.state, UA_REG_FAILED);
    assert_in_range(f->n_requests, 2, 20);
}

static void max_auth_bounds_the_challenges(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {CHALLENGE_A, CHALLENGE_B, CHALLENGE_A, NULL};

    start(f, answers);
    await_report(f);
    assert_int_equal(f->rig.last.state, UA_REG_FAILED);
    assert_int_equal(f->rig.last.scode, 401);
    assert_int_equal(f->n_requests, 3);
    assert_next_s(f, 1200); /* rule 8 of 2.3 */
}

static void a_smaller_grant_renews_sooner(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {"200Expires: 120", NULL};

    start(f, answers);
    await_report(f);
    assert_int_equal(f->rig.last.granted_s, 120);
    assert_next_s(f, 81); /* 2.2 */
}

static void the_own_contact_wins_over_the_expires_header(void **state)
{
    struct fixture *f = *state;
    static const char *const none[] = {"", NULL};
    char grant[160];
    const char *answers[] = {grant, NULL};

    start(f, none);
    snprintf(grant, sizeof(grant),
             "200Expires: 60\r\nContact: <sip:1001@127.0.0.9:5060>;expires=5\r\n"
             "Contact: <sip:1001@127.0.0.1:%u>;expires=300",
             f->rig.line->cfg.port);
    f->answers = answers;
    await_report(f);
    assert_int_equal(f->rig.last.granted_s, 300);
}

static void too_brief_repeats_with_the_minimum(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {"423Min-Expires: 7200", "200", NULL};

    start(f, answers);
    await_report(f);
    assert_true(sent(f, 0, "expires=3600"));
    assert_true(sent(f, 1, "expires=7200"));
    assert_int_equal(f->rig.last.state, UA_REG_OK);
}

static void a_minimum_beyond_the_maximum_is_clamped(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {"423Min-Expires: 90000", "423Min-Expires: 90000", NULL};

    start(f, answers);
    await_report(f);
    assert_true(sent(f, 1, "expires=7200"));
    assert_int_equal(f->rig.last.scode, 423); /* nothing gained a second time */
    assert_int_equal(f->n_requests, 2);
}

static void silence_is_retransmitted_until_timer_f(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {"", NULL};
    static const unsigned at_ms[] = {0, 500, 1500, 3500, 7500, 11500, 15500};

    start(f, answers);
    for (unsigned i = 0; i < 17000 && !f->rig.n_reports; i += 100) {
        loop_advance(f->rig.lp, 100);
        peer_settle(f->rig.lp);
    }
    assert_int_equal(f->n_requests, sizeof(at_ms) / sizeof(at_ms[0]));
    for (unsigned i = 0; i < f->n_requests; i++) {
        /* a packet is seen a turn or two after it was sent */
        assert_in_range(f->requests[i].at_ms - f->requests[0].at_ms + 200, at_ms[i],
                        at_ms[i] + 400);
        assert_string_equal(f->requests[i].text, f->requests[0].text);
    }
    assert_string_equal(f->rig.reason, "timeout");
    assert_next_s(f, 30); /* rule 7 of 2.3 */
}

static void coded_failures_wait_long_unless_listed(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {"500", NULL};

    start(f, answers);
    await_report(f);
    assert_next_s(f, 1200);
}

static void a_listed_code_waits_short(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {"500", NULL};

    f->rig.cfg.retry_rsc = "404, 5??";
    start(f, answers);
    await_report(f);
    assert_next_s(f, 30);
}

static void a_long_interval_of_zero_stops(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {"403", NULL};

    f->rig.cfg.retry_long_s = 0;
    start(f, answers);
    await_report(f);
    assert_int_equal(f->rig.last.next_s, 0);
}

static void retry_after_counts_for_503(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {"503Retry-After: 77", "200", NULL};

    start(f, answers);
    await_report(f);
    assert_next_s(f, 77);
    loop_advance(f->rig.lp, 77500);
    await_report(f);
    assert_int_equal(f->rig.last.state, UA_REG_OK);
}

static void retry_after_counts_for_nothing_else(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {"480Retry-After: 77", NULL};

    start(f, answers);
    await_report(f);
    assert_next_s(f, 1200);
}

static void a_redirect_is_followed_so_many_times(void **state)
{
    struct fixture *f = *state;
    char to_itself[80];
    const char *answers[] = {to_itself, NULL};

    snprintf(to_itself, sizeof(to_itself), "302Contact: <sip:127.0.0.1:%u>",
             udp_peer_port(f->rig.peer));
    start(f, answers);
    await_report(f);
    assert_int_equal(f->n_requests, 6); /* Max Redirection 5 */
    assert_int_equal(f->rig.last.scode, 302);
}

static void call_id_and_from_tag_stay_while_cseq_counts(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {CHALLENGE_A, "200", NULL};
    struct raw_message a, b;

    start(f, answers);
    await_report(f);
    assert_true(raw_parse(&a, f->requests[0].text, strlen(f->requests[0].text)));
    assert_true(raw_parse(&b, f->requests[1].text, strlen(f->requests[1].text)));
    assert_int_equal(pl_cmp(&a.call_id, &b.call_id), 0);
    assert_int_equal(pl_cmp(&a.from, &b.from), 0);
    assert_int_not_equal(pl_cmp(&a.vias[0], &b.vias[0]), 0);
    assert_int_equal(pl_u32(&b.cseq), 0); /* "N REGISTER" is no number */
    assert_int_equal(strtoul(b.cseq.p, NULL, 10), strtoul(a.cseq.p, NULL, 10) + 1);
}

static void unregistering_asks_for_no_time(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {"200", "200", NULL};

    start(f, answers);
    await_report(f);
    ua_line_unregister(f->rig.line);
    await_report(f);
    assert_true(sent(f, 1, ";expires=0\r\n"));
    assert_int_equal(f->rig.last.state, UA_REG_OFF);
    assert_int_equal(f->rig.last.next_s, 0);
}

static void a_line_without_register_is_silent(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {"200", NULL};

    f->rig.cfg.reg_enable = false;
    start(f, answers);
    loop_advance(f->rig.lp, 1000);
    peer_settle(f->rig.lp);
    assert_int_equal(f->n_requests, 0);
}

static void answers_of_others_are_ignored(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {"", NULL};
    static const char stray[] = "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK-1\r\n"
                                "From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: x\r\n"
                                "CSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n";
    struct sockaddr_in to = {.sin_family = AF_INET};

    start(f, answers);
    loop_advance(f->rig.lp, 1);
    peer_settle(f->rig.lp);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(f->rig.line->cfg.port);
    udp_peer_send(f->rig.peer, &to, stray, sizeof(stray) - 1);
    peer_settle(f->rig.lp);
    assert_int_equal(f->rig.n_reports, 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(a_challenge_is_answered_at_once),
        T(a_renewal_sends_the_nonce_ahead),
        T(a_stale_nonce_is_no_failure),
        T(stale_for_ever_is_given_up),
        T(max_auth_bounds_the_challenges),
        T(a_smaller_grant_renews_sooner),
        T(the_own_contact_wins_over_the_expires_header),
        T(too_brief_repeats_with_the_minimum),
        T(a_minimum_beyond_the_maximum_is_clamped),
        T(silence_is_retransmitted_until_timer_f),
        T(coded_failures_wait_long_unless_listed),
        T(a_listed_code_waits_short),
        T(a_long_interval_of_zero_stops),
        T(retry_after_counts_for_503),
        T(retry_after_counts_for_nothing_else),
        T(a_redirect_is_followed_so_many_times),
        T(call_id_and_from_tag_stay_while_cseq_counts),
        T(unregistering_asks_for_no_time),
        T(a_line_without_register_is_silent),
        T(answers_of_others_are_ignored),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
