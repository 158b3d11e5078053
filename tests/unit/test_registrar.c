/* SPDX-License-Identifier: BSD-3-Clause */
/* The lab's registrar: digest, nonces, contacts and their end, hostile input; UDP and TCP. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <re.h>

#include "sim/base/rng.h"
#include "sim/lab/registrar.h"
#include "sim/loop/clock.h"
#include "sim/loop/loop.h"
#include "sim/sip/auth.h"

struct fixture {
    struct loop *lp;
    struct registrar *r;
    struct rng rng;
    struct auth_client auth;
    char reply[8192];
    uint32_t cseq;
    struct registrar_peer peer; /* as changed by the last answer */
};

struct ask { /* a REGISTER; NULL and 0 = usual */
    const char *user, *password, *method, *headers, *via, *callid;
    uint32_t cseq;
    bool no_auth;
};

static int setup_with(void **state, enum clock_mode clock, const struct registrar_config *cfg)
{
    const struct loop_config lc = {.clock = clock};
    struct fixture *f = calloc(1, sizeof(*f));

    *state = f;
    rng_init(&f->rng, 1, 1);
    return loop_alloc(&f->lp, &lc) || registrar_alloc(&f->r, f->lp, cfg);
}

static int setup(void **state)
{
    const struct registrar_config cfg = {.realm = "lab", .password = "pw-{user}"};

    return setup_with(state, CLOCK_VIRTUAL, &cfg);
}

static int setup_strict(void **state)
{
    const struct registrar_config cfg = {.realm = "lab",
                                         .password = "pw-{user}",
                                         .expires_s = 600,
                                         .min_expires_s = 60,
                                         .nonce_life_s = 30};

    return setup_with(state, CLOCK_VIRTUAL, &cfg);
}

static int setup_real(void **state)
{
    const struct registrar_config cfg = {.realm = "lab", .password = "pw-{user}"};
    struct fixture *f;

    if (setup_with(state, CLOCK_REAL, &cfg))
        return -1;
    f = *state;
    return registrar_listen(f->r, "127.0.0.1", 0);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    auth_client_reset(&f->auth);
    mem_deref(f->r);
    mem_deref(f->lp);
    free(f);
    return 0;
}

/* Status code of the reply, 0 = none. */
static unsigned send_text(struct fixture *f, const char *text, size_t len)
{
    struct mbuf *mb = mbuf_alloc(len + 1);
    size_t n;

    f->peer = (struct registrar_peer){.port = 5060};
    inet_pton(AF_INET, "127.1.0.1", &f->peer.addr);
    mbuf_write_mem(mb, (const uint8_t *)text, len);
    mb->pos = 0;
    n = registrar_answer(f->r, mb, &f->peer, f->reply, sizeof(f->reply) - 1);
    mem_deref(mb);
    f->reply[n] = 0;
    if (!n)
        return 0;
    assert_memory_equal(f->reply, "SIP/2.0 ", 8);
    assert_string_equal(f->reply + n - 4, "\r\n\r\n");
    return (unsigned)atoi(f->reply + 8);
}

static size_t print_ask(struct fixture *f, char *buf, size_t size, const struct ask *a)
{
    const char *user = a->user ? a->user : "1001", *method = a->method ? a->method : "REGISTER";
    const uint32_t cseq = a->cseq ? a->cseq : ++f->cseq;
    char auth[1024] = "", value[900], password[64];
    struct auth_request ar = {.method = method, .uri = "sip:lab", .user = user};

    snprintf(password, sizeof(password), "pw-%s", user);
    ar.password = a->password ? a->password : password;
    if (!a->no_auth && auth_client_print(&f->auth, value, sizeof(value), &ar, &f->rng))
        snprintf(auth, sizeof(auth), "Authorization: %s\r\n", value);
    return (size_t)snprintf(buf, size,
                            "%s sip:lab SIP/2.0\r\n"
                            "Via: %s;branch=z9hG4bK%u\r\n"
                            "From: <sip:%s@lab>;tag=f\r\nTo: <sip:%s@lab>\r\n"
                            "Call-ID: %s\r\nCSeq: %u %s\r\nMax-Forwards: 70\r\n%s%s"
                            "Content-Length: 0\r\n\r\n",
                            method, a->via ? a->via : "SIP/2.0/UDP 127.1.0.1:5060", cseq, user,
                            user, a->callid ? a->callid : "call", cseq, method, auth,
                            a->headers ? a->headers
                                       : "Contact: <sip:1001@127.1.0.1:5060>;expires=300\r\n");
}

