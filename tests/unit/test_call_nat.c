/* SPDX-License-Identifier: BSD-3-Clause */
/* What a session description says of the RTP port behind a NAT, and what keeps its way open
 * (sip-behaviour.md 8). The STUN server in this process plays the NAT. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <re.h>

#include "sim/sip/keepalive.h"
#include "sim/sip/priv.h"
#include "tests/support/callrig.h"
#include "tests/support/peer.h"

enum { SIP_SEEN = 40000, RTP_SEEN = 41000 };

struct fixture {
    struct callrig c;
    struct udp_peer *stun, *far; /* the server; the peer's RTP port */
    char server[32], sdp[200];
    bool silent_to_rtp;
    unsigned n_asked_by_rtp, n_far, n_empty;
    uint16_t rtp_port; /* real one */
};

static void stun_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                         const struct sockaddr_in *from, void *arg)
{
    struct fixture *f = arg;
    const bool sip = ntohs(from->sin_port) == f->c.rig.cfg.port;
    const uint16_t port = sip ? SIP_SEEN : RTP_SEEN;
    const uint8_t mapped[] = {0,   1, 0,   8, 0, 1, (uint8_t)(port >> 8), (uint8_t)(port & 255),
                              203, 0, 113, 5};
    uint8_t out[32] = {1, 1, 0, sizeof(mapped)};

    assert_int_equal(len, 20);
    if (!sip) {
        f->n_asked_by_rtp++;
        f->rtp_port = ntohs(from->sin_port);
        if (f->silent_to_rtp)
            return;
    }
    memcpy(out + 4, data + 4, 16);
    memcpy(out + 20, mapped, sizeof(mapped));
    udp_peer_send(p, from, out, sizeof(out));
}

static void far_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                        const struct sockaddr_in *from, void *arg)
{
    struct fixture *f = arg;

    (void)p;
    (void)data;
    (void)from;
    f->n_far++;
    f->n_empty += !len;
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    *state = f;
    if (callrig_open(&f->c))
        return -1;
    f->stun = udp_peer_open(f->c.rig.lp, stun_handler, f);
    f->far = udp_peer_open(f->c.rig.lp, far_handler, f);
    snprintf(f->server, sizeof(f->server), "127.0.0.1:%u", udp_peer_port(f->stun));
    snprintf(f->sdp, sizeof(f->sdp),
             "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
             "m=audio %u RTP/AVP 0\r\n",
             udp_peer_port(f->far));
    f->c.rig.cfg.nat.stun_server = f->server;
    f->c.rig.cfg.nat.stun = f->c.rig.cfg.nat.mapping = true;
    f->c.rig.cfg.reg_enable = true;
    f->c.cfg.media_on = true;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    udp_peer_close(f->stun);
    udp_peer_close(f->far);
    callrig_close(&f->c);
    free(f);
    return 0;
}

static void register_line(struct fixture *f)
{
    char contact[200];

    assert_int_equal(callrig_line(&f->c), 0);
    ua_line_start(f->c.rig.line);
    const char *request = callrig_await(&f->c, "REGISTER ", 12000);
    assert_non_null(request);
    snprintf(contact, sizeof(contact), "%s;expires=3600\r\n", callrig_header(request, "Contact"));
    callrig_reply(&f->c, request, "200 OK", "r", contact, NULL);
    assert_true(callrig_quiet(&f->c, 50));
}

static bool offers(const char *message, const char *addr, uint16_t port)
{
    char c[64], m[64];

    snprintf(c, sizeof(c), "\r\nc=IN IP4 %s\r\n", addr);
    snprintf(m, sizeof(m), "\r\nm=audio %u ", port);
    if (strstr(message, c) && strstr(message, m))
        return true;
    fprintf(stderr, "%s", message);
    return false;
}

static void the_offer_shows_what_the_server_saw_of_the_rtp_port(void **state)
{
    struct fixture *f = *state;

    register_line(f);
    assert_int_equal(callrig_dial(&f->c, NULL), 0);
    const char *invite = callrig_next(&f->c, "INVITE ");
    assert_true(offers(invite, "203.0.113.5", RTP_SEEN));
    assert_int_equal(f->n_asked_by_rtp, 1);
    assert_int_not_equal(f->rtp_port, f->c.rig.cfg.port);
}

static void the_answer_shows_it_too(void **state)
{
    struct fixture *f = *state;

    register_line(f);
    callrig_invite(&f->c, NULL, f->sdp);
    assert_non_null(callrig_next(&f->c, "SIP/2.0 100"));
    assert_true(callrig_quiet(&f->c, 20)); /* it rings */
    assert_int_equal(ua_call_answer(f->c.call), 0);
    assert_true(offers(callrig_next(&f->c, "SIP/2.0 200"), "203.0.113.5", RTP_SEEN));
}

static void who_answers_at_once_waits_for_it(void **state)
{
    struct fixture *f = *state;

    register_line(f);
    f->c.answer_at_once = true;
    callrig_invite(&f->c, NULL, f->sdp);
    assert_non_null(callrig_next(&f->c, "SIP/2.0 100"));
    const char *ok = callrig_next(&f->c, "SIP/2.0 200");
    assert_non_null(ok);
    assert_true(offers(ok, "203.0.113.5", RTP_SEEN));
}

