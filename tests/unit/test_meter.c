/* SPDX-License-Identifier: BSD-3-Clause */
/* What fetches do on the wire, as fetcher_observe() tells it. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/fetchrig.h"

enum { SEEN_MAX = 16 };

struct fixture {
    struct fetchrig rig;
    struct fetch_exchange seen[SEEN_MAX];
    char errors[SEEN_MAX][64], urls[SEEN_MAX][96];
    unsigned n;
    bool done, answered;
};

static int owner; /* its address stands for a phone */

static void exchange_handler(const struct fetch_exchange *x, void *arg)
{
    struct fixture *f = arg;

    assert_in_range(f->n, 0, SEEN_MAX - 1);
    snprintf(f->errors[f->n], sizeof(f->errors[0]), "%s", x->error ? x->error : "");
    snprintf(f->urls[f->n], sizeof(f->urls[0]), "%s", x->url);
    f->seen[f->n++] = *x;
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    if (!f || fetchrig_open(&f->rig))
        return -1;
    fetcher_observe(f->rig.fetcher, exchange_handler, f);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    fetchrig_close(&f->rig);
    free(f);
    return 0;
}

static void done_handler(int err, const struct fetch_reply *r, void *arg)
{
    struct fixture *f = arg;

    (void)err;
    (void)r;
    f->done = true;
    loop_stop(f->rig.lp, 0);
}

static void run(struct fixture *f, const struct fetch_req *req)
{
    fetchrig_run(&f->rig, req, done_handler, f, &f->done);
}

static void get(struct fixture *f, tcp_peer_h *h, const char *uid)
{
    char url[128];

    f->rig.tcp = tcp_peer_open(f->rig.lp, h, f);
    snprintf(url, sizeof(url), "http://127.0.0.1:%u/a", tcp_peer_port(f->rig.tcp));
    run(f, &(struct fetch_req){.url = url, .uid = uid, .pwd = uid, .owner = &owner});
}

static void file_handler(const char *request, unsigned n, struct tcp_answer *a, void *arg)
{
    (void)request;
    (void)n;
    (void)arg;
    snprintf(a->head, sizeof(a->head),
             "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfile");
}

static void a_request_is_told_with_its_owner_and_connection(void **state)
{
    struct fixture *f = *state;

    get(f, file_handler, NULL);
    assert_int_equal(f->n, 1);
    const struct fetch_exchange *x = &f->seen[0];
    assert_string_equal(x->scheme, "http");
    assert_string_equal(x->method, "GET");
    assert_ptr_equal(x->owner, &owner);
    assert_int_equal(x->status, 200); /* not 103 */
    assert_int_equal(x->bytes, 4);
    assert_true(x->us > 0);
    assert_true(x->sent && x->opened);
    assert_false(x->reused || x->unconnected || x->cancelled || x->challenged || x->tls_done);
    assert_null(x->error);
}

static void digest_handler(const char *request, unsigned n, struct tcp_answer *a, void *arg)
{
    (void)n;
    (void)arg;
    if (strstr(request, "Authorization:"))
        snprintf(a->head, sizeof(a->head), "HTTP/1.1 404 None\r\nContent-Length: 2\r\n\r\nno");
    else
        snprintf(a->head, sizeof(a->head),
                 "HTTP/1.1 401 Who\r\nContent-Length: 0\r\nWWW-Authenticate: Digest "
                 "realm=\"x\", nonce=\"1\", qop=\"auth\"\r\n\r\n");
}

static void a_challenge_is_a_request_of_its_own(void **state)
{
    struct fixture *f = *state;

    get(f, digest_handler, "u");
    assert_int_equal(tcp_peer_requests(f->rig.tcp), 2);
    assert_int_equal(f->n, 2);
    assert_int_equal(f->seen[0].status, 401);
    assert_true(f->seen[0].challenged && f->seen[0].sent && f->seen[0].opened);
    assert_int_equal(f->seen[1].status, 404);
    assert_true(f->seen[1].sent && f->seen[1].opened); /* Connection: close */
    assert_false(f->seen[1].challenged);
    assert_int_equal(f->seen[1].bytes, 2);
}

static void without_a_password_the_challenge_is_the_answer(void **state)
{
    struct fixture *f = *state;

    get(f, digest_handler, NULL);
    assert_int_equal(f->n, 1);
    assert_int_equal(f->seen[0].status, 401);
    assert_false(f->seen[0].challenged);
}

static void redirect_handler(const char *request, unsigned n, struct tcp_answer *a, void *arg)
{
    if (strncmp(request, "GET /a ", 7) == 0)
        snprintf(a->head, sizeof(a->head),
                 "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n");
    else
        file_handler(request, n, a, arg);
}

static void a_redirect_is_a_request_of_its_own(void **state)
{
    struct fixture *f = *state;

    get(f, redirect_handler, NULL);
    assert_int_equal(f->n, 2);
    assert_int_equal(f->seen[0].status, 302);
    assert_int_equal(f->seen[1].status, 200);
    assert_non_null(strstr(f->urls[1], "/b"));
}

static void a_refused_connection_sends_nothing(void **state)
{
    struct fixture *f = *state;

    run(f, &(struct fetch_req){.url = "http://127.0.0.1:1/a"});
    assert_int_equal(f->n, 1);
    assert_true(f->seen[0].unconnected);
    assert_false(f->seen[0].sent || f->seen[0].opened || f->seen[0].no_socket);
    assert_string_equal(f->errors[0], "connection refused");
}

