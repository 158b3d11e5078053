/* SPDX-License-Identifier: BSD-3-Clause */
/* What a line makes of each answer to its REGISTER (sip-behaviour.md 2.1 to 2.3, 2.9, 2.10, 7). */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>
#include <re.h>

#include "sim/dns/dns.h"
#include "sim/loop/clock.h"
#include "sim/loop/loop.h"
#include "sim/sip/priv.h"
#include "tests/support/rig.h"

enum { REQUESTS = 40, WHOLE = 2048 };

struct reply {                  /* one a request; status NULL = silence */
    const char *status, *extra; /* "@ME" in extra stands for the phone's URI */
};

struct fixture {
    struct rig rig;
    const struct reply *plan;
    size_t n_plan;
    unsigned n;
    struct {
        char text[WHOLE];
        uint64_t at_ms;
    } requests[REQUESTS];
    struct udp_peer *other; /* where a redirection may lead; answers nothing */
    unsigned n_other;
    char other_text[WHOLE];
};

static void with_own_uri(char *buf, size_t size, const char *extra, uint16_t port)
{
    const char *me = strstr(extra, "@ME");

    if (me)
        snprintf(buf, size, "%.*ssip:1001@127.0.0.1:%u%s", (int)(me - extra), extra, port, me + 3);
    else
        snprintf(buf, size, "%s", extra);
}

static void request_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                            const struct sockaddr_in *from, void *arg)
{
    struct fixture *f = arg;
    const struct reply *reply = f->n < f->n_plan ? &f->plan[f->n] : NULL;
    char extra[700], answer[WHOLE];

    assert_in_range(f->n, 0, REQUESTS - 1);
    snprintf(f->requests[f->n].text, WHOLE, "%.*s", (int)len, (const char *)data);
    f->requests[f->n].at_ms = clock_ms(f->rig.lp);
    if (reply && reply->status) {
        with_own_uri(extra, sizeof(extra), reply->extra ? reply->extra : "", f->rig.cfg.port);
        const size_t n =
            rig_answer(answer, sizeof(answer), f->requests[f->n].text, reply->status, extra);
        udp_peer_send(p, from, answer, n);
    }
    f->n++;
}

static void other_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                          const struct sockaddr_in *from, void *arg)
{
    struct fixture *f = arg;

    (void)p;
    (void)from;
    f->n_other++;
    snprintf(f->other_text, WHOLE, "%.*s", (int)len, (const char *)data);
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

    if (f->other)
        udp_peer_close(f->other);
    rig_close(&f->rig);
    free(f);
    return 0;
}

/* The registrar's answers, one after the other; afterwards it is silent. */
#define PLAN(f, ...)                                                                               \
    do {                                                                                           \
        static const struct reply replies[] = {__VA_ARGS__};                                       \
        (f)->plan = replies;                                                                       \
        (f)->n_plan = sizeof(replies) / sizeof(replies[0]);                                        \
    } while (0)

#define CHALLENGE       "WWW-Authenticate: Digest realm=\"pbx\",nonce=\"n1\",qop=\"auth\"\r\n"
#define CHALLENGE_OTHER "WWW-Authenticate: Digest realm=\"pbx\",nonce=\"n2\",qop=\"auth\"\r\n"
#define CHALLENGE_STALE                                                                            \
    "WWW-Authenticate: Digest realm=\"pbx\",nonce=\"n3\",qop=\"auth\",stale=true\r\n"

/* Open the line, register and let a moment pass in which answers come. */
static void begin(struct fixture *f)
{
    assert_int_equal(rig_line(&f->rig), 0);
    ua_line_start(f->rig.line);
    rig_run(&f->rig, 10, 1);
}

static void assert_failed(struct fixture *f, uint16_t scode, const char *reason, uint32_t next_s)
{
    assert_int_equal(f->rig.last.state, UA_REG_FAILED);
    assert_int_equal(f->rig.last.scode, scode);
    assert_string_equal(f->rig.last.reason, reason);
    assert_int_equal(f->rig.last.granted_s, 0);
    assert_int_equal(f->rig.last.next_s, next_s);
}

static void assert_registered(struct fixture *f, uint32_t granted_s)
{
    assert_int_equal(f->rig.last.state, UA_REG_OK);
    assert_int_equal(f->rig.last.scode, 200);
    assert_int_equal(f->rig.last.granted_s, granted_s);
}

static bool same_header(const struct fixture *f, unsigned a, unsigned b, const char *name)
{
    char one[512], two[512];

    return strcmp(rig_header(f->requests[a].text, name, one, sizeof(one)),
                  rig_header(f->requests[b].text, name, two, sizeof(two))) == 0;
}

static unsigned cseq(const struct fixture *f, unsigned i)
{
    char line[512];

    return (unsigned)atoi(rig_header(f->requests[i].text, "CSeq", line, sizeof(line)) + 6);
}

