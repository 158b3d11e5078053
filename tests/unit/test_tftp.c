/* SPDX-License-Identifier: BSD-3-Clause */
/* TFTP as provisioning.md 9.3 has it, against a server in this process, in virtual time. */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <re.h>

#include "sim/loop/loop.h"
#include "sim/net/tftp.h"
#include "tests/support/peer.h"

enum { FILE_BYTES = 1200, ALL = 8 << 20 };

struct server {
    struct udp_peer *requests, *transfer, *stranger;
    struct sockaddr_in client;
    uint8_t request[600];
    size_t request_len, size; /* size of the file */
    unsigned n_requests, n_acks, n_errors;
    unsigned drop_requests, drop_acks; /* lose so many of them */
    uint8_t last_error;
    int error_code; /* answer with it when >= 0 */
    bool writing, intact;
    size_t written;
    unsigned n_blocks;
};

struct result {
    bool done;
    int err;
    uint16_t code;
    char text[160];
    size_t len;
    bool intact;
};

struct fixture {
    struct loop *lp;
    struct server server;
    struct result result;
    struct tftp *tftp;
};

static uint8_t byte_at(size_t i)
{
    return (uint8_t)(i * 7 + i / 512);
}

static void send_block(struct server *s, struct udp_peer *from, unsigned long block)
{
    uint8_t packet[516] = {0, 3, (uint8_t)(block >> 8), (uint8_t)block};
    const size_t start = (block - 1) * 512;
    const size_t len = s->size - start < 512 ? s->size - start : 512;

    for (size_t i = 0; i < len; i++)
        packet[4 + i] = byte_at(start + i);
    udp_peer_send(from, &s->client, packet, 4 + len);
}

static void send_ack(struct server *s, struct udp_peer *from, uint16_t block)
{
    const uint8_t packet[4] = {0, 4, (uint8_t)(block >> 8), (uint8_t)block};

    udp_peer_send(from, &s->client, packet, sizeof(packet));
}

static void request_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                            const struct sockaddr_in *from, void *arg)
{
    struct server *s = arg;
    char error[64] = "\0\5\0\0File is\001locked";

    (void)p;
    s->n_requests++;
    s->client = *from;
    s->request_len = len < sizeof(s->request) ? len : sizeof(s->request);
    memcpy(s->request, data, s->request_len);
    if (s->drop_requests) {
        s->drop_requests--;
    } else if (s->error_code >= 0) {
        error[3] = (char)s->error_code;
        udp_peer_send(s->transfer, from, error, 4 + strlen(error + 4) + 1);
    } else if (s->writing) {
        send_ack(s, s->transfer, 0);
    } else {
        send_block(s, s->transfer, 1);
    }
}

static void take_block(struct server *s, struct udp_peer *p, const uint8_t *data, size_t len)
{
    const uint16_t block = (uint16_t)(data[2] << 8 | data[3]);

    if (s->drop_acks) {
        s->drop_acks--;
        return;
    }
    s->n_blocks++;
    s->intact = s->intact || block == 1;
    for (size_t i = 4; i < len; i++)
        s->intact = s->intact && data[i] == byte_at(s->written++);
    send_ack(s, p, block);
}

static void transfer_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                             const struct sockaddr_in *from, void *arg)
{
    struct server *s = arg;

    (void)from;
    if (len >= 4 && data[1] == 5) {
        s->n_errors++;
        s->last_error = data[3];
        return;
    }
    if (len >= 4 && data[1] == 3) {
        take_block(s, p, data, len);
        return;
    }
    s->n_acks++;
    if (s->drop_acks) {
        s->drop_acks--;
        return;
    }
    /* the block asked for next: this test's files wrap at most once, and only upwards */
    unsigned long block = (unsigned long)(data[2] << 8 | data[3]) + 1;
    if (s->size > 65535UL * 512 && s->n_acks > 65535)
        block += 65536;
    if ((block - 1) * 512 <= s->size)
        send_block(s, p, block);
}

static void stranger_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                             const struct sockaddr_in *from, void *arg)
{
    struct server *s = arg;

    (void)p;
    (void)from;
    if (len >= 4 && data[1] == 5) {
        s->n_errors++;
        s->last_error = data[3];
    }
}

