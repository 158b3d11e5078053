/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What voice costs: streams talk in pairs in real time; prints CPU share, loss, jitter and bytes.
 * usage: bench_voice [STREAMS [CODEC]]
 */
#include <malloc.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <re.h>

#include "sim/base/rng.h"
#include "sim/loop/clock.h"
#include "sim/loop/loop.h"
#include "sim/loop/timer.h"
#include "sim/sip/media.h"
#include "sim/sip/media_source.h"

enum { SECONDS = 5, STREAMS_MAX = 5000 };

static void end_handler(void *arg)
{
    loop_stop(arg, 0);
}

static double cpu_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static int open_stream(struct media **mp, struct loop *lp, struct rng *rng)
{
    const struct media_config cfg = {
        .addr.s_addr = htonl(INADDR_LOOPBACK), .port_min = 20000, .port_max = 60000, .rng = rng};

    return media_alloc(mp, lp, &cfg, NULL, NULL);
}

static int join(struct media *a, const struct media *b, enum codec_id codec, uint16_t ptime_ms)
{
    struct session_result s = {.codec = codec,
                               .payload = codec_info(codec)->payload,
                               .ptime_ms = ptime_ms,
                               .dir = SESSION_SENDRECV,
                               .send = true,
                               .receive = true};

    s.rtp.sin_family = AF_INET;
    s.rtp.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s.rtp.sin_port = htons(media_port(b));
    s.rtcp = s.rtp;
    return media_apply(a, &s);
}

static void report(struct media **streams, unsigned n, double cpu, size_t bytes)
{
    struct media_stats st;
    uint64_t packets = 0;
    int64_t lost = 0;
    uint32_t jitter = 0;

    for (unsigned i = 0; i < n; i++) {
        media_stats(streams[i], &st);
        packets += st.rx_packets;
        lost += st.rx_lost;
        jitter = st.rx_jitter_us > jitter ? st.rx_jitter_us : jitter;
    }
    printf("%u streams, %d s: %.1f %% of a core, %llu packets received, %lld lost, worst jitter "
           "%u us, %zu bytes a stream\n",
           n, SECONDS, 100 * cpu / SECONDS, (unsigned long long)packets, (long long)lost, jitter,
           bytes / n);
}

int main(int argc, char **argv)
{
    const unsigned n = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) & ~1u : 200;
    const enum codec_id codec = argc > 2 ? codec_find_param(argv[2]) : CODEC_PCMU;
    const struct loop_config cfg = {.clock = CLOCK_REAL};
    static struct media *streams[STREAMS_MAX];
    struct media_source *tone = NULL;
    struct timer end = {0};
    struct loop *lp = NULL;
    struct rng rng;
    const size_t before = mallinfo2().uordblks;
    int err = n < 2 || n > STREAMS_MAX || codec == CODEC_NONE;

    rng_init(&rng, 1, 1);
    if (err || loop_alloc(&lp, &cfg) || media_source_alloc(&tone, "tone 440"))
        return 1;
    for (unsigned i = 0; i < n && !err; i++)
        err = open_stream(&streams[i], lp, &rng);
    for (unsigned i = 0; i < n && !err; i++) {
        media_set_source(streams[i], tone);
        err = join(streams[i], streams[i ^ 1], codec, 20);
    }
    if (err) {
        fprintf(stderr, "cannot open %u streams: error %d\n", n, err);
        return 1;
    }
    timer_start(lp, &end, SECONDS * 1000, end_handler, lp);
    const double cpu = cpu_s();
    err = loop_run(lp);
    report(streams, n, cpu_s() - cpu, mallinfo2().uordblks - before);
    for (unsigned i = 0; i < n; i++)
        media_close(streams[i]);
    mem_deref(tone);
    mem_deref(lp);
    return err;
}
