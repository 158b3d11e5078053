/* SPDX-License-Identifier: BSD-3-Clause */
/* Digits: RFC 2833 events both ways, and application/dtmf-relay. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/sip/dtmf.h"

static void every_digit_has_an_event_and_back(void **state)
{
    static const char all[] = "0123456789*#ABCD!";

    (void)state;
    for (unsigned i = 0; i < sizeof(all) - 1; i++) {
        assert_int_equal(dtmf_event(all[i]), i);
        assert_int_equal(dtmf_digit(i), all[i]);
    }
    assert_int_equal(dtmf_event('d'), 15);
    assert_int_equal(dtmf_event('x'), -1);
    assert_int_equal(dtmf_event(0), -1);
    assert_int_equal(dtmf_digit(17), 0);
    assert_int_equal(dtmf_digit(255), 0);
}

static void an_event_grows_and_ends_three_times(void **state)
{
    struct dtmf_sender s = {0};
    struct dtmf_packet p;
    unsigned n = 0, ends = 0, duration = 0;
    uint32_t ts = 5000;

    (void)state;
    assert_false(dtmf_sender_step(&s, ts, 20, 10, &p));
    assert_int_equal(dtmf_send(&s, '5', 100), 0);
    while (dtmf_sender_step(&s, ts, 20, 10, &p)) {
        const unsigned d = (unsigned)p.payload[2] << 8 | p.payload[3];

        assert_int_equal(p.payload[0], 5);
        assert_int_equal(p.payload[1] & 0x7f, 10);
        assert_int_equal(p.ts, 5000);
        assert_int_equal(p.first, n == 0);
        assert_int_equal(d, ends ? duration : duration + 160);
        duration = d;
        ends += p.payload[1] >> 7;
        n++;
        ts += 160;
    }
    assert_int_equal(n, 7); /* four that continue, three that end */
    assert_int_equal(ends, 3);
    assert_int_equal(duration, 800);
    assert_true(dtmf_sender_busy(&s)); /* the gap */
    for (unsigned i = 0; i < 4; i++)
        assert_false(dtmf_sender_step(&s, ts, 20, 10, &p));
    assert_false(dtmf_sender_busy(&s));
}

static void the_queue_has_an_end_and_takes_digits_only(void **state)
{
    struct dtmf_sender s = {0};

    (void)state;
    assert_int_equal(dtmf_send(&s, 'x', 0), EINVAL);
    for (unsigned i = 0; i < DTMF_QUEUE_MAX; i++)
        assert_int_equal(dtmf_send(&s, '#', 0), 0);
    assert_int_equal(dtmf_send(&s, '#', 0), EOVERFLOW);
}

/* Everything sent, with every drop-th packet lost, gives each digit once. */
static void run(const char *text, unsigned step_ms, unsigned drop, char *got)
{
    struct dtmf_sender s = {0};
    struct dtmf_receiver r = {0};
    struct dtmf_packet p;
    uint32_t ts = 0xfffffe00;
    unsigned n = 0;

    for (; *text; text++)
        assert_int_equal(dtmf_send(&s, *text, 0), 0);
    for (; dtmf_sender_busy(&s); ts += step_ms * 8)
        if (dtmf_sender_step(&s, ts, step_ms, 0, &p) && (!drop || ++n % drop)) {
            char digit;

            assert_int_equal(dtmf_receive(&r, p.ts, p.payload, sizeof(p.payload), &digit), 0);
            if (digit)
                *got++ = digit;
        }
    *got = 0;
}

static void digits_arrive_once_each_whatever_is_lost(void **state)
{
    char got[64];

    (void)state;
    for (unsigned step = 10; step <= 160; step += 10)
        for (unsigned drop = 0; drop < 4; drop++) {
            if (drop == 1)
                continue;
            run("5500*#ad19", step, drop, got);
            assert_string_equal(got, "5500*#AD19");
        }
}

static void stragglers_and_short_packets_give_nothing(void **state)
{
    static const uint8_t one[] = {1, 10, 0, 160}, two[] = {2, 10, 0, 160}, odd[] = {99, 0, 0, 1};
    struct dtmf_receiver r = {0};
    char digit;

    (void)state;
    assert_int_equal(dtmf_receive(&r, 1000, one, 3, &digit), EBADMSG);
    dtmf_receive(&r, 1000, one, 4, &digit);
    assert_int_equal(digit, '1');
    dtmf_receive(&r, 3000, two, 4, &digit);
    assert_int_equal(digit, '2');
    dtmf_receive(&r, 1000, one, 4, &digit);
    assert_int_equal(digit, 0);
    dtmf_receive(&r, 5000, odd, 4, &digit);
    assert_int_equal(digit, 0);
}

static void info_bodies_are_written_and_read(void **state)
{
    static const struct {
        const char *body;
        char digit;
        unsigned ms;
    } t[] = {
        {"Signal=5\r\nDuration=160\r\n", '5', 160},
        {"Signal= *\nDuration= 250\n", '*', 250},
        {"signal=#", '#', DTMF_TONE_MS},
        {"DURATION=90\r\nSIGNAL = d\r\n", 'D', 90},
        {"Signal=10\r\nDuration=99999999999\r\n", '*', DTMF_TONE_MAX_MS},
        {"X=1\r\nSignal=11\r\nDuration=\r\n", '#', DTMF_TONE_MS},
    };
    static const char *const bad[] = {"",
                                      "Signal",
                                      "Signal=",
                                      "Signal=x\r\n",
                                      "Signal=17\r\n",
                                      "Signal=123\r\n",
                                      "Duration=1\r\n",
                                      "\n\n\n",
                                      "5"};
    char buf[64], digit;
    unsigned ms;

    (void)state;
    for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
        assert_int_equal(dtmf_info_parse(t[i].body, strlen(t[i].body), &digit, &ms), 0);
        assert_int_equal(digit, t[i].digit);
        assert_int_equal(ms, t[i].ms);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(dtmf_info_parse(bad[i], strlen(bad[i]), &digit, &ms), EBADMSG);
    assert_int_equal(dtmf_info_print(buf, sizeof(buf), '5', 160), 24);
    assert_string_equal(buf, "Signal=5\r\nDuration=160\r\n");
    assert_int_equal(dtmf_info_print(buf, 24, '5', 160), 0);
    assert_int_equal(dtmf_info_print(buf, sizeof(buf), 'x', 160), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_digit_has_an_event_and_back),
        cmocka_unit_test(an_event_grows_and_ends_three_times),
        cmocka_unit_test(the_queue_has_an_end_and_takes_digits_only),
        cmocka_unit_test(digits_arrive_once_each_whatever_is_lost),
        cmocka_unit_test(stragglers_and_short_packets_give_nothing),
        cmocka_unit_test(info_bodies_are_written_and_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
