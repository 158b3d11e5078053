/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests that reach a line, and the answer each gets (sip-behaviour.md 3.1, 3.4, 6.1, 6.2). */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sim/sip/call_priv.h"
#include "sim/sip/priv.h"

enum method_rule {
    METHOD_INVITE,
    METHOD_OPTIONS,
    METHOD_NOTIFY,
    METHOD_IN_DIALOG, /* 481: there is no dialog */
    METHOD_REFER,
    METHOD_MESSAGE, /* known where Text_Message is on */
    METHOD_PRACK,   /* known where 100rel is on */
    METHOD_REFUSED, /* 405 with Allow */
    METHOD_IGNORED,
};

static const struct {
    const char *name;
    enum method_rule rule;
} methods[] = {
    /* 6.1 */
    {"INVITE", METHOD_INVITE},    {"ACK", METHOD_IGNORED},      {"BYE", METHOD_IN_DIALOG},
    {"CANCEL", METHOD_IN_DIALOG}, {"OPTIONS", METHOD_OPTIONS},  {"NOTIFY", METHOD_NOTIFY},
    {"REFER", METHOD_REFER},      {"INFO", METHOD_IN_DIALOG},   {"UPDATE", METHOD_IN_DIALOG},
    {"PRACK", METHOD_PRACK},      {"REGISTER", METHOD_REFUSED}, {"SUBSCRIBE", METHOD_REFUSED},
    {"MESSAGE", METHOD_MESSAGE},  {"PUBLISH", METHOD_REFUSED},
};

enum {
    URI_MAX = 1024, /* Request-URI, bytes (6.2 [DEF]) */
};

static const struct verdict bad_request = {400, "Bad Request", NULL};

static bool is_token_char(char c)
{
    return isalnum((unsigned char)c) || (c && strchr("-.!%*_+`'~", c));
}

/* CSeq: a number below 2^31 and the method of the start line (RFC 3261 8.1.1.5). */
static bool cseq_ok(const struct raw_message *raw)
{
    struct pl num = {raw->cseq.p, 0}, met;
    uint64_t n = 0;

    while (num.l < raw->cseq.l && isdigit((unsigned char)num.p[num.l]) && num.l < 11)
        n = n * 10 + (uint64_t)(num.p[num.l++] - '0');
    met.p = num.p + num.l;
    met.l = raw->cseq.l - num.l;
    if (!num.l || !met.l || !isspace((unsigned char)*met.p) || n > 0x7fffffff)
        return false;
    while (met.l && isspace((unsigned char)*met.p)) {
        met.p++;
        met.l--;
    }
    return met.l == raw->method.l && memcmp(met.p, raw->method.p, met.l) == 0;
}

/* Quotes end, and brackets outside them open and close once: the decoder is more lenient. */
static bool balanced(const struct pl *value)
{
    bool quoted = false, bracketed = false;

    for (size_t i = 0; i < value->l; i++) {
        const char ch = value->p[i];

        if (quoted && ch == '\\')
            i++;
        else if (ch == '"')
            quoted = !quoted;
        else if (!quoted && (ch == '<' || ch == '>') && bracketed == (ch == '<'))
            return false;
        else if (!quoted && (ch == '<' || ch == '>'))
            bracketed = !bracketed;
    }
    return !quoted && !bracketed;
}

/* An empty branch is no token; a missing one is RFC 2543's way. */
static bool via_ok(const struct pl *via)
{
    struct pl branch, sent_by;
    uint16_t port;

    if (!raw_sent_by(via, &sent_by, &port))
        return false;
    return !raw_param(via, "branch", &branch) || (branch.l && is_token_char(*branch.p));
}

static bool length_ok(const struct raw_message *raw, bool stream)
{
    uint64_t n = 0;

    if (!raw->n_clen)
        return true;
    if (raw->clen_differs || !raw->clen.l || raw->clen.l > 9)
        return false;
    for (size_t i = 0; i < raw->clen.l; i++) {
        if (!isdigit((unsigned char)raw->clen.p[i]))
            return false;
        n = n * 10 + (uint64_t)(raw->clen.p[i] - '0');
    }
    return stream || n <= raw->body.l;
}

