/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/message.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sim/base/rng.h"
#include "sim/sip/line.h"

static void put_mac(struct writer *w, const uint8_t mac[6])
{
    for (unsigned i = 0; i < 6; i++)
        put_hex_fixed(w, mac[i], 2);
}

static void finish(struct writer *w)
{
    w->buf[w->len < w->size ? w->len : w->size - 1] = '\0';
}

void print_call_id(char *buf, size_t size, const struct ua_line_config *c, struct rng *rng)
{
    struct writer w = {.buf = buf, .size = size};

    if (c->wire == UA_WIRE_79XX) { /* <mac 8>-<mac 4><nnnn>-<hex8>-<hex8>@<ip> [T] */
        for (unsigned i = 0; i < 4; i++)
            put_hex_fixed(&w, c->mac[i], 2);
        put(&w, "-");
        put_hex_fixed(&w, c->mac[4], 2);
        put_hex_fixed(&w, c->mac[5], 2);
        put_hex_fixed(&w, 2 + c->index, 4);
        put(&w, "-");
        put_hex_fixed(&w, rng_u32(rng), 8);
        put(&w, "-");
        put_hex_fixed(&w, rng_u32(rng), 8);
    } else {
        put_hex(&w, rng_u32(rng));
        put(&w, "-");
        put_hex(&w, rng_u32(rng));
    }
    put(&w, "@");
    put_addr(&w, c->addr.s_addr, 0);
    finish(&w);
}

void print_tag(char *buf, size_t size, const struct ua_line_config *c, struct rng *rng, char side)
{
    struct writer w = {.buf = buf, .size = size};

    if (c->wire == UA_WIRE_79XX) { /* <mac12><nnnn><hex8>-<hex8> [T] */
        put_mac(&w, c->mac);
        put_hex_fixed(&w, 2 + c->index, 4);
        put_hex_fixed(&w, rng_u32(rng), 8);
        put(&w, "-");
        put_hex_fixed(&w, rng_u32(rng), 8);
    } else {
        put_hex(&w, rng_u64(rng));
        put_bytes(&w, &side, 1);
        put_u32(&w, c->index);
    }
    finish(&w);
}

static const char *transport_name(enum ua_transport t)
{
    return t == UA_TLS ? "TLS" : t == UA_TCP ? "TCP" : "UDP";
}

/* The line's address and port, or what stands for them outside (8). */
static void put_shown(struct writer *w, const struct ua_line_config *c, uint16_t port)
{
    put_addr(w, c->nat.shown_addr.s_addr ? c->nat.shown_addr.s_addr : c->addr.s_addr,
             c->nat.shown_port ? c->nat.shown_port : port);
}

void put_own_via(struct writer *w, const struct ua_line_config *c, uint16_t port, uint32_t branch)
{
    put_name(w, "Via");
    put(w, "SIP/2.0/");
    put(w, transport_name(c->transport));
    put(w, " ");
    if (c->nat.substitute_via)
        put_shown(w, c, port);
    else
        put_addr(w, c->addr.s_addr, port);
    if (c->wire == UA_WIRE_79XX) {
        put(w, ";branch=z9hG4bK");
        put_hex_fixed(w, branch, 8);
    } else {
        put(w, ";branch=z9hG4bK-");
        put_hex(w, branch);
    }
    put(w, c->add_rport ? ";rport\r\n" : "\r\n");
}

void put_display(struct writer *w, const char *name)
{
    put(w, "\"");
    for (const char *p = name; *p; p++) {
        if (*p == '"' || *p == '\\')
            put(w, "\\");
        put_bytes(w, p, 1);
    }
    put(w, "\" ");
}

void put_account_uri(struct writer *w, const struct ua_line_config *c)
{
    put(w, "sip:");
    put(w, c->user);
    put(w, "@");
    put(w, c->proxy);
}

void put_account(struct writer *w, const struct ua_line_config *c)
{
    if (c->display_name[0])
        put_display(w, c->display_name);
    put(w, "<");
    put_account_uri(w, c);
    put(w, ">");
}