static bool has(const struct fixture *f, unsigned i, const char *text)
{
    return strstr(f->requests[i].text, text) != NULL;
}

/* Credentials of a request, checked as a server would. */
static bool credentials_good(const struct fixture *f, unsigned i, const char *name,
                             const char *nonce, uint32_t nc)
{
    struct auth_response ar;
    char line[1024];
    struct pl value;

    rig_header(f->requests[i].text, name, line, sizeof(line));
    if (!line[0])
        return false;
    pl_set_str(&value, line + strlen(name) + 2);
    return auth_response_parse(&ar, &value) == 0 && strcmp(ar.nonce, nonce) == 0 && ar.nc == nc &&
           auth_response_check(&ar, "REGISTER", "pw-1001");
}

/* ---- silence */

static void silence_is_retransmitted_up_to_t2_until_timer_f(void **state)
{
    static const uint64_t at_ms[] = {0, 500, 1500, 3500, 7500, 11500, 15500};
    struct fixture *f = *state;

    begin(f);
    rig_run(&f->rig, 15980, 1);
    assert_int_equal(f->n, 7);
    for (unsigned i = 0; i < 7; i++) {
        assert_int_equal(f->requests[i].at_ms - f->requests[0].at_ms, at_ms[i]);
        assert_string_equal(f->requests[i].text, f->requests[0].text);
    }
    assert_int_equal(f->rig.n_reports, 0);
    rig_run(&f->rig, 20, 1);
    assert_int_equal(f->rig.n_reports, 1);
    assert_failed(f, 0, "timeout", 30);
    assert_in_range(f->rig.last.us, 16000000, 16010000); /* with the server's look-up */
    assert_string_equal(f->rig.last.server, f->rig.proxy);
    assert_int_equal(ua_stack_counters(f->rig.stack)->n_retransmitted, 6);
}

static void after_the_short_wait_a_new_request_of_the_same_call_follows(void **state)
{
    struct fixture *f = *state;

    PLAN(f, {0}, {0}, {0}, {0}, {0}, {0}, {0}, {"200 OK", NULL});
    begin(f);
    rig_run(&f->rig, 16000, 10);
    rig_run(&f->rig, 29900, 100);
    assert_int_equal(f->n, 7);
    rig_run(&f->rig, 200, 1);
    assert_int_equal(f->n, 8);
    assert_int_equal(f->requests[7].at_ms - f->requests[0].at_ms, 46000);
    assert_true(same_header(f, 0, 7, "Call-ID") && same_header(f, 0, 7, "From"));
    assert_false(same_header(f, 0, 7, "Via"));
    assert_int_equal(cseq(f, 7), cseq(f, 0) + 1);
    assert_registered(f, 3600);
}

static void a_provisional_answer_slows_retransmission_to_t2(void **state)
{
    static const uint64_t at_ms[] = {0, 500, 4500, 8500, 12500};
    struct fixture *f = *state;

    PLAN(f, {"100 Trying", NULL});
    begin(f);
    rig_run(&f->rig, 16100, 1);
    assert_int_equal(f->n, 5);
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(f->requests[i].at_ms - f->requests[0].at_ms, at_ms[i]);
    assert_failed(f, 0, "timeout", 30);
}

static void short_waits_double_up_to_the_cap_and_start_anew_after_success(void **state)
{
    static const uint32_t wait_s[] = {30, 60, 100, 100};
    struct fixture *f = *state;

    PLAN(f, {"500 No", NULL}, {"500 No", NULL}, {"500 No", NULL}, {"500 No", NULL},
         {"200 OK", "Expires: 60\r\n"}, {"500 No", NULL});
    f->rig.cfg.retry_cap_s = 100;
    f->rig.cfg.retry_rsc = "500";
    begin(f);
    for (unsigned i = 0; i < 4; i++) {
        assert_failed(f, 500, "No", wait_s[i]);
        rig_run(&f->rig, wait_s[i] * 1000, 50);
    }
    assert_registered(f, 60);
    rig_run(&f->rig, 34400, 50);
    assert_failed(f, 500, "No", 30);
}

static void a_closed_port_is_told_at_once(void **state)
{
    struct fixture *f = *state;
    char closed[32];

    snprintf(closed, sizeof(closed), "127.0.0.1:%u", rig_free_port(SOCK_DGRAM));
    f->rig.cfg.proxy = closed;
    begin(f);
    assert_failed(f, 0, "connection refused", 30);
}

static void a_closed_port_may_be_left_to_timer_f(void **state)
{
    struct fixture *f = *state;
    char closed[32];

    snprintf(closed, sizeof(closed), "127.0.0.1:%u", rig_free_port(SOCK_DGRAM));
    f->rig.cfg.proxy = closed;
    f->rig.cfg.icmp_waits = true;
    begin(f);
    rig_run(&f->rig, 15800, 50);
    assert_int_equal(f->rig.n_reports, 0);
    rig_run(&f->rig, 400, 50);
    assert_failed(f, 0, "timeout", 30);
}

