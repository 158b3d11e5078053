/* SPDX-License-Identifier: BSD-3-Clause */
/* SUBSCRIBE as it is written, NOTIFY as it is read (sip-behaviour.md 9.3, 10; RFC 6665). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sip/subscription_priv.h"

enum {
    CREDENTIALS_MAX = 1024,
    ROUTES_MAX = 1024,
    TARGET_MAX = 256,
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
    if (s->to_tag)
        return;
    s->to_tag = copy_pl(&msg->to.tag);
    sip_msg_hdr_apply(msg, true, SIP_HDR_RECORD_ROUTE, route_handler, &w);
    routes[w.len] = '\0';
    s->routes = w.len ? strdup(routes) : NULL;
}

static void put_address(struct writer *w, const char *name, const char *uri, const char *tag)
{
    put(w, name);
    put(w, ": <");
    put(w, uri);
    put(w, ">");
    if (tag) {
        put(w, ";tag=");
        put(w, tag);
    }
    put(w, "\r\n");
}

static void put_field(struct writer *w, const char *name, const char *value)
{
    put(w, name);
    put(w, ": ");
    put(w, value);
    put(w, "\r\n");
}

static void put_number(struct writer *w, const char *name, uint32_t n, const char *rest)
{
    put(w, name);
    put(w, ": ");
    put_u32(w, n);
    put(w, rest);
    put(w, "\r\n");
}

static void put_auth(struct writer *w, struct ua_line *l, const char *uri)
{
    char credentials[CREDENTIALS_MAX];
    const struct auth_request r = {
        .method = "SUBSCRIBE",
        .uri = uri,
        .user = l->cfg.auth_id[0] ? l->cfg.auth_id : l->cfg.user,
        .password = l->cfg.password,
        .order_79xx = l->cfg.wire == UA_WIRE_79XX,
    };

    /* the same cache as REGISTER's: SPA962 sends credentials ahead here, too [T] */
    if (auth_client_ready(&l->reg.auth) &&
        auth_client_print(&l->reg.auth, credentials, sizeof(credentials), &r, l->rng))
        put_field(w, l->reg.auth.proxy ? "Proxy-Authorization" : "Authorization", credentials);
}

static void put_content(struct writer *w, const struct ua_subscription *s)
{
    const struct sub_content *content = s->content_out ? s->contents : NULL;

    put_number(w, "Content-Length", content ? (uint32_t)strlen(content->body) : 0, "");
    if (s->cfg.supported) /* behind Content-Length, as wherever it stands (9.3) [DEF] */
        put_field(w, "Supported", s->cfg.supported);
    if (content)
        put_field(w, "Content-Type", content->type);
    put(w, "\r\n");
    put(w, content ? content->body : "");
}

/* Header order of 9.3: SPA SUBSCRIBE [T] */
size_t subscription_print(struct ua_subscription *s, uint32_t branch)
{
    struct ua_line *l = s->line;
    const struct ua_line_config *c = &l->cfg;
    struct writer w = {.buf = l->stack->tx, .size = sizeof(l->stack->tx)};
    const char *uri = s->target ? s->target : s->cfg.uri;
    char aor[300];

    snprintf(aor, sizeof(aor), "sip:%.120s@%.160s", c->user, c->proxy);
    put(&w, "SUBSCRIBE ");
    put(&w, uri);
    put(&w, " SIP/2.0\r\n");
    put_own_via(&w, c, stream_local_port(l), branch);
    put_address(&w, "From", aor, s->from_tag);
    put_address(&w, "To", s->cfg.uri, s->to_tag);
    put_field(&w, "Call-ID", s->call_id);
    put_number(&w, "CSeq", s->cseq, " SUBSCRIBE");
    put_number(&w, "Max-Forwards", c->max_forward, "");
    if (s->routes)
        put(&w, s->routes);
    put_auth(&w, l, uri);
    put_own_contact(&w, c, stream_local_port(l));
    if (s->cfg.accept)
        put_field(&w, "Accept", s->cfg.accept);
    put_number(&w, "Expires", s->left ? 0 : s->expires_s, "");
    put_field(&w, "Event", s->cfg.event);
    if (s->cfg.extra)
        put(&w, s->cfg.extra);
    if (c->user_agent[0])
        put_field(&w, "User-Agent", c->user_agent);
    put_content(&w, s);
    return w.full ? 0 : w.len;
}

/* ---- NOTIFY */

struct ua_subscription *subscription_find(struct ua_line *l, const struct raw_message *raw)
{
    struct pl tag, event = raw->event;
    const char *end = memchr(event.p ? event.p : "", ';', event.l);

    if (end)
        event.l = (size_t)(end - event.p);
    while (event.l && event.p[event.l - 1] == ' ')
        event.l--;
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
    struct pl rest, one, given = {type->p, 0};

    while (given.l < type->l && !strchr("; \t", type->p[given.l]))
        given.l++;
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
