/* SPDX-License-Identifier: BSD-3-Clause */
/* NOTIFY of our own, out of dialogs (sip-behaviour.md 3.6, 9.3). */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim/sip/priv.h"
#include "sim/sip/request.h"

enum {
    CSEQ_RANDOM_BITS = 0xffff, /* 9.2 [DEF] */
    URI_MAX = 640,
};

/* SPA NOTIFY of 9.3 [T: SPA942], without Contact. To is the line itself [DEF]. */
static size_t print_notify(struct ua_line *l, const struct ua_line_notice *n, uint32_t cseq,
                           uint32_t branch)
{
    const struct ua_line_config *c = &l->cfg;
    char uri[URI_MAX], from[TAG_SIZE + URI_MAX + 8], to[URI_MAX + 2];
    char call_id[CALL_ID_SIZE], tag[TAG_SIZE], credentials[CREDENTIALS_MAX];
    struct writer w = {.buf = uri, .size = sizeof(uri) - 1};

    print_call_id(call_id, sizeof(call_id), c, l->rng);
    print_tag(tag, sizeof(tag), c, l->rng, 'o');
    put_account_uri(&w, c);
    uri[w.len] = '\0';
    if (w.full)
        return 0;
    snprintf(from, sizeof(from), "<%s>;tag=%s", uri, tag);
    snprintf(to, sizeof(to), "<%s>", uri);
    const struct request_params p = {
        .method = "NOTIFY",
        .uri = uri,
        .from = from,
        .to = to,
        .call_id = call_id,
        .cseq = cseq,
        .branch = branch,
        .local_port = stream_local_port(l),
        .auth = line_credentials(l, "NOTIFY", uri, credentials) ? credentials : NULL,
        .auth_proxy = l->reg.auth.proxy,
        .event = n->event,
        .station_name = true,
        .body_type = n->type,
        .body = n->body,
        .body_len = strlen(n->body),
    };
    return print_request(l->stack->tx, sizeof(l->stack->tx), c, &p);
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
