/* SPDX-License-Identifier: BSD-3-Clause */
/* A message has come for a line: response to its transaction, or a request to answer. */
#include <string.h>

#include "sim/sip/binding.h"
#include "sim/sip/call_priv.h"
#include "sim/sip/priv.h"

static void response(struct ua_line *first, const struct sip_msg *msg)
{
    struct client_tx *tx = client_tx_find(first, &msg->via.branch, &msg->cseq.met);

    if (!tx) {
        if (msg->scode / 100 == 2 && pl_strcmp(&msg->cseq.met, "INVITE") == 0)
            calls_late_2xx(first, msg); /* others are late, or nobody's */
        return;
    }
    struct ua_line *l = mem_ref(tx->line);
    nat_learn(l, msg);
    client_tx_response(tx, msg);
    nat_settle(l);
    mem_deref(l);
}

/* sip-behaviour.md 3.1: the local port tells the line, then the user in the Request-URI. An
 * alternate registration is no line of its own (2.8). */
static struct ua_line *addressee(struct ua_line *first, const struct raw_message *raw)
{
    struct ua_line *any = first;
    struct uri uri;

    while (any->cfg.alternate && transport_sibling(any))
        any = transport_sibling(any);
    if (!transport_sibling(first) || uri_decode(&uri, &raw->uri))
        return any;
    struct ua_line *l = any;
    while (l && (l->cfg.alternate || !line_has_user(&l->cfg, &uri.user)))
        l = transport_sibling(l);
    return l ? l : any;
}

void line_trace(const struct ua_line *l, bool sent, const struct stream *st,
                const struct sockaddr_in *remote, const char *data, size_t len)
{
    struct ua_trace t = {.sent = sent, .transport = UA_UDP, .data = data, .len = len};

    if (!l->h || !l->h->traced)
        return;
    if (st) {
        t.transport = l->cfg.transport == UA_TLS ? UA_TLS : UA_TCP;
        stream_ends(st, &t.local, &t.remote);
    } else {
        t.local = (struct sockaddr_in){
            .sin_family = AF_INET, .sin_addr = l->cfg.addr, .sin_port = htons(l->cfg.port)};
        t.remote = *remote;
    }
    l->h->traced(&t, l->arg);
}

void line_receive(struct ua_line *l, struct mbuf *mb, const struct origin *origin)
{
    struct sip_msg *msg = NULL;
    struct raw_message raw;
    const char *data = (const char *)mbuf_buf(mb);
    const size_t len = mbuf_get_left(mb);

    l = transport_first(l);
    if (!l)
        return;
    if (!origin->stream && binding_is(data, len)) {
        nat_probe_receive(l, data, len);
        return;
    }
    line_trace(l, false, origin->stream, &origin->from, data, len);
    if (len > 8 && memcmp(data, "SIP/2.0 ", 8) == 0) {
        if (sip_msg_decode(&msg, mb) == 0 && !msg->req)
            response(l, msg);
        else
            l->stack->counters.n_undecodable++;
    } else if (raw_parse(&raw, data, len) && !raw.response) {
        uas_request(addressee(l, &raw), &raw, origin);
    } else {
        l->stack->counters.n_undecodable++;
    }
    mem_deref(msg);
}
