/* SPDX-License-Identifier: BSD-3-Clause */
/* Fetching from our own server and from servers that misbehave, all in this process. */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/net/httpd.h"
#include "tests/support/fetchrig.h"

enum { MANY = 300, BIG = 300000 };

struct result {
    bool done;
    int err;
    enum fetch_class class;
    uint16_t status;
    char error[160], url[256], body[256], encoding[32];
    size_t len;
    struct in_addr server;
};

struct fixture {
    struct fetchrig rig;
    struct result result;
    struct httpd *httpd;
    char url[256], request[4096], agent[64], method[16], peer[64], query[256];
    unsigned n_requests, n_done;
};

static void fetched_handler(int err, const struct fetch_reply *r, void *arg)
{
    struct fixture *f = arg;

    assert_false(f->result.done);
    f->result = (struct result){.done = true,
                                .err = err,
                                .class = r->class,
                                .status = r->status,
                                .len = r->len,
                                .server = r->server};
    snprintf(f->result.error, sizeof(f->result.error), "%s", r->error ? r->error : "");
    snprintf(f->result.url, sizeof(f->result.url), "%s", r->url);
    snprintf(f->result.encoding, sizeof(f->result.encoding), "%s", r->encoding);
    if (r->len)
        snprintf(f->result.body, sizeof(f->result.body), "%s", (const char *)r->body);
    loop_stop(f->rig.lp, 0);
}

static void serve_handler(const struct httpd_req *req, struct httpd_reply *reply, void *arg)
{
    struct fixture *f = arg;

    f->n_requests++;
    snprintf(f->agent, sizeof(f->agent), "%s", req->user_agent);
    snprintf(f->method, sizeof(f->method), "%s", req->method);
    snprintf(f->peer, sizeof(f->peer), "%s", req->peer);
    snprintf(f->query, sizeof(f->query), "%s", req->query);
    if (!strcmp(req->path, "/none")) {
        reply->status = 404;
        return;
    }
    if (!strcmp(req->path, "/empty"))
        return;
    reply->len = !strcmp(req->path, "/big") ? BIG : req->body_len ? req->body_len : 14;
    reply->body = malloc(reply->len + 1);
    assert_non_null(reply->body);
    if (req->body_len)
        memcpy(reply->body, req->body, req->body_len);
    else if (reply->len == BIG)
        memset(reply->body, 'b', BIG);
    else
        memcpy(reply->body, "<flat-profile>", 14);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    if (!f || fetchrig_open(&f->rig))
        return -1;
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    mem_deref(f->httpd);
    fetchrig_close(&f->rig);
    free(f);
    return 0;
}

static void run(struct fixture *f, const struct fetch_req *req)
{
    fetchrig_run(&f->rig, req, fetched_handler, f, &f->result.done);
}

static void get(struct fixture *f, const char *host, uint16_t port, const char *path)
{
    snprintf(f->url, sizeof(f->url), "http://%s:%u%s", host, port, path);
    run(f, &(struct fetch_req){.url = f->url, .user_agent = "Cisco/SPA504G-7.4.9c (A)(B)"});
}

static void serve(struct fixture *f)
{
    assert_int_equal(httpd_open(&f->httpd, f->rig.lp, "127.0.0.1", 0, serve_handler, f), 0);
    assert_int_not_equal(httpd_port(f->httpd), 0);
}

static void get_ours(struct fixture *f, const char *path)
{
    if (!f->httpd)
        serve(f);
    get(f, "127.0.0.1", httpd_port(f->httpd), path);
}

static void get_raw(struct fixture *f, tcp_peer_h *h)
{
    f->rig.tcp = tcp_peer_open(f->rig.lp, h, f);
    get(f, "127.0.0.1", tcp_peer_port(f->rig.tcp), "/spa504G.cfg");
}

static void assert_failed(const struct fixture *f, int err, const char *error)
{
    assert_int_equal(f->result.class, FETCH_FAILED);
    assert_string_equal(f->result.error, error);
    assert_int_equal(f->result.err, err);
}