/* ---- challenges */

static void a_challenge_is_answered_within_the_same_call(void **state)
{
    struct fixture *f = *state;

    PLAN(f, {"401 Unauthorized", CHALLENGE}, {"200 OK", NULL});
    begin(f);
    assert_int_equal(f->n, 2);
    assert_false(has(f, 0, "Authorization:"));
    assert_true(credentials_good(f, 1, "Authorization", "n1", 1));
    assert_true(same_header(f, 0, 1, "Call-ID") && same_header(f, 0, 1, "From"));
    assert_false(same_header(f, 0, 1, "Via"));
    assert_int_equal(cseq(f, 1), cseq(f, 0) + 1);
    assert_registered(f, 3600);
    assert_true(f->rig.last.challenged);
    assert_int_equal(f->rig.n_reports, 1);
}

static void a_proxy_s_challenge_is_answered_as_such(void **state)
{
    struct fixture *f = *state;

    PLAN(f,
         {"407 Proxy Authentication Required",
          "Proxy-Authenticate: Digest realm=\"pbx\",nonce=\"n1\"\r\n"},
         {"200 OK", NULL});
    begin(f);
    assert_true(credentials_good(f, 1, "Proxy-Authorization", "n1", 0));
    assert_false(has(f, 1, "\r\nAuthorization:"));
    assert_registered(f, 3600);
}

static void renewals_carry_the_credentials_ahead_and_count_on(void **state)
{
    struct fixture *f = *state;

    PLAN(f, {"401 Unauthorized", CHALLENGE}, {"200 OK", "Expires: 60\r\n"},
         {"200 OK", "Expires: 60\r\n"}, {"401 Unauthorized", CHALLENGE_STALE}, {"200 OK", NULL});
    begin(f);
    assert_int_equal(f->rig.last.next_s, 35);
    rig_run(&f->rig, 34300, 50);
    assert_int_equal(f->n, 2);
    rig_run(&f->rig, 100, 1);
    assert_int_equal(f->n, 3);
    assert_in_range(f->requests[2].at_ms - f->requests[1].at_ms, 34319, 34321);
    assert_true(credentials_good(f, 2, "Authorization", "n1", 2));
    assert_true(same_header(f, 0, 2, "Call-ID") && same_header(f, 0, 2, "From"));
    assert_false(f->rig.last.challenged);
    rig_run(&f->rig, 34400, 50);
    assert_true(credentials_good(f, 3, "Authorization", "n1", 3));
    assert_true(credentials_good(f, 4, "Authorization", "n3", 1));
    assert_registered(f, 3600);
}

static void a_wrong_password_ends_after_max_auth_challenges(void **state)
{
    struct fixture *f = *state;

    PLAN(f, {"401 Unauthorized", CHALLENGE}, {"401 Unauthorized", CHALLENGE_OTHER},
         {"401 Unauthorized", CHALLENGE}, {"200 OK", NULL});
    f->rig.cfg.password = "wrong";
    begin(f);
    assert_int_equal(f->n, 3);
    assert_true(has(f, 1, "nonce=\"n1\"") && has(f, 2, "nonce=\"n2\""));
    assert_failed(f, 401, "Unauthorized", 1200);
    rig_run(&f->rig, 1200000, 1000);
    assert_int_equal(f->n, 4);
    assert_false(has(f, 3, "Authorization:")); /* what was refused is not sent again */
    assert_registered(f, 3600);
}

static void a_stale_nonce_is_no_refusal(void **state)
{
    struct fixture *f = *state;

    PLAN(f, {"401 Unauthorized", CHALLENGE}, {"401 Unauthorized", CHALLENGE_STALE},
         {"200 OK", NULL});
    f->rig.cfg.max_auth = 1;
    begin(f);
    assert_int_equal(f->n, 3);
    assert_true(credentials_good(f, 2, "Authorization", "n3", 1));
    assert_registered(f, 3600);
}

static void a_server_that_calls_every_nonce_stale_is_given_up(void **state)
{
    struct fixture *f = *state;
    struct reply replies[REQUESTS];

    for (unsigned i = 0; i < REQUESTS; i++)
        replies[i] = (struct reply){"401 Unauthorized", CHALLENGE_STALE};
    f->plan = replies;
    f->n_plan = REQUESTS;
    begin(f);
    rig_run(&f->rig, 40, 1);
    assert_int_equal(f->n, 17); /* after as many rounds as one attempt has */
    assert_failed(f, 401, "Unauthorized", 1200);
}

