/* SPDX-License-Identifier: BSD-3-Clause */
/* The HTTP server seen from a raw connection: what a client may do to it. */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <re.h>

#include "sim/loop/loop.h"
#include "sim/net/httpd.h"

enum { TURNS = 20000, LONG = 3000 };

struct fixture {
    struct loop *lp;
    struct httpd *httpd;
    unsigned n_requests;
    char method[16], path[64], auth[64], origin[32];
    bool postpone;
    struct httpd_later *later;
    size_t body_len;
    char in[65536];
    size_t len;
    bool closed; /* by the server */
    int fd;
};

static void serve_handler(const struct httpd_req *req, struct httpd_reply *reply, void *arg)
{
    struct fixture *f = arg;

    f->n_requests++;
    snprintf(f->method, sizeof(f->method), "%s", req->method);
    snprintf(f->path, sizeof(f->path), "%s", req->path);
    snprintf(f->auth, sizeof(f->auth), "%s", req->authorization);
    snprintf(f->origin, sizeof(f->origin), "%s", req->origin);
    f->body_len = req->body_len;
    if (f->postpone && !httpd_postpone(&f->later, req))
        return;
    reply->body = (uint8_t *)strdup("hello");
    reply->len = 5;
    reply->content_type = "text/plain";
    snprintf(reply->headers, sizeof(reply->headers), "X-Lab: yes\r\n");
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    if (!f || loop_alloc(&f->lp, &(struct loop_config){.clock = CLOCK_REAL}) ||
        httpd_open(&f->httpd, f->lp, "127.0.0.1", 0, serve_handler, f))
        return -1;
    f->fd = -1;
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    if (f->fd >= 0)
        close(f->fd);
    mem_deref(f->httpd);
    mem_deref(f->later);
    mem_deref(f->lp);
    free(f);
    return 0;
}

