/* SPDX-License-Identifier: BSD-3-Clause */
/* Registering one line (sip-behaviour.md 2.1 to 2.3) at a registrar in this process, in virtual
 * time. */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/dns/dns.h"
#include "sim/loop/clock.h"
#include "sim/loop/loop.h"
#include "sim/sip/priv.h"
#include "tests/support/peer.h"

enum { REQUESTS_MAX = 64 };

struct request {
    uint64_t at_ms;
    char text[1500];
};

struct fixture {
    struct loop *lp;
    struct udp_peer *registrar;
    struct resolver *dns;
    struct ua_stack *stack;
    struct ua_line *line;
    struct ua_line_config cfg;
    struct rng rng;
    const char *const *answers; /* one per request, the last for all others; "" = silence */
    struct request requests[REQUESTS_MAX];
    unsigned n_requests;
    unsigned n_reports;
    struct ua_reg_status status;
    char reason[64];
    bool done;
};

static void put_value(char *buf, size_t size, const char *name, const struct pl *value)
{
    const size_t len = strlen(buf);
    snprintf(buf + len, size - len, "%s: %.*s\r\n", name, (int)value->l, value->p);
}

/* "CODE header lines": the answer to this request. */
static void answer(struct fixture *f, const struct raw_message *raw, const struct sockaddr_in *from,
                   const char *how)
{
    char buf[2000];

    snprintf(buf, sizeof(buf), "SIP/2.0 %.3s Reason\r\n", how);
    put_value(buf, sizeof(buf), "Via", &raw->vias[0]);
    put_value(buf, sizeof(buf), "From", &raw->from);
    put_value(buf, sizeof(buf), "To", &raw->to);
    put_value(buf, sizeof(buf), "Call-ID", &raw->call_id);
    put_value(buf, sizeof(buf), "CSeq", &raw->cseq);
    const size_t len = strlen(buf);
    snprintf(buf + len, sizeof(buf) - len, "%s%sContent-Length: 0\r\n\r\n", how + 3,
             how[3] ? "\r\n" : "");
    udp_peer_send(f->registrar, from, buf, strlen(buf));
}

static void request_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                            const struct sockaddr_in *from, void *arg)
{
    struct fixture *f = arg;
    struct raw_message raw;

    (void)p;
    if (f->n_requests == REQUESTS_MAX)
        return;
    struct request *r = &f->requests[f->n_requests];
    r->at_ms = clock_ms(f->lp);
    snprintf(r->text, sizeof(r->text), "%.*s", (int)len, (const char *)data);
    unsigned n = 0;
    while (n < f->n_requests && f->answers[n + 1])
        n++;
    f->n_requests++;
    if (f->answers[n][0] && raw_parse(&raw, r->text, strlen(r->text)))
        answer(f, &raw, from, f->answers[n]);
}

static void registered_handler(const struct ua_reg_status *st, void *arg)
{
    struct fixture *f = arg;

    f->status = *st;
    snprintf(f->reason, sizeof(f->reason), "%s", st->reason ? st->reason : "");
    f->n_reports++;
    f->done = true;
}

static int setup(void **state)
{
    static const struct loop_config virtual_time = {.clock = CLOCK_VIRTUAL};
    static const struct ua_stack_config plain = {.shared_sockets = false};
    struct fixture *f = calloc(1, sizeof(*f));

    *state = f;
    rng_init(&f->rng, 1, 1);
    if (loop_alloc(&f->lp, &virtual_time) || resolver_alloc(&f->dns, f->lp, "127.0.0.1:9") ||
        ua_stack_alloc(&f->stack, f->lp, f->dns, &plain))
        return -1;
    f->registrar = udp_peer_open(f->lp, request_handler, f);
    f->cfg = (struct ua_line_config){.user = "1001",
                                     .password = "pw",
                                     .allow = "INVITE",
                                     .supported = "replaces",
                                     .reg_enable = true,
                                     .expires_s = 3600,
                                     .reg_min_s = 1,
                                     .reg_max_s = 7200,
                                     .t1_ms = 500,
                                     .t2_ms = 4000,
                                     .timer_f_ms = 16000,
                                     .timer_j_ms = 16000,
                                     .retry_s = 30,
                                     .retry_long_s = 1200,
                                     .renewal_factor = 0.78,
                                     .renewal_minus_f = true,
                                     .max_auth = 2,
                                     .max_forward = 70,
                                     .max_redirect = 5};
    f->cfg.addr.s_addr = htonl(INADDR_LOOPBACK);
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    if (f->line)
        ua_line_close(f->line);
    mem_deref(f->line);
    mem_deref(f->stack);
    mem_deref(f->dns);
    udp_peer_close(f->registrar);
    loop_poll(f->lp);
    mem_deref(f->lp);
    free(f);
    return 0;
}

static void start(struct fixture *f, const char *const *answers)
{
    static const struct ua_line_handlers handlers = {.registered = registered_handler};
    char proxy[32];
    int err = EADDRINUSE;

    snprintf(proxy, sizeof(proxy), "127.0.0.1:%u", udp_peer_port(f->registrar));
    f->cfg.proxy = proxy;
    f->answers = answers;
    for (f->cfg.port = 41000; err == EADDRINUSE && f->cfg.port < 42000; f->cfg.port++)
        err = ua_line_alloc(&f->line, f->stack, &f->rng, &f->cfg, &handlers, f);
    assert_int_equal(err, 0);
    ua_line_start(f->line);
}

static void await_report(struct fixture *f)
{
    f->done = false;
    assert_true(peer_wait(f->lp, &f->done));
}