/* ---- our own server */

static void a_file_arrives(void **state)
{
    struct fixture *f = *state;

    get_ours(f, "/spa504G.cfg?mac=649ef3788e6a&n=1");
    assert_int_equal(f->result.err, 0);
    assert_int_equal(f->result.class, FETCH_OK);
    assert_int_equal(f->result.status, 200);
    assert_string_equal(f->result.body, "<flat-profile>");
    assert_string_equal(f->result.url, f->url);
    assert_string_equal(f->result.error, "");
    assert_int_equal(ntohl(f->result.server.s_addr), INADDR_LOOPBACK);
    assert_string_equal(f->agent, "Cisco/SPA504G-7.4.9c (A)(B)");
    assert_string_equal(f->query, "mac=649ef3788e6a&n=1");
    assert_string_equal(f->method, "GET");
}

static void a_big_file_and_an_empty_one_arrive_whole(void **state)
{
    struct fixture *f = *state;

    get_ours(f, "/big");
    assert_int_equal(f->result.err, 0);
    assert_int_equal(f->result.len, BIG);
    get_ours(f, "/empty");
    assert_int_equal(f->result.err, 0);
    assert_int_equal(f->result.len, 0);
}

static void not_found_is_a_class_of_its_own(void **state)
{
    struct fixture *f = *state;

    get_ours(f, "/none");
    assert_int_equal(f->result.err, ENOENT);
    assert_int_equal(f->result.class, FETCH_NOT_FOUND);
    assert_int_equal(f->result.status, 404);
    assert_string_equal(f->result.error, "HTTP 404");
}

static void a_body_is_posted(void **state)
{
    struct fixture *f = *state;

    serve(f);
    snprintf(f->url, sizeof(f->url), "http://127.0.0.1:%u/post", httpd_port(f->httpd));
    run(f, &(struct fetch_req){.url = f->url, .post_body = "state=0"});
    assert_int_equal(f->result.err, 0);
    assert_string_equal(f->method, "POST");
    assert_string_equal(f->result.body, "state=0");
}

static void the_source_address_is_the_phones(void **state)
{
    struct fixture *f = *state;

    serve(f);
    snprintf(f->url, sizeof(f->url), "http://127.0.0.1:%u/", httpd_port(f->httpd));
    run(f, &(struct fetch_req){.url = f->url, .local.s_addr = htonl(0x7f010203)});
    assert_int_equal(f->result.err, 0);
    assert_string_equal(f->peer, "127.1.2.3");
    run(f, &(struct fetch_req){.url = f->url, .local.s_addr = htonl(0xc0000201)});
    assert_failed(f, EADDRNOTAVAIL, "source address not local");
}

static unsigned count_threads(void)
{
    DIR *dir = opendir("/proc/self/task");
    unsigned n = 0;

    assert_non_null(dir);
    while (readdir(dir))
        n++;
    closedir(dir);
    return n;
}