static void done_handler(int err, uint16_t code, const char *text, const uint8_t *data, size_t len,
                         void *arg)
{
    struct result *r = arg;

    assert_false(r->done);
    r->done = true;
    r->err = err;
    r->code = code;
    r->len = len;
    snprintf(r->text, sizeof(r->text), "%s", text ? text : "");
    r->intact = true;
    for (size_t i = 0; i < len; i++)
        r->intact = r->intact && data[i] == byte_at(i);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    if (!f || loop_alloc(&f->lp, &(struct loop_config){.clock = CLOCK_VIRTUAL}))
        return -1;
    f->server.size = FILE_BYTES;
    f->server.error_code = -1;
    f->server.requests = udp_peer_open(f->lp, request_handler, &f->server);
    f->server.transfer = udp_peer_open(f->lp, transfer_handler, &f->server);
    f->server.stranger = udp_peer_open(f->lp, stranger_handler, &f->server);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    mem_deref(f->tftp);
    udp_peer_close(f->server.requests);
    udp_peer_close(f->server.transfer);
    udp_peer_close(f->server.stranger);
    mem_deref(f->lp);
    free(f);
    return 0;
}

static struct sockaddr_in at_port(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void get(struct fixture *f, size_t max)
{
    const struct tftp_request tr = {.server = at_port(udp_peer_port(f->server.requests)),
                                    .local.s_addr = htonl(0x7f000107),
                                    .path = "/spa504G.cfg",
                                    .max_bytes = max};

    assert_int_equal(tftp_start(&f->tftp, f->lp, &tr, done_handler, &f->result), 0);
}

static void reads_a_file_of_several_blocks(void **state)
{
    static const char request[] = "\0\1/spa504G.cfg\0octet";
    struct fixture *f = *state;

    get(f, ALL);
    assert_true(peer_wait(f->lp, &f->result.done));
    assert_int_equal(f->result.err, 0);
    assert_int_equal(f->result.len, FILE_BYTES);
    assert_true(f->result.intact);
    assert_int_equal(f->server.request_len, sizeof(request));
    assert_memory_equal(f->server.request, request, sizeof(request));
    assert_int_equal(ntohl(f->server.client.sin_addr.s_addr), 0x7f000107);
    peer_settle(f->lp);
    assert_int_equal(f->server.n_acks, 3);
}

static void a_file_of_whole_blocks_ends_with_an_empty_one(void **state)
{
    struct fixture *f = *state;

    f->server.size = 1024;
    get(f, ALL);
    assert_true(peer_wait(f->lp, &f->result.done));
    assert_int_equal(f->result.len, 1024);
    peer_settle(f->lp);
    assert_int_equal(f->server.n_acks, 3);
}

static void an_empty_file_is_a_file(void **state)
{
    struct fixture *f = *state;

    f->server.size = 0;
    get(f, ALL);
    assert_true(peer_wait(f->lp, &f->result.done));
    assert_int_equal(f->result.err, 0);
    assert_int_equal(f->result.len, 0);
}

static void block_numbers_wrap(void **state)
{
    struct fixture *f = *state;

    f->server.size = 65537UL * 512 + 100;
    get(f, SIZE_MAX / 2);
    for (unsigned i = 0; i < 20 && !f->result.done; i++)
        peer_wait(f->lp, &f->result.done);
    assert_int_equal(f->result.err, 0);
    assert_int_equal(f->result.len, f->server.size);
    assert_true(f->result.intact);
}

static void a_lost_request_is_repeated_after_five_seconds(void **state)
{
    struct fixture *f = *state;

    f->server.drop_requests = 2;
    get(f, ALL);
    peer_settle(f->lp);
    assert_int_equal(f->server.n_requests, 1);
    loop_advance(f->lp, 4900);
    peer_settle(f->lp);
    assert_int_equal(f->server.n_requests, 1);
    loop_advance(f->lp, 100);
    peer_settle(f->lp);
    assert_int_equal(f->server.n_requests, 2);
    loop_advance(f->lp, 5000);
    assert_true(peer_wait(f->lp, &f->result.done));
    assert_int_equal(f->result.err, 0);
    assert_int_equal(f->server.n_requests, 3);
}

static void a_lost_acknowledgement_is_repeated(void **state)
{
    struct fixture *f = *state;

    f->server.drop_acks = 1;
    get(f, ALL);
    peer_settle(f->lp);
    assert_false(f->result.done);
    loop_advance(f->lp, TFTP_RETRY_MS);
    assert_true(peer_wait(f->lp, &f->result.done));
    assert_int_equal(f->result.len, FILE_BYTES);
    assert_true(f->result.intact);
}

static void a_block_that_comes_twice_is_taken_once(void **state)
{
    struct fixture *f = *state;

    f->server.drop_acks = 1;
    get(f, ALL);
    peer_settle(f->lp);
    const unsigned acks = f->server.n_acks;
    send_block(&f->server, f->server.transfer, 1);
    assert_true(peer_wait(f->lp, &f->result.done));
    assert_int_equal(acks, 1);
    assert_int_equal(f->result.len, FILE_BYTES);
    assert_true(f->result.intact);
}

static void five_tries_and_it_is_a_timeout(void **state)
{
    struct fixture *f = *state;

    f->server.drop_requests = 100;
    get(f, ALL);
    for (unsigned i = 0; i < 4; i++) {
        peer_settle(f->lp);
        loop_advance(f->lp, TFTP_RETRY_MS);
        assert_false(f->result.done);
    }
    peer_settle(f->lp);
    loop_advance(f->lp, TFTP_RETRY_MS);
    assert_true(f->result.done);
    assert_int_equal(f->result.err, ETIMEDOUT);
    assert_int_equal(f->server.n_requests, TFTP_TRIES);
}

static void error_one_means_not_found(void **state)
{
    struct fixture *f = *state;

    f->server.error_code = 1;
    get(f, ALL);
    assert_true(peer_wait(f->lp, &f->result.done));
    assert_int_equal(f->result.err, ENOENT);
    assert_int_equal(f->result.code, 1);
}

static void other_errors_bring_their_text(void **state)
{
    struct fixture *f = *state;

    f->server.error_code = 2;
    get(f, ALL);
    assert_true(peer_wait(f->lp, &f->result.done));
    assert_int_equal(f->result.err, EPROTO);
    assert_int_equal(f->result.code, 2);
    assert_string_equal(f->result.text, "File is?locked");
}

static void a_file_over_the_limit_ends_and_the_server_is_told(void **state)
{
    struct fixture *f = *state;

    get(f, 1000);
    assert_true(peer_wait(f->lp, &f->result.done));
    assert_int_equal(f->result.err, E2BIG);
    peer_settle(f->lp);
    assert_int_equal(f->server.n_errors, 1);
    assert_int_equal(f->server.last_error, 3);
}

static void a_stranger_is_refused_and_changes_nothing(void **state)
{
    struct fixture *f = *state;

    f->server.drop_acks = 1;
    get(f, ALL);
    peer_settle(f->lp);
    send_block(&f->server, f->server.stranger, 2);
    peer_settle(f->lp);
    assert_int_equal(f->server.n_errors, 1);
    assert_int_equal(f->server.last_error, 5);
    loop_advance(f->lp, TFTP_RETRY_MS);
    assert_true(peer_wait(f->lp, &f->result.done));
    assert_int_equal(f->result.len, FILE_BYTES);
}

static void a_closed_port_is_known_at_once(void **state)
{
    struct fixture *f = *state;
    struct udp_peer *gone = udp_peer_open(f->lp, request_handler, &f->server);
    const struct tftp_request tr = {
        .server = at_port(udp_peer_port(gone)), .path = "/x", .max_bytes = ALL};

    udp_peer_close(gone);
    peer_settle(f->lp);
    assert_int_equal(tftp_start(&f->tftp, f->lp, &tr, done_handler, &f->result), 0);
    assert_true(peer_wait(f->lp, &f->result.done));
    assert_int_equal(f->result.err, ECONNREFUSED);
}

static void a_cancelled_transfer_says_nothing(void **state)
{
    struct fixture *f = *state;

    get(f, ALL);
    f->tftp = mem_deref(f->tftp);
    peer_settle(f->lp);
    loop_advance(f->lp, 60000);
    assert_false(f->result.done);
}

static void an_address_that_is_not_ours_is_an_error(void **state)
{
    struct fixture *f = *state;
    const struct tftp_request tr = {
        .server = at_port(9), .local.s_addr = htonl(0xc0000201), .path = "/x", .max_bytes = ALL};

    assert_int_equal(tftp_start(&f->tftp, f->lp, &tr, done_handler, &f->result), EADDRNOTAVAIL);
}

static void a_load_is_counted_and_its_head_kept(void **state)
{
    struct fixture *f = *state;
    const struct tftp_request tr = {.server = at_port(udp_peer_port(f->server.requests)),
                                    .path = "/load.bin",
                                    .max_bytes = ALL,
                                    .keep_bytes = 700};

    assert_int_equal(tftp_start(&f->tftp, f->lp, &tr, done_handler, &f->result), 0);
    assert_true(peer_wait(f->lp, &f->result.done));
    assert_int_equal(f->result.err, 0);
    assert_int_equal(f->result.len, 700);
    assert_true(f->result.intact);
    assert_int_equal(tftp_total(f->tftp), FILE_BYTES);
}

/* ---- writing */

static void put(struct fixture *f, size_t len)
{
    uint8_t *body = malloc(len + 1);
    const struct tftp_request tr = {.server = at_port(udp_peer_port(f->server.requests)),
                                    .path = "/report.xml",
                                    .body = body,
                                    .body_len = len};

    assert_non_null(body);
    for (size_t i = 0; i < len; i++)
        body[i] = byte_at(i);
    f->server.writing = true;
    assert_int_equal(tftp_start(&f->tftp, f->lp, &tr, done_handler, &f->result), 0);
    free(body);
}

static void writes_a_file_of_several_blocks(void **state)
{
    struct fixture *f = *state;

    put(f, FILE_BYTES);
    assert_true(peer_wait(f->lp, &f->result.done));
    assert_int_equal(f->result.err, 0);
    assert_memory_equal(f->server.request, "\0\2/report.xml\0octet", 20);
    assert_int_equal(f->server.written, FILE_BYTES);
    assert_true(f->server.intact);
}

static void a_written_file_of_whole_blocks_ends_with_an_empty_one(void **state)
{
    struct fixture *f = *state;

    put(f, 1024);
    assert_true(peer_wait(f->lp, &f->result.done));
    assert_int_equal(f->result.err, 0);
    assert_int_equal(f->server.written, 1024);
    assert_int_equal(f->server.n_blocks, 3);
}

static void an_empty_file_is_one_empty_block(void **state)
{
    struct fixture *f = *state;

    put(f, 0);
    assert_true(peer_wait(f->lp, &f->result.done));
    assert_int_equal(f->result.err, 0);
    assert_int_equal(f->server.n_blocks, 1);
}

static void a_block_that_got_lost_is_written_again(void **state)
{
    struct fixture *f = *state;

    f->server.drop_acks = 1;
    put(f, FILE_BYTES);
    peer_settle(f->lp);
    assert_false(f->result.done);
    loop_advance(f->lp, TFTP_RETRY_MS);
    assert_true(peer_wait(f->lp, &f->result.done));
    assert_int_equal(f->result.err, 0);
    assert_int_equal(f->server.written, FILE_BYTES);
}

static void a_server_may_refuse_to_be_written_to(void **state)
{
    struct fixture *f = *state;

    f->server.error_code = 2;
    put(f, FILE_BYTES);
    assert_true(peer_wait(f->lp, &f->result.done));
    assert_int_equal(f->result.err, EPROTO);
    assert_int_equal(f->result.code, 2);
}

static void packets_that_are_none_are_ignored(void **state)
{
    struct tftp_packet p;

    (void)state;
    assert_int_equal(tftp_decode((const uint8_t *)"\0\3\0", 3, &p), EBADMSG);
    assert_int_equal(tftp_decode((const uint8_t *)"\0\6\0\1", 4, &p), EBADMSG);
    assert_int_equal(tftp_decode((const uint8_t *)"\0\4\0\1", 4, &p), 0);
    assert_true(p.is_ack);
    assert_int_equal(p.number, 1);
    assert_int_equal(tftp_decode((const uint8_t *)"\1\3\0\1", 4, &p), EBADMSG);
    assert_int_equal(tftp_decode((const uint8_t *)"\0\5\0\7", 4, &p), 0);
    assert_true(p.is_error);
    assert_int_equal(p.number, 7);
    assert_string_equal(p.text, "");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_load_is_counted_and_its_head_kept),
        CASE(writes_a_file_of_several_blocks),
        CASE(a_written_file_of_whole_blocks_ends_with_an_empty_one),
        CASE(an_empty_file_is_one_empty_block),
        CASE(a_block_that_got_lost_is_written_again),
        CASE(a_server_may_refuse_to_be_written_to),
        CASE(reads_a_file_of_several_blocks),
        CASE(a_file_of_whole_blocks_ends_with_an_empty_one),
        CASE(an_empty_file_is_a_file),
        CASE(block_numbers_wrap),
        CASE(a_lost_request_is_repeated_after_five_seconds),
        CASE(a_lost_acknowledgement_is_repeated),
        CASE(a_block_that_comes_twice_is_taken_once),
        CASE(five_tries_and_it_is_a_timeout),
        CASE(error_one_means_not_found),
        CASE(other_errors_bring_their_text),
        CASE(a_file_over_the_limit_ends_and_the_server_is_told),
        CASE(a_stranger_is_refused_and_changes_nothing),
        CASE(a_closed_port_is_known_at_once),
        CASE(a_cancelled_transfer_says_nothing),
        CASE(an_address_that_is_not_ours_is_an_error),
        cmocka_unit_test(packets_that_are_none_are_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
