/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A tolerant reader of SIP messages: header lines as they stand, judged by nobody, so that it also
 * works on what a strict decoder refuses. Pure.
 */
#ifndef SIM_SIP_RAW_H
#define SIM_SIP_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <re.h>

enum {
    RAW_VIAS = 71,    /* more than Max-Forwards: 70 lets through; a longer way is not answered */
    RAW_REQUIRES = 8, /* lines; further ones are not judged */
    RAW_AUTHS = 4,
};

struct raw_message {         /* values as they stand, folding and all; they point into the text */
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

/** Read start line and header lines; raw points into data. False when data is no SIP message at
 * all, or cannot be answered: no Via, or more than RAW_VIAS. */
bool raw_parse(struct raw_message *raw, const char *data, size_t len);

/** Value of the nth line (from 0) of the header called name, or brief, its one-letter form (0 = it
 *  has none). False when there are not so many. */
bool raw_header(const struct raw_message *raw, const char *name, char brief, unsigned nth,
                struct pl *value);

/** Cut the next element off a comma list; commas in quotes and angle brackets do not count. False
 *  at its end. */
bool raw_element(struct pl *rest, struct pl *element);

/** What stands before the parameters of a value: the event, the media type. */
struct pl raw_token(const struct pl *value);

/** Is this the media type of a Content-Type, in any case and with any parameters? */
bool raw_type_is(const struct pl *content_type, const char *type);

/** Number a header value begins with; false when it begins with none, or over 2^32-1. */
bool raw_u32(const struct pl *value, uint32_t *number);

/** Value of the parameter ;name=value (empty for a bare ;name) behind the URI of a header value.
 *  False when it is not there. */
bool raw_param(const struct pl *value, const char *name, struct pl *found);

/** Sent-by of a Via value and its port (0 = none). False when it reads as no Via. */
bool raw_sent_by(const struct pl *via, struct pl *sent_by, uint16_t *port);

#endif
