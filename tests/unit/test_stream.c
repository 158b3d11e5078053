/* SPDX-License-Identifier: BSD-3-Clause */
/* SIP over TCP: framing of what comes, and the one connection to the server (sip-behaviour.md 9.5,
 * 7). */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <re.h>

#include "sim/loop/loop.h"
#include "sim/sip/priv.h"
#include "tests/support/rig.h"

enum { WHOLE = 16384, PATIENCE_S = 5 };

struct fixture {
    struct rig rig;
    int server; /* listening; the line's proxy */
    char proxy[32];
    char got[WHOLE];
    size_t len;
    bool ended; /* the line closed the connection */
};

static void no_datagrams(struct udp_peer *p, const uint8_t *data, size_t len,
                         const struct sockaddr_in *from, void *arg)
{
    (void)p;
    (void)data;
    (void)len;
    (void)from;
    (void)arg;
}

static int listen_anywhere(uint16_t *port)
{
    struct sockaddr_in sin = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(sin);
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

    if (bind(fd, (const struct sockaddr *)&sin, sizeof(sin)) || listen(fd, 16) ||
        getsockname(fd, (struct sockaddr *)&sin, &len))
        return -1;
    *port = ntohs(sin.sin_port);
    return fd;
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    uint16_t port = 0;

    *state = f;
    f->server = listen_anywhere(&port);
    const int err = rig_open(&f->rig, no_datagrams, f);
    snprintf(f->proxy, sizeof(f->proxy), "127.0.0.1:%u", port);
    f->rig.cfg.proxy = f->proxy;
    f->rig.cfg.transport = UA_TCP;
    f->rig.cfg.port = rig_free_port(SOCK_STREAM);
    f->rig.cfg.tcp_min = f->rig.cfg.tcp_max = 0; /* any */
    return err || f->server < 0 ? -1 : 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    close(f->server);
    rig_close(&f->rig);
    free(f);
    return 0;
}

/* A turn of the loop; the descriptor may become ready in it. */
static void turn(struct fixture *f, int fd)
{
    struct pollfd pfd = {.fd = fd, .events = POLLIN};

    rig_run(&f->rig, 1, 1);
    (void)poll(&pfd, 1, 1);
}

/* Read until the text holds `until` so many times, or the other side is through. */
static bool await(struct fixture *f, int fd, const char *until, unsigned times)
{
    const time_t end = time(NULL) + PATIENCE_S;

    while (!f->ended && time(NULL) <= end) {
        unsigned n = 0;
        for (const char *p = f->got; until && (p = strstr(p, until)); p++)
            n++;
        if (until && n >= times)
            return true;
        turn(f, fd);
        const ssize_t got = recv(fd, f->got + f->len, WHOLE - 1 - f->len, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno == ECONNRESET))
            f->ended = true;
        f->len += got > 0 ? (size_t)got : 0;
        f->got[f->len] = '\0';
    }
    return !until && f->ended;
}

static bool await_end(struct fixture *f, int fd)
{
    return await(f, fd, NULL, 0);
}

static void forget(struct fixture *f)
{
    f->len = 0;
    f->got[0] = '\0';
    f->ended = false;
}

static int connect_line(struct fixture *f)
{
    const struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_addr = f->rig.cfg.addr, .sin_port = htons(f->rig.cfg.port)};
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof(to)), 0);
    rig_run(&f->rig, 1, 1); /* accepted, so that the queue of the listener never fills up */
    forget(f);
    return fd;
}

static int accept_line(struct fixture *f)
{
    const time_t end = time(NULL) + PATIENCE_S;
    int fd = -1;

    while (fd < 0 && time(NULL) <= end) {
        turn(f, f->server);
        fd = accept(f->server, NULL, NULL);
    }
    assert_true(fd >= 0);
    forget(f);
    return fd;
}

static void give(int fd, const char *data, size_t len)
{
    assert_int_equal(send(fd, data, len, MSG_NOSIGNAL), (ssize_t)len);
}

