/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The lab carries calls between its phones: a stateless proxy (RFC 3261 16.11) that adds its Via on
 * the way to a registered contact and takes it off on the way back. Between phones of UDP it is on
 * no route: once there is a dialog they talk to each other. A phone of TCP or TLS is reached by the
 * connection it registered by (after RFC 5626), so there it stays on the route, with one
 * Record-Route for each side (RFC 5658) that names the side's connection.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "sim/lab/priv.h"
#include "sim/sip/message.h"

enum { MAX_FORWARDS = 70 };

struct way { /* of one request */
    struct registrar_peer from, to;
};

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

/* Where a binding is; false = nowhere, its connection is gone. */
static bool reach(const struct proxy_self *self, const struct binding *b,
                  struct registrar_peer *peer)
{
    struct uri contact;

    if (b->conn)
        return listen_tcp_peer(self->tcp, b->conn, peer);
    *peer = (struct registrar_peer){0};
    return uri_decode(&contact, &b->contact) == 0 && to_peer(&contact, peer) &&
           re_regex(contact.params.p, contact.params.l, "transport=t", NULL) != 0;
}

static bool is_self(const struct proxy_self *self, const struct registrar_peer *peer)
{
    return peer->addr.s_addr == self->addr.s_addr && peer->port == self->port;
}

/* Of a user's contacts the first that can be reached; the first when none can. */
static const struct binding *best_of(const struct proxy_self *self, const struct binding *first)
{
    struct registrar_peer at;

    for (const struct binding *b = first; b; b = binding_next(b)) {
        if (reach(self, b, &at))
            return b;
    }
    return first;
}

