/* SPDX-License-Identifier: BSD-3-Clause */
/* Voice on loopback, virtual clock: sound, digits, loss, jitter, RTCP, SRTP, hold, garbage. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <re.h>

#include "devices/model.h"
#include "sim/base/rng.h"
#include "sim/loop/clock.h"
#include "sim/loop/loop.h"
#include "sim/loop/timer.h"
#include "sim/sip/dtmf.h"
#include "sim/sip/media.h"
#include "sim/sip/media_source.h"
#include "sim/sip/voice.h"

struct phone {
    struct media *m;
    struct rng rng;
    char digits[64];
    unsigned n_receiving;
    bool close_on_digit;
};

struct world {
    struct loop *lp;
    struct phone a, b;
    int fd; /* a third party, or a relay between a and b */
    uint16_t fd_port;
};

static void digit_handler(char digit, void *arg)
{
    struct phone *p = arg;

    p->digits[strlen(p->digits)] = digit;
    if (p->close_on_digit) {
        media_close(p->m);
        p->m = NULL;
    }
}

static void receiving_handler(void *arg)
{
    ((struct phone *)arg)->n_receiving++;
}

static const struct media_handlers handlers = {.digit = digit_handler,
                                               .receiving = receiving_handler};

static void phone_open(struct world *w, struct phone *p, unsigned seed, uint32_t rtcp_ms)
{
    struct media_config cfg = {.addr.s_addr = htonl(INADDR_LOOPBACK),
                               .port_min = 20001, /* odd: the first pair is 20002, 20003 */
                               .port_max = 29999,
                               .rtcp_interval_ms = rtcp_ms,
                               .dtmf_volume = 10,
                               .mark_all_avt = seed == 2};

    rng_init(&p->rng, (uint64_t)getpid(), seed);
    cfg.rng = &p->rng;
    assert_int_equal(media_alloc(&p->m, w->lp, &cfg, &handlers, p), 0);
}

static int set_up(void **state)
{
    const struct loop_config cfg = {.clock = CLOCK_VIRTUAL};
    struct sockaddr_in sin = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(sin);
    struct world *w = calloc(1, sizeof(*w));

    *state = w;
    w->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    if (bind(w->fd, (struct sockaddr *)&sin, sizeof(sin)) ||
        getsockname(w->fd, (struct sockaddr *)&sin, &len))
        return -1;
    w->fd_port = ntohs(sin.sin_port);
    if (loop_alloc(&w->lp, &cfg))
        return -1;
    loop_advance(w->lp, 1000);
    phone_open(w, &w->a, 1, 0);
    phone_open(w, &w->b, 2, 0);
    return 0;
}

static void phone_close(struct phone *p)
{
    if (p->m)
        media_close(p->m);
    memset(p, 0, sizeof(*p));
}

static int tear_down(void **state)
{
    struct world *w = *state;

    phone_close(&w->a);
    phone_close(&w->b);
    close(w->fd);
    mem_deref(w->lp);
    free(w);
    return 0;
}

/* Virtual time passes; what was sent on loopback is there at once and gets read. */
static void pass(struct world *w, unsigned ms)
{
    for (unsigned i = 0; i < ms; i += 5) {
        loop_advance(w->lp, 5);
        for (unsigned k = 0; k < 4; k++)
            loop_poll(w->lp);
    }
}

static struct session_result session(enum codec_id codec, uint16_t port)
{
    struct session_result s = {.codec = codec,
                               .payload = codec_info(codec)->payload,
                               .dtmf_payload = 101,
                               .ptime_ms = 20,
                               .dir = SESSION_SENDRECV,
                               .send = true,
                               .receive = true};

    s.rtp = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    s.rtcp = s.rtp;
    s.rtcp.sin_port = htons((uint16_t)(port + 1));
    return s;
}

static void connect_phones(struct world *w, enum codec_id codec)
{
    const struct session_result to_b = session(codec, media_port(w->b.m));
    const struct session_result to_a = session(codec, media_port(w->a.m));

    assert_int_equal(media_apply(w->a.m, &to_b), 0);
    assert_int_equal(media_apply(w->b.m, &to_a), 0);
}

static void play(struct phone *p, const char *text)
{
    struct media_source *s = NULL;

    assert_int_equal(media_source_alloc(&s, text), 0);
    media_set_source(p->m, s);
    mem_deref(s);
}

static struct media_stats stats(const struct phone *p)
{
    struct media_stats st;

    media_stats(p->m, &st);
    return st;
}

static void hears(const struct phone *p, double hz, double dbm0)
{
    const struct media_stats st = stats(p);

    if (fabs(st.rx_frequency_hz - hz) > 2 || fabs(st.rx_level_dbm0 - dbm0) > 0.7)
        fail_msg("heard %.1f Hz at %.2f dBm0, not %.1f at %.2f", st.rx_frequency_hz,
                 st.rx_level_dbm0, hz, dbm0);
}