static void say(struct fixture *f, const char *data, size_t len)
{
    const struct sockaddr_in sin = {.sin_family = AF_INET,
                                    .sin_port = htons(httpd_port(f->httpd)),
                                    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    if (f->fd < 0) {
        f->fd = socket(AF_INET, SOCK_STREAM, 0);
        assert_true(f->fd >= 0);
        assert_int_equal(connect(f->fd, (const struct sockaddr *)&sin, sizeof(sin)), 0);
    }
    for (size_t sent = 0; sent < len;) {
        const ssize_t n = send(f->fd, data + sent, len - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n > 0)
            sent += (size_t)n;
        else if (errno != EAGAIN)
            return;
        loop_poll(f->lp);
    }
}

static void hear(struct fixture *f, const char *until)
{
    f->len = 0;
    f->closed = false;
    f->in[0] = '\0';
    for (unsigned i = 0; i < TURNS && !f->closed && !(until && strstr(f->in, until)); i++) {
        loop_poll(f->lp);
        const ssize_t n = recv(f->fd, f->in + f->len, sizeof(f->in) - 1 - f->len, MSG_DONTWAIT);
        if (n > 0)
            f->len += (size_t)n;
        f->in[f->len] = '\0';
        f->closed = n == 0 || (n < 0 && errno != EAGAIN);
    }
}

static void ask(struct fixture *f, const char *request, const char *until)
{
    say(f, request, strlen(request));
    hear(f, until);
}

static void assert_alive(struct fixture *f)
{
    if (f->fd >= 0)
        close(f->fd);
    f->fd = -1;
    ask(f, "GET /alive HTTP/1.1\r\nHost: x\r\n\r\n", "hello");
    assert_non_null(strstr(f->in, "200"));
    assert_string_equal(f->path, "/alive");
}

static void https_wants_a_key_with_the_certificate(void **state)
{
    static const struct httpd_tls tls = {.pem = "-----BEGIN CERTIFICATE-----\n"};
    struct fixture *f = *state;
    struct httpd *h = NULL;

    assert_int_equal(httpd_open_tls(&h, f->lp, "127.0.0.1", 0, &tls, serve_handler, f), EINVAL);
    assert_null(h);
}

static void an_answer_has_its_length_and_headers(void **state)
{
    struct fixture *f = *state;

    ask(f, "GET /a%20b HTTP/1.1\r\nHost: x\r\nAuthorization: Basic eA==\r\n\r\n", "hello");
    assert_memory_equal(f->in, "HTTP/1.1 200", 12);
    assert_non_null(strcasestr(f->in, "\r\ncontent-length: 5\r\n"));
    assert_non_null(strcasestr(f->in, "\r\ncontent-type: text/plain\r\n"));
    assert_non_null(strcasestr(f->in, "\r\nx-lab: yes\r\n"));
    assert_string_equal(f->path, "/a b");
    assert_string_equal(f->auth, "Basic eA==");
}

static void a_connection_serves_several_requests(void **state)
{
    struct fixture *f = *state;

    for (unsigned i = 1; i <= 3; i++) {
        ask(f, "GET /x HTTP/1.1\r\nHost: x\r\n\r\n", "hello");
        assert_int_equal(f->n_requests, i);
        assert_false(f->closed);
    }
}

static void close_is_honoured(void **state)
{
    struct fixture *f = *state;

    ask(f, "GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", NULL);
    assert_true(f->closed);
    assert_non_null(strstr(f->in, "hello"));
}

static void head_has_no_body(void **state)
{
    struct fixture *f = *state;

    ask(f, "HEAD /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", NULL);
    assert_string_equal(f->method, "HEAD");
    assert_memory_equal(f->in, "HTTP/1.1 200", 12);
    assert_null(strstr(f->in, "hello"));
}

static void a_body_in_pieces_is_put_together(void **state)
{
    static char body[200000];
    struct fixture *f = *state;
    char head[128];

    memset(body, 'x', sizeof(body));
    snprintf(head, sizeof(head), "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n",
             sizeof(body));
    say(f, head, strlen(head));
    say(f, body, sizeof(body));
    hear(f, "hello");
    assert_string_equal(f->method, "POST");
    assert_int_equal(f->body_len, sizeof(body));
}

static void a_body_over_a_mebibyte_is_refused(void **state)
{
    struct fixture *f = *state;

    ask(f, "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n", NULL);
    assert_int_equal(f->n_requests, 0);
    assert_true(f->closed);
    assert_non_null(strstr(f->in, "413"));
    assert_alive(f);
}

/* Whatever it makes of this, it serves others. */
static void outlives(struct fixture *f, const char *request)
{
    say(f, request, strlen(request));
    for (unsigned turn = 0; turn < 50; turn++)
        loop_poll(f->lp);
    assert_alive(f);
    close(f->fd);
    f->fd = -1;
}

static void bad_requests_harm_nobody(void **state)
{
    static const char *const requests[] = {
        "\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        "BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /%00%ff HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\nabc",
        "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc",
        "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /x HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    };
    struct fixture *f = *state;

    for (unsigned i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        outlives(f, requests[i]);
    }
}

static void long_lines_harm_nobody(void **state)
{
    static char request[LONG * 4];
    struct fixture *f = *state;

    for (size_t len = 900; len < LONG * 3; len += 700) {
        memset(request, 'a', sizeof(request));
        memcpy(request, "GET /", 5);
        memcpy(request + len, " HTTP/1.1\r\nHost: x\r\n\r\n", 23);
        outlives(f, request);
        memcpy(request, "GET /x HTTP/1.1\r\nAuthorization: ", 32);
        memset(request + 32, 'b', len);
        memcpy(request + 32 + len, "\r\n\r\n", 5);
        outlives(f, request);
    }
}

static void an_empty_post_is_answered(void **state)
{
    struct fixture *f = *state;

    ask(f, "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "hello");
    assert_int_equal(f->n_requests, 1);
    assert_int_equal(f->body_len, 0);
    assert_non_null(strstr(f->in, "hello"));
}

static void an_origin_that_is_too_long_is_not_absent(void **state)
{
    static const char head[] = "GET /x HTTP/1.1\r\nHost: x\r\nOrigin: http://";
    static char request[1200];
    struct fixture *f = *state;

    memset(request, 'a', sizeof(request) - 1);
    memcpy(request, head, sizeof(head) - 1);
    memcpy(request + sizeof(request) - 5, "\r\n\r\n", 5);
    ask(f, request, "hello");
    assert_string_equal(f->origin, "too-long:");
}

/* ---- answers that come later */

static void ask_and_wait(struct fixture *f)
{
    const char *request = "GET /x HTTP/1.1\r\nHost: x\r\n\r\n";

    f->postpone = true;
    say(f, request, strlen(request));
    for (unsigned i = 0; i < TURNS && !f->later; i++)
        loop_poll(f->lp);
    assert_non_null(f->later);
    f->postpone = false;
}

static void answer_late(struct fixture *f)
{
    const struct httpd_reply reply = {.status = 202,
                                      .content_type = "text/plain",
                                      .body = (uint8_t *)strdup("at last"),
                                      .len = 7};

    httpd_answer(f->later, &reply);
    f->later = mem_deref(f->later);
}

static void an_answer_may_come_later(void **state)
{
    struct fixture *f = *state;

    ask_and_wait(f);
    answer_late(f);
    hear(f, "at last");
    assert_memory_equal(f->in, "HTTP/1.1 202", 12);
    ask(f, "GET /y HTTP/1.1\r\nHost: x\r\n\r\n", "hello"); /* the connection goes on */
    assert_non_null(strstr(f->in, "hello"));
}

static void nobody_hears_the_answer_to_who_has_left(void **state)
{
    struct fixture *f = *state;

    ask_and_wait(f);
    close(f->fd);
    f->fd = -1;
    for (unsigned i = 0; i < 50; i++)
        loop_poll(f->lp);
    answer_late(f);
    assert_alive(f);
}

static void who_gets_no_answer_is_disconnected(void **state)
{
    struct fixture *f = *state;

    ask_and_wait(f);
    f->later = mem_deref(f->later);
    hear(f, NULL);
    assert_true(f->closed);
    assert_int_equal(f->len, 0);
    assert_alive(f);
}

static void a_server_may_go_before_its_answers(void **state)
{
    struct fixture *f = *state;

    ask_and_wait(f);
    f->httpd = mem_deref(f->httpd);
    answer_late(f);
}

static void a_client_that_leaves_harms_nobody(void **state)
{
    struct fixture *f = *state;
    const char *request = "GET /x HTTP/1.1\r\nHost: x\r\n\r\n";

    for (size_t len = 0; len <= strlen(request); len++) {
        say(f, request, len);
        close(f->fd);
        f->fd = -1;
        loop_poll(f->lp);
    }
    assert_alive(f);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(https_wants_a_key_with_the_certificate),
        CASE(an_answer_has_its_length_and_headers),
        CASE(a_connection_serves_several_requests),
        CASE(close_is_honoured),
        CASE(head_has_no_body),
        CASE(a_body_in_pieces_is_put_together),
        CASE(a_body_over_a_mebibyte_is_refused),
        CASE(bad_requests_harm_nobody),
        CASE(long_lines_harm_nobody),
        CASE(a_client_that_leaves_harms_nobody),
        CASE(an_empty_post_is_answered),
        CASE(an_origin_that_is_too_long_is_not_absent),
        CASE(an_answer_may_come_later),
        CASE(nobody_hears_the_answer_to_who_has_left),
        CASE(who_gets_no_answer_is_disconnected),
        CASE(a_server_may_go_before_its_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
