/* SPDX-License-Identifier: BSD-3-Clause */
/* A datagram at a line's port: read, judged and answered, or decoded as the answer it may be. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <re.h>

#include "sim/sip/priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct ua_line_config line = {
    .user = "1001",
    .server = "Cisco/SPA504G-7.6.2c",
    .allow = "ACK, BYE, CANCEL, INFO, INVITE, NOTIFY, OPTIONS, REFER, UPDATE",
    .supported = "replaces",
};

/* Whatever came, our answer is one message that reads well and goes back the way it came. */
static void check_answer(const char *answer, size_t len, const struct raw_message *request)
{
    struct raw_message raw;

    if (!raw_parse(&raw, answer, len) || !raw.response || !raw.complete || raw.body.l ||
        raw.n_vias != request->n_vias || raw.n_clen != 1 || raw.n_to > 1 || raw.n_from > 1)
        abort();
}

static void answer(const struct raw_message *raw, bool stream)
{
    static char buf[UA_MESSAGE_MAX];
    char extra[UA_EXTRA_MAX];
    struct pl rport;
    struct verdict v = uas_judge(&line, raw, stream, extra, sizeof(extra));
    if (!v.scode) /* a NOTIFY that reads well: fuzz_line.c has the rest */
        v = (struct verdict){200, "OK", NULL};
    const struct response_params p = {
        .scode = v.scode,
        .reason = v.reason,
        .to_tag = "e7d2be737eb6d185i0",
        .extra = v.extra,
        .allow = v.scode == 405 || v.scode == 200,
        .rport = raw_param(&raw->vias[0], "rport", &rport) ? 4242 : 0,
    };

    if (v.scode < 200 || v.scode > 699)
        abort();
    const size_t len = print_response(buf, sizeof(buf), &line, raw, &p);
    if (len)
        check_answer(buf, len, raw);
}

static void decode(const uint8_t *data, size_t size)
{
    struct mbuf *mb = mbuf_alloc(size + 1);
    struct sip_msg *msg = NULL;

    if (!mb)
        return;
    mbuf_write_mem(mb, data, size);
    mb->pos = 0;
    if (sip_msg_decode(&msg, mb) == 0 && !msg->req)
        (void)sip_msg_hdr(msg, SIP_HDR_CONTACT);
    mem_deref(msg);
    mem_deref(mb);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct raw_message raw;
    struct pl sent_by;
    uint16_t port;

    if (raw_parse(&raw, (const char *)data, size)) {
        for (unsigned i = 0; i < raw.n_vias; i++)
            (void)raw_sent_by(&raw.vias[i], &sent_by, &port);
        if (!raw.response) {
            answer(&raw, false);
            answer(&raw, true);
        }
    }
    if (size > 8 && memcmp(data, "SIP/2.0 ", 8) == 0)
        decode(data, size);
    return 0;
}