static void challenges_that_cannot_be_answered_are_failures(void **state)
{
    static const struct reply useless[] = {
        {"401 Unauthorized", NULL},
        {"401 Unauthorized", "WWW-Authenticate: Digest nonce=\"n\"\r\n"},
        {"401 Unauthorized",
         "WWW-Authenticate: Digest realm=\"r\",nonce=\"n\",algorithm=SHA-256\r\n"},
        {"401 Unauthorized", "Proxy-Authenticate: Digest realm=\"r\",nonce=\"n\"\r\n"},
    };
    struct fixture *f = *state;

    f->rig.cfg.retry_long_s = 5;
    f->plan = useless;
    f->n_plan = 4;
    begin(f);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(f->n, i + 1);
        assert_failed(f, 401, "Unauthorized", 5);
        rig_run(&f->rig, 5000, 5);
    }
}

static void the_first_challenge_that_can_be_answered_is(void **state)
{
    struct fixture *f = *state;

    PLAN(f,
         {"401 Unauthorized",
          "WWW-Authenticate: Digest realm=\"r\",nonce=\"n\",algorithm=SHA-256\r\n" CHALLENGE},
         {"200 OK", NULL});
    begin(f);
    assert_true(credentials_good(f, 1, "Authorization", "n1", 1));
}

static void auth_id_is_the_digest_user_when_set(void **state)
{
    struct fixture *f = *state;

    PLAN(f, {"401 Unauthorized", CHALLENGE}, {"200 OK", NULL});
    f->rig.cfg.auth_id = "desk-1";
    begin(f);
    assert_true(has(f, 1, "username=\"desk-1\"") && has(f, 1, "From: <sip:1001@"));
}

/* ---- grants */

static void the_grant_is_that_of_the_own_contact(void **state)
{
    static const struct {
        const char *extra;
        uint32_t granted_s;
    } t[] = {
        {"Contact: <@ME>;expires=90\r\nExpires: 120\r\n", 90},
        {"Contact: <sip:1001@127.0.0.9:5060>;expires=60, <@ME>;q=0.5;expires=90\r\n", 90},
        {"Contact: <sip:1001@127.0.0.1:1>;expires=60\r\nContact: <@ME>;expires=90\r\n", 90},
        {"Contact: <sip:2@127.0.0.1:5060>;expires=60\r\nExpires: 120\r\n", 120},
        {"Contact: <@ME>\r\nExpires: 120\r\n", 120},
        {"Expires: 120\r\n", 120},
        {"", 3600},
        {"Contact: <@ME>;expires=5\r\n", 50}, /* Reg Min Expires */
        {"Contact: <@ME>;expires=0\r\n", 50},
        {"Contact: <@ME>;expires=99999\r\n", 99999},
        {"Contact: <@ME>;expires=4294967356\r\n", UINT32_MAX}, /* 2^32 + 60 is no minute */
        {"Contact: <@ME>;expires=99999999999999\r\n", UINT32_MAX},
        {"Contact: <@ME>;expires=soon\r\nExpires: 120\r\n", 120},
        {"Expires: never\r\n", 3600},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
        const struct reply reply = {"200 OK", t[i].extra};
        struct fixture *f;
        void *one;

        assert_int_equal(setup(&one), 0);
        f = one;
        f->plan = &reply;
        f->n_plan = 1;
        f->rig.cfg.reg_min_s = 50;
        begin(f);
        assert_registered(f, t[i].granted_s);
        teardown(&one);
    }
}

static void an_interval_too_brief_is_raised_to_the_server_s_minimum(void **state)
{
    struct fixture *f = *state;

    PLAN(f, {"423 Interval Too Brief", "Min-Expires: 7000\r\n"}, {"200 OK", NULL});
    begin(f);
    assert_int_equal(f->n, 2);
    assert_true(has(f, 0, ";expires=3600\r\n") && has(f, 1, ";expires=7000\r\n"));
    assert_int_equal(cseq(f, 1), cseq(f, 0) + 1);
    assert_registered(f, 7000);
}

static void a_minimum_above_reg_max_counts_as_reg_max(void **state)
{
    struct fixture *f = *state;

    PLAN(f, {"423 Interval Too Brief", "Min-Expires: 9000\r\n"},
         {"423 Interval Too Brief", "Min-Expires: 9000\r\n"});
    begin(f);
    assert_int_equal(f->n, 2);
    assert_true(has(f, 1, ";expires=7200\r\n"));
    assert_failed(f, 423, "Interval Too Brief", 1200); /* nothing left to try */
}

static void an_interval_too_brief_without_a_larger_one_is_a_failure(void **state)
{
    struct fixture *f = *state;

    PLAN(f, {"423 Interval Too Brief", NULL}, {"423 Interval Too Brief", "Min-Expires: 3600\r\n"});
    f->rig.cfg.retry_long_s = 5;
    begin(f);
    assert_failed(f, 423, "Interval Too Brief", 5);
    rig_run(&f->rig, 5000, 5);
    assert_int_equal(f->n, 2);
    assert_failed(f, 423, "Interval Too Brief", 5);
}

