/* SPDX-License-Identifier: BSD-3-Clause */
/* SUBSCRIBE as it is written, NOTIFY as it is read (sip-behaviour.md 9.3, 10; RFC 6665). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sip/request.h"
#include "sim/sip/subscription_priv.h"

enum {
    ROUTES_MAX = 1024,
    TARGET_MAX = 256,
    ADDRESS_MAX = 640,
    ACCEPT_MAX = 160,
};

/* What was folded becomes one line. */
static void unfold(char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] < ' ')
            text[i] = ' ';
    }
}

static char *copy_pl(const struct pl *pl)
{
    char *text = strndup(pl->p, pl->l);

    if (text)
        unfold(text, strlen(text));
    return text;
}

static bool route_handler(const struct sip_hdr *hdr, const struct sip_msg *msg, void *arg)
{
    struct writer *w = arg;
    const size_t before = w->len;

    (void)msg;
    /* Record-Route of a response is the way back to front (RFC 3261 12.1.2) */
    const size_t line = sizeof("Route: \r\n") - 1 + hdr->val.l;
    if (before + line > w->size)
        return true;
    memmove(w->buf + line, w->buf, before);
    w->len = 0;
    put(w, "Route: ");
    put_pl(w, &hdr->val);
    unfold(w->buf, w->len);
    put(w, "\r\n");
    w->len = before + line;
    return false;
}

void subscription_take_dialog(struct ua_subscription *s, const struct sip_msg *msg)
{
    const struct sip_hdr *contact = sip_msg_hdr(msg, SIP_HDR_CONTACT);
    struct sip_addr addr;
    char routes[ROUTES_MAX];
    struct writer w = {.buf = routes, .size = sizeof(routes) - 1};

    if (contact && sip_addr_decode(&addr, &contact->val) == 0 && addr.auri.l < TARGET_MAX) {
        free(s->target);
        s->target = copy_pl(&addr.auri);
    }
    if (s->to_tag || !pl_isset(&msg->to.tag)) /* none: the first NOTIFY will name one (RFC 2543) */
        return;
    s->to_tag = copy_pl(&msg->to.tag);
    sip_msg_hdr_apply(msg, true, SIP_HDR_RECORD_ROUTE, route_handler, &w);
    routes[w.len] = '\0';
    s->routes = w.len ? strdup(routes) : NULL;
}

/* "<uri>;tag=…", the tag where there is one. False: it does not fit. */
static bool print_address(char *buf, size_t size, const char *uri, const char *tag)
{
    struct writer w = {.buf = buf, .size = size - 1};

    put(&w, "<");
    put(&w, uri);
    put(&w, tag ? ">;tag=" : ">");
    put(&w, tag ? tag : "");
    buf[w.len] = '\0';
    return !w.full;
}

/* Header order of 9.3: SPA SUBSCRIBE [T] */
size_t subscription_print(struct ua_subscription *s, uint32_t branch)
{
    struct ua_line *l = s->line;
    const struct ua_line_config *c = &l->cfg;
    const struct sub_content *content = s->content_out ? s->contents : NULL;
    const char *uri = s->target ? s->target : s->cfg.uri;
    char aor[ADDRESS_MAX], from[ADDRESS_MAX + TAG_SIZE + 8], to[ADDRESS_MAX];
    char accept[ACCEPT_MAX] = "", credentials[CREDENTIALS_MAX];
    struct writer w = {.buf = aor, .size = sizeof(aor) - 1};

    put_account_uri(&w, c);
    aor[w.len] = '\0';
    if (w.full || !print_address(from, sizeof(from), aor, s->from_tag) ||
        !print_address(to, sizeof(to), s->cfg.uri, s->to_tag))
        return 0;
    if (s->cfg.accept)
        snprintf(accept, sizeof(accept), "Accept: %s\r\n", s->cfg.accept);
    const struct request_params p = {
        .method = "SUBSCRIBE",
        .uri = uri,
        .from = from,
        .to = to,
        .call_id = s->call_id,
        .cseq = s->cseq,
        .branch = branch,
        .local_port = stream_local_port(l),
        .routes = s->routes,
        /* the same cache as REGISTER's: SPA962 sends credentials ahead here, too [T] */
        .auth = line_credentials(l, "SUBSCRIBE", uri, credentials) ? credentials : NULL,
        .auth_proxy = l->reg.auth.proxy,
        .contact = true,
        .before = accept,
        .has_expires = true,
        .expires = s->left ? 0 : s->expires_s,
        .event = s->cfg.event,
        .after = s->cfg.extra,
        .supported = s->cfg.supported, /* where it always stands (9.3) [DEF] */
        .body_type = content ? content->type : NULL,
        .body = content ? content->body : NULL,
        .body_len = content ? strlen(content->body) : 0,
    };
    return print_request(l->stack->tx, sizeof(l->stack->tx), c, &p);
}

