/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * SIP messages as bytes: identifiers and header order of sip-behaviour.md section 9, and a tolerant
 * reader of raw header lines that also works on what a strict decoder refuses. Pure.
 */
#ifndef SIM_SIP_MESSAGE_H
#define SIM_SIP_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <re.h>

#include "sim/sip/writer.h"

struct rng;
struct ua_line_config;

enum { CALL_ID_SIZE = 64, TAG_SIZE = 40 }; /* with their NUL */

/** Call-ID and tags of section 9.2; cseq is the 79xx's counter, ignored for SPA. */
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

enum {
    RAW_VIAS = 71,    /* more than Max-Forwards: 70 lets through; a longer way is not answered */
    RAW_REQUIRES = 8, /* lines; further ones are not judged */
    RAW_AUTHS = 4,
};

struct raw_message {         /* header values as they stand, folding and all */
    struct pl start, method; /* start line; method empty for a response */
    struct pl head;          /* all header lines */
    struct pl uri, version;
    struct pl vias[RAW_VIAS]; /* one each, however many a line held */
    struct pl required[RAW_REQUIRES];
    struct pl auths[RAW_AUTHS]; /* Authorization */
    unsigned n_vias, n_requires, n_auths, n_from, n_to, n_call_id, n_cseq, n_clen;
    struct pl from, to, call_id, cseq, clen, event, content_type, subscription_state, body;
    bool response;
    bool clen_differs; /* several Content-Length that disagree */
    bool compact;      /* came with short names */
    bool complete;     /* the empty line is there */
    bool overlong;     /* more Vias than RAW_VIAS */
};

/** Read header lines. False when data is no SIP message at all, or cannot be answered. */
bool raw_parse(struct raw_message *raw, const char *data, size_t len);

/** Value of the nth line of this name (from 0), NULL or its short name beside it; false = none. */
bool raw_header(const struct raw_message *raw, const char *name, char brief, unsigned nth,
                struct pl *value);

/** The next element of a comma list, blanks and quotes minded; false at its end. */
bool raw_element(struct pl *rest, struct pl *element);

/** Number a header value begins with; false when it begins with none, or over 2^32-1. */
bool raw_u32(const struct pl *value, uint32_t *number);

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

/** Value of ;name or ;name=value of a header value, behind its URI; false when absent. */
bool raw_param(const struct pl *value, const char *name, struct pl *found);

/** Sent-by of a Via value and its port (0 = none). False when it reads as no Via. */
bool raw_sent_by(const struct pl *via, struct pl *sent_by, uint16_t *port);

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