static size_t print_options(char *buf, size_t size, unsigned n, const char *headers,
                            const char *body)
{
    return (size_t)snprintf(buf, size,
                            "OPTIONS sip:1001@127.0.0.1 SIP/2.0\r\n"
                            "Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK%u\r\n"
                            "From: <sip:9@127.0.0.1>;tag=f\r\nTo: <sip:1001@127.0.0.1>\r\n"
                            "Call-ID: c%u\r\nCSeq: 1 OPTIONS\r\n%s\r\n%s",
                            n, n, headers, body);
}

/* ---- connections others make */

static void a_message_may_come_byte_by_byte(void **state)
{
    struct fixture *f = *state;
    char buf[1024];

    assert_int_equal(rig_line(&f->rig), 0);
    const int fd = connect_line(f);
    const size_t len = print_options(buf, sizeof(buf), 1, "Content-Length: 4\r\n", "body");
    for (size_t i = 0; i < len; i++) {
        assert_int_equal(recv(fd, f->got, 1, MSG_DONTWAIT), -1);
        give(fd, buf + i, 1);
        loop_poll(f->rig.lp);
    }
    assert_true(await(f, fd, "SIP/2.0 200 OK\r\n", 1));
    assert_int_equal(ua_stack_counters(f->rig.stack)->n_received, 1);
    close(fd);
}

static void two_messages_may_come_in_one_piece_and_more_besides(void **state)
{
    struct fixture *f = *state;
    char buf[2048];

    assert_int_equal(rig_line(&f->rig), 0);
    const int fd = connect_line(f);
    size_t len = print_options(buf, sizeof(buf), 1, "l: 4\r\n", "body");
    len += print_options(buf + len, sizeof(buf) - len, 2, "", "");
    len += (size_t)snprintf(buf + len, sizeof(buf) - len, "\r\n\r\n");
    const size_t third = len;
    len += print_options(buf + len, sizeof(buf) - len, 3, "Content-Length: 0\r\n", "");
    give(fd, buf, third + 40);
    assert_true(await(f, fd, "SIP/2.0 200 OK\r\n", 2));
    give(fd, buf + third + 40, len - third - 40);
    assert_true(await(f, fd, "SIP/2.0 200 OK\r\n", 3));
    assert_non_null(strstr(f->got, "Call-ID: c3\r\n"));
    close(fd);
}

static void keep_alives_between_messages_are_no_messages(void **state)
{
    struct fixture *f = *state;
    char buf[1024];

    assert_int_equal(rig_line(&f->rig), 0);
    const int fd = connect_line(f);
    for (unsigned i = 0; i < 50; i++) {
        give(fd, "\r\n\r\n", 4);
        rig_run(&f->rig, 1, 1);
    }
    give(fd, buf, print_options(buf, sizeof(buf), 1, "", ""));
    assert_true(await(f, fd, "SIP/2.0 200 OK\r\n", 1));
    assert_int_equal(ua_stack_counters(f->rig.stack)->n_received, 1);
    assert_int_equal(ua_stack_counters(f->rig.stack)->n_undecodable, 0);
    close(fd);
}

static void an_oversized_length_ends_the_connection(void **state)
{
    struct fixture *f = *state;
    char buf[1024];

    assert_int_equal(rig_line(&f->rig), 0);
    const int fd = connect_line(f);
    give(fd, buf, print_options(buf, sizeof(buf), 1, "Content-Length: 70000\r\n", "body"));
    assert_true(await_end(f, fd));
    assert_int_equal(f->len, 0);
    close(fd);
}

static void lost_framing_is_told_before_the_connection_ends(void **state)
{
    static const char *const lengths[] = {"Content-Length: 4000000000\r\n",
                                          "Content-Length: 1\r\nContent-Length: 2\r\n"};
    struct fixture *f = *state;
    char buf[1024];

    assert_int_equal(rig_line(&f->rig), 0);
    for (unsigned i = 0; i < 2; i++) {
        const int fd = connect_line(f);
        give(fd, buf, print_options(buf, sizeof(buf), i, lengths[i], "body"));
        assert_true(await_end(f, fd));
        assert_memory_equal(f->got, "SIP/2.0 400 Bad Request\r\n", 25);
        close(fd);
    }
}

