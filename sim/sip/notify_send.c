/* SPDX-License-Identifier: BSD-3-Clause */
/* NOTIFY of our own, out of dialogs (sip-behaviour.md 3.6, 9.3). */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim/sip/priv.h"
#include "sim/sip/request.h"

enum {
    CSEQ_RANDOM_BITS = 0xffff, /* 9.2 [DEF] */
    CREDENTIALS_MAX = 1024,
};

static void put_field(struct writer *w, const char *name, const char *value)
{
    put(w, name);
    put(w, ": ");
    put(w, value);
    put(w, "\r\n");
}

static void put_auth(struct writer *w, struct ua_line *l, const char *uri)
{
    char credentials[CREDENTIALS_MAX];
    const struct auth_request r = {
        .method = "NOTIFY",
        .uri = uri,
        .user = l->cfg.auth_id[0] ? l->cfg.auth_id : l->cfg.user,
        .password = l->cfg.password,
        .order_79xx = l->cfg.wire == UA_WIRE_79XX,
    };

    if (auth_client_ready(&l->reg.auth) &&
        auth_client_print(&l->reg.auth, credentials, sizeof(credentials), &r, l->rng))
        put_field(w, l->reg.auth.proxy ? "Proxy-Authorization" : "Authorization", credentials);
}

/* Header order of 9.3: SPA NOTIFY [T: SPA942], without Contact. To is the line itself [DEF]. */
static size_t print_notify(struct ua_line *l, const struct ua_line_notice *n, uint32_t cseq,
                           uint32_t branch)
{
    const struct ua_line_config *c = &l->cfg;
    struct writer w = {.buf = l->stack->tx, .size = sizeof(l->stack->tx)};
    char uri[300], text[TAG_SIZE + 320], call_id[CALL_ID_SIZE], tag[TAG_SIZE];

    print_call_id(call_id, sizeof(call_id), c, l->rng);
    print_tag(tag, sizeof(tag), c, l->rng, 'o');
    snprintf(uri, sizeof(uri), "sip:%.120s@%.160s", c->user, c->proxy);
    put(&w, "NOTIFY ");
    put(&w, uri);
    put(&w, " SIP/2.0\r\n");
    put_own_via(&w, c, stream_local_port(l), branch);
    snprintf(text, sizeof(text), "<%s>;tag=%s", uri, tag);
    put_field(&w, "From", text);
    snprintf(text, sizeof(text), "<%s>", uri);
    put_field(&w, "To", text);
    put_field(&w, "Call-ID", call_id);
    snprintf(text, sizeof(text), "%u NOTIFY", cseq);
    put_field(&w, "CSeq", text);
    snprintf(text, sizeof(text), "%u", c->max_forward);
    put_field(&w, "Max-Forwards", text);
    put_auth(&w, l, uri);
    put_field(&w, "Event", n->event);
    if (c->user_agent[0])
        put_field(&w, "User-Agent", c->user_agent);
    put_station_name(&w, c);
    snprintf(text, sizeof(text), "%zu", strlen(n->body));
    put_field(&w, "Content-Length", text);
    put_field(&w, "Content-Type", n->type);
    put(&w, "\r\n");
    put(&w, n->body);
    return w.full ? 0 : w.len;
}

static void answer_handler(struct client_tx *tx, int err, const char *reason,
                           const struct sip_msg *msg, void *arg)
{
    (void)tx;
    (void)err;
    (void)reason;
    (void)msg;
    (void)arg;
}

int ua_line_notify(struct ua_line *l, const struct ua_line_notice *n)
{
    const uint32_t branch = rng_u32(l->rng), cseq = rng_u32(l->rng) & CSEQ_RANDOM_BITS;
    struct client_tx *tx = NULL;

    if (l->closed || l->reg.state != UA_REG_OK)
        return ENOTCONN;
    if (!one_line(n->event) || !one_line(n->type))
        return EINVAL;
    const size_t len = print_notify(l, n, cseq, branch);
    const struct client_request r = {
        .to = &l->reg.server, .data = l->stack->tx, .len = len, .branch = branch, .cseq = cseq};

    return len ? client_tx_start(&tx, l, &r, answer_handler, NULL) : E2BIG;
}
