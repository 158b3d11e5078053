/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/raw.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool name_is(const struct pl *name, const char *full, char brief)
{
    if (name->l == strlen(full) && strncasecmp(name->p, full, name->l) == 0)
        return true;
    return brief && name->l == 1 && tolower((unsigned char)name->p[0]) == brief;
}

static void trim(struct pl *pl)
{
    while (pl->l && isspace((unsigned char)pl->p[0])) {
        pl->p++;
        pl->l--;
    }
    while (pl->l && isspace((unsigned char)pl->p[pl->l - 1]))
        pl->l--;
}

/* The header field that begins at p, continuation lines included. Returns the next line. */
static const char *next_line(const char *p, const char *end, struct pl *line)
{
    const char *s = p;

    for (;;) {
        const char *nl = memchr(s, '\n', (size_t)(end - s));
        s = nl ? nl + 1 : end;
        if (s == end || (*s != ' ' && *s != '\t'))
            break;
    }
    line->p = p;
    line->l = (size_t)(s - p);
    while (line->l && (line->p[line->l - 1] == '\n' || line->p[line->l - 1] == '\r'))
        line->l--;
    return s;
}

static bool same(const struct pl *a, const struct pl *b)
{
    return a->l == b->l && memcmp(a->p, b->p, a->l) == 0;
}

/* Vias in one line or several mean the same (RFC 3261 7.3.1); only the top one is ours to read. */
static void take_vias(struct raw_message *raw, const struct pl *value)
{
    const char *end = value->p + value->l;
    struct pl via = {value->p, 0};
    bool quoted = false;

    for (const char *p = value->p; p <= end; p++) {
        if (p < end && *p == '"')
            quoted = !quoted;
        if (p < end && (quoted || *p != ','))
            continue;
        via.l = (size_t)(p - via.p);
        trim(&via);
        if (via.l && raw->n_vias == RAW_VIAS)
            raw->overlong = true;
        else if (via.l)
            raw->vias[raw->n_vias++] = via;
        via.p = p + 1;
    }
}

static void take_header(struct raw_message *raw, struct pl *line)
{
    const char *colon = memchr(line->p, ':', line->l);
    if (!colon)
        return;

    struct pl name = {line->p, (size_t)(colon - line->p)};
    struct pl value = {colon + 1, line->l - name.l - 1};
    trim(&name);
    trim(&value);
    if (name.l == 1)
        raw->compact = true;
    if (name_is(&name, "Via", 'v')) {
        take_vias(raw, &value);
    } else if (name_is(&name, "From", 'f')) {
        raw->from = value;
        raw->n_from++;
    } else if (name_is(&name, "To", 't')) {
        raw->to = value;
        raw->n_to++;
    } else if (name_is(&name, "Call-ID", 'i')) {
        raw->call_id = value;
        raw->n_call_id++;
    } else if (name_is(&name, "CSeq", 0)) {
        raw->cseq = value;
        raw->n_cseq++;
    } else if (name_is(&name, "Content-Length", 'l')) {
        if (raw->n_clen++ && !same(&raw->clen, &value))
            raw->clen_differs = true;
        raw->clen = value;
    } else if (name_is(&name, "Event", 'o')) {
        raw->event = value;
    } else if (name_is(&name, "Subscription-State", 0)) {
        raw->subscription_state = value;
    } else if (name_is(&name, "Content-Type", 'c')) {
        raw->content_type = value;
    } else if (name_is(&name, "Authorization", 0)) {
        if (raw->n_auths < RAW_AUTHS)
            raw->auths[raw->n_auths++] = value;
    } else if (name_is(&name, "Require", 0)) {
        if (raw->n_requires < RAW_REQUIRES)
            raw->required[raw->n_requires++] = value;
    }
}