static void endless_garbage_ends_the_connection(void **state)
{
    struct fixture *f = *state;
    char garbage[4096];

    assert_int_equal(rig_line(&f->rig), 0);
    const int fd = connect_line(f);
    memset(garbage, 'x', sizeof(garbage));
    give(fd, garbage, sizeof(garbage));
    rig_run(&f->rig, 20, 1);
    assert_int_equal(recv(fd, f->got, 1, MSG_DONTWAIT), -1); /* it may yet become a message */
    assert_int_equal(errno, EAGAIN);
    give(fd, garbage, sizeof(garbage));
    assert_true(await_end(f, fd));
    close(fd);
}

static void garbage_that_ends_is_passed_over(void **state)
{
    struct fixture *f = *state;
    char buf[1024];

    assert_int_equal(rig_line(&f->rig), 0);
    const int fd = connect_line(f);
    give(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27);
    give(fd, buf, print_options(buf, sizeof(buf), 1, "", ""));
    assert_true(await(f, fd, "SIP/2.0 200 OK\r\n", 1));
    assert_int_equal(ua_stack_counters(f->rig.stack)->n_undecodable, 1);
    close(fd);
}

static void others_may_hold_a_limited_number_of_connections(void **state)
{
    struct fixture *f = *state;
    char buf[1024];
    int fds[17];

    assert_int_equal(rig_line(&f->rig), 0);
    for (unsigned i = 0; i < 17; i++)
        fds[i] = connect_line(f);
    assert_true(await_end(f, fds[16]));
    close(fds[0]);
    rig_run(&f->rig, 5, 1);
    close(fds[16]);
    fds[16] = connect_line(f);
    give(fds[16], buf, print_options(buf, sizeof(buf), 1, "", ""));
    assert_true(await(f, fds[16], "SIP/2.0 200 OK\r\n", 1));
    for (unsigned i = 1; i < 17; i++)
        close(fds[i]);
}

static void a_peer_that_goes_mid_message_harms_nobody(void **state)
{
    struct fixture *f = *state;
    char buf[1024];

    assert_int_equal(rig_line(&f->rig), 0);
    int fd = connect_line(f);
    const size_t len = print_options(buf, sizeof(buf), 1, "", "");
    give(fd, buf, len / 2);
    rig_run(&f->rig, 2, 1);
    close(fd);
    rig_run(&f->rig, 2, 1);
    fd = connect_line(f);
    give(fd, buf, len);
    assert_true(await(f, fd, "SIP/2.0 200 OK\r\n", 1));
    close(fd);
}

/* ---- the connection to the server */

/* Start registering and take the REGISTER off the connection. */
static int take_register(struct fixture *f)
{
    const int fd = accept_line(f);

    assert_true(await(f, fd, "Supported: replaces\r\n\r\n", 1));
    assert_memory_equal(f->got, "REGISTER sip:", 13);
    return fd;
}

static int begin(struct fixture *f)
{
    assert_int_equal(rig_line(&f->rig), 0);
    ua_line_start(f->rig.line);
    return take_register(f);
}

static void answer_ok(struct fixture *f, int fd, const char *extra)
{
    char answer[2048];
    const size_t len = rig_answer(answer, sizeof(answer), f->got, "200 OK", extra);

    give(fd, answer, len / 2); /* in two segments */
    rig_run(&f->rig, 3, 1);
    give(fd, answer + len / 2, len - len / 2);
    forget(f);
    for (unsigned i = 0; i < 1000 && f->rig.last.state != UA_REG_OK; i++)
        turn(f, fd);
    assert_int_equal(f->rig.last.state, UA_REG_OK);
}

