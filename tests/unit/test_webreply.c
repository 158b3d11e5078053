/* SPDX-License-Identifier: BSD-3-Clause */
/* HTTP answers (provisioning.md 9.2: 1.0 and 1.1, chunked), in one piece and byte by byte. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/net/webreply.h"

struct row {
    const char *bytes;
    enum webreply_state state;
    uint16_t status;
    const char *body, *error; /* error: NULL = none */
};

static const struct row rows[] = {
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", WEBREPLY_WHOLE, 200, "hello", NULL},
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more", WEBREPLY_WHOLE, 200, "hello",
     NULL},
    {"HTTP/1.0 200 OK\nServer: x\n\nto the end", WEBREPLY_WHOLE, 200, "to the end", NULL},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n2\r\n!!\r\n0\r\nT: "
     "1\r\n\r\n",
     WEBREPLY_WHOLE, 200, "hello!!", NULL},
    {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", WEBREPLY_WHOLE,
     404, "", NULL},
    {"HTTP/1.1 304 Same\r\nContent-Length: 9\r\n\r\n", WEBREPLY_WHOLE, 304, "", NULL},
    {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\ncontent-length: 2\r\n\r\nab", WEBREPLY_WHOLE, 200,
     "ab", NULL},
    {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nab", WEBREPLY_BAD, 200, "",
     "not an HTTP answer"},
    {"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nab", WEBREPLY_BAD, 200, "",
     "not an HTTP answer"},
    {"HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", WEBREPLY_BAD, 200, "", "too large"},
    {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhell", WEBREPLY_BAD, 200, "hell", "truncated"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", WEBREPLY_BAD, 200, "hel",
     "truncated"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", WEBREPLY_BAD, 200, "",
     "not an HTTP answer"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", WEBREPLY_BAD, 200, "",
     "a transfer encoding that nobody asked for"},
    {"220 mail.example.com ESMTP\r\n", WEBREPLY_BAD, 0, "", "not an HTTP answer"},
    {"HTTP/1.1 abc\r\n\r\n", WEBREPLY_BAD, 0, "", "not an HTTP answer"},
    {"HTTP/1.1 200 O", WEBREPLY_BAD, 0, "", "not an HTTP answer"},
    {"", WEBREPLY_BAD, 0, "", "connection closed without an answer"},
};

static void compare(const struct row *row, size_t step)
{
    struct webreply r = {.most = 100, .keep = 100};
    const uint8_t *data = (const uint8_t *)row->bytes;
    const size_t size = strlen(row->bytes);
    enum webreply_state state = WEBREPLY_MORE;

    for (size_t at = 0; at < size && state == WEBREPLY_MORE; at += step)
        state = webreply_read(&r, data + at, size - at < step ? size - at : step);
    if (state == WEBREPLY_MORE)
        state = webreply_end(&r);
    const char *body = r.body ? (const char *)r.body : "";
    if (state != row->state || r.status != row->status || strcmp(body, row->body) != 0 ||
        (row->error && strcmp(r.error, row->error) != 0))
        fail_msg("%s: by %zu: state %d, status %u, body \"%s\", %s", row->bytes, step, state,
                 r.status, body, r.error ? r.error : "no error");
    webreply_reset(&r);
}

static void answers_are_read_in_pieces_of_any_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (size_t step = 1; step < 80; step++)
            compare(&rows[i], step);
    }
}

static void only_the_beginning_of_a_body_may_be_kept(void **state)
{
    struct webreply r = {.most = 100, .keep = 3};
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123456789";

    (void)state;
    assert_int_equal(webreply_read(&r, (const uint8_t *)text, sizeof(text) - 1), WEBREPLY_WHOLE);
    assert_int_equal(r.total, 9);
    assert_string_equal((const char *)r.body, "123");
    assert_string_equal(webreply_lines(&r), "Content-Length: 9\r\n\r\n");
    webreply_reset(&r);
}

static void header_lines_without_end_are_refused(void **state)
{
    struct webreply r = {.most = 100, .keep = 100};
    enum webreply_state now = webreply_read(&r, (const uint8_t *)"HTTP/1.1 200 OK\r\n", 17);

    (void)state;
    for (unsigned i = 0; i < 100000 && now == WEBREPLY_MORE; i++)
        now = webreply_read(&r, (const uint8_t *)"X: y\r\n", 6);
    assert_int_equal(now, WEBREPLY_BAD);
    assert_string_equal(r.error, "header lines too long");
    webreply_reset(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_read_in_pieces_of_any_size),
        cmocka_unit_test(only_the_beginning_of_a_body_may_be_kept),
        cmocka_unit_test(header_lines_without_end_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
