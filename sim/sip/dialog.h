/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A dialog (RFC 3261 12): who talks to whom, in which order, by which route. Made by an INVITE
 * of either side, or for one. sip-behaviour.md 9.2 to 9.4.
 */
#ifndef SIM_SIP_DIALOG_H
#define SIM_SIP_DIALOG_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <re.h>

#include "sim/sip/message.h"

struct rng;
struct ua_line_config;
struct request_params;

struct dialog { /* zeroed = none; dialog_reset() frees */
    char *call_id;
    char *local, *remote; /* From and To of our requests: values, tags included */
    char *remote_tag;     /* NULL = not known yet */
    char *target;         /* Request-URI of our requests */
    char *routes;         /* "Route: …" lines; NULL = none */
    char *strict_uri;     /* the first route is a strict router: it is the Request-URI, and */
    char *strict_routes;  /* the target the last route (12.2.1.1); NULL = it is a loose one */
    char local_tag[TAG_SIZE];
    uint32_t local_cseq; /* of our last request */
    uint32_t remote_cseq;
    bool remote_cseq_set;
};

/** Before our first request. uri: To and Request-URI; from: its value, no tag. ENOMEM. */
int dialog_begin(struct dialog *d, const struct ua_line_config *c, struct rng *rng,
                 const char *from, const char *uri);

/** By a request to us, which we answer with a tag of ours. EBADMSG no Contact or From; ENOMEM. */
int dialog_accept(struct dialog *d, const struct ua_line_config *c, struct rng *rng,
                  const struct raw_message *raw);

/**
 * A response of the far end to our INVITE: its tag, target and route become the dialog's; another
 * tag than before makes it another early dialog. ENOMEM.
 */
int dialog_take_response(struct dialog *d, const struct sip_msg *msg);

/** Target refresh by a request or response of the dialog: its Contact (12.2). */
void dialog_refresh(struct dialog *d, const struct pl *contact);

/** Is the request of this dialog? */
bool dialog_has(const struct dialog *d, const struct raw_message *raw);

/** Take the CSeq of a request: false = lower than the last (500, RFC 3261 12.2.2). */
bool dialog_order(struct dialog *d, const struct raw_message *raw);

/** Fill from, to, call_id, uri, routes for the next request. cseq is left to the caller. */
void dialog_fill(const struct dialog *d, struct request_params *p);

/** Where such a request goes: the address in the first route or target; false: it is a name. */
bool dialog_hop(const struct dialog *d, struct sockaddr_in *hop);

void dialog_reset(struct dialog *d);

/** "sip:host:port;…" as an address and port. False when the host is no address. */
bool uri_hop(const struct pl *uri, struct sockaddr_in *hop);

/** The URI of an address header value, in brackets or not; EBADMSG. */
int address_uri(const struct pl *value, struct pl *uri);

#endif