static void registering_uses_a_port_of_the_tcp_range_and_shows_it(void **state)
{
    struct fixture *f = *state;
    struct sockaddr_in from;
    socklen_t len = sizeof(from);
    char line[512], want[80];

    f->rig.cfg.tcp_min = f->rig.cfg.tcp_max = rig_free_port(SOCK_STREAM);
    const int fd = begin(f);
    assert_int_equal(getpeername(fd, (struct sockaddr *)&from, &len), 0);
    assert_int_equal(ntohs(from.sin_port), f->rig.cfg.tcp_min);
    snprintf(want, sizeof(want), "Contact: <sip:1001@127.0.0.1:%u;transport=tcp>;expires=3600",
             f->rig.cfg.tcp_min);
    assert_string_equal(rig_header(f->got, "Contact", line, sizeof(line)), want);
    snprintf(want, sizeof(want), "Via: SIP/2.0/TCP 127.0.0.1:%u;branch=", f->rig.cfg.tcp_min);
    assert_memory_equal(rig_header(f->got, "Via", line, sizeof(line)), want, strlen(want));
    close(fd);
}

static void nothing_is_retransmitted_but_timer_f_runs(void **state)
{
    struct fixture *f = *state;
    const int fd = begin(f);

    rig_run(&f->rig, 15000, 50);
    assert_int_equal(f->rig.n_reports, 0);
    rig_run(&f->rig, 1100, 10);
    assert_int_equal(f->rig.last.state, UA_REG_FAILED);
    assert_string_equal(f->rig.last.reason, "timeout");
    forget(f);
    assert_int_equal(recv(fd, f->got, WHOLE, MSG_DONTWAIT), -1);
    assert_int_equal(ua_stack_counters(f->rig.stack)->n_sent, 1);
    close(fd);
}

static void renewals_and_requests_of_the_server_share_the_connection(void **state)
{
    struct fixture *f = *state;
    char buf[1024];
    const int fd = begin(f);

    answer_ok(f, fd, "Expires: 60\r\n");
    assert_int_equal(f->rig.last.granted_s, 60);
    give(fd, buf, print_options(buf, sizeof(buf), 1, "", ""));
    assert_true(await(f, fd, "SIP/2.0 200 OK\r\n", 1));
    forget(f);
    rig_run(&f->rig, 34400, 50);
    assert_true(await(f, fd, "Supported: replaces\r\n\r\n", 1));
    assert_memory_equal(f->got, "REGISTER sip:", 13);
    assert_int_equal(accept(f->server, NULL, NULL), -1);
    close(fd);
}

static void a_lost_connection_is_made_again_with_a_register(void **state)
{
    struct fixture *f = *state;
    int fd = begin(f);

    answer_ok(f, fd, "");
    rig_run(&f->rig, 6000, 1000);
    close(fd);
    fd = take_register(f);
    f->rig.last.state = UA_REG_TRYING;
    answer_ok(f, fd, "");
    assert_int_equal(f->rig.n_reports, 2);
    close(fd);
}

static void a_lost_connection_may_be_left_until_renewal(void **state)
{
    struct fixture *f = *state;
    struct ua_reg_status st;

    f->rig.cfg.reconnect_waits = true;
    int fd = begin(f);
    answer_ok(f, fd, "Expires: 60\r\n");
    rig_run(&f->rig, 6000, 1000);
    close(fd);
    rig_run(&f->rig, 1000, 50);
    assert_int_equal(accept(f->server, NULL, NULL), -1);
    ua_line_status(f->rig.line, &st);
    assert_int_equal(st.state, UA_REG_OK);
    rig_run(&f->rig, 28000, 50); /* (60 - 16) * 0.78 s after the answer */
    fd = take_register(f);
    answer_ok(f, fd, "");
    close(fd);
}

static void a_server_that_hangs_up_at_once_waits_for_the_short_interval(void **state)
{
    struct fixture *f = *state;
    struct ua_reg_status st;
    const int fd = begin(f);

    answer_ok(f, fd, "");
    close(fd);
    rig_run(&f->rig, 100, 1);
    ua_line_status(f->rig.line, &st);
    assert_int_equal(st.state, UA_REG_TRYING);
    assert_in_range(st.next_s, 29, 30);
}

static void a_connection_closed_instead_of_an_answer_is_a_failure(void **state)
{
    struct fixture *f = *state;
    const int fd = begin(f);

    close(fd);
    rig_run(&f->rig, 5, 1);
    assert_int_equal(f->rig.last.state, UA_REG_FAILED);
    assert_string_equal(f->rig.last.reason, "connection closed by the server");
    assert_int_equal(f->rig.last.next_s, 30);
}

