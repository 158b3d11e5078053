/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/subscription.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/sip/priv.h"
#include "sim/sip/response_table.h"

enum {
    CREDENTIALS_MAX = 1024,
    CSEQ_RANDOM_BITS = 0xffff, /* 9.2 [DEF] */
    ROUTES_MAX = 1024,
    TARGET_MAX = 256,
};

struct ua_subscription {
    struct ua_subscription *next; /* of its line */
    struct ua_line *line;
    struct ua_subscription_config cfg;
    const struct ua_subscription_handlers *h;
    void *arg;
    struct timer timer;
    struct client_tx *tx;
    enum ua_sub_state state;
    uint32_t cseq, expires_s;
    uint16_t scode;
    uint8_t n_auth;
    char call_id[CALL_ID_SIZE], from_tag[TAG_SIZE];
    char *to_tag, *target, *routes; /* of the dialog; NULL = none yet */
    char *texts;                    /* what cfg points into */
};

static void ask(struct ua_subscription *s);

static void forget_dialog(struct ua_subscription *s)
{
    free(s->to_tag);
    free(s->target);
    free(s->routes);
    s->to_tag = s->target = s->routes = NULL;
}

static void destructor(void *arg)
{
    struct ua_subscription *s = arg;
    struct ua_subscription **at = s->line ? &s->line->subscriptions : NULL;

    while (at && *at && *at != s)
        at = &(*at)->next;
    if (at && *at)
        *at = s->next;
    timer_cancel(&s->timer);
    client_tx_stop(s->tx);
    forget_dialog(s);
    free(s->texts);
}

/* Tag in SUBSCRIBE: 16 hex digits without a suffix (9.2 [T]). */
static void new_dialog(struct ua_subscription *s)
{
    struct writer w = {.buf = s->from_tag, .size = sizeof(s->from_tag) - 1};

    forget_dialog(s);
    print_call_id(s->call_id, sizeof(s->call_id), &s->line->cfg, s->line->rng);
    put_hex(&w, rng_u64(s->line->rng));
    s->from_tag[w.len] = '\0';
    s->cseq = rng_u32(s->line->rng) & CSEQ_RANDOM_BITS;
}

static void timer_handler(void *arg)
{
    struct ua_subscription *s = arg;

    s->n_auth = 0;
    s->expires_s = s->cfg.expires_s;
    if (!s->tx)
        ask(s);
}

static void wait_s(struct ua_subscription *s, uint32_t seconds)
{
    timer_start(s->line->stack->lp, &s->timer, clock_scaled(s->line->stack->lp, seconds * 1000ULL),
                timer_handler, s);
}

/* Begin anew after the retry interval: what dialog there was is gone. */
static void fail(struct ua_subscription *s, uint16_t scode)
{
    s->state = UA_SUB_FAILED;
    s->scode = scode;
    new_dialog(s);
    wait_s(s, s->cfg.retry_s ? s->cfg.retry_s : 1);
}

static char *copy_pl(const struct pl *pl)
{
    return strndup(pl->p, pl->l);
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
    put(w, "\r\n");
    w->len = before + line;
    return false;
}

static void take_dialog(struct ua_subscription *s, const struct sip_msg *msg)
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

static uint32_t clamp(const struct ua_subscription *s, uint32_t granted)
{
    if (s->cfg.max_s && granted > s->cfg.max_s)
        granted = s->cfg.max_s;
    return granted < s->cfg.min_s ? s->cfg.min_s : granted;
}

static void renew_in(struct ua_subscription *s, uint32_t granted)
{
    granted = clamp(s, granted);
    wait_s(s, granted > 2 * s->cfg.ahead_s ? granted - s->cfg.ahead_s : (granted + 1) / 2);
}