static void a_tone_arrives_through_every_real_codec(void **state)
{
    static const enum codec_id codecs[] = {CODEC_PCMU, CODEC_PCMA, CODEC_G722, CODEC_PCMU};
    struct world *w = *state;
    struct media_stats st;

    play(&w->a, "tone 440");
    for (size_t i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++) {
        connect_phones(w, codecs[i]);
        play(&w->b, i & 1 ? "tone 1004 -16" : "tone 3000 -3.5");
        pass(w, 500);
        hears(&w->b, 440, -10);
        hears(&w->a, i & 1 ? 1004 : 3000, i & 1 ? -16 : -3.5);
    }
    st = stats(&w->b);
    assert_in_range(st.rx_packets, 99, 102);
    assert_int_equal(st.rx_bytes, st.rx_packets * 160);
    assert_int_equal(st.rx_lost, 0);
    assert_int_equal(st.rx_garbage, 0);
    assert_int_equal(st.rx_jitter_us, 0);
    assert_int_equal(w->b.n_receiving, 1);
    media_stop(w->a.m);
    pass(w, 400);
    assert_true(stats(&w->b).rx_level_dbm0 == METER_SILENCE);
}

static void every_packet_time_works(void **state)
{
    struct world *w = *state;

    play(&w->a, "tone 700 -20");
    for (uint16_t ptime = 10; ptime <= 160; ptime = (uint16_t)(ptime + 10)) {
        struct session_result to_b = session(CODEC_PCMA, media_port(w->b.m));
        const struct session_result to_a = session(CODEC_PCMA, media_port(w->a.m));
        uint32_t before;

        to_b.ptime_ms = ptime;
        assert_int_equal(media_apply(w->b.m, &to_a), 0);
        assert_int_equal(media_apply(w->a.m, &to_b), 0);
        pass(w, 200);
        before = stats(&w->a).tx_packets;
        pass(w, ptime * 10);
        assert_in_range(stats(&w->a).tx_packets - before, 9, 11);
        hears(&w->b, 700, -20);
    }
    assert_int_equal(stats(&w->b).rx_lost, 0);
}

static void an_echo_gives_back_what_it_heard(void **state)
{
    struct world *w = *state;

    connect_phones(w, CODEC_PCMU);
    play(&w->a, "tone 620 -12");
    play(&w->b, "echo");
    pass(w, 600);
    hears(&w->a, 620, -12);
}

static void write_wave(const char *path, unsigned channels, unsigned rate, unsigned n)
{
    const uint32_t bytes = n * 2;
    uint8_t head[44] = "RIFF....WAVEfmt \x10\0\0\0\1";
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    head[22] = (uint8_t)channels;
    head[24] = (uint8_t)rate;
    head[25] = (uint8_t)(rate >> 8);
    head[34] = 16;
    memcpy(head + 36, "data", 4);
    for (unsigned i = 0; i < 4; i++)
        head[40 + i] = (uint8_t)(bytes >> (8 * i));
    fwrite(head, 1, sizeof(head), f);
    for (unsigned i = 0; i < n; i++) {
        const int16_t v = (int16_t)(8000 * sin(2 * 3.14159265358979 * 500 * i / 8000));
        const uint8_t b[2] = {(uint8_t)v, (uint8_t)((uint16_t)v >> 8)};

        fwrite(b, 1, 2, f);
    }
    fclose(f);
}

static void a_file_is_played_over_and_over(void **state)
{
    struct world *w = *state;
    struct media_source *s = NULL;
    char path[64], text[80];

    snprintf(path, sizeof(path), "/tmp/spafarm-media-%d.wav", (int)getpid());
    snprintf(text, sizeof(text), "file %s", path);
    write_wave(path, 1, 8000, 1600);
    connect_phones(w, CODEC_PCMU);
    play(&w->a, text);
    pass(w, 1000);
    hears(&w->b, 500, 20 * log10(8000 / 32767.0) + 3.14);

    write_wave(path, 2, 8000, 160);
    assert_int_equal(media_source_alloc(&s, text), EBADMSG);
    write_wave(path, 1, 16000, 160);
    assert_int_equal(media_source_alloc(&s, text), EBADMSG);
    write_wave(path, 1, 8000, 0);
    assert_int_equal(media_source_alloc(&s, text), EBADMSG);
    assert_int_equal(truncate(path, 30), 0);
    assert_int_equal(media_source_alloc(&s, text), EBADMSG);
    unlink(path);
    assert_int_equal(media_source_alloc(&s, text), ENOENT);
    assert_null(s);
}

static void source_texts_are_checked(void **state)
{
    static const char *const bad[] = {
        "",          "tone",           "tone ",        "tone x",   "tone 0",
        "tone 4000", "tone 440 x",     "tone 440 -70", "tone nan", "file ",
        "echo 1",    "tone 440 -10 x", "tone 440 nan"};
    struct media_source *s = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(media_source_alloc(&s, bad[i]), EINVAL);
}

static void digits_arrive_both_ways(void **state)
{
    struct world *w = *state;

    connect_phones(w, CODEC_G722);
    for (const char *d = "0123456789*#ABCD"; *d; d++)
        assert_int_equal(media_send_digit(w->a.m, *d, 0), 0);
    assert_int_equal(media_send_digit(w->b.m, '7', 500), 0);
    assert_int_equal(media_send_digit(w->b.m, '7', 40), 0);
    assert_int_equal(media_send_digit(w->b.m, 'x', 0), EINVAL);
    pass(w, 5000);
    assert_string_equal(w->b.digits, "0123456789*#ABCD");
    assert_string_equal(w->a.digits, "77");
    assert_int_equal(stats(&w->a).tx_digits, 16);
    assert_int_equal(stats(&w->b).rx_digits, 16);
    assert_int_equal(stats(&w->b).rx_lost, 0);
    assert_int_equal(stats(&w->b).rx_jitter_us, 0); /* events do not count */
}