/* METHOD SP URI SP VERSION, or VERSION SP CODE SP REASON */
static bool take_start(struct raw_message *raw)
{
    const char *p = raw->start.p, *end = p + raw->start.l;

    if (raw->start.l > 8 && strncasecmp(p, "SIP/2.0 ", 8) == 0) {
        raw->response = true;
        return true;
    }
    const char *first = memchr(p, ' ', raw->start.l);
    if (!first || first == p)
        return false;
    for (const char *s = p; s < first; s++) {
        if (!isalnum((unsigned char)*s) && (!*s || !strchr("-.!%*_+`'~", *s)))
            return false;
    }
    const char *last = NULL;
    for (const char *s = first + 1; s + 4 < end; s++) {
        if (*s == ' ' && strncasecmp(s + 1, "SIP/", 4) == 0)
            last = s;
    }
    if (!last || last <= first)
        return false;
    raw->method = (struct pl){p, (size_t)(first - p)};
    raw->uri = (struct pl){first + 1, (size_t)(last - first - 1)};
    raw->version = (struct pl){last + 1, (size_t)(end - last - 1)};
    return true;
}

/* The line end that ends the header; before next_line(), as a body may begin with a blank. */
static size_t empty_line(const char *p, const char *end)
{
    if (*p == '\n')
        return 1;
    return end - p >= 2 && p[0] == '\r' && p[1] == '\n' ? 2 : 0;
}

/* What follows the body in a datagram is not part of it (RFC 3261 18.3). */
static void cut_body(struct raw_message *raw)
{
    for (size_t i = 0; i < raw->clen.l; i++) {
        if (!isdigit((unsigned char)raw->clen.p[i]))
            return;
    }
    if (raw->clen.l && raw->clen.l < 10 && !raw->clen_differs && pl_u32(&raw->clen) < raw->body.l)
        raw->body.l = pl_u32(&raw->clen);
}

bool raw_parse(struct raw_message *raw, const char *data, size_t len)
{
    const char *end = data + len, *p = data;
    struct pl line;

    memset(raw, 0, sizeof(*raw));
    p = next_line(p, end, &raw->start);
    if (!take_start(raw))
        return false;
    raw->head.p = p;
    while (p < end && !raw->complete) {
        raw->head.l = (size_t)(p - raw->head.p);
        const size_t n = empty_line(p, end);
        raw->complete = n > 0;
        if (n) {
            p += n;
        } else {
            p = next_line(p, end, &line);
            take_header(raw, &line);
        }
    }
    if (!raw->complete)
        raw->head.l = (size_t)(p - raw->head.p);
    raw->body = (struct pl){p, (size_t)(end - p)};
    cut_body(raw);
    return raw->n_vias > 0 && !raw->overlong;
}

bool raw_header(const struct raw_message *raw, const char *name, char brief, unsigned nth,
                struct pl *value)
{
    const char *p = raw->head.p, *end = p + raw->head.l;
    struct pl line;

    while (p < end) {
        p = next_line(p, end, &line);
        const char *colon = memchr(line.p, ':', line.l);
        if (!colon)
            continue;
        struct pl found = {line.p, (size_t)(colon - line.p)};
        trim(&found);
        if (!name_is(&found, name, brief) || nth--)
            continue;
        *value = (struct pl){colon + 1, (size_t)(line.p + line.l - colon - 1)};
        trim(value);
        return true;
    }
    return false;
}

bool raw_element(struct pl *rest, struct pl *element)
{
    bool quoted = false, bracketed = false;
    size_t n = 0;

    while (rest->l && (isspace((unsigned char)*rest->p) || *rest->p == ','))
        pl_advance(rest, 1);
    for (; n < rest->l; n++) {
        const char ch = rest->p[n];
        if (quoted && ch == '\\')
            n++;
        else if (ch == '"')
            quoted = !quoted;
        else if (!quoted && (ch == '<' || ch == '>'))
            bracketed = ch == '<';
        else if (!quoted && !bracketed && ch == ',')
            break;
    }
    if (n > rest->l)
        n = rest->l;
    *element = (struct pl){rest->p, n};
    pl_advance(rest, (ssize_t)n);
    trim(element);
    return element->l > 0;
}

