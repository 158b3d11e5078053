/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/request.h"

#include <string.h>

#include "sim/sip/line.h"
#include "sim/sip/message.h"

bool one_line(const char *text)
{
    return !strpbrk(text, "\r\n");
}

/* Nothing where there is no value. */
static void put_given(struct writer *w, const char *name, const char *value)
{
    if (value && value[0])
        put_field(w, name, value);
}

static void put_cseq(struct writer *w, const struct request_params *p)
{
    put(w, "CSeq: ");
    put_u32(w, p->cseq);
    put(w, " ");
    put(w, p->method);
    put(w, "\r\n");
}

static void put_auth(struct writer *w, const struct request_params *p)
{
    put_given(w, p->auth_proxy ? "Proxy-Authorization" : "Authorization", p->auth);
}

/* 9.3: SPA INVITE and SUBSCRIBE [T] */
static void put_middle_spa(struct writer *w, const struct ua_line_config *c,
                           const struct request_params *p)
{
    put_lines(w, p->identity);
    put_given(w, "Call-ID", p->call_id);
    put_cseq(w, p);
    put_number(w, "Max-Forwards", c->max_forward);
    if (strcmp(p->method, "ACK") != 0)
        put_proxy_require(w, c);
    put_lines(w, p->routes);
    put_auth(w, p);
    if (p->contact)
        put_own_contact(w, c, p->local_port);
    put_lines(w, p->before);
    if (p->has_expires)
        put_number(w, "Expires", p->expires);
    put_given(w, "Event", p->event);
    put_lines(w, p->after);
    put_given(w, "User-Agent", c->user_agent);
    if (strcmp(p->method, "ACK") != 0)
        put_accept_language(w, c);
    if (p->station_name)
        put_station_name(w, c);
}

/* 9.3: 79xx ACK and REGISTER [T]; its other requests alike [DEF] */
static void put_middle_79xx(struct writer *w, const struct ua_line_config *c,
                            const struct request_params *p)
{
    put_given(w, "Call-ID", p->call_id);
    put_number(w, "Max-Forwards", c->max_forward);
    put_cseq(w, p);
    put_given(w, "User-Agent", c->user_agent);
    if (p->contact)
        put_own_contact(w, c, p->local_port);
    put_lines(w, p->routes);
    put_auth(w, p);
    put_lines(w, p->identity);
    put_lines(w, p->before);
    if (p->has_expires)
        put_number(w, "Expires", p->expires);
    put_given(w, "Event", p->event);
    put_lines(w, p->after);
}

/* Content-Length ahead of Content-Type, Allow and Supported in between (9.3 [T]) */
static void put_end(struct writer *w, const struct ua_line_config *c,
                    const struct request_params *p)
{
    if (strcmp(p->method, "INVITE") == 0)
        put_packages(w, c); /* where a response has it [DEF] */
    put_number(w, "Content-Length", (uint32_t)p->body_len);
    if (p->allow)
        put_given(w, "Allow", c->allow);
    put_given(w, "Supported", p->supported);
    if (p->body_len)
        put_given(w, "Content-Type", p->body_type);
    put(w, "\r\n");
    put_bytes(w, p->body, p->body_len);
}

size_t print_request(char *buf, size_t size, const struct ua_line_config *c,
                     const struct request_params *p)
{
    struct writer w = {.buf = buf, .size = size, .compact = c->compact};

    put(&w, p->method);
    put(&w, " ");
    put(&w, p->uri);
    put(&w, " SIP/2.0\r\n");
    put_own_via(&w, c, p->local_port, p->branch);
    put_given(&w, "From", p->from);
    put_given(&w, "To", p->to);
    if (c->wire == UA_WIRE_79XX)
        put_middle_79xx(&w, c, p);
    else
        put_middle_spa(&w, c, p);
    put_end(&w, c, p);
    return w.full ? 0 : w.len;
}

/* A value as it came, but in one line. */
static void put_copy(struct writer *w, const char *name, const struct pl *value)
{
    put_name(w, name);
    for (size_t i = 0; i < value->l; i++)
        put_bytes(w, value->p[i] == '\r' || value->p[i] == '\n' ? " " : value->p + i, 1);
    put(w, "\r\n");
}

size_t print_companion(char *buf, size_t size, const struct ua_line_config *c, const char *request,
                       size_t len, const char *method, const struct pl *to)
{
    struct writer w = {.buf = buf, .size = size, .compact = c->compact};
    struct raw_message raw;
    struct pl route;
    uint32_t cseq = 0;

    if (!raw_parse(&raw, request, len))
        return 0;
    (void)raw_u32(&raw.cseq, &cseq);
    put(&w, method);
    put(&w, " ");
    put_pl(&w, &raw.uri);
    put(&w, " SIP/2.0\r\n");
    put_copy(&w, "Via", &raw.vias[0]);
    put_copy(&w, "From", &raw.from);
    put_copy(&w, "To", to ? to : &raw.to);
    put_copy(&w, "Call-ID", &raw.call_id);
    if (c->wire == UA_WIRE_79XX) /* 9.3 [T] */
        put_number(&w, "Max-Forwards", c->max_forward);
    put_cseq(&w, &(struct request_params){.cseq = cseq, .method = method});
    if (c->wire != UA_WIRE_79XX)
        put_number(&w, "Max-Forwards", c->max_forward);
    for (unsigned i = 0; raw_header(&raw, "Route", 0, i, &route); i++)
        put_copy(&w, "Route", &route);
    put_given(&w, "User-Agent", c->user_agent);
    put_number(&w, "Content-Length", 0);
    put(&w, "\r\n");
    return w.full ? 0 : w.len;
}