static void a_signalled_codec_sends_digits_and_nothing_else(void **state)
{
    struct world *w = *state;

    connect_phones(w, CODEC_G729A);
    pass(w, 500);
    assert_int_equal(stats(&w->a).tx_packets, 0);
    assert_false(stats(&w->a).audible);
    media_send_digit(w->a.m, '5', 0);
    pass(w, 1000);
    assert_string_equal(w->b.digits, "5");
    assert_int_equal(stats(&w->a).tx_packets, 7);
}

/* What the third party's socket holds, one datagram. */
static size_t take(struct world *w, uint8_t *buf, size_t size, uint16_t *from)
{
    struct sockaddr_in sin;
    socklen_t len = sizeof(sin);
    const ssize_t n = recvfrom(w->fd, buf, size, 0, (struct sockaddr *)&sin, &len);

    if (from)
        *from = ntohs(sin.sin_port);
    return n > 0 ? (size_t)n : 0;
}

static void give(struct world *w, uint16_t port, const void *data, size_t len)
{
    const struct sockaddr_in sin = session(CODEC_PCMU, port).rtp;

    assert_int_equal(sendto(w->fd, data, len, 0, (const struct sockaddr *)&sin, sizeof(sin)), len);
}

static void event_packets_are_as_rfc_2833_wants(void **state)
{
    struct world *w = *state;
    struct session_result s = session(CODEC_PCMU, w->fd_port);

    for (unsigned mark_all = 0; mark_all < 2; mark_all++) {
        struct phone *p = mark_all ? &w->b : &w->a; /* see phone_open() */
        struct voice_packet v, first = {0};
        unsigned n = 0, ends = 0, marks = 0, duration = 0;
        uint8_t buf[256];
        size_t len;

        assert_int_equal(media_apply(p->m, &s), 0);
        media_send_digit(p->m, '#', 200);
        pass(w, 600);
        while ((len = take(w, buf, sizeof(buf), NULL))) {
            assert_int_equal(voice_parse(&v, buf, len), 0);
            if (v.payload != 101)
                continue;
            if (!n++)
                first = v;
            assert_int_equal(v.len, 4);
            assert_int_equal(v.data[0], 11);
            assert_int_equal(v.data[1] & 0x7f, 10);
            assert_int_equal(v.ts, first.ts);
            assert_int_equal(v.seq, (uint16_t)(first.seq + n - 1));
            duration = (unsigned)v.data[2] << 8 | v.data[3];
            assert_int_equal(duration, n <= 10 ? n * 160 : 1600);
            ends += v.data[1] >> 7;
            marks += v.marker;
        }
        assert_int_equal(n, 12);
        assert_int_equal(ends, 3);
        assert_int_equal(marks, mark_all ? 12 : 1);
        media_stop(p->m);
    }
}

static void hold_stops_the_packets_and_resume_goes_on(void **state)
{
    struct world *w = *state;
    struct session_result s = session(CODEC_PCMU, media_port(w->b.m));
    struct voice_packet v, last = {0};
    uint8_t buf[256];
    uint32_t n;
    size_t len;

    connect_phones(w, CODEC_PCMU);
    play(&w->a, "tone 440");
    pass(w, 200);
    s.send = false;
    assert_int_equal(media_apply(w->a.m, &s), 0);
    n = stats(&w->a).tx_packets;
    pass(w, 1000);
    assert_int_equal(stats(&w->a).tx_packets, n);
    assert_int_equal(media_send_digit(w->a.m, '1', 0), ENOTCONN);
    s.send = true;
    s.rtp.sin_addr.s_addr = 0; /* RFC 2543 */
    assert_int_equal(media_apply(w->a.m, &s), 0);
    pass(w, 1000);
    assert_int_equal(stats(&w->a).tx_packets, n);
    s = session(CODEC_PCMU, w->fd_port); /* resumed towards someone else */
    assert_int_equal(media_apply(w->a.m, &s), 0);
    pass(w, 100);
    for (n = 0; (len = take(w, buf, sizeof(buf), NULL)); n++) {
        assert_int_equal(voice_parse(&v, buf, len), 0);
        assert_int_equal(v.marker, n == 0);
        if (n)
            assert_int_equal(v.ts - last.ts, 160);
        last = v;
    }
    assert_in_range(n, 4, 6);
    assert_int_equal(media_send_digit(w->a.m, '1', 0), 0);
    s.dtmf_payload = 0;
    assert_int_equal(media_apply(w->a.m, &s), 0);
    assert_int_equal(media_send_digit(w->a.m, '1', 0), ENOTSUP);
    s = session(CODEC_PCMU, media_port(w->a.m));
    s.receive = false;
    assert_int_equal(media_apply(w->b.m, &s), 0);
    assert_false(stats(&w->b).receiving);
    s.rtp.sin_family = 0;
    assert_int_equal(media_apply(w->b.m, &s), EINVAL);
}