struct pl raw_token(const struct pl *value)
{
    struct pl token = {value->p, 0};

    while (token.l < value->l && value->p[token.l] != ';' &&
           !isspace((unsigned char)value->p[token.l]))
        token.l++;
    return token;
}

bool raw_type_is(const struct pl *content_type, const char *type)
{
    const struct pl token = raw_token(content_type);

    return token.l == strlen(type) && strncasecmp(token.p, type, token.l) == 0;
}

bool raw_u32(const struct pl *value, uint32_t *number)
{
    uint64_t n = 0;
    size_t i = 0;

    for (; i < value->l && isdigit((unsigned char)value->p[i]) && n <= UINT32_MAX; i++)
        n = n * 10 + (uint64_t)(value->p[i] - '0');
    if (!i || n > UINT32_MAX)
        return false;
    *number = (uint32_t)n;
    return true;
}

bool raw_param(const struct pl *value, const char *name, struct pl *found)
{
    if (!value->l) /* a header that did not come */
        return false;

    const char *end = value->p + value->l, *p = value->p;
    const size_t len = strlen(name);

    for (const char *s = p; s < end; s++) {
        if (*s == '>') /* parameters inside the brackets are the URI's */
            p = s;
    }
    while (p < end && (p = memchr(p, ';', (size_t)(end - p)))) {
        struct pl param = {p + 1, 0};
        const char *next = memchr(p + 1, ';', (size_t)(end - p - 1));
        p = next ? next : end;
        param.l = (size_t)(p - param.p);
        const char *eq = memchr(param.p, '=', param.l);
        struct pl key = {param.p, eq ? (size_t)(eq - param.p) : param.l};
        trim(&key);
        if (key.l != len || strncasecmp(key.p, name, len) != 0)
            continue;
        found->p = eq ? eq + 1 : key.p + key.l;
        found->l = eq ? (size_t)(param.p + param.l - eq - 1) : 0;
        trim(found);
        return true;
    }
    return false;
}

/* host[:port], the host perhaps an IPv6 reference */
static bool take_port(const struct pl *sent_by, uint16_t *port)
{
    const char *end = sent_by->p + sent_by->l, *host_end = memchr(sent_by->p, ']', sent_by->l);
    const char *from = host_end ? host_end : sent_by->p;
    const char *colon = memchr(from, ':', (size_t)(end - from));
    uint32_t n = 0;

    *port = 0;
    if (!colon)
        return true;
    struct pl digits = {colon + 1, (size_t)(end - colon - 1)};
    trim(&digits);
    for (size_t i = 0; i < digits.l && n <= UINT16_MAX; i++) {
        if (!isdigit((unsigned char)digits.p[i]))
            return false;
        n = n * 10 + (uint32_t)(digits.p[i] - '0');
    }
    *port = (uint16_t)n;
    return n > 0 && n <= UINT16_MAX;
}

/* SIP/2.0/UDP host[:port];… with blanks anywhere RFC 4475 3.1.1.1 puts them */
bool raw_sent_by(const struct pl *via, struct pl *sent_by, uint16_t *port)
{
    const char *end = via->p + via->l, *p = via->p;

    for (unsigned i = 0; i < 2; i++) {
        p = memchr(p, '/', (size_t)(end - p));
        if (!p)
            return false;
        p++;
    }
    while (p < end && isspace((unsigned char)*p))
        p++;
    while (p < end && !isspace((unsigned char)*p)) /* transport */
        p++;
    const char *stop = p;
    while (stop < end && *stop != ';' && *stop != ',')
        stop++;
    *sent_by = (struct pl){p, (size_t)(stop - p)};
    trim(sent_by);
    if (!sent_by->l)
        return false;
    return take_port(sent_by, port);
}
