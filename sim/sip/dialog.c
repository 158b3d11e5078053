/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/dialog.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/rng.h"
#include "sim/sip/line.h"
#include "sim/sip/request.h"

enum {
    ROUTES_MAX = 4096, /* bytes of a route set; what is longer is cut behind a whole one */
    FIRST_CSEQ = 100,  /* the first request has 101 (9.2 [T]) */
};

static char *text_of(const struct pl *pl)
{
    return strndup(pl->l ? pl->p : "", pl->l);
}

int address_uri(const struct pl *value, struct pl *uri)
{
    struct sip_addr addr;

    if (sip_addr_decode(&addr, value) || !addr.auri.l)
        return EBADMSG;
    for (size_t i = 0; i < addr.auri.l; i++) {
        if ((unsigned char)addr.auri.p[i] <= ' ')
            return EBADMSG; /* it would end the start line */
    }
    *uri = addr.auri;
    return 0;
}

int dialog_begin(struct dialog *d, const struct ua_line_config *c, struct rng *rng,
                 const char *from, const char *uri)
{
    char call_id[CALL_ID_SIZE];

    print_call_id(call_id, sizeof(call_id), c, rng);
    print_tag(d->local_tag, sizeof(d->local_tag), c, rng, 'o');
    d->local_cseq = FIRST_CSEQ;
    d->call_id = strdup(call_id);
    d->target = strdup(uri);
    if (asprintf(&d->local, "%s;tag=%s", from, d->local_tag) < 0)
        d->local = NULL;
    if (asprintf(&d->remote, "<%s>", uri) < 0)
        d->remote = NULL;
    return d->call_id && d->target && d->local && d->remote ? 0 : ENOMEM;
}

static bool loose(const struct pl *route)
{
    return re_regex(route->p, route->l, ";lr", NULL) == 0;
}

/* One "Route:" line each, in the order of the elements, or back to front. */
static void add_route(char *routes, const struct pl *element, bool in_front)
{
    const size_t before = strlen(routes), line = sizeof("Route: \r\n") - 1 + element->l;
    char *at = routes;

    if (before + line >= ROUTES_MAX)
        return;
    if (in_front)
        memmove(routes + line, routes, before + 1);
    else
        at = routes + before;
    memcpy(at, "Route: ", 7);
    for (size_t i = 0; i < element->l; i++) /* what was folded becomes one line */
        at[7 + i] = (unsigned char)element->p[i] < ' ' ? ' ' : element->p[i];
    memcpy(at + 7 + element->l, "\r\n", 2);
    if (!in_front)
        at[line] = '\0';
}

static void add_routes(char *routes, const struct pl *value, bool in_front)
{
    struct pl rest = *value, element, uri;

    while (raw_element(&rest, &element)) {
        if (address_uri(&element, &uri) == 0)
            add_route(routes, &element, in_front);
    }
}

static struct pl first_route(const struct dialog *d)
{
    return (struct pl){d->routes + 7, strcspn(d->routes + 7, "\r")};
}

static int arrange(struct dialog *d)
{
    struct pl uri;

    free(d->strict_uri);
    free(d->strict_routes);
    d->strict_uri = d->strict_routes = NULL;
    if (!d->routes)
        return 0;
    const struct pl first = first_route(d);
    if (loose(&first) || address_uri(&first, &uri))
        return 0;
    d->strict_uri = text_of(&uri);
    if (asprintf(&d->strict_routes, "%sRoute: <%s>\r\n", first.p + first.l + 2, d->target) < 0)
        d->strict_routes = NULL;
    return d->strict_uri && d->strict_routes ? 0 : ENOMEM;
}

static int take_routes(struct dialog *d, const char *routes)
{
    char *copy = routes[0] ? strdup(routes) : NULL;

    if (routes[0] && !copy)
        return ENOMEM;
    free(d->routes);
    d->routes = copy;
    return arrange(d);
}

void dialog_refresh(struct dialog *d, const struct pl *contact)
{
    struct pl rest = *contact, element, uri;

    if (!raw_element(&rest, &element) || address_uri(&element, &uri))
        return;
    char *target = text_of(&uri);
    if (!target)
        return;
    free(d->target);
    d->target = target;
    (void)arrange(d);
}

static int set_text(char **to, const struct pl *value)
{
    char *text = text_of(value);

    if (!text)
        return ENOMEM;
    free(*to);
    *to = text;
    return 0;
}

/* A header value as one line: what was folded is joined by blanks. */
static int set_unfolded(char **to, const struct pl *value)
{
    const int err = set_text(to, value);

    for (char *p = *to; !err && *p; p++) {
        if (*p == '\r' || *p == '\n')
            *p = ' ';
    }
    return err;
}