/* A relay between a and b: loses, delays, repeats and swaps by the packet's number. */
static void loss_delay_repeats_and_swaps_are_counted(void **state)
{
    struct world *w = *state;
    struct session_result to_relay = session(CODEC_PCMU, w->fd_port);
    const struct session_result to_a = session(CODEC_PCMU, media_port(w->a.m));
    const uint16_t port_b = media_port(w->b.m);
    uint8_t buf[256], kept[256];
    size_t len, kept_len = 0;
    unsigned n = 0, lost = 0, twice = 0, swapped = 0;
    struct media_stats st;

    assert_int_equal(media_apply(w->a.m, &to_relay), 0);
    assert_int_equal(media_apply(w->b.m, &to_a), 0);
    play(&w->a, "tone 440");
    while (n < 1000) {
        pass(w, 20);
        while ((len = take(w, buf, sizeof(buf), NULL))) {
            n++;
            if (n % 10 == 5) {
                lost++;
            } else if (n % 50 == 1) {
                memcpy(kept, buf, len);
                kept_len = len;
                swapped++;
            } else {
                give(w, port_b, buf, len);
                if (kept_len)
                    give(w, port_b, kept, kept_len);
                kept_len = 0;
                if (n % 100 == 7) {
                    give(w, port_b, buf, len);
                    twice++;
                }
            }
        }
    }
    pass(w, 20);
    st = stats(&w->b);
    assert_int_equal(st.rx_lost, lost);
    assert_int_equal(st.rx_duplicate, twice);
    assert_int_equal(st.rx_late, swapped);
    assert_int_equal(st.rx_packets, n - lost);
}

static void jitter_is_that_of_the_delays(void **state)
{
    struct world *w = *state;
    const struct session_result s = session(CODEC_PCMU, w->fd_port);
    uint8_t buf[172];

    assert_int_equal(media_apply(w->b.m, &s), 0);
    media_set_source(w->b.m, NULL);
    memset(buf, 0xff, sizeof(buf));
    for (unsigned i = 0; i < 300; i++) { /* every other packet 10 ms late: |D| is 10 ms */
        const struct voice_packet v = {.seq = (uint16_t)(65500 + i), .ts = i * 160, .ssrc = 7};

        voice_print(buf, &v);
        pass(w, i & 1 ? 30 : 10);
        give(w, media_port(w->b.m), buf, sizeof(buf));
        loop_poll(w->lp);
        loop_poll(w->lp);
    }
    assert_in_range(stats(&w->b).rx_jitter_us, 9000, 10500);
    assert_int_equal(stats(&w->b).rx_packets, 300);
    assert_int_equal(stats(&w->b).rx_lost, 0);
}

static void garbage_harms_nothing(void **state)
{
    struct world *w = *state;
    const uint16_t port = media_port(w->b.m);
    struct rng rng;
    uint8_t buf[1600];
    struct media_stats st;

    connect_phones(w, CODEC_PCMU);
    play(&w->a, "tone 440");
    rng_init(&rng, 42, 1);
    for (unsigned i = 0; i < 2000; i++) {
        const size_t len = rng_upto(&rng, i % 10 ? 40 : sizeof(buf));

        for (size_t k = 0; k < len; k++)
            buf[k] = (uint8_t)rng_u32(&rng);
        if (i & 1)
            buf[0] = (uint8_t)(0x80 | (buf[0] & 0x3f));
        if (i & 2)
            buf[1] = i & 4 ? 101 : 0;
        give(w, port, buf, len);
        if (i % 4 == 0)
            pass(w, 5);
    }
    pass(w, 500);
    hears(&w->b, 440, -10);
    st = stats(&w->b);
    assert_int_equal(st.rx_lost, 0);
    assert_int_equal(st.rx_digits, 0);
    assert_true(st.rx_garbage > 500);
    assert_true(st.rx_foreign > 10);
}

static void a_new_source_is_believed_at_its_second_packet(void **state)
{
    struct world *w = *state;
    const struct session_result s = session(CODEC_PCMU, w->fd_port);
    uint8_t buf[172] = {0};
    struct voice_packet v = {.seq = 100, .ssrc = 1};

    assert_int_equal(media_apply(w->b.m, &s), 0);
    for (unsigned i = 0; i < 30; i++, v.seq++, v.ts += 160) {
        if (i == 10)
            v.ssrc = 2;
        if (i == 20)
            v.seq = (uint16_t)(v.seq + 20000);
        voice_print(buf, &v);
        give(w, media_port(w->b.m), buf, sizeof(buf));
        pass(w, 20);
    }
    assert_int_equal(stats(&w->b).rx_foreign, 2);
    assert_int_equal(stats(&w->b).rx_packets, 28);
    assert_int_equal(stats(&w->b).rx_lost, 0);
}

static void digits_of_a_new_source_count_whatever_its_time(void **state)
{
    struct world *w = *state;
    const struct session_result s = session(CODEC_PCMU, w->fd_port);
    uint8_t buf[16] = {0};
    struct voice_packet v = {.seq = 100, .ssrc = 1, .ts = 0x70000000, .payload = 101};

    assert_int_equal(media_apply(w->b.m, &s), 0);
    for (unsigned i = 0; i < 8; i++, v.seq++) {
        if (i == 4) {
            v.ssrc = 2;
            v.ts = 5;
        }
        voice_print(buf, &v);
        buf[12] = (uint8_t)v.ssrc;
        give(w, media_port(w->b.m), buf, sizeof(buf));
        pass(w, 20);
    }
    assert_string_equal(w->b.digits, "12");
}

