/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/nat.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/sip/priv.h"

struct nat {
    struct nat_probe *probe;   /* STUN server being asked; NULL = not now */
    struct sockaddr_in stun;   /* what it said; port 0 = nothing */
    struct sockaddr_in server; /* it */
    struct in_addr received;   /* of a response's Via, 0 = not told */
    uint16_t rport;
    enum nat_kind type;
    struct sockaddr_in registered; /* Contact of the last REGISTER */
    uint64_t settled_ms;           /* phone time: no REGISTER out of turn before that */
};

static const char *const type_names[] = {
    [NAT_UNKNOWN] = "Unknown NAT Type",
    [NAT_NOT_REACHABLE] = "STUN Server Not Reachable",
    [NAT_NOT_RESPONDING] = "STUN Server Not Responding",
    [NAT_OPEN] = "Open Internet Detected",
    [NAT_FIREWALL] = "Symmetric Firewall Detected",
    [NAT_FULL_CONE] = "Full Cone NAT Detected",
    [NAT_RESTRICTED] = "Restricted Cone NAT Detected",
    [NAT_SYMMETRIC] = "Symmetric NAT Detected",
};

/* The test switches it off where it could not help (section 8). */
static bool is_mapping(const struct ua_line *l)
{
    return l->cfg.nat.mapping &&
           !(l->nat && (l->nat->type == NAT_FIREWALL || l->nat->type == NAT_SYMMETRIC));
}

/* Precedence: see nat.h. */
static void refresh(struct ua_line *l)
{
    struct ua_nat *c = &l->cfg.nat;
    const struct nat *n = l->nat;

    c->shown_addr.s_addr = 0;
    c->shown_port = 0;
    if (!is_mapping(l))
        return;
    c->shown_addr = n->stun.sin_port     ? n->stun.sin_addr
                    : n->received.s_addr ? n->received
                                         : c->ext_ip;
    c->shown_port = n->stun.sin_port ? ntohs(n->stun.sin_port)
                    : n->rport       ? n->rport
                                     : c->ext_sip_port;
}

int nat_open(struct ua_line *l)
{
    const struct ua_nat *c = &l->cfg.nat;

    if (!c->mapping && !(c->stun && c->stun_test))
        return 0;
    l->nat = calloc(1, sizeof(*l->nat));
    if (!l->nat)
        return ENOMEM;
    refresh(l);
    return 0;
}

void nat_close(struct ua_line *l)
{
    if (l->nat)
        nat_probe_stop(l->nat->probe);
    free(l->nat);
    l->nat = NULL;
}

struct sockaddr_in ua_line_contact(const struct ua_line *l)
{
    const struct ua_nat *c = &l->cfg.nat;
    const uint16_t port = c->shown_port ? c->shown_port : stream_local_port(l);

    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_addr = c->shown_addr.s_addr ? c->shown_addr : l->cfg.addr,
                                .sin_port = htons(port)};
}

struct sockaddr_in ua_line_media(const struct ua_line *l, uint16_t rtp_port)
{
    const struct ua_nat *c = &l->cfg.nat;
    struct sockaddr_in sin = ua_line_contact(l);

    if (is_mapping(l) && c->ext_rtp_min && rtp_port >= c->rtp_min &&
        rtp_port - c->rtp_min <= UINT16_MAX - c->ext_rtp_min)
        rtp_port = (uint16_t)(rtp_port - c->rtp_min + c->ext_rtp_min);
    sin.sin_port = htons(rtp_port);
    return sin;
}

const char *ua_line_nat_type(const struct ua_line *l)
{
    return l->nat ? type_names[l->nat->type] : NULL;
}

/* The type is tested once, at power-on; the mapping is asked for ahead of every REGISTER, as it may
 * have changed since [DEF]. */
bool nat_ask(struct ua_line *l)
{
    const struct ua_nat *c = &l->cfg.nat;
    struct nat *n = l->nat;

    if (!n || !c->stun || !c->stun_server[0] || l->cfg.transport != UA_UDP)
        return false;
    const bool test = c->stun_test && n->type == NAT_UNTESTED;
    if (!test && !is_mapping(l))
        return false;
    n->probe = nat_probe_stop(n->probe);
    return nat_probe_start(&n->probe, l, test) == 0;
}

struct nat_probe *nat_probe_of(const struct ua_line *l)
{
    return l->nat ? l->nat->probe : NULL;
}

void nat_probed(struct ua_line *l, const struct sockaddr_in *mapped, enum nat_kind type)
{
    struct nat *n = l->nat;

    if (mapped)
        n->server = nat_probe_server(n->probe);
    n->probe = nat_probe_stop(n->probe);
    if (type != NAT_UNTESTED)
        n->type = type;
    if (mapped)
        n->stun = *mapped; /* a server that has fallen silent leaves what it said last [DEF] */
    refresh(l);
    registration_mapped(l);
}

const struct sockaddr_in *nat_stun_server(const struct ua_line *l)
{
    return l->nat && is_mapping(l) && l->nat->stun.sin_port ? &l->nat->server : NULL;
}

void nat_registering(struct ua_line *l)
{
    if (l->nat)
        l->nat->registered = ua_line_contact(l);
}

struct sockaddr_in nat_registered(const struct ua_line *l)
{
    return l->nat ? l->nat->registered : ua_line_contact(l);
}

/* A response that does not say leaves what was said before [DEF]. */
void nat_learn(struct ua_line *l, const struct sip_msg *msg)
{
    struct nat *n = l->nat;
    struct in_addr addr;
    struct pl value;
    char text[INET_ADDRSTRLEN];

    if (!n || l->closed)
        return;
    if (l->cfg.nat.handle_received && !msg_param_decode(&msg->via.params, "received", &value) &&
        !pl_strcpy(&value, text, sizeof(text)) && inet_pton(AF_INET, text, &addr) == 1)
        n->received = addr;
    if (l->cfg.add_rport && !msg_param_decode(&msg->via.params, "rport", &value) && value.l &&
        value.l <= 5 && pl_u32(&value) > 0 && pl_u32(&value) <= UINT16_MAX)
        n->rport = (uint16_t)pl_u32(&value);
    refresh(l);
}

void nat_settle(struct ua_line *l)
{
    struct nat *n = l->nat;
    const struct sockaddr_in shown = ua_line_contact(l);

    if (!n || l->closed || l->reg.state != UA_REG_OK || l->reg.step != STEP_IDLE ||
        (shown.sin_addr.s_addr == n->registered.sin_addr.s_addr &&
         shown.sin_port == n->registered.sin_port))
        return;
    const uint64_t now = clock_unscaled(l->stack->lp, clock_ms(l->stack->lp));
    if (now < n->settled_ms)
        return;
    n->settled_ms = now + NAT_SETTLE_S * 1000ULL;
    registration_renew(l);
}
