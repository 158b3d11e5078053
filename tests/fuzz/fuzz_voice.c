/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Datagrams as they may reach a stream's ports: the first byte says how long the first one is, and
 * so on; each is read as RTP, as an event and as RTCP. An INFO body comes for free.
 */
#include <stdlib.h>

#include "sim/sip/dtmf.h"
#include "sim/sip/voice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void one(struct voice_reception *r, struct dtmf_receiver *d, const uint8_t *data, size_t len)
{
    struct voice_packet p;
    struct voice_report rep;
    uint8_t buf[VOICE_REPORT_MAX];
    char digit;

    if (!voice_parse(&p, data, len)) {
        if (p.data < data || p.data + p.len > data + len)
            abort();
        if (voice_received(r, &p) == VOICE_NEXT)
            voice_timed(r, p.ts, len * 1000, 8000);
        (void)dtmf_receive(d, p.ts, p.data, p.len, &digit);
        if (r->n_received > 1000000)
            abort();
    }
    if (!voice_report_parse(&rep, data, len, 1)) {
        if (r->started)
            voice_fill_block(&rep, r);
        if (!voice_report_print(buf, sizeof(buf), &rep, "user", len & 1))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct voice_reception r = {0};
    struct dtmf_receiver d = {0};
    char digit;
    unsigned ms;

    (void)dtmf_info_parse((const char *)data, size, &digit, &ms);
    while (size > 1) {
        const size_t len = data[0] < size - 1 ? data[0] : size - 1;

        one(&r, &d, data + 1, len);
        data += 1 + len;
        size -= 1 + len;
    }
    (void)voice_lost(&r);
    return 0;
}