/* The contact a Request-URI means: of the user at this server, or itself where it is registered. */
static const struct binding *find_binding(struct bindings *t, const struct proxy_self *self,
                                          const struct uri *uri)
{
    struct binding *b = binding_first(t, &uri->user);
    struct registrar_peer asked, at;
    struct uri contact;

    if (!to_peer(uri, &asked)) /* a name: this server is the only one there is */
        return best_of(self, b);
    if (is_self(self, &asked))
        return best_of(self, b);
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

static const char *transport_of(const struct registrar_peer *peer)
{
    return !peer->conn ? "UDP" : peer->tls ? "TLS" : "TCP";
}

/* The same for a request, its retransmissions, its CANCEL and ACK: a function of its top Via. The
 * connection it came by is where the response goes. */
static void put_via(struct writer *w, const struct proxy_self *self, const struct raw_message *raw,
                    const struct way *way)
{
    struct pl branch = raw->vias[0];

    (void)raw_param(&raw->vias[0], "branch", &branch);
    put(w, "Via: SIP/2.0/");
    put(w, transport_of(&way->to));
    put(w, " ");
    put_addr(w, self->addr.s_addr, self->port);
    put(w, ";branch=z9hG4bK");
    put_hex(w, mix(mix(0xcbf29ce484222325ULL, &branch), &raw->call_id));
    if (way->from.conn) {
        put(w, ";i=");
        put_u32(w, way->from.conn);
    }
    put(w, "\r\n");
}

static void put_record_route(struct writer *w, const struct proxy_self *self,
                             const struct registrar_peer *side)
{
    put(w, "Record-Route: <sip:");
    if (side->conn) {
        put_u32(w, side->conn);
        put(w, "@");
    }
    put_addr(w, self->addr.s_addr, self->port);
    put(w, ";transport=");
    put(w, transport_of(side));
    put(w, ";lr>\r\n");
}

static void put_record_routes(struct writer *w, const struct proxy_self *self,
                              const struct raw_message *raw, const struct way *way)
{
    const bool begins_dialog =
        !pl_strcmp(&raw->method, "INVITE") || !pl_strcmp(&raw->method, "REFER");

    if (!begins_dialog || (!way->from.conn && !way->to.conn))
        return;
    put_record_route(w, self, &way->to);
    put_record_route(w, self, &way->from);
}

/* ---- Route */

typedef bool(route_h)(const struct pl *route, unsigned nth, void *arg); /* true = stop */

static void each_route(const struct raw_message *raw, route_h *h, void *arg)
{
    struct pl value, route;
    unsigned n = 0;

    for (unsigned i = 0; raw_header(raw, "Route", 0, i, &value); i++) {
        while (raw_element(&value, &route)) {
            if (h(&route, n++, arg))
                return;
        }
    }
}

struct own_routes { /* those in front that are this server */
    const struct proxy_self *self;
    unsigned n;
    uint32_t conn; /* the last one's: the side it leads to, 0 = UDP */
};

static bool own_handler(const struct pl *route, unsigned nth, void *arg)
{
    struct own_routes *own = arg;
    struct registrar_peer at;
    struct sip_addr addr;

    (void)nth;
    if (sip_addr_decode(&addr, route) || !to_peer(&addr.uri, &at) || !is_self(own->self, &at))
        return true;
    own->n++;
    own->conn = 0;
    (void)raw_u32(&addr.uri.user, &own->conn);
    return false;
}

struct further_routes {
    struct writer *w;
    unsigned n_own;
};

static bool further_handler(const struct pl *route, unsigned nth, void *arg)
{
    struct further_routes *f = arg;

    if (nth >= f->n_own) {
        put(f->w, "Route: ");
        put_pl(f->w, route);
        put(f->w, "\r\n");
    }
    return false;
}

/* ---- requests */

static bool header_is(const struct pl *line, const char *name, char brief)
{
    const char *colon = memchr(line->p, ':', line->l);
    struct pl n = {line->p, colon ? (size_t)(colon - line->p) : 0};

    while (n.l && isspace((unsigned char)n.p[n.l - 1]))
        n.l--;
    return pl_strcasecmp(&n, name) == 0 ||
           (brief && n.l == 1 && tolower((unsigned char)*n.p) == brief);
}

/* Header lines but Max-Forwards and Route; the top Via gets the address it came from (18.2.1). */
static void put_headers(struct writer *w, const struct raw_message *raw,
                        const struct registrar_peer *from)
{
    const char *p = raw->head.p, *end = p + raw->head.l;
    bool top = true;

    while (p < end) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        struct pl line = {p, (size_t)((nl ? nl + 1 : end) - p)};
        p += line.l;
        if (header_is(&line, "Max-Forwards", 0) || header_is(&line, "Route", 0))
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

/* Over a connection the body ends where Content-Length says: it has to be right. */
static bool framed(const struct raw_message *raw, const struct registrar_peer *to)
{
    uint32_t n;

    if (!to->conn || !raw->n_clen)
        return true;
    return !raw->clen_differs && raw_u32(&raw->clen, &n) && n == raw->body.l;
}

static void put_body(struct writer *w, const struct raw_message *raw,
                     const struct registrar_peer *to)
{
    if (to->conn && !raw->n_clen)
        put_number(w, "Content-Length", (uint32_t)raw->body.l);
    put(w, "\r\n");
    put_pl(w, &raw->body);
}

/* Where a request goes, and with which Request-URI. NULL, or what to refuse it with. */
static const char *find_way(struct bindings *t, const struct own_routes *own, struct pl *target,
                            struct registrar_peer *to)
{
    struct uri uri;

    if (uri_decode(&uri, target))
        return "400 Bad Request-URI";
    const struct binding *b = find_binding(t, own->self, &uri);
    if (b && reach(own->self, b, to)) {
        *target = b->contact;
        return NULL;
    }
    if (own->n && own->conn) /* a party that is not registered, or is by now elsewhere */
        return listen_tcp_peer(own->self->tcp, own->conn, to) ? NULL : "480 Connection Is Gone";
    if (b)
        return "480 Not Reachable";
    *to = (struct registrar_peer){0};
    return own->n && to_peer(&uri, to) && !is_self(own->self, to) ? NULL : "404 Not Found";
}

const char *proxy_request(struct bindings *t, const struct proxy_self *self,
                          const struct raw_message *raw, struct registrar_peer *peer,
                          struct writer *w)
{
    struct own_routes own = {.self = self};
    struct way way = {.from = *peer};
    struct pl target = raw->uri;
    uint32_t hops;

    each_route(raw, own_handler, &own);
    const char *refusal = find_way(t, &own, &target, &way.to);
    if (!refusal && !take_max_forwards(raw, &hops))
        refusal = "483 Too Many Hops";
    if (!refusal && !framed(raw, &way.to))
        refusal = "400 Bad Content-Length";
    if (refusal)
        return refusal;
    *peer = way.to;
    put_pl(w, &raw->method);
    put(w, " ");
    put_pl(w, &target);
    put(w, " SIP/2.0\r\n");
    put_via(w, self, raw, &way);
    put_record_routes(w, self, raw, &way);
    put_headers(w, raw, &way.from);
    each_route(raw, further_handler, &(struct further_routes){w, own.n});
    put_number(w, "Max-Forwards", hops);
    put_body(w, raw, &way.to);
    return NULL;
}

/* ---- responses */

/* Where a Via says; received is where it truly came from. */
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

/* Back by the connection that the top Via names, else where the next one says. */
static bool way_back(const struct proxy_self *self, const struct raw_message *raw,
                     struct registrar_peer *to)
{
    struct pl param;
    uint32_t conn;

    if (raw_param(&raw->vias[0], "i", &param))
        return raw_u32(&param, &conn) && listen_tcp_peer(self->tcp, conn, to);
    *to = (struct registrar_peer){0};
    return next_hop(&raw->vias[1], to);
}

bool proxy_response(const struct proxy_self *self, const struct raw_message *raw,
                    struct registrar_peer *peer, struct writer *w)
{
    struct registrar_peer top, to;
    struct pl sent_by, line = {raw->head.p, 0};

    if (raw->n_vias < 2 || !raw_sent_by(&raw->vias[0], &sent_by, &top.port) ||
        !next_hop(&raw->vias[0], &top) || !is_self(self, &top) || !way_back(self, raw, &to) ||
        !framed(raw, &to))
        return false; /* not one of ours, or who asked is gone */
    *peer = to;
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
    put_body(w, raw, &to);
    return true;
}
