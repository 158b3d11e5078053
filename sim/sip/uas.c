/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Requests that reach a line, and the answer each gets (sip-behaviour.md 3.1, 3.4, 6.1, 6.2). Calls
 * come with an issue of their own: until then a well-formed INVITE is told that nobody answers.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sim/sip/priv.h"

enum method_rule {
    METHOD_INVITE,
    METHOD_OPTIONS,
    METHOD_NOTIFY,
    METHOD_IN_DIALOG, /* 481: there is no dialog */
    METHOD_REFER,
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
    {"PRACK", METHOD_REFUSED},    {"REGISTER", METHOD_REFUSED}, {"SUBSCRIBE", METHOD_REFUSED},
    {"MESSAGE", METHOD_REFUSED},  {"PUBLISH", METHOD_REFUSED},
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
        return (struct verdict){481, "Call/Transaction Does Not Exist", NULL};
    case METHOD_INVITE:
        if (dialog)
            return (struct verdict){481, "Call/Transaction Does Not Exist", NULL};
        return (struct verdict){480, "Temporarily Unavailable", NULL};
    case METHOD_REFER:
        return (struct verdict){480, "Temporarily Unavailable", NULL};
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

/* Write the option tags this phone does not have ("replaces" is the only one it has), behind commas
 * (RFC 3261 8.2.2.3). Tags beyond the buffer are left out whole. */
static void put_unknown(struct writer *w, const struct pl *require)
{
    struct pl rest = *require;

    while (rest.l) {
        while (rest.l && (isspace((unsigned char)*rest.p) || *rest.p == ','))
            pl_advance(&rest, 1);
        size_t n = 0;
        while (n < rest.l && rest.p[n] != ',' && !isspace((unsigned char)rest.p[n]))
            n++;
        if (n && !(n == 8 && strncasecmp(rest.p, "replaces", 8) == 0) && w->size - w->len > n + 2) {
            put(w, w->len ? ", " : "");
            put_bytes(w, rest.p, n);
        }
        pl_advance(&rest, (ssize_t)n);
    }
}

/* True with the Unsupported line in extra, when something is required that is not there. */
static bool requires_unknown(const struct raw_message *raw, char *extra, size_t size)
{
    char tags[UA_EXTRA_MAX - 32];
    struct writer unknown = {.buf = tags, .size = sizeof(tags)};

    for (unsigned i = 0; i < raw->n_requires; i++)
        put_unknown(&unknown, &raw->required[i]);
    snprintf(extra, size, "Unsupported: %.*s\r\n", (int)unknown.len, tags);
    return unknown.len > 0;
}

/* Is the method in the Allow list? */
static bool allows(const char *allow, const struct pl *method)
{
    while (*allow) {
        allow += strspn(allow, ", ");
        const size_t n = strcspn(allow, ", ");
        if (n == method->l && n && memcmp(allow, method->p, n) == 0)
            return true;
        allow += n;
    }
    return false;
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

struct verdict uas_judge(const struct ua_line_config *c, const struct raw_message *raw, bool stream,
                         char *extra, size_t size)
{
    const struct verdict start = judge_start(raw);
    struct uri uri;

    if (start.scode)
        return start;
    if (!syntax_ok(raw, &uri, stream))
        return bad_request;
    if (raw->body.l > UA_MESSAGE_MAX)
        return (struct verdict){413, "Request Entity Too Large", NULL};

    const int method = find_method(&raw->method);
    if (method < 0)
        return (struct verdict){501, "Not Implemented", NULL};
    /* a method of other models or firmware only (6.1, U-13) is refused like one that none has */
    if (methods[method].rule == METHOD_REFUSED || !allows(c->allow, &raw->method))
        return (struct verdict){405, "Method Not Allowed", NULL};
    if (!line_has_user(c, &uri.user) && !c->any_user)
        return (struct verdict){404, "Not Found", NULL};
    if (pl_strcmp(&raw->method, "CANCEL") != 0 && requires_unknown(raw, extra, size))
        return (struct verdict){420, "Bad Extension", extra};
    return judge_method(methods[method].rule, raw, in_dialog(raw));
}

static uint64_t mix(uint64_t h, const struct pl *pl)
{
    for (size_t i = 0; i < pl->l; i++)
        h = (h ^ (uint8_t)pl->p[i]) * 0x100000001b3ULL;
    return (h ^ 0xff) * 0x100000001b3ULL;
}

static uint64_t transaction_key(const struct raw_message *raw)
{
    uint64_t h = mix(0xcbf29ce484222325ULL, &raw->method);
    struct pl branch, sent_by;
    uint16_t port;

    if (raw_param(&raw->vias[0], "branch", &branch) && branch.l > 7 &&
        memcmp(branch.p, "z9hG4bK", 7) == 0 && raw_sent_by(&raw->vias[0], &sent_by, &port))
        return mix(mix(h, &branch), &sent_by);
    return mix(mix(mix(mix(h, &raw->vias[0]), &raw->call_id), &raw->cseq), &raw->from);
}

static uint64_t request_key(const struct raw_message *raw)
{
    return mix(mix(mix(0x84222325cbf29ce4ULL, &raw->call_id), &raw->cseq), &raw->from);
}

/* RFC 3261 18.2.2: to the address it came from, at the port Via names; rport, and
 * Send_Resp_To_Src_Port: at its source port. */
static void send_answer(struct ua_line *l, const struct raw_message *raw,
                        const struct origin *origin, const char *data, size_t len)
{
    struct sockaddr_in to = origin->from;
    struct pl rport, sent_by;
    uint16_t port;

    if (origin->stream) {
        stream_send(origin->stream, data, len);
        return;
    }
    if (!l->cfg.nat.answer_source && !raw_param(&raw->vias[0], "rport", &rport) &&
        raw_sent_by(&raw->vias[0], &sent_by, &port))
        to.sin_port = htons(port ? port : 5060);
    transport_send_udp(l, &to, data, len);
}

static size_t print_answer(struct ua_line *l, const struct raw_message *raw,
                           const struct origin *origin, const struct verdict *v)
{
    char tag[TAG_SIZE];
    struct response_params p = {.scode = v->scode,
                                .reason = v->reason,
                                .to_tag = tag,
                                .extra = v->extra,
                                .allow = v->scode == 405 || v->scode == 200,
                                .rport = ntohs(origin->from.sin_port),
                                .received = origin->from.sin_addr.s_addr};

    print_tag(tag, sizeof(tag), &l->cfg, l->rng, 'i');
    return print_response(l->stack->tx, sizeof(l->stack->tx), &l->cfg, raw, &p);
}

void uas_request(struct ua_line *l, const struct raw_message *raw, const struct origin *origin)
{
    const uint64_t key = transaction_key(raw), request = request_key(raw);
    char extra[UA_EXTRA_MAX];

    if (pl_strcmp(&raw->method, "ACK") == 0)
        return;
    const struct server_tx *st = server_tx_find(l, key);
    if (st) {
        send_answer(l, raw, origin, st->bytes, st->len);
        return;
    }
    struct verdict v = uas_judge(&l->cfg, raw, origin->stream != NULL, extra, sizeof(extra));
    struct ua_subscription *sub = v.scode == 481 ? subscription_find(l, raw) : NULL;
    if (sub) {
        v.scode = subscription_judge(sub, raw);
        v.reason = reason_phrase(v.scode);
    } else if (!v.scode) {
        v = notify_judge(l, raw, extra, sizeof(extra));
    }
    /* credentials come with the request that was challenged: careless senders keep its CSeq */
    if (v.scode != 400 && !in_dialog(raw) && !raw->n_auths && server_tx_merged(l, key, request))
        v = (struct verdict){482, "Loop Detected", NULL};
    const size_t len = print_answer(l, raw, origin, &v);
    if (!len)
        return; /* its headers alone are over the limit: ignored */
    server_tx_add(l, key, request, l->stack->tx, len);
    send_answer(l, raw, origin, l->stack->tx, len);
    mem_ref(l);
    if (sub && v.scode == 200)
        subscription_notified(sub, raw);
    else if (pl_strcmp(&raw->method, "NOTIFY") == 0 && !in_dialog(raw))
        notify_tell(l, raw, origin, v.scode);
    mem_deref(l);
}