static void thread_handler(const char *request, unsigned n, struct tcp_answer *a, void *arg)
{
    struct fixture *f = arg;

    (void)request;
    (void)n;
    f->n_requests = count_threads();
    snprintf(a->head, sizeof(a->head), "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
}

static void names_are_resolved_without_a_thread(void **state)
{
    struct fixture *f = *state;
    const unsigned before = count_threads();

    f->rig.tcp = tcp_peer_open(f->rig.lp, thread_handler, f);
    get(f, "localhost", tcp_peer_port(f->rig.tcp), "/");
    assert_int_equal(f->result.err, 0);
    assert_int_equal(f->n_requests, before);
}

static void counted_handler(int err, const struct fetch_reply *r, void *arg)
{
    struct fixture *f = arg;

    assert_int_equal(err, 0);
    assert_int_equal(r->len, 14);
    if (++f->n_done == MANY)
        loop_stop(f->rig.lp, 0);
}

static void many_at_once_all_arrive(void **state)
{
    struct fixture *f = *state;
    struct fetch *fetches[MANY];

    serve(f);
    snprintf(f->url, sizeof(f->url), "http://localhost:%u/x", httpd_port(f->httpd));
    const struct fetch_req req = {.url = f->url, .user_agent = "x"};
    for (unsigned i = 0; i < MANY; i++)
        assert_int_equal(fetch_start(&fetches[i], f->rig.fetcher, &req, counted_handler, f), 0);
    fetchrig_wait(&f->rig);
    assert_int_equal(f->n_done, MANY);
    assert_int_equal(f->n_requests, MANY);
    for (unsigned i = 0; i < MANY; i++)
        mem_deref(fetches[i]);
}

static void a_port_that_is_taken_is_told(void **state)
{
    struct fixture *f = *state;
    struct httpd *second = NULL;

    serve(f);
    assert_int_equal(
        httpd_open(&second, f->rig.lp, "127.0.0.1", httpd_port(f->httpd), serve_handler, f),
        EADDRINUSE);
    assert_int_equal(httpd_open(&second, f->rig.lp, "192.0.2.1", 0, serve_handler, f),
                     EADDRNOTAVAIL);
    assert_int_equal(httpd_open(&second, f->rig.lp, "nonsense", 0, serve_handler, f), EINVAL);
    assert_null(second);
}

/* ---- the request on the wire */

static void keep_handler(const char *request, unsigned n, struct tcp_answer *a, void *arg)
{
    struct fixture *f = arg;

    (void)n;
    snprintf(f->request, sizeof(f->request), "%s", request);
    snprintf(a->head, sizeof(a->head), "HTTP/1.1 200 OK\r\n\r\nto the end");
}

static void the_request_has_the_form_of_the_phones(void **state)
{
    struct fixture *f = *state;
    char want[512];

    get_raw(f, keep_handler);
    snprintf(want, sizeof(want),
             "GET /spa504G.cfg HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
             "User-Agent: Cisco/SPA504G-7.4.9c (A)(B)\r\nAccept: */*\r\nConnection: close\r\n\r\n",
             tcp_peer_port(f->rig.tcp));
    assert_string_equal(f->request, want);
    assert_string_equal(f->result.body, "to the end");
}

/* ---- servers that misbehave */

static void a_refused_connection_is_named(void **state)
{
    struct fixture *f = *state;
    struct tcp_peer *gone = tcp_peer_open(f->rig.lp, keep_handler, f);
    const uint16_t port = tcp_peer_port(gone);

    tcp_peer_close(gone);
    loop_poll(f->rig.lp);
    get(f, "127.0.0.1", port, "/");
    assert_failed(f, ECONNREFUSED, "connection refused");
}

static void silent_handler(const char *request, unsigned n, struct tcp_answer *a, void *arg)
{
    (void)request;
    (void)n;
    (void)arg;
    a->silent = true;
}

static void a_server_that_stalls_is_a_timeout(void **state)
{
    struct fixture *f = *state;

    f->rig.tcp = tcp_peer_open(f->rig.lp, silent_handler, f);
    snprintf(f->url, sizeof(f->url), "http://127.0.0.1:%u/", tcp_peer_port(f->rig.tcp));
    run(f, &(struct fetch_req){.url = f->url, .timeout_ms = 80});
    assert_failed(f, ETIMEDOUT, "timeout: no answer");
}

static void half_handler(const char *request, unsigned n, struct tcp_answer *a, void *arg)
{
    (void)request;
    (void)n;
    (void)arg;
    snprintf(a->head, sizeof(a->head), "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<flat");
    a->pad_bytes = 100;
}

static void half_a_body_is_truncated(void **state)
{
    struct fixture *f = *state;

    get_raw(f, half_handler);
    assert_failed(f, EPROTO, "truncated");
}

static void half_chunked_handler(const char *request, unsigned n, struct tcp_answer *a, void *arg)
{
    (void)request;
    (void)n;
    (void)arg;
    snprintf(a->head, sizeof(a->head),
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<flat\r\n");
}

static void chunks_without_an_end_are_truncated(void **state)
{
    struct fixture *f = *state;

    get_raw(f, half_chunked_handler);
    assert_failed(f, EPROTO, "truncated");
}

static void huge_handler(const char *request, unsigned n, struct tcp_answer *a, void *arg)
{
    (void)n;
    (void)arg;
    snprintf(a->head, sizeof(a->head), "HTTP/1.1 200 OK\r\n%s\r\n",
             strstr(request, "/told") ? "Content-Length: 104857600\r\n" : "");
    a->pad_bytes = 100 << 20;
}

static void a_hundred_megabytes_are_too_large(void **state)
{
    struct fixture *f = *state;

    get_raw(f, huge_handler);
    assert_failed(f, E2BIG, "too large");
    get(f, "127.0.0.1", tcp_peer_port(f->rig.tcp), "/told");
    assert_failed(f, E2BIG, "too large");
}

static void garbage_handler(const char *request, unsigned n, struct tcp_answer *a, void *arg)
{
    (void)request;
    (void)n;
    (void)arg;
    snprintf(a->head, sizeof(a->head), "220 mail.example.com ESMTP\r\n");
}

static void what_is_not_http_is_named(void **state)
{
    struct fixture *f = *state;

    get_raw(f, garbage_handler);
    assert_failed(f, EPROTO, "not an HTTP answer");
}

static void closing_handler(const char *request, unsigned n, struct tcp_answer *a, void *arg)
{
    (void)request;
    (void)n;
    (void)arg;
    a->head[0] = '\0';
}

static void a_connection_closed_without_a_word_is_named(void **state)
{
    struct fixture *f = *state;

    get_raw(f, closing_handler);
    assert_failed(f, EPROTO, "connection closed without an answer");
}

static void broken_handler(const char *request, unsigned n, struct tcp_answer *a, void *arg)
{
    (void)request;
    (void)n;
    (void)arg;
    snprintf(a->head, sizeof(a->head),
             "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
}

static void other_statuses_fail(void **state)
{
    struct fixture *f = *state;

    get_raw(f, broken_handler);
    assert_failed(f, EPROTO, "HTTP 503");
    assert_int_equal(f->result.status, 503);
}

/* ---- redirects */

static void redirect_handler(const char *request, unsigned n, struct tcp_answer *a, void *arg)
{
    const struct fixture *f = arg;

    (void)n;
    if (strncmp(request, "GET /there/file.xml?a=1 ", 24) == 0)
        snprintf(a->head, sizeof(a->head), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nthere");
    else if (strstr(request, "Host: localhost"))
        snprintf(a->head, sizeof(a->head),
                 "HTTP/1.1 302 Found\r\nLocation: there/file.xml?a=1\r\nContent-Length: 0\r\n\r\n");
    else
        snprintf(a->head, sizeof(a->head),
                 "HTTP/1.1 301 Moved\r\nLocation: http://localhost:%u/\r\nContent-Length: 4\r\n"
                 "\r\ngone",
                 tcp_peer_port(f->rig.tcp));
}

static void redirects_are_followed_to_other_hosts_and_paths(void **state)
{
    struct fixture *f = *state;
    char want[128];

    get_raw(f, redirect_handler);
    assert_int_equal(f->result.err, 0);
    assert_string_equal(f->result.body, "there");
    snprintf(want, sizeof(want), "http://localhost:%u/there/file.xml?a=1",
             tcp_peer_port(f->rig.tcp));
    assert_string_equal(f->result.url, want);
    assert_int_equal(tcp_peer_requests(f->rig.tcp), 3);
}

static void circle_handler(const char *request, unsigned n, struct tcp_answer *a, void *arg)
{
    (void)request;
    (void)n;
    (void)arg;
    snprintf(a->head, sizeof(a->head),
             "HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n");
}

static void a_redirect_loop_ends_after_five(void **state)
{
    struct fixture *f = *state;

    get_raw(f, circle_handler);
    assert_failed(f, ELOOP, "too many redirects");
    assert_int_equal(tcp_peer_requests(f->rig.tcp), 6);
}

static void odd_redirect_handler(const char *request, unsigned n, struct tcp_answer *a, void *arg)
{
    static const char *const heads[] = {
        "HTTP/1.1 307 Temporary Redirect\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: ftp://example.com/x\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\n\r\n",
    };

    (void)request;
    (void)arg;
    snprintf(a->head, sizeof(a->head), "%s", heads[n - 1]);
}

static void other_redirects_fail(void **state)
{
    struct fixture *f = *state;

    get_raw(f, odd_redirect_handler);
    assert_failed(f, EPROTO, "HTTP 307");
    get(f, "127.0.0.1", tcp_peer_port(f->rig.tcp), "/");
    assert_failed(f, EPROTO, "redirect without Location");
    get(f, "127.0.0.1", tcp_peer_port(f->rig.tcp), "/");
    assert_failed(f, EINVAL, "redirect to no usable URL");
    get(f, "127.0.0.1", tcp_peer_port(f->rig.tcp), "/");
    assert_failed(f, EPROTO, "HTTP 304");
}

static void encoded_handler(const char *request, unsigned n, struct tcp_answer *a, void *arg)
{
    (void)n;
    (void)arg;
    snprintf(a->head, sizeof(a->head), "HTTP/1.1 200 OK\r\n%sContent-Length: 3\r\n\r\nyes",
             strstr(request, "/plain") ? "" : "Content-Encoding: aes128gcm\r\n");
}

static void the_content_encoding_is_told_and_not_undone(void **state)
{
    struct fixture *f = *state;

    get_raw(f, encoded_handler);
    assert_int_equal(f->result.err, 0);
    assert_string_equal(f->result.encoding, "aes128gcm");
    assert_string_equal(f->result.body, "yes");
    get(f, "127.0.0.1", tcp_peer_port(f->rig.tcp), "/plain");
    assert_string_equal(f->result.encoding, "");
}

/* ---- credentials */

static void challenge(struct tcp_answer *a, const char *scheme)
{
    snprintf(a->head, sizeof(a->head),
             "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: %s\r\nContent-Length: 2\r\n\r\nno",
             scheme);
}

static void digest_handler(const char *request, unsigned n, struct tcp_answer *a, void *arg)
{
    struct fixture *f = arg;
    const char *auth = strstr(request, "Authorization: Digest ");

    (void)n;
    snprintf(f->request, sizeof(f->request), "%s", request);
    if (!auth || strstr(f->url, "/always"))
        challenge(a, "Digest realm=\"prov\", nonce=\"abc\", qop=\"auth\", algorithm=MD5");
    else
        snprintf(a->head, sizeof(a->head), "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes");
}

static void get_with_password(struct fixture *f, tcp_peer_h *h, const char *path)
{
    if (!f->rig.tcp)
        f->rig.tcp = tcp_peer_open(f->rig.lp, h, f);
    snprintf(f->url, sizeof(f->url), "http://127.0.0.1:%u%s", tcp_peer_port(f->rig.tcp), path);
    run(f, &(struct fetch_req){.url = f->url, .uid = "phone", .pwd = "secret"});
}

static void a_digest_challenge_is_answered(void **state)
{
    struct fixture *f = *state;

    get_with_password(f, digest_handler, "/a.xml");
    assert_int_equal(f->result.err, 0);
    assert_string_equal(f->result.body, "yes");
    assert_int_equal(tcp_peer_requests(f->rig.tcp), 2);
    assert_non_null(strstr(f->request, "username=\"phone\""));
    assert_non_null(strstr(f->request, "qop=auth"));
    assert_non_null(strstr(f->request, "nc=00000001"));
    assert_non_null(strstr(f->request, "cnonce="));
    assert_non_null(strstr(f->request, "uri=\"/a.xml\""));
}

static void wrong_credentials_are_not_repeated_for_ever(void **state)
{
    struct fixture *f = *state;

    get_with_password(f, digest_handler, "/always");
    assert_failed(f, EPROTO, "HTTP 401");
    assert_int_equal(tcp_peer_requests(f->rig.tcp), 3); /* two repetitions, provisioning.md 4 */
}

static void basic_handler(const char *request, unsigned n, struct tcp_answer *a, void *arg)
{
    (void)n;
    (void)arg;
    if (strstr(request, "Authorization: Basic cGhvbmU6c2VjcmV0\r\n"))
        snprintf(a->head, sizeof(a->head), "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes");
    else
        challenge(a, "Basic realm=\"prov\"");
}

static void a_basic_challenge_is_answered(void **state)
{
    struct fixture *f = *state;

    get_with_password(f, basic_handler, "/a.xml");
    assert_int_equal(f->result.err, 0);
    assert_int_equal(tcp_peer_requests(f->rig.tcp), 2);
}

static void proxy_handler(const char *request, unsigned n, struct tcp_answer *a, void *arg)
{
    const struct fixture *f = arg;

    (void)n;
    if (strstr(request, strstr(f->url, "/basic") ? "Proxy-Authorization: Basic cGhvbmU6c2VjcmV0\r\n"
                                                 : "Proxy-Authorization: Digest username"))
        snprintf(a->head, sizeof(a->head), "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes");
    else
        snprintf(a->head, sizeof(a->head),
                 "HTTP/1.1 407 Proxy\r\nProxy-Authenticate: %s\r\nContent-Length: 0\r\n\r\n",
                 strstr(f->url, "/basic") ? "Basic realm=\"p\""
                                          : "Digest realm=\"p\", nonce=\"n\"");
}

static void a_407_is_answered_like_a_401(void **state)
{
    struct fixture *f = *state;

    get_with_password(f, proxy_handler, "/basic");
    assert_int_equal(f->result.err, 0);
    get_with_password(f, proxy_handler, "/digest?x=1");
    assert_int_equal(f->result.err, 0);
    assert_int_equal(tcp_peer_requests(f->rig.tcp), 4);
}

static void moved_handler(const char *request, unsigned n, struct tcp_answer *a, void *arg)
{
    (void)n;
    if (strncmp(request, "GET /old", 8) != 0)
        digest_handler(request, n, a, arg);
    else if (strstr(request, "Authorization: Digest "))
        snprintf(a->head, sizeof(a->head),
                 "HTTP/1.1 302 Found\r\nLocation: /new\r\nContent-Length: 0\r\n\r\n");
    else
        challenge(a, "Digest realm=\"prov\", nonce=\"abc\"");
}

static void a_redirect_has_its_own_challenge(void **state)
{
    struct fixture *f = *state;

    get_with_password(f, moved_handler, "/old");
    assert_int_equal(f->result.err, 0);
    assert_int_equal(tcp_peer_requests(f->rig.tcp), 4);
    assert_non_null(strstr(f->request, "uri=\"/new\""));
}

static void without_credentials_a_challenge_is_a_failure(void **state)
{
    struct fixture *f = *state;

    get_raw(f, basic_handler);
    assert_failed(f, EPROTO, "HTTP 401");
    assert_int_equal(tcp_peer_requests(f->rig.tcp), 1);
}

/* ---- names and addresses */

/* Two A records: 127.0.0.N, then 127.0.0.1. */
static void answer_addresses(struct udp_peer *p, const uint8_t *data, size_t len,
                             const struct sockaddr_in *from, uint8_t first)
{
    const uint8_t rr[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, first,
                          0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1};
    uint8_t m[512];

    assert_true(len < 300);
    memcpy(m, data, len);
    m[2] |= 0x80;
    m[7] = 2;
    memcpy(m + len, rr, sizeof(rr));
    udp_peer_send(p, from, m, len + sizeof(rr));
}

static void two_addresses_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                                  const struct sockaddr_in *from, void *arg)
{
    (void)arg;
    answer_addresses(p, data, len, from, 66);
}

static void same_address_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                                 const struct sockaddr_in *from, void *arg)
{
    (void)arg;
    answer_addresses(p, data, len, from, 1);
}

static void ask_own_server(struct fixture *f, udp_peer_h *h)
{
    char text[32];

    f->rig.udp = udp_peer_open(f->rig.lp, h, f);
    snprintf(text, sizeof(text), "127.0.0.1:%u", udp_peer_port(f->rig.udp));
    f->rig.fetcher = mem_deref(f->rig.fetcher);
    f->rig.dns = mem_deref(f->rig.dns);
    assert_int_equal(resolver_alloc(&f->rig.dns, f->rig.lp, text), 0);
    assert_int_equal(fetcher_alloc(&f->rig.fetcher, f->rig.lp, f->rig.dns), 0);
}

static void all_addresses_are_tried_in_turn(void **state)
{
    struct fixture *f = *state;

    ask_own_server(f, two_addresses_handler);
    f->rig.tcp = tcp_peer_open(f->rig.lp, keep_handler, f);
    get(f, "prov.example.com", tcp_peer_port(f->rig.tcp), "/"); /* 127.0.0.66 refuses */
    assert_int_equal(f->result.err, 0);
    assert_int_equal(ntohl(f->result.server.s_addr), INADDR_LOOPBACK);
    assert_non_null(strstr(f->request, "Host: prov.example.com:"));
}

static void first_closes_handler(const char *request, unsigned n, struct tcp_answer *a, void *arg)
{
    if (n > 1)
        keep_handler(request, n, a, arg);
}

static void an_address_that_says_nothing_is_none_that_answered(void **state)
{
    struct fixture *f = *state;

    ask_own_server(f, same_address_handler);
    f->rig.tcp = tcp_peer_open(f->rig.lp, first_closes_handler, f);
    get(f, "prov.example.com", tcp_peer_port(f->rig.tcp), "/");
    assert_int_equal(f->result.err, 0);
    assert_int_equal(tcp_peer_requests(f->rig.tcp), 2);
}

static void an_address_with_a_bad_answer_is_the_last(void **state)
{
    struct fixture *f = *state;

    ask_own_server(f, same_address_handler);
    f->rig.tcp = tcp_peer_open(f->rig.lp, garbage_handler, f);
    get(f, "prov.example.com", tcp_peer_port(f->rig.tcp), "/");
    assert_failed(f, EPROTO, "not an HTTP answer");
    assert_int_equal(tcp_peer_requests(f->rig.tcp), 1);
}

static void a_name_that_is_none_is_named(void **state)
{
    struct fixture *f = *state;

    get(f, "no!host", 80, "/");
    assert_failed(f, ENOENT, "dns failed: no such host");
}

static void a_bad_url_is_refused_at_once(void **state)
{
    static const char *const urls[] = {"",           "spa.cfg", "/spa.cfg",        "ftp://h/x",
                                       "http:///x",  "http://", "http://h:99999/", "http://h:x/",
                                       "file:///etc"};
    struct fixture *f = *state;

    for (unsigned i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        struct fetch *fetch = NULL;
        assert_int_equal(fetch_start(&fetch, f->rig.fetcher, &(struct fetch_req){.url = urls[i]},
                                     fetched_handler, f),
                         EINVAL);
        assert_null(fetch);
    }
}

static void a_cancelled_fetch_says_nothing(void **state)
{
    struct fixture *f = *state;

    f->rig.tcp = tcp_peer_open(f->rig.lp, keep_handler, f);
    snprintf(f->url, sizeof(f->url), "http://127.0.0.1:%u/", tcp_peer_port(f->rig.tcp));
    const struct fetch_req req = {.url = f->url};
    for (unsigned turns = 0; turns < 6; turns++) {
        struct fetch *fetch;
        assert_int_equal(fetch_start(&fetch, f->rig.fetcher, &req, fetched_handler, f), 0);
        for (unsigned i = 0; i < turns && !f->result.done; i++)
            loop_poll(f->rig.lp);
        mem_deref(fetch);
        f->result.done = false;
        timer_start(f->rig.lp, &f->rig.limit, 10, fetchrig_limit_handler, f->rig.lp);
        loop_run(f->rig.lp);
        assert_false(f->result.done);
    }
}

/* ---- TFTP */

static void tftp_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                         const struct sockaddr_in *from, void *arg)
{
    (void)arg;
    if (len > 2 && data[1] == 1 && !strcmp((const char *)data + 2, "/dir/a.cfg"))
        udp_peer_send(p, from, "\0\3\0\1hello", 9);
    else if (len > 2 && data[1] == 1 && !strcmp((const char *)data + 2, "/b.cfg"))
        udp_peer_send(p, from, "\0\5\0\1not here", 13);
    else if (len > 2 && data[1] == 1)
        udp_peer_send(p, from, "\0\5\0\2Access violation", 21);
}

static void get_tftp(struct fixture *f, const char *path)
{
    if (!f->rig.udp)
        f->rig.udp = udp_peer_open(f->rig.lp, tftp_handler, f);
    snprintf(f->url, sizeof(f->url), "tftp://localhost:%u%s", udp_peer_port(f->rig.udp), path);
    run(f, &(struct fetch_req){.url = f->url});
}

static void tftp_files_arrive_too(void **state)
{
    struct fixture *f = *state;

    get_tftp(f, "/dir/a.cfg");
    assert_int_equal(f->result.err, 0);
    assert_string_equal(f->result.body, "hello");
    get_tftp(f, "/b.cfg");
    assert_int_equal(f->result.class, FETCH_NOT_FOUND);
    assert_int_equal(f->result.status, 1);
    assert_string_equal(f->result.error, "TFTP 1 File not found");
    get_tftp(f, "/c.cfg");
    assert_failed(f, EPROTO, "TFTP 2 Access violation");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_file_arrives),
        CASE(a_big_file_and_an_empty_one_arrive_whole),
        CASE(not_found_is_a_class_of_its_own),
        CASE(a_body_is_posted),
        CASE(the_source_address_is_the_phones),
        CASE(names_are_resolved_without_a_thread),
        CASE(many_at_once_all_arrive),
        CASE(a_port_that_is_taken_is_told),
        CASE(the_request_has_the_form_of_the_phones),
        CASE(a_refused_connection_is_named),
        CASE(a_server_that_stalls_is_a_timeout),
        CASE(half_a_body_is_truncated),
        CASE(chunks_without_an_end_are_truncated),
        CASE(a_hundred_megabytes_are_too_large),
        CASE(what_is_not_http_is_named),
        CASE(a_connection_closed_without_a_word_is_named),
        CASE(other_statuses_fail),
        CASE(redirects_are_followed_to_other_hosts_and_paths),
        CASE(a_redirect_loop_ends_after_five),
        CASE(other_redirects_fail),
        CASE(the_content_encoding_is_told_and_not_undone),
        CASE(a_digest_challenge_is_answered),
        CASE(wrong_credentials_are_not_repeated_for_ever),
        CASE(a_basic_challenge_is_answered),
        CASE(a_407_is_answered_like_a_401),
        CASE(a_redirect_has_its_own_challenge),
        CASE(without_credentials_a_challenge_is_a_failure),
        CASE(all_addresses_are_tried_in_turn),
        CASE(an_address_that_says_nothing_is_none_that_answered),
        CASE(an_address_with_a_bad_answer_is_the_last),
        CASE(a_name_that_is_none_is_named),
        CASE(a_bad_url_is_refused_at_once),
        CASE(a_cancelled_fetch_says_nothing),
        CASE(tftp_files_arrive_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