static void put_from_to(struct writer *w, const struct ua_line_config *c,
                        const struct register_params *p)
{
    for (unsigned to = 0; to < 2; to++) {
        put_name(w, to ? "To" : "From");
        if (c->display_name[0])
            put_display(w, c->display_name);
        put(w, "<sip:");
        put(w, c->user);
        put(w, "@");
        put(w, p->request_host);
        put(w, ">");
        if (!to) {
            put(w, ";tag=");
            put(w, p->from_tag);
        }
        put(w, "\r\n");
    }
}

/* Up to the closing bracket. */
static void put_contact_uri(struct writer *w, const struct ua_line_config *c, uint16_t port)
{
    put_name(w, "Contact");
    if (c->display_name[0])
        put_display(w, c->display_name);
    put(w, "<sip:");
    put(w, c->user);
    put(w, "@");
    put_shown(w, c, port);
    if (c->transport != UA_UDP)
        put(w, c->transport == UA_TLS ? ";transport=tls" : ";transport=tcp");
    put(w, ">");
}

void put_own_contact(struct writer *w, const struct ua_line_config *c, uint16_t port)
{
    put_contact_uri(w, c, port);
    put(w, "\r\n");
}

static void put_contact_spa(struct writer *w, const struct ua_line_config *c,
                            const struct register_params *p)
{
    put_contact_uri(w, c, p->local_port);
    put(w, ";expires=");
    put_u32(w, p->expires_s);
    put(w, "\r\n");
}

static void put_contact_79xx(struct writer *w, const struct ua_line_config *c,
                             const struct register_params *p)
{
    put_name(w, "Contact");
    put(w, "<sip:");
    put(w, c->user);
    put(w, "@");
    put_shown(w, c, p->local_port);
    put(w, ";user=phone;transport=");
    put(w, c->transport == UA_UDP ? "udp" : "tcp");
    put(w, ">;+sip.instance=\"<urn:uuid:00000000-0000-0000-0000-");
    put_mac(w, c->mac);
    put(w, ">\";+u.sip!model.ccm.cisco.com=\"");
    put(w, strstr(c->user_agent, "7960") ? "7" : "8"); /* 9.4 [T]: 7 = 7960, 8 = 7940 */
    put(w, "\"\r\n");
}

static void put_ids(struct writer *w, const struct ua_line_config *c,
                    const struct register_params *p)
{
    put_field(w, "Call-ID", p->call_id);
    if (c->wire == UA_WIRE_79XX)
        put_number(w, "Max-Forwards", c->max_forward);
    put(w, "CSeq: ");
    put_u32(w, p->cseq);
    put(w, " REGISTER\r\n");
}

static void put_auth(struct writer *w, const struct register_params *p)
{
    if (p->auth)
        put_field(w, p->auth_proxy ? "Proxy-Authorization" : "Authorization", p->auth);
}

void put_proxy_require(struct writer *w, const struct ua_line_config *c)
{
    if (c->proxy_require[0])
        put_field(w, "Proxy-Require", c->proxy_require);
}

void put_accept_language(struct writer *w, const struct ua_line_config *c)
{
    if (c->accept_language[0])
        put_field(w, "Accept-Language", c->accept_language);
}

void put_packages(struct writer *w, const struct ua_line_config *c)
{
    if (c->packages[0])
        put_field(w, "Allow-Events", c->packages);
}

void put_station_name(struct writer *w, const struct ua_line_config *c)
{
    if (!c->station_name[0])
        return;
    put(w, "P-Station-Name: ");
    put(w, c->station_name);
    put(w, " ;mac=");
    put_mac(w, c->mac);
    put(w, "\r\n");
}

/* 9.3: SPA REGISTER [T] */
static void put_rest_spa(struct writer *w, const struct ua_line_config *c,
                         const struct register_params *p)
{
    const char *agent = c->reg_user_agent[0] ? c->reg_user_agent : c->user_agent;

    put_number(w, "Max-Forwards", c->max_forward);
    put_proxy_require(w, c);
    put_auth(w, p);
    if (!p->no_contact)
        put_contact_spa(w, c, p);
    if (p->warning) { /* place [DEF] */
        put(w, "Warning: 399 spa \"");
        put(w, p->warning);
        put(w, "\"\r\n");
    }
    if (agent[0])
        put_field(w, "User-Agent", agent);
    put_accept_language(w, c);
    put_station_name(w, c);
    put_packages(w, c); /* where a response has it [DEF] */
    put_number(w, "Content-Length", 0);
    put_field(w, "Allow", c->allow);
    put_field(w, "Supported", c->supported);
}