/* ---- refusals */

static void refusals_take_the_long_wait(void **state)
{
    struct fixture *f = *state;

    PLAN(f, {"403 Forbidden", NULL}, {"603 Decline", NULL});
    begin(f);
    assert_failed(f, 403, "Forbidden", 1200);
    rig_run(&f->rig, 1199900, 1000);
    assert_int_equal(f->n, 1);
    rig_run(&f->rig, 200, 10);
    assert_int_equal(f->n, 2);
    assert_failed(f, 603, "Decline", 1200);
}

static void a_long_interval_of_zero_ends_registration(void **state)
{
    struct fixture *f = *state;

    PLAN(f, {"404 Not Found", NULL});
    f->rig.cfg.retry_long_s = 0;
    begin(f);
    assert_failed(f, 404, "Not Found", 0);
    rig_run(&f->rig, 10000000, 10000);
    assert_int_equal(f->n, 1);
}

static void codes_of_the_retry_list_take_the_short_wait(void **state)
{
    struct fixture *f = *state;

    PLAN(f, {"500 Server Error", NULL}, {"480 Not Now", NULL});
    f->rig.cfg.retry_rsc = "403,5??";
    begin(f);
    assert_failed(f, 500, "Server Error", 30);
    rig_run(&f->rig, 30000, 50);
    assert_failed(f, 480, "Not Now", 1200);
}

static void a_blank_retry_list_can_be_made_to_match_all(void **state)
{
    struct fixture *f = *state;

    PLAN(f, {"404 Not Found", NULL});
    f->rig.cfg.retry_blank_all = true;
    begin(f);
    assert_failed(f, 404, "Not Found", 30);
}

static void retry_after_of_a_503_is_obeyed_exactly(void **state)
{
    static const struct {
        struct reply reply;
        uint32_t next_s;
    } t[] = {
        {{"503 Unavailable", "Retry-After: 77\r\n"}, 77},
        {{"503 Unavailable", "Retry-After: 77 (maintenance)\r\n"}, 77},
        {{"503 Unavailable", "Retry-After: 77;duration=3600\r\n"}, 77},
        {{"503 Unavailable", "Retry-After: soon\r\n"}, 30},
        {{"503 Unavailable", NULL}, 30},
        {{"500 Error", "Retry-After: 77\r\n"}, 1200},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
        struct fixture *f;
        void *one;

        assert_int_equal(setup(&one), 0);
        f = one;
        f->plan = &t[i].reply;
        f->n_plan = 1;
        f->rig.cfg.retry_rsc = "503";
        begin(f);
        assert_int_equal(f->rig.last.next_s, t[i].next_s);
        rig_run(&f->rig, t[i].next_s * 1000 - 20, 1000);
        assert_int_equal(f->n, 1);
        rig_run(&f->rig, 20, 1);
        assert_int_equal(f->n, 2);
        teardown(&one);
    }
}

/* ---- redirection */

static void redirect_to_other(struct fixture *f, char *contact, size_t size)
{
    f->other = udp_peer_open(f->rig.lp, other_handler, f);
    snprintf(contact, size, "Contact: <sip:127.0.0.1:%u>\r\n", udp_peer_port(f->other));
}

static void a_redirection_is_followed_with_the_account_unchanged(void **state)
{
    struct fixture *f = *state;
    char contact[64], line[512], want[64];

    redirect_to_other(f, contact, sizeof(contact));
    const struct reply reply = {"302 Moved Temporarily", contact};
    f->plan = &reply;
    f->n_plan = 1;
    begin(f);
    assert_int_equal(f->n, 1);
    assert_int_equal(f->n_other, 1);
    snprintf(want, sizeof(want), "REGISTER sip:127.0.0.1:%u SIP/2.0\r\n", udp_peer_port(f->other));
    assert_memory_equal(f->other_text, want, strlen(want));
    snprintf(want, sizeof(want), "To: <sip:1001@%s>", f->rig.proxy);
    assert_string_equal(rig_header(f->other_text, "To", line, sizeof(line)), want);
}

static void credentials_of_one_server_are_not_shown_to_another(void **state)
{
    struct fixture *f = *state;
    char contact[64];

    redirect_to_other(f, contact, sizeof(contact));
    const struct reply replies[] = {{"401 Unauthorized", CHALLENGE},
                                    {"302 Moved Temporarily", contact}};
    f->plan = replies;
    f->n_plan = 2;
    begin(f);
    assert_true(has(f, 1, "Authorization:"));
    assert_int_equal(f->n_other, 1);
    assert_null(strstr(f->other_text, "Authorization:"));
}

