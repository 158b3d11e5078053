/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The lab carries calls between its phones: a stateless proxy (RFC 3261 16.11) over UDP that adds
 * its Via on the way to a registered contact and takes it off on the way back. It is on no route:
 * once there is a dialog the phones talk to each other.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "sim/lab/priv.h"
#include "sim/sip/message.h"

enum { MAX_FORWARDS = 70 };

bool proxy_carries(const struct pl *method)
{
    static const char *const methods[] = {"INVITE", "ACK",  "CANCEL", "BYE",  "REFER",
                                          "NOTIFY", "INFO", "UPDATE", "PRACK"};

    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (pl_strcmp(method, methods[i]) == 0)
            return true;
    }
    return false;
}

static bool to_peer(const struct uri *uri, struct registrar_peer *peer)
{
    char host[INET_ADDRSTRLEN];

    if (uri->host.l >= sizeof(host))
        return false;
    (void)pl_strcpy(&uri->host, host, sizeof(host));
    peer->port = uri->port ? uri->port : 5060;
    return inet_pton(AF_INET, host, &peer->addr) == 1;
}

/* The contact a Request-URI means: of the user at this server, or itself where it is registered. */
static const struct binding *find_binding(struct bindings *t, const struct proxy_self *self,
                                          const struct uri *uri)
{
    struct binding *b = binding_first(t, &uri->user);
    struct registrar_peer asked, at;
    struct uri contact;

    if (!to_peer(uri, &asked)) /* a name: this server is the only one there is */
        return b;
    if (asked.addr.s_addr == self->addr.s_addr && asked.port == self->port)
        return b;
    for (; b; b = binding_next(b)) {
        if (uri_decode(&contact, &b->contact) == 0 && to_peer(&contact, &at) &&
            at.addr.s_addr == asked.addr.s_addr && at.port == asked.port)
            return b;
    }
    return NULL;
}

static uint64_t mix(uint64_t h, const struct pl *pl)
{
    for (size_t i = 0; i < pl->l; i++)
        h = (h ^ (uint8_t)pl->p[i]) * 0x100000001b3ULL;
    return h;
}

/* The same for a request, its retransmissions, its CANCEL and ACK: a function of its top Via. */
static void put_via(struct writer *w, const struct proxy_self *self, const struct raw_message *raw)
{
    struct pl branch = raw->vias[0];

    (void)raw_param(&raw->vias[0], "branch", &branch);
    put(w, "Via: SIP/2.0/UDP ");
    put_addr(w, self->addr.s_addr, self->port);
    put(w, ";branch=z9hG4bK");
    put_hex(w, mix(mix(0xcbf29ce484222325ULL, &branch), &raw->call_id));
    put(w, "\r\n");
}

static bool header_is(const struct pl *line, const char *name, char brief)
{
    const char *colon = memchr(line->p, ':', line->l);
    struct pl n = {line->p, colon ? (size_t)(colon - line->p) : 0};

    while (n.l && isspace((unsigned char)n.p[n.l - 1]))
        n.l--;
    return pl_strcasecmp(&n, name) == 0 ||
           (brief && n.l == 1 && tolower((unsigned char)*n.p) == brief);
}

/* Header lines but Max-Forwards; the top Via gets the address it came from (18.2.1). */
static void put_headers(struct writer *w, const struct raw_message *raw,
                        const struct registrar_peer *from)
{
    const char *p = raw->head.p, *end = p + raw->head.l;
    bool top = true;

    while (p < end) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        struct pl line = {p, (size_t)((nl ? nl + 1 : end) - p)};
        p += line.l;
        if (header_is(&line, "Max-Forwards", 0))
            continue;
        if (top && header_is(&line, "Via", 'v') && raw->vias[0].p + raw->vias[0].l <= p) {
            top = false;
            put_bytes(w, line.p, (size_t)(raw->vias[0].p + raw->vias[0].l - line.p));
            put(w, ";received=");
            put_addr(w, from->addr.s_addr, 0);
            put_bytes(w, raw->vias[0].p + raw->vias[0].l,
                      (size_t)(p - raw->vias[0].p - raw->vias[0].l));
            continue;
        }
        put_pl(w, &line);
    }
}