/* 9.3: 79xx REGISTER [T] */
static void put_rest_79xx(struct writer *w, const struct ua_line_config *c,
                          const struct register_params *p)
{
    put_field(w, "User-Agent", c->user_agent);
    if (!p->no_contact)
        put_contact_79xx(w, c, p);
    put_auth(w, p);
    put_number(w, "Content-Length", 0);
    if (!p->no_contact)
        put_number(w, "Expires", p->expires_s);
}

size_t print_register(char *buf, size_t size, const struct ua_line_config *c,
                      const struct register_params *p)
{
    struct writer w = {.buf = buf, .size = size, .compact = c->compact};

    put(&w, "REGISTER ");
    put(&w, p->request_uri);
    put(&w, " SIP/2.0\r\n");
    put_own_via(&w, c, p->local_port, p->branch);
    put_from_to(&w, c, p);
    put_ids(&w, c, p);
    if (c->wire == UA_WIRE_79XX)
        put_rest_79xx(&w, c, p);
    else
        put_rest_spa(&w, c, p);
    put(&w, "\r\n");
    return w.full ? 0 : w.len;
}

static void put_received(struct writer *w, const struct response_params *p)
{
    put(w, ";received=");
    put_addr(w, p->received, 0);
}

/* Is this the address it came from? A name is none. */
static bool came_from(const struct pl *sent_by, uint32_t received)
{
    char text[16];
    struct writer w = {.buf = text, .size = sizeof(text)};

    put_addr(&w, received, 0);
    return sent_by->l >= w.len && memcmp(sent_by->p, text, w.len) == 0 &&
           (sent_by->l == w.len || !isdigit((unsigned char)sent_by->p[w.len]));
}

/* Insert_VIA_received and _rport: where it came from, when that is not what sent-by says (8). */
static void put_inserted(struct writer *w, const struct ua_line_config *c, const struct pl *via,
                         const struct response_params *p)
{
    struct pl sent_by, there;
    uint16_t port;

    if (!raw_sent_by(via, &sent_by, &port))
        return;
    if (c->nat.insert_received && !came_from(&sent_by, p->received) &&
        !raw_param(via, "received", &there))
        put_received(w, p);
    if (c->nat.insert_rport && (port ? port : SIP_PORT) != p->rport &&
        !raw_param(via, "rport", &there)) {
        put(w, ";rport=");
        put_u32(w, p->rport);
    }
}

/* Via of a request, with rport and received filled in where the sender asked for it (RFC 3581 4).
 */
static void put_request_via(struct writer *w, const struct ua_line_config *c, const struct pl *via,
                            const struct response_params *p)
{
    struct pl rport;

    if (!p->rport || !raw_param(via, "rport", &rport) || rport.l || rport.p[-1] == '=') {
        put_pl(w, via);
        if (p->rport)
            put_inserted(w, c, via, p);
        return;
    }
    put_bytes(w, via->p, (size_t)(rport.p - via->p));
    put(w, "=");
    put_u32(w, p->rport);
    put_received(w, p);
    put_bytes(w, rport.p, (size_t)(via->p + via->l - rport.p));
}

static bool has_tag(const struct pl *to)
{
    struct pl tag;
    return raw_param(to, "tag", &tag);
}

static void put_copy(struct writer *w, const char *name, const struct pl *value)
{
    if (!value->l)
        return;
    put_name(w, name);
    put_pl(w, value);
    put(w, "\r\n");
}