static void redirections_end_after_max_redirection(void **state)
{
    struct fixture *f = *state;
    char contact[64];
    struct reply replies[10];

    snprintf(contact, sizeof(contact), "Contact: <sip:%s>\r\n", f->rig.proxy);
    for (unsigned i = 0; i < 10; i++)
        replies[i] = (struct reply){"301 Moved", contact};
    f->plan = replies;
    f->n_plan = 10;
    begin(f);
    assert_int_equal(f->n, 6);
    assert_failed(f, 301, "Moved", 1200);
}

static void a_redirection_to_nowhere_is_a_failure(void **state)
{
    struct fixture *f = *state;

    PLAN(f, {"302 Moved", NULL}, {"302 Moved", "Contact: <sip:\r\n"},
         {"302 Moved", "Contact: *\r\n"}, {"302 Moved", "Contact: <tel:127.0.0.1>\r\n"},
         {"302 Moved", "Contact: <sip:127.0.0.1\r\n\tX-Forged: yes>\r\n"});
    f->rig.cfg.retry_long_s = 5;
    begin(f);
    for (unsigned i = 1; i <= 5; i++) {
        assert_int_equal(f->n, i);
        assert_failed(f, 302, "Moved", 5);
        rig_run(&f->rig, 5000, 5);
    }
}

/* ---- the end */

static void unregistering_removes_the_binding_and_stops(void **state)
{
    struct fixture *f = *state;

    PLAN(f, {"401 Unauthorized", CHALLENGE}, {"200 OK", NULL}, {"200 OK", NULL});
    begin(f);
    ua_line_unregister(f->rig.line);
    rig_run(&f->rig, 10, 1);
    assert_int_equal(f->n, 3);
    assert_true(has(f, 2, ";expires=0\r\n"));
    assert_true(same_header(f, 0, 2, "Call-ID"));
    assert_true(credentials_good(f, 2, "Authorization", "n1", 2));
    assert_int_equal(f->rig.last.state, UA_REG_OFF);
    assert_int_equal(f->rig.last.next_s, 0);
    assert_int_equal(f->rig.n_reports, 2);
    rig_run(&f->rig, 10000000, 10000);
    assert_int_equal(f->n, 3);
}

static void unregistering_answers_challenges_and_survives_refusal(void **state)
{
    struct fixture *f = *state;

    PLAN(f, {"200 OK", NULL}, {"401 Unauthorized", CHALLENGE}, {"403 Forbidden", NULL});
    begin(f);
    ua_line_unregister(f->rig.line);
    rig_run(&f->rig, 10, 1);
    assert_int_equal(f->n, 3);
    assert_true(has(f, 2, ";expires=0\r\n"));
    assert_true(credentials_good(f, 2, "Authorization", "n1", 1));
    assert_int_equal(f->rig.last.state, UA_REG_OFF);
}

static void unregistering_without_an_answer_ends_with_timer_f(void **state)
{
    struct fixture *f = *state;

    PLAN(f, {"200 OK", NULL});
    begin(f);
    ua_line_unregister(f->rig.line);
    rig_run(&f->rig, 15990, 10);
    assert_int_equal(f->rig.n_reports, 1);
    rig_run(&f->rig, 20, 1);
    assert_int_equal(f->rig.n_reports, 2);
    assert_int_equal(f->rig.last.state, UA_REG_OFF);
    rig_run(&f->rig, 100000, 1000);
    assert_int_equal(f->n, 8);
}

static void unregistering_before_registration_says_nothing(void **state)
{
    struct fixture *f = *state;

    begin(f); /* one REGISTER, no answer */
    ua_line_unregister(f->rig.line);
    assert_int_equal(f->rig.last.state, UA_REG_OFF);
    rig_run(&f->rig, 100000, 1000);
    assert_int_equal(f->n, 1);
    assert_int_equal(f->rig.n_reports, 1);
}

static void unregistering_in_the_middle_of_a_look_up_forgets_it(void **state)
{
    struct fixture *f = *state;
    struct resolver *dns;
    char server[64];

    f->other = udp_peer_open(f->rig.lp, other_handler, f); /* a DNS server that is silent */
    snprintf(server, sizeof(server), "127.0.0.1:%u", udp_peer_port(f->other));
    assert_int_equal(resolver_alloc(&dns, f->rig.lp, server), 0);
    f->rig.stack->dns = dns; /* in place of the one nobody hears */
    PLAN(f, {"200 OK", "Expires: 60\r\n"},
         {"302 Moved", "Contact: <sip:elsewhere.example.com>\r\n"});
    begin(f);
    rig_run(&f->rig, 34400, 50);
    assert_int_equal(f->n, 2);
    assert_true(f->n_other > 0);
    ua_line_unregister(f->rig.line);
    rig_run(&f->rig, 120000, 100);
    assert_int_equal(f->rig.n_reports, 2);
    assert_int_equal(f->rig.last.state, UA_REG_OFF);
    snprintf(server, sizeof(server), "sip:%s SIP/2.0", f->rig.proxy); /* not elsewhere */
    assert_true(has(f, 2, server) && has(f, 2, ";expires=0\r\n"));
    ua_line_close(f->rig.line);
    f->rig.line = mem_deref(f->rig.line);
    mem_deref(dns);
}