static void accepted(struct ua_subscription *s, const struct sip_msg *msg)
{
    uint32_t granted = s->expires_s;

    if (pl_isset(&msg->expires) && msg->expires.l < 10)
        granted = pl_u32(&msg->expires);
    take_dialog(s, msg);
    s->state = UA_SUB_ACTIVE;
    s->scode = msg->scode;
    renew_in(s, granted);
}

static bool challenge_handler(const struct sip_hdr *hdr, const struct sip_msg *msg, void *arg)
{
    return auth_client_challenge(arg, &hdr->val, msg->scode == 407) != AUTH_UNUSABLE;
}

static void challenged(struct ua_subscription *s, const struct sip_msg *msg)
{
    const enum sip_hdrid id =
        msg->scode == 407 ? SIP_HDR_PROXY_AUTHENTICATE : SIP_HDR_WWW_AUTHENTICATE;

    if (s->n_auth++ < s->line->cfg.max_auth &&
        sip_msg_hdr_apply(msg, true, id, challenge_handler, &s->line->reg.auth))
        ask(s);
    else
        fail(s, msg->scode);
}

static void refused(struct ua_subscription *s, const struct response_step *step,
                    const struct sip_msg *msg)
{
    const struct sip_hdr *min = sip_msg_hdr(msg, SIP_HDR_MIN_EXPIRES);

    if (step->action == RESPONSE_RAISE_EXPIRES && min && min->val.l < 10 &&
        pl_u32(&min->val) > s->expires_s) {
        s->expires_s = pl_u32(&min->val);
        ask(s);
    } else if (step->action == RESPONSE_END_DIALOG &&
               s->to_tag) { /* it was there: begin anew at once */
        new_dialog(s);
        ask(s);
    } else {
        fail(s, msg->scode);
    }
}

static void answer_handler(struct client_tx *tx, int err, const char *reason,
                           const struct sip_msg *msg, void *arg)
{
    struct ua_subscription *s = arg;

    (void)tx;
    (void)reason;
    if (!err && msg->scode < 200)
        return;
    s->tx = NULL;
    if (err) {
        fail(s, 0);
        return;
    }
    if (msg->scode < 300) {
        accepted(s, msg);
        return;
    }
    const struct response_rules rules = {.session_timer = false};
    const struct response_step step = response_next(RESPONSE_TO_SUBSCRIBE, msg->scode, &rules);
    if (step.action == RESPONSE_AUTHENTICATE)
        challenged(s, msg);
    else
        refused(s, &step, msg);
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

/* Header order of 9.3: SPA SUBSCRIBE [T] */
static size_t print_subscribe(struct ua_subscription *s, uint32_t branch)
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
    put_number(&w, "Expires", s->expires_s, "");
    put_field(&w, "Event", s->cfg.event);
    if (c->user_agent[0])
        put_field(&w, "User-Agent", c->user_agent);
    put(&w, "Content-Length: 0\r\n\r\n");
    return w.full ? 0 : w.len;
}

static void ask(struct ua_subscription *s)
{
    struct ua_line *l = s->line;
    const uint32_t branch = rng_u32(l->rng);

    if (s->state != UA_SUB_ACTIVE)
        s->state = UA_SUB_ASKING;
    if (l->reg.state != UA_REG_OK) { /* it begins after the registration, and waits for it */
        wait_s(s, s->cfg.retry_s ? s->cfg.retry_s : 1);
        return;
    }
    s->cseq++;
    const size_t len = print_subscribe(s, branch);
    const struct client_request r = {
        .to = &l->reg.server, .data = l->stack->tx, .len = len, .branch = branch, .cseq = s->cseq};
    if (!len || client_tx_start(&s->tx, l, &r, answer_handler, s))
        fail(s, 0);
}

