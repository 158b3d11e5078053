/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Bodies of type application/rlmi+xml (RFC 4662 5): what a list of monitored phones holds, and
 * which part of the multipart/related body around it tells of each (sip-behaviour.md 10). Pure.
 */
#ifndef SIM_SIP_RLMI_H
#define SIM_SIP_RLMI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/err.h"

enum { RLMI_BODY_MAX = 65536 }; /* bytes (ours) */

struct rlmi_list { /* of the document's root */
    char uri[128]; /* UTF-8; what does not fit is cut */
    uint32_t version;
    bool full;
};

enum rlmi_state { RLMI_PENDING, RLMI_ACTIVE, RLMI_TERMINATED };

struct rlmi_resource {
    char uri[128], name[64];
    bool known;            /* there is an instance: state and cid mean something */
    enum rlmi_state state; /* of its last instance */
    char cid[128];         /* Content-ID of its part, "" = none */
};

/** One resource, in document order. */
typedef void(rlmi_h)(const struct rlmi_list *list, const struct rlmi_resource *r, void *arg);

/**
 * Walk a document. A missing fullState means full, a missing version 0 (DEF); of several instances
 * of a resource the last counts (a monitored phone has one).
 * Errors: EBADMSG not XML; EPROTO another document; E2BIG; ENOMEM. pe says where and why.
 */
int rlmi_walk(struct rlmi_list *list, const char *body, size_t len, rlmi_h *h, void *arg,
              struct parse_err *pe);

#endif
