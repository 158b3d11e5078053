/* SPDX-License-Identifier: BSD-3-Clause */
/* Bodies of x-spa-cti: what a controller wants of the calls, and what a phone tells of them
 * (sip-behaviour.md 3.6). Pure. */
#ifndef SIM_SIP_SPA_CTI_H
#define SIM_SIP_SPA_CTI_H

#include <stddef.h>

#include "sim/base/err.h"

#define CTI_CONTROL_TYPE "application/x-spa-control"
#define CTI_STATUS_TYPE  "application/x-spa-status"

enum { CTI_BODY_MAX = 8192 }; /* bytes (ours) */

enum cti_verb { CTI_ANSWER, CTI_HOLD, CTI_RESUME, CTI_END_CALL, CTI_NEW_CALL };

struct cti_command {
    enum cti_verb verb;
    unsigned call, ext; /* 0 = not named */
    char number[64];    /* of a new call */
};

/**
 * Read <spa-control> with one command, such as <resume call="1"/>. The names of answer and new
 * call, and where the latter has its number (number=, target= or dest=), are ours [UC]. Errors:
 * EBADMSG not XML; EPROTO another document, or no command we know; E2BIG; ENOMEM
 */
int cti_parse(struct cti_command *c, const char *body, size_t len, struct parse_err *pe);

/** <spa-status> of one call [T: SPA942]. EOVERFLOW does not fit. */
int cti_print_status(char *buf, size_t size, unsigned id, unsigned ref, unsigned ext,
                     const char *state);

#endif