static bool uri_ok(const struct pl *uri)
{
    for (size_t i = 0; i < uri->l; i++) {
        if (isspace((unsigned char)uri->p[i]) || uri->p[i] == '<' || uri->p[i] == '?')
            return false; /* header fields do not belong in a Request-URI (RFC 3261 19.1.1) */
    }
    return uri->l > 0;
}

static bool address_ok(const struct pl *value)
{
    struct sip_addr addr;

    return balanced(value) && sip_addr_decode(&addr, value) == 0;
}

static bool syntax_ok(const struct raw_message *raw, struct uri *uri, bool stream)
{
    return raw->complete && raw->n_from == 1 && raw->n_to == 1 && raw->n_call_id == 1 &&
           raw->n_cseq == 1 && raw->from.l && raw->to.l && raw->call_id.l && cseq_ok(raw) &&
           address_ok(&raw->from) && address_ok(&raw->to) && via_ok(&raw->vias[0]) &&
           length_ok(raw, stream) && uri_ok(&raw->uri) && uri_decode(uri, &raw->uri) == 0;
}

static bool sip_scheme(const struct pl *uri)
{
    return (uri->l >= 4 && strncasecmp(uri->p, "sip:", 4) == 0) ||
           (uri->l >= 5 && strncasecmp(uri->p, "sips:", 5) == 0);
}

static bool in_dialog(const struct raw_message *raw)
{
    struct pl tag;
    return raw_param(&raw->to, "tag", &tag);
}

static struct verdict judge_method(enum method_rule rule, const struct raw_message *raw,
                                   bool dialog)
{
    switch (rule) {
    case METHOD_OPTIONS:
        return (struct verdict){200, "OK", NULL};
    case METHOD_NOTIFY:
        if (!raw->event.l)
            return bad_request; /* RFC 6665 8.2.1 */
        if (dialog)
            return (struct verdict){481, "Subscription Does Not Exist", NULL};
        return (struct verdict){0, NULL, NULL};
    case METHOD_IN_DIALOG:
    case METHOD_PRACK:
        return (struct verdict){481, "Call/Transaction Does Not Exist", NULL};
    case METHOD_INVITE:
    case METHOD_REFER:
        if (dialog)
            return (struct verdict){481, "Call/Transaction Does Not Exist", NULL};
        return (struct verdict){0, NULL, NULL};
    case METHOD_MESSAGE:
        return (struct verdict){0, NULL, NULL};
    case METHOD_REFUSED:
    case METHOD_IGNORED:
        break;
    }
    return (struct verdict){405, "Method Not Allowed", NULL};
}

static int find_method(const struct pl *name)
{
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (pl_strcmp(name, methods[i].name) == 0)
            return (int)i;
    }
    return -1;
}

/* Is the word in the list? */
static bool lists(const char *list, const struct pl *word)
{
    while (*list) {
        list += strspn(list, ", ");
        const size_t n = strcspn(list, ", ");
        if (n == word->l && n && strncasecmp(list, word->p, n) == 0)
            return true;
        list += n;
    }
    return false;
}

/* Write the option tags that are not in this phone's Supported list, behind commas (RFC 3261
 * 8.2.2.3). Tags beyond the buffer are left out whole. */
static void put_unknown(struct writer *w, const char *supported, const struct pl *require)
{
    struct pl rest = *require;

    while (rest.l) {
        while (rest.l && (isspace((unsigned char)*rest.p) || *rest.p == ','))
            pl_advance(&rest, 1);
        size_t n = 0;
        while (n < rest.l && rest.p[n] != ',' && !isspace((unsigned char)rest.p[n]))
            n++;
        if (n && !lists(supported, &(struct pl){rest.p, n}) && w->size - w->len > n + 2) {
            put(w, w->len ? ", " : "");
            put_bytes(w, rest.p, n);
        }
        pl_advance(&rest, (ssize_t)n);
    }
}