static unsigned ask(struct fixture *f, const struct ask *a)
{
    char buf[4096];

    return send_text(f, buf, print_ask(f, buf, sizeof(buf), a));
}

/* Take the challenge of the last reply. */
static enum auth_outcome take_challenge(struct fixture *f)
{
    const char *p = strstr(f->reply, "WWW-Authenticate: ");
    struct pl v;

    assert_non_null(p);
    v.p = p + 18;
    v.l = strcspn(v.p, "\r\n");
    return auth_client_challenge(&f->auth, &v, false);
}

static unsigned ask_twice(struct fixture *f, const struct ask *a)
{
    struct ask first = *a;

    first.no_auth = true;
    assert_int_equal(ask(f, &first), 401);
    take_challenge(f);
    return ask(f, a);
}

static uint64_t bindings(const struct fixture *f)
{
    struct registrar_stats st;

    registrar_stats_get(f->r, &st);
    return st.n_bindings;
}

static const struct ask usual = {0};

static void challenge_then_ok_with_the_granted_contact(void **state)
{
    struct fixture *f = *state;
    struct registrar_stats st;

    assert_int_equal(ask(f, &usual), 401);
    assert_non_null(strstr(f->reply, "WWW-Authenticate: Digest realm=\"lab\",nonce=\""));
    assert_non_null(strstr(f->reply, "\",algorithm=MD5,qop=\"auth\"\r\n"));
    assert_int_equal(take_challenge(f), AUTH_NEW);
    assert_int_equal(bindings(f), 0);
    assert_int_equal(ask(f, &usual), 200);
    assert_non_null(strstr(f->reply, "Contact: <sip:1001@127.1.0.1:5060>;expires=300\r\n"));
    assert_non_null(strstr(f->reply, "To: <sip:1001@lab>;tag="));
    registrar_stats_get(f->r, &st);
    assert_int_equal(st.n_registers, 1);
    assert_int_equal(st.n_challenged, 1);
    assert_int_equal(st.n_stale, 0);
    assert_int_equal(st.n_refused, 0);
    assert_int_equal(st.n_bindings, 1);
}

static void one_nonce_serves_many_requests_and_counts_them(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(ask_twice(f, &usual), 200);
    for (int i = 0; i < 50; i++)
        assert_int_equal(ask(f, &usual), 200);
    assert_int_equal(f->auth.nc, 51);
    assert_int_equal(bindings(f), 1);
}

static void a_replay_is_stale_but_a_retransmission_is_not(void **state)
{
    struct fixture *f = *state;
    char first[4096];
    size_t len;

    assert_int_equal(ask(f, &usual), 401);
    take_challenge(f);
    len = print_ask(f, first, sizeof(first), &usual);
    assert_int_equal(send_text(f, first, len), 200);
    assert_int_equal(send_text(f, first, len), 200);
    assert_int_equal(ask(f, &usual), 200);
    assert_int_equal(send_text(f, first, len), 401);
    assert_non_null(strstr(f->reply, "stale=true"));
    assert_int_equal(take_challenge(f), AUTH_STALE);
    assert_int_equal(ask(f, &usual), 200);

    f->auth.nc = 0; /* the counter starts over with the same nonce and another request */
    assert_int_equal(ask(f, &usual), 401);
    assert_non_null(strstr(f->reply, "stale=true"));
}

