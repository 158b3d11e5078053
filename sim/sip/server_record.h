/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What stands in Proxy or Outbound_Proxy: a name, or a name with a static list of records for
 * survivable remote site telephony (sip-behaviour.md 2.5, AG p. 89, grammar MPP-N). Pure.
 */
#ifndef SIM_SIP_SERVER_RECORD_H
#define SIM_SIP_SERVER_RECORD_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

struct parse_err;

enum {
    SERVER_VALUE_BYTES = 2048,  /* longest value [DEF] */
    SERVER_HOST_CHARS = 253,    /* longest host name */
    SERVER_RECORD_TARGETS = 12, /* as many SRV records as a list may hold (2.5) */
    SERVER_RECORD_ADDRS = 64,   /* addresses of one value [DEF] */
};

enum server_record_kind {
    SERVER_RECORD_NAME, /* host[:port]: ask for its records */
    SERVER_RECORD_SRV,  /* :SRV= */
    SERVER_RECORD_A,    /* :A= */
};

struct server_record_target {
    const char *host;
    uint16_t port;             /* 0 = the protocol's own */
    uint16_t priority, weight; /* 0 and 1 where none is written (AG p. 101) */
    const struct in_addr *addrs;
    size_t n_addrs; /* 0 = ask for host's A records */
};

struct server_record {
    enum server_record_kind kind;
    const char *host;
    uint16_t port; /* 0 = none written */
    size_t n;      /* targets of SRV; with :A= one, the name itself; else 0 */
    struct server_record_target targets[SERVER_RECORD_TARGETS];
    size_t n_addrs;
    struct in_addr addrs[SERVER_RECORD_ADDRS];
    char text[]; /* what the strings point into */
};

/**
 * Read a value:
 *
 *   value     : hostname[:port][:SRV=host-list | :A=ip-list]
 *   host-list : srv[|srv[|srv...]]
 *   srv       : hostname[:port][:p=priority][:weight][:A=ip-list]
 *
 * The ATA writes the weight as :w=weight. Keywords in either case, the parts of an srv in any
 * order, blanks around parts without meaning [DEF]; a bare number that comes first is the port, a
 * later one the weight. A host is a name or a dotted IPv4 address.
 *
 * Errors  EBADMSG syntax; E2BIG over one of the limits above; ENOMEM. pe may be NULL.
 * Owner   mem_deref() ends it
 */
int server_record_parse(struct server_record **rp, const char *text, size_t len,
                        struct parse_err *pe);

/** How much of a value is its host[:port], the records behind it left out. */
size_t server_record_name(const char *text);

#endif