static void an_address_that_is_not_ours_is_our_own_lack(void **state)
{
    struct fixture *f = *state;

    run(f,
        &(struct fetch_req){.url = "http://127.0.0.1:1/a", .local.s_addr = inet_addr("192.0.2.1")});
    assert_int_equal(f->n, 1);
    assert_true(f->seen[0].no_socket);
}

static void a_failed_handshake_is_told_apart(void **state)
{
    struct fixture *f = *state;
    char url[128];

    f->rig.tcp = tcp_peer_open(f->rig.lp, file_handler, f); /* a server that speaks no TLS */
    snprintf(url, sizeof(url), "https://127.0.0.1:%u/a", tcp_peer_port(f->rig.tcp));
    run(f, &(struct fetch_req){.url = url, .timeout_ms = 100});
    assert_int_equal(f->n, 1);
    assert_string_equal(f->seen[0].scheme, "https");
    assert_true(f->seen[0].tls_failed && f->seen[0].opened);
    assert_false(f->seen[0].sent || f->seen[0].tls_done || f->seen[0].unconnected);
    assert_true(f->errors[0][0] != '\0');
}

static void silent_handler(const char *request, unsigned n, struct tcp_answer *a, void *arg)
{
    struct fixture *f = arg;

    (void)request;
    (void)n;
    a->silent = a->stay = true;
    f->answered = true;
}

static void our_own_time_limit_is_a_timeout(void **state)
{
    struct fixture *f = *state;
    char url[128];

    f->rig.tcp = tcp_peer_open(f->rig.lp, silent_handler, f);
    snprintf(url, sizeof(url), "http://127.0.0.1:%u/a", tcp_peer_port(f->rig.tcp));
    run(f, &(struct fetch_req){.url = url, .timeout_ms = 100});
    assert_int_equal(f->n, 1);
    assert_string_equal(f->errors[0], "timeout: no answer");
    assert_true(f->seen[0].sent && !f->seen[0].cancelled);
    assert_int_equal(f->seen[0].status, 0);
}

static void a_fetch_that_is_dropped_is_cancelled(void **state)
{
    struct fixture *f = *state;
    char url[128];

    f->rig.tcp = tcp_peer_open(f->rig.lp, silent_handler, f);
    snprintf(url, sizeof(url), "http://127.0.0.1:%u/a", tcp_peer_port(f->rig.tcp));
    const struct fetch_req req = {.url = url, .owner = &owner};
    assert_int_equal(fetch_start(&f->rig.fetch, f->rig.fetcher, &req, done_handler, f), 0);
    assert_true(peer_wait(f->rig.lp, &f->answered));
    f->rig.fetch = mem_deref(f->rig.fetch);
    assert_int_equal(f->n, 1);
    assert_true(f->seen[0].cancelled && f->seen[0].sent);
    assert_string_equal(f->errors[0], "");
    assert_int_equal(fetcher_active(f->rig.fetcher), 0);
    assert_false(f->done);
}

static void tftp_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                         const struct sockaddr_in *from, void *arg)
{
    static const uint8_t none[] = {0, 5, 0, 1, 'n', 'o', 0}, file[] = {0, 3, 0, 1, 'h', 'i'};

    (void)len;
    (void)arg;
    if (data[1] == 1)
        udp_peer_send(p, from, data[3] == 'x' ? none : file,
                      data[3] == 'x' ? sizeof(none) : sizeof(file));
}

static void get_tftp(struct fixture *f, const char *path)
{
    char url[128];

    f->rig.udp = f->rig.udp ? f->rig.udp : udp_peer_open(f->rig.lp, tftp_handler, f);
    snprintf(url, sizeof(url), "tftp://127.0.0.1:%u%s", udp_peer_port(f->rig.udp), path);
    run(f, &(struct fetch_req){.url = url, .owner = &owner});
}

static void tftp_transfers_are_told_too(void **state)
{
    struct fixture *f = *state;

    get_tftp(f, "/file");
    get_tftp(f, "/x");
    assert_int_equal(f->n, 2);
    assert_string_equal(f->seen[0].scheme, "tftp");
    assert_string_equal(f->seen[0].method, "RRQ");
    assert_int_equal(f->seen[0].bytes, 2);
    assert_true(f->seen[0].sent && !f->seen[0].opened);
    assert_string_equal(f->errors[0], "");
    assert_int_equal(f->seen[1].status, 1);
    assert_non_null(strstr(f->errors[1], "File not found"));
}

static void a_name_that_nobody_knows_is_told_unsent(void **state)
{
    struct fixture *f = *state;

    run(f, &(struct fetch_req){.url = "https://no-such-host.invalid/a"});
    assert_int_equal(f->n, 1);
    assert_string_equal(f->seen[0].scheme, "https");
    assert_false(f->seen[0].sent || f->seen[0].unconnected);
    assert_non_null(strstr(f->errors[0], "dns failed"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_request_is_told_with_its_owner_and_connection),
        TEST(a_challenge_is_a_request_of_its_own),
        TEST(without_a_password_the_challenge_is_the_answer),
        TEST(a_redirect_is_a_request_of_its_own),
        TEST(a_refused_connection_sends_nothing),
        TEST(an_address_that_is_not_ours_is_our_own_lack),
        TEST(a_failed_handshake_is_told_apart),
        TEST(our_own_time_limit_is_a_timeout),
        TEST(a_fetch_that_is_dropped_is_cancelled),
        TEST(tftp_transfers_are_told_too),
        TEST(a_name_that_nobody_knows_is_told_unsent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