static int copy_config(struct ua_subscription *s, const struct ua_subscription_config *c)
{
    const char *const from[] = {c->event, c->uri, c->accept, c->body_type};
    const char **const to[] = {&s->cfg.event, &s->cfg.uri, &s->cfg.accept, &s->cfg.body_type};
    size_t size = 0, at = 0;

    for (size_t i = 0; i < 4; i++)
        size += from[i] ? strlen(from[i]) + 1 : 0;
    s->texts = malloc(size);
    if (!s->texts)
        return ENOMEM;
    s->cfg = *c;
    for (size_t i = 0; i < 4; i++) {
        if (!from[i])
            continue;
        *to[i] = strcpy(s->texts + at, from[i]);
        at += strlen(from[i]) + 1;
    }
    return 0;
}

int ua_subscribe(struct ua_subscription **sp, struct ua_line *l,
                 const struct ua_subscription_config *c, const struct ua_subscription_handlers *h,
                 void *arg)
{
    if (!sp || !l || l->closed || !c || !c->event || !c->uri || strpbrk(c->uri, "\r\n<> "))
        return EINVAL;

    struct ua_subscription *s = mem_zalloc(sizeof(*s), destructor);
    if (!s)
        return ENOMEM;
    s->line = l;
    s->h = h;
    s->arg = arg;
    s->next = l->subscriptions;
    l->subscriptions = s;
    const int err = copy_config(s, c);
    if (err) {
        mem_deref(s);
        return err;
    }
    new_dialog(s);
    wait_s(s, 0);
    *sp = s;
    return 0;
}

void ua_subscription_refresh(struct ua_subscription *s)
{
    if (s->line)
        wait_s(s, 0);
}

enum ua_sub_state ua_subscription_state(const struct ua_subscription *s)
{
    return s->state;
}

uint16_t ua_subscription_scode(const struct ua_subscription *s)
{
    return s->scode;
}

void subscriptions_end(struct ua_line *l)
{
    while (l->subscriptions) {
        struct ua_subscription *s = l->subscriptions;
        l->subscriptions = s->next;
        timer_cancel(&s->timer);
        s->tx = client_tx_stop(s->tx);
        s->state = UA_SUB_FAILED;
        s->line = NULL;
    }
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
    struct ua_subscription *s = l->subscriptions;
    while (s && (pl_strcmp(&raw->call_id, s->call_id) || pl_strcmp(&tag, s->from_tag) ||
                 pl_strcasecmp(&event, s->cfg.event)))
        s = s->next;
    return s;
}

uint16_t subscription_judge(const struct ua_subscription *s, const struct raw_message *raw)
{
    const size_t len = s->cfg.body_type ? strlen(s->cfg.body_type) : 0;

    if (!raw->body.l || !len)
        return 200;
    return raw->content_type.l >= len &&
                   strncasecmp(raw->content_type.p, s->cfg.body_type, len) == 0
               ? 200
               : 415;
}

static void ended(struct ua_subscription *s, const struct pl *value)
{
    struct pl reason = {NULL, 0};

    (void)raw_param(value, "reason", &reason);
    /* RFC 6665 4.1.3: these mean "ask again at once" */
    if (pl_strcasecmp(&reason, "deactivated") == 0 || pl_strcasecmp(&reason, "timeout") == 0) {
        new_dialog(s);
        s->state = UA_SUB_ASKING;
        wait_s(s, 0);
    } else {
        fail(s, 0);
    }
}

void subscription_notified(struct ua_subscription *s, const struct raw_message *raw)
{
    const struct pl *value = &raw->subscription_state;
    struct pl tag, expires;

    if (!s->to_tag && raw_param(&raw->from, "tag", &tag)) /* ahead of the answer to SUBSCRIBE */
        s->to_tag = copy_pl(&tag);
    mem_ref(s);
    if (value->l >= 10 && strncasecmp(value->p, "terminated", 10) == 0)
        ended(s, value);
    else if (!s->tx && raw_param(value, "expires", &expires) && expires.l && expires.l < 10)
        renew_in(s, pl_u32(&expires));
    if (raw->body.l && s->h->notified)
        s->h->notified(&raw->body, s->arg);
    mem_deref(s);
}
