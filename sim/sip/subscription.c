/* SPDX-License-Identifier: BSD-3-Clause */
/* A subscription's life: asked for, renewed, refused, ended (sip-behaviour.md 10; RFC 6665). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/sip/response_table.h"
#include "sim/sip/subscription_priv.h"

enum {
    CSEQ_RANDOM_BITS = 0xffff, /* 9.2 [DEF] */
    CONTENTS_MAX = 8,          /* ours */
    REFRESH_MS = 5000,         /* between two refreshes: a notifier may err for ever (ours) */
    LINGER_S = 32,             /* for the last NOTIFY (RFC 6665 4.1.2.1, Timer N) */
};

static void ask(struct ua_subscription *s);

static void forget_dialog(struct ua_subscription *s)
{
    free(s->to_tag);
    free(s->target);
    free(s->routes);
    s->to_tag = s->target = s->routes = NULL;
    s->remote_cseq_set = false;
}

static void drop_content(struct ua_subscription *s)
{
    struct sub_content *first = s->contents;

    if (!first)
        return;
    s->contents = first->next;
    s->n_contents--;
    free(first);
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
    while (s->contents)
        drop_content(s);
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

/* The last thing done with s: its owner may drop it. */
static void tell(struct ua_subscription *s)
{
    mem_ref(s);
    if (s->h && s->h->changed)
        s->h->changed(s->arg);
    mem_deref(s);
}

static void fail(struct ua_subscription *s, uint16_t scode);

static void timer_handler(void *arg)
{
    struct ua_subscription *s = arg;

    if (s->left) {
        mem_deref(s);
    } else if (s->cfg.once && s->state == UA_SUB_ACTIVE) {
        fail(s, 0);
    } else if (!s->tx) {
        s->n_auth = 0;
        s->expires_s = s->cfg.expires_s;
        ask(s);
    }
}

static void wait_ms(struct ua_subscription *s, uint64_t ms)
{
    timer_start(s->line->stack->lp, &s->timer, clock_scaled(s->line->stack->lp, ms), timer_handler,
                s);
}

static void wait_s(struct ua_subscription *s, uint32_t seconds)
{
    wait_ms(s, seconds * 1000ULL);
}

static void retry_later(struct ua_subscription *s)
{
    if (s->cfg.once)
        timer_cancel(&s->timer);
    else
        wait_s(s, s->cfg.retry_s ? s->cfg.retry_s : 1);
}

/* Begin anew after the retry interval: what dialog there was is gone. */
static void fail(struct ua_subscription *s, uint16_t scode)
{
    s->state = UA_SUB_FAILED;
    s->scode = scode;
    s->granted_s = 0;
    new_dialog(s);
    retry_later(s);
    tell(s);
}

static void begin_anew(struct ua_subscription *s)
{
    s->tx = client_tx_stop(s->tx);
    new_dialog(s);
    s->state = UA_SUB_ASKING;
    s->granted_s = 0;
    wait_s(s, 0);
    tell(s);
}

static uint32_t clamp(const struct ua_subscription *s, uint32_t granted)
{
    if (s->cfg.max_s && granted > s->cfg.max_s)
        granted = s->cfg.max_s;
    return granted < s->cfg.min_s ? s->cfg.min_s : granted;
}

void subscription_renew_in(struct ua_subscription *s, uint32_t granted)
{
    if (s->left) /* no more than the last NOTIFY is awaited */
        return;
    s->granted_s = clamp(s, granted);
    granted = s->granted_s;
    wait_s(s, granted > 2 * s->cfg.ahead_s ? granted - s->cfg.ahead_s : (granted + 1) / 2);
}

static void accepted(struct ua_subscription *s, const struct sip_msg *msg)
{
    const bool news = s->state != UA_SUB_ACTIVE;
    uint32_t granted = s->expires_s;

    if (pl_isset(&msg->expires) && msg->expires.l < 10)
        granted = pl_u32(&msg->expires);
    subscription_take_dialog(s, msg);
    s->state = UA_SUB_ACTIVE;
    s->scode = msg->scode;
    s->n_auth = 0;
    if (s->content_out)
        drop_content(s);
    if (s->contents)
        wait_s(s, 0);
    else
        subscription_renew_in(s, granted);
    if (news)
        tell(s);
}

static bool challenge_handler(const struct sip_hdr *hdr, const struct sip_msg *msg, void *arg)
{
    return auth_client_challenge(arg, &hdr->val, msg->scode == 407) != AUTH_UNUSABLE;
}

static bool answers_challenge(struct ua_subscription *s, const struct sip_msg *msg)
{
    const enum sip_hdrid id =
        msg->scode == 407 ? SIP_HDR_PROXY_AUTHENTICATE : SIP_HDR_WWW_AUTHENTICATE;

    if (msg->scode != 401 && msg->scode != 407)
        return false;
    if (s->n_auth++ >= s->line->cfg.max_auth ||
        !sip_msg_hdr_apply(msg, true, id, challenge_handler, &s->line->reg.auth))
        return false;
    ask(s);
    return true;
}

/* What the notifier said of its content, not of the subscription: a failed one is not repeated. */
static bool refuses_content(const struct ua_subscription *s, uint16_t scode)
{
    return s->content_out && scode / 100 == 4 && scode != 401 && scode != 407 && scode != 408 &&
           scode != 481;
}

static void refused(struct ua_subscription *s, const struct response_step *step,
                    const struct sip_msg *msg)
{
    const struct sip_hdr *min = sip_msg_hdr(msg, SIP_HDR_MIN_EXPIRES);

    if (step->action == RESPONSE_RAISE_EXPIRES && min && min->val.l < 10 &&
        pl_u32(&min->val) > s->expires_s) {
        s->expires_s = pl_u32(&min->val);
        ask(s);
    } else if (step->action == RESPONSE_END_DIALOG && s->to_tag &&
               !s->cfg.once) { /* begin anew at once */
        begin_anew(s);
    } else if (refuses_content(s, msg->scode) && s->state == UA_SUB_ACTIVE) {
        s->scode = msg->scode;
        drop_content(s);
        wait_s(s, 0);
    } else {
        if (refuses_content(s, msg->scode))
            drop_content(s);
        fail(s, msg->scode);
    }
}

/* Its owner has left: say so once the dialog allows it, then wait for the last NOTIFY. */
static void part(struct ua_subscription *s, bool answered)
{
    if (answered && s->to_tag && !s->left) {
        s->left = true;
        wait_s(s, LINGER_S);
        ask(s);
    } else if (!s->to_tag || !answered) {
        mem_deref(s);
    } /* else the timer ends it, or the NOTIFY */
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
    if (!err && answers_challenge(s, msg))
        return;
    if (s->leaving) {
        if (!err && msg->scode < 300)
            subscription_take_dialog(s, msg);
        part(s, !err && msg->scode < 300);
    } else if (err) {
        fail(s, 0);
    } else if (msg->scode < 300) {
        accepted(s, msg);
    } else {
        const struct response_rules rules = {.session_timer = false};
        const struct response_step step = response_next(RESPONSE_TO_SUBSCRIBE, msg->scode, &rules);
        refused(s, &step, msg);
    }
}

static void ask(struct ua_subscription *s)
{
    struct ua_line *l = s->line;
    const uint32_t branch = rng_u32(l->rng);

    if (s->state != UA_SUB_ACTIVE)
        s->state = UA_SUB_ASKING;
    if (l->reg.state != UA_REG_OK) { /* it begins after the registration, and waits for it */
        if (!s->leaving)
            wait_s(s, s->cfg.retry_s ? s->cfg.retry_s : 1);
        return;
    }
    s->cseq++;
    s->content_out = s->contents && !s->left;
    const size_t len = subscription_print(s, branch);
    const struct client_request r = {
        .to = &l->reg.server, .data = l->stack->tx, .len = len, .branch = branch, .cseq = s->cseq};
    if ((!len || client_tx_start(&s->tx, l, &r, answer_handler, s)) && !s->leaving)
        fail(s, 0);
}

static int copy_config(struct ua_subscription *s, const struct ua_subscription_config *c)
{
    const char *const from[] = {c->event, c->uri, c->accept, c->supported, c->body_types, c->extra};
    const char **const to[] = {&s->cfg.event,     &s->cfg.uri,        &s->cfg.accept,
                               &s->cfg.supported, &s->cfg.body_types, &s->cfg.extra};
    enum { N = sizeof(from) / sizeof(from[0]) };
    size_t size = 0, at = 0;

    for (size_t i = 0; i < N; i++)
        size += from[i] ? strlen(from[i]) + 1 : 0;
    s->texts = malloc(size);
    if (!s->texts)
        return ENOMEM;
    s->cfg = *c;
    for (size_t i = 0; i < N; i++) {
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
    struct ua_subscription **at = &l->subscriptions;
    if (!s)
        return ENOMEM;
    s->line = l;
    s->h = h;
    s->arg = arg;
    while (*at)
        at = &(*at)->next;
    *at = s;
    const int err = copy_config(s, c);
    if (err) {
        mem_deref(s);
        return err;
    }
    new_dialog(s);
    wait_ms(s, c->delay_ms);
    *sp = s;
    return 0;
}

void ua_subscription_refresh(struct ua_subscription *s)
{
    const struct loop *lp = s->line ? s->line->stack->lp : NULL;
    const uint64_t now = lp ? clock_ms(lp) : 0;
    uint64_t delay = 0;

    if (!lp || s->leaving)
        return;
    if (s->refresh_ms && now < s->refresh_ms + REFRESH_MS)
        delay = s->refresh_ms + REFRESH_MS - now;
    if (!timer_running(&s->timer) || timer_left_ms(&s->timer) > delay) {
        timer_start(s->line->stack->lp, &s->timer, delay, timer_handler, s);
        s->refresh_ms = now + delay;
    }
}

int ua_subscription_send(struct ua_subscription *s, const char *type, const char *body)
{
    const size_t type_size = strlen(type) + 1, body_size = strlen(body) + 1;
    struct sub_content **at = &s->contents;

    if (!s->line)
        return ENOTCONN;
    if (s->n_contents == CONTENTS_MAX)
        return E2BIG;
    struct sub_content *content = malloc(sizeof(*content) + type_size + body_size);
    if (!content)
        return ENOMEM;
    content->next = NULL;
    content->type = memcpy(content + 1, type, type_size);
    content->body = memcpy((char *)(content + 1) + type_size, body, body_size);
    while (*at)
        at = &(*at)->next;
    *at = content;
    s->n_contents++;
    if (s->state == UA_SUB_ACTIVE && !s->tx)
        wait_s(s, 0);
    return 0;
}

struct ua_subscription *ua_subscription_leave(struct ua_subscription *s)
{
    if (!s)
        return NULL;
    s->h = NULL;
    if (!s->line || s->line->closed || (!s->to_tag && !s->tx)) {
        mem_deref(s);
        return NULL;
    }
    s->leaving = true;
    timer_cancel(&s->timer);
    if (!s->tx)
        part(s, true);
    return NULL;
}

enum ua_sub_state ua_subscription_state(const struct ua_subscription *s)
{
    return s->state;
}

uint16_t ua_subscription_scode(const struct ua_subscription *s)
{
    return s->scode;
}

void ua_subscription_status(const struct ua_subscription *s, struct ua_subscription_status *st)
{
    *st = (struct ua_subscription_status){.event = s->cfg.event,
                                          .uri = s->cfg.uri,
                                          .state = s->state,
                                          .scode = s->scode,
                                          .granted_s = s->granted_s};
    if (s->line && timer_running(&s->timer))
        st->next_s =
            (uint32_t)(clock_unscaled(s->line->stack->lp, timer_left_ms(&s->timer)) / 1000);
}

const struct ua_subscription *ua_line_subscription(const struct ua_line *l,
                                                   const struct ua_subscription *s)
{
    s = s ? s->next : l->subscriptions;
    while (s && s->leaving)
        s = s->next;
    return s;
}

void subscription_ended(struct ua_subscription *s, bool again)
{
    if (s->leaving) {
        if (!s->tx)
            mem_deref(s);
    } else if (again && !s->cfg.once) {
        begin_anew(s);
    } else {
        s->tx = client_tx_stop(s->tx);
        fail(s, 0);
    }
}

void subscriptions_end(struct ua_line *l)
{
    while (l->subscriptions) {
        struct ua_subscription *s = l->subscriptions;
        l->subscriptions = s->next;
        timer_cancel(&s->timer);
        s->tx = client_tx_stop(s->tx);
        s->state = UA_SUB_FAILED;
        s->granted_s = 0;
        s->line = NULL;
        if (s->leaving)
            mem_deref(s);
    }
}