static void put_copies(struct writer *w, const struct ua_line_config *c,
                       const struct raw_message *raw, const struct response_params *p)
{
    if (raw->to.l) {
        put_name(w, "To");
        put_pl(w, &raw->to);
        if (p->to_tag && !has_tag(&raw->to)) {
            put(w, ";tag=");
            put(w, p->to_tag);
        }
        put(w, "\r\n");
    }
    put_copy(w, "From", &raw->from);
    put_copy(w, "Call-ID", &raw->call_id);
    put_copy(w, "CSeq", &raw->cseq);
    for (unsigned i = 0; i < raw->n_vias; i++) {
        put_name(w, "Via");
        if (i == 0)
            put_request_via(w, c, &raw->vias[i], p);
        else
            put_pl(w, &raw->vias[i]);
        put(w, "\r\n");
    }
}

static void put_record_routes(struct writer *w, const struct raw_message *raw)
{
    struct pl value;

    for (unsigned i = 0; raw_header(raw, "Record-Route", 0, i, &value); i++)
        put_copy(w, "Record-Route", &value);
}

size_t print_response(char *buf, size_t size, const struct ua_line_config *c,
                      const struct raw_message *raw, const struct response_params *p)
{
    struct writer w = {.buf = buf, .size = size, .compact = c->compact || raw->compact};
    struct pl session;

    put(&w, "SIP/2.0 ");
    put_u32(&w, p->scode);
    put(&w, " ");
    put(&w, p->reason);
    put(&w, "\r\n");
    put_copies(&w, c, raw, p);
    if (p->routes)
        put_record_routes(&w, raw);
    if (p->contact)
        put_own_contact(&w, c, p->contact);
    put_lines(&w, p->early);
    if (c->server[0])
        put_field(&w, "Server", c->server);
    if (c->echo_session_id && raw_header(raw, "Session-ID", 0, 0, &session))
        put_copy(&w, "Session-ID", &session); /* where SUBSCRIBE has it [DEF] */
    put_lines(&w, p->extra);
    if (p->packages)
        put_packages(&w, c);
    put_number(&w, "Content-Length", (uint32_t)p->body_len);
    if (p->allow) {
        put_field(&w, "Allow", c->allow);
        put_field(&w, "Supported", c->supported);
    }
    if (p->body_len)
        put_field(&w, "Content-Type", p->body_type);
    put(&w, "\r\n");
    put_bytes(&w, p->body, p->body_len);
    return w.full ? 0 : w.len;
}

const char *reason_phrase(uint16_t scode)
{
    static const struct {
        uint16_t scode;
        const char *text;
    } phrases[] = {
        {100, "Trying"},
        {180, "Ringing"},
        {181, "Call Is Being Forwarded"},
        {182, "Queued"},
        {183, "Session Progress"},
        {200, "OK"},
        {202, "Accepted"},
        {302, "Moved Temporarily"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {415, "Unsupported Media Type"},
        {416, "Unsupported URI Scheme"},
        {420, "Bad Extension"},
        {422, "Session Interval Too Small"},
        {433, "Anonymity Disallowed"},
        {480, "Temporarily Unavailable"},
        {481, "Call/Transaction Does Not Exist"},
        {482, "Loop Detected"},
        {486, "Busy Here"},
        {487, "Request Terminated"},
        {488, "Not Acceptable Here"},
        {489, "Bad Event"},
        {491, "Request Pending"},
        {500, "Server Internal Error"},
        {501, "Not Implemented"},
        {503, "Service Unavailable"},
        {504, "Server Time-out"},
        {505, "Version Not Supported"},
        {603, "Decline"},
    };

    for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
        if (phrases[i].scode == scode)
            return phrases[i].text;
    }
    return "Unknown";
}

bool rsc_match(const char *patterns, uint16_t scode)
{
    char code[8];

    snprintf(code, sizeof(code), "%03u", scode);
    for (const char *p = patterns; *p;) {
        p += strspn(p, ", \t");
        const size_t len = strcspn(p, ", \t");
        if (len == 3 && (p[0] == '?' || p[0] == code[0]) && (p[1] == '?' || p[1] == code[1]) &&
            (p[2] == '?' || p[2] == code[2]))
            return true;
        p += len;
    }
    return false;
}

bool rsc_has_bt(const char *patterns)
{
    for (const char *p = patterns; *p;) {
        p += strspn(p, ", \t");
        const size_t len = strcspn(p, ", \t");
        if (len == 2 && strncasecmp(p, "BT", 2) == 0)
            return true;
        p += len;
    }
    return false;
}