static void a_nonce_without_qop_is_good_once(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(ask(f, &usual), 401);
    take_challenge(f);
    f->auth.qop = false;
    assert_int_equal(ask(f, &usual), 200);
    assert_int_equal(ask(f, &usual), 401);
    assert_non_null(strstr(f->reply, "stale=true"));
}

static void an_expired_nonce_is_stale(void **state)
{
    struct fixture *f = *state;
    const struct ask wrong = {.password = "no"};
    struct registrar_stats st;

    assert_int_equal(ask_twice(f, &usual), 200);
    loop_advance(f->lp, 29999);
    assert_int_equal(ask(f, &usual), 200);
    loop_advance(f->lp, 1);
    assert_int_equal(ask(f, &usual), 401);
    assert_non_null(strstr(f->reply, "stale=true"));
    f->auth.has_ha1 = false;
    assert_int_equal(ask(f, &wrong), 403);
    f->auth.has_ha1 = false;
    assert_int_equal(ask(f, &usual), 401);
    take_challenge(f);
    assert_int_equal(ask(f, &usual), 200);
    registrar_stats_get(f->r, &st);
    assert_int_equal(st.n_stale, 2);
    assert_int_equal(st.n_refused, 1);
}

static void a_forged_nonce_is_stale(void **state)
{
    struct fixture *f = *state;
    struct pl v;

    pl_set_str(&v, "Digest realm=\"lab\",nonce=\"0123456789abcdef0123456789abcdef\",qop=\"auth\"");
    auth_client_challenge(&f->auth, &v, false);
    assert_int_equal(ask(f, &usual), 401);
    assert_non_null(strstr(f->reply, "stale=true"));
    pl_set_str(&v, "Digest realm=\"lab\",nonce=\"x\",qop=\"auth\"");
    auth_client_challenge(&f->auth, &v, false);
    assert_int_equal(ask(f, &usual), 401);
    assert_non_null(strstr(f->reply, "stale=true"));
}

static void a_wrong_password_is_forbidden_and_binds_nothing(void **state)
{
    struct fixture *f = *state;
    const struct ask wrong = {.password = "pw-1002"};

    assert_int_equal(ask_twice(f, &wrong), 403);
    assert_int_equal(bindings(f), 0);
}

static void credentials_of_another_realm_are_challenged_anew(void **state)
{
    struct fixture *f = *state;
    struct pl v;

    pl_set_str(&v, "Digest realm=\"elsewhere\",nonce=\"x\",qop=\"auth\"");
    auth_client_challenge(&f->auth, &v, false);
    assert_int_equal(ask(f, &usual), 401);
    assert_null(strstr(f->reply, "stale"));
}

static void malformed_credentials_are_a_bad_request(void **state)
{
    struct fixture *f = *state;
    const struct ask a = {.headers = "Authorization: Digest username=\"1\r\n"};
    const struct ask b = {.headers = "Authorization: Basic MTox\r\n"};

    assert_int_equal(ask(f, &a), 400);
    assert_int_equal(ask(f, &b), 401);
}

static void a_binding_ends_when_its_time_is_over(void **state)
{
    struct fixture *f = *state;
    const struct ask query = {.headers = ""};

    assert_int_equal(ask_twice(f, &usual), 200);
    loop_advance(f->lp, 100500);
    assert_int_equal(ask(f, &query), 200);
    assert_non_null(strstr(f->reply, ";expires=200\r\n"));
    loop_advance(f->lp, 199499);
    assert_int_equal(bindings(f), 1);
    loop_advance(f->lp, 1);
    assert_int_equal(bindings(f), 0);
}

static void a_renewal_starts_the_time_again(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(ask_twice(f, &usual), 200);
    loop_advance(f->lp, 250000);
    assert_int_equal(ask(f, &usual), 200);
    loop_advance(f->lp, 299999);
    assert_int_equal(bindings(f), 1);
    loop_advance(f->lp, 1);
    assert_int_equal(bindings(f), 0);
}

