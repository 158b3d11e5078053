/* SPDX-License-Identifier: BSD-3-Clause */
/* A message has come for a line: response to its transaction, or a request to answer. */
#include <string.h>

#include "sim/sip/priv.h"

/* Our branch: "z9hG4bK-" + hex (SPA), "z9hG4bK" + hex (79xx). */
static bool branch_is(const struct pl *branch, uint32_t want)
{
    struct pl hex = *branch;

    if (hex.l < 8 || memcmp(hex.p, "z9hG4bK", 7) != 0)
        return false;
    pl_advance(&hex, hex.p[7] == '-' ? 8 : 7);
    return hex.l >= 1 && hex.l <= 8 && pl_x32(&hex) == want;
}

static void response(struct ua_line *l, const struct sip_msg *msg)
{
    if (!l->tx.bytes || !branch_is(&msg->via.branch, l->tx.branch) ||
        pl_strcmp(&msg->cseq.met, "REGISTER") != 0 || msg->cseq.num != l->reg.cseq)
        return; /* late, or nobody's */
    if (msg->scode < 200) {
        l->tx.interval_ms = l->cfg.t2_ms; /* RFC 3261 17.1.2.2: Proceeding */
        return;
    }
    client_tx_stop(l);
    registration_response(l, msg);
}

void line_receive(struct ua_line *l, struct mbuf *mb, const struct origin *origin)
{
    struct sip_msg *msg = NULL;
    struct raw_message raw;
    const char *data = (const char *)mbuf_buf(mb);
    const size_t len = mbuf_get_left(mb);

    mem_ref(l);
    if (len > 8 && memcmp(data, "SIP/2.0 ", 8) == 0) {
        if (sip_msg_decode(&msg, mb) == 0 && !msg->req)
            response(l, msg);
        else
            l->stack->counters.n_undecodable++;
    } else if (raw_parse(&raw, data, len) && !raw.response) {
        uas_request(l, &raw, origin);
    } else {
        l->stack->counters.n_undecodable++;
    }
    mem_deref(msg);
    mem_deref(l);
}