static void a_refused_connection_is_told_at_once(void **state)
{
    struct fixture *f = *state;

    snprintf(f->proxy, sizeof(f->proxy), "127.0.0.1:%u", rig_free_port(SOCK_STREAM));
    assert_int_equal(rig_line(&f->rig), 0);
    ua_line_start(f->rig.line);
    rig_run(&f->rig, 10, 1);
    assert_int_equal(f->rig.last.state, UA_REG_FAILED);
    assert_string_equal(f->rig.last.reason, "connection refused");
    assert_int_equal(f->rig.last.next_s, 30);
}

static void a_server_that_speaks_no_sip_is_left(void **state)
{
    struct fixture *f = *state;
    char garbage[9000];
    const int fd = begin(f);

    memset(garbage, 'x', sizeof(garbage));
    give(fd, garbage, sizeof(garbage));
    forget(f);
    assert_true(await_end(f, fd));
    assert_int_equal(f->rig.last.state, UA_REG_FAILED);
    assert_string_equal(f->rig.last.reason, "not SIP on the connection");
    close(fd);
}

static void a_range_without_a_free_port_is_told(void **state)
{
    struct fixture *f = *state;

    f->rig.cfg.tcp_min = f->rig.cfg.tcp_max = f->rig.cfg.port; /* that one listens */
    assert_int_equal(rig_line(&f->rig), 0);
    ua_line_start(f->rig.line);
    rig_run(&f->rig, 10, 1);
    assert_int_equal(f->rig.last.state, UA_REG_FAILED);
    assert_string_equal(f->rig.last.reason, "no TCP port left between SIP_TCP_Port_Min and Max");
}

static void a_closed_line_ends_its_connections(void **state)
{
    struct fixture *f = *state;
    const int fd = begin(f), other = connect_line(f);

    rig_run(&f->rig, 3, 1);
    ua_line_close(f->rig.line);
    assert_true(await_end(f, fd));
    forget(f);
    assert_true(await_end(f, other));
    assert_int_equal(f->rig.n_reports, 0);
    close(fd);
    close(other);
}

static void a_handshake_that_nobody_answers_is_a_failure(void **state)
{
    struct fixture *f = *state;

    f->rig.cfg.transport = UA_TLS;
    assert_int_equal(rig_line(&f->rig), 0);
    ua_line_start(f->rig.line);
    const int fd = accept_line(f);
    rig_run(&f->rig, 15000, 50);
    assert_int_equal(f->rig.n_reports, 0);
    rig_run(&f->rig, 1100, 10);
    assert_int_equal(f->rig.last.state, UA_REG_FAILED);
    assert_string_equal(f->rig.last.reason, "TLS handshake timeout");
    close(fd);
}

#define LINE(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LINE(a_message_may_come_byte_by_byte),
        LINE(two_messages_may_come_in_one_piece_and_more_besides),
        LINE(keep_alives_between_messages_are_no_messages),
        LINE(an_oversized_length_ends_the_connection),
        LINE(lost_framing_is_told_before_the_connection_ends),
        LINE(endless_garbage_ends_the_connection),
        LINE(garbage_that_ends_is_passed_over),
        LINE(others_may_hold_a_limited_number_of_connections),
        LINE(a_peer_that_goes_mid_message_harms_nobody),
        LINE(registering_uses_a_port_of_the_tcp_range_and_shows_it),
        LINE(nothing_is_retransmitted_but_timer_f_runs),
        LINE(renewals_and_requests_of_the_server_share_the_connection),
        LINE(a_lost_connection_is_made_again_with_a_register),
        LINE(a_lost_connection_may_be_left_until_renewal),
        LINE(a_server_that_hangs_up_at_once_waits_for_the_short_interval),
        LINE(a_connection_closed_instead_of_an_answer_is_a_failure),
        LINE(a_refused_connection_is_told_at_once),
        LINE(a_server_that_speaks_no_sip_is_left),
        LINE(a_range_without_a_free_port_is_told),
        LINE(a_closed_line_ends_its_connections),
        LINE(a_handshake_that_nobody_answers_is_a_failure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