static void expires_zero_removes_one_contact_and_star_all(void **state)
{
    struct fixture *f = *state;
    const struct ask two = {.headers = "Contact: <sip:1@127.0.0.1>;expires=60, \"a, b\" "
                                       "<sip:2@127.0.0.1;transport=tcp>\r\nExpires: 90\r\n"};
    const struct ask less = {.headers = "Contact: <sip:1@127.0.0.1>;expires=0\r\n"};
    const struct ask bad_star = {.headers = "Contact: *\r\nExpires: 60\r\n"};
    const struct ask mixed = {.headers = "Contact: *\r\nContact: <sip:1@h>\r\nExpires: 0\r\n"};
    const struct ask star = {.headers = "Contact: *\r\nExpires: 0\r\n"};

    assert_int_equal(ask_twice(f, &two), 200);
    assert_int_equal(bindings(f), 2);
    assert_non_null(strstr(f->reply, "<sip:1@127.0.0.1>;expires=60\r\n"));
    assert_non_null(strstr(f->reply, "<sip:2@127.0.0.1;transport=tcp>;expires=90\r\n"));
    assert_int_equal(ask(f, &less), 200);
    assert_null(strstr(f->reply, "<sip:1@127.0.0.1>"));
    assert_int_equal(bindings(f), 1);
    assert_int_equal(ask(f, &bad_star), 400);
    assert_int_equal(ask(f, &mixed), 400);
    assert_int_equal(bindings(f), 1);
    assert_int_equal(ask(f, &star), 200);
    assert_int_equal(bindings(f), 0);
}

static void expiry_is_bounded_at_both_ends(void **state)
{
    struct fixture *f = *state;
    const struct ask most = {.headers = "Contact: <sip:1@h>;expires=99999999999\r\n"};
    const struct ask odd = {.headers = "Contact: <sip:1@h>;expires=soon\r\n"};
    const struct ask brief = {.headers = "Contact: <sip:1@h>;expires=59\r\n"};
    const struct ask gone = {.headers = "Contact: <sip:1@h>;expires=0\r\n"};

    assert_int_equal(ask_twice(f, &most), 200);
    assert_non_null(strstr(f->reply, ";expires=600\r\n"));
    assert_int_equal(ask(f, &odd), 200);
    assert_non_null(strstr(f->reply, ";expires=600\r\n"));
    assert_int_equal(ask(f, &brief), 423);
    assert_non_null(strstr(f->reply, "Min-Expires: 60\r\n"));
    assert_int_equal(ask(f, &gone), 200);
    assert_int_equal(bindings(f), 0);
}

static void an_old_cseq_of_the_same_call_changes_nothing(void **state)
{
    struct fixture *f = *state;
    const struct ask late = {.cseq = 5,
                             .headers = "Contact: <sip:1001@127.1.0.1:5060>;expires=0\r\n"};
    const struct ask other_call = {.cseq = 1,
                                   .callid = "another",
                                   .headers = "Contact: <sip:1001@127.1.0.1:5060>;expires=0\r\n"};

    f->cseq = 10;
    assert_int_equal(ask_twice(f, &usual), 200);
    assert_int_equal(ask(f, &late), 500);
    assert_int_equal(bindings(f), 1);
    assert_int_equal(ask(f, &other_call), 200);
    assert_int_equal(bindings(f), 0);
}

static void a_user_has_a_limited_number_of_contacts(void **state)
{
    struct fixture *f = *state;
    char line[64];
    const struct ask a = {.headers = line};

    snprintf(line, sizeof(line), "Contact: <sip:0@h>\r\n");
    assert_int_equal(ask_twice(f, &a), 200);
    for (int i = 1; i < 10; i++) {
        snprintf(line, sizeof(line), "Contact: <sip:%d@h>\r\n", i);
        assert_int_equal(ask(f, &a), 200);
    }
    snprintf(line, sizeof(line), "Contact: <sip:10@h>\r\n");
    assert_int_equal(ask(f, &a), 503);
    assert_int_equal(bindings(f), 10);
}