static void an_answer_for_a_caller_who_gives_up_is_not_sent(void **state)
{
    struct fixture *f = *state;

    f->silent_to_rtp = true;
    register_line(f);
    callrig_invite(&f->c, NULL, f->sdp);
    assert_non_null(callrig_next(&f->c, "SIP/2.0 100"));
    assert_int_equal(ua_call_answer(f->c.call), 0);
    callrig_request(&f->c, "CANCEL", NULL, NULL);
    assert_non_null(callrig_next(&f->c, "SIP/2.0 200"));
    assert_non_null(callrig_next(&f->c, "SIP/2.0 487"));
    callrig_ack_in_transaction(&f->c);
    assert_true(callrig_quiet(&f->c, 2000));
}

static void a_server_that_falls_silent_holds_the_call_up_for_less_than_a_second(void **state)
{
    struct fixture *f = *state;

    f->c.rig.cfg.nat.rtp_min = 16384;
    f->c.rig.cfg.nat.ext_rtp_min = 30000;
    f->silent_to_rtp = true;
    register_line(f);
    assert_int_equal(callrig_dial(&f->c, NULL), 0);
    assert_true(callrig_quiet(&f->c, 650));
    const char *invite = callrig_await(&f->c, "INVITE ", 100);
    assert_non_null(invite);
    assert_int_equal(f->n_asked_by_rtp, 3);
    assert_true(offers(invite, "203.0.113.5", (uint16_t)(f->rtp_port - 16384 + 30000)));
}

static void who_hangs_up_meanwhile_sends_nothing(void **state)
{
    struct fixture *f = *state;

    f->silent_to_rtp = true;
    register_line(f);
    assert_int_equal(callrig_dial(&f->c, NULL), 0);
    assert_true(callrig_quiet(&f->c, 150));
    ua_call_hang_up(f->c.call);
    assert_true(callrig_quiet(&f->c, 2000));
    assert_null(f->c.rig.line->calls);
}

static void a_configured_address_and_port_need_no_server(void **state)
{
    struct fixture *f = *state;
    uint16_t port = 0;

    f->c.rig.cfg.nat.stun = false;
    f->c.rig.cfg.nat.rtp_min = 16384;
    f->c.rig.cfg.nat.ext_rtp_min = 30000;
    f->c.rig.cfg.reg_enable = false;
    inet_pton(AF_INET, "198.51.100.9", &f->c.rig.cfg.nat.ext_ip);
    assert_int_equal(callrig_line(&f->c), 0);
    assert_int_equal(callrig_dial(&f->c, NULL), 0);
    const char *invite = callrig_next(&f->c, "INVITE ");
    const char *m = strstr(invite, "m=audio ");
    port = (uint16_t)strtoul(m + strlen("m=audio "), NULL, 10);
    assert_in_range(port, 30000, 30098);
    assert_true(offers(invite, "198.51.100.9", port));
    assert_int_equal(f->n_asked_by_rtp, 0);
}

static void while_held_the_rtp_port_sends_keep_alives(void **state)
{
    struct fixture *f = *state;
    const struct ua_keepalive_config keep = {"", "127.0.0.1:1", 15};

    f->c.rig.cfg.nat.stun = false;
    f->c.rig.cfg.reg_enable = false;
    assert_int_equal(callrig_line(&f->c), 0);
    assert_int_equal(ua_line_keep_alive(f->c.rig.line, &keep), 0);
    assert_int_equal(callrig_dial(&f->c, NULL), 0);
    const char *invite = callrig_next(&f->c, "INVITE ");
    callrig_join(&f->c, invite);
    callrig_reply(&f->c, invite, "200 OK", CALLRIG_TAG, NULL, f->sdp);
    assert_non_null(callrig_next(&f->c, "ACK "));
    assert_true(callrig_quiet(&f->c, 20000));
    assert_int_not_equal(f->n_far, 0);
    assert_int_equal(f->n_empty, 0); /* sound keeps it open */
    char held[240];
    snprintf(held, sizeof(held), "%sa=sendonly\r\n", f->sdp);
    callrig_request(&f->c, "INVITE", NULL, held);
    assert_non_null(callrig_next(&f->c, "SIP/2.0 200"));
    callrig_request(&f->c, "ACK", NULL, NULL);
    assert_true(callrig_quiet(&f->c, 50));
    const unsigned before = f->n_far;
    assert_true(callrig_quiet(&f->c, 45000));
    assert_int_equal(f->n_empty, 3);
    assert_int_equal(f->n_far, before + 3);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(the_offer_shows_what_the_server_saw_of_the_rtp_port),
        T(the_answer_shows_it_too),
        T(who_answers_at_once_waits_for_it),
        T(an_answer_for_a_caller_who_gives_up_is_not_sent),
        T(a_server_that_falls_silent_holds_the_call_up_for_less_than_a_second),
        T(who_hangs_up_meanwhile_sends_nothing),
        T(a_configured_address_and_port_need_no_server),
        T(while_held_the_rtp_port_sends_keep_alives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