static void a_closed_line_is_silent_whatever_was_under_way(void **state)
{
    struct fixture *f = *state;

    begin(f);
    ua_line_close(f->rig.line);
    rig_run(&f->rig, 100000, 1000);
    assert_int_equal(f->n, 1);
    assert_int_equal(f->rig.n_reports, 0);
}

/* ---- what else a line promises */

static void answers_of_other_transactions_are_passed_over(void **state)
{
    static const char *const changes[][2] = {
        {"branch=z9hG4bK-", "branch=z9hG4bK-f"}, {"CSeq: ", "CSeq: 1"}, {" REGISTER", " INVITE"}};
    struct fixture *f = *state;
    char answer[WHOLE], forged[WHOLE];

    begin(f);
    const struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_addr = f->rig.cfg.addr, .sin_port = htons(f->rig.cfg.port)};
    rig_answer(answer, sizeof(answer), f->requests[0].text, "200 OK", "");
    for (unsigned i = 0; i < 3; i++) {
        const char *at = strstr(answer, changes[i][0]);
        assert_non_null(at);
        const int n = snprintf(forged, sizeof(forged), "%.*s%s%s", (int)(at - answer), answer,
                               changes[i][1], at + strlen(changes[i][0]));
        udp_peer_send(f->rig.peer, &to, forged, (size_t)n);
        rig_run(&f->rig, 2, 1);
        assert_int_equal(f->rig.n_reports, 0);
    }
    udp_peer_send(f->rig.peer, &to, answer, strlen(answer));
    rig_run(&f->rig, 2, 1);
    assert_registered(f, 3600);
    udp_peer_send(f->rig.peer, &to, answer, strlen(answer)); /* once more, too late */
    rig_run(&f->rig, 2, 1);
    assert_int_equal(f->rig.n_reports, 1);
}

static void an_answer_without_cseq_is_passed_over(void **state)
{
    struct fixture *f = *state;
    char via[512], answer[WHOLE];

    begin(f);
    const struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_addr = f->rig.cfg.addr, .sin_port = htons(f->rig.cfg.port)};
    const int n = snprintf(answer, sizeof(answer), "SIP/2.0 200 OK\r\n%s\r\n\r\n",
                           rig_header(f->requests[0].text, "Via", via, sizeof(via)));
    udp_peer_send(f->rig.peer, &to, answer, (size_t)n);
    rig_run(&f->rig, 2, 1);
    assert_int_equal(f->rig.n_reports, 0);
    assert_int_equal(ua_stack_counters(f->rig.stack)->n_received, 1);
}

static void an_outbound_proxy_gets_the_request_for_the_proxy(void **state)
{
    struct fixture *f = *state;

    PLAN(f, {"200 OK", NULL});
    f->rig.cfg.outbound_proxy = f->rig.proxy;
    f->rig.cfg.proxy = "pbx.example.com";
    begin(f);
    assert_int_equal(f->n, 1);
    assert_memory_equal(f->requests[0].text, "REGISTER sip:pbx.example.com SIP/2.0\r\n", 38);
    assert_true(has(f, 0, "\r\nTo: <sip:1001@pbx.example.com>\r\n"));
    assert_registered(f, 3600);
}

static void without_proxy_or_leave_a_line_does_not_register(void **state)
{
    struct fixture *f = *state;

    f->rig.cfg.reg_enable = false;
    begin(f);
    ua_line_close(f->rig.line);
    mem_deref(f->rig.line);
    f->rig.cfg.reg_enable = true;
    f->rig.cfg.proxy = "";
    begin(f);
    rig_run(&f->rig, 100000, 1000);
    assert_int_equal(f->n, 0);
    assert_int_equal(f->rig.n_reports, 0);
}

static void call_id_and_cseq_survive_a_warm_reboot(void **state)
{
    struct fixture *f = *state;
    struct ua_line_memory m;

    PLAN(f, {"200 OK", NULL}, {"200 OK", NULL});
    begin(f);
    ua_line_remember(f->rig.line, &m);
    ua_line_close(f->rig.line);
    mem_deref(f->rig.line);
    assert_int_equal(rig_line(&f->rig), 0);
    ua_line_recall(f->rig.line, &m);
    ua_line_start(f->rig.line);
    rig_run(&f->rig, 10, 1);
    assert_int_equal(f->n, 2);
    assert_true(same_header(f, 0, 1, "Call-ID"));
    assert_int_equal(cseq(f, 1), cseq(f, 0) + 1);
}