/* True with the Unsupported line in extra, when something is required that is not there. */
static bool requires_unknown(const struct ua_line_config *c, const struct raw_message *raw,
                             char *extra, size_t size)
{
    char tags[UA_EXTRA_MAX - 32];
    struct writer unknown = {.buf = tags, .size = sizeof(tags)};

    for (unsigned i = 0; i < raw->n_requires; i++)
        put_unknown(&unknown, c->supported, &raw->required[i]);
    snprintf(extra, size, "Unsupported: %.*s\r\n", (int)unknown.len, tags);
    return unknown.len > 0;
}

/* PRACK and MESSAGE are in no Allow list; they are known where what they are for is on (4.6, 6.1).
 */
static bool allows(const struct ua_line_config *c, enum method_rule rule, const struct pl *method)
{
    if (rule == METHOD_PRACK)
        return lists(c->supported, &(struct pl){"100rel", 6});
    if (rule == METHOD_MESSAGE)
        return c->text_message;
    return rule != METHOD_REFUSED && lists(c->allow, method);
}

/* The first line alone: 0 = go on. */
static struct verdict judge_start(const struct raw_message *raw)
{
    if (raw->version.l != 7 || strncasecmp(raw->version.p, "SIP/2.0", 7) != 0) {
        /* blanks behind the version are bad syntax, another version is 505 */
        if (raw->version.l > 7 && strncasecmp(raw->version.p, "SIP/2.0", 7) == 0)
            return bad_request;
        return (struct verdict){505, "Version Not Supported", NULL};
    }
    if (raw->uri.l && !sip_scheme(&raw->uri) && uri_ok(&raw->uri) &&
        memchr(raw->uri.p, ':', raw->uri.l))
        return (struct verdict){416, "Unsupported URI Scheme", NULL};
    if (raw->uri.l > URI_MAX)
        return (struct verdict){414, "Request-URI Too Long", NULL};
    return (struct verdict){0, NULL, NULL};
}

/* A body that is to be unpacked first (6.3). */
static bool encoded(const struct raw_message *raw)
{
    struct pl value;

    return raw->body.l && raw_header(raw, "Content-Encoding", 'e', 0, &value) &&
           pl_strcasecmp(&value, "identity") != 0;
}

struct verdict uas_judge(const struct ua_line_config *c, const struct raw_message *raw, bool stream,
                         char *extra, size_t size)
{
    const struct verdict start = judge_start(raw);
    struct uri uri;

    if (start.scode)
        return start;
    if (!syntax_ok(raw, &uri, stream))
        return bad_request;
    if (raw->body.l > (c->message_max ? c->message_max : UA_MESSAGE_MAX))
        return (struct verdict){413, "Request Entity Too Large", NULL};

    const int method = find_method(&raw->method);
    if (method < 0)
        return (struct verdict){501, "Not Implemented", NULL};
    /* a method of other models or firmware only (6.1, U-13) is refused like one that none has */
    if (!allows(c, methods[method].rule, &raw->method) && c->update_scode == 501 &&
        pl_strcmp(&raw->method, "UPDATE") == 0)
        return (struct verdict){501, "Not Implemented", NULL};
    if (!allows(c, methods[method].rule, &raw->method))
        return (struct verdict){405, "Method Not Allowed", NULL};
    if (!line_has_user(c, &uri.user) && !c->any_user)
        return (struct verdict){404, "Not Found", NULL};
    if (pl_strcmp(&raw->method, "CANCEL") != 0 && requires_unknown(c, raw, extra, size))
        return (struct verdict){420, "Bad Extension", extra};
    if (encoded(raw) &&
        pl_strcmp(&raw->method, "NOTIFY") != 0) /* whose body may not matter (3.1) */
        return (struct verdict){415, "Unsupported Media Type", "Accept-Encoding: identity\r\n"};
    return judge_method(methods[method].rule, raw, in_dialog(raw));
}

static uint64_t mix(uint64_t h, const struct pl *pl)
{
    for (size_t i = 0; i < pl->l; i++)
        h = (h ^ (uint8_t)pl->p[i]) * 0x100000001b3ULL;
    return (h ^ 0xff) * 0x100000001b3ULL;
}