static void reports_carry_loss_and_round_trip(void **state)
{
    struct world *w = *state;
    struct session_result to_b, to_a;
    struct media_stats st;
    uint8_t buf[172] = {0};

    phone_close(&w->a);
    phone_close(&w->b);
    phone_open(w, &w->a, 3, 5000);
    phone_open(w, &w->b, 4, 5000);
    connect_phones(w, CODEC_PCMU);
    pass(w, 4900);
    assert_int_equal(stats(&w->a).rtcp_tx, 0);
    pass(w, 15000);
    st = stats(&w->a);
    assert_int_equal(st.rtcp_tx, 3);
    assert_in_range(st.rtcp_rx, 2, 3);
    assert_true(st.remote_known);
    assert_int_equal(st.remote_lost, 0);
    assert_int_equal(st.remote_fraction, 0);
    assert_true(st.round_trip_us <= 6000);
    /* a's packets go elsewhere for 50 of them: b misses them when they come back */
    to_b = session(CODEC_PCMU, w->fd_port);
    to_b.rtcp.sin_port = htons((uint16_t)(media_port(w->b.m) + 1));
    assert_int_equal(media_apply(w->a.m, &to_b), 0);
    pass(w, 1000);
    while (take(w, buf, sizeof(buf), NULL))
        ;
    to_b = session(CODEC_PCMU, media_port(w->b.m));
    assert_int_equal(media_apply(w->a.m, &to_b), 0);
    pass(w, 5100);
    st = stats(&w->a);
    assert_in_range(st.remote_lost, 49, 51);
    assert_in_range(st.remote_fraction, 48, 56); /* 50 of 250 */
    assert_int_equal(stats(&w->b).rx_lost, st.remote_lost);
    to_a = session(CODEC_PCMU, media_port(w->a.m)); /* one that only listens reports too */
    to_a.send = false;
    assert_int_equal(media_apply(w->b.m, &to_a), 0);
    pass(w, 5000);
    assert_int_equal(stats(&w->b).rtcp_tx, 6);
    give(w, (uint16_t)(media_port(w->a.m) + 1), buf, sizeof(buf));
    pass(w, 10);
}

/* The third party plays the peer's RTCP. */
static void round_trip_is_what_the_peer_lets_us_compute(void **state)
{
    struct world *w = *state;
    struct session_result s = session(CODEC_PCMU, w->fd_port);
    struct voice_report rep, mine = {.sender = true, .has_block = true, .ssrc = 5};
    uint8_t buf[256];
    size_t len;

    phone_close(&w->a);
    phone_open(w, &w->a, 3, 1000);
    s.send = false;
    s.rtcp.sin_port = htons(w->fd_port);
    assert_int_equal(media_apply(w->a.m, &s), 0);
    pass(w, 1010);
    len = take(w, buf, sizeof(buf), NULL);
    assert_int_equal(voice_report_parse(&rep, buf, len, 5), 0);
    assert_false(rep.sender || rep.has_block); /* nothing sent, nothing heard */
    s.send = true;
    assert_int_equal(media_apply(w->a.m, &s), 0);
    do
        pass(w, 5);
    while ((len = take(w, buf, sizeof(buf), NULL)) == 0 || voice_report_parse(&rep, buf, len, 5));
    assert_true(rep.sender);
    assert_int_equal(rep.octets, rep.packets * 160);
    mine.about = rep.ssrc;
    mine.last_sr = (uint32_t)(rep.ntp >> 16);
    mine.delay = 65536 / 4;
    mine.ntp = 0x1234567890ab;
    pass(w, 350);
    len = voice_report_print(buf, sizeof(buf), &mine, "peer", false);
    give(w, (uint16_t)(media_port(w->a.m) + 1), buf, len);
    pass(w, 5);
    assert_in_range(stats(&w->a).round_trip_us, 95000, 115000);
    /* its next report says when ours came; for that it must have heard a packet */
    voice_print(buf, &(struct voice_packet){.ssrc = 5});
    give(w, media_port(w->a.m), buf, 172);
    while ((len = take(w, buf, sizeof(buf), NULL)) == 0 || voice_report_parse(&rep, buf, len, 5))
        pass(w, 5);
    assert_true(rep.has_block);
    assert_int_equal(rep.last_sr, 0x12345678); /* the middle of 0x1234567890ab */
    assert_in_range(rep.delay, 65536 * 6 / 10, 65536 * 7 / 10);
    media_stop(w->a.m);
    s.rtcp.sin_addr.s_addr = s.rtp.sin_addr.s_addr = 0; /* held: RTCP has nowhere to go */
    assert_int_equal(media_apply(w->a.m, &s), 0);
    len = stats(&w->a).rtcp_tx;
    pass(w, 3000);
    assert_int_equal(stats(&w->a).rtcp_tx, len);
}

static void connect_srtp(struct world *w, enum session_suite suite, bool spoil)
{
    struct session_result to_b = session(CODEC_PCMU, media_port(w->b.m));
    struct session_result to_a = session(CODEC_PCMU, media_port(w->a.m));

    to_a.suite = to_b.suite = suite;
    for (unsigned i = 0; i < SESSION_KEY_BYTES; i++) {
        to_b.tx_key[i] = to_a.rx_key[i] = (uint8_t)(i * 7 + (unsigned)suite);
        to_b.rx_key[i] = to_a.tx_key[i] = (uint8_t)(i * 3 + 1);
    }
    if (spoil)
        to_a.rx_key[0] ^= 1;
    assert_int_equal(media_apply(w->a.m, &to_b), 0);
    assert_int_equal(media_apply(w->b.m, &to_a), 0);
}