static void five_thousand_users_keep_apart(void **state)
{
    struct fixture *f = *state;
    char user[16], line[64], expect[64];

    for (int i = 0; i < 5000; i++) {
        const struct ask a = {.user = user, .headers = line};

        snprintf(user, sizeof(user), "%d", 1000 + i);
        snprintf(line, sizeof(line), "Contact: <sip:%s@h>;expires=%d\r\n", user, 60 + i % 60);
        assert_int_equal(ask_twice(f, &a), 200);
    }
    assert_int_equal(bindings(f), 5000);
    for (int i = 0; i < 5000; i += 997) {
        const struct ask a = {.user = user, .headers = ""};

        snprintf(user, sizeof(user), "%d", 1000 + i);
        snprintf(expect, sizeof(expect), "Contact: <sip:%s@h>;expires=%d\r\n", user, 60 + i % 60);
        assert_int_equal(ask_twice(f, &a), 200);
        assert_non_null(strstr(f->reply, expect));
    }
    loop_advance(f->lp, 119000);
    assert_int_equal(bindings(f), 0);
}

static void other_methods_get_their_answers(void **state)
{
    struct fixture *f = *state;
    const struct ask options = {.method = "OPTIONS"}, invite = {.method = "INVITE"};
    const struct ask ack = {.method = "ACK"}, cancel = {.method = "CANCEL"};
    const struct ask require = {.headers = "Require: nothing-known\r\n"};

    assert_int_equal(ask(f, &options), 200);
    assert_non_null(strstr(f->reply, "Allow: OPTIONS, REGISTER\r\n"));
    assert_int_equal(ask(f, &invite), 404); /* to nobody that is registered */
    assert_int_equal(ask(f, &cancel), 404);
    assert_int_equal(ask(f, &ack), 0);
    assert_int_equal(ask(f, &require), 420);
    assert_non_null(strstr(f->reply, "Unsupported: nothing-known\r\n"));
}

static void replies_go_where_via_and_rport_say(void **state)
{
    struct fixture *f = *state;
    const struct ask rport = {.via = "SIP/2.0/UDP 10.0.0.9:4444;rport"};
    const struct ask plain = {.via = "SIP/2.0/UDP 10.0.0.9:4444"};
    const struct ask named = {.via = "SIP/2.0/UDP phone.example"};
    const struct ask two = {.via = "SIP/2.0/UDP 127.1.0.1:5070;branch=z9hG4bKa\r\n"
                                   "Via: SIP/2.0/UDP 192.0.2.1;rport"};

    ask(f, &rport);
    assert_non_null(strstr(f->reply, "10.0.0.9:4444;rport=5060;branch="));
    assert_non_null(strstr(f->reply, ";received=127.1.0.1\r\n"));
    assert_int_equal(f->peer.port, 5060);
    ask(f, &plain);
    assert_non_null(strstr(f->reply, ";received=127.1.0.1\r\n"));
    assert_int_equal(f->peer.port, 4444);
    ask(f, &named);
    assert_int_equal(f->peer.port, 5060);
    ask(f, &two);
    assert_int_equal(f->peer.port, 5070);
    assert_null(strstr(f->reply, "received"));
    assert_non_null(strstr(f->reply, "\r\nVia: SIP/2.0/UDP 192.0.2.1;rport;branch="));
    ask(f, &usual);
    assert_null(strstr(f->reply, "received"));
}