/* The transaction a request belongs to, as if its method were this one (RFC 3261 17.2.3). */
static uint64_t transaction_key(const struct raw_message *raw, const struct pl *method)
{
    uint64_t h = mix(0xcbf29ce484222325ULL, method);
    struct pl branch, sent_by;
    uint16_t port;

    if (raw_param(&raw->vias[0], "branch", &branch) && branch.l > 7 &&
        memcmp(branch.p, "z9hG4bK", 7) == 0 && raw_sent_by(&raw->vias[0], &sent_by, &port))
        return mix(mix(h, &branch), &sent_by);
    struct pl number = {raw->cseq.p, 0}; /* the method behind it is that of an ACK, perhaps */
    while (number.l < raw->cseq.l && isdigit((unsigned char)number.p[number.l]))
        number.l++;
    return mix(mix(mix(mix(h, &raw->vias[0]), &raw->call_id), &number), &raw->from);
}

static uint64_t request_key(const struct raw_message *raw)
{
    return mix(mix(mix(0x84222325cbf29ce4ULL, &raw->call_id), &raw->cseq), &raw->from);
}

/* RFC 3261 18.2.2: to the address it came from, at the port Via names; rport, and
 * Send_Resp_To_Src_Port: at its source port. */
static struct sockaddr_in answer_addr(const struct ua_line *l, const struct raw_message *raw,
                                      const struct origin *origin)
{
    struct sockaddr_in to = origin->from;
    struct pl rport, sent_by;
    uint16_t port;

    if (!l->cfg.nat.answer_source && !raw_param(&raw->vias[0], "rport", &rport) &&
        raw_sent_by(&raw->vias[0], &sent_by, &port))
        to.sin_port = htons(port ? port : SIP_PORT);
    return to;
}

bool uas_reply(struct server_tx *st, const struct raw_message *raw, const struct uas_reply *r)
{
    struct ua_line *l = st->line;
    char tag[TAG_SIZE];
    struct response_params p = {.scode = r->scode,
                                .reason = r->reason ? r->reason : reason_phrase(r->scode),
                                .to_tag = r->to_tag ? r->to_tag : tag,
                                .routes = r->dialog,
                                .contact = r->dialog ? stream_local_port(l) : 0,
                                .early = r->early,
                                .extra = r->extra,
                                .packages = r->scode > 100 && r->scode < 300 &&
                                            pl_strcmp(&raw->method, "INVITE") == 0,
                                .allow = r->scode == 405 || r->scode / 100 == 2,
                                .body_type = r->body_type,
                                .body = r->body,
                                .body_len = r->body_len,
                                .received = st->from.sin_addr.s_addr};

    if (r->scode == 100)
        p.to_tag = NULL;
    else if (!r->to_tag)
        print_tag(tag, sizeof(tag), &l->cfg, l->rng, 'i');
    if (!st->stream)
        p.rport = ntohs(st->from.sin_port);
    const size_t len = print_response(l->stack->tx, sizeof(l->stack->tx), &l->cfg, raw, &p);
    if (len)
        server_tx_send(st, l->stack->tx, len, r->scode);
    else
        server_tx_drop(st); /* its headers alone are over the limit: ignored */
    return len > 0;
}

static bool is(const struct raw_message *raw, const char *method)
{
    return pl_strcmp(&raw->method, method) == 0;
}

static struct server_tx *invite_of(struct ua_line *l, const struct raw_message *raw)
{
    static const struct pl invite = {"INVITE", 6};
    return server_tx_find(l, transaction_key(raw, &invite));
}

/* Of a refusal, in its transaction; of a 2xx, in the dialog. */
static void acknowledged(struct ua_line *l, const struct raw_message *raw)
{
    struct server_tx *st = invite_of(l, raw);
    /* some acknowledge a 2xx in its transaction, as if it were a refusal */
    struct ua_call *call = st && !st->unacked ? NULL : call_find(l, raw);

    if (call)
        call_acknowledged(call, raw);
    else if (st && !st->pending && !st->unacked)
        server_tx_acked(st);
}