static void srtp_protects_and_refuses_what_does_not_verify(void **state)
{
    struct world *w = *state;
    uint32_t n;

    phone_close(&w->a);
    phone_close(&w->b);
    phone_open(w, &w->a, 3, 1000);
    phone_open(w, &w->b, 4, 1000);
    for (unsigned suite = SESSION_SUITE_32; suite <= SESSION_SUITE_80; suite++) {
        connect_srtp(w, suite, false);
        play(&w->a, "tone 440");
        pass(w, 1500);
        hears(&w->b, 440, -10);
        connect_srtp(w, suite, false); /* a re-INVITE with the same keys */
        pass(w, 1500);
        hears(&w->b, 440, -10);
        assert_true(stats(&w->b).secure);
        assert_int_equal(stats(&w->b).rx_unauthentic, 0);
        assert_int_equal(stats(&w->b).rx_lost, 0);
    }
    assert_in_range(stats(&w->b).rtcp_rx, 4, 6);
    media_send_digit(w->a.m, '4', 0);
    pass(w, 500);
    assert_string_equal(w->b.digits, "4");
    connect_srtp(w, SESSION_SUITE_80, true);
    n = stats(&w->b).rx_packets;
    pass(w, 1000);
    assert_int_equal(stats(&w->b).rx_packets, n);
    assert_in_range(stats(&w->b).rx_unauthentic, 49, 53);
    assert_true(stats(&w->b).rx_level_dbm0 == METER_SILENCE);
}

static void ports_are_even_and_never_shared(void **state)
{
    struct world *w = *state;
    struct media_config cfg = {
        .addr.s_addr = inet_addr("127.9.8.7"), .rng = &w->a.rng, .rtcp_interval_ms = 5000};
    struct media *m[50] = {NULL};
    bool used[100] = {false};

    for (unsigned i = 0; i < 49; i++) {
        assert_int_equal(media_alloc(&m[i], w->lp, &cfg, NULL, NULL), 0);
        assert_in_range(media_port(m[i]), 16384, 16480);
        assert_int_equal(media_port(m[i]) % 2, 0);
        assert_false(used[media_port(m[i]) - 16384]);
        used[media_port(m[i]) - 16384] = true;
    }
    assert_int_equal(media_alloc(&m[49], w->lp, &cfg, NULL, NULL), EADDRINUSE);
    media_close(m[7]);
    assert_int_equal(media_alloc(&m[7], w->lp, &cfg, NULL, NULL), 0);
    for (unsigned i = 0; i < 49; i++)
        media_close(m[i]);
    /* a taken odd port spoils its pair */
    const struct sockaddr_in odd = {
        .sin_family = AF_INET, .sin_port = htons(16385), .sin_addr = cfg.addr};
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);

    assert_int_equal(bind(fd, (const struct sockaddr *)&odd, sizeof(odd)), 0);
    cfg.port_max = 16387;
    cfg.port_min = 16384;
    assert_int_equal(media_alloc(&m[0], w->lp, &cfg, NULL, NULL), 0);
    assert_int_equal(media_port(m[0]), 16386);
    assert_int_equal(media_alloc(&m[1], w->lp, &cfg, NULL, NULL), EADDRINUSE);
    media_close(m[0]);
    close(fd);
    cfg.addr.s_addr = inet_addr("203.0.113.1");
    assert_int_equal(media_alloc(&m[0], w->lp, &cfg, NULL, NULL), EADDRNOTAVAIL);
    cfg.port_min = cfg.port_max = 20000;
    assert_int_equal(media_alloc(&m[0], w->lp, &cfg, NULL, NULL), EINVAL);
}

static void a_handler_may_close_the_stream(void **state)
{
    struct world *w = *state;

    connect_phones(w, CODEC_PCMU);
    w->b.close_on_digit = true;
    media_send_digit(w->a.m, '1', 0);
    media_send_digit(w->a.m, '2', 0);
    pass(w, 1000);
    assert_string_equal(w->b.digits, "1");
    assert_null(w->b.m);
}

static void rtp_time_goes_on_while_nothing_is_sent(void **state)
{
    struct world *w = *state;
    uint32_t n;

    connect_phones(w, CODEC_PCMU);
    pass(w, 100);
    n = stats(&w->a).tx_packets;
    media_stop(w->a.m);
    media_stop(w->b.m);
    pass(w, 10000);
    connect_phones(w, CODEC_PCMU);
    pass(w, 100);
    assert_in_range(stats(&w->a).tx_packets - n, 4, 7);
    assert_true(stats(&w->b).rx_jitter_us < 1000); /* RTP time went on; we look each 5 ms */
}