static bool sent(const struct fixture *f, unsigned n, const char *text)
{
    return n < f->n_requests && strstr(f->requests[n].text, text);
}

/* Phone milliseconds to the renewal or retry, give or take the turns in which packets travelled. */
static void assert_next_s(const struct fixture *f, uint32_t seconds)
{
    assert_in_range(f->status.next_s, seconds, seconds + 1);
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
    assert_int_equal(f->status.state, UA_REG_OK);
    assert_true(f->status.challenged);
    assert_int_equal(f->status.granted_s, 3600);
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
    loop_advance(f->lp, 2796 * 1000);
    await_report(f);
    assert_int_equal(f->n_requests, 3);
    assert_true(sent(f, 2, "nonce=\"aaaa\""));
    assert_true(sent(f, 2, "nc=00000002"));
    assert_false(f->status.challenged);
}

static void a_stale_nonce_is_no_failure(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {CHALLENGE_A, "200", STALE_B, "200", NULL};

    f->cfg.max_auth = 1;
    start(f, answers);
    await_report(f);
    loop_advance(f->lp, 2796 * 1000);
    await_report(f);
    assert_int_equal(f->status.state, UA_REG_OK);
    assert_true(sent(f, 3, "nonce=\"bbbb\""));
    assert_true(sent(f, 3, "nc=00000001"));
}

static void stale_for_ever_is_given_up(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {STALE_B, NULL};

    start(f, answers);
    await_report(f);
    assert_int_equal(f->status.state, UA_REG_FAILED);
    assert_in_range(f->n_requests, 2, 20);
}

static void max_auth_bounds_the_challenges(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {CHALLENGE_A, CHALLENGE_B, CHALLENGE_A, NULL};

    start(f, answers);
    await_report(f);
    assert_int_equal(f->status.state, UA_REG_FAILED);
    assert_int_equal(f->status.scode, 401);
    assert_int_equal(f->n_requests, 3);
    assert_next_s(f, 1200); /* rule 8 of 2.3 */
}

static void a_smaller_grant_renews_sooner(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {"200Expires: 120", NULL};

    start(f, answers);
    await_report(f);
    assert_int_equal(f->status.granted_s, 120);
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
             f->line->cfg.port);
    f->answers = answers;
    await_report(f);
    assert_int_equal(f->status.granted_s, 300);
}

static void too_brief_repeats_with_the_minimum(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {"423Min-Expires: 7200", "200", NULL};

    start(f, answers);
    await_report(f);
    assert_true(sent(f, 0, "expires=3600"));
    assert_true(sent(f, 1, "expires=7200"));
    assert_int_equal(f->status.state, UA_REG_OK);
}

static void a_minimum_beyond_the_maximum_is_clamped(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {"423Min-Expires: 90000", "423Min-Expires: 90000", NULL};

    start(f, answers);
    await_report(f);
    assert_true(sent(f, 1, "expires=7200"));
    assert_int_equal(f->status.scode, 423); /* nothing gained a second time */
    assert_int_equal(f->n_requests, 2);
}

static void silence_is_retransmitted_until_timer_f(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {"", NULL};
    static const unsigned at_ms[] = {0, 500, 1500, 3500, 7500, 11500, 15500};

    start(f, answers);
    for (unsigned i = 0; i < 17000 && !f->n_reports; i += 100) {
        loop_advance(f->lp, 100);
        peer_settle(f->lp);
    }
    assert_int_equal(f->n_requests, sizeof(at_ms) / sizeof(at_ms[0]));
    for (unsigned i = 0; i < f->n_requests; i++) {
        /* a packet is seen a turn or two after it was sent */
        assert_in_range(f->requests[i].at_ms - f->requests[0].at_ms + 200, at_ms[i],
                        at_ms[i] + 400);
        assert_string_equal(f->requests[i].text, f->requests[0].text);
    }
    assert_string_equal(f->reason, "timeout");
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

    f->cfg.retry_rsc = "404, 5??";
    start(f, answers);
    await_report(f);
    assert_next_s(f, 30);
}

static void a_long_interval_of_zero_stops(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {"403", NULL};

    f->cfg.retry_long_s = 0;
    start(f, answers);
    await_report(f);
    assert_int_equal(f->status.next_s, 0);
}

static void retry_after_counts_for_503(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {"503Retry-After: 77", "200", NULL};

    start(f, answers);
    await_report(f);
    assert_next_s(f, 77);
    loop_advance(f->lp, 77500);
    await_report(f);
    assert_int_equal(f->status.state, UA_REG_OK);
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
             udp_peer_port(f->registrar));
    start(f, answers);
    await_report(f);
    assert_int_equal(f->n_requests, 6); /* Max Redirection 5 */
    assert_int_equal(f->status.scode, 302);
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
    ua_line_unregister(f->line);
    await_report(f);
    assert_true(sent(f, 1, ";expires=0\r\n"));
    assert_int_equal(f->status.state, UA_REG_OFF);
    assert_int_equal(f->status.next_s, 0);
}

static void a_line_without_register_is_silent(void **state)
{
    struct fixture *f = *state;
    static const char *const answers[] = {"200", NULL};

    f->cfg.reg_enable = false;
    start(f, answers);
    loop_advance(f->lp, 1000);
    peer_settle(f->lp);
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
    loop_advance(f->lp, 1);
    peer_settle(f->lp);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(f->line->cfg.port);
    udp_peer_send(f->registrar, &to, stray, sizeof(stray) - 1);
    peer_settle(f->lp);
    assert_int_equal(f->n_reports, 0);
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