/* 200 as long as the INVITE is known; a final answer to it may be on its way already (9.2). */
static void cancelled(struct ua_line *l, struct server_tx *st, const struct raw_message *raw)
{
    struct server_tx *invite = invite_of(l, raw);

    if (!uas_reply(st, raw, &(struct uas_reply){.scode = invite ? 200 : 481}))
        return;
    if (invite && invite->pending)
        call_cancelled(l, invite);
}

/* A text for the user (6.1 [UC]), within a dialog of whatever kind or without. */
static void texted(struct ua_line *l, struct server_tx *st, const struct raw_message *raw)
{
    if (raw->content_type.l && !raw_type_is(&raw->content_type, "text/plain"))
        (void)uas_reply(st, raw,
                        &(struct uas_reply){.scode = 415, .extra = "Accept: text/plain\r\n"});
    else if (uas_reply(st, raw, &(struct uas_reply){.scode = 200}) && l->h && l->h->messaged)
        l->h->messaged(&raw->body, l->arg);
}

/* What has no dialog and reads well: the phone decides. */
static void dispatch(struct ua_line *l, struct server_tx *st, const struct raw_message *raw,
                     const struct origin *origin)
{
    char extra[UA_EXTRA_MAX];

    if (is(raw, "INVITE")) {
        call_invited(l, st, raw);
        return;
    }
    if (is(raw, "REFER")) {
        call_referred(l, st, raw);
        return;
    }
    if (is(raw, "MESSAGE")) {
        texted(l, st, raw);
        return;
    }
    const struct verdict v = notify_judge(l, raw, extra, sizeof(extra));
    if (uas_reply(st, raw,
                  &(struct uas_reply){.scode = v.scode, .reason = v.reason, .extra = v.extra}))
        notify_tell(l, raw, origin, v.scode);
}

static void answer(struct ua_line *l, struct server_tx *st, const struct raw_message *raw,
                   const struct origin *origin)
{
    char extra[UA_EXTRA_MAX];
    struct verdict v = uas_judge(&l->cfg, raw, origin->stream != NULL, extra, sizeof(extra));
    struct ua_call *call = v.scode == 481 ? call_find(l, raw) : NULL;
    struct ua_subscription *sub = v.scode == 481 ? subscription_find(l, raw) : NULL;

    /* credentials come with the request that was challenged: careless senders keep its CSeq */
    if (v.scode != 400 && !in_dialog(raw) && !raw->n_auths && !is(raw, "CANCEL") &&
        server_tx_merged(l, st->key, st->request)) {
        uas_reply(st, raw, &(struct uas_reply){.scode = 482});
    } else if (v.scode == 481 && is(raw, "CANCEL")) {
        cancelled(l, st, raw);
    } else if (call) {
        call_request(call, st, raw);
    } else if (sub) {
        v.scode = subscription_judge(sub, raw);
        if (uas_reply(st, raw, &(struct uas_reply){.scode = v.scode}) && v.scode == 200)
            subscription_notified(sub, raw);
    } else if (!v.scode) {
        dispatch(l, st, raw, origin);
    } else {
        uas_reply(st, raw,
                  &(struct uas_reply){.scode = v.scode, .reason = v.reason, .extra = v.extra});
    }
}

void uas_request(struct ua_line *l, const struct raw_message *raw, const struct origin *origin)
{
    if (is(raw, "ACK")) {
        acknowledged(l, raw);
        return;
    }
    const struct server_request r = {.key = transaction_key(raw, &raw->method),
                                     .request = request_key(raw),
                                     .to = answer_addr(l, raw, origin),
                                     .from = origin->from,
                                     .stream = stream_id(origin->stream),
                                     .invite = is(raw, "INVITE")};
    struct server_tx *st = server_tx_find(l, r.key);
    if (st) {
        server_tx_again(st, &r);
        return;
    }
    st = server_tx_add(l, &r);
    if (!st)
        return; /* as if it had been lost */
    mem_ref(l);
    answer(l, st, raw, origin);
    mem_deref(l);
}