static void headers_are_read_as_rfc_3550_has_them(void **state)
{
    uint8_t b[64] = {0x80, 0x80 | 8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    struct voice_packet p;

    (void)state;
    assert_int_equal(voice_parse(&p, b, 11), EBADMSG);
    assert_int_equal(voice_parse(&p, b, 12), 0);
    assert_true(p.marker && p.payload == 8 && p.seq == 0x0102 && p.ts == 0x03040506);
    assert_int_equal(p.len, 0);
    b[0] = 0x82; /* two CSRC */
    assert_int_equal(voice_parse(&p, b, 19), EBADMSG);
    assert_int_equal(voice_parse(&p, b, 21), 0);
    assert_int_equal(p.len, 1);
    b[0] = 0x90; /* extension of one word */
    b[15] = 1;
    assert_int_equal(voice_parse(&p, b, 19), EBADMSG);
    assert_int_equal(voice_parse(&p, b, 22), 0);
    assert_int_equal(p.len, 2);
    b[0] = 0xa0; /* padding */
    b[19] = 4;
    assert_int_equal(voice_parse(&p, b, 20), 0);
    assert_int_equal(p.len, 4);
    b[19] = 9;
    assert_int_equal(voice_parse(&p, b, 20), EBADMSG);
    b[19] = 0;
    assert_int_equal(voice_parse(&p, b, 20), EBADMSG);
    b[0] = 0x40;
    assert_int_equal(voice_parse(&p, b, 20), EBADMSG);
}

static void reports_survive_print_and_parse(void **state)
{
    struct voice_report rep = {.sender = true,
                               .has_block = true,
                               .ssrc = 1,
                               .ntp = 0x123456789a,
                               .ts = 5,
                               .packets = 6,
                               .octets = 7,
                               .about = 99,
                               .fraction = 8,
                               .lost = -3,
                               .max_seq = 70000,
                               .jitter = 11,
                               .last_sr = 12,
                               .delay = 13};
    struct voice_report got;
    uint8_t buf[VOICE_REPORT_MAX];
    size_t len;

    (void)state;
    for (unsigned bye = 0; bye < 2; bye++) {
        len = voice_report_print(buf, sizeof(buf), &rep, "user@192.0.2.1", bye);
        assert_int_equal(len, 28 + 24 + 28 + 8 * bye);
        assert_int_equal(voice_report_parse(&got, buf, len, 99), 0);
        assert_true(got.ntp == rep.ntp && got.lost == -3 && got.fraction == 8 &&
                    got.max_seq == 70000 && got.jitter == 11 && got.delay == 13);
        assert_int_equal(voice_report_parse(&got, buf, len, 98), 0);
        assert_false(got.has_block);
        for (size_t n = 0; n < 52; n++)
            assert_int_equal(voice_report_parse(&got, buf, n, 99), EBADMSG);
    }
    assert_int_equal(voice_report_print(buf, 20, &rep, "x", false), 0);
}

static void two_hundred_streams_run_in_one_loop(void **state)
{
    enum { PAIRS = 100 };
    struct world *w = *state;
    static struct world pairs[PAIRS];

    for (unsigned i = 0; i < PAIRS; i++) {
        pairs[i].lp = w->lp;
        phone_open(w, &pairs[i].a, 10 + 2 * i, 0);
        phone_open(w, &pairs[i].b, 11 + 2 * i, 0);
        connect_phones(&pairs[i], i % 3 ? CODEC_PCMU : CODEC_G722);
        play(&pairs[i].a, "tone 440");
    }
    pass(w, 1000);
    for (unsigned i = 0; i < PAIRS; i++) {
        assert_in_range(stats(&pairs[i].b).rx_packets, 49, 52);
        assert_int_equal(stats(&pairs[i].b).rx_lost, 0);
        hears(&pairs[i].b, 440, -10);
        phone_close(&pairs[i].a);
        phone_close(&pairs[i].b);
    }
}

struct pace {
    struct loop *lp;
    struct phone a, b;
    struct timer timer;
    uint64_t deadline_ms;
    uint32_t wanted; /* packets */
};

static void pace_handler(void *arg)
{
    struct pace *p = arg;

    if (stats(&p->b).rx_packets >= p->wanted || clock_ms(p->lp) > p->deadline_ms)
        loop_stop(p->lp, 0);
    else
        timer_start(p->lp, &p->timer, 10, pace_handler, p);
}

static void the_pace_holds_on_the_real_clock(void **state)
{
    const struct loop_config cfg = {.clock = CLOCK_REAL};
    struct world w = {0};
    struct pace p = {0};
    uint64_t began;

    (void)state;
    assert_int_equal(loop_alloc(&w.lp, &cfg), 0);
    phone_open(&w, &w.a, 1, 0);
    phone_open(&w, &w.b, 2, 0);
    connect_phones(&w, CODEC_PCMU);
    p = (struct pace){
        .lp = w.lp, .a = w.a, .b = w.b, .deadline_ms = clock_ms(w.lp) + 10000, .wanted = 25};
    began = clock_ms(w.lp);
    timer_start(w.lp, &p.timer, 10, pace_handler, &p);
    assert_int_equal(loop_run(w.lp), 0);
    assert_true(stats(&w.b).rx_packets >= 25);
    assert_true(clock_ms(w.lp) - began >= 470); /* 25 packets cannot come sooner */
    assert_int_equal(stats(&w.b).rx_lost, 0);
    /* the process stalls: afterwards there is no burst of what was missed */
    usleep(600000);
    p.wanted = stats(&w.b).rx_packets + 11;
    began = clock_us(w.lp) / 1000;
    timer_start(w.lp, &p.timer, 10, pace_handler, &p);
    assert_int_equal(loop_run(w.lp), 0);
    assert_true(clock_us(w.lp) / 1000 - began >= 170);
    assert_int_equal(stats(&w.b).rx_lost, 0);
    phone_close(&w.a);
    phone_close(&w.b);
    mem_deref(w.lp);
}

struct side {
    struct session_codec codecs[CODEC_COUNT];
    struct session_config c;
    uint8_t key[SESSION_KEY_BYTES];
    struct session_result res;
};

static void side_init(struct side *s, struct phone *p, const char *model, enum codec_id preferred)
{
    const struct codec_choice choice = {.enabled = CODEC_BIT_ALL, .preferred = {preferred}};
    const struct device_model *m = device_model_find(model);

    memset(s, 0, sizeof(*s));
    session_make_key(s->key, &p->rng);
    s->c = (struct session_config){.style = session_style(m),
                                   .addr.s_addr = htonl(INADDR_LOOPBACK),
                                   .port = media_port(p->m),
                                   .codecs = s->codecs,
                                   .n_codecs = codec_list(s->codecs, m, &choice),
                                   .ptime_ms = 20,
                                   .dtmf_payload = 101,
                                   .dir = SESSION_SENDRECV,
                                   .srtp_key = s->key};
}

/* One offer and answer as texts, and both streams follow. */
static void negotiate(struct side *from, struct media *a, struct side *to, struct media *b)
{
    char offer[SESSION_TEXT_MAX], answer[SESSION_TEXT_MAX];
    struct session_remote r;
    size_t len = session_print_offer(offer, sizeof(offer), &from->c);

    assert_int_equal(session_parse(&r, offer, len), 0);
    assert_int_equal(session_judge_offer(&to->res, &to->c, &r), 0);
    len = session_print_answer(answer, sizeof(answer), &to->c, &r, &to->res);
    assert_int_equal(media_apply(b, &to->res), 0);
    assert_int_equal(session_parse(&r, answer, len), 0);
    assert_int_equal(session_judge_answer(&from->res, &from->c, &r), 0);
    assert_int_equal(media_apply(a, &from->res), 0);
}

static void a_call_by_offer_and_answer_with_hold_and_resume(void **state)
{
    struct world *w = *state;
    struct side a, b;
    uint32_t n;

    side_init(&a, &w->a, "SPA504G", CODEC_G722);
    side_init(&b, &w->b, "6851", CODEC_PCMU);
    a.c.hold_2543 = true;
    play(&w->a, "tone 440");
    play(&w->b, "tone 1000");
    negotiate(&a, w->a.m, &b, w->b.m);
    assert_int_equal(b.res.codec, CODEC_G722);
    assert_int_equal(b.res.suite, SESSION_SUITE_32);
    pass(w, 500);
    hears(&w->b, 440, -10);
    hears(&w->a, 1000, -10);

    a.c.dir = SESSION_SENDONLY; /* a holds */
    negotiate(&a, w->a.m, &b, w->b.m);
    assert_true(b.res.held && !a.res.held);
    n = stats(&w->a).tx_packets + stats(&w->b).tx_packets;
    pass(w, 1000);
    assert_int_equal(stats(&w->a).tx_packets + stats(&w->b).tx_packets, n);

    a.c.dir = SESSION_SENDRECV; /* and comes back */
    negotiate(&a, w->a.m, &b, w->b.m);
    media_send_digit(w->b.m, '9', 0);
    pass(w, 500);
    hears(&w->b, 440, -10);
    hears(&w->a, 1000, -10);
    assert_string_equal(w->a.digits, "9");

    a.c.n_codecs = 1; /* a re-INVITE changes codec, the other side asks */
    a.codecs[0] = (struct session_codec){CODEC_PCMA, 8, NULL};
    negotiate(&b, w->b.m, &a, w->a.m);
    pass(w, 500);
    assert_int_equal(stats(&w->b).codec, CODEC_PCMA);
    hears(&w->b, 440, -10);
    assert_int_equal(stats(&w->b).rx_lost + stats(&w->a).rx_lost, 0);
    assert_int_equal(stats(&w->b).rx_unauthentic + stats(&w->a).rx_unauthentic, 0);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_tone_arrives_through_every_real_codec),
        CASE(every_packet_time_works),
        CASE(an_echo_gives_back_what_it_heard),
        CASE(a_file_is_played_over_and_over),
        cmocka_unit_test(source_texts_are_checked),
        CASE(digits_arrive_both_ways),
        CASE(a_signalled_codec_sends_digits_and_nothing_else),
        CASE(event_packets_are_as_rfc_2833_wants),
        CASE(hold_stops_the_packets_and_resume_goes_on),
        CASE(loss_delay_repeats_and_swaps_are_counted),
        CASE(jitter_is_that_of_the_delays),
        CASE(garbage_harms_nothing),
        CASE(a_new_source_is_believed_at_its_second_packet),
        CASE(digits_of_a_new_source_count_whatever_its_time),
        CASE(reports_carry_loss_and_round_trip),
        CASE(round_trip_is_what_the_peer_lets_us_compute),
        CASE(srtp_protects_and_refuses_what_does_not_verify),
        CASE(ports_are_even_and_never_shared),
        CASE(a_handler_may_close_the_stream),
        CASE(rtp_time_goes_on_while_nothing_is_sent),
        cmocka_unit_test(headers_are_read_as_rfc_3550_has_them),
        cmocka_unit_test(reports_survive_print_and_parse),
        CASE(a_call_by_offer_and_answer_with_hold_and_resume),
        cmocka_unit_test(the_pace_holds_on_the_real_clock),
        CASE(two_hundred_streams_run_in_one_loop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
