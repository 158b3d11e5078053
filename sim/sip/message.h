/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * SIP messages as bytes: identifiers, REGISTER and responses in the header order of
 * sip-behaviour.md section 9, and the header lines that all requests share. Pure.
 */
#ifndef SIM_SIP_MESSAGE_H
#define SIM_SIP_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "sim/sip/raw.h"
#include "sim/sip/writer.h"

struct rng;
struct ua_line_config;

enum { CALL_ID_SIZE = 64, TAG_SIZE = 40 }; /* with their NUL */

/** A new Call-ID and a new tag in the form of section 9.2. side: 'o' for a dialog that we begin,
 * 'i' for one that the peer began (SPA only). */
void print_call_id(char *buf, size_t size, const struct ua_line_config *c, struct rng *rng);
void print_tag(char *buf, size_t size, const struct ua_line_config *c, struct rng *rng, char side);

struct register_params {
    uint32_t cseq, branch, expires_s;
    uint16_t local_port;
    const char *call_id, *from_tag;
    const char *request_host; /* host[:port] of the Request-URI, From and To */
    const char *request_uri;  /* complete */
    const char *auth;         /* credentials, NULL = none */
    bool auth_proxy;          /* Proxy-Authorization */
    const char *warning;      /* NAT type test: Warning: 399 spa "…"; NULL = none */
    bool no_contact;          /* a question only (NAT_Keep_Alive_Msg $REGISTER) */
};

/** Write a REGISTER in the order of 9.3. Returns its length, 0 when it does not fit. */
size_t print_register(char *buf, size_t size, const struct ua_line_config *c,
                      const struct register_params *p);

struct response_params {
    uint16_t scode;
    const char *reason;
    const char *to_tag; /* added when the To has none; NULL = never */
    bool routes;        /* Record-Route as it came */
    uint16_t contact;   /* own Contact with this port; 0 = none */
    const char *early;  /* header lines where Contact is: of another one, Diversion; NULL = none */
    const char *extra;  /* further header lines, each with CRLF; NULL = none */
    const char *body_type, *body; /* NULL = none */
    size_t body_len;
    bool packages;     /* Allow-Events (11) */
    bool allow;        /* Allow and Supported (9.3 order: after Content-Length) */
    uint16_t rport;    /* source port of the request: fills a valueless rport (RFC 3581), and
                          Insert_VIA_rport; 0 = it came by a connection */
    uint32_t received; /* and source address, network order; only with rport */
};

/** Write a response in the order To, From, Call-ID, CSeq, Via … Returns length, 0 = does not fit.
 */
size_t print_response(char *buf, size_t size, const struct ua_line_config *c,
                      const struct raw_message *raw, const struct response_params *p);

/** "Name" and a blank, as it stands ahead of an address. Quoted on every SPA300/500 (9.4 [DEF]). */
void put_display(struct writer *w, const char *name);

/** "sip:user@proxy": the account as a URI. */
void put_account_uri(struct writer *w, const struct ua_line_config *c);

/** The account as it stands in From: display name, where there is one, and its URI in brackets. */
void put_account(struct writer *w, const struct ua_line_config *c);

/** Proxy-Require as it is configured, behind Max-Forwards [DEF]; Accept-Language, behind
 *  User-Agent [DEF]: not in ACK and CANCEL (RFC 3261 20). Nothing where there is no value. */
void put_proxy_require(struct writer *w, const struct ua_line_config *c);
void put_accept_language(struct writer *w, const struct ua_line_config *c);

/** Allow-Events (4.6, 11); nothing when no package is on. */
void put_packages(struct writer *w, const struct ua_line_config *c);

/** P-Station-Name (6.3 [T]); nothing when the phone has no name. */
void put_station_name(struct writer *w, const struct ua_line_config *c);

/** Via and Contact of a request of ours (9.2, 9.4), lines with their ends. */
void put_own_via(struct writer *w, const struct ua_line_config *c, uint16_t port, uint32_t branch);
void put_own_contact(struct writer *w, const struct ua_line_config *c, uint16_t port);

/** Reason phrase of RFC 3261 21 and its extensions; "Unknown" for the rest. */
const char *reason_phrase(uint16_t scode);

/** Does a comma list of RSC patterns (2.4) hold this code? */
bool rsc_match(const char *patterns, uint16_t scode);

/**
 * Does Try_Backup_RSC carry the word BT? It is a keyword, not a code pattern, and means exactly
 * Auto_Register_When_Failover = Yes (2.6, AG p. 118; [DEF, U-5]).
 */
bool rsc_has_bt(const char *patterns);

#endif