/* ---- NOTIFY */

struct ua_subscription *subscription_find(struct ua_line *l, const struct raw_message *raw)
{
    const struct pl event = raw_token(&raw->event);
    struct pl tag;

    if (pl_strcmp(&raw->method, "NOTIFY") || !raw_param(&raw->to, "tag", &tag))
        return NULL;
    /* those of an alternate registration arrive for its sibling (2.8) */
    for (l = transport_first(l); l; l = transport_sibling(l)) {
        struct ua_subscription *s = l->subscriptions;
        while (s && (pl_strcmp(&raw->call_id, s->call_id) || pl_strcmp(&tag, s->from_tag) ||
                     pl_strcasecmp(&event, s->cfg.event)))
            s = s->next;
        if (s)
            return s;
    }
    return NULL;
}

/* Is it one of the types, its parameters set aside? */
static bool type_fits(const char *types, const struct pl *type)
{
    const struct pl given = raw_token(type);
    struct pl rest, one;

    pl_set_str(&rest, types);
    while (raw_element(&rest, &one)) {
        if (pl_casecmp(&one, &given) == 0)
            return true;
    }
    return false;
}

uint16_t subscription_judge(struct ua_subscription *s, const struct raw_message *raw)
{
    uint32_t cseq = 0;

    if (!raw_u32(&raw->cseq, &cseq) || (s->remote_cseq_set && cseq <= s->remote_cseq))
        return 500; /* an older one that was overtaken (RFC 3261 12.2.2) */
    if (raw->body.l && s->cfg.body_types && !type_fits(s->cfg.body_types, &raw->content_type))
        return 415;
    s->remote_cseq = cseq;
    s->remote_cseq_set = true;
    return 200;
}

static void ended(struct ua_subscription *s, const struct pl *value)
{
    struct pl reason = {NULL, 0};

    (void)raw_param(value, "reason", &reason);
    /* RFC 6665 4.1.3: these mean "ask again at once" */
    subscription_ended(s, pl_strcasecmp(&reason, "deactivated") == 0 ||
                              pl_strcasecmp(&reason, "timeout") == 0);
}

void subscription_notified(struct ua_subscription *s, const struct raw_message *raw)
{
    const struct pl *value = &raw->subscription_state;
    const bool over = value->l >= 10 && strncasecmp(value->p, "terminated", 10) == 0;
    struct pl tag, expires;

    if (!s->to_tag && raw_param(&raw->from, "tag", &tag)) /* ahead of the answer to SUBSCRIBE */
        s->to_tag = copy_pl(&tag);
    mem_ref(s);
    if (!over && !s->tx && raw_param(value, "expires", &expires) && expires.l && expires.l < 10)
        subscription_renew_in(s, pl_u32(&expires));
    if (s->h && s->h->notified)
        s->h->notified(raw, s->arg);
    if (over && s->line && mem_nrefs(s) > 1) /* its owner may have let go */
        ended(s, value);
    mem_deref(s);
}