static bool take_max_forwards(const struct raw_message *raw, uint32_t *left)
{
    struct pl value;

    *left = MAX_FORWARDS;
    if (!raw_header(raw, "Max-Forwards", 0, 0, &value))
        return true;
    if (!raw_u32(&value, left) || !*left)
        return false;
    --*left;
    return true;
}

const char *proxy_request(struct bindings *t, const struct proxy_self *self,
                          const struct raw_message *raw, struct registrar_peer *peer,
                          struct writer *w)
{
    struct uri uri, contact;
    uint32_t hops;

    if (uri_decode(&uri, &raw->uri))
        return "400 Bad Request-URI";
    if (!take_max_forwards(raw, &hops))
        return "483 Too Many Hops";
    const struct binding *b = find_binding(t, self, &uri);
    if (!b)
        return "404 Not Found";
    const struct registrar_peer from = *peer;
    if (uri_decode(&contact, &b->contact) || !to_peer(&contact, peer) ||
        re_regex(contact.params.p, contact.params.l, "transport=t", NULL) == 0) {
        *peer = from;
        return "480 Not Reachable Over UDP";
    }
    put_pl(w, &raw->method);
    put(w, " ");
    put_pl(w, &b->contact);
    put(w, " SIP/2.0\r\n");
    put_via(w, self, raw);
    put_headers(w, raw, &from);
    put(w, "Max-Forwards: ");
    put_u32(w, hops);
    put(w, "\r\n\r\n");
    put_pl(w, &raw->body);
    return NULL;
}

/* Where the next Via says; received is where it truly came from. */
static bool next_hop(const struct pl *via, struct registrar_peer *peer)
{
    struct pl sent_by, received;
    char host[INET_ADDRSTRLEN];
    uint16_t port;

    if (!raw_sent_by(via, &sent_by, &port))
        return false;
    if (!raw_param(via, "received", &received)) {
        received = sent_by;
        const char *colon = memchr(received.p, ':', received.l);
        if (colon)
            received.l = (size_t)(colon - received.p);
    }
    if (received.l >= sizeof(host))
        return false;
    (void)pl_strcpy(&received, host, sizeof(host));
    peer->port = port ? port : 5060;
    return inet_pton(AF_INET, host, &peer->addr) == 1;
}

bool proxy_response(const struct proxy_self *self, const struct raw_message *raw,
                    struct registrar_peer *peer, struct writer *w)
{
    struct registrar_peer top;
    struct pl sent_by, line = {raw->head.p, 0};

    if (raw->n_vias < 2 || !raw_sent_by(&raw->vias[0], &sent_by, &top.port) ||
        !next_hop(&raw->vias[0], &top) || top.addr.s_addr != self->addr.s_addr ||
        top.port != self->port || !next_hop(&raw->vias[1], peer))
        return false; /* not one of ours, or its sender is no peer of UDP */
    put_pl(w, &raw->start);
    put(w, "\r\n");
    for (bool first = true; line.p < raw->head.p + raw->head.l; line.p += line.l) {
        const char *end = raw->head.p + raw->head.l;
        const char *nl = memchr(line.p, '\n', (size_t)(end - line.p));
        line.l = (size_t)((nl ? nl + 1 : end) - line.p);
        if (first && header_is(&line, "Via", 'v')) {
            first = false;
            if (raw->vias[1].p < line.p + line.l) { /* both in one line */
                put(w, "Via: ");
                put_bytes(w, raw->vias[1].p, (size_t)(line.p + line.l - raw->vias[1].p));
            }
            continue;
        }
        put_pl(w, &line);
    }
    put(w, "\r\n");
    put_pl(w, &raw->body);
    return true;
}