static void incomplete_requests_are_refused(void **state)
{
    struct fixture *f = *state;
    static const char no_callid[] =
        "REGISTER sip:lab SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
        "From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\n"
        "CSeq: 1 REGISTER\r\n\r\n";
    static const char other_cseq[] =
        "REGISTER sip:lab SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
        "From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\n"
        "Call-ID: 1\r\nCSeq: 1 INVITE\r\n\r\n";
    static const char no_user[] =
        "REGISTER sip:lab SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
        "From: <sip:a@b>;tag=1\r\nTo: <sip:b>\r\n"
        "Call-ID: 1\r\nCSeq: 1 REGISTER\r\n\r\n";
    static const char response[] = "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
                                   "From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\n"
                                   "Call-ID: 1\r\nCSeq: 1 REGISTER\r\n\r\n";

    assert_int_equal(send_text(f, no_callid, sizeof(no_callid) - 1), 400);
    assert_int_equal(send_text(f, other_cseq, sizeof(other_cseq) - 1), 400);
    assert_int_equal(send_text(f, no_user, sizeof(no_user) - 1), 404);
    assert_int_equal(send_text(f, response, sizeof(response) - 1), 0);
}

static void damaged_messages_never_break_it(void **state)
{
    struct fixture *f = *state;
    char good[4096], bad[4096];
    size_t len;

    assert_int_equal(ask(f, &usual), 401);
    take_challenge(f);
    len = print_ask(f, good, sizeof(good), &usual);
    for (size_t i = 0; i <= len; i++) /* cut off */
        send_text(f, good, i);
    for (int i = 0; i < 20000; i++) { /* bytes exchanged */
        memcpy(bad, good, len);
        for (uint32_t n = rng_upto(&f->rng, 4) + 1; n; n--)
            bad[rng_upto(&f->rng, (uint32_t)len - 1)] = (char)rng_u32(&f->rng);
        send_text(f, bad, len);
    }
    assert_int_equal(ask_twice(f, &usual), 200);
}

/* ---- over sockets */

static int open_client(struct fixture *f, int type)
{
    struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = htons(registrar_port(f->r))};
    const int fd = socket(AF_INET, type, 0);

    inet_pton(AF_INET, "127.0.0.1", &sin.sin_addr);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
    return fd;
}

/* Turn the loop until the client can read; false after two seconds. */
static bool wait_for(struct fixture *f, int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    const uint64_t end = clock_us(f->lp) + 2000000;

    while (clock_us(f->lp) < end) {
        loop_poll(f->lp);
        if (poll(&p, 1, 1) > 0)
            return true;
    }
    return false;
}

static unsigned exchange(struct fixture *f, int fd, const char *text, size_t len)
{
    ssize_t n;

    assert_int_equal(send(fd, text, len, 0), len);
    assert_true(wait_for(f, fd));
    n = recv(fd, f->reply, sizeof(f->reply) - 1, 0);
    assert_true(n > 0);
    f->reply[n] = 0;
    return (unsigned)atoi(f->reply + 8);
}

static void registers_over(struct fixture *f, int type)
{
    const struct ask a = {.via = "SIP/2.0/UDP 127.0.0.1:1;rport"};
    const int fd = open_client(f, type);
    char buf[4096];

    assert_int_equal(exchange(f, fd, buf, print_ask(f, buf, sizeof(buf), &a)), 401);
    take_challenge(f);
    assert_int_equal(exchange(f, fd, buf, print_ask(f, buf, sizeof(buf), &a)), 200);
    assert_int_equal(bindings(f), 1);
    close(fd);
}

static void it_registers_over_udp(void **state)
{
    registers_over(*state, SOCK_DGRAM);
}

static void it_registers_over_tcp(void **state)
{
    registers_over(*state, SOCK_STREAM);
}

/* An INVITE for 1001 by UDP with a body of five bytes; length NULL = no Content-Length. */
static void invite_by_udp(int fd, const char *length)
{
    char buf[1024];
    const int n = snprintf(buf, sizeof(buf),
                           "INVITE sip:1001@lab SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9\r\n"
                           "From: <sip:a@b>;tag=1\r\nTo: <sip:1001@lab>\r\nCall-ID: 1\r\n"
                           "CSeq: 1 INVITE\r\nRoute: <sip:elsewhere;lr>\r\n%s%s\r\nv=0\r\n",
                           length ? length : "", length ? "\r\n" : "");

    assert_true(send(fd, buf, (size_t)n, 0) == n);
}

