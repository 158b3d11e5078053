/* SPDX-License-Identifier: BSD-3-Clause */
/* Session descriptions as a peer may write them: what we answer must be readable again. */
#include <stdlib.h>

#include "sim/sip/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct session_codec codecs[] = {
        {CODEC_PCMU, 0, NULL}, {CODEC_G722, 9, NULL}, {CODEC_G726_40, 96, NULL}};
    static const uint8_t key[SESSION_KEY_BYTES] = {1, 2, 3};
    struct session_config c = {.addr.s_addr = 0x0100007f,
                               .port = 16384,
                               .id = 1,
                               .version = 1,
                               .codecs = codecs,
                               .n_codecs = 3,
                               .ptime_ms = 20,
                               .dtmf_payload = 101,
                               .dir = SESSION_SENDRECV,
                               .srtp_key = size & 1 ? key : NULL,
                               .list_all = size & 2,
                               .style = size & 4 ? SESSION_79XX : SESSION_SPA};
    struct session_remote r, again;
    struct session_result res;
    char buf[SESSION_TEXT_MAX];
    size_t len;

    if (session_parse(&r, (const char *)data, size))
        return 0;
    (void)session_judge_answer(&res, &c, &r);
    if (session_judge_offer(&res, &c, &r))
        return 0;
    len = session_print_answer(buf, sizeof(buf), &c, &r, &res);
    if (!len)
        return 0;
    if (session_parse(&again, buf, len) || again.n_media != r.n_media ||
        again.media[res.index].port != 16384 || again.media[res.index].dir != res.dir)
        abort();
    for (unsigned i = 0; i < again.n_media; i++)
        if (i != res.index && again.media[i].port)
            abort();
    return 0;
}