int dialog_accept(struct dialog *d, const struct ua_line_config *c, struct rng *rng,
                  const struct raw_message *raw)
{
    char routes[ROUTES_MAX] = "";
    struct pl value, tag = {"", 0}, uri;
    char *to = NULL;

    if (!raw_header(raw, "Contact", 'm', 0, &value) || address_uri(&value, &uri))
        return EBADMSG;
    print_tag(d->local_tag, sizeof(d->local_tag), c, rng, 'i');
    d->local_cseq = FIRST_CSEQ;
    d->remote_cseq_set = raw_u32(&raw->cseq, &d->remote_cseq);
    (void)raw_param(&raw->from, "tag", &tag);
    int err = set_text(&d->call_id, &raw->call_id);
    if (!err)
        err = set_text(&d->target, &uri);
    if (!err)
        err = set_unfolded(&d->remote, &raw->from);
    if (!err)
        err = set_text(&d->remote_tag, &tag);
    if (!err)
        err = set_unfolded(&to, &raw->to);
    if (!err && asprintf(&d->local, "%s;tag=%s", to, d->local_tag) < 0)
        err = ENOMEM;
    free(to);
    for (unsigned i = 0; raw_header(raw, "Record-Route", 0, i, &value); i++)
        add_routes(routes, &value, false);
    return err ? err : take_routes(d, routes);
}

static bool route_handler(const struct sip_hdr *hdr, const struct sip_msg *msg, void *arg)
{
    (void)msg;
    add_routes(arg, &hdr->val, true); /* of a response back to front (12.1.2) */
    return false;
}

int dialog_take_response(struct dialog *d, const struct sip_msg *msg)
{
    const struct sip_hdr *contact = sip_msg_hdr(msg, SIP_HDR_CONTACT);
    char routes[ROUTES_MAX] = "";
    int err = 0;

    if (contact)
        dialog_refresh(d, &contact->val);
    if (!pl_isset(&msg->to.tag))
        return 0;
    err = set_text(&d->remote_tag, &msg->to.tag);
    if (!err)
        err = set_unfolded(&d->remote, &msg->to.val);
    sip_msg_hdr_apply(msg, true, SIP_HDR_RECORD_ROUTE, route_handler, routes);
    return err ? err : take_routes(d, routes);
}

bool dialog_has(const struct dialog *d, const struct raw_message *raw)
{
    struct pl local, remote = {"", 0};

    if (!d->call_id || pl_strcmp(&raw->call_id, d->call_id) ||
        !raw_param(&raw->to, "tag", &local) || pl_strcmp(&local, d->local_tag))
        return false;
    (void)raw_param(&raw->from, "tag", &remote); /* RFC 2543 senders have none */
    return !d->remote_tag || pl_strcmp(&remote, d->remote_tag) == 0;
}

bool dialog_order(struct dialog *d, const struct raw_message *raw)
{
    uint32_t cseq = 0;

    if (!raw_u32(&raw->cseq, &cseq) || (d->remote_cseq_set && cseq < d->remote_cseq))
        return false;
    d->remote_cseq = cseq;
    d->remote_cseq_set = true;
    return true;
}

void dialog_fill(const struct dialog *d, struct request_params *p)
{
    p->from = d->local;
    p->to = d->remote;
    p->call_id = d->call_id;
    p->uri = d->strict_uri ? d->strict_uri : d->target;
    p->routes = d->strict_routes ? d->strict_routes : d->routes;
}

bool uri_hop(const struct pl *uri, struct sockaddr_in *hop)
{
    struct uri u;
    char host[64];

    *hop = (struct sockaddr_in){.sin_family = AF_INET};
    if (uri_decode(&u, uri) || u.host.l >= sizeof(host))
        return false;
    memcpy(host, u.host.p, u.host.l);
    host[u.host.l] = '\0';
    hop->sin_port = htons(u.port ? u.port : SIP_PORT);
    return inet_pton(AF_INET, host, &hop->sin_addr) == 1;
}

bool dialog_hop(const struct dialog *d, struct sockaddr_in *hop)
{
    struct pl uri, value;

    if (!d->routes) {
        pl_set_str(&uri, d->target);
        return uri_hop(&uri, hop);
    }
    value = first_route(d);
    return address_uri(&value, &uri) == 0 && uri_hop(&uri, hop);
}

void dialog_reset(struct dialog *d)
{
    free(d->call_id);
    free(d->local);
    free(d->remote);
    free(d->remote_tag);
    free(d->target);
    free(d->routes);
    free(d->strict_uri);
    free(d->strict_routes);
    memset(d, 0, sizeof(*d));
}