static void a_call_goes_by_the_connection_the_phone_registered_by(void **state)
{
    struct fixture *f = *state;
    const struct ask a = {.via = "SIP/2.0/TCP 127.0.0.1:1"};
    const int phone = open_client(f, SOCK_STREAM), caller = open_client(f, SOCK_DGRAM);
    char buf[4096];
    ssize_t n;

    assert_int_equal(exchange(f, phone, buf, print_ask(f, buf, sizeof(buf), &a)), 401);
    take_challenge(f);
    assert_int_equal(exchange(f, phone, buf, print_ask(f, buf, sizeof(buf), &a)), 200);
    invite_by_udp(caller, "Content-Length: 7"); /* it would take what follows for its body */
    for (int i = 0; i < 20; i++)
        loop_poll(f->lp);
    invite_by_udp(caller, NULL);
    assert_true(wait_for(f, phone));
    n = recv(phone, f->reply, sizeof(f->reply) - 1, 0);
    assert_true(n > 0);
    f->reply[n] = 0;
    assert_memory_equal(f->reply, "INVITE sip:1001@127.1.0.1:5060 SIP/2.0\r\nVia: SIP/2.0/TCP ",
                        57);
    assert_non_null(strstr(f->reply, ";transport=TCP;lr>\r\nRecord-Route: <sip:127.0.0.1:"));
    assert_non_null(strstr(f->reply, ";transport=UDP;lr>\r\n"));
    assert_non_null(strstr(f->reply, "\r\nRoute: <sip:elsewhere;lr>\r\n"));
    assert_non_null(strstr(f->reply, "\r\nContent-Length: 5\r\n\r\nv=0\r\n"));
    assert_null(strstr(f->reply + 1, "INVITE sip"));
    close(phone);
    close(caller);
}

static void udp_answers_a_burst_with_garbage_in_between(void **state)
{
    struct fixture *f = *state;
    const struct ask options = {.method = "OPTIONS", .via = "SIP/2.0/UDP 127.0.0.1:1;rport"};
    const int fd = open_client(f, SOCK_DGRAM);
    char buf[4096], big[60000];

    memset(big, 'x', sizeof(big));
    for (int i = 0; i < 100; i++) {
        assert_true(send(fd, "\r\n\r\n", 4, 0) == 4);
        assert_true(send(fd, "", 0, 0) == 0);
        assert_true(send(fd, buf, print_ask(f, buf, sizeof(buf), &options), 0) > 0);
    }
    assert_true(send(fd, big, sizeof(big), 0) > 0);
    for (int i = 0; i < 100; i++) {
        assert_true(wait_for(f, fd));
        assert_true(recv(fd, buf, sizeof(buf), 0) > 0);
        assert_memory_equal(buf, "SIP/2.0 200", 11);
    }
    close(fd);
}

static void tcp_frames_messages_however_they_are_cut(void **state)
{
    struct fixture *f = *state;
    static const char body[] = "OPTIONS sip:lab SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bKb\r\n"
                               "From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\n"
                               "CSeq: 9 OPTIONS\r\nl: 7\r\n\r\nREGISTE";
    const struct ask options = {.method = "OPTIONS"};
    const int fd = open_client(f, SOCK_STREAM);
    char buf[8192];
    size_t len, n_ok = 0;

    len = print_ask(f, buf, sizeof(buf), &options);
    memcpy(buf + len, "\r\n\r\n", 4);
    memcpy(buf + len + 4, body, sizeof(body) - 1);
    len += 4 + sizeof(body) - 1;
    len += print_ask(f, buf + len, sizeof(buf) - len, &options);
    for (size_t i = 0; i < len; i++) {
        assert_int_equal(send(fd, buf + i, 1, 0), 1);
        loop_poll(f->lp);
    }
    for (ssize_t total = 0; n_ok < 3;) {
        ssize_t n;

        assert_true(wait_for(f, fd));
        n = recv(fd, f->reply + total, sizeof(f->reply) - 1 - (size_t)total, 0);
        assert_true(n > 0);
        total += n;
        f->reply[total] = 0;
        n_ok = 0;
        for (const char *p = f->reply; (p = strstr(p, "SIP/2.0 200 OK")); p++)
            n_ok++;
    }
    close(fd);
}