static void accounts_too_long_for_a_message_are_refused_not_truncated(void **state)
{
    struct fixture *f = *state;
    static char user[9000], host[400];

    memset(user, 'u', sizeof(user) - 1);
    f->rig.cfg.user = user;
    begin(f);
    assert_failed(f, 0, "account too long for a SIP message", 30);
    ua_line_close(f->rig.line);
    mem_deref(f->rig.line);
    f->rig.cfg.user = "1001";
    f->rig.cfg.outbound_proxy = f->rig.proxy;
    memset(host, 'h', sizeof(host) - 1);
    f->rig.cfg.proxy = host;
    begin(f);
    assert_failed(f, 0, "account too long for a SIP message", 30);
    ua_line_close(f->rig.line);
    mem_deref(f->rig.line);
    f->rig.cfg.outbound_proxy = "";
    begin(f);
    assert_failed(f, 0, "Proxy is too long", 30);
    assert_int_equal(f->n, 0);
}

static void a_line_break_in_a_setting_never_reaches_the_wire(void **state)
{
    struct fixture *f = *state;

    f->rig.cfg.display_name = "Desk\r\nX-Forged: yes";
    assert_int_equal(rig_line(&f->rig), EINVAL);
    f->rig.cfg.display_name = "Desk";
    assert_int_equal(rig_line(&f->rig), 0);
}

static void a_port_that_another_program_has_is_told(void **state)
{
    struct fixture *f = *state;

    f->rig.cfg.port = udp_peer_port(f->rig.peer);
    assert_int_equal(rig_line(&f->rig), EADDRINUSE);
    assert_null(f->rig.line);
    assert_int_equal(ua_stack_counters(f->rig.stack)->n_no_socket, 1);
}

#define LINE(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LINE(silence_is_retransmitted_up_to_t2_until_timer_f),
        LINE(after_the_short_wait_a_new_request_of_the_same_call_follows),
        LINE(a_provisional_answer_slows_retransmission_to_t2),
        LINE(short_waits_double_up_to_the_cap_and_start_anew_after_success),
        LINE(a_closed_port_is_told_at_once),
        LINE(a_closed_port_may_be_left_to_timer_f),
        LINE(a_challenge_is_answered_within_the_same_call),
        LINE(a_proxy_s_challenge_is_answered_as_such),
        LINE(renewals_carry_the_credentials_ahead_and_count_on),
        LINE(a_wrong_password_ends_after_max_auth_challenges),
        LINE(a_stale_nonce_is_no_refusal),
        LINE(a_server_that_calls_every_nonce_stale_is_given_up),
        LINE(challenges_that_cannot_be_answered_are_failures),
        LINE(the_first_challenge_that_can_be_answered_is),
        LINE(auth_id_is_the_digest_user_when_set),
        cmocka_unit_test(the_grant_is_that_of_the_own_contact),
        LINE(an_interval_too_brief_is_raised_to_the_server_s_minimum),
        LINE(a_minimum_above_reg_max_counts_as_reg_max),
        LINE(an_interval_too_brief_without_a_larger_one_is_a_failure),
        LINE(refusals_take_the_long_wait),
        LINE(a_long_interval_of_zero_ends_registration),
        LINE(codes_of_the_retry_list_take_the_short_wait),
        LINE(a_blank_retry_list_can_be_made_to_match_all),
        cmocka_unit_test(retry_after_of_a_503_is_obeyed_exactly),
        LINE(a_redirection_is_followed_with_the_account_unchanged),
        LINE(credentials_of_one_server_are_not_shown_to_another),
        LINE(redirections_end_after_max_redirection),
        LINE(a_redirection_to_nowhere_is_a_failure),
        LINE(unregistering_removes_the_binding_and_stops),
        LINE(unregistering_answers_challenges_and_survives_refusal),
        LINE(unregistering_without_an_answer_ends_with_timer_f),
        LINE(unregistering_before_registration_says_nothing),
        LINE(unregistering_in_the_middle_of_a_look_up_forgets_it),
        LINE(a_closed_line_is_silent_whatever_was_under_way),
        LINE(answers_of_other_transactions_are_passed_over),
        LINE(an_answer_without_cseq_is_passed_over),
        LINE(an_outbound_proxy_gets_the_request_for_the_proxy),
        LINE(without_proxy_or_leave_a_line_does_not_register),
        LINE(call_id_and_cseq_survive_a_warm_reboot),
        LINE(accounts_too_long_for_a_message_are_refused_not_truncated),
        LINE(a_line_break_in_a_setting_never_reaches_the_wire),
        LINE(a_port_that_another_program_has_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