static void tcp_cuts_off_what_is_not_sip(void **state)
{
    struct fixture *f = *state;
    static const char junk[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    static const char huge[] = "OPTIONS sip:lab SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\n"
                               "Content-Length: 4294967295\r\n\r\n";
    const char *const texts[] = {junk, huge};
    char c;

    for (size_t i = 0; i < 2; i++) {
        const int fd = open_client(f, SOCK_STREAM);

        assert_true(send(fd, texts[i], strlen(texts[i]), 0) > 0);
        assert_true(wait_for(f, fd));
        assert_int_equal(recv(fd, &c, 1, 0), 0);
        close(fd);
    }
    registers_over(f, SOCK_STREAM);
}

static void a_taken_port_is_refused(void **state)
{
    struct fixture *f = *state;
    const struct registrar_config cfg = {.realm = "lab", .password = "x"};
    struct registrar *second = NULL;

    assert_int_equal(registrar_alloc(&second, f->lp, &cfg), 0);
    assert_int_equal(registrar_listen(second, "127.0.0.1", registrar_port(f->r)), EADDRINUSE);
    assert_int_equal(registrar_listen(second, "192.0.2.1", 0), EADDRNOTAVAIL);
    assert_int_equal(registrar_listen(second, "nonsense", 0), EINVAL);
    mem_deref(second);
    registers_over(f, SOCK_DGRAM);
}

#define PURE(t)    cmocka_unit_test_setup_teardown(t, setup, teardown)
#define STRICT(t)  cmocka_unit_test_setup_teardown(t, setup_strict, teardown)
#define SOCKETS(t) cmocka_unit_test_setup_teardown(t, setup_real, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PURE(challenge_then_ok_with_the_granted_contact),
        PURE(one_nonce_serves_many_requests_and_counts_them),
        PURE(a_replay_is_stale_but_a_retransmission_is_not),
        PURE(a_nonce_without_qop_is_good_once),
        STRICT(an_expired_nonce_is_stale),
        PURE(a_forged_nonce_is_stale),
        PURE(a_wrong_password_is_forbidden_and_binds_nothing),
        PURE(credentials_of_another_realm_are_challenged_anew),
        PURE(malformed_credentials_are_a_bad_request),
        PURE(a_binding_ends_when_its_time_is_over),
        PURE(a_renewal_starts_the_time_again),
        PURE(expires_zero_removes_one_contact_and_star_all),
        STRICT(expiry_is_bounded_at_both_ends),
        PURE(an_old_cseq_of_the_same_call_changes_nothing),
        PURE(a_user_has_a_limited_number_of_contacts),
        PURE(five_thousand_users_keep_apart),
        PURE(other_methods_get_their_answers),
        PURE(replies_go_where_via_and_rport_say),
        PURE(incomplete_requests_are_refused),
        PURE(damaged_messages_never_break_it),
        SOCKETS(it_registers_over_udp),
        SOCKETS(it_registers_over_tcp),
        SOCKETS(a_call_goes_by_the_connection_the_phone_registered_by),
        SOCKETS(udp_answers_a_burst_with_garbage_in_between),
        SOCKETS(tcp_frames_messages_however_they_are_cut),
        SOCKETS(tcp_cuts_off_what_is_not_sip),
        SOCKETS(a_taken_port_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
